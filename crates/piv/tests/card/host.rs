//! The driver when the card misbehaves, is another card, or is gone.

use std::collections::VecDeque;

use piv::{
    Algorithm, CardError, Day, Host, Instruction, ManagementProblem, Pin, PinProblem, Slot,
    StatusWord, Transport, TransportError, object::Chuid,
};
use proptest::prelude::*;

/// Gives prepared answers, then nothing.
struct Script {
    answers: VecDeque<Vec<u8>>,
    heard: Vec<Vec<u8>>,
}

impl Script {
    fn new(answers: &[&str]) -> Self {
        Self::of(answers.iter().map(|hex| hex::decode(hex).unwrap()))
    }

    fn of(answers: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self {
            answers: answers.into_iter().collect(),
            heard: Vec::new(),
        }
    }
}

impl Transport for Script {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.heard.push(command.to_vec());
        self.answers.pop_front().ok_or(TransportError::CardRemoved)
    }
}

fn status<T>(result: Result<T, CardError>) -> Option<StatusWord> {
    result.err().and_then(|error| error.status())
}

#[test]
fn another_kind_of_card() {
    for answer in ["6a82", "6d00", "6e00", "6985"] {
        assert_eq!(
            Host::new(&mut Script::new(&[answer])).select(),
            Err(CardError::NotPiv)
        );
    }
    let mut script = Script::new(&["61049000"]);
    assert_eq!(Host::new(&mut script).select(), Ok(()));
    assert_eq!(
        script.heard,
        [hex::decode("00a4040009a0000003080000100000").unwrap()]
    );
}

#[test]
fn a_card_that_does_not_say_how_many_tries_are_left_is_asked() {
    let (old, new) = (
        Pin::parse(b"123456").unwrap(),
        Pin::parse(b"739164").unwrap(),
    );
    let wrong = |tries_left| Err(PinProblem::Wrong { tries_left });
    let mut script = Script::new(&["6300", "63c2"]);
    assert_eq!(Host::new(&mut script).verify_pin(&old), wrong(2));
    // It still holds the code for presented, and is told to forget it.
    let mut script = Script::new(&["6300", "9000", "9000", "63c1"]);
    assert_eq!(Host::new(&mut script).change_pin(&old, &new), wrong(1));
    // It never says.
    let mut script = Script::new(&["6300", "9000", "9000", "9000"]);
    let outcome = Host::new(&mut script).change_pin(&old, &new);
    assert!(matches!(outcome, Err(PinProblem::Card(_))), "{outcome:?}");
}

#[test]
fn a_card_that_answers_about_keys_and_tells_nothing() {
    let mut script = Script::new(&["9000", "9000"]);
    let mut host = Host::new(&mut script);
    assert_eq!(host.key_metadata(Slot::LOGIN), Ok(None));
    assert_eq!(host.unlock_code_tries_left(), Ok(None));
}

#[test]
fn a_card_without_the_extensions() {
    let mut script = Script::new(&["6d00", "6d00", "6d00", "6d00", "6a82"]);
    let mut host = Host::new(&mut script);
    assert_eq!(host.version(), Ok(None));
    assert_eq!(host.serial(), Ok(None));
    assert_eq!(host.key_metadata(Slot::LOGIN), Ok(None));
    assert_eq!(host.attest(Slot::LOGIN), Ok(None));
    assert_eq!(host.card_number(), Ok(None));
}

#[test]
fn a_card_that_is_gone() {
    let mut script = Script::new(&[]);
    let mut host = Host::new(&mut script);
    let gone = CardError::Transport(TransportError::CardRemoved);
    assert_eq!(host.select(), Err(gone.clone()));
    let pin = Pin::parse(b"123456").unwrap();
    assert_eq!(host.verify_pin(&pin), Err(PinProblem::Card(gone.clone())));
    assert_eq!(
        host.management_response(&[0; 16]),
        Err(ManagementProblem::Card(gone))
    );
}

