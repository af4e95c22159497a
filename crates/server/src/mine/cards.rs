//! My cards.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use flows::calendar;
use flows::find;
use flows::photo_code::make_photo_code;
use model::card::CardState;
use model::id::CardId;
use model::{Date, Days};

use crate::pages::kiosk::PhotoCode;
use crate::pages::mine::{Cards, MyCard};
use crate::pages::{CardFace, Portal, Validity};
use crate::session::{Posted, Recognised, Visit, parameter};
use crate::shell;
use crate::text::Language;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/mine", get(list))
        .route("/mine/photo.jpg", get(photo))
        .route("/mine/cards/{id}/photo-code", post(photo_code))
}

async fn list(State(web): State<Web>, Recognised(mut visit): Recognised) -> Response {
    let found = match find::my_cards(&web.house, &visit.call()).await {
        Ok(found) => found,
        Err(stop) => return visit.stop(Portal::Mine, stop.plain()),
    };
    let today = visit.call().today();
    let page = Cards {
        shell: visit.shell(Portal::Mine),
        given_name: visit
            .session
            .as_ref()
            .map(|session| session.me.person.given_name.as_str().to_owned())
            .unwrap_or_default(),
        cards: found.iter().map(|card| mine(&visit, today, card)).collect(),
    };
    visit.page(&page)
}

fn mine(visit: &Visit, today: Date, found: &find::MyCard) -> MyCard {
    let language = visit.language;
    let card = &found.seen.card;
    MyCard {
        face: face(found),
        product: card.product.to_string(),
        life: shell::life(language, &found.seen),
        validity: validity(language, today, found),
        credentials: shell::credentials(language, &found.credentials),
        logged_in_with: is_logged_in_with(visit, &card.id),
        revoke: found
            .can_revoke
            .then(|| format!("/mine/cards/{}/revoke", card.id)),
        photo_code: (card.state == CardState::AwaitingPhoto)
            .then(|| format!("/mine/cards/{}/photo-code", card.id)),
        receipt: found
            .receipt
            .as_ref()
            .map(|receipt| format!("/mine/receipts/{receipt}")),
    }
}

/// The front of one's own card.
pub(super) fn face(found: &find::MyCard) -> CardFace {
    let photo = format!("/mine/photo.jpg?card={}", found.seen.card.id);
    shell::face(&found.seen, Some(photo))
}

/// Whether the session was opened with that card.
pub(super) fn is_logged_in_with(visit: &Visit, card: &CardId) -> bool {
    visit
        .session
        .as_ref()
        .is_some_and(|session| session.card == *card)
}

/// How long a working card is valid.
fn validity(language: Language, today: Date, found: &find::MyCard) -> Option<Validity> {
    if found.seen.card.state != CardState::Active {
        return None;
    }
    let from = calendar::swedish_date(found.active_since?);
    let to = found.seen.card.expires_on?;
    let gone = Days::between(from, today).0.max(0);
    let all = Days::between(from, to).0.max(1);
    Some(Validity {
        from: language.day(from),
        to: language.day(to),
        percent_gone: u8::try_from((gone.saturating_mul(100) / all).min(100)).unwrap_or(100),
        // The last day counts.
        days_left: Days::between(today, to).0 + 1,
    })
}

/// The portrait on one's own card: of the card named, else of the one logged in with.
async fn photo(State(web): State<Web>, Recognised(mut visit): Recognised) -> Response {
    let query = visit
        .here
        .split_once('?')
        .map(|parts| parts.1)
        .unwrap_or_default();
    let card = match parameter(query, "card") {
        Some(card) => CardId::parse(&card).ok(),
        None => visit.session.as_ref().map(|session| session.card.clone()),
    };
    let Some(card) = card else {
        return visit.not_found(Portal::Mine);
    };
    match find::my_photo(&web.house, &visit.call(), &card).await {
        Ok(picture) => visit.picture(picture),
        Err(stop) => visit.stop(Portal::Mine, stop.plain()),
    }
}

/// Tells the holder the code for a kiosk.
async fn photo_code(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, .. }: Posted,
) -> Response {
    let Ok(id) = CardId::parse(&id) else {
        return visit.not_found(Portal::Mine);
    };
    let name = match find::my_card(&web.house, &visit.call(), &id).await {
        Ok(found) => found.seen.person.full_name(),
        Err(stop) => return visit.stop(Portal::Mine, stop.plain()),
    };
    match make_photo_code(&web.house, &mut visit.call(), &id).await {
        Ok(made) => {
            let page = PhotoCode {
                shell: visit.shell(Portal::Mine),
                name,
                code: made.code,
                until: shell::day(visit.language, made.expires_at),
                back: "/mine".to_owned(),
            };
            visit.page(&page)
        }
        Err(stop) => visit.stop(Portal::Mine, stop.plain()),
    }
}
