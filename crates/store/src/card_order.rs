//! Orders of cards.

use model::credential::CredentialKind;
use model::id::{EngagementId, OrderId, PersonId};
use model::order::{CardOrder, OrderState};
use model::product::ProductCode;

use crate::database::Row;
use crate::{Read, StoreError, Write};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, person, engagement, product, credentials, ordered_by, ordered_at, state FROM card_order ", $rest)
    };
}

fn order(row: &Row) -> Result<CardOrder, StoreError> {
    Ok(CardOrder {
        id: row.parsed(0, OrderId::parse)?,
        person: row.parsed(1, PersonId::parse)?,
        engagement: row.parsed(2, EngagementId::parse)?,
        product: row.parsed(3, ProductCode::parse)?,
        credentials: row.codes(4, CredentialKind::parse)?,
        ordered_by: row.parsed(5, PersonId::parse)?,
        ordered_at: row.time(6)?,
        state: row.parsed(7, OrderState::parse)?,
    })
}

/// Adds an order.
///
/// # Errors
/// [`StoreError::Dangling`] when there is no such person or engagement, or the database fails.
pub async fn insert(write: &mut Write, order: &CardOrder) -> Result<(), StoreError> {
    let credentials = order
        .credentials
        .iter()
        .map(|kind| kind.code())
        .collect::<Vec<_>>()
        .join(",");
    write
        .execute(
            "INSERT INTO card_order (id, person, engagement, product, credentials, ordered_by, ordered_at, state) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                (&order.id).into(),
                (&order.person).into(),
                (&order.engagement).into(),
                order.product.to_string().into(),
                credentials.into(),
                (&order.ordered_by).into(),
                order.ordered_at.into(),
                order.state.code().into(),
            ],
        )
        .await?;
    Ok(())
}

/// The order with that identifier.
///
/// # Errors
/// When the database fails.
pub async fn by_id(read: &mut Read, id: &OrderId) -> Result<Option<CardOrder>, StoreError> {
    read.row_maybe(select!("WHERE id = $1"), &[id.into()])
        .await?
        .as_ref()
        .map(order)
        .transpose()
}

/// All orders for a person, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_by_person(
    read: &mut Read,
    person: &PersonId,
) -> Result<Vec<CardOrder>, StoreError> {
    read.rows(
        select!("WHERE person = $1 ORDER BY ordered_at DESC, id DESC"),
        &[person.into()],
    )
    .await?
    .iter()
    .map(order)
    .collect()
}

/// Moves an order on from a state; says whether it was in that state.
///
/// # Errors
/// When the database fails.
pub async fn set_state(
    write: &mut Write,
    id: &OrderId,
    from: OrderState,
    to: OrderState,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE card_order SET state = $3 WHERE id = $1 AND state = $2",
            &[id.into(), from.code().into(), to.code().into()],
        )
        .await
}

/// The latest orders, at most `limit` of them; in that state, or in any.
///
/// # Errors
/// When the database fails.
pub async fn list_latest(
    read: &mut Read,
    state: Option<OrderState>,
    limit: i64,
) -> Result<Vec<CardOrder>, StoreError> {
    let rows = match state {
        Some(state) => {
            read.rows(
                select!("WHERE state = $1 ORDER BY ordered_at DESC, id DESC LIMIT $2"),
                &[state.code().into(), limit.into()],
            )
            .await?
        }
        None => {
            read.rows(
                select!("ORDER BY ordered_at DESC, id DESC LIMIT $1"),
                &[limit.into()],
            )
            .await?
        }
    };
    rows.iter().map(order).collect()
}
