//! Engagements.

use model::Date;
use model::engagement::{Engagement, EngagementKind, ItService};
use model::hsa_id::HsaId;
use model::id::{EngagementId, PersonId};
use model::label::Label;
use model::organisation::Sector;

use crate::database::{Row, Value};
use crate::{Read, StoreError, Write};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, person, kind, from_date, to_date, employer, unit_hsa_id, unit_name, sector, title, it_services, \
             manager_hsa_id FROM engagement ",
            $rest
        )
    };
}

fn engagement(row: &Row) -> Result<Engagement, StoreError> {
    Ok(Engagement {
        id: row.parsed(0, EngagementId::parse)?,
        person: row.parsed(1, PersonId::parse)?,
        kind: row.parsed(2, EngagementKind::parse)?,
        from: row.date(3)?,
        to: row.date_maybe(4)?,
        employer: row.parsed(5, Label::parse)?,
        unit_hsa_id: row.parsed(6, HsaId::parse)?,
        unit_name: row.parsed(7, Label::parse)?,
        sector: row.parsed(8, Sector::parse)?,
        title: row.parsed_maybe(9, Label::parse)?,
        it_services: row.codes(10, ItService::parse)?,
        manager_hsa_id: row.parsed_maybe(11, HsaId::parse)?,
    })
}

fn services(engagement: &Engagement) -> String {
    engagement
        .it_services
        .iter()
        .map(|service| service.code())
        .collect::<Vec<_>>()
        .join(",")
}

fn values(engagement: &Engagement) -> [Value<'_>; 12] {
    [
        (&engagement.id).into(),
        (&engagement.person).into(),
        engagement.kind.code().into(),
        engagement.from.into(),
        engagement.to.into(),
        (&engagement.employer).into(),
        (&engagement.unit_hsa_id).into(),
        (&engagement.unit_name).into(),
        engagement.sector.code().into(),
        engagement.title.as_ref().into(),
        services(engagement).into(),
        engagement.manager_hsa_id.as_ref().into(),
    ]
}

/// Adds an engagement.
///
/// # Errors
/// [`StoreError::Dangling`] when there is no such person, `engagement_dates` when it ends before it starts, or the database
/// fails.
pub async fn insert(write: &mut Write, engagement: &Engagement) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO engagement (id, person, kind, from_date, to_date, employer, unit_hsa_id, unit_name, sector, title, \
             it_services, manager_hsa_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            &values(engagement),
        )
        .await?;
    Ok(())
}

/// Writes an engagement's terms anew; whose it is never changes. Says whether there is such an engagement of that person.
///
/// # Errors
/// `engagement_dates` when it would end before it starts, or the database fails.
pub async fn update(write: &mut Write, engagement: &Engagement) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE engagement SET kind = $3, from_date = $4, to_date = $5, employer = $6, unit_hsa_id = $7, unit_name = $8, \
             sector = $9, title = $10, it_services = $11, manager_hsa_id = $12 WHERE id = $1 AND person = $2",
            &values(engagement),
        )
        .await
}

/// Sets the last day; says whether there is such an engagement.
///
/// # Errors
/// `engagement_dates` when that is before its first day, or the database fails.
pub async fn set_end(
    write: &mut Write,
    id: &EngagementId,
    last_day: Date,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE engagement SET to_date = $2 WHERE id = $1",
            &[id.into(), last_day.into()],
        )
        .await
}

/// The engagement with that identifier.
///
/// # Errors
/// When the database fails.
pub async fn by_id(read: &mut Read, id: &EngagementId) -> Result<Option<Engagement>, StoreError> {
    read.row_maybe(select!("WHERE id = $1"), &[id.into()])
        .await?
        .as_ref()
        .map(engagement)
        .transpose()
}

/// All engagements of a person, the earliest first.
///
/// # Errors
/// When the database fails.
pub async fn list_by_person(
    read: &mut Read,
    person: &PersonId,
) -> Result<Vec<Engagement>, StoreError> {
    read.rows(
        select!("WHERE person = $1 ORDER BY from_date, id"),
        &[person.into()],
    )
    .await?
    .iter()
    .map(engagement)
    .collect()
}

/// Every engagement that has not ended, those that have not started included.
///
/// # Errors
/// When the database fails.
pub async fn list_current(read: &mut Read, today: Date) -> Result<Vec<Engagement>, StoreError> {
    read.rows(
        select!("WHERE to_date IS NULL OR to_date >= $1 ORDER BY id"),
        &[today.into()],
    )
    .await?
    .iter()
    .map(engagement)
    .collect()
}

/// People with a card that can still be revoked or cancelled and without an engagement that goes on or is to come.
///
/// # Errors
/// When the database fails.
pub async fn people_with_live_cards_and_none_current(
    read: &mut Read,
    today: Date,
) -> Result<Vec<PersonId>, StoreError> {
    let rows = read
        .rows(
            "SELECT DISTINCT card.person FROM card LEFT JOIN engagement ON engagement.person = card.person \
             AND (engagement.to_date IS NULL OR engagement.to_date >= $1) \
             WHERE engagement.id IS NULL \
             AND card.state NOT IN ('revoked', 'expired', 'replaced', 'deregistered', 'cancelled') ORDER BY card.person",
            &[today.into()],
        )
        .await?;
    rows.iter()
        .map(|row| row.parsed(0, PersonId::parse))
        .collect()
}
