use pki::key::{KeyKind, SoftwareKey};
use pki::lint::lint;
use pki::profile::{Issuer, ProfileKind, tbs};

use crate::house::{DAY, House, Order, authority, person};

/// The body of what `order` asks for, from the people authority.
fn body(house: &House, order: &Order, key: &SoftwareKey) -> Vec<u8> {
    tbs(&order.request(Issuer::Authority(&house.people), key)).unwrap()
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes
        .windows(from.len())
        .position(|window| window == from)
        .unwrap();
    let mut changed = bytes.to_vec();
    changed[at..at + from.len()].copy_from_slice(to);
    changed
}

fn clauses(tbs: &[u8], kind: ProfileKind, house: &House) -> Vec<String> {
    match lint(tbs, kind, Issuer::Authority(&house.people)) {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn each_kind_passes_as_itself_and_as_nothing_else() {
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let kinds = [
        ProfileKind::Login,
        ProfileKind::Signature,
        ProfileKind::Encryption,
        ProfileKind::OcspResponder,
    ];
    for made in kinds {
        let body = body(&house, &Order::of(made), &key);
        for read in ProfileKind::ALL {
            let found = clauses(&body, read, &house);
            assert_eq!(
                found.is_empty(),
                made == read,
                "{made:?} as {read:?}: {found:?}"
            );
        }
    }
}

#[test]
fn single_mistakes_are_found() {
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let good = body(&house, &Order::of(ProfileKind::Login), &key);
    let cases: [(&str, &[u8], &[u8]); 8] = [
        // keyUsage digitalSignature to keyEncipherment
        ("key usage", &[3, 2, 7, 0x80], &[3, 2, 5, 0x20]),
        // the critical flag of keyUsage to FALSE: not even DER
        (
            "critical",
            &[6, 3, 0x55, 0x1d, 0x0f, 1, 1, 0xff],
            &[6, 3, 0x55, 0x1d, 0x0f, 1, 1, 0x00],
        ),
        // keyUsage to an unknown extension
        (
            "unknown extension",
            &[6, 3, 0x55, 0x1d, 0x0f],
            &[6, 3, 0x55, 0x1d, 0x7f],
        ),
        // subjectKeyIdentifier to a second keyUsage
        (
            "twice",
            &[6, 3, 0x55, 0x1d, 0x0e],
            &[6, 3, 0x55, 0x1d, 0x0f],
        ),
        // version 3 to version 2
        ("version", &[0xa0, 3, 2, 1, 2], &[0xa0, 3, 2, 1, 1]),
        // ecdsa-with-SHA256 to SHA384
        (
            "algorithm",
            &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2],
            &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3],
        ),
        ("plain http", b"http://pki", b"ldap://pki"),
        // The user principal name to an otherName of another kind.
        (
            "upn",
            &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 20, 2, 3],
            &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 20, 2, 4],
        ),
    ];
    for (what, from, to) in cases {
        let bad = replaced(&good, from, to);
        assert!(
            !clauses(&bad, ProfileKind::Login, &house).is_empty(),
            "{what} was not found"
        );
    }
    assert!(clauses(&good, ProfileKind::Login, &house).is_empty());
}

#[test]
fn a_changed_octet_never_passes_unless_it_is_content() {
    // Every octet of the structure changed by one bit: what still passes must differ in a value
    // that the profile leaves open (serial number, times, names, addresses, card number, key).
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let good = body(&house, &Order::of(ProfileKind::Signature), &key);
    let mut passed = 0;
    for place in 0..good.len() {
        let mut bad = good.clone();
        bad[place] ^= 4;
        passed += usize::from(clauses(&bad, ProfileKind::Signature, &house).is_empty());
    }
    assert!(passed < good.len() / 2, "{passed} of {} pass", good.len());
}

#[test]
fn lifetimes_are_held() {
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let mut order = Order::of(ProfileKind::Login);
    order.not_after = order.not_before + 6 * 366 * DAY;
    let found = clauses(&body(&house, &order, &key), ProfileKind::Login, &house);
    assert_eq!(
        found,
        ["domain dossier 1.3: valid for longer than this kind of certificate may be"]
    );
    let mut order = Order::of(ProfileKind::Login);
    order.not_before -= DAY;
    let found = clauses(&body(&house, &order, &key), ProfileKind::Login, &house);
    assert_eq!(found, ["RFC 5280 6.1: begins before its issuer"]);
}

#[test]
fn subjects_must_be_complete() {
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let mut order = Order::of(ProfileKind::Login);
    order.subject = authority("No person");
    let found = clauses(&body(&house, &order, &key), ProfileKind::Login, &house);
    assert_eq!(found.len(), 3, "{found:?}");
    let mut order = Order::of(ProfileKind::OcspResponder);
    order.subject = authority("issuing-ca");
    let found = clauses(
        &body(&house, &order, &key),
        ProfileKind::OcspResponder,
        &house,
    );
    assert_eq!(
        found,
        ["RFC 5280 3.2: another certificate bears the issuer's own name"]
    );
    assert!(!person().is_empty());
}

#[test]
fn a_body_is_linted_for_one_issuer() {
    let house = House::new(KeyKind::P256);
    let other = House::new(KeyKind::P384);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let body = body(&house, &Order::of(ProfileKind::Login), &key);
    let issuer = Issuer::Authority(&other.people);
    let findings = lint(&body, ProfileKind::Login, issuer).err().unwrap();
    // Same name, other key: algorithm and authority key identifier are wrong.
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(lint(b"no certificate", ProfileKind::Login, issuer).is_err());
}
