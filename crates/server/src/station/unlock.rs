//! Unlocking a card: the officer's page opens the act and waits until the holder has chosen a new code.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use flows::PlainStop;
use flows::find;
use flows::unlock::{self, Progress as Steps};
use model::id::{CardId, TicketId};

use super::head;
use super::waiting::{self, Where};
use crate::pages::station::Unlock;
use crate::pages::{Portal, Progress, Step};
use crate::session::{Posted, Recognised};
use crate::shell;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/station/cards/{id}/unlock", get(open).post(go_on))
        .route("/station/cards/{id}/unlock/{ticket}/poll", get(poll))
}

/// Opens the act and shows its page. Reading the page again opens it again.
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
    let begun = unlock::begin(&web.house, &mut visit.call(), &id).await;
    let ticket = match begun.map_err(flows::Stop::plain) {
        Ok(ticket) => ticket,
        // The officer's own check is missing or older than an hour: this is where it is made.
        Err(PlainStop::Refused("unlock.identity-not-checked")) => {
            return visit.go(&format!("/station/cards/{id}/identity-check"), None);
        }
        Err(stop) => return visit.stop(Portal::Station, stop),
    };
    let refusal = match waiting::why_stopped(&web, &mut visit, "unlock.ticket-invalid").await {
        Ok(refusal) => refusal,
        Err(stop) => return visit.stop(Portal::Station, stop),
    };
    let not_yet = waiting::asked(&visit, "not-yet").is_some();
    let mut shell = visit.shell(Portal::Station);
    shell.here = format!("/station/cards/{id}/unlock");
    let page = Unlock {
        shell,
        head: head(visit.language, &seen),
        open: shell::card_link(&web.face, &ticket.secret),
        progress: Progress {
            prefix: "unlock-step",
            steps: drawn(Steps {
                opened: false,
                stopped: false,
                unlocked: false,
            }),
        },
        poll: format!("/station/cards/{id}/unlock/{}/poll", ticket.id),
        action: format!("/station/cards/{id}/unlock?ticket={}", ticket.id),
        not_yet,
        refusal,
    };
    visit.page(&page)
}

fn drawn(steps: Steps) -> Vec<Step> {
    let done = [
        ("identity", true),
        ("card", steps.opened),
        ("code", steps.unlocked),
    ];
    waiting::drawn(&done, steps.stopped)
}

fn next(card: &CardId, ticket: &TicketId, steps: Steps) -> Where {
    if steps.unlocked {
        Where::Done(format!("/station/cards/{card}"))
    } else if steps.stopped {
        Where::Stopped(format!("/station/cards/{card}/unlock?stopped={ticket}"))
    } else {
        Where::Waiting
    }
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
    let steps = match unlock::progress(&web.house, &visit.call(), &id, &ticket).await {
        Ok(steps) => steps,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    waiting::polled(&mut visit, drawn(steps), next(&id, &ticket, steps))
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
    match unlock::progress(&web.house, &visit.call(), &id, &ticket).await {
        Ok(steps) => {
            let page = format!("/station/cards/{id}/unlock");
            waiting::gone_on(&mut visit, &page, next(&id, &ticket, steps))
        }
        Err(stop) => visit.stop(Portal::Station, stop.plain()),
    }
}
