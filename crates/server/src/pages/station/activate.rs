//! The activation: identity check, waiting for the holder's code, finished.

use askama::Template;

use super::{CardHead, CredentialLine, Refusal, Shell};
use crate::pages::{CardLink, Problems, Progress, ReceiptView};

/// Check the holder's identity document. `GET /station/cards/{id}/identity-check`; posts `document`, `number`,
/// `expires_on` (ISO date) and one `answer-<check point>` (`yes` or `no`) a question to `action`.
#[derive(Template)]
#[template(path = "station/identity_check.html")]
pub struct IdentityCheck {
    /// The frame.
    pub shell: Shell,
    /// The card and its holder.
    pub head: CardHead,
    /// The codes of the accepted documents (texts `document-kind-…`).
    pub documents: Vec<String>,
    /// The codes of the seven questions (texts `check-point-…`, `check-point-about-…`). `wine-red-cover` is shown for
    /// passports only; an answer to it counts for no other document.
    pub check_points: Vec<String>,
    /// What was filled in.
    pub form: IdentityCheckForm,
    /// Where the form posts to.
    pub action: String,
    /// What was wrong, field by field (`document`, `number`, `expires_on`, `answer-<check point>`).
    pub problems: Problems,
    /// Set when it was refused.
    pub refusal: Option<Refusal>,
}

/// What the officer filled in.
#[derive(Clone, Debug, Default)]
pub struct IdentityCheckForm {
    /// The code of the document.
    pub document: String,
    /// The document's number.
    pub number: String,
    /// The last day of the document, as typed.
    pub expires_on: String,
    /// The answers given: the code of the question, and true for yes.
    pub answers: Vec<(String, bool)>,
}

impl IdentityCheckForm {
    /// Whether this question was answered so.
    pub fn is_answered(&self, check_point: &str, answer: bool) -> bool {
        self.answers
            .iter()
            .any(|(code, given)| code == check_point && *given == answer)
    }
}

/// Waiting for the holder, with the steps live. `GET /station/cards/{id}/activate`.
#[derive(Template)]
#[template(path = "station/activate.html")]
pub struct Activate {
    /// The frame.
    pub shell: Shell,
    /// The card and its holder.
    pub head: CardHead,
    /// Opens the card client with the ticket.
    pub open: CardLink,
    /// The steps; prefix `activation-step`, codes `identity`, `card`, `code`, `certificates`, `receipt`
    /// (there are texts for `key`, `keys` and `finished` as well).
    pub progress: Progress,
    /// The address `progress.js` asks.
    pub poll: String,
    /// Where "continue" posts to (no fields but `csrf`).
    pub action: String,
    /// Set when "continue" was pressed before the card was done.
    pub not_yet: bool,
    /// Set when the act was refused or the card taken out; the link then starts again.
    pub refusal: Option<Refusal>,
}

/// Waiting for the holder's new code, with the steps live. `GET /station/cards/{id}/unlock`.
#[derive(Template)]
#[template(path = "station/unlock.html")]
pub struct Unlock {
    /// The frame.
    pub shell: Shell,
    /// The card and its holder.
    pub head: CardHead,
    /// Opens the card client with the ticket.
    pub open: CardLink,
    /// The steps; prefix `unlock-step`, codes `identity`, `card`, `code`.
    pub progress: Progress,
    /// The address `progress.js` asks.
    pub poll: String,
    /// Where "continue" posts to (no fields but `csrf`).
    pub action: String,
    /// Set when "continue" was pressed before the card was done.
    pub not_yet: bool,
    /// Set when the act was refused or the card taken out; the link then starts again.
    pub refusal: Option<Refusal>,
}

/// The card works. `GET /station/cards/{id}/activated`.
#[derive(Template)]
#[template(path = "station/activated.html")]
pub struct Activated {
    /// The frame.
    pub shell: Shell,
    /// The card and its holder.
    pub head: CardHead,
    /// The certificates on the card.
    pub credentials: Vec<CredentialLine>,
    /// The receipt the holder signed.
    pub receipt: ReceiptView,
    /// The address of the receipt for printing.
    pub receipt_href: String,
}
