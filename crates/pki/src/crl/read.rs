//! Reading a list: once through at the start, after which every entry is known to be readable.

use std::fmt;
use std::ops::Range;

use der::asn1::{AnyRef, BitStringRef, UintRef};
use der::{Decode, Reader, SliceReader, Tag, TagMode, TagNumber, Tagged as _};
use x509_cert::ext::Extensions;
use x509_cert::ext::pkix::AuthorityKeyIdentifier;
use x509_cert::time::Time;

use super::scope::Scope;
use super::{CrlError, Reason, Revoked};
use crate::certificate::Certificate;
use crate::key::SignatureAlgorithm;
use crate::oids;
use crate::profile::key_usage;
use crate::serial::Serial;

/// A well-formed version 2 list. [`verify`](Self::verify) says whose it is.
pub struct Crl {
    der: Vec<u8>,
    tbs: Range<usize>,
    entries: Range<usize>,
    length: usize,
    issuer: Vec<u8>,
    authority_key_identifier: Option<Vec<u8>>,
    algorithm: SignatureAlgorithm,
    signature: Vec<u8>,
    number: u64,
    this_update: i64,
    next_update: i64,
    scope: Option<Scope>,
}

impl Crl {
    /// Lists beyond 128 MiB (over two million entries) are refused unread.
    pub const LARGEST: usize = 128 * 1_024 * 1_024;

    /// Reads a DER `CertificateList`. The work is linear in its length.
    ///
    /// # Errors
    /// [`CrlError::TooLarge`], [`CrlError::Malformed`], [`CrlError::UnsupportedAlgorithm`],
    /// [`CrlError::UnknownCriticalExtension`]; the last also for a delta list, which
    /// [`DeltaCrl`](super::DeltaCrl) reads.
    pub fn from_der(der: &[u8]) -> Result<Self, CrlError> {
        match Self::read(der)? {
            (list, None) => Ok(list),
            (_, Some(_)) => Err(CrlError::UnknownCriticalExtension),
        }
    }

    /// The list and, of a delta list, the number of its base.
    pub(super) fn read(der: &[u8]) -> Result<(Self, Option<u64>), CrlError> {
        if der.len() > Self::LARGEST {
            return Err(CrlError::TooLarge);
        }
        let (outer, fields) = read(der).map_err(|_| CrlError::Malformed)?;
        if outer.algorithm != fields.algorithm {
            return Err(CrlError::Malformed);
        }
        let algorithm = SignatureAlgorithm::from_identifier(outer.algorithm)
            .ok_or(CrlError::UnsupportedAlgorithm)?;
        let mut number = None;
        let mut base = None;
        let mut authority_key_identifier = None;
        let mut scope = None;
        for extension in &fields.extensions {
            let value = extension.extn_value.as_bytes();
            match extension.extn_id {
                // RFC 5280 5.2.3: never critical.
                oids::CRL_NUMBER if !extension.critical => {
                    let read = UintRef::from_der(value).map_err(|_| CrlError::Malformed)?;
                    number = unsigned(read.as_bytes());
                }
                // RFC 5280 5.2.4: always critical.
                oids::DELTA_CRL_INDICATOR if extension.critical => {
                    let read = UintRef::from_der(value).map_err(|_| CrlError::Malformed)?;
                    base = Some(unsigned(read.as_bytes()).ok_or(CrlError::Malformed)?);
                }
                oids::DELTA_CRL_INDICATOR => return Err(CrlError::Malformed),
                oids::AUTHORITY_KEY_IDENTIFIER => {
                    authority_key_identifier = AuthorityKeyIdentifier::from_der(value)
                        .map_err(|_| CrlError::Malformed)?
                        .key_identifier
                        .map(|identifier| identifier.as_bytes().to_vec());
                }
                oids::ISSUING_DISTRIBUTION_POINT => {
                    scope = Some(Scope::read(value).map_err(|_| CrlError::Malformed)?);
                }
                _ if extension.critical => return Err(CrlError::UnknownCriticalExtension),
                _ => {}
            }
        }
        let length = Entries::new(fields.entries)
            .try_fold(0_usize, |count, entry| entry.map(|_| count + 1))
            .map_err(|_| CrlError::Malformed)?;
        let tbs_end = der.len() - outer.after_tbs;
        let entries_end = tbs_end - fields.after_entries;
        let list = Self {
            tbs: tbs_end - outer.tbs_length..tbs_end,
            entries: entries_end - fields.entries.len()..entries_end,
            length,
            issuer: fields.issuer.to_vec(),
            authority_key_identifier,
            algorithm,
            signature: outer.signature.to_vec(),
            number: number.ok_or(CrlError::Malformed)?,
            this_update: fields.this_update,
            next_update: fields.next_update,
            scope,
            der: der.to_vec(),
        };
        Ok((list, base))
    }

