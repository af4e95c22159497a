//! What the pages have in common that wait while a card is worked on: the steps as they are drawn, and where it goes from there.

use axum::response::Response;
use flows::{PlainStop, find};
use model::id::TicketId;
use serde_json::json;

use crate::answer;
use crate::pages::{Refusal, Standing, Step};
use crate::session::{Visit, parameter};
use crate::web::Web;

/// Where the page goes from here.
pub(super) enum Where {
    /// The act is done.
    Done(String),
    /// The act ended without success.
    Stopped(String),
    /// Nowhere yet.
    Waiting,
}

/// The steps as they are drawn: those that are done, the one that is waited for, those ahead.
pub(super) fn drawn(steps: &[(&str, bool)], stopped: bool) -> Vec<Step> {
    let first_open = steps.iter().position(|(_, done)| !done);
    let standing = |place: usize, done: bool| match (done, Some(place) == first_open) {
        (true, _) => Standing::Done,
        (false, true) if stopped => Standing::Trouble,
        (false, true) => Standing::Now,
        (false, false) => Standing::Ahead,
    };
    let steps = steps.iter().enumerate();
    steps
        .map(|(place, (code, done))| Step {
            code: (*code).to_owned(),
            standing: standing(place, *done),
        })
        .collect()
}

/// How far the card has come, for the script that waits.
pub(super) fn polled(visit: &mut Visit, steps: Vec<Step>, place: Where) -> Response {
    let steps: Vec<_> = steps
        .into_iter()
        .map(|step| json!({ "code": step.code, "standing": step.standing.code() }))
        .collect();
    visit.json(&match place {
        Where::Done(go) => json!({ "state": "done", "go": go, "steps": steps }),
        Where::Stopped(go) => json!({ "state": "refused", "go": go, "steps": steps }),
        Where::Waiting => json!({ "state": "waiting", "steps": steps }),
    })
}

/// For browsers without our script: goes on, or back to `page`, which says that it is not time yet.
pub(super) fn gone_on(visit: &mut Visit, page: &str, place: Where) -> Response {
    match place {
        Where::Done(go) | Where::Stopped(go) => visit.go(&go, None),
        Where::Waiting => visit.go(&format!("{page}?not-yet=1"), None),
    }
}

/// A parameter of the address that was asked.
pub(super) fn asked(visit: &Visit, name: &str) -> Option<String> {
    let (_, query) = visit.here.split_once('?')?;
    parameter(query, name)
}

/// Why the act before ended, when the address names one that did; `otherwise` where the log does not tell.
pub(super) async fn why_stopped(
    web: &Web,
    visit: &mut Visit,
    otherwise: &str,
) -> Result<Option<Refusal>, PlainStop> {
    let stopped = asked(visit, "stopped");
    let Some(ticket) = stopped.and_then(|ticket| TicketId::parse(&ticket).ok()) else {
        return Ok(None);
    };
    let why = find::why_act_stopped(&web.house, &visit.call(), &ticket).await;
    let code = why.map_err(flows::Stop::plain)?;
    let code = code.as_deref().unwrap_or(otherwise);
    Ok(Some(answer::refusal(visit.language, code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standings(done: [bool; 4], stopped: bool) -> Vec<&'static str> {
        let steps: Vec<_> = ["a", "b", "c", "d"].into_iter().zip(done).collect();
        let drawn = drawn(&steps, stopped);
        drawn.iter().map(|step| step.standing.code()).collect()
    }

    #[test]
    fn one_step_is_waited_for() {
        let some = [true, true, false, false];
        assert_eq!(standings(some, false), ["done", "done", "now", "ahead"]);
        assert_eq!(standings(some, true), ["done", "done", "trouble", "ahead"]);
        assert_eq!(standings([true; 4], false), ["done"; 4]);
        let late = [true, false, true, false];
        assert_eq!(standings(late, false), ["done", "now", "done", "ahead"]);
    }
}
