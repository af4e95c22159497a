//! Hostile graphs of certificates end fast, with an error of their own; good ones are found among bad
//! ones.

use pki::certificate::Certificate;
use pki::chain::{ChainError, Limits, Purpose, Validator};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};

use crate::forge::{
    ALTERNATIVE_NAME, AUTHORITY_KEY, BASIC_CONSTRAINTS, Draft, FROM, NAME_CONSTRAINTS, NOW,
    POLICIES, POLICY_CONSTRAINTS, POLICY_MAPPINGS, Party, SUBJECT_KEY, constraints, dns, sequence,
    signed, tlv,
};

fn login() -> Purpose {
    Purpose::client_login()
}

fn with_depth(depth: usize) -> Limits {
    Limits {
        depth,
        ..Limits::default()
    }
}

/// The extension values of a key identifier that tells keys apart from none.
fn same_keys<'a>(draft: Draft<'a>) -> Draft<'a> {
    draft
        .with(AUTHORITY_KEY, false, sequence(&[tlv(0x80, b"one")]))
        .with(SUBJECT_KEY, false, tlv(4, b"one"))
}

#[test]
fn one_name_with_many_keys() {
    // Every certificate seems to have issued every other; each step needs a signature to know better.
    let parties: Vec<_> = (0..30).map(|_| Party::new("Same")).collect();
    let pairs = parties.iter().zip(parties.iter().skip(1));
    let chain: Vec<_> = pairs
        .map(|(issuer, subject)| same_keys(Draft::authority(issuer, subject)).sign())
        .collect();
    let person = Party::new("Åsa");
    let leaf = same_keys(Draft::person(&parties[29], &person)).sign();
    let root = Party::new("Root");
    let anchors = [Draft::authority(&root, &root).sign()];
    let outcome = Validator::new(&anchors)
        .with_intermediates(&chain)
        .verify(&leaf, NOW, &login());
    assert_eq!(outcome.err(), Some(ChainError::TooMuchWork));
}

#[test]
fn everybody_certifies_everybody() {
    let parties: Vec<_> = (0..6).map(|one| Party::new(&format!("CA {one}"))).collect();
    let mut all = Vec::new();
    for issuer in &parties {
        for subject in &parties {
            if !std::ptr::eq(issuer, subject) {
                all.push(Draft::authority(issuer, subject).sign());
            }
        }
    }
    let person = Party::new("Åsa");
    let leaf = Draft::person(&parties[0], &person).sign();
    let root = Party::new("Root");
    let anchors = [Draft::authority(&root, &root).sign()];
    let validator = Validator::new(&anchors).with_intermediates(&all);
    for depth in [4, 255] {
        let outcome = validator
            .with_limits(with_depth(depth))
            .verify(&leaf, NOW, &login());
        assert_eq!(outcome.err(), Some(ChainError::TooMuchWork));
    }
    let few = Limits {
        intermediates: 29,
        ..Limits::default()
    };
    let outcome = validator.with_limits(few).verify(&leaf, NOW, &login());
    assert_eq!(outcome.err(), Some(ChainError::TooMany));
    // With one that leads out, the path is found.
    let anchors = [Draft::authority(&parties[5], &parties[5]).sign()];
    let verified = Validator::new(&anchors)
        .with_intermediates(&all)
        .verify(&leaf, NOW, &login())
        .unwrap();
    assert_eq!(verified.leaf(), Some(&leaf));
    assert_eq!(verified.path().last(), anchors.first());
}

#[test]
fn nobody_goes_round_in_a_circle() {
    let [one, other, person, root] = ["One", "Other", "Åsa", "Root"].map(Party::new);
    let between = [
        Draft::authority(&one, &other).sign(),
        Draft::authority(&other, &one).sign(),
    ];
    let leaf = Draft::person(&one, &person).sign();
    let anchors = [Draft::authority(&root, &root).sign()];
    let few = Limits {
        signatures: 3,
        ..with_depth(255)
    };
    let outcome = Validator::new(&anchors)
        .with_intermediates(&between)
        .with_limits(few)
        .verify(&leaf, NOW, &login());
    assert_eq!(outcome.err(), Some(ChainError::NoPath));
}

#[test]
fn many_names_against_many_constraints() {
    let (root, person) = (Party::new("Root"), Party::new("Åsa"));
    let many = |what: &str| -> Vec<_> {
        (0..300)
            .map(|one| dns(&format!("{what}{one}.example.se")))
            .collect()
    };
    let anchors = [Draft::authority(&root, &root)
        .with(NAME_CONSTRAINTS, true, constraints(&[], &many("x")))
        .sign()];
    let leaf = Draft::person(&root, &person).names(&many("a")).sign();
    let validator = Validator::new(&anchors);
    let outcome = validator.verify(&leaf, NOW, &login());
    assert_eq!(outcome.err(), Some(ChainError::TooMuchWork));
    // It is a question of work, not of names: with more of it the path holds.
    let more = Limits {
        comparisons: 300 * 301,
        ..Limits::default()
    };
    let outcome = validator.with_limits(more).verify(&leaf, NOW, &login());
    assert!(outcome.is_ok());
}

