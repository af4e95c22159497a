//! The queue of the day, and a search.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use flows::PlainStop;
use flows::find;

use crate::answer;
use crate::pages::Portal;
use crate::pages::station::{Lane, Queue, QueueCard};
use crate::session::{Recognised, parameter};
use crate::shell;
use crate::text::Language;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/station", get(queue))
}

async fn queue(State(web): State<Web>, Recognised(mut visit): Recognised) -> Response {
    let lanes = match find::lanes(&web.house, &visit.call()).await {
        Ok(lanes) => lanes,
        Err(stop) => return visit.stop(Portal::Station, stop.plain()),
    };
    let language = visit.language;
    let query = visit
        .here
        .split_once('?')
        .map(|parts| parts.1)
        .unwrap_or_default();
    let mut asked = parameter(query, "find").unwrap_or_default();
    let mut found = None;
    let mut refusal = None;
    if !asked.trim().is_empty() {
        let searched = find::search_cards(&web.house, &visit.call(), &asked).await;
        match searched.map_err(flows::Stop::plain) {
            Ok(cards) => found = Some(cards.iter().map(|card| entry(language, card)).collect()),
            Err(PlainStop::Refused(code)) => {
                // A personal number must not stand in the field, nor in the address of the language switch.
                if code == "find.number-in-search" {
                    asked.clear();
                    visit.here = "/station".to_owned();
                }
                refusal = Some(answer::refusal(language, code));
            }
            Err(fault) => return visit.stop(Portal::Station, fault),
        }
    }
    let status = if refusal.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = Queue {
        shell: visit.shell(Portal::Station),
        find: asked,
        found,
        lanes: lanes
            .iter()
            .map(|lane| Lane {
                code: lane.code.code(),
                cards: lane
                    .cards
                    .iter()
                    .map(|card| in_lane(language, lane.code, card))
                    .collect(),
                total: lane.total,
            })
            .collect(),
        refusal,
    };
    visit.page_with(status, &page)
}

/// A photo that waits is looked at on the page where it was taken.
fn in_lane(language: Language, lane: find::LaneCode, shown: &find::QueueCard) -> QueueCard {
    let mut entry = entry(language, shown);
    if lane == find::LaneCode::PhotoCheck {
        entry.href.push_str("/photo");
    }
    entry
}

fn entry(language: Language, shown: &find::QueueCard) -> QueueCard {
    QueueCard {
        href: format!("/station/cards/{}", shown.card.id),
        person: shell::person(&shown.person),
        kind: shown.kind.code().to_owned(),
        state: shown.card.state.code().to_owned(),
        since: shell::moment(language, shown.card.state_since),
        number: shell::number(&shown.card),
    }
}
