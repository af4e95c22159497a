//! The management key.

use piv::{Host, ManagementKey, ManagementProblem, ObjectTag, StatusWord};
use vcard::answer_challenge;

use crate::fixture::{card, manage, say, transport_key};

#[test]
fn only_the_right_key_opens_the_card_for_writing() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(!manage(&mut host, &ManagementKey::new([0x22; 32])));
    let refused = host.write_object(ObjectTag::SECURITY, &[1]).unwrap_err();
    assert_eq!(
        refused.status(),
        Some(StatusWord::SecurityStatusNotSatisfied)
    );
    assert!(manage(&mut host, &transport_key()));
    host.write_object(ObjectTag::SECURITY, &[1]).unwrap();
    // A later failure takes the right away again.
    assert!(!manage(&mut host, &ManagementKey::new([0x22; 32])));
    assert!(host.write_object(ObjectTag::SECURITY, &[2]).is_err());
}

#[test]
fn a_challenge_is_good_for_one_answer() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    let challenge = host.management_challenge().unwrap();
    let answer = answer_challenge(&transport_key(), &challenge);
    assert_eq!(host.management_response(&answer), Ok(()));
    assert_eq!(
        host.management_response(&answer),
        Err(ManagementProblem::Refused)
    );
    assert_ne!(host.management_challenge().unwrap(), challenge);
    assert_eq!(
        host.management_response(&answer),
        Err(ManagementProblem::Refused)
    );
}

#[test]
fn power_loss_ends_it() {
    let mut card = card();
    assert!(manage(&mut Host::new(&mut card), &transport_key()));
    card.power_off();
    assert!(
        Host::new(&mut card)
            .write_object(ObjectTag::SECURITY, &[1])
            .is_err()
    );
}

#[test]
fn the_key_is_replaced() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    let new = ManagementKey::new([0x33; 32]);
    assert!(host.set_management_key(&new).is_err());
    assert!(manage(&mut host, &transport_key()));
    host.set_management_key(&new).unwrap();
    assert!(!manage(&mut host, &transport_key()));
    assert!(manage(&mut host, &new));
}

#[test]
fn other_algorithms_and_mutual_proof_work_for_other_programs() {
    let mut card = card();
    assert!(manage(&mut Host::new(&mut card), &transport_key()));
    // Triple DES, the key of the NIST example; a witness, and a challenge of ours.
    let key = "0123456789abcdef23456789abcdef01456789abcdef0123";
    assert_eq!(
        say(&mut card, &format!("00ffffff 1b 03 9b 18 {key}")),
        "9000"
    );
    assert_eq!(say(&mut card, "00870c9b 04 7c02 8100 00"), "6a86");
    let witness = say(&mut card, "0087039b 04 7c02 8000 00");
    assert!(witness.starts_with("7c0a8008") && witness.ends_with("9000"));
    // A wrong witness is refused, and the right challenge alone proves nothing.
    assert_eq!(
        say(
            &mut card,
            "0087039b 16 7c14 8008 0000000000000000 8108 5468652071756663 00"
        ),
        "6982"
    );
    // The host's proof, with the witness left unused: the answer is the challenge encrypted by somebody else.
    assert!(say(&mut card, "0087039b 04 7c02 8100 00").starts_with("7c0a8108"));
    assert_eq!(
        say(&mut card, "0087039b 0c 7c0a 8208 0000000000000000"),
        "6982"
    );
}

#[test]
fn keys_of_the_wrong_length_are_refused() {
    let mut card = card();
    assert!(manage(&mut Host::new(&mut card), &transport_key()));
    assert_eq!(say(&mut card, "00ffffff 05 0c 9b 02 0000"), "6a80");
    assert_eq!(say(&mut card, "00ffffff 03 77 9b 00"), "6a80");
    assert_eq!(say(&mut card, "00ff00ff 03 0c 9b 00"), "6a86");
    assert!(manage(&mut Host::new(&mut card), &transport_key()));
}
