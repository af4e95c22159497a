//! What a certificate of a path may have wrong with itself.

use pki::certificate::{Certificate, Fault};
use pki::chain::{ChainError, Purpose, verify};

use crate::forge::{
    ALTERNATIVE_NAME, ANY_POLICY, AUTHORITY_ACCESS, AUTHORITY_KEY, BASIC_CONSTRAINTS, Draft,
    INHIBIT_ANY_POLICY, KEY_USAGE, NAME_CONSTRAINTS, NOW, POLICIES, POLICY_CONSTRAINTS,
    POLICY_MAPPINGS, Party, SUBJECT_KEY, constraints, dns, ip, mail, mappings, oid, policies,
    sequence, tlv, uri,
};

type Change = (&'static str, bool, Vec<u8>);

/// What the login comes to with a change in the leaf, in its issuer, in the anchor.
fn judged(
    leaf: Option<Change>,
    issuer: Option<Change>,
    anchor: Option<Change>,
) -> Option<ChainError> {
    let [root, middle, person] = ["Root", "Issuer", "Åsa"].map(Party::new);
    let changed = |draft: Draft<'_>, change: Option<Change>| -> Certificate {
        match change {
            None => draft.sign(),
            // An empty value takes the extension away.
            Some((kind, _, value)) if value.is_empty() => draft.without(kind).sign(),
            Some((kind, critical, value)) => draft.with(kind, critical, value).sign(),
        }
    };
    let anchor = changed(Draft::authority(&root, &root), anchor);
    let issuer = changed(Draft::authority(&root, &middle), issuer);
    let leaf = changed(Draft::person(&middle, &person), leaf);
    verify(&leaf, &[issuer], &anchor, NOW, &Purpose::client_login()).err()
}

fn key_identifier() -> Vec<u8> {
    tlv(4, b"key")
}

#[test]
fn what_the_leaf_may_not_be() {
    let names = |names: &[Vec<u8>]| (ALTERNATIVE_NAME, false, sequence(names));
    let gold = "1.2.3";
    for (change, fault) in [
        (
            (SUBJECT_KEY, true, key_identifier()),
            Fault::CriticalKeyIdentifier,
        ),
        (
            (AUTHORITY_KEY, false, vec![]),
            Fault::MissingAuthorityKeyIdentifier,
        ),
        (
            (AUTHORITY_KEY, false, sequence(&[tlv(0x82, &[1])])),
            Fault::AuthorityKeyIdentifier,
        ),
        (
            (BASIC_CONSTRAINTS, true, sequence(&[vec![2, 1, 0]])),
            Fault::BasicConstraints,
        ),
        ((KEY_USAGE, true, vec![3, 2, 2, 0x84]), Fault::KeyUsage),
        (names(&[dns(".example.se")]), Fault::AlternativeName),
        (names(&[dns("a_b.example.se")]), Fault::AlternativeName),
        (names(&[dns("192.0.2.1")]), Fault::AlternativeName),
        (names(&[dns("a*.example.se")]), Fault::AlternativeName),
        (names(&[dns("*")]), Fault::AlternativeName),
        (names(&[mail("asa")]), Fault::AlternativeName),
        (names(&[mail("a@b@example.se")]), Fault::AlternativeName),
        (names(&[uri("nowhere")]), Fault::AlternativeName),
        (names(&[ip(&[1, 2, 3])]), Fault::AlternativeName),
        (
            (
                NAME_CONSTRAINTS,
                true,
                constraints(&[dns("example.se")], &[]),
            ),
            Fault::NameConstraints,
        ),
        ((POLICIES, false, policies(&[gold, gold])), Fault::Policies),
        (
            (POLICY_MAPPINGS, true, mappings(&[(gold, "1.2.4")])),
            Fault::Policies,
        ),
        ((AUTHORITY_ACCESS, true, access()), Fault::CriticalAddresses),
    ] {
        let found = judged(Some(change.clone()), None, None);
        assert_eq!(found, Some(ChainError::Nonconforming(fault)), "{change:?}");
    }
    assert_eq!(judged(None, None, None), None);
    assert_eq!(
        judged(
            Some(names(&[dns("*.example.se"), mail("a@b.se")])),
            None,
            None
        ),
        None
    );
    // Extensions that nobody knows.
    let unknown = |critical| Some(("1.2.3.4.5", critical, vec![5, 0]));
    assert_eq!(judged(unknown(false), None, None), None);
    let refused = Some(ChainError::UnknownCriticalExtension);
    assert_eq!(judged(unknown(true), None, None), refused);
    assert_eq!(judged(None, unknown(true), None), refused);
    assert_eq!(judged(None, None, unknown(true)), refused);
}

