//! One row: every cell read into its type, everything that is wrong noted.

use std::collections::BTreeSet;

use model::Date;
use model::contact::PostalCode;
use model::engagement::{EngagementKind, ItService, Terms};
use model::hsa_id::HsaId;
use model::identity_number::IdentityNumber;
use model::label::Label;
use model::organisation::Sector;
use model::person::{Email, Mobile, Name, RegisteredAddress};
use model::security_identifier::SecurityIdentifier;

use super::StaffRow;
use super::cells::{Flaw, Record};
use super::columns::{Column, Header};
use super::explain::{self, Hint};
use super::people::People;
use super::problem::{RowProblem, Wrong};

/// Reads a row whole, or notes everything that is wrong with it.
pub(super) fn read(
    header: &Header,
    record: &Record,
    today: Date,
    people: &mut People,
    problems: &mut Vec<RowProblem>,
) -> Option<StaffRow> {
    let mut cells = Cells {
        header,
        record,
        problems,
    };
    if cells.is_out_of_shape() {
        return None;
    }
    let identity_number = cells.identity_number(today);
    let given_name = cells.name(Column::GivenName);
    let family_name = cells.name(Column::FamilyName);
    let hsa_id = cells.hsa_id(Column::HsaId);
    if let (Some(hsa_id), Some(number)) = (&hsa_id, &identity_number)
        && let Err(first) = people.hold(hsa_id, number, record.line)
    {
        cells.wrong(
            Column::HsaId,
            Wrong::HsaIdRepeated,
            vec![("first", first.to_string())],
        );
    }
    let email = cells.email();
    let mobile = cells.mobile();
    let address = cells.address();
    let protected = cells.yes_no(Column::ProtectedIdentity);
    let security_identifier = cells.security_identifier();
    let engagement = cells.terms();
    cells.note_missing();
    if !cells.problems.is_empty() {
        cells.suspect_shift();
        return None;
    }
    // Nothing is wrong, so everything is there.
    let row = StaffRow {
        line: record.line,
        identity_number: identity_number?,
        given_name: given_name?,
        family_name: family_name?,
        hsa_id: hsa_id?,
        email,
        mobile,
        address,
        protected: protected?,
        security_identifier,
        engagement: engagement?,
    };
    people.check(&row, problems);
    problems.is_empty().then_some(row)
}

/// The cells of one row, and where its faults are noted.
struct Cells<'a> {
    header: &'a Header,
    record: &'a Record,
    problems: &'a mut Vec<RowProblem>,
}

