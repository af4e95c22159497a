//! How an act opens and ends, whoever ends it.

use crate::world::{Broken, Holder, Scripted, finished, new_card, run, steps};
use client::{Moment, ServerProblem, StepName, Stopped};
use piv::{Transport, TransportError};
use wire::{Act, Answer, Hello, Next, Refusal, Slot, Step, StopReason};

/// A reader whose every command ends so.
struct Reader(TransportError);

impl Transport for Reader {
    fn transmit(&mut self, _: &[u8]) -> Result<Vec<u8>, TransportError> {
        Err(self.0.clone())
    }
}

fn refusal() -> Refusal {
    Refusal {
        code: "activate.no-identity-check".to_owned(),
        text: "Kontrollera identiteten\u{202E} först.".to_owned(),
    }
}

fn stop(reason: StopReason) -> Answer {
    Answer::Stopped { reason }
}

#[test]
fn the_holder_sees_who_asks_and_how_far_it_is() {
    let mut server = Scripted::new(steps(vec![
        Step::ReadCard {},
        Step::ReadCertificate { slot: Slot::LOGIN },
    ]));
    let mut holder = Holder::default();
    run(&mut new_card(), &mut server, &mut holder).unwrap();
    let asks = holder.asked.first().unwrap();
    assert_eq!(asks.act, Act::Activate);
    assert_eq!(asks.who_asks, "Region Demo");
    assert_eq!(asks.for_whom.as_deref(), Some("Åsa Öberg"));
    assert_eq!(asks.purpose, "Aktivera kortet");
    assert_eq!(
        holder.steps,
        [
            (StepName::ReadCard, Moment::Begun),
            (StepName::ReadCard, Moment::Done),
            (StepName::ReadCertificate(Slot::LOGIN), Moment::Begun),
            (StepName::ReadCertificate(Slot::LOGIN), Moment::Done),
        ]
    );
}

#[test]
fn the_card_is_not_touched_before_the_holder_agrees() {
    let mut server = Scripted::new(steps(vec![Step::ReadCard {}]));
    let mut holder = Holder {
        disagrees: true,
        ..Holder::default()
    };
    // Any command would end in NoCard.
    let stopped = run(
        &mut Reader(TransportError::NoCard),
        &mut server,
        &mut holder,
    )
    .unwrap_err();
    assert!(matches!(
        stopped,
        Stopped::Here {
            reason: StopReason::Cancelled,
            ..
        }
    ));
    assert_eq!(server.answers, [stop(StopReason::Cancelled)]);
}

#[test]
fn a_holder_who_leaves_is_heard_between_two_steps() {
    let mut server = Scripted::new(steps(vec![
        Step::ReadCard {},
        Step::ReadCertificate { slot: Slot::LOGIN },
    ]));
    let mut holder = Holder {
        leaves_after: Some(1),
        ..Holder::default()
    };
    let stopped = run(&mut new_card(), &mut server, &mut holder).unwrap_err();
    let Stopped::Here { reason, .. } = stopped else {
        panic!("{stopped:?}");
    };
    assert_eq!(reason, StopReason::Cancelled);
    // The step that was begun is done, and the next is not.
    let read = (StepName::ReadCard, Moment::Done);
    assert_eq!(holder.steps.last(), Some(&read));
    assert!(matches!(
        &server.answers[..],
        [Answer::Card { .. }, Answer::Stopped { .. }]
    ));
}

#[test]
fn who_asks_must_be_readable() {
    let mut server = Scripted::new(steps(vec![Step::ReadCard {}]));
    server.welcome.who_asks = "Bank\u{202E}en".to_owned();
    let mut holder = Holder::default();
    let stopped = run(&mut new_card(), &mut server, &mut holder).unwrap_err();
    assert!(matches!(
        stopped,
        Stopped::Here {
            reason: StopReason::NotAllowed,
            ..
        }
    ));
    assert!(holder.asked.is_empty());
}

