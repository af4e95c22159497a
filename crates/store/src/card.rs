//! Cards, and the secrets that go with them, sealed.

use model::card::{Card, CardNumber, CardState};
use model::id::{BatchId, CardId, OrderId, PersonId, PhotoId};
use model::product::ProductCode;
use model::role::Role;
use model::{Date, Timestamp};

use crate::database::Row;
use crate::{Read, StoreError, Write};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT card.id, card.card_order, card.person, card.product, card.number, card.state, card.state_since, card.photo, \
             card.batch, card.expires_on, card.guid FROM card ",
            $rest
        )
    };
}

fn card(row: &Row) -> Result<Card, StoreError> {
    Ok(Card {
        id: row.parsed(0, CardId::parse)?,
        order: row.parsed(1, OrderId::parse)?,
        person: row.parsed(2, PersonId::parse)?,
        product: row.parsed(3, ProductCode::parse)?,
        number: row.parsed_maybe(4, CardNumber::parse)?,
        state: row.parsed(5, CardState::parse)?,
        state_since: row.time(6)?,
        photo: row.parsed_maybe(7, PhotoId::parse)?,
        batch: row.parsed_maybe(8, BatchId::parse)?,
        expires_on: row.date_maybe(9)?,
        guid: row.array_maybe(10)?,
    })
}

/// Adds a card, without secrets and with management key version 0, the producer's.
///
/// # Errors
/// `card_number` is taken, [`StoreError::Dangling`] when there is no such order or person, or the database fails.
pub async fn insert(write: &mut Write, card: &Card) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO card (id, card_order, person, product, number, state, state_since, photo, batch, expires_on, guid, \
             management_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)",
            &[
                (&card.id).into(),
                (&card.order).into(),
                (&card.person).into(),
                card.product.to_string().into(),
                card.number.as_ref().map(CardNumber::digits).into(),
                card.state.code().into(),
                card.state_since.into(),
                card.photo.as_ref().into(),
                card.batch.as_ref().into(),
                card.expires_on.into(),
                card.guid.as_ref().map(<[u8; 16]>::as_slice).into(),
            ],
        )
        .await?;
    Ok(())
}

/// The card with that identifier.
///
/// # Errors
/// When the database fails.
pub async fn by_id(read: &mut Read, id: &CardId) -> Result<Option<Card>, StoreError> {
    read.row_maybe(select!("WHERE card.id = $1"), &[id.into()])
        .await?
        .as_ref()
        .map(card)
        .transpose()
}

/// The card with that printed number.
///
/// # Errors
/// When the database fails.
pub async fn by_number(read: &mut Read, number: &CardNumber) -> Result<Option<Card>, StoreError> {
    read.row_maybe(select!("WHERE card.number = $1"), &[number.digits().into()])
        .await?
        .as_ref()
        .map(card)
        .transpose()
}

/// All cards of a person, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_by_person(read: &mut Read, person: &PersonId) -> Result<Vec<Card>, StoreError> {
    read.rows(
        select!("WHERE card.person = $1 ORDER BY card.id DESC"),
        &[person.into()],
    )
    .await?
    .iter()
    .map(card)
    .collect()
}

/// Cards in a state, those that have been in it longest first, at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn list_by_state(
    read: &mut Read,
    state: CardState,
    limit: i64,
) -> Result<Vec<Card>, StoreError> {
    read.rows(
        select!("WHERE card.state = $1 ORDER BY card.state_since, card.id LIMIT $2"),
        &[state.code().into(), limit.into()],
    )
    .await?
    .iter()
    .map(card)
    .collect()
}

/// Cards that wait for a photo and have none, those that have waited longest first, at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn list_unphotographed(read: &mut Read, limit: i64) -> Result<Vec<Card>, StoreError> {
    read.rows(
        select!(
            "WHERE card.state = 'awaiting-photo' AND card.photo IS NULL ORDER BY card.state_since, card.id LIMIT $1"
        ),
        &[limit.into()],
    )
    .await?
    .iter()
    .map(card)
    .collect()
}

/// Cards whose photo was taken and waits for an officer, those that have waited longest first, at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn list_photographed(read: &mut Read, limit: i64) -> Result<Vec<Card>, StoreError> {
    read.rows(
        select!(
            "WHERE card.state = 'awaiting-photo' AND card.photo IS NOT NULL ORDER BY card.state_since, card.id LIMIT $1"
        ),
        &[limit.into()],
    )
    .await?
    .iter()
    .map(card)
    .collect()
}

