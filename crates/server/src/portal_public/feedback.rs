//! Readers say whether a page helped, and why.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use flows::PlainStop;
use flows::feedback;
use model::feedback::Helped;
use model::id::FeedbackId;

use crate::answer;
use crate::pages::feedback::{Feedback, FeedbackGiven};
use crate::pages::{Portal, Refusal};
use crate::session::{Sent, Visit};
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/feedback", post(give))
        .route("/feedback/{id}", post(add_remark))
}

async fn give(State(web): State<Web>, Sent { mut visit, fields }: Sent) -> Response {
    let Ok(helped) = Helped::parse(fields.text("helped")) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return visit.refuse(Portal::Public, status, answer::FORM_UNREADABLE);
    };
    let (page, language) = (fields.text("page"), visit.language.code());
    match feedback::give(&web.house, &mut visit.call(), page, language, helped).await {
        Ok(id) => ask_why(&mut visit, &id, helped, page, String::new(), None),
        Err(stop) => visit.stop(Portal::Public, stop.plain()),
    }
}

async fn add_remark(
    State(web): State<Web>,
    Path(id): Path<String>,
    Sent { mut visit, fields }: Sent,
) -> Response {
    let (Ok(id), Ok(helped)) = (FeedbackId::parse(&id), Helped::parse(fields.text("helped")))
    else {
        return visit.not_found(Portal::Public);
    };
    let (page, text) = (fields.text("page"), fields.text("remark"));
    let hide = fields.text("hide") == "yes";
    let outcome = feedback::add_remark(&web.house, &visit.call(), &id, text, hide).await;
    match outcome.map_err(flows::Stop::plain) {
        Ok(()) => {
            let page = FeedbackGiven {
                back: back(page),
                shell: visit.shell(Portal::Public),
            };
            visit.page(&page)
        }
        Err(PlainStop::Refused(
            code @ ("feedback.empty" | "feedback.too-long" | "feedback.holds-number"),
        )) => {
            let refusal = answer::refusal(visit.language, code);
            ask_why(
                &mut visit,
                &id,
                helped,
                page,
                text.to_owned(),
                Some(refusal),
            )
        }
        Err(stop) => visit.stop(Portal::Public, stop),
    }
}

fn ask_why(
    visit: &mut Visit,
    id: &FeedbackId,
    helped: Helped,
    page: &str,
    remark: String,
    refusal: Option<Refusal>,
) -> Response {
    let status = match refusal {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let holds_number = refusal
        .as_ref()
        .is_some_and(|refusal| refusal.code == "feedback.holds-number");
    let page = Feedback {
        shell: visit.shell(Portal::Public),
        helped: helped.code(),
        action: format!("/feedback/{id}"),
        back: back(page),
        remark,
        holds_number,
        refusal,
    };
    visit.page_with(status, &page)
}

/// The page the reader came from: an address of this site and of no other.
fn back(page: &str) -> String {
    let own = page.starts_with('/') && !page.starts_with("//") && !page.contains('\\');
    if own { page } else { "/" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_stays_here() {
        for (page, way) in [
            ("/mine", "/mine"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("", "/"),
        ] {
            assert_eq!(back(page), way);
        }
    }
}
