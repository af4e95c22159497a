//! Identifiers of rows: 26 characters that sort by the time they were made and can be read aloud.
//!
//! 48 bits of Unix milliseconds followed by 80 random bits, in Crockford's base 32 (no I, L, O, U), upper case: the layout
//! known as ULID. One type for each kind of thing, so that a card's identifier cannot stand where a person's should.

use crate::Timestamp;

const LENGTH: usize = 26;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A text that is no identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadId {
    /// Not 26 characters.
    #[error("an identifier has 26 characters, this has {0}")]
    Length(usize),
    /// A character outside 0–9, A–Z without I, L, O, U, or lower case.
    #[error("{0:?} does not stand in an identifier")]
    Character(char),
    /// The first character is above 7, more than 128 bits can hold.
    #[error("the identifier is larger than any that was ever made")]
    TooLarge,
}

fn encode(now: Timestamp, random: [u8; 10]) -> String {
    // Years before 1970 and after 10889 do not occur; they would only sort wrongly.
    let milliseconds = u64::try_from(now.seconds())
        .unwrap_or(0)
        .saturating_mul(1000)
        .min((1 << 48) - 1);
    let mut value = u128::from(milliseconds);
    for byte in random {
        value = value << 8 | u128::from(byte);
    }
    (0..LENGTH)
        .rev()
        .filter_map(|place| ALPHABET.get(usize::from((value >> (5 * place)) as u8 & 0x1f)))
        .map(|&byte| char::from(byte))
        .collect()
}

fn check(text: &str) -> Result<(), BadId> {
    if let Some(stranger) = text
        .chars()
        .find(|&c| !u8::try_from(c).is_ok_and(|byte| ALPHABET.contains(&byte)))
    {
        return Err(BadId::Character(stranger));
    }
    if text.len() != LENGTH {
        return Err(BadId::Length(text.len()));
    }
    if text.as_bytes().first().is_some_and(|&first| first > b'7') {
        return Err(BadId::TooLarge);
    }
    Ok(())
}

macro_rules! ids {
    ($($(#[$outer:meta])* $name:ident,)+) => {$(
        $(#[$outer])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Makes the identifier from the time (milliseconds are always zero) and 80 random bits.
            #[must_use]
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                Self(encode(now, random))
            }

            /// Reads an identifier: exactly the 26 upper-case characters that were given out.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                check(text)?;
                Ok(Self(text.to_owned()))
            }

            /// The 26 characters.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )+};
}

ids! {
    /// A person.
    PersonId,
    /// A person's engagement with an employer.
    EngagementId,
    /// An order of a card.
    OrderId,
    /// A portrait.
    PhotoId,
    /// A card, from draft to deregistration.
    CardId,
    /// A batch sent to the card producer.
    BatchId,
    /// A check of somebody's identity document.
    IdentityCheckId,
    /// A signed receipt.
    ReceiptId,
    /// A signed-in session.
    SessionId,
    /// A ticket that lets the card client take part in one act.
    TicketId,
    /// One request to one act; ties log, audit and incident number together.
    RequestId,
    /// A job in the queue.
    JobId,
    /// A function that certificates are issued to.
    FunctionId,
    /// A program that uses the API.
    ApiClientId,
    /// What a reader said of a page.
    FeedbackId,
    /// A photo kiosk: one opening of one machine.
    KioskId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_layout_is_time_then_randomness() {
        assert_eq!(
            CardId::new(Timestamp(0), [0; 10]).as_str(),
            "00000000000000000000000000"
        );
        assert_eq!(
            CardId::new(Timestamp(0), [0xff; 10]).as_str(),
            "0000000000ZZZZZZZZZZZZZZZZ"
        );
        // Worked out apart from this code, with arithmetic on large integers.
        assert_eq!(
            CardId::new(Timestamp(1_469_922_850), [0; 10]).as_str(),
            "01ARZ3ND6G0000000000000000"
        );
    }

    #[test]
    fn what_is_no_identifier() {
        assert_eq!(CardId::parse(""), Err(BadId::Length(0)));
        assert_eq!(
            CardId::parse("01ARZ3ND6G000000000000000"),
            Err(BadId::Length(25))
        );
        assert_eq!(
            CardId::parse("01ARZ3ND6G000000000000000U"),
            Err(BadId::Character('U'))
        );
        assert_eq!(
            CardId::parse("01arz3nd6g0000000000000000"),
            Err(BadId::Character('a'))
        );
        assert_eq!(
            CardId::parse("01ARZ3ND6G00000000000000å"),
            Err(BadId::Character('å'))
        );
        assert_eq!(
            CardId::parse("81ARZ3ND6G0000000000000000"),
            Err(BadId::TooLarge)
        );
    }

    #[test]
    fn debug_names_the_kind() {
        let id = PersonId::new(Timestamp(0), [0; 10]);
        assert_eq!(format!("{id:?}"), "PersonId(00000000000000000000000000)");
        assert_eq!(id.to_string(), id.as_str());
    }

    proptest! {
        #[test]
        fn reads_back_what_it_makes(now in 0i64..100_000_000_000, random: [u8; 10]) {
            let id = PersonId::new(Timestamp(now), random);
            prop_assert_eq!(PersonId::parse(id.as_str()), Ok(id));
        }

        #[test]
        fn sorts_by_time(now in 0i64..100_000_000_000, later in 1i64..100_000_000, a: [u8; 10], b: [u8; 10]) {
            prop_assert!(OrderId::new(Timestamp(now), a) < OrderId::new(Timestamp(now + later), b));
        }

        #[test]
        fn any_text_is_judged(text in ".{0,40}") {
            if let Ok(id) = JobId::parse(&text) {
                prop_assert_eq!(id.as_str(), text.as_str());
            }
        }
    }
}
