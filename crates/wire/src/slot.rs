//! Key references and key kinds, as the messages name them.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A key reference that a server may name (SP 800-73-4 part 1, table 4b); in JSON two lower-case hexadecimal digits.
///
/// The list is closed: a message that names the card management key (9B), the PIN (80), the attestation key (F9) or
/// anything else is not read at all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u8);

/// The number names no slot of the closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadSlot;

impl fmt::Display for BadSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a key slot of an employee card")
    }
}

impl std::error::Error for BadSlot {}

impl Slot {
    /// 9A, PIV Authentication: login.
    pub const LOGIN: Self = Self(0x9A);
    /// 9C, Digital Signature: the code is asked for every signature.
    pub const SIGNATURE: Self = Self(0x9C);
    /// 9D, Key Management: decryption of mail.
    pub const ENCRYPTION: Self = Self(0x9D);
    /// 9E, Card Authentication: doors, no code.
    pub const DOOR: Self = Self(0x9E);

    /// The slot of a key reference: 9A, 9C, 9D, 9E, or 82 to 95 (earlier decryption keys).
    ///
    /// # Errors
    /// [`BadSlot`] for every other number.
    pub fn new(reference: u8) -> Result<Self, BadSlot> {
        match reference {
            0x9A | 0x9C | 0x9D | 0x9E | 0x82..=0x95 => Ok(Self(reference)),
            _ => Err(BadSlot),
        }
    }

    /// Reads two lower-case hexadecimal digits.
    ///
    /// # Errors
    /// [`BadSlot`] for any other text.
    pub fn parse(text: &str) -> Result<Self, BadSlot> {
        let lower = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 2 || !text.bytes().all(lower) {
            return Err(BadSlot);
        }
        Self::new(u8::from_str_radix(text, 16).map_err(|_| BadSlot)?)
    }

    /// The key reference, one byte.
    #[must_use]
    pub fn reference(self) -> u8 {
        self.0
    }

    /// Whether it holds an earlier decryption key (82 to 95).
    #[must_use]
    pub fn is_retired(self) -> bool {
        matches!(self.0, 0x82..=0x95)
    }

    /// Every slot of the closed list, current ones first.
    pub fn all() -> impl Iterator<Item = Self> {
        [0x9A, 0x9C, 0x9D, 0x9E]
            .into_iter()
            .chain(0x82..=0x95)
            .map(Self)
    }
}

impl TryFrom<u8> for Slot {
    type Error = BadSlot;

    fn try_from(reference: u8) -> Result<Self, BadSlot> {
        Self::new(reference)
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02x}", self.0)
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot({:02x})", self.0)
    }
}

impl Serialize for Slot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Slot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// The kinds of keys a card makes (SP 800-78-4, table 6-2). The digest follows the key: SHA-256 for P-256 and RSA-2048,
/// SHA-384 for P-384; RSA signatures are PKCS #1 v1.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// ECC on curve P-256, identifier 11.
    #[serde(rename = "ecc-p256")]
    EccP256,
    /// ECC on curve P-384, identifier 14.
    #[serde(rename = "ecc-p384")]
    EccP384,
    /// RSA with a modulus of 2048 bits, identifier 07.
    #[serde(rename = "rsa-2048")]
    Rsa2048,
}
