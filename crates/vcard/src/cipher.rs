//! The management key's cipher: single blocks (Part 2, A.1).

use aes::cipher::{Array, BlockCipherEncrypt, KeyInit};
use piv::{ManagementKey, algorithm::ManagementAlgorithm};

/// Encrypts one block; `None` when key or block have the wrong length.
pub(crate) fn encrypt(algorithm: ManagementAlgorithm, key: &[u8], block: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        ManagementAlgorithm::TripleDes => with::<des::TdesEde3>(key, block),
        ManagementAlgorithm::Aes128 => with::<aes::Aes128>(key, block),
        ManagementAlgorithm::Aes192 => with::<aes::Aes192>(key, block),
        ManagementAlgorithm::Aes256 => with::<aes::Aes256>(key, block),
    }
}

fn with<C: KeyInit + BlockCipherEncrypt>(key: &[u8], block: &[u8]) -> Option<Vec<u8>> {
    let cipher = C::new_from_slice(key).ok()?;
    let mut block = Array::<u8, C::BlockSize>::try_from(block).ok()?;
    cipher.encrypt_block(&mut block);
    Some(block.to_vec())
}

/// What the holder of a management key answers to a card's challenge: the challenge, encrypted. For tests and tools;
/// the server has its own.
#[must_use]
pub fn answer_challenge(key: &ManagementKey, challenge: &[u8; 16]) -> [u8; 16] {
    let cipher = aes::Aes256::new(key.bytes().into());
    let mut block = aes::Block::from(*challenge);
    cipher.encrypt_block(&mut block);
    block.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_vectors() {
        // FIPS 197 C.3.
        let key: Vec<u8> = (0..32).collect();
        let block: Vec<u8> = (0..16).map(|n| n * 0x11).collect();
        let out = encrypt(ManagementAlgorithm::Aes256, &key, &block).unwrap();
        assert_eq!(hex::encode(&out), "8ea2b7ca516745bfeafc49904b496089");
        let key = ManagementKey::parse(&key).unwrap();
        assert_eq!(answer_challenge(&key, &block.try_into().unwrap())[..], out);
        // NIST SP 800-67 B.1, first block.
        let key = hex::decode("0123456789abcdef23456789abcdef01456789abcdef0123").unwrap();
        let out = encrypt(ManagementAlgorithm::TripleDes, &key, b"The qufc").unwrap();
        assert_eq!(hex::encode(out), "a826fd8ce53b855f");
    }

    #[test]
    fn wrong_lengths_are_refused() {
        assert_eq!(
            encrypt(ManagementAlgorithm::Aes256, &[0; 24], &[0; 16]),
            None
        );
        assert_eq!(
            encrypt(ManagementAlgorithm::Aes128, &[0; 16], &[0; 8]),
            None
        );
    }
}
