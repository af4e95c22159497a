//! The check of somebody's identity document before a card is activated.
//!
//! Five Swedish documents are accepted, in the hand and valid. The officer answers a fixed list of questions; a check exists
//! only when every question was answered well, so nothing can be activated on a half-done one.

use std::collections::BTreeMap;

use crate::Date;
use crate::coded::coded;

coded! {
    /// The five accepted identity documents.
    pub enum DocumentKind ("kind of identity document") {
        /// Swedish driving licence.
        DrivingLicence = "driving-licence",
        /// Swedish passport with wine-red cover.
        Passport = "passport",
        /// SIS-marked identity card.
        SisCard = "sis-card",
        /// National identity card, issued by the police.
        NationalIdentityCard = "national-identity-card",
        /// The Tax Agency's identity card.
        TaxAgencyCard = "tax-agency-card",
    }
}

coded! {
    /// A question of the checklist; "yes" is the good answer to each.
    pub enum CheckPoint ("check point") {
        /// Is it the document itself, not a picture on a screen?
        Physical = "physical",
        /// Is the passport's cover wine-red? (Asked for passports; provisional ones are pink.)
        WineRedCover = "wine-red-cover",
        /// Is it out of any holder or wallet?
        OutOfCover = "out-of-cover",
        /// Is it whole and clean?
        WholeAndClean = "whole-and-clean",
        /// Does the picture show the person?
        PhotoMatches = "photo-matches",
        /// Do name, number, age and height fit the person and the record?
        DetailsMatch = "details-match",
        /// Does it feel and look genuine: surface, print, security features?
        FeelsGenuine = "feels-genuine",
    }
}

impl CheckPoint {
    /// Whether the question is asked for that kind of document.
    #[must_use]
    pub const fn is_asked_for(self, kind: DocumentKind) -> bool {
        !matches!(self, Self::WineRedCover) || matches!(kind, DocumentKind::Passport)
    }

    /// The questions for that kind of document, in order.
    pub fn list_for(kind: DocumentKind) -> impl Iterator<Item = Self> {
        Self::ALL
            .iter()
            .copied()
            .filter(move |point| point.is_asked_for(kind))
    }

    const fn problem(self) -> IdentityCheckProblem {
        match self {
            Self::Physical => IdentityCheckProblem::DigitalForm,
            Self::WineRedCover => IdentityCheckProblem::PinkPassport,
            Self::OutOfCover => IdentityCheckProblem::InCover,
            Self::WholeAndClean => IdentityCheckProblem::Damaged,
            Self::PhotoMatches => IdentityCheckProblem::PhotoDiffers,
            Self::DetailsMatch => IdentityCheckProblem::DetailsDiffer,
            Self::FeelsGenuine => IdentityCheckProblem::SuspectedFalse,
        }
    }
}

/// Why an identity check is not complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityCheckProblem {
    /// The document number is empty, too long or has strange characters.
    #[error("the document number has 4 to 20 letters and digits")]
    BadNumber,
    /// The last day of validity has passed.
    #[error("the document has expired")]
    Expired,
    /// Valid for longer than any accepted document is: a mistyped date.
    #[error("no accepted document is valid for so long")]
    ImplausibleExpiry,
    /// A picture on a screen.
    #[error("a digital identity document is not accepted")]
    DigitalForm,
    /// A pink provisional passport.
    #[error("a provisional passport is not accepted")]
    PinkPassport,
    /// Still in a holder.
    #[error("the document must be taken out of its cover")]
    InCover,
    /// Torn, cut, dirty or worn.
    #[error("the document is not whole and clean")]
    Damaged,
    /// The picture shows somebody else.
    #[error("the picture does not show the person")]
    PhotoDiffers,
    /// Name, number, age or height do not fit.
    #[error("the details do not fit the person")]
    DetailsDiffer,
    /// Does not seem genuine: a matter for the responsible issuer or the security officer.
    #[error("the document may be false")]
    SuspectedFalse,
    /// A question has no answer.
    #[error("the check point {} is not answered", .0.code())]
    MissingCheckPoint(CheckPoint),
}

