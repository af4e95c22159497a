//! The orderer's pages.

use askama::Template;

use super::{CardLife, CardLine, EngagementLine, Event, PersonHead, Problems, Refusal, Shell};
use crate::text::When;

/// Find a person to order for. `GET /order?name=…`.
#[derive(Template)]
#[template(path = "order/search.html")]
pub struct Search {
    /// The frame.
    pub shell: Shell,
    /// What was searched for (field `name`).
    pub name: String,
    /// The people found; `None` before the first search.
    pub found: Option<Vec<FoundPerson>>,
    /// True when there were more than are shown.
    pub more: bool,
    /// Set when the search was refused.
    pub refusal: Option<Refusal>,
}

/// A person in the search result.
#[derive(Clone, Debug)]
pub struct FoundPerson {
    /// The address of the order page for this person.
    pub href: String,
    /// Name, masked number, HSA-id.
    pub person: PersonHead,
    /// The engagement that counts today.
    pub engagement: Option<EngagementLine>,
    /// The card they have or wait for.
    pub card: Option<CardLine>,
}

/// Order for one person. `GET /order/people/{id}`; posts fields `engagement` and `confirm` (value `yes`) to `action`.
#[derive(Template)]
#[template(path = "order/person.html")]
pub struct Person {
    /// The frame.
    pub shell: Shell,
    /// Who the card is for.
    pub person: PersonHead,
    /// The engagements to choose between; the chosen one decides the offer.
    pub engagements: Vec<EngagementChoice>,
    /// What the rules pick, or why nothing.
    pub offer: Offer,
    /// Cards the person has already.
    pub cards: Vec<CardLine>,
    /// Where the form posts to.
    pub action: String,
    /// What was wrong with the form.
    pub problems: Problems,
    /// Set when the order was refused.
    pub refusal: Option<Refusal>,
}

/// An engagement that can be chosen.
#[derive(Clone, Debug)]
pub struct EngagementChoice {
    /// The value of the field `engagement`.
    pub id: String,
    /// The engagement.
    pub line: EngagementLine,
    /// The address that shows the offer for it (`?engagement=…`).
    pub href: String,
    /// True for the one the offer is made for.
    pub chosen: bool,
}

/// What the rule table says about an engagement.
#[derive(Clone, Debug)]
pub enum Offer {
    /// A product.
    Product(OfferedProduct),
    /// No card can be ordered, with the reason and what to do.
    Nothing(Refusal),
}

/// The product the rules pick.
#[derive(Clone, Debug)]
pub struct OfferedProduct {
    /// The product code, `701`.
    pub product: String,
    /// The code of the card kind.
    pub kind: String,
    /// The level of assurance, `2` or `3`.
    pub loa: u8,
    /// The codes of the reasons, `product.why.…`.
    pub why: Vec<String>,
    /// The codes of the credentials that follow.
    pub credentials: Vec<String>,
    /// The last day the card can get.
    pub valid_to: Option<When>,
    /// True when a photo must be taken.
    pub photo: bool,
}

/// The orders. `GET /order/orders`, `?show=open|all`.
#[derive(Template)]
#[template(path = "order/orders.html")]
pub struct Orders {
    /// The frame.
    pub shell: Shell,
    /// The orders, newest first.
    pub orders: Vec<OrderLine>,
    /// True when closed orders are shown as well.
    pub all: bool,
}

/// One order in the list.
#[derive(Clone, Debug)]
pub struct OrderLine {
    /// The address of the order.
    pub href: String,
    /// The holder's name.
    pub name: String,
    /// The product code.
    pub product: String,
    /// When it was ordered.
    pub ordered_at: When,
    /// Who ordered.
    pub ordered_by: String,
    /// The life of the card.
    pub life: CardLife,
}

/// One order. `GET /order/orders/{id}`.
#[derive(Template)]
#[template(path = "order/detail.html")]
pub struct Detail {
    /// The frame.
    pub shell: Shell,
    /// The order in short.
    pub order: OrderLine,
    /// The code of the order's state: `open`, `fulfilled`, `cancelled`.
    pub state: String,
    /// Who the card is for.
    pub person: PersonHead,
    /// The engagement it was ordered for.
    pub engagement: EngagementLine,
    /// Why this product.
    pub why: Vec<String>,
    /// The codes of the credentials ordered.
    pub credentials: Vec<String>,
    /// The card's number once it has one.
    pub card_number: Option<String>,
    /// What has happened.
    pub events: Vec<Event>,
    /// Where "cancel the order" posts to, while that is possible.
    pub cancel: Option<String>,
    /// Where a photo code is asked for, while the card waits for a photo.
    pub photo_code: Option<String>,
    /// Set when the order could not be changed.
    pub refusal: Option<Refusal>,
}
