//! The seam: the one place that knows there are two engines.
//!
//! The rules that let one SQL text serve both, each of them tried on both:
//!
//! 1. Columns are TEXT, BIGINT or BYTEA. A moment is BIGINT, Unix seconds; a date TEXT, `YYYY-MM-DD`. No booleans: a
//!    nullable time or a checked state says more.
//! 2. `$1…$n`, every column listed, no `*`, no `now()`.
//! 3. No `EXISTS` as a value, no bare `SUM` (NUMERIC on PostgreSQL), no `LIKE` on unfolded text (SQLite folds ASCII only),
//!    no JSON operators. Sorting for people happens in Rust, for the engines sort å, ä and ö each their own way.
//! 4. No row locks: `UPDATE … WHERE state = 'x'`, and look at how many rows changed.
//! 5. [`write!`](crate::write) opens the strong transaction of each engine (`BEGIN IMMEDIATE`; `SERIALIZABLE`) and repeats on
//!    conflict, so its body has no outside effect: no signing, no mail, no card inside it.
//! 6. A migration is one file a change (see `migration.rs`): expand, then contract.
//! 7. What the user was told is written survives a power cut: SQLite with `synchronous=FULL`, PostgreSQL as its server is set.
//!
//! Writers of one process stand in line for one connection, on PostgreSQL too: every act appends to the same log, so two at
//! once would only conflict and repeat. Those in line share a commit (see `database/line.rs`), and statements where their
//! outcome is as good as known (`database/deferred.rs`). Conflicts between processes are
//! what the repeating is for.

/// Binds values in order. The same for both engines, but of a different type each.
macro_rules! bound {
    ($sql:expr, $values:expr) => {{
        let mut query = sqlx::query($sql);
        for value in $values {
            query = match value {
                Value::Text(text) => query.bind(text.as_deref()),
                Value::Integer(number) => query.bind(*number),
                Value::Bytes(bytes) => query.bind(bytes.as_deref()),
            };
        }
        query
    }};
}

mod deferred;
mod line;
mod readers;
mod row;
mod transaction;
mod value;

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, Postgres, Sqlite};
use tokio::sync::{OwnedMutexGuard, oneshot};

use line::{Line, Turn, Verdict, Writer};
use readers::{Reader, Readers};

pub(crate) use deferred::Deferred;
pub(crate) use row::Row;
#[doc(hidden)]
pub use transaction::settle;
pub(crate) use value::Value;

use crate::StoreError;

/// How many rows SQLite reads ahead of who takes them.
const ROWS_AHEAD: usize = 256;

/// How many prepared statements a connection keeps: all there are, those over several rows in every size.
const STATEMENTS: usize = 500;

/// How a statement begins that changes nothing.
const LOOKING: &str = "SELECT";

/// How long to stand in line for a connection. An act that opens a second writing transaction inside its first would wait
/// for itself; this ends it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Which engine a database runs on. For people and for tests; no function of this crate asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file, or memory.
    Sqlite,
    /// A server.
    Postgres,
}

/// An opened database. Cheap to clone; all clones share their connections.
#[derive(Clone, Debug)]
pub struct Database {
    readers: Readers,
    writer: Writer,
    line: Line,
}

