//! How an act opens: the client shows its ticket, the server says who asks and for what.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Bytes, Refusal, Step};

/// The first message of the client.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The one-time text that the page which opened the act handed to the client. Whoever holds it may open the act:
    /// `Debug` leaves it out.
    pub ticket: String,
    /// The public half of the key made for this act alone, as `pki::envelope` writes it; unlock codes and management keys
    /// are sealed to it.
    pub act_key: Bytes,
    /// Name and version of the client, for support and for refusing what is too old.
    pub client: String,
}

impl fmt::Debug for Hello {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hello")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// The server's answer to [`Hello`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "opening", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Opening {
    /// The act is open.
    Welcome(Welcome),
    /// An expected no: the ticket is used, too old, or the act may not be done.
    Refused(Refusal),
    /// A fault of the server.
    Incident {
        /// The number support finds the fault by.
        number: String,
    },
}

/// Who asks, for whom and what for, and the first step. The client shows all of it before it touches the card.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Welcome {
    /// Which act this is.
    pub act: Act,
    /// The organisation or service that asks, as text to show.
    pub who_asks: String,
    /// The person the act is for, as text to show; absent when nobody is known yet (a login).
    pub for_whom: Option<String>,
    /// The printed number of the card that is awaited, digits; absent when any card of the holder will do (a login). With
    /// two cards on the desk the client takes this one and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_number: Option<String>,
    /// What it is for, one or two sentences to show.
    pub purpose: String,
    /// An earlier try at this was begun on the card and not finished: this one takes it up where it was.
    #[serde(default)]
    pub taken_up: bool,
    /// Names the act in each [`Continue`](crate::Continue). Whoever holds it may go on with the act: `Debug` leaves it out.
    pub session: String,
    /// The first step.
    pub step: Step,
}

impl fmt::Debug for Welcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Welcome")
            .field("act", &self.act)
            .field("who_asks", &self.who_asks)
            .field("card_number", &self.card_number)
            .field("purpose", &self.purpose)
            .field("taken_up", &self.taken_up)
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}

/// What a card and its holder are asked to take part in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Make a new card work: code, keys, certificates, receipt.
    Activate,
    /// Log in with the card.
    SignIn,
    /// Choose a new code for a card whose code is blocked or forgotten.
    Unlock,
    /// Fetch certificates to a card that already works.
    FetchCertificate,
    /// Replace certificates that soon end.
    Renew,
    /// Sign the hand-over to the next card with the present one.
    HandOver,
    /// Sign a text.
    Sign,
    /// Read which card lies in the reader: return, deregistration, support.
    Identify,
    /// Finish or undo what a card torn out of the reader left behind.
    Repair,
}
