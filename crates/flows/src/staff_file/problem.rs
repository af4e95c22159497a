//! What can be wrong with a staff export, as codes and arguments; the texts stand with the other texts, in both languages.

use super::columns::Column;
use super::mask;

/// Why a file is no staff export. Nothing of it was taken. The text's key is `staff-file-` and the code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// No line with anything on it.
    #[error("the file is empty")]
    Empty,
    /// More bytes than are read.
    #[error("the file is larger than {largest} bytes")]
    TooLarge {
        /// The most that is read, in bytes.
        largest: usize,
    },
    /// A spreadsheet's own file format.
    #[error("the file is a spreadsheet, not a CSV file")]
    Workbook,
    /// UTF-16, as some spreadsheets call "Unicode text".
    #[error("the file is in UTF-16")]
    Utf16,
    /// Zero bytes, which no text has.
    #[error("the file is not text")]
    NotText,
    /// Mostly UTF-8, but not all of it.
    #[error("line {line} is not in UTF-8, unlike the rest")]
    MixedEncoding {
        /// The first line that is not UTF-8.
        line: u64,
    },
    /// The first line has no column of ours.
    #[error("the first line names no column of a staff export")]
    NoHeader,
    /// Columns that must be there are not.
    #[error("columns are missing: {}", .columns.join(", "))]
    ColumnsMissing {
        /// Their names.
        columns: Vec<&'static str>,
    },
    /// A column stands there twice.
    #[error("the column {column} stands there twice")]
    ColumnRepeated {
        /// Its name.
        column: &'static str,
    },
    /// So many quotes do not match that the file cannot be told apart into rows.
    #[error("the quotes do not match, last seen on line {line}")]
    QuotesBroken {
        /// Where reading stopped.
        line: u64,
    },
    /// So many faults that it is hardly a staff export.
    #[error("too many faults, reading stopped at line {line}")]
    TooManyProblems {
        /// Where reading stopped.
        line: u64,
    },
}

impl FileProblem {
    /// One of each, for tests of the texts.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        vec![
            Self::Empty,
            Self::TooLarge {
                largest: super::LARGEST,
            },
            Self::Workbook,
            Self::Utf16,
            Self::NotText,
            Self::MixedEncoding { line: 7 },
            Self::NoHeader,
            Self::ColumnsMissing {
                columns: vec!["email", "to"],
            },
            Self::ColumnRepeated { column: "email" },
            Self::QuotesBroken { line: 7 },
            Self::TooManyProblems { line: 7 },
        ]
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too-large",
            Self::Workbook => "workbook",
            Self::Utf16 => "utf16",
            Self::NotText => "not-text",
            Self::MixedEncoding { .. } => "mixed-encoding",
            Self::NoHeader => "no-header",
            Self::ColumnsMissing { .. } => "columns-missing",
            Self::ColumnRepeated { .. } => "column-repeated",
            Self::QuotesBroken { .. } => "quotes-broken",
            Self::TooManyProblems { .. } => "too-many-problems",
        }
    }

    /// The arguments of the text.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLarge { largest } => {
                vec![("megabytes", (largest / (1024 * 1024)).to_string())]
            }
            Self::MixedEncoding { line }
            | Self::QuotesBroken { line }
            | Self::TooManyProblems { line } => {
                vec![("line", line.to_string())]
            }
            Self::ColumnsMissing { columns } => vec![("columns", columns.join(", "))],
            Self::ColumnRepeated { column } => vec![("column", (*column).to_owned())],
            Self::Empty | Self::Workbook | Self::Utf16 | Self::NotText | Self::NoHeader => {
                Vec::new()
            }
        }
    }
}

/// Declares the faults of a row: variant, code, names of the arguments beyond line, column and found value.
macro_rules! wrongs {
    ($($(#[$inner:meta])* $variant:ident = $code:literal [$($argument:literal),*],)+) => {
        /// What is wrong with a cell or a row. The text's key is `staff-row-` and the code; its arguments are `line`, `column`,
        /// `found` and those of [`Wrong::arguments`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Wrong { $($(#[$inner])* $variant,)+ }

        impl Wrong {
            /// Every fault there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The names of the arguments that the hint of this fault has.
            #[must_use]
            pub const fn arguments(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($argument),*],)+ }
            }
        }
    };
}

