//! Private keys and what a card does with them.

use p256::ecdsa::signature::hazmat::PrehashSigner;
use piv::{Algorithm, PublicKey};
use rsa::{
    BoxedUint,
    pkcs8::{DecodePrivateKey, EncodePrivateKey},
    traits::PublicKeyParts,
};
use zeroize::Zeroizing;

use crate::entropy::Generator;

/// A private key. The types inside wipe themselves.
#[derive(Clone)]
pub(crate) enum PrivateKey {
    P256(p256::SecretKey),
    P384(p384::SecretKey),
    Rsa(Box<rsa::PrivateKey>),
}

/// The key cannot do this, or not with this input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadInput;

impl PrivateKey {
    /// Makes a key. `None` only when the source of randomness is broken.
    pub(crate) fn generate(
        algorithm: Algorithm,
        entropy: &mut dyn FnMut(&mut [u8]),
    ) -> Option<Self> {
        match algorithm {
            Algorithm::EccP256 => random_scalar(32, entropy, |bytes| {
                p256::SecretKey::from_slice(bytes).ok().map(Self::P256)
            }),
            Algorithm::EccP384 => random_scalar(48, entropy, |bytes| {
                p384::SecretKey::from_slice(bytes).ok().map(Self::P384)
            }),
            Algorithm::Rsa2048 | Algorithm::Rsa3072 | Algorithm::Rsa4096 => {
                let bits = 8 * algorithm.public_length();
                rsa::PrivateKey::new(&mut Generator(entropy), bits)
                    .ok()
                    .map(|key| Self::Rsa(Box::new(key)))
            }
        }
    }

    /// A key from its scalar, big endian.
    pub(crate) fn from_scalar(algorithm: Algorithm, scalar: &[u8]) -> Result<Self, BadInput> {
        match algorithm {
            Algorithm::EccP256 if scalar.len() == 32 => p256::SecretKey::from_slice(scalar)
                .map(Self::P256)
                .map_err(|_| BadInput),
            Algorithm::EccP384 if scalar.len() == 48 => p384::SecretKey::from_slice(scalar)
                .map(Self::P384)
                .map_err(|_| BadInput),
            _ => Err(BadInput),
        }
    }

    /// An RSA key from its primes, with the public exponent 65537.
    pub(crate) fn from_primes(algorithm: Algorithm, p: &[u8], q: &[u8]) -> Result<Self, BadInput> {
        let bits = u32::try_from(4 * algorithm.public_length()).map_err(|_| BadInput)?;
        let number = |bytes| BoxedUint::from_be_slice(bytes, bits).map_err(|_| BadInput);
        let key = rsa::PrivateKey::from_p_q(number(p)?, number(q)?, BoxedUint::from(65537_u64))
            .map_err(|_| BadInput)?;
        Self::of_length(algorithm, key)
    }

    fn of_length(algorithm: Algorithm, key: rsa::PrivateKey) -> Result<Self, BadInput> {
        if !algorithm.is_rsa() || rsa_algorithm(&key) != Ok(algorithm) {
            return Err(BadInput);
        }
        Ok(Self::Rsa(Box::new(key)))
    }

