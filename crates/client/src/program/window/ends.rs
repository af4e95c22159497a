//! The two ends of the line between an act and its window: the act runs on a thread of its own, tells what it does, asks, and waits
//! for the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use piv::Pin;

use crate::program::holder::{CardPlace, Holder, NoCard};
use crate::{Asks, CodeProblem, CodeRequest, CodeRules, Moment, Prompt, StepName};

/// How long until the readers are looked at again while a card is waited for.
const LOOK_AGAIN: Duration = Duration::from_millis(700);

/// What the act tells its window.
pub(super) enum Told {
    /// Who asks, and for what.
    Asks(Asks),
    /// The server of the configuration that the act goes through.
    Through(String),
    /// The card that is about to be used.
    Uses(CardPlace),
    /// No card yet, and why.
    Waits(NoCard),
    /// The window owes an answer.
    Question(Question),
    /// The code is entered on the reader's keys.
    AtPad(CodeAsked),
    /// What is being done.
    Doing(StepName),
    /// The act is over.
    Ended(Ending),
}

/// What the window is asked.
#[derive(Clone)]
pub(super) enum Question {
    /// The code that a page shows.
    Ticket,
    /// Which of several cards.
    WhichCard(Vec<CardPlace>),
    /// Whether to do what [`Told::Asks`] told.
    Agree,
    /// Whether to use the last try, at the reader's keys.
    LastTry,
    /// The card's code.
    Code(CodeAsked),
    /// A code to be chosen.
    NewCode {
        rules: CodeRules,
        refused: Option<CodeProblem>,
    },
}

/// [`CodeRequest`], for another thread.
#[derive(Clone)]
pub(super) struct CodeAsked {
    pub tries_left: Option<u8>,
    pub wrong: bool,
    pub text: Option<String>,
    pub old: bool,
}

impl From<&CodeRequest<'_>> for CodeAsked {
    fn from(request: &CodeRequest<'_>) -> Self {
        Self {
            tries_left: request.tries_left,
            wrong: request.wrong,
            text: request.text.map(str::to_owned),
            old: request.old,
        }
    }
}

/// The holder's answer to a question.
pub(super) enum Answer {
    Yes,
    No,
    Ticket(String),
    Card(usize),
    Code(Pin),
}

/// How it ended, in words that say what to do now.
#[derive(Clone)]
pub(super) enum Ending {
    Done(String),
    Cancelled(String),
    Failed(String),
}

/// The act's end: the holder, as the act meets them.
pub(super) struct Asker {
    tell: Sender<Told>,
    answers: Receiver<Answer>,
    /// Set by the window when the holder wants out; heard between two steps.
    cancelled: Arc<AtomicBool>,
    /// Has the window look at what it was told.
    wake: Box<dyn Fn() + Send>,
    waits: Option<NoCard>,
    finished: String,
}

/// The window's end.
pub(super) struct Teller {
    pub told: Receiver<Told>,
    pub answer: Sender<Answer>,
    pub cancelled: Arc<AtomicBool>,
}

/// A line.
pub(super) fn line(wake: Box<dyn Fn() + Send>) -> (Asker, Teller) {
    let (tell, told) = channel();
    let (answer, answers) = channel();
    let cancelled = Arc::new(AtomicBool::new(false));
    let asker = Asker {
        tell,
        answers,
        cancelled: Arc::clone(&cancelled),
        wake,
        waits: None,
        finished: String::new(),
    };
    let teller = Teller {
        told,
        answer,
        cancelled,
    };
    (asker, teller)
}

impl Asker {
    /// A window that is gone hears nothing; the next question finds out.
    fn tell(&self, told: Told) {
        let _ = self.tell.send(told);
        (self.wake)();
    }

    fn ask(&mut self, question: Question) -> Answer {
        if self.is_cancelled() {
            return Answer::No;
        }
        self.tell(Told::Question(question));
        let answer = self.answers.recv().unwrap_or(Answer::No);
        if matches!(answer, Answer::No) {
            self.cancelled.store(true, Ordering::Release);
        }
        answer
    }

    /// Tells how the command ended.
    pub(super) fn end(mut self, outcome: Result<(), String>) {
        let ending = match outcome {
            Ok(()) => Ending::Done(std::mem::take(&mut self.finished)),
            Err(text) if self.is_cancelled() => Ending::Cancelled(text),
            Err(text) => Ending::Failed(text),
        };
        self.tell(Told::Ended(ending));
    }
}

impl Prompt for Asker {
    fn show(&mut self, asks: &Asks) -> bool {
        self.tell(Told::Asks(asks.clone()));
        matches!(self.ask(Question::Agree), Answer::Yes)
    }

    fn choose_code(&mut self, rules: &CodeRules, refused: Option<CodeProblem>) -> Option<Pin> {
        let rules = *rules;
        match self.ask(Question::NewCode { rules, refused }) {
            Answer::Code(code) => Some(code),
            _ => None,
        }
    }

    fn enter_code(&mut self, request: &CodeRequest<'_>) -> Option<Pin> {
        match self.ask(Question::Code(request.into())) {
            Answer::Code(code) => Some(code),
            _ => None,
        }
    }

    fn at_pad(&mut self, request: &CodeRequest<'_>) -> bool {
        if self.is_cancelled() {
            return false;
        }
        if request.tries_left == Some(1) && !matches!(self.ask(Question::LastTry), Answer::Yes) {
            return false;
        }
        self.tell(Told::AtPad(request.into()));
        true
    }

    fn progress(&mut self, step: StepName, moment: Moment) {
        if moment == Moment::Begun {
            self.tell(Told::Doing(step));
        }
    }

    fn is_cancelled(&mut self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }
}

impl Holder for Asker {
    fn type_ticket(&mut self) -> Option<String> {
        match self.ask(Question::Ticket) {
            Answer::Ticket(ticket) => Some(ticket),
            _ => None,
        }
    }

    /// The readers are looked at again for as long as the window is open.
    fn await_card(&mut self, why: &NoCard) -> bool {
        if self.waits.as_ref() != Some(why) {
            self.waits = Some(why.clone());
            self.tell(Told::Waits(why.clone()));
        }
        if self.is_cancelled() {
            return false;
        }
        match self.answers.recv_timeout(LOOK_AGAIN) {
            Err(RecvTimeoutError::Timeout) => true,
            Ok(_) | Err(RecvTimeoutError::Disconnected) => {
                self.cancelled.store(true, Ordering::Release);
                false
            }
        }
    }

    fn which_card(&mut self, cards: &[CardPlace]) -> Option<usize> {
        match self.ask(Question::WhichCard(cards.to_vec())) {
            Answer::Card(place) => Some(place),
            _ => None,
        }
    }

    fn uses_card(&mut self, card: &CardPlace) {
        self.waits = None;
        self.tell(Told::Uses(card.clone()));
    }

    fn asked(&mut self, asks: &Asks, server: &str) {
        self.tell(Told::Asks(asks.clone()));
        self.tell(Told::Through(server.to_owned()));
    }

    fn finished(&mut self, text: &str) {
        text.clone_into(&mut self.finished);
    }
}
