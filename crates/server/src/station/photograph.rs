//! Taking the portrait for a card, and approving it.

use axum::Router;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use flows::approve_photo::{ApprovePhotoRefusal, approve_photo};
use flows::{Stop, find, photograph};
use model::id::{CardId, PhotoId};
use model::photo::Photo;

use super::head;
use crate::answer::{self, Said};
use crate::pages::station::{PhotoCheck, PhotoVerdict, Photograph};
use crate::pages::{Portal, Problems, Refusal};
use crate::session::{Posted, Recognised, Visit};
use crate::upload::{self, LARGEST};
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(
            "/station/cards/{id}/photo",
            get(show).post(take).layer(DefaultBodyLimit::max(LARGEST)),
        )
        .route("/station/cards/{id}/photo/approve", post(approve))
}

async fn show(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    draw(&web, &mut visit, &id, Told::default()).await
}

async fn take(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    let sent = match form {
        Ok(form) => upload::read(form).await,
        Err(_) => Err(answer::FORM_UNREADABLE),
    };
    let sent = match sent {
        Ok(sent) => sent,
        Err(code) => {
            let refusal = answer::refusal(visit.language, code);
            return draw(&web, &mut visit, &id, Told::refused(refusal)).await;
        }
    };
    if !visit.is_own_form(&sent.token) {
        return visit.refuse(Portal::Station, StatusCode::FORBIDDEN, answer::FORM_FOREIGN);
    }
    match photograph::photograph(&web.house, &mut visit.call(), &id, &sent.picture).await {
        // The page shows the photo as it will stand on the card, and what was found in it.
        Ok(_) => visit.go(&format!("/station/cards/{id}/photo"), None),
        Err(stop) => match visit.said(Portal::Station, stop.plain()) {
            Said::Here(refusal) => draw(&web, &mut visit, &id, Told::refused(refusal)).await,
            Said::Elsewhere(answer) => answer,
        },
    }
}

async fn approve(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, fields }: Posted,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    let Ok(photo) = PhotoId::parse(fields.text("photo")) else {
        let status = StatusCode::BAD_REQUEST;
        return visit.refuse(Portal::Station, status, answer::FORM_UNREADABLE);
    };
    let reason = Some(fields.text("reason")).filter(|reason| !reason.is_empty());
    let outcome = approve_photo(&web.house, &mut visit.call(), &id, &photo, reason).await;
    let stop = match outcome {
        Ok(()) => {
            let notice = Some("page-station-photographed");
            return visit.go(&format!("/station/cards/{id}"), notice);
        }
        Err(stop) => stop,
    };
    let mut told = Told {
        reason: reason.unwrap_or_default().to_owned(),
        ..Told::default()
    };
    // What is wrong with the reason is told at its field.
    if let Stop::Refused(ApprovePhotoRefusal::Faults | ApprovePhotoRefusal::ReasonUnclear) = &stop {
        let problem = answer::problem(visit.language, "reason", "page-station-photograph-unclear");
        told.problems = Problems(vec![problem]);
    }
    match visit.said(Portal::Station, stop.plain()) {
        Said::Here(refusal) => {
            told.refusal = Some(refusal).filter(|_| told.problems.0.is_empty());
            draw(&web, &mut visit, &id, told).await
        }
        Said::Elsewhere(answer) => answer,
    }
}

/// What the page says besides the photo.
#[derive(Default)]
struct Told {
    refusal: Option<Refusal>,
    problems: Problems,
    reason: String,
}

impl Told {
    fn refused(refusal: Refusal) -> Self {
        Self {
            refusal: Some(refusal),
            ..Self::default()
        }
    }

    fn is_bad(&self) -> bool {
        self.refusal.is_some() || !self.problems.0.is_empty()
    }
}

async fn draw(web: &Web, visit: &mut Visit, id: &CardId, told: Told) -> Response {
    let found = match find::to_photograph(&web.house, &visit.call(), id).await {
        Ok(found) => found,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let status = if told.is_bad() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let action = format!("/station/cards/{id}/photo");
    let page = Photograph {
        shell: visit.shell(Portal::Station),
        head: head(visit.language, &found.seen),
        verdict: found
            .taken
            .as_ref()
            .map(|photo| verdict(&action, photo, told.reason)),
        action,
        portrait: web
            .face
            .desk
            .as_ref()
            .map(|desk| format!("{desk}/portrait.jpg")),
        problems: told.problems,
        refusal: told.refusal,
    };
    visit.page_with(status, &page)
}

fn verdict(address: &str, photo: &Photo, reason: String) -> PhotoVerdict {
    let open = photo.faults.iter().all(|fault| fault.can_be_overruled());
    PhotoVerdict {
        id: photo.id.to_string(),
        // The card's photo is another one after each try: the address says which, so that no browser shows an earlier one.
        photo: format!("{address}.jpg?photo={}", photo.id),
        from_kiosk: photo.taken_by.is_none(),
        checks: PhotoCheck::all(&photo.faults),
        approve: open.then(|| format!("{address}/approve")),
        reason,
    }
}
