//! The orderers' list and one order.

use model::Timestamp;
use model::card::Card;
use model::engagement::Engagement;
use model::id::OrderId;
use model::order::{CardOrder, OrderState};

use super::{
    CardSeen, FindRefusal, HISTORY, Happened, Looked, Names, history, holder_of, looked, may_order,
    may_see, seen,
};
use crate::call::Call;
use crate::house::House;
use crate::refusal::Fault;

/// How many orders a list shows.
const SHOWN: i64 = 200;

/// An order in a list.
#[derive(Clone, Debug)]
pub struct OrderLine {
    /// The order.
    pub order: CardOrder,
    /// Who ordered.
    pub ordered_by: Option<String>,
    /// Its card.
    pub seen: CardSeen,
}

/// One order with all that belongs to it.
#[derive(Clone, Debug)]
pub struct OrderFound {
    /// The order and its card.
    pub line: OrderLine,
    /// The engagement it was placed for.
    pub engagement: Engagement,
    /// The codes of the reasons the rules gave then.
    pub why: Vec<String>,
    /// What has happened.
    pub history: Vec<Happened>,
    /// The order can still be taken back.
    pub can_cancel: bool,
}

/// The latest orders, the newest first; those under way, or all.
///
/// # Errors
/// When the actor is no orderer.
pub async fn orders(house: &House, call: &Call<'_>, all: bool) -> Looked<Vec<OrderLine>> {
    let outcome = list(house, call, all).await;
    looked(house, call, "orders", outcome).await
}

async fn list(house: &House, call: &Call<'_>, all: bool) -> Looked<Vec<OrderLine>> {
    may_order(&call.actor)?;
    let mut read = house.database.read().await?;
    let state = (!all).then_some(OrderState::Open);
    let mut lines = Vec::new();
    let mut names = Names::default();
    for order in store::card_order::list_latest(&mut read, state, SHOWN).await? {
        let Some(card) = latest_card(&mut read, &order.id).await? else {
            continue;
        };
        let person = holder_of(&mut read, &card).await?;
        if may_see(&call.actor, &person).is_err() {
            continue;
        }
        let ordered_by = names.of_person(&mut read, &order.ordered_by).await?;
        let seen = seen(&mut read, card, person).await?;
        lines.push(OrderLine {
            order,
            ordered_by,
            seen,
        });
    }
    Ok(lines)
}

/// An order may need a second card when the first fails; the latest tells how it goes.
async fn latest_card(read: &mut store::Read, order: &OrderId) -> Looked<Option<Card>> {
    let cards = store::card::list_by_order(read, order).await?;
    Ok(cards.into_iter().max_by(|one, other| one.id.cmp(&other.id)))
}

/// One order.
///
/// # Errors
/// When there is none with that identifier, or the actor may not see it.
pub async fn order(house: &House, call: &Call<'_>, id: &OrderId) -> Looked<OrderFound> {
    let outcome = one(house, call, id).await;
    looked(house, call, &format!("order:{id}"), outcome).await
}

async fn one(house: &House, call: &Call<'_>, id: &OrderId) -> Looked<OrderFound> {
    may_order(&call.actor)?;
    let mut read = house.database.read().await?;
    let order = store::card_order::by_id(&mut read, id)
        .await?
        .ok_or(FindRefusal::OrderUnknown)?;
    let card = latest_card(&mut read, id)
        .await?
        .ok_or(Fault::Impossible("an order without a card"))?;
    let person = holder_of(&mut read, &card).await?;
    may_see(&call.actor, &person)?;
    let engagement = store::engagement::by_id(&mut read, &order.engagement)
        .await?
        .ok_or(Fault::Impossible("an order without an engagement"))?;
    let why = store::audit::list_by_subject(&mut read, &format!("order:{id}"), HISTORY)
        .await?
        .iter()
        .find(|row| row.event == "order.placed")
        .map(|row| reasons(&row.detail))
        .unwrap_or_default();
    let subjects = [format!("order:{id}"), format!("card:{}", card.id)];
    let history = history(&mut read, &subjects).await?;
    let ordered_by = Names::default()
        .of_person(&mut read, &order.ordered_by)
        .await?;
    let can_cancel = order.state == OrderState::Open && card.state.can_be_cancelled();
    let seen = seen(&mut read, card, person).await?;
    let line = OrderLine {
        order,
        ordered_by,
        seen,
    };
    Ok(OrderFound {
        line,
        engagement,
        why,
        history,
        can_cancel,
    })
}

/// The reasons in the detail of `order.placed`.
fn reasons(detail: &str) -> Vec<String> {
    let detail: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
    let why = detail.get("why").and_then(serde_json::Value::as_array);
    why.into_iter()
        .flatten()
        .filter_map(|reason| reason.as_str())
        .map(str::to_owned)
        .collect()
}

impl OrderLine {
    /// When it was ordered.
    #[must_use]
    pub const fn ordered_at(&self) -> Timestamp {
        self.order.ordered_at
    }
}
