//! Certificates a chip signs to say that it made a key itself, in the form YubiKeys gave them, so that one check reads
//! both. DER is written by hand: these few structures never change.

use p256::ecdsa::signature::hazmat::PrehashSigner;
use piv::{Algorithm, Slot, slot::PinPolicy, tlv};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{key::PrivateKey, saved::SavedProblem};

const SEQUENCE: u32 = 0x30;
const SET: u32 = 0x31;
const INTEGER: u32 = 0x02;
const BIT_STRING: u32 = 0x03;
const OCTET_STRING: u32 = 0x04;
const OBJECT_IDENTIFIER: u32 = 0x06;
const UTF8_STRING: u32 = 0x0C;
const PRINTABLE_STRING: u32 = 0x13;
const UTC_TIME: u32 = 0x17;
const GENERALIZED_TIME: u32 = 0x18;
const BOOLEAN: u32 = 0x01;

const ECDSA_WITH_SHA256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const SERIAL_NUMBER: &[u8] = &[0x55, 0x04, 0x05];
const KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x0F];
const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 0x0E];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 0x23];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x13];
/// 1.3.6.1.4.1.41482.3, under which 3 is the version, 7 the serial number and 8 the use policies.
const EXTENSION_ARC: &[u8] = &[0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0xC4, 0x0A, 0x03];

/// The maker of virtual chips: it certifies each chip's attestation key, so that a server can tell "a key made on a
/// chip of this maker" from "a key anyone made".
pub struct Manufacturer {
    key: p256::SecretKey,
    certificate: Vec<u8>,
}

/// A manufacturer that cannot be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadManufacturer {
    /// The key bytes are no P-256 scalar.
    #[error("the manufacturer's key is no P-256 key")]
    Key,
    /// The certificate is malformed or of another key.
    #[error("the manufacturer's certificate does not belong to its key")]
    Certificate,
    /// The source of randomness gives no key.
    #[error("no key could be made")]
    Entropy,
}

impl Manufacturer {
    /// Makes a key and a certificate for it, signed by itself, named `name`.
    ///
    /// # Errors
    /// [`BadManufacturer::Entropy`] when `entropy` is broken.
    pub fn generate(
        name: &str,
        entropy: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Self, BadManufacturer> {
        let Some(PrivateKey::P256(key)) = PrivateKey::generate(Algorithm::EccP256, entropy) else {
            return Err(BadManufacturer::Entropy);
        };
        let subject = name_of(name, None);
        let public_key = PrivateKey::P256(key.clone())
            .public_key()
            .map_err(|_| BadManufacturer::Entropy)?
            .to_spki();
        let certificate = Contents {
            issuer: &subject,
            authority: None,
            subject: &subject,
            public_key: &public_key,
            extensions: authority_extensions(1),
        }
        .sign(&key, entropy)
        .ok_or(BadManufacturer::Entropy)?;
        Ok(Self { key, certificate })
    }

    /// The manufacturer of a kept key (32 bytes) and certificate (DER).
    ///
    /// # Errors
    /// [`BadManufacturer`] when they are malformed or do not belong together.
    pub fn from_parts(key: &[u8], certificate: &[u8]) -> Result<Self, BadManufacturer> {
        let key = p256::SecretKey::from_slice(key).map_err(|_| BadManufacturer::Key)?;
        let spki = PrivateKey::P256(key.clone())
            .public_key()
            .map_err(|_| BadManufacturer::Key)?
            .to_spki();
        let parts = parts_of(certificate).ok_or(BadManufacturer::Certificate)?;
        if parts.public_key != spki {
            return Err(BadManufacturer::Certificate);
        }
        Ok(Self {
            key,
            certificate: certificate.to_vec(),
        })
    }

    /// The private key, 32 bytes, for keeping.
    #[must_use]
    pub fn key_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.key.to_bytes().to_vec())
    }

    /// The certificate, DER: what a server trusts.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }
}

/// The certificate of a chip's attestation key: by the manufacturer, or by itself. The subject's serialNumber is the
/// number printed on the card.
pub(crate) fn certify_chip(
    chip_key: &PrivateKey,
    card_number: &str,
    manufacturer: Option<&Manufacturer>,
    entropy: &mut dyn FnMut(&mut [u8]),
) -> Option<Vec<u8>> {
    let subject = name_of("Card attestation", Some(card_number));
    let public_key = chip_key.public_key().ok()?.to_spki();
    let (issuer, authority, key) = match (manufacturer, chip_key) {
        (Some(maker), _) => {
            let parts = parts_of(&maker.certificate)?;
            (parts.subject, parts.key_identifier, &maker.key)
        }
        (None, PrivateKey::P256(key)) => (subject.clone(), None, key),
        (None, _) => return None,
    };
    Contents {
        issuer: &issuer,
        authority: authority.as_deref(),
        subject: &subject,
        public_key: &public_key,
        extensions: authority_extensions(0),
    }
    .sign(key, entropy)
}

