//! Finding somebody to order for.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use flows::PlainStop;
use flows::find::{self, FoundPerson, People};

use crate::pages::Portal;
use crate::pages::order as page;
use crate::session::{Recognised, Visit, parameter};
use crate::shell;
use crate::text::Language;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/order", get(search))
}

async fn search(State(web): State<Web>, Recognised(mut visit): Recognised) -> Response {
    let query = visit
        .here
        .split_once('?')
        .map(|parts| parts.1)
        .unwrap_or_default();
    let name = parameter(query, "name").unwrap_or_default();
    if name.trim().is_empty() {
        return match find::order_desk(&web.house, &visit.call()).await {
            Ok(()) => draw(&mut visit, String::new(), None, None),
            Err(stop) => visit.stop(Portal::Order, stop.plain()),
        };
    }
    match find::people(&web.house, &visit.call(), &name)
        .await
        .map_err(flows::Stop::plain)
    {
        Ok(people) => draw(&mut visit, name, Some(people), None),
        Err(PlainStop::Refused(code)) if code.starts_with("find.") => {
            // A personal number must not stand in the field, nor in the address of the language switch.
            let number = code == "find.number-in-search";
            if number {
                visit.here = "/order".to_owned();
            }
            let name = if number { String::new() } else { name };
            draw(&mut visit, name, None, Some(code))
        }
        Err(stop) => visit.stop(Portal::Order, stop),
    }
}

fn draw(
    visit: &mut Visit,
    name: String,
    people: Option<People>,
    refused: Option<&'static str>,
) -> Response {
    let language = visit.language;
    let more = people.as_ref().is_some_and(|people| people.more);
    let page = page::Search {
        shell: visit.shell(Portal::Order),
        name,
        found: people.map(|people| {
            people
                .found
                .iter()
                .map(|found| row(language, found))
                .collect()
        }),
        more,
        refusal: refused.map(|code| crate::answer::refusal(language, code)),
    };
    let status = match refused {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    visit.page_with(status, &page)
}

fn row(language: Language, found: &FoundPerson) -> page::FoundPerson {
    page::FoundPerson {
        href: format!("/order/people/{}", found.person.id),
        person: shell::person(&found.person),
        engagement: found
            .engagement
            .as_ref()
            .map(|engagement| shell::engagement(language, engagement)),
        card: found
            .card
            .as_ref()
            .map(|(card, kind)| shell::card_line(card, *kind, None)),
    }
}
