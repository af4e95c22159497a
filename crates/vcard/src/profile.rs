//! What kind of card it is: what it knows beside the standard, and how it announces itself.

use piv::{Instruction, ObjectTag};
use serde::{Deserialize, Serialize};

use crate::card::ANSWER_TO_RESET;

/// What YubiKeys of the fifth series answer to a reset: T=1, and "YubiKey" among the historical bytes, by which OpenSC knows them.
const YUBIKEY_ANSWER_TO_RESET: [u8; 23] = [
    0x3B, 0xFD, 0x13, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x15, 0x80, 0x73, 0xC0, 0x21, 0xC0, 0x57, 0x59,
    0x75, 0x62, 0x69, 0x4B, 0x65, 0x79, 0x40,
];

/// The kind of a card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// What SP 800-73-4 has and nothing else: no version, no serial number, no metadata, no attestation, no import of keys, and a
    /// management key that stays what it is.
    Plain,
    /// A YubiKey of version 5.4.3 with its extensions.
    #[default]
    Yubikey,
}

impl Profile {
    /// What the card answers to a reset (ISO/IEC 7816-3 8).
    #[must_use]
    pub fn answer_to_reset(self) -> &'static [u8] {
        match self {
            Self::Plain => &ANSWER_TO_RESET,
            Self::Yubikey => &YUBIKEY_ANSWER_TO_RESET,
        }
    }

    /// Whether the card knows a command (Part 2, table 2).
    pub(crate) fn knows(self, instruction: Instruction) -> bool {
        self == Self::Yubikey || !instruction.is_extension()
    }

    /// Whether a data object has a place on the card: those of Part 1, table 3, and the extension's own.
    pub(crate) fn has_place(self, tag: ObjectTag) -> bool {
        match tag.0 {
            0x7E | 0x005F_C101..=0x005F_C123 => true,
            0x005F_FF00..=0x005F_FF15 => self == Self::Yubikey,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_to_reset_check_out() {
        // ISO/IEC 7816-3 8.2.5: all bytes from T0 to TCK together give zero.
        for profile in [Profile::Plain, Profile::Yubikey] {
            let sum = profile.answer_to_reset()[1..]
                .iter()
                .fold(0, |sum, byte| sum ^ byte);
            assert_eq!(sum, 0, "{profile:?}");
        }
    }
}
