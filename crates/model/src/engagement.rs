//! Engagements: why somebody works here, from when, until when, and with which systems.

use std::collections::BTreeSet;

use crate::Date;
use crate::coded::coded;
use crate::hsa_id::HsaId;
use crate::id::{EngagementId, PersonId};
use crate::label::Label;
use crate::organisation::Sector;

coded! {
    /// What sort of engagement; the codes are those of the staff export.
    pub enum EngagementKind ("kind of engagement") {
        /// Employed.
        Employee = "employee",
        /// Employed for less than three months.
        EmployeeShort = "employee-short",
        /// Paid by the hour.
        Hourly = "hourly",
        /// On clinical placement.
        Student = "student",
        /// From a staffing agency.
        Hired = "hired",
        /// Consultant or supplier.
        Contractor = "contractor",
    }
}

coded! {
    /// A service that the card opens; the codes are those of the staff export.
    pub enum ItService ("IT service") {
        /// Doors. No IT at all, but ordered in the same column.
        DoorAccess = "door-access",
        /// Mailbox.
        Email = "e-mail",
        /// Medical records.
        Melior = "melior",
        /// National patient overview.
        Npo = "npo",
        /// National prescription service for dispensed doses.
        Pascal = "pascal",
        /// Medical records of primary care.
        Pmo = "pmo",
        /// Remote access.
        RemoteAccess = "remote-access",
        /// Radiology.
        Ris = "ris",
        /// Encrypted and signed mail.
        SecureMail = "secure-mail",
    }
}

impl ItService {
    /// Whether it takes a login: everything but doors.
    #[must_use]
    pub const fn needs_login(self) -> bool {
        !matches!(self, Self::DoorAccess)
    }
}

/// The terms of an engagement: everything but whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What sort of engagement.
    pub kind: EngagementKind,
    /// First day.
    pub from: Date,
    /// Last day, included; nothing when until further notice.
    pub to: Option<Date>,
    /// Name of the employer.
    pub employer: Label,
    /// HSA-id of the unit.
    pub unit_hsa_id: HsaId,
    /// Name of the unit.
    pub unit_name: Label,
    /// Who runs the unit.
    pub sector: Sector,
    /// Title, if any.
    pub title: Option<Label>,
    /// The services needed.
    pub it_services: BTreeSet<ItService>,
    /// HSA-id of the manager, if there is one here.
    pub manager_hsa_id: Option<HsaId>,
}

impl Terms {
    /// The engagement of that person on these terms.
    #[must_use]
    pub fn to_engagement(&self, id: EngagementId, person: PersonId) -> Engagement {
        let terms = self.clone();
        Engagement {
            id,
            person,
            kind: terms.kind,
            from: terms.from,
            to: terms.to,
            employer: terms.employer,
            unit_hsa_id: terms.unit_hsa_id,
            unit_name: terms.unit_name,
            sector: terms.sector,
            title: terms.title,
            it_services: terms.it_services,
            manager_hsa_id: terms.manager_hsa_id,
        }
    }
}

/// One person's engagement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engagement {
    /// Our own identifier.
    pub id: EngagementId,
    /// Whose it is.
    pub person: PersonId,
    /// What sort of engagement.
    pub kind: EngagementKind,
    /// First day.
    pub from: Date,
    /// Last day, included; nothing when until further notice.
    pub to: Option<Date>,
    /// Name of the employer.
    pub employer: Label,
    /// HSA-id of the unit.
    pub unit_hsa_id: HsaId,
    /// Name of the unit.
    pub unit_name: Label,
    /// Who runs the unit.
    pub sector: Sector,
    /// Title, if any.
    pub title: Option<Label>,
    /// The services needed.
    pub it_services: BTreeSet<ItService>,
    /// HSA-id of the manager, if there is one here.
    pub manager_hsa_id: Option<HsaId>,
}

impl Engagement {
    /// The terms, to compare with a new export.
    #[must_use]
    pub fn terms(&self) -> Terms {
        Terms {
            kind: self.kind,
            from: self.from,
            to: self.to,
            employer: self.employer.clone(),
            unit_hsa_id: self.unit_hsa_id.clone(),
            unit_name: self.unit_name.clone(),
            sector: self.sector,
            title: self.title.clone(),
            it_services: self.it_services.clone(),
            manager_hsa_id: self.manager_hsa_id.clone(),
        }
    }

