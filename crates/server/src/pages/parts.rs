//! Parts that several pages draw: the line of a card's life, the card's face, progress, validity, certificates.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::text::When;

/// Where a step stands. Drawn with a symbol and a word, never by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Behind us.
    Done,
    /// Happening, or what is waited for.
    Now,
    /// Still to come.
    Ahead,
    /// Stopped, failed or needs somebody's attention.
    Trouble,
}

impl Standing {
    /// The CSS class, the text key part (`standing-…`) and the JSON word: `done`, `now`, `ahead`, `trouble`.
    pub fn code(self) -> &'static str {
        match self {
            Standing::Done => "done",
            Standing::Now => "now",
            Standing::Ahead => "ahead",
            Standing::Trouble => "trouble",
        }
    }

    /// The icon that goes with it.
    pub fn icon(self) -> Icon {
        Icon::named(match self {
            Standing::Done => "check",
            Standing::Now => "dot",
            Standing::Ahead => "ring",
            Standing::Trouble => "cross",
        })
    }
}

/// A card's life, drawn as a step line.
#[derive(Clone, Debug)]
pub struct CardLife {
    /// The code of the card's state.
    pub state: String,
    /// The states it has passed, with the time, oldest first. May be empty.
    pub reached: Vec<Reached>,
}

/// A state the card has entered, and when.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The code of the state.
    pub state: String,
    /// When it was entered.
    pub when: When,
}

/// One step of the drawn line.
#[derive(Clone, Debug)]
pub struct LifeStep {
    /// The part of the text key, `life-…`.
    pub code: &'static str,
    /// Where it stands.
    pub standing: Standing,
    /// When it was reached.
    pub when: Option<When>,
}

/// The five steps everybody hopes for, with the states that prove each one done.
const LIFE: [(&str, &[&str]); 5] = [
    ("ordered", &["ordered", "awaiting-photo"]),
    ("photo", &["ready-for-production"]),
    ("production", &["produced"]),
    ("delivery", &["sent"]),
    ("activation", &["active"]),
];

impl CardLife {
    /// The steps to draw: five up to a working card, and a sixth when the card's life has ended.
    pub fn steps(&self) -> Vec<LifeStep> {
        let state = self.state.replace('_', "-");
        let (behind, now) = match state.as_str() {
            "draft" => (0, Standing::Now),
            "ordered" | "awaiting-photo" => (1, Standing::Now),
            "ready-for-production" | "in-production" => (2, Standing::Now),
            "production-failed" => (2, Standing::Trouble),
            "produced" => (3, Standing::Now),
            "returned" => (3, Standing::Trouble),
            "sent" | "partly-activated" => (4, Standing::Now),
            "expired-unactivated" => (4, Standing::Trouble),
            "cancelled" => (self.furthest(), Standing::Trouble),
            _ => (LIFE.len(), Standing::Done),
        };
        let mut steps: Vec<LifeStep> = LIFE
            .iter()
            .enumerate()
            .map(|(index, (code, proof))| LifeStep {
                code,
                standing: match index.cmp(&behind) {
                    std::cmp::Ordering::Less => Standing::Done,
                    std::cmp::Ordering::Equal => now,
                    std::cmp::Ordering::Greater => Standing::Ahead,
                },
                when: self.when(proof),
            })
            .collect();
        let end = match state.as_str() {
            "revoked" => Some(("revoked", Standing::Trouble)),
            "expired" => Some(("expired", Standing::Trouble)),
            "replaced" => Some(("replaced", Standing::Done)),
            "deregistered" => Some(("deregistered", Standing::Done)),
            "cancelled" => Some(("cancelled", Standing::Trouble)),
            _ => None,
        };
        if let Some((code, standing)) = end {
            // A cancelled card goes no further: what lay ahead is left out.
            steps.retain(|step| code != "cancelled" || step.standing == Standing::Done);
            steps.push(LifeStep {
                code,
                standing,
                when: self.when(&[code]),
            });
        }
        steps
    }

