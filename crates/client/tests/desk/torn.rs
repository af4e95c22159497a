//! A card torn out at every APDU of an activation, before and after it acted, is finished by the next insertion; so is
//! one whose answers were lost on the way to the server.

use crate::issuer::{GUID, Issuer, RECEIPT_TEXT};
use crate::world::{
    Broken, CODE, Holder, NEW_KEY, NEW_UNLOCK, Scripted, TRANSPORT_UNLOCK, der, new_card, run,
};
use client::{ServerProblem, Stopped, change_pin};
use piv::{Host, ManagementKey, Pin, PinProblem, Slot, UnlockCode};
use vcard::Card;
use vcard::torn::{Moment, TornTransport};
use wire::StopReason;

fn holder() -> Holder {
    Holder::choosing(&[CODE]).then_entering(&[CODE])
}

/// What a finished activation leaves on the card.
fn assert_active(card: &mut Card) {
    let mut host = Host::new(card);
    host.select().unwrap();
    assert_eq!(
        host.pin_tries_left(),
        Ok(Some(3)),
        "the card has forgotten that the code was entered"
    );
    assert_eq!(host.verify_pin(&Pin::parse(CODE).unwrap()), Ok(()));
    assert_eq!(
        host.read_certificate(Slot::LOGIN).unwrap(),
        Some(der(1_100))
    );
    assert_eq!(host.chuid().unwrap().unwrap().guid, GUID);
    let challenge = host.management_challenge().unwrap();
    let response = vcard::answer_challenge(&ManagementKey::new(NEW_KEY), &challenge);
    assert_eq!(host.management_response(&response), Ok(()));
    let old = UnlockCode::new(TRANSPORT_UNLOCK);
    let new = UnlockCode::new(NEW_UNLOCK);
    assert_eq!(
        host.change_unlock_code(&old, &new),
        Err(PinProblem::Wrong { tries_left: 2 })
    );
    assert_eq!(host.change_unlock_code(&new, &new), Ok(()));
}

#[test]
fn an_activation_runs_through() {
    let mut card = new_card();
    let mut server = Scripted::new(Issuer::new());
    let mut holder = holder();
    let finished = run(&mut card, &mut server, &mut holder).unwrap();
    assert_eq!(finished.text, "Klart");
    assert_eq!(server.plan.receipts, 1);
    assert_eq!(
        holder.requests,
        [(None, false, Some(RECEIPT_TEXT.to_owned()))]
    );
    assert_eq!(holder.asked.len(), 1);
    assert_active(&mut card);
}

#[test]
fn torn_out_at_every_apdu_and_put_back() {
    let mut card = new_card();
    let mut whole = TornTransport::whole(&mut card);
    run(&mut whole, &mut Scripted::new(Issuer::new()), &mut holder()).unwrap();
    let apdus = whole.carried();
    assert!(apdus > 30, "{apdus}");

    for moment in [Moment::BeforeCommand, Moment::AfterCommand] {
        // The last command lets the card forget the code: torn out there, the act is done already.
        for whole in 0..apdus - 1 {
            let mut card = new_card();
            let mut server = Scripted::new(Issuer::new());
            let mut torn = TornTransport::new(&mut card, whole, moment);
            let stopped = run(&mut torn, &mut server, &mut holder()).unwrap_err();
            assert!(torn.is_torn());
            let Stopped::Here { reason, .. } = stopped else {
                panic!("{whole} {moment:?}: {stopped:?}");
            };
            assert_eq!(reason, StopReason::CardRemoved, "{whole} {moment:?}");

            let again = run(&mut card, &mut server, &mut holder());
            assert!(again.is_ok(), "{whole} {moment:?}: {again:?}");
            assert_active(&mut card);
        }
    }
}

/// The code is replaced whole or not at all, at whatever command the card is torn out; the next change starts from the one that holds.
#[test]
fn torn_out_at_every_apdu_of_a_change_of_the_code() {
    let other: &[u8] = b"58294173";
    let takes = |card: &mut Card, code: &[u8]| {
        let mut host = Host::new(card);
        host.select().unwrap();
        let taken = host.verify_pin(&Pin::parse(code).unwrap()).is_ok();
        host.forget_pin().unwrap();
        taken
    };
    let change = |from: &[u8], to: &[u8]| Holder::choosing(&[to]).then_entering(&[from]);
    for moment in [Moment::BeforeCommand, Moment::AfterCommand] {
        let (mut places, mut changed) = (0, 0);
        loop {
            let mut card = new_card();
            run(&mut card, &mut Scripted::new(Issuer::new()), &mut holder()).unwrap();
            card.power_off();
            let mut torn = TornTransport::new(&mut card, places, moment);
            let outcome = change_pin(&mut torn, &mut change(CODE, other));
            let was_torn = torn.is_torn();
            if outcome.is_ok() {
                assert!(takes(&mut card, other));
                // What is left is the card's forgetting, which it does by itself without power.
                if was_torn {
                    places += 1;
                    changed += 1;
                    continue;
                }
                break;
            }
            let Err(Stopped::Here { reason, .. }) = outcome else {
                panic!("{places} {moment:?}: {outcome:?}");
            };
            assert_eq!(reason, StopReason::CardRemoved, "{places} {moment:?}");
            let is_changed = takes(&mut card, other);
            assert_ne!(is_changed, takes(&mut card, CODE), "{places} {moment:?}");
            let holds = if is_changed { other } else { CODE };
            change_pin(&mut card, &mut change(holds, b"61830529")).unwrap();
            assert!(takes(&mut card, b"61830529"), "{places} {moment:?}");
            changed += usize::from(is_changed);
            places += 1;
        }
        println!(
            "change-pin, torn {moment:?}: {places} places; after {changed} of them the new code holds, else the old one"
        );
        let after = usize::from(moment == Moment::AfterCommand);
        assert_eq!((places, changed), (6, 1 + after), "{moment:?}");
    }
}

#[test]
fn torn_out_again_and_again() {
    // Four tears at four places, then left in.
    let mut card = new_card();
    let mut server = Scripted::new(Issuer::new());
    for (whole, moment) in [
        (22, Moment::AfterCommand),
        (27, Moment::BeforeCommand),
        (12, Moment::AfterCommand),
        (35, Moment::AfterCommand),
    ] {
        let mut torn = TornTransport::new(&mut card, whole, moment);
        assert!(run(&mut torn, &mut server, &mut holder()).is_err());
    }
    run(&mut card, &mut server, &mut holder()).unwrap();
    assert_active(&mut card);
}

#[test]
fn answers_lost_at_every_message() {
    let mut server = Scripted::new(Issuer::new());
    run(&mut new_card(), &mut server, &mut holder()).unwrap();
    let messages = server.sent.len();
    assert!(messages > 10, "{messages}");

    for heard in [false, true] {
        for left in 0..messages {
            let mut card = new_card();
            let mut server = Scripted::new(Issuer::new());
            let mut broken = Broken::after(left, &mut server);
            broken.heard = heard;
            let stopped =
                client::run(&mut card, &mut broken, &mut holder(), "ticket-1").unwrap_err();
            assert_eq!(stopped, Stopped::Server(ServerProblem::Unreachable));

            let again = run(&mut card, &mut server, &mut holder());
            assert!(again.is_ok(), "{left} {heard}: {again:?}");
            assert_active(&mut card);
        }
    }
}
