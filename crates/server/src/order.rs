//! The orderers' portal.

mod orders;
mod person;
mod search;

use axum::Router;

use crate::web::Web;

/// The addresses of the portal.
pub fn routes() -> Router<Web> {
    Router::new()
        .merge(search::routes())
        .merge(person::routes())
        .merge(orders::routes())
}
