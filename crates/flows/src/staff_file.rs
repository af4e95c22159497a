//! The staff export of an HR system: bytes in, typed rows out, every fault named by line and column.
//!
//! Real exports come with semicolons or commas, in UTF-8 with or without a byte-order mark or in Latin-1, with quoted cells,
//! columns in any order and a few rows that are wrong. A row is good as a whole or not taken at all; a bad row is reported with
//! everything that is wrong with it, so that one round of corrections is enough.

mod cells;
mod columns;
mod encoding;
mod explain;
mod mask;
mod people;
mod problem;
mod row;
mod spreadsheet;

use model::Date;
use model::engagement::Terms;
use model::hsa_id::HsaId;
use model::identity_number::IdentityNumber;
use model::person::{Email, Mobile, Name, RegisteredAddress};
use model::security_identifier::SecurityIdentifier;

use cells::Records;
use columns::Header;
use people::People;

pub use columns::Column;
pub use encoding::Encoding;
pub use problem::{FileProblem, RowProblem, Wrong};
pub use spreadsheet::escape_for_spreadsheet;

/// The largest file that is read, in bytes: a hundred times the export of a whole region.
pub const LARGEST: usize = 64 * 1024 * 1024;

/// The most faults that are collected before the file as a whole is refused.
pub const MOST_PROBLEMS: usize = 100_000;

/// One engagement of one person, as the export tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffRow {
    /// The line it begins on; the header is usually line 1.
    pub line: u64,
    /// Personal identity number or coordination number.
    pub identity_number: IdentityNumber,
    /// Given name.
    pub given_name: Name,
    /// Family name.
    pub family_name: Name,
    /// The person's HSA-id.
    pub hsa_id: HsaId,
    /// Address at work.
    pub email: Option<Email>,
    /// Number for notices.
    pub mobile: Option<Mobile>,
    /// Registered home address; nothing when all three cells are empty.
    pub address: Option<RegisteredAddress>,
    /// Whether the identity is protected.
    pub protected: bool,
    /// The security identifier of the account, nothing inside when the cell is empty; nothing at all when the export does not have
    /// the column, and then what is known stays.
    pub security_identifier: Option<Option<SecurityIdentifier>>,
    /// The engagement.
    pub engagement: Terms,
}

impl StaffRow {
    /// The fault of a row that was good in itself but clashes with what is known elsewhere, such as the database.
    #[must_use]
    pub fn problem(&self, column: Column, what: Wrong, found: &str) -> RowProblem {
        RowProblem::new(self.line, column, what, found, Vec::new())
    }
}

/// What stands between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// `;`, as spreadsheets write it where the comma is the decimal mark.
    Semicolon,
    /// `,`.
    Comma,
}

impl Delimiter {
    /// The character.
    #[must_use]
    pub const fn character(self) -> char {
        match self {
            Self::Semicolon => ';',
            Self::Comma => ',',
        }
    }
}

/// A staff export that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffFile {
    /// The good rows, in the order of the file.
    pub rows: Vec<StaffRow>,
    /// Every fault of every bad row, in the order of the file.
    pub problems: Vec<RowProblem>,
    /// Columns that this system does not know; their cells are not read.
    pub unknown_columns: Vec<String>,
    /// How the bytes became letters.
    pub encoding: Encoding,
    /// What stands between two cells.
    pub delimiter: Delimiter,
}

impl StaffFile {
    /// How many rows were not taken.
    #[must_use]
    pub fn bad_rows(&self) -> usize {
        // All faults of a row stand together, so counting the changes of line counts the rows.
        let mut last = None;
        self.problems
            .iter()
            .filter(|problem| last.replace(problem.line) != Some(problem.line))
            .count()
    }
}

/// Reads a staff export. `today` tells a date of birth in the future.
///
/// # Errors
/// [`FileProblem`] when the bytes are no staff export at all: nothing of it is taken then.
pub fn decode(bytes: &[u8], today: Date) -> Result<StaffFile, FileProblem> {
    if bytes.len() > LARGEST {
        return Err(FileProblem::TooLarge { largest: LARGEST });
    }
    let (text, encoding) = encoding::read(bytes)?;
    let (header, delimiter, records) = header(&text)?;
    let mut file = StaffFile {
        rows: Vec::new(),
        problems: Vec::new(),
        unknown_columns: header.unknown.clone(),
        encoding,
        delimiter,
    };
    let mut people = People::default();
    for record in records {
        let record = record?;
        if record.is_blank() {
            continue;
        }
        let mut problems = Vec::new();
        if let Some(row) = row::read(&header, &record, today, &mut people, &mut problems) {
            file.rows.push(row);
        }
        file.problems.append(&mut problems);
        if file.problems.len() > MOST_PROBLEMS {
            return Err(FileProblem::TooManyProblems { line: record.line });
        }
    }
    Ok(file)
}

/// Finds the header and with it the delimiter: the one that makes more columns of ours.
fn header(text: &str) -> Result<(Header, Delimiter, Records<'_>), FileProblem> {
    let read = |delimiter: Delimiter| {
        let mut records = Records::new(text, delimiter.character());
        let first = records
            .by_ref()
            .find(|record| !record.as_ref().is_ok_and(cells::Record::is_blank));
        (first, delimiter, records)
    };
    let known = |cells: &[String]| {
        cells
            .iter()
            .filter(|cell| Column::parse(cell).is_some())
            .count()
    };
    let both = [Delimiter::Semicolon, Delimiter::Comma].map(read);
    let best = both
        .into_iter()
        .max_by_key(|(first, delimiter, _)| match first {
            // The semicolon wins a tie, since a single column reads the same with either.
            Some(Ok(record)) => (known(&record.cells), *delimiter == Delimiter::Semicolon),
            _ => (0, false),
        });
    let Some((Some(first), delimiter, mut records)) = best else {
        return Err(FileProblem::Empty);
    };
    let header = Header::read(&first?.cells)?;
    records.expect_columns(header.width);
    Ok((header, delimiter, records))
}

#[cfg(test)]
mod tests;
