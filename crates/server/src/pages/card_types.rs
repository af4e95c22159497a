//! The card-type sheet.

use askama::Template;

use super::Shell;

/// Which card fits whom, and what can be ordered. `GET /card-types`.
#[derive(Template)]
#[template(path = "public/card_types.html")]
pub struct CardTypes {
    /// The frame.
    pub shell: Shell,
    /// The rules, in the order in which they are tried.
    pub rules: Vec<RuleLine>,
    /// The products.
    pub products: Vec<ProductLine>,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct RuleLine {
    /// What it asks, in words: all of it must hold.
    pub when: Vec<String>,
    /// The name of the product it gives.
    pub product: String,
    /// Why, as people are told.
    pub why: String,
}

/// A product.
#[derive(Clone, Debug)]
pub struct ProductLine {
    /// Its three digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether a portrait is printed on it.
    pub photo: bool,
    /// Whether it carries certificates.
    pub chip: bool,
    /// The level of assurance of its certificates.
    pub level: Option<u8>,
    /// How long it is valid, in words.
    pub validity: String,
}
