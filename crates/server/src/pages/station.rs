//! The identity officer's pages at the card station.

mod activate;
mod ending;
mod produce;

pub use activate::{Activate, Activated, IdentityCheck, IdentityCheckForm, Unlock};
pub use ending::{EndEngagement, Return, Revoke};
pub use produce::{
    Batch, BatchCard, BatchLine, PhotoCheck, PhotoVerdict, Photograph, Production, ReadyCard,
};

use askama::Template;

use super::{
    CardFace, CardLife, CredentialLine, EngagementLine, Event, PersonHead, Refusal, Shell,
};
use crate::text::When;

/// The queue of the day, and a search. `GET /station?find=…`.
#[derive(Template)]
#[template(path = "station/queue.html")]
pub struct Queue {
    /// The frame.
    pub shell: Shell,
    /// What was searched for (field `find`): a name, a card number, or an HSA-id.
    pub find: String,
    /// The cards found; `None` when nothing was searched for.
    pub found: Option<Vec<QueueCard>>,
    /// The lanes, in the order of a card's life.
    pub lanes: Vec<Lane>,
    /// Set when the search was refused.
    pub refusal: Option<Refusal>,
}

/// Cards that wait for the same thing.
#[derive(Clone, Debug)]
pub struct Lane {
    /// `photo`, `production`, `delivery`, `activation` or `attention`; texts `page-station-lane-…`.
    pub code: &'static str,
    /// The first cards of it, the longest waiting first.
    pub cards: Vec<QueueCard>,
    /// How many wait in all.
    pub total: usize,
}

/// A card in the queue.
#[derive(Clone, Debug)]
pub struct QueueCard {
    /// The address of the card.
    pub href: String,
    /// The holder.
    pub person: PersonHead,
    /// The code of the card kind.
    pub kind: String,
    /// The code of the state.
    pub state: String,
    /// Since when.
    pub since: When,
    /// The number in groups of four, once it has one.
    pub number: Option<String>,
}

/// What stands at the top of every page about one card.
#[derive(Clone, Debug)]
pub struct CardHead {
    /// The address of the card's own page.
    pub href: String,
    /// The card, drawn.
    pub face: CardFace,
    /// The holder.
    pub person: PersonHead,
    /// The product code.
    pub product: String,
    /// Its life.
    pub life: CardLife,
}

/// One card. `GET /station/cards/{id}`.
#[derive(Template)]
#[template(path = "station/card.html")]
pub struct Card {
    /// The frame.
    pub shell: Shell,
    /// The card and its holder.
    pub head: CardHead,
    /// What can be done now.
    pub acts: Vec<ActLink>,
    /// The engagement it was ordered for.
    pub engagement: Option<EngagementLine>,
    /// Last day of the card.
    pub valid_to: Option<When>,
    /// The certificates.
    pub credentials: Vec<CredentialLine>,
    /// What has happened.
    pub events: Vec<Event>,
    /// The receipt.
    pub receipt: Option<String>,
}

/// Something that can be done with a card, or why not.
#[derive(Clone, Debug)]
pub struct ActLink {
    /// `photograph`, `produce`, `check-identity`, `activate`, `unlock`, `revoke`, `return`, `end-engagement`; texts `page-station-act-…`.
    pub code: &'static str,
    /// Where it is done.
    pub href: String,
    /// Why this person may not do it now; then no link is shown, but the reason.
    pub refusal: Option<Refusal>,
}

impl ActLink {
    /// The look of its button: what takes a card forward is full, what ends it is a quiet red.
    pub fn look(&self) -> &'static str {
        match self.code {
            "photograph" | "produce" | "check-identity" | "activate" => "button",
            "revoke" => "button button--danger-quiet",
            _ => "button button--quiet",
        }
    }
}
