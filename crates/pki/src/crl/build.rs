//! Writing a list front to back. A million entries are one buffer of about 40 MB: entries are
//! appended as they come from the database, the head is put into room kept free in front of them.

use super::{CrlError, Reason};
use crate::asn1::{ENUMERATED, INTEGER, SEQUENCE, Writer, context, context_constructed, header};
use crate::certificate::Certificate;
use crate::key::{PublicKey, SignatureAlgorithm, Signer};
use crate::oids;
use crate::profile::key_usage;
use crate::serial::Serial;

/// Tag and length of the three sequences in front of the entries take at most 10 bytes each.
const HEADERS: usize = 3 * 10;

/// A version 2 list under construction: add entries, then [`sign`](Self::sign).
pub struct CrlBuilder {
    /// Room for the head, then the entries.
    buffer: Vec<u8>,
    room: usize,
    head: Vec<u8>,
    issuer_key: PublicKey,
    issuer_key_identifier: Vec<u8>,
    algorithm: SignatureAlgorithm,
    number: u64,
    address: Option<String>,
}

impl CrlBuilder {
    /// A list of `issuer`, numbered `number` (RFC 5280 5.2.3: rises with every list), true from
    /// `this_update` and followed by another before `next_update` (unix seconds).
    ///
    /// # Errors
    /// [`CrlError::WrongIssuer`] when the issuer may not sign lists, [`CrlError::Validity`].
    pub fn new(
        issuer: &Certificate,
        number: u64,
        this_update: i64,
        next_update: i64,
    ) -> Result<Self, CrlError> {
        let may_sign = issuer
            .key_usage()
            .is_some_and(|bits| bits & key_usage::CRL_SIGN != 0);
        if !issuer.is_authority() || !may_sign {
            return Err(CrlError::WrongIssuer);
        }
        if next_update <= this_update {
            return Err(CrlError::Validity);
        }
        let algorithm = issuer.public_key().kind().signature_algorithm();
        let head = Writer::build(256, |head| {
            head.element(INTEGER, &[1]); // v2
            head.raw(algorithm.identifier());
            head.raw(issuer.subject_der());
            head.time(this_update);
            head.time(next_update);
        });
        let room = head.len() + HEADERS;
        Ok(Self {
            buffer: vec![0; room],
            room,
            head,
            issuer_key: issuer.public_key().clone(),
            issuer_key_identifier: issuer.issuing_key_identifier(),
            algorithm,
            number,
            address: None,
        })
    }

    /// Adds the critical issuing distribution point (RFC 5280 5.2.5) with the address that the
    /// certificates of this shard name. A list of everything needs none.
    ///
    /// # Errors
    /// [`CrlError::BadAddress`].
    pub fn at_address(mut self, address: &str) -> Result<Self, CrlError> {
        if !address.starts_with("http://") || !address.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(CrlError::BadAddress);
        }
        self.address = Some(address.to_owned());
        Ok(self)
    }

    /// Makes room for `entries` more entries, to spare the buffer from growing.
    pub fn reserve(&mut self, entries: usize) {
        self.buffer.reserve(entries.saturating_mul(52));
    }

    /// Adds one certificate. Order does not matter; adding one twice is the caller's mistake.
    pub fn revoke(&mut self, serial: &Serial, revoked_at: i64, reason: Reason) {
        let mut writer = Writer::over(std::mem::take(&mut self.buffer));
        writer.sequence(|entry| {
            entry.unsigned(serial.bytes());
            entry.time(revoked_at);
            // RFC 5280 5.3.1: leave the code out rather than say "unspecified".
            if reason != Reason::Unspecified {
                entry.sequence(|extensions| {
                    extensions.extension(&oids::REASON_CODE, false, |value| {
                        value.element(ENUMERATED, &[reason.code()]);
                    });
                });
            }
        });
        self.buffer = writer.into_bytes();
    }

    /// Signs the list and returns its DER. The signature is verified before it is handed out.
    ///
    /// # Errors
    /// [`CrlError::WrongSigner`], [`CrlError::Key`].
    pub fn sign(self, signer: &dyn Signer) -> Result<Vec<u8>, CrlError> {
        if signer.public_key() != &self.issuer_key || signer.algorithm() != self.algorithm {
            return Err(CrlError::WrongSigner);
        }
        let extensions = self.extensions();
        let mut buffer = self.buffer;
        let entries = buffer.len() - self.room;
        // An empty list of entries must be absent (RFC 5280 5.1.2.6).
        let entries_header = if entries == 0 {
            Vec::new()
        } else {
            header(SEQUENCE, entries)
        };
        let content = self.head.len() + entries_header.len() + entries + extensions.len();
        let mut front = header(SEQUENCE, content);
        front.extend_from_slice(&self.head);
        front.extend_from_slice(&entries_header);
        buffer.extend_from_slice(&extensions);
        let tbs_start = place(&mut buffer, self.room, &front);

        let tbs = buffer.get(tbs_start..).unwrap_or_default();
        let signature = signer.sign(tbs).map_err(CrlError::Key)?;
        self.issuer_key
            .verify(self.algorithm, tbs, &signature)
            .map_err(CrlError::Key)?;
        let mut writer = Writer::over(buffer);
        writer.raw(self.algorithm.identifier());
        writer.bit_string(&signature);
        let mut buffer = writer.into_bytes();
        let outer = header(SEQUENCE, buffer.len() - tbs_start);
        let start = place(&mut buffer, tbs_start, &outer);
        buffer.drain(..start);
        Ok(buffer)
    }

    fn extensions(&self) -> Vec<u8> {
        Writer::build(256, |writer| {
            writer.nested(context_constructed(0), |explicit| {
                explicit.sequence(|extensions| {
                    // RFC 5280 5.2.1: the issuer's *subject* key identifier.
                    extensions.extension(&oids::AUTHORITY_KEY_IDENTIFIER, false, |value| {
                        value.sequence(|identifier| {
                            identifier.element(context(0), &self.issuer_key_identifier);
                        });
                    });
                    extensions.extension(&oids::CRL_NUMBER, false, |value| {
                        value.unsigned_number(self.number);
                    });
                    if let Some(address) = &self.address {
                        extensions.extension(&oids::ISSUING_DISTRIBUTION_POINT, true, |value| {
                            value.sequence(|point| {
                                point.nested(context_constructed(0), |name| {
                                    name.nested(context_constructed(0), |full_name| {
                                        full_name.element(context(6), address.as_bytes());
                                    });
                                });
                            });
                        });
                    }
                });
            });
        })
    }
}

/// Writes `front` so that it ends at `end`, and returns where it begins.
fn place(buffer: &mut [u8], end: usize, front: &[u8]) -> usize {
    let start = end.saturating_sub(front.len());
    if let Some(room) = buffer.get_mut(start..end) {
        for (to, from) in room.iter_mut().zip(front) {
            *to = *from;
        }
    }
    start
}
