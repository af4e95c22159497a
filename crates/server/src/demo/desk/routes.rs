//! The desk's pages: the drawer, the reader, and the window of an act.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use client::{CodeProblem, CodeRules, StepName};
use flows::card_state;
use model::card::{CardNumber, CardState};
use model::role::Actor;
use piv::{Host, Pin};
use serde::Deserialize;
use tokio::runtime::Handle;
use tokio::time::timeout;
use zeroize::Zeroize as _;

use super::act::{Act, Given, Shown, Waits};
use super::{Desk, Held, locked};
use crate::pages::desk::{
    Act as ActPage, Asked, ChooseCode, DeskShell, Drawer, EnterCode, Stage, VirtualCard,
};
use crate::pages::{Progress, Refusal, Standing, Step};
use crate::text::Language;

/// How long a page waits for the client's next question.
const PATIENCE: Duration = Duration::from_secs(1);
/// Tries of a card that has not been asked.
const MOST_TRIES: u8 = 3;

/// The desk's own address.
pub fn routes(desk: Desk) -> Router {
    let files = crate::assets::routes().with_state(desk.web.clone());
    Router::new()
        .route("/", get(drawer))
        .route("/insert/{number}", post(insert))
        .route("/eject", post(eject))
        .route("/portrait.jpg", get(portrait))
        .route("/act", get(act))
        .route("/act/{ticket}/answer", post(answer))
        .route("/act/{ticket}/cancel", post(cancel))
        .route("/act/{ticket}/progress.json", get(progress))
        .with_state(desk)
        .merge(files)
        .layer(axum::middleware::from_fn(crate::routes::protect))
}

/// How many of the invented people there are pictures of here.
const PORTRAITS: u64 = 40;

