//! Card products: what an organisation's card office can order from its producer.

use crate::coded::coded;
use crate::{Date, Days};

pub use crate::loa::Loa;
pub use crate::rules::{Applicant, Chosen, Length, NoProduct, Reason, Rule, RuleTable};

coded! {
    /// What sort of card.
    pub enum CardKind ("kind of card") {
        /// An ordinary card that is neither of the two below.
        Ordinary = "ordinary",
        /// An ordinary card with the organisation's layout, usually with photo.
        Company = "company",
        /// An ordinary card that is also a certified identity card.
        CertifiedId = "certified-id",
        /// A card in stock for those who cannot wait or cannot have an ordinary one; no photo.
        Reserve = "reserve",
        /// Opens doors, nothing else.
        KeyOnly = "key-only",
    }
}

impl CardKind {
    /// Whether this counts as the one ordinary card a person may have.
    #[must_use]
    pub const fn is_ordinary(self) -> bool {
        matches!(self, Self::Ordinary | Self::Company | Self::CertifiedId)
    }
}

/// The three digits that name a product, printed on the card.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductCode(u16);

/// A text that is no product code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a product code has three digits")]
pub struct BadProductCode;

impl ProductCode {
    /// Company card with photo.
    pub const COMPANY: Self = Self(701);
    /// Company card with photo that ends with the engagement.
    pub const COMPANY_UNTIL: Self = Self(702);
    /// Door-only card.
    pub const KEY_ONLY: Self = Self(711);
    /// Reserve card of level 3.
    pub const RESERVE: Self = Self(721);
    /// Reserve card of level 2.
    pub const RESERVE_TWO: Self = Self(722);

    /// Reads three digits. The code need not be of a product that is sold here.
    pub fn parse(text: &str) -> Result<Self, BadProductCode> {
        if text.len() != 3 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BadProductCode);
        }
        text.parse().map(Self).map_err(|_| BadProductCode)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl std::fmt::Display for ProductCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:03}", self.0)
    }
}

impl std::fmt::Debug for ProductCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ProductCode({self})")
    }
}

/// How long a card is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// That many years from production, whatever the engagement says.
    Years(i8),
    /// That many years, but not past the end of the engagement.
    YearsOrEngagement(i8),
    /// That many days, but not past the end of the engagement.
    DaysOrEngagement(i64),
}

/// One product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardProduct {
    /// Its code.
    pub code: ProductCode,
    /// What sort of card.
    pub kind: CardKind,
    /// Whether the holder's portrait is printed on it.
    pub photo: bool,
    /// Whether the chip carries certificates. Without, the card opens doors and nothing else.
    pub chip: bool,
    /// The level of assurance of its certificates.
    pub loa: Loa,
    /// How long it is valid.
    pub validity: Validity,
}

/// The products of this installation. (Validity: five years for ordinary cards, half a year at most for reserve cards.)
pub const PRODUCTS: &[CardProduct] = &[
    CardProduct {
        code: ProductCode::COMPANY,
        kind: CardKind::Company,
        photo: true,
        chip: true,
        loa: Loa::Three,
        validity: Validity::Years(5),
    },
    CardProduct {
        code: ProductCode::COMPANY_UNTIL,
        kind: CardKind::Company,
        photo: true,
        chip: true,
        loa: Loa::Three,
        validity: Validity::YearsOrEngagement(5),
    },
    CardProduct {
        code: ProductCode::KEY_ONLY,
        kind: CardKind::KeyOnly,
        photo: false,
        chip: false,
        loa: Loa::Two,
        validity: Validity::YearsOrEngagement(1),
    },
    CardProduct {
        code: ProductCode::RESERVE,
        kind: CardKind::Reserve,
        photo: false,
        chip: true,
        loa: Loa::Three,
        validity: Validity::DaysOrEngagement(180),
    },
    CardProduct {
        code: ProductCode::RESERVE_TWO,
        kind: CardKind::Reserve,
        photo: false,
        chip: true,
        loa: Loa::Two,
        validity: Validity::DaysOrEngagement(180),
    },
];

