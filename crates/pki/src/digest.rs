//! Hashes (FIPS 180-4).

use aws_lc_rs::digest;

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
