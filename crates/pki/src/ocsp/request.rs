//! Reading a request (RFC 6960 4.1). Signatures on requests are not checked: nothing secret is told.

use std::fmt;

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag, TagMode, TagNumber, Tagged as _};

use crate::asn1::{OCTET_STRING, Writer};
use crate::certificate::Certificate;
use crate::digest::{sha1, sha256};
use crate::key::PublicKey;
use crate::oids;
use crate::serial::Serial;

/// Longer requests are refused unread.
pub const LARGEST_REQUEST: usize = 8 * 1_024;
/// Requests for more certificates are refused.
pub const MOST_ENTRIES: usize = 16;

/// A well-formed request for at least one certificate. It borrows the bytes it was read from.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    entries: Vec<CertId<'a>>,
    nonce: Option<&'a [u8]>,
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

impl<'a> Request<'a> {
    /// Reads a DER `OCSPRequest`.
    ///
    /// # Errors
    /// [`BadRequest`].
    pub fn from_der(der: &'a [u8]) -> Result<Self, BadRequest> {
        if der.len() > LARGEST_REQUEST {
            return Err(BadRequest::TooLarge);
        }
        let (mut list, extensions) = read(der).map_err(|_| BadRequest::Malformed)?;
        let mut entries = Vec::with_capacity(1);
        while !list.is_empty() {
            if entries.len() == MOST_ENTRIES {
                return Err(BadRequest::TooLarge);
            }
            let (entry, after) =
                AnyRef::from_der_partial(list).map_err(|_| BadRequest::Malformed)?;
            list = after;
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
        let mut rest = extensions;
        while !rest.is_empty() {
            let (extension, after) =
                AnyRef::from_der_partial(rest).map_err(|_| BadRequest::Malformed)?;
            rest = after;
            let extension = read_extension(extension).map_err(|_| BadRequest::Malformed)?;
            if extension.oid == oids::OCSP_NONCE {
                let value = <&OctetStringRef>::from_der(extension.value)
                    .map_err(|_| BadRequest::Malformed)?
                    .as_bytes();
                if !(1..=128).contains(&value.len()) || nonce.is_some() {
                    return Err(BadRequest::Nonce);
                }
                nonce = Some(value);
            } else if extension.critical {
                return Err(BadRequest::CriticalExtension);
            }
        }
        Ok(Self { entries, nonce })
    }

    /// The certificates asked about: 1 to [`MOST_ENTRIES`].
    pub fn entries(&self) -> &[CertId<'a>] {
        &self.entries
    }

    /// The nonce, 1 to 128 octets, to be echoed.
    pub fn nonce(&self) -> Option<&'a [u8]> {
        self.nonce
    }
}

/// The `CertID`, DER, of a request that names one certificate and says nothing else: no version, no requestor, no extension, no
/// signature. Most requests are of this kind (RFC 5019 2.1.1), and the same question always has the same bytes. Reads only the
/// lengths around the `CertID`; what is in it is for [`Request::from_der`].
pub fn plain_question(request: &[u8]) -> Option<&[u8]> {
    // OCSPRequest, TBSRequest, requestList and Request hold one element each, the next of these.
    let entry = sole_content(sole_content(sole_content(request)?)?)?;
    let id = sole_content(entry)?;
    sole_content(id).map(|_| id)
}

/// The content of a SEQUENCE that is all there is. Lengths up to 65,535, each in its shortest form (X.690 10.1).
fn sole_content(der: &[u8]) -> Option<&[u8]> {
    let (content, length) = match der {
        [0x30, 0x81, length, content @ ..] if *length >= 0x80 => (content, usize::from(*length)),
        [0x30, 0x82, high, low, content @ ..] if *high > 0 => {
            (content, usize::from(*high) << 8 | usize::from(*low))
        }
        [0x30, length, content @ ..] if *length < 0x80 => (content, usize::from(*length)),
        _ => return None,
    };
    (content.len() == length).then_some(content)
}

/// `CertID` (RFC 6960 4.1.1): hashes of the issuer's name and key, and a serial number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CertId<'a> {
    der: &'a [u8],
    hash: ObjectIdentifier,
    issuer_name_hash: &'a [u8],
    issuer_key_hash: &'a [u8],
    serial: Serial,
}

impl<'a> CertId<'a> {
    /// The DER, byte for byte as it was asked: the answer repeats it.
    pub fn der(&self) -> &'a [u8] {
        self.der
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

