//! Mina sidor: the holder's own pages.

use askama::Template;

use super::{CardFace, CardLife, CredentialLine, Problems, ReceiptView, Refusal, Shell, Validity};
use crate::text::When;

/// My cards. `GET /mine`.
#[derive(Template)]
#[template(path = "mine/cards.html")]
pub struct Cards {
    /// The frame.
    pub shell: Shell,
    /// The given name, for the greeting.
    pub given_name: String,
    /// The person's cards, the working one first.
    pub cards: Vec<MyCard>,
}

/// One of my cards.
#[derive(Clone, Debug)]
pub struct MyCard {
    /// The card, drawn.
    pub face: CardFace,
    /// The product code.
    pub product: String,
    /// Its life.
    pub life: CardLife,
    /// How long it is valid, once it is.
    pub validity: Option<Validity>,
    /// Its certificates.
    pub credentials: Vec<CredentialLine>,
    /// True for the card this person logged in with.
    pub logged_in_with: bool,
    /// Where a loss is reported, while there is something to revoke.
    pub revoke: Option<String>,
    /// Where a photo code is asked for, while the card waits for a photo.
    pub photo_code: Option<String>,
    /// The receipt.
    pub receipt: Option<String>,
}

/// My logins. `GET /mine/logins`.
#[derive(Template)]
#[template(path = "mine/logins.html")]
pub struct Logins {
    /// The frame.
    pub shell: Shell,
    /// The logins, newest first.
    pub logins: Vec<LoginLine>,
}

/// One login.
#[derive(Clone, Debug)]
pub struct LoginLine {
    /// When.
    pub when: When,
    /// Where.
    pub portal: super::Portal,
    /// The card number in groups of four.
    pub card_number: String,
    /// True when it succeeded.
    pub succeeded: bool,
    /// True for the session the page is shown in.
    pub here: bool,
}

/// Report a loss and revoke my own card. `GET /mine/cards/{id}/revoke`; posts `reason` and `confirm` (value `yes`).
#[derive(Template)]
#[template(path = "mine/revoke.html")]
pub struct Revoke {
    /// The frame.
    pub shell: Shell,
    /// The card.
    pub face: CardFace,
    /// The codes of the reasons to choose between (texts `loss-reason-…`).
    pub reasons: Vec<String>,
    /// The chosen reason, or empty.
    pub reason: String,
    /// True when this is the card the person is logged in with: it logs out at once.
    pub logged_in_with: bool,
    /// Where the form posts to.
    pub action: String,
    /// What was wrong with the form.
    pub problems: Problems,
    /// Set when it was refused.
    pub refusal: Option<Refusal>,
}

/// The card is revoked. Shown after the act, also when it ended the session.
#[derive(Template)]
#[template(path = "mine/revoked.html")]
pub struct Revoked {
    /// The frame.
    pub shell: Shell,
    /// The card.
    pub face: CardFace,
    /// When it was revoked.
    pub at: When,
    /// The code of the reason.
    pub reason: String,
}

/// The signed receipt, made for printing. `GET /mine/receipts/{id}` and `GET /station/receipts/{id}`.
#[derive(Template)]
#[template(path = "mine/receipt.html")]
pub struct Receipt {
    /// The frame.
    pub shell: Shell,
    /// The receipt.
    pub receipt: ReceiptView,
    /// Where "back" leads.
    pub back: String,
}