/// How many cards have a photo that was taken and waits for an officer.
///
/// # Errors
/// When the database fails.
pub async fn count_photographed(read: &mut Read) -> Result<i64, StoreError> {
    read.row(
        "SELECT COUNT(id) FROM card WHERE state = 'awaiting-photo' AND photo IS NOT NULL",
        &[],
    )
    .await?
    .integer(0)
}

/// Cards that have been in a state since `latest` or longer.
///
/// # Errors
/// When the database fails.
pub async fn list_in_state_since(
    read: &mut Read,
    state: CardState,
    latest: Timestamp,
) -> Result<Vec<Card>, StoreError> {
    read.rows(
        select!(
            "WHERE card.state = $1 AND card.state_since <= $2 ORDER BY card.state_since, card.id"
        ),
        &[state.code().into(), latest.into()],
    )
    .await?
    .iter()
    .map(card)
    .collect()
}

/// Active cards whose last day has passed.
///
/// # Errors
/// When the database fails.
pub async fn list_active_expired(read: &mut Read, today: Date) -> Result<Vec<Card>, StoreError> {
    read.rows(
        select!(
            "WHERE card.state = 'active' AND card.expires_on < $1 ORDER BY card.expires_on, card.id"
        ),
        &[today.into()],
    )
    .await?
    .iter()
    .map(card)
    .collect()
}

/// How many people with that role have an active card.
///
/// # Errors
/// When the database fails.
pub async fn count_active_of_role(read: &mut Read, role: Role) -> Result<i64, StoreError> {
    read.row(
        "SELECT COUNT(DISTINCT card.person) FROM card JOIN role_grant ON role_grant.person = card.person \
         WHERE card.state = 'active' AND role_grant.role = $1",
        &[role.code().into()],
    )
    .await?
    .integer(0)
}

/// How many cards are in each state that has any, by the state's code.
///
/// # Errors
/// When the database fails.
pub async fn count_by_state(read: &mut Read) -> Result<Vec<(CardState, i64)>, StoreError> {
    let rows = read
        .rows(
            "SELECT state, COUNT(id) FROM card GROUP BY state ORDER BY state",
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.parsed(0, CardState::parse)?, row.integer(1)?)))
        .collect()
}

/// Moves a card on from a state; says whether it was in that state.
///
/// # Errors
/// When the database fails.
pub async fn set_state(
    write: &mut Write,
    id: &CardId,
    from: CardState,
    to: CardState,
    now: Timestamp,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE card SET state = $3, state_since = $4 WHERE id = $1 AND state = $2",
            &[id.into(), from.code().into(), to.code().into(), now.into()],
        )
        .await
}

/// Puts a portrait on a card; says whether there is such a card.
///
/// # Errors
/// [`StoreError::Dangling`] when there is no such portrait, or the database fails.
pub async fn set_photo(
    write: &mut Write,
    id: &CardId,
    photo: &PhotoId,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE card SET photo = $2 WHERE id = $1",
            &[id.into(), photo.into()],
        )
        .await
}

/// The serial for the next card number, from 1; no two cards get the same.
///
/// # Errors
/// When the database fails.
pub async fn next_serial(write: &mut Write) -> Result<u64, StoreError> {
    let serial = crate::counter::next(write, "card").await?;
    u64::try_from(serial).map_err(|_| StoreError::Damaged {
        column: "value".to_owned(),
    })
}

/// What a card gets when it goes to its producer.
#[derive(Clone)]
pub struct Production {
    /// The batch it is made in.
    pub batch: BatchId,
    /// Its printed number.
    pub number: CardNumber,
    /// The chip's GUID.
    pub guid: [u8; 16],
    /// Its last day.
    pub expires_on: Date,
    /// The unlock code it leaves the producer with, sealed.
    pub unlock_code: Vec<u8>,
}

/// Writes down what a card gets when it goes to its producer; says whether there is such a card.
///
/// # Errors
/// `card_number` is taken, [`StoreError::Dangling`] when there is no such batch, or the database fails.
pub async fn set_production(
    write: &mut Write,
    id: &CardId,
    production: &Production,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE card SET batch = $2, number = $3, guid = $4, expires_on = $5, unlock_code = $6, unlock_code_next = NULL, \
             management_version = 0, management_version_next = NULL WHERE id = $1",
            &[
                id.into(),
                (&production.batch).into(),
                production.number.digits().into(),
                (&production.guid).into(),
                production.expires_on.into(),
                (&production.unlock_code).into(),
            ],
        )
        .await
}