    pub(super) fn read(der: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(der)?;
        let id = reader.sequence(|reader| {
            let hash = spki::AlgorithmIdentifierRef::decode(reader)?.oid;
            let issuer_name_hash = <&OctetStringRef>::decode(reader)?.as_bytes();
            let issuer_key_hash = <&OctetStringRef>::decode(reader)?.as_bytes();
            let serial = AnyRef::decode(reader)?;
            serial.tag().assert_eq(Tag::Integer)?;
            let serial = Serial::from_integer_content(serial.value())
                .map_err(|_| der::Error::from(Tag::Integer.value_error()))?;
            Ok::<_, der::Error>(Self {
                der,
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

impl fmt::Debug for CertId<'_> {
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

    /// Every `CertID`, DER, by which a certificate of this issuer is commonly asked about: with SHA-1 and with SHA-256, the
    /// algorithm's parameters NULL or left out (RFC 5754 2). Who keeps answers under these alone keeps no more than four of
    /// a certificate, and finds them all.
    pub fn cert_ids(&self, serial: &Serial) -> [Vec<u8>; 4] {
        let sha1 = (&oids::SHA1, &self.name_sha1[..], &self.key_sha1[..]);
        let sha256 = (&oids::SHA256, &self.name_sha256[..], &self.key_sha256[..]);
        [(sha1, true), (sha1, false), (sha256, true), (sha256, false)].map(
            |((algorithm, name, key), null)| {
                Writer::build(128, |writer| {
                    cert_id(writer, algorithm, null, name, key, serial);
                })
            },
        )
    }
}

/// One `CertID`.
pub(super) fn cert_id(
    writer: &mut Writer,
    algorithm: &ObjectIdentifier,
    null: bool,
    name: &[u8],
    key: &[u8],
    serial: &Serial,
) {
    writer.sequence(|id| {
        id.sequence(|identifier| {
            identifier.object_identifier(algorithm);
            if null {
                identifier.raw(&[5, 0]);
            }
        });
        id.element(OCTET_STRING, name);
        id.element(OCTET_STRING, key);
        id.unsigned(serial.bytes());
    });
}

/// `KeyHash` of RFC 6960 4.2.1: SHA-1 of the key, by which a responder names itself.
pub(super) fn key_hash(key: &PublicKey) -> [u8; 20] {
    sha1(key.key_bits())
}

/// The content of `requestList`, and the content of the request's extensions.
fn read(der: &[u8]) -> der::Result<(&[u8], &[u8])> {
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
            Ok::<_, der::Error>((list.value(), extensions(reader, 2)?))
        })?;
        // optionalSignature [0]
        explicit(reader, 0)?;
        Ok::<_, der::Error>(parts)
    })?;
    reader.finish()?;
    Ok(parts)
}

/// One `Request`, and whether it has a critical extension: none is known here.
fn read_entry(entry: AnyRef<'_>) -> der::Result<(CertId<'_>, bool)> {
    entry.tag().assert_eq(Tag::Sequence)?;
    let mut reader = SliceReader::new(entry.value())?;
    let id = CertId::read(reader.tlv_bytes()?)?;
    let mut rest = extensions(&mut reader, 0)?;
    reader.finish()?;
    let mut critical = false;
    while !rest.is_empty() {
        let (extension, after) = AnyRef::from_der_partial(rest)?;
        rest = after;
        critical |= read_extension(extension)?.critical;
    }
    Ok((id, critical))
}

/// The content of an optional `[number] EXPLICIT Extensions`; nothing when there are none.
fn extensions<'a>(reader: &mut SliceReader<'a>, number: u32) -> der::Result<&'a [u8]> {
    match explicit(reader, number)? {
        None => Ok(&[]),
        Some(list) => {
            list.tag().assert_eq(Tag::Sequence)?;
            Ok(list.value())
        }
    }
}

/// One `Extension` (RFC 5280 4.2).
struct Extension<'a> {
    oid: ObjectIdentifier,
    critical: bool,
    value: &'a [u8],
}

fn read_extension(extension: AnyRef<'_>) -> der::Result<Extension<'_>> {
    extension.tag().assert_eq(Tag::Sequence)?;
    let mut reader = SliceReader::new(extension.value())?;
    let oid = ObjectIdentifier::decode(&mut reader)?;
    let critical = Tag::peek(&reader)? == Tag::Boolean && bool::decode(&mut reader)?;
    let value = <&OctetStringRef>::decode(&mut reader)?.as_bytes();
    reader.finish()?;
    Ok(Extension {
        oid,
        critical,
        value,
    })
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
