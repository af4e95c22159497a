mod faults;
mod limits;
mod names;
mod policies;
mod revocation;

use pki::certificate::{self, Certificate};
use pki::chain::{ChainError, Purpose, verify};
use pki::key::{KeyKind, SoftwareKey};
use pki::lint::lint;
use pki::profile::{Arc, Issuer, Loa, tbs};

use crate::house::{DAY, House, NOW, Order};

const LATER: i64 = NOW + DAY;

fn outcome(
    leaf: &Certificate,
    intermediates: &[Certificate],
    root: &Certificate,
    now: i64,
    purpose: &Purpose,
) -> Result<usize, ChainError> {
    verify(leaf, intermediates, root, now, purpose).map(|verified| verified.path().len())
}

#[test]
fn a_login_leads_to_the_root() {
    for kind in [KeyKind::P256, KeyKind::P384] {
        let house = House::new(kind);
        let (login, _) = house.issue(&Order::login());
        let purpose = Purpose::client_login().with_policy(Arc::default().loa(Loa::Three));
        let people = [house.people.clone()];
        let verified = verify(&login, &people, &house.root, LATER, &purpose).unwrap();
        assert_eq!(verified.leaf(), Some(&login));
        assert_eq!(verified.issuer(), Some(&house.people));
        assert_eq!(verified.path().len(), 3);
        // Unneeded certificates and the root among them do no harm.
        let more = [login.clone(), house.root.clone(), house.people.clone()];
        assert_eq!(outcome(&login, &more, &house.root, LATER, &purpose), Ok(3));
    }
}

#[test]
fn what_does_not_hold_is_named() {
    let house = House::new(KeyKind::P256);
    let other = House::new(KeyKind::P256);
    let people = [house.people.clone()];
    let root = &house.root;
    let login = &house.issue(&Order::login()).0;
    let signature = &house.issue(&Order::signature()).0;
    let purpose = Purpose::client_login();
    use ChainError as E;
    let check = |leaf, now, purpose: &Purpose| outcome(leaf, &people, root, now, purpose);
    assert_eq!(check(login, NOW - 1, &purpose), Err(E::NotYetValid));
    assert_eq!(check(login, NOW, &purpose), Ok(3));
    assert_eq!(check(login, login.not_after(), &purpose), Ok(3));
    assert_eq!(
        check(login, login.not_after() + 1, &purpose),
        Err(E::Expired)
    );
    assert_eq!(check(login, LATER, &Purpose::signature()), Err(E::WrongUse));
    assert_eq!(
        check(login, LATER, &Purpose::secure_mail()),
        Err(E::WrongUse)
    );
    assert_eq!(
        check(login, LATER, &Purpose::ocsp_signing()),
        Err(E::WrongUse)
    );
    assert_eq!(check(signature, LATER, &purpose), Err(E::WrongUse));
    assert_eq!(check(signature, LATER, &Purpose::signature()), Ok(3));
    assert_eq!(check(signature, LATER, &Purpose::any()), Ok(3));
    assert_eq!(check(&house.people, LATER, &purpose), Err(E::IsAnAuthority));
    let two = Purpose::client_login().with_policy(Arc::default().loa(Loa::Two));
    assert_eq!(check(login, LATER, &two), Err(E::PolicyMissing));
    // No issuer, another house's issuer, another house's root: same names, other keys.
    assert_eq!(outcome(login, &[], root, LATER, &purpose), Err(E::NoPath));
    let foreign = [other.people.clone()];
    assert_eq!(
        outcome(login, &foreign, root, LATER, &purpose),
        Err(E::NoPath)
    );
    assert_eq!(
        outcome(login, &people, &other.root, LATER, &purpose),
        Err(E::NoPath)
    );
    let many = vec![house.people.clone(); 33];
    assert_eq!(
        outcome(login, &many, root, LATER, &purpose),
        Err(E::TooMany)
    );
}

#[test]
fn a_forged_signature_is_seen() {
    let house = House::new(KeyKind::P256);
    let (login, _) = house.issue(&Order::login());
    let mut forged = login.der().to_vec();
    // The last octet belongs to the number s of the signature.
    *forged.last_mut().unwrap() ^= 1;
    let forged = Certificate::from_der(&forged).unwrap();
    let people = [house.people.clone()];
    assert_eq!(
        outcome(
            &forged,
            &people,
            &house.root,
            LATER,
            &Purpose::client_login()
        ),
        Err(ChainError::BadSignature)
    );
}

#[test]
fn an_issuing_authority_makes_no_authorities() {
    let house = House::new(KeyKind::P256);
    let root = &house.root;
    let second_key = SoftwareKey::generate(KeyKind::P256).unwrap();
    // An issuing authority with pathlen 0 must not have another below it.
    let mut order = Order::issuing();
    order.subject = crate::house::authority("second");
    order.not_after -= DAY;
    let issuer = Issuer::Authority(&house.people);
    let body = tbs(&order.request(issuer, &second_key)).unwrap();
    let linted = lint(&body, &order.profile, issuer).unwrap();
    let second = certificate::sign(linted, &house.people_key).unwrap();
    let leaf_key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let mut order = Order::login();
    order.serial = 9;
    let leaf = order.issue(Issuer::Authority(&second), &second_key, &leaf_key);
    let intermediates = [second, house.people.clone()];
    assert_eq!(
        outcome(&leaf, &intermediates, root, LATER, &Purpose::client_login()),
        Err(ChainError::TooLong)
    );
}