impl Database {
    /// Opens the database at `sqlite:PATH` (made when it is not there), `sqlite::memory:` (gone with its last handle) or
    /// `postgres://USER@HOST/NAME`. Does not migrate.
    ///
    /// # Errors
    /// When the address is none of these or nothing answers there.
    pub async fn connect(address: &str) -> Result<Self, StoreError> {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Self::connect_postgres(address.parse().map_err(|_| StoreError::Address)?).await;
        }
        match address.strip_prefix("sqlite:") {
            Some(":memory:") => {
                let options = address
                    .parse::<SqliteConnectOptions>()
                    .map_err(|_| StoreError::Address)?;
                // Connections to a database in memory share one cache and lock whole tables; readers step past those locks.
                Self::connect_sqlite(options, "read_uncommitted").await
            }
            Some(path) if !path.is_empty() => {
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full);
                Self::connect_sqlite(options, "query_only").await
            }
            _ => Err(StoreError::Address),
        }
    }

    async fn connect_sqlite(
        options: SqliteConnectOptions,
        reading: &'static str,
    ) -> Result<Self, StoreError> {
        let options = options
            .foreign_keys(true)
            // The engine runs in a thread of its own and hands rows over; few at a time would be many switches.
            .row_buffer_size(ROWS_AHEAD)
            .statement_cache_capacity(STATEMENTS)
            .busy_timeout(Duration::from_secs(5));
        let pool = || {
            PoolOptions::<Sqlite>::new()
                .min_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
                .acquire_timeout(PATIENCE)
        };
        // The writer first: it makes the file, and readers may not.
        let writer = pool()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        let readers = Readers::sqlite(options.pragma(reading, "1"));
        Ok(Self::new(readers, Writer::Sqlite(writer)))
    }

    async fn connect_postgres(options: PgConnectOptions) -> Result<Self, StoreError> {
        let options = options
            .application_name("sigill")
            .statement_cache_capacity(STATEMENTS);
        // A pool tries for as long as it has patience; whoever starts the program wants to know now.
        PgConnection::connect_with(&options).await?.close().await?;
        let pool = || PoolOptions::<Postgres>::new().acquire_timeout(PATIENCE);
        let writer = pool()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        // Read-only in the eyes of the server as well as by type.
        let options = options.options([("default_transaction_read_only", "on")]);
        let readers = Readers::postgres(options);
        Ok(Self::new(readers, Writer::Postgres(writer)))
    }

    fn new(readers: Readers, writer: Writer) -> Self {
        Self {
            readers,
            line: Line::open(writer.clone()),
            writer,
        }
    }

    /// Which engine it runs on.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.readers.engine()
    }

    /// Opens a reader: each statement sees what was committed before it. Give it back (drop it) before writing.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn read(&self) -> Result<Read, StoreError> {
        Ok(Read {
            connection: Connection::Reader(self.readers.acquire().await?),
            trouble: Trouble::None,
        })
    }

    /// Opens a reader whose statements all see what was committed before the first of them. It keeps old pages alive as long as
    /// it lives, so it is for what must be read in pieces and fit together. A database in memory has no such view: what it reads
    /// may have changed in between, and whoever counts on it must notice.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn view(&self) -> Result<Read, StoreError> {
        Ok(Read {
            connection: Connection::Reader(self.readers.acquire_view().await?),
            trouble: Trouble::None,
        })
    }

    /// Waits for a turn in the strong transaction; `attempt` counts from 1. Use [`write!`](crate::write), which also commits and
    /// repeats.
    #[doc(hidden)]
    pub async fn begin(&self, attempt: u32) -> Result<Write, StoreError> {
        let grant = self.line.stand(attempt).await?;
        Ok(Write {
            read: Read {
                connection: Connection::Turn(grant.turn),
                trouble: Trouble::None,
            },
            verdict: grant.verdict,
            hopeful: grant.hopeful,
        })
    }

    /// Brings the tables to what this release knows; says which migrations that took. Doing it again does nothing.
    ///
    /// # Errors
    /// When the database was migrated by a later release, or does not take a statement; then nothing has changed.
    pub async fn migrate(&self, now: model::Timestamp) -> Result<Vec<&'static str>, StoreError> {
        crate::migration::migrate(self, now).await
    }

    /// Ends every connection and waits until they are gone.
    pub async fn close(&self) {
        self.readers.close().await;
        match &self.writer {
            Writer::Sqlite(writer) => writer.close().await,
            Writer::Postgres(writer) => writer.close().await,
        }
    }
}

/// A connection that looks and does not touch.
pub struct Read {
    connection: Connection,
    trouble: Trouble,
}

/// A transaction that changes rows; what a [`Read`] can do, it can do as well.
pub struct Write {
    read: Read,
    verdict: oneshot::Receiver<Verdict>,
    /// Statements whose outcome is as good as known may wait for company.
    hopeful: bool,
}

enum Connection {
    Reader(Reader),
    Turn(OwnedMutexGuard<Turn>),
}

/// What went wrong so far, whether or not the act let it through.
enum Trouble {
    None,
    /// Some statement failed.
    Failed,
    /// Some statement met another transaction.
    Conflict(StoreError),
}

/// The connection, its engine told apart.
enum Opened<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Deref for Write {
    type Target = Read;

    fn deref(&self) -> &Read {
        &self.read
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.read
    }
}

