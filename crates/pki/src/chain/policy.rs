//! Certificate policies along a path: RFC 5280 6.1 with the graph of RFC 9618 instead of the tree,
//! so that the work is bounded by the policies written in the certificates.

use const_oid::ObjectIdentifier;

use super::{ChainError, Purpose};
use crate::certificate::Certificate;
use crate::oids::ANY_POLICY;

/// A policy that holds down to one certificate.
struct Node {
    policy: ObjectIdentifier,
    /// What the next certificate calls it.
    expected: Vec<ObjectIdentifier>,
    /// The node's own name on the anchor's side, and whether it is there by any policy: the root of
    /// every line that led here. At most one for each policy asked for.
    roots: Vec<ObjectIdentifier>,
}

/// The policies asked for that hold along `path`, leaf first and anchor last.
pub(super) fn check(
    path: &[&Certificate],
    purpose: &Purpose,
) -> Result<Vec<ObjectIdentifier>, ChainError> {
    let demanded = path
        .iter()
        .any(|certificate| certificate.require_explicit_policy().is_some());
    if purpose.policies().is_empty() && !demanded {
        // RFC 5280 6.1.5 (g): explicit_policy never comes to zero, so every path is allowed.
        return Ok(Vec::new());
    }
    let mut state = State::new(path.len(), purpose);
    for (below, certificate) in path.iter().enumerate().rev() {
        let is_anchor = below + 1 == path.len();
        if !is_anchor {
            state.process(certificate, below == 0);
        }
        if below > 0 {
            state.prepare(certificate, is_anchor);
        } else if certificate.require_explicit_policy() == Some(0) {
            state.explicit = 0;
        }
    }
    state.finish(purpose)
}

struct State {
    /// The deepest level of the graph; nothing when no policy holds any more.
    level: Option<Vec<Node>>,
    /// Certificates until a policy must hold, nothing is mapped, any policy means none.
    explicit: usize,
    mapping: usize,
    any: usize,
    /// Any policy in the leaf does not count.
    by_name: bool,
}

impl State {
    fn new(length: usize, purpose: &Purpose) -> Self {
        let asked = !purpose.policies().is_empty();
        Self {
            level: Some(vec![Node {
                policy: ANY_POLICY,
                expected: vec![ANY_POLICY],
                roots: vec![ANY_POLICY],
            }]),
            explicit: if asked { 0 } else { length },
            mapping: length,
            any: length,
            by_name: asked,
        }
    }

    /// RFC 5280 6.1.3 (d), (e), RFC 9618 5.2. What (f) refuses here is refused at the end as well: no
    /// policy comes back, and the demand for one never goes away.
    fn process(&mut self, certificate: &Certificate, is_leaf: bool) {
        self.level = match self.level.take() {
            Some(above) if !certificate.policies().is_empty() => {
                let any_counts = if is_leaf {
                    !self.by_name && self.any > 0
                } else {
                    self.any > 0 || certificate.is_self_issued()
                };
                let level = next_level(&above, certificate.policies(), any_counts);
                (!level.is_empty()).then_some(level)
            }
            _ => None,
        };
    }

    /// RFC 5280 6.1.4 (b), (h) to (j): what the next certificate will meet.
    fn prepare(&mut self, certificate: &Certificate, is_anchor: bool) {
        // 6.1.1 (d): the anchor's policies and mappings do not count.
        if !is_anchor {
            self.map(certificate.policy_mappings());
            if !certificate.is_self_issued() {
                self.explicit = self.explicit.saturating_sub(1);
                self.mapping = self.mapping.saturating_sub(1);
                self.any = self.any.saturating_sub(1);
            }
        }
        let lower = |counter: &mut usize, to: Option<u32>| {
            if let Some(to) = to.and_then(|to| usize::try_from(to).ok()) {
                *counter = (*counter).min(to);
            }
        };
        lower(&mut self.explicit, certificate.require_explicit_policy());
        lower(&mut self.mapping, certificate.inhibit_policy_mapping());
        lower(&mut self.any, certificate.inhibit_any_policy());
    }

    fn map(&mut self, mappings: &[(ObjectIdentifier, ObjectIdentifier)]) {
        let Some(level) = &mut self.level else { return };
        let subjects = |of: &ObjectIdentifier| {
            let subjects = mappings.iter().filter(|(issuer, _)| issuer == of);
            subjects.map(|(_, subject)| *subject).collect::<Vec<_>>()
        };
        if self.mapping == 0 {
            level.retain(|node| subjects(&node.policy).is_empty());
        } else {
            let has_any = level.iter().any(|node| node.policy == ANY_POLICY);
            for (issuer, _) in mappings {
                let expected = subjects(issuer);
                if let Some(node) = level.iter_mut().find(|node| node.policy == *issuer) {
                    node.expected = expected;
                } else if has_any {
                    level.push(Node {
                        policy: *issuer,
                        expected,
                        roots: vec![*issuer],
                    });
                }
            }
        }
        if level.is_empty() {
            self.level = None;
        }
    }

    /// RFC 5280 6.1.5 (a), (g), RFC 9618 5.5.
    fn finish(mut self, purpose: &Purpose) -> Result<Vec<ObjectIdentifier>, ChainError> {
        // (a): the leaf takes one step too.
        self.explicit = self.explicit.saturating_sub(1);
        let level = self.level.unwrap_or_default();
        let any = level.iter().any(|node| node.policy == ANY_POLICY);
        let holds =
            |policy: &ObjectIdentifier| any || level.iter().any(|node| node.roots.contains(policy));
        let asked = purpose.policies().iter().copied();
        let held: Vec<_> = asked.filter(|policy| holds(policy)).collect();
        let enough = if purpose.policies().is_empty() {
            !level.is_empty()
        } else {
            !held.is_empty()
        };
        if self.explicit > 0 || enough {
            Ok(held)
        } else {
            Err(ChainError::PolicyMissing)
        }
    }
}

/// RFC 9618 5.2 (d): each policy of the certificate joined to all above that expect it.
fn next_level(above: &[Node], policies: &[ObjectIdentifier], any_counts: bool) -> Vec<Node> {
    let mut level: Vec<Node> = Vec::with_capacity(policies.len());
    for policy in policies.iter().filter(|policy| **policy != ANY_POLICY) {
        let mut roots = roots_of(above, policy);
        if roots.is_empty() && above.iter().any(|node| node.policy == ANY_POLICY) {
            // Nothing but any policy above: the line begins here.
            roots.push(*policy);
        }
        if !roots.is_empty() {
            level.push(Node {
                policy: *policy,
                expected: vec![*policy],
                roots,
            });
        }
    }
    if any_counts && policies.contains(&ANY_POLICY) {
        for expected in above.iter().flat_map(|node| &node.expected) {
            if level.iter().all(|node| node.policy != *expected) {
                level.push(Node {
                    policy: *expected,
                    expected: vec![*expected],
                    roots: roots_of(above, expected),
                });
            }
        }
    }
    level
}

/// The anchor's names of every line that expects `policy`.
fn roots_of(above: &[Node], policy: &ObjectIdentifier) -> Vec<ObjectIdentifier> {
    let mut roots = Vec::new();
    for node in above.iter().filter(|node| node.expected.contains(policy)) {
        for root in &node.roots {
            if !roots.contains(root) {
                roots.push(*root);
            }
        }
    }
    roots
}
