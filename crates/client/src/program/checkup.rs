//! A plain verdict: reader, card, certificates, a signature, the clock.

use piv::{Algorithm, CardError, Host, Lack, ObjectTag, Slot};
use pki::certificate::Certificate;
use pki::key::KeyKind;

use super::acts::server;
use super::card_choice::{Choice, Present, card_trouble, choose, grouped};
use super::http::Https;
use super::survey::{self, CardStatus};
use super::terminal::Terminal;
use super::words::{Words, fill};
use super::{Entry, Trouble, World};
use crate::step::ask_holder;

/// A clock further off than this makes certificates look too young or too old, and one-time tickets too.
const CLOCK_SECONDS: i64 = 120;

/// What the lines so far came to.
struct Verdict<'a, 'b> {
    world: &'a mut World<'b>,
    is_good: bool,
}

impl Verdict<'_, '_> {
    fn line(&mut self, is_good: bool, what: &str, values: &[(&str, &str)]) {
        let words = self.world.words();
        let line = if is_good {
            words.test_good
        } else {
            words.test_bad
        };
        self.is_good &= is_good;
        let what = fill(what, values);
        self.world.screen.write(&fill(line, &[("what", &what)]));
    }

    /// Something that could not be tried, which is no fault.
    fn left(&mut self, what: &str, values: &[(&str, &str)]) {
        let what = fill(what, values);
        let line = fill(self.world.words().test_left, &[("what", &what)]);
        self.world.screen.write(&line);
    }
}

/// Tries everything.
pub(super) fn test(world: &mut World<'_>, choice: &Choice) -> Result<(), Trouble> {
    let words = world.words();
    let mut card = choose(world, choice, None)?;
    let status = survey::read(&mut card, world.now).map_err(|error| card_trouble(world, &error))?;
    let mut verdict = Verdict {
        world,
        is_good: true,
    };
    verdict.line(true, words.test_reader, &[("reader", &card.reader)]);
    look_at_card(&mut verdict, &card, &status);
    tell_lacks(&mut verdict, &mut card)?;
    look_at_certificates(&mut verdict, &status);
    sign(&mut verdict, &mut card, &status)?;
    for entry in verdict.world.config.servers.clone() {
        compare_clock(&mut verdict, &entry)?;
    }
    if verdict.is_good {
        verdict.world.screen.write(words.verdict_good);
        Ok(())
    } else {
        Err(Trouble(words.verdict_bad.to_owned()))
    }
}

fn look_at_card(verdict: &mut Verdict<'_, '_>, card: &Present, status: &CardStatus) {
    let words = verdict.world.words();
    match &card.number {
        Some(number) => verdict.line(true, words.test_card, &[("number", &grouped(number))]),
        None => verdict.line(false, words.test_no_number, &[]),
    }
    if let (Some(day), Some(..0)) = (&status.expires_on, status.days_left) {
        verdict.line(false, words.test_card_over, &[("day", day)]);
    }
    if status.tries_left == Some(0) {
        verdict.line(false, words.test_blocked, &[]);
    }
}

/// What the card cannot do, which is no fault of this one.
fn tell_lacks(verdict: &mut Verdict<'_, '_>, card: &mut Present) -> Result<(), Trouble> {
    let abilities = Host::new(&mut *card.transport)
        .abilities()
        .map_err(|error| card_trouble(verdict.world, &error))?;
    for lack in abilities.lacks() {
        let (text, kind) = lacking(verdict.world.words(), lack);
        verdict.left(text, &[("kind", kind)]);
    }
    Ok(())
}

/// The text for something that a card lacks, and the kind of key that stands in it.
fn lacking(words: &Words, lack: Lack) -> (&'static str, &'static str) {
    let text = match lack {
        Lack::Management => words.lack_management,
        Lack::NewManagementKey => words.lack_new_management,
        Lack::OldManagement => words.lack_aes,
        Lack::Import => words.lack_import,
        Lack::Attestation => words.lack_attestation,
        Lack::Metadata => words.lack_metadata,
        Lack::Version => words.lack_version,
        Lack::Algorithm(_) => words.lack_algorithm,
        Lack::Object(ObjectTag::CHUID) => words.lack_chuid,
        Lack::Object(ObjectTag::CAPABILITIES) => words.lack_ccc,
        Lack::Object(ObjectTag::KEY_HISTORY) => words.lack_key_history,
        Lack::Object(_) => words.lack_discovery,
    };
    let kind = match lack {
        Lack::Algorithm(Algorithm::EccP256) => "P-256",
        Lack::Algorithm(Algorithm::EccP384) => "P-384",
        Lack::Algorithm(Algorithm::Rsa2048) => "RSA 2048",
        Lack::Algorithm(Algorithm::Rsa3072) => "RSA 3072",
        Lack::Algorithm(Algorithm::Rsa4096) => "RSA 4096",
        _ => "",
    };
    (text, kind)
}