wrongs! {
    /// The row ends before the header does.
    CellsMissing = "cells-missing" ["there", "expected"],
    /// The row goes on after the header ends: a delimiter inside a cell that is not quoted.
    CellsTooMany = "cells-too-many" ["there", "expected"],
    /// A quote is opened and not closed.
    QuoteOpen = "quote-open" [],
    /// Something stands after a closing quote.
    QuoteStray = "quote-stray" [],
    /// No identity number.
    NumberEmpty = "number-empty" [],
    /// A character that stands in no identity number.
    NumberCharacter = "number-character" ["character"],
    /// The hyphen is not before the last four digits.
    NumberSeparator = "number-separator" [],
    /// A plus sign for somebody younger than 100.
    NumberPlusTooYoung = "number-plus-too-young" ["year"],
    /// Not 12 digits.
    NumberLength = "number-length" ["digits"],
    /// Ten digits; `right` shows the likeliest date of birth with four digits of year.
    NumberTwoDigitYear = "number-two-digit-year" ["right"],
    /// No such date of birth.
    NumberNoSuchDate = "number-no-such-date" [],
    /// Born in the future.
    NumberInFuture = "number-in-future" [],
    /// Born too long ago.
    NumberTooEarly = "number-too-early" ["year"],
    /// Wrong check digit; `right` fits the other digits.
    NumberCheckDigit = "number-check-digit" ["right"],
    /// No name.
    NameEmpty = "name-empty" [],
    /// A spreadsheet formula instead of a name.
    NameFormula = "name-formula" ["character"],
    /// A character that stands in no name.
    NameCharacter = "name-character" ["character"],
    /// A name without a letter.
    NameNoLetter = "name-no-letter" [],
    /// A name that is too long.
    NameTooLong = "name-too-long" ["length", "longest"],
    /// No HSA-id.
    HsaIdEmpty = "hsa-id-empty" [],
    /// Does not begin with SE.
    HsaIdCountry = "hsa-id-country" [],
    /// No organisation number and hyphen.
    HsaIdOrganisation = "hsa-id-organisation" [],
    /// Nothing after the hyphen.
    HsaIdSuffix = "hsa-id-suffix" [],
    /// A character that stands in no HSA-id.
    HsaIdCharacter = "hsa-id-character" ["character"],
    /// Too long.
    HsaIdTooLong = "hsa-id-too-long" ["length", "longest"],
    /// Another person in the same file has it, on line `first`.
    HsaIdRepeated = "hsa-id-repeated" ["first"],
    /// Another person in the database has it.
    HsaIdTaken = "hsa-id-taken" [],
    /// The same person stands on line `first` with something else in this column.
    PersonDiffers = "person-differs" ["first"],
    /// The same engagement stands on line `first`.
    EngagementRepeated = "engagement-repeated" ["first"],
    /// Not exactly one @.
    EmailAtSign = "email-at-sign" [],
    /// A character that stands in no e-mail address.
    EmailCharacter = "email-character" ["character"],
    /// The part before the @.
    EmailLocal = "email-local" [],
    /// The part after the @.
    EmailDomain = "email-domain" [],
    /// Too long.
    EmailTooLong = "email-too-long" [],
    /// A character that stands in no telephone number.
    MobileCharacter = "mobile-character" ["character"],
    /// Too few or too many digits.
    MobileLength = "mobile-length" ["digits"],
    /// Neither yes nor no.
    YesNo = "yes-no" ["right"],
    /// No kind of engagement.
    EngagementUnknown = "engagement-unknown" ["right"],
    /// No sector.
    SectorUnknown = "sector-unknown" ["right"],
    /// A service that is not known.
    ServiceUnknown = "service-unknown" ["service", "right"],
    /// Nothing where something must stand.
    TextEmpty = "text-empty" [],
    /// Too long.
    TextTooLong = "text-too-long" ["length", "longest"],
    /// A line break or another control character.
    TextControl = "text-control" ["character"],
    /// An address with some parts empty.
    AddressIncomplete = "address-incomplete" [],
    /// No security identifier.
    SecurityIdentifier = "security-identifier" [],
    /// No Swedish postal code.
    PostalCode = "postal-code" [],
    /// No date where one must stand.
    DateEmpty = "date-empty" [],
    /// Not written YYYY-MM-DD.
    DateForm = "date-form" [],
    /// A date the calendar does not have; `right` is the last day of that month, or nothing when there is no such month.
    DateNoSuch = "date-no-such" ["right"],
    /// Before 1900 or after 2200.
    DateImplausible = "date-implausible" [],
    /// The last day is before the first, `from`.
    EndsBeforeStart = "ends-before-start" ["from"],
}

/// One fault of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// The line of the file on which the row begins.
    pub line: u64,
    /// The column.
    pub column: &'static str,
    /// What is wrong.
    pub what: Wrong,
    /// What stands there: shortened, personal numbers masked, control characters made visible.
    pub found: String,
    /// What would be right, as arguments of the text, named by [`Wrong::arguments`].
    pub hint: Vec<(&'static str, String)>,
}

impl RowProblem {
    pub(super) fn new(
        line: u64,
        column: Column,
        what: Wrong,
        found: &str,
        hint: Vec<(&'static str, String)>,
    ) -> Self {
        Self {
            line,
            column: column.name(),
            what,
            found: mask::shown_in(column, found),
            hint,
        }
    }

    /// All arguments of the text: `line`, `column`, `found` and the hint's.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        let mut arguments = vec![
            ("line", self.line.to_string()),
            ("column", self.column.to_owned()),
            ("found", self.found.clone()),
        ];
        arguments.extend(self.hint.iter().cloned());
        arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique() {
        let rows: BTreeSet<_> = Wrong::ALL.iter().map(|wrong| wrong.code()).collect();
        assert_eq!(rows.len(), Wrong::ALL.len());
        let samples = FileProblem::samples();
        let files: BTreeSet<_> = samples.iter().map(FileProblem::code).collect();
        assert_eq!(files.len(), samples.len());
        for code in rows.union(&files) {
            assert!(
                code.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
                "{code}"
            );
        }
    }

    #[test]
    fn arguments_begin_with_where() {
        let problem = RowProblem::new(
            7,
            Column::PersonalNumber,
            Wrong::NumberCheckDigit,
            "196907149924",
            vec![("right", "3".to_owned())],
        );
        let named: Vec<_> = problem
            .arguments()
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!(
            named,
            [
                "line=7",
                "column=personal_number",
                "found=19690714****",
                "right=3"
            ]
        );
    }
}
