//! Personal identity numbers and coordination numbers, twelve digits `YYYYMMDDNNNC`.
//!
//! A coordination number has 60 added to the day of birth. The last digit is the modulus-10 check digit over the nine digits
//! `YYMMDDNNN`. Numbers are never shown whole by accident: there is no `Display`, and `Debug` masks the last four digits.

mod in_text;

pub use in_text::{could_stand_in, hidden_in};

use crate::Date;
use crate::check_digit::check_digit;

/// A Swedish identity number whose date exists and whose check digit is right.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityNumber {
    /// A number of the population register.
    Personal(PersonalNumber),
    /// A number for somebody who is not, or not yet, registered as living in Sweden.
    Coordination(CoordinationNumber),
}

/// A personal identity number (personnummer).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonalNumber(Digits);

/// A coordination number (samordningsnummer).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CoordinationNumber(Digits);

/// Twelve ASCII digits and the date they say.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Digits {
    text: String,
    born: Date,
}

/// Why a text is no identity number. No variant holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadIdentityNumber {
    /// Nothing there.
    #[error("the number is empty")]
    Empty,
    /// A character other than digits and one `-` or `+` before the last four.
    #[error("{0:?} does not stand in an identity number")]
    Character(char),
    /// The hyphen or plus sign stands somewhere else than before the last four digits.
    #[error("the hyphen stands before the last four digits or nowhere")]
    Separator,
    /// A plus sign, which means 100 years or older, for somebody who is not.
    #[error("a plus sign means 100 years or older, this birth year is {birth_year}")]
    PlusTooYoung {
        /// The year the number says.
        birth_year: i16,
    },
    /// Neither 12 nor 10 digits.
    #[error("an identity number has 12 digits, this has {0}")]
    Length(usize),
    /// Ten digits: the century is not there, and guessing it could hit another person.
    #[error("the year needs four digits")]
    TwoDigitYear {
        /// The likeliest year of birth: the latest that is not in the future, a hundred earlier after a plus sign.
        likely_year: i16,
    },
    /// A month or day that the calendar does not have.
    #[error("there is no such date of birth")]
    NoSuchDate,
    /// Born after today.
    #[error("the date of birth is in the future")]
    BornInFuture,
    /// Born more than 130 years ago, which nobody alive is.
    #[error("the year of birth {birth_year} is too long ago")]
    BornTooEarly {
        /// The year the number says.
        birth_year: i16,
    },
    /// The last digit does not fit the others.
    #[error("the check digit is wrong, {right} would be right")]
    WrongCheckDigit {
        /// The digit that fits the other nine; one of them may be the wrong one instead.
        right: u8,
    },
}

const OLDEST: i16 = 130;

impl IdentityNumber {
    /// Reads `YYYYMMDDNNNN` or `YYYYMMDD-NNNN` as people and exports write it; `+` instead of the hyphen from the year
    /// somebody turns 100. Spaces around it are dropped.
    pub fn parse(text: &str, today: Date) -> Result<Self, BadIdentityNumber> {
        let written = Written::read(text)?;
        let digits = match written.digits.len() {
            12 => written.digits,
            10 if written.begins_with_short_date() => {
                let likely_year = written.likely_year(today);
                return Err(BadIdentityNumber::TwoDigitYear { likely_year });
            }
            other => return Err(BadIdentityNumber::Length(other)),
        };
        let number = Self::from_digits(&digits)?;
        let birth_year = number.birth_date().year();
        if number.birth_date() > today {
            return Err(BadIdentityNumber::BornInFuture);
        }
        if today.year() - birth_year > OLDEST {
            return Err(BadIdentityNumber::BornTooEarly { birth_year });
        }
        if written.separator == Some('+') && today.year() - birth_year < 100 {
            return Err(BadIdentityNumber::PlusTooYoung { birth_year });
        }
        Ok(number)
    }

