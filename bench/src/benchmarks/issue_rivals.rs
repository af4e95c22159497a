//! The rivals in issuing that a Debian machine has: cfssl's API over SQLite, which stores each certificate, and `openssl ca`, one
//! process for many requests over its index file. Ours is the API over SQLite with everything stored and logged. What cfssl does
//! without a database, and so without anything that could be revoked, is told beside.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use pki::certificate::Certificate;
use pki::key::{KeyKind, Signer as _, SoftwareKey};
use pki::name::DistinguishedName;
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _};
use tokio::runtime::Runtime;

use super::issue_api;
use crate::child::{Server, cpu_of_children, free_address};
use crate::figure::Figure;
use crate::load::{Connection, press};
use crate::mixed::site::{Site, host_name};
use crate::turns::{Turn, alternate, median};
use crate::{Scale, Wanted, explain, print};

/// The figures.
pub const NAMES: &[&str] = &[CFSSL, "issue.rival.openssl"];
const CFSSL: &str = "issue.rival.cfssl";

/// How long a rival may take to begin.
const PATIENCE: Duration = Duration::from_secs(10);

/// Measures.
pub fn run(scale: Scale, wanted: &Wanted) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let site = runtime.block_on(Site::make(None))?;
    let server = site.serve()?;
    let requests = Arc::new(issue_api::requests(&site)?);
    let time = Duration::from_millis(scale.pick(1_500, 4_000));
    authority(site.folder())?;
    let pem = request()?;
    for (name, rival) in [(CFSSL, cfssl as Rival), ("issue.rival.openssl", openssl)] {
        if !wanted.has(name) {
            continue;
        }
        let mut theirs = match rival(&runtime, site.folder(), &pem, scale) {
            Ok(theirs) => theirs,
            Err(error) => {
                explain(&format!("{name}: left out: {error:#}"));
                continue;
            }
        };
        let (ours, limit) = alternate(
            scale.turns(),
            || runtime.block_on(press(&server, &requests, time)),
            &mut theirs,
        )?;
        drop(theirs);
        if name == CFSSL {
            let mut bare = cfssl_over(&runtime, site.folder(), &pem, (scale, None))?;
            let turns = (0..scale.turns()).map(|_| bare());
            let rates = turns.collect::<anyhow::Result<Vec<Turn>>>()?;
            explain(&format!(
                "{name}: over a database of its own; without one it does {:.0} and knows nothing of what it issued",
                median(rates.iter().map(Turn::rate))
            ));
        }
        print(&Figure::rate(name, &ours, &limit, "certificates/CPU s"));
    }
    Ok(())
}

/// One turn of a rival.
type Round<'r> = Box<dyn FnMut() -> anyhow::Result<Turn> + 'r>;
type Rival = for<'r> fn(&'r Runtime, &'r Path, &'r str, Scale) -> anyhow::Result<Round<'r>>;

/// A certification request for P-256, PEM.
fn request() -> anyhow::Result<String> {
    let key = SoftwareKey::generate(KeyKind::P256)?;
    let subject = DistinguishedName::new().common_name(&host_name(0))?;
    let said = pki::request::to_be_signed(&subject, key.public_key());
    let der = pki::request::assemble(&said, &key.sign(&said)?)?;
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
    let mut pem = "-----BEGIN CERTIFICATE REQUEST-----\n".to_owned();
    for line in text.as_bytes().chunks(64) {
        pem.push_str(std::str::from_utf8(line)?);
        pem.push('\n');
    }
    pem.push_str("-----END CERTIFICATE REQUEST-----\n");
    Ok(pem)
}

