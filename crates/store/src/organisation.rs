//! Employers and units, as the staff export last told them.

use model::engagement::Terms;
use model::hsa_id::HsaId;
use model::label::Label;
use model::organisation::{Employer, Sector, Unit};

use crate::{Read, StoreError, Write};

/// Writes down the employer and the unit of an engagement; the last word on a unit's name counts.
///
/// # Errors
/// When the database fails.
pub async fn keep_unit(write: &mut Write, terms: &Terms) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO employer (name) VALUES ($1) ON CONFLICT (name) DO NOTHING",
            &[(&terms.employer).into()],
        )
        .await?;
    write
        .execute(
            "INSERT INTO unit (hsa_id, name, sector) VALUES ($1, $2, $3) \
             ON CONFLICT (hsa_id) DO UPDATE SET name = excluded.name, sector = excluded.sector",
            &[
                (&terms.unit_hsa_id).into(),
                (&terms.unit_name).into(),
                terms.sector.code().into(),
            ],
        )
        .await?;
    Ok(())
}

/// Every employer, in no order that people would know.
///
/// # Errors
/// When the database fails.
pub async fn list_employers(read: &mut Read) -> Result<Vec<Employer>, StoreError> {
    let rows = read
        .rows("SELECT name FROM employer ORDER BY name", &[])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Employer {
                name: row.parsed(0, Label::parse)?,
            })
        })
        .collect()
}

/// Every unit, by HSA-id.
///
/// # Errors
/// When the database fails.
pub async fn list_units(read: &mut Read) -> Result<Vec<Unit>, StoreError> {
    let rows = read
        .rows("SELECT hsa_id, name, sector FROM unit ORDER BY hsa_id", &[])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Unit {
                hsa_id: row.parsed(0, HsaId::parse)?,
                name: row.parsed(1, Label::parse)?,
                sector: row.parsed(2, Sector::parse)?,
            })
        })
        .collect()
}
