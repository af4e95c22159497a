use pki::key::{KeyKind, SoftwareKey};
use pki::name::DistinguishedName;
use pki::profile::{
    Arc, Class, IdentityType, Issuer, Loa, Presence, Profile, ProfileError, key_usage, standard,
    tbs, trial,
};

use crate::house::{House, Order};

/// An order, what is changed in it, and why it is refused then.
type Case<'a> = (fn() -> Order, &'a dyn Fn(&mut Order), ProfileError);

#[test]
fn incomplete_requests_are_refused() {
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let (leaf, _) = house.issue(&Order::login());
    let people = Issuer::Authority(&house.people);
    let refused = |issuer, order: fn() -> Order, change: &dyn Fn(&mut Order)| {
        let mut order = order();
        change(&mut order);
        tbs(&order.request(issuer, &key)).err()
    };
    use ProfileError as E;
    let unchanged = |_: &mut Order| {};
    assert_eq!(refused(people, Order::login, &unchanged), None);
    assert_eq!(
        refused(Issuer::Itself, Order::login, &unchanged),
        Some(E::Issuer)
    );
    assert_eq!(refused(people, Order::root, &unchanged), Some(E::Issuer));
    assert_eq!(
        refused(Issuer::Authority(&leaf), Order::login, &unchanged),
        Some(E::NotAnAuthority)
    );
    let cases: [Case<'_>; 22] = [
        (
            Order::login,
            &|o| o.profile.keys = vec![KeyKind::Rsa2048],
            E::KeyKind,
        ),
        (
            Order::login,
            &|o| o.principal = None,
            E::BadUserPrincipalName,
        ),
        (
            Order::login,
            &|o| o.dns_names = vec!["a.example.se".to_owned()],
            E::BadDnsName,
        ),
        (Order::server, &|o| o.dns_names.clear(), E::BadDnsName),
        (
            Order::server,
            &|o| o.dns_names = vec!["localhost".to_owned()],
            E::BadDnsName,
        ),
        (
            Order::login,
            &|o| o.security_identifier = Some("S-1-x"),
            E::BadSecurityIdentifier,
        ),
        (
            Order::responder,
            &|o| o.card_number = Some("97"),
            E::BadCardNumber,
        ),
        (
            Order::login,
            &|o| o.subject = DistinguishedName::new(),
            E::EmptySubject,
        ),
        (Order::login, &|o| o.not_after = o.not_before, E::Validity),
        (
            Order::login,
            &|o| o.not_after += 100_000_000_000,
            E::OutlivesIssuer,
        ),
        (Order::login, &|o| o.loa = None, E::Policies),
        (Order::login, &|o| o.identity_type = None, E::Policies),
        (Order::responder, &|o| o.loa = Some(Loa::Two), E::Policies),
        (Order::encryption, &|o| o.email = None, E::BadEmail),
        (
            Order::login,
            &|o| o.email = Some("åsa@example.se"),
            E::BadEmail,
        ),
        (Order::login, &|o| o.email = Some("a@b@c"), E::BadEmail),
        (Order::login, &|o| o.email = Some("example.se"), E::BadEmail),
        (
            Order::login,
            &|o| o.principal = Some("asa"),
            E::BadUserPrincipalName,
        ),
        (
            Order::signature,
            &|o| o.principal = Some("a@b"),
            E::BadUserPrincipalName,
        ),
        (
            Order::login,
            &|o| o.card_number = Some("12 34"),
            E::BadCardNumber,
        ),
        (
            Order::login,
            &|o| o.addresses.ocsp = Some("https://x".to_owned()),
            E::BadAddress,
        ),
        (
            Order::login,
            &|o| o.addresses.revocation_list = None,
            E::BadAddress,
        ),
    ];
    for (number, (order, change, expected)) in cases.into_iter().enumerate() {
        assert_eq!(
            refused(people, order, change),
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

#[test]
fn the_standard_profiles_pass_their_trial() {
    for profile in standard::all(Arc::default()) {
        assert_eq!(trial(&profile), Ok(()), "{}", profile.name);
    }
}

/// A profile, what is changed in it, and the clause that forbids it.
type Change = (fn(Arc) -> Profile, fn(&mut Profile), &'static str);

#[test]
fn a_profile_whose_certificates_nobody_would_sign_fails_its_trial() {
    let changes: [Change; 8] = [
        (
            standard::login,
            |p| p.rsa_key_usage |= key_usage::KEY_AGREEMENT,
            "RFC 4055 1.2",
        ),
        (
            standard::login,
            |p| p.elliptic_key_usage |= key_usage::KEY_ENCIPHERMENT,
            "RFC 8813 3",
        ),
        (
            standard::login,
            |p| p.user_principal_name = Presence::Barred,
            "MS-PKCA 3.1.5.2.1",
        ),
        (
            standard::encryption,
            |p| p.email = Presence::Barred,
            "RFC 8550 3",
        ),
        (
            standard::server,
            |p| p.dns_names = Presence::Barred,
            "RFC 9525 4.1",
        ),
        (
            standard::responder,
            |p| p.class = Class::Function,
            "RFC 6960 4.2.2.2.1",
        ),
        (
            standard::client,
            |p| p.rsa_key_usage = key_usage::CRL_SIGN | key_usage::DIGITAL_SIGNATURE,
            "RFC 5280 4.2.1.3",
        ),
        (standard::client, |p| p.keys.clear(), "profile"),
    ];
    for (number, (profile, change, clause)) in changes.into_iter().enumerate() {
        let mut profile = profile(Arc::default());
        change(&mut profile);
        // A login certificate whose account is known by its identifier needs no principal.
        profile.security_identifier = Presence::Barred;
        let findings = trial(&profile).unwrap_err();
        assert!(
            findings.iter().any(|finding| finding.clause == clause),
            "change {number}: {findings:?}"
        );
    }
}
