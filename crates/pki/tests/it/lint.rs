use pki::key::{KeyKind, SoftwareKey};
use pki::lint::lint;
use pki::profile::{Arc, Issuer, Profile, standard, tbs};

use crate::house::{DAY, House, Order, authority, person};

/// The body of what `order` asks for, from the people authority.
fn body(house: &House, order: &Order, key: &SoftwareKey) -> Vec<u8> {
    tbs(&order.request(Issuer::Authority(&house.people), key)).unwrap()
}

fn clauses(tbs: &[u8], profile: &Profile, house: &House) -> Vec<String> {
    match lint(tbs, profile, Issuer::Authority(&house.people)) {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn each_profile_passes_as_itself_and_as_nothing_else() {
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let profiles = standard::all(Arc::default());
    for made in &profiles {
        if made.class.is_authority() {
            continue;
        }
        let body = body(&house, &Order::of(made.clone()), &key);
        for read in &profiles {
            let found = clauses(&body, read, &house);
            assert_eq!(
                found.is_empty(),
                made == read,
                "{} as {}: {found:?}",
                made.name,
                read.name
            );
        }
    }
}

#[test]
fn a_changed_octet_never_passes_unless_it_is_content() {
    // Every octet of the structure changed by one bit: what still passes must differ in a value
    // that the profile leaves open (serial number, times, names, addresses, card number, key).
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let order = Order::signature();
    let good = body(&house, &order, &key);
    let mut passed = 0;
    for place in 0..good.len() {
        let mut bad = good.clone();
        bad[place] ^= 4;
        passed += usize::from(clauses(&bad, &order.profile, &house).is_empty());
    }
    assert!(passed < good.len() / 2, "{passed} of {} pass", good.len());
}

#[test]
fn lifetimes_are_held() {
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let mut order = Order::login();
    order.not_after = order.not_before + 6 * 366 * DAY;
    let found = clauses(&body(&house, &order, &key), &order.profile, &house);
    assert_eq!(found, ["profile: valid for longer than the profile allows"]);
    let mut order = Order::login();
    order.not_before -= DAY;
    let found = clauses(&body(&house, &order, &key), &order.profile, &house);
    assert_eq!(found, ["RFC 5280 6.1: begins before its issuer"]);
}

#[test]
fn subjects_must_be_complete() {
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let mut order = Order::login();
    order.subject = authority("No person");
    let found = clauses(&body(&house, &order, &key), &order.profile, &house);
    assert_eq!(found.len(), 3, "{found:?}");
    let mut order = Order::responder();
    order.subject = authority("authority");
    let found = clauses(&body(&house, &order, &key), &order.profile, &house);
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
    let order = Order::login();
    let body = body(&house, &order, &key);
    let issuer = Issuer::Authority(&other.people);
    let findings = lint(&body, &order.profile, issuer).err().unwrap();
    // Same name, other key: algorithm and authority key identifier are wrong.
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(lint(b"no certificate", &order.profile, issuer).is_err());
}
