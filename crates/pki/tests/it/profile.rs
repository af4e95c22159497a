use pki::key::{KeyKind, SoftwareKey};
use pki::name::DistinguishedName;
use pki::profile::{Arc, IdentityType, Issuer, Loa, ProfileError, ProfileKind, tbs};

use crate::house::{House, Order};

/// A kind, what is changed in its order, and why it is refused then.
type Case<'a> = (ProfileKind, &'a dyn Fn(&mut Order), ProfileError);

#[test]
fn incomplete_requests_are_refused() {
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let (leaf, _) = house.issue(&Order::of(ProfileKind::Login));
    let people = Issuer::Authority(&house.people);
    let refused = |issuer, kind, change: &dyn Fn(&mut Order)| {
        let mut order = Order::of(kind);
        change(&mut order);
        tbs(&order.request(issuer, &key)).err()
    };
    use ProfileError as E;
    use ProfileKind as K;
    let unchanged = |_: &mut Order| {};
    assert_eq!(refused(people, K::Login, &unchanged), None);
    assert_eq!(
        refused(Issuer::Itself, K::Login, &unchanged),
        Some(E::Issuer)
    );
    assert_eq!(refused(people, K::RootCa, &unchanged), Some(E::Issuer));
    assert_eq!(
        refused(Issuer::Authority(&leaf), K::Login, &unchanged),
        Some(E::NotAnAuthority)
    );
    let cases: [Case<'_>; 15] = [
        (
            K::Login,
            &|o| o.subject = DistinguishedName::new(),
            E::EmptySubject,
        ),
        (K::Login, &|o| o.not_after = o.not_before, E::Validity),
        (
            K::Login,
            &|o| o.not_after += 100_000_000_000,
            E::OutlivesIssuer,
        ),
        (K::Login, &|o| o.loa = None, E::Policies),
        (K::Login, &|o| o.identity_type = None, E::Policies),
        (K::OcspResponder, &|o| o.loa = Some(Loa::Two), E::Policies),
        (K::Encryption, &|o| o.email = None, E::EmailMissing),
        (K::Login, &|o| o.email = Some("åsa@example.se"), E::BadEmail),
        (K::Login, &|o| o.email = Some("a@b@c"), E::BadEmail),
        (K::Login, &|o| o.email = Some("example.se"), E::BadEmail),
        (
            K::Login,
            &|o| o.principal = Some("asa"),
            E::BadUserPrincipalName,
        ),
        (
            K::Signature,
            &|o| o.principal = Some("a@b"),
            E::BadUserPrincipalName,
        ),
        (
            K::Login,
            &|o| o.card_number = Some("12 34"),
            E::BadCardNumber,
        ),
        (
            K::Login,
            &|o| o.addresses.ocsp = Some("https://x".to_owned()),
            E::BadAddress,
        ),
        (
            K::Login,
            &|o| o.addresses.revocation_list = None,
            E::BadAddress,
        ),
    ];
    for (number, (kind, change, expected)) in cases.into_iter().enumerate() {
        assert_eq!(
            refused(people, kind, change),
            Some(expected),
            "case {number}"
        );
    }
}

#[test]
fn the_default_arc_is_what_parsing_gives() {
    let parsed = Arc::parse("1.3.6.1.4.1.59999.1").unwrap();
    assert_eq!(parsed, Arc::default());
    assert_eq!(parsed.loa(Loa::Two).to_string(), "1.3.6.1.4.1.59999.1.1.2");
    assert_eq!(
        parsed
            .identity_type(IdentityType::PersonalNumber)
            .to_string(),
        "1.3.6.1.4.1.59999.1.2.2"
    );
    assert_eq!(parsed.card_number().to_string(), "1.3.6.1.4.1.59999.1.3.1");
    assert!(Arc::parse("one.two").is_err());
}
