//! `sigill-card`, the program: a command line over readers, a terminal and a server. What it needs of the outside comes as values
//! ([`World`]), so that everything but the reader itself is tried in process.

mod acts;
mod card_choice;
mod checkup;
mod config;
mod holder;
mod http;
mod line;
mod link;
mod mail;
#[cfg(feature = "pcsc")]
pub mod reader;
mod survey;
mod terminal;
#[cfg(feature = "window")]
pub mod window;
mod words;

pub use card_choice::{Slots, SlotsError};
pub use config::{Appearance, Config, Entry};
pub use holder::{CardPlace, Holder, NoCard};
pub use line::{Command, Line};
pub use terminal::Screen;
pub use words::Language;

use terminal::Terminal;
use words::Words;

use crate::mail::MailCommand;

/// What a command is given: the way to the cards, the person, the servers it may speak to, and the time.
pub struct World<'a> {
    /// The readers.
    pub slots: &'a mut dyn Slots,
    /// The person at the terminal.
    pub screen: &'a mut dyn Screen,
    /// The person at a window, where an act asks in one.
    pub window: Option<&'a mut dyn Holder>,
    /// The servers this program may speak to.
    pub config: &'a Config,
    /// Where long work shows how far it is.
    pub gauge: &'a mut dyn Gauge,
    /// Unix seconds, UTC.
    pub now: i64,
    /// The language of everything that is said.
    pub language: Language,
}

impl World<'_> {
    fn words(&self) -> &'static Words {
        self.language.words()
    }

    fn with_holder<R>(&mut self, ask: impl FnOnce(&mut dyn Holder) -> R) -> R {
        match &mut self.window {
            Some(window) => ask(&mut **window),
            None => ask(&mut Terminal {
                screen: &mut *self.screen,
                words: self.language.words(),
                server: String::new(),
            }),
        }
    }
}

/// Shows how far long work is.
pub trait Gauge {
    /// So much of so much is done; `text` says what that is.
    fn show(&mut self, done: u64, of: u64, text: &str);

    /// The work is over.
    fn end(&mut self);
}

/// Why a command ended without having done what it was to do; a text for the person, which says what to do now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Trouble(pub String);

/// Carries out one command.
///
/// # Errors
/// [`Trouble`], to be shown.
pub fn run(line: &Line, world: &mut World<'_>) -> Result<(), Trouble> {
    let choice = line.choice();
    match &line.command {
        Command::Status { json } => survey::status(world, &choice, *json),
        Command::Certificates { pem } => survey::certificates(world, &choice, *pem),
        Command::Test => checkup::test(world, &choice),
        Command::ChangePin { .. } => acts::change_pin(world, &choice),
        Command::Login { ticket, .. } => {
            acts::act(world, line, ticket.as_deref(), &[wire::Act::SignIn])
        }
        Command::Activate { ticket, .. } => {
            acts::act(world, line, ticket.as_deref(), &[wire::Act::Activate])
        }
        Command::Unlock { ticket, .. } => {
            acts::act(world, line, ticket.as_deref(), &[wire::Act::Unlock])
        }
        Command::Mail {
            command: MailCommand::Save(arguments),
        } => mail::save(world, &choice, arguments),
        Command::Open { link, .. } => acts::act(world, line, Some(link), &[]),
    }
}
