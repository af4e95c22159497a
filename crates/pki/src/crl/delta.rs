//! Reading a delta list (RFC 5280 5.2.4). A type of its own, so that it is never taken for a full list:
//! what a delta list does not name has not changed, which is not to say that it is good.

use super::{Crl, CrlError, Reason, Revoked};
use crate::certificate::Certificate;
use crate::serial::Serial;

/// A well-formed delta list.
#[derive(Debug)]
pub struct DeltaCrl {
    list: Crl,
    base: u64,
}

impl DeltaCrl {
    /// Reads a DER `CertificateList` with a delta CRL indicator.
    ///
    /// # Errors
    /// As [`Crl::from_der`]; [`CrlError::Malformed`] for a full list.
    pub fn from_der(der: &[u8]) -> Result<Self, CrlError> {
        let (list, base) = Crl::read(der)?;
        let base = base.ok_or(CrlError::Malformed)?;
        Ok(Self { list, base })
    }

    /// The number of the full list it starts from, or any later one.
    pub fn base(&self) -> u64 {
        self.base
    }

    /// The list's number, of one sequence with the full lists of its scope (RFC 5280 5.2.3).
    pub fn number(&self) -> u64 {
        self.list.number()
    }

    /// From when the list is true, unix seconds.
    pub fn this_update(&self) -> i64 {
        self.list.this_update()
    }

    /// Before when the next list comes, unix seconds.
    pub fn next_update(&self) -> i64 {
        self.list.next_update()
    }

    /// What has changed. An entry with [`Reason::RemoveFromCrl`] counts again.
    pub fn entries(&self) -> impl Iterator<Item = Revoked> + '_ {
        self.list.entries()
    }

    /// Whether `issuer` issued this list; see [`Crl::verify`].
    ///
    /// # Errors
    /// [`CrlError::WrongIssuer`], [`CrlError::Key`].
    pub fn verify(&self, issuer: &Certificate) -> Result<(), CrlError> {
        self.list.verify(issuer)
    }

    /// Whether it can be laid over that full list (RFC 5280 5.2.4 (c), (d)): the full list is its base
    /// or later, and earlier than itself. Both must be of one issuer and one scope, which the caller
    /// has seen to.
    pub fn fits(&self, full: &Crl) -> bool {
        self.base <= full.number() && full.number() < self.number()
    }

    /// What `full` says of a certificate with this list laid over it.
    pub fn entry_over(&self, full: &Crl, serial: &Serial) -> Option<Revoked> {
        match self.list.entry(serial) {
            Some(entry) if entry.reason == Reason::RemoveFromCrl => None,
            Some(entry) => Some(entry),
            None => full.entry(serial),
        }
    }
}
