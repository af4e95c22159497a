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
        Ok(())
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
            "121212",
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
