//! Who asks: a program, by the secret it was granted (RFC 6750 2.1).

use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::extract::rejection::BytesRejection;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use flows::once::Once;
use flows::{Call, PlainStop, Stop, api_client};
use model::role::Actor;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::problem;
use crate::process::Asking;
use crate::text::Language;
use crate::web::Web;

/// The longest idempotency key, in characters.
const LONGEST_KEY: usize = 255;

/// A program that has been recognised.
pub struct Caller {
    /// The language of what it is told.
    pub language: Language,
    asking: Asking,
    actor: Actor,
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let text = |name| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let mut caller = Self {
            language: Language::choose(None, None, text(header::ACCEPT_LANGUAGE)),
            asking: web.asking(),
            actor: Actor::Nobody,
        };
        let nobody =
            |caller: &Self| caller.problem(StatusCode::UNAUTHORIZED, problem::SECRET_UNKNOWN);
        let Some(secret) = text(header::AUTHORIZATION).and_then(bearer) else {
            return Err(nobody(&caller));
        };
        match api_client::recognise(&web.house, secret).await {
            Ok(actor) => caller.actor = actor,
            Err(stop) => {
                return Err(match stop.plain() {
                    PlainStop::Refused(_) => nobody(&caller),
                    PlainStop::Fault(fault) => {
                        caller.stop(Stop::<api_client::ManageClientsRefusal>::Fault(fault))
                    }
                });
            }
        }
        Ok(caller)
    }
}

/// The credentials of the scheme Bearer, whose name is written in any case (RFC 9110 11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, secret) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| secret.trim_start())
}

impl Caller {
    /// The call of the program.
    pub fn call(&mut self) -> Call<'_> {
        self.asking.call(self.actor.clone())
    }

    /// The request's name in the log.
    pub fn request(&self) -> String {
        self.asking.request_id.to_string()
    }

    /// The body, or the answer to one that could not be read.
    pub fn body(&self, body: Result<Bytes, BytesRejection>) -> Result<Bytes, No> {
        body.map_err(|rejected| match rejected.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                self.no(StatusCode::PAYLOAD_TOO_LARGE, problem::BODY_TOO_LARGE)
            }
            status => self.no(status, problem::BODY_UNREADABLE),
        })
    }

    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self, headers: &HeaderMap, body: &Bytes) -> Result<T, No> {
        if media_type(headers) != "application/json" {
            return Err(self.no(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                problem::MEDIA_TYPE_UNFIT,
            ));
        }
        serde_json::from_slice(body)
            .map_err(|_| self.no(StatusCode::BAD_REQUEST, problem::BODY_UNREADABLE))
    }

    /// The key under which the program asks, if it has one; `body` is all that it asks besides the address.
    pub fn once<'h>(
        &self,
        headers: &'h HeaderMap,
        uri: &Uri,
        body: &[u8],
    ) -> Result<Option<Once<'h>>, No> {
        let Some(value) = headers.get("idempotency-key") else {
            return Ok(None);
        };
        let key = value.to_str().ok().filter(|key| {
            (1..=LONGEST_KEY).contains(&key.len())
                && key.bytes().all(|byte| byte.is_ascii_graphic())
        });
        let Some(key) = key else {
            return Err(self.no(StatusCode::BAD_REQUEST, problem::KEY_UNFIT));
        };
        let mut asked = uri.to_string().into_bytes();
        asked.push(b'\n');
        asked.extend_from_slice(body);
        Ok(Some(Once {
            key,
            digest: pki::digest::sha256(&asked),
        }))
    }

    /// A parameter of the address that is a number.
    pub fn number<T: std::str::FromStr>(&self, uri: &Uri, name: &str) -> Result<Option<T>, No> {
        let Some(text) = crate::session::parameter(uri.query().unwrap_or_default(), name) else {
            return Ok(None);
        };
        let number = text.parse();
        number
            .map(Some)
            .map_err(|_| self.no(StatusCode::BAD_REQUEST, problem::PARAMETER_UNFIT))
    }

    fn no(&self, status: StatusCode, code: &str) -> No {
        No(Box::new(self.problem(status, code)))
    }
}

/// The answer to a request that is not carried out, boxed because it is large beside what is returned when all is well.
pub struct No(Box<Response>);

impl From<Response> for No {
    fn from(answer: Response) -> Self {
        Self(Box::new(answer))
    }
}

impl From<No> for Response {
    fn from(no: No) -> Self {
        *no.0
    }
}

/// An answer in JSON that no cache keeps.
pub fn answer(status: StatusCode, value: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, value.to_string()).into_response()
}

/// The media type of a body without its parameters, lower case.
pub fn media_type(headers: &HeaderMap) -> String {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Whether the program wants JSON where there is something else as well.
pub fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"))
}
