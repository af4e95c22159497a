//! What a holder or an issuer knows and a card checks. These types wipe themselves; they have no `Debug`, no `Display`
//! and no serialising, so that a secret cannot reach a log or a message by accident.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::algorithm::ManagementAlgorithm;

/// A code that cannot be one. It does not say what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// A PIN is 6 to 8 ASCII digits (Part 2, 2.4.3).
    #[error("a PIN has 6 to 8 digits")]
    Pin,
    /// An unlock code is 8 bytes (Part 2, 2.4.3).
    #[error("an unlock code has 8 bytes")]
    UnlockCode,
    /// A management key has the length of its algorithm.
    #[error("the management key has the wrong length")]
    ManagementKey,
}

/// The holder's PIN: 6 to 8 digits, held as the card wants it, padded with FF to 8 bytes (Part 2, 2.4.3).
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Pin([u8; 8]);

impl Pin {
    /// Takes 6 to 8 ASCII digits.
    ///
    /// # Errors
    /// [`BadSecret::Pin`] for anything else.
    pub fn parse(digits: &[u8]) -> Result<Self, BadSecret> {
        if !(6..=8).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
            return Err(BadSecret::Pin);
        }
        let mut padded = [0xFF; 8];
        for (place, digit) in padded.iter_mut().zip(digits) {
            *place = *digit;
        }
        Ok(Self(padded))
    }

    /// The eight bytes that go to the card.
    #[must_use]
    pub fn padded(&self) -> &[u8; 8] {
        &self.0
    }
}

/// The unlock code (PUK): 8 bytes, any value (Part 2, 2.4.3).
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct UnlockCode([u8; 8]);

impl UnlockCode {
    /// Takes exactly 8 bytes.
    #[must_use]
    pub fn new(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// Takes a slice that must have 8 bytes.
    ///
    /// # Errors
    /// [`BadSecret::UnlockCode`] for another length.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadSecret> {
        bytes
            .try_into()
            .map(Self)
            .map_err(|_| BadSecret::UnlockCode)
    }

    /// The eight bytes that go to the card.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// The card management key: 32 bytes for AES-256.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ManagementKey([u8; 32]);

impl ManagementKey {
    /// The algorithm of every management key this system makes.
    pub const ALGORITHM: ManagementAlgorithm = ManagementAlgorithm::Aes256;

    /// Takes exactly 32 bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Takes a slice that must have 32 bytes.
    ///
    /// # Errors
    /// [`BadSecret::ManagementKey`] for another length.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadSecret> {
        bytes
            .try_into()
            .map(Self)
            .map_err(|_| BadSecret::ManagementKey)
    }

    /// The key bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A management key of any algorithm that a card may have (SP 800-78-4, table 6-2): foreign cards and old ones hold others than the
/// system's own [`ManagementKey`].
#[derive(Clone)]
pub struct AnyManagementKey {
    algorithm: ManagementAlgorithm,
    bytes: Zeroizing<Vec<u8>>,
}

impl AnyManagementKey {
    /// Takes a key of the algorithm's length.
    ///
    /// # Errors
    /// [`BadSecret::ManagementKey`] for another length.
    pub fn parse(algorithm: ManagementAlgorithm, bytes: &[u8]) -> Result<Self, BadSecret> {
        if bytes.len() != algorithm.key_length() {
            return Err(BadSecret::ManagementKey);
        }
        Ok(Self {
            algorithm,
            bytes: Zeroizing::new(bytes.to_vec()),
        })
    }

    /// Its algorithm.
    #[must_use]
    pub fn algorithm(&self) -> ManagementAlgorithm {
        self.algorithm
    }

    /// The key bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<ManagementKey> for AnyManagementKey {
    fn from(key: ManagementKey) -> Self {
        Self {
            algorithm: ManagementKey::ALGORITHM,
            bytes: Zeroizing::new(key.bytes().to_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_six_to_eight_digits() {
        assert_eq!(*Pin::parse(b"123456").unwrap().padded(), *b"123456\xFF\xFF");
        assert_eq!(*Pin::parse(b"12345678").unwrap().padded(), *b"12345678");
        for bad in [&b"12345"[..], b"123456789", b"12345a", b"123456\xFF"] {
            assert_eq!(Pin::parse(bad).err(), Some(BadSecret::Pin));
        }
    }

    #[test]
    fn management_keys_have_the_length_of_their_algorithm() {
        for algorithm in ManagementAlgorithm::ALL {
            let length = algorithm.key_length();
            let key = AnyManagementKey::parse(algorithm, &vec![1; length])
                .ok()
                .unwrap();
            assert_eq!((key.algorithm(), key.bytes().len()), (algorithm, length));
            assert_eq!(
                AnyManagementKey::parse(algorithm, &vec![1; length - 1]).err(),
                Some(BadSecret::ManagementKey)
            );
        }
    }

    #[test]
    fn a_wiped_secret_is_zero() {
        let mut pin = Pin::parse(b"123456").unwrap();
        pin.zeroize();
        assert_eq!(*pin.padded(), [0; 8]);
    }
}
