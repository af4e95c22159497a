//! What comes out of a statement, read column by column.

use model::{Date, Timestamp};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column as _, Row as _};

use crate::StoreError;

/// One row of an answer. Columns count from 0 in the order of the statement.
pub(crate) enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

macro_rules! column {
    ($row:expr, $index:expr) => {
        match $row {
            Row::Sqlite(row) => row.try_get($index),
            Row::Postgres(row) => row.try_get($index),
        }
        .map_err(StoreError::from)
    };
}

impl Row {
    /// TEXT NOT NULL.
    pub(crate) fn text(&self, index: usize) -> Result<String, StoreError> {
        column!(self, index)
    }

    /// TEXT.
    pub(crate) fn text_maybe(&self, index: usize) -> Result<Option<String>, StoreError> {
        column!(self, index)
    }

    /// BIGINT NOT NULL.
    pub(crate) fn integer(&self, index: usize) -> Result<i64, StoreError> {
        column!(self, index)
    }

    /// BIGINT.
    pub(crate) fn integer_maybe(&self, index: usize) -> Result<Option<i64>, StoreError> {
        column!(self, index)
    }

    /// BYTEA NOT NULL.
    pub(crate) fn bytes(&self, index: usize) -> Result<Vec<u8>, StoreError> {
        column!(self, index)
    }

    /// BYTEA.
    pub(crate) fn bytes_maybe(&self, index: usize) -> Result<Option<Vec<u8>>, StoreError> {
        column!(self, index)
    }

    /// BIGINT NOT NULL, a moment.
    pub(crate) fn time(&self, index: usize) -> Result<Timestamp, StoreError> {
        self.integer(index).map(Timestamp)
    }

    /// BIGINT, a moment.
    pub(crate) fn time_maybe(&self, index: usize) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.integer_maybe(index)?.map(Timestamp))
    }

    /// TEXT NOT NULL, `YYYY-MM-DD`.
    pub(crate) fn date(&self, index: usize) -> Result<Date, StoreError> {
        self.parsed(index, str::parse)
    }

    /// TEXT, `YYYY-MM-DD`.
    pub(crate) fn date_maybe(&self, index: usize) -> Result<Option<Date>, StoreError> {
        self.parsed_maybe(index, str::parse)
    }

    /// TEXT NOT NULL, read into a type that cannot be wrong.
    pub(crate) fn parsed<T, E>(
        &self,
        index: usize,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, StoreError> {
        parse(&self.text(index)?).map_err(|_| self.damaged(index))
    }

    /// TEXT, read into a type that cannot be wrong.
    pub(crate) fn parsed_maybe<T, E>(
        &self,
        index: usize,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, StoreError> {
        match self.text_maybe(index)? {
            Some(text) => parse(&text).map(Some).map_err(|_| self.damaged(index)),
            None => Ok(None),
        }
    }

    /// TEXT NOT NULL, codes joined by commas; no text, no codes.
    pub(crate) fn codes<T, E, C>(
        &self,
        index: usize,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Result<C, StoreError>
    where
        C: FromIterator<T>,
    {
        let text = self.text(index)?;
        text.split(',')
            .filter(|code| !code.is_empty())
            .map(|code| parse(code).map_err(|_| self.damaged(index)))
            .collect()
    }

    /// BYTEA of exactly `N` bytes.
    pub(crate) fn array_maybe<const N: usize>(
        &self,
        index: usize,
    ) -> Result<Option<[u8; N]>, StoreError> {
        match self.bytes_maybe(index)? {
            Some(bytes) => <[u8; N]>::try_from(bytes)
                .map(Some)
                .map_err(|_| self.damaged(index)),
            None => Ok(None),
        }
    }

    /// Names the column that holds what it cannot.
    pub(crate) fn damaged(&self, index: usize) -> StoreError {
        let column = match self {
            Self::Sqlite(row) => row
                .columns()
                .get(index)
                .map(|column| column.name().to_owned()),
            Self::Postgres(row) => row
                .columns()
                .get(index)
                .map(|column| column.name().to_owned()),
        };
        StoreError::Damaged {
            column: column.unwrap_or_default(),
        }
    }
}