    /// How many of the five steps the passed states prove done.
    fn furthest(&self) -> usize {
        LIFE.iter()
            .rposition(|(_, proof)| self.when(proof).is_some())
            .map_or(1, |index| index + 1)
    }

    fn when(&self, states: &[&str]) -> Option<When> {
        self.reached
            .iter()
            .find(|reached| states.contains(&reached.state.replace('_', "-").as_str()))
            .map(|reached| reached.when.clone())
    }
}

/// The steps of an act at the card, drawn while it runs.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The prefix of the steps' text keys: `activation-step` for the officer; `desk-activation-step` or `sign-in-step` for
    /// the holder.
    pub prefix: &'static str,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// One step of an act at the card.
#[derive(Clone, Debug)]
pub struct Step {
    /// The part of the text key after the prefix; also the JSON key that `progress.js` looks for.
    pub code: String,
    /// Where it stands.
    pub standing: Standing,
}

/// The front of a card, drawn.
#[derive(Clone, Debug)]
pub struct CardFace {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The card number in groups of four, once it has one.
    pub number: Option<String>,
    /// The address of the photo; without one a silhouette is drawn.
    pub photo: Option<String>,
    /// The code of the card kind.
    pub kind: String,
    /// The code of the card's state.
    pub state: String,
}

/// How long a card is valid, drawn as a bar.
#[derive(Clone, Debug)]
pub struct Validity {
    /// First day.
    pub from: When,
    /// Last day.
    pub to: When,
    /// How much of the time has gone, 0-100.
    pub percent_gone: u8,
    /// Days left; 0 or less when it has ended.
    pub days_left: i64,
}

impl Validity {
    /// The part drawn as left, in percent.
    pub fn percent_left(&self) -> u8 {
        100_u8.saturating_sub(self.percent_gone)
    }

    /// True when it is time to renew (the last 90 days).
    pub fn is_short(&self) -> bool {
        self.days_left <= 90
    }
}

/// One certificate of a card.
#[derive(Clone, Debug)]
pub struct CredentialLine {
    /// The code of the credential kind: `login`, `signature`, `encryption`.
    pub kind: String,
    /// The code of its state.
    pub state: String,
    /// The serial number in hex; `None` until it is issued.
    pub serial: Option<String>,
    /// Last day of validity.
    pub to: Option<When>,
}

/// A person at the top of a page.
#[derive(Clone, Debug)]
pub struct PersonHead {
    /// Full name.
    pub name: String,
    /// The masked identity number, `19690714-****`.
    pub identity: String,
    /// The HSA-id.
    pub hsa_id: String,
    /// True when the identity is protected: shown as a warning to the officer.
    pub protected: bool,
}

/// One engagement in a line.
#[derive(Clone, Debug)]
pub struct EngagementLine {
    /// The code of the engagement kind.
    pub kind: String,
    /// The title, such as `Läkare`.
    pub title: String,
    /// The unit's name.
    pub unit: String,
    /// The employer's name.
    pub employer: String,
    /// First day.
    pub from: When,
    /// Last day, if one is set.
    pub to: Option<When>,
    /// The codes of the IT services needed.
    pub services: Vec<String>,
}

/// A card in a line of a list.
#[derive(Clone, Debug)]
pub struct CardLine {
    /// The address of the card's page, where the reader may open it.
    pub href: Option<String>,
    /// The code of the card kind.
    pub kind: String,
    /// The code of its state.
    pub state: String,
    /// The number in groups of four, once it has one.
    pub number: Option<String>,
}

/// The link that opens the card client with a ticket.
#[derive(Clone, Debug)]
pub struct CardLink {
    /// `sigill:…` for the card client, or the desk's address in the demo.
    pub href: String,
    /// True for the demo's desk, which opens in a new tab.
    pub new_tab: bool,
    /// The ticket, to be typed into a card client that the link does not open.
    pub code: String,
}

/// Something that happened, from the log.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub when: When,
    /// The event's code, `card.activated`; the text is `event-card-activated`.
    pub code: String,
    /// Who did it: a name, or empty for the system itself.
    pub by: String,
}

