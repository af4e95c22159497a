//! Writing a list that is never held whole. Its entries are hashed and handed on as they come; what
//! stands in front of them needs their length, which the caller has counted beforehand. The outermost
//! header covers the signature, whose length shows when it is made, so it is handed out last.

use super::{CrlError, CrlHead, Reason};
use crate::asn1::{GENERALIZED_TIME, INTEGER, SEQUENCE, UTC_TIME, Writer, header};
use crate::civil;
use crate::digest::Hasher;
use crate::key::{PublicKey, SignatureAlgorithm, Signer};
use crate::serial::Serial;

/// `crlEntryExtensions` with a reason code (RFC 5280 5.3.1), but for the code, which is the last octet.
const REASON: [u8; 13] = [
    0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01,
];

/// Tag and length of an element that short.
const SHORT_HEADER: usize = 2;

/// How many octets entries take, told by what makes them long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntryLengths {
    /// How many entries there are.
    pub entries: u64,
    /// The octets of all serial numbers, as INTEGER content: with the zero octet in front of those
    /// whose first bit is set (X.690 8.3).
    pub serial_octets: u64,
    /// How many give a reason other than [`Reason::Unspecified`].
    pub with_reason: u64,
    /// How many were revoked in [`LATE`](Self::LATE) or later, which takes the longer form of time.
    pub late: u64,
}

impl EntryLengths {
    /// The first second of 2050, from which times are GeneralizedTime (RFC 5280 5.1.2.6).
    pub const LATE: i64 = 2_524_608_000;

    /// The length of all entries together; nothing when it is beyond what memory can address.
    pub fn octets(&self) -> Option<usize> {
        // Entry header, serial header, time header and thirteen digits; two more digits from 2050.
        let each = SHORT_HEADER + SHORT_HEADER + SHORT_HEADER + 13;
        let total = self.entries.checked_mul(u64::try_from(each).ok()?)?;
        let reasons = self
            .with_reason
            .checked_mul(u64::try_from(REASON.len() + 1).ok()?)?;
        let total = total
            .checked_add(self.serial_octets)?
            .checked_add(reasons)?
            .checked_add(self.late.checked_mul(2)?)?;
        usize::try_from(total).ok()
    }
}

/// A list being written. [`take`](Self::take) what is there as often as you like, in order; at the end
/// [`sign`](Self::sign).
pub struct CrlWriter {
    hasher: Hasher,
    buffer: Vec<u8>,
    /// Octets of entries still to come.
    missing: usize,
    /// Octets of the TBSCertList.
    to_be_signed: usize,
    tail: Vec<u8>,
    issuer_key: PublicKey,
    algorithm: SignatureAlgorithm,
    is_delta: bool,
}

/// What is left to hand out when a list is signed.
pub struct SignedEnd {
    /// What comes before everything that was taken.
    pub front: Vec<u8>,
    /// What comes after it.
    pub back: Vec<u8>,
}

impl CrlWriter {
    /// Begins a list whose entries will take exactly `octets` (see [`EntryLengths::octets`]).
    pub fn new(head: &CrlHead, octets: usize) -> Self {
        let tail = head.extensions();
        // An empty list of entries must be absent (RFC 5280 5.1.2.6).
        let entries_header = if octets == 0 {
            Vec::new()
        } else {
            header(SEQUENCE, octets)
        };
        let content = head.front.len() + entries_header.len() + octets + tail.len();
        let mut buffer = header(SEQUENCE, content);
        let to_be_signed = buffer.len() + content;
        buffer.extend_from_slice(&head.front);
        buffer.extend_from_slice(&entries_header);
        Self {
            hasher: Hasher::new(head.algorithm),
            buffer,
            missing: octets,
            to_be_signed,
            tail,
            issuer_key: head.issuer_key.clone(),
            algorithm: head.algorithm,
            is_delta: head.is_delta(),
        }
    }