/// What the house keeps to be able to reach into a card. The codes are sealed; still they go nowhere but to their act.
#[derive(Clone)]
pub struct CardSecrets {
    /// The unlock code the card confirmed last, sealed.
    pub unlock_code: Option<Vec<u8>>,
    /// An unlock code that was sent to the card and not confirmed yet, sealed.
    pub unlock_code_next: Option<Vec<u8>>,
    /// The version of the management key the card confirmed last; 0 is the producer's.
    pub management_version: u32,
    /// The version that was sent to the card and not confirmed yet.
    pub management_next: Option<u32>,
    /// When the card's own identity (CHUID) was written anew, if it was.
    pub identity_written_at: Option<Timestamp>,
}

/// The secrets of a card.
///
/// # Errors
/// When the database fails.
pub async fn secrets(read: &mut Read, id: &CardId) -> Result<Option<CardSecrets>, StoreError> {
    let row = read
        .row_maybe(
            "SELECT unlock_code, unlock_code_next, management_version, management_version_next, identity_written_at FROM card \
             WHERE id = $1",
            &[id.into()],
        )
        .await?;
    row.map(|row| {
        Ok(CardSecrets {
            unlock_code: row.bytes_maybe(0)?,
            unlock_code_next: row.bytes_maybe(1)?,
            management_version: version(&row, 2, row.integer(2)?)?,
            management_next: row
                .integer_maybe(3)?
                .map(|number| version(&row, 3, number))
                .transpose()?,
            identity_written_at: row.time_maybe(4)?,
        })
    })
    .transpose()
}

fn version(row: &Row, column: usize, number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| row.damaged(column))
}

/// Writes down which management key the card has and which was sent to it; says whether that is anything new.
///
/// # Errors
/// When the database fails.
pub async fn set_management_version(
    write: &mut Write,
    id: &CardId,
    version: u32,
    next: Option<u32>,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE card SET management_version = $2, management_version_next = $3 WHERE id = $1 \
             AND (management_version <> $2 OR COALESCE(management_version_next, -1) <> COALESCE($3, -1))",
            &[id.into(), i64::from(version).into(), next.map(i64::from).into()],
        )
        .await
}

/// Writes down the unlock code, sealed, that is about to be sent to the card; says whether there is such a card.
///
/// # Errors
/// When the database fails.
pub async fn set_unlock_code_next(
    write: &mut Write,
    id: &CardId,
    sealed: &[u8],
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE card SET unlock_code_next = $2 WHERE id = $1",
            &[id.into(), sealed.into()],
        )
        .await
}

/// The card confirmed the unlock code that was sent to it; says whether one was.
///
/// # Errors
/// When the database fails.
pub async fn settle_unlock_code(write: &mut Write, id: &CardId) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE card SET unlock_code = unlock_code_next, unlock_code_next = NULL WHERE id = $1 AND unlock_code_next IS NOT NULL",
            &[id.into()],
        )
        .await
}

/// The card's own identity was written anew; says whether there is such a card.
///
/// # Errors
/// When the database fails.
pub async fn set_identity_written(
    write: &mut Write,
    id: &CardId,
    guid: [u8; 16],
    now: Timestamp,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE card SET guid = $2, identity_written_at = $3 WHERE id = $1",
            &[id.into(), (&guid).into(), now.into()],
        )
        .await
}

/// The cards that were made for an order, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_by_order(read: &mut Read, order: &OrderId) -> Result<Vec<Card>, StoreError> {
    read.rows(
        select!("WHERE card.card_order = $1 ORDER BY card.id DESC"),
        &[order.into()],
    )
    .await?
    .iter()
    .map(card)
    .collect()
}

/// The cards that went to the producer in a batch, by their numbers.
///
/// # Errors
/// When the database fails.
pub async fn list_by_batch(read: &mut Read, batch: &BatchId) -> Result<Vec<Card>, StoreError> {
    read.rows(
        select!("WHERE card.batch = $1 ORDER BY card.number, card.id"),
        &[batch.into()],
    )
    .await?
    .iter()
    .map(card)
    .collect()
}
