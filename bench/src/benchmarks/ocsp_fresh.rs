//! How soon a revocation counts on another node: this process revokes in the database, as a node that does not serve OCSP would,
//! and asks the server over HTTP until its answer has changed.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use model::Timestamp;
use model::credential::RevocationReason;
use pki::ocsp::{Response, Status, build_request};
use tokio::runtime::Runtime;

use super::known::{AUTHORITY, Known};
use super::ocsp;
use crate::child::Server;
use crate::figure::Figure;
use crate::load::Connection;
use crate::turns::median;
use crate::{Scale, explain, print};

/// The promise: within a second.
const LIMIT: f64 = 1_000.0;

/// Measures.
pub fn measure(
    runtime: &Runtime,
    scale: Scale,
    known: &Known,
    server: &Server,
) -> anyhow::Result<()> {
    let times = runtime.block_on(revoke_and_ask(scale.pick(25, 100), known, server))?;
    let slowest = times.iter().copied().fold(0.0, f64::max);
    explain(&format!(
        "ocsp.fresh: {} revocations on another node over one SQLite file, the slowest counted after {slowest:.0} ms",
        times.len()
    ));
    print(&Figure::cost(
        "ocsp.fresh",
        median(times.into_iter()),
        LIMIT,
        "ms",
    ));
    Ok(())
}

async fn revoke_and_ask(count: usize, known: &Known, server: &Server) -> anyhow::Result<Vec<f64>> {
    let database = known.database().await?;
    let mut connection = Connection::open(server.address).await?;
    let mut times = Vec::new();
    for (serial, place) in known.hot.iter().take(count).zip(0_u64..) {
        let request = ocsp::post(&build_request(&known.issuer, serial, None));
        let status = async |connection: &mut Connection| {
            let answer = connection.ask(&request).await?;
            Response::from_der(&answer.body)?
                .status_of(&known.issuer, serial)
                .context("an answer to another question")
        };
        anyhow::ensure!(status(&mut connection).await? == Status::Good);
        let hex = serial.to_hex();
        // The answer before changed right after the server had looked; without this every revocation would wait a whole round.
        tokio::time::sleep(Duration::from_millis(place * 37 % 200)).await;
        store::write!(database, |write| {
            let reason = RevocationReason::KeyCompromise;
            store::certificate::revoke(write, AUTHORITY, &hex, reason, Timestamp(1_800_000_000))
                .await
        })?;
        let committed = Instant::now();
        while status(&mut connection).await? == Status::Good {
            anyhow::ensure!(
                committed.elapsed() < Duration::from_secs(10),
                "a revoked certificate stays good"
            );
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        times.push(committed.elapsed().as_secs_f64() * 1_000.0);
    }
    database.close().await;
    Ok(times)
}
