//! Databases on the PostgreSQL server of the tests: each a copy of a migrated template, removed when its test ends.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::sync::Once;

use anyhow::Context as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use store::Database;

use crate::START;

/// Names a server where the tests may make databases: `postgres://USER@HOST:PORT/postgres`.
const SETTING: &str = "SIGILL_TEST_POSTGRES";

/// Any number, as long as it is ours alone on the server.
const TEMPLATE_LOCK: i64 = 0x5167_1111;

/// A database on the server that has to leave again.
#[derive(Debug)]
pub(crate) struct Guest {
    server: String,
    name: String,
}

impl Guest {
    /// Removes the database, whoever is still connected to it.
    pub(crate) fn leave(&self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A thread of its own, because a test may be dropping this inside its runtime, and may be failing while it does.
        let removal = std::thread::spawn(move || -> anyhow::Result<()> {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?
                .block_on(async {
                    let mut server = PgConnection::connect(&server).await?;
                    run(
                        &mut server,
                        format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
                    )
                    .await?;
                    Ok(())
                })
        });
        if !matches!(removal.join(), Ok(Ok(()))) {
            tell(&format!(
                "the database {} is left on the server of the tests",
                self.name
            ));
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one setting of the tests: which server they may use"
)]
fn server() -> Option<String> {
    std::env::var(SETTING)
        .ok()
        .filter(|server| !server.is_empty())
}

/// Says once a run that PostgreSQL is left out. Written past the test harness, which hides what passing tests print.
pub(crate) fn say_that_it_is_left_out() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tell(&format!(
            "{SETTING} is not set: the database tests run on SQLite alone"
        ))
    });
}

fn tell(text: &str) {
    // Nobody to tell is no reason to fail.
    drop(writeln!(std::io::stderr(), "note: {text}"));
}

/// A fresh database and its address, or nothing when no server is named.
pub(crate) async fn fresh() -> anyhow::Result<Option<(Database, String, Guest)>> {
    let Some(server) = server() else {
        return Ok(None);
    };
    let template = template();
    let mut connection = PgConnection::connect(&server)
        .await
        .with_context(|| format!("connecting to {SETTING}"))?;
    make_template(&mut connection, &server, &template)
        .await
        .context("making the template")?;
    let random: String = sqlx::query("SELECT replace(gen_random_uuid()::text, '-', '')")
        .fetch_one(&mut connection)
        .await?
        .try_get(0)?;
    let name = format!("sigill_test_{random}");
    run(
        &mut connection,
        format!("CREATE DATABASE {name} TEMPLATE {template}"),
    )
    .await
    .context("copying the template")?;
    connection.close().await?;
    let address = address(&server, &name)?;
    let guest = Guest { server, name };
    let database = Database::connect(&address)
        .await
        .context("connecting to the copy")?;
    Ok(Some((database, address, guest)))
}

/// Named after the migrations, so that two states of the source can be tested on one server.
fn template() -> String {
    let mut hasher = DefaultHasher::new();
    for migration in store::migrations() {
        migration.hash(&mut hasher);
    }
    format!("sigill_template_{:016x}", hasher.finish())
}

/// Makes the template unless it is there. Migrated under another name first: what has the template's name is whole.
async fn make_template(
    connection: &mut PgConnection,
    server: &str,
    template: &str,
) -> anyhow::Result<()> {
    if exists(connection, template).await? {
        return Ok(());
    }
    // Ends with the connection, should this fail half-way.
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut *connection)
        .await?;
    if !exists(connection, template).await? {
        let draft = format!("{template}_draft");
        run(
            connection,
            format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"),
        )
        .await?;
        run(connection, format!("CREATE DATABASE {draft}")).await?;
        let database = Database::connect(&address(server, &draft)?).await?;
        database.migrate(START).await?;
        database.close().await;
        run(
            connection,
            format!("ALTER DATABASE {draft} RENAME TO {template}"),
        )
        .await?;
    }
    sqlx::query("SELECT pg_advisory_unlock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut *connection)
        .await?;
    Ok(())
}

async fn exists(connection: &mut PgConnection, name: &str) -> anyhow::Result<bool> {
    let found = sqlx::query("SELECT datname FROM pg_database WHERE datname = $1")
        .bind(name)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

/// Runs a statement whose names, which cannot be bound, are our own.
async fn run(connection: &mut PgConnection, statement: String) -> Result<(), sqlx::Error> {
    sqlx::query(AssertSqlSafe(statement))
        .execute(connection)
        .await
        .map(|_| ())
}

/// The address of another database on the same server: the name is what stands between the last `/` and a `?`.
fn address(server: &str, name: &str) -> anyhow::Result<String> {
    let (address, options) = server
        .split_once('?')
        .map_or((server, None), |(address, options)| {
            (address, Some(options))
        });
    let (host, _) = address
        .rsplit_once('/')
        .filter(|(host, _)| !host.ends_with('/'))
        .with_context(|| format!("{SETTING} names no database"))?;
    Ok(options.map_or_else(
        || format!("{host}/{name}"),
        |options| format!("{host}/{name}?{options}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn only_the_name_is_replaced() {
        let check = |server, expected: Option<&str>| {
            assert_eq!(address(server, "x").ok().as_deref(), expected, "{server}")
        };
        check("postgres://u@h:1/postgres", Some("postgres://u@h:1/x"));
        check(
            "postgres://u:p@h/postgres?sslmode=disable",
            Some("postgres://u:p@h/x?sslmode=disable"),
        );
        check("postgres://u@h/", Some("postgres://u@h/x"));
        check("postgres://u@h", None);
        check("nonsense", None);
    }
}
