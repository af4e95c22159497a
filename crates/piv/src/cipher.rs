//! The management key's cipher, one block at a time (Part 2, A.1).

use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, Algorithm as Aes, DecryptingKey, DecryptionContext, EncryptingKey,
    UnboundCipherKey,
};
use des::TdesEde3;
use des::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use zeroize::Zeroizing;

use crate::{AnyManagementKey, algorithm::ManagementAlgorithm};

/// One block encrypted; `None` when it is not one.
pub(crate) fn encrypt(key: &AnyManagementKey, block: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut block = one_block(key, block)?;
    match aes(key.algorithm()) {
        Some(algorithm) => {
            let key = UnboundCipherKey::new(algorithm, key.bytes()).ok()?;
            EncryptingKey::ecb(key).ok()?.encrypt(&mut block).ok()?;
        }
        None => {
            let cipher = TdesEde3::new_from_slice(key.bytes()).ok()?;
            cipher.encrypt_block(<&mut Array<u8, _>>::try_from(block.as_mut_slice()).ok()?);
        }
    }
    Some(block)
}

/// One block decrypted; `None` when it is not one.
pub(crate) fn decrypt(key: &AnyManagementKey, block: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut block = one_block(key, block)?;
    match aes(key.algorithm()) {
        Some(algorithm) => {
            let key = UnboundCipherKey::new(algorithm, key.bytes()).ok()?;
            let key = DecryptingKey::ecb(key).ok()?;
            key.decrypt(&mut block, DecryptionContext::None).ok()?;
        }
        None => {
            let cipher = TdesEde3::new_from_slice(key.bytes()).ok()?;
            cipher.decrypt_block(<&mut Array<u8, _>>::try_from(block.as_mut_slice()).ok()?);
        }
    }
    Some(block)
}

fn one_block(key: &AnyManagementKey, block: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let whole = block.len() == key.algorithm().challenge_length();
    whole.then(|| Zeroizing::new(block.to_vec()))
}

/// Triple DES is not among them: aws-lc-rs refuses keys whose thirds are the same, and the one that new cards of the trade carry is
/// such a key.
fn aes(algorithm: ManagementAlgorithm) -> Option<&'static Aes> {
    match algorithm {
        ManagementAlgorithm::TripleDes => None,
        ManagementAlgorithm::Aes128 => Some(&AES_128),
        ManagementAlgorithm::Aes192 => Some(&AES_192),
        ManagementAlgorithm::Aes256 => Some(&AES_256),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_vectors() {
        // FIPS 197 C.1 to C.3; SP 800-67 B.1, first block.
        let aes_key: Vec<u8> = (0..32).collect();
        let aes_block: Vec<u8> = (0..16).map(|n| n * 0x11).collect();
        let des_key = hex::decode("0123456789abcdef23456789abcdef01456789abcdef0123").unwrap();
        for (algorithm, key, block, wanted) in [
            (
                ManagementAlgorithm::Aes128,
                &aes_key[..16],
                &aes_block[..],
                "69c4e0d86a7b0430d8cdb78070b4c55a",
            ),
            (
                ManagementAlgorithm::Aes192,
                &aes_key[..24],
                &aes_block[..],
                "dda97ca4864cdfe06eaf70a0ec0d7191",
            ),
            (
                ManagementAlgorithm::Aes256,
                &aes_key[..],
                &aes_block[..],
                "8ea2b7ca516745bfeafc49904b496089",
            ),
            (
                ManagementAlgorithm::TripleDes,
                &des_key[..],
                b"The qufc",
                "a826fd8ce53b855f",
            ),
        ] {
            let key = AnyManagementKey::parse(algorithm, key).ok().unwrap();
            let encrypted = encrypt(&key, block).unwrap();
            assert_eq!(hex::encode(&*encrypted), wanted, "{algorithm:?}");
            assert_eq!(**decrypt(&key, &encrypted).unwrap(), *block);
            let (_, short) = block.split_at(1);
            assert!(encrypt(&key, short).is_none() && decrypt(&key, short).is_none());
        }
    }

    #[test]
    fn the_key_of_new_cards_is_taken() {
        let key = [1, 2, 3, 4, 5, 6, 7, 8].repeat(3);
        let key = AnyManagementKey::parse(ManagementAlgorithm::TripleDes, &key);
        assert!(encrypt(&key.ok().unwrap(), &[0; 8]).is_some());
    }
}
