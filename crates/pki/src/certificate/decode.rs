//! Reading a certificate, strictly and with a bounded amount of work.

use std::ops::Range;

use der::asn1::{AnyRef, BitStringRef, SequenceRef};
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged as _};
use x509_cert::time::Validity;

use super::extensions::Known;
use super::general_name::check_name;
use super::{BadCertificate, Fault, LARGEST};
use crate::key::{PublicKey, SignatureAlgorithm};
use crate::serial::Serial;

pub(super) struct Decoded {
    pub(super) der: Vec<u8>,
    pub(super) tbs: Range<usize>,
    pub(super) signature_algorithm: SignatureAlgorithm,
    pub(super) signature: Vec<u8>,
    pub(super) serial: Serial,
    pub(super) issuer: Vec<u8>,
    pub(super) subject: Vec<u8>,
    pub(super) not_before: i64,
    pub(super) not_after: i64,
    pub(super) public_key: PublicKey,
    pub(super) extensions: Known,
    /// The first thing that breaks the profile of RFC 5280 4.
    pub(super) fault: Option<Fault>,
}

pub(super) fn decode(der: &[u8]) -> Result<Decoded, BadCertificate> {
    if der.len() > LARGEST {
        return Err(BadCertificate::TooLarge);
    }
    let outer = Outer::read(der).map_err(|_| BadCertificate::Malformed)?;
    let fields = Fields::read(outer.tbs).map_err(|_| BadCertificate::Malformed)?;
    if outer.algorithm != fields.algorithm {
        return Err(BadCertificate::AlgorithmsDiffer);
    }
    let signature_algorithm = SignatureAlgorithm::from_identifier(outer.algorithm)
        .ok_or(BadCertificate::UnsupportedAlgorithm)?;
    let extensions = match fields.extensions {
        Some(list) => Known::read(list)?,
        None => Known::default(),
    };
    let serial = match Serial::from_integer_content(fields.serial) {
        Ok(serial) => serial,
        // There are old roots with the number zero.
        Err(_) if fields.serial == [0] && fields.issuer == fields.subject => Serial::ZERO,
        Err(_) => return Err(BadCertificate::Serial),
    };
    let fault = extensions
        .fault_of(fields.issuer, fields.subject)
        .or_else(|| (serial == Serial::ZERO).then_some(Fault::Serial));
    let end = der.len() - outer.after_tbs;
    Ok(Decoded {
        tbs: end - outer.tbs.len()..end,
        signature_algorithm,
        signature: outer.signature.to_vec(),
        serial,
        issuer: fields.issuer.to_vec(),
        subject: fields.subject.to_vec(),
        not_before: seconds(fields.validity.not_before),
        not_after: seconds(fields.validity.not_after),
        public_key: PublicKey::from_der(fields.spki).map_err(BadCertificate::Key)?,
        fault,
        extensions,
        der: der.to_vec(),
    })
}

fn seconds(time: x509_cert::time::Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
}

/// `Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }`.
struct Outer<'a> {
    tbs: &'a [u8],
    after_tbs: usize,
    algorithm: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Outer<'a> {
    fn read(der: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(der)?;
        let outer = reader.sequence(|reader| {
            let tbs = reader.tlv_bytes()?;
            let after_tbs = usize::try_from(reader.remaining_len())?;
            let algorithm = reader.tlv_bytes()?;
            let signature = BitStringRef::decode(reader)?
                .as_bytes()
                .ok_or_else(|| Tag::BitString.value_error())?;
            Ok::<_, der::Error>(Self {
                tbs,
                after_tbs,
                algorithm,
                signature,
            })
        })?;
        reader.finish()?;
        Ok(outer)
    }
}

/// The fields of `TBSCertificate`, names and key still in DER.
struct Fields<'a> {
    serial: &'a [u8],
    algorithm: &'a [u8],
    issuer: &'a [u8],
    validity: Validity,
    subject: &'a [u8],
    spki: &'a [u8],
    /// The content of the list of extensions.
    extensions: Option<&'a [u8]>,
}

impl<'a> Fields<'a> {
    fn read(tbs: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(tbs)?;
        let fields = reader.sequence(|reader| {
            // Version 3 only: everything this house trusts has extensions.
            let version = reader
                .context_specific::<u8>(TagNumber(0), der::TagMode::Explicit)?
                .ok_or_else(|| Tag::Integer.value_error())?;
            if version != 2 {
                return Err(Tag::Integer.value_error().into());
            }
            let serial = AnyRef::decode(reader)?;
            serial.tag().assert_eq(Tag::Integer)?;
            let algorithm = reader.tlv_bytes()?;
            let issuer = name(reader)?;
            let validity = Validity::decode(reader)?;
            let subject = name(reader)?;
            let spki = reader.tlv_bytes()?;
            // Unique identifiers (RFC 5280 4.1.2.8) are skipped.
            for number in [1, 2] {
                reader.context_specific::<BitStringRef<'_>>(
                    TagNumber(number),
                    der::TagMode::Implicit,
                )?;
            }
            let extensions = reader
                .context_specific::<&SequenceRef>(TagNumber(3), der::TagMode::Explicit)?
                .map(AsRef::as_ref);
            Ok::<_, der::Error>(Self {
                serial: serial.value(),
                algorithm,
                issuer,
                validity,
                subject,
                spki,
                extensions,
            })
        })?;
        reader.finish()?;
        Ok(fields)
    }
}

/// A `Name` that reads as one, in its own bytes.
fn name<'a>(reader: &mut SliceReader<'a>) -> der::Result<&'a [u8]> {
    let bytes = reader.tlv_bytes()?;
    check_name(bytes)?;
    Ok(bytes)
}