impl IdentityCheckProblem {
    /// One of each kind, with some check point for the missing one.
    pub const ALL: &'static [Self] = &[
        Self::BadNumber,
        Self::Expired,
        Self::ImplausibleExpiry,
        Self::DigitalForm,
        Self::PinkPassport,
        Self::InCover,
        Self::Damaged,
        Self::PhotoDiffers,
        Self::DetailsDiffer,
        Self::SuspectedFalse,
        Self::MissingCheckPoint(CheckPoint::Physical),
    ];

    /// The refusal's code, `check-identity.…`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BadNumber => "check-identity.bad-number",
            Self::Expired => "check-identity.expired",
            Self::ImplausibleExpiry => "check-identity.implausible-expiry",
            Self::DigitalForm => "check-identity.digital-form",
            Self::PinkPassport => "check-identity.pink-passport",
            Self::InCover => "check-identity.in-cover",
            Self::Damaged => "check-identity.damaged",
            Self::PhotoDiffers => "check-identity.photo-differs",
            Self::DetailsDiffer => "check-identity.details-differ",
            Self::SuspectedFalse => "check-identity.suspected-false",
            Self::MissingCheckPoint(_) => "check-identity.missing-check-point",
        }
    }
}

/// The document that was shown: kind, number and last day, never a copy of it.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityDocument {
    /// What it was.
    pub kind: DocumentKind,
    /// Its number: letters and digits, upper case.
    pub number: String,
    /// Its last day of validity.
    pub expires_on: Date,
}

impl std::fmt::Debug for IdentityDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityDocument")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// A check that was completed without a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityCheck {
    document: IdentityDocument,
    checked_on: Date,
}

/// Accepted documents are valid for at most ten years; one more leaves room for a date counted from delivery.
const LONGEST_VALIDITY_YEARS: i32 = 11;

impl IdentityCheck {
    /// Completes a check: every question for that kind of document answered with yes, the document valid today.
    ///
    /// The first problem in the order of the checklist is told: the form of the document, then its date, then the rest.
    pub fn complete(
        kind: DocumentKind,
        number: &str,
        expires_on: Date,
        answers: &BTreeMap<CheckPoint, bool>,
        today: Date,
    ) -> Result<Self, IdentityCheckProblem> {
        let number = document_number(number).ok_or(IdentityCheckProblem::BadNumber)?;
        if let Some(refused) =
            CheckPoint::list_for(kind).find(|point| answers.get(point) == Some(&false))
        {
            return Err(refused.problem());
        }
        if expires_on < today {
            return Err(IdentityCheckProblem::Expired);
        }
        if expires_on > today.saturating_add(jiff::Span::new().years(LONGEST_VALIDITY_YEARS)) {
            return Err(IdentityCheckProblem::ImplausibleExpiry);
        }
        if let Some(missing) = CheckPoint::list_for(kind).find(|point| !answers.contains_key(point))
        {
            return Err(IdentityCheckProblem::MissingCheckPoint(missing));
        }
        Ok(Self {
            document: IdentityDocument {
                kind,
                number,
                expires_on,
            },
            checked_on: today,
        })
    }

    /// Takes up a check that was completed on that day and recorded; nothing is asked again, not even the date.
    #[must_use]
    pub const fn recorded(document: IdentityDocument, checked_on: Date) -> Self {
        Self {
            document,
            checked_on,
        }
    }

    /// The document that was shown.
    #[must_use]
    pub const fn document(&self) -> &IdentityDocument {
        &self.document
    }

    /// The day of the check.
    #[must_use]
    pub const fn checked_on(&self) -> Date {
        self.checked_on
    }
}

