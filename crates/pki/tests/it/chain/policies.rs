//! Certificate policies along a path.

use pki::ObjectIdentifier;
use pki::certificate::Certificate;
use pki::chain::{ChainError, Purpose, Validator};

use crate::forge::{
    ANY_POLICY, Draft, INHIBIT_ANY_POLICY, NOW, POLICY_CONSTRAINTS, POLICY_MAPPINGS, Party,
    mappings, sequence, tlv,
};

const GOLD: &str = "1.3.6.1.4.1.1.1";
const SILVER: &str = "1.3.6.1.4.1.1.2";
const THEIR_GOLD: &str = "1.3.6.1.4.1.2.1";

fn asking(policies: &[&str]) -> Purpose {
    policies
        .iter()
        .fold(Purpose::client_login(), |purpose, policy| {
            purpose.with_policy(ObjectIdentifier::new(policy).unwrap())
        })
}

/// A path of root, two authorities and a person, each authority as the test wants it.
struct Path {
    parties: [Party; 4],
}

type Change = fn(Draft<'_>) -> Draft<'_>;

impl Path {
    fn new() -> Self {
        Self {
            parties: ["Root", "Upper", "Lower", "Åsa"].map(Party::new),
        }
    }

    fn judged(
        &self,
        [anchor, upper, lower]: [Change; 3],
        leaf: &[&str],
        purpose: &Purpose,
    ) -> Result<Vec<String>, ChainError> {
        let [root_party, upper_party, lower_party, person] = &self.parties;
        let anchors = [anchor(Draft::authority(root_party, root_party)).sign()];
        let between = [
            upper(Draft::authority(root_party, upper_party)).sign(),
            lower(Draft::authority(upper_party, lower_party)).sign(),
        ];
        let draft = Draft::person(lower_party, person);
        let leaf: Certificate = if leaf.is_empty() {
            draft.sign()
        } else {
            draft.policies(leaf).sign()
        };
        Validator::new(&anchors)
            .with_intermediates(&between)
            .verify(&leaf, NOW, purpose)
            .map(|verified| {
                verified
                    .policies()
                    .iter()
                    .map(ToString::to_string)
                    .collect()
            })
    }
}

fn plain(draft: Draft<'_>) -> Draft<'_> {
    draft
}

fn any(draft: Draft<'_>) -> Draft<'_> {
    draft.policies(&[ANY_POLICY])
}

fn gold(draft: Draft<'_>) -> Draft<'_> {
    draft.policies(&[GOLD])
}

fn missing<T>() -> Result<T, ChainError> {
    Err(ChainError::PolicyMissing)
}

fn held(policies: &[&str]) -> Result<Vec<String>, ChainError> {
    Ok(policies.iter().map(ToString::to_string).collect())
}

#[test]
fn a_policy_must_hold_all_the_way_down() {
    let path = Path::new();
    let check =
        |authorities, leaf: &[&str], asked: &[&str]| path.judged(authorities, leaf, &asking(asked));
    assert_eq!(check([plain, any, any], &[GOLD], &[GOLD]), held(&[GOLD]));
    assert_eq!(check([plain, gold, any], &[GOLD], &[GOLD]), held(&[GOLD]));
    assert_eq!(check([plain, any, gold], &[GOLD], &[GOLD]), held(&[GOLD]));
    assert_eq!(check([plain, any, any], &[SILVER], &[GOLD]), missing());
    assert_eq!(check([plain, gold, any], &[SILVER], &[SILVER]), missing());
    assert_eq!(check([plain, any, plain], &[GOLD], &[GOLD]), missing());
    assert_eq!(check([plain, any, any], &[], &[GOLD]), missing());
    // Several asked for: those that hold, in the order of the question.
    let both = [SILVER, GOLD];
    assert_eq!(check([plain, any, any], &[GOLD], &both), held(&[GOLD]));
    assert_eq!(
        check([plain, any, any], &[GOLD, SILVER], &both),
        held(&both)
    );
    // A level is claimed by name.
    assert_eq!(check([plain, any, any], &[ANY_POLICY], &[GOLD]), missing());
    // Nothing asked for: nothing needed.
    assert_eq!(check([plain, plain, gold], &[SILVER], &[]), held(&[]));
    // The anchor's own policies do not count.
    assert_eq!(
        check([gold, any, any], &[SILVER], &[SILVER]),
        held(&[SILVER])
    );
}

#[test]
fn policies_of_others_are_mapped() {
    fn maps(draft: Draft<'_>) -> Draft<'_> {
        let pairs = mappings(&[(GOLD, THEIR_GOLD)]);
        draft.policies(&[GOLD]).with(POLICY_MAPPINGS, true, pairs)
    }
    fn maps_any(draft: Draft<'_>) -> Draft<'_> {
        let pairs = mappings(&[(GOLD, THEIR_GOLD)]);
        draft
            .policies(&[ANY_POLICY])
            .with(POLICY_MAPPINGS, false, pairs)
    }
    fn no_mapping(draft: Draft<'_>) -> Draft<'_> {
        draft.with(POLICY_CONSTRAINTS, true, sequence(&[tlv(0x81, &[0])]))
    }
    fn theirs(draft: Draft<'_>) -> Draft<'_> {
        draft.policies(&[THEIR_GOLD])
    }
    let path = Path::new();
    let check =
        |authorities, leaf: &[&str], asked: &[&str]| path.judged(authorities, leaf, &asking(asked));
    assert_eq!(
        check([plain, maps, any], &[THEIR_GOLD], &[GOLD]),
        held(&[GOLD])
    );
    assert_eq!(
        check([plain, maps, theirs], &[THEIR_GOLD], &[GOLD]),
        held(&[GOLD])
    );
    assert_eq!(
        check([plain, maps_any, any], &[THEIR_GOLD], &[GOLD]),
        held(&[GOLD])
    );
    // Our name means nothing on their side, nor theirs on ours.
    assert_eq!(check([plain, maps, any], &[GOLD], &[GOLD]), missing());
    assert_eq!(
        check([plain, maps, any], &[THEIR_GOLD], &[THEIR_GOLD]),
        missing()
    );
    // Where mapping is forbidden, what would be mapped holds no more.
    assert_eq!(
        check([no_mapping, maps, any], &[THEIR_GOLD], &[GOLD]),
        missing()
    );
    assert_eq!(check([no_mapping, maps, any], &[GOLD], &[GOLD]), missing());
}

#[test]
fn authorities_can_demand_a_policy() {
    fn demands(draft: Draft<'_>) -> Draft<'_> {
        draft
            .policies(&[ANY_POLICY])
            .with(POLICY_CONSTRAINTS, true, sequence(&[tlv(0x80, &[0])]))
    }
    fn demands_later(draft: Draft<'_>) -> Draft<'_> {
        draft
            .policies(&[ANY_POLICY])
            .with(POLICY_CONSTRAINTS, true, sequence(&[tlv(0x80, &[3])]))
    }
    fn demands_at_the_end(draft: Draft<'_>) -> Draft<'_> {
        draft
            .policies(&[ANY_POLICY])
            .with(POLICY_CONSTRAINTS, true, sequence(&[tlv(0x80, &[2])]))
    }
    let path = Path::new();
    let check = |authorities, leaf: &[&str]| path.judged(authorities, leaf, &asking(&[]));
    // One step for the authority below, one for the leaf (RFC 5280 6.1.4 (h), 6.1.5 (a)).
    assert_eq!(check([plain, demands_at_the_end, any], &[]), missing());
    assert_eq!(check([plain, demands_at_the_end, any], &[GOLD]), held(&[]));
    assert_eq!(check([plain, demands, any], &[GOLD]), held(&[]));
    assert_eq!(check([plain, demands, any], &[ANY_POLICY]), held(&[]));
    assert_eq!(check([plain, demands, any], &[]), missing());
    assert_eq!(check([plain, demands, gold], &[SILVER]), missing());
    assert_eq!(check([demands, any, any], &[]), missing());
    // Further away than the path is long.
    assert_eq!(check([plain, demands_later, any], &[]), held(&[]));
}

#[test]
fn any_policy_can_come_to_mean_none() {
    fn inhibits(draft: Draft<'_>) -> Draft<'_> {
        draft
            .policies(&[ANY_POLICY])
            .with(INHIBIT_ANY_POLICY, true, vec![2, 1, 0])
    }
    fn inhibits_later(draft: Draft<'_>) -> Draft<'_> {
        draft
            .policies(&[ANY_POLICY])
            .with(INHIBIT_ANY_POLICY, true, vec![2, 1, 1])
    }
    let path = Path::new();
    let check = |authorities| path.judged(authorities, &[GOLD], &asking(&[GOLD]));
    assert_eq!(check([plain, inhibits, any]), missing());
    assert_eq!(check([plain, inhibits, gold]), held(&[GOLD]));
    assert_eq!(check([plain, inhibits_later, any]), held(&[GOLD]));
    assert_eq!(check([inhibits, any, gold]), missing());
}

#[test]
fn policies_do_not_multiply() {
    // Each of many policies mapped to each of the next level: a tree of these has a billion leaves
    // (CVE-2023-0464), a graph a few hundred nodes.
    let text = |level: usize, one: usize| format!("1.3.6.1.4.1.9.{level}.{one}");
    let parties: Vec<_> = (0..6)
        .map(|one| Party::new(&format!("Level {one}")))
        .collect();
    let anchors = [Draft::authority(&parties[0], &parties[0]).sign()];
    let between: Vec<_> = (1..5)
        .map(|level| {
            let own: Vec<_> = (0..5).map(|one| text(level, one)).collect();
            let next: Vec<_> = (0..5).map(|one| text(level + 1, one)).collect();
            let pairs: Vec<_> = own
                .iter()
                .flat_map(|from| next.iter().map(move |to| (from.as_str(), to.as_str())))
                .collect();
            let own: Vec<_> = own.iter().map(String::as_str).collect();
            Draft::authority(&parties[level - 1], &parties[level])
                .policies(&own)
                .with(POLICY_MAPPINGS, true, mappings(&pairs))
                .sign()
        })
        .collect();
    let leaf = Draft::person(&parties[4], &parties[5])
        .policies(&[&text(5, 3)])
        .sign();
    let verified = Validator::new(&anchors)
        .with_intermediates(&between)
        .verify(&leaf, NOW, &asking(&[&text(1, 0), GOLD]))
        .unwrap();
    let held: Vec<_> = verified
        .policies()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(held, [text(1, 0)]);
}
