//! Choosing the cards of a batch and sending them to the producer.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use flows::find;
use flows::produce;
use model::id::CardId;

use crate::answer::{self, Said};
use crate::pages::station::{BatchLine, Production, ReadyCard};
use crate::pages::{Portal, Problem, Problems, Refusal};
use crate::session::{Posted, Recognised, Visit};
use crate::shell;
use crate::text::Language;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/station/production", get(show).post(send))
}

async fn show(State(web): State<Web>, Recognised(mut visit): Recognised) -> Response {
    draw(&web, &mut visit, Vec::new(), None).await
}

async fn send(State(web): State<Web>, Posted { mut visit, fields }: Posted) -> Response {
    let chosen: Result<Vec<CardId>, _> = fields.all("card").map(CardId::parse).collect();
    let cards = match chosen {
        Ok(cards) if !cards.is_empty() => cards,
        _ => {
            let problem = answer::problem(visit.language, "card", "problem-cards");
            return draw(&web, &mut visit, vec![problem], None).await;
        }
    };
    match produce::make_batch(&web.house, &mut visit.call(), &cards).await {
        Ok(batch) => visit.go(
            &format!("/station/batches/{batch}"),
            Some("page-station-produced"),
        ),
        Err(stop) => match visit.said(Portal::Station, stop.plain()) {
            Said::Here(refusal) => draw(&web, &mut visit, Vec::new(), Some(refusal)).await,
            Said::Elsewhere(answer) => answer,
        },
    }
}

async fn draw(
    web: &Web,
    visit: &mut Visit,
    problems: Vec<Problem>,
    refusal: Option<Refusal>,
) -> Response {
    let found = match find::production(&web.house, &visit.call()).await {
        Ok(found) => found,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let language = visit.language;
    let status = if refusal.is_some() || !problems.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = Production {
        shell: visit.shell(Portal::Station),
        ready: found
            .ready
            .iter()
            .map(|ready| ReadyCard {
                id: ready.shown.card.id.to_string(),
                name: ready.shown.person.full_name(),
                unit: ready.unit.clone(),
                product: ready.shown.card.product.to_string(),
                since: shell::moment(language, ready.shown.card.state_since),
            })
            .collect(),
        batches: found
            .batches
            .iter()
            .map(|batch| line(language, batch))
            .collect(),
        action: "/station/production".to_owned(),
        problems: Problems(problems),
        refusal,
    };
    visit.page_with(status, &page)
}

/// A batch in a line.
pub(super) fn line(language: Language, batch: &find::BatchLine) -> BatchLine {
    BatchLine {
        href: format!("/station/batches/{}", batch.id),
        id: batch.id.to_string(),
        created: shell::moment(language, batch.made_at),
        by: batch.made_by.clone().unwrap_or_default(),
        total: batch.total,
        produced: batch.produced,
        sent: batch.sent,
        failed: batch.failed,
    }
}
