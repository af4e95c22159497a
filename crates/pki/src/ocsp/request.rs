//! Reading a request (RFC 6960 4.1). Signatures on requests are not checked: nothing secret is told.

use std::fmt;

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag, TagMode, TagNumber, Tagged as _};
use x509_cert::ext::Extensions;

use crate::certificate::Certificate;
use crate::digest::{sha1, sha256};
use crate::key::PublicKey;
use crate::oids;
use crate::serial::Serial;

/// Longer requests are refused unread.
pub const LARGEST_REQUEST: usize = 8 * 1_024;
/// Requests for more certificates are refused.
pub const MOST_ENTRIES: usize = 16;

/// A well-formed request for at least one certificate.
#[derive(Debug, Clone)]
pub struct Request {
    entries: Vec<CertId>,
    nonce: Option<Vec<u8>>,
}

/// A request that is answered with `malformedRequest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadRequest {
    /// Longer than [`LARGEST_REQUEST`], or for more than [`MOST_ENTRIES`] certificates.
    #[error("the status request is too large")]
    TooLarge,
    /// Not DER of RFC 6960 4.1.1, or for no certificate.
    #[error("not a well-formed status request")]
    Malformed,
    /// A nonce of other than 1 to 128 octets (RFC 9654 2.1).
    #[error("the nonce of the status request has an impossible length")]
    Nonce,
    /// A critical extension that is not known here (RFC 6960 4.4).
    #[error("the status request has a critical extension that is not known here")]
    CriticalExtension,
}

impl Request {
    /// Reads a DER `OCSPRequest`.
    ///
    /// # Errors
    /// [`BadRequest`].
    pub fn from_der(der: &[u8]) -> Result<Self, BadRequest> {
        if der.len() > LARGEST_REQUEST {
            return Err(BadRequest::TooLarge);
        }
        let (list, extensions) = read(der).map_err(|_| BadRequest::Malformed)?;
        let mut entries = Vec::new();
        let mut rest = list;
        while !rest.is_empty() {
            if entries.len() == MOST_ENTRIES {
                return Err(BadRequest::TooLarge);
            }
            let (entry, after) =
                AnyRef::from_der_partial(rest).map_err(|_| BadRequest::Malformed)?;
            rest = after;
            let (id, critical) = read_entry(entry).map_err(|_| BadRequest::Malformed)?;
            if critical {
                return Err(BadRequest::CriticalExtension);
            }
            entries.push(id);
        }
        if entries.is_empty() {
            return Err(BadRequest::Malformed);
        }
        let mut nonce = None;
        for extension in extensions {
            if extension.extn_id == oids::OCSP_NONCE {
                let value = <&OctetStringRef>::from_der(extension.extn_value.as_bytes())
                    .map_err(|_| BadRequest::Malformed)?;
                if !(1..=128).contains(&value.as_bytes().len()) || nonce.is_some() {
                    return Err(BadRequest::Nonce);
                }
                nonce = Some(value.as_bytes().to_vec());
            } else if extension.critical {
                return Err(BadRequest::CriticalExtension);
            }
        }
        Ok(Self { entries, nonce })
    }

    /// The certificates asked about: 1 to [`MOST_ENTRIES`].
    pub fn entries(&self) -> &[CertId] {
        &self.entries
    }

    /// The nonce, 1 to 128 octets, to be echoed.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }
}

/// `CertID` (RFC 6960 4.1.1): hashes of the issuer's name and key, and a serial number.
#[derive(Clone, PartialEq, Eq)]
pub struct CertId {
    der: Vec<u8>,
    hash: ObjectIdentifier,
    issuer_name_hash: Vec<u8>,
    issuer_key_hash: Vec<u8>,
    serial: Serial,
}

impl CertId {
    /// The DER, byte for byte as it was asked: the answer repeats it.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The serial number asked about.
    pub fn serial(&self) -> Serial {
        self.serial
    }

    /// Whether the certificate asked about is one of this issuer's, by SHA-1 or SHA-256.
    pub fn is_issued_by(&self, issuer: &IssuerHashes) -> bool {
        match self.hash {
            oids::SHA1 => {
                self.issuer_name_hash == issuer.name_sha1 && self.issuer_key_hash == issuer.key_sha1
            }
            oids::SHA256 => {
                self.issuer_name_hash == issuer.name_sha256
                    && self.issuer_key_hash == issuer.key_sha256
            }
            _ => false,
        }
    }

