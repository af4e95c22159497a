//! Functions: what waits for a decision, and what has been decided.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use flows::function::{decide, find};
use model::function::{Function, FunctionState, HostName};
use model::hsa_id::HsaId;
use model::id::FunctionId;

use crate::answer;
use crate::pages::Portal;
use crate::pages::functions::{FunctionLine, Functions};
use crate::session::{Posted, Recognised, Visit};
use crate::shell;
use crate::web::Web;

/// The addresses of the portal.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/functions", get(list))
        .route("/functions/{id}", post(decided))
}

async fn list(State(web): State<Web>, Recognised(mut visit): Recognised) -> Response {
    let mut found = Vec::new();
    for state in [FunctionState::Requested, FunctionState::Approved] {
        match find::list(&web.house, &visit.call(), Some(state)).await {
            Ok(functions) => found.push(functions),
            Err(stop) => return visit.stop(Portal::Functions, stop.plain()),
        }
    }
    let approved = found.pop().unwrap_or_default();
    let waiting = found.pop().unwrap_or_default();
    let page = Functions {
        shell: visit.shell(Portal::Functions),
        waiting: lines(&mut visit, &waiting),
        approved: lines(&mut visit, &approved),
    };
    visit.page(&page)
}

fn lines(visit: &mut Visit, functions: &[Function]) -> Vec<FunctionLine> {
    functions
        .iter()
        .map(|function| {
            let language = visit.language;
            let refused = decide::refused(&visit.call(), function);
            FunctionLine {
                id: function.id.to_string(),
                name: function.name.to_string(),
                profile: function.profile.clone(),
                host_names: function
                    .host_names
                    .iter()
                    .map(HostName::to_string)
                    .collect(),
                hsa_id: function.hsa_id.as_ref().map(HsaId::to_string),
                email: function.email.as_str().to_owned(),
                test: function.test,
                key_holder: function.key_holder.code(),
                since: shell::moment(language, function.state_since),
                action: format!("/functions/{}", function.id),
                refusal: refused.map(|code| answer::refusal(language, code)),
            }
        })
        .collect()
}

async fn decided(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, fields }: Posted,
) -> Response {
    let Ok(id) = FunctionId::parse(&id) else {
        return visit.not_found(Portal::Functions);
    };
    let (outcome, notice) = match fields.text("decision") {
        "approve" => (
            decide::approve(&web.house, &mut visit.call(), &id).await,
            "page-functions-was-approved",
        ),
        "reject" => (
            decide::reject(&web.house, &mut visit.call(), &id).await,
            "page-functions-was-rejected",
        ),
        _ => {
            let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            return visit.refuse(Portal::Functions, status, answer::FORM_UNREADABLE);
        }
    };
    match outcome {
        Ok(_) => visit.go("/functions", Some(notice)),
        Err(stop) => visit.stop(Portal::Functions, stop.plain()),
    }
}
