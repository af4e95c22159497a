//! A house that knows many certificates, and the server over it as a child process.

use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use flows::House;
use pki::certificate::Certificate;
use pki::serial::Serial;
use server::boot;
use server::config::{Config, ProcessRole};
use server::process::SystemClock;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use store::Database;

use crate::child::{Server, free_address, listening};

/// The authority whose certificates they are.
pub const AUTHORITY: &str = "person-3-ca-v1";

/// A house in a folder of its own that knows certificates; the folder goes with it.
pub struct Known {
    folder: PathBuf,
    /// The authority that issued them.
    pub issuer: Certificate,
    /// Serial numbers of some of them, in no order.
    pub hot: Vec<Serial>,
}

impl Known {
    /// Makes the house on SQLite with `count` certificates in force, and picks `hot` of them.
    pub async fn make(count: u32, hot: u32) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("sigill-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let mut known = Self {
            issuer: {
                let house = open(&folder).await?;
                let authority = house
                    .authorities
                    .by_name(AUTHORITY)
                    .context("the house lacks the authority")?;
                let issuer = authority.certificate.clone();
                house.database.close().await;
                issuer
            },
            folder,
            hot: Vec::new(),
        };
        known.fill(count).await?;
        known.hot = known.pick(hot).await?;
        Ok(known)
    }

    /// The rows as they would stand after years of issuing, made by the engine itself. The certificates' own bytes are short: no
    /// status answer reads them. Their cards and holders are left out for the same reason.
    async fn fill(&self, count: u32) -> anyhow::Result<()> {
        let mut connection = self.connect().await?;
        sqlx::raw_sql("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF")
            .execute(&mut connection)
            .await?;
        sqlx::query(
            "INSERT INTO certificate (authority, serial, kind, state, card, person, not_before, not_after, shard, issued_at, der) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1), \
             made(serial) AS (SELECT printf('%02x', 64 + abs(random()) % 64) || lower(hex(randomblob(15))) FROM n) \
             SELECT $2, serial, 'login', 'active', 'card', 'person', 0, 4000000000, 0, 0, x'3000' FROM made ORDER BY serial",
        )
        .bind(count)
        .bind(AUTHORITY)
        .execute(&mut connection)
        .await
        .context("filling the house")?;
        connection.close().await?;
        Ok(())
    }

    async fn pick(&self, count: u32) -> anyhow::Result<Vec<Serial>> {
        let mut connection = self.connect().await?;
        let rows = sqlx::query(
            "SELECT serial FROM certificate WHERE authority = $1 ORDER BY random() LIMIT $2",
        )
        .bind(AUTHORITY)
        .bind(count)
        .fetch_all(&mut connection)
        .await?;
        connection.close().await?;
        rows.iter()
            .map(|row| Ok(Serial::from_hex(&row.try_get::<String, _>(0)?)?))
            .collect()
    }

    async fn connect(&self) -> anyhow::Result<sqlx::SqliteConnection> {
        Ok(sqlx::sqlite::SqliteConnectOptions::new()
            .filename(self.folder.join("sigill.db"))
            .connect()
            .await?)
    }

    /// The database, opened as another node would.
    pub async fn database(&self) -> anyhow::Result<Database> {
        let path = self.folder.join("sigill.db");
        Ok(Database::connect(&format!("sqlite:{}", path.display())).await?)
    }

    /// A folder that goes with the house.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts `sigill serve` over it, answering relying parties.
    pub fn serve(&self) -> anyhow::Result<Server> {
        Server::start("sigill", &[self.folder.display().to_string()])
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        // What cannot be removed is in the system's own folder for such things.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn open(folder: &Path) -> anyhow::Result<House> {
    boot::open(
        &config(folder, SocketAddr::from(([127, 0, 0, 1], 0))),
        &SystemClock,
    )
    .await
}

fn config(folder: &Path, listen: SocketAddr) -> Config {
    Config {
        listen,
        data: folder.to_owned(),
        roles: vec![ProcessRole::Ocsp],
        ..Config::default()
    }
}

/// The child: the server over the house in a folder, until it is ended.
pub fn serve(arguments: &[String]) -> anyhow::Result<()> {
    let folder = arguments.first().context("sigill FOLDER")?;
    run(&config(Path::new(folder), free_address()?))
}

/// Serves as that configuration says, and tells the parent once it listens.
pub fn run(config: &Config) -> anyhow::Result<()> {
    tell_when_listening(config.listen);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(server::serve::run(config))
}

/// Tells the parent that this child listens there, once it does.
pub fn tell_when_listening(address: SocketAddr) {
    std::thread::spawn(move || {
        while TcpStream::connect(address).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        listening(address)
    });
}
