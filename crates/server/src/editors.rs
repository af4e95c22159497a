//! The web editors' portal: what readers say of pages.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use flows::PlainStop;
use flows::feedback::{self, PageTrend};
use model::feedback::{Feedback, Words};
use model::id::FeedbackId;

use crate::answer;
use crate::pages::editors::{Editors, PageLine, RemarkLine, Week};
use crate::pages::{Portal, Refusal};
use crate::session::{Posted, Recognised, Visit};
use crate::shell;
use crate::text::Language;
use crate::web::Web;

/// The addresses of the portal.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/editors", get(overview))
        .route("/editors/feedback.csv", get(file))
        .route("/editors/{id}", post(handle))
}

async fn overview(State(web): State<Web>, Recognised(mut visit): Recognised) -> Response {
    draw(&web, &mut visit, None).await
}

/// The page; a remark whose outcome was refused carries the reason and what was written.
async fn draw(
    web: &Web,
    visit: &mut Visit,
    refused: Option<(String, String, Refusal)>,
) -> Response {
    let seen = match feedback::overview(&web.house, &visit.call()).await {
        Ok(seen) => seen,
        Err(stop) => return visit.stop(Portal::Editors, stop.plain()),
    };
    let language = visit.language;
    let mut waiting: Vec<RemarkLine> = seen
        .waiting
        .iter()
        .map(|feedback| remark(language, feedback))
        .collect();
    let status = match refused {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    if let Some((id, outcome, refusal)) = refused
        && let Some(line) = waiting.iter_mut().find(|line| line.id == id)
    {
        line.outcome = outcome;
        line.refusal = Some(refusal);
    }
    let page = Editors {
        shell: visit.shell(Portal::Editors),
        waiting,
        pages: seen.pages.iter().map(line).collect(),
        since: shell::day(language, seen.from),
    };
    visit.page_with(status, &page)
}

fn remark(language: Language, feedback: &Feedback) -> RemarkLine {
    RemarkLine {
        id: feedback.id.to_string(),
        page: feedback.page.as_str().to_owned(),
        language: feedback.language.clone(),
        helped: feedback.helped.code(),
        text: feedback
            .remark
            .as_ref()
            .map(|words| words.as_str().to_owned())
            .unwrap_or_default(),
        given_at: shell::moment(language, feedback.given_at),
        action: format!("/editors/{}", feedback.id),
        outcome: String::new(),
        refusal: None,
    }
}

fn line(page: &PageTrend) -> PageLine {
    let sum = page.sum();
    let most = page.weeks.iter().map(|week| week.yes + week.no).max();
    let most = most.unwrap_or_default().max(1);
    PageLine {
        page: page.page.as_str().to_owned(),
        yes: sum.yes,
        no: sum.no,
        weeks: page
            .weeks
            .iter()
            .map(|week| Week {
                yes: week.yes * Week::FULL / most,
                no: week.no * Week::FULL / most,
            })
            .collect(),
    }
}

/// Everything as a file for a spreadsheet.
async fn file(State(web): State<Web>, Recognised(mut visit): Recognised) -> Response {
    let everything = match feedback::everything(&web.house, &visit.call()).await {
        Ok(everything) => everything,
        Err(stop) => return visit.stop(Portal::Editors, stop.plain()),
    };
    let language = visit.language;
    let head = ["when", "page", "language", "helped", "remark", "outcome"]
        .map(|column| language.coded("page-editors-column", column));
    let words = |words: Option<&Words>| words.map_or_else(String::new, |w| w.as_str().to_owned());
    let rows = everything.iter().map(|feedback| {
        [
            shell::moment(language, feedback.given_at).machine,
            feedback.page.as_str().to_owned(),
            feedback.language.clone(),
            language.coded("page", feedback.helped.code()),
            words(feedback.remark.as_ref()),
            words(feedback.handled.as_ref().map(|handled| &handled.outcome)),
        ]
    });
    match flows::export::csv(std::iter::once(head).chain(rows)) {
        Ok(text) => visit.file("text/csv; charset=utf-8", "feedback.csv", text),
        Err(error) => {
            let fault = flows::Fault::doing("writing a list of feedback")(error);
            visit.stop(Portal::Editors, PlainStop::Fault(fault))
        }
    }
}

async fn handle(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, fields }: Posted,
) -> Response {
    let Ok(id) = FeedbackId::parse(&id) else {
        return visit.not_found(Portal::Editors);
    };
    let text = fields.text("outcome");
    let outcome = feedback::handle(&web.house, &visit.call(), &id, text).await;
    match outcome.map_err(flows::Stop::plain) {
        Ok(()) => visit.go("/editors", Some("page-editors-handled")),
        Err(PlainStop::Refused(
            code @ ("feedback.empty" | "feedback.too-long" | "feedback.holds-number"),
        )) => {
            let refusal = answer::refusal(visit.language, code);
            draw(
                &web,
                &mut visit,
                Some((id.to_string(), text.to_owned(), refusal)),
            )
            .await
        }
        Err(stop) => visit.stop(Portal::Editors, stop),
    }
}