/// The receipt the holder signed with the new card.
#[derive(Clone, Debug)]
pub struct ReceiptView {
    /// The receipt's id.
    pub id: String,
    /// The holder.
    pub person: PersonHead,
    /// The card number in groups of four.
    pub card_number: String,
    /// The code of the product.
    pub product: String,
    /// The certificates received.
    pub credentials: Vec<CredentialLine>,
    /// The code of the identity document that was shown.
    pub document: String,
    /// The officer who checked the identity.
    pub officer: String,
    /// When the holder signed.
    pub signed_at: When,
    /// Last day of the card.
    pub valid_to: When,
    /// True when the signature was verified just now against the card's certificate.
    pub verified: bool,
    /// The address of the signed receipt as a file (JWS).
    pub file: String,
}

/// A drawn symbol, safe in HTML and hidden from screen readers: a word always stands beside it.
#[derive(Clone, Copy, Debug)]
pub struct Icon(&'static str);

impl Icon {
    /// The icon with this name; an unknown name draws nothing.
    pub fn named(name: &str) -> Icon {
        Icon(match name {
            "check" => r#"<path d="m5 12.5 4.5 4.5L19 7.5"/>"#,
            "cross" => r#"<path d="m7 7 10 10M17 7 7 17"/>"#,
            "dot" => r#"<circle cx="12" cy="12" r="5" fill="currentColor" stroke="none"/>"#,
            "ring" => r#"<circle cx="12" cy="12" r="5"/>"#,
            "warning" => r#"<path d="M12 4 2.8 20h18.4L12 4Z"/><path d="M12 10v5M12 17.4v.2"/>"#,
            "info" => r#"<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.4v.2"/>"#,
            "card" => {
                r#"<rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="M6.5 10h4v4h-4zM14 10h4M14 14h4"/>"#
            }
            "person" => {
                r#"<circle cx="12" cy="8" r="4"/><path d="M4 20c1-4.5 4-6 8-6s7 1.5 8 6"/>"#
            }
            "order" => {
                r#"<path d="M6 3.5h9l4 4V20.5H6z"/><path d="M14.5 3.5V8H19M9 12.5h7M9 16.5h4"/>"#
            }
            "station" => r#"<path d="M3.5 20.5h17M5 20V9.5l7-5 7 5V20"/><path d="M10 20v-6h4v6"/>"#,
            "pulse" => r#"<path d="M2.5 12.5h4l2.5-7 5 13 2.5-6h5"/>"#,
            "lock" => {
                r#"<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>"#
            }
            "pen" => r#"<path d="m4 20 1-4.5L16 4.5l3.5 3.5-11 11L4 20Z"/>"#,
            "mail" => {
                r#"<rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="m4 7.5 8 6 8-6"/>"#
            }
            "camera" => {
                r#"<rect x="3" y="7" width="18" height="12.5" rx="2"/><circle cx="12" cy="13" r="3.5"/><path d="m8 7 1.5-2.5h5L16 7"/>"#
            }
            "printer" => {
                r#"<path d="M7 8.5v-5h10v5M7 17.5H4v-9h16v9h-3"/><path d="M7 14h10v6.5H7z"/>"#
            }
            "search" => r#"<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>"#,
            "arrow" => r#"<path d="M4 12h15M13 6l6 6-6 6"/>"#,
            "out" => r#"<path d="M10 4H5v16h5M9.5 12H20M15.5 7.5 20 12l-4.5 4.5"/>"#,
            "shield" => {
                r#"<path d="M12 3.5 4.5 6v6c0 4.5 3.5 7.5 7.5 8.5 4-1 7.5-4 7.5-8.5V6L12 3.5Z"/>"#
            }
            "reader" => {
                r#"<rect x="3" y="10" width="18" height="9" rx="2"/><path d="M7 10V4.5h10V10M7 14.5h10"/>"#
            }
            _ => "",
        })
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>"#,
            self.0
        )
    }
}

impl HtmlSafe for Icon {}
