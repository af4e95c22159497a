//! The desk, in the demo only and on an address of its own: the computer with the card reader that the demo's visitor
//! does not have. It plays the card client; the portals never see a code typed here.

use askama::Template;

use super::{Icon, Progress, Refusal};
use crate::text::{IntoArgument, Language};

/// What surrounds every page of the desk.
#[derive(Clone, Debug)]
pub struct DeskShell {
    /// The language of the page.
    pub language: Language,
    /// Path and query of this page without `language`.
    pub here: String,
    /// The CSRF token of the desk.
    pub csrf: String,
    /// The address of the portals, for the way back.
    pub portals: String,
    /// The card in the reader.
    pub reader: Option<VirtualCard>,
}

impl DeskShell {
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

    /// The text of a code.
    pub fn coded(&self, prefix: &str, code: &str) -> String {
        self.language.coded(prefix, code)
    }

    /// The heading of an act, `{ $who } wants …`.
    pub fn asks(&self, asked: &Asked) -> String {
        self.t1(&format!("act-asks-{}", asked.act), "who", &asked.who_asks)
    }

    /// The icon with this name.
    pub fn icon(&self, name: &str) -> Icon {
        Icon::named(name)
    }

    /// The address of this page in the other language.
    pub fn other_language(&self) -> String {
        super::switch_language(&self.here, self.language.other())
    }
}

/// A virtual card.
#[derive(Clone, Debug)]
pub struct VirtualCard {
    /// The number in groups of four.
    pub number: String,
    /// The name on it.
    pub name: String,
    /// The code of its state in the house, or `unknown`.
    pub state: String,
    /// The code (PIN) of an invented demo person's card; `None` when the visitor chose it themselves.
    pub code_hint: Option<String>,
    /// Tries left before the card locks.
    pub tries_left: u8,
    /// Where "insert" posts to (fields `csrf`, and `return_to` when an act waits).
    pub insert: String,
}

/// The drawer with the virtual cards. `GET /` on the desk's address.
#[derive(Template)]
#[template(path = "desk/drawer.html")]
pub struct Drawer {
    /// The frame.
    pub shell: DeskShell,
    /// The cards that are not in the reader.
    pub cards: Vec<VirtualCard>,
    /// Where "take out" posts to.
    pub eject: String,
}

/// An act at the card. `GET /act?…ticket…` on the desk's address.
#[derive(Template)]
#[template(path = "desk/act.html")]
pub struct Act {
    /// The frame.
    pub shell: DeskShell,
    /// Who asks, for what, for whom.
    pub asked: Asked,
    /// The steps of the act, when it has begun.
    pub progress: Option<Progress>,
    /// What the holder is asked now.
    pub stage: Stage,
    /// Where the answer is posted to. Fields by stage: `Ask` none; `ChooseCode` `code` and `code_again`; `EnterCode` `code`.
    pub action: String,
    /// Where "cancel" posts to; `None` when nothing is left to cancel.
    pub cancel: Option<String>,
}

/// Who asks the card, for what, for whom.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The name of the server that asks.
    pub who_asks: String,
    /// Its address, so that a false one is seen.
    pub address: String,
    /// The code of the act: `activate`, `sign-in`; texts `act-…`.
    pub act: String,
    /// The name of the person the act is for, when known.
    pub for_whom: Option<String>,
    /// An earlier try was begun on the card and not finished: this one takes it up.
    pub taken_up: bool,
    /// The session mark that stands on the portal's page too, when there is one.
    pub session: Option<String>,
}

/// What the desk asks its holder.
#[derive(Clone, Debug)]
pub enum Stage {
    /// No card in the reader, or the wrong one.
    Insert(Vec<VirtualCard>),
    /// Shall the card answer at all?
    Ask,
    /// Choose a code.
    ChooseCode(ChooseCode),
    /// Enter the code.
    EnterCode(EnterCode),
    /// The card works; `progress.js` asks this address.
    Working(String),
    /// Done, with the way back to the portal.
    Finished(String),
    /// The server or the card said no.
    Refused(Refusal),
}

/// Choosing a code.
#[derive(Clone, Debug)]
pub struct ChooseCode {
    /// Fewest digits.
    pub min: u8,
    /// Most digits.
    pub max: u8,
    /// What was wrong with the last try: `length`, `digits`, `differ`, `repeated`, `sequence`, `birth-date`; texts `code-problem-…`.
    pub problem: Option<String>,
}

/// Entering the code.
#[derive(Clone, Debug)]
pub struct EnterCode {
    /// What the card will do with it: `sign-in`, `sign-receipt`; texts `code-for-…`.
    pub purpose: String,
    /// Tries left before the card locks.
    pub tries_left: u8,
    /// True when the last try was wrong.
    pub wrong: bool,
    /// The code of an invented demo person's card.
    pub code_hint: Option<String>,
    /// What the code signs, in full, when it is a signature of the holder's own.
    pub text: Option<String>,
}
