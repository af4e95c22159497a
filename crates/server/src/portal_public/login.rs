//! Logging in with the card: a page with a link for the card client, waiting, and the session that follows.
//!
//! Each login under way has a cookie of its own, `login-TICKET`, whose secret only this browser holds: whoever sees the link
//! can have the card answer, but only the browser that asked becomes signed in. Its form token is made from the same secret.

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use flows::PlainStop;
use flows::find;
use flows::sign_in::{self, Waiting};
use model::id::TicketId;
use serde::Deserialize;
use serde_json::json;

use crate::answer;
use crate::cookie;
use crate::csrf;
use crate::form::Fields;
use crate::pages::Portal;
use crate::pages::public::Login;
use crate::session::{Anybody, SESSION, Visit};
use crate::shell;
use crate::web::Web;

/// What a login's cookie is called, before the identifier of its ticket.
const PENDING: &str = "login-";
/// The part of the site that sees these cookies.
const PATH: &str = "/login";
/// As long as the ticket lives.
const SECONDS: u32 = 900;
/// Logins that one browser may have under way; the oldest gives way.
const MOST: usize = 4;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/login", get(login))
        .route("/login/continue", post(go_on))
        .route("/login/{ticket}/poll", get(poll))
        .route("/login/{ticket}/enter", get(enter))
}

#[derive(Deserialize)]
struct Asked {
    /// Which portal asks.
    #[serde(rename = "for")]
    portal: Option<String>,
    /// What ended before: `session`, or the ticket of a login.
    ended: Option<String>,
}

impl Asked {
    fn portal(&self) -> Portal {
        let named = self.portal.as_deref().and_then(shell::portal_named);
        named.unwrap_or(Portal::Mine)
    }
}

/// The logins this browser has under way, the newest first.
fn pending(headers: &HeaderMap) -> Vec<(TicketId, String)> {
    let mut pending: Vec<(TicketId, String)> = cookie::with_prefix(headers, PENDING)
        .into_iter()
        .filter_map(|(ticket, secret)| Some((TicketId::parse(ticket).ok()?, secret.to_owned())))
        .collect();
    pending.sort_by(|one, other| other.0.cmp(&one.0));
    pending
}

fn forget(visit: &mut Visit, ticket: &TicketId) {
    visit.keep_under(PATH, &format!("{PENDING}{ticket}"), "", Some(0));
}

async fn login(
    State(web): State<Web>,
    Anybody(mut visit): Anybody,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let portal = asked.portal();
    if visit.session.is_some() {
        return visit.go(portal.href(), None);
    }
    let ended = match asked.ended.as_deref() {
        Some("session") => Some("sign-in.session-ended".to_owned()),
        Some(ticket) => match why_ended(&web, &headers, ticket).await {
            Ok(code) => Some(code),
            Err(stop) => return visit.stop(Portal::Public, stop),
        },
        None => None,
    };
    page(&web, &mut visit, portal, &headers, ended.as_deref(), false).await
}

/// Why a login of this browser ended; another's, or one that was only left alone, has simply taken too long.
async fn why_ended(web: &Web, headers: &HeaderMap, ticket: &str) -> Result<String, PlainStop> {
    let own = pending(headers)
        .into_iter()
        .find(|(id, _)| id.as_str() == ticket);
    let why = match own {
        Some((id, secret)) => find::why_sign_in_stopped(&web.house, &id, &secret)
            .await
            .map_err(flows::Stop::plain)?,
        None => None,
    };
    Ok(why.unwrap_or_else(|| "sign-in.ticket-invalid".to_owned()))
}

/// Where a browser goes whose login ended.
fn again(portal: Portal, ticket: &str) -> String {
    format!("/login?for={}&ended={ticket}", portal.code())
}

/// Begins a login and shows its page.
async fn page(
    web: &Web,
    visit: &mut Visit,
    portal: Portal,
    headers: &HeaderMap,
    refused: Option<&str>,
    not_yet: bool,
) -> Response {
    let begun = match sign_in::begin(&web.house, &mut visit.call(), portal.code()).await {
        Ok(begun) => begun,
        Err(stop) => return visit.stop(Portal::Public, stop.plain()),
    };
    for (old, _) in pending(headers).iter().skip(MOST - 1) {
        forget(visit, old);
    }
    let ticket = &begun.ticket.id;
    visit.keep_under(
        PATH,
        &format!("{PENDING}{ticket}"),
        &begun.browser,
        Some(SECONDS),
    );
    let mut shell = visit.shell(Portal::Public);
    shell.here = format!("/login?for={}", portal.code());
    shell.csrf = csrf::token(&begun.browser);
    let page = Login {
        shell,
        portal,
        open: shell::card_link(&web.face, &begun.ticket.secret),
        poll: format!("/login/{ticket}/poll?for={}", portal.code()),
        action: format!("/login/continue?for={}", portal.code()),
        not_yet,
        refusal: refused.map(|code| answer::refusal(visit.language, code)),
    };
    visit.page(&page)
}

