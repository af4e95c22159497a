//! The rival that every Debian machine has: `openssl ocsp` as a responder over its index file. It signs each answer and closes
//! each connection. Ours signs each answer too (every request has a nonce) and keeps connections; how it does without is told
//! beside.

use std::fmt::Write as _;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use pki::certificate::Certificate;
use pki::ocsp::{Response, Status, build_request};
use tokio::runtime::Runtime;

use super::known::Known;
use super::{issue_rivals, ocsp};
use crate::child::{Server, free_address};
use crate::figure::Figure;
use crate::load::{Connection, Keep, press, press_with};
use crate::turns::{Turn, alternate, median};
use crate::{Scale, explain, print};

/// How many certificates its index has: it is read whole, and ours knows fifty times as many.
const KNOWN: usize = 20_000;
/// How many ask at once: `openssl ocsp` serves one after the other.
const AT_ONCE: usize = 4;

/// Measures.
pub fn measure(
    runtime: &Runtime,
    scale: Scale,
    known: &Known,
    server: &Server,
) -> anyhow::Result<()> {
    let (rival, issuer) = match start(known) {
        Ok(started) => started,
        Err(error) => {
            explain(&format!("ocsp.rival.openssl: left out: {error:#}"));
            return Ok(());
        }
    };
    let questions = |issuer: &Certificate| {
        let asked = known.hot.iter().take(KNOWN).zip(0_u64..);
        let requests: Vec<Vec<u8>> = asked
            .map(|(serial, number)| {
                let mut nonce = [0x5a; 16];
                nonce[..8].copy_from_slice(&number.to_be_bytes());
                ocsp::post(&build_request(issuer, serial, Some(&nonce)))
            })
            .collect();
        Arc::new(requests)
    };
    let (to_us, to_it) = (questions(&known.issuer), questions(&issuer));
    runtime.block_on(async {
        let request = to_it.first().context("no requests")?;
        let answer = Connection::open(rival.address).await?.ask(request).await?;
        let serial = known.hot.first().context("no certificates")?;
        let status = Response::from_der(&answer.body)?.status_of(&issuer, serial);
        anyhow::ensure!(
            status == Some(Status::Good),
            "openssl does not know its index"
        );
        Ok(())
    })?;
    let time = Duration::from_millis(scale.pick(1_000, 3_000));
    let its_way = (Keep::Never, AT_ONCE);
    let mut in_its_way = Vec::new();
    let (ours, theirs) = alternate(
        scale.turns(),
        || {
            in_its_way.push(runtime.block_on(press_with(server, &to_us, time, its_way))?);
            runtime.block_on(press(server, &to_us, time))
        },
        || runtime.block_on(press_with(&rival, &to_it, time, its_way)),
    )?;
    explain(&format!(
        "ocsp.rival.openssl: each answer signed with P-256; ours on connections that stay, openssl's in the only way it has, a \
         connection a request. Asked in that way too, ours does {:.0}: what a connection costs then outweighs the rest, and a \
         loop that serves one after the other pays least for it",
        median(in_its_way.iter().map(Turn::rate))
    ));
    print(&Figure::rate(
        "ocsp.rival.openssl",
        &ours,
        &theirs,
        "requests/CPU s",
    ));
    Ok(())
}

/// A certificate authority of its own, its index, and the responder over it.
fn start(known: &Known) -> anyhow::Result<(Server, Certificate)> {
    let folder = known.folder();
    let (certificate, key) = issue_rivals::authority(folder)?;
    let index = folder.join("rival.index");
    let mut rows = String::new();
    for serial in known.hot.iter().take(KNOWN) {
        let serial = serial.to_hex().to_uppercase();
        // It wants each name once.
        writeln!(rows, "V\t350101000000Z\t\t{serial}\tunknown\t/CN={serial}")?;
    }
    std::fs::write(&index, rows)?;
    let pem = std::fs::read_to_string(&certificate)?;
    let issuer = Certificate::from_pem(&pem)?;
    let address = free_address()?;
    let mut command = Command::new("openssl");
    command
        .args(["ocsp", "-port", &address.port().to_string(), "-index"])
        .arg(&index)
        .arg("-rsigner")
        .arg(&certificate)
        .arg("-rkey")
        .arg(&key)
        .arg("-CA")
        .arg(&certificate);
    Ok((Server::other(command, address, "ACCEPT")?, issuer))
}
