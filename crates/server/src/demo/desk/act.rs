//! One act at the desk: a thread that runs the card client, and what the page shows of it.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use client::{Asks, CodeRules, StepName, Stopped};
use piv::Pin;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::prompt::Windowed;
use super::{Desk, locked};
use crate::demo::scripted::InProcess;

/// What the person at the desk gives to a question.
pub(super) enum Given {
    /// Yes, the card may answer.
    Agreed,
    /// This code.
    Code(Pin),
    /// No.
    Cancelled,
}

/// What an act waits for, or how it ended.
#[derive(Clone)]
pub(super) enum Waits {
    /// The card works.
    Card,
    /// Shall the card answer at all?
    Agreement,
    /// A new code.
    NewCode(CodeRules, Option<&'static str>),
    /// The code.
    Code {
        tries_left: Option<u8>,
        wrong: bool,
        text: Option<String>,
    },
    /// Done.
    Finished,
    /// A no, with its code and text.
    Stopped { code: String, text: String },
}

/// What the page knows of an act.
pub(super) struct Shown {
    pub asks: Option<Asks>,
    pub waits: Waits,
    pub done: Vec<StepName>,
    pub doing: Option<StepName>,
    /// Told whenever `waits` changes.
    pub changed: Arc<Notify>,
}

impl Shown {
    /// Says what the act waits for now.
    pub fn wait_for(&mut self, waits: Waits) {
        self.waits = waits;
        self.changed.notify_waiters();
    }
}

/// What the page says of an act that ended early.
fn stopped_page(stopped: &Stopped) -> Waits {
    let (code, text) = match stopped {
        Stopped::Refused(refusal) => (refusal.code.clone(), refusal.text.clone()),
        Stopped::Here { reason, told, .. } => {
            let code = match reason {
                wire::StopReason::Cancelled => "desk.cancelled",
                wire::StopReason::NoCard | wire::StopReason::CardRemoved => "desk.card-removed",
                wire::StopReason::CodeBlocked => "desk.code-blocked",
                wire::StopReason::UnlockCodeBlocked | wire::StopReason::CardFault => {
                    "desk.card-fault"
                }
                wire::StopReason::OtherCard => "desk.other-card",
                wire::StopReason::NotAllowed => "desk.not-allowed",
            };
            (code.to_owned(), told.clone().unwrap_or_default())
        }
        Stopped::Incident { number } => ("desk.incident".to_owned(), number.clone()),
        other => ("desk.no-answer".to_owned(), other.to_string()),
    };
    Waits::Stopped { code, text }
}

/// An act under way.
pub(super) struct Act {
    pub shown: Arc<Mutex<Shown>>,
    pub given: Sender<Given>,
}

impl Act {
    /// Starts the card client on a thread of its own.
    pub fn start(desk: &Desk, ticket: &str, runtime: Handle) -> Self {
        let (given, receiver) = channel();
        let shown = Arc::new(Mutex::new(Shown {
            asks: None,
            waits: Waits::Card,
            done: Vec::new(),
            doing: None,
            changed: Arc::default(),
        }));
        let mut reader = desk.reader();
        let mut server = InProcess::new(desk.server.clone(), runtime);
        let mut prompt = Windowed {
            shown: Arc::clone(&shown),
            given: receiver,
        };
        let ended = Arc::clone(&shown);
        let ticket = ticket.to_owned();
        std::thread::spawn(move || {
            let outcome = client::run(&mut reader, &mut server, &mut prompt, &ticket);
            let mut shown = locked(&ended);
            shown.doing = None;
            shown.wait_for(match outcome {
                Ok(_) => Waits::Finished,
                Err(stopped) => stopped_page(&stopped),
            });
        });
        Self { shown, given }
    }
}
