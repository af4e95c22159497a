//! The window of the desk's card client: questions go to the page, answers come from it.

use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

use client::{Asks, CodeProblem, CodeRequest, CodeRules, Moment, Prompt, StepName};
use piv::Pin;

use super::act::{Given, Shown, Waits};
use super::locked;

/// A prompt answered from a page. A page that is closed without an answer leaves the act waiting, as a window left open does;
/// nothing times out while a person thinks of a code.
pub(super) struct Windowed {
    pub shown: Arc<Mutex<Shown>>,
    pub given: Receiver<Given>,
}

impl Windowed {
    fn ask(&self, waits: Waits) -> Option<Given> {
        locked(&self.shown).wait_for(waits);
        let given = self.given.recv().ok();
        locked(&self.shown).wait_for(Waits::Card);
        given
    }

    fn code(&self, waits: Waits) -> Option<Pin> {
        match self.ask(waits)? {
            Given::Code(pin) => Some(pin),
            Given::Agreed | Given::Cancelled => None,
        }
    }
}

impl Prompt for Windowed {
    fn show(&mut self, asks: &Asks) -> bool {
        locked(&self.shown).asks = Some(asks.clone());
        matches!(self.ask(Waits::Agreement), Some(Given::Agreed))
    }

    fn choose_code(&mut self, rules: &CodeRules, refused: Option<CodeProblem>) -> Option<Pin> {
        self.code(Waits::NewCode(
            *rules,
            refused.map(super::routes::problem_word),
        ))
    }

    fn enter_code(&mut self, request: &CodeRequest<'_>) -> Option<Pin> {
        self.code(Waits::Code {
            tries_left: request.tries_left,
            wrong: request.wrong,
            text: request.text.map(str::to_owned),
        })
    }

    fn progress(&mut self, step: StepName, moment: Moment) {
        let mut shown = locked(&self.shown);
        match moment {
            Moment::Begun => shown.doing = Some(step),
            Moment::Done => {
                shown.doing = None;
                shown.done.push(step);
            }
        }
    }
}
