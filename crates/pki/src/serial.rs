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
    /// The number zero, which nothing has but some old self-signed roots (RFC 5280 4.1.2.2).
    pub(crate) const ZERO: Self = Self {
        length: 1,
        bytes: [0; 20],
    };

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

    /// A fresh serial number that grows with time, so that those made together stand together in every
    /// index: `01`, 38 bits of unix seconds, then 88 bits of chance, 16 octets in all. The time is no
    /// secret (notBefore says it); what nobody may foresee is the chance, and CA/Browser Forum
    /// Baseline Requirements 7.1 ask for 64 bits of it.
    pub fn at(unix_seconds: i64, random: [u8; 11]) -> Self {
        const LATEST: i64 = (1 << 38) - 1;
        let seconds = unix_seconds.clamp(0, LATEST) | 1 << 38;
        let mut bytes = [0; 20];
        let time = seconds.to_be_bytes().into_iter().skip(3);
        for (to, from) in bytes.iter_mut().zip(time.chain(random)) {
            *to = from;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_grow_with_time() {
        let early = Serial::at(1_795_000_000, [0xff; 11]);
        let late = Serial::at(1_795_000_001, [0; 11]);
        assert!(early < late && early.to_hex() < late.to_hex());
        assert_eq!(early.to_hex(), "406afd86c0ffffffffffffffffffffff");
        for seconds in [i64::MIN, 0, i64::MAX] {
            let serial = Serial::at(seconds, [0; 11]);
            assert_eq!(serial.bytes().len(), 16);
            assert!(
                serial
                    .bytes()
                    .first()
                    .is_some_and(|first| (0x40..0x80).contains(first))
            );
        }
    }
}
