//! A list of a million entries from SQLite: counted, read, written into the database in parts, signed, published by the same act
//! as ever. The limit is the sum of what cannot be left out: the same rows read once with the same function, as many octets
//! hashed, one digest signed. The second figure is what memory that takes beyond the process at rest.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use flows::House;
use model::Timestamp;
use model::role::Actor;
use pki::digest::Hasher;
use server::boot;
use server::config::Config;
use server::process::{Asking, SystemClock};
use sqlx::{ConnectOptions as _, Connection as _};
use store::revocation::Span;

use super::known::AUTHORITY;
use crate::child::cpu_of;
use crate::figure::Figure;
use crate::turns::{Turn, alternate, median};
use crate::{Scale, Wanted, explain, print};

/// The figures.
pub const NAMES: &[&str] = &["crl.million", "crl.million.memory"];

/// How many certificates are revoked.
const REVOKED: u32 = 1_000_000;

/// How many changes are read at a time, as the act does.
const PAGE: i64 = 512;

/// As much memory as a list may take beyond the process at rest, in MiB.
const MEMORY: f64 = 16.0;

/// Measures.
pub fn run(scale: Scale, wanted: &Wanted) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let folder = Folder::make()?;
    let house = runtime.block_on(open(&folder.0))?;
    runtime.block_on(fill(&folder.0))?;
    // Far enough each time that the list is due by the clock, and that a delta list starts from the one before.
    let mut hours = 0;
    let rest = memory("VmRSS:")?;
    let mut peaks = Vec::new();
    let mut parts = Vec::new();
    let (ours, limit) = alternate(
        scale.turns(),
        || {
            hours += 13;
            // Sets the peak back to what is resident now (proc(5)).
            std::fs::write("/proc/self/clear_refs", "5")?;
            let turn = timed(|| runtime.block_on(publish(&house, hours)))?;
            peaks.push(memory("VmHWM:")? - rest);
            Ok(turn)
        },
        || {
            let read = timed(|| runtime.block_on(read(&house)))?;
            let octets = runtime.block_on(octets(&house))?;
            let authority = house
                .authorities
                .by_name(AUTHORITY)
                .context("no authority")?;
            let mut digest = Vec::new();
            let hash = timed(|| {
                let piece = vec![0x30; 256 * 1_024];
                let mut hasher = Hasher::new(authority.signer.algorithm());
                for _ in 0..octets / piece.len() {
                    hasher.update(black_box(&piece));
                }
                hasher.update(piece.get(..octets % piece.len()).unwrap_or_default());
                digest = hasher.finish();
                Ok(())
            })?;
            let sign = timed(|| {
                black_box(authority.signer.sign_digest(&digest)?);
                Ok(())
            })?;
            parts.push([read, hash, sign]);
            let sum = |of: fn(&Turn) -> f64| [read, hash, sign].iter().map(of).sum();
            Ok(Turn {
                done: 1.0,
                cpu: sum(|turn| turn.cpu),
                wall: sum(|turn| turn.wall),
            })
        },
    )?;
    let milli = |turns: &mut dyn Iterator<Item = f64>| median(turns) * 1e3;
    let part =
        |number: usize| milli(&mut parts.iter().filter_map(|part| Some(part.get(number)?.wall)));
    explain(&format!(
        "crl.million: processor time; on the wall {:.0} ms against {:.0} ms, with the disk; the limit is {:.0} ms of reading rows, \
         {:.1} ms of hashing, {:.2} ms of signing (wall); {REVOKED} entries, {:.1} MiB",
        milli(&mut ours.iter().map(|turn| turn.wall)),
        milli(&mut limit.iter().map(|turn| turn.wall)),
        part(0),
        part(1),
        part(2),
        runtime.block_on(octets(&house))? as f64 / f64::from(1 << 20),
    ));
    if wanted.has("crl.million") {
        let cpu = |turns: &[Turn]| milli(&mut turns.iter().map(|turn| turn.cpu));
        print(&Figure::cost(
            "crl.million",
            cpu(&ours),
            cpu(&limit),
            "CPU ms",
        ));
    }
    if wanted.has("crl.million.memory") {
        explain(&format!(
            "crl.million.memory: {rest:.0} MiB at rest; the highest of {} lists made one after the other",
            peaks.len()
        ));
        let peak = peaks.iter().copied().fold(0.0, f64::max);
        print(&Figure::cost("crl.million.memory", peak, MEMORY, "MiB"));
    }
    Ok(())
}

