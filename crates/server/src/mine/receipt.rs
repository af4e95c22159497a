//! My receipt: shown for printing, and as the signed file.

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
const PLACE: &str = "/mine/receipts";

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/mine/receipts/{id}", get(show))
        .route("/mine/receipts/{id}/receipt.jws", get(file))
}

async fn show(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = ReceiptId::parse(&id) else {
        return visit.not_found(Portal::Mine);
    };
    match find::receipt(&web.house, &visit.call(), &id).await {
        Ok(found) => {
            let page = Receipt {
                shell: visit.shell(Portal::Mine),
                receipt: shell::receipt(visit.language, PLACE, &found),
                back: Portal::Mine.href().to_owned(),
            };
            visit.page(&page)
        }
        Err(stop) => visit.stop(Portal::Mine, stop.plain()),
    }
}

async fn file(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = ReceiptId::parse(&id) else {
        return visit.not_found(Portal::Mine);
    };
    match find::receipt(&web.house, &visit.call(), &id).await {
        Ok(found) => visit.file(
            "application/jose",
            &format!("receipt-{id}.jws"),
            found.row.jws,
        ),
        Err(stop) => visit.stop(Portal::Mine, stop.plain()),
    }
}
