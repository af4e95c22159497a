//! The places for keys on a card (Part 1, table 4b).

use std::fmt;

use crate::ObjectTag;

/// A key reference that is none of 9A, 9C, 9D, 9E, 82 to 95.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:02X} is not a key slot of a PIV card")]
pub struct BadSlot(pub u8);

/// When a key wants the PIN (Part 1, table 4b, "security condition for use").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PinPolicy {
    /// Never: the door key 9E.
    Never,
    /// Once after the card was powered: 9A, 9D and the retired keys.
    Once,
    /// Before each use: 9C.
    Always,
}

/// A slot for a private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u8);

impl Slot {
    /// 9A: PIV authentication, our login key.
    pub const LOGIN: Self = Self(0x9A);
    /// 9C: digital signature.
    pub const SIGNATURE: Self = Self(0x9C);
    /// 9D: key management, our encryption key.
    pub const ENCRYPTION: Self = Self(0x9D);
    /// 9E: card authentication, our door key, which works without a PIN.
    pub const DOOR: Self = Self(0x9E);

    /// The slot with this key reference.
    ///
    /// # Errors
    /// [`BadSlot`] when it is not a slot for keys.
    pub fn new(reference: u8) -> Result<Self, BadSlot> {
        match reference {
            0x9A | 0x9C | 0x9D | 0x9E | 0x82..=0x95 => Ok(Self(reference)),
            _ => Err(BadSlot(reference)),
        }
    }

    /// The slot of the `number`th retired encryption key, 1 (82) to 20 (95).
    ///
    /// # Errors
    /// [`BadSlot`] when `number` is not 1 to 20.
    pub fn retired(number: u8) -> Result<Self, BadSlot> {
        match number {
            1..=20 => Ok(Self(0x81 + number)),
            _ => Err(BadSlot(number)),
        }
    }

    /// The key reference byte.
    #[must_use]
    pub fn reference(self) -> u8 {
        self.0
    }

    /// Whether it holds an earlier encryption key (82 to 95).
    #[must_use]
    pub fn is_retired(self) -> bool {
        matches!(self.0, 0x82..=0x95)
    }

    /// Every slot: 9A, 9C, 9D, 9E, then 82 to 95.
    pub fn all() -> impl Iterator<Item = Self> {
        [0x9A, 0x9C, 0x9D, 0x9E]
            .into_iter()
            .chain(0x82..=0x95)
            .map(Self)
    }

    /// The data object that holds this slot's certificate (Part 1, table 3).
    #[must_use]
    pub fn certificate_object(self) -> ObjectTag {
        match self.0 {
            0x9A => ObjectTag(0x005F_C105),
            0x9C => ObjectTag(0x005F_C10A),
            0x9D => ObjectTag(0x005F_C10B),
            0x9E => ObjectTag(0x005F_C101),
            retired => ObjectTag(0x005F_C10D + u32::from(retired.saturating_sub(0x82))),
        }
    }

    /// When its key wants the PIN, unless the key was made with another rule.
    #[must_use]
    pub fn pin_policy(self) -> PinPolicy {
        match self.0 {
            0x9C => PinPolicy::Always,
            0x9E => PinPolicy::Never,
            _ => PinPolicy::Once,
        }
    }
}

impl fmt::Display for Slot {
    /// Two lower-case hexadecimal digits, as card tools write it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_objects() {
        assert_eq!(Slot::all().count(), 24);
        assert_eq!(
            Slot::retired(1).unwrap().certificate_object(),
            ObjectTag(0x005F_C10D)
        );
        assert_eq!(
            Slot::retired(20).unwrap().certificate_object(),
            ObjectTag(0x005F_C120)
        );
        assert_eq!(Slot::new(0x96), Err(BadSlot(0x96)));
        assert_eq!(Slot::new(0x9B), Err(BadSlot(0x9B)));
        assert_eq!(Slot::retired(0), Err(BadSlot(0)));
        assert_eq!(Slot::SIGNATURE.to_string(), "9c");
    }
}
