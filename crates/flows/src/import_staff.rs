//! Importing the staff export: every good row whole, every bad row named, a second import of the same file changes nothing.

use std::collections::BTreeSet;

use model::engagement::Engagement;
use model::id::{EngagementId, PersonId};
use model::person::Person;
use model::policy::{Act, Facts, may};
use serde_json::json;
use store::Write;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, Stop, refusals};
use crate::staff_file::{Column, FileProblem, RowProblem, StaffFile, StaffRow, Wrong, decode};

refusals! {
    /// Why a file is not imported at all.
    ImportStaffRefusal {
        /// The file is not a staff export.
        FileUnreadable = "import-staff.file-unreadable",
        /// A complete file without one good row would end every engagement there is.
        CompleteButEmpty = "import-staff.complete-but-empty",
        /// A complete file with bad rows would end the engagements of the people in them.
        CompleteButSpoilt = "import-staff.complete-but-spoilt",
    }
}

/// How a file is imported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Say what would happen, change nothing.
    pub dry_run: bool,
    /// The file holds everyone: who left it has left.
    pub complete: bool,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Good rows in the file.
    pub rows: usize,
    /// People who are new.
    pub people_added: usize,
    /// People whose particulars changed.
    pub people_changed: usize,
    /// Engagements that are new.
    pub engagements_added: usize,
    /// Engagements whose particulars changed.
    pub engagements_changed: usize,
    /// Rows that say what we knew.
    pub unchanged: usize,
    /// Engagements ended because they are not in a complete file.
    pub engagements_ended: usize,
    /// Every fault of every bad row.
    pub problems: Vec<RowProblem>,
    /// Columns that are not ours.
    pub unknown_columns: Vec<String>,
}

/// A file that cannot be read at all, or the refusal.
#[derive(Debug)]
pub enum ImportStop {
    /// What is wrong with the file.
    File(FileProblem),
    /// The import is refused or failed.
    Stop(Stop<ImportStaffRefusal>),
}

impl<T: Into<Stop<ImportStaffRefusal>>> From<T> for ImportStop {
    fn from(stop: T) -> Self {
        Self::Stop(stop.into())
    }
}

/// Imports a staff export.
///
/// # Errors
/// When the file is no staff export, the actor may not import, or `complete` is asked of a file with bad rows.
pub async fn import_staff(
    house: &House,
    call: &mut Call<'_>,
    file: &[u8],
    options: Options,
) -> Result<Report, ImportStop> {
    let allowed = may(&call.actor, Act::ImportStaff, &Facts::default()).map_err(Stop::from);
    audit::refused(house, call, "import-staff", "staff", allowed).await?;
    let staff = decode(file, call.today()).map_err(ImportStop::File)?;
    let outcome = import(house, call, &staff, options).await;
    if outcome
        .as_ref()
        .is_ok_and(|report| report.engagements_ended > 0)
        && !options.dry_run
    {
        crate::crl::publish_now(house, call).await;
    }
    Ok(audit::refused(house, call, "import-staff", "staff", outcome).await?)
}

async fn import(
    house: &House,
    call: &mut Call<'_>,
    staff: &StaffFile,
    options: Options,
) -> Result<Report, Stop<ImportStaffRefusal>> {
    if options.complete && staff.rows.is_empty() {
        return Err(ImportStaffRefusal::CompleteButEmpty.into());
    }
    if options.complete && !staff.problems.is_empty() {
        return Err(ImportStaffRefusal::CompleteButSpoilt.into());
    }
    // Identifiers are made before the transaction, which may run more than once.
    let fresh: Vec<(PersonId, EngagementId)> = staff
        .rows
        .iter()
        .map(|_| {
            (
                PersonId::new(call.now, call.random()),
                EngagementId::new(call.now, call.random()),
            )
        })
        .collect();
    let report = store::write!(house.database, |write| {
        let mut report = Report {
            rows: staff.rows.len(),
            problems: staff.problems.clone(),
            unknown_columns: staff.unknown_columns.clone(),
            ..Report::default()
        };
        let mut seen = BTreeSet::new();
        for (row, fresh) in staff.rows.iter().zip(&fresh) {
            take_row(write, call, row, fresh, &mut report, &mut seen).await?;
        }
        if options.complete {
            end_the_missing(write, call, &seen, &mut report).await?;
        }
        if options.dry_run {
            return Err(Rehearsed::Report(Box::new(report)));
        }
        let detail = json!({
            "rows": report.rows, "people_added": report.people_added, "people_changed": report.people_changed,
            "engagements_added": report.engagements_added, "engagements_changed": report.engagements_changed,
            "engagements_ended": report.engagements_ended, "bad_rows": staff.bad_rows(),
        });
        audit::event(write, call, "staff.imported", "staff", detail).await?;
        Ok::<_, Rehearsed>(report)
    });
    match report {
        Ok(report) => Ok(report),
        // The transaction was rolled back with everything in it; the report says what it would have done.
        Err(Rehearsed::Report(report)) => Ok(*report),
        Err(Rehearsed::Fault(fault)) => Err(fault.into()),
    }
}

/// A dry run is a real run that is rolled back, so that it cannot say something else than the run itself.
enum Rehearsed {
    Report(Box<Report>),
    Fault(Fault),
}