impl Read {
    fn opened(&mut self) -> Result<Opened<'_>, StoreError> {
        match &mut self.connection {
            Connection::Reader(reader) => reader.opened(),
            Connection::Turn(turn) => Ok(turn.opened()),
        }
    }

    /// Notes that the transaction may be changed from now on, and sees to it that rows which wait for a table that the statement
    /// speaks of are there. An act dropped before [`ended`](Self::ended) was in the middle of something, its own statement or
    /// others' rows, and nobody knows how far it came. Gives what was noted before.
    async fn begun(&mut self, sql: &str) -> Result<bool, StoreError> {
        let turn = match &mut self.connection {
            Connection::Turn(turn) => turn,
            Connection::Reader(reader) => {
                reader.busy = true;
                return Ok(false);
            }
        };
        let mut touched = std::mem::replace(&mut turn.touched, true);
        if turn.waiting.concerns(sql) {
            touched |= turn.waiting.any_since(&turn.mark);
            let outcome = turn.flush().await;
            self.heard(outcome)?;
        }
        Ok(touched)
    }

    /// Notes that a statement has been carried out, and whether it changed anything.
    fn ended(&mut self, before: bool, changed: bool) {
        match &mut self.connection {
            Connection::Turn(turn) => turn.touched = before || changed,
            Connection::Reader(reader) => reader.busy = false,
        }
    }

    /// Remembers that a statement failed: PostgreSQL then ends the transaction, and SQLite is held to the same.
    fn noted<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        self.heard(outcome.map_err(StoreError::from))
    }

    fn heard<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        outcome.inspect_err(|error| {
            match &mut self.connection {
                Connection::Turn(turn) => turn.touched = true,
                Connection::Reader(reader) => reader.sound = false,
            }
            if error.is_conflict() {
                self.trouble = Trouble::Conflict(error.clone());
            } else if matches!(self.trouble, Trouble::None) {
                self.trouble = Trouble::Failed;
            }
        })
    }

    /// Every row of the answer.
    pub(crate) async fn rows(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let before = self.begun(sql).await?;
        let outcome = match self.opened()? {
            Opened::Sqlite(connection) => bound!(sql, values)
                .fetch_all(connection)
                .await
                .map(|rows| rows.into_iter().map(Row::Sqlite).collect()),
            Opened::Postgres(connection) => bound!(sql, values)
                .fetch_all(connection)
                .await
                .map(|rows| rows.into_iter().map(Row::Postgres).collect()),
        };
        let rows = self.noted(outcome)?;
        self.ended(before, !sql.starts_with(LOOKING));
        Ok(rows)
    }

    /// The first row of the answer, if there is one.
    pub(crate) async fn row_maybe(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, StoreError> {
        let before = self.begun(sql).await?;
        let outcome = match self.opened()? {
            Opened::Sqlite(connection) => bound!(sql, values)
                .fetch_optional(connection)
                .await
                .map(|row| row.map(Row::Sqlite)),
            Opened::Postgres(connection) => bound!(sql, values)
                .fetch_optional(connection)
                .await
                .map(|row| row.map(Row::Postgres)),
        };
        let row = self.noted(outcome)?;
        self.ended(before, !sql.starts_with(LOOKING));
        Ok(row)
    }

    /// The one row of an answer that always has one, such as a `COUNT`.
    pub(crate) async fn row(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Row, StoreError> {
        self.row_maybe(sql, values)
            .await?
            .ok_or(StoreError::from(sqlx::Error::RowNotFound))
    }
}

impl Write {
    /// Carries out a statement; says how many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        let before = self.begun(sql).await?;
        let outcome = match self.opened()? {
            Opened::Sqlite(connection) => bound!(sql, values)
                .execute(connection)
                .await
                .map(|done| done.rows_affected()),
            Opened::Postgres(connection) => bound!(sql, values)
                .execute(connection)
                .await
                .map(|done| done.rows_affected()),
        };
        let changed = self.noted(outcome)?;
        self.ended(before, changed > 0);
        Ok(changed)
    }

    /// Carries out a statement that is as good as sure to change its one row; says whether it did. It may wait for company: then
    /// this says yes, and should it come out otherwise, the act runs again and is told what is so.
    pub(crate) async fn probably(
        &mut self,
        statement: &'static Deferred,
        values: &[Value<'_>],
    ) -> Result<bool, StoreError> {
        if self.hopeful
            && let Connection::Turn(turn) = &mut self.read.connection
        {
            let row = values.iter().map(Value::kept).collect();
            turn.waiting.push(statement, row);
            return Ok(true);
        }
        let (sql, _) = statement.text(1);
        self.changed(sql, values).await
    }

    /// A number that acts of one transaction hand on: nothing when none of them has told it yet.
    pub(crate) fn told(&mut self) -> Option<&mut Option<i64>> {
        match &mut self.read.connection {
            Connection::Turn(turn) => Some(&mut turn.told),
            _ => None,
        }
    }

    /// Carries out an `UPDATE` of at most one row; says whether it changed.
    pub(crate) async fn changed(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<bool, StoreError> {
        Ok(self.execute(sql, values).await? > 0)
    }

    /// Carries out the statements of a migration as they stand.
    pub(crate) async fn execute_migration(&mut self, text: String) -> Result<(), StoreError> {
        self.begun(&text).await?;
        let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(text));
        let outcome = match self.opened()? {
            Opened::Sqlite(connection) => sql.execute(connection).await.map(|_| ()),
            Opened::Postgres(connection) => sql.execute(connection).await.map(|_| ()),
        };
        self.noted(outcome)
    }
}