    /// The bytes the card keeps: the scalar, or PKCS#8 for RSA.
    pub(crate) fn to_bytes(&self) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::P256(key) => Some(Zeroizing::new(key.to_bytes().to_vec())),
            Self::P384(key) => Some(Zeroizing::new(key.to_bytes().to_vec())),
            Self::Rsa(key) => Some(key.to_pkcs8_der().ok()?.to_bytes()),
        }
    }

    /// The key of the bytes [`PrivateKey::to_bytes`] gave.
    pub(crate) fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, BadInput> {
        if !algorithm.is_rsa() {
            return Self::from_scalar(algorithm, bytes);
        }
        let key = rsa::PrivateKey::from_pkcs8_der(bytes).map_err(|_| BadInput)?;
        Self::of_length(algorithm, key)
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::P256(_) => Algorithm::EccP256,
            Self::P384(_) => Algorithm::EccP384,
            // Of a length that was checked.
            Self::Rsa(key) => rsa_algorithm(key).unwrap_or(Algorithm::Rsa2048),
        }
    }

    pub(crate) fn public_key(&self) -> Result<PublicKey, BadInput> {
        match self {
            Self::P256(key) => {
                PublicKey::ecc(Algorithm::EccP256, &key.public_key().to_sec1_bytes())
            }
            Self::P384(key) => {
                PublicKey::ecc(Algorithm::EccP384, &key.public_key().to_sec1_bytes())
            }
            Self::Rsa(key) => PublicKey::rsa(
                &key.n().to_be_bytes_trimmed_vartime(),
                &key.e().to_be_bytes_trimmed_vartime(),
            ),
        }
        .map_err(|_| BadInput)
    }

    /// Signs a hash (ECC; DER `ECDSA-Sig-Value`, RFC 6979 nonce), or raises a padded block to the private exponent (RSA,
    /// blinded and checked): SP 800-73-4 Part 2, 3.2.4 has one command for both.
    pub(crate) fn sign(
        &self,
        input: &[u8],
        entropy: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Vec<u8>, BadInput> {
        match self {
            Self::P256(key) => {
                let hash = widened(input, 32)?;
                let signature: p256::ecdsa::Signature = p256::ecdsa::SigningKey::from(key)
                    .sign_prehash(&hash)
                    .map_err(|_| BadInput)?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            Self::P384(key) => {
                let hash = widened(input, 48)?;
                let signature: p384::ecdsa::Signature = p384::ecdsa::SigningKey::from(key)
                    .sign_prehash(&hash)
                    .map_err(|_| BadInput)?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            Self::Rsa(key) => {
                let length = self.algorithm().public_length();
                if input.len() != length {
                    return Err(BadInput);
                }
                let bits = u32::try_from(8 * length).map_err(|_| BadInput)?;
                let block = BoxedUint::from_be_slice(input, bits).map_err(|_| BadInput)?;
                if block >= *key.n().as_ref() {
                    return Err(BadInput);
                }
                let result = rsa::hazmat::rsa_decrypt_and_check(
                    key.as_ref(),
                    Some(&mut Generator(entropy)),
                    &block,
                )
                .map_err(|_| BadInput)?;
                widened(&result.to_be_bytes_trimmed_vartime(), length)
            }
        }
    }

    /// The x coordinate shared with the owner of `peer`, an uncompressed point, which must lie on the curve.
    pub(crate) fn agree(&self, peer: &[u8]) -> Result<Zeroizing<Vec<u8>>, BadInput> {
        if peer.len() != self.algorithm().public_length() {
            return Err(BadInput);
        }
        match self {
            Self::P256(key) => {
                let peer = p256::PublicKey::from_sec1_bytes(peer).map_err(|_| BadInput)?;
                let shared = key.diffie_hellman(&peer);
                Ok(Zeroizing::new(shared.raw_secret_bytes().to_vec()))
            }
            Self::P384(key) => {
                let peer = p384::PublicKey::from_sec1_bytes(peer).map_err(|_| BadInput)?;
                let shared = key.diffie_hellman(&peer);
                Ok(Zeroizing::new(shared.raw_secret_bytes().to_vec()))
            }
            Self::Rsa(_) => Err(BadInput),
        }
    }
}

/// Which RSA it is; none of the card's when its modulus has another length, counted in bits.
fn rsa_algorithm(key: &rsa::PrivateKey) -> Result<Algorithm, BadInput> {
    let bits = usize::try_from(key.n().bit_width()).map_err(|_| BadInput)?;
    if !bits.is_multiple_of(8) {
        return Err(BadInput);
    }
    Algorithm::rsa(bits / 8).ok_or(BadInput)
}

/// Draws until the bytes are a scalar of the curve; almost always the first are.
fn random_scalar<T>(
    length: usize,
    entropy: &mut dyn FnMut(&mut [u8]),
    accept: impl Fn(&[u8]) -> Option<T>,
) -> Option<T> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    (0..64).find_map(|_| {
        entropy(&mut bytes);
        accept(&bytes)
    })
}

/// The number with zeros in front, `length` bytes long.
fn widened(number: &[u8], length: usize) -> Result<Vec<u8>, BadInput> {
    let missing = length.checked_sub(number.len()).ok_or(BadInput)?;
    if number.is_empty() {
        return Err(BadInput);
    }
    let mut out = vec![0; missing];
    out.extend_from_slice(number);
    Ok(out)
}
