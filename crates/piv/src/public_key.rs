//! Public keys as the card gives them (Part 2, 3.3.2, table 22) and as certificates hold them (RFC 5280 4.1.2.7).

use crate::{Algorithm, tlv};

const POINT: u32 = 0x86;
const MODULUS: u32 = 0x81;
const EXPONENT: u32 = 0x82;

/// A key from a card that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the card's public key is malformed")]
pub struct BadPublicKey;

/// A public key of one of our algorithms, of the right lengths. Whether a point lies on its curve is not checked here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// An elliptic-curve key.
    Ecc {
        /// P-256 or P-384.
        algorithm: Algorithm,
        /// The uncompressed point: 04, x, y (SEC 1 2.3.3).
        point: Vec<u8>,
    },
    /// An RSA key.
    Rsa {
        /// The modulus, big endian, 256, 384 or 512 bytes with the top bit set.
        modulus: Vec<u8>,
        /// The public exponent, big endian, 1 to 8 bytes, odd.
        exponent: Vec<u8>,
    },
}

impl PublicKey {
    /// Takes an elliptic-curve point.
    ///
    /// # Errors
    /// [`BadPublicKey`] when it is not the uncompressed form of that curve's length.
    pub fn ecc(algorithm: Algorithm, point: &[u8]) -> Result<Self, BadPublicKey> {
        let right = point.len() == algorithm.public_length() && point.first() == Some(&4);
        if !right || algorithm.is_rsa() {
            return Err(BadPublicKey);
        }
        Ok(Self::Ecc {
            algorithm,
            point: point.to_vec(),
        })
    }

    /// Takes modulus and exponent, big endian; leading zeros are dropped.
    ///
    /// # Errors
    /// [`BadPublicKey`] when it is no RSA key of 2048, 3072 or 4096 bits.
    pub fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<Self, BadPublicKey> {
        let modulus = without_zeros(modulus);
        let exponent = without_zeros(exponent);
        let odd = |bytes: &[u8]| bytes.last().is_some_and(|last| last & 1 == 1);
        let long = modulus.first().is_some_and(|first| first & 0x80 != 0);
        let known = Algorithm::rsa(modulus.len()).is_some();
        if !known || !long || !odd(modulus) || !odd(exponent) || exponent.len() > 8 {
            return Err(BadPublicKey);
        }
        Ok(Self::Rsa {
            modulus: modulus.to_vec(),
            exponent: exponent.to_vec(),
        })
    }

    /// Parses the elements inside 7F49.
    ///
    /// # Errors
    /// [`BadPublicKey`] when they are not a key of `algorithm`.
    pub fn decode(algorithm: Algorithm, content: &[u8]) -> Result<Self, BadPublicKey> {
        let element = |tag| tlv::find(content, tag).ok().flatten().ok_or(BadPublicKey);
        match algorithm {
            Algorithm::EccP256 | Algorithm::EccP384 => Self::ecc(algorithm, element(POINT)?),
            Algorithm::Rsa2048 | Algorithm::Rsa3072 | Algorithm::Rsa4096 => {
                let key = Self::rsa(element(MODULUS)?, element(EXPONENT)?)?;
                (key.algorithm() == algorithm)
                    .then_some(key)
                    .ok_or(BadPublicKey)
            }
        }
    }

    /// The elements inside 7F49.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Ecc { point, .. } => tlv::write(&mut out, POINT, point),
            Self::Rsa { modulus, exponent } => {
                tlv::write(&mut out, MODULUS, modulus);
                tlv::write(&mut out, EXPONENT, exponent);
            }
        }
        out
    }

    /// Its algorithm.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ecc { algorithm, .. } => *algorithm,
            // Of a length that was checked.
            Self::Rsa { modulus, .. } => {
                Algorithm::rsa(modulus.len()).unwrap_or(Algorithm::Rsa2048)
            }
        }
    }

    /// The SubjectPublicKeyInfo, DER (RFC 5480 2.1 for ECC, RFC 3279 2.3.1 for RSA).
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        // DER is BER-TLV with the shortest lengths, which is what `tlv` writes.
        const SEQUENCE: u32 = 0x30;
        const EC_PUBLIC_KEY: &[u8] = &[0x06, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];
        const CURVE_P256: &[u8] = &[0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];
        const CURVE_P384: &[u8] = &[0x06, 5, 0x2B, 0x81, 0x04, 0, 0x22];
        const RSA_ENCRYPTION: &[u8] = &[0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1];
        const NULL: &[u8] = &[0x05, 0];
        let (algorithm, key) = match self {
            Self::Ecc { algorithm, point } => {
                let curve = match algorithm {
                    Algorithm::EccP384 => CURVE_P384,
                    _ => CURVE_P256,
                };
                ([EC_PUBLIC_KEY, curve].concat(), point.clone())
            }
            Self::Rsa { modulus, exponent } => {
                let numbers = [integer(modulus), integer(exponent)].concat();
                (
                    [RSA_ENCRYPTION, NULL].concat(),
                    tlv::element(SEQUENCE, &numbers),
                )
            }
        };
        // A BIT STRING begins with the number of unused bits.
        let bits = [&[0][..], &key].concat();
        let content = [
            tlv::element(SEQUENCE, &algorithm),
            tlv::element(0x03, &bits),
        ]
        .concat();
        tlv::element(SEQUENCE, &content)
    }
}

/// A positive INTEGER, DER: a zero goes in front when the top bit is set (X.690 8.3).
fn integer(bytes: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(bytes.len() + 1);
    if bytes.first().is_none_or(|first| first & 0x80 != 0) {
        value.push(0);
    }
    value.extend_from_slice(bytes);
    tlv::element(0x02, &value)
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let start = bytes
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(bytes.len());
    bytes.get(start..).unwrap_or_default()
}