    /// Reads the twelve digits of a number that [`IdentityNumber::parse`] accepted once, such as a database column; everything
    /// that does not hang on today is checked again.
    pub fn from_digits(digits: &str) -> Result<Self, BadIdentityNumber> {
        if let Some(stranger) = digits.chars().find(|c| !c.is_ascii_digit()) {
            return Err(BadIdentityNumber::Character(stranger));
        }
        let values: Vec<u8> = digits.bytes().map(|byte| byte - b'0').collect();
        let &[y1, y2, y3, y4, m1, m2, d1, d2, _, _, _, last] = values.as_slice() else {
            return Err(match values.len() {
                0 => BadIdentityNumber::Empty,
                other => BadIdentityNumber::Length(other),
            });
        };
        let two = |tens: u8, ones: u8| i16::from(tens) * 10 + i16::from(ones);
        let year = two(y1, y2) * 100 + two(y3, y4);
        let (day, coordination) = match two(d1, d2) {
            day @ 61..=91 => (day - 60, true),
            day => (day, false),
        };
        let born = i8::try_from(two(m1, m2))
            .ok()
            .zip(i8::try_from(day).ok())
            .and_then(|(month, day)| Date::new(year, month, day).ok())
            .ok_or(BadIdentityNumber::NoSuchDate)?;
        let right = check_digit(values.get(2..11).unwrap_or_default());
        if last != right {
            return Err(BadIdentityNumber::WrongCheckDigit { right });
        }
        let digits = Digits {
            text: digits.to_owned(),
            born,
        };
        Ok(if coordination {
            Self::Coordination(CoordinationNumber(digits))
        } else {
            Self::Personal(PersonalNumber(digits))
        })
    }

    fn inner(&self) -> &Digits {
        match self {
            Self::Personal(PersonalNumber(digits))
            | Self::Coordination(CoordinationNumber(digits)) => digits,
        }
    }

    /// The twelve digits. This is the whole number: not for logs, messages or web addresses.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.inner().text
    }

    /// The date of birth, without the 60 of a coordination number.
    #[must_use]
    pub fn birth_date(&self) -> Date {
        self.inner().born
    }

    /// `YYYYMMDD-****`, for people who may know whose number it is but need not have it.
    #[must_use]
    pub fn masked(&self) -> String {
        mask(self.digits())
    }

    /// Whether this is a coordination number.
    #[must_use]
    pub fn is_coordination(&self) -> bool {
        matches!(self, Self::Coordination(_))
    }
}

/// The first eight characters and four stars.
fn mask(digits: &str) -> String {
    let date: String = digits.chars().take(8).collect();
    format!("{date}-****")
}

impl std::fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

impl std::fmt::Debug for PersonalNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&mask(&self.0.text))
    }
}

impl std::fmt::Debug for CoordinationNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&mask(&self.0.text))
    }
}

/// A number as it was written: the digits, and the sign before the last four if there was one.
struct Written {
    digits: String,
    separator: Option<char>,
}

