//! Every decoder on random bytes, and every object there and back.

use piv::{
    Algorithm, BadObject, DataObject, Day, ObjectTag, PublicKey,
    object::{
        Capabilities, CardIdentifier, CertificateObject, Chuid, Discovery, KeyHistory,
        PrintedInformation,
    },
};
use proptest::prelude::*;

/// Bytes that look like an object's: elements with its tags and random values.
fn likely() -> impl Strategy<Value = Vec<u8>> {
    let tag = prop::sample::select(vec![
        0x01, 0x02, 0x04, 0x05, 0x30, 0x34, 0x35, 0x36, 0x3E, 0x4F, 0x5F, 0x2F, 0x70, 0x71, 0x81,
        0x82, 0x86, 0xC1, 0xC2, 0xF0, 0xF3, 0xF5, 0xFE,
    ]);
    let value = prop::collection::vec(any::<u8>(), 0..30);
    prop::collection::vec((tag, value), 0..8).prop_map(|elements| {
        let mut bytes = Vec::new();
        for (tag, value) in elements {
            bytes.push(tag);
            bytes.push(u8::try_from(value.len()).unwrap());
            bytes.extend(value);
        }
        bytes
    })
}

fn there_and_back<T: DataObject + PartialEq + std::fmt::Debug>(object: &T) -> bool {
    T::decode(&object.encode()).as_ref() == Ok(object)
}

/// What decodes at all also comes back the same once written.
fn settles<T: DataObject + PartialEq + std::fmt::Debug>(bytes: &[u8]) -> bool {
    T::decode(bytes).map_or(true, |object| there_and_back(&object))
}

fn day() -> impl Strategy<Value = Day> {
    (1_u16..=9999, 1_u8..=12, 1_u8..=28)
        .prop_map(|(year, month, day)| Day::new(year, month, day).unwrap())
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop_oneof![likely(), prop::collection::vec(any::<u8>(), 0..200)]) {
        prop_assert!(settles::<Chuid>(&bytes));
        prop_assert!(settles::<Capabilities>(&bytes));
        prop_assert!(settles::<Discovery>(&bytes));
        prop_assert!(settles::<KeyHistory>(&bytes));
        let _ = PrintedInformation::decode(&bytes);
        let _ = CertificateObject::decode(&bytes);
        let _ = Day::parse(&bytes);
        let _ = Day::parse_printed(&bytes);
        let _ = ObjectTag::from_bytes(&bytes);
        for algorithm in Algorithm::ALL {
            let _ = PublicKey::decode(algorithm, &bytes);
        }
    }

    #[test]
    fn objects_come_back(
        guid in any::<[u8; 16]>(),
        expires_on in day(),
        cardholder in prop::option::of(any::<[u8; 16]>()),
        signature in prop::collection::vec(any::<u8>(), 0..600),
        identifier in any::<[u8; 14]>(),
        count in 0_u8..=20,
    ) {
        let chuid = Chuid { cardholder, signature, ..Chuid::new(guid, expires_on) };
        prop_assert!(there_and_back(&chuid));
        let identifier = CardIdentifier { manufacturer: 0xFF, card_type: 2, identifier };
        let capabilities = Capabilities { identifier: Some(identifier) };
        prop_assert!(there_and_back(&capabilities));
        prop_assert!(there_and_back(&KeyHistory::on_card(count).unwrap()));
    }

    #[test]
    fn printed_text_is_never_longer_than_its_element(
        name in ".{0,200}",
        short in ".{0,40}",
        expires_on in day(),
    ) {
        let printed = PrintedInformation {
            name,
            affiliation: short.clone(),
            expires_on,
            card_number: "9752200100000000011".to_owned(),
            issuer: short.clone(),
            organisation: [short.clone(), short],
        };
        let read = PrintedInformation::decode(&printed.encode()).unwrap();
        prop_assert!(read.name.len() <= 125 && printed.name.starts_with(&read.name));
        prop_assert!(read.issuer.len() <= 15 && read.affiliation.len() <= 20);
        prop_assert_eq!(read.expires_on, expires_on);
    }

    #[test]
    fn certificates_come_back(certificate in prop::collection::vec(any::<u8>(), 1..3000)) {
        let object = CertificateObject { certificate };
        prop_assert_eq!(CertificateObject::decode(&object.encode()), Ok(object));
    }
}

#[test]
fn keys_of_wrong_lengths_are_refused() {
    assert!(PublicKey::ecc(Algorithm::EccP256, &[4; 65]).is_ok());
    assert!(PublicKey::ecc(Algorithm::EccP256, &[4; 97]).is_err());
    assert!(PublicKey::ecc(Algorithm::EccP384, &[2; 97]).is_err());
    assert!(PublicKey::ecc(Algorithm::Rsa2048, &[4; 256]).is_err());
    assert!(PublicKey::rsa(&[0xFF; 256], &[1, 0, 1]).is_ok());
    assert!(PublicKey::rsa(&[0x7F; 256], &[1, 0, 1]).is_err());
    assert!(PublicKey::rsa(&[0xFF; 128], &[1, 0, 1]).is_err());
    assert!(PublicKey::rsa(&[0xFF; 256], &[2]).is_err());
    assert!(PublicKey::rsa(&[0xFF; 256], &[]).is_err());
    assert_eq!(KeyHistory::on_card(21), Err(BadObject::Element(0xC1)));
}
