use pki::crl::{Crl, CrlBuilder, CrlError, CrlHead, CrlWriter, DeltaCrl, EntryLengths, Reason};
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
    let reasons = Reason::ALL
        .into_iter()
        .filter(|reason| *reason != Reason::RemoveFromCrl);
    for (number, reason) in (0..).zip(reasons.clone()) {
        list.revoke(&serial(number), NOW - 10, reason);
    }
    let der = list.sign(&house.people_key).unwrap();
    let list = Crl::from_der(&der).unwrap();
    assert_eq!(list.verify(&house.people), Ok(()));
    assert_eq!(list.verify(&house.root), Err(CrlError::WrongIssuer));
    assert_eq!((list.number(), list.len()), (300, 9));
    assert_eq!((list.this_update(), list.next_update()), (NOW, NOW + DAY));
    for (number, reason) in (0..).zip(reasons) {
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

/// Serial numbers of every length and sign, times on both sides of 2050, with and without a reason.
fn odd_entries() -> Vec<(Serial, i64, Reason)> {
    let serials = (1..=20).flat_map(|length| {
        [0x01, 0x7f, 0x80, 0xff].map(|first| {
            let mut octets = vec![0x5a; length];
            octets[0] = first;
            Serial::from_bytes(&octets).unwrap()
        })
    });
    let times = [NOW, EntryLengths::LATE - 1, EntryLengths::LATE];
    let reasons = [Reason::Unspecified, Reason::CertificateHold];
    serials
        .flat_map(|serial| times.map(|time| reasons.map(|reason| (serial, time, reason))))
        .flatten()
        .collect()
}

fn lengths(entries: &[(Serial, i64, Reason)]) -> EntryLengths {
    let count = |test: fn(&(Serial, i64, Reason)) -> bool| {
        u64::try_from(entries.iter().filter(|entry| test(entry)).count()).unwrap()
    };
    let octets: usize = entries.iter().map(|entry| entry.0.bytes().len()).sum();
    EntryLengths {
        entries: count(|_| true),
        serial_octets: u64::try_from(octets).unwrap() + count(|entry| entry.0.bytes()[0] >= 0x80),
        with_reason: count(|entry| entry.2 != Reason::Unspecified),
        late: count(|entry| entry.1 >= EntryLengths::LATE),
    }
}

/// Taken piece by piece, at any place, a list is the list; what was not counted is not signed.
#[test]
fn a_list_is_written_in_pieces() {
    let entries = odd_entries();
    for kind in [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
        let house = House::new(kind);
        let head = CrlHead::new(&house.people, 7, NOW, NOW + DAY).unwrap();
        let octets = lengths(&entries).octets().unwrap();
        let begin = || CrlWriter::new(&head, octets);
        for piece in [1, 50, 4_096, usize::MAX] {
            let mut writer = begin();
            let mut body = Vec::new();
            for (serial, revoked_at, reason) in &entries {
                writer.revoke(serial, *revoked_at, *reason).unwrap();
                if writer.ready() >= piece {
                    body.extend(writer.take());
                }
            }
            let end = writer.sign(&house.people_key).unwrap();
            let der = [end.front, body, end.back].concat();
            let list = Crl::from_der(&der).unwrap();
            assert_eq!(list.verify(&house.people), Ok(()));
            let read: Vec<_> = list
                .entries()
                .map(|entry| (entry.serial, entry.revoked_at, entry.reason))
                .collect();
            assert_eq!(read, entries);
        }
        let mut short = begin();
        for (serial, revoked_at, reason) in entries.iter().skip(1) {
            short.revoke(serial, *revoked_at, *reason).unwrap();
        }
        assert_eq!(
            short.sign(&house.people_key).err(),
            Some(CrlError::Length),
            "one entry is missing"
        );
        let mut none = CrlWriter::new(&head, 0);
        assert_eq!(
            none.revoke(&serial(1), NOW, Reason::Superseded),
            Err(CrlError::Length)
        );
        assert_eq!(
            begin().revoke(&serial(1), NOW, Reason::RemoveFromCrl),
            Err(CrlError::NotInFull)
        );
        assert_eq!(
            begin().sign(&house.root_key).err(),
            Some(CrlError::WrongSigner)
        );
    }
}

#[test]
fn lengths_that_no_memory_holds_are_refused() {
    let lengths = EntryLengths {
        entries: u64::MAX / 19,
        ..EntryLengths::default()
    };
    assert!(lengths.octets().is_some());
    let late = EntryLengths {
        late: u64::MAX,
        ..lengths
    };
    assert_eq!(late.octets(), None);
}

/// A delta list laid over its base: what it names it decides, the rest is as the base says.
#[test]
fn a_delta_is_laid_over_its_base() {
    let house = House::new(KeyKind::P256);
    let head = |number| CrlHead::new(&house.people, number, NOW, NOW + DAY).unwrap();
    let freshest = "http://pki.example.se/pki/people-delta.crl";
    let mut full = CrlBuilder::with_head(head(5).fresher_at(freshest).unwrap());
    full.revoke(&serial(1), NOW, Reason::Superseded);
    full.revoke(&serial(2), NOW, Reason::CertificateHold);
    full.revoke(&serial(3), NOW, Reason::CertificateHold);
    let full = Crl::from_der(&full.sign(&house.people_key).unwrap()).unwrap();
    let mut delta = CrlBuilder::with_head(head(8).since(4).unwrap());
    delta.revoke(&serial(2), NOW, Reason::RemoveFromCrl);
    delta.revoke(&serial(3), NOW, Reason::KeyCompromise);
    delta.revoke(&serial(4), NOW, Reason::CertificateHold);
    let der = delta.sign(&house.people_key).unwrap();
    assert_eq!(
        Crl::from_der(&der).err(),
        Some(CrlError::UnknownCriticalExtension),
        "a delta list is no full list"
    );
    assert!(DeltaCrl::from_der(full.der()).is_err(), "nor the other way");
    let delta = DeltaCrl::from_der(&der).unwrap();
    assert_eq!(delta.verify(&house.people), Ok(()));
    assert_eq!(delta.verify(&house.root), Err(CrlError::WrongIssuer));
    assert_eq!((delta.base(), delta.number()), (4, 8));
    assert_eq!((delta.this_update(), delta.next_update()), (NOW, NOW + DAY));
    assert_eq!(delta.entries().count(), 3);
    let said = (1..=5).map(|number| {
        delta
            .entry_over(&full, &serial(number))
            .map(|entry| entry.reason)
    });
    assert!(said.eq([
        Some(Reason::Superseded),
        None,
        Some(Reason::KeyCompromise),
        Some(Reason::CertificateHold),
        None,
    ]));
    for (number, fits) in [(3, false), (4, true), (7, true), (8, false)] {
        let other = CrlBuilder::with_head(head(number));
        let other = Crl::from_der(&other.sign(&house.people_key).unwrap()).unwrap();
        assert_eq!(delta.fits(&other), fits, "{number}");
    }
    assert!(head(4).since(5).is_err(), "a base that is yet to come");
    assert!(head(4).since(4).unwrap().fresher_at(freshest).is_err());
    assert!(head(4).fresher_at(freshest).unwrap().since(4).is_err());
    assert!(head(4).fresher_at("https://x").is_err());
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
