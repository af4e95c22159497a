//! Checking the holder's identity document, step by step.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use flows::Stop;
use flows::check_identity::{self, CheckIdentityRefusal, DocumentShown};
use flows::find;
use model::Date;
use model::card::CardState;
use model::id::CardId;
use model::identity_check::{CheckPoint, DocumentKind, IdentityCheckProblem};

use super::head;
use crate::answer::{self, Said};
use crate::form::Fields;
use crate::pages::station::{IdentityCheck, IdentityCheckForm};
use crate::pages::{Portal, Problem, Problems, Refusal};
use crate::session::{Posted, Recognised, Visit};
use crate::text::Language;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/station/cards/{id}/identity-check", get(show).post(check))
}

async fn show(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    draw(&web, &mut visit, &id, Filled::default()).await
}

async fn check(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, fields }: Posted,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    let form = form(&fields);
    let shown = match parse(visit.language, &form) {
        Ok(shown) => shown,
        Err(problems) => {
            let filled = Filled {
                form,
                problems,
                refusal: None,
            };
            return draw(&web, &mut visit, &id, filled).await;
        }
    };
    match check_identity::check_identity(&web.house, &mut visit.call(), &id, &shown).await {
        Ok(_) => match find::card_head(&web.house, &visit.call(), &id).await {
            // The holder of a card in use stands here for a new code.
            Ok(seen) if seen.card.state == CardState::Active => {
                visit.go(&format!("/station/cards/{id}/unlock"), None)
            }
            Ok(_) => visit.go(&format!("/station/cards/{id}/activate"), None),
            Err(stop) => visit.stop(Portal::Station, stop.plain()),
        },
        Err(stop) => {
            let field = match &stop {
                Stop::Refused(CheckIdentityRefusal::Problem(problem)) => Some(field_of(*problem)),
                _ => None,
            };
            let refusal = match visit.said(Portal::Station, stop.plain()) {
                Said::Here(refusal) => refusal,
                Said::Elsewhere(answer) => return answer,
            };
            let filled = match field {
                Some(field) => Filled {
                    form,
                    problems: vec![Problem {
                        field,
                        text: refusal.text,
                    }],
                    refusal: None,
                },
                None => Filled {
                    form,
                    problems: Vec::new(),
                    refusal: Some(refusal),
                },
            };
            draw(&web, &mut visit, &id, filled).await
        }
    }
}

/// The form as it was filled in, and what was wrong with it.
#[derive(Default)]
struct Filled {
    form: IdentityCheckForm,
    problems: Vec<Problem>,
    refusal: Option<Refusal>,
}

fn form(fields: &Fields) -> IdentityCheckForm {
    let answers = CheckPoint::ALL.iter().filter_map(|point| {
        let answer = match fields.text(&format!("answer-{}", point.code())) {
            "yes" => true,
            "no" => false,
            _ => return None,
        };
        Some((point.code().to_owned(), answer))
    });
    IdentityCheckForm {
        document: fields.text("document").to_owned(),
        number: fields.text("number").to_owned(),
        expires_on: fields.text("expires_on").to_owned(),
        answers: answers.collect(),
    }
}

/// What the form says, as the act takes it. What the act itself judges is not judged here.
fn parse(language: Language, form: &IdentityCheckForm) -> Result<DocumentShown, Vec<Problem>> {
    let mut problems = Vec::new();
    let kind = DocumentKind::parse(&form.document)
        .map_err(|_| problems.push(answer::problem(language, "document", "problem-document")));
    let expires_on = form
        .expires_on
        .parse::<Date>()
        .map_err(|_| problems.push(answer::problem(language, "expires_on", "problem-date")));
    let (Ok(kind), Ok(expires_on)) = (kind, expires_on) else {
        return Err(problems);
    };
    let answers: BTreeMap<CheckPoint, bool> = form
        .answers
        .iter()
        .filter_map(|(code, answer)| Some((CheckPoint::parse(code).ok()?, *answer)))
        .collect();
    Ok(DocumentShown {
        kind,
        number: form.number.clone(),
        expires_on,
        answers,
    })
}

/// The field a problem belongs to.
fn field_of(problem: IdentityCheckProblem) -> String {
    let point = match problem {
        IdentityCheckProblem::BadNumber => return "number".to_owned(),
        IdentityCheckProblem::Expired | IdentityCheckProblem::ImplausibleExpiry => {
            return "expires_on".to_owned();
        }
        IdentityCheckProblem::DigitalForm => CheckPoint::Physical,
        IdentityCheckProblem::PinkPassport => CheckPoint::WineRedCover,
        IdentityCheckProblem::InCover => CheckPoint::OutOfCover,
        IdentityCheckProblem::Damaged => CheckPoint::WholeAndClean,
        IdentityCheckProblem::PhotoDiffers => CheckPoint::PhotoMatches,
        IdentityCheckProblem::DetailsDiffer => CheckPoint::DetailsMatch,
        IdentityCheckProblem::SuspectedFalse => CheckPoint::FeelsGenuine,
        IdentityCheckProblem::MissingCheckPoint(point) => point,
    };
    format!("answer-{}", point.code())
}

async fn draw(web: &Web, visit: &mut Visit, id: &CardId, filled: Filled) -> Response {
    let seen = match find::card_head(&web.house, &visit.call(), id).await {
        Ok(seen) => seen,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let status = if filled.refusal.is_some() || !filled.problems.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let codes = |code: &'static str| code.to_owned();
    let page = IdentityCheck {
        shell: visit.shell(Portal::Station),
        head: head(visit.language, &seen),
        documents: DocumentKind::ALL
            .iter()
            .map(|kind| codes(kind.code()))
            .collect(),
        check_points: CheckPoint::ALL
            .iter()
            .map(|point| codes(point.code()))
            .collect(),
        form: filled.form,
        action: format!("/station/cards/{id}/identity-check"),
        problems: Problems(filled.problems),
        refusal: filled.refusal,
    };
    visit.page_with(status, &page)
}
