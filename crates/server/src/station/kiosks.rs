//! Opening photo kiosks, and closing them wherever they stand.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use flows::Stop;
use flows::kiosk::{self, KioskRefusal};
use model::id::KioskId;

use crate::answer::{self, Said};
use crate::kiosk::{KIOSK, UNDER};
use crate::pages::kiosk::{Kiosks, OpenKiosk};
use crate::pages::{Portal, Problems, Refusal};
use crate::session::{Posted, Recognised, SESSION, Visit};
use crate::shell;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/station/kiosks", get(list).post(open))
        .route("/station/kiosks/{id}/close", post(close))
}

async fn list(State(web): State<Web>, Recognised(mut visit): Recognised) -> Response {
    draw(&web, &mut visit, Problems::default(), None).await
}

/// Makes this machine a kiosk: the officer's own session ends here, so that nobody finds it open.
async fn open(State(web): State<Web>, Posted { mut visit, fields }: Posted) -> Response {
    let opened = match kiosk::open(&web.house, &mut visit.call(), fields.text("place")).await {
        Ok(opened) => opened,
        Err(Stop::Refused(KioskRefusal::PlaceUnclear)) => {
            let problem = answer::problem(visit.language, "place", "page-kiosks-place-unclear");
            return draw(&web, &mut visit, Problems(vec![problem]), None).await;
        }
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    if let Some(session) = visit.session.take()
        && let Err(stop) =
            flows::sign_in::sign_out(&web.house, &visit.call(), &session.secret).await
    {
        return visit.stop(Portal::Station, stop.plain());
    }
    visit.keep(SESSION, "", Some(0));
    visit.keep_under(UNDER, KIOSK, &opened.secret, Some(opened.seconds));
    visit.go(UNDER, None)
}

async fn close(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, .. }: Posted,
) -> Response {
    let Ok(id) = KioskId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    match kiosk::close(&web.house, &mut visit.call(), &id).await {
        Ok(()) => visit.go("/station/kiosks", Some("page-kiosks-closed")),
        Err(stop) => match visit.said(Portal::Station, stop.plain()) {
            Said::Here(refusal) => draw(&web, &mut visit, Problems::default(), Some(refusal)).await,
            Said::Elsewhere(answer) => answer,
        },
    }
}

async fn draw(
    web: &Web,
    visit: &mut Visit,
    problems: Problems,
    refusal: Option<Refusal>,
) -> Response {
    let open = match kiosk::list(&web.house, &visit.call()).await {
        Ok(open) => open,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let status = if problems.0.is_empty() && refusal.is_none() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let language = visit.language;
    let page = Kiosks {
        shell: visit.shell(Portal::Station),
        open: open
            .iter()
            .map(|row| OpenKiosk {
                place: row.place.to_string(),
                since: shell::moment(language, row.opened_at),
                until: shell::moment(language, row.expires_at),
                close: format!("/station/kiosks/{}/close", row.id),
            })
            .collect(),
        problems,
        refusal,
    };
    visit.page_with(status, &page)
}
