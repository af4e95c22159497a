//! What of a wrong cell is shown back: enough to find it, never a whole personal number, nothing that a terminal would act on.

use model::identity_number::hidden_in;

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
    shortened(&hidden_in(&visible(text)))
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
        check("SE2321000255-W100000", "SE2321000255-W100000");
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
