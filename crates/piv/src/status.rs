//! The two bytes that end every answer (Part 2, 2.4.1 and ISO/IEC 7816-4 5.6).

use std::fmt;

/// A status word. Values without a name here are kept in [`StatusWord::Other`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusWord {
    /// 9000: done.
    Success,
    /// 61xx: done, and so many bytes more wait for GET RESPONSE (0 means 256 or more).
    MoreData(u8),
    /// 6300: a PIN or unlock code was wrong; how many tries are left is not said.
    VerificationFailed,
    /// 63Cx: a PIN or unlock code was wrong, or was asked about; so many tries are left.
    TriesLeft(u8),
    /// 6581: the card could not store.
    MemoryFailure,
    /// 6700: the length of the command is wrong.
    WrongLength,
    /// 6881: only the basic logical channel is there.
    ChannelNotSupported,
    /// 6882: no secure messaging.
    SecureMessagingNotSupported,
    /// 6883: a chain was begun and something else came.
    LastCommandExpected,
    /// 6982: no PIN, or no management key, was presented.
    SecurityStatusNotSatisfied,
    /// 6983: the PIN or the unlock code is blocked.
    AuthenticationBlocked,
    /// 6985: not now.
    ConditionsNotSatisfied,
    /// 6A80: the data field is wrong.
    WrongData,
    /// 6A81: the card does not do this.
    FunctionNotSupported,
    /// 6A82: no such object or application.
    NotFound,
    /// 6A84: no room.
    NotEnoughMemory,
    /// 6A86: P1 or P2 is wrong.
    WrongParameters,
    /// 6A88: no such key or code.
    ReferenceNotFound,
    /// 6D00: no such command.
    InstructionNotSupported,
    /// 6E00: no such class.
    ClassNotSupported,
    /// 6F00: no reason given.
    NoDiagnosis,
    /// Anything else.
    Other(u16),
}

impl StatusWord {
    /// The status word of these two bytes (SW1 in the high byte).
    #[must_use]
    pub fn parse(word: u16) -> Self {
        let [_, low] = word.to_be_bytes();
        match word {
            0x9000 => Self::Success,
            0x6100..=0x61FF => Self::MoreData(low),
            0x6300 => Self::VerificationFailed,
            0x63C0..=0x63CF => Self::TriesLeft(low & 0x0F),
            0x6581 => Self::MemoryFailure,
            0x6700 => Self::WrongLength,
            0x6881 => Self::ChannelNotSupported,
            0x6882 => Self::SecureMessagingNotSupported,
            0x6883 => Self::LastCommandExpected,
            0x6982 => Self::SecurityStatusNotSatisfied,
            0x6983 => Self::AuthenticationBlocked,
            0x6985 => Self::ConditionsNotSatisfied,
            0x6A80 => Self::WrongData,
            0x6A81 => Self::FunctionNotSupported,
            0x6A82 => Self::NotFound,
            0x6A84 => Self::NotEnoughMemory,
            0x6A86 => Self::WrongParameters,
            0x6A88 => Self::ReferenceNotFound,
            0x6D00 => Self::InstructionNotSupported,
            0x6E00 => Self::ClassNotSupported,
            0x6F00 => Self::NoDiagnosis,
            other => Self::Other(other),
        }
    }

    /// The two bytes as a number, SW1 in the high byte. Counters above 15 are written as 15.
    #[must_use]
    pub fn code(self) -> u16 {
        match self {
            Self::Success => 0x9000,
            Self::MoreData(count) => 0x6100 | u16::from(count),
            Self::VerificationFailed => 0x6300,
            Self::TriesLeft(tries) => 0x63C0 | u16::from(tries.min(15)),
            Self::MemoryFailure => 0x6581,
            Self::WrongLength => 0x6700,
            Self::ChannelNotSupported => 0x6881,
            Self::SecureMessagingNotSupported => 0x6882,
            Self::LastCommandExpected => 0x6883,
            Self::SecurityStatusNotSatisfied => 0x6982,
            Self::AuthenticationBlocked => 0x6983,
            Self::ConditionsNotSatisfied => 0x6985,
            Self::WrongData => 0x6A80,
            Self::FunctionNotSupported => 0x6A81,
            Self::NotFound => 0x6A82,
            Self::NotEnoughMemory => 0x6A84,
            Self::WrongParameters => 0x6A86,
            Self::ReferenceNotFound => 0x6A88,
            Self::InstructionNotSupported => 0x6D00,
            Self::ClassNotSupported => 0x6E00,
            Self::NoDiagnosis => 0x6F00,
            Self::Other(other) => other,
        }
    }
}

impl fmt::Display for StatusWord {
    /// Four hexadecimal digits, as card documents write them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04X}", self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_survives_the_round() {
        for word in 0..=u16::MAX {
            assert_eq!(StatusWord::parse(word).code(), word);
        }
    }
}
