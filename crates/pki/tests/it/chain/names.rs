//! Name constraints.

use pki::chain::{ChainError, Purpose, Validator, verify};

use crate::forge::{
    Draft, NAME_CONSTRAINTS, NOW, Party, constraints, directory, dns, ip, mail, name, oid,
    other_name, principal, sequence, tlv, uri,
};

/// What a login comes to whose issuer is constrained.
fn judged(
    permitted: &[Vec<u8>],
    excluded: &[Vec<u8>],
    subject: &Party,
    names: &[Vec<u8>],
) -> Result<(), ChainError> {
    let (root, issuer) = (Party::new("Root"), Party::new("Issuer"));
    let anchor = Draft::authority(&root, &root).sign();
    let authority = Draft::authority(&root, &issuer)
        .with(NAME_CONSTRAINTS, true, constraints(permitted, excluded))
        .sign();
    let leaf = Draft::person(&issuer, subject);
    let leaf = if names.is_empty() {
        leaf.sign()
    } else {
        leaf.names(names).sign()
    };
    verify(&leaf, &[authority], &anchor, NOW, &Purpose::client_login()).map(|_| ())
}

/// Permitted: whether the name lies within by the narrow reading; excluded: by the wide one.
fn lies(base: Vec<u8>, name: Vec<u8>) -> (bool, bool) {
    let subject = Party::new("Åsa");
    let names = [name];
    let base = [base];
    let judge = |permitted: &[Vec<u8>], excluded: &[Vec<u8>]| {
        let outcome = judged(permitted, excluded, &subject, &names);
        assert!(
            matches!(outcome, Ok(()) | Err(ChainError::NameNotAllowed)),
            "{outcome:?}"
        );
        outcome.is_ok()
    };
    let (permitted, excluded) = (judge(&base, &[]), !judge(&[], &base));
    (permitted, excluded)
}

const WITHIN: (bool, bool) = (true, true);
const OUTSIDE: (bool, bool) = (false, false);
/// Perhaps within: neither permitted nor safe from exclusion.
const PERHAPS: (bool, bool) = (false, true);

#[test]
fn dns_names() {
    for (base, name, expected) in [
        ("example.se", "example.se", WITHIN),
        ("example.se", "a.b.EXAMPLE.se", WITHIN),
        ("example.se", "notexample.se", OUTSIDE),
        ("example.se", "se", OUTSIDE),
        ("", "anything.example.se", WITHIN),
        ("example.se", "*.example.se", WITHIN),
        ("a.example.se", "*.example.se", PERHAPS),
        ("a.example.se", "*.b.example.se", OUTSIDE),
    ] {
        assert_eq!(lies(dns(base), dns(name)), expected, "{name} in {base}");
    }
}

#[test]
fn mail_addresses() {
    for (base, name, expected) in [
        ("example.se", "asa@example.se", WITHIN),
        ("example.se", "asa@EXAMPLE.SE", WITHIN),
        ("example.se", "asa@mail.example.se", OUTSIDE),
        (".example.se", "asa@mail.example.se", WITHIN),
        (".example.se", "asa@example.se", OUTSIDE),
        (".example.se", "asa@notexample.se", OUTSIDE),
        ("asa@example.se", "asa@example.se", WITHIN),
        ("asa@example.se", "bo@example.se", OUTSIDE),
        ("asa@example.se", "Asa@example.se", PERHAPS),
    ] {
        assert_eq!(lies(mail(base), mail(name)), expected, "{name} in {base}");
    }
}

#[test]
fn mail_addresses_in_the_subject_count_too() {
    let with_mail = |text: &str| {
        let attribute = sequence(&[oid("1.2.840.113549.1.9.1"), tlv(22, text.as_bytes())]);
        Party {
            name: tlv(0x30, &tlv(0x31, &attribute)),
            ..Party::new("")
        }
    };
    let base = [mail("example.se")];
    assert_eq!(
        judged(&base, &[], &with_mail("asa@example.se"), &[]),
        Ok(())
    );
    assert_eq!(
        judged(&base, &[], &with_mail("asa@example.com"), &[]),
        Err(ChainError::NameNotAllowed)
    );
    assert_eq!(
        judged(&[], &base, &with_mail("asa@example.se"), &[]),
        Err(ChainError::NameNotAllowed)
    );
}

#[test]
fn addresses_on_the_web() {
    for (base, name, expected) in [
        ("example.se", "https://example.se/a", WITHIN),
        (
            "example.se",
            "https://user:secret@example.se:8443?q",
            WITHIN,
        ),
        ("example.se", "https://www.example.se", OUTSIDE),
        (".example.se", "ldap://www.example.se", WITHIN),
        (".example.se", "https://example.se", OUTSIDE),
        ("example.se", "https://evil.com/example.se", OUTSIDE),
        ("example.se", "https://evil.com#@example.se", OUTSIDE),
        // No named host: it cannot be told.
        ("example.se", "https://192.0.2.1/", PERHAPS),
        ("example.se", "urn:uuid:0", PERHAPS),
    ] {
        assert_eq!(lies(uri(base), uri(name)), expected, "{name} in {base}");
    }
}

#[test]
fn network_addresses() {
    let net = ip(&[192, 0, 2, 0, 255, 255, 255, 0]);
    assert_eq!(lies(net.clone(), ip(&[192, 0, 2, 77])), WITHIN);
    assert_eq!(lies(net.clone(), ip(&[192, 0, 3, 77])), OUTSIDE);
    assert_eq!(lies(net, ip(&[0; 16])), OUTSIDE);
    let six = ip(&[[0x20; 16], [0xff; 16]].concat());
    assert_eq!(lies(six.clone(), ip(&[0x20; 16])), WITHIN);
    assert_eq!(lies(six, ip(&[0x21; 16])), OUTSIDE);
}

