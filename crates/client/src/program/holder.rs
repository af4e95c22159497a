//! The holder, however this program meets them: at the terminal or in a window.

use crate::{Asks, Prompt};

/// What a command asks the holder before and after an act, beside what the act itself asks.
pub trait Holder: Prompt {
    /// The code that a page shows. Nothing when the holder gives none.
    fn type_ticket(&mut self) -> Option<String>;

    /// Tells what is missing; true when it is worth looking again.
    fn await_card(&mut self, why: &NoCard) -> bool;

    /// Lets the holder choose one of several cards, by its place. Nothing when none is chosen.
    fn which_card(&mut self, cards: &[CardPlace]) -> Option<usize>;

    /// Tells which card is about to be used, before it is.
    fn uses_card(&mut self, card: &CardPlace);

    /// Tells who asks and for what, and which server of the configuration that goes through, before a card is looked for.
    fn asked(&mut self, asks: &Asks, server: &str);

    /// Tells that all is done, in the words of whoever asked.
    fn finished(&mut self, text: &str);
}

/// A card and where it is, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardPlace {
    /// The number printed on it, or that it has none to be read.
    pub number: String,
    /// The name of the reader.
    pub reader: String,
}

/// Why there is no card to go on with, in words that say what to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCard {
    /// None lies in any reader.
    Inserted(String),
    /// No reader, not the card that is awaited, or none that can be used.
    Usable(String),
}

impl NoCard {
    /// What the holder is told.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Inserted(text) | Self::Usable(text) => text,
        }
    }
}
