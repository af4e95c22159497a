//! Where the card client talks to the server: two addresses, messages of `wire`, no cookie. The client is nobody: what it may
//! do follows from its ticket alone.

mod translate;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use flows::desk::Next;
use flows::{PlainStop, activate, sign_in, ticket, unlock};
use model::role::Actor;
use wire::{Act, Hello, Opening, Refusal, Welcome};

use crate::text::Language;
use crate::web::Web;

/// The addresses of the card client.
pub fn routes() -> Router<Web> {
    Router::new()
        .route(wire::path::HELLO, post(hello))
        .route(wire::path::CONTINUE, post(proceed))
        .layer(DefaultBodyLimit::max(wire::path::LARGEST_MESSAGE))
}

fn language(headers: &HeaderMap) -> Language {
    let accept = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    Language::choose(None, None, accept)
}

fn json(body: Result<Vec<u8>, impl std::fmt::Display>) -> Response {
    match body {
        Ok(body) => (
            [
                (header::CONTENT_TYPE, "application/json"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            body,
        )
            .into_response(),
        Err(error) => {
            tracing::error!(cause = %error, "a message to the card client was not written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn refusal(language: Language, code: &str) -> Refusal {
    Refusal {
        code: code.to_owned(),
        text: language.coded("refusal", code),
    }
}

/// What an act that did not happen is to the client: a refusal to show, or an incident to report.
enum No {
    Refused(Refusal),
    Incident(String),
}

fn no(language: Language, incident: &str, stop: PlainStop) -> No {
    match stop {
        PlainStop::Refused(code) => No::Refused(refusal(language, code)),
        PlainStop::Fault(fault) => {
            tracing::error!(incident, cause = %fault.chain(), "an act at the card failed");
            No::Incident(incident.to_owned())
        }
    }
}

async fn hello(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    let Ok(message) = wire::decode::<Hello>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let opening = match open(&web, language(&headers), &message).await {
        Ok(welcome) => Opening::Welcome(welcome),
        Err(No::Refused(refusal)) => Opening::Refused(refusal),
        Err(No::Incident(number)) => Opening::Incident { number },
    };
    json(wire::encode(&opening))
}

async fn open(web: &Web, language: Language, message: &Hello) -> Result<Welcome, No> {
    let mut asking = web.asking();
    let incident = asking.request_id.to_string();
    let mut call = asking.call(Actor::Nobody);
    let act = ticket::act_of(&web.house, &message.ticket)
        .await
        .map_err(|fault| no(language, &incident, PlainStop::Fault(fault)))?;
    let (act, who_asks, (for_whom, card_number), purpose, taken_up, ask) = match act.as_deref() {
        Some("activate") => {
            let welcome = activate::hello(
                &web.house,
                &mut call,
                &message.ticket,
                message.act_key.as_slice(),
            )
            .await
            .map_err(|stop| no(language, &incident, stop.plain()))?;
            (
                Act::Activate,
                welcome.organisation,
                (Some(welcome.holder), welcome.card_number),
                language.say("card-client-purpose-activate"),
                welcome.taken_up,
                welcome.ask,
            )
        }
        Some("unlock") => {
            let key = message.act_key.as_slice();
            let welcome = unlock::hello(&web.house, &mut call, &message.ticket, key)
                .await
                .map_err(|stop| no(language, &incident, stop.plain()))?;
            (
                Act::Unlock,
                welcome.organisation,
                (Some(welcome.holder), welcome.card_number),
                language.say("card-client-purpose-unlock"),
                welcome.taken_up,
                welcome.ask,
            )
        }
        Some("sign-in") => {
            let welcome = sign_in::hello(&web.house, &mut call, &message.ticket)
                .await
                .map_err(|stop| no(language, &incident, stop.plain()))?;
            let portal = language.coded("card-client-portal", &welcome.portal);
            let purpose = language.say_with(
                "card-client-purpose-sign-in",
                &[("portal", crate::text::Argument::Text(portal))],
            );
            (
                Act::SignIn,
                welcome.organisation,
                (None, None),
                purpose,
                false,
                welcome.ask,
            )
        }
        _ => return Err(No::Refused(refusal(language, "sign-in.ticket-invalid"))),
    };
    let step = translate::step(ask).ok_or(No::Incident(incident))?;
    Ok(Welcome {
        act,
        who_asks,
        for_whom,
        card_number,
        purpose,
        taken_up,
        session: message.ticket.clone(),
        step,
    })
}

async fn proceed(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    let Ok(message) = wire::decode::<wire::Continue>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let next = match go_on(&web, language(&headers), message).await {
        Ok(next) => next,
        Err(No::Refused(refusal)) => wire::Next::Refused(refusal),
        Err(No::Incident(number)) => wire::Next::Incident { number },
    };
    json(wire::encode(&next))
}

async fn go_on(web: &Web, language: Language, message: wire::Continue) -> Result<wire::Next, No> {
    let mut asking = web.asking();
    let incident = asking.request_id.to_string();
    let mut call = asking.call(Actor::Nobody);
    let act = ticket::act_of(&web.house, &message.session)
        .await
        .map_err(|fault| no(language, &incident, PlainStop::Fault(fault)))?;
    let Some(reply) = translate::reply(message.answer) else {
        return Err(No::Refused(refusal(language, "activate.answer-unexpected")));
    };
    let (next, done) = match act.as_deref() {
        Some("activate") => (
            activate::proceed(&web.house, &mut call, &message.session, reply)
                .await
                .map_err(flows::Stop::plain),
            "card-client-done-activate",
        ),
        Some("unlock") => (
            unlock::proceed(&web.house, &mut call, &message.session, reply)
                .await
                .map_err(flows::Stop::plain),
            "card-client-done-unlock",
        ),
        Some("sign-in") => (
            sign_in::proceed(&web.house, &mut call, &message.session, reply)
                .await
                .map_err(flows::Stop::plain),
            "card-client-done-sign-in",
        ),
        _ => return Err(No::Refused(refusal(language, "sign-in.ticket-invalid"))),
    };
    match next.map_err(|stop| no(language, &incident, stop))? {
        Next::Ask(ask) => translate::step(ask)
            .map(wire::Next::Step)
            .ok_or(No::Incident(incident)),
        Next::Finished => Ok(wire::Next::Finished {
            text: language.say(done),
        }),
    }
}
