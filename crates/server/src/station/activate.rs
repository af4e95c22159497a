//! Activating a card: the officer's page opens the act, watches the holder's steps and ends with the receipt.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use flows::PlainStop;
use flows::activate::{self, Progress as Steps};
use flows::find;
use model::card::CardState;
use model::id::{CardId, TicketId};

use super::waiting::{self, Where};
use super::{head, receipt};
use crate::pages::station::{Activate, Activated};
use crate::pages::{Portal, Progress, Step};
use crate::session::{Posted, Recognised, Visit};
use crate::shell;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/station/cards/{id}/activate", get(open).post(go_on))
        .route("/station/cards/{id}/activate/{ticket}/poll", get(poll))
        .route("/station/cards/{id}/activated", get(activated))
}

/// Opens the act and shows its page. Reading the page again opens it again: the card says where it stands.
async fn open(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    let seen = match find::card_head(&web.house, &visit.call(), &id).await {
        Ok(seen) => seen,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    if seen.card.state == CardState::Active {
        return visit.go(&format!("/station/cards/{id}/activated"), None);
    }
    let begun = activate::begin(&web.house, &mut visit.call(), &id).await;
    let ticket = match begun.map_err(flows::Stop::plain) {
        Ok(ticket) => ticket,
        // The officer's own check is missing or older than an hour: this is where it is made.
        Err(PlainStop::Refused("activate.identity-not-checked")) => {
            return visit.go(&format!("/station/cards/{id}/identity-check"), None);
        }
        Err(stop) => return visit.stop(Portal::Station, stop),
    };
    let steps = match activate::progress(&web.house, &visit.call(), &id, &ticket.id).await {
        Ok(steps) => steps,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let refusal = match waiting::why_stopped(&web, &mut visit, "activate.ticket-invalid").await {
        Ok(refusal) => refusal,
        Err(stop) => return visit.stop(Portal::Station, stop),
    };
    let not_yet = waiting::asked(&visit, "not-yet").is_some();
    let mut shell = visit.shell(Portal::Station);
    shell.here = format!("/station/cards/{id}/activate");
    let page = Activate {
        shell,
        head: head(visit.language, &seen),
        open: shell::card_link(&web.face, &ticket.secret),
        progress: Progress {
            prefix: "activation-step",
            steps: drawn(&steps),
        },
        poll: format!("/station/cards/{id}/activate/{}/poll", ticket.id),
        action: format!("/station/cards/{id}/activate?ticket={}", ticket.id),
        not_yet,
        refusal,
    };
    visit.page(&page)
}

fn drawn(steps: &Steps) -> Vec<Step> {
    let (installed, wanted) = steps.installed;
    let done = [
        ("identity", true),
        ("card", steps.opened),
        ("code", steps.code_chosen),
        ("certificates", steps.code_chosen && installed >= wanted),
        ("receipt", steps.receipt_signed),
    ];
    waiting::drawn(&done, steps.stopped)
}

/// How far the card has come, for the script that waits.
async fn poll(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path((id, ticket)): Path<(String, String)>,
) -> Response {
    let (Ok(id), Ok(ticket)) = (CardId::parse(&id), TicketId::parse(&ticket)) else {
        return visit.not_found(Portal::Station);
    };
    let steps = match activate::progress(&web.house, &visit.call(), &id, &ticket).await {
        Ok(steps) => steps,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    waiting::polled(&mut visit, drawn(&steps), next(&id, &ticket, &steps))
}

fn next(card: &CardId, ticket: &TicketId, steps: &Steps) -> Where {
    if steps.receipt_signed {
        Where::Done(format!("/station/cards/{card}/activated"))
    } else if steps.stopped {
        Where::Stopped(format!("/station/cards/{card}/activate?stopped={ticket}"))
    } else {
        Where::Waiting
    }
}

/// The button for browsers without our script.
async fn go_on(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, .. }: Posted,
) -> Response {
    let ticket = waiting::asked(&visit, "ticket").unwrap_or_default();
    let (Ok(id), Ok(ticket)) = (CardId::parse(&id), TicketId::parse(&ticket)) else {
        return visit.not_found(Portal::Station);
    };
    match activate::progress(&web.house, &visit.call(), &id, &ticket).await {
        Ok(steps) => {
            let page = format!("/station/cards/{id}/activate");
            waiting::gone_on(&mut visit, &page, next(&id, &ticket, &steps))
        }
        Err(stop) => visit.stop(Portal::Station, stop.plain()),
    }
}

/// The card works.
async fn activated(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    finished(&web, &mut visit, &id).await
}

async fn finished(web: &Web, visit: &mut Visit, id: &CardId) -> Response {
    let found = match find::card(&web.house, &visit.call(), id).await {
        Ok(found) => found,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let Some(signed) = &found.receipt else {
        return visit.go(&format!("/station/cards/{id}"), None);
    };
    let receipt = match find::receipt(&web.house, &visit.call(), signed).await {
        Ok(receipt) => receipt,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let language = visit.language;
    let page = Activated {
        shell: visit.shell(Portal::Station),
        head: head(language, &found.seen),
        credentials: shell::credentials(language, &found.credentials),
        receipt_href: format!("{}/{signed}", receipt::PLACE),
        receipt: shell::receipt(language, receipt::PLACE, &receipt),
    };
    visit.page(&page)
}