    /// The list byte for byte.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The DER `Name` of who issued it.
    pub fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    pub(super) fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }

    /// The list's number (RFC 5280 5.2.3).
    pub fn number(&self) -> u64 {
        self.number
    }

    /// From when the list is true, unix seconds.
    pub fn this_update(&self) -> i64 {
        self.this_update
    }

    /// Before when the next list comes, unix seconds.
    pub fn next_update(&self) -> i64 {
        self.next_update
    }

    /// How many certificates it lists.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether it lists none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The entries in their order.
    pub fn entries(&self) -> impl Iterator<Item = Revoked> + '_ {
        // Every entry was read once in `from_der`, so none is lost here.
        Entries::new(self.der.get(self.entries.clone()).unwrap_or_default()).filter_map(Result::ok)
    }

    /// The entry of `serial`, by going through the list.
    pub fn entry(&self, serial: &Serial) -> Option<Revoked> {
        self.entries().find(|entry| entry.serial == *serial)
    }

    /// Whether `serial` is listed.
    pub fn contains(&self, serial: &Serial) -> bool {
        self.entry(serial).is_some()
    }

    /// Whether `issuer` issued this list: name, key identifier, the right to sign lists, signature
    /// (RFC 5280 6.3.3 (f), (g)).
    ///
    /// # Errors
    /// [`CrlError::WrongIssuer`], [`CrlError::Key`].
    pub fn verify(&self, issuer: &Certificate) -> Result<(), CrlError> {
        let identifiers = match (
            self.authority_key_identifier.as_deref(),
            issuer.subject_key_identifier(),
        ) {
            (Some(wanted), Some(given)) => wanted == given,
            _ => true,
        };
        let may_sign = issuer
            .key_usage()
            .is_none_or(|bits| bits & key_usage::CRL_SIGN != 0);
        if self.issuer != issuer.subject_der() || !identifiers || !may_sign {
            return Err(CrlError::WrongIssuer);
        }
        let tbs = self.der.get(self.tbs.clone()).unwrap_or_default();
        issuer
            .public_key()
            .verify(self.algorithm, tbs, &self.signature)
            .map_err(CrlError::Key)
    }
}

impl fmt::Debug for Crl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Crl({}, {} entries)", self.number, self.length)
    }
}

struct Outer<'a> {
    tbs_length: usize,
    after_tbs: usize,
    algorithm: &'a [u8],
    signature: &'a [u8],
}

struct Fields<'a> {
    algorithm: &'a [u8],
    issuer: &'a [u8],
    this_update: i64,
    next_update: i64,
    /// The content of revokedCertificates.
    entries: &'a [u8],
    after_entries: usize,
    extensions: Extensions,
}

fn read(der: &[u8]) -> der::Result<(Outer<'_>, Fields<'_>)> {
    let mut reader = SliceReader::new(der)?;
    let (tbs, outer) = reader.sequence(|reader| {
        let tbs = reader.tlv_bytes()?;
        let after_tbs = usize::try_from(reader.remaining_len())?;
        let algorithm = reader.tlv_bytes()?;
        let signature = BitStringRef::decode(reader)?
            .as_bytes()
            .ok_or_else(|| Tag::BitString.value_error())?;
        Ok::<_, der::Error>((
            tbs,
            Outer {
                tbs_length: tbs.len(),
                after_tbs,
                algorithm,
                signature,
            },
        ))
    })?;
    reader.finish()?;
    let mut reader = SliceReader::new(tbs)?;
    let fields = reader.sequence(read_fields)?;
    reader.finish()?;
    Ok((outer, fields))
}

fn read_fields<'a>(reader: &mut SliceReader<'a>) -> der::Result<Fields<'a>> {
    // version v2(1), which lists with extensions must have (RFC 5280 5.1.2.1)
    if u8::decode(reader)? != 1 {
        return Err(Tag::Integer.value_error().into());
    }
    let algorithm = reader.tlv_bytes()?;
    let issuer = reader.tlv_bytes()?;
    let this_update = seconds(Time::decode(reader)?);
    let next_update = seconds(Time::decode(reader)?);
    let has_entries = !reader.is_finished() && Tag::peek(reader)? == Tag::Sequence;
    let entries = if has_entries {
        AnyRef::decode(reader)?.value()
    } else {
        &[]
    };
    let after_entries = usize::try_from(reader.remaining_len())?;
    let extensions = reader
        .context_specific::<Extensions>(TagNumber(0), TagMode::Explicit)?
        .unwrap_or_default();
    Ok(Fields {
        algorithm,
        issuer,
        this_update,
        next_update,
        entries,
        after_entries,
        extensions,
    })
}

/// Goes through the content of revokedCertificates; stops after the first unreadable entry.
struct Entries<'a> {
    rest: &'a [u8],
}

impl<'a> Entries<'a> {
    fn new(content: &'a [u8]) -> Self {
        Self { rest: content }
    }
}

impl Iterator for Entries<'_> {
    type Item = der::Result<Revoked>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let read = AnyRef::from_der_partial(self.rest).and_then(|(entry, rest)| {
            self.rest = rest;
            entry.tag().assert_eq(Tag::Sequence)?;
            read_entry(entry.value())
        });
        if read.is_err() {
            self.rest = &[];
        }
        Some(read)
    }
}

fn read_entry(content: &[u8]) -> der::Result<Revoked> {
    let mut reader = SliceReader::new(content)?;
    let serial = AnyRef::decode(&mut reader)?;
    serial.tag().assert_eq(Tag::Integer)?;
    let serial = Serial::from_integer_content(serial.value())
        .map_err(|_| der::Error::from(Tag::Integer.value_error()))?;
    let revoked_at = seconds(Time::decode(&mut reader)?);
    let mut reason = Reason::Unspecified;
    if !reader.is_finished() {
        for extension in Extensions::decode(&mut reader)? {
            if extension.extn_id == oids::REASON_CODE {
                // ENUMERATED of one octet
                reason = match extension.extn_value.as_bytes() {
                    [0x0a, 1, code] => Reason::from_code(*code),
                    _ => None,
                }
                .ok_or_else(|| der::Error::from(Tag::Enumerated.value_error()))?;
            } else if extension.critical {
                // An indirect list, for instance: its entries are not the issuer's own.
                return Err(der::ErrorKind::Failed.into());
            }
        }
    }
    reader.finish()?;
    Ok(Revoked {
        serial,
        revoked_at,
        reason,
    })
}

fn seconds(time: Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
}

/// A number of at most eight octets.
fn unsigned(big_endian: &[u8]) -> Option<u64> {
    (big_endian.len() <= 8).then(|| {
        big_endian
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
    })
}
