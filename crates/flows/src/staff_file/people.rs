//! What earlier rows of the file said about the same people, HSA-ids and engagements. The first row wins.

use std::collections::BTreeMap;

use model::Date;
use model::engagement::EngagementKind;
use model::hsa_id::HsaId;
use model::identity_number::IdentityNumber;
use model::label::Label;
use model::person::{Email, Mobile, Name, RegisteredAddress};
use model::security_identifier::SecurityIdentifier;

use super::StaffRow;
use super::columns::Column;
use super::problem::{RowProblem, Wrong};

/// The people of the rows read so far.
#[derive(Default)]
pub(super) struct People {
    /// Who has an HSA-id, by the first row that was clear about both.
    holders: BTreeMap<HsaId, (IdentityNumber, u64)>,
    /// What the first good row says about a person.
    people: BTreeMap<IdentityNumber, Known>,
    /// The line of each engagement.
    engagements: BTreeMap<Engaged, u64>,
}

struct Known {
    line: u64,
    given_name: Name,
    family_name: Name,
    hsa_id: HsaId,
    email: Option<Email>,
    mobile: Option<Mobile>,
    address: Option<RegisteredAddress>,
    protected: bool,
    security_identifier: Option<Option<SecurityIdentifier>>,
}

/// What makes two rows the same engagement.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Engaged {
    person: IdentityNumber,
    employer: Label,
    unit: HsaId,
    kind: EngagementKind,
    from: Date,
}

impl People {
    /// Notes who has the HSA-id. The line of the row that gave it to somebody else is the error.
    pub(super) fn hold(
        &mut self,
        hsa_id: &HsaId,
        number: &IdentityNumber,
        line: u64,
    ) -> Result<(), u64> {
        let (holder, first) = self
            .holders
            .entry(hsa_id.clone())
            .or_insert_with(|| (number.clone(), line));
        if holder == number {
            Ok(())
        } else {
            Err(*first)
        }
    }

    /// Compares a row that is good in itself with the rows before it, and keeps it if nothing is wrong.
    pub(super) fn check(&mut self, row: &StaffRow, problems: &mut Vec<RowProblem>) {
        let before = problems.len();
        if let Some(known) = self.people.get(&row.identity_number) {
            known.compare(row, problems);
        }
        let engaged = Engaged {
            person: row.identity_number.clone(),
            employer: row.engagement.employer.clone(),
            unit: row.engagement.unit_hsa_id.clone(),
            kind: row.engagement.kind,
            from: row.engagement.from,
        };
        if let Some(first) = self.engagements.get(&engaged) {
            problems.push(repeated(
                row,
                Column::Engagement,
                Wrong::EngagementRepeated,
                row.engagement.kind.code(),
                *first,
            ));
        }
        if problems.len() == before {
            self.engagements.insert(engaged, row.line);
            self.people
                .entry(row.identity_number.clone())
                .or_insert_with(|| Known::from_row(row));
        }
    }
}

impl Known {
    fn from_row(row: &StaffRow) -> Self {
        Self {
            line: row.line,
            given_name: row.given_name.clone(),
            family_name: row.family_name.clone(),
            hsa_id: row.hsa_id.clone(),
            email: row.email.clone(),
            mobile: row.mobile.clone(),
            address: row.address.clone(),
            protected: row.protected,
            security_identifier: row.security_identifier.clone(),
        }
    }

    fn compare(&self, row: &StaffRow, problems: &mut Vec<RowProblem>) {
        let email = |email: &Option<Email>| email.as_ref().map_or("", Email::as_str).to_owned();
        let mobile =
            |mobile: &Option<Mobile>| mobile.as_ref().map_or("", Mobile::as_str).to_owned();
        let street = row
            .address
            .as_ref()
            .map_or("", |address| address.street.as_str());
        let account = row
            .security_identifier
            .iter()
            .flatten()
            .next()
            .map_or("", SecurityIdentifier::as_str);
        let differing = [
            (
                self.given_name != row.given_name,
                Column::GivenName,
                row.given_name.as_str().to_owned(),
            ),
            (
                self.family_name != row.family_name,
                Column::FamilyName,
                row.family_name.as_str().to_owned(),
            ),
            (
                self.hsa_id != row.hsa_id,
                Column::HsaId,
                row.hsa_id.as_str().to_owned(),
            ),
            (self.email != row.email, Column::Email, email(&row.email)),
            (
                self.mobile != row.mobile,
                Column::Mobile,
                mobile(&row.mobile),
            ),
            (
                self.address != row.address,
                Column::Street,
                street.to_owned(),
            ),
            (
                self.protected != row.protected,
                Column::ProtectedIdentity,
                if row.protected { "yes" } else { "no" }.to_owned(),
            ),
            (
                self.security_identifier != row.security_identifier,
                Column::SecurityIdentifier,
                account.to_owned(),
            ),
        ];
        for (_, column, found) in differing.into_iter().filter(|(differs, ..)| *differs) {
            problems.push(repeated(
                row,
                column,
                Wrong::PersonDiffers,
                &found,
                self.line,
            ));
        }
    }
}

fn repeated(row: &StaffRow, column: Column, what: Wrong, found: &str, first: u64) -> RowProblem {
    RowProblem::new(
        row.line,
        column,
        what,
        found,
        vec![("first", first.to_string())],
    )
}
