//! One card: its story, and what can be done with it now.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use flows::find::{self, CardFound, PossibleAct};
use model::id::CardId;

use super::head;
use crate::answer;
use crate::pages::Portal;
use crate::pages::station::{ActLink, Card};
use crate::session::Recognised;
use crate::shell;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/station/cards/{id}", get(show))
        .route("/station/cards/{id}/photo.jpg", get(photo))
}

async fn show(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    let found = match find::card(&web.house, &visit.call(), &id).await {
        Ok(found) => found,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let language = visit.language;
    let page = Card {
        shell: visit.shell(Portal::Station),
        head: head(language, &found.seen),
        acts: found
            .possible
            .iter()
            .map(|possible| ActLink {
                code: possible.act.code(),
                href: address(&found, possible.act),
                refusal: possible.refused.map(|code| answer::refusal(language, code)),
            })
            .collect(),
        engagement: Some(shell::engagement(language, &found.engagement)),
        valid_to: shell::day_maybe(language, found.seen.card.expires_on),
        credentials: shell::credentials(language, &found.credentials),
        events: shell::events(language, &found.history),
        receipt: found
            .receipt
            .as_ref()
            .map(|receipt| format!("/station/receipts/{receipt}")),
    };
    visit.page(&page)
}

/// Where an act is done.
fn address(found: &CardFound, act: PossibleAct) -> String {
    let card = &found.seen.card.id;
    let page = match act {
        PossibleAct::Photograph => "photo",
        PossibleAct::CheckIdentity => "identity-check",
        PossibleAct::Activate => "activate",
        PossibleAct::Unlock => "unlock",
        PossibleAct::Revoke => "revoke",
        PossibleAct::Return => "return",
        PossibleAct::Produce => return "/station/production".to_owned(),
        PossibleAct::EndEngagement => {
            return format!(
                "/station/engagements/{}/end?card={card}",
                found.engagement.id
            );
        }
    };
    format!("/station/cards/{card}/{page}")
}

/// The portrait on a card.
async fn photo(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Station);
    };
    match find::photo(&web.house, &visit.call(), &id).await {
        Ok(picture) => visit.picture(picture),
        Err(stop) => visit.stop(Portal::Station, stop.plain()),
    }
}