impl<T: Into<Fault>> From<T> for Rehearsed {
    fn from(error: T) -> Self {
        Self::Fault(error.into())
    }
}

async fn take_row(
    write: &mut Write,
    call: &Call<'_>,
    row: &StaffRow,
    fresh: &(PersonId, EngagementId),
    report: &mut Report,
    seen: &mut BTreeSet<EngagementId>,
) -> Result<(), Fault> {
    let known = store::person::by_identity_number(write, &row.identity_number).await?;
    // The HSA-id of somebody else: the row is bad, however good it looked in the file alone.
    if let Some(other) = store::person::by_hsa_id(write, &row.hsa_id).await?
        && known.as_ref().is_none_or(|known| known.id != other.id)
    {
        report.rows -= 1;
        report
            .problems
            .push(row.problem(Column::HsaId, Wrong::HsaIdTaken, row.hsa_id.as_str()));
        return Ok(());
    }
    let person = Person {
        id: known
            .as_ref()
            .map_or_else(|| fresh.0.clone(), |known| known.id.clone()),
        identity_number: row.identity_number.clone(),
        given_name: row.given_name.clone(),
        family_name: row.family_name.clone(),
        hsa_id: row.hsa_id.clone(),
        email: row.email.clone(),
        mobile: row.mobile.clone(),
        security_identifier: row.security_identifier.clone().unwrap_or_else(|| {
            known
                .as_ref()
                .and_then(|known| known.security_identifier.clone())
        }),
        protected: row.protected.then(|| {
            known
                .as_ref()
                .and_then(|known| known.protected)
                .unwrap_or(call.now)
        }),
    };
    let subject = format!("person:{}", person.id);
    let mut changed = false;
    match &known {
        None => {
            store::person::insert(write, &person, call.now).await?;
            report.people_added += 1;
            changed = true;
            audit::event(write, call, "person.added", &subject, json!({})).await?;
        }
        Some(known) if *known != person => {
            store::person::update(write, &person, call.now).await?;
            changed = true;
        }
        Some(_) => {}
    }
    // Where somebody with a protected identity lives is not for us to know, even when the file says it.
    let address = row.address.as_ref().filter(|_| !row.protected);
    let moved = store::person::set_registered_address(write, &person.id, address, call.now).await?;
    changed |= moved;
    if changed && known.is_some() {
        report.people_changed += 1;
        audit::event(write, call, "person.changed", &subject, json!({})).await?;
    }
    changed |= take_engagement(write, call, row, &person.id, &fresh.1, report, seen).await?;
    if !changed {
        report.unchanged += 1;
    }
    Ok(())
}

async fn take_engagement(
    write: &mut Write,
    call: &Call<'_>,
    row: &StaffRow,
    person: &PersonId,
    fresh: &EngagementId,
    report: &mut Report,
    seen: &mut BTreeSet<EngagementId>,
) -> Result<bool, Fault> {
    store::organisation::keep_unit(write, &row.engagement).await?;
    // The same engagement: the same person, employer, unit, kind and first day. All else may change.
    let known = store::engagement::list_by_person(write, person)
        .await?
        .into_iter()
        .find(|known| {
            known.employer == row.engagement.employer
                && known.unit_hsa_id == row.engagement.unit_hsa_id
                && known.kind == row.engagement.kind
                && known.from == row.engagement.from
        });
    let engagement = row.engagement.to_engagement(
        known
            .as_ref()
            .map_or_else(|| fresh.clone(), |known| known.id.clone()),
        person.clone(),
    );
    seen.insert(engagement.id.clone());
    let event = match &known {
        None => {
            store::engagement::insert(write, &engagement).await?;
            report.engagements_added += 1;
            "engagement.added"
        }
        Some(known) if *known != engagement => {
            store::engagement::update(write, &engagement).await?;
            report.engagements_changed += 1;
            "engagement.changed"
        }
        Some(_) => return Ok(false),
    };
    audit::event(
        write,
        call,
        event,
        &format!("person:{person}"),
        json!({ "engagement": engagement.id.as_str() }),
    )
    .await?;
    Ok(true)
}

/// Who is not in a complete file has left: yesterday was the last day.
async fn end_the_missing(
    write: &mut Write,
    call: &Call<'_>,
    seen: &BTreeSet<EngagementId>,
    report: &mut Report,
) -> Result<(), Fault> {
    let today = call.today();
    let yesterday = today.yesterday().unwrap_or(today);
    let missing: Vec<Engagement> = store::engagement::list_current(write, today)
        .await?
        .into_iter()
        .filter(|known| !seen.contains(&known.id))
        .collect();
    for engagement in missing {
        store::engagement::set_end(write, &engagement.id, yesterday.max(engagement.from)).await?;
        report.engagements_ended += 1;
        let detail =
            json!({ "engagement": engagement.id.as_str(), "last_day": yesterday.to_string() });
        audit::event(
            write,
            call,
            "engagement.ended",
            &format!("person:{}", engagement.person),
            detail,
        )
        .await?;
        crate::end_engagement::stop_cards_of(write, call, &engagement.person, Some(&engagement.id))
            .await?;
    }
    Ok(())
}
