//! Cells that a spreadsheet would run.

use std::borrow::Cow;

/// Makes a cell of a CSV export safe to open in a spreadsheet: one that begins like a formula (`=`, `+`, `-`, `@`, their full-width
/// forms, a tab or a line break) gets an apostrophe in front, which spreadsheets take as "this is text" and do not show.
///
/// The apostrophe is part of the file; use this for files that people open, not for data that programs read back.
#[must_use]
pub fn escape_for_spreadsheet(cell: &str) -> Cow<'_, str> {
    let risky = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];
    if cell.starts_with(risky) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_become_text() {
        for cell in [
            "=1+1",
            "+46",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1",
            "=cmd|' /C calc'!A0",
        ] {
            assert_eq!(escape_for_spreadsheet(cell), format!("'{cell}"));
        }
        for cell in ["", "Åsa", "O'Brien", "a=b", "2026-11-23", "'=1"] {
            assert!(matches!(escape_for_spreadsheet(cell), Cow::Borrowed(same) if same == cell));
        }
    }

    proptest! {
        #[test]
        fn nothing_comes_out_that_begins_like_a_formula(cell in "[=+@\\-\t\rab']{0,5}") {
            prop_assert!(!escape_for_spreadsheet(&cell).starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
