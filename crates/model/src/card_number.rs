//! Card numbers: 19 digits in the manner of ISO/IEC 7812-1, printed on the card and written into its certificates.

use crate::check_digit::check_digit;

/// `9752` (national numbering body of Sweden, country code 752), six digits of the issuer, eight of the serial, a check digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardNumber(String);

/// Digits that are no card number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCardNumber {
    /// Not 19 characters, spaces aside.
    #[error("a card number has 19 digits, this has {0}")]
    Length(usize),
    /// Something else than a digit or a space.
    #[error("{0:?} does not stand in a card number")]
    Character(char),
    /// Does not begin with 9752.
    #[error("a card number begins with 9752")]
    Prefix,
    /// The last digit does not fit the others.
    #[error("the check digit is wrong, {right} would be right")]
    WrongCheckDigit {
        /// The digit that fits.
        right: u8,
    },
    /// An issuer number above 999999 or a serial above 99999999.
    #[error("the issuer number has at most 6 digits and the serial at most 8")]
    TooLarge,
}

const PREFIX: &str = "9752";

impl CardNumber {
    /// The number of that issuer (at most 999 999) and serial (at most 99 999 999).
    pub fn new(issuer: u32, serial: u64) -> Result<Self, BadCardNumber> {
        if issuer > 999_999 || serial > 99_999_999 {
            return Err(BadCardNumber::TooLarge);
        }
        let body = format!("{PREFIX}{issuer:06}{serial:08}");
        let last = luhn(&body);
        Ok(Self(format!("{body}{last}")))
    }

    /// Reads the 19 digits, with or without spaces as printed on the card.
    pub fn parse(text: &str) -> Result<Self, BadCardNumber> {
        if let Some(stranger) = text.chars().find(|&c| !c.is_ascii_digit() && c != ' ') {
            return Err(BadCardNumber::Character(stranger));
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let Some((body, last)) = digits
            .split_at_checked(18)
            .filter(|(_, last)| last.len() == 1)
        else {
            return Err(BadCardNumber::Length(digits.len()));
        };
        if !body.starts_with(PREFIX) {
            return Err(BadCardNumber::Prefix);
        }
        let right = luhn(body);
        if last != right.to_string() {
            return Err(BadCardNumber::WrongCheckDigit { right });
        }
        Ok(Self(digits))
    }

    /// The 19 digits without spaces, as in certificates, files and web addresses.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The issuer number.
    #[must_use]
    pub fn issuer(&self) -> u32 {
        self.0
            .get(4..10)
            .and_then(|digits| digits.parse().ok())
            .unwrap_or_default()
    }

    /// The serial of the card at its issuer.
    #[must_use]
    pub fn serial(&self) -> u64 {
        self.0
            .get(10..18)
            .and_then(|digits| digits.parse().ok())
            .unwrap_or_default()
    }
}

fn luhn(digits: &str) -> u8 {
    check_digit(
        &digits
            .bytes()
            .map(|byte| byte.wrapping_sub(b'0'))
            .collect::<Vec<_>>(),
    )
}

impl std::fmt::Display for CardNumber {
    /// Groups of four, as printed: `9752 1234 5600 0000 011`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, digit) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                f.write_str(" ")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CardNumber({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn printed_in_groups() {
        let number = CardNumber::new(123_456, 1).unwrap();
        assert_eq!(number.to_string(), "9752 1234 5600 0000 011");
        assert_eq!(number.digits(), "9752123456000000011");
        assert_eq!(CardNumber::parse(&number.to_string()), Ok(number));
    }

    #[test]
    fn what_is_no_card_number() {
        assert_eq!(CardNumber::new(1_000_000, 1), Err(BadCardNumber::TooLarge));
        assert_eq!(
            CardNumber::new(1, 100_000_000),
            Err(BadCardNumber::TooLarge)
        );
        assert_eq!(CardNumber::parse(""), Err(BadCardNumber::Length(0)));
        assert_eq!(
            CardNumber::parse("97521234560000000110"),
            Err(BadCardNumber::Length(20))
        );
        assert_eq!(
            CardNumber::parse("9752-1234"),
            Err(BadCardNumber::Character('-'))
        );
        assert_eq!(
            CardNumber::parse("9751123456000000013"),
            Err(BadCardNumber::Prefix)
        );
        assert_eq!(
            CardNumber::parse("9752123456000000010"),
            Err(BadCardNumber::WrongCheckDigit { right: 1 })
        );
    }

    proptest! {
        #[test]
        fn reads_back_what_it_makes(issuer in 0u32..1_000_000, serial in 0u64..100_000_000) {
            let number = CardNumber::new(issuer, serial).unwrap();
            prop_assert_eq!((number.issuer(), number.serial(), number.digits().len()), (issuer, serial, 19));
            prop_assert_eq!(CardNumber::parse(number.digits()), Ok(number));
        }

        #[test]
        fn any_text_is_judged(text in "\\PC{0,30}") {
            let _ = CardNumber::parse(&text);
        }
    }
}
