//! Every message goes to JSON and back, and nothing but what was agreed is read.
#![expect(clippy::unwrap_used, reason = "tests")]

mod samples;

use std::fmt::Debug;

use wire::{
    Act, BadMessage, Bytes, Continue, Day, Hello, Message, Next, Octets, Opening, Slot, Step,
    StopReason, decode, encode,
};

fn there_and_back<M: Message + PartialEq + Debug>(message: &M) {
    let json = encode(message).unwrap();
    assert_eq!(&decode::<M>(&json).unwrap(), message);

    // One field more, at the top and so also inside each step and answer, since their tags lie there.
    let text = String::from_utf8(json).unwrap();
    let more = text.replacen('{', "{\"more\":1,", 1);
    assert!(decode::<M>(more.as_bytes()).is_err(), "{more}");
    for tag in ["\"step\":{", "\"answer\":{"] {
        if text.contains(tag) {
            let more = text.replacen(tag, &format!("{tag}\"more\":1,"), 1);
            assert!(decode::<M>(more.as_bytes()).is_err(), "{more}");
        }
    }
}

#[test]
fn every_message_survives_json_and_takes_no_unknown_field() {
    there_and_back(&samples::hello());
    samples::openings().iter().for_each(there_and_back);
    samples::turns().iter().for_each(there_and_back);
    samples::nexts().iter().for_each(there_and_back);
}

#[test]
fn the_written_form_stays() {
    let text = |next: Next| String::from_utf8(encode(&next).unwrap()).unwrap();
    assert_eq!(
        text(Next::Step(Step::ReadCertificate { slot: Slot::LOGIN })),
        r#"{"next":"step","step":"read-certificate","slot":"9a"}"#
    );
    assert_eq!(
        text(Next::Step(Step::AnswerManagement {
            response: Octets([0; 16])
        })),
        r#"{"next":"step","step":"answer-management","response":"AAAAAAAAAAAAAAAAAAAAAA=="}"#
    );
    assert_eq!(
        text(Next::Incident {
            number: "I-1".to_owned()
        }),
        r#"{"next":"incident","number":"I-1"}"#
    );
}

#[test]
fn acts_and_stop_reasons_have_their_names() {
    let name = |value: serde_json::Value| value.as_str().unwrap().to_owned();
    let acts = [
        (Act::Activate, "activate"),
        (Act::SignIn, "sign-in"),
        (Act::Unlock, "unlock"),
        (Act::FetchCertificate, "fetch-certificate"),
        (Act::Renew, "renew"),
        (Act::HandOver, "hand-over"),
        (Act::Sign, "sign"),
        (Act::Identify, "identify"),
        (Act::Repair, "repair"),
    ];
    for (act, text) in acts {
        assert_eq!(name(serde_json::to_value(act).unwrap()), text);
    }
    let reasons = [
        (StopReason::Cancelled, "cancelled"),
        (StopReason::NoCard, "no-card"),
        (StopReason::CardRemoved, "card-removed"),
        (StopReason::CodeBlocked, "code-blocked"),
        (StopReason::UnlockCodeBlocked, "unlock-code-blocked"),
        (StopReason::CardFault, "card-fault"),
        (StopReason::OtherCard, "other-card"),
        (StopReason::NotAllowed, "not-allowed"),
    ];
    for (reason, text) in reasons {
        assert_eq!(name(serde_json::to_value(reason).unwrap()), text);
    }
}

