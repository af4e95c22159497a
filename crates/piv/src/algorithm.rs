//! The algorithms of keys on the card (SP 800-78-4, table 6-2).

/// An asymmetric key kind that we let cards hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// 11: ECC on curve P-256.
    EccP256,
    /// 14: ECC on curve P-384.
    EccP384,
    /// 07: RSA with a modulus of 2048 bits.
    Rsa2048,
    /// 05: RSA with a modulus of 3072 bits (SP 800-78-5, table 12; YubiKeys from 5.7 on).
    Rsa3072,
    /// 16: RSA with a modulus of 4096 bits (YubiKeys from 5.7 on).
    Rsa4096,
}

/// An algorithm identifier we do not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the card algorithm {0:02X} is not one of 05, 07, 11, 14, 16")]
pub struct UnknownAlgorithm(pub u8);

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 5] = [
        Self::EccP256,
        Self::EccP384,
        Self::Rsa2048,
        Self::Rsa3072,
        Self::Rsa4096,
    ];

    /// The algorithm identifier (SP 800-78-4, table 6-2).
    #[must_use]
    pub fn identifier(self) -> u8 {
        match self {
            Self::Rsa2048 => 0x07,
            Self::Rsa3072 => 0x05,
            Self::Rsa4096 => 0x16,
            Self::EccP256 => 0x11,
            Self::EccP384 => 0x14,
        }
    }

    /// The algorithm of an identifier.
    ///
    /// # Errors
    /// [`UnknownAlgorithm`] for any other.
    pub fn parse(identifier: u8) -> Result<Self, UnknownAlgorithm> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.identifier() == identifier)
            .ok_or(UnknownAlgorithm(identifier))
    }

    /// The length in bytes of an uncompressed point (ECC) or of the modulus (RSA).
    #[must_use]
    pub fn public_length(self) -> usize {
        match self {
            Self::EccP256 => 65,
            Self::EccP384 => 97,
            Self::Rsa2048 => 256,
            Self::Rsa3072 => 384,
            Self::Rsa4096 => 512,
        }
    }

    /// Whether it is RSA of any length.
    #[must_use]
    pub fn is_rsa(self) -> bool {
        match self {
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => true,
            Self::EccP256 | Self::EccP384 => false,
        }
    }

    /// RSA with a modulus of so many bytes.
    #[must_use]
    pub fn rsa(length: usize) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.is_rsa() && algorithm.public_length() == length)
    }
}

/// The card management key's algorithm (SP 800-78-4, table 6-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ManagementAlgorithm {
    /// 03: Triple DES with three keys; old cards only.
    TripleDes,
    /// 08: AES with 128 bits.
    Aes128,
    /// 0A: AES with 192 bits.
    Aes192,
    /// 0C: AES with 256 bits, the only one this system gives a card.
    Aes256,
}

impl ManagementAlgorithm {
    /// Every algorithm.
    pub const ALL: [Self; 4] = [Self::TripleDes, Self::Aes128, Self::Aes192, Self::Aes256];

    /// The algorithm identifier.
    #[must_use]
    pub fn identifier(self) -> u8 {
        match self {
            Self::TripleDes => 0x03,
            Self::Aes128 => 0x08,
            Self::Aes192 => 0x0A,
            Self::Aes256 => 0x0C,
        }
    }

    /// The algorithm of an identifier; 00 is another name for 03.
    ///
    /// # Errors
    /// [`UnknownAlgorithm`] for any other.
    pub fn parse(identifier: u8) -> Result<Self, UnknownAlgorithm> {
        let wanted = if identifier == 0 { 0x03 } else { identifier };
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.identifier() == wanted)
            .ok_or(UnknownAlgorithm(identifier))
    }

    /// The length of a key in bytes.
    #[must_use]
    pub fn key_length(self) -> usize {
        match self {
            Self::TripleDes | Self::Aes192 => 24,
            Self::Aes128 => 16,
            Self::Aes256 => 32,
        }
    }

    /// The length of a challenge, which is the cipher's block, in bytes.
    #[must_use]
    pub fn challenge_length(self) -> usize {
        match self {
            Self::TripleDes => 8,
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
        }
    }
}
