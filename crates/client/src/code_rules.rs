//! Which codes a holder may choose.

/// Fewest digits of a code on any card (SP 800-73-4 part 2, 2.4.3: 6 to 8 digits).
pub const FEWEST: u8 = 6;
/// Most digits of a code on any card.
pub const MOST: u8 = 8;

/// How long a code may be in this act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeRules {
    minimum: u8,
    maximum: u8,
}

/// Why a code may not be chosen. The texts of the prompt tell it to the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeProblem {
    /// Fewer digits than the rules ask for.
    #[error("the code has fewer than {minimum} digits")]
    TooShort {
        /// Fewest digits.
        minimum: u8,
    },
    /// More digits than the rules allow.
    #[error("the code has more than {maximum} digits")]
    TooLong {
        /// Most digits.
        maximum: u8,
    },
    /// Something other than the digits 0 to 9.
    #[error("the code may hold digits only")]
    NotDigits,
    /// The same digit all over, such as 111111.
    #[error("the code is one digit repeated")]
    OneDigit,
    /// A plain run up or down, such as 123456, 654321 or 567890.
    #[error("the code is a plain run of digits")]
    Run,
    /// Two or three digits, or half of it, over and over, such as 121212, 123123 or 48214821.
    #[error("the code is a few digits repeated")]
    Repeated,
    /// A date, such as 840627, 270684, 19840627 or 27061984: whoever guesses begins with birthdays.
    #[error("the code reads as a date")]
    Date,
    /// The code that the card has already.
    #[error("the code is the one before")]
    Old,
}

impl CodeProblem {
    /// A stable name, for texts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "too-short",
            Self::TooLong { .. } => "too-long",
            Self::NotDigits => "not-digits",
            Self::OneDigit => "one-digit",
            Self::Run => "run",
            Self::Repeated => "repeated",
            Self::Date => "date",
            Self::Old => "old",
        }
    }
}

impl CodeRules {
    /// The rules a server asks for, kept within what a card takes: a server cannot make codes shorter than [`FEWEST`].
    /// Nothing when no length is left.
    #[must_use]
    pub fn new(minimum: u8, maximum: u8) -> Option<Self> {
        let rules = Self {
            minimum: minimum.max(FEWEST),
            maximum: maximum.min(MOST),
        };
        (rules.minimum <= rules.maximum).then_some(rules)
    }

    /// Fewest digits, 6 to 8.
    #[must_use]
    pub fn minimum(self) -> u8 {
        self.minimum
    }

    /// Most digits, 6 to 8.
    #[must_use]
    pub fn maximum(self) -> u8 {
        self.maximum
    }

    /// Whether a code, as ASCII digits, may be chosen.
    ///
    /// # Errors
    /// [`CodeProblem`], the first that applies.
    pub fn check(self, digits: &[u8]) -> Result<(), CodeProblem> {
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(CodeProblem::NotDigits);
        }
        if digits.len() < usize::from(self.minimum) {
            return Err(CodeProblem::TooShort {
                minimum: self.minimum,
            });
        }
        if digits.len() > usize::from(self.maximum) {
            return Err(CodeProblem::TooLong {
                maximum: self.maximum,
            });
        }
        if all_steps(digits, 0) {
            return Err(CodeProblem::OneDigit);
        }
        // 9 is one below 0 and one above: 567890 and 098765 are as easy to guess as 123456.
        if all_steps(digits, 1) || all_steps(digits, 9) {
            return Err(CodeProblem::Run);
        }
        if (2..=digits.len() / 2).any(|period| repeats(digits, period)) {
            return Err(CodeProblem::Repeated);
        }
        if is_date(digits) {
            return Err(CodeProblem::Date);
        }
        Ok(())
    }
}

/// Whether the digits are their first `period` ones over and over, to the end.
fn repeats(digits: &[u8], period: usize) -> bool {
    digits.len().is_multiple_of(period)
        && digits
            .iter()
            .zip(digits.iter().skip(period))
            .all(|(one, later)| one == later)
}

/// Whether six or eight digits read as a day, the year first or last, the year of eight in 1900 to 2099. Nobody tells this
/// program when the holder was born, so no date may be chosen: 7 codes of 100 with six digits, 2 of 1,000 with eight.
fn is_date(digits: &[u8]) -> bool {
    let number = |part: &[u8]| {
        part.iter()
            .fold(0_u32, |number, digit| number * 10 + u32::from(digit - b'0'))
    };
    let is_day = |month: &[u8], day: &[u8]| {
        let longest = match number(month) {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        (1..=longest).contains(&number(day))
    };
    let is_year = |year: &[u8]| (1900..2100).contains(&number(year));
    match *digits {
        [a, b, c, d, e, f] => is_day(&[c, d], &[e, f]) || is_day(&[c, d], &[a, b]),
        [a, b, c, d, e, f, g, h] => {
            is_year(&[a, b, c, d]) && is_day(&[e, f], &[g, h])
                || is_year(&[e, f, g, h]) && is_day(&[c, d], &[a, b])
        }
        _ => false,
    }
}

/// Whether each digit is `step` more than the one before, counted modulo ten.
fn all_steps(digits: &[u8], step: u8) -> bool {
    digits
        .iter()
        .zip(digits.iter().skip(1))
        .all(|(one, next)| (one - b'0' + step) % 10 == next - b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str) -> Result<(), CodeProblem> {
        CodeRules::new(6, 8).unwrap().check(code.as_bytes())
    }

    #[test]
    fn ordinary_codes_may_be_chosen() {
        for code in [
            "194857",
            "112233",
            "1234567".replace('7', "9").as_str(),
            "00000001",
            "840631",
            "18991231",
            "84062712",
            "1213121",
        ] {
            assert_eq!(check(code), Ok(()), "{code}");
        }
    }

    #[test]
    fn codes_that_are_guessed_first_may_not() {
        for code in ["000000", "111111", "9999999", "88888888"] {
            assert_eq!(check(code), Err(CodeProblem::OneDigit), "{code}");
        }
        for code in [
            "123456", "654321", "012345", "567890", "098765", "12345678", "3210987",
        ] {
            assert_eq!(check(code), Err(CodeProblem::Run), "{code}");
        }
    }

    #[test]
    fn patterns_and_dates_may_not() {
        for code in ["121212", "123123", "48214821", "47474747"] {
            assert_eq!(check(code), Err(CodeProblem::Repeated), "{code}");
        }
        for code in [
            "840627", "270684", "000229", "311299", "19840627", "27061984", "20991231",
        ] {
            assert_eq!(check(code), Err(CodeProblem::Date), "{code}");
        }
    }

    #[test]
    fn length_and_digits_are_checked() {
        assert_eq!(check("19485"), Err(CodeProblem::TooShort { minimum: 6 }));
        assert_eq!(check(""), Err(CodeProblem::TooShort { minimum: 6 }));
        assert_eq!(check("194857194"), Err(CodeProblem::TooLong { maximum: 8 }));
        assert_eq!(check("19485a"), Err(CodeProblem::NotDigits));
        assert_eq!(check("１９４８５７"), Err(CodeProblem::NotDigits));
    }

    #[test]
    fn a_server_cannot_shorten_codes() {
        let rules = CodeRules::new(1, 255).unwrap();
        assert_eq!((rules.minimum(), rules.maximum()), (6, 8));
        assert_eq!(CodeRules::new(9, 12), None);
        assert_eq!(CodeRules::new(8, 6), None);
        let rules = CodeRules::new(8, 8).unwrap();
        assert_eq!(
            rules.check(b"194857"),
            Err(CodeProblem::TooShort { minimum: 8 })
        );
    }
}
