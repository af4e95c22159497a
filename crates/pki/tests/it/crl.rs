use pki::crl::{Crl, CrlBuilder, CrlError, Reason};
use pki::key::KeyKind;
use pki::serial::Serial;

use crate::house::{DAY, House, NOW, Order};

fn serial(number: u64) -> Serial {
    let mut bytes = [0x40; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    Serial::from_entropy(bytes)
}

#[test]
fn what_is_listed_is_read_back() {
    let house = House::new(KeyKind::P256);
    let mut list = CrlBuilder::new(&house.people, 300, NOW, NOW + DAY).unwrap();
    for (number, reason) in (0..).zip(Reason::ALL) {
        list.revoke(&serial(number), NOW - 10, reason);
    }
    let der = list.sign(&house.people_key).unwrap();
    let list = Crl::from_der(&der).unwrap();
    assert_eq!(list.verify(&house.people), Ok(()));
    assert_eq!(list.verify(&house.root), Err(CrlError::WrongIssuer));
    assert_eq!((list.number(), list.len()), (300, 10));
    assert_eq!((list.this_update(), list.next_update()), (NOW, NOW + DAY));
    for (number, reason) in (0..).zip(Reason::ALL) {
        let entry = list.entry(&serial(number)).unwrap();
        assert_eq!((entry.reason, entry.revoked_at), (reason, NOW - 10));
    }
    assert!(!list.contains(&serial(99)));
    assert_eq!(list.der(), der);
}

#[test]
fn an_empty_list_is_a_list() {
    let house = House::new(KeyKind::P384);
    let list = CrlBuilder::new(&house.root, 0, NOW, NOW + DAY)
        .and_then(|list| list.at_address("http://pki.example.se/pki/root.crl"))
        .unwrap();
    let list = Crl::from_der(&list.sign(&house.root_key).unwrap()).unwrap();
    assert!(list.is_empty());
    assert_eq!(list.number(), 0);
    assert_eq!(list.verify(&house.root), Ok(()));
}

#[test]
fn a_long_list_crosses_every_length_of_header() {
    let house = House::new(KeyKind::P256);
    for count in [1, 3, 6, 1_500, 20_000] {
        let mut list = CrlBuilder::new(&house.people, 1, NOW, NOW + DAY).unwrap();
        list.reserve(count);
        for number in 0..count {
            list.revoke(
                &serial(u64::try_from(number).unwrap()),
                NOW,
                Reason::KeyCompromise,
            );
        }
        let list = Crl::from_der(&list.sign(&house.people_key).unwrap()).unwrap();
        assert_eq!(list.len(), count);
        assert_eq!(list.entries().count(), count);
        assert_eq!(list.verify(&house.people), Ok(()));
    }
}

#[test]
fn only_authorities_list() {
    let house = House::new(KeyKind::P256);
    let (login, _) = house.issue(&Order::login());
    assert_eq!(
        CrlBuilder::new(&login, 1, NOW, NOW + DAY).err(),
        Some(CrlError::WrongIssuer)
    );
    assert_eq!(
        CrlBuilder::new(&house.people, 1, NOW, NOW).err(),
        Some(CrlError::Validity)
    );
    let list = CrlBuilder::new(&house.people, 1, NOW, NOW + DAY).unwrap();
    assert_eq!(
        list.sign(&house.root_key).err(),
        Some(CrlError::WrongSigner)
    );
    let list = CrlBuilder::new(&house.people, 1, NOW, NOW + DAY).unwrap();
    assert_eq!(
        list.at_address("ldap://x").err(),
        Some(CrlError::BadAddress)
    );
}

#[test]
fn a_changed_list_does_not_verify() {
    let house = House::new(KeyKind::P256);
    let mut list = CrlBuilder::new(&house.people, 1, NOW, NOW + DAY).unwrap();
    list.revoke(&serial(7), NOW, Reason::KeyCompromise);
    let der = list.sign(&house.people_key).unwrap();
    let needle = serial(7);
    let at = der
        .windows(16)
        .position(|window| window == needle.bytes())
        .unwrap();
    let mut forged = der;
    forged[at + 15] ^= 1;
    let forged = Crl::from_der(&forged).unwrap();
    assert!(!forged.contains(&serial(7)));
    assert!(matches!(
        forged.verify(&house.people),
        Err(CrlError::Key(_))
    ));
}

#[test]
fn reasons_have_the_numbers_of_the_standard() {
    for code in 0..=12 {
        assert_eq!(
            Reason::from_code(code).map(Reason::code),
            (code <= 10 && code != 7).then_some(code)
        );
    }
}
