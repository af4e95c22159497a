//! What of a wrong cell is shown back: enough to find it, never a whole personal number, nothing that a terminal would act on.

use super::columns::Column;

/// The most of a cell that is shown, in characters.
const LONGEST: usize = 60;

/// The cell of that column as it may be shown.
pub(super) fn shown_in(column: Column, cell: &str) -> String {
    if column == Column::PersonalNumber {
        shortened(&last_four_hidden(&visible(cell)))
    } else {
        shown(cell)
    }
}

/// A text as it may be shown: control characters made visible, personal numbers masked, shortened.
pub(super) fn shown(text: &str) -> String {
    shortened(&numbers_hidden(&visible(text)))
}

/// Control characters, and those that turn or hide text, become the replacement character.
fn visible(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| match c {
            '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => char::REPLACEMENT_CHARACTER,
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(LONGEST - 1).collect();
    short.push('…');
    short
}

/// Stars for the last four characters of the number, whatever the rest looks like: a cell of this column is a personal number
/// until proven wrong. Some systems have letters among the last four.
fn last_four_hidden(text: &str) -> String {
    let with_letters = text.chars().filter(char::is_ascii_digit).count() >= 6;
    let counts = |c: char| c.is_ascii_digit() || (with_letters && c.is_alphanumeric());
    let hide_from = text
        .chars()
        .filter(|c| counts(*c))
        .count()
        .saturating_sub(4)
        .min(8);
    let mut seen = 0;
    text.chars()
        .map(|c| {
            if !counts(c) {
                return c;
            }
            seen += 1;
            if seen > hide_from { '*' } else { c }
        })
        .collect()
}

/// Stars for the last four digits of everything that could be a personal number: 10 or 12 digits that begin with a date, with
/// or without a sign before the last four, or any 12 digits and more.
fn numbers_hidden(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, digits) = rest.split_at_checked(start).unwrap_or((rest, ""));
        out.push_str(before);
        let end = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        let (run, after) = digits.split_at_checked(end).unwrap_or((digits, ""));
        let signed = after
            .strip_prefix(['-', '+'])
            .filter(|_| matches!(run.len(), 6 | 8));
        let serial = signed
            .and_then(|after| after.get(..4))
            .filter(|four| four.bytes().all(|byte| byte.is_ascii_digit()));
        match serial {
            Some(_) if begins_with_date(run) => {
                out.push_str(run);
                out.push_str("-****");
                rest = after.get(5..).unwrap_or_default();
            }
            _ => {
                if run.len() >= 12 || (run.len() == 10 && begins_with_date(run)) {
                    out.push_str(run.get(..run.len() - 4).unwrap_or_default());
                    out.push_str("****");
                } else {
                    out.push_str(run);
                }
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
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
    fn personal_numbers_in_their_column() {
        let check = |cell: &str, expected: &str| {
            assert_eq!(shown_in(Column::PersonalNumber, cell), expected)
        };
        check("196907149923", "19690714****");
        check("19690714-9923", "19690714-****");
        check("7607209967", "760720****");
        check("196907149923456", "19690714*******");
        check("123", "***");
        check("Anna", "Anna");
        check("", "");
    }

    #[test]
    fn personal_numbers_elsewhere() {
        let check =
            |cell: &str, expected: &str| assert_eq!(shown_in(Column::Title, cell), expected);
        check("Läkare 196907149923", "Läkare 19690714****");
        check("760720-9967, 19760720+9967!", "760720-****, 19760720-****!");
        check("7607209967", "760720****");
        check("SE2321000255-W100000", "SE2321000255-W100000");
        check("SE2321000255-196907149923", "SE2321000255-19690714****");
        check("0783960310", "0783960310");
        check("2026-02-30", "2026-02-30");
    }

    #[test]
    fn nothing_that_a_terminal_would_act_on() {
        assert_eq!(
            shown("a\u{1b}[31mb\u{202e}c\u{7}"),
            "a\u{fffd}[31mb\u{fffd}c\u{fffd}"
        );
        assert_eq!(shown(&"å".repeat(100)).chars().count(), 60);
    }

    proptest! {
        #[test]
        fn a_number_is_never_whole(before in "[a-zå ]{0,5}", year in 1900u16..2030, month in 1u8..13, day in 1u8..29, serial in 0u16..10_000) {
            for number in [format!("{year}{month:02}{day:02}{serial:04}"), format!("{year}{month:02}{day:02}-{serial:04}")] {
                let shown = shown(&format!("{before}{number}"));
                prop_assert!(!shown.contains(&number) && shown.contains("****"), "{}", shown);
            }
        }

        #[test]
        fn any_text_can_be_shown(text in any::<String>()) {
            prop_assert!(shown(&text).chars().count() <= LONGEST);
        }
    }
}