#[test]
fn directory_names() {
    let base = || directory(&["Region", "Vård"]);
    assert_eq!(
        lies_in_directory(base(), &["Region", "Vård", "Åsa"]),
        WITHIN
    );
    assert_eq!(
        lies_in_directory(base(), &["REGION", " vård ", "Åsa"]),
        WITHIN
    );
    assert_eq!(lies_in_directory(base(), &["Region"]), OUTSIDE);
    assert_eq!(lies_in_directory(base(), &["Vård", "Region"]), OUTSIDE);
    // The kind of string makes no difference either.
    let printable = |text: &str| {
        let attribute = sequence(&[oid("2.5.4.3"), tlv(19, text.as_bytes())]);
        tlv(0xa4, &tlv(0x30, &tlv(0x31, &attribute)))
    };
    assert_eq!(lies_in_directory(printable("region"), &["Region"]), WITHIN);
}

/// The subject is held to the constraint as a directory name among the alternative names is.
fn lies_in_directory(base: Vec<u8>, parts: &[&str]) -> (bool, bool) {
    let subject = Party {
        name: name(parts),
        ..Party::new("")
    };
    let base = [base];
    let among_names = [directory(parts)];
    let judge = |permitted: &[Vec<u8>], excluded: &[Vec<u8>]| {
        let outcome = judged(permitted, excluded, &subject, &[]);
        assert_eq!(
            outcome.is_ok(),
            judged(permitted, excluded, &subject, &among_names).is_ok()
        );
        outcome.is_ok()
    };
    (judge(&base, &[]), !judge(&[], &base))
}

#[test]
fn principal_names() {
    for (base, name, expected) in [
        ("example.se", "asa@example.se", WITHIN),
        ("@example.se", "asa@example.se", WITHIN),
        ("example.se", "asa@ad.example.se", PERHAPS),
        (".example.se", "asa@ad.example.se", WITHIN),
        (".example.se", "asa@example.se", PERHAPS),
        ("example.se", "asa@example.com", OUTSIDE),
        ("example.se", "asa", PERHAPS),
    ] {
        let outcome = lies(principal(base), principal(name));
        assert_eq!(outcome, expected, "{name} in {base}");
    }
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let subject = Party::new("Åsa");
    let own = || other_name("1.2.752.1.2.3", "x");
    let unknown = Err(ChainError::UnknownConstraint);
    assert_eq!(judged(&[own()], &[], &subject, &[own()]), unknown);
    assert_eq!(judged(&[], &[own()], &subject, &[own()]), unknown);
    // registeredID
    let registered = || tlv(0x88, &[42, 3]);
    assert_eq!(
        judged(&[registered()], &[], &subject, &[registered()]),
        unknown
    );
    // Where the form is not used, the constraint is about nothing.
    let other = [
        other_name("1.2.752.1.2.4", "x"),
        principal("asa@example.se"),
    ];
    assert_eq!(
        judged(&[own(), registered()], &[], &subject, &other),
        Ok(())
    );
}

#[test]
fn every_authority_counts_and_the_anchor_too() {
    let [root, upper, lower, person] = ["Root", "Upper", "Lower", "Åsa"].map(Party::new);
    let limit = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|name| mail(name)).collect();
        constraints(&names, &[])
    };
    let anchor = Draft::authority(&root, &root)
        .with(NAME_CONSTRAINTS, true, limit(&["a.se", "b.se", "c.se"]))
        .sign();
    let upper_certificate = Draft::authority(&root, &upper)
        .with(NAME_CONSTRAINTS, true, limit(&["a.se", "b.se", "d.se"]))
        .sign();
    let lower_certificate = Draft::authority(&upper, &lower)
        .with(NAME_CONSTRAINTS, true, limit(&["b.se", "c.se", "d.se"]))
        .sign();
    let between = [lower_certificate, upper_certificate];
    let anchors = [anchor];
    let validator = Validator::new(&anchors).with_intermediates(&between);
    for (address, expected) in [("x@b.se", true), ("x@a.se", false), ("x@d.se", false)] {
        let leaf = Draft::person(&lower, &person)
            .names(&[mail(address)])
            .sign();
        let outcome = validator.verify(&leaf, NOW, &Purpose::client_login());
        assert_eq!(outcome.is_ok(), expected, "{address}");
    }
    // One name that is well does not save another.
    let leaf = Draft::person(&lower, &person)
        .names(&[mail("x@b.se"), mail("x@a.se")])
        .sign();
    assert_eq!(
        validator.verify(&leaf, NOW, &Purpose::client_login()).err(),
        Some(ChainError::NameNotAllowed)
    );
}

#[test]
fn self_issued_authorities_are_spared_and_nobody_else() {
    let [old, person] = ["Issuer", "Åsa"].map(Party::new);
    let new = Party::new("Issuer");
    let people = constraints(&[directory(&["Åsa"])], &[]);
    let anchor = Draft::authority(&old, &old)
        .with(NAME_CONSTRAINTS, true, people)
        .sign();
    // The new key of the issuer, vouched for by the old one: its name is outside what it may certify.
    let between = [Draft::authority(&old, &new).sign()];
    let judge = |leaf| verify(&leaf, &between, &anchor, NOW, &Purpose::client_login()).err();
    assert_eq!(judge(Draft::person(&new, &person).sign()), None);
    let same_name = Party::new("Issuer");
    assert_eq!(
        judge(Draft::person(&new, &same_name).sign()),
        Some(ChainError::NameNotAllowed)
    );
}
