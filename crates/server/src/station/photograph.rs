//! Taking the portrait for a card.

use axum::Router;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use flows::find;
use flows::photograph;
use model::id::CardId;

use super::head;
use crate::answer::{self, Said};
use crate::pages::station::Photograph;
use crate::pages::{Portal, Refusal};
use crate::session::{Recognised, Visit};
use crate::web::Web;

/// The largest form with a photo, in bytes.
const LARGEST: usize = 8 * 1024 * 1024;

pub(super) fn routes() -> Router<Web> {
    Router::new().route(
        "/station/cards/{id}/photo",
        get(show).post(take).layer(DefaultBodyLimit::max(LARGEST)),
    )
}

async fn show(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    draw(&web, &mut visit, &id, None).await
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
        Ok(form) => read(form).await,
        Err(_) => Err(answer::FORM_UNREADABLE),
    };
    let sent = match sent {
        Ok(sent) => sent,
        Err(code) => {
            let refusal = answer::refusal(visit.language, code);
            return draw(&web, &mut visit, &id, Some(refusal)).await;
        }
    };
    if !visit.is_own_form(&sent.token) {
        return visit.refuse(Portal::Station, StatusCode::FORBIDDEN, answer::FORM_FOREIGN);
    }
    match photograph::photograph(&web.house, &mut visit.call(), &id, &sent.picture).await {
        Ok(_) => visit.go(
            &format!("/station/cards/{id}"),
            Some("page-station-photographed"),
        ),
        Err(stop) => match visit.said(Portal::Station, stop.plain()) {
            Said::Here(refusal) => draw(&web, &mut visit, &id, Some(refusal)).await,
            Said::Elsewhere(answer) => answer,
        },
    }
}

/// What the form sent.
struct Sent {
    token: String,
    picture: Vec<u8>,
}

async fn read(mut form: Multipart) -> Result<Sent, &'static str> {
    let refused = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            "photograph.too-large"
        } else {
            answer::FORM_UNREADABLE
        }
    };
    let mut sent = Sent {
        token: String::new(),
        picture: Vec::new(),
    };
    while let Some(field) = form.next_field().await.map_err(refused)? {
        match field.name() {
            Some("csrf") => sent.token = field.text().await.map_err(refused)?,
            Some("photo") => sent.picture = field.bytes().await.map_err(refused)?.to_vec(),
            _ => {}
        }
    }
    Ok(sent)
}

async fn draw(web: &Web, visit: &mut Visit, id: &CardId, refusal: Option<Refusal>) -> Response {
    let seen = match find::card_head(&web.house, &visit.call(), id).await {
        Ok(seen) => seen,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let status = if refusal.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = Photograph {
        shell: visit.shell(Portal::Station),
        head: head(visit.language, &seen),
        action: format!("/station/cards/{id}/photo"),
        verdict: None,
        refusal,
    };
    visit.page_with(status, &page)
}
