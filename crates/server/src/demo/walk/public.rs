//! The public addresses, asked as a relying party asks them: bytes over HTTP, judged with nothing but certificates.

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use pki::certificate::Certificate;
use pki::crl::Crl;
use pki::ocsp::{Response, Status, build_request};
use tower::ServiceExt as _;

use crate::demo::artifacts::Artifacts;

async fn send(router: &Router, request: Request<Body>) -> anyhow::Result<Vec<u8>> {
    let response = router
        .clone()
        .oneshot(request)
        .await
        .context("asking the server")?;
    anyhow::ensure!(
        response.status() == StatusCode::OK,
        "the server answered {}",
        response.status()
    );
    Ok(response
        .into_body()
        .collect()
        .await
        .context("reading the answer")?
        .to_bytes()
        .to_vec())
}

/// The part of an address after the host, for the routes in process.
fn path(address: &str) -> anyhow::Result<&str> {
    let rest = address
        .strip_prefix("http://")
        .context("an address in a certificate is not plain HTTP")?;
    rest.find('/')
        .and_then(|slash| rest.get(slash..))
        .context("an address in a certificate has no path")
}

/// Fetches the issuer's certificate from where a certificate says it is.
pub(super) async fn issuer_of(
    router: &Router,
    certificate: &Certificate,
) -> anyhow::Result<Certificate> {
    let address = certificate
        .issuer_certificate_address()
        .context("no address of the issuer's certificate")?;
    let der = send(router, Request::get(path(address)?).body(Body::empty())?).await?;
    Ok(Certificate::from_der(&der)?)
}

/// Fetches and verifies the revocation list from where a certificate says it is.
pub(super) async fn list_of(
    router: &Router,
    certificate: &Certificate,
    issuer: &Certificate,
) -> anyhow::Result<Crl> {
    let address = certificate
        .revocation_list_address()
        .context("no address of the revocation list")?;
    let der = send(router, Request::get(path(address)?).body(Body::empty())?).await?;
    let list = Crl::from_der(&der)?;
    list.verify(issuer)?;
    Ok(list)
}

/// Asks OCSP, verifies the answer, and keeps both for other tools.
pub(super) async fn ocsp(
    router: &Router,
    artifacts: &Artifacts,
    name: &str,
    certificate: &Certificate,
    issuer: &Certificate,
    now: i64,
) -> anyhow::Result<Status> {
    let address = certificate
        .ocsp_address()
        .context("no address of the OCSP responder")?;
    let request = build_request(issuer, &certificate.serial(), None);
    let asked = Request::post(path(address)?)
        .header(header::CONTENT_TYPE, "application/ocsp-request")
        .body(Body::from(request.clone()))?;
    let answer = send(router, asked).await?;
    artifacts.write(&format!("ocsp/{name}.req.der"), &request)?;
    artifacts.write(&format!("ocsp/{name}.resp.der"), &answer)?;
    let response = Response::from_der(&answer)?;
    response.verify(issuer, now)?;
    response
        .status_of(issuer, &certificate.serial())
        .context("the answer is about another certificate")
}
