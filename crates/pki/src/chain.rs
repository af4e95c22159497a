//! Path validation (RFC 5280 6) for certificates that others bring: any number of trust anchors,
//! intermediate certificates in any order and from anybody, and a bound on the work they can cause.
//!
//! A path must hold by RFC 5280 6.1 *and* every certificate of it must keep the profile of RFC 5280 4
//! (see [`Fault`](crate::certificate::Fault)). The anchor is a certificate whose dates, path length and
//! name constraints count like any other's (RFC 5937 3.2); its own policies do not.
//!
//! Revocation is a question of its own, asked of a path that holds: [`Verified::revocation`], with the
//! lists and status answers that the caller has.

mod constraints;
mod error;
mod path;
mod policy;
mod purpose;
mod revocation;
mod search;

use const_oid::ObjectIdentifier;

pub use error::ChainError;
pub use purpose::Purpose;
pub use revocation::{Evidence, Revocation};

use crate::certificate::Certificate;

/// How much work one question may cause. What goes beyond ends with [`ChainError::TooMuchWork`] or
/// [`ChainError::TooMany`], however the certificates were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Intermediate certificates given.
    pub intermediates: usize,
    /// Authorities between leaf and anchor; self-issued ones do not count (RFC 5280 4.2.1.9).
    pub depth: usize,
    /// Signatures verified.
    pub signatures: u32,
    /// Certificates looked at as the next of some path.
    pub steps: u32,
    /// Names held against a subtree of names.
    pub comparisons: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            intermediates: 32,
            depth: 4,
            signatures: 32,
            steps: 512,
            comparisons: 50_000,
        }
    }
}

/// Whom to trust, what lies between, and how much work to do.
#[derive(Debug, Clone, Copy)]
pub struct Validator<'a> {
    anchors: &'a [Certificate],
    intermediates: &'a [Certificate],
    limits: Limits,
}

impl<'a> Validator<'a> {
    /// Trusts `anchors`: roots, or authorities below one.
    pub fn new(anchors: &'a [Certificate]) -> Self {
        Self {
            anchors,
            intermediates: &[],
            limits: Limits::default(),
        }
    }

    /// Certificates that may lie on the path, in any order; unneeded and hostile ones allowed.
    pub fn with_intermediates(self, intermediates: &'a [Certificate]) -> Self {
        Self {
            intermediates,
            ..self
        }
    }

    /// Other limits than the usual ones.
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Finds a path from `leaf` to an anchor that holds at `now` (unix seconds) for `purpose`. Where
    /// there are several, the first that holds; a path that fails makes room for the next.
    ///
    /// # Errors
    /// [`ChainError`]: what was wrong with the path that came furthest.
    pub fn verify(
        &self,
        leaf: &Certificate,
        now: i64,
        purpose: &Purpose,
    ) -> Result<Verified, ChainError> {
        search::find(self, leaf, now, purpose)
    }
}

/// Validates the path from `leaf` over `intermediates` to the one `root` that is trusted, at `now`
/// (unix seconds) for `purpose`, within the usual [`Limits`].
///
/// # Errors
/// As [`Validator::verify`].
pub fn verify(
    leaf: &Certificate,
    intermediates: &[Certificate],
    root: &Certificate,
    now: i64,
    purpose: &Purpose,
) -> Result<Verified, ChainError> {
    Validator::new(std::slice::from_ref(root))
        .with_intermediates(intermediates)
        .verify(leaf, now, purpose)
}

/// A path that holds, leaf first, anchor last.
#[derive(Debug, Clone)]
pub struct Verified {
    path: Vec<Certificate>,
    policies: Vec<ObjectIdentifier>,
}

impl Verified {
    /// The certificates of the path, leaf first, anchor last.
    pub fn path(&self) -> &[Certificate] {
        &self.path
    }

    /// The certificate that was asked about.
    pub fn leaf(&self) -> Option<&Certificate> {
        self.path.first()
    }

    /// The authority that issued the leaf.
    pub fn issuer(&self) -> Option<&Certificate> {
        self.path.get(1)
    }

    /// Those of the policies asked for that the whole path allows, as the anchor's side names them
    /// (RFC 5280 6.1.5 (g)). Empty when none was asked for.
    pub fn policies(&self) -> &[ObjectIdentifier] {
        &self.policies
    }
}
