//! Ending an engagement, which stops the cards that have no other.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use flows::end_engagement;
use flows::find;
use model::Date;
use model::id::{CardId, EngagementId};

use crate::answer::{self, Said};
use crate::pages::station::EndEngagement;
use crate::pages::{Portal, Problem, Problems, Refusal};
use crate::session::{Posted, Recognised, Visit, parameter};
use crate::shell;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/station/engagements/{id}/end", get(show).post(end))
}

/// The card whose page led here, to go back to; else the queue.
fn back(visit: &Visit) -> (String, String) {
    let query = visit
        .here
        .split_once('?')
        .map(|parts| parts.1)
        .unwrap_or_default();
    match parameter(query, "card").and_then(|card| CardId::parse(&card).ok()) {
        Some(card) => (format!("/station/cards/{card}"), format!("?card={card}")),
        None => ("/station".to_owned(), String::new()),
    }
}

async fn show(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = EngagementId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    draw(&web, &mut visit, &id, None, Vec::new(), None).await
}

async fn end(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, fields }: Posted,
) -> Response {
    let Ok(id) = EngagementId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    let given = fields.text("ends_on");
    let last_day = given.parse::<Date>().ok();
    let mut problems = Vec::new();
    if last_day.is_none() {
        problems.push(answer::problem(visit.language, "ends_on", "problem-date"));
    }
    if !fields.is_confirmed() {
        problems.push(answer::problem(
            visit.language,
            "confirm",
            "problem-confirm",
        ));
    }
    let Some(last_day) = last_day.filter(|_| problems.is_empty()) else {
        return draw(&web, &mut visit, &id, Some(given), problems, None).await;
    };
    let ended = end_engagement::end_engagement(&web.house, &mut visit.call(), &id, last_day).await;
    match ended {
        Ok(()) => {
            let (back, _) = back(&visit);
            visit.go(&back, Some("page-station-ended"))
        }
        Err(stop) => match visit.said(Portal::Station, stop.plain()) {
            Said::Here(refusal) => {
                draw(&web, &mut visit, &id, Some(given), problems, Some(refusal)).await
            }
            Said::Elsewhere(answer) => answer,
        },
    }
}

async fn draw(
    web: &Web,
    visit: &mut Visit,
    id: &EngagementId,
    ends_on: Option<&str>,
    problems: Vec<Problem>,
    refusal: Option<Refusal>,
) -> Response {
    let found = match find::engagement(&web.house, &visit.call(), id).await {
        Ok(found) => found,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let status = if refusal.is_some() || !problems.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let (back, query) = back(visit);
    let page = EndEngagement {
        shell: visit.shell(Portal::Station),
        person: shell::person(&found.person),
        engagement: shell::engagement(visit.language, &found.engagement),
        cards: found
            .cards
            .iter()
            .map(|seen| {
                let href = format!("/station/cards/{}", seen.card.id);
                shell::card_line(&seen.card, seen.kind, Some(href))
            })
            .collect(),
        ends_on: ends_on.map_or_else(|| found.today.to_string(), str::to_owned),
        back,
        action: format!("/station/engagements/{id}/end{query}"),
        problems: Problems(problems),
        refusal,
    };
    visit.page_with(status, &page)
}