    /// Whether it has begun and not ended; both days count.
    #[must_use]
    pub fn is_current(&self, today: Date) -> bool {
        self.from <= today && !self.has_ended(today)
    }

    /// Whether its last day has passed.
    #[must_use]
    pub fn has_ended(&self, today: Date) -> bool {
        self.to.is_some_and(|last| last < today)
    }

    /// Whether any of its services takes a login; doors alone do not.
    #[must_use]
    pub fn needs_it(&self) -> bool {
        self.it_services.iter().any(|service| service.needs_login())
    }

    /// Whether it lasts that many whole months, first and last day included. One without an end always does.
    #[must_use]
    pub fn lasts_months(&self, months: i32) -> bool {
        let Some(last) = self.to else {
            return true;
        };
        let full = self
            .from
            .saturating_add(jiff::Span::new().months(months.clamp(0, 1200)));
        last.tomorrow().unwrap_or(last) >= full
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Timestamp;

    /// An engagement to try rules on.
    pub(crate) fn engagement(
        kind: EngagementKind,
        from: Date,
        to: Option<Date>,
        services: &[ItService],
    ) -> Engagement {
        Terms {
            kind,
            from,
            to,
            employer: Label::parse("Folktandvården Eslöv").unwrap(),
            unit_hsa_id: HsaId::parse("SE2321000255-A1007").unwrap(),
            unit_name: Label::parse("Folktandvården Eslöv").unwrap(),
            sector: Sector::Public,
            title: None,
            it_services: services.iter().copied().collect(),
            manager_hsa_id: None,
        }
        .to_engagement(
            EngagementId::new(Timestamp(0), [1; 10]),
            PersonId::new(Timestamp(0), [2; 10]),
        )
    }

    const fn day(month: i8, day: i8) -> Date {
        Date::constant(2026, month, day)
    }

    #[test]
    fn codes() {
        crate::coded::tests::check_codes(EngagementKind::ALL.iter().map(|kind| kind.code()));
        crate::coded::tests::check_codes(ItService::ALL.iter().map(|service| service.code()));
        assert_eq!(EngagementKind::ALL.len(), 6);
        assert_eq!(ItService::ALL.len(), 9);
        assert!(ItService::parse("unknown").is_err());
    }

    #[test]
    fn first_and_last_day_count() {
        let one = engagement(EngagementKind::Employee, day(3, 1), Some(day(5, 31)), &[]);
        for (today, current, ended) in [
            (day(2, 28), false, false),
            (day(3, 1), true, false),
            (day(5, 31), true, false),
            (day(6, 1), false, true),
        ] {
            assert_eq!(one.is_current(today), current, "{today}");
            assert_eq!(one.has_ended(today), ended, "{today}");
        }
        assert!(one.lasts_months(3));
        assert!(!one.lasts_months(4));
        let short = engagement(EngagementKind::Employee, day(3, 1), Some(day(5, 30)), &[]);
        assert!(!short.lasts_months(3));
        let open = engagement(EngagementKind::Employee, day(3, 1), None, &[]);
        assert!(
            open.lasts_months(1200) && open.is_current(day(12, 31)) && !open.has_ended(Date::MAX)
        );
    }

    #[test]
    fn doors_are_no_it() {
        let doors = engagement(
            EngagementKind::Hourly,
            day(3, 1),
            None,
            &[ItService::DoorAccess],
        );
        assert!(!doors.needs_it());
        let mail = engagement(
            EngagementKind::Hourly,
            day(3, 1),
            None,
            &[ItService::DoorAccess, ItService::Email],
        );
        assert!(mail.needs_it());
    }

    #[test]
    fn terms_come_back() {
        let one = engagement(
            EngagementKind::Student,
            day(3, 1),
            Some(day(6, 1)),
            &[ItService::Pascal],
        );
        assert_eq!(
            one.terms()
                .to_engagement(one.id.clone(), one.person.clone()),
            one
        );
    }
}
