//! A public key that cannot be wrong: its kind is accepted and its point lies on the curve.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::{self, ParsedPublicKey, UnparsedPublicKey, VerificationAlgorithm};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use der::asn1::{AnyRef, BitStringRef, UintRef};
use der::{Decode, Reader, SliceReader};
use spki::SubjectPublicKeyInfo;

use super::{KeyError, KeyKind, SignatureAlgorithm};
use crate::asn1::Writer;
use crate::digest::{sha256, sized};
use crate::oids;

/// A 4,096-bit RSA key is 550 bytes; nothing accepted here is longer than this.
const LONGEST_SPKI: usize = 1_024;

/// A SubjectPublicKeyInfo (RFC 5280 4.1.2.7) of an accepted kind. Cheap to clone.
#[derive(Clone)]
pub struct PublicKey {
    inner: Arc<Inner>,
}

struct Inner {
    der: Vec<u8>,
    kind: KeyKind,
    /// The content of the BIT STRING: the uncompressed point, or the DER `RSAPublicKey`.
    key: Vec<u8>,
    identifier: [u8; 20],
    /// Parsed once for the algorithm keys of this kind normally sign with.
    parsed: ParsedPublicKey,
}

impl PublicKey {
    /// Reads a DER SubjectPublicKeyInfo. Curve points must be uncompressed (RFC 5480 2.2) and on
    /// the curve; RSA moduli must have exactly the length a [`KeyKind`] names.
    ///
    /// # Errors
    /// [`KeyError::MalformedPublicKey`], [`KeyError::UnsupportedKey`].
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        if der.len() > LONGEST_SPKI {
            return Err(KeyError::MalformedPublicKey);
        }
        let spki = SubjectPublicKeyInfo::<AnyRef<'_>, BitStringRef<'_>>::from_der(der)
            .map_err(|_| KeyError::MalformedPublicKey)?;
        let key = spki
            .subject_public_key
            .as_bytes()
            .ok_or(KeyError::MalformedPublicKey)?;
        let kind = match spki.algorithm.oid {
            oids::EC_PUBLIC_KEY => {
                let curve = spki
                    .algorithm
                    .parameters_oid()
                    .map_err(|_| KeyError::UnsupportedKey)?;
                elliptic_kind(&curve, key)?
            }
            oids::RSA => {
                if !spki.algorithm.parameters.is_some_and(AnyRef::is_null) {
                    return Err(KeyError::MalformedPublicKey);
                }
                rsa_kind(key)?
            }
            _ => return Err(KeyError::UnsupportedKey),
        };
        let parsed = ParsedPublicKey::new(verifier(kind, kind.signature_algorithm())?, key)
            .map_err(|_| KeyError::UnsupportedKey)?;
        Ok(Self {
            inner: Arc::new(Inner {
                der: der.to_vec(),
                kind,
                key: key.to_vec(),
                identifier: sized(&sha256(key)),
                parsed,
            }),
        })
    }

    /// A P-256 or P-384 key from its uncompressed point (`04 || X || Y`), as a card gives it.
    ///
    /// # Errors
    /// [`KeyError::UnsupportedKey`] when the point is of another length or off its curve.
    pub fn from_point(point: &[u8]) -> Result<Self, KeyError> {
        let curve = match point.len() {
            65 => oids::P256,
            97 => oids::P384,
            _ => return Err(KeyError::UnsupportedKey),
        };
        let der = Writer::build(128, |writer| {
            writer.sequence(|spki| {
                spki.sequence(|algorithm| {
                    algorithm.object_identifier(&oids::EC_PUBLIC_KEY);
                    algorithm.object_identifier(&curve);
                });
                spki.bit_string(point);
            });
        });
        Self::from_der(&der)
    }

    /// An RSA key from its numbers, big-endian, as hardware gives them.
    ///
    /// # Errors
    /// [`KeyError::UnsupportedKey`] when the modulus has a length that no [`KeyKind`] names, or the exponent is a weak one.
    pub fn from_rsa(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        if modulus.len() + exponent.len() > LONGEST_SPKI {
            return Err(KeyError::UnsupportedKey);
        }
        let key = Writer::build(640, |writer| {
            writer.sequence(|numbers| {
                numbers.unsigned(modulus);
                numbers.unsigned(exponent);
            });
        });
        let der = Writer::build(640, |writer| {
            writer.sequence(|spki| {
                spki.sequence(|algorithm| {
                    algorithm.object_identifier(&oids::RSA);
                    // RFC 3279 2.3.1: the parameters are NULL.
                    algorithm.raw(&[0x05, 0x00]);
                });
                spki.bit_string(&key);
            });
        });
        Self::from_der(&der)
    }

    /// The DER SubjectPublicKeyInfo, byte for byte as it was read.
    pub fn der(&self) -> &[u8] {
        &self.inner.der
    }

    /// PEM `PUBLIC KEY` (RFC 7468 13).
    pub fn to_pem(&self) -> String {
        // Encoding fails only for labels that are not ASCII, or lines of no length.
        der::pem::encode_string("PUBLIC KEY", der::pem::LineEnding::LF, &self.inner.der)
            .unwrap_or_default()
    }

    /// The kind of key.
    pub fn kind(&self) -> KeyKind {
        self.inner.kind
    }

    /// The content of the subjectPublicKey BIT STRING: the uncompressed point of an elliptic key,
    /// the DER `RSAPublicKey` of an RSA key.
    pub fn key_bits(&self) -> &[u8] {
        &self.inner.key
    }

    /// Key identifier of RFC 7093 2, method 1: the leftmost 160 bits of the SHA-256 hash of
    /// [`key_bits`](Self::key_bits).
    pub fn key_identifier(&self) -> [u8; 20] {
        self.inner.identifier
    }

    /// [`key_identifier`](Self::key_identifier) where it stands.
    pub(crate) fn key_identifier_bytes(&self) -> &[u8] {
        &self.inner.identifier
    }

    /// Checks a signature in X.509 form (see [`Signer::sign`](super::Signer::sign)).
    ///
    /// # Errors
    /// [`KeyError::AlgorithmMismatch`] when the algorithm belongs to another kind of key,
    /// [`KeyError::BadSignature`].
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), KeyError> {
        let verified = if algorithm == self.inner.kind.signature_algorithm() {
            self.inner.parsed.verify_sig(message, signature)
        } else {
            UnparsedPublicKey::new(verifier(self.inner.kind, algorithm)?, &self.inner.key)
                .verify(message, signature)
        };
        verified.map_err(|_| KeyError::BadSignature)
    }

    /// Checks a signature over a message of which only the digest is at hand, as
    /// [`Signer::sign_digest`](super::Signer::sign_digest) makes it.
    ///
    /// # Errors
    /// [`KeyError::DigestLength`], [`KeyError::AlgorithmMismatch`], [`KeyError::BadSignature`].
    pub fn verify_digest(
        &self,
        algorithm: SignatureAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), KeyError> {
        let digest = crate::digest::imported(algorithm, digest)?;
        let verified = if algorithm == self.inner.kind.signature_algorithm() {
            self.inner.parsed.verify_digest_sig(&digest, signature)
        } else {
            UnparsedPublicKey::new(verifier(self.inner.kind, algorithm)?, &self.inner.key)
                .verify_digest(&digest, signature)
        };
        verified.map_err(|_| KeyError::BadSignature)
    }

    /// The members of this key as a JSON Web Key (RFC 7517 4, RFC 7518 6), in the order RFC 7638 3.2
    /// hashes them, as compact JSON.
    pub fn jwk(&self) -> String {
        let base64 = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self.inner.kind {
            KeyKind::P256 | KeyKind::P384 => {
                let coordinates = self.inner.key.get(1..).unwrap_or_default();
                let (x, y) = coordinates
                    .split_at_checked(coordinates.len() / 2)
                    .unwrap_or_default();
                let curve = if self.inner.kind == KeyKind::P256 {
                    "P-256"
                } else {
                    "P-384"
                };
                format!(
                    r#"{{"crv":"{curve}","kty":"EC","x":"{}","y":"{}"}}"#,
                    base64(x),
                    base64(y)
                )
            }
            KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096 => {
                let (modulus, exponent) = rsa_numbers(&self.inner.key).unwrap_or_default();
                format!(
                    r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#,
                    base64(exponent),
                    base64(modulus)
                )
            }
        }
    }

    /// The JWK thumbprint of RFC 7638 (SHA-256, base64url), used as `kid`.
    pub fn jwk_thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(sha256(self.jwk().as_bytes()))
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.inner.der == other.inner.der
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "PublicKey({}, {})",
            self.inner.kind.code(),
            hex::encode(self.inner.identifier)
        )
    }
}