/// What an attestation says.
pub(crate) struct Statement<'a> {
    pub slot: Slot,
    pub public_key: &'a [u8],
    pub pin_policy: PinPolicy,
    pub version: [u8; 3],
    pub serial: u32,
}

/// The certificate in which a chip says where a key comes from.
pub(crate) fn attest(
    statement: &Statement<'_>,
    attestation_key: &PrivateKey,
    attestation_certificate: &[u8],
    entropy: &mut dyn FnMut(&mut [u8]),
) -> Option<Vec<u8>> {
    let PrivateKey::P256(key) = attestation_key else {
        return None;
    };
    let issuer = parts_of(attestation_certificate)?;
    let own = |last: u8| [EXTENSION_ARC, &[last]].concat();
    let pin_policy = match statement.pin_policy {
        PinPolicy::Never => 1,
        PinPolicy::Once => 2,
        PinPolicy::Always => 3,
    };
    // The second byte is the touch policy; 1 is "never".
    let mut extensions = extension(&own(3), false, &statement.version);
    extensions.extend(extension(
        &own(7),
        false,
        &positive(&statement.serial.to_be_bytes()),
    ));
    extensions.extend(extension(&own(8), false, &[pin_policy, 1]));
    Contents {
        issuer: &issuer.subject,
        authority: issuer.key_identifier.as_deref(),
        subject: &name_of(&format!("PIV attestation {}", statement.slot), None),
        public_key: statement.public_key,
        extensions,
    }
    .sign(key, entropy)
}

struct Contents<'a> {
    issuer: &'a [u8],
    /// The issuer's key identifier, when its certificate has one.
    authority: Option<&'a [u8]>,
    subject: &'a [u8],
    public_key: &'a [u8],
    extensions: Vec<u8>,
}

impl Contents<'_> {
    /// An X.509 version 3 certificate (RFC 5280 4.1) with a random serial number, good from the first day of the
    /// century until "no well-defined end" (RFC 5280 4.1.2.5): a chip has no clock.
    fn sign(&self, key: &p256::SecretKey, entropy: &mut dyn FnMut(&mut [u8])) -> Option<Vec<u8>> {
        let mut serial = [0; 16];
        entropy(&mut serial);
        let algorithm = sequence(&[tlv::element(OBJECT_IDENTIFIER, ECDSA_WITH_SHA256)]);
        let validity = sequence(&[
            tlv::element(UTC_TIME, b"000101000000Z"),
            tlv::element(GENERALIZED_TIME, b"99991231235959Z"),
        ]);
        // RFC 5280 4.2.1.1 and 4.2.1.2.
        let mut extensions = Vec::new();
        if let Some(authority) = self.authority {
            let identifier = sequence(&[tlv::element(0x80, authority)]);
            extensions.extend(extension(AUTHORITY_KEY_IDENTIFIER, false, &identifier));
        }
        let own = tlv::element(OCTET_STRING, &key_identifier(self.public_key)?);
        extensions.extend(extension(SUBJECT_KEY_IDENTIFIER, false, &own));
        extensions.extend_from_slice(&self.extensions);
        let content = sequence(&[
            tlv::element(0xA0, &tlv::element(INTEGER, &[2])),
            positive(&serial),
            algorithm.clone(),
            self.issuer.to_vec(),
            validity,
            self.subject.to_vec(),
            self.public_key.to_vec(),
            tlv::element(0xA3, &tlv::element(SEQUENCE, &extensions)),
        ]);
        let signature: p256::ecdsa::Signature = p256::ecdsa::SigningKey::from(key)
            .sign_prehash(&Sha256::digest(&content))
            .ok()?;
        let bits = [&[0], signature.to_der().as_bytes()].concat();
        Some(sequence(&[
            content,
            algorithm,
            tlv::element(BIT_STRING, &bits),
        ]))
    }
}

/// What is needed of a certificate.
pub(crate) struct Parts {
    /// The subject, DER.
    pub subject: Vec<u8>,
    /// The SubjectPublicKeyInfo, DER.
    pub public_key: Vec<u8>,
    /// The subject key identifier, when there is one.
    pub key_identifier: Option<Vec<u8>>,
}