fn look_at_certificates(verdict: &mut Verdict<'_, '_>, status: &CardStatus) {
    let words = verdict.world.words();
    let now = verdict.world.now;
    for found in &status.certificates {
        let purpose = survey::purpose(words, found.key_slot).to_lowercase();
        let (Some(certificate), Some(about)) = (&found.certificate, &found.about) else {
            verdict.line(false, words.test_certificate_bad, &[("use", &purpose)]);
            continue;
        };
        let (text, day) = if now > certificate.not_after() {
            (words.test_certificate_over, &about.not_after)
        } else if now < certificate.not_before() {
            (words.test_certificate_early, &about.not_before)
        } else {
            (words.test_certificate, &about.not_after)
        };
        let values = [("use", purpose.as_str()), ("day", day)];
        // An earlier decryption key opens old mail for as long as there is any.
        let is_good = certificate.is_valid_at(now) || found.key_slot.is_retired();
        verdict.line(is_good, text, &values);
    }
}

/// Lets the card sign something new with the login key, and verifies it with the certificate.
fn sign(
    verdict: &mut Verdict<'_, '_>,
    card: &mut Present,
    status: &CardStatus,
) -> Result<(), Trouble> {
    let words = verdict.world.words();
    let login = status
        .certificates
        .iter()
        .find(|found| found.key_slot == Slot::LOGIN)
        .and_then(|found| found.certificate.as_ref());
    let Some(certificate) = login else {
        verdict.line(false, words.test_no_login, &[]);
        return Ok(());
    };
    if status.tries_left == Some(0) {
        return Ok(());
    }
    let mut host = Host::new(&mut *card.transport);
    let outcome = try_signature(verdict.world, &mut host, certificate);
    // Best effort: a card that is gone has forgotten by itself.
    let _ = host.forget_pin();
    match outcome.map_err(|error| card_trouble(verdict.world, &error))? {
        Some(is_good) => {
            let text = if is_good {
                words.test_signature
            } else {
                words.test_signature_bad
            };
            verdict.line(is_good, text, &[]);
        }
        None => verdict.left(words.test_signature_left, &[]),
    }
    Ok(())
}

/// Whether a new signature verifies; nothing when no code was entered.
fn try_signature(
    world: &mut World<'_>,
    host: &mut Host<'_>,
    certificate: &Certificate,
) -> Result<Option<bool>, CardError> {
    let key = certificate.public_key();
    let algorithm = match key.kind() {
        KeyKind::P256 => Algorithm::EccP256,
        KeyKind::P384 => Algorithm::EccP384,
        KeyKind::Rsa2048 => Algorithm::Rsa2048,
        // No PIV card of SP 800-78-4 holds such a key.
        KeyKind::Rsa3072 | KeyKind::Rsa4096 => return Ok(Some(false)),
    };
    let mut nonce = [0; 32];
    if pki::random::fill(&mut nonce).is_err() {
        return Ok(None);
    }
    let words = world.words();
    let mut prompt = Terminal {
        screen: &mut *world.screen,
        words,
        server: String::new(),
    };
    host.select()?;
    if let Err(stop) = ask_holder(host, &mut prompt, Some(words.test_purpose)) {
        // Cancelled, or blocked by now: not tried, and no fault of the card.
        return stop.cause.map_or(Ok(None), Err);
    }
    // Nothing that any protocol would take for its own.
    let message = format!("sigill-card test\n{}\n", hex::encode(nonce));
    let signature = host.sign(Slot::LOGIN, algorithm, message.as_bytes())?;
    let verified = key.verify(
        key.kind().signature_algorithm(),
        message.as_bytes(),
        &signature,
    );
    Ok(Some(verified.is_ok()))
}

/// Compares this computer's clock with a server's.
fn compare_clock(verdict: &mut Verdict<'_, '_>, entry: &Entry) -> Result<(), Trouble> {
    let world = &*verdict.world;
    let words = world.words();
    server(words, world.config, Some(entry.base()))?;
    let there = Https::new(entry, world.language)
        .ok()
        .and_then(|server| server.time().ok().flatten());
    let server = [("server", entry.base())];
    let Some(there) = there else {
        verdict.left(words.test_clock_left, &server);
        return Ok(());
    };
    let off = (world.now - there).abs();
    if off <= CLOCK_SECONDS {
        verdict.line(true, words.test_clock, &server);
    } else {
        let seconds = off.to_string();
        let values = [("server", entry.base()), ("seconds", &seconds)];
        verdict.line(false, words.test_clock_off, &values);
    }
    Ok(())
}
