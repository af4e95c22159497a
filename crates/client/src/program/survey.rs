//! What is on the cards, read without a code.

use piv::object::KeyHistory;
use piv::{CardError, Host, Slot};
use pki::certificate::Certificate;
use serde::Serialize;

use super::card_choice::{Choice, Content, Present, card_trouble, choose, grouped, look};
use super::words::{Words, fill};
use super::{Trouble, World};

const DAY: i64 = 86_400;

/// One reader, as `status --json` tells it.
#[derive(Serialize)]
struct ReaderStatus {
    reader: String,
    /// Absent from an empty reader.
    card: Option<CardStatus>,
    /// Why the card cannot be used.
    trouble: Option<String>,
}

/// A card. Days are dates, `YYYY-MM-DD`.
#[derive(Serialize)]
pub(super) struct CardStatus {
    /// The number printed on it, digits.
    number: Option<String>,
    /// The chip's program, when it tells.
    version: Option<String>,
    /// The chip's serial number, when it has one to show.
    serial: Option<u32>,
    /// The card's GUID, hexadecimal.
    guid: Option<String>,
    /// The card's last day.
    pub expires_on: Option<String>,
    /// Days until then; negative afterwards.
    pub days_left: Option<i64>,
    /// Code tries left; 0 is blocked.
    pub tries_left: Option<u8>,
    pub certificates: Vec<CertificateStatus>,
    /// What a card in use has and this one lacks: `number`, `identity`, `login`.
    missing: Vec<&'static str>,
}

/// A certificate on the card.
#[derive(Serialize)]
pub(super) struct CertificateStatus {
    /// The key's slot, two hexadecimal digits (SP 800-73-4 part 1, table 4b).
    slot: String,
    /// `login`, `signature`, `encryption`, `door` or `earlier-encryption`.
    #[serde(rename = "use")]
    purpose: &'static str,
    /// Absent when the certificate cannot be read.
    #[serde(flatten)]
    pub about: Option<About>,
    #[serde(skip)]
    pub key_slot: Slot,
    #[serde(skip)]
    pub certificate: Option<Certificate>,
}

/// What a certificate says.
#[derive(Serialize)]
pub(super) struct About {
    subject: String,
    issuer: String,
    /// Hexadecimal.
    serial: String,
    key: &'static str,
    pub not_before: String,
    pub not_after: String,
    days_left: i64,
}

/// Shows every reader and card.
pub(super) fn status(world: &mut World<'_>, choice: &Choice, json: bool) -> Result<(), Trouble> {
    let mut readers = Vec::new();
    for (reader, content) in look(world, choice)? {
        let (card, trouble) = match content {
            Content::Empty => (None, None),
            Content::Unusable(error) => (None, Some(card_trouble(world, &error).0)),
            Content::Card(mut card) if is_wanted(&card, choice) => match read(&mut card, world.now)
            {
                Ok(status) => (Some(status), None),
                Err(error) => (None, Some(card_trouble(world, &error).0)),
            },
            Content::Card(_) => continue,
        };
        readers.push(ReaderStatus {
            reader,
            card,
            trouble,
        });
    }
    if json {
        let told = serde_json::json!({ "readers": readers });
        let text =
            serde_json::to_string_pretty(&told).map_err(|error| Trouble(error.to_string()))?;
        world.screen.write(&text);
        return Ok(());
    }
    let words = world.words();
    for status in &readers {
        world
            .screen
            .write(&fill(words.reader, &[("reader", &status.reader)]));
        match (&status.card, &status.trouble) {
            (Some(card), _) => {
                for line in lines(words, card) {
                    world.screen.write(&line);
                }
            }
            (None, Some(trouble)) => world.screen.write(&format!("  {trouble}")),
            (None, None) => world.screen.write(words.reader_empty),
        }
    }
    Ok(())
}

fn is_wanted(card: &Present, choice: &Choice) -> bool {
    choice.card.is_none() || choice.card == card.number
}

/// Shows the certificates of one card.
pub(super) fn certificates(
    world: &mut World<'_>,
    choice: &Choice,
    pem: bool,
) -> Result<(), Trouble> {
    let words = world.words();
    let mut card = choose(world, choice, None)?;
    let status = read(&mut card, world.now).map_err(|error| card_trouble(world, &error))?;
    for certificate in &status.certificates {
        if !pem {
            for line in certificate_lines(words, certificate) {
                world.screen.write(&line);
            }
        } else if let Some(certificate) = &certificate.certificate {
            world.screen.write(certificate.to_pem().trim_end());
        }
    }
    Ok(())
}