#[test]
fn what_cannot_be_is_not_read() {
    let refused = [
        r#"{"next":"step","step":"send-apdu","apdu":"AAAA"}"#,
        r#"{"next":"step","step":"read-certificate","slot":"80"}"#,
        r#"{"next":"step","step":"read-certificate","slot":"9b"}"#,
        r#"{"next":"step","step":"read-certificate","slot":"9A"}"#,
        r#"{"next":"step","step":"read-certificate"}"#,
        r#"{"next":"step","step":"answer-management","response":"AAAA"}"#,
        r#"{"next":"step","step":"replace-management-key","sealed":"AA=A"}"#,
        r#"{"next":"step","step":"replace-management-key","sealed":"AA"}"#,
        r#"{"next":"step","step":"generate-key","slot":"9a","algorithm":"rsa-1024"}"#,
        r#"{"next":"step","step":"write-identity","guid":"AAAAAAAAAAAAAAAAAAAAAA==","expires_on":"2031-02-29"}"#,
        r#"{"next":"finished"}"#,
        r#"{"text":"x"}"#,
        "[]",
        "",
    ];
    for json in refused {
        assert!(
            matches!(
                decode::<Next>(json.as_bytes()),
                Err(BadMessage::Malformed { .. })
            ),
            "{json}"
        );
    }
    let long = format!(
        r#"{{"next":"finished","text":"{}"}}"#,
        "x".repeat(wire::path::LARGEST_MESSAGE)
    );
    assert_eq!(decode::<Next>(long.as_bytes()), Err(BadMessage::TooLong));
}

#[test]
fn cut_and_broken_messages_are_refused_without_a_panic() {
    for next in samples::nexts() {
        let json = encode(&next).unwrap();
        for end in 0..json.len() {
            assert!(decode::<Next>(json.get(..end).unwrap()).is_err());
        }
        for at in 0..json.len() {
            let mut broken = json.clone();
            for byte in [0u8, b'"', b'}', 0xFF] {
                if let Some(place) = broken.get_mut(at) {
                    *place = byte;
                }
                let _ = decode::<Next>(&broken);
            }
        }
    }
}

#[test]
fn debug_shows_neither_ticket_nor_session_nor_envelopes() {
    let Some(Opening::Welcome(welcome)) = samples::openings().into_iter().next() else {
        panic!("the first opening is a welcome");
    };
    let turn: Continue = samples::turns().into_iter().next().unwrap();
    let hello: Hello = samples::hello();
    for shown in [
        format!("{hello:?}"),
        format!("{welcome:?}"),
        format!("{turn:?}"),
        format!("{:?}", samples::nexts()),
    ] {
        assert!(!shown.contains("ticket-7") && !shown.contains("session-7"));
        assert!(!shown.contains("Öberg"));
        assert!(!shown.contains("5, 5, 5"));
    }
    assert_eq!(format!("{:?}", Bytes(vec![1, 2])), "Bytes(2 bytes)");
}

#[test]
fn slots_are_a_closed_list() {
    let allowed: Vec<u8> = (0..=255)
        .filter(|reference| Slot::new(*reference).is_ok())
        .collect();
    let mut expected: Vec<u8> = (0x82..=0x95).collect();
    expected.extend([0x9A, 0x9C, 0x9D, 0x9E]);
    assert_eq!(allowed, expected);
    assert_eq!(Slot::all().count(), expected.len());
    for slot in Slot::all() {
        assert_eq!(Slot::parse(&slot.to_string()), Ok(slot));
        assert_eq!(slot.is_retired(), slot.reference() < 0x9A);
    }
    for text in ["", "9", "9a ", " 9a", "+9", "9a9a", "f9", "9A", "å"] {
        assert!(Slot::parse(text).is_err(), "{text}");
    }
}

#[test]
fn days_exist() {
    for text in ["2031-11-23", "2028-02-29", "2000-02-29", "9999-12-31"] {
        assert_eq!(Day::parse(text).unwrap().to_string(), text);
    }
    for text in [
        "2031-02-29",
        "2100-02-29",
        "2031-04-31",
        "2031-00-10",
        "2031-13-01",
        "2031-1-1",
        "20311123",
        "0999-01-01",
        "2031-11-23-",
        "+031-11-23",
        "2031-11-2３",
        "",
    ] {
        assert!(Day::parse(text).is_err(), "{text}");
    }
    let day = Day::new(2031, 11, 23).unwrap();
    assert_eq!((day.year(), day.month(), day.day()), (2031, 11, 23));
}
