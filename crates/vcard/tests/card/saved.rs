//! A card kept as text.

use piv::{Algorithm, Host, PinProblem, Slot};
use vcard::{Card, SavedProblem};

use crate::{
    fixture::{NUMBER, card, entropy, manage, personalisation, pin, transport_key, transport_pin},
    keys::is_signed,
};

fn again(card: &Card) -> Card {
    Card::from_json(&card.to_json().unwrap(), entropy(77)).unwrap()
}

#[test]
fn everything_but_the_session_survives() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    let slots = [
        (Slot::LOGIN, Algorithm::EccP256),
        (Slot::DOOR, Algorithm::EccP384),
        (Slot::retired(7).unwrap(), Algorithm::Rsa2048),
    ];
    let keys = slots.map(|(slot, algorithm)| host.generate_key(slot, algorithm).unwrap());
    host.write_certificate(Slot::LOGIN, &[0x30; 900]).unwrap();
    assert!(host.verify_pin(&pin("000000")).is_err());
    let mut loaded = again(&card);
    assert_eq!(*loaded.to_json().unwrap(), *card.to_json().unwrap());
    let mut host = Host::new(&mut loaded);
    assert_eq!(host.pin_tries_left(), Ok(Some(2)));
    assert!(host.remove_certificate(Slot::LOGIN).is_err());
    assert_eq!(host.card_number().unwrap().unwrap(), NUMBER);
    host.verify_pin(&transport_pin()).unwrap();
    for ((slot, algorithm), spki) in slots.into_iter().zip(keys) {
        let signature = host.sign(slot, algorithm, b"x").unwrap();
        assert!(is_signed(&spki, algorithm, b"x", &signature));
        assert!(host.attest(slot).unwrap().is_some());
    }
}

#[test]
fn a_blocked_card_stays_blocked() {
    let mut card = card();
    for _ in 0..3 {
        let _ = Host::new(&mut card).verify_pin(&pin("000000"));
    }
    assert_eq!(
        Host::new(&mut again(&card)).verify_pin(&transport_pin()),
        Err(PinProblem::Blocked)
    );
}

#[test]
fn a_developers_card_can_be_reset() {
    let mut personalisation = personalisation();
    personalisation.resettable = true;
    let mut card = again(&Card::new(&personalisation, entropy(1)).unwrap());
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    host.generate_key(Slot::LOGIN, Algorithm::EccP256).unwrap();
    host.verify_pin(&transport_pin()).unwrap();
    assert_eq!(card.transmit(&[0, 0xFA, 5, 2]), [0x90, 0]);
    assert_eq!(Host::new(&mut card).pin_tries_left(), Ok(Some(5)));
    assert_eq!(card.transmit(&[0, 0xFB, 0, 0]), [0x69, 0x85]);
    let mut host = Host::new(&mut card);
    while host.verify_pin(&pin("000000")) != Err(PinProblem::Blocked) {}
    let wrong = piv::UnlockCode::new([0; 8]);
    while host.change_unlock_code(&wrong, &wrong) != Err(PinProblem::Blocked) {}
    assert_eq!(card.transmit(&[0, 0xFB, 0, 0]), [0x90, 0]);
    let mut host = Host::new(&mut card);
    assert_eq!(host.key_metadata(Slot::LOGIN), Ok(None));
    assert_eq!(host.verify_pin(&transport_pin()), Ok(()));
    assert_eq!(host.pin_tries_left(), Ok(None));
}

#[test]
fn damaged_text_is_refused_by_name() {
    let text = card().to_json().unwrap();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        Card::from_json(&text.replacen(from, to, 1), entropy(1)).err()
    };
    assert_eq!(with("{", "["), Some(SavedProblem::Json));
    assert_eq!(
        with("\"layout\":1", "\"layout\":2"),
        Some(SavedProblem::Layout)
    );
    assert_eq!(
        with("\"tries_left\":3", "\"tries_left\":4"),
        Some(SavedProblem::Code)
    );
    assert_eq!(with("\"tries\":3", "\"tries\":0"), Some(SavedProblem::Code));
    assert_eq!(with("343731313038ffff", "3437"), Some(SavedProblem::Code));
    assert_eq!(
        with("\"algorithm\":12", "\"algorithm\":8"),
        Some(SavedProblem::Key)
    );
    assert_eq!(with("\"5FC102\"", "\"5FD102\""), Some(SavedProblem::Object));
    assert_eq!(
        with("\"5FFF01\":\"70", "\"5FFF01\":\"71"),
        Some(SavedProblem::Attestation)
    );
}
