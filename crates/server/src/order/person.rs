//! Ordering for one person: what the rules pick and why, then the order.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use flows::order::{self, Suggestion};
use flows::{PlainStop, find};
use model::id::PersonId;
use model::loa::Loa;

use crate::answer::{self, Said};
use crate::pages::order::{EngagementChoice, Offer, OfferedProduct, Person};
use crate::pages::{Portal, Problem, Problems, Refusal};
use crate::session::{Posted, Recognised, Visit};
use crate::shell;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/order/people/{id}", get(show).post(place))
}

async fn show(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = PersonId::parse(&id) else {
        return visit.not_found(Portal::Order);
    };
    draw(&web, &mut visit, &id, Vec::new(), None).await
}

async fn place(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, fields }: Posted,
) -> Response {
    let Ok(id) = PersonId::parse(&id) else {
        return visit.not_found(Portal::Order);
    };
    if !fields.is_confirmed() {
        let problem = answer::problem(visit.language, "confirm", "problem-confirm");
        return draw(&web, &mut visit, &id, vec![problem], None).await;
    }
    match order::order(&web.house, &mut visit.call(), &id).await {
        Ok(ordered) => visit.go(
            &format!("/order/orders/{}", ordered.order),
            Some("page-order-placed"),
        ),
        Err(stop) => match visit.said(Portal::Order, stop.plain()) {
            Said::Here(refusal) => draw(&web, &mut visit, &id, Vec::new(), Some(refusal)).await,
            Said::Elsewhere(answer) => answer,
        },
    }
}

async fn draw(
    web: &Web,
    visit: &mut Visit,
    id: &PersonId,
    problems: Vec<Problem>,
    refusal: Option<Refusal>,
) -> Response {
    let found = match find::person(&web.house, &visit.call(), id).await {
        Ok(found) => found,
        Err(stop) => return visit.stop(Portal::Order, stop.plain()),
    };
    let language = visit.language;
    let today = visit.call().today();
    let suggested = order::suggest(&web.house, &visit.call(), id)
        .await
        .map_err(flows::Stop::plain);
    let offer = match suggested {
        Ok(Suggestion {
            hindrance: Some(hindrance),
            ..
        }) => Offer::Nothing(answer::refusal(language, flows::Refuse::code(&hindrance))),
        Ok(Suggestion {
            engagement, chosen, ..
        }) => Offer::Product(OfferedProduct {
            product: chosen.product.code.to_string(),
            kind: chosen.product.kind.code().to_owned(),
            loa: match chosen.product.loa {
                Loa::Two => 2,
                Loa::Three => 3,
            },
            why: chosen.why.iter().map(|why| why.code().to_owned()).collect(),
            credentials: chosen
                .credentials
                .iter()
                .map(|kind| kind.code().to_owned())
                .collect(),
            valid_to: Some(language.day(chosen.product.expires_on(today, engagement.to))),
            photo: chosen.product.photo,
        }),
        Err(PlainStop::Refused(code)) => Offer::Nothing(answer::refusal(language, code)),
        Err(fault) => return visit.stop(Portal::Order, fault),
    };
    let refused = refusal.is_some() || !problems.is_empty();
    // The rules decide by the longest engagement, so that one is shown and there is nothing to choose.
    let engagements = found.engagement.iter().map(|engagement| EngagementChoice {
        id: engagement.id.to_string(),
        line: shell::engagement(language, engagement),
        href: format!("/order/people/{id}"),
        chosen: true,
    });
    let page = Person {
        shell: visit.shell(Portal::Order),
        person: shell::person(&found.person),
        engagements: engagements.collect(),
        offer,
        cards: found
            .cards
            .iter()
            .map(|(card, kind)| {
                let order = format!("/order/orders/{}", card.order);
                shell::card_line(card, *kind, Some(order))
            })
            .collect(),
        action: format!("/order/people/{id}"),
        problems: Problems(problems),
        refusal,
    };
    let status = if refused {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    visit.page_with(status, &page)
}
