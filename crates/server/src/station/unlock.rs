//! Unlocking a card: the officer's page opens the act and waits until the holder has chosen a new code.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use flows::PlainStop;
use flows::find;
use flows::unlock::{self, Progress as Steps};
use model::id::{CardId, TicketId};
use serde_json::json;

use super::head;
use crate::answer;
use crate::pages::station::Unlock;
use crate::pages::{Portal, Progress, Standing, Step};
use crate::session::{Posted, Recognised, Visit, parameter};
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
    let refusal = match why_stopped(&web, &mut visit).await {
        Ok(code) => code.map(|code| answer::refusal(visit.language, &code)),
        Err(stop) => return visit.stop(Portal::Station, stop),
    };
    let not_yet = parameter(query(&visit), "not-yet").is_some();
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

fn query(visit: &Visit) -> &str {
    visit
        .here
        .split_once('?')
        .map(|parts| parts.1)
        .unwrap_or_default()
}

/// Why the act before ended, when the address says that one did.
async fn why_stopped(web: &Web, visit: &mut Visit) -> Result<Option<String>, PlainStop> {
    let stopped = parameter(query(visit), "stopped");
    let Some(ticket) = stopped.and_then(|ticket| TicketId::parse(&ticket).ok()) else {
        return Ok(None);
    };
    let code = find::why_unlock_stopped(&web.house, &visit.call(), &ticket)
        .await
        .map_err(flows::Stop::plain)?;
    Ok(Some(
        code.unwrap_or_else(|| "unlock.ticket-invalid".to_owned()),
    ))
}

/// The steps as they are drawn: those that are done, the one that is waited for, those ahead.
fn drawn(steps: Steps) -> Vec<Step> {
    let waited_for = if steps.stopped {
        Standing::Trouble
    } else {
        Standing::Now
    };
    let (card, code) = match (steps.opened, steps.unlocked) {
        (_, true) => (Standing::Done, Standing::Done),
        (true, false) => (Standing::Done, waited_for),
        (false, false) => (waited_for, Standing::Ahead),
    };
    [("identity", Standing::Done), ("card", card), ("code", code)]
        .into_iter()
        .map(|(code, standing)| Step {
            code: code.to_owned(),
            standing,
        })
        .collect()
}

/// Where the page goes from here; nowhere while the card is waited for.
fn next(card: &CardId, ticket: &TicketId, steps: Steps) -> Option<String> {
    if steps.unlocked {
        Some(format!("/station/cards/{card}"))
    } else if steps.stopped {
        Some(format!("/station/cards/{card}/unlock?stopped={ticket}"))
    } else {
        None
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
    let drawn: Vec<_> = drawn(steps)
        .into_iter()
        .map(|step| json!({ "code": step.code, "standing": step.standing.code() }))
        .collect();
    let said = match next(&id, &ticket, steps) {
        Some(go) => {
            let state = if steps.unlocked { "done" } else { "refused" };
            json!({ "state": state, "go": go, "steps": drawn })
        }
        None => json!({ "state": "waiting", "steps": drawn }),
    };
    visit.json(&said)
}

/// The button for browsers without our script.
async fn go_on(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, .. }: Posted,
) -> Response {
    let ticket = parameter(query(&visit), "ticket").unwrap_or_default();
    let (Ok(id), Ok(ticket)) = (CardId::parse(&id), TicketId::parse(&ticket)) else {
        return visit.not_found(Portal::Station);
    };
    match unlock::progress(&web.house, &visit.call(), &id, &ticket).await {
        Ok(steps) => {
            let waiting = || format!("/station/cards/{id}/unlock?not-yet=1");
            visit.go(&next(&id, &ticket, steps).unwrap_or_else(waiting), None)
        }
        Err(stop) => visit.stop(Portal::Station, stop.plain()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standings(opened: bool, stopped: bool, unlocked: bool) -> Vec<&'static str> {
        let steps = Steps {
            opened,
            stopped,
            unlocked,
        };
        drawn(steps)
            .iter()
            .map(|step| step.standing.code())
            .collect()
    }

    #[test]
    fn one_step_is_waited_for() {
        assert_eq!(standings(false, false, false), ["done", "now", "ahead"]);
        assert_eq!(standings(true, false, false), ["done", "done", "now"]);
        assert_eq!(standings(true, true, false), ["done", "done", "trouble"]);
        assert_eq!(standings(true, false, true), ["done", "done", "done"]);
    }
}
