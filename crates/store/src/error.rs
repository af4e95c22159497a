//! What can go wrong between a function of this crate and the database.

use std::borrow::Cow;
use std::sync::Arc;

use sqlx::error::ErrorKind;

/// Why the database did not do what it was asked. `Display` never shows a value of a row.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is none of `sqlite:PATH`, `sqlite::memory:` and `postgres://…`.
    #[error("the address of the database is none of sqlite:PATH, sqlite::memory: and postgres://…")]
    Address,
    /// The server, the file or a free connection to it cannot be had.
    #[error("the database cannot be reached")]
    Unreachable(#[source] Arc<sqlx::Error>),
    /// Another transaction came first. [`write!`](crate::write) repeats the act; it is seen outside only when that was in vain.
    #[error("another act got in between each time")]
    Conflict(#[source] Arc<sqlx::Error>),
    /// A unique value is taken. `constraint` is the table and its columns joined by `_`, the same on both engines:
    /// `person_hsa_id`.
    #[error("{constraint} is taken")]
    Taken {
        /// Table and columns.
        constraint: String,
    },
    /// A row would point at one that is not there, or a row that others point at would go.
    #[error("a row would point at one that is not there")]
    Dangling,
    /// A check of the table does not hold, or a column that must say something would say nothing.
    #[error("{constraint} does not hold")]
    Unlawful {
        /// Name of the check, or table and column.
        constraint: String,
    },
    /// The database did not take a statement for another reason: a mistake of ours, a full disk.
    #[error("the database did not take a statement")]
    Statement(#[source] Arc<sqlx::Error>),
    /// A column holds what its type cannot be read from.
    #[error("column {column} holds what it cannot")]
    Damaged {
        /// Name of the column.
        column: String,
    },
    /// A statement of the transaction failed and the act went on regardless; nothing was written.
    #[error("a statement of the transaction had failed, so none of it was written")]
    Void,
    /// The database was migrated by a later release than this one.
    #[error("the database has been migrated by a later release, to {version}")]
    Newer {
        /// Number of its last migration.
        version: i64,
    },
}

impl StoreError {
    /// Whether the same act may succeed when it is tried again.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }

    /// Whether this is about that unique value being taken, for example `person_hsa_id`.
    #[must_use]
    pub fn is_taken(&self, name: &str) -> bool {
        matches!(self, Self::Taken { constraint } if constraint == name)
    }
}

/// SQLSTATE serialization_failure and deadlock_detected (PostgreSQL, appendix A); the low byte of SQLite's extended
/// result codes SQLITE_BUSY and SQLITE_LOCKED.
fn is_conflict(code: Option<Cow<'_, str>>) -> bool {
    match code.as_deref() {
        Some("40001" | "40P01") => true,
        Some(code) => {
            code.len() < 5
                && code
                    .parse::<i64>()
                    .is_ok_and(|number| matches!(number & 0xff, 5 | 6))
        }
        None => false,
    }
}

/// PostgreSQL tells the name we gave the constraint. SQLite tells it in its message, for a unique value as
/// `UNIQUE constraint failed: certificate.authority, certificate.serial`: made into the name the migrations give it.
fn constraint(error: &dyn sqlx::error::DatabaseError) -> String {
    if let Some(name) = error.constraint() {
        return name.to_owned();
    }
    let columns = error.message().rsplit(": ").next().unwrap_or_default();
    let mut name = String::new();
    for column in columns.split(", ") {
        match column.split_once('.') {
            Some((table, column)) if name.is_empty() => name = format!("{table}_{column}"),
            Some((_, column)) => name = format!("{name}_{column}"),
            None => column.clone_into(&mut name),
        }
    }
    name
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(told) => match told.kind() {
                ErrorKind::UniqueViolation => Self::Taken {
                    constraint: constraint(told.as_ref()),
                },
                ErrorKind::ForeignKeyViolation => Self::Dangling,
                ErrorKind::CheckViolation | ErrorKind::NotNullViolation => Self::Unlawful {
                    constraint: constraint(told.as_ref()),
                },
                _ if is_conflict(told.code()) => Self::Conflict(Arc::new(error)),
                _ => Self::Statement(Arc::new(error)),
            },
            sqlx::Error::ColumnDecode { index, .. } => Self::Damaged {
                column: index.clone(),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unreachable(Arc::new(error)),
            _ => Self::Statement(Arc::new(error)),
        }
    }
}