/// Reads a card.
pub(super) fn read(card: &mut Present, now: i64) -> Result<CardStatus, CardError> {
    let number = card.number.clone();
    let mut host = Host::new(&mut *card.transport);
    host.select()?;
    let version = host.version()?;
    let serial = host.serial()?;
    let chuid = if_well_formed(host.chuid())?;
    let tries_left = host.pin_tries_left()?;
    let earlier = if_well_formed(host.read::<KeyHistory>())?.map_or(0, |keys| keys.keys_on_card());
    let current = [Slot::LOGIN, Slot::SIGNATURE, Slot::ENCRYPTION, Slot::DOOR];
    let retired = (1..=earlier).filter_map(|number| Slot::retired(number).ok());
    let mut certificates = Vec::new();
    for slot in current.into_iter().chain(retired) {
        if let Some(der) = if_well_formed(host.read_certificate(slot))? {
            certificates.push(certificate(slot, &der, now));
        }
    }
    let mut missing = Vec::new();
    if number.is_none() {
        missing.push("number");
    }
    if chuid.is_none() {
        missing.push("identity");
    }
    if !certificates
        .iter()
        .any(|found| found.key_slot == Slot::LOGIN)
    {
        missing.push("login");
    }
    let last = chuid.as_ref().map(|chuid| chuid.expires_on);
    let end = last.and_then(|day| {
        jiff::civil::Date::new(
            i16::try_from(day.year()).ok()?,
            i8::try_from(day.month()).ok()?,
            i8::try_from(day.day()).ok()?,
        )
        .ok()
    });
    let today = date(now);
    let left = end
        .zip(today)
        .and_then(|(end, today)| end.since(today).ok());
    Ok(CardStatus {
        number,
        version: version.map(|it| format!("{}.{}.{}", it.major, it.minor, it.patch)),
        serial,
        guid: chuid.map(|chuid| hex::encode(chuid.guid)),
        expires_on: end.map(|day| day.to_string()),
        days_left: left.map(|span| i64::from(span.get_days())),
        tries_left,
        certificates,
        missing,
    })
}

/// A malformed object counts as none; that it is missing is told.
fn if_well_formed<T>(read: Result<Option<T>, CardError>) -> Result<Option<T>, CardError> {
    match read {
        Err(CardError::Object(_)) => Ok(None),
        other => other,
    }
}

fn certificate(slot: Slot, der: &[u8], now: i64) -> CertificateStatus {
    let certificate = Certificate::from_der(der).ok();
    let about = certificate.as_ref().map(|it| About {
        subject: it.subject_text(),
        issuer: it.issuer_text(),
        serial: it.serial().to_hex(),
        key: it.public_key().kind().code(),
        not_before: day(it.not_before()),
        not_after: day(it.not_after()),
        days_left: (it.not_after() - now).div_euclid(DAY),
    });
    CertificateStatus {
        slot: format!("{:02x}", slot.reference()),
        purpose: match slot {
            Slot::LOGIN => "login",
            Slot::SIGNATURE => "signature",
            Slot::ENCRYPTION => "encryption",
            Slot::DOOR => "door",
            _ => "earlier-encryption",
        },
        about,
        key_slot: slot,
        certificate,
    }
}

fn date(seconds: i64) -> Option<jiff::civil::Date> {
    let moment = jiff::Timestamp::from_second(seconds).ok()?;
    Some(jiff::tz::TimeZone::UTC.to_datetime(moment).date())
}

fn day(seconds: i64) -> String {
    date(seconds).map_or_else(String::new, |date| date.to_string())
}

/// What a key is for, in the person's language.
pub(super) fn purpose(words: &Words, slot: Slot) -> &'static str {
    match slot {
        Slot::LOGIN => words.use_login,
        Slot::SIGNATURE => words.use_signature,
        Slot::ENCRYPTION => words.use_encryption,
        Slot::DOOR => words.use_door,
        _ => words.use_earlier,
    }
}

fn lines(words: &Words, card: &CardStatus) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(number) = &card.number {
        let number = grouped(number);
        lines.push(fill(words.card_number, &[("number", &number)]));
    }
    if let Some(version) = &card.version {
        lines.push(fill(words.card_version, &[("version", version)]));
    }
    if let (Some(day), Some(left)) = (&card.expires_on, card.days_left) {
        let text = if left < 0 {
            words.card_over
        } else {
            words.card_until
        };
        lines.push(fill(text, &[("day", day), ("days", &left.to_string())]));
    }
    match card.tries_left {
        Some(0) => lines.push(words.card_blocked.to_owned()),
        Some(tries) => {
            let tries = tries.to_string();
            lines.push(fill(words.card_tries, &[("tries", &tries)]));
        }
        None => {}
    }
    for certificate in &card.certificates {
        lines.extend(certificate_lines(words, certificate));
    }
    for missing in &card.missing {
        let what = match *missing {
            "number" => words.missing_number,
            "identity" => words.missing_identity,
            _ => words.missing_login,
        };
        lines.push(fill(words.missing, &[("what", what)]));
    }
    lines
}

fn certificate_lines(words: &Words, certificate: &CertificateStatus) -> Vec<String> {
    let purpose = purpose(words, certificate.key_slot);
    let Some(about) = &certificate.about else {
        let values = [("use", purpose), ("subject", words.unreadable)];
        return vec![fill(words.certificate, &values)];
    };
    let ends = if about.days_left < 0 {
        words.certificate_over
    } else {
        words.certificate_until
    };
    vec![
        fill(
            words.certificate,
            &[("use", purpose), ("subject", &about.subject)],
        ),
        fill(words.certificate_from, &[("issuer", &about.issuer)]),
        fill(
            ends,
            &[
                ("day", &about.not_after),
                ("days", &about.days_left.to_string()),
                ("key", about.key),
                ("serial", &about.serial),
            ],
        ),
    ]
}
