//! What relying parties fetch without asking who they are: authority certificates, revocation lists, OCSP answers. Plain
//! HTTP is right here (RFC 5280 4.2.1.13): every object carries its own signature.

mod certificate;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, OriginalUri, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use flows::{crl, ocsp};
use model::role::Actor;
use percent_encoding::percent_decode_str;

use crate::web::Web;

/// The largest OCSP request that is read, in bytes.
const LARGEST_REQUEST: usize = 8 * 1024;

/// The addresses of the certificate authority.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/pki/{file}", get(file))
        .route("/ocsp", post(ocsp_post))
        .route("/ocsp/", post(ocsp_post))
        .route("/ocsp/{*request}", get(ocsp_get))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
}

async fn file(State(web): State<Web>, Path(file): Path<String>) -> Response {
    if let Some(name) = file.strip_suffix(".cer") {
        return certificate::der(&web, name);
    }
    if let Some(name) = file.strip_suffix(".pem") {
        return certificate::pem(&web, name);
    }
    let Some(name) = file.strip_suffix(".crl") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match crl::latest(&web.house, name).await {
        // A new list may come any moment after a revocation, so caches ask again soon.
        Ok(Some(row)) => (
            [
                (header::CONTENT_TYPE, "application/pkix-crl"),
                (header::CACHE_CONTROL, "public, max-age=60"),
            ],
            row.der,
        )
            .into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => {
            tracing::error!(cause = %fault.chain(), "a revocation list was not read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn ocsp_post(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    // RFC 6960 A.1: the media type is fixed; anything else is not meant for us.
    let media = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !media
        .trim()
        .eq_ignore_ascii_case("application/ocsp-request")
    {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    answer(&web, &body, false).await
}

/// RFC 6960 A.1: base64 of the request, URL-encoded, after the address. Clients differ in what they escape, and proxies fold
/// double slashes; the raw path is therefore decoded leniently.
async fn ocsp_get(State(web): State<Web>, OriginalUri(uri): OriginalUri) -> Response {
    let raw = uri.path().strip_prefix("/ocsp/").unwrap_or_default();
    let text = percent_decode_str(raw).decode_utf8_lossy();
    if text.len() > LARGEST_REQUEST * 4 / 3 {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let standard: String = text
        .chars()
        .map(|letter| match letter {
            '-' => '+',
            '_' => '/',
            ' ' => '+',
            other => other,
        })
        .collect();
    let engine = base64::engine::GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        base64::engine::GeneralPurposeConfig::new()
            .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
    );
    // What is no base64 is no request: the OCSP error says so in the protocol's own words.
    let request = engine.decode(standard).unwrap_or_default();
    answer(&web, &request, true).await
}

async fn answer(web: &Web, request: &[u8], cacheable: bool) -> Response {
    let mut asking = web.asking();
    let now = asking.now.seconds();
    let call = asking.call(Actor::Nobody);
    let answer = ocsp::answer(&web.house, &call, request).await;
    let caching = match answer.keep_until {
        // RFC 5019 6.2: a cache may keep the answer no longer than it holds.
        Some(until) if cacheable => format!(
            "max-age={}, public, no-transform, must-revalidate",
            (until - now).max(0)
        ),
        _ => "no-store".to_owned(),
    };
    let mut response = (
        [(header::CONTENT_TYPE, "application/ocsp-response")],
        answer.der,
    )
        .into_response();
    if let Ok(value) = HeaderValue::from_str(&caching) {
        response.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    response
}
