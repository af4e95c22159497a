//! Problem details (RFC 9457): what the API says no with. `code` is the refusal's own, the same as on pages and in the log;
//! `detail` its text in the language that the program asked for.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use flows::{PlainStop, Refuse, Stop};
use serde_json::json;

use super::caller::Caller;
use crate::answer;
use crate::text::Language;

/// The body is not what it should be.
pub const BODY_UNREADABLE: &str = "api.body-unreadable";
/// The body is too large.
pub const BODY_TOO_LARGE: &str = "api.body-too-large";
/// The body is of a media type that is not taken.
pub const MEDIA_TYPE_UNFIT: &str = "api.media-type-unfit";
/// A parameter in the address is not what it should be.
pub const PARAMETER_UNFIT: &str = "api.parameter-unfit";
/// The idempotency key is not what it should be.
pub const KEY_UNFIT: &str = "api.key-unfit";
/// No secret, or one that nobody has.
pub const SECRET_UNKNOWN: &str = "api.secret-unknown";
/// Something of ours failed.
pub const FAULT: &str = "api.fault";

/// Every code that is the API's own.
#[cfg(test)]
pub const OWN: [&str; 7] = [
    BODY_UNREADABLE,
    BODY_TOO_LARGE,
    MEDIA_TYPE_UNFIT,
    PARAMETER_UNFIT,
    KEY_UNFIT,
    SECRET_UNKNOWN,
    FAULT,
];

/// A problem. Its type is `about:blank`, so its title is the status's own (RFC 9457 4.2.1).
pub fn problem(
    language: Language,
    request: &str,
    status: StatusCode,
    code: &str,
    name: Option<&str>,
) -> Response {
    let mut body = json!({
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "detail": language.coded("refusal", code),
        "code": code,
        "request": request,
    });
    if let (Some(name), Some(members)) = (name, body.as_object_mut()) {
        members.insert("name".to_owned(), json!(name));
    }
    let headers = [
        (header::CONTENT_TYPE, "application/problem+json"),
        (header::CONTENT_LANGUAGE, language.code()),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let mut answer = (status, headers, body.to_string()).into_response();
    if status == StatusCode::UNAUTHORIZED {
        // RFC 6750 3.
        let challenge = header::HeaderValue::from_static("Bearer realm=\"sigill\"");
        answer
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, challenge);
    }
    answer
}

impl Caller {
    /// A refusal of the API's own.
    pub fn problem(&self, status: StatusCode, code: &str) -> Response {
        problem(self.language, &self.request(), status, code, None)
    }

    /// What an act said no to.
    pub fn stop<R: Refuse>(&self, stop: Stop<R>) -> Response {
        self.stop_naming(stop, None)
    }

    /// What an act said no to, with the name it is about.
    pub fn stop_naming<R: Refuse>(&self, stop: Stop<R>, name: Option<&str>) -> Response {
        match stop.plain() {
            PlainStop::Refused(code) => problem(
                self.language,
                &self.request(),
                answer::status(code),
                code,
                name,
            ),
            PlainStop::Fault(fault) => {
                let request = self.request();
                tracing::error!(incident = request, cause = %fault.chain(), "an act failed");
                self.problem(StatusCode::INTERNAL_SERVER_ERROR, FAULT)
            }
        }
    }
}
