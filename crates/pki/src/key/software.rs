//! A private key in memory, kept at rest as sealed PKCS#8 (see [`crate::sealed`]).

use std::sync::atomic::{AtomicU32, Ordering};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use zeroize::Zeroizing;

use super::{KeyError, KeyKind, PublicKey, SignatureAlgorithm, Signer};

/// A signing key held by this process. Has no `Debug`, `Clone` or serialising on purpose.
pub struct SoftwareKey {
    pair: Pair,
    public: PublicKey,
    /// How often it was asked whether a signature is to be verified.
    asked: AtomicU32,
}

/// Of so many signatures of an elliptic key one is verified, the first after opening among them.
const ONE_OF: u32 = 256;

enum Pair {
    Elliptic(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl SoftwareKey {
    /// Makes a fresh key from the system's random source. RSA takes tens to hundreds of milliseconds.
    ///
    /// # Errors
    /// [`KeyError::Generation`].
    pub fn generate(kind: KeyKind) -> Result<Self, KeyError> {
        let elliptic = |algorithm: &'static EcdsaSigningAlgorithm| {
            EcdsaKeyPair::generate(algorithm)
                .map(Pair::Elliptic)
                .map_err(|_| KeyError::Generation)
        };
        let rsa = |size: KeySize| {
            RsaKeyPair::generate(size)
                .map(Pair::Rsa)
                .map_err(|_| KeyError::Generation)
        };
        Self::from_pair(match kind {
            KeyKind::P256 => elliptic(&ECDSA_P256_SHA256_ASN1_SIGNING)?,
            KeyKind::P384 => elliptic(&ECDSA_P384_SHA384_ASN1_SIGNING)?,
            KeyKind::Rsa2048 => rsa(KeySize::Rsa2048)?,
            KeyKind::Rsa3072 => rsa(KeySize::Rsa3072)?,
            KeyKind::Rsa4096 => rsa(KeySize::Rsa4096)?,
        })
    }

    /// Reads an unencrypted PKCS#8 document (RFC 5958) of any accepted kind.
    ///
    /// # Errors
    /// [`KeyError::MalformedPrivateKey`].
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let elliptic = [
            &ECDSA_P256_SHA256_ASN1_SIGNING,
            &ECDSA_P384_SHA384_ASN1_SIGNING,
        ]
        .into_iter()
        .find_map(|algorithm| EcdsaKeyPair::from_pkcs8(algorithm, pkcs8).ok())
        .map(Pair::Elliptic);
        let pair = match elliptic {
            Some(pair) => pair,
            None => RsaKeyPair::from_pkcs8(pkcs8)
                .map(Pair::Rsa)
                .map_err(|_| KeyError::MalformedPrivateKey)?,
        };
        Self::from_pair(pair)
    }

    /// The PKCS#8 document (RFC 5958, version 1), unencrypted: seal it before it is stored.
    ///
    /// # Errors
    /// [`KeyError::MalformedPrivateKey`] when the library cannot write it.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        match &self.pair {
            Pair::Elliptic(pair) => pair
                .to_pkcs8v1()
                .map(|document| Zeroizing::new(document.as_ref().to_vec()))
                .map_err(|_| KeyError::MalformedPrivateKey),
            Pair::Rsa(pair) => AsDer::<Pkcs8V1Der<'_>>::as_der(pair)
                .map(|document| Zeroizing::new(document.as_ref().to_vec()))
                .map_err(|_| KeyError::MalformedPrivateKey),
        }
    }

    fn from_pair(pair: Pair) -> Result<Self, KeyError> {
        let spki = match &pair {
            Pair::Elliptic(pair) => AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()),
            Pair::Rsa(pair) => AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()),
        }
        .map_err(|_| KeyError::MalformedPrivateKey)?;
        let public = PublicKey::from_der(spki.as_ref())?;
        Ok(Self {
            pair,
            public,
            asked: AtomicU32::new(0),
        })
    }
}

impl Signer for SoftwareKey {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.public.kind().signature_algorithm()
    }

    /// One wrong RSA signature computed by the Chinese remainder theorem gives the key away (Boneh,
    /// DeMillo and Lipton 1997), and verifying costs a thirtieth of signing: always. An elliptic
    /// signature has a nonce of its own every time, so a fault in one tells at most bits of that nonce;
    /// it takes many faults, placed by somebody who reads or disturbs this process's memory and so has
    /// easier ways, and a few hundred of them meet a verification. Verifying costs three times the
    /// signing. A key that must withstand people at the machine belongs in a module.
    fn doubts_itself(&self) -> bool {
        match self.pair {
            Pair::Rsa(_) => true,
            Pair::Elliptic(_) => self
                .asked
                .fetch_add(1, Ordering::Relaxed)
                .is_multiple_of(ONE_OF),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Elliptic(pair) => pair
                .sign(&random, message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| KeyError::Signing),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| KeyError::Signing)?;
                Ok(signature)
            }
        }
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, KeyError> {
        let digest = crate::digest::imported(self.algorithm(), digest)?;
        match &self.pair {
            Pair::Elliptic(pair) => pair
                .sign_digest(&digest)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| KeyError::Signing),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign_digest(&RSA_PKCS1_SHA256, &digest, &mut signature)
                    .map_err(|_| KeyError::Signing)?;
                Ok(signature)
            }
        }
    }
}