/// How far a login has come, for the script that waits.
async fn poll(
    State(web): State<Web>,
    Anybody(mut visit): Anybody,
    Path(ticket): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let portal = asked.portal();
    let Ok(known) = TicketId::parse(&ticket) else {
        return visit.not_found(Portal::Public);
    };
    let over = json!({ "state": "refused", "go": again(portal, known.as_str()) });
    let Some((id, secret)) = pending(&headers)
        .into_iter()
        .find(|(id, _)| id.as_str() == ticket)
    else {
        return visit.json(&over);
    };
    match sign_in::waiting(&web.house, &visit.call(), &id, &secret).await {
        Ok(Waiting::Open | Waiting::Opened) => visit.json(&json!({ "state": "waiting" })),
        Ok(Waiting::Signed) => {
            let go = format!("/login/{id}/enter?for={}", portal.code());
            visit.json(&json!({ "state": "done", "go": go }))
        }
        Ok(Waiting::Over) => visit.json(&over),
        Err(stop) => visit.stop(Portal::Public, stop.plain()),
    }
}

/// Lets the browser in whose card has signed. Reached by the script that waited; somebody else's link here can at most finish
/// a login that this browser itself has begun.
async fn enter(
    State(web): State<Web>,
    Anybody(mut visit): Anybody,
    Path(ticket): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let portal = asked.portal();
    if visit.session.is_some() {
        // Read again after the session was opened.
        return visit.go(portal.href(), None);
    }
    let found = pending(&headers)
        .into_iter()
        .find(|(id, _)| id.as_str() == ticket);
    match found {
        Some((id, secret)) => let_in(&web, &mut visit, portal, &id, &secret).await,
        None => visit.go(&again(portal, "ticket"), None),
    }
}

async fn let_in(
    web: &Web,
    visit: &mut Visit,
    portal: Portal,
    ticket: &TicketId,
    secret: &str,
) -> Response {
    forget(visit, ticket);
    match sign_in::enter(&web.house, &mut visit.call(), ticket, secret).await {
        Ok(signed_in) => {
            visit.keep(SESSION, &signed_in.secret, None);
            visit.go(portal.href(), None)
        }
        Err(stop) => match stop.plain() {
            PlainStop::Refused("sign-in.ticket-invalid") => {
                visit.go(&again(portal, ticket.as_str()), None)
            }
            stop => visit.stop(portal, stop),
        },
    }
}

/// The button for browsers without our script: whichever of this browser's logins has been signed lets it in.
async fn go_on(
    State(web): State<Web>,
    Anybody(mut visit): Anybody,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let portal = asked.portal();
    let fields = Fields(form.map(|form| form.0).unwrap_or_default());
    let pending = pending(&headers);
    let genuine = pending
        .iter()
        .any(|(_, secret)| csrf::matches(secret, fields.text("csrf")));
    if !genuine {
        // The cookie lives as long as the ticket: the page has stood open for too long, or the form is not ours.
        return visit.go(&again(portal, "ticket"), None);
    }
    for (id, secret) in &pending {
        match sign_in::waiting(&web.house, &visit.call(), id, secret).await {
            Ok(Waiting::Signed) => return let_in(&web, &mut visit, portal, id, secret).await,
            Ok(_) => {}
            Err(stop) => return visit.stop(Portal::Public, stop.plain()),
        }
    }
    page(&web, &mut visit, portal, &headers, None, true).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderValue, header};

    #[test]
    fn the_newest_login_comes_first() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static(
                "login-01KB0000000000000000000000=aa; session=x; login-01KC0000000000000000000000=bb; login-no=cc",
            ),
        );
        let pending = pending(&headers);
        let secrets: Vec<&str> = pending.iter().map(|(_, secret)| secret.as_str()).collect();
        assert_eq!(secrets, ["bb", "aa"]);
    }
}
