//! Writing a list that fits into memory.

use super::stream::append;
use super::{CrlError, CrlHead, CrlWriter, Reason};
use crate::certificate::Certificate;
use crate::key::Signer;
use crate::serial::Serial;

/// A version 2 list under construction: add entries, then [`sign`](Self::sign). For a list too long to
/// hold there is [`CrlWriter`].
pub struct CrlBuilder {
    head: CrlHead,
    entries: Vec<u8>,
    /// Whether an entry only belongs on a delta list.
    has_removed: bool,
}

impl CrlBuilder {
    /// A list of `issuer`; see [`CrlHead::new`].
    ///
    /// # Errors
    /// [`CrlError::WrongIssuer`], [`CrlError::Validity`].
    pub fn new(
        issuer: &Certificate,
        number: u64,
        this_update: i64,
        next_update: i64,
    ) -> Result<Self, CrlError> {
        CrlHead::new(issuer, number, this_update, next_update).map(Self::with_head)
    }

    /// A list with that head.
    pub fn with_head(head: CrlHead) -> Self {
        Self {
            head,
            entries: Vec::new(),
            has_removed: false,
        }
    }

    /// Adds the critical issuing distribution point; see [`CrlHead::at_address`].
    ///
    /// # Errors
    /// [`CrlError::BadAddress`].
    pub fn at_address(mut self, address: &str) -> Result<Self, CrlError> {
        self.head = self.head.at_address(address)?;
        Ok(self)
    }

    /// Makes room for `entries` more entries, to spare the buffer from growing.
    pub fn reserve(&mut self, entries: usize) {
        self.entries.reserve(entries.saturating_mul(52));
    }

    /// Adds one certificate. Order does not matter; adding one twice is the caller's mistake.
    pub fn revoke(&mut self, serial: &Serial, revoked_at: i64, reason: Reason) {
        self.has_removed |= reason == Reason::RemoveFromCrl;
        append(&mut self.entries, serial, revoked_at, reason);
    }

    /// Signs the list and returns its DER. The signature is verified before it is handed out.
    ///
    /// # Errors
    /// [`CrlError::NotInFull`], [`CrlError::WrongSigner`], [`CrlError::Key`].
    pub fn sign(self, signer: &dyn Signer) -> Result<Vec<u8>, CrlError> {
        if self.has_removed && !self.head.is_delta() {
            return Err(CrlError::NotInFull);
        }
        let mut writer = CrlWriter::new(&self.head, self.entries.len());
        writer.encoded(&self.entries)?;
        let body = writer.take();
        let end = writer.sign(signer)?;
        Ok([end.front, body, end.back].concat())
    }
}
