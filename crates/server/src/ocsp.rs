//! OCSP over HTTP (RFC 6960 appendix A; RFC 5019 for caches): moves bytes between HTTP and `flows::ocsp`, which has every rule.
//! Most requests never come here: [`hatch`](crate::hatch) answers them.

use std::sync::LazyLock;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flows::ocsp::{Signed, VALID_SECONDS};
use http_body_util::Full;
use model::role::Actor;
use percent_encoding::percent_decode_str;

use crate::web::Web;

/// The largest OCSP request that is read, in bytes.
pub(crate) const LARGEST_REQUEST: usize = 8 * 1024;
/// The largest request by GET that is looked for in memory, in letters: a plain question has less than 170, each escaped at the
/// worst.
pub(crate) const LARGEST_PLAIN: usize = 512;

/// The addresses of OCSP.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/ocsp", post(by_post))
        .route("/ocsp/", post(by_post))
        .route("/ocsp/{*request}", get(by_get))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
}

async fn by_post(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let is_request = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|media| is_request(media.as_bytes()));
    if !is_request {
        return status(StatusCode::UNSUPPORTED_MEDIA_TYPE).map(Body::new);
    }
    answer_post(&web, &body).await.map(Body::new)
}

async fn by_get(
    State(web): State<Web>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response<Body> {
    let raw = uri.path().strip_prefix("/ocsp/").unwrap_or_default();
    answer_get(&web, raw, &headers).await.map(Body::new)
}

/// RFC 6960 A.1: the media type is fixed; anything else is not meant for us.
pub(crate) fn is_request(media: &[u8]) -> bool {
    media
        .trim_ascii()
        .eq_ignore_ascii_case(b"application/ocsp-request")
}

/// The answer to a request that came by POST.
pub(crate) async fn answer_post(web: &Web, request: &[u8]) -> Response<Full<Bytes>> {
    let now = web.clock.now().seconds();
    let ready = |signed: Signed<'_>| once(Bytes::copy_from_slice(signed.der));
    if let Some(answer) = web.house.answers.ready(request, now, ready) {
        return answer;
    }
    let mut asking = web.asking();
    let call = asking.call(Actor::Nobody);
    once(
        flows::ocsp::answer(&web.house, &call, request)
            .await
            .der
            .into(),
    )
}

/// The answer to a request that came by GET. RFC 6960 A.1: base64 of the request, URL-encoded, after the address. Clients differ
/// in what they escape, and proxies fold double slashes; the raw path is therefore decoded leniently.
pub(crate) async fn answer_get(web: &Web, raw: &str, headers: &HeaderMap) -> Response<Full<Bytes>> {
    let text = percent_decode_str(raw).decode_utf8_lossy();
    if text.len() > LARGEST_REQUEST * 4 / 3 {
        return status(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let standard: Vec<u8> = text.bytes().map(standard).collect();
    // What is no base64 is no request: the OCSP error says so in the protocol's own words.
    let request = BASE64.decode(standard).unwrap_or_default();
    let now = web.clock.now().seconds();
    let ready = |signed: Signed<'_>| keep(signed, now, headers);
    if let Some(answer) = web.house.answers.ready(&request, now, ready) {
        return answer;
    }
    let mut asking = web.asking();
    let now = asking.now.seconds();
    let call = asking.call(Actor::Nobody);
    let answer = flows::ocsp::answer(&web.house, &call, &request).await;
    match answer.kept() {
        Some(signed) => keep(signed, now, headers),
        None => once(answer.der.into()),
    }
}

/// Decodes what stands behind `/ocsp/` into `request`, without taking memory; says how long it is. Nothing when it is longer
/// than a plain question or written in a way that only [`answer_get`] understands.
pub(crate) fn decode_plain(raw: &[u8], request: &mut [u8; LARGEST_PLAIN]) -> Option<usize> {
    let mut text = [0; LARGEST_PLAIN];
    let text = unescape(raw, &mut text)?;
    BASE64.decode_slice(text, request).ok()
}

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A letter of base64 as RFC 4648 4 has it, whichever alphabet it was written in.
fn standard(letter: u8) -> u8 {
    match letter {
        b'-' | b' ' => b'+',
        b'_' => b'/',
        other => other,
    }
}

/// Percent-decodes into `room`; nothing when it is too long or an escape is none, which the lenient way sorts out.
fn unescape<'a>(raw: &[u8], room: &'a mut [u8]) -> Option<&'a [u8]> {
    let mut letters = raw.iter();
    let mut length = 0;
    while let Some(letter) = letters.next() {
        let letter = if *letter == b'%' {
            let (high, low) = (digit(*letters.next()?)?, digit(*letters.next()?)?);
            high << 4 | low
        } else {
            *letter
        };
        *room.get_mut(length)? = standard(letter);
        length += 1;
    }
    room.get(..length)
}

fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'A'..=b'F' => Some(letter - b'A' + 10),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    }
}

/// The media type of every answer (RFC 6960 A.2).
pub(crate) const OCSP_RESPONSE: &str = "application/ocsp-response";
/// An answer for the one who asked (RFC 9111 5.2.2.5).
pub(crate) const NO_STORE: &str = "no-store";

/// `Cache-Control` for an answer that has so many seconds left: caches may keep it no longer than it holds, and must not touch
/// it (RFC 5019 6.2).
pub(crate) fn keep_for(seconds: i64) -> &'static str {
    static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
        (0..=VALID_SECONDS)
            .map(|seconds| format!("max-age={seconds}, public, no-transform, must-revalidate"))
            .collect()
    });
    usize::try_from(seconds)
        .ok()
        .and_then(|seconds| TEXTS.get(seconds))
        .map_or(NO_STORE, String::as_str)
}

fn once(der: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(der));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(OCSP_RESPONSE),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(NO_STORE));
    response
}

/// An answer that caches may keep (RFC 5019 6.2), or 304 for whoever has it already (RFC 9110 13.2.2).
fn keep(signed: Signed<'_>, now: i64, asked: &HeaderMap) -> Response<Full<Bytes>> {
    let mut response = if is_known(&signed, asked) {
        status(StatusCode::NOT_MODIFIED)
    } else {
        let mut response = Response::new(Full::new(Bytes::copy_from_slice(signed.der)));
        let media = HeaderValue::from_static(OCSP_RESPONSE);
        response.headers_mut().insert(header::CONTENT_TYPE, media);
        response
    };
    let headers = response.headers_mut();
    let caching = HeaderValue::from_static(keep_for(signed.times.next_update - now));
    headers.insert(header::CACHE_CONTROL, caching);
    for (name, value) in [
        (header::ETAG, signed.tag),
        (header::LAST_MODIFIED, signed.times.last_modified.as_bytes()),
        (header::EXPIRES, signed.times.expires.as_bytes()),
    ] {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.insert(name, value);
        }
    }
    response
}

/// Whether the one who asks has this very answer: by its tag, and only without tags by its time (RFC 9110 13.1.2, 13.1.3).
fn is_known(signed: &Signed<'_>, asked: &HeaderMap) -> bool {
    if asked.contains_key(header::IF_NONE_MATCH) {
        return asked
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
            .map(<[u8]>::trim_ascii)
            .any(|tag| tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == signed.tag);
    }
    asked
        .get(header::IF_MODIFIED_SINCE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| jiff::fmt::rfc2822::parse(text).ok())
        .is_some_and(|since| signed.times.this_update <= since.timestamp().as_second())
}

/// An answer of HTTP alone.
fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}
