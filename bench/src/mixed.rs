//! A mixed load for as long as it is told: certificates issued and revoked through the API, status asked for by OCSP and lists, on
//! SQLite as an installation has it. Every answer is held against a model of what must be true; the first wrong one ends the run, and
//! so does an error, a refusal that was not meant, a panic or an error in the server's log, and memory that grows.

mod load;
mod log;
mod memory;
mod model;
pub mod site;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::task::JoinSet;

use self::load::{Load, Work};
use self::log::Log;
use self::memory::Memory;
use crate::child::Server;
use crate::figure::Figure;
use crate::{explain, print};

use self::site::Site;

pub use self::site::serve;

/// What is done, by how many tasks, and how often a second they do it together.
type Kind = (Work, u8, f64);
const ISSUING: Kind = (Work::Issue, 2, 60.0);
const REVOKING: Kind = (Work::Revoke, 1, 12.0);
const ASKING: Kind = (Work::Ask, 4, 1_500.0);
const LISTS: Kind = (Work::FetchLists, 1, 0.25);
/// How many certificates there are when the time begins: more than the server has memory for answers about, and several times the
/// pages that SQLite keeps for each connection (2,000 KiB, its own default).
const STOCK: usize = 6_000;
/// How many connections make the stock and ask about it: as many as the server has to its database for reading.
const STOCK_CONNECTIONS: usize = 8;
/// How often each certificate of the stock is asked about.
const STOCK_ROUNDS: usize = 2;
/// Where nobody watches, a line comes every so many seconds.
const LINE_EVERY: usize = 10;
/// How long after the last act everything must say the new state.
const SETTLED: Duration = Duration::from_millis(1_100);

/// Puts the load on for so many seconds, at so many times the usual pace.
pub fn run(seconds: u32, pace: f64) -> anyhow::Result<()> {
    anyhow::ensure!(
        pace.is_finite() && pace >= 0.5,
        "the pace is at least half the usual one: the server closes connections that are still for 15 s"
    );
    // One thread puts the load on: the rest of the machine is the server's.
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(all(seconds, pace))
}

async fn all(seconds: u32, pace: f64) -> anyhow::Result<()> {
    let site = Site::make(None).await.context("making the house")?;
    let mut log = Log::new(&site.log());
    let mut server = site.serve()?;
    let load = Arc::new(Load::new(site, server.address));
    let outcome = put_on(&load, &server, &mut log, (seconds, pace)).await;
    // What the server says of itself names the cause of what was met here.
    log.look()?;
    match server.ended()? {
        Some(status) => outcome.with_context(|| format!("the server ended ({status})")),
        None => outcome,
    }
}

async fn put_on(
    load: &Arc<Load>,
    server: &Server,
    log: &mut Log,
    (seconds, pace): (u32, f64),
) -> anyhow::Result<()> {
    stock(load).await.context("making the stock")?;
    load.count_anew();
    explain(&format!(
        "load: {} certificates in stock, {} MiB for OCSP answers full; {seconds} s at {pace} times the usual pace",
        load.certificates(),
        site::OCSP_MEMORY
    ));
    let (start, cpu) = (Instant::now(), (server.cpu()?, own_cpu()?));
    let until = start + Duration::from_secs(seconds.into());
    let mut tasks = begin(load, until, pace).await?;
    let samples = watch(load, server, log, (&mut tasks, seconds)).await?;
    let took = start.elapsed().as_secs_f64();
    let cpu = (server.cpu()? - cpu.0, own_cpu()? - cpu.1);
    let latencies = (load.latency(0.5), load.latency(0.99));
    let count = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed) as f64;
    let (issued, revoked) = (count(&load.issued), count(&load.revoked));
    let (asked, lists) = (count(&load.asked), count(&load.lists));
    tokio::time::sleep(SETTLED).await;
    let mut connection = load.connect().await?;
    load.ask_about_all(&mut connection, (0, 1))
        .await
        .context("asking about everything at the end")?;
    load.fetch_lists(&mut connection)
        .await
        .context("fetching the lists at the end")?;
    log.look()?;
    // What the server keeps on purpose, answers and pages of the database, has a bound, and was full before the time began: it
    // explains no growth.
    let memory = Memory::of(&samples, 0.0);
    explain(&format!(
        "load: {issued} issued, {revoked} revoked, {asked} asked about, {lists} pairs of lists, at the end {} certificates asked \
         about once more; every answer right; the server used {:.2} processors, the load {:.2}",
        load.certificates(),
        cpu.0 / took,
        cpu.1 / took
    ));
    explain(&format!(
        "load.memory: the last tenth's median beside the second tenth's; highest {:.1} MiB, flat up to {:.1} MiB",
        memory.highest, memory.most
    ));
    for (name, done, wanted) in [
        ("load.issued", issued, ISSUING.2),
        ("load.revoked", revoked, REVOKING.2),
        ("load.asked", asked, ASKING.2),
    ] {
        print(&Figure::pace(name, done / took, wanted * pace, "/s"));
    }
    print(&Figure::alone("load.errors", 0.0, "errors"));
    print(&Figure::cost(
        "load.memory",
        memory.last,
        memory.first,
        "MiB",
    ));
    print(&Figure::alone("load.latency.p50", latencies.0, "ms"));
    print(&Figure::alone("load.latency.p99", latencies.1, "ms"));
    anyhow::ensure!(
        memory.is_flat(),
        "the server's memory grows: {:.1} MiB in the second tenth of the time, {:.1} MiB in the last, {:.1} MiB at most",
        memory.first,
        memory.last,
        memory.most
    );
    Ok(())
}

