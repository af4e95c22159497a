//! Which card product fits an engagement, and why.
//!
//! The rules are rows; the first that fits wins. A row says what it asks of the engagement, which product it gives and the
//! reason that people are told, so the same table explains itself on the ordering page and on the card-type sheet.

use crate::Date;
use crate::credential::CredentialKind;
use crate::engagement::{Engagement, EngagementKind, ItService};
use crate::identity_number::IdentityNumber;
use crate::product::{CardProduct, ProductCode};

pub use crate::reason::Reason;

/// What a rule asks of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicant {
    /// Nothing.
    Anybody,
    /// Has a coordination number instead of a personal number.
    WithCoordinationNumber,
    /// Has no registered address in Sweden.
    WithoutRegisteredAddress,
}

/// How long the engagement must last, in whole months, first and last day included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Any length.
    Any,
    /// That many months or more, or until further notice.
    AtLeast(i32),
    /// Less than that many months.
    LessThan(i32),
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The kinds of engagement it is for.
    pub kinds: &'static [EngagementKind],
    /// How long the engagement must last.
    pub length: Length,
    /// Whether the person must need IT, must not, or either.
    pub needs_it: Option<bool>,
    /// What it asks of the person.
    pub applicant: Applicant,
    /// The product it gives.
    pub product: ProductCode,
    /// Why.
    pub why: Reason,
}

/// The person as far as the rules ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Facts {
    coordination: bool,
    address: bool,
}

impl Rule {
    /// The row that gives this product to everybody; the functions below narrow it.
    #[must_use]
    pub const fn new(product: ProductCode, why: Reason) -> Self {
        Self {
            kinds: EngagementKind::ALL,
            length: Length::Any,
            needs_it: None,
            applicant: Applicant::Anybody,
            product,
            why,
        }
    }

    /// For these kinds of engagement only.
    #[must_use]
    pub const fn to(self, kinds: &'static [EngagementKind]) -> Self {
        Self { kinds, ..self }
    }

    /// For engagements of that length only.
    #[must_use]
    pub const fn lasting(self, length: Length) -> Self {
        Self { length, ..self }
    }

    /// Only for those who need IT, or only for those who do not.
    #[must_use]
    pub const fn needing_it(self, needed: bool) -> Self {
        Self {
            needs_it: Some(needed),
            ..self
        }
    }

    /// For such applicants only.
    #[must_use]
    pub const fn if_applicant_is(self, applicant: Applicant) -> Self {
        Self { applicant, ..self }
    }

    fn fits(&self, engagement: &Engagement, facts: Facts) -> bool {
        let long_enough = match self.length {
            Length::Any => true,
            Length::AtLeast(months) => engagement.lasts_months(months),
            Length::LessThan(months) => !engagement.lasts_months(months),
        };
        let applicant = match self.applicant {
            Applicant::Anybody => true,
            Applicant::WithCoordinationNumber => facts.coordination,
            Applicant::WithoutRegisteredAddress => !facts.address,
        };
        long_enough
            && applicant
            && self.kinds.contains(&engagement.kind)
            && self
                .needs_it
                .is_none_or(|needed| needed == engagement.needs_it())
    }
}

/// What the rules chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The product.
    pub product: CardProduct,
    /// The reasons: first the product's, then one for each credential.
    pub why: Vec<Reason>,
    /// The credentials that belong on the card, in the order of [`CredentialKind::ALL`].
    pub credentials: Vec<CredentialKind>,
}

/// Why no product was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoProduct {
    /// The engagement's last day has passed.
    #[error("the engagement has ended")]
    EngagementEnded,
    /// No row of the table fits.
    #[error("no card product is meant for this engagement")]
    NoRuleFits,
}

impl NoProduct {
    /// Every variant.
    pub const ALL: &'static [Self] = &[Self::EngagementEnded, Self::NoRuleFits];

    /// The refusal's code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::EngagementEnded => "order.engagement-ended",
            Self::NoRuleFits => "order.no-product-fits",
        }
    }
}

/// The rules, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleTable {
    rules: &'static [Rule],
}

use EngagementKind::{Contractor, Employee, EmployeeShort, Hired, Hourly, Student};

const SHORT_BY_KIND: &[EngagementKind] = &[EmployeeShort, Hourly];

const fn give(product: ProductCode, why: Reason) -> Rule {
    Rule::new(product, why)
}

