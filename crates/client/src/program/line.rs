//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::card_choice::Choice;
use super::words::Language;
use crate::mail::MailCommand;

/// Your employee card at this computer: log in, activate, choose and change its code, see what is on it.
/// Codes are typed here and go to the card; no server sees them.
#[derive(Parser, Debug, Clone)]
#[command(name = "sigill-card", version)]
pub struct Line {
    /// The servers this program may speak to [default: card.toml of the user, else of the machine]
    #[arg(long, value_name = "FILE", global = true, env = "SIGILL_CARD_CONFIG")]
    pub config: Option<PathBuf>,
    /// Language: sv or en [default: the configuration's, else the locale's]
    #[arg(long, global = true)]
    pub language: Option<Language>,
    /// The reader to use, by a part of its name, when there are several
    #[arg(long, value_name = "NAME", global = true)]
    pub reader: Option<String>,
    /// The card to use, by the number printed on it, when there are several
    #[arg(long, value_name = "NUMBER", global = true)]
    pub card: Option<String>,
    /// The server to use, by its address, when a typed code may belong to several
    #[arg(long, value_name = "ADDRESS", global = true)]
    pub server: Option<String>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// Where the holder is asked.
#[derive(Args, Debug, Clone, Copy)]
pub struct Asking {
    /// Ask in a window instead of at the terminal
    #[cfg(feature = "window")]
    #[arg(long)]
    window: bool,
}

/// What to do.
#[derive(Subcommand, Debug, Clone)]
pub enum Command {
    /// Show readers and cards: certificates, days left, tries left, what is missing
    Status {
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Log in to a portal
    Login {
        /// The `sigill:` address or the code that the page shows; asked for when it is left out
        #[arg(value_name = "sigill:…|CODE")]
        ticket: Option<String>,
        /// Where to ask
        #[command(flatten)]
        asks: Asking,
    },
    /// Make a new card work: choose its code, let it make its keys, sign the receipt
    Activate {
        /// The `sigill:` address or the code that the station shows; asked for when it is left out
        #[arg(value_name = "sigill:…|CODE")]
        ticket: Option<String>,
        /// Where to ask
        #[command(flatten)]
        asks: Asking,
    },
    /// Choose a new code for a card whose code is blocked or forgotten
    Unlock {
        /// The `sigill:` address or the code that the page shows; asked for when it is left out
        #[arg(value_name = "sigill:…|CODE")]
        ticket: Option<String>,
        /// Where to ask
        #[command(flatten)]
        asks: Asking,
    },
    /// Change the card's code; needs no server
    ChangePin {
        /// Where to ask
        #[command(flatten)]
        asks: Asking,
    },
    /// Show the certificates on the card
    Certificates {
        /// The certificates themselves, PEM
        #[arg(long)]
        pem: bool,
    },
    /// Try reader, card, certificates, a signature and the clock, and say plainly whether all is well
    Test,
    /// Secure mail: save what is encrypted to the card
    Mail {
        /// What to do with it
        #[command(subcommand)]
        command: MailCommand,
    },
    /// Carry out whatever a `sigill:` address opens: for browsers
    Open {
        /// The address
        #[arg(value_name = "sigill:…")]
        link: String,
        /// Where to ask
        #[command(flatten)]
        asks: Asking,
    },
}

impl Line {
    /// Whether the holder is to be asked in a window. Whoever follows a link in a browser has no terminal, so there the window
    /// comes by itself where there can be one.
    #[cfg(feature = "window")]
    #[must_use]
    pub fn asks_in_window(&self, has_terminal: bool, has_display: bool) -> bool {
        match &self.command {
            Command::Open { asks, .. } => asks.window || !has_terminal && has_display,
            Command::Login { asks, .. }
            | Command::Activate { asks, .. }
            | Command::Unlock { asks, .. }
            | Command::ChangePin { asks } => asks.window,
            Command::Status { .. }
            | Command::Certificates { .. }
            | Command::Test
            | Command::Mail { .. } => false,
        }
    }

    /// Which card was asked for.
    pub(crate) fn choice(&self) -> Choice {
        let digits = |text: &String| text.chars().filter(char::is_ascii_digit).collect();
        Choice {
            reader: self.reader.clone(),
            card: self.card.as_ref().map(digits),
        }
    }
}
