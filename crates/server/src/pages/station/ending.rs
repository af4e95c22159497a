//! How a card's life ends: revoke, return and deregister, end of engagement.

use askama::Template;

use super::{CardHead, EngagementLine, PersonHead, Refusal, Shell};
use crate::pages::{CardLine, Problems};

/// Revoke a card. `GET /station/cards/{id}/revoke`; posts `reason` and `confirm` (value `yes`) to `action`.
#[derive(Template)]
#[template(path = "station/revoke.html")]
pub struct Revoke {
    /// The frame.
    pub shell: Shell,
    /// The card and its holder.
    pub head: CardHead,
    /// The codes of the reasons (texts `loss-reason-…`).
    pub reasons: Vec<String>,
    /// The chosen reason, or empty.
    pub reason: String,
    /// Where the form posts to.
    pub action: String,
    /// What was wrong with the form.
    pub problems: Problems,
    /// Set when it was refused.
    pub refusal: Option<Refusal>,
}

/// Take the card back and deregister it. `GET /station/cards/{id}/return`; posts `how` (`cut` or `missing`) and
/// `confirm` (value `yes`) to `action`.
#[derive(Template)]
#[template(path = "station/return.html")]
pub struct Return {
    /// The frame.
    pub shell: Shell,
    /// The card and its holder.
    pub head: CardHead,
    /// `cut`, `missing` or empty.
    pub how: String,
    /// True when the card still works: it is revoked by the same act.
    pub still_works: bool,
    /// Where the form posts to.
    pub action: String,
    /// What was wrong with the form.
    pub problems: Problems,
    /// Set when it was refused.
    pub refusal: Option<Refusal>,
}

/// End an engagement. `GET /station/engagements/{id}/end`; posts `ends_on` (ISO date) and `confirm` (value `yes`) to `action`.
#[derive(Template)]
#[template(path = "station/end_engagement.html")]
pub struct EndEngagement {
    /// The frame.
    pub shell: Shell,
    /// Whose.
    pub person: PersonHead,
    /// Which.
    pub engagement: EngagementLine,
    /// The cards that stop working then; empty when another engagement carries them on.
    pub cards: Vec<CardLine>,
    /// The last day, as typed or proposed (ISO date).
    pub ends_on: String,
    /// Where "back" leads.
    pub back: String,
    /// Where the form posts to.
    pub action: String,
    /// What was wrong with the form.
    pub problems: Problems,
    /// Set when it was refused.
    pub refusal: Option<Refusal>,
}