/// An authority of a rival's in a folder: certificate and key, PEM.
pub fn authority(folder: &Path) -> anyhow::Result<(PathBuf, PathBuf)> {
    let (certificate, key) = (folder.join("rival.pem"), folder.join("rival.key"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt"])
        .args(["ec_paramgen_curve:P-256", "-nodes", "-days", "30"])
        .args(["-subj", "/CN=Rival", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .context("running openssl")?;
    anyhow::ensure!(made.status.success(), "openssl made no authority");
    Ok((certificate, key))
}

/// cfssl's own table of certificates (its `certdb/sqlite/migrations/001_CreateCertificates.sql`): names and types are its interface.
const CFSSL_TABLE: &str = "CREATE TABLE certificates (serial_number blob NOT NULL, authority_key_identifier blob NOT NULL, \
     ca_label blob, status blob NOT NULL, reason int, expiry timestamp, revoked_at timestamp, pem blob NOT NULL, \
     PRIMARY KEY (serial_number, authority_key_identifier))";

/// Over a database, as ours: what is not known cannot be revoked.
fn cfssl<'r>(
    runtime: &'r Runtime,
    folder: &'r Path,
    pem: &'r str,
    scale: Scale,
) -> anyhow::Result<Round<'r>> {
    let database = folder.join("cfssl.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&database)
        .create_if_missing(true);
    runtime.block_on(async {
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await?;
        connection.execute(CFSSL_TABLE).await?;
        connection.close().await
    })?;
    let told = folder.join("cfssl.json");
    let text = json!({ "driver": "sqlite3", "data_source": database }).to_string();
    std::fs::write(&told, text)?;
    let round = cfssl_over(runtime, folder, pem, (scale, Some(&told)))?;
    let kept: i64 = runtime.block_on(async {
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await?;
        sqlx::query_scalar("SELECT count(*) FROM certificates")
            .fetch_one(&mut connection)
            .await
    })?;
    anyhow::ensure!(kept == 1, "cfssl issued one certificate and stored {kept}");
    Ok(round)
}

/// Over the database that a file describes, or over none.
fn cfssl_over<'r>(
    runtime: &'r Runtime,
    folder: &'r Path,
    pem: &'r str,
    (scale, database): (Scale, Option<&Path>),
) -> anyhow::Result<Round<'r>> {
    let address = free_address()?;
    // What it says of every request would fill a pipe that nobody reads.
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            "echo begins; exec \"$@\" >/dev/null 2>&1",
            "sh",
            "cfssl",
            "serve",
        ])
        .args([
            "-address",
            "127.0.0.1",
            "-port",
            &address.port().to_string(),
        ])
        .arg("-ca")
        .arg(folder.join("rival.pem"))
        .arg("-ca-key")
        .arg(folder.join("rival.key"));
    if let Some(database) = database {
        command.arg("-db-config").arg(database);
    }
    let server = Server::other(command, address, "begins")?;
    let begun = Instant::now();
    while TcpStream::connect(address).is_err() {
        anyhow::ensure!(begun.elapsed() < PATIENCE, "cfssl does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    let body = json!({ "certificate_request": pem, "hosts": [host_name(0)] }).to_string();
    let request = format!(
        "POST /api/v1/cfssl/sign HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let requests = Arc::new(vec![request.into_bytes()]);
    let first = requests.first().context("no requests")?;
    let answer = runtime.block_on(async { Connection::open(address).await?.ask(first).await })?;
    let told: Value = serde_json::from_slice(&answer.body)?;
    let certificate = told.pointer("/result/certificate").and_then(Value::as_str);
    Certificate::from_pem(certificate.context("cfssl issues nothing")?)?;
    let time = Duration::from_millis(scale.pick(1_500, 4_000));
    Ok(Box::new(move || {
        runtime.block_on(press(&server, &requests, time))
    }))
}

/// What `openssl ca` is told: everything that may cost it time without need is off.
const CONFIGURATION: &str = "[ca]\ndefault_ca=a\n[a]\ndatabase=index\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\n\
     default_days=30\nunique_subject=no\npolicy=p\nemail_in_dn=no\n[p]\ncommonName=supplied\n";

fn openssl<'r>(
    _: &'r Runtime,
    folder: &'r Path,
    pem: &'r str,
    scale: Scale,
) -> anyhow::Result<Round<'r>> {
    std::fs::write(folder.join("ca.cnf"), CONFIGURATION)?;
    std::fs::write(folder.join("request.pem"), pem)?;
    let count: u32 = scale.pick(300, 1_000);
    Ok(Box::new(move || {
        let place = folder.join("openssl-ca");
        if place.exists() {
            std::fs::remove_dir_all(&place)?;
        }
        std::fs::create_dir(&place)?;
        std::fs::write(place.join("index"), "")?;
        let (wall, cpu) = (Instant::now(), cpu_of_children()?);
        let ended = Command::new("openssl")
            .current_dir(&place)
            .args(["ca", "-batch", "-notext", "-config", "../ca.cnf"])
            .args([
                "-cert",
                "../rival.pem",
                "-keyfile",
                "../rival.key",
                "-infiles",
            ])
            .args((0..count).map(|_| "../request.pem"))
            .stdin(Stdio::null())
            .output()?;
        anyhow::ensure!(
            ended.status.success(),
            "openssl ca: {}",
            String::from_utf8_lossy(&ended.stderr)
        );
        let rows = std::fs::read_to_string(place.join("index"))?
            .lines()
            .count();
        anyhow::ensure!(
            rows == count as usize,
            "openssl ca issued {rows} of {count}"
        );
        Ok(Turn {
            done: f64::from(count),
            cpu: cpu_of_children()? - cpu,
            wall: wall.elapsed().as_secs_f64(),
        })
    }))
}
