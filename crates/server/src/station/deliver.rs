//! One batch, and what the producer and the postal service report of its cards.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use flows::deliver::{self, Report};
use flows::find;
use model::card::CardNumber;
use model::id::{BatchId, CardId};

use super::produce::line;
use crate::answer::{self, Said};
use crate::form::Fields;
use crate::pages::station::{Batch, BatchCard};
use crate::pages::{Portal, Problem, Problems, Refusal};
use crate::session::{Posted, Recognised, Visit};
use crate::shell;
use crate::text::Language;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/station/batches/{id}", get(show).post(report))
}

async fn show(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = BatchId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    draw(&web, &mut visit, &id, Vec::new(), None).await
}

async fn report(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, fields }: Posted,
) -> Response {
    let Ok(id) = BatchId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    let found = match find::batch(&web.house, &visit.call(), &id).await {
        Ok(found) => found,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let (report, numbers) = match parse(visit.language, &fields, &found) {
        Ok(parsed) => parsed,
        Err(problems) => return draw(&web, &mut visit, &id, problems, None).await,
    };
    for number in numbers {
        let told = deliver::report(&web.house, &mut visit.call(), &number, report).await;
        if let Err(stop) = told {
            return match visit.said(Portal::Station, stop.plain()) {
                Said::Here(refusal) => draw(&web, &mut visit, &id, Vec::new(), Some(refusal)).await,
                Said::Elsewhere(answer) => answer,
            };
        }
    }
    visit.go(
        &format!("/station/batches/{id}"),
        Some("page-batch-reported"),
    )
}

/// The report and the numbers of the cards it is about; all of the batch.
fn parse(
    language: Language,
    fields: &Fields,
    found: &find::BatchFound,
) -> Result<(Report, Vec<CardNumber>), Vec<Problem>> {
    let report = match fields.text("report") {
        "produced" => Some(Report::Produced),
        "sent" => Some(Report::Sent),
        "failed" => Some(Report::Failed),
        "undelivered" => Some(Report::Undelivered),
        _ => None,
    };
    let numbers: Vec<CardNumber> = fields
        .all("card")
        .filter_map(|id| CardId::parse(id).ok())
        .filter_map(|id| found.card(&id)?.number.clone())
        .collect();
    let mut problems = Vec::new();
    if numbers.is_empty() {
        problems.push(answer::problem(language, "card", "problem-cards"));
    }
    match report {
        Some(report) if problems.is_empty() => Ok((report, numbers)),
        Some(_) => Err(problems),
        None => {
            problems.push(answer::problem(language, "report", "problem-report"));
            Err(problems)
        }
    }
}

async fn draw(
    web: &Web,
    visit: &mut Visit,
    id: &BatchId,
    problems: Vec<Problem>,
    refusal: Option<Refusal>,
) -> Response {
    let found = match find::batch(&web.house, &visit.call(), id).await {
        Ok(found) => found,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let status = if refusal.is_some() || !problems.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = Batch {
        shell: visit.shell(Portal::Station),
        batch: line(visit.language, &found.line),
        cards: found
            .cards
            .iter()
            .map(|shown| BatchCard {
                id: shown.card.id.to_string(),
                href: format!("/station/cards/{}", shown.card.id),
                name: shown.person.full_name(),
                number: shell::number(&shown.card),
                state: shown.card.state.code().to_owned(),
            })
            .collect(),
        action: found.may_report.then(|| format!("/station/batches/{id}")),
        problems: Problems(problems),
        refusal,
    };
    visit.page_with(status, &page)
}
