//! Certificates of the authorities and of those who answer status requests for them. Their keys are not in the database.

use model::Timestamp;

use crate::database::Row;
use crate::{Read, StoreError, Write};

/// An authority's certificate, or a responder's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityRow {
    /// The name its key is kept under and its addresses are made of.
    pub name: String,
    /// `authority` or `responder` (RFC 6960 4.2.2.2).
    pub role: String,
    /// Who signed it; nobody for a root.
    pub parent: Option<String>,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its last second.
    pub not_after: Timestamp,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT name, role, parent, certificate, created_at, not_after FROM authority ",
            $rest
        )
    };
}

fn authority(row: &Row) -> Result<AuthorityRow, StoreError> {
    Ok(AuthorityRow {
        name: row.text(0)?,
        role: row.text(1)?,
        parent: row.text_maybe(2)?,
        certificate: row.bytes(3)?,
        created_at: row.time(4)?,
        not_after: row.time(5)?,
    })
}

/// Adds an authority or a responder.
///
/// # Errors
/// `authority_name` is taken, `authority_role` is neither of the two, [`StoreError::Dangling`] when there is no such parent,
/// or the database fails.
pub async fn insert(write: &mut Write, authority: &AuthorityRow) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO authority (name, role, parent, certificate, created_at, not_after) VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                (&authority.name).into(),
                (&authority.role).into(),
                (&authority.parent).into(),
                (&authority.certificate).into(),
                authority.created_at.into(),
                authority.not_after.into(),
            ],
        )
        .await?;
    Ok(())
}

/// The authority of that name.
///
/// # Errors
/// When the database fails.
pub async fn by_name(read: &mut Read, name: &str) -> Result<Option<AuthorityRow>, StoreError> {
    read.row_maybe(select!("WHERE name = $1"), &[name.into()])
        .await?
        .as_ref()
        .map(authority)
        .transpose()
}

/// The responder of an authority that was made last.
///
/// # Errors
/// When the database fails.
pub async fn latest_responder(
    read: &mut Read,
    parent: &str,
) -> Result<Option<AuthorityRow>, StoreError> {
    read.row_maybe(
        select!(
            "WHERE parent = $1 AND role = 'responder' ORDER BY created_at DESC, name DESC LIMIT 1"
        ),
        &[parent.into()],
    )
    .await?
    .as_ref()
    .map(authority)
    .transpose()
}

/// Every authority and responder there ever was, in the order they were made.
///
/// # Errors
/// When the database fails.
pub async fn list(read: &mut Read) -> Result<Vec<AuthorityRow>, StoreError> {
    read.rows(select!("ORDER BY created_at, name"), &[])
        .await?
        .iter()
        .map(authority)
        .collect()
}
