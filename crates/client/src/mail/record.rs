//! What is remembered of each message: a line of the state file, and of the page.

use mail_parser::Message;
use serde::{Deserialize, Serialize};

use super::entity;
use super::reason::Reason;

/// The longest subject or sender that is kept, in characters.
const LONGEST_LINE: usize = 300;

/// One message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Record {
    /// SHA-256 of the message as it stands in the mailbox, hexadecimal; empty when it could not be read.
    pub(super) digest: String,
    /// Where it is: the file, and in an mbox the number of the message.
    pub(super) place: String,
    pub(super) subject: String,
    pub(super) from: String,
    /// RFC 3339, or empty.
    pub(super) date: String,
    pub(super) outcome: Outcome,
}

/// What became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub(super) enum Outcome {
    /// Opened and written out.
    Saved {
        /// Its folder's name under `messages`.
        folder: String,
        texts: Vec<String>,
        attachments: Vec<String>,
        signatures: Vec<Signature>,
        /// Parts of it that stayed closed.
        problems: Vec<Reason>,
    },
    /// Not opened.
    NotOpened { reason: Reason },
}

/// A signature in a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Signature {
    pub(super) verdict: Verdict,
    /// The signer as the certificate names them; whether it is to be believed was not checked.
    pub(super) signer: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    Intact,
    Broken,
    UnknownAlgorithm,
    NoCertificate,
    Unreadable,
}

impl Record {
    /// Of a message that could not be read at all.
    pub(super) fn unread(place: String, reason: Reason) -> Self {
        Self {
            digest: String::new(),
            place,
            subject: String::new(),
            from: String::new(),
            date: String::new(),
            outcome: Outcome::NotOpened { reason },
        }
    }

    /// Of a message that was read; what became of it is not known yet.
    pub(super) fn of(place: String, digest: &[u8; 32], bytes: &[u8]) -> Self {
        let mut record = Self::unread(place, Reason::NotEncrypted);
        record.digest = hex::encode(digest);
        if let Some(message) = entity::parse_headers(bytes) {
            record.subject = one_line(message.subject().unwrap_or_default());
            record.from = sender(&message);
            record.date = message
                .date()
                .filter(|date| date.is_valid())
                .map(mail_parser::DateTime::to_rfc3339)
                .unwrap_or_default();
        }
        record
    }

    /// Day and time as the sender's clock had them.
    pub(super) fn shown_date(&self) -> String {
        let minutes = self.date.get(.."2026-11-25T12:46".len());
        minutes.unwrap_or_default().replace('T', " ")
    }

    pub(super) fn because(mut self, reason: Reason) -> Self {
        self.outcome = Outcome::NotOpened { reason };
        self
    }
}

fn sender(message: &Message<'_>) -> String {
    let Some(first) = message.from().and_then(|from| from.first()) else {
        return String::new();
    };
    match (first.name(), first.address()) {
        (Some(name), Some(address)) => one_line(&format!("{name} <{address}>")),
        (name, address) => one_line(name.or(address).unwrap_or_default()),
    }
}

/// The text on one line, cut to a length that a table bears. What would change the direction of the text around it goes.
fn one_line(text: &str) -> String {
    let visible = text
        .chars()
        .filter(|letter| !matches!(letter, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'));
    visible
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(LONGEST_LINE)
        .collect::<String>()
        .trim()
        .to_owned()
}
