//! Tickets: what lets a card client take part in one act. The database knows a secret's hash, never the secret.

use model::Timestamp;
use model::id::{CardId, PersonId, TicketId};

use crate::database::Row;
use crate::{Read, StoreError, Write};

/// One ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRow {
    /// Names the act in pages and in the log.
    pub id: TicketId,
    /// SHA-256 of the client's secret, hexadecimal.
    pub secret_hash: String,
    /// The act: `activate`, `sign-in` …
    pub act: String,
    /// How far the act has come, in its own words.
    pub state: String,
    /// The card it is about, if that is known beforehand.
    pub card: Option<CardId>,
    /// The officer whose act it is, if it is one's.
    pub officer: Option<PersonId>,
    /// How the officer had signed in, by code.
    pub method: Option<String>,
    /// What the act remembers between two messages, JSON.
    pub memory: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, secret_hash, act, state, card, officer, method, memory, created_at, expires_at FROM ticket ",
            $rest
        )
    };
}

fn ticket(row: &Row) -> Result<TicketRow, StoreError> {
    Ok(TicketRow {
        id: row.parsed(0, TicketId::parse)?,
        secret_hash: row.text(1)?,
        act: row.text(2)?,
        state: row.text(3)?,
        card: row.parsed_maybe(4, CardId::parse)?,
        officer: row.parsed_maybe(5, PersonId::parse)?,
        method: row.text_maybe(6)?,
        memory: row.text(7)?,
        created_at: row.time(8)?,
        expires_at: row.time(9)?,
    })
}

/// Adds a ticket.
///
/// # Errors
/// `ticket_secret_hash` is taken, [`StoreError::Dangling`] when there is no such card or officer, or the database fails.
pub async fn insert(write: &mut Write, ticket: &TicketRow) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO ticket (id, secret_hash, act, state, card, officer, method, memory, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            &[
                (&ticket.id).into(),
                (&ticket.secret_hash).into(),
                (&ticket.act).into(),
                (&ticket.state).into(),
                ticket.card.as_ref().into(),
                ticket.officer.as_ref().into(),
                (&ticket.method).into(),
                (&ticket.memory).into(),
                ticket.created_at.into(),
                ticket.expires_at.into(),
            ],
        )
        .await?;
    Ok(())
}

/// The ticket with that identifier.
///
/// # Errors
/// When the database fails.
pub async fn by_id(read: &mut Read, id: &TicketId) -> Result<Option<TicketRow>, StoreError> {
    read.row_maybe(select!("WHERE id = $1"), &[id.into()])
        .await?
        .as_ref()
        .map(ticket)
        .transpose()
}

/// The ticket whose secret has that hash.
///
/// # Errors
/// When the database fails.
pub async fn by_secret_hash(
    read: &mut Read,
    secret_hash: &str,
) -> Result<Option<TicketRow>, StoreError> {
    read.row_maybe(select!("WHERE secret_hash = $1"), &[secret_hash.into()])
        .await?
        .as_ref()
        .map(ticket)
        .transpose()
}

/// Takes a turn: writes down what an act remembers and how far it has come, if nobody took this turn before; says whether
/// it was so. `state` and `before` are what the ticket said when the turn began.
///
/// # Errors
/// When the database fails.
pub async fn save(
    write: &mut Write,
    id: &TicketId,
    (state, before): (&str, &str),
    (next_state, memory): (&str, &str),
    expires_at: Timestamp,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE ticket SET state = $4, memory = $5, expires_at = $6 WHERE id = $1 AND state = $2 AND memory = $3",
            &[
                id.into(),
                state.into(),
                before.into(),
                next_state.into(),
                memory.into(),
                expires_at.into(),
            ],
        )
        .await
}

/// Moves a ticket on from a state; says whether it was in that state.
///
/// # Errors
/// When the database fails.
pub async fn set_state(
    write: &mut Write,
    id: &TicketId,
    from: &str,
    to: &str,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE ticket SET state = $3 WHERE id = $1 AND state = $2",
            &[id.into(), from.into(), to.into()],
        )
        .await
}

/// Removes what ended before `now`; says how many tickets that were.
///
/// # Errors
/// When the database fails.
pub async fn remove_expired(write: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    write
        .execute("DELETE FROM ticket WHERE expires_at <= $1", &[now.into()])
        .await
}
