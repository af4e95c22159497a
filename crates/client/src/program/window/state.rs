//! What the window shows and what the holder's keys do to it, without a display.

use std::sync::atomic::Ordering;

use wire::Act;

use super::ends::{Answer, CodeAsked, Ending, Question, Teller, Told};
use super::typed::Typed;
use crate::code_rules::{CodeRules, FEWEST, MOST};
use crate::program::holder::{CardPlace, NoCard};
use crate::program::link;
use crate::program::words::{Words, fill};
use crate::{Asks, StepName};

/// What the window shows.
pub(super) enum View {
    /// The act has not said anything yet.
    Starting,
    /// A card is waited for.
    Waiting(NoCard),
    /// An answer is owed.
    Asking(Question),
    /// The reader's keys are to be used.
    AtPad(CodeAsked),
    /// The card works.
    Working,
    /// It is over.
    Ended(Ending),
}

/// One act's window.
pub(super) struct State {
    pub words: &'static Words,
    pub view: View,
    /// Who asks; nothing when no server does.
    pub asks: Option<Asks>,
    pub through: Option<String>,
    pub card: Option<CardPlace>,
    /// What was done so far, and is being done now, without repetitions.
    pub done: Vec<&'static str>,
    /// The heading of what is shown.
    pub heading: &'static str,
    /// Why what was typed will not do.
    pub problem: Option<String>,
    pub code: Typed,
    /// The new code once more.
    pub again: Typed,
    pub ticket: String,
    /// Whether the last try was agreed to.
    pub risks_last_try: bool,
    /// Whether the view is new, so that its first field is to be focused.
    pub is_fresh: bool,
    /// Whether the holder wants out and the card is still at work.
    pub is_leaving: bool,
    /// Whether the window was closed: then nobody reads how it ended.
    is_closed: bool,
    line: Teller,
}

impl State {
    pub(super) fn new(words: &'static Words, line: Teller) -> Self {
        Self {
            words,
            view: View::Starting,
            asks: None,
            through: None,
            card: None,
            done: Vec::new(),
            heading: words.head_starting,
            problem: None,
            code: Typed::default(),
            again: Typed::default(),
            ticket: String::new(),
            risks_last_try: false,
            is_fresh: true,
            is_leaving: false,
            is_closed: false,
            line,
        }
    }

    /// The window's name: what it shows, and first of all whether something is wrong there.
    pub(super) fn title(&self) -> String {
        let wrong = match self.problem {
            Some(_) => self.words.title_wrong,
            None => "",
        };
        format!("{wrong}{} – {}", self.heading, self.words.title)
    }

    /// Takes in what the act told since.
    pub(super) fn listen(&mut self) {
        while let Ok(told) = self.line.told.try_recv() {
            match told {
                Told::Asks(asks) => self.asks = Some(asks),
                Told::Through(server) => self.through = Some(server),
                Told::Uses(card) => self.card = Some(card),
                Told::Waits(why) => self.turn_to(View::Waiting(why)),
                Told::Question(question) => self.ask(question),
                Told::AtPad(asked) => {
                    self.problem = self.wrong_code(&asked);
                    self.turn_to(View::AtPad(asked));
                }
                Told::Doing(step) => self.doing(step),
                Told::Ended(ending) => {
                    self.problem = None;
                    self.turn_to(View::Ended(ending));
                }
            }
        }
    }

    fn turn_to(&mut self, view: View) {
        self.code.wipe();
        self.again.wipe();
        self.view = view;
        self.is_fresh = true;
    }

    fn ask(&mut self, question: Question) {
        self.problem = match &question {
            Question::Code(asked) => self.wrong_code(asked),
            Question::NewCode { refused, .. } => refused.map(|problem| self.words.reason(problem)),
            _ => None,
        };
        self.risks_last_try = false;
        self.turn_to(View::Asking(question));
    }

    fn wrong_code(&self, asked: &CodeAsked) -> Option<String> {
        let words = self.words;
        asked.wrong.then(|| match asked.tries_left {
            Some(tries) if tries > 1 => {
                let left = fill(words.tries_left, &[("tries", &tries.to_string())]);
                format!("{} {left}", words.wrong_code)
            }
            _ => words.wrong_code.to_owned(),
        })
    }

