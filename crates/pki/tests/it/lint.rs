use pki::key::{KeyKind, Signer as _, SoftwareKey};
use pki::lint::{lint, lint_of};
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

/// What the lint's own reader takes, another decoder takes as well and would write byte for byte the same.
#[test]
fn nothing_passes_that_another_decoder_would_write_otherwise() {
    use der::{Decode as _, Encode as _};

    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    for order in [Order::login(), Order::server(), Order::responder()] {
        let good = body(&house, &order, &key);
        let mut changed: Vec<Vec<u8>> = vec![good.clone()];
        for place in 0..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[place] ^= 1 << bit;
                changed.push(bad);
            }
            let mut shorter = good.clone();
            shorter.remove(place);
            changed.push(shorter);
            let mut longer = good.clone();
            longer.insert(place, 0);
            changed.push(longer);
        }
        let mut passed = 0;
        for bytes in changed {
            let issuer = Issuer::Authority(&house.people);
            let whole = lint(&bytes, &order.profile, issuer).is_ok();
            let of_key = lint_of(key.public_key(), &bytes, &order.profile, issuer).is_ok();
            assert!(whole || !of_key, "a key at hand lets more through");
            if whole {
                passed += 1;
                let read = x509_cert::TbsCertificate::from_der(&bytes).unwrap();
                assert_eq!(read.to_der().unwrap(), bytes);
            }
        }
        assert!(passed > 1, "changed content passes");
    }
}

/// A certificate is linted for the key at hand and no other.
#[test]
fn another_key_is_not_the_subjects() {
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let other = SoftwareKey::generate(KeyKind::P256).unwrap();
    let order = Order::login();
    let body = body(&house, &order, &key);
    let issuer = Issuer::Authority(&house.people);
    assert!(lint_of(key.public_key(), &body, &order.profile, issuer).is_ok());
    let findings = lint_of(other.public_key(), &body, &order.profile, issuer)
        .err()
        .unwrap();
    assert_eq!(
        findings[0].to_string(),
        "RFC 5280 4.1.2.7: not the subject's key"
    );
}
