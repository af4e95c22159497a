//! The public-key infrastructure of the house: X.509 certificates, revocation lists, OCSP, signed
//! receipts, sealed secrets and the Merkle log. Bytes in, bytes out.
//!
//! Nothing here reads a clock, a file or a network. Times are unix seconds in UTC (`i64`), serial
//! numbers and sealing nonces come as arguments. Only key generation and ECDSA nonces draw on the
//! random source of the cryptographic library itself; [`random`] hands that source to whoever wires a
//! process.
//!
//! What this crate *writes* goes through its own small DER writer; what it *reads* goes through the
//! `der` and `x509-cert` crates. A mistake in one is therefore seen by the other. Mail is the exception: it is BER, which those
//! crates read in part only, and [`cms`] has a reader of its own with a budget.

mod asn1;
pub mod certificate;
pub mod chain;
mod civil;
pub mod cms;
pub mod crl;
pub mod derive;
pub mod digest;
pub mod envelope;
pub mod jws;
pub mod key;
pub mod lint;
pub mod merkle;
pub mod name;
pub mod ocsp;
pub mod oids;
pub mod profile;
pub mod random;
pub mod request;
pub mod sealed;
pub mod serial;

pub use const_oid::ObjectIdentifier;
