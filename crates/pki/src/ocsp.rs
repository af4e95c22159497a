//! The Online Certificate Status Protocol (RFC 6960, nonces of RFC 9654): requests read under a work
//! budget, answers signed, and the other side for those who ask.

mod answer;
mod client;
mod request;

pub use answer::{Answer, ErrorStatus, Responder, error_response, respond};
pub use client::{BadResponse, Response, build_request};
pub use request::{
    BadRequest, CertId, IssuerHashes, LARGEST_REQUEST, MOST_ENTRIES, Request, plain_question,
};

use crate::crl::Reason;
use crate::key::KeyError;

/// What is known of a certificate (RFC 6960 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Issued and not revoked.
    Good,
    /// Revoked.
    Revoked {
        /// When, unix seconds.
        at: i64,
        /// Why; `Unspecified` is left out of the answer.
        reason: Reason,
    },
    /// Not known here: never issued, or of another authority.
    Unknown,
}

/// Why an answer could not be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OcspError {
    /// The signer's key is not the one in the responder's certificate.
    #[error("the signer is not the responder")]
    WrongSigner,
    /// A response without entries, or a nonce outside 1 to 128 octets.
    #[error("the answer has no entries, or a nonce of a length that cannot be")]
    Content,
    /// The key store failed.
    #[error("the answer could not be signed")]
    Key(#[source] KeyError),
}
