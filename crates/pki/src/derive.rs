//! Keys per card: derived from a master key that never leaves the server, and the answer to a card's
//! management challenge.

use aws_lc_rs::cipher::{AES_256, EncryptingKey, UnboundCipherKey};
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use crate::digest::sized;
use crate::key::KeyError;
use crate::sealed::SealingKey;

/// A 256-bit key for one purpose (`label`, such as `piv-management-1`) and one card (`context`, such
/// as its number). The counter-mode KDF of NIST SP 800-108r1 4.1 with HMAC-SHA-256, a 32-bit counter
/// in front and a 32-bit length at the end:
/// `HMAC(master, 00000001 || label || 00 || context || 00000100)`.
pub fn card_key(master: &SealingKey, label: &str, context: &[u8]) -> Zeroizing<[u8; 32]> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, master.bytes());
    let mut input = hmac::Context::with_key(&key);
    input.update(&1_u32.to_be_bytes());
    input.update(label.as_bytes());
    input.update(&[0]);
    input.update(context);
    input.update(&256_u32.to_be_bytes());
    Zeroizing::new(sized(input.sign().as_ref()))
}

/// The answer to a card's 16-byte challenge: one AES-256 block (NIST SP 800-73-5 part 2, 3.2.4,
/// GENERAL AUTHENTICATE with algorithm `0C`).
///
/// # Errors
/// [`KeyError::Signing`] when the library refuses.
pub fn answer_challenge(key: &[u8; 32], challenge: &[u8; 16]) -> Result<[u8; 16], KeyError> {
    let key = UnboundCipherKey::new(&AES_256, key).map_err(|_| KeyError::Signing)?;
    let cipher = EncryptingKey::ecb(key).map_err(|_| KeyError::Signing)?;
    let mut block = *challenge;
    cipher.encrypt(&mut block).map_err(|_| KeyError::Signing)?;
    Ok(block)
}
