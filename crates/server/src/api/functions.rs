//! Functions and their certificates over HTTP. Approving one is no program's business and has no address here.

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use flows::function::find::{self, CertificateFound};
use flows::function::{Certified, certify, request, revoke};
use flows::{Stop, calendar};
use model::credential::RevocationReason;
use model::function::{Function, HostName, KeyHolder};
use model::hsa_id::HsaId;
use model::id::FunctionId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{Caller, No, answer, media_type, wants_json};
use super::problem;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/api/v1/functions", get(list).post(ask))
        .route("/api/v1/functions/{id}", get(show))
        .route(
            "/api/v1/functions/{id}/certificates",
            get(certificates).post(issue),
        )
        .route(
            "/api/v1/functions/{id}/certificates/{serial}",
            get(certificate),
        )
        .route(
            "/api/v1/functions/{id}/certificates/{serial}/revocation",
            post(stop),
        )
}

/// What a program asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    name: String,
    profile: String,
    #[serde(default)]
    host_names: Vec<String>,
    #[serde(default)]
    hsa_id: Option<String>,
    email: String,
    #[serde(default)]
    test: bool,
}

async fn ask(
    State(web): State<Web>,
    mut caller: Caller,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Response> {
    let body = caller.body(body)?;
    let wish: Wish = caller.json(&headers, &body)?;
    let once = caller.once(&headers, &uri, &body)?;
    let wish = request::Wish {
        name: wish.name,
        profile: wish.profile,
        host_names: wish.host_names,
        hsa_id: wish.hsa_id,
        email: wish.email,
        test: wish.test,
        // A program has its own keys; those of the system serve the system.
        key_holder: KeyHolder::Requester,
        client: None,
    };
    let asked = request::request(&web.house, &mut caller.call(), &wish, once).await;
    let function = asked.map_err(|stop| caller.stop(stop))?;
    let place = format!("/api/v1/functions/{}", function.id);
    let made = answer(StatusCode::CREATED, &shown(&function));
    Ok(at(made, &place))
}

async fn list(State(web): State<Web>, mut caller: Caller) -> Result<Response, Response> {
    let found = find::list(&web.house, &caller.call(), None).await;
    let functions = found.map_err(|stop| caller.stop(stop))?;
    let functions: Vec<_> = functions.iter().map(shown).collect();
    Ok(answer(StatusCode::OK, &json!({ "functions": functions })))
}

async fn show(
    State(web): State<Web>,
    mut caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let id = read_id(&caller, &id)?;
    let found = find::function(&web.house, &caller.call(), &id).await;
    let function = found.map_err(|stop| caller.stop(stop))?;
    Ok(answer(StatusCode::OK, &shown(&function)))
}

async fn issue(
    State(web): State<Web>,
    mut caller: Caller,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Response> {
    let id = read_id(&caller, &id)?;
    let media = media_type(&headers);
    if !matches!(
        media.as_str(),
        "application/pkcs10" | "application/x-pem-file"
    ) {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(caller.problem(status, problem::MEDIA_TYPE_UNFIT));
    }
    let body = caller.body(body)?;
    let days = caller.number(&uri, "days")?;
    let once = caller.once(&headers, &uri, &body)?;
    let issued = certify::certify(&web.house, &mut caller.call(), &id, &body, days, once).await;
    let certified = issued.map_err(|stop| {
        let name = match &stop {
            Stop::Refused(no) => no.name.clone(),
            _ => None,
        };
        caller.stop_naming(stop, name.as_deref())
    })?;
    let serial = certified.certificate.serial().to_hex();
    let place = format!("/api/v1/functions/{id}/certificates/{serial}");
    let made = told(&web, &headers, StatusCode::CREATED, certified, None);
    Ok(at(made, &place))
}

async fn certificates(
    State(web): State<Web>,
    mut caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let id = read_id(&caller, &id)?;
    let found = find::certificates(&web.house, &caller.call(), &id).await;
    let found = found.map_err(|stop| caller.stop(stop))?;
    let certificates: Vec<_> = found
        .into_iter()
        .map(|found| {
            let (certified, revoked) = apart(found);
            in_json(&web, &certified, revoked)
        })
        .collect();
    Ok(answer(
        StatusCode::OK,
        &json!({ "certificates": certificates }),
    ))
}

async fn certificate(
    State(web): State<Web>,
    mut caller: Caller,
    Path((id, serial)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let id = read_id(&caller, &id)?;
    let found = find::certificate(&web.house, &caller.call(), &id, &serial).await;
    let (certified, revoked) = apart(found.map_err(|stop| caller.stop(stop))?);
    Ok(told(&web, &headers, StatusCode::OK, certified, revoked))
}

/// Why a certificate is revoked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stopping {
    reason: String,
}

async fn stop(
    State(web): State<Web>,
    mut caller: Caller,
    Path((id, serial)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Response> {
    let id = read_id(&caller, &id)?;
    let body = caller.body(body)?;
    let stopping: Stopping = caller.json(&headers, &body)?;
    let once = caller.once(&headers, &uri, &body)?;
    let reason = RevocationReason::parse(&stopping.reason)
        .map_err(|_| caller.stop(Stop::Refused(revoke::RevokeFunctionRefusal::ReasonUnfit)))?;
    let revoked = revoke::revoke(&web.house, &mut caller.call(), &id, &serial, reason, once).await;
    revoked.map_err(|stop| caller.stop(stop))?;
    let found = find::certificate(&web.house, &caller.call(), &id, &serial).await;
    let (certified, revoked) = apart(found.map_err(|stop| caller.stop(stop))?);
    Ok(answer(StatusCode::OK, &in_json(&web, &certified, revoked)))
}

fn read_id(caller: &Caller, id: &str) -> Result<FunctionId, No> {
    FunctionId::parse(id).map_err(|_| {
        let unknown = find::FindFunctionRefusal::FunctionUnknown;
        No::from(caller.stop(Stop::Refused(unknown)))
    })
}

fn at(mut answer: Response, place: &str) -> Response {
    if let Ok(place) = HeaderValue::from_str(place) {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    answer
}

type Revoked = Option<(model::Timestamp, RevocationReason)>;

fn apart(found: CertificateFound) -> (Certified, Revoked) {
    let certified = Certified {
        authority: found.authority,
        certificate: found.certificate,
    };
    (certified, found.revoked)
}

/// A certificate as the program wants it: the chain in PEM (RFC 8555 9.1), or JSON.
fn told(
    web: &Web,
    headers: &HeaderMap,
    status: StatusCode,
    certified: Certified,
    revoked: Revoked,
) -> Response {
    if wants_json(headers) {
        return answer(status, &in_json(web, &certified, revoked));
    }
    let headers = [
        (header::CONTENT_TYPE, "application/pem-certificate-chain"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, certified.chain(&web.house)).into_response()
}

fn in_json(web: &Web, certified: &Certified, revoked: Revoked) -> Value {
    let certificate = &certified.certificate;
    json!({
        "serial": certificate.serial().to_hex(),
        "authority": certified.authority,
        "not_before": instant(model::Timestamp(certificate.not_before())),
        "not_after": instant(model::Timestamp(certificate.not_after())),
        "state": if revoked.is_some() { "revoked" } else { "issued" },
        "revoked_at": revoked.map(|(at, _)| instant(at)),
        "reason": revoked.map(|(_, reason)| reason.code()),
        "chain": certified.chain(&web.house),
    })
}

fn shown(function: &Function) -> Value {
    json!({
        "id": function.id.as_str(),
        "name": function.name.as_str(),
        "profile": function.profile,
        "host_names": function.host_names.iter().map(HostName::as_str).collect::<Vec<_>>(),
        "hsa_id": function.hsa_id.as_ref().map(HsaId::as_str),
        "email": function.email.as_str(),
        "test": function.test,
        "key_holder": function.key_holder.code(),
        "state": function.state.code(),
        "requested_at": instant(function.requested_at),
        "state_since": instant(function.state_since),
    })
}

/// A moment as the API writes it: RFC 3339, UTC, to the second.
pub(super) fn instant(at: model::Timestamp) -> String {
    calendar::utc_second(at)
}