#[test]
fn answers_in_parts_are_put_together() {
    let mut script = Script::new(&["530401026103", "0304619f", "9000"]);
    let content = Host::new(&mut script)
        .read_object(piv::ObjectTag::SECURITY)
        .unwrap();
    assert_eq!(content, Some(vec![1, 2, 3, 4]));
    assert_eq!(script.heard.len(), 3);
    // A card that promises more for ever is given up.
    let mut script = Script::new(&["6110", "6110"]);
    assert_eq!(
        Host::new(&mut script).serial(),
        Err(CardError::Malformed(Instruction::GetResponse))
    );
    let mut script = Script::of(std::iter::repeat_n(
        [&[7; 256][..], &[0x61, 0]].concat(),
        400,
    ));
    assert!(Host::new(&mut script).serial().is_err());
}

#[test]
fn a_refused_link_ends_the_chain() {
    let mut script = Script::new(&["9000", "6a84"]);
    let refused = Host::new(&mut script).write_object(piv::ObjectTag::SECURITY, &[1; 900]);
    assert_eq!(status(refused), Some(StatusWord::NotEnoughMemory));
    assert_eq!(script.heard.len(), 2);
}

#[test]
fn what_was_written_must_read_back() {
    let mut script = Script::new(&["9000", "5308700102710100fe009000"]);
    assert_eq!(
        Host::new(&mut script).write_certificate(Slot::DOOR, &[1]),
        Err(CardError::NotKept)
    );
    let mut script = Script::new(&["9000", "5308700101710100fe009000"]);
    assert_eq!(
        Host::new(&mut script).write_certificate(Slot::DOOR, &[1]),
        Ok(())
    );
}

#[test]
fn keys_that_are_none() {
    for answer in ["9000", "7f49009000", "7f490286009000", "7f49038601049000"] {
        let mut script = Script::new(&[answer]);
        assert_eq!(
            Host::new(&mut script).generate_key(Slot::LOGIN, Algorithm::EccP256),
            Err(CardError::Malformed(Instruction::Generate)),
            "{answer}"
        );
    }
}

#[test]
fn tries_left_in_all_their_forms() {
    let pin = Pin::parse(b"123456").unwrap();
    let mut script = Script::new(&["63c1", "63c0", "6983", "6a80", "9000", "63c2", "6983"]);
    let mut host = Host::new(&mut script);
    let wrong = |tries_left| Err(PinProblem::Wrong { tries_left });
    assert_eq!(host.verify_pin(&pin), wrong(1));
    assert_eq!(host.verify_pin(&pin), wrong(0));
    assert_eq!(host.verify_pin(&pin), Err(PinProblem::Blocked));
    assert!(matches!(host.verify_pin(&pin), Err(PinProblem::Card(_))));
    assert_eq!(host.pin_tries_left(), Ok(None));
    assert_eq!(host.pin_tries_left(), Ok(Some(2)));
    assert_eq!(host.pin_tries_left(), Ok(Some(0)));
}

proptest! {
    #[test]
    fn random_answers_never_panic(
        answers in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..30),
        good in any::<bool>(),
    ) {
        let answers = answers.into_iter().map(|mut answer| {
            if good {
                answer.extend([0x90, 0]);
            }
            answer
        });
        let mut script = Script::of(answers);
        let mut host = Host::new(&mut script);
        let _ = host.select();
        let _ = host.version();
        let _ = host.serial();
        let _ = host.card_number();
        let _ = host.chuid();
        let _ = host.read_certificate(Slot::LOGIN);
        let _ = host.key_metadata(Slot::LOGIN);
        let _ = host.management_challenge();
        let _ = host.generate_key(Slot::LOGIN, Algorithm::Rsa2048);
        let _ = host.sign(Slot::LOGIN, Algorithm::EccP384, b"x");
        let _ = host.agree(Slot::ENCRYPTION, Algorithm::EccP256, &[4; 65]);
        let _ = host.attest(Slot::LOGIN);
        let _ = host.write(&Chuid::new([1; 16], Day::new(2030, 1, 1).unwrap()));
    }
}