#[test]
fn another_path_is_taken_where_the_first_fails() {
    let [old, new, issuer, person] = ["Old root", "New root", "Issuer", "Åsa"].map(Party::new);
    let leaf = Draft::person(&issuer, &person).sign();
    let anchors = [
        Draft::authority(&old, &old).sign(),
        Draft::authority(&new, &new).sign(),
    ];
    let by =
        |root, change: fn(Draft<'_>) -> Draft<'_>| change(Draft::authority(root, &issuer)).sign();
    fn expired(draft: Draft<'_>) -> Draft<'_> {
        draft.between(FROM, b"20260201000000Z")
    }
    fn constrained(draft: Draft<'_>) -> Draft<'_> {
        draft.with(
            NAME_CONSTRAINTS,
            true,
            constraints(&[crate::forge::directory(&["x"])], &[]),
        )
    }
    fn good(draft: Draft<'_>) -> Draft<'_> {
        draft
    }
    for (change, alone) in [
        (expired as fn(Draft<'_>) -> Draft<'_>, ChainError::Expired),
        (constrained, ChainError::NameNotAllowed),
    ] {
        let failing = by(&old, change);
        let holding = by(&new, good);
        let check = |between: &[Certificate]| {
            Validator::new(&anchors)
                .with_intermediates(between)
                .verify(&leaf, NOW, &login())
                .map(|verified| verified.path().to_vec())
        };
        let path = vec![leaf.clone(), holding.clone(), anchors[1].clone()];
        assert_eq!(check(&[failing.clone(), holding.clone()]), Ok(path.clone()));
        assert_eq!(check(&[holding, failing.clone()]), Ok(path));
        assert_eq!(check(&[failing]), Err(alone));
    }
}

#[test]
fn a_rollover_takes_no_room() {
    // The root has a new key; the old one vouches for it, and the path length allows one authority.
    let [old, issuer, person] = ["Root", "Issuer", "Åsa"].map(Party::new);
    let new = Party::new("Root");
    let one = sequence(&[vec![1, 1, 0xff], vec![2, 1, 1]]);
    let anchors = [Draft::authority(&old, &old)
        .with(BASIC_CONSTRAINTS, true, one)
        .sign()];
    let between = [
        Draft::authority(&new, &issuer).sign(),
        Draft::authority(&old, &new).sign(),
    ];
    let leaf = Draft::person(&issuer, &person).sign();
    let validator = Validator::new(&anchors).with_intermediates(&between);
    let verified = validator
        .with_limits(with_depth(1))
        .verify(&leaf, NOW, &login())
        .unwrap();
    assert_eq!(verified.path().len(), 4);
    let outcome = validator
        .with_limits(with_depth(0))
        .verify(&leaf, NOW, &login());
    assert_eq!(outcome.err(), Some(ChainError::TooLong));
}

proptest! {
    /// Whatever an authority signs, and however bytes were changed before it did: no panic, and what
    /// holds is what the authority signed.
    #[test]
    fn signed_nonsense_is_judged(
        changes in vec((any::<usize>(), any::<u8>()), 0..4),
        kind in prop_oneof![
            Just(NAME_CONSTRAINTS),
            Just(ALTERNATIVE_NAME),
            Just(POLICIES),
            Just(POLICY_MAPPINGS),
            Just(POLICY_CONSTRAINTS),
            Just(AUTHORITY_KEY),
        ],
        value in vec(any::<u8>(), 0..60).prop_map(|bytes| tlv(0x30, &bytes)),
        in_leaf in any::<bool>(),
    ) {
        let [root, issuer, person] = ["Root", "Issuer", "Åsa"].map(Party::new);
        let anchor = Draft::authority(&root, &root).sign();
        let mut authority = Draft::authority(&root, &issuer)
            .with(NAME_CONSTRAINTS, true, constraints(&[dns("example.se")], &[]))
            .policies(&[crate::forge::ANY_POLICY]);
        let mut leaf = Draft::person(&issuer, &person).names(&[dns("a.example.se")]);
        if in_leaf {
            leaf = leaf.with(kind, true, value);
        } else {
            authority = authority.with(kind, true, value);
        }
        let damaged = |draft: &Draft<'_>, by: &Party| {
            let mut body = draft.body();
            for (place, byte) in &changes {
                let place = place % body.len();
                body[place] = *byte;
            }
            Certificate::from_der(&signed(&body, &by.key)).ok()
        };
        let Some(leaf) = damaged(&leaf, &issuer) else { return Ok(()) };
        let between: Vec<_> = [Certificate::from_der(&authority.der()).ok(), damaged(&authority, &root)]
            .into_iter()
            .flatten()
            .collect();
        let anchors = [anchor];
        let validator = Validator::new(&anchors).with_intermediates(&between);
        for purpose in [login(), Purpose::any(), Purpose::authority()] {
            if let Ok(verified) = validator.verify(&leaf, NOW, &purpose) {
                assert_eq!(verified.leaf(), Some(&leaf));
                assert_eq!(leaf.fault(), None);
                assert!(leaf.is_valid_at(NOW));
            }
        }
    }
}
