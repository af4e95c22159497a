//! What a plain card does not know, and what either kind says of itself.

use piv::algorithm::ManagementAlgorithm;
use piv::{AnyManagementKey, Host, Instruction, ObjectTag};
use vcard::{Card, Profile};

use crate::fixture::{card, entropy, manage, personalisation, say, transport_key, transport_pin};

fn plain() -> Card {
    let mut wanted = personalisation();
    wanted.profile = Profile::Plain;
    Card::new(&wanted, entropy(1)).unwrap()
}

#[test]
fn a_plain_card_has_no_extension() {
    let mut plain = plain();
    assert!(manage(&mut Host::new(&mut plain), &transport_key()));
    Host::new(&mut plain).verify_pin(&transport_pin()).unwrap();
    let extensions = [0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFD, 0xFE, 0xFF];
    for instruction in extensions {
        assert_eq!(
            say(&mut plain, &format!("00{instruction:02x}0000")),
            "6d00",
            "{instruction:02X}"
        );
    }
    for instruction in Instruction::ALL {
        assert_eq!(
            instruction.is_extension(),
            extensions.contains(&instruction.byte())
        );
    }
    assert_eq!(Host::new(&mut plain).version(), Ok(None));
    assert_eq!(Host::new(&mut plain).serial(), Ok(None));
}

#[test]
fn a_plain_card_has_no_object_of_the_extension() {
    let mut plain = plain();
    let mut host = Host::new(&mut plain);
    assert!(manage(&mut host, &transport_key()));
    assert_eq!(host.read_attestation_certificate(), Ok(None));
    assert!(host.write_object(ObjectTag(0x005F_FF00), &[1]).is_err());
    host.write_object(ObjectTag::SECURITY, &[1]).unwrap();
}

#[test]
fn a_plain_card_makes_keys_by_the_slots_own_rule() {
    let mut plain = plain();
    assert!(manage(&mut Host::new(&mut plain), &transport_key()));
    // With the extension's "PIN never" (AA 01 01), which the standard does not have.
    let made = say(&mut plain, "0047009a 08 ac06 800111 aa0101 00");
    assert!(made.starts_with("7f49"), "{made}");
    let used = say(
        &mut plain,
        &format!("0087119a 26 7c24 8200 8120 {} 00", "11".repeat(32)),
    );
    assert_eq!(used, "6982");
}

#[test]
fn either_kind_is_kept_as_what_it_is() {
    for profile in [Profile::Plain, Profile::Yubikey] {
        let mut wanted = personalisation();
        wanted.profile = profile;
        let card = Card::new(&wanted, entropy(1)).unwrap();
        let again = Card::from_json(&card.to_json().unwrap(), entropy(2)).unwrap();
        assert_eq!(again.profile(), profile);
        assert!(*again.to_json().unwrap() == *card.to_json().unwrap());
    }
}

#[test]
fn cards_from_before_there_were_kinds_have_the_extensions() {
    let text = card().to_json().unwrap();
    let mut old: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(old.as_object_mut().unwrap().remove("profile").is_some());
    let mut old = Card::from_json(&old.to_string(), entropy(1)).unwrap();
    assert_eq!(say(&mut old, "00fd0000 00"), "0504039000");
}

#[test]
fn a_producer_may_give_any_management_key() {
    for algorithm in ManagementAlgorithm::ALL {
        let mut wanted = personalisation();
        wanted.profile = Profile::Plain;
        let key = vec![0x5A; algorithm.key_length()];
        wanted.management_key = AnyManagementKey::parse(algorithm, &key).ok().unwrap();
        let mut card = Card::new(&wanted, entropy(1)).unwrap();
        for asked in ManagementAlgorithm::ALL {
            let answer = say(
                &mut card,
                &format!("0087{:02x}9b 04 7c02 8100 00", asked.identifier()),
            );
            assert_eq!(answer.ends_with("9000"), asked == algorithm, "{asked:?}");
        }
    }
}
