//! The pages that need no login: start, login, status, authorities, help.

use askama::Template;

use super::{CardLink, Portal, Refusal, Shell};
use crate::text::When;

/// The doors of the house. `GET /`.
#[derive(Template)]
#[template(path = "public/start.html")]
pub struct Start {
    /// The frame.
    pub shell: Shell,
    /// The invented people to try the demo as; empty outside the demo.
    pub people: Vec<DemoPerson>,
    /// The address of the demo's desk.
    pub desk: Option<String>,
}

/// An invented person of the demo.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// Full name.
    pub name: String,
    /// The part they play, as the code of a text `page-start-part-…`: a role code, or `holder`.
    pub part: String,
    /// The door to try.
    pub portal: Portal,
    /// The code of their virtual card.
    pub code: String,
}

/// Log in with the card. `GET /login?for=order|station|mine`; the ticket is made with the page.
#[derive(Template)]
#[template(path = "public/login.html")]
pub struct Login {
    /// The frame.
    pub shell: Shell,
    /// Which portal asks.
    pub portal: Portal,
    /// Opens the card client with the ticket.
    pub open: CardLink,
    /// The address `progress.js` asks (JSON, see `static/progress.js`).
    pub poll: String,
    /// Where the button "continue" posts to (no fields but `csrf`).
    pub action: String,
    /// Set when the person pressed "continue" before the card had answered.
    pub not_yet: bool,
    /// Set when the card was refused, or the ticket is too old.
    pub refusal: Option<Refusal>,
}

/// You are logged out. After `POST /logout`.
#[derive(Template)]
#[template(path = "public/signed_out.html")]
pub struct SignedOut {
    /// The frame.
    pub shell: Shell,
}

/// How the house feels today. `GET /status`.
#[derive(Template)]
#[template(path = "public/status.html")]
pub struct Status {
    /// The frame.
    pub shell: Shell,
    /// The worst of all that follows.
    pub verdict: Health,
    /// When this was looked at.
    pub checked_at: When,
    /// The authorities and their revocation lists.
    pub authorities: Vec<AuthorityHealth>,
    /// Other parts.
    pub parts: Vec<PartHealth>,
    /// The version of Sigill.
    pub version: String,
}

/// How well something is. Shown as a symbol and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// As it should be.
    Good,
    /// Works, but somebody should look soon.
    Ageing,
    /// Does not work.
    Bad,
}

impl Health {
    /// The part of text keys (`health-…`) and CSS classes.
    pub fn code(self) -> &'static str {
        match self {
            Health::Good => "good",
            Health::Ageing => "ageing",
            Health::Bad => "bad",
        }
    }

    /// The icon that goes with it.
    pub fn icon(self) -> super::Icon {
        super::Icon::named(match self {
            Health::Good => "check",
            Health::Ageing => "warning",
            Health::Bad => "cross",
        })
    }
}

/// An authority on the status page.
#[derive(Clone, Debug)]
pub struct AuthorityHealth {
    /// Its name.
    pub name: String,
    /// How it is.
    pub health: Health,
    /// Last day of its certificate.
    pub valid_to: When,
    /// The number of its newest revocation list.
    pub crl_number: Option<String>,
    /// The age of that list in minutes.
    pub crl_minutes: Option<i64>,
    /// When the next list is promised.
    pub crl_next: Option<When>,
}

/// Another part on the status page.
#[derive(Clone, Debug)]
pub struct PartHealth {
    /// `ocsp`, `database`, `jobs` or `clock`; texts `page-status-part-…` and `page-status-part-…-about`.
    pub code: &'static str,
    /// How it is.
    pub health: Health,
    /// How long the check took.
    pub milliseconds: Option<i64>,
    /// A plain fact such as `SQLite` or `PostgreSQL`.
    pub detail: Option<String>,
}

/// The authorities, for whoever must trust them. `GET /pki`.
#[derive(Template)]
#[template(path = "public/pki.html")]
pub struct Pki {
    /// The frame.
    pub shell: Shell,
    /// What the operator wants relying parties to know.
    pub notices: Vec<String>,
    /// The real tree: authorities, root first, and the certificates in which roots vouch for each other.
    pub authorities: Vec<Authority>,
    /// The tree for trying, if there is one.
    pub test: Vec<Authority>,
    /// The address of the OCSP service.
    pub ocsp: String,
}

/// One certificate authority.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Its common name.
    pub name: String,
    /// `root`, `authority` or `link`; texts `page-pki-sort-…`.
    pub sort: &'static str,
    /// The subject as text.
    pub subject: String,
    /// The key, `EC P-384`.
    pub key: String,
    /// The serial number in hex.
    pub serial: String,
    /// The SHA-256 fingerprint of the certificate, hex in groups.
    pub fingerprint: String,
    /// First day.
    pub from: When,
    /// Last day.
    pub to: When,
    /// Where the certificate is fetched, `/pki/<ca>.cer`.
    pub certificate: String,
    /// The same in PEM, `/pki/<ca>.pem`.
    pub pem: String,
    /// It and what it leads to, PEM, `/pki/<ca>-chain.pem`.
    pub chain: Option<String>,
    /// Where its revocation list is fetched, `/pki/<ca>.crl`.
    pub crl: Option<String>,
    /// Where its delta list is fetched, `/pki/<ca>-delta.crl`.
    pub delta: Option<String>,
    /// What it issues.
    pub profiles: Vec<ProfileLine>,
}

/// A profile that an authority issues under.
#[derive(Clone, Debug)]
pub struct ProfileLine {
    /// Its name.
    pub name: String,
    /// The policies in its certificates, object identifiers (RFC 5280 4.2.1.4).
    pub policies: Vec<String>,
}

/// The short manual. `GET /help`, one section a portal (`#order`, `#station`, `#mine`, `#public`).
#[derive(Template)]
#[template(path = "public/help.html")]
pub struct Help {
    /// The frame.
    pub shell: Shell,
}