    /// Adds one certificate. Order does not matter; adding one twice is the caller's mistake.
    ///
    /// # Errors
    /// [`CrlError::Length`] when more entries come than were counted, [`CrlError::NotInFull`].
    pub fn revoke(
        &mut self,
        serial: &Serial,
        revoked_at: i64,
        reason: Reason,
    ) -> Result<(), CrlError> {
        if reason == Reason::RemoveFromCrl && !self.is_delta {
            return Err(CrlError::NotInFull);
        }
        let before = self.buffer.len();
        append(&mut self.buffer, serial, revoked_at, reason);
        self.missing = self
            .missing
            .checked_sub(self.buffer.len() - before)
            .ok_or(CrlError::Length)?;
        Ok(())
    }

    /// Adds entries that are encoded already.
    pub(super) fn encoded(&mut self, entries: &[u8]) -> Result<(), CrlError> {
        self.buffer.extend_from_slice(entries);
        self.missing = self
            .missing
            .checked_sub(entries.len())
            .ok_or(CrlError::Length)?;
        Ok(())
    }

    /// How many octets can be taken.
    pub fn ready(&self) -> usize {
        self.buffer.len()
    }

    /// Takes what is there.
    pub fn take(&mut self) -> Vec<u8> {
        let room = self.buffer.capacity();
        self.hasher.update(&self.buffer);
        std::mem::replace(&mut self.buffer, Vec::with_capacity(room))
    }

    /// Signs the list. The signature is verified before it is handed out.
    ///
    /// # Errors
    /// [`CrlError::Length`] when fewer entries came than were counted, [`CrlError::WrongSigner`],
    /// [`CrlError::Key`].
    pub fn sign(mut self, signer: &dyn Signer) -> Result<SignedEnd, CrlError> {
        if signer.public_key() != &self.issuer_key || signer.algorithm() != self.algorithm {
            return Err(CrlError::WrongSigner);
        }
        if self.missing != 0 {
            return Err(CrlError::Length);
        }
        self.buffer.extend_from_slice(&self.tail);
        self.hasher.update(&self.buffer);
        let digest = self.hasher.finish();
        let signature = signer.sign_digest(&digest).map_err(CrlError::Key)?;
        self.issuer_key
            .verify_digest(self.algorithm, &digest, &signature)
            .map_err(CrlError::Key)?;
        let behind = Writer::build(600, |behind| {
            behind.raw(self.algorithm.identifier());
            behind.bit_string(&signature);
        });
        let mut back = self.buffer;
        back.extend_from_slice(&behind);
        Ok(SignedEnd {
            front: header(SEQUENCE, self.to_be_signed + behind.len()),
            back,
        })
    }
}

/// One entry (RFC 5280 5.1.2.6). Every length is below 128: a serial number has at most 20 octets.
pub(super) fn append(buffer: &mut Vec<u8>, serial: &Serial, revoked_at: i64, reason: Reason) {
    let start = buffer.len();
    buffer.extend_from_slice(&[SEQUENCE, 0, INTEGER]);
    let octets = serial.bytes();
    let sign = octets.first().is_none_or(|first| first & 0x80 != 0);
    buffer.push(short(octets.len() + usize::from(sign)));
    if sign {
        buffer.push(0);
    }
    buffer.extend_from_slice(octets);
    let moment = civil::Moment::from_unix(revoked_at);
    if (1950..2050).contains(&moment.year) {
        buffer.extend_from_slice(&[UTC_TIME, 13]);
        buffer.extend_from_slice(&moment.utc_time());
    } else {
        buffer.extend_from_slice(&[GENERALIZED_TIME, 15]);
        buffer.extend_from_slice(&moment.generalized_time());
    }
    // RFC 5280 5.3.1: leave the code out rather than say "unspecified".
    if reason != Reason::Unspecified {
        buffer.extend_from_slice(&REASON);
        buffer.push(reason.code());
    }
    let length = short(buffer.len() - start - SHORT_HEADER);
    if let Some(place) = buffer.get_mut(start + 1) {
        *place = length;
    }
}

fn short(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}
