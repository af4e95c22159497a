//! The API for programs: functions and their certificates, and what directories must know. `api/openapi.json` describes it; a
//! test holds the two to each other.

mod caller;
mod directory;
mod functions;
pub(crate) mod problem;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::web::Web;

/// The largest body that is read, in bytes.
const LARGEST_BODY: usize = 64 * 1024;

const DESCRIPTION: &str = include_str!("../api/openapi.json");

/// The addresses of the API.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/api/openapi.json", get(description))
        .merge(functions::routes())
        .merge(directory::routes())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

/// For everybody: it says nothing of this installation.
async fn description() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, DESCRIPTION).into_response()
}
