//! Portraits: their records, and the pictures, which are read only to be drawn.

use model::id::{PersonId, PhotoId};
use model::label::Label;
use model::photo::{Photo, PhotoFault, PhotoState};

use crate::database::Row;
use crate::{Read, StoreError, Write};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, person, state, taken_by, taken_at, judged_by, digest, faults, overruled FROM photo ",
            $rest
        )
    };
}

fn photo(row: &Row) -> Result<Photo, StoreError> {
    Ok(Photo {
        id: row.parsed(0, PhotoId::parse)?,
        person: row.parsed(1, PersonId::parse)?,
        state: row.parsed(2, PhotoState::parse)?,
        taken_by: row.parsed_maybe(3, PersonId::parse)?,
        taken_at: row.time(4)?,
        judged_by: row.parsed_maybe(5, PersonId::parse)?,
        digest: row.array_maybe(6)?.ok_or_else(|| row.damaged(6))?,
        faults: row.codes(7, PhotoFault::parse)?,
        overruled: row.parsed_maybe(8, Label::parse)?,
    })
}

/// Adds a portrait and its picture, JPEG.
///
/// # Errors
/// [`StoreError::Dangling`] when there is no such person, or the database fails.
pub async fn insert(write: &mut Write, photo: &Photo, picture: &[u8]) -> Result<(), StoreError> {
    let faults: Vec<&str> = photo.faults.iter().map(|fault| fault.code()).collect();
    write
        .execute(
            "INSERT INTO photo (id, person, state, taken_by, taken_at, judged_by, digest, picture, faults, overruled) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            &[
                (&photo.id).into(),
                (&photo.person).into(),
                photo.state.code().into(),
                photo.taken_by.as_ref().into(),
                photo.taken_at.into(),
                photo.judged_by.as_ref().into(),
                (&photo.digest).into(),
                picture.into(),
                faults.join(",").as_str().into(),
                photo.overruled.as_ref().map(Label::as_str).into(),
            ],
        )
        .await?;
    Ok(())
}

/// The record of a portrait.
///
/// # Errors
/// When the database fails.
pub async fn by_id(read: &mut Read, id: &PhotoId) -> Result<Option<Photo>, StoreError> {
    read.row_maybe(select!("WHERE id = $1"), &[id.into()])
        .await?
        .as_ref()
        .map(photo)
        .transpose()
}

/// All portraits of a person, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_by_person(read: &mut Read, person: &PersonId) -> Result<Vec<Photo>, StoreError> {
    read.rows(
        select!("WHERE person = $1 ORDER BY taken_at DESC, id DESC"),
        &[person.into()],
    )
    .await?
    .iter()
    .map(photo)
    .collect()
}

/// The picture itself, JPEG.
///
/// # Errors
/// When the database fails.
pub async fn picture(read: &mut Read, id: &PhotoId) -> Result<Option<Vec<u8>>, StoreError> {
    read.row_maybe("SELECT picture FROM photo WHERE id = $1", &[id.into()])
        .await?
        .map(|row| row.bytes(0))
        .transpose()
}

/// Judges a taken portrait: its new state, by whom, and why it was taken in spite of its faults, if it was; says whether it
/// waited for that.
///
/// # Errors
/// When the database fails.
pub async fn judge(
    write: &mut Write,
    id: &PhotoId,
    to: PhotoState,
    judged_by: Option<&PersonId>,
    overruled: Option<&Label>,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE photo SET state = $2, judged_by = $3, overruled = $4 WHERE id = $1 AND state = 'taken'",
            &[
                id.into(),
                to.code().into(),
                judged_by.into(),
                overruled.map(Label::as_str).into(),
            ],
        )
        .await
}

/// Removes a portrait that was never approved, picture and all; says whether there was one. No card may refer to it.
///
/// # Errors
/// When the database fails, or a card refers to it.
pub async fn remove(write: &mut Write, id: &PhotoId) -> Result<bool, StoreError> {
    write
        .changed(
            "DELETE FROM photo WHERE id = $1 AND state IN ('taken', 'rejected')",
            &[id.into()],
        )
        .await
}