/// A picture of somebody invented, to be saved: for whoever tries the station and has no camera.
async fn portrait(State(desk): State<Desk>) -> Response {
    let mut asking = desk.web.asking();
    let chance = u64::from_be_bytes(asking.call(Actor::Nobody).random());
    let drawn =
        tokio::task::spawn_blocking(move || print::portrait::invent(chance % PORTRAITS)).await;
    match drawn {
        Ok(Ok(picture)) => (
            [
                (header::CONTENT_TYPE, "image/jpeg"),
                (header::CACHE_CONTROL, "no-store"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"portrait.jpg\"",
                ),
            ],
            picture,
        )
            .into_response(),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[derive(Deserialize)]
struct Asking {
    ticket: Option<String>,
    language: Option<String>,
}

fn language(headers: &HeaderMap, query: Option<&str>) -> Language {
    let accept = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let cookie = headers
        .get(header::COOKIE)
        .and_then(|value| value.to_str().ok())
        .and_then(|cookies| {
            cookies
                .split(';')
                .find_map(|cookie| cookie.trim().strip_prefix("language="))
        });
    Language::choose(query, cookie, accept)
}

fn html(page: &impl Template, language: Language) -> Response {
    match page.render() {
        Ok(body) => {
            let cookie = format!("language={}; Path=/; SameSite=Lax", language.code());
            (
                [
                    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                    (header::CACHE_CONTROL, "no-store"),
                ],
                [(header::SET_COOKIE, cookie)],
                body,
            )
                .into_response()
        }
        Err(error) => {
            tracing::error!(cause = %error, "a page of the desk was not drawn");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// What the desk can see of a card without a code, and what the house says of it.
async fn seen(desk: &Desk, number: &str) -> Option<VirtualCard> {
    let (name, code_hint, tries_left) = {
        let state = locked(&desk.state);
        let Held {
            chip,
            name,
            code_hint,
        } = state.cards.get(number)?;
        // A card that is working for an act is not disturbed; its tries stand on the page of the act.
        let tries = chip.try_lock().ok().and_then(|mut chip| {
            let mut host = Host::new(&mut *chip);
            host.select()
                .and_then(|()| host.pin_tries_left())
                .ok()
                .flatten()
        });
        (name.clone(), code_hint.clone(), tries.unwrap_or(MOST_TRIES))
    };
    let printed = CardNumber::parse(number).ok()?;
    let state = card_state::of_number(&desk.web.house, &printed)
        .await
        .ok()?
        .map_or("unknown", CardState::code);
    let insert = format!("/insert/{number}");
    Some(VirtualCard {
        number: printed.to_string(),
        name,
        state: state.to_owned(),
        code_hint,
        tries_left,
        insert,
    })
}

async fn shell(desk: &Desk, language: Language, here: String) -> DeskShell {
    let inserted = locked(&desk.state).reader.clone();
    let reader = match inserted {
        Some(number) => seen(desk, &number).await,
        None => None,
    };
    DeskShell {
        language,
        here,
        csrf: desk.csrf.to_string(),
        portals: desk.web.face.address.clone(),
        reader,
    }
}

async fn others(desk: &Desk) -> Vec<VirtualCard> {
    let (numbers, reader) = {
        let state = locked(&desk.state);
        (
            state.cards.keys().cloned().collect::<Vec<_>>(),
            state.reader.clone(),
        )
    };
    let mut cards = Vec::new();
    for number in numbers
        .iter()
        .filter(|number| Some(*number) != reader.as_ref())
    {
        cards.extend(seen(desk, number).await);
    }
    cards
}

async fn drawer(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Query(query): Query<Asking>,
) -> Response {
    let language = language(&headers, query.language.as_deref());
    let page = Drawer {
        shell: shell(&desk, language, "/".to_owned()).await,
        cards: others(&desk).await,
        eject: "/eject".to_owned(),
    };
    html(&page, language)
}

/// What was typed into a code field; wiped when the form is dropped, and never shown.
#[derive(Default, Deserialize, PartialEq, Eq)]
struct Typed(String);

impl Typed {
    fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl Drop for Typed {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[derive(Deserialize)]
struct Posted {
    csrf: String,
    return_to: Option<String>,
    #[serde(default)]
    code: Typed,
    #[serde(default)]
    code_again: Typed,
}

/// A form of the desk's own pages, and of no other's.
fn is_ours(desk: &Desk, posted: &Posted) -> bool {
    posted.csrf == *desk.csrf
}

/// Only back to the desk's own pages.
fn back(posted: &Posted) -> Redirect {
    match &posted.return_to {
        Some(path) if path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') => {
            Redirect::to(path)
        }
        _ => Redirect::to("/"),
    }
}

async fn insert(
    State(desk): State<Desk>,
    Path(number): Path<String>,
    Form(posted): Form<Posted>,
) -> Response {
    if !is_ours(&desk, &posted) {
        return StatusCode::FORBIDDEN.into_response();
    }
    {
        let mut state = locked(&desk.state);
        if state.cards.contains_key(&number) {
            state.reader = Some(number);
        }
    }
    back(&posted).into_response()
}

async fn eject(State(desk): State<Desk>, Form(posted): Form<Posted>) -> Response {
    if !is_ours(&desk, &posted) {
        return StatusCode::FORBIDDEN.into_response();
    }
    locked(&desk.state).reader = None;
    back(&posted).into_response()
}

/// Tickets are codes of ours, four signs four times with hyphens between; anything else is not put into an address.
fn is_ticket(text: &str) -> bool {
    text.len() == 19
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-')
}

async fn act(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Query(query): Query<Asking>,
) -> Response {
    let language = language(&headers, query.language.as_deref());
    let Some(ticket) = query.ticket.filter(|ticket| is_ticket(ticket)) else {
        return Redirect::to("/").into_response();
    };
    let here = format!("/act?ticket={ticket}");
    let shell = shell(&desk, language, here).await;
    let started = locked(&desk.state).acts.contains_key(&ticket);
    if shell.reader.is_none() && !started {
        let asked = Asked {
            who_asks: desk.web.face.organisation.clone(),
            address: desk.web.face.address.clone(),
            act: "card".to_owned(),
            for_whom: None,
            taken_up: false,
            session: None,
        };
        let stage = Stage::Insert(others(&desk).await);
        return html(
            &ActPage {
                shell,
                asked,
                progress: None,
                stage,
                action: String::new(),
                cancel: None,
            },
            language,
        );
    }
    let shown = {
        let mut state = locked(&desk.state);
        let act = state
            .acts
            .entry(ticket.clone())
            .or_insert_with(|| Act::start(&desk, &ticket, Handle::current()));
        Arc::clone(&act.shown)
    };
    settled(&shown).await;
    let cards = others(&desk).await;
    let page = draw(&desk, shell, &ticket, &locked(&shown), cards);
    html(&page, language)
}

/// The client's next question comes within a moment: the page waits for it, but not for long, since a card may take seconds to
/// make a key.
async fn settled(shown: &Arc<Mutex<Shown>>) {
    let changed = Arc::clone(&locked(shown).changed);
    loop {
        let next = changed.notified();
        if !matches!(locked(shown).waits, Waits::Card) || timeout(PATIENCE, next).await.is_err() {
            return;
        }
    }
}

/// The page's word for an act; a card that nobody has asked for yet waits for one.
fn kind(asks: Option<&client::Asks>) -> &'static str {
    match asks.map(|asks| asks.act) {
        Some(wire::Act::Activate) => "activate",
        Some(wire::Act::SignIn) => "sign-in",
        Some(wire::Act::Unlock) => "unlock",
        _ => "card",
    }
}

fn draw(
    desk: &Desk,
    shell: DeskShell,
    ticket: &str,
    shown: &Shown,
    cards: Vec<VirtualCard>,
) -> ActPage {
    let language = shell.language;
    let asks = shown.asks.as_ref();
    let act = kind(asks);
    let asked = Asked {
        who_asks: asks.map_or_else(
            || desk.web.face.organisation.clone(),
            |asks| asks.who_asks.clone(),
        ),
        address: desk.web.face.address.clone(),
        act: act.to_owned(),
        for_whom: asks.and_then(|asks| asks.for_whom.clone()),
        taken_up: asks.is_some_and(|asks| asks.taken_up),
        session: None,
    };
    let hint = shell
        .reader
        .as_ref()
        .and_then(|card| card.code_hint.clone());
    let stage = match &shown.waits {
        Waits::Card => Stage::Working(format!("/act/{ticket}/progress.json")),
        // The card is touched only after the holder has agreed, so until then it may be changed for the right one.
        Waits::Agreement if shell.reader.is_none() => Stage::Insert(cards),
        Waits::Agreement => Stage::Ask,
        Waits::NewCode(rules, problem) => Stage::ChooseCode(ChooseCode {
            min: rules.minimum(),
            max: rules.maximum(),
            problem: problem.map(str::to_owned),
        }),
        Waits::Code {
            tries_left,
            wrong,
            text,
        } => Stage::EnterCode(EnterCode {
            purpose: if act == "activate" {
                "sign-receipt"
            } else {
                "sign-in"
            }
            .to_owned(),
            tries_left: tries_left.unwrap_or(MOST_TRIES),
            wrong: *wrong,
            code_hint: hint,
            text: text.clone(),
        }),
        Waits::Finished => Stage::Finished(desk.web.face.address.clone()),
        Waits::Stopped { code, text } => {
            let key = format!("refusal-{}", code.replace(['.', '_'], "-"));
            let text = if language.has(&key) {
                language.say(&key)
            } else {
                text.clone()
            };
            Stage::Refused(Refusal {
                code: code.clone(),
                text,
            })
        }
    };
    let ended = matches!(stage, Stage::Finished(_) | Stage::Refused(_));
    ActPage {
        progress: asks.map(|_| steps(act, shown)),
        asked,
        stage,
        action: format!("/act/{ticket}/answer"),
        cancel: (!ended).then(|| format!("/act/{ticket}/cancel")),
        shell,
    }
}

/// The steps of an act as drawn, and which of the client's steps each stands for.
fn steps(act: &str, shown: &Shown) -> Progress {
    type Is = fn(StepName) -> bool;
    let (prefix, names): (&'static str, &[(&str, Is)]) = if act == "activate" {
        (
            "desk-activation-step",
            &[
                ("card", |step| matches!(step, StepName::ReadCard)),
                ("key", |step| matches!(step, StepName::ReplaceManagementKey)),
                ("code", |step| {
                    matches!(step, StepName::ChooseCode | StepName::EnterCode)
                }),
                ("keys", |step| matches!(step, StepName::GenerateKey(_))),
                ("certificates", |step| {
                    matches!(step, StepName::WriteCertificate(_))
                }),
                // The last signature of the act: done when the act is.
                ("receipt", |_| false),
            ],
        )
    } else if act == "unlock" {
        (
            "desk-activation-step",
            &[
                ("card", |step| matches!(step, StepName::ReadCard)),
                ("code", |step| matches!(step, StepName::ChooseCode)),
            ],
        )
    } else {
        (
            "sign-in-step",
            &[
                ("card", |step| matches!(step, StepName::ReadCertificate(_))),
                ("code", |step| matches!(step, StepName::EnterCode)),
                ("sign", |step| matches!(step, StepName::Sign(_))),
            ],
        )
    };
    let finished = matches!(shown.waits, Waits::Finished);
    let stopped = matches!(shown.waits, Waits::Stopped { .. });
    let mut open = true;
    let steps = names
        .iter()
        .map(|(code, is)| {
            let reached = finished || shown.done.iter().any(|step| is(*step));
            let standing = if reached {
                Standing::Done
            } else if std::mem::take(&mut open) {
                if stopped {
                    Standing::Trouble
                } else {
                    Standing::Now
                }
            } else {
                Standing::Ahead
            };
            Step {
                code: (*code).to_owned(),
                standing,
            }
        })
        .collect();
    Progress { prefix, steps }
}

/// The code typed twice, or the word for what was wrong with it.
fn new_code(rules: CodeRules, posted: &Posted) -> Result<Pin, &'static str> {
    if posted.code != posted.code_again {
        return Err("differ");
    }
    rules.check(posted.code.as_bytes()).map_err(problem_word)?;
    Pin::parse(posted.code.as_bytes()).map_err(|_| "digits")
}

/// The page's word for a problem with a chosen code.
pub(super) fn problem_word(problem: CodeProblem) -> &'static str {
    match problem {
        CodeProblem::TooShort { .. } | CodeProblem::TooLong { .. } => "length",
        CodeProblem::NotDigits => "digits",
        CodeProblem::OneDigit | CodeProblem::Repeated => "repeated",
        CodeProblem::Run => "sequence",
        CodeProblem::Date => "birth-date",
        CodeProblem::Old => "old",
    }
}

async fn answer(
    State(desk): State<Desk>,
    Path(ticket): Path<String>,
    Form(posted): Form<Posted>,
) -> Response {
    if !is_ours(&desk, &posted) || !is_ticket(&ticket) {
        return StatusCode::FORBIDDEN.into_response();
    }
    {
        let state = locked(&desk.state);
        if let Some(act) = state.acts.get(&ticket) {
            let mut shown = locked(&act.shown);
            let given = match &shown.waits {
                Waits::Agreement => Some(Given::Agreed),
                Waits::NewCode(rules, _) => match new_code(*rules, &posted) {
                    Ok(pin) => Some(Given::Code(pin)),
                    Err(problem) => {
                        shown.waits = Waits::NewCode(*rules, Some(problem));
                        None
                    }
                },
                Waits::Code { .. } => Pin::parse(posted.code.as_bytes()).ok().map(Given::Code),
                _ => None,
            };
            if let Some(given) = given {
                shown.waits = Waits::Card;
                // A client that has ended meanwhile does not listen any more; its page says how it ended.
                let _ = act.given.send(given);
            }
        }
    }
    Redirect::to(&format!("/act?ticket={ticket}")).into_response()
}

async fn cancel(
    State(desk): State<Desk>,
    Path(ticket): Path<String>,
    Form(posted): Form<Posted>,
) -> Response {
    if !is_ours(&desk, &posted) || !is_ticket(&ticket) {
        return StatusCode::FORBIDDEN.into_response();
    }
    if let Some(act) = locked(&desk.state).acts.get(&ticket) {
        let _ = act.given.send(Given::Cancelled);
    }
    Redirect::to(&format!("/act?ticket={ticket}")).into_response()
}

async fn progress(State(desk): State<Desk>, Path(ticket): Path<String>) -> Response {
    let state = locked(&desk.state);
    let Some(act) = state.acts.get(&ticket) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let shown = locked(&act.shown);
    let kind = kind(shown.asks.as_ref());
    let steps: Vec<_> = steps(kind, &shown)
        .steps
        .into_iter()
        .map(|step| serde_json::json!({ "code": step.code, "standing": step.standing.code() }))
        .collect();
    let waiting = matches!(shown.waits, Waits::Card);
    let body =
        serde_json::json!({ "state": if waiting { "waiting" } else { "changed" }, "steps": steps });
    ([(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}
