//! `sigill-vcard new`: a card as a producer delivers it.

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::{Args, ValueEnum};
use piv::algorithm::ManagementAlgorithm;
use piv::object::CardIdentifier;
use piv::{AnyManagementKey, Day, Pin, UnlockCode};
use vcard::{Card, Personalisation, Profile, card_file};
use zeroize::Zeroizing;

/// The first digits of an invented card's number.
const INVENTED: &str = "97522099";

#[derive(Args)]
pub struct New {
    /// Where the card is to be kept
    #[arg(value_name = "FILE.vcard")]
    file: PathBuf,
    /// What kind of card
    #[arg(long, value_enum, default_value_t = Kind::Plain)]
    profile: Kind,
    /// The number printed on it, 12 to 19 digits, the last a check digit; without it one is invented
    #[arg(long)]
    number: Option<String>,
    /// The last day it is good, YYYYMMDD
    #[arg(long, default_value = "20491231", value_name = "DAY")]
    expires: String,
    /// Its holder's name, as printed
    #[arg(long, default_value = "")]
    name: String,
    /// The organisation, as printed
    #[arg(long, default_value = "")]
    organisation: String,
    /// The transport PIN, 6 to 8 digits
    #[arg(long, default_value = "123456", value_name = "DIGITS")]
    pin: String,
    /// The transport unlock code (PUK), 8 characters
    #[arg(long, default_value = "12345678", value_name = "CODE")]
    unlock_code: String,
    /// Wrong PINs in a row that block it
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=15), value_name = "N")]
    pin_tries: u8,
    /// Wrong unlock codes in a row that block it
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=15), value_name = "N")]
    unlock_tries: u8,
    /// The transport management key, hexadecimal; the default is the one tools expect of a new card
    #[arg(
        long,
        default_value = "010203040506070801020304050607080102030405060708",
        value_name = "HEX"
    )]
    management_key: String,
    /// The cipher of the management key
    #[arg(long, value_enum, default_value_t = Cipher::TripleDes, value_name = "CIPHER")]
    management_cipher: Cipher,
    /// Lets the commands "set tries" and "reset" bring back the delivered codes (yubikey only)
    #[arg(long)]
    resettable: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// What NIST SP 800-73-4 has, and nothing else
    Plain,
    /// A YubiKey of version 5.4.3 with its extensions
    Yubikey,
}

#[derive(Clone, Copy, ValueEnum)]
enum Cipher {
    #[value(name = "3des")]
    TripleDes,
    Aes128,
    Aes192,
    Aes256,
}

pub fn run(new: &New) -> anyhow::Result<()> {
    let profile = match new.profile {
        Kind::Plain => Profile::Plain,
        Kind::Yubikey => Profile::Yubikey,
    };
    ensure!(
        !new.resettable || profile == Profile::Yubikey,
        "a plain card has no command to reset it: leave --resettable out, or choose --profile yubikey"
    );
    let cipher = match new.management_cipher {
        Cipher::TripleDes => ManagementAlgorithm::TripleDes,
        Cipher::Aes128 => ManagementAlgorithm::Aes128,
        Cipher::Aes192 => ManagementAlgorithm::Aes192,
        Cipher::Aes256 => ManagementAlgorithm::Aes256,
    };
    let key = hex::decode(&new.management_key).map(Zeroizing::new);
    let management_key = key
        .ok()
        .and_then(|key| AnyManagementKey::parse(cipher, &key).ok())
        .with_context(|| {
            format!(
                "--management-key must be {} hexadecimal digits for this cipher",
                2 * cipher.key_length()
            )
        })?;
    let number = match &new.number {
        Some(number) => number.clone(),
        None => invented_number()?,
    };
    let expires_on = Day::parse(new.expires.as_bytes())
        .context("--expires must be a day of the calendar, YYYYMMDD")?;
    let mut wanted = Personalisation::new(
        &number,
        expires_on,
        Pin::parse(new.pin.as_bytes()).context("--pin")?,
        UnlockCode::parse(new.unlock_code.as_bytes()).context("--unlock-code")?,
        management_key,
    )
    .context("--number")?;
    wanted.profile = profile;
    wanted.name = new.name.clone();
    wanted.organisation = [new.organisation.clone(), String::new()];
    wanted.pin_tries = new.pin_tries;
    wanted.unlock_tries = new.unlock_tries;
    wanted.resettable = new.resettable;
    let card = Card::new(&wanted, super::entropy).context("making the card")?;
    card_file::create(&new.file, &card)
        .with_context(|| format!("writing {}", new.file.display()))?;
    super::answer(&format!("card {number} in {}", new.file.display()));
    Ok(())
}

/// Nineteen digits: the first ones, ten drawn, and the check digit that fits (ISO/IEC 7812-1 annex B).
fn invented_number() -> anyhow::Result<String> {
    let mut drawn = [0; 8];
    super::entropy(&mut drawn);
    let drawn = u64::from_be_bytes(drawn) % 10_000_000_000;
    (0..10)
        .map(|check| format!("{INVENTED}{drawn:010}{check}"))
        .find(|number| CardIdentifier::of_card_number(number).is_ok())
        .context("no check digit fits")
}
