//! Somebody who goes around the house: reads and writes the tables of a database as they stand.

use std::collections::BTreeMap;

use anyhow::Context as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};

use crate::FreshDatabase;

/// Every row of every table as text, by table, in an order of its own. Two that are equal are the same content.
pub type Snapshot = BTreeMap<String, Vec<String>>;

/// A connection past the store, for what the store has no function for, and must not have.
enum Outsider {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl FreshDatabase {
    /// Everything that stands in the tables: how a test shows that an act changed nothing.
    ///
    /// # Panics
    /// When the tables cannot be read.
    #[expect(clippy::panic, reason = "a test that cannot look has failed")]
    pub async fn snapshot(&self) -> Snapshot {
        match snapshot(self.address()).await {
            Ok(snapshot) => snapshot,
            Err(error) => panic!("the tables were not read: {error:#}"),
        }
    }

    /// Carries out a statement behind the house's back, as somebody with a database client would; says how many rows it
    /// changed.
    ///
    /// # Panics
    /// When the statement is not taken.
    #[expect(clippy::panic, reason = "a test that cannot tamper has failed")]
    pub async fn tamper(&self, sql: &'static str) -> u64 {
        match tamper(self.address(), sql).await {
            Ok(rows) => rows,
            Err(error) => panic!("nothing was tampered with: {error:#}"),
        }
    }
}

async fn connect(address: &str) -> anyhow::Result<Outsider> {
    Ok(if address.starts_with("sqlite:") {
        Outsider::Sqlite(
            SqliteConnection::connect(address)
                .await
                .context("opening the file")?,
        )
    } else {
        Outsider::Postgres(
            PgConnection::connect(address)
                .await
                .context("connecting to the copy")?,
        )
    })
}

impl Outsider {
    async fn execute(&mut self, sql: String) -> Result<u64, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(connection) => sqlx::query(AssertSqlSafe(sql))
                .execute(connection)
                .await?
                .rows_affected(),
            Self::Postgres(connection) => sqlx::query(AssertSqlSafe(sql))
                .execute(connection)
                .await?
                .rows_affected(),
        })
    }

    /// The first column of every row.
    async fn texts(&mut self, sql: String) -> Result<Vec<String>, sqlx::Error> {
        match self {
            Self::Sqlite(connection) => sqlx::query(AssertSqlSafe(sql))
                .fetch_all(connection)
                .await?
                .iter()
                .map(|row| row.try_get(0))
                .collect(),
            Self::Postgres(connection) => sqlx::query(AssertSqlSafe(sql))
                .fetch_all(connection)
                .await?
                .iter()
                .map(|row| row.try_get(0))
                .collect(),
        }
    }

    async fn tables(&mut self) -> Result<Vec<String>, sqlx::Error> {
        let sql = match self {
            Self::Sqlite(_) => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            }
            Self::Postgres(_) => {
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
            }
        };
        self.texts(sql.to_owned()).await
    }

    async fn rows(&mut self, table: &str) -> Result<Vec<String>, sqlx::Error> {
        let row = match self {
            Self::Sqlite(_) => {
                let columns = self
                    .texts(format!("SELECT name FROM pragma_table_info('{table}')"))
                    .await?;
                let quoted: Vec<String> = columns
                    .iter()
                    .map(|column| format!("'{column}=' || quote(\"{column}\")"))
                    .collect();
                quoted.join(" || ' ' || ")
            }
            Self::Postgres(_) => format!("\"{table}\"::text"),
        };
        self.texts(format!("SELECT {row} FROM \"{table}\" ORDER BY 1"))
            .await
    }
}

async fn snapshot(address: &str) -> anyhow::Result<Snapshot> {
    let mut outsider = connect(address).await?;
    let mut snapshot = Snapshot::new();
    for table in outsider.tables().await? {
        let rows = outsider
            .rows(&table)
            .await
            .with_context(|| format!("reading {table}"))?;
        snapshot.insert(table, rows);
    }
    Ok(snapshot)
}

async fn tamper(address: &str, sql: &'static str) -> anyhow::Result<u64> {
    Ok(connect(address).await?.execute(sql.to_owned()).await?)
}