impl Cells<'_> {
    /// Notes faults that make the cells unreadable: broken quotes, or so many cells that they stand under the wrong names.
    fn is_out_of_shape(&mut self) -> bool {
        let there = self.record.cells.len();
        let what = match self.record.flaw {
            Some(Flaw::QuoteOpen) => Wrong::QuoteOpen,
            Some(Flaw::QuoteStray) => Wrong::QuoteStray,
            None if self
                .record
                .cells
                .iter()
                .skip(self.header.width)
                .any(|cell| !cell.trim().is_empty()) =>
            {
                self.cells_too_many();
                return true;
            }
            None => return false,
        };
        // The last cell that could be read is the one with the broken quote.
        let column = self.column_at(there.saturating_sub(1));
        let found = self.record.cells.last().map_or("", String::as_str);
        self.problems.push(RowProblem::new(
            self.record.line,
            column,
            what,
            found,
            Vec::new(),
        ));
        true
    }

    /// Some exports end every row with a delimiter more than the header, which does no harm. But when cells are wrong as well, it
    /// is a delimiter inside a cell that has pushed them aside, and that is the fault to mend.
    fn suspect_shift(&mut self) {
        if self.record.cells.len() > self.header.width {
            self.problems.clear();
            self.cells_too_many();
        }
    }

    fn cells_too_many(&mut self) {
        let column = self.column_at(self.header.width.saturating_sub(1));
        let found = self.record.cells.last().map_or("", String::as_str);
        let problem = RowProblem::new(
            self.record.line,
            column,
            Wrong::CellsTooMany,
            found,
            self.counts(),
        );
        self.problems.push(problem);
    }

    /// Notes the first column that the row is too short for.
    fn note_missing(&mut self) {
        let there = self.record.cells.len();
        if there >= self.header.width {
            return;
        }
        let first = Column::ALL
            .iter()
            .copied()
            .filter(|column| (there..self.header.width).contains(&self.header.place(*column)))
            .min_by_key(|column| self.header.place(*column));
        if let Some(column) = first {
            let hint = self.counts();
            self.wrong(column, Wrong::CellsMissing, hint);
        }
    }

    fn counts(&self) -> Hint {
        vec![
            ("there", self.record.cells.len().to_string()),
            ("expected", self.header.width.to_string()),
        ]
    }

    /// The column of ours at that place or the nearest before it.
    fn column_at(&self, place: usize) -> Column {
        let before = Column::ALL
            .iter()
            .copied()
            .filter(|column| self.header.place(*column) <= place);
        before
            .max_by_key(|column| self.header.place(*column))
            .unwrap_or(Column::PersonalNumber)
    }

    /// The cell of that column, spaces around it dropped; nothing when the row is too short.
    fn cell(&self, column: Column) -> Option<&str> {
        self.record
            .cells
            .get(self.header.place(column))
            .map(|cell| cell.trim_matches([' ', '\u{a0}']))
    }

    fn wrong(&mut self, column: Column, what: Wrong, hint: Hint) {
        let found = self.cell(column).unwrap_or_default();
        let problem = RowProblem::new(self.record.line, column, what, found, hint);
        self.problems.push(problem);
    }

    /// Reads a cell that may not be left out. A cell the row is too short for is noted elsewhere.
    fn required<T, E>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&str) -> Result<T, E>,
        explain: impl FnOnce(E) -> (Wrong, Hint),
    ) -> Option<T> {
        match parse(self.cell(column)?) {
            Ok(value) => Some(value),
            Err(error) => {
                let (what, hint) = explain(error);
                self.wrong(column, what, hint);
                None
            }
        }
    }

    /// Reads a cell that may be empty.
    fn optional<T, E>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&str) -> Result<T, E>,
        explain: impl FnOnce(E) -> (Wrong, Hint),
    ) -> Option<T> {
        if self.cell(column)?.is_empty() {
            None
        } else {
            self.required(column, parse, explain)
        }
    }

    fn identity_number(&mut self, today: Date) -> Option<IdentityNumber> {
        let month_and_day = self
            .cell(Column::PersonalNumber)
            .and_then(|cell| cell.get(2..6))
            .unwrap_or_default()
            .to_owned();
        self.required(
            Column::PersonalNumber,
            |cell| IdentityNumber::parse(cell, today),
            |bad| explain::number(bad, &month_and_day),
        )
    }

    fn name(&mut self, column: Column) -> Option<Name> {
        self.required(column, Name::parse, explain::name)
    }

    fn hsa_id(&mut self, column: Column) -> Option<HsaId> {
        self.required(column, HsaId::parse, explain::hsa_id)
    }

    fn label(&mut self, column: Column) -> Option<Label> {
        self.required(column, Label::parse, explain::label)
    }

    fn email(&mut self) -> Option<Email> {
        self.optional(Column::Email, Email::parse, explain::email)
    }

    fn mobile(&mut self) -> Option<Mobile> {
        self.optional(Column::Mobile, Mobile::parse, explain::mobile)
    }

    /// What the cell says, where the file has the column.
    fn security_identifier(&mut self) -> Option<Option<SecurityIdentifier>> {
        let column = Column::SecurityIdentifier;
        self.cell(column)?;
        Some(self.optional(column, SecurityIdentifier::parse, |_| {
            (Wrong::SecurityIdentifier, Vec::new())
        }))
    }

    /// All three parts, or none.
    fn address(&mut self) -> Option<RegisteredAddress> {
        const PARTS: [Column; 3] = [Column::Street, Column::PostalCode, Column::Town];
        let empty: Vec<Column> = PARTS
            .into_iter()
            .filter(|part| self.cell(*part).is_none_or(str::is_empty))
            .collect();
        if empty.len() == PARTS.len() {
            return None;
        }
        for part in empty {
            if self.cell(part).is_some() {
                self.wrong(part, Wrong::AddressIncomplete, Vec::new());
            }
        }
        let street = self.optional(Column::Street, Label::parse, explain::label);
        let postal_code = self.optional(Column::PostalCode, PostalCode::parse, |_| {
            (Wrong::PostalCode, Vec::new())
        });
        let town = self.optional(Column::Town, Label::parse, explain::label);
        Some(RegisteredAddress {
            street: street?,
            postal_code: postal_code?,
            town: town?,
        })
    }

    fn yes_no(&mut self, column: Column) -> Option<bool> {
        let parse = |cell: &str| match cell.to_ascii_lowercase().as_str() {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(()),
        };
        self.required(column, parse, |()| {
            (Wrong::YesNo, explain::right("yes, no"))
        })
    }

    fn terms(&mut self) -> Option<Terms> {
        let kind = self.required(
            Column::Engagement,
            |cell| EngagementKind::parse(&cell.to_ascii_lowercase()),
            |_| {
                (
                    Wrong::EngagementUnknown,
                    explain::right(&explain::listed(
                        EngagementKind::ALL.iter().map(|kind| kind.code()),
                    )),
                )
            },
        );
        let employer = self.label(Column::Employer);
        let unit_hsa_id = self.hsa_id(Column::UnitHsaId);
        let unit_name = self.label(Column::UnitName);
        let sector = self.required(
            Column::Sector,
            |cell| Sector::parse(&cell.to_ascii_lowercase()),
            |_| {
                (
                    Wrong::SectorUnknown,
                    explain::right(&explain::listed(
                        Sector::ALL.iter().map(|sector| sector.code()),
                    )),
                )
            },
        );
        let title = self.optional(Column::Title, Label::parse, explain::label);
        let from = self.required(Column::From, explain::date, |bad| bad);
        let to = self
            .optional(Column::To, explain::date, |bad| bad)
            .filter(|to| *to != explain::FOREVER);
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            self.wrong(
                Column::To,
                Wrong::EndsBeforeStart,
                vec![("from", from.to_string())],
            );
        }
        let it_services = self.it_services();
        let manager_hsa_id = self.optional(Column::ManagerHsaId, HsaId::parse, explain::hsa_id);
        Some(Terms {
            kind: kind?,
            from: from?,
            to,
            employer: employer?,
            unit_hsa_id: unit_hsa_id?,
            unit_name: unit_name?,
            sector: sector?,
            title,
            it_services: it_services?,
            manager_hsa_id,
        })
    }

    /// Services with commas between; every unknown one is a fault of its own.
    fn it_services(&mut self) -> Option<BTreeSet<ItService>> {
        let cell = self.cell(Column::ItServices)?.to_owned();
        let mut services = BTreeSet::new();
        for name in cell
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            match ItService::parse(&name.to_ascii_lowercase()) {
                Ok(service) => {
                    services.insert(service);
                }
                Err(_) => {
                    let known =
                        explain::listed(ItService::ALL.iter().map(|service| service.code()));
                    let hint = vec![("service", super::mask::shown(name)), ("right", known)];
                    self.wrong(Column::ItServices, Wrong::ServiceUnknown, hint);
                }
            }
        }
        Some(services)
    }
}
