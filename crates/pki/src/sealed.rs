//! Secrets at rest: authority keys, unlock codes, transport keys. AES-256-GCM (NIST SP 800-38D)
//! under one sealing key; the label is bound in, so that a sealed value moved to another row or
//! column does not open.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// First byte of every sealed value, so that the form can change later.
const VERSION: u8 = 1;
const NONCE_LENGTH: usize = 12;

/// A 256-bit sealing or master key. Wiped when dropped; no `Debug`, no serialising.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SealingKey {
    bytes: [u8; 32],
}

/// Why a value could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The key file does not hold exactly 32 bytes (or 64 hexadecimal digits).
    #[error("a sealing key is 32 bytes, or 64 hexadecimal digits")]
    KeyLength,
    /// The sealed value is cut short or of an unknown version.
    #[error("the sealed value is not in a known form")]
    UnknownForm,
    /// Wrong key, wrong label or a changed value; which of them cannot be told.
    #[error("the sealed value does not open with this key and label")]
    DoesNotOpen,
    /// The library refused to encrypt (only for values beyond 64 GiB).
    #[error("the value could not be sealed")]
    DoesNotSeal,
}

impl SealingKey {
    /// A key from 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self { bytes }
    }

    /// Reads the content of a key file: 32 raw bytes, or 64 hexadecimal digits with white space
    /// around them.
    ///
    /// # Errors
    /// [`SealError::KeyLength`].
    pub fn from_file_bytes(content: &[u8]) -> Result<Self, SealError> {
        if let Ok(bytes) = <[u8; 32]>::try_from(content) {
            return Ok(Self { bytes });
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(content.trim_ascii(), &mut bytes).map_err(|_| SealError::KeyLength)?;
        Ok(Self { bytes })
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

/// Seals `plain` under `label` (for example `authority/people-1/key`). `nonce` must be fresh random
/// bytes for every call (SP 800-38D 8.2.2). The result is version, nonce, ciphertext, tag: 29 bytes
/// longer than `plain`.
///
/// # Errors
/// [`SealError::DoesNotSeal`].
pub fn seal(
    key: &SealingKey,
    label: &str,
    plain: &[u8],
    nonce: [u8; NONCE_LENGTH],
) -> Result<Vec<u8>, SealError> {
    let cipher = cipher(key.bytes()).ok_or(SealError::DoesNotSeal)?;
    // One allocation of the final size: growing would leave copies of the plain text behind.
    let mut body = Vec::with_capacity(plain.len() + 16);
    body.extend_from_slice(plain);
    cipher
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(label.as_bytes()),
            &mut body,
        )
        .map_err(|_| SealError::DoesNotSeal)?;
    let mut sealed = Vec::with_capacity(1 + NONCE_LENGTH + body.len());
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&body);
    Ok(sealed)
}

/// Opens what [`seal`] made with the same key and label.
///
/// # Errors
/// [`SealError::UnknownForm`], [`SealError::DoesNotOpen`].
pub fn open(key: &SealingKey, label: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (version, rest) = sealed.split_first().ok_or(SealError::UnknownForm)?;
    if *version != VERSION {
        return Err(SealError::UnknownForm);
    }
    let (nonce, body) = rest
        .split_first_chunk::<NONCE_LENGTH>()
        .ok_or(SealError::UnknownForm)?;
    let cipher = cipher(key.bytes()).ok_or(SealError::DoesNotOpen)?;
    open_body(&cipher, *nonce, label.as_bytes(), body).ok_or(SealError::DoesNotOpen)
}

pub(crate) fn cipher(key: &[u8; 32]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key)
        .ok()
        .map(LessSafeKey::new)
}

/// Decrypts and authenticates `body` (ciphertext and tag) into memory that wipes itself.
pub(crate) fn open_body(
    cipher: &LessSafeKey,
    nonce: [u8; NONCE_LENGTH],
    label: &[u8],
    body: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut plain = Zeroizing::new(body.to_vec());
    let length = cipher
        .open_in_place(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(label),
            plain.as_mut_slice(),
        )
        .ok()?
        .len();
    plain.truncate(length);
    Some(plain)
}
