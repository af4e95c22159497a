//! A card as delivered, and short ways to speak to it.

use piv::{Day, Host, ManagementKey, Pin, UnlockCode};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use vcard::{Card, Personalisation, answer_challenge};

pub const NUMBER: &str = "9752200100000000011";
pub const GUID: [u8; 16] = *b"\x10\x20\x30\x40\x50\x60\x47\x80\x90\xA0\xB0\xC0\xD0\xE0\xF0\x01";

/// Random bytes that are the same in every run.
pub fn entropy(seed: u64) -> impl FnMut(&mut [u8]) + Send + 'static {
    let mut generator = ChaCha20Rng::seed_from_u64(seed);
    move |bytes: &mut [u8]| generator.fill_bytes(bytes)
}

pub fn pin(digits: &str) -> Pin {
    Pin::parse(digits.as_bytes()).unwrap()
}

pub fn transport_pin() -> Pin {
    pin("471108")
}

pub fn transport_unlock_code() -> UnlockCode {
    UnlockCode::new(*b"90817263")
}

pub fn transport_key() -> ManagementKey {
    ManagementKey::new([0x11; 32])
}

pub fn personalisation() -> Personalisation<'static> {
    let mut personalisation = Personalisation::new(
        NUMBER,
        Day::new(2031, 11, 23).unwrap(),
        transport_pin(),
        transport_unlock_code(),
        transport_key(),
    )
    .unwrap();
    personalisation.guid = Some(GUID);
    personalisation.name = "Åsa Öberg".to_owned();
    personalisation.serial = Some(4_711_001);
    personalisation
}

pub fn card() -> Card {
    Card::new(&personalisation(), entropy(1)).unwrap()
}

/// Sends a command written in hexadecimal (spaces are for the eye) and returns the answer the same way.
pub fn say(card: &mut Card, command: &str) -> String {
    let command = hex::decode(command.replace(' ', "")).expect("hexadecimal");
    hex::encode(card.transmit(&command))
}

/// Proves a management key; tells whether the card took it.
pub fn manage(host: &mut Host<'_>, key: &ManagementKey) -> bool {
    let challenge = host.management_challenge().unwrap();
    host.management_response(&answer_challenge(key, &challenge))
        .is_ok()
}
