//! Certificates of the authorities and of those who answer status requests for them. Their keys are not in the database.

use model::Timestamp;

use crate::database::Row;
use crate::{Read, StoreError, Write};

/// An authority's certificate, or a responder's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityRow {
    /// The name its key is kept under and its addresses are made of.
    pub name: String,
    /// Its family: the name without a version; for a responder, the authority it answers for.
    pub family: String,
    /// Which of its family it is, from 1; 0 for a responder.
    pub version: i64,
    /// `authority`, `link` (RFC 4210 4.4) or `responder` (RFC 6960 4.2.2.2).
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
            "SELECT name, family, version, role, parent, certificate, created_at, not_after FROM authority ",
            $rest
        )
    };
}

fn authority(row: &Row) -> Result<AuthorityRow, StoreError> {
    Ok(AuthorityRow {
        name: row.text(0)?,
        family: row.text(1)?,
        version: row.integer(2)?,
        role: row.text(3)?,
        parent: row.text_maybe(4)?,
        certificate: row.bytes(5)?,
        created_at: row.time(6)?,
        not_after: row.time(7)?,
    })
}

/// Adds an authority or a responder.
///
/// # Errors
/// `authority_name` or `authority_family_version` is taken, `authority_role` is none of the three, [`StoreError::Dangling`] when there is no such parent,
/// or the database fails.
pub async fn insert(write: &mut Write, authority: &AuthorityRow) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO authority (name, family, version, role, parent, certificate, created_at, not_after) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                (&authority.name).into(),
                (&authority.family).into(),
                authority.version.into(),
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

/// The authorities of a family, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_family(read: &mut Read, family: &str) -> Result<Vec<AuthorityRow>, StoreError> {
    read.rows(
        select!("WHERE family = $1 AND role = 'authority' ORDER BY version DESC"),
        &[family.into()],
    )
    .await?
    .iter()
    .map(authority)
    .collect()
}

/// The certificates in which roots vouch for each other.
///
/// # Errors
/// When the database fails.
pub async fn list_links(read: &mut Read) -> Result<Vec<AuthorityRow>, StoreError> {
    read.rows(
        select!("WHERE role = 'link' ORDER BY created_at, name"),
        &[],
    )
    .await?
    .iter()
    .map(authority)
    .collect()
}

/// The responders of an authority, the one made last first.
///
/// # Errors
/// When the database fails.
pub async fn list_responders(
    read: &mut Read,
    parent: &str,
) -> Result<Vec<AuthorityRow>, StoreError> {
    read.rows(
        select!("WHERE parent = $1 AND role = 'responder' ORDER BY created_at DESC, name DESC"),
        &[parent.into()],
    )
    .await?
    .iter()
    .map(authority)
    .collect()
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
