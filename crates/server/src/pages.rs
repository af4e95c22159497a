//! Every page as a struct of plain data with a template. No rules, no database: a handler fills the struct, the
//! template draws it.

mod forms;
mod parts;

pub mod card_types;
pub mod desk;
pub mod editors;
pub mod feedback;
pub mod functions;
pub mod kiosk;
pub mod mine;
pub mod order;
pub mod public;
pub mod station;
pub mod trouble;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use forms::{Problem, Problems, Refusal};
pub use parts::{
    CardFace, CardLife, CardLine, CardLink, CredentialLine, EngagementLine, Event, Icon, LifeStep,
    PersonHead, Progress, Reached, ReceiptView, Standing, Step, Validity,
};

use crate::text::{IntoArgument, Language};

/// What surrounds every page of the server: language, who is logged in, where we are.
#[derive(Clone, Debug)]
pub struct Shell {
    /// The language of the page.
    pub language: Language,
    /// Path and query of this page without `language`, for the language switch: `/order?name=ek`.
    pub here: String,
    /// The portal the page belongs to; marks the menu and picks the help page.
    pub portal: Portal,
    /// The name of the organisation that runs the house, in the header and on drawn cards.
    pub organisation: String,
    /// Who is logged in.
    pub who: Option<Who>,
    /// True when this is the demo with invented people; every page then says so.
    pub demo: bool,
    /// The CSRF token, put as the hidden field `csrf` into every form.
    pub csrf: String,
    /// A text key of a short confirmation above the page after a redirect, such as `page-order-placed`.
    pub notice: Option<String>,
}

impl Shell {
    /// The text with this key.
    pub fn t(&self, key: &str) -> String {
        self.language.say(key)
    }

    /// The text with this key and one argument.
    pub fn t1(&self, key: &str, name: &str, value: impl IntoArgument) -> String {
        self.language.say_with(key, &[(name, value.argument())])
    }

    /// The text with this key and two arguments.
    pub fn t2(
        &self,
        key: &str,
        first: &str,
        value: impl IntoArgument,
        second: &str,
        other: impl IntoArgument,
    ) -> String {
        self.language.say_with(
            key,
            &[(first, value.argument()), (second, other.argument())],
        )
    }

    /// The text of a code of the model.
    pub fn coded(&self, prefix: &str, code: &str) -> String {
        self.language.coded(prefix, code)
    }

    /// The icon with this name.
    pub fn icon(&self, name: &str) -> Icon {
        Icon::named(name)
    }

    /// The address of this page in the other language.
    pub fn other_language(&self) -> String {
        switch_language(&self.here, self.language.other())
    }

    /// Whether this page is at `path`, whatever its query.
    pub fn is_here(&self, path: &str) -> bool {
        self.here.split('?').next() == Some(path)
    }

    /// The address of this page without its query, for its readers' feedback.
    pub fn path(&self) -> &str {
        self.here.split('?').next().unwrap_or_default()
    }

    /// Whether the page asks its readers if it helped: every page but the one that thanks them.
    pub fn asks_for_feedback(&self) -> bool {
        !self.path().starts_with("/feedback")
    }

    /// How a card in this state is drawn: done means it works, trouble that somebody must look or that it has ended.
    pub fn tone(&self, card_state: &str) -> Standing {
        match card_state {
            "active" => Standing::Done,
            "draft" | "replaced" | "deregistered" => Standing::Ahead,
            state if self.is_over(state) => Standing::Trouble,
            "returned" | "production-failed" | "partly-activated" => Standing::Trouble,
            _ => Standing::Now,
        }
    }

    /// Whether a card in this state will never work again.
    pub fn is_over(&self, card_state: &str) -> bool {
        matches!(
            card_state,
            "revoked"
                | "expired"
                | "expired-unactivated"
                | "replaced"
                | "deregistered"
                | "cancelled"
        )
    }

    /// How a certificate in this state is drawn.
    pub fn credential_tone(&self, state: &str) -> Standing {
        match state {
            "active" => Standing::Done,
            "issued" => Standing::Now,
            _ => Standing::Trouble,
        }
    }

    /// The icon of a certificate's purpose.
    pub fn credential_icon(&self, kind: &str) -> Icon {
        Icon::named(match kind {
            "signature" => "pen",
            "encryption" => "mail",
            _ => "lock",
        })
    }

    /// The help page that matches where the user stands.
    pub fn help(&self) -> String {
        format!("/help#{}", self.portal.code())
    }
}

/// `here` with `?language=` or `&language=` added.
pub(crate) fn switch_language(here: &str, language: Language) -> String {
    let joint = if here.contains('?') { '&' } else { '?' };
    format!("{here}{joint}language={}", language.code())
}

/// The person who is logged in, as the header shows them.
#[derive(Clone, Debug)]
pub struct Who {
    /// Full name.
    pub name: String,
    /// The portals this person may enter, for the menu.
    pub portals: Vec<Portal>,
}

/// The parts of the house, as people see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portal {
    /// Start, status, authorities, help: open to everybody.
    Public,
    /// Ordering, for orderers.
    Order,
    /// The card station, for identity officers.
    Station,
    /// Functions, for those who decide on them.
    Functions,
    /// What readers say of pages, for the web editors.
    Editors,
    /// Mina sidor, for holders.
    Mine,
}

impl Portal {
    /// The part of the text keys and the help anchors: `public`, `order`, `station`, `functions`, `editors`, `mine`.
    pub fn code(self) -> &'static str {
        match self {
            Portal::Public => "public",
            Portal::Order => "order",
            Portal::Station => "station",
            Portal::Functions => "functions",
            Portal::Editors => "editors",
            Portal::Mine => "mine",
        }
    }

    /// The portal's own pages for the second menu: address and text key.
    pub fn pages(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Portal::Public | Portal::Functions | Portal::Editors => &[],
            Portal::Order => &[
                ("/order", "page-order-search-title"),
                ("/order/orders", "page-orders-title"),
            ],
            Portal::Station => &[
                ("/station", "page-station-queue-title"),
                ("/station/production", "page-station-production-title"),
                ("/station/kiosks", "page-kiosks-title"),
            ],
            Portal::Mine => &[
                ("/mine", "page-mine-cards-title"),
                ("/mine/logins", "page-mine-logins-title"),
            ],
        }
    }

    /// Whether the portal has pages of its own.
    pub fn has_pages(self) -> bool {
        !self.pages().is_empty()
    }

    /// The address of the portal's first page.
    pub fn href(self) -> &'static str {
        match self {
            Portal::Public => "/",
            Portal::Order => "/order",
            Portal::Station => "/station",
            Portal::Functions => "/functions",
            Portal::Editors => "/editors",
            Portal::Mine => "/mine",
        }
    }
}
