//! Taking a card back and deregistering it.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use flows::find;
use flows::return_card::{self, Ending};
use model::id::CardId;

use super::head;
use crate::answer::{self, Said};
use crate::pages::station::Return;
use crate::pages::{Portal, Problem, Problems, Refusal};
use crate::session::{Posted, Recognised, Visit};
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/station/cards/{id}/return", get(show).post(take))
}

async fn show(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    draw(&web, &mut visit, &id, "", Vec::new(), None).await
}

async fn take(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, fields }: Posted,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    let given = fields.text("how");
    let ending = match given {
        "cut" => Some(Ending::Cut),
        "missing" => Some(Ending::Missing),
        _ => None,
    };
    let mut problems = Vec::new();
    if ending.is_none() {
        problems.push(answer::problem(visit.language, "how", "problem-how"));
    }
    if !fields.is_confirmed() {
        problems.push(answer::problem(
            visit.language,
            "confirm",
            "problem-confirm",
        ));
    }
    let Some(ending) = ending.filter(|_| problems.is_empty()) else {
        return draw(&web, &mut visit, &id, given, problems, None).await;
    };
    match return_card::return_card(&web.house, &mut visit.call(), &id, ending).await {
        Ok(()) => visit.go(
            &format!("/station/cards/{id}"),
            Some("page-station-returned"),
        ),
        Err(stop) => match visit.said(Portal::Station, stop.plain()) {
            Said::Here(refusal) => {
                draw(&web, &mut visit, &id, given, problems, Some(refusal)).await
            }
            Said::Elsewhere(answer) => answer,
        },
    }
}

async fn draw(
    web: &Web,
    visit: &mut Visit,
    id: &CardId,
    how: &str,
    problems: Vec<Problem>,
    refusal: Option<Refusal>,
) -> Response {
    let seen = match find::card_head(&web.house, &visit.call(), id).await {
        Ok(seen) => seen,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let status = if refusal.is_some() || !problems.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = Return {
        shell: visit.shell(Portal::Station),
        head: head(visit.language, &seen),
        how: how.to_owned(),
        still_works: seen.card.state.is_live(),
        action: format!("/station/cards/{id}/return"),
        problems: Problems(problems),
        refusal,
    };
    visit.page_with(status, &page)
}