/// A folder that goes when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn make() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("sigill-bench-crl-{}", std::process::id()));
        std::fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is in the system's own folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn open(folder: &Path) -> anyhow::Result<House> {
    let config = Config {
        data: folder.to_owned(),
        ..Config::default()
    };
    boot::open(&config, &SystemClock).await
}

/// The rows as they would stand after years of revoking, in the order they were revoked.
async fn fill(folder: &Path) -> anyhow::Result<()> {
    let mut connection = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.join("sigill.db"))
        .connect()
        .await?;
    sqlx::query(
        "INSERT INTO revocation (authority, serial, shard, state, revoked_at, reason, not_after, change) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
         SELECT $2, printf('%02x', 64 + abs(random()) % 64) || lower(hex(randomblob(15))), 0, 'revoked', 1700000000 + i, \
         CASE WHEN i % 10 = 0 THEN 'unspecified' ELSE 'key-compromise' END, 4000000000, i FROM n",
    )
    .bind(REVOKED)
    .bind(AUTHORITY)
    .execute(&mut connection)
    .await
    .context("filling the house")?;
    sqlx::query("INSERT INTO counter (name, value) VALUES ('revocation', $1)")
        .bind(REVOKED)
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

async fn publish(house: &House, hours: i64) -> anyhow::Result<()> {
    let mut asking = Asking::at(&SystemClock);
    let mut call = asking.call(Actor::System);
    call.now = Timestamp(call.now.seconds() + hours * 3_600);
    flows::crl::publish_due(house, &call)
        .await
        .map_err(|fault| anyhow::anyhow!(fault.chain()))?;
    let list = flows::crl::latest(house, AUTHORITY)
        .await
        .map_err(|fault| anyhow::anyhow!(fault.chain()))?;
    anyhow::ensure!(
        list.is_some_and(|list| list.entries == i64::from(REVOKED) && list.this_update == call.now),
        "the list was not made"
    );
    Ok(())
}

/// Every row of the list, once, in one view.
async fn read(house: &House) -> anyhow::Result<()> {
    let mut view = house.database.view().await?;
    let span = Span {
        authority: AUTHORITY,
        shard: 0,
        after: 0,
        until: i64::from(REVOKED),
        ends_from: Timestamp(0),
        with_released: false,
    };
    let (mut from, mut count) = (0, 0);
    while from < span.until {
        let page = store::revocation::page(&mut view, &span, from, from + PAGE).await?;
        count += black_box(page).len();
        from += PAGE;
    }
    anyhow::ensure!(count == usize::try_from(REVOKED)?, "{count} rows");
    Ok(())
}

async fn octets(house: &House) -> anyhow::Result<usize> {
    let list = flows::crl::latest(house, AUTHORITY)
        .await
        .map_err(|fault| anyhow::anyhow!(fault.chain()))?;
    Ok(usize::try_from(list.context("no list")?.octets)?)
}

fn timed(work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Turn> {
    let (cpu, start) = (cpu_of("self")?, Instant::now());
    work()?;
    Ok(Turn {
        done: 1.0,
        cpu: cpu_of("self")? - cpu,
        wall: start.elapsed().as_secs_f64(),
    })
}

/// One of the process's figures in `/proc/self/status`, in MiB.
fn memory(name: &str) -> anyhow::Result<f64> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let kib = text
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse::<f64>().ok())
        .with_context(|| format!("/proc/self/status does not tell {name}"))?;
    Ok(kib / 1_024.0)
}
