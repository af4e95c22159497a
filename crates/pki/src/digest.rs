//! Hashes (FIPS 180-4).

use aws_lc_rs::digest;

use crate::key::{KeyError, SignatureAlgorithm};

/// The hash of a signature algorithm, over a message that comes in pieces.
pub struct Hasher(digest::Context);

impl Hasher {
    /// Begins with the hash that signatures of this algorithm are made over.
    pub fn new(algorithm: SignatureAlgorithm) -> Self {
        Self(digest::Context::new(hash(algorithm)))
    }

    /// The next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest: 32, 48 or 64 octets.
    pub fn finish(self) -> Vec<u8> {
        self.0.finish().as_ref().to_vec()
    }
}

fn hash(algorithm: SignatureAlgorithm) -> &'static digest::Algorithm {
    use SignatureAlgorithm as A;
    match algorithm {
        A::EcdsaSha256 | A::RsaSha256 => &digest::SHA256,
        A::EcdsaSha384 | A::RsaSha384 => &digest::SHA384,
        A::EcdsaSha512 | A::RsaSha512 => &digest::SHA512,
    }
}

/// A digest made elsewhere, as the one of this algorithm's hash.
pub(crate) fn imported(
    algorithm: SignatureAlgorithm,
    digest: &[u8],
) -> Result<digest::Digest, KeyError> {
    digest::Digest::import_less_safe(digest, hash(algorithm)).map_err(|_| KeyError::DigestLength)
}

/// SHA-256 of `data`.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    sha256_of_parts(&[data])
}

/// SHA-256 of the parts one after another.
pub(crate) fn sha256_of_parts(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    sized(context.finish().as_ref())
}

/// SHA-1 of `data`: the name that OCSP gives to issuers and responders, not a protection.
pub(crate) fn sha1(data: &[u8]) -> [u8; 20] {
    sized(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, data).as_ref())
}

/// The first `N` octets; every digest above has at least as many.
pub(crate) fn sized<const N: usize>(digest: &[u8]) -> [u8; N] {
    let mut octets = [0; N];
    for (to, from) in octets.iter_mut().zip(digest) {
        *to = *from;
    }
    octets
}
