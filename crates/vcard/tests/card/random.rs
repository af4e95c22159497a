//! Whatever is said to a card, it answers, keeps its rules and stays loadable.

use piv::{Host, Instruction};
use proptest::prelude::*;
use vcard::Card;

use crate::fixture::{card, entropy, manage, transport_key, transport_pin};

/// Commands that make sense at first sight: known instructions, known references, TLV-like data.
fn command() -> impl Strategy<Value = Vec<u8>> {
    let instruction = prop::sample::select(
        Instruction::ALL
            .into_iter()
            .map(Instruction::byte)
            .collect::<Vec<_>>(),
    );
    let p1 = prop_oneof![
        Just(0),
        Just(0x3F),
        Just(0xFF),
        Just(0x11),
        Just(0x0C),
        any::<u8>()
    ];
    let p2 = prop_oneof![
        Just(0x80),
        Just(0x81),
        Just(0x9A),
        Just(0x9B),
        Just(0xFF),
        any::<u8>()
    ];
    let byte = prop_oneof![
        prop::sample::select(vec![
            0x5C, 0x53, 0x7C, 0x80, 0x81, 0x82, 0x85, 0xAC, 0x5F, 0xC1, 0x7E
        ]),
        0_u8..10,
        any::<u8>(),
    ];
    let data = prop::collection::vec(byte, 0..40);
    let class = prop_oneof![8 => Just(0_u8), 1 => Just(0x10), 1 => any::<u8>()];
    (class, instruction, p1, p2, data).prop_map(|(class, instruction, p1, p2, data)| {
        let mut bytes = vec![class, instruction, p1, p2];
        if !data.is_empty() {
            bytes.push(u8::try_from(data.len()).unwrap());
            bytes.extend(data);
        }
        bytes
    })
}

/// Whether it would make the card compute an RSA key, which takes seconds.
fn is_slow(bytes: &[u8]) -> bool {
    bytes.get(1) == Some(&0x47) && bytes.windows(3).any(|three| three == [0x80, 1, 7])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_bytes_are_answered(
        commands in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..20),
    ) {
        let mut card = card();
        for bytes in commands {
            prop_assert!(card.transmit(&bytes).len() >= 2);
        }
        prop_assert!(Card::from_json(&card.to_json().unwrap(), entropy(1)).is_ok());
    }

    #[test]
    fn likely_commands_are_answered_and_the_card_stays_loadable(
        managed in any::<bool>(),
        verified in any::<bool>(),
        commands in prop::collection::vec(command(), 1..40),
    ) {
        let mut card = card();
        let mut host = Host::new(&mut card);
        if managed {
            prop_assert!(manage(&mut host, &transport_key()));
        }
        if verified {
            host.verify_pin(&transport_pin()).unwrap();
        }
        for bytes in commands.iter().filter(|bytes| !is_slow(bytes)) {
            prop_assert!(card.transmit(bytes).len() >= 2);
        }
        prop_assert!(Card::from_json(&card.to_json().unwrap(), entropy(1)).is_ok());
    }

    #[test]
    fn without_the_management_key_only_code_counters_change(
        commands in prop::collection::vec(command(), 1..40),
    ) {
        let mut card = card();
        let before = card.to_json().unwrap();
        for bytes in &commands {
            card.transmit(bytes);
        }
        let after = card.to_json().unwrap();
        let without_counters = |text: &str| {
            let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
            value["pin"]["tries_left"] = 0.into();
            value["unlock_code"]["tries_left"] = 0.into();
            value
        };
        prop_assert!(without_counters(&before) == without_counters(&after));
    }

    #[test]
    fn random_text_is_no_card(text in ".{0,200}") {
        prop_assert!(Card::from_json(&text, entropy(1)).is_err());
    }
}
