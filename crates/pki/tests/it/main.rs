//! Everything the crate does, from outside: issuing, lists, status answers, paths, signatures, the
//! log, and what hostile bytes do to the decoders.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

mod bare;
mod certificate;
mod chain;
mod cms;
mod crl;
mod der;
mod forge;
mod house;
mod jws;
mod limbo;
mod lint;
mod lint_faults;
mod merkle;
mod ocsp;
mod profile;
mod request;
mod robustness;
mod secrets;
