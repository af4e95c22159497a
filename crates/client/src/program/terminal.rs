//! The prompt on a terminal. Texts of a server are shown as they are only after `shown` has judged them; codes are read without
//! echo and wiped.

use piv::Pin;
use wire::Act;
use zeroize::Zeroizing;

use super::card_choice::grouped;
use super::words::{Words, fill};
use crate::{Asks, CodeProblem, CodeRequest, CodeRules, Moment, Prompt, StepName};

/// The person at the terminal. An end of the input is an answer too: nobody is there.
pub trait Screen {
    /// One line to the person.
    fn say(&mut self, line: &str);

    /// What a program reads, such as JSON: on standard output.
    fn write(&mut self, text: &str);

    /// A question, answered in the open.
    fn ask(&mut self, question: &str) -> Option<String>;

    /// A question whose answer is not shown while it is typed.
    fn ask_secret(&mut self, question: &str) -> Option<Zeroizing<String>>;
}

/// Asks on a screen.
pub(super) struct Terminal<'a> {
    pub screen: &'a mut dyn Screen,
    pub words: &'static Words,
    /// The server as the configuration names it.
    pub server: String,
}

impl Terminal<'_> {
    fn agrees(&mut self, question: &str) -> bool {
        self.screen
            .ask(question)
            .is_some_and(|answer| is_yes(&answer, self.words))
    }

    /// What is said before a code is entered, wherever; false when the holder would rather not use the last try.
    fn introduce(&mut self, request: &CodeRequest<'_>) -> bool {
        let words = self.words;
        if request.wrong {
            self.screen.say(words.wrong_code);
        }
        match request.tries_left {
            Some(1) if !self.agrees(words.last_try) => return false,
            Some(tries) if tries > 1 && request.wrong => {
                let tries = tries.to_string();
                self.screen
                    .say(&fill(words.tries_left, &[("tries", &tries)]));
            }
            _ => {}
        }
        if let Some(text) = request.text.filter(|_| !request.wrong) {
            self.screen.say(words.you_sign);
            for line in text.lines() {
                self.screen.say(&format!("  | {line}"));
            }
        }
        true
    }

    /// The reason why a code may not be chosen.
    fn reason(&self, problem: CodeProblem) -> String {
        let words = self.words;
        match problem {
            CodeProblem::TooShort { minimum } => {
                fill(words.too_short, &[("min", &minimum.to_string())])
            }
            CodeProblem::TooLong { maximum } => {
                fill(words.too_long, &[("max", &maximum.to_string())])
            }
            CodeProblem::NotDigits => words.not_digits.to_owned(),
            CodeProblem::OneDigit => words.one_digit.to_owned(),
            CodeProblem::Run => words.run.to_owned(),
            CodeProblem::Repeated => words.repeated.to_owned(),
            CodeProblem::Date => words.date.to_owned(),
            CodeProblem::Old => words.old.to_owned(),
        }
    }
}

/// Yes in the person's language, by its first letter.
fn is_yes(answer: &str, words: &Words) -> bool {
    answer.trim().to_lowercase().starts_with(words.yes)
}

impl Prompt for Terminal<'_> {
    fn show(&mut self, asks: &Asks) -> bool {
        let words = self.words;
        let values = [("who", asks.who_asks.as_str()), ("server", &self.server)];
        self.screen.say(&fill(words.asks, &values));
        self.screen.say(&format!("  {}", asks.purpose));
        if let Some(name) = &asks.for_whom {
            self.screen.say(&fill(words.for_whom, &[("name", name)]));
        }
        if let Some(number) = &asks.card_number {
            let number = grouped(number);
            self.screen
                .say(&fill(words.about_card, &[("number", &number)]));
        }
        if asks.taken_up {
            self.screen.say(words.taken_up);
        }
        if asks.act == Act::SignIn {
            self.screen.say(words.only_yours);
        }
        self.agrees(words.go_on)
    }

    fn choose_code(&mut self, rules: &CodeRules, refused: Option<CodeProblem>) -> Option<Pin> {
        if let Some(problem) = refused {
            let reason = self.reason(problem);
            self.screen.say(&reason);
        }
        let (min, max) = (rules.minimum().to_string(), rules.maximum().to_string());
        let question = fill(self.words.choose_code, &[("min", &min), ("max", &max)]);
        loop {
            let first = self.screen.ask_secret(&question)?;
            if let Err(problem) = rules.check(first.as_bytes()) {
                let reason = self.reason(problem);
                self.screen.say(&reason);
                continue;
            }
            let again = self.screen.ask_secret(self.words.choose_again)?;
            if *first == *again {
                return Pin::parse(first.as_bytes()).ok();
            }
            self.screen.say(self.words.differ);
        }
    }

    fn at_pad(&mut self, request: &CodeRequest<'_>) -> bool {
        if !self.introduce(request) {
            return false;
        }
        self.screen.say(if request.old {
            self.words.change_at_pad
        } else {
            self.words.at_pad
        });
        true
    }

    fn enter_code(&mut self, request: &CodeRequest<'_>) -> Option<Pin> {
        let words = self.words;
        if !self.introduce(request) {
            return None;
        }
        let question = if request.old {
            words.old_code
        } else {
            words.code
        };
        loop {
            let typed = self.screen.ask_secret(question)?;
            // What no card takes costs no try.
            match Pin::parse(typed.as_bytes()) {
                Ok(code) => return Some(code),
                Err(_) if typed.is_empty() => return None,
                Err(_) => {
                    let problem =
                        CodeRules::new(crate::code_rules::FEWEST, crate::code_rules::MOST)
                            .and_then(|rules| rules.check(typed.as_bytes()).err());
                    if let Some(problem) = problem {
                        let reason = self.reason(problem);
                        self.screen.say(&reason);
                    }
                }
            }
        }
    }

    fn progress(&mut self, step: StepName, moment: Moment) {
        let words = self.words;
        let line = match step {
            StepName::ReadCard | StepName::ReadCertificate(_) => words.doing_read_card,
            StepName::AuthenticateManagement => words.doing_management,
            StepName::ReplaceManagementKey => words.doing_management_key,
            StepName::GenerateKey(_) => words.doing_generate,
            StepName::Sign(_) => words.doing_sign,
            StepName::WriteCertificate(_) => words.doing_certificate,
            StepName::WriteIdentity => words.doing_identity,
            // The questions speak for themselves.
            StepName::ChooseCode
            | StepName::EnterCode
            | StepName::Attest(_)
            | StepName::WriteKeyHistory => return,
        };
        if moment == Moment::Begun {
            self.screen.say(&format!("  {line}"));
        }
    }
}
