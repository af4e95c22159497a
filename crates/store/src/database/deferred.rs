//! Statements that wait for company. An act that is sure of what a statement will do, because only it knows the row, need not
//! wait until it has been done: it hands the row over and goes on, and the rows of all acts of a transaction go to the engine
//! in a few statements, before the commit or before anybody looks at their table. When one does not do what its act was sure
//! of, the whole transaction is undone and every act runs again with each of its statements carried out at once; then the act
//! sees what became of it.

use std::sync::OnceLock;

use super::Value;

/// How many rows a statement has at the most. Each number of rows is a prepared statement of its own.
pub(super) const MOST: usize = 32;

/// A statement over any number of rows, each of which changes exactly one row of a table.
pub(crate) struct Deferred {
    /// The table it changes.
    pub(super) table: &'static str,
    width: usize,
    head: &'static str,
    tail: &'static str,
    texts: [OnceLock<String>; MOST],
}

impl Deferred {
    /// The statement is `head`, rows of `width` values in brackets (`column1`, `column2` … to both engines), `tail`. Statements
    /// that share a transaction are carried out in an order of their own, so that no two may be about the same row.
    pub(crate) const fn new(
        table: &'static str,
        width: usize,
        head: &'static str,
        tail: &'static str,
    ) -> Self {
        Self {
            table,
            width,
            head,
            tail,
            texts: [const { OnceLock::new() }; MOST],
        }
    }

    /// The text for as many of the rows as one statement has, and how many those are.
    pub(super) fn text(&'static self, rows: usize) -> (&'static str, usize) {
        let size = rows.clamp(1, MOST);
        let text = self.texts.get(size - 1);
        let text = text.map_or("", |text| text.get_or_init(|| self.text_of(size)));
        (text, size)
    }

    fn text_of(&self, size: usize) -> String {
        let rows: Vec<String> = (0..size)
            .map(|row| {
                let values: Vec<String> = (1..=self.width)
                    .map(|place| format!("${}", row * self.width + place))
                    .collect();
                format!("({})", values.join(", "))
            })
            .collect();
        format!("{}{}{}", self.head, rows.join(", "), self.tail)
    }
}

/// Rows that wait, by statement.
#[derive(Default)]
pub(super) struct Waiting(Vec<(&'static Deferred, Vec<Vec<Value<'static>>>)>);

/// How many rows waited at some moment, by statement.
#[derive(Default)]
pub(super) struct Mark(Vec<usize>);

impl Waiting {
    pub(super) fn push(&mut self, statement: &'static Deferred, row: Vec<Value<'static>>) {
        debug_assert_eq!(row.len(), statement.width, "{}", statement.head);
        match self
            .0
            .iter_mut()
            .find(|(known, _)| std::ptr::eq(*known, statement))
        {
            Some((_, rows)) => rows.push(row),
            None => self.0.push((statement, vec![row])),
        }
    }

    /// Whether rows wait for a table that a statement speaks of. Its text may mention a name that only looks like the table's;
    /// then they wait no longer, which is never wrong.
    pub(super) fn concerns(&self, sql: &str) -> bool {
        self.0
            .iter()
            .any(|(statement, rows)| !rows.is_empty() && sql.contains(statement.table))
    }

    /// How many wait now.
    pub(super) fn mark(&self) -> Mark {
        Mark(self.0.iter().map(|(_, rows)| rows.len()).collect())
    }

    /// Whether any came after the mark.
    pub(super) fn any_since(&self, mark: &Mark) -> bool {
        let before = mark.0.iter().copied().chain(std::iter::repeat(0));
        self.0
            .iter()
            .zip(before)
            .any(|((_, rows), before)| rows.len() > before)
    }

    /// Forgets those that came after the mark.
    pub(super) fn forget_since(&mut self, mark: &Mark) {
        let before = mark.0.iter().copied().chain(std::iter::repeat(0));
        for ((_, rows), before) in self.0.iter_mut().zip(before) {
            rows.truncate(before);
        }
    }

    /// Takes them all.
    pub(super) fn take(&mut self) -> Vec<(&'static Deferred, Vec<Vec<Value<'static>>>)> {
        let taken = self.0.iter_mut();
        taken
            .map(|(statement, rows)| (*statement, std::mem::take(rows)))
            .filter(|(_, rows)| !rows.is_empty())
            .collect()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
