//! Revocation lists as files: headers that let caches and clients keep them right, and a body that is read from the database
//! while it is sent.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flows::House;
use flows::crl::CrlRow;
use http_body_util::channel::{Channel, Sender};
use model::Timestamp;

use crate::web::Web;

/// A list of so many parts, a megabyte, is sent from memory; a longer one part by part.
const SHORT: i64 = 16;

/// A new list may come any moment after a change, so caches ask again soon.
const KEEP_SECONDS: i64 = 60;

/// The date form of HTTP (RFC 9110 5.6.7), always in GMT.
const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// Answers for the list with that file name.
pub(super) async fn serve(web: &Web, file: &str, headers: &HeaderMap) -> Response {
    let list = match flows::crl::by_file_name(&web.house, file).await {
        Ok(Some(list)) => list,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(fault) => {
            tracing::error!(cause = %fault.chain(), "a revocation list was not read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let mut response = if is_known(&list, headers) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        match body(&web.house, &list).await {
            Some(body) => {
                let mut response = Response::new(body);
                let headers = response.headers_mut();
                headers.insert(
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/pkix-crl"),
                );
                set(headers, header::CONTENT_LENGTH, &list.octets.to_string());
                response
            }
            None => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        }
    };
    let now = web.asking().now;
    validity(response.headers_mut(), &list, now);
    response
}

/// Which list it is, since when, and how long it may be kept: a minute, and never past its end (RFC 9111 4.2.1).
fn validity(headers: &mut HeaderMap, list: &CrlRow, now: Timestamp) {
    let keep = (list.next_update.seconds() - now.seconds()).clamp(0, KEEP_SECONDS);
    set(headers, header::ETAG, &tag(list));
    set(
        headers,
        header::CACHE_CONTROL,
        &format!("public, max-age={keep}"),
    );
    set(headers, header::LAST_MODIFIED, &date(list.this_update));
    set(
        headers,
        header::EXPIRES,
        &date(Timestamp(now.seconds() + keep)),
    );
}

/// A number names one list of its scope for ever (RFC 5280 5.2.3); the time tells apart what a restored database made twice.
fn tag(list: &CrlRow) -> String {
    format!("\"{}-{}\"", list.key.number, list.this_update.seconds())
}

/// Whether the client has it already (RFC 9110 13.2.2: the tag decides, the date only without one).
fn is_known(list: &CrlRow, headers: &HeaderMap) -> bool {
    let tags = headers.get_all(header::IF_NONE_MATCH);
    if tags.iter().next().is_some() {
        let ours = tag(list);
        return tags
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.trim_start_matches("W/") == ours);
    }
    headers
        .get(header::IF_MODIFIED_SINCE)
        .and_then(|value| value.to_str().ok())
        .and_then(read_date)
        .is_some_and(|since| list.this_update <= since)
}

async fn body(house: &House, list: &CrlRow) -> Option<Body> {
    if list.parts <= SHORT {
        return match flows::crl::der(house, list).await {
            Ok(der) => Some(Body::from(der)),
            Err(fault) => {
                tracing::error!(cause = %fault.chain(), "a revocation list was not read");
                None
            }
        };
    }
    // One part waits while one is sent, so a slow client costs little memory.
    let (sender, body) = Channel::new(1);
    tokio::spawn(send(house.clone(), list.clone(), sender));
    Some(Body::new(body))
}

/// Reads part after part as the client takes them. What cannot be read ends the connection, so that nobody takes the beginning of
/// a list for a list.
async fn send(house: House, list: CrlRow, mut sender: Sender<Bytes, Cut>) {
    for number in 0..list.parts {
        match flows::crl::part(&house, &list, number).await {
            Ok(Some(octets)) => {
                if sender.send_data(Bytes::from(octets)).await.is_err() {
                    return;
                }
            }
            Ok(None) => return sender.abort(Cut),
            Err(fault) => {
                tracing::error!(cause = %fault.chain(), "a revocation list was not read to its end");
                return sender.abort(Cut);
            }
        }
    }
}

/// A list that was not sent to its end.
#[derive(Debug, thiserror::Error)]
#[error("the revocation list could not be read to its end")]
struct Cut;

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn date(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.seconds())
        .map(|at| at.strftime(HTTP_DATE).to_string())
        .unwrap_or_default()
}

fn read_date(text: &str) -> Option<Timestamp> {
    let moment = jiff::fmt::strtime::parse(HTTP_DATE, text)
        .and_then(|parts| parts.to_datetime())
        .and_then(|moment| jiff::tz::TimeZone::UTC.to_timestamp(moment))
        .ok()?;
    Some(Timestamp(moment.as_second()))
}