fn access() -> Vec<u8> {
    sequence(&[sequence(&[
        oid("1.3.6.1.5.5.7.48.2"),
        uri("http://a.se/ca"),
    ])])
}

#[test]
fn what_an_authority_may_not_be() {
    let authority = || sequence(&[vec![1, 1, 0xff]]);
    let limits = |bases: &[Vec<u8>]| (NAME_CONSTRAINTS, true, constraints(bases, &[]));
    let with_minimum = tlv(0xa0, &sequence(&[dns("a.se"), tlv(0x80, &[1])]));
    for (change, fault) in [
        ((SUBJECT_KEY, false, vec![]), Fault::SubjectKeyIdentifier),
        (
            (BASIC_CONSTRAINTS, false, authority()),
            Fault::BasicConstraints,
        ),
        ((KEY_USAGE, true, vec![3, 2, 1, 0x02]), Fault::KeyUsage),
        (limits(&[]), Fault::NameConstraints),
        (limits(&[dns(".example.se")]), Fault::NameConstraints),
        (limits(&[dns("*.example.se")]), Fault::NameConstraints),
        (limits(&[mail("a@b@c.se")]), Fault::NameConstraints),
        (limits(&[ip(&[10, 0, 0, 0])]), Fault::NameConstraints),
        (
            limits(&[ip(&[10, 0, 0, 0, 255, 0, 255, 0])]),
            Fault::NameConstraints,
        ),
        (
            (NAME_CONSTRAINTS, true, sequence(&[with_minimum])),
            Fault::NameConstraints,
        ),
        (
            (
                NAME_CONSTRAINTS,
                false,
                constraints(&[dns("example.se")], &[]),
            ),
            Fault::NameConstraints,
        ),
        (
            (POLICY_MAPPINGS, true, mappings(&[(ANY_POLICY, "1.2.4")])),
            Fault::Policies,
        ),
        (
            (POLICY_MAPPINGS, true, mappings(&[("1.2.4", ANY_POLICY)])),
            Fault::Policies,
        ),
        (
            (POLICY_CONSTRAINTS, false, sequence(&[tlv(0x80, &[0])])),
            Fault::Policies,
        ),
        ((POLICY_CONSTRAINTS, true, sequence(&[])), Fault::Policies),
        ((INHIBIT_ANY_POLICY, false, vec![2, 1, 0]), Fault::Policies),
    ] {
        let refused = Some(ChainError::Nonconforming(fault));
        assert_eq!(
            judged(None, Some(change.clone()), None),
            refused,
            "{change:?}"
        );
        assert_eq!(
            judged(None, None, Some(change.clone())),
            refused,
            "{change:?}"
        );
    }
    let nobody = (BASIC_CONSTRAINTS, true, vec![]);
    let no_usage = ChainError::Nonconforming(Fault::KeyUsage);
    assert_eq!(judged(None, Some(nobody), None), Some(no_usage));
    // For other uses only.
    let server = sequence(&[oid("1.3.6.1.5.5.7.3.1")]);
    let others = (crate::forge::EXTENDED_KEY_USAGE, false, server);
    assert_eq!(judged(None, Some(others), None), Some(ChainError::WrongUse));
}

#[test]
fn an_anchor_may_be_old_fashioned() {
    let [above, root, person] = ["Above", "Root", "Åsa"].map(Party::new);
    let judge = |anchor: &Certificate| {
        let leaf = Draft::person(&root, &person).sign();
        verify(&leaf, &[], anchor, NOW, &Purpose::client_login()).err()
    };
    let silent = Draft::authority(&above, &root).without(AUTHORITY_KEY);
    assert_eq!(judge(&silent.sign()), None);
    let mut zero = Draft::authority(&root, &root);
    zero.serial = vec![0];
    assert_eq!(zero.sign().serial().to_hex(), "00");
    assert_eq!(judge(&zero.sign()), None);
    // Nobody else may: as a certificate on the way, either is refused.
    let top = Draft::authority(&above, &above).sign();
    let leaf = Draft::person(&root, &person).sign();
    let way = [silent.sign()];
    assert_eq!(
        verify(&leaf, &way, &top, NOW, &Purpose::client_login()).err(),
        Some(ChainError::Nonconforming(
            Fault::MissingAuthorityKeyIdentifier
        ))
    );
    let mut person = Draft::person(&root, &person);
    person.serial = vec![0];
    assert!(Certificate::from_der(&person.der()).is_err());
}
