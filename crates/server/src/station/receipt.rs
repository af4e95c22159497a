//! The receipt, at the station: shown for printing, and as the signed file.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use flows::find;
use model::id::ReceiptId;

use crate::pages::Portal;
use crate::pages::mine::Receipt;
use crate::session::Recognised;
use crate::shell;
use crate::web::Web;

/// Where receipts stand in this portal.
pub(super) const PLACE: &str = "/station/receipts";

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/station/receipts/{id}", get(show))
        .route("/station/receipts/{id}/receipt.jws", get(file))
}

async fn show(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = ReceiptId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    match find::receipt(&web.house, &visit.call(), &id).await {
        Ok(found) => {
            let page = Receipt {
                shell: visit.shell(Portal::Station),
                receipt: shell::receipt(visit.language, PLACE, &found),
                back: format!("/station/cards/{}", found.seen.card.id),
            };
            visit.page(&page)
        }
        Err(stop) => visit.stop(Portal::Station, stop.plain()),
    }
}

async fn file(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = ReceiptId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    match find::receipt(&web.house, &visit.call(), &id).await {
        Ok(found) => visit.file(
            "application/jose",
            &format!("receipt-{id}.jws"),
            found.row.jws,
        ),
        Err(stop) => visit.stop(Portal::Station, stop.plain()),
    }
}
