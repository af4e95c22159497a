//! Path validation (RFC 5280 6) for the short paths of this house: a leaf, at most a few issuing
//! authorities, and one root that the caller trusts. Revocation is not checked here: the caller asks
//! its own register or an OCSP answer.

use const_oid::ObjectIdentifier;

use crate::certificate::Certificate;
use crate::oids;
use crate::profile::key_usage;

/// More intermediate certificates than this are not looked at.
const MOST_INTERMEDIATES: usize = 8;
/// Authorities between leaf and root.
const LONGEST_PATH: usize = 4;

/// What the leaf is to be used for: key usage, extended key usage, and a policy if one is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose {
    /// One of these key usage bits must be set.
    key_usage: u16,
    extended_key_usage: Option<ObjectIdentifier>,
    policy: Option<ObjectIdentifier>,
}

impl Purpose {
    /// Logging in: digitalSignature and clientAuth.
    pub fn client_login() -> Self {
        Self {
            key_usage: key_usage::DIGITAL_SIGNATURE,
            extended_key_usage: Some(oids::CLIENT_AUTH),
            policy: None,
        }
    }

    /// Signing documents and receipts: nonRepudiation.
    pub fn signature() -> Self {
        Self {
            key_usage: key_usage::NON_REPUDIATION,
            extended_key_usage: None,
            policy: None,
        }
    }

    /// Receiving encrypted mail: keyAgreement or keyEncipherment, and emailProtection.
    pub fn secure_mail() -> Self {
        Self {
            key_usage: key_usage::KEY_AGREEMENT | key_usage::KEY_ENCIPHERMENT,
            extended_key_usage: Some(oids::EMAIL_PROTECTION),
            policy: None,
        }
    }

    /// Answering for an authority by OCSP: digitalSignature and OCSPSigning.
    pub fn ocsp_signing() -> Self {
        Self {
            key_usage: key_usage::DIGITAL_SIGNATURE,
            extended_key_usage: Some(oids::OCSP_SIGNING),
            policy: None,
        }
    }

    /// Whatever the certificate is for: only path, time and signatures are checked.
    pub fn any() -> Self {
        Self {
            key_usage: u16::MAX,
            extended_key_usage: None,
            policy: None,
        }
    }

    /// The same purpose, under a certificate policy (a level of assurance, for instance) that the
    /// leaf must name and every authority on the way must allow.
    pub fn with_policy(self, policy: ObjectIdentifier) -> Self {
        Self {
            policy: Some(policy),
            ..self
        }
    }
}

/// A path that holds, leaf first, root last.
#[derive(Debug, Clone)]
pub struct Verified {
    path: Vec<Certificate>,
}

impl Verified {
    /// The certificates of the path, leaf first, root last.
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
}

/// Why a certificate does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// A certificate of the path is not valid yet.
    #[error("the certificate is not valid yet")]
    NotYetValid,
    /// A certificate of the path is no longer valid.
    #[error("the certificate has expired")]
    Expired,
    /// No path from the leaf to the root among the given certificates.
    #[error("the certificate does not lead to the trusted root")]
    NoPath,
    /// A signature on the path does not verify.
    #[error("a signature of the certificate path does not verify")]
    BadSignature,
    /// A certificate that signed another is not an authority, or one has too many below it.
    #[error("a certificate of the path may not issue this certificate")]
    NotAnAuthority,
    /// A critical extension that is not processed here (RFC 5280 4.2).
    #[error("the certificate has a critical extension that is not known here")]
    UnknownCriticalExtension,
    /// The leaf is an authority itself.
    #[error("the certificate is an authority's, not a person's or a responder's")]
    IsAnAuthority,
    /// Key usage or extended key usage does not allow the purpose.
    #[error("the certificate is not meant for this use")]
    WrongUse,
    /// The policy asked for is missing in the leaf, or not allowed by an authority above it.
    #[error("the certificate is not issued under the policy asked for")]
    PolicyMissing,
    /// More intermediate certificates than the work budget allows.
    #[error("too many certificates")]
    TooMany,
}

