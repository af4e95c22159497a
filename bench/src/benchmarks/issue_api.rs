//! Issuing over the API, 32 at a time: a program is recognised, its certification request checked, the intention stored, linted,
//! signed, the certificate stored, both acts in the log, every commit durable; beside the same without storage: who asks and what
//! was approved are read from the same database, and what is signed is answered and forgotten.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Router, middleware};
use axum_server::Handle;
use flows::function::Certified;
use flows::{House, api_client};
use model::function::{FunctionState, HostName};
use model::id::FunctionId;
use pki::certificate::{self, Certificate};
use pki::key::{KeyKind, Signer as _, SoftwareKey};
use pki::lint::lint_of;
use pki::name::DistinguishedName;
use pki::profile::{CertificateRequest, Details, Issuer, tbs};
use pki::request::Request;
use pki::serial::Serial;
use server::hatch::Hatch;
use server::process::{Asking, SystemClock};
use server::{boot, routes, serve};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::known;
use crate::child::Server;
use crate::figure::Figure;
use crate::load::{Connection, press};
use crate::mixed::site::{self, Site, done, host_name};
use crate::turns::{alternate, per_wall_second};
use crate::{Scale, Wanted, explain, print};

/// The figures.
pub const NAMES: &[&str] = &["issue.sqlite", "issue.postgres"];

/// Where the figure on PostgreSQL is measured: a server where a database may be made.
const SERVER: &str = "SIGILL_TEST_POSTGRES";

/// How many different requests are asked with.
const REQUESTS: usize = 64;

/// How a certificate in PEM ends (RFC 7468 5).
const PEM_END: &str = "-----END CERTIFICATE-----";

/// Measures.
pub fn run(scale: Scale, wanted: &Wanted) -> anyhow::Result<()> {
    // One thread asks: the rest of the machine is the server's.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    if wanted.has("issue.sqlite") {
        measure("issue.sqlite", None, &runtime, scale)?;
    }
    if wanted.has("issue.postgres") {
        let Ok(server) = std::env::var(SERVER) else {
            explain(&format!("issue.postgres is left out: {SERVER} is not set"));
            return Ok(());
        };
        let name = format!("sigill_bench_{}", std::process::id());
        let (address, _) = server
            .rsplit_once('/')
            .with_context(|| format!("{SERVER} names no database"))?;
        runtime.block_on(ask(&server, format!("CREATE DATABASE {name}")))?;
        let database = format!("{address}/{name}");
        let outcome = measure("issue.postgres", Some(database), &runtime, scale);
        runtime.block_on(ask(&server, format!("DROP DATABASE {name} WITH (FORCE)")))?;
        outcome?;
    }
    Ok(())
}

async fn ask(server: &str, sql: String) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(server).await?;
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

fn measure(
    name: &'static str,
    database: Option<String>,
    runtime: &tokio::runtime::Runtime,
    scale: Scale,
) -> anyhow::Result<()> {
    let site = runtime.block_on(Site::make(database))?;
    let stored = site.serve()?;
    let forgotten = Server::start("unstored", &site.arguments())?;
    let requests = Arc::new(requests(&site)?);
    // What is measured are certificates that hold.
    for server in [&stored, &forgotten] {
        runtime.block_on(check(server, &requests))?;
    }
    let time = Duration::from_millis(scale.pick(1_500, 4_000));
    let (ours, limit) = alternate(
        scale.turns(),
        || runtime.block_on(press(&stored, &requests, time)),
        || runtime.block_on(press(&forgotten, &requests, time)),
    )?;
    explain(&format!(
        "{name}: {:.0} certificates a second on the wall beside whoever asks, without storage {:.0}",
        per_wall_second(&ours),
        per_wall_second(&limit),
    ));
    print(&Figure::rate(name, &ours, &limit, "certificates/CPU s"));
    Ok(())
}

