//! "Is this certificate good?" over HTTP: a million certificates known, a hot set of them asked about again and again. Here the
//! house is made, and what it has in memory is measured beside hyper answering as many bytes to the same requests; files beside
//! this one measure the rest over the same house.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pki::ocsp::{Response, Status, build_request};

use super::known::Known;
use super::{bare_http, ocsp_fresh, ocsp_openssl, ocsp_sign};
use crate::child::Server;
use crate::figure::Figure;
use crate::load::{Connection, press};
use crate::turns::{alternate, per_wall_second};
use crate::{Scale, Wanted, explain, print};

/// The figures.
pub const NAMES: &[&str] = &[
    "ocsp.get",
    "ocsp.post",
    "ocsp.sign",
    "ocsp.fresh",
    "ocsp.rival.openssl",
];

/// How many certificates the house knows, and how many of them are asked about.
const KNOWN: u32 = 1_000_000;
const HOT: u32 = 50_000;

/// Measures.
pub fn run(scale: Scale, wanted: &Wanted) -> anyhow::Result<()> {
    // One thread asks: the rest of the machine is the server's.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let known = runtime.block_on(Known::make(KNOWN, HOT))?;
    let server = known.serve()?;
    explain(&format!(
        "{KNOWN} certificates known, {HOT} asked about; the server at rest has {:.0} MiB resident",
        server.resident()?
    ));
    for (name, request) in [
        ("ocsp.get", get as fn(&[u8]) -> Vec<u8>),
        ("ocsp.post", post),
    ] {
        if !wanted.has(name) {
            continue;
        }
        let requests: Vec<Vec<u8>> = known
            .hot
            .iter()
            .map(|serial| request(&build_request(&known.issuer, serial, None)))
            .collect();
        // Every question once: what is kept in memory is made on the first.
        let length = runtime.block_on(ask_all(&known, &server, &requests))?;
        let bare = bare_http::start(length)?;
        let requests = Arc::new(requests);
        let time = Duration::from_millis(scale.pick(1_500, 4_000));
        let (ours, limit) = alternate(
            scale.turns(),
            || runtime.block_on(press(&server, &requests, time)),
            || runtime.block_on(press(&bare, &requests, time)),
        )?;
        explain(&format!(
            "{name}: an answer has {length} bytes; {:.0} requests a second on the wall beside whoever asks, the limit {:.0}; \
             {:.0} MiB resident",
            per_wall_second(&ours),
            per_wall_second(&limit),
            server.resident()?
        ));
        print(&Figure::rate(name, &ours, &limit, "requests/CPU s"));
    }
    if wanted.has("ocsp.sign") {
        ocsp_sign::measure(&runtime, scale, &known, &server)?;
    }
    if wanted.has("ocsp.rival.openssl") {
        ocsp_openssl::measure(&runtime, scale, &known, &server)?;
    }
    if wanted.has("ocsp.fresh") {
        ocsp_fresh::measure(&runtime, scale, &known, &server)?;
    }
    Ok(())
}

/// Asks every question once, holds every answer to be good and signed, and says how long an answer is.
pub async fn ask_all(
    known: &Known,
    server: &Server,
    requests: &[Vec<u8>],
) -> anyhow::Result<usize> {
    let mut connection = Connection::open(server.address).await?;
    let mut length = 0;
    for (request, serial) in requests.iter().zip(&known.hot) {
        let answer = connection.ask(request).await?;
        let response = Response::from_der(&answer.body)?;
        anyhow::ensure!(
            response.status_of(&known.issuer, serial) == Some(Status::Good),
            "a certificate in force is not good: {}",
            answer.head
        );
        length = answer.body.len();
    }
    Ok(length)
}

/// A request by GET, as RFC 6960 A.1 has it.
pub fn get(request: &[u8]) -> Vec<u8> {
    let path = STANDARD
        .encode(request)
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    format!("GET /ocsp/{path} HTTP/1.1\r\nHost: pki.example.se\r\n\r\n").into_bytes()
}

/// A request by POST.
pub fn post(request: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "POST /ocsp HTTP/1.1\r\nHost: pki.example.se\r\nContent-Type: application/ocsp-request\r\nContent-Length: {}\r\n\r\n",
        request.len()
    )
    .into_bytes();
    bytes.extend_from_slice(request);
    bytes
}