impl CardProduct {
    /// The product with that code, if it is sold here.
    #[must_use]
    pub fn by_code(code: ProductCode) -> Option<Self> {
        PRODUCTS
            .iter()
            .find(|product| product.code == code)
            .copied()
    }

    /// The last day a card made on `made` is valid, for an engagement that ends on `engagement_end`.
    ///
    /// An engagement that ended before the card was made gives the day it was made; nobody should have ordered that card.
    #[must_use]
    pub fn expires_on(self, made: Date, engagement_end: Option<Date>) -> Date {
        let years =
            |years: i8| made.saturating_add(jiff::Span::new().years(i64::from(years.max(0))));
        let until_end = |last: Date| engagement_end.map_or(last, |end| last.min(end)).max(made);
        match self.validity {
            Validity::Years(number) => years(number),
            Validity::YearsOrEngagement(number) => until_end(years(number)),
            Validity::DaysOrEngagement(number) => until_end(Days(number).after(made)),
        }
    }

    /// Whether the card's last day can be the engagement's, so that a changed end date concerns the card.
    #[must_use]
    pub const fn ends_with_engagement(self) -> bool {
        matches!(
            self.validity,
            Validity::YearsOrEngagement(_) | Validity::DaysOrEngagement(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const MADE: Date = Date::constant(2028, 2, 29);

    fn check(code: ProductCode, end: Option<Date>, expected: Date) {
        assert_eq!(
            CardProduct::by_code(code).unwrap().expires_on(MADE, end),
            expected
        );
    }

    #[test]
    fn validity() {
        check(ProductCode::COMPANY, None, Date::constant(2033, 2, 28));
        check(
            ProductCode::COMPANY,
            Some(Date::constant(2029, 1, 1)),
            Date::constant(2033, 2, 28),
        );
        check(
            ProductCode::COMPANY_UNTIL,
            None,
            Date::constant(2033, 2, 28),
        );
        check(
            ProductCode::COMPANY_UNTIL,
            Some(Date::constant(2029, 1, 1)),
            Date::constant(2029, 1, 1),
        );
        check(
            ProductCode::COMPANY_UNTIL,
            Some(Date::constant(2027, 1, 1)),
            MADE,
        );
        check(ProductCode::RESERVE, None, Date::constant(2028, 8, 27));
        check(
            ProductCode::RESERVE_TWO,
            Some(Date::constant(2028, 3, 5)),
            Date::constant(2028, 3, 5),
        );
        check(ProductCode::KEY_ONLY, None, Date::constant(2029, 2, 28));
    }

    #[test]
    fn products_make_sense() {
        let codes: BTreeSet<_> = PRODUCTS.iter().map(|product| product.code).collect();
        assert_eq!(codes.len(), PRODUCTS.len());
        for product in PRODUCTS {
            assert_eq!(
                ProductCode::parse(&product.code.to_string()),
                Ok(product.code)
            );
            assert_eq!(product.photo, product.kind.is_ordinary(), "{product:?}");
            assert_eq!(
                product.chip,
                product.kind != CardKind::KeyOnly,
                "{product:?}"
            );
            assert!(
                product.loa == Loa::Three || !product.kind.is_ordinary(),
                "ordinary cards are level 3: {product:?}"
            );
        }
        crate::coded::tests::check_codes(CardKind::ALL.iter().map(|kind| kind.code()));
    }

    #[test]
    fn product_codes() {
        assert_eq!(ProductCode::parse("701"), Ok(ProductCode::COMPANY));
        assert_eq!(
            ProductCode::parse("007")
                .map(|code| code.to_string())
                .as_deref(),
            Ok("007")
        );
        for wrong in ["", "70", "7011", "7 1", "+71", "７０１"] {
            assert_eq!(ProductCode::parse(wrong), Err(BadProductCode), "{wrong}");
        }
    }
}
