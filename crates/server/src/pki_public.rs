//! What relying parties fetch without asking who they are: authority certificates, revocation lists; OCSP answers in `ocsp.rs`. Plain
//! HTTP is right here (RFC 5280 4.2.1.13): every object carries its own signature.

mod list;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::ocsp;
use crate::web::Web;

/// The addresses of the certificate authority.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/pki/{file}", get(file))
        .merge(ocsp::routes())
}

async fn file(State(web): State<Web>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    if let Some(name) = file.strip_suffix(".cer") {
        return match web.house.authorities.by_name(name) {
            Some(authority) => (
                [
                    (header::CONTENT_TYPE, "application/pkix-cert"),
                    (header::CACHE_CONTROL, "public, max-age=86400"),
                ],
                authority.certificate.der().to_vec(),
            )
                .into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        };
    }
    list::serve(&web, &file, &headers).await
}
