//! What relying parties fetch without asking who they are: authority certificates, revocation lists; OCSP answers in `ocsp.rs`. Plain
//! HTTP is right here (RFC 5280 4.2.1.13): every object carries its own signature.

mod certificate;
mod list;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
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
        return certificate::der(&web, name);
    }
    if let Some(name) = file.strip_suffix(".pem") {
        return certificate::pem(&web, name);
    }
    list::serve(&web, &file, &headers).await
}
