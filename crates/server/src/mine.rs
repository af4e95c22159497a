//! Mina sidor: what people see and do about their own cards.

mod cards;
mod logins;
mod receipt;
mod revoke;

use axum::Router;

use crate::web::Web;

/// The addresses of the portal.
pub fn routes() -> Router<Web> {
    Router::new()
        .merge(cards::routes())
        .merge(logins::routes())
        .merge(receipt::routes())
        .merge(revoke::routes())
}
