//! Databases of a test's own.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use store::Database;

use crate::START;
use crate::postgres::{self, Guest};

/// An empty, migrated database that nobody else uses; it is gone when this is dropped.
#[derive(Debug)]
pub struct FreshDatabase {
    database: Database,
    address: String,
    remains: Remains,
}

/// What is to be cleared away.
#[derive(Debug)]
enum Remains {
    Folder(PathBuf),
    Guest(Guest),
}

impl FreshDatabase {
    /// Where it is, for [`Database::connect`]: how a test opens it a second time, as another node would.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Deref for FreshDatabase {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.database
    }
}

impl Drop for FreshDatabase {
    fn drop(&mut self) {
        match &self.remains {
            // What cannot be removed now stays in the folder for temporary files; no test is the worse for it.
            Remains::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Remains::Guest(guest) => guest.leave(),
        }
    }
}

/// A database of every engine there is to test on: SQLite always, PostgreSQL when `SIGILL_TEST_POSTGRES` names a server where
/// databases may be made. A test runs its body on each.
///
/// # Panics
/// When one cannot be made: no test can then mean anything.
#[expect(clippy::panic, reason = "a test without its database has failed")]
pub async fn databases() -> Vec<FreshDatabase> {
    let mut databases = vec![sqlite().await];
    match postgres::fresh().await {
        Ok(Some((database, address, guest))) => databases.push(FreshDatabase {
            database,
            address,
            remains: Remains::Guest(guest),
        }),
        Ok(None) => postgres::say_that_it_is_left_out(),
        Err(error) => panic!("no fresh database on PostgreSQL: {error:#}"),
    }
    databases
}

/// A database on SQLite alone, for tests that are about something else.
///
/// # Panics
/// When it cannot be made.
#[expect(clippy::panic, reason = "a test without its database has failed")]
pub async fn sqlite() -> FreshDatabase {
    match fresh_sqlite().await {
        Ok(database) => database,
        Err(error) => panic!("no fresh database on SQLite: {error:#}"),
    }
}

async fn fresh_sqlite() -> anyhow::Result<FreshDatabase> {
    let folder = fresh_folder()?;
    let address = format!("sqlite:{}", folder.join("sigill.sqlite").display());
    let database = Database::connect(&address)
        .await
        .context("opening the file")?;
    database.migrate(START).await.context("making the tables")?;
    Ok(FreshDatabase {
        database,
        address,
        remains: Remains::Folder(folder),
    })
}

/// A folder that is not there yet. An earlier process with our number may have left some behind.
fn fresh_folder() -> anyhow::Result<PathBuf> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("sigill-test-{}-{number}", std::process::id()));
        match std::fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error).with_context(|| format!("making {}", folder.display()));
            }
        }
    }
}
