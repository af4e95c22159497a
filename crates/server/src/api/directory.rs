//! What directories must know of login certificates: a feed of changes in the order of the log, and what is right for one person
//! now. No personal number stands in an address or an answer.

use axum::Router;
use axum::extract::{OriginalUri, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use flows::Stop;
use flows::directory::{self, DirectoryRefusal, Mapping};
use model::hsa_id::HsaId;
use serde_json::{Value, json};

use super::caller::{Caller, answer};
use super::functions::instant;
use super::problem;
use crate::web::Web;

/// How many changes are told when the program does not say.
const USUAL: usize = 100;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/api/v1/directory-mappings", get(changes))
        .route("/api/v1/directory-mappings/{hsa_id}", get(of_person))
}

async fn changes(
    State(web): State<Web>,
    mut caller: Caller,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Response> {
    let after: i64 = caller.number(&uri, "after")?.unwrap_or(0);
    let limit: usize = caller.number(&uri, "limit")?.unwrap_or(USUAL);
    if after < 0 || !(1..=directory::MOST).contains(&limit) {
        return Err(caller.problem(StatusCode::BAD_REQUEST, problem::PARAMETER_UNFIT));
    }
    let read = directory::changes_after(&web.house, &caller.call(), after, limit).await;
    let feed = read.map_err(|stop| caller.stop(stop))?;
    let changes: Vec<_> = feed
        .changes
        .iter()
        .map(|change| {
            let mut told = in_json(&change.mapping);
            if let Some(members) = told.as_object_mut() {
                members.insert("number".to_owned(), json!(change.number));
                members.insert("at".to_owned(), json!(instant(change.at)));
                members.insert("change".to_owned(), json!(change.change.code()));
            }
            told
        })
        .collect();
    let body = json!({ "changes": changes, "next": feed.next, "more": feed.more });
    Ok(answer(StatusCode::OK, &body))
}

async fn of_person(
    State(web): State<Web>,
    mut caller: Caller,
    Path(hsa_id): Path<String>,
) -> Result<Response, Response> {
    let hsa_id = HsaId::parse(&hsa_id)
        .map_err(|_| caller.stop(Stop::Refused(DirectoryRefusal::PersonUnknown)))?;
    let read = directory::of_person(&web.house, &caller.call(), &hsa_id).await;
    let mappings = read.map_err(|stop| caller.stop(stop))?;
    let mappings: Vec<_> = mappings.iter().map(in_json).collect();
    Ok(answer(StatusCode::OK, &json!({ "mappings": mappings })))
}

fn in_json(mapping: &Mapping) -> Value {
    json!({
        "hsa_id": mapping.hsa_id.as_str(),
        "user_principal_name": mapping.user_principal_name,
        "serial": mapping.serial,
        "issuer": mapping.issuer,
        "value": mapping.value,
        "not_after": instant(mapping.not_after),
    })
}