/// Letters and digits in upper case; spaces and hyphens dropped.
fn document_number(text: &str) -> Option<String> {
    let number: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let usable =
        (4..=20).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    usable.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 23);
    const LATER: Date = Date::constant(2030, 1, 1);

    fn all_good(kind: DocumentKind) -> BTreeMap<CheckPoint, bool> {
        CheckPoint::list_for(kind)
            .map(|point| (point, true))
            .collect()
    }

    fn complete(
        kind: DocumentKind,
        answers: &BTreeMap<CheckPoint, bool>,
    ) -> Result<IdentityCheck, IdentityCheckProblem> {
        IdentityCheck::complete(kind, "12 34-ab", LATER, answers, TODAY)
    }

    #[test]
    fn five_documents_are_accepted() {
        assert_eq!(DocumentKind::ALL.len(), 5);
        for &kind in DocumentKind::ALL {
            let check = complete(kind, &all_good(kind)).unwrap();
            assert_eq!(
                check.document(),
                &IdentityDocument {
                    kind,
                    number: "1234AB".to_owned(),
                    expires_on: LATER
                }
            );
            assert_eq!(check.checked_on(), TODAY);
        }
        crate::coded::tests::check_codes(DocumentKind::ALL.iter().map(|kind| kind.code()));
        crate::coded::tests::check_codes(CheckPoint::ALL.iter().map(|point| point.code()));
    }

    #[test]
    fn every_no_is_its_own_problem() {
        let mut problems = Vec::new();
        for point in CheckPoint::list_for(DocumentKind::Passport) {
            let mut answers = all_good(DocumentKind::Passport);
            answers.insert(point, false);
            let problem = complete(DocumentKind::Passport, &answers).unwrap_err();
            assert_eq!(problem, point.problem());
            assert!(!problems.contains(&problem));
            problems.push(problem);
        }
        assert_eq!(problems.len(), CheckPoint::ALL.len());
    }

    #[test]
    fn every_question_is_needed() {
        for &kind in DocumentKind::ALL {
            for point in CheckPoint::list_for(kind) {
                let mut answers = all_good(kind);
                answers.remove(&point);
                assert_eq!(
                    complete(kind, &answers),
                    Err(IdentityCheckProblem::MissingCheckPoint(point))
                );
            }
        }
    }

    #[test]
    fn only_passports_are_asked_for_their_colour() {
        assert_eq!(CheckPoint::list_for(DocumentKind::Passport).count(), 7);
        assert_eq!(CheckPoint::list_for(DocumentKind::SisCard).count(), 6);
        let mut answers = all_good(DocumentKind::SisCard);
        answers.insert(CheckPoint::WineRedCover, false);
        assert!(complete(DocumentKind::SisCard, &answers).is_ok());
    }

    #[test]
    fn dates_and_numbers() {
        let try_it = |number: &str, expires_on: Date| {
            let kind = DocumentKind::DrivingLicence;
            IdentityCheck::complete(kind, number, expires_on, &all_good(kind), TODAY)
        };
        assert!(try_it("AB123456", TODAY).is_ok());
        assert_eq!(
            try_it("AB123456", Date::constant(2026, 11, 22)),
            Err(IdentityCheckProblem::Expired)
        );
        assert_eq!(
            try_it("AB123456", Date::constant(2062, 1, 1)),
            Err(IdentityCheckProblem::ImplausibleExpiry)
        );
        for number in ["", "123", "123456789012345678901", "ÅÄÖÅÄÖ", "=1+1"] {
            assert_eq!(
                try_it(number, LATER),
                Err(IdentityCheckProblem::BadNumber),
                "{number}"
            );
        }
    }

    #[test]
    fn the_document_number_stays_out_of_logs() {
        let check = complete(DocumentKind::SisCard, &all_good(DocumentKind::SisCard)).unwrap();
        assert!(!format!("{check:?}").contains("1234AB"));
    }
}