fn elliptic_kind(curve: &const_oid::ObjectIdentifier, point: &[u8]) -> Result<KeyKind, KeyError> {
    let (kind, length) = match *curve {
        oids::P256 => (KeyKind::P256, 65),
        oids::P384 => (KeyKind::P384, 97),
        _ => return Err(KeyError::UnsupportedKey),
    };
    // 0x04 marks the uncompressed form (SEC 1 2.3.3).
    if point.len() == length && point.first() == Some(&4) {
        Ok(kind)
    } else {
        Err(KeyError::UnsupportedKey)
    }
}

fn rsa_kind(key: &[u8]) -> Result<KeyKind, KeyError> {
    let (modulus, exponent) = rsa_numbers(key).ok_or(KeyError::MalformedPublicKey)?;
    // Small or even exponents are signs of a broken key; 65537 is the least that FIPS 186-5 A.1.1
    // allows, and nobody needs more than eight bytes.
    let exponent_fits = exponent.len() <= 8 && exponent.last().is_some_and(|last| last & 1 == 1);
    let large_enough = exponent.len() > 3 || (exponent.len() == 3 && exponent >= &[1, 0, 1][..]);
    if !(exponent_fits && large_enough && modulus.first().is_some_and(|first| first & 0x80 != 0)) {
        return Err(KeyError::UnsupportedKey);
    }
    match modulus.len() {
        256 => Ok(KeyKind::Rsa2048),
        384 => Ok(KeyKind::Rsa3072),
        512 => Ok(KeyKind::Rsa4096),
        _ => Err(KeyError::UnsupportedKey),
    }
}