/// Requests of the first function, each for a key of its own.
pub fn requests(site: &Site) -> anyhow::Result<Vec<Vec<u8>>> {
    let function = site.functions.first().context("no functions")?;
    let subject = DistinguishedName::new().common_name(&host_name(0))?;
    (0..REQUESTS)
        .map(|_| {
            let key = SoftwareKey::generate(KeyKind::P256)?;
            let said = pki::request::to_be_signed(&subject, key.public_key());
            let body = pki::request::assemble(&said, &key.sign(&said)?)?;
            let mut request = format!(
                "POST /api/v1/functions/{function}/certificates HTTP/1.1\r\nHost: sigill.example.se\r\n{}\
                 Content-Type: application/pkcs10\r\nContent-Length: {}\r\n\r\n",
                site.authorization,
                body.len()
            )
            .into_bytes();
            request.extend_from_slice(&body);
            Ok(request)
        })
        .collect()
}

async fn check(server: &Server, requests: &[Vec<u8>]) -> anyhow::Result<()> {
    let request = requests.first().context("no requests")?;
    let answer = Connection::open(server.address).await?.ask(request).await?;
    let chain = String::from_utf8(answer.body)?;
    let mut parts = chain.split_inclusive(PEM_END);
    let mut next = || Certificate::from_pem(parts.next().unwrap_or_default());
    let (certificate, issuer) = (next()?, next()?);
    anyhow::ensure!(
        certificate.is_signed_by(&issuer),
        "the certificate that is measured does not hold"
    );
    Ok(())
}

/// The child: answers as the API does, from a house in a folder and its database, and stores nothing.
pub fn forget(arguments: &[String]) -> anyhow::Result<()> {
    let config = site::config_of(arguments)?;
    known::tell_when_listening(config.listen);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let house = boot::open(&config, &SystemClock).await?;
            let router = Router::new()
                .route("/api/v1/functions/{id}/certificates", post(certify))
                .layer(DefaultBodyLimit::max(64 * 1024))
                .layer(middleware::from_fn(routes::protect))
                .with_state(house);
            serve::listen(config.listen, router, Hatch::closed(), Handle::new()).await
        })
}

async fn certify(
    State(house): State<House>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match certified(&house, &id, &headers, &body).await {
        Ok(chain) => {
            let kind = (header::CONTENT_TYPE, "application/pem-certificate-chain");
            let headers = [kind, (header::CACHE_CONTROL, "no-store")];
            (StatusCode::CREATED, headers, chain).into_response()
        }
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    }
}

async fn certified(
    house: &House,
    id: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> anyhow::Result<String> {
    let authorization = headers.get(header::AUTHORIZATION).context("nobody")?;
    let secret = authorization.to_str()?.strip_prefix("Bearer ");
    let actor = done(api_client::recognise(house, secret.context("no secret")?).await)?;
    let id = FunctionId::parse(id)?;
    let function = {
        let mut read = house.database.read().await?;
        store::function::by_id(&mut read, &id)
            .await?
            .context("no such function")?
    };
    anyhow::ensure!(
        function.client.as_ref() == actor.client() && function.state == FunctionState::Approved,
        "not for this program"
    );
    let request = Request::from_pem_or_der(body)?;
    for name in request.names() {
        let approved = |host: &HostName| host.as_str() == name.text();
        anyhow::ensure!(
            function.host_names.iter().any(approved),
            "a name that was not approved"
        );
    }
    let (authority, profile) = house
        .authorities
        .issuing(&function.profile, None, function.test)?;
    let issuer = Issuer::Authority(&authority.certificate);
    let subject = DistinguishedName::new()
        .country("SE")?
        .organisation(&house.settings.organisation)?
        .common_name(function.name.as_str())?;
    let names: Vec<String> = function
        .host_names
        .iter()
        .map(HostName::to_string)
        .collect();
    let mut asking = Asking::at(&SystemClock);
    let mut call = asking.call(actor);
    let now = call.now.seconds();
    let body = tbs(&CertificateRequest {
        profile,
        issuer,
        subject: &subject,
        subject_key: request.public_key(),
        serial: Serial::at(now, call.random()),
        not_before: now,
        not_after: now + i64::from(profile.longest_days) * 86_400 - 1,
        details: Details {
            dns_names: &names,
            ..Details::default()
        },
        addresses: &flows::authorities::addresses(&house.settings, authority),
    })?;
    let linted = lint_of(request.public_key(), &body, profile, issuer)
        .map_err(|findings| anyhow::anyhow!("the lint found {} faults", findings.len()))?;
    let certified = Certified {
        certificate: certificate::sign(linted, authority.signer.as_ref())?,
        authority: authority.name.clone(),
    };
    Ok(certified.chain(house))
}
