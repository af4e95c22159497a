//! Certificate revocation lists (RFC 5280 5).

mod build;
mod delta;
mod head;
mod read;
mod scope;
mod stream;

pub use build::CrlBuilder;
pub use delta::DeltaCrl;
pub use head::CrlHead;
pub use read::Crl;
pub use stream::{CrlWriter, EntryLengths, SignedEnd};

use crate::key::KeyError;
use crate::serial::Serial;

/// Why a certificate was revoked (RFC 5280 5.3.1); the numbers are those of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Reason {
    /// No reason given; the reason code is then left out.
    Unspecified = 0,
    /// The private key is, or may be, in other hands: a lost or stolen card.
    KeyCompromise = 1,
    /// The authority's key is in other hands.
    CaCompromise = 2,
    /// The holder's name or organisation changed.
    AffiliationChanged = 3,
    /// Another certificate took its place.
    Superseded = 4,
    /// No longer needed.
    CessationOfOperation = 5,
    /// Held for a while.
    CertificateHold = 6,
    /// Off the list again (delta lists only).
    RemoveFromCrl = 8,
    /// The right was withdrawn.
    PrivilegeWithdrawn = 9,
    /// The attribute authority's key is in other hands.
    AaCompromise = 10,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 10] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::CertificateHold,
        Self::RemoveFromCrl,
        Self::PrivilegeWithdrawn,
        Self::AaCompromise,
    ];

    /// The number in the standard.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The reason with this number; 7 is not used.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// One revoked certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revoked {
    /// Its serial number.
    pub serial: Serial,
    /// When it was revoked, unix seconds.
    pub revoked_at: i64,
    /// Why.
    pub reason: Reason,
}

/// What can go wrong with a revocation list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrlError {
    /// Not a DER version 2 list with the fields RFC 5280 5.1 and 5.2 demand.
    #[error("not a well-formed revocation list")]
    Malformed,
    /// Larger than [`Crl::LARGEST`].
    #[error("the revocation list is too large")]
    TooLarge,
    /// Signed with an algorithm that is not accepted.
    #[error("the revocation list is signed with an algorithm that is not accepted")]
    UnsupportedAlgorithm,
    /// A critical extension that this crate does not process (RFC 5280 5.2).
    #[error("the revocation list has a critical extension that is not known here")]
    UnknownCriticalExtension,
    /// The list names another issuer, or the issuer may not sign lists (cRLSign).
    #[error("the revocation list is not of this issuer")]
    WrongIssuer,
    /// The signer is not the issuer.
    #[error("the signer is not the issuer of the revocation list")]
    WrongSigner,
    /// The next update is not after this one.
    #[error("the revocation list ends before it begins")]
    Validity,
    /// A delta list whose base is later than itself, or that names a fresher list (RFC 5280 5.2.6).
    #[error("a delta list follows its base and names no fresher list")]
    Base,
    /// `removeFromCRL` on a full list (RFC 5280 5.3.1).
    #[error("only a delta list can say that a certificate is no longer held")]
    NotInFull,
    /// Other entries than were counted beforehand.
    #[error("the entries of the revocation list are not those that were counted")]
    Length,
    /// An address that is not plain http.
    #[error("the address of the revocation list is not plain http")]
    BadAddress,
    /// The signature could not be made or does not verify.
    #[error("the signature of the revocation list fails")]
    Key(#[source] KeyError),
}
