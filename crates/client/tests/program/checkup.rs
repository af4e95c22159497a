//! `sigill-card test`: the verdict, what the card lacks, and a signature whose code comes from the reader's own keys.

use std::sync::{Arc, Mutex};

use client::program::{Config, Language};
use piv::{Host, ManagementKey, Slot};
use vcard::Profile;

use crate::authority::Authority;
use crate::{CODE, Chip, Desk, Held, OFFICER, at_desk, chip, chip_like, in_language, with_config};

#[test]
fn a_card_that_was_not_activated_fails_the_test() {
    let config = Config::default();
    let desk = vec![("Left", Some(chip(OFFICER)))];
    let (outcome, person) = with_config(&config, &["test"], desk, &[]);
    assert!(outcome.unwrap_err().0.contains("wrong"));
    let written = person.written.join("\n");
    assert!(written.contains("good  the reader Left"), "{written}");
    assert!(
        written.contains("BAD   the card has no certificate for login"),
        "{written}"
    );
}

/// A card with a login key and a certificate of it.
fn activated() -> Chip {
    let card = chip(OFFICER);
    let mut held = Held::of(&card);
    let mut host = Host::new(&mut held);
    host.select().unwrap();
    let challenge = host.management_challenge().unwrap();
    let answer = vcard::answer_challenge(&ManagementKey::new([7; 32]), &challenge);
    host.management_response(&answer).unwrap();
    let key = host.generate_key(Slot::LOGIN, piv::Algorithm::EccP256);
    let certificate = Authority::new().certify_login(&key.unwrap());
    host.write_certificate(Slot::LOGIN, &certificate).unwrap();
    card.lock().unwrap().power_off();
    card
}

#[test]
fn the_code_for_the_test_signature_comes_from_the_readers_keys() {
    for (typed, good) in [(&["111999", CODE][..], true), (&[], false)] {
        let keys = Arc::new(Mutex::new(typed.iter().copied().collect()));
        let desk = Desk {
            readers: vec![("Left", Some(activated()))],
            left: None,
            keys: Some(Arc::clone(&keys)),
        };
        let (outcome, person) = at_desk(&Config::default(), &["test"], desk, &[]);
        outcome.unwrap();
        let written = person.written.join("\n");
        let (line, other) = (
            "good  a test signature, verified with the certificate",
            "—     no test signature: no code was entered",
        );
        assert_eq!(written.contains(line), good, "{written}");
        assert_eq!(written.contains(other), !good, "{written}");
        assert!(
            person.heard("on the reader's own keys"),
            "{:?}",
            person.read
        );
        assert_eq!(person.heard("Wrong code"), good);
        assert!(keys.lock().unwrap().is_empty());
        assert!(written.contains("All is well"), "{written}");
    }
}

#[test]
fn what_a_card_lacks_is_said_in_both_languages() {
    for (language, version, attestation) in [
        (
            Language::Swedish,
            "—     kortet säger varken version eller serienummer",
            "intygar inte att det själv har skapat sina nycklar",
        ),
        (
            Language::English,
            "—     the card tells neither version nor serial number",
            "does not certify that it made its keys itself",
        ),
    ] {
        let plain = chip_like(OFFICER, Profile::Plain);
        let told = |card| {
            let desk = Desk {
                readers: vec![("Left", Some(card))],
                ..Desk::default()
            };
            in_language(language, &Config::default(), &["test"], desk, &[])
                .1
                .written
                .join("\n")
        };
        let lacking = told(plain);
        assert!(lacking.contains(version), "{lacking}");
        assert!(lacking.contains(attestation), "{lacking}");
        let whole = told(chip(OFFICER));
        assert!(!whole.contains(version), "{whole}");
        assert!(!whole.contains(attestation), "{whole}");
    }
}
