//! From text to records of cells (RFC 4180 2), with the true line of each record.
//!
//! A quote that is opened and not closed must not swallow the rows after it: such a record is reported and reading goes on with
//! the next line. How often that may happen, and how long a record may be, is limited, so that a hostile file ends.

use super::problem::FileProblem;

/// The longest record, in bytes.
const LONGEST_RECORD: usize = 64 * 1024;

/// How many broken quotes are stepped over before the file is refused.
const MOST_BROKEN_QUOTES: usize = 1000;

/// What is wrong with a record's quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// A quoted cell does not end.
    QuoteOpen,
    /// Something stands between a closing quote and the next delimiter.
    QuoteStray,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The line it begins on, counted from 1.
    pub(super) line: u64,
    /// Its cells, unquoted; as far as they could be read when there is a flaw.
    pub(super) cells: Vec<String>,
    /// What is wrong with its quotes.
    pub(super) flaw: Option<Flaw>,
}

impl Record {
    /// Whether nothing stands in any cell.
    pub(super) fn is_blank(&self) -> bool {
        self.flaw.is_none() && self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// The records of a text.
pub(super) struct Records<'a> {
    rest: &'a str,
    line: u64,
    delimiter: char,
    columns: Option<usize>,
    broken_quotes: usize,
}

/// A cell and how it ended.
struct Cell<'a> {
    content: String,
    rest: &'a str,
    end: End,
}

enum End {
    Delimiter,
    Line,
    Flaw(Flaw),
}

impl<'a> Records<'a> {
    pub(super) const fn new(text: &'a str, delimiter: char) -> Self {
        Self {
            rest: text,
            line: 1,
            delimiter,
            columns: None,
            broken_quotes: 0,
        }
    }

    /// Tells how many cells a record should have: one that has more and runs over several lines began with a broken quote.
    pub(super) const fn expect_columns(&mut self, columns: usize) {
        self.columns = Some(columns);
    }

    fn record(&self) -> (Record, &'a str) {
        let mut cells = Vec::new();
        let mut rest = self.rest;
        loop {
            let cell = self.cell(rest);
            cells.push(cell.content);
            rest = cell.rest;
            let flaw = match cell.end {
                End::Delimiter if self.rest.len() - rest.len() > LONGEST_RECORD => {
                    Some(Flaw::QuoteOpen)
                }
                End::Delimiter => continue,
                End::Line => None,
                End::Flaw(flaw) => Some(flaw),
            };
            return (
                Record {
                    line: self.line,
                    cells,
                    flaw,
                },
                rest,
            );
        }
    }