/// Validates the path from `leaf` over `intermediates` (in any order, unneeded ones allowed) to
/// `root` at `now` (unix seconds) for `purpose`.
///
/// # Errors
/// [`ChainError`]: the first thing that does not hold, signatures before dates before use.
pub fn verify(
    leaf: &Certificate,
    intermediates: &[Certificate],
    root: &Certificate,
    now: i64,
    purpose: &Purpose,
) -> Result<Verified, ChainError> {
    if intermediates.len() > MOST_INTERMEDIATES {
        return Err(ChainError::TooMany);
    }
    let path = build_path(leaf, intermediates, root)?;
    for (above, certificate) in path.iter().enumerate() {
        if certificate.has_unknown_critical_extension() {
            return Err(ChainError::UnknownCriticalExtension);
        }
        if above > 0 {
            may_issue(certificate, above - 1)?;
        }
        if now < certificate.not_before() {
            return Err(ChainError::NotYetValid);
        }
        if now > certificate.not_after() {
            return Err(ChainError::Expired);
        }
    }
    if leaf.is_authority() {
        return Err(ChainError::IsAnAuthority);
    }
    fits_purpose(&path, purpose)?;
    Ok(Verified { path })
}

/// Follows issuer names and key identifiers upwards and verifies each signature on the way. Names
/// and identifiers decide the next step, so the number of signatures checked is bounded by the
/// number of certificates given.
fn build_path(
    leaf: &Certificate,
    intermediates: &[Certificate],
    root: &Certificate,
) -> Result<Vec<Certificate>, ChainError> {
    let mut path = vec![leaf.clone()];
    let mut current = leaf;
    let mut saw_bad_signature = false;
    while path.len() <= LONGEST_PATH + 1 {
        if current.names_as_issuer(root) && current.is_signed_by(root) {
            path.push(root.clone());
            return Ok(path);
        }
        saw_bad_signature |= current.names_as_issuer(root);
        let candidates = intermediates
            .iter()
            .filter(|candidate| current.names_as_issuer(candidate) && !path.contains(candidate));
        let mut next = None;
        for candidate in candidates {
            if current.is_signed_by(candidate) {
                next = Some(candidate);
                break;
            }
            saw_bad_signature = true;
        }
        let Some(next) = next else { break };
        path.push(next.clone());
        current = next;
    }
    Err(if saw_bad_signature {
        ChainError::BadSignature
    } else {
        ChainError::NoPath
    })
}

/// RFC 5280 6.1.4 (k) to (n): an authority, with room for the authorities below it.
fn may_issue(authority: &Certificate, below: usize) -> Result<(), ChainError> {
    let room = authority
        .path_length()
        .is_none_or(|length| below <= usize::from(length));
    if authority.is_authority() && room {
        Ok(())
    } else {
        Err(ChainError::NotAnAuthority)
    }
}

fn fits_purpose(path: &[Certificate], purpose: &Purpose) -> Result<(), ChainError> {
    let Some((leaf, authorities)) = path.split_first() else {
        return Err(ChainError::NoPath);
    };
    // A missing key usage allows everything in RFC 5280 4.2.1.3; here it allows nothing.
    let usage = leaf.key_usage().unwrap_or_default();
    if purpose.key_usage != u16::MAX && usage & purpose.key_usage == 0 {
        return Err(ChainError::WrongUse);
    }
    if let Some(wanted) = &purpose.extended_key_usage {
        if !leaf.extended_key_usage().contains(wanted) {
            return Err(ChainError::WrongUse);
        }
        // Where an authority has the extension, it limits what it may issue for.
        let allowed = |authority: &Certificate| {
            let usages = authority.extended_key_usage();
            usages.is_empty() || usages.contains(wanted)
        };
        if !authorities.iter().all(allowed) {
            return Err(ChainError::WrongUse);
        }
    }
    if let Some(wanted) = &purpose.policy {
        // The root is a trust anchor: its own policies do not count (RFC 5280 6.1.1 (d)).
        let between = authorities.split_last().map_or(&[][..], |(_, rest)| rest);
        let allowed = between.iter().all(|authority| {
            authority.policies().contains(wanted)
                || authority.policies().contains(&oids::ANY_POLICY)
        });
        if !leaf.policies().contains(wanted) || !allowed {
            return Err(ChainError::PolicyMissing);
        }
    }
    Ok(())
}
