//! What lists and status answers say about a path that holds (RFC 5280 6.3, RFC 6960 3.2).

use super::{ChainError, Verified};
use crate::certificate::Certificate;
use crate::crl::{Crl, Reason};
use crate::ocsp::{BadResponse, Response, Status};

/// How far this side's clock may be behind the issuer's, in seconds.
const CLOCK_SKEW: i64 = 300;

/// What the caller has at hand. Whatever is not of the right issuer, not signed, or about other
/// certificates is passed over.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence<'a> {
    /// Full lists, of any issuers.
    pub lists: &'a [Crl],
    /// Status answers, of any responders.
    pub answers: &'a [Response],
}

/// Whether a certificate is revoked, as far as the evidence goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// Not revoked, by evidence that is current.
    Good,
    /// Revoked, or on hold.
    Revoked {
        /// Since when, unix seconds.
        at: i64,
        /// Why.
        reason: Reason,
    },
    /// No evidence is about this certificate.
    Unknown,
    /// There is evidence, all of it too old.
    Stale,
}

impl Verified {
    /// What `evidence` says at `now` (unix seconds) about each certificate of the path, leaf first. The
    /// anchor is not asked about: nobody above it could revoke it.
    pub fn revocation(&self, evidence: &Evidence<'_>, now: i64) -> Vec<Revocation> {
        let issuers = self.path.iter().skip(1);
        self.path
            .iter()
            .zip(issuers)
            .map(|(certificate, issuer)| judge(certificate, issuer, evidence, now))
            .collect()
    }

    /// Demands current evidence, for every certificate of the path but the anchor, that it is not
    /// revoked.
    ///
    /// # Errors
    /// [`ChainError::Revoked`], [`ChainError::RevocationUnknown`], [`ChainError::RevocationStale`],
    /// in this order if several apply.
    pub fn demand_not_revoked(&self, evidence: &Evidence<'_>, now: i64) -> Result<(), ChainError> {
        let found = self.revocation(evidence, now);
        let any = |wanted: fn(&Revocation) -> bool| found.iter().any(wanted);
        if any(|one| matches!(one, Revocation::Revoked { .. })) {
            Err(ChainError::Revoked)
        } else if any(|one| matches!(one, Revocation::Unknown)) {
            Err(ChainError::RevocationUnknown)
        } else if any(|one| matches!(one, Revocation::Stale)) {
            Err(ChainError::RevocationStale)
        } else {
            Ok(())
        }
    }
}

/// What one list or answer, signed by who may, says of one certificate.
struct Finding {
    /// From when it is true, unix seconds.
    since: i64,
    is_current: bool,
    revoked: Option<(i64, Reason)>,
}

fn judge(
    certificate: &Certificate,
    issuer: &Certificate,
    evidence: &Evidence<'_>,
    now: i64,
) -> Revocation {
    let answers = evidence
        .answers
        .iter()
        .filter_map(|answer| by_answer(answer, certificate, issuer, now));
    let lists = evidence
        .lists
        .iter()
        .filter_map(|list| by_list(list, certificate, issuer, now));
    let mut newest: Option<Finding> = None;
    let mut is_stale = false;
    for finding in answers.chain(lists) {
        match finding.revoked {
            // Only a hold ever ends (RFC 5280 5.3.1): anything else holds however old it is.
            Some((at, reason)) if reason != Reason::CertificateHold => {
                return Revocation::Revoked { at, reason };
            }
            _ if !finding.is_current => is_stale = true,
            _ => {
                let later = newest.as_ref().is_none_or(|other| {
                    (finding.since, finding.revoked.is_some())
                        > (other.since, other.revoked.is_some())
                });
                if later {
                    newest = Some(finding);
                }
            }
        }
    }
    match newest {
        Some(Finding {
            revoked: Some((at, reason)),
            ..
        }) => Revocation::Revoked { at, reason },
        Some(_) => Revocation::Good,
        None if is_stale => Revocation::Stale,
        None => Revocation::Unknown,
    }
}

fn by_answer(
    answer: &Response,
    certificate: &Certificate,
    issuer: &Certificate,
    now: i64,
) -> Option<Finding> {
    let status = answer.status_of(issuer, &certificate.serial())?;
    let is_current = match answer.verify(issuer, now) {
        Ok(()) => true,
        // Signed by who may, at another time.
        Err(BadResponse::NotCurrent) => false,
        Err(_) => return None,
    };
    let revoked = match status {
        Status::Good => None,
        Status::Revoked { at, reason } => Some((at, reason)),
        Status::Unknown => return None,
    };
    Some(Finding {
        since: answer.produced_at(),
        is_current,
        revoked,
    })
}

fn by_list(
    list: &Crl,
    certificate: &Certificate,
    issuer: &Certificate,
    now: i64,
) -> Option<Finding> {
    // The scope costs nothing to ask; the signature is over the whole list.
    if !list.is_about(certificate) || list.verify(issuer).is_err() {
        return None;
    }
    let entry = list
        .entry(&certificate.serial())
        .filter(|entry| entry.reason != Reason::RemoveFromCrl);
    if entry.is_none() && !list.has_all_reasons() {
        return None;
    }
    Some(Finding {
        since: list.this_update(),
        is_current: list.this_update() <= now.saturating_add(CLOCK_SKEW)
            && now <= list.next_update(),
        revoked: entry.map(|entry| (entry.revoked_at, entry.reason)),
    })
}
