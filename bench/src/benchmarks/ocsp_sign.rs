//! Every answer signed: each request has a nonce of its own (RFC 9654). The limit is the sum of what cannot be left out: an
//! answer of bare HTTP, the request read, the status looked up, one bare signature.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use pki::key::{KeyKind, Signer as _, SoftwareKey};
use pki::ocsp::{Request, build_request};
use tokio::runtime::Runtime;

use super::known::Known;
use super::{bare_http, ocsp};
use crate::child::{Server, cpu_of};
use crate::figure::Figure;
use crate::load::press;
use crate::turns::{Turn, alternate, median, per_wall_second};
use crate::{Scale, explain, print};

/// How many bytes of an answer are signed (`ResponseData` with a nonce).
const SIGNED: usize = 240;

/// Measures.
pub fn measure(
    runtime: &Runtime,
    scale: Scale,
    known: &Known,
    server: &Server,
) -> anyhow::Result<()> {
    let questions: Vec<Vec<u8>> = known
        .hot
        .iter()
        .zip(0_u64..)
        .map(|(serial, number)| {
            let mut nonce = [0x5a; 32];
            nonce[..8].copy_from_slice(&number.to_be_bytes());
            build_request(&known.issuer, serial, Some(&nonce))
        })
        .collect();
    let requests: Vec<Vec<u8>> = questions.iter().map(|asked| ocsp::post(asked)).collect();
    let length = runtime.block_on(ocsp::ask_all(known, server, &requests))?;
    let bare = bare_http::start(length)?;
    let requests = Arc::new(requests);
    let time = Duration::from_millis(scale.pick(1_500, 4_000));
    let key = SoftwareKey::generate(KeyKind::P256)?;
    let mut statuses = HashMap::new();
    for question in &questions {
        statuses.insert(id(question)?, ());
    }
    let (mut http, mut reading, mut signing) = (Vec::new(), Vec::new(), Vec::new());
    let (ours, limit) = alternate(
        scale.turns(),
        || runtime.block_on(press(server, &requests, time)),
        || {
            let turn = runtime.block_on(press(&bare, &requests, time))?;
            let parts = [
                turn.cpu / turn.done,
                each(time / 8, |count| {
                    let question = questions.get(count % questions.len()).context("none")?;
                    black_box(statuses.get(&id(question)?)).context("a status is not known")?;
                    Ok(())
                })?,
                each(time / 4, |_| {
                    black_box(key.sign(black_box(&[0x30; SIGNED]))?);
                    Ok(())
                })?,
            ];
            http.push(parts[0]);
            reading.push(parts[1]);
            signing.push(parts[2]);
            Ok(Turn {
                done: 1.0,
                cpu: parts.iter().sum(),
                wall: turn.wall / turn.done,
            })
        },
    )?;
    let micro = |values: Vec<f64>| median(values.into_iter()) * 1e6;
    explain(&format!(
        "ocsp.sign: the limit is {:.1} µs of HTTP, {:.2} µs of reading and looking up, {:.1} µs of signing; an answer has {length} \
         bytes; {:.0} requests a second on the wall beside whoever asks",
        micro(http),
        micro(reading),
        micro(signing),
        per_wall_second(&ours),
    ));
    print(&Figure::rate("ocsp.sign", &ours, &limit, "requests/CPU s"));
    Ok(())
}

/// The `CertID` a request asks about.
fn id(question: &[u8]) -> anyhow::Result<&[u8]> {
    let request = Request::from_der(question)?;
    Ok(request.entries().first().context("no entry")?.der())
}

/// Processor time of one of these, in seconds.
fn each(time: Duration, mut work: impl FnMut(usize) -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let start = cpu_of("self")?;
    let mut count = 0;
    loop {
        for _ in 0..1_000 {
            work(count)?;
            count += 1;
        }
        let spent = cpu_of("self")? - start;
        if spent >= time.as_secs_f64() {
            return Ok(spent / count as f64);
        }
    }
}