/// Modulus and exponent of a DER `RSAPublicKey` (RFC 8017 A.1.1), without sign octets.
fn rsa_numbers(key: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(key).ok()?;
    let numbers = reader
        .sequence(|reader| {
            let modulus = UintRef::decode(reader)?;
            let exponent = UintRef::decode(reader)?;
            Ok::<_, der::Error>((modulus.as_bytes(), exponent.as_bytes()))
        })
        .ok()?;
    reader.finish().ok()?;
    Some(numbers)
}

fn verifier(
    kind: KeyKind,
    algorithm: SignatureAlgorithm,
) -> Result<&'static dyn VerificationAlgorithm, KeyError> {
    use SignatureAlgorithm as A;
    Ok(match (kind, algorithm) {
        (KeyKind::P256, A::EcdsaSha256) => &signature::ECDSA_P256_SHA256_ASN1,
        (KeyKind::P256, A::EcdsaSha384) => &signature::ECDSA_P256_SHA384_ASN1,
        (KeyKind::P256, A::EcdsaSha512) => &signature::ECDSA_P256_SHA512_ASN1,
        (KeyKind::P384, A::EcdsaSha256) => &signature::ECDSA_P384_SHA256_ASN1,
        (KeyKind::P384, A::EcdsaSha384) => &signature::ECDSA_P384_SHA384_ASN1,
        (KeyKind::P384, A::EcdsaSha512) => &signature::ECDSA_P384_SHA512_ASN1,
        (KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096, A::RsaSha256) => {
            &signature::RSA_PKCS1_2048_8192_SHA256
        }
        (KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096, A::RsaSha384) => {
            &signature::RSA_PKCS1_2048_8192_SHA384
        }
        (KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096, A::RsaSha512) => {
            &signature::RSA_PKCS1_2048_8192_SHA512
        }
        _ => return Err(KeyError::AlgorithmMismatch),
    })
}
