//! Identity numbers where they do not belong: in the middle of other text.

use std::ops::Range;

/// Whether some part of the text could be an identity number: twelve digits, ten that begin with a date, or a date with four more
/// digits after a hyphen, a plus sign or a space. The check digit does not count: a mistyped number is somebody's all the same.
#[must_use]
pub fn could_stand_in(text: &str) -> bool {
    numbers_in(text).any(|number| number.digits <= 12)
}

/// The text with stars for what follows the date in everything that could be an identity number, and for all but the first eight of
/// more than twelve digits in a row, which may have one in them.
#[must_use]
pub fn hidden_in(text: &str) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut copied = 0;
    for number in numbers_in(text) {
        hidden.push_str(text.get(copied..number.telling.start).unwrap_or_default());
        hidden.extend(number.telling.clone().map(|_| '*'));
        copied = number.telling.end;
    }
    hidden.push_str(text.get(copied..).unwrap_or_default());
    hidden
}

/// What could be a number: where the digits stand that tell whose it is, in bytes, and how many it has in all.
struct Number {
    telling: Range<usize>,
    digits: usize,
}

fn numbers_in(text: &str) -> impl Iterator<Item = Number> {
    let mut runs = runs_of_digits(text).peekable();
    std::iter::from_fn(move || {
        loop {
            let run = runs.next()?;
            let digits = text.get(run.clone()).unwrap_or_default();
            if matches!(digits.len(), 6 | 8)
                && begins_with_date(digits)
                && let Some(serial) = runs.peek().filter(|next| {
                    next.len() >= 4
                        && matches!(text.get(run.end..next.start), Some("-" | "+" | " "))
                })
            {
                let telling = serial.clone();
                runs.next();
                return Some(Number {
                    digits: digits.len() + telling.len(),
                    telling,
                });
            }
            if digits.len() >= 12 || (digits.len() == 10 && begins_with_date(digits)) {
                return Some(Number {
                    telling: run.start + (digits.len() - 4).min(8)..run.end,
                    digits: digits.len(),
                });
            }
        }
    })
}

fn runs_of_digits(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let start = from + rest.find(|c: char| c.is_ascii_digit())?;
        let length = text
            .get(start..)?
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        from = start + length;
        Some(start..from)
    })
}

/// Whether the digits begin `YYMMDD` (6 or 10 digits) or `YYYYMMDD` (8), coordination numbers included. An organisation number
/// has a month above 20, so it does not.
fn begins_with_date(digits: &str) -> bool {
    let month_at = if digits.len() == 8 { 4 } else { 2 };
    let two = |at: usize| {
        digits
            .get(at..at + 2)
            .and_then(|two| two.parse::<u8>().ok())
    };
    matches!(
        (two(month_at), two(month_at + 2)),
        (Some(1..=12), Some(1..=31 | 61..=91))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_could_be_a_number() {
        for text in [
            "196907149923",
            "Ann 196907149923",
            "19690714-9923",
            "690714+9923 Ann",
            "690714 9923",
            "6907149923",
            "se2321000255-196907749923",
        ] {
            assert!(could_stand_in(text), "{text}");
        }
        for text in [
            "",
            "Ann",
            "SE2321000255-W100000",
            "9752 0000 0100 0000 017",
            "9752000001000000017",
            "0783960310",
            "2026-02-30",
            "211 34 Malmö",
        ] {
            assert!(!could_stand_in(text), "{text}");
        }
    }

    #[test]
    fn its_last_digits_are_hidden() {
        let check = |text: &str, expected: &str| assert_eq!(hidden_in(text), expected);
        check("Läkare 196907149923", "Läkare 19690714****");
        check("760720-9967, 19760720+9967!", "760720-****, 19760720+****!");
        check("7607209967", "760720****");
        check("SE2321000255-196907149923", "SE2321000255-19690714****");
        check("9752000001000000017", "97520000***********");
        check("760720-99671", "760720-*****");
        check("2026-02-30", "2026-02-30");
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in any::<String>()) {
            let hidden = hidden_in(&text);
            prop_assert_eq!(hidden.chars().count(), text.chars().count());
            prop_assert!(!could_stand_in(&hidden));
        }
    }
}
