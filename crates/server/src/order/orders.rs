//! The orders, one order, and taking it back.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use flows::find;
use flows::order;
use flows::photo_code::make_photo_code;
use model::card::CardState;
use model::id::OrderId;

use crate::answer::Said;
use crate::pages::kiosk::PhotoCode;
use crate::pages::order::{Detail, OrderLine, Orders};
use crate::pages::{Portal, Refusal};
use crate::session::{Posted, Recognised, Visit, parameter};
use crate::shell;
use crate::text::Language;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/order/orders", get(list))
        .route("/order/orders/{id}", get(show))
        .route("/order/orders/{id}/cancel", post(cancel))
        .route("/order/orders/{id}/photo-code", post(photo_code))
}

async fn list(State(web): State<Web>, Recognised(mut visit): Recognised) -> Response {
    let query = visit
        .here
        .split_once('?')
        .map(|parts| parts.1)
        .unwrap_or_default();
    let all = parameter(query, "show").as_deref() == Some("all");
    let orders = match find::orders(&web.house, &visit.call(), all).await {
        Ok(orders) => orders,
        Err(stop) => return visit.stop(Portal::Order, stop.plain()),
    };
    let language = visit.language;
    let page = Orders {
        shell: visit.shell(Portal::Order),
        orders: orders.iter().map(|order| line(language, order)).collect(),
        all,
    };
    visit.page(&page)
}

fn line(language: Language, found: &find::OrderLine) -> OrderLine {
    OrderLine {
        href: format!("/order/orders/{}", found.order.id),
        name: found.seen.person.full_name(),
        product: found.order.product.to_string(),
        ordered_at: shell::moment(language, found.order.ordered_at),
        ordered_by: found.ordered_by.clone().unwrap_or_default(),
        life: shell::life(language, &found.seen),
    }
}

async fn show(
    State(web): State<Web>,
    Recognised(mut visit): Recognised,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = OrderId::parse(&id) else {
        return visit.not_found(Portal::Order);
    };
    draw(&web, &mut visit, &id, None).await
}

async fn draw(web: &Web, visit: &mut Visit, id: &OrderId, refusal: Option<Refusal>) -> Response {
    let found = match find::order(&web.house, &visit.call(), id).await {
        Ok(found) => found,
        Err(stop) => return visit.stop(Portal::Order, stop.plain()),
    };
    let language = visit.language;
    let status = if refusal.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = Detail {
        shell: visit.shell(Portal::Order),
        order: line(language, &found.line),
        state: found.line.order.state.code().to_owned(),
        person: shell::person(&found.line.seen.person),
        engagement: shell::engagement(language, &found.engagement),
        why: found.why,
        credentials: found
            .line
            .order
            .credentials
            .iter()
            .map(|kind| kind.code().to_owned())
            .collect(),
        card_number: shell::number(&found.line.seen.card),
        events: shell::events(language, &found.history),
        cancel: found
            .can_cancel
            .then(|| format!("/order/orders/{id}/cancel")),
        photo_code: (found.line.seen.card.state == CardState::AwaitingPhoto)
            .then(|| format!("/order/orders/{id}/photo-code")),
        refusal,
    };
    visit.page_with(status, &page)
}

async fn cancel(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, .. }: Posted,
) -> Response {
    let Ok(id) = OrderId::parse(&id) else {
        return visit.not_found(Portal::Order);
    };
    let card = match find::order(&web.house, &visit.call(), &id).await {
        Ok(found) => found.line.seen.card.id,
        Err(stop) => return visit.stop(Portal::Order, stop.plain()),
    };
    match order::cancel(&web.house, &mut visit.call(), &card).await {
        Ok(()) => visit.go(&format!("/order/orders/{id}"), Some("page-order-cancelled")),
        Err(stop) => match visit.said(Portal::Order, stop.plain()) {
            Said::Here(refusal) => draw(&web, &mut visit, &id, Some(refusal)).await,
            Said::Elsewhere(answer) => answer,
        },
    }
}

/// Tells the orderer the code that the holder brings to a kiosk.
async fn photo_code(
    State(web): State<Web>,
    Path(id): Path<String>,
    Posted { mut visit, .. }: Posted,
) -> Response {
    let Ok(id) = OrderId::parse(&id) else {
        return visit.not_found(Portal::Order);
    };
    let seen = match find::order(&web.house, &visit.call(), &id).await {
        Ok(found) => found.line.seen,
        Err(stop) => return visit.stop(Portal::Order, stop.plain()),
    };
    match make_photo_code(&web.house, &mut visit.call(), &seen.card.id).await {
        Ok(made) => {
            let page = PhotoCode {
                shell: visit.shell(Portal::Order),
                name: seen.person.full_name(),
                code: made.code,
                until: shell::day(visit.language, made.expires_at),
                back: format!("/order/orders/{id}"),
            };
            visit.page(&page)
        }
        Err(stop) => match visit.said(Portal::Order, stop.plain()) {
            Said::Here(refusal) => draw(&web, &mut visit, &id, Some(refusal)).await,
            Said::Elsewhere(answer) => answer,
        },
    }
}
