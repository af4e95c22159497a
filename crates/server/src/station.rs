//! The card station: one file an act.

mod activate;
mod card;
mod check_identity;
mod deliver;
mod end_engagement;
mod kiosks;
mod photograph;
mod produce;
mod queue;
mod receipt;
mod return_card;
mod revoke;
mod unlock;
mod waiting;

use axum::Router;
use flows::find::CardSeen;

use crate::pages::station::CardHead;
use crate::shell;
use crate::text::Language;
use crate::web::Web;

/// The addresses of the portal.
pub fn routes() -> Router<Web> {
    Router::new()
        .merge(queue::routes())
        .merge(card::routes())
        .merge(photograph::routes())
        .merge(kiosks::routes())
        .merge(produce::routes())
        .merge(deliver::routes())
        .merge(check_identity::routes())
        .merge(activate::routes())
        .merge(unlock::routes())
        .merge(revoke::routes())
        .merge(return_card::routes())
        .merge(end_engagement::routes())
        .merge(receipt::routes())
}

/// What stands at the top of every page about a card.
fn head(language: Language, seen: &CardSeen) -> CardHead {
    let href = format!("/station/cards/{}", seen.card.id);
    CardHead {
        face: shell::face(seen, Some(format!("{href}/photo.jpg"))),
        person: shell::person(&seen.person),
        product: seen.card.product.to_string(),
        life: shell::life(language, seen),
        href,
    }
}
