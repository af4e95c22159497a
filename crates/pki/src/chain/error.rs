//! Why a certificate does not hold.

use crate::certificate::Fault;

/// Why a certificate does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// A certificate of the path is not valid yet.
    #[error("a certificate of the path is not valid yet")]
    NotYetValid,
    /// A certificate of the path is no longer valid.
    #[error("a certificate of the path has expired")]
    Expired,
    /// No path from the leaf to an anchor among the given certificates.
    #[error("the certificate does not lead to anybody who is trusted")]
    NoPath,
    /// A signature on the path does not verify.
    #[error("a signature of the certificate path does not verify")]
    BadSignature,
    /// A certificate that signed another is not an authority.
    #[error("a certificate of the path may not issue certificates")]
    NotAnAuthority,
    /// More authorities than one above them, or the caller, allows.
    #[error("the certificate path is longer than it may be")]
    TooLong,
    /// A critical extension that is not processed here (RFC 5280 4.2).
    #[error("a certificate of the path has a critical extension that is not known here")]
    UnknownCriticalExtension,
    /// A certificate that breaks the profile of RFC 5280 4.
    #[error("a certificate of the path does not keep the profile: {0}")]
    Nonconforming(#[source] Fault),
    /// The leaf is an authority itself, and the purpose is a person's, a server's or a responder's.
    #[error("the certificate is an authority's")]
    IsAnAuthority,
    /// Key usage or extended key usage, of the leaf or of an authority, does not allow the purpose.
    #[error("the certificate is not meant for this use")]
    WrongUse,
    /// A name lies outside the names that an authority may certify (RFC 5280 4.2.1.10).
    #[error("a name lies outside what an authority of the path may certify")]
    NameNotAllowed,
    /// An authority is constrained in a form of name that is not processed here, and the form is used.
    #[error("a name is constrained in a way that is not known here")]
    UnknownConstraint,
    /// No policy that was asked for, or that an authority demands, holds along the path.
    #[error("the certificate is not issued under a policy asked for")]
    PolicyMissing,
    /// More intermediate certificates than [`Limits::intermediates`](super::Limits::intermediates).
    #[error("too many certificates")]
    TooMany,
    /// The other [`Limits`](super::Limits) were reached before a path was found.
    #[error("the certificates cause more work than they may")]
    TooMuchWork,
    /// A certificate of the path is revoked.
    #[error("a certificate of the path is revoked")]
    Revoked,
    /// Nothing at hand says whether a certificate of the path is revoked.
    #[error("it is not known whether a certificate of the path is revoked")]
    RevocationUnknown,
    /// What is at hand about a certificate of the path was true once and is too old now.
    #[error("what is known about the revocation of a certificate is too old")]
    RevocationStale,
}