impl Written {
    fn read(text: &str) -> Result<Self, BadIdentityNumber> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadIdentityNumber::Empty);
        }
        if let Some(stranger) = text
            .chars()
            .find(|c| !c.is_ascii_digit() && !matches!(c, '-' | '+'))
        {
            return Err(BadIdentityNumber::Character(stranger));
        }
        let Some((before, after)) = text.split_once(['-', '+']) else {
            return Ok(Self {
                digits: text.to_owned(),
                separator: None,
            });
        };
        if after.len() != 4 || after.contains(['-', '+']) {
            return Err(BadIdentityNumber::Separator);
        }
        let separator = text.chars().find(|c| matches!(c, '-' | '+'));
        Ok(Self {
            digits: format!("{before}{after}"),
            separator,
        })
    }

    /// For ten digits: whether they begin `YYMMDD`. If not, two digits of twelve were lost somewhere.
    fn begins_with_short_date(&self) -> bool {
        let two = |at: usize| {
            self.digits
                .get(at..at + 2)
                .and_then(|two| two.parse::<u8>().ok())
        };
        matches!((two(2), two(4)), (Some(1..=12), Some(1..=31 | 61..=91)))
    }

    /// For ten digits: the latest year that ends so and is not after this one; a hundred less after a plus sign.
    fn likely_year(&self, today: Date) -> i16 {
        let ending = self
            .digits
            .get(..2)
            .and_then(|two| two.parse::<i16>().ok())
            .unwrap_or(0);
        let century = today.year() - today.year().rem_euclid(100);
        let year = if century + ending > today.year() {
            century + ending - 100
        } else {
            century + ending
        };
        if self.separator == Some('+') {
            year - 100
        } else {
            year
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TODAY: Date = Date::constant(2026, 11, 23);

    fn check(text: &str, expected: Result<&str, BadIdentityNumber>) {
        let number = IdentityNumber::parse(text, TODAY);
        assert_eq!(
            number.as_ref().map(IdentityNumber::digits),
            expected.as_ref().copied(),
            "{text}"
        );
    }

    #[test]
    fn right_numbers() {
        check("196907149923", Ok("196907149923"));
        check(" 19690714-9923 ", Ok("196907149923"));
        check("19880627-9934", Ok("198806279934"));
        check("198809619904", Ok("198809619904"));
        // Born on a leap day, and 100 years or older with its plus sign.
        let old = "19120229980";
        let last = check_digit(
            &old.bytes()
                .skip(2)
                .map(|byte| byte - b'0')
                .collect::<Vec<_>>(),
        );
        check(&format!("19120229+980{last}"), Ok(&format!("{old}{last}")));
    }

    #[test]
    fn wrong_numbers() {
        check("", Err(BadIdentityNumber::Empty));
        check(
            "196907149924",
            Err(BadIdentityNumber::WrongCheckDigit { right: 3 }),
        );
        check(
            "7607209967",
            Err(BadIdentityNumber::TwoDigitYear { likely_year: 1976 }),
        );
        check(
            "260720-9967",
            Err(BadIdentityNumber::TwoDigitYear { likely_year: 2026 }),
        );
        check(
            "270720-9967",
            Err(BadIdentityNumber::TwoDigitYear { likely_year: 1927 }),
        );
        check(
            "160720+9967",
            Err(BadIdentityNumber::TwoDigitYear { likely_year: 1916 }),
        );
        check("200202309867", Err(BadIdentityNumber::NoSuchDate));
        check("200213019867", Err(BadIdentityNumber::NoSuchDate));
        check("200212609867", Err(BadIdentityNumber::NoSuchDate));
        check("196907149923+", Err(BadIdentityNumber::Separator));
        check("1969-07149923", Err(BadIdentityNumber::Separator));
        check("19690714--9923", Err(BadIdentityNumber::Separator));
        check(
            "19690714+9923",
            Err(BadIdentityNumber::PlusTooYoung { birth_year: 1969 }),
        );
        check("1969071499", Err(BadIdentityNumber::Length(10)));
        check("19690714992", Err(BadIdentityNumber::Length(11)));
        check("19690714T923", Err(BadIdentityNumber::Character('T')));
        check(
            "１９６９０７１４９９２３",
            Err(BadIdentityNumber::Character('１')),
        );
    }

    #[test]
    fn nobody_is_unborn_or_of_another_age() {
        let with_check = |eleven: &str| {
            let last = check_digit(
                &eleven
                    .bytes()
                    .skip(2)
                    .map(|byte| byte - b'0')
                    .collect::<Vec<_>>(),
            );
            format!("{eleven}{last}")
        };
        check(
            &with_check("20261124980"),
            Err(BadIdentityNumber::BornInFuture),
        );
        let today = with_check("20261123980");
        check(&today, Ok(&today));
        check(
            &with_check("18951231980"),
            Err(BadIdentityNumber::BornTooEarly { birth_year: 1895 }),
        );
    }

    #[test]
    fn coordination_numbers_know_their_date() {
        let number = IdentityNumber::parse("198809619904", TODAY).unwrap();
        assert!(number.is_coordination());
        assert_eq!(number.birth_date(), Date::constant(1988, 9, 1));
        assert!(
            !IdentityNumber::parse("196907149923", TODAY)
                .unwrap()
                .is_coordination()
        );
    }

    #[test]
    fn debug_never_shows_the_number() {
        let number = IdentityNumber::parse("196907149923", TODAY).unwrap();
        assert_eq!(format!("{number:?}"), "19690714-****");
        assert_eq!(number.masked(), "19690714-****");
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in "\\PC{0,20}") {
            let _ = IdentityNumber::parse(&text, TODAY);
        }

        #[test]
        fn one_digit_wrong_is_always_found(day in 0i64..40_000, serial in 0u16..1000, place in 2usize..11, other in 1u8..10) {
            let born = crate::Days(-day).after(TODAY);
            let eleven = format!("{}{serial:03}", born.strftime("%Y%m%d"));
            let values: Vec<u8> = eleven.bytes().map(|byte| byte - b'0').collect();
            let number = format!("{eleven}{}", check_digit(&values[2..]));
            prop_assert_eq!(IdentityNumber::parse(&number, TODAY).unwrap().birth_date(), born);
            let mut wrong = number.into_bytes();
            wrong[place] = b'0' + (wrong[place] - b'0' + other) % 10;
            prop_assert!(IdentityNumber::parse(std::str::from_utf8(&wrong).unwrap(), TODAY).is_err());
        }
    }
}
