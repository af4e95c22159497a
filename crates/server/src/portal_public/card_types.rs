//! Which card fits whom: the rule table as a page, made of the very rows that orders are decided by.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use model::engagement::EngagementKind;
use model::product::{Applicant, CardProduct, Length, Loa, PRODUCTS, Rule, RuleTable, Validity};

use crate::pages::Portal;
use crate::pages::card_types::{CardTypes, ProductLine, RuleLine};
use crate::session::Anybody;
use crate::text::{IntoArgument as _, Language};
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/card-types", get(card_types))
}

async fn card_types(Anybody(mut visit): Anybody) -> Response {
    let language = visit.language;
    let page = CardTypes {
        shell: visit.shell(Portal::Public),
        rules: rules(language),
        products: products(language),
    };
    visit.page(&page)
}

/// The rows, in the order in which they are tried.
pub(crate) fn rules(language: Language) -> Vec<RuleLine> {
    RuleTable::standard()
        .rules()
        .iter()
        .map(|rule| RuleLine {
            when: conditions(language, rule),
            product: language.coded("product", &rule.product.to_string()),
            why: language.coded("product-why", rule.why.code()),
        })
        .collect()
}

/// What a row asks, in words; nothing where it asks nothing of that sort.
fn conditions(language: Language, rule: &Rule) -> Vec<String> {
    let mut when = Vec::new();
    if rule.kinds.len() < EngagementKind::ALL.len() {
        let kinds: Vec<String> = rule
            .kinds
            .iter()
            .map(|kind| language.coded("engagement-kind", kind.code()))
            .collect();
        when.push(kinds.join(", "));
    }
    match rule.length {
        Length::Any => {}
        Length::AtLeast(months) => when.push(counted(language, "page-card-types-at-least", months)),
        Length::LessThan(months) => {
            when.push(counted(language, "page-card-types-less-than", months));
        }
    }
    match rule.needs_it {
        Some(true) => when.push(language.say("page-card-types-with-it")),
        Some(false) => when.push(language.say("page-card-types-without-it")),
        None => {}
    }
    match rule.applicant {
        Applicant::Anybody => {}
        Applicant::WithCoordinationNumber => {
            when.push(language.say("page-card-types-coordination"));
        }
        Applicant::WithoutRegisteredAddress => {
            when.push(language.say("page-card-types-no-address"));
        }
    }
    when
}

fn counted(language: Language, key: &str, count: impl Into<i64>) -> String {
    language.say_with(key, &[("count", count.into().argument())])
}

/// What can be ordered.
pub(crate) fn products(language: Language) -> Vec<ProductLine> {
    PRODUCTS
        .iter()
        .map(|product| ProductLine {
            code: product.code.to_string(),
            name: language.coded("product", &product.code.to_string()),
            photo: product.photo,
            chip: product.chip,
            level: level(*product),
            validity: validity(language, *product),
        })
        .collect()
}

/// The level of what is on the chip; a card without one has none.
const fn level(product: CardProduct) -> Option<u8> {
    match (product.chip, product.loa) {
        (false, _) => None,
        (true, Loa::Two) => Some(2),
        (true, Loa::Three) => Some(3),
    }
}

fn validity(language: Language, product: CardProduct) -> String {
    match product.validity {
        Validity::Years(years) => counted(language, "page-card-types-years", years),
        Validity::YearsOrEngagement(years) => {
            counted(language, "page-card-types-years-or-engagement", years)
        }
        Validity::DaysOrEngagement(days) => {
            counted(language, "page-card-types-days-or-engagement", days)
        }
    }
}
