//! Identity checks that were completed; one that was not leaves no row.

use model::Timestamp;
use model::id::{CardId, IdentityCheckId, PersonId};
use model::identity_check::{DocumentKind, IdentityDocument};

use crate::database::Row;
use crate::{Read, StoreError, Write};

/// A completed check, before the activation of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityCheckRow {
    /// Our own identifier.
    pub id: IdentityCheckId,
    /// The card it was made for.
    pub card: CardId,
    /// The officer who made it.
    pub officer: PersonId,
    /// When.
    pub checked_at: Timestamp,
    /// The document that was shown.
    pub document: IdentityDocument,
}

/// Adds a completed check.
///
/// # Errors
/// [`StoreError::Dangling`] when there is no such card or officer, or the database fails.
pub async fn insert(write: &mut Write, check: &IdentityCheckRow) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO identity_check (id, card, officer, checked_at, document_kind, document_number, document_expires_on) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[
                (&check.id).into(),
                (&check.card).into(),
                (&check.officer).into(),
                check.checked_at.into(),
                check.document.kind.code().into(),
                (&check.document.number).into(),
                check.document.expires_on.into(),
            ],
        )
        .await?;
    Ok(())
}

fn check(row: &Row) -> Result<IdentityCheckRow, StoreError> {
    Ok(IdentityCheckRow {
        id: row.parsed(0, IdentityCheckId::parse)?,
        card: row.parsed(1, CardId::parse)?,
        officer: row.parsed(2, PersonId::parse)?,
        checked_at: row.time(3)?,
        document: IdentityDocument {
            kind: row.parsed(4, DocumentKind::parse)?,
            number: row.text(5)?,
            expires_on: row.date(6)?,
        },
    })
}

/// The latest check made for a card.
///
/// # Errors
/// When the database fails.
pub async fn latest_by_card(
    read: &mut Read,
    card: &CardId,
) -> Result<Option<IdentityCheckRow>, StoreError> {
    read.row_maybe(
        "SELECT id, card, officer, checked_at, document_kind, document_number, document_expires_on FROM identity_check \
         WHERE card = $1 ORDER BY checked_at DESC, id DESC LIMIT 1",
        &[card.into()],
    )
    .await?
    .as_ref()
    .map(check)
    .transpose()
}