    pub(super) fn read(der: &[u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(der)?;
        let id = reader.sequence(|reader| {
            let hash = spki::AlgorithmIdentifierRef::decode(reader)?.oid;
            let issuer_name_hash = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
            let issuer_key_hash = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
            let serial = AnyRef::decode(reader)?;
            serial.tag().assert_eq(Tag::Integer)?;
            let serial = Serial::from_integer_content(serial.value())
                .map_err(|_| der::Error::from(Tag::Integer.value_error()))?;
            Ok::<_, der::Error>(Self {
                der: der.to_vec(),
                hash,
                issuer_name_hash,
                issuer_key_hash,
                serial,
            })
        })?;
        reader.finish()?;
        Ok(id)
    }
}

impl fmt::Debug for CertId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CertId({})", self.serial)
    }
}

/// The hashes that a `CertID` of one issuer's certificates carries. Computed once an authority.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IssuerHashes {
    pub(super) name_sha1: [u8; 20],
    pub(super) key_sha1: [u8; 20],
    pub(super) name_sha256: [u8; 32],
    pub(super) key_sha256: [u8; 32],
}

impl IssuerHashes {
    /// The hashes of `issuer`: its subject name in DER, and the content of its key's BIT STRING.
    pub fn of(issuer: &Certificate) -> Self {
        let name = issuer.subject_der();
        let key = issuer.public_key().key_bits();
        Self {
            name_sha1: sha1(name),
            key_sha1: sha1(key),
            name_sha256: sha256(name),
            key_sha256: sha256(key),
        }
    }
}

/// `KeyHash` of RFC 6960 4.2.1: SHA-1 of the key, by which a responder names itself.
pub(super) fn key_hash(key: &PublicKey) -> [u8; 20] {
    sha1(key.key_bits())
}

/// The content of `requestList`, and the request's extensions.
fn read(der: &[u8]) -> der::Result<(&[u8], Extensions)> {
    let mut reader = SliceReader::new(der)?;
    let parts = reader.sequence(|reader| {
        let parts = reader.sequence(|reader| {
            // version [0] EXPLICIT DEFAULT v1(0): v1 is the only one.
            let version = reader.context_specific::<u8>(TagNumber(0), TagMode::Explicit)?;
            if version.is_some_and(|version| version != 0) {
                return Err(Tag::Integer.value_error().into());
            }
            // requestorName [1]: who asks does not matter.
            explicit(reader, 1)?;
            let list = AnyRef::decode(reader)?;
            list.tag().assert_eq(Tag::Sequence)?;
            let extensions = reader
                .context_specific::<Extensions>(TagNumber(2), TagMode::Explicit)?
                .unwrap_or_default();
            Ok::<_, der::Error>((list.value(), extensions))
        })?;
        // optionalSignature [0]
        explicit(reader, 0)?;
        Ok::<_, der::Error>(parts)
    })?;
    reader.finish()?;
    Ok(parts)
}

/// One `Request`, and whether it has a critical extension: none is known here.
fn read_entry(entry: AnyRef<'_>) -> der::Result<(CertId, bool)> {
    entry.tag().assert_eq(Tag::Sequence)?;
    let mut reader = SliceReader::new(entry.value())?;
    let id = CertId::read(reader.tlv_bytes()?)?;
    let extensions = reader
        .context_specific::<Extensions>(TagNumber(0), TagMode::Explicit)?
        .unwrap_or_default();
    reader.finish()?;
    Ok((id, extensions.iter().any(|extension| extension.critical)))
}

/// The one element inside an optional `[number] EXPLICIT`, whatever its type.
pub(super) fn explicit<'a>(
    reader: &mut SliceReader<'a>,
    number: u32,
) -> der::Result<Option<AnyRef<'a>>> {
    let wanted = Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(number),
    };
    if reader.is_finished() || Tag::peek(reader)? != wanted {
        return Ok(None);
    }
    AnyRef::from_der(AnyRef::decode(reader)?.value()).map(Some)
}
