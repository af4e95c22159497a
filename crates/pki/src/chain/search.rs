//! Path building: depth first from the leaf upwards, every step paid for.

use super::{ChainError, Limits, Purpose, Validator, Verified, path};
use crate::certificate::Certificate;

/// Whatever depth the caller allows, and however many self-issued certificates there are: a path is
/// never longer than this.
const LONGEST: usize = 32;

/// What is left of the limits.
pub(super) struct Work {
    limits: Limits,
}

impl Work {
    fn spend(left: &mut u32) -> Result<(), ChainError> {
        *left = left.checked_sub(1).ok_or(ChainError::TooMuchWork)?;
        Ok(())
    }

    fn step(&mut self) -> Result<(), ChainError> {
        Self::spend(&mut self.limits.steps)
    }

    fn signature(&mut self) -> Result<(), ChainError> {
        Self::spend(&mut self.limits.signatures)
    }

    /// One name held against one subtree.
    pub(super) fn comparison(&mut self) -> Result<(), ChainError> {
        Self::spend(&mut self.limits.comparisons)
    }
}

/// How far a path came before it failed; the furthest failure is the one to tell.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reached {
    Nothing,
    Issuer,
    Anchor,
}

struct Search<'a> {
    validator: &'a Validator<'a>,
    now: i64,
    purpose: &'a Purpose,
    work: Work,
    /// Leaf first.
    path: Vec<&'a Certificate>,
    failure: (Reached, ChainError),
}

pub(super) fn find(
    validator: &Validator<'_>,
    leaf: &Certificate,
    now: i64,
    purpose: &Purpose,
) -> Result<Verified, ChainError> {
    if validator.intermediates.len() > validator.limits.intermediates {
        return Err(ChainError::TooMany);
    }
    // What no path can mend is not worth a signature.
    path::is_well_made(leaf)?;
    let mut path = Vec::with_capacity(4);
    path.push(leaf);
    let mut search = Search {
        validator,
        now,
        purpose,
        work: Work {
            limits: validator.limits,
        },
        path,
        failure: (Reached::Nothing, ChainError::NoPath),
    };
    match search.extend(leaf, 0)? {
        Some(policies) => Ok(Verified {
            path: search.path.into_iter().cloned().collect(),
            policies,
        }),
        None => Err(search.failure.1),
    }
}

type Policies = Vec<const_oid::ObjectIdentifier>;

impl<'a> Search<'a> {
    /// Looks for a way from `current`, the last of the path, to an anchor. `depth` authorities that
    /// are not self-issued lie below. Errors are those that end the whole search.
    fn extend(
        &mut self,
        current: &'a Certificate,
        depth: usize,
    ) -> Result<Option<Policies>, ChainError> {
        let validator = self.validator;
        for anchor in validator.anchors {
            if current.names_as_issuer(anchor) && self.takes(current, anchor)? {
                self.path.push(anchor);
                match path::check(&self.path, self.now, self.purpose, &mut self.work) {
                    Ok(policies) => return Ok(Some(policies)),
                    Err(ChainError::TooMuchWork) => return Err(ChainError::TooMuchWork),
                    Err(error) => self.fail(Reached::Anchor, error),
                }
                self.path.pop();
            }
        }
        for candidate in validator.intermediates {
            if !current.names_as_issuer(candidate) {
                continue;
            }
            let depth = depth + usize::from(!candidate.is_self_issued());
            if depth > validator.limits.depth || self.path.len() >= LONGEST {
                self.fail(Reached::Issuer, ChainError::TooLong);
                continue;
            }
            // What is plainly unfit is not worth a signature.
            if let Err(error) = path::fits(candidate, self.now) {
                self.fail(Reached::Issuer, error);
                continue;
            }
            if self.takes(current, candidate)? {
                self.path.push(candidate);
                if let Some(policies) = self.extend(candidate, depth)? {
                    return Ok(Some(policies));
                }
                self.path.pop();
            }
        }
        Ok(None)
    }

    /// Whether `issuer` is new on the path and signed `current`.
    fn takes(
        &mut self,
        current: &'a Certificate,
        issuer: &'a Certificate,
    ) -> Result<bool, ChainError> {
        self.work.step()?;
        // RFC 4158 2.4.2: the same name with the same key a second time only goes round in a circle.
        let again = self.path.iter().any(|below| {
            below.subject_der() == issuer.subject_der() && below.public_key() == issuer.public_key()
        });
        if again {
            return Ok(false);
        }
        self.work.signature()?;
        let signed = current.is_signed_by(issuer);
        if !signed {
            self.fail(Reached::Issuer, ChainError::BadSignature);
        }
        Ok(signed)
    }

    fn fail(&mut self, reached: Reached, error: ChainError) {
        if reached > self.failure.0 {
            self.failure = (reached, error);
        }
    }
}