/// The standard rows, from the strictest circumstance to the plainest.
const STANDARD: &[Rule] = &{
    use Applicant::{WithCoordinationNumber, WithoutRegisteredAddress};
    use Length::{AtLeast, LessThan};
    use ProductCode as P;
    use Reason as R;
    [
        give(P::KEY_ONLY, R::ShortWithoutIt)
            .to(SHORT_BY_KIND)
            .needing_it(false),
        give(P::KEY_ONLY, R::ShortWithoutIt)
            .lasting(LessThan(3))
            .needing_it(false),
        give(P::RESERVE_TWO, R::CoordinationNumber).if_applicant_is(WithCoordinationNumber),
        give(P::RESERVE_TWO, R::NoRegisteredAddress).if_applicant_is(WithoutRegisteredAddress),
        give(P::RESERVE, R::ShortWithIt)
            .to(SHORT_BY_KIND)
            .needing_it(true),
        give(P::RESERVE, R::ShortWithIt)
            .lasting(LessThan(3))
            .needing_it(true),
        give(P::COMPANY, R::Employed)
            .to(&[Employee])
            .lasting(AtLeast(3)),
        give(P::COMPANY_UNTIL, R::Student)
            .to(&[Student])
            .lasting(AtLeast(3)),
        give(P::COMPANY_UNTIL, R::Hired)
            .to(&[Hired])
            .lasting(AtLeast(3)),
        give(P::COMPANY_UNTIL, R::Contractor)
            .to(&[Contractor])
            .lasting(AtLeast(3)),
    ]
};

impl RuleTable {
    /// The rules this system comes with.
    #[must_use]
    pub const fn standard() -> Self {
        Self { rules: STANDARD }
    }

    /// A table of other rules.
    #[must_use]
    pub const fn new(rules: &'static [Rule]) -> Self {
        Self { rules }
    }

    /// The rows, for pages that explain them.
    #[must_use]
    pub const fn rules(&self) -> &'static [Rule] {
        self.rules
    }

    /// Chooses for somebody with a personal number and a registered address.
    pub fn choose(&self, engagement: &Engagement, today: Date) -> Result<Chosen, NoProduct> {
        self.pick(
            engagement,
            Facts {
                coordination: false,
                address: true,
            },
            today,
        )
    }

    /// Chooses for a person whose number and address are known; both can lower the level.
    pub fn choose_for(
        &self,
        engagement: &Engagement,
        number: &IdentityNumber,
        has_registered_address: bool,
        today: Date,
    ) -> Result<Chosen, NoProduct> {
        self.pick(
            engagement,
            Facts {
                coordination: number.is_coordination(),
                address: has_registered_address,
            },
            today,
        )
    }

    fn pick(
        &self,
        engagement: &Engagement,
        facts: Facts,
        today: Date,
    ) -> Result<Chosen, NoProduct> {
        if engagement.has_ended(today) {
            return Err(NoProduct::EngagementEnded);
        }
        let rule = self
            .rules
            .iter()
            .find(|rule| rule.fits(engagement, facts))
            .ok_or(NoProduct::NoRuleFits)?;
        let product = CardProduct::by_code(rule.product).ok_or(NoProduct::NoRuleFits)?;
        let mut why = vec![rule.why];
        let mut credentials = Vec::new();
        for (kind, reason) in credentials_for(product, engagement) {
            credentials.push(kind);
            why.push(reason);
        }
        Ok(Chosen {
            product,
            why,
            credentials,
        })
    }
}

/// Login always, signature for the services that sign, encryption for secure mail; nothing on a card without a chip.
fn credentials_for(
    product: CardProduct,
    engagement: &Engagement,
) -> impl Iterator<Item = (CredentialKind, Reason)> {
    let uses = |service: ItService| engagement.it_services.contains(&service);
    [
        (true, CredentialKind::Login, Reason::LoginAlways),
        (
            uses(ItService::Pascal) || uses(ItService::Npo),
            CredentialKind::Signature,
            Reason::SignatureForService,
        ),
        (
            uses(ItService::SecureMail),
            CredentialKind::Encryption,
            Reason::EncryptionForMail,
        ),
    ]
    .into_iter()
    .filter(move |(wanted, ..)| *wanted && product.chip)
    .map(|(_, kind, reason)| (kind, reason))
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