    fn doing(&mut self, step: StepName) {
        if let Some(line) = self.words.doing(step)
            && self.done.last() != Some(&line)
        {
            self.done.push(line);
        }
        // A question that the step begins with comes right after.
        if !matches!(self.view, View::Working) {
            self.turn_to(View::Working);
        }
    }

    /// Whether the last try is to be agreed to before anything is typed.
    pub(super) fn warns_of_last_try(&self, view: &View) -> bool {
        match view {
            View::Asking(Question::LastTry) => true,
            View::Asking(Question::Code(asked)) => {
                asked.tries_left == Some(1) && !self.risks_last_try
            }
            _ => false,
        }
    }

    /// The holder goes on: with the code typed, or with yes.
    pub(super) fn go_on(&mut self) {
        let View::Asking(question) = &self.view else {
            return;
        };
        if self.warns_of_last_try(&self.view) && matches!(question, Question::Code(_)) {
            self.risks_last_try = true;
            self.is_fresh = true;
            return;
        }
        let answer = match question {
            Question::Agree | Question::LastTry => Ok(Answer::Yes),
            Question::Ticket => match link::read(&self.ticket) {
                Some(_) => Ok(Answer::Ticket(std::mem::take(&mut self.ticket))),
                None => Err(self.words.bad_ticket.to_owned()),
            },
            Question::Code(_) => self.entered(),
            Question::NewCode { rules, .. } => self.chosen(*rules),
            // Each card has a button of its own.
            Question::WhichCard(_) => return,
        };
        match answer {
            Ok(answer) => self.answer(answer),
            Err(problem) => {
                self.problem = Some(problem);
                self.is_fresh = true;
            }
        }
    }

    /// What no card takes costs no try.
    fn entered(&mut self) -> Result<Answer, String> {
        if let Some(code) = self.code.code() {
            return Ok(Answer::Code(code));
        }
        let problem = CodeRules::new(FEWEST, MOST)
            .and_then(|rules| rules.check(self.code.digits()).err())
            .map_or_else(String::new, |problem| self.words.reason(problem));
        Err(problem)
    }

    fn chosen(&mut self, rules: CodeRules) -> Result<Answer, String> {
        let checked = rules.check(self.code.digits());
        let problem = match checked {
            Ok(()) if self.code.digits() != self.again.digits() => self.words.differ.to_owned(),
            Ok(()) => match self.code.code() {
                Some(code) => return Ok(Answer::Code(code)),
                None => String::new(),
            },
            Err(problem) => self.words.reason(problem),
        };
        self.code.wipe();
        self.again.wipe();
        Err(problem)
    }

    /// The holder chooses a card.
    pub(super) fn choose(&mut self, place: usize) {
        if matches!(self.view, View::Asking(Question::WhichCard(_))) {
            self.answer(Answer::Card(place));
        }
    }

    fn answer(&mut self, answer: Answer) {
        self.problem = None;
        // An act that is gone has told how it ended.
        let _ = self.line.answer.send(answer);
        self.turn_to(View::Working);
    }

    /// The holder wants out. An answer that is owed is no; a card at work finishes its step first.
    pub(super) fn cancel(&mut self) {
        match &self.view {
            View::Ended(_) => {}
            View::Asking(_) | View::Waiting(_) => self.answer(Answer::No),
            View::Starting | View::AtPad(_) | View::Working => {
                self.is_leaving = true;
                self.line.cancelled.store(true, Ordering::Release);
            }
        }
    }

    /// The holder closes the window, which is a way to cancel.
    pub(super) fn leave(&mut self) {
        self.is_closed = true;
        self.cancel();
    }

    /// Whether the window was closed and the act has ended since.
    pub(super) fn is_left(&self) -> bool {
        self.is_closed && self.may_close()
    }

    /// Whether the window may close now. Until then the act is told, and its end is waited for.
    pub(super) fn may_close(&self) -> bool {
        matches!(self.view, View::Ended(_))
    }

    /// Whether this is about logging in.
    pub(super) fn signs_in(&self) -> bool {
        let asks = self.asks.as_ref();
        asks.is_some_and(|asks| asks.act == Act::SignIn)
    }

    /// Whether nothing is left to read: whoever has logged in goes on in the browser.
    pub(super) fn closes_itself(&self) -> bool {
        self.signs_in() && matches!(self.view, View::Ended(Ending::Done(_)))
    }
}
