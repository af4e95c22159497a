//! Certificate serial numbers (RFC 5280 4.1.2.2).

use std::fmt;

/// A positive serial number of at most 20 octets, without leading zeros.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Serial {
    // Length first and big-endian bytes after it, so that the derived order is the numeric one.
    length: u8,
    bytes: [u8; 20],
}

/// A serial number that is zero, negative, empty, longer than 20 octets or not hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a certificate serial number: 1 to 20 octets, positive")]
pub struct BadSerial;

impl Serial {
    /// A fresh serial number from 16 random bytes: the top bit is cleared (so that it is positive
    /// without a sign octet) and the next one set (so that it always has 16 octets). 126 bits of
    /// chance remain.
    pub fn from_entropy(random: [u8; 16]) -> Self {
        let mut bytes = [0; 20];
        for (to, from) in bytes.iter_mut().zip(random) {
            *to = from;
        }
        if let Some(first) = bytes.first_mut() {
            *first = *first & 0x3f | 0x40;
        }
        Self { length: 16, bytes }
    }

    /// Big-endian bytes of a positive number; leading zeros are dropped.
    ///
    /// # Errors
    /// [`BadSerial`] for zero and for more than 20 octets.
    pub fn from_bytes(big_endian: &[u8]) -> Result<Self, BadSerial> {
        let significant = crate::asn1::strip_zeros(big_endian);
        let length = u8::try_from(significant.len()).map_err(|_| BadSerial)?;
        if length == 0 || length > 20 {
            return Err(BadSerial);
        }
        let mut bytes = [0; 20];
        for (to, from) in bytes.iter_mut().zip(significant) {
            *to = *from;
        }
        Ok(Self { length, bytes })
    }

    /// Reads the content octets of a DER INTEGER.
    ///
    /// # Errors
    /// [`BadSerial`] when it is negative, zero or too long.
    pub fn from_integer_content(content: &[u8]) -> Result<Self, BadSerial> {
        if content.first().is_none_or(|first| first & 0x80 != 0) {
            return Err(BadSerial);
        }
        Self::from_bytes(content)
    }

    /// Reads [`to_hex`](Self::to_hex), in either case.
    ///
    /// # Errors
    /// [`BadSerial`].
    pub fn from_hex(text: &str) -> Result<Self, BadSerial> {
        // Room for leading zeros. An odd number of digits is a lost digit, not a number.
        let mut room = [0; 32];
        let bytes = room.get_mut(..text.len() / 2).ok_or(BadSerial)?;
        hex::decode_to_slice(text, bytes).map_err(|_| BadSerial)?;
        Self::from_bytes(bytes)
    }

    /// Big-endian bytes without leading zeros.
    pub fn bytes(&self) -> &[u8] {
        self.bytes
            .get(..usize::from(self.length))
            .unwrap_or_default()
    }

    /// Lower-case hexadecimal, two digits an octet.
    pub fn to_hex(&self) -> String {
        hex::encode(self.bytes())
    }

    /// Lower-case hexadecimal with the octets in reverse order, as the `<SR>` part of an Active
    /// Directory mapping wants it (domain dossier 4.5).
    pub fn reversed_hex(&self) -> String {
        let reversed: Vec<u8> = self.bytes().iter().rev().copied().collect();
        hex::encode(reversed)
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Serial({})", self.to_hex())
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_hex())
    }
}