#[test]
fn no_card_no_reader_and_a_broken_reader() {
    let reasons = [
        (TransportError::NoCard, StopReason::NoCard),
        (TransportError::NoReader, StopReason::NoCard),
        (TransportError::CardRemoved, StopReason::CardRemoved),
        (
            TransportError::Reader("0x8010002F".to_owned()),
            StopReason::CardFault,
        ),
    ];
    for (error, reason) in reasons {
        let mut server = Scripted::new(steps(vec![Step::ReadCard {}]));
        let stopped = run(&mut Reader(error), &mut server, &mut Holder::default()).unwrap_err();
        assert!(
            matches!(stopped, Stopped::Here { reason: found, cause: Some(_), .. } if found == reason)
        );
        assert_eq!(server.answers, [stop(reason)]);
    }
}

#[test]
fn refusals_and_incidents_reach_the_holder_readable() {
    let plain = Refusal {
        text: "Kontrollera identiteten först.".to_owned(),
        ..refusal()
    };
    let number = || "I-17".to_owned();
    for late in [false, true] {
        let mut server = Scripted::new(move |_: &[u8], answer: Option<&Answer>| match answer {
            None if late => Next::Step(Step::ReadCard {}),
            _ => Next::Refused(refusal()),
        });
        let stopped = run(&mut new_card(), &mut server, &mut Holder::default()).unwrap_err();
        assert_eq!(stopped, Stopped::Refused(plain.clone()));

        let mut server = Scripted::new(move |_: &[u8], answer: Option<&Answer>| match answer {
            None if late => Next::Step(Step::ReadCard {}),
            _ => Next::Incident { number: number() },
        });
        let stopped = run(&mut new_card(), &mut server, &mut Holder::default()).unwrap_err();
        assert_eq!(stopped, Stopped::Incident { number: number() });
    }
}

#[test]
fn a_server_that_never_ends_is_cut_off() {
    let mut server = Scripted::new(|_: &[u8], _: Option<&Answer>| Next::Step(Step::ReadCard {}));
    let stopped = run(&mut new_card(), &mut server, &mut Holder::default()).unwrap_err();
    assert!(matches!(
        stopped,
        Stopped::Here {
            reason: StopReason::NotAllowed,
            ..
        }
    ));
    assert!(server.answers.len() <= 201);
}

#[test]
fn a_stopped_act_does_nothing_more_whatever_the_server_says() {
    let mut server = Scripted::new(|_: &[u8], _: Option<&Answer>| {
        Next::Step(Step::WriteKeyHistory { on_card: 99 })
    });
    let stopped = run(&mut new_card(), &mut server, &mut Holder::default()).unwrap_err();
    assert!(matches!(stopped, Stopped::Here { told: None, .. }));
    assert_eq!(server.answers, [stop(StopReason::NotAllowed)]);
}

#[test]
fn a_line_that_breaks_ends_the_act_and_the_code_is_forgotten() {
    for left in 0..3 {
        let mut card = new_card();
        let mut scripted = Scripted::new(steps(vec![
            Step::EnterCode {},
            Step::ReadCard {},
            Step::ReadCard {},
        ]));
        let mut server = Broken::after(left, &mut scripted);
        let mut holder = Holder::entering(&[crate::world::TRANSPORT_CODE]);
        let stopped = client::run(&mut card, &mut server, &mut holder, "ticket-1").unwrap_err();
        assert_eq!(stopped, Stopped::Server(ServerProblem::Unreachable));
        let mut host = piv::Host::new(&mut card);
        host.select().unwrap();
        assert_eq!(host.pin_tries_left(), Ok(Some(3)));
    }
}

#[test]
fn the_hello_names_the_client_and_a_fresh_key() {
    let key = || {
        let mut server = Scripted::new(|_: &[u8], answer: Option<&Answer>| match answer {
            None => Next::Step(Step::ReadCard {}),
            Some(_) => finished(),
        });
        run(&mut new_card(), &mut server, &mut Holder::default()).unwrap();
        let hello: Hello = wire::decode(server.sent.first().unwrap()).unwrap();
        assert_eq!(hello.ticket, "ticket-1");
        assert!(hello.client.starts_with("sigill-card "));
        hello.act_key
    };
    let (one, other) = (key(), key());
    assert_eq!(one.as_slice().len(), 65);
    assert_ne!(one, other);
}
