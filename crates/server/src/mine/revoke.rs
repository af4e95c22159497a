//! Reporting one's own card lost: it is revoked at once.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use flows::find;
use flows::revoke;
use model::credential::LossReason;
use model::id::CardId;

use super::cards::{face, is_logged_in_with};
use crate::answer::{self, Said};
use crate::pages::mine::{Revoke, Revoked};
use crate::pages::{Portal, Problem, Problems, Refusal};
use crate::session::{Posted, Recognised, SESSION, Visit};
use crate::shell;
use crate::web::Web;

/// What holders say of their own cards; the other reasons are the station's.
const REASONS: [LossReason; 4] = [
    LossReason::Lost,
    LossReason::CompromisedKey,
    LossReason::Damaged,
    LossReason::NotInUse,
];

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/mine/cards/{id}/revoke", get(show).post(stop))
}

async fn show(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Mine);
    };
    draw(&web, &mut visit, &id, "", Vec::new(), None).await
}

async fn stop(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, fields }: Posted,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Mine);
    };
    let given = fields.text("reason");
    let reason = REASONS.into_iter().find(|reason| reason.code() == given);
    let mut problems = Vec::new();
    if reason.is_none() {
        problems.push(answer::problem(visit.language, "reason", "problem-reason"));
    }
    if !fields.is_confirmed() {
        problems.push(answer::problem(
            visit.language,
            "confirm",
            "problem-confirm",
        ));
    }
    let Some(reason) = reason.filter(|_| problems.is_empty()) else {
        return draw(&web, &mut visit, &id, given, problems, None).await;
    };
    // Somebody else's card is no affair of this page, even for an officer: those revoke at the station.
    if let Err(stop) = find::my_card(&web.house, &visit.call(), &id).await {
        return visit.stop(Portal::Mine, stop.plain());
    }
    match revoke::revoke(&web.house, &mut visit.call(), &id, reason).await {
        Ok(()) => revoked(&web, &mut visit, &id, reason).await,
        Err(stop) => match visit.said(Portal::Mine, stop.plain()) {
            Said::Here(refusal) => {
                draw(&web, &mut visit, &id, given, problems, Some(refusal)).await
            }
            Said::Elsewhere(answer) => answer,
        },
    }
}

/// The last page of a session whose card was just revoked: told here, since the next request is nobody's.
async fn revoked(web: &Web, visit: &mut Visit, id: &CardId, reason: LossReason) -> Response {
    let found = match find::my_card(&web.house, &visit.call(), id).await {
        Ok(found) => found,
        Err(stop) => return visit.stop(Portal::Mine, stop.plain()),
    };
    let mut face = face(&found);
    if is_logged_in_with(visit, id) {
        visit.keep(SESSION, "", Some(0));
        visit.session = None;
        // The picture is for its holder, and nobody is signed in any more.
        face.photo = None;
    }
    let mut shell = visit.shell(Portal::Mine);
    shell.here = Portal::Mine.href().to_owned();
    let page = Revoked {
        shell,
        face,
        at: shell::moment(visit.language, visit.now()),
        reason: reason.code().to_owned(),
    };
    visit.page(&page)
}

async fn draw(
    web: &Web,
    visit: &mut Visit,
    id: &CardId,
    reason: &str,
    problems: Vec<Problem>,
    refusal: Option<Refusal>,
) -> Response {
    let found = match find::my_card(&web.house, &visit.call(), id).await {
        Ok(found) => found,
        Err(stop) => return visit.stop(Portal::Mine, stop.plain()),
    };
    let status = if refusal.is_some() || !problems.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = Revoke {
        shell: visit.shell(Portal::Mine),
        face: face(&found),
        reasons: REASONS
            .iter()
            .map(|reason| reason.code().to_owned())
            .collect(),
        reason: reason.to_owned(),
        logged_in_with: is_logged_in_with(visit, id),
        action: format!("/mine/cards/{id}/revoke"),
        problems: Problems(problems),
        refusal,
    };
    visit.page_with(status, &page)
}
