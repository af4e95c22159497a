//! The prompt on a terminal. Texts of a server are shown as they are only after `shown` has judged them; codes are read without
//! echo and wiped.

use piv::Pin;
use wire::Act;
use zeroize::Zeroizing;

use super::card_choice::grouped;
use super::holder::{CardPlace, Holder, NoCard};
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
        let last = || format!("{} {}", words.last_try, words.try_anyway);
        match request.tries_left {
            Some(1) if !self.agrees(&last()) => return false,
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
            let reason = self.words.reason(problem);
            self.screen.say(&reason);
        }
        let (min, max) = (rules.minimum().to_string(), rules.maximum().to_string());
        let question = fill(self.words.choose_code, &[("min", &min), ("max", &max)]);
        loop {
            let first = self.screen.ask_secret(&question)?;
            if let Err(problem) = rules.check(first.as_bytes()) {
                let reason = self.words.reason(problem);
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
                        let reason = self.words.reason(problem);
                        self.screen.say(&reason);
                    }
                }
            }
        }
    }

    fn progress(&mut self, step: StepName, moment: Moment) {
        let Some(line) = self.words.doing(step) else {
            return;
        };
        if moment == Moment::Begun {
            self.screen.say(&format!("  {line}"));
        }
    }
}

impl Holder for Terminal<'_> {
    fn type_ticket(&mut self) -> Option<String> {
        self.screen.ask(self.words.type_code)
    }

    /// Whoever can put a card in says so with Enter. What else is missing takes longer: the command ends and says it.
    fn await_card(&mut self, why: &NoCard) -> bool {
        match why {
            NoCard::Inserted(_) => self.screen.ask(self.words.insert_card).is_some(),
            NoCard::Usable(_) => false,
        }
    }

    fn which_card(&mut self, cards: &[CardPlace]) -> Option<usize> {
        self.screen.say(self.words.which_card);
        for (place, card) in cards.iter().enumerate() {
            let line = fill(self.words.card_line, &values(card));
            self.screen.say(&format!("  {}. {line}", place + 1));
        }
        self.screen
            .ask(self.words.which_number)
            .and_then(|answer| answer.trim().parse::<usize>().ok())
            .and_then(|answer| answer.checked_sub(1))
    }

    fn uses_card(&mut self, card: &CardPlace) {
        self.screen.say(&fill(self.words.using, &values(card)));
    }

    /// It is said in full when the holder is to agree.
    fn asked(&mut self, _: &Asks, server: &str) {
        server.clone_into(&mut self.server);
    }

    fn finished(&mut self, text: &str) {
        self.screen.say(text);
    }
}

fn values(card: &CardPlace) -> [(&str, &str); 2] {
    [("number", &card.number), ("reader", &card.reader)]
}