    fn cell(&self, text: &'a str) -> Cell<'a> {
        match text.strip_prefix('"') {
            Some(quoted) => self.quoted(quoted),
            None => {
                let end = text
                    .find([self.delimiter, '\n', '\r'])
                    .unwrap_or(text.len());
                let (content, rest) = text.split_at_checked(end).unwrap_or((text, ""));
                self.ended(content.to_owned(), rest)
            }
        }
    }

    fn quoted(&self, text: &'a str) -> Cell<'a> {
        let mut content = String::new();
        let mut rest = text;
        loop {
            let Some((before, after)) = rest
                .split_once('"')
                .filter(|_| content.len() <= LONGEST_RECORD)
            else {
                return Cell {
                    content,
                    rest,
                    end: End::Flaw(Flaw::QuoteOpen),
                };
            };
            content.push_str(before);
            match after.strip_prefix('"') {
                Some(after) => {
                    content.push('"');
                    rest = after;
                }
                None => return self.ended(content, after.trim_start_matches(' ')),
            }
        }
    }

    /// What follows a cell: a delimiter, the end of the line or of the text, or something that should not.
    fn ended(&self, content: String, rest: &'a str) -> Cell<'a> {
        if let Some(rest) = rest.strip_prefix(self.delimiter) {
            return Cell {
                content,
                rest,
                end: End::Delimiter,
            };
        }
        let (rest, end) = match strip_line_end(rest) {
            Some(rest) => (rest, End::Line),
            None if rest.is_empty() => (rest, End::Line),
            None => (rest, End::Flaw(Flaw::QuoteStray)),
        };
        Cell { content, rest, end }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, FileProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let (mut record, rest) = self.record();
        let read = self
            .rest
            .get(..self.rest.len() - rest.len())
            .unwrap_or_default();
        let lines = count_lines(read);
        if lines > 1
            && self
                .columns
                .is_some_and(|columns| record.cells.len() > columns)
        {
            record.flaw = Some(Flaw::QuoteOpen);
        }
        if record.flaw.is_none() {
            self.rest = rest;
            self.line += lines;
            return Some(Ok(record));
        }
        self.broken_quotes += 1;
        if self.broken_quotes > MOST_BROKEN_QUOTES {
            self.rest = "";
            return Some(Err(FileProblem::QuotesBroken { line: record.line }));
        }
        // Reading goes on with the line after the one the record began on.
        let end = self.rest.find(['\n', '\r']).unwrap_or(self.rest.len());
        let after = self.rest.get(end..).unwrap_or_default();
        self.rest = strip_line_end(after).unwrap_or(after);
        self.line += 1;
        Some(Ok(record))
    }
}

/// Drops `\r\n`, `\n` or `\r`.
fn strip_line_end(text: &str) -> Option<&str> {
    text.strip_prefix("\r\n")
        .or_else(|| text.strip_prefix(['\n', '\r']))
}

fn count_lines(text: &str) -> u64 {
    let returns = text.matches('\r').count() - text.matches("\r\n").count();
    (text.matches('\n').count() + returns) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(u64, Vec<String>, Option<Flaw>)> {
        let mut records = Records::new(text, ';');
        records.expect_columns(3);
        records
            .map(|record| record.unwrap())
            .map(|record| (record.line, record.cells, record.flaw))
            .collect()
    }

    fn check(text: &str, expected: &[(u64, &[&str])]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(line, cells)| {
                (
                    *line,
                    cells
                        .iter()
                        .map(|&cell| cell.to_owned())
                        .collect::<Vec<_>>(),
                    None,
                )
            })
            .collect();
        assert_eq!(read(text), expected, "{text:?}");
    }

    #[test]
    fn plain_records() {
        check("", &[]);
        check("a;b\nc;d", &[(1, &["a", "b"]), (2, &["c", "d"])]);
        check("a;b\r\nc;\r\n", &[(1, &["a", "b"]), (2, &["c", ""])]);
        check(
            "a\rb\n\nc",
            &[(1, &["a"]), (2, &["b"]), (3, &[""]), (4, &["c"])],
        );
        check("a,b", &[(1, &["a,b"])]);
        check("5\" disk;b", &[(1, &["5\" disk", "b"])]);
    }

    #[test]
    fn quoted_cells_and_lines() {
        check(
            "\"a;b\";\"say \"\"hi\"\"\"\n",
            &[(1, &["a;b", "say \"hi\""])],
        );
        check(
            "\"two\r\nlines\";x\r\nlast",
            &[(1, &["two\r\nlines", "x"]), (3, &["last"])],
        );
        check("\"\";\"a\" ;b", &[(1, &["", "a", "b"])]);
    }

    #[test]
    fn an_open_quote_costs_its_own_line_only() {
        let records = read("a;\"b;c\nd;e;f\ng;\"h\";i\n");
        assert_eq!((records[0].0, records[0].2), (1, Some(Flaw::QuoteStray)));
        assert_eq!(records[1].1, ["d", "e", "f"]);
        assert_eq!((records[2].0, records[2].2), (3, None));
        assert_eq!(records[2].1, ["g", "h", "i"]);
        assert_eq!(read("a;\"b\nc;d").last().unwrap().1, ["c", "d"]);
    }

    #[test]
    fn a_quote_closed_rows_later_is_an_open_one() {
        let records = read("a;\"b;c\nd;e;f\";g;h\ni;j;k\n");
        assert_eq!((records[0].0, records[0].2), (1, Some(Flaw::QuoteOpen)));
        assert_eq!((records[1].0, records[1].1.len()), (2, 5));
        assert_eq!(records[2].1, ["i", "j", "k"]);
    }

    #[test]
    fn too_many_broken_quotes_end_the_file() {
        let text = "\"a\n".repeat(5001);
        let last = Records::new(&text, ';').last().unwrap();
        assert!(
            matches!(last, Err(FileProblem::QuotesBroken { .. })),
            "{last:?}"
        );
    }

    proptest! {
        /// What a well-known writer writes is read back cell by cell.
        #[test]
        fn reads_what_the_csv_crate_writes(rows in prop::collection::vec(prop::collection::vec("[a-zå;,\" \r\n]{0,8}", 3), 1..8)) {
            let mut writer = csv::WriterBuilder::new().delimiter(b';').quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let read: Vec<_> = read(&text).into_iter().map(|record| record.1).collect();
            prop_assert_eq!(read, rows);
        }

        #[test]
        fn any_text_ends(text in "[ab;\"\r\n]{0,200}") {
            let mut records = Records::new(&text, ';');
            records.expect_columns(2);
            let mut last = 0;
            for record in records {
                let record = record.unwrap();
                prop_assert!(record.line > last);
                last = record.line;
            }
        }
    }
}
