//! Codes: chosen, entered, wrong, blocked, cancelled; unlock codes tried in turn.

use crate::world::{
    CODE, Holder, NEW_UNLOCK, Plan, Scripted, TRANSPORT_CODE, TRANSPORT_UNLOCK, finished, new_card,
    run, sealed, steps,
};
use client::{CodeProblem, Stopped};
use piv::{Host, Pin, PinProblem, UnlockCode};
use vcard::Card;
use wire::{Answer, Next, Step, StopReason};

const WRONG: &[u8] = b"8417302";

/// Sends one ChooseCode with these candidates; the answer ends the act.
fn choose(candidates: &'static [[u8; 8]], new: [u8; 8]) -> impl Plan {
    move |act_key: &[u8], answer: Option<&Answer>| match answer {
        None => Next::Step(Step::ChooseCode {
            unlock_codes: candidates
                .iter()
                .map(|code| sealed(act_key, code))
                .collect(),
            new_unlock_code: sealed(act_key, &new),
            minimum: 6,
            maximum: 8,
        }),
        Some(_) => finished(),
    }
}

fn reason(stopped: Stopped) -> StopReason {
    match stopped {
        Stopped::Here { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

fn takes(card: &mut Card, code: &[u8]) -> bool {
    let mut host = Host::new(card);
    host.select().unwrap();
    host.verify_pin(&Pin::parse(code).unwrap()).is_ok()
}

#[test]
fn a_wrong_code_is_asked_for_again_with_the_tries_left() {
    let mut card = new_card();
    let mut server = Scripted::new(steps(vec![Step::EnterCode {}]));
    let mut holder = Holder::entering(&[WRONG, WRONG, TRANSPORT_CODE]);
    run(&mut card, &mut server, &mut holder).unwrap();
    assert_eq!(
        holder.requests,
        [
            (Some(3), false, None),
            (Some(2), true, None),
            (Some(1), true, None)
        ]
    );
    assert_eq!(server.answers, [Answer::CodeEntered {}]);
}

#[test]
fn a_code_entered_once_serves_the_act_and_the_card_then_forgets_it() {
    let mut card = new_card();
    let mut server = Scripted::new(steps(vec![
        Step::EnterCode {},
        Step::EnterCode {},
        Step::ReadCard {},
    ]));
    let mut holder = Holder::entering(&[TRANSPORT_CODE]);
    run(&mut card, &mut server, &mut holder).unwrap();
    assert_eq!(holder.requests.len(), 1);
    assert!(matches!(
        server.answers.last().unwrap(),
        Answer::Card {
            tries_left: None,
            ..
        }
    ));
    let mut host = Host::new(&mut card);
    assert_eq!(host.pin_tries_left(), Ok(Some(3)));
}

#[test]
fn a_code_that_another_program_entered_does_not_count() {
    let mut card = new_card();
    assert!(takes(&mut card, TRANSPORT_CODE));
    let mut server = Scripted::new(steps(vec![Step::ReadCard {}, Step::EnterCode {}]));
    let mut holder = Holder {
        enters: [None].into(),
        ..Holder::default()
    };
    let stopped = run(&mut card, &mut server, &mut holder).unwrap_err();
    assert_eq!(reason(stopped), StopReason::Cancelled);
    assert!(matches!(
        server.answers.first().unwrap(),
        Answer::Card {
            tries_left: Some(3),
            ..
        }
    ));
}

#[test]
fn the_third_wrong_code_blocks_and_no_more_is_asked() {
    let mut card = new_card();
    let mut server = Scripted::new(steps(vec![Step::EnterCode {}]));
    let mut holder = Holder::entering(&[WRONG, WRONG, WRONG]);
    let stopped = run(&mut card, &mut server, &mut holder).unwrap_err();
    assert_eq!(reason(stopped), StopReason::CodeBlocked);
    assert_eq!(
        server.answers,
        [Answer::Stopped {
            reason: StopReason::CodeBlocked
        }]
    );

    // A card that comes blocked: nobody is asked for a code.
    let mut server = Scripted::new(steps(vec![Step::EnterCode {}]));
    let mut holder = Holder::default();
    let stopped = run(&mut card, &mut server, &mut holder).unwrap_err();
    assert_eq!(reason(stopped), StopReason::CodeBlocked);
}

#[test]
fn a_blocked_card_is_unlocked() {
    let mut card = new_card();
    for _ in 0..3 {
        assert!(!takes(&mut card, WRONG));
    }
    let mut server = Scripted::new(choose(&[TRANSPORT_UNLOCK], NEW_UNLOCK));
    run(&mut card, &mut server, &mut Holder::choosing(&[CODE])).unwrap();
    assert_eq!(server.answers, [Answer::CodeChosen {}]);
    assert!(takes(&mut card, CODE));
}

#[test]
fn weak_codes_are_refused_here_with_the_reason() {
    let mut card = new_card();
    let mut server = Scripted::new(choose(&[TRANSPORT_UNLOCK], NEW_UNLOCK));
    let mut holder = Holder::choosing(&[b"111111", b"123456", b"87654321", CODE]);
    run(&mut card, &mut server, &mut holder).unwrap();
    assert_eq!(
        holder.refused,
        [CodeProblem::OneDigit, CodeProblem::Run, CodeProblem::Run]
    );
    assert!(takes(&mut card, CODE));
}

#[test]
fn the_second_candidate_is_tried_when_the_first_is_wrong() {
    let mut card = new_card();
    let mut server = Scripted::new(choose(&[NEW_UNLOCK, TRANSPORT_UNLOCK], NEW_UNLOCK));
    run(&mut card, &mut server, &mut Holder::choosing(&[CODE])).unwrap();
    assert_eq!(server.answers, [Answer::CodeChosen {}]);
    let mut host = Host::new(&mut card);
    let new = UnlockCode::new(NEW_UNLOCK);
    assert_eq!(host.change_unlock_code(&new, &new), Ok(()));
}

#[test]
fn the_last_try_of_the_unlock_code_is_kept() {
    let mut card = new_card();
    let mut server = Scripted::new(choose(
        const { &[*b"wrong--1", *b"wrong--2", *b"wrong--3"] },
        NEW_UNLOCK,
    ));
    run(&mut card, &mut server, &mut Holder::choosing(&[CODE])).unwrap();
    assert_eq!(
        server.answers,
        [Answer::UnlockCodesRefused {
            tries_left: Some(1)
        }]
    );
    let mut host = Host::new(&mut card);
    let unlock = UnlockCode::new(TRANSPORT_UNLOCK);
    assert_eq!(host.change_unlock_code(&unlock, &unlock), Ok(()));
}

#[test]
fn a_card_whose_unlock_code_is_blocked_is_lost() {
    let mut card = new_card();
    {
        let mut host = Host::new(&mut card);
        host.select().unwrap();
        let wrong = UnlockCode::new(*b"wrong--1");
        for _ in 0..3 {
            host.change_unlock_code(&wrong, &wrong).unwrap_err();
        }
        assert_eq!(
            host.change_unlock_code(&wrong, &wrong),
            Err(PinProblem::Blocked)
        );
    }
    let mut server = Scripted::new(choose(&[TRANSPORT_UNLOCK], NEW_UNLOCK));
    let stopped = run(&mut card, &mut server, &mut Holder::choosing(&[CODE])).unwrap_err();
    assert_eq!(reason(stopped), StopReason::UnlockCodeBlocked);
}

#[test]
fn a_holder_who_cancels_leaves_the_card_as_it_was() {
    let mut card = new_card();
    let before = card.to_json().unwrap();

    let mut server = Scripted::new(choose(&[TRANSPORT_UNLOCK], NEW_UNLOCK));
    let mut holder = Holder {
        chooses: [None].into(),
        ..Holder::default()
    };
    let stopped = run(&mut card, &mut server, &mut holder).unwrap_err();
    assert_eq!(
        stopped,
        Stopped::Here {
            reason: StopReason::Cancelled,
            cause: None,
            told: Some("Klart".to_owned())
        }
    );
    assert_eq!(
        server.answers,
        [Answer::Stopped {
            reason: StopReason::Cancelled
        }]
    );
    assert!(*before == *card.to_json().unwrap());
}

#[test]
fn envelopes_and_rules_that_make_no_sense_are_not_carried_out() {
    type Change = fn(&[u8], &mut Step);
    let changes: [Change; 6] = [
        |_, step| {
            if let Step::ChooseCode { unlock_codes, .. } = step {
                unlock_codes.clear();
            }
        },
        |key, step| {
            if let Step::ChooseCode { unlock_codes, .. } = step {
                *unlock_codes = vec![sealed(key, &TRANSPORT_UNLOCK); 4];
            }
        },
        |key, step| {
            if let Step::ChooseCode {
                new_unlock_code, ..
            } = step
            {
                *new_unlock_code = sealed(key, b"seven77");
            }
        },
        |_, step| {
            if let Step::ChooseCode {
                new_unlock_code, ..
            } = step
            {
                new_unlock_code.0.push(0);
            }
        },
        |_, step| {
            if let Step::ChooseCode { minimum, .. } = step {
                *minimum = 9;
            }
        },
        |_, step| {
            if let Step::ChooseCode { maximum, .. } = step {
                *maximum = 5;
            }
        },
    ];
    for change in changes {
        let mut card = new_card();
        let before = card.to_json().unwrap();
        let mut plan = choose(&[TRANSPORT_UNLOCK], NEW_UNLOCK);
        let mut server = Scripted::new(move |key: &[u8], answer: Option<&Answer>| {
            let mut next = plan.next(key, answer);
            if let Next::Step(step) = &mut next {
                change(key, step);
            }
            next
        });
        // The holder is not asked: an empty list of codes would panic.
        let stopped = run(&mut card, &mut server, &mut Holder::default()).unwrap_err();
        assert_eq!(reason(stopped), StopReason::NotAllowed);
        assert!(*before == *card.to_json().unwrap());
    }
}