fn own_cpu() -> anyhow::Result<f64> {
    crate::child::cpu_of("self")
}

/// Issues what is there when the time begins, and asks about all of it, so that what the server keeps in memory is full.
async fn stock(load: &Arc<Load>) -> anyhow::Result<()> {
    let mut tasks = JoinSet::new();
    for _ in 0..STOCK_CONNECTIONS {
        let load = Arc::clone(load);
        tasks.spawn(async move {
            let mut connection = load.connect().await?;
            while load.certificates() < STOCK {
                load.issue(&mut connection).await?;
            }
            Ok::<_, anyhow::Error>(())
        });
    }
    joined(tasks).await?;
    let mut tasks = JoinSet::new();
    for part in 0..STOCK_CONNECTIONS {
        let load = Arc::clone(load);
        tasks.spawn(async move {
            let mut connection = load.connect().await?;
            for _ in 0..STOCK_ROUNDS {
                load.ask_about_all(&mut connection, (part, STOCK_CONNECTIONS))
                    .await?;
            }
            Ok(())
        });
    }
    joined(tasks).await
}

async fn joined(mut tasks: JoinSet<anyhow::Result<()>>) -> anyhow::Result<()> {
    while let Some(outcome) = tasks.join_next().await {
        outcome??;
    }
    Ok(())
}

/// Starts every task.
async fn begin(
    load: &Arc<Load>,
    until: Instant,
    pace: f64,
) -> anyhow::Result<JoinSet<anyhow::Result<()>>> {
    let mut tasks = JoinSet::new();
    for (work, at_once, a_second) in [ISSUING, REVOKING, ASKING, LISTS] {
        for _ in 0..at_once {
            let (load, mut connection) = (Arc::clone(load), load.connect().await?);
            let a_second = a_second * pace / f64::from(at_once);
            tasks.spawn(async move { load.work(&mut connection, work, (until, a_second)).await });
        }
    }
    Ok(tasks)
}

/// Takes a sample of the server's memory a second and looks at its log, until every task is done or one has failed.
async fn watch(
    load: &Load,
    server: &Server,
    log: &mut Log,
    (tasks, seconds): (&mut JoinSet<anyhow::Result<()>>, u32),
) -> anyhow::Result<Vec<f64>> {
    let bar = ProgressBar::new(seconds.into()).with_style(ProgressStyle::with_template(
        "{bar:30} {pos}/{len} s  {msg}",
    )?);
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    let mut samples = Vec::new();
    loop {
        tokio::select! {
            done = tasks.join_next() => match done {
                Some(outcome) => outcome??,
                None => break,
            },
            _ = ticks.tick() => {
                log.look()?;
                samples.push(server.resident()?);
                let line = line(load, samples.last().copied().unwrap_or_default());
                if bar.is_hidden() && samples.len() % LINE_EVERY == 0 {
                    explain(&format!("load: {} s: {line}", samples.len()));
                }
                bar.set_position(u64::try_from(samples.len())?);
                bar.set_message(line);
            }
        }
    }
    bar.finish_and_clear();
    Ok(samples)
}

fn line(load: &Load, resident: f64) -> String {
    let count = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
    format!(
        "{} issued, {} revoked, {} asked about, {} pairs of lists; {resident:.1} MiB",
        count(&load.issued),
        count(&load.revoked),
        count(&load.asked),
        count(&load.lists)
    )
}