/// Takes subject and key out of a certificate; `None` when it is none.
pub(crate) fn parts_of(certificate: &[u8]) -> Option<Parts> {
    let outer = tlv::find(certificate, SEQUENCE).ok()??;
    let content = tlv::find(outer, SEQUENCE).ok()??;
    // RFC 5280 4.1: signature, issuer, validity, subject, subjectPublicKeyInfo.
    let sequences = values(content, SEQUENCE)?;
    let &[_, _, _, subject, public_key, ..] = sequences.as_slice() else {
        return None;
    };
    Some(Parts {
        subject: tlv::element(SEQUENCE, subject),
        public_key: tlv::element(SEQUENCE, public_key),
        key_identifier: identifier_in(content),
    })
}

/// The subject key identifier among the extensions of a certificate's content.
fn identifier_in(content: &[u8]) -> Option<Vec<u8>> {
    let extensions = tlv::find(content, 0xA3).ok()??;
    let extensions = tlv::find(extensions, SEQUENCE).ok()??;
    let value = values(extensions, SEQUENCE)?
        .into_iter()
        .find(|one| tlv::find(one, OBJECT_IDENTIFIER) == Ok(Some(SUBJECT_KEY_IDENTIFIER)))
        .and_then(|one| tlv::find(one, OCTET_STRING).ok()?)?;
    Some(tlv::find(value, OCTET_STRING).ok()??.to_vec())
}

/// The values of all elements with `tag`.
fn values(data: &[u8], tag: u32) -> Option<Vec<&[u8]>> {
    let mut reader = tlv::Reader::new(data);
    let mut found = Vec::new();
    while let Some(element) = reader.element().ok()? {
        if element.tag == tag {
            found.push(element.value);
        }
    }
    Some(found)
}

/// RFC 7093, method 1: the first 160 bits of the SHA-256 hash of the key's bits.
fn key_identifier(spki: &[u8]) -> Option<Vec<u8>> {
    let content = tlv::find(spki, SEQUENCE).ok()??;
    let (_unused_bits, key) = tlv::find(content, BIT_STRING).ok()??.split_first()?;
    Sha256::digest(key).get(..20).map(<[u8]>::to_vec)
}

/// Checks that a certificate loaded with a saved card is the attestation key's own.
pub(crate) fn check_owner(certificate: &[u8], key: &PrivateKey) -> Result<(), SavedProblem> {
    let own = key.public_key().map_err(|_| SavedProblem::Key)?.to_spki();
    match parts_of(certificate) {
        Some(parts) if parts.public_key == own => Ok(()),
        _ => Err(SavedProblem::Attestation),
    }
}

/// basicConstraints CA with a path length, keyUsage keyCertSign (RFC 5280 4.2.1.9 and 4.2.1.3), both critical.
fn authority_extensions(path_length: u8) -> Vec<u8> {
    let constraints = sequence(&[
        tlv::element(BOOLEAN, &[0xFF]),
        tlv::element(INTEGER, &[path_length]),
    ]);
    let mut out = extension(BASIC_CONSTRAINTS, true, &constraints);
    out.extend(extension(
        KEY_USAGE,
        true,
        &tlv::element(BIT_STRING, &[2, 0x04]),
    ));
    out
}

fn extension(identifier: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let mut content = tlv::element(OBJECT_IDENTIFIER, identifier);
    if critical {
        content.extend(tlv::element(BOOLEAN, &[0xFF]));
    }
    content.extend(tlv::element(OCTET_STRING, value));
    tlv::element(SEQUENCE, &content)
}

fn name_of(common_name: &str, serial_number: Option<&str>) -> Vec<u8> {
    let attribute = |identifier: &[u8], tag, text: &str| {
        let pair = sequence(&[
            tlv::element(OBJECT_IDENTIFIER, identifier),
            tlv::element(tag, text.as_bytes()),
        ]);
        tlv::element(SET, &pair)
    };
    let mut attributes = vec![attribute(COMMON_NAME, UTF8_STRING, common_name)];
    if let Some(number) = serial_number {
        attributes.push(attribute(SERIAL_NUMBER, PRINTABLE_STRING, number));
    }
    sequence(&attributes)
}

fn sequence(elements: &[Vec<u8>]) -> Vec<u8> {
    tlv::element(SEQUENCE, &elements.concat())
}

/// A positive INTEGER in its shortest form (X.690 8.3.2).
fn positive(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0);
    let digits = start.and_then(|start| bytes.get(start..)).unwrap_or(&[0]);
    let mut value = Vec::with_capacity(digits.len() + 1);
    if digits.first().is_some_and(|first| first & 0x80 != 0) {
        value.push(0);
    }
    value.extend_from_slice(digits);
    tlv::element(INTEGER, &value)
}
