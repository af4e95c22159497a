//! Bringing the tables to what this release knows.
//!
//! One file a change, written for PostgreSQL; SQLite gets the same text with three words changed: BIGINT is INTEGER, BYTEA is
//! BLOB, and every `CREATE TABLE` ends in STRICT, so that it refuses text in an integer column as PostgreSQL does. To keep
//! that safe, a statement ends in `;` at the end of a line and nowhere else is one there, and the words stand in capitals
//! for nothing else. A file that has been released is never changed again.

use model::Timestamp;

use crate::database::{Database, Engine, Write};
use crate::error::StoreError;

/// A change of the tables.
struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

/// In order, without gaps.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "0001_tables",
        sql: include_str!("../migrations/0001_tables.sql"),
    },
    Migration {
        version: 2,
        name: "0002_feedback",
        sql: include_str!("../migrations/0002_feedback.sql"),
    },
    Migration {
        version: 3,
        name: "0003_photo_checks",
        sql: include_str!("../migrations/0003_photo_checks.sql"),
    },
    Migration {
        version: 4,
        name: "0004_kiosks",
        sql: include_str!("../migrations/0004_kiosks.sql"),
    },
];

/// Every migration of this release in order: its name and its text, as written for PostgreSQL.
pub fn migrations() -> impl Iterator<Item = (&'static str, &'static str)> {
    MIGRATIONS
        .iter()
        .map(|migration| (migration.name, migration.sql))
}

const OWN_TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (
    version BIGINT NOT NULL CONSTRAINT migration_version PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at BIGINT NOT NULL
);
";

/// All in one transaction: a power cut leaves the old tables or the new ones.
pub(crate) async fn migrate(
    database: &Database,
    now: Timestamp,
) -> Result<Vec<&'static str>, StoreError> {
    let engine = database.engine();
    crate::write!(database, |write| {
        write
            .execute_migration(for_engine(OWN_TABLE, engine))
            .await?;
        let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
        let reached = reached(write).await?;
        if reached > known {
            return Err(StoreError::Newer { version: reached });
        }
        let mut applied = Vec::new();
        for migration in MIGRATIONS
            .iter()
            .filter(|migration| migration.version > reached)
        {
            write
                .execute_migration(for_engine(migration.sql, engine))
                .await?;
            write
                .execute(
                    "INSERT INTO migration (version, name, applied_at) VALUES ($1, $2, $3)",
                    &[migration.version.into(), migration.name.into(), now.into()],
                )
                .await?;
            applied.push(migration.name);
        }
        Ok(applied)
    })
}

async fn reached(write: &mut Write) -> Result<i64, StoreError> {
    Ok(write
        .row("SELECT MAX(version) FROM migration", &[])
        .await?
        .integer_maybe(0)?
        .unwrap_or(0))
}

fn for_engine(sql: &str, engine: Engine) -> String {
    match engine {
        Engine::Postgres => sql.to_owned(),
        Engine::Sqlite => sql.split_inclusive(";\n").map(for_sqlite).collect(),
    }
}

fn for_sqlite(statement: &str) -> String {
    let text = statement
        .replace("BIGINT", "INTEGER")
        .replace("BYTEA", "BLOB");
    let creates = text.lines().any(|line| line.starts_with("CREATE TABLE "));
    match text.strip_suffix(";\n") {
        // Only a table may be STRICT; an index that ends alike may not.
        Some(table) if creates => format!("{table} STRICT;\n"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_count_from_one_without_gaps() {
        for (expected, migration) in (1..).zip(MIGRATIONS) {
            assert_eq!(migration.version, expected);
            assert!(
                migration.name.starts_with(&format!("{expected:04}_")),
                "{}",
                migration.name
            );
        }
    }

    #[test]
    fn only_tables_become_strict() {
        let text = "-- words\nCREATE TABLE t (\n    a BIGINT,\n    b BYTEA\n);\nCREATE UNIQUE INDEX t_a ON t (a);\n";
        assert_eq!(
            for_engine(text, Engine::Sqlite),
            "-- words\nCREATE TABLE t (\n    a INTEGER,\n    b BLOB\n) STRICT;\nCREATE UNIQUE INDEX t_a ON t (a);\n"
        );
        assert_eq!(for_engine(text, Engine::Postgres), text);
    }

    #[test]
    fn every_statement_ends_at_the_end_of_a_line() {
        for migration in MIGRATIONS {
            for line in migration.sql.lines() {
                assert!(
                    !line.trim_end_matches(';').contains(';'),
                    "{}: {line}",
                    migration.name
                );
                assert!(!line.ends_with(' '), "{}: {line:?}", migration.name);
            }
        }
    }
}
