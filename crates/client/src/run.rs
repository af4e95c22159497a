//! One act, from its ticket to its end.

use piv::Transport;
use pki::envelope::ActKey;
use wire::{Answer, Bytes, Continue, Hello, Next, Opening, Refusal, Step, StopReason};

use crate::desk::Desk;
use crate::shown::{is_plain, made_plain};
use crate::step::carry_out;
use crate::stopped::Stop;
use crate::{Asks, Finished, Moment, Prompt, Server, StepName, Stopped};

/// How this client names itself to servers.
pub const CLIENT: &str = concat!("sigill-card ", env!("CARGO_PKG_VERSION"));

/// More steps than any act has. A server that goes on for longer is cut off: one code entered is not good for
/// signatures without end.
const MOST_STEPS: usize = 200;

/// Carries out the act that `ticket` opens. Whatever happens, the code is wiped and the card told to forget it.
///
/// # Errors
/// [`Stopped`]. The server is told when the act stops at the desk; what the card has done by then stays done, and the
/// next act with the same card goes on from there.
pub fn run(
    transport: &mut dyn Transport,
    server: &mut dyn Server,
    prompt: &mut dyn Prompt,
    ticket: &str,
) -> Result<Finished, Stopped> {
    Opened::open(server, ticket)?.carry_out(transport, server, prompt)
}

/// An act that the server has opened and no card has been touched for: with several readers, the time to choose.
pub struct Opened {
    asks: Asks,
    session: String,
    first: Step,
    act_key: ActKey,
}

impl Opened {
    /// Opens the act of a ticket.
    ///
    /// # Errors
    /// [`Stopped`], by the server; or by this client when a text is not what it seems.
    pub fn open(server: &mut dyn Server, ticket: &str) -> Result<Self, Stopped> {
        let act_key = ActKey::generate().map_err(|_| Stopped::NoActKey)?;
        let opening = server.hello(Hello {
            ticket: ticket.to_owned(),
            act_key: Bytes::from(act_key.public()),
            client: CLIENT.to_owned(),
        })?;
        let welcome = match opening {
            Opening::Welcome(welcome) => welcome,
            Opening::Refused(refusal) => return Err(Stopped::Refused(plain(refusal))),
            Opening::Incident { number } => return Err(incident(&number)),
        };
        let asks = Asks {
            act: welcome.act,
            who_asks: welcome.who_asks,
            for_whom: welcome.for_whom,
            card_number: welcome.card_number,
            purpose: welcome.purpose,
            taken_up: welcome.taken_up,
        };
        let texts = [&asks.who_asks, &asks.purpose];
        let is_shown_as_it_is = texts
            .into_iter()
            .chain(&asks.for_whom)
            .chain(&asks.card_number)
            .all(|text| is_plain(text));
        let opened = Self {
            asks,
            session: welcome.session,
            first: welcome.step,
            act_key,
        };
        if is_shown_as_it_is {
            Ok(opened)
        } else {
            Err(opened.give_up(server, StopReason::NotAllowed))
        }
    }

    /// Who asks and for what, and which card is awaited.
    #[must_use]
    pub fn asks(&self) -> &Asks {
        &self.asks
    }

    /// Ends the act before a card was touched, and tells the server why.
    pub fn give_up(self, server: &mut dyn Server, reason: StopReason) -> Stopped {
        give_up(server, &self.session, reason.into())
    }

    /// Carries out the act on a card, as [`run`] does.
    ///
    /// # Errors
    /// [`Stopped`].
    pub fn carry_out(
        self,
        transport: &mut dyn Transport,
        server: &mut dyn Server,
        prompt: &mut dyn Prompt,
    ) -> Result<Finished, Stopped> {
        let mut desk = Desk::new(transport, prompt, self.act_key);
        match agree(&mut desk, self.asks) {
            Ok(()) => {
                let outcome = take_turns(&mut desk, server, &self.session, self.first);
                // Best effort: the card may be gone, and then it has forgotten by itself.
                let _ = desk.forget_code();
                outcome
            }
            Err(stop) => Err(give_up(server, &self.session, stop)),
        }
    }
}

/// Shows who asks; the card is touched only after the holder has agreed, and goes no further when it is another than the
/// server awaits: the officer's card is never taken for the visitor's.
fn agree(desk: &mut Desk<'_>, asks: Asks) -> Result<(), Stop> {
    if !desk.prompt.show(&asks) {
        return Err(StopReason::Cancelled.into());
    }
    desk.purpose = asks.purpose;
    desk.open_card()?;
    match asks.card_number {
        Some(awaited) if desk.card.card_number()?.as_deref() != Some(awaited.as_str()) => {
            Err(StopReason::OtherCard.into())
        }
        _ => Ok(()),
    }
}

fn take_turns(
    desk: &mut Desk<'_>,
    server: &mut dyn Server,
    session: &str,
    first: Step,
) -> Result<Finished, Stopped> {
    let mut step = first;
    for _ in 0..MOST_STEPS {
        if desk.prompt.is_cancelled() {
            return Err(give_up(server, session, StopReason::Cancelled.into()));
        }
        let name = StepName::of(&step);
        desk.prompt.progress(name, Moment::Begun);
        let answer = match carry_out(desk, step) {
            Ok(answer) => answer,
            Err(stop) => return Err(give_up(server, session, stop)),
        };
        desk.prompt.progress(name, Moment::Done);
        let turn = Continue {
            session: session.to_owned(),
            answer,
        };
        step = match server.proceed(turn)? {
            Next::Step(next) => next,
            Next::Finished { text } => {
                return Ok(Finished {
                    text: made_plain(&text),
                });
            }
            Next::Refused(refusal) => return Err(Stopped::Refused(plain(refusal))),
            Next::Incident { number } => return Err(incident(&number)),
        };
    }
    Err(give_up(server, session, StopReason::NotAllowed.into()))
}

/// Tells the server why, and goes no further whatever it answers.
fn give_up(server: &mut dyn Server, session: &str, stop: Stop) -> Stopped {
    let told = server.proceed(Continue {
        session: session.to_owned(),
        answer: Answer::Stopped {
            reason: stop.reason,
        },
    });
    let told = match told {
        Ok(Next::Finished { text }) | Ok(Next::Refused(Refusal { text, .. })) => {
            Some(made_plain(&text))
        }
        // What stopped the act matters more than that the server could not be told.
        Ok(Next::Step(_) | Next::Incident { .. }) | Err(_) => None,
    };
    Stopped::Here {
        reason: stop.reason,
        cause: stop.cause,
        told,
    }
}

fn plain(refusal: Refusal) -> Refusal {
    Refusal {
        code: made_plain(&refusal.code),
        text: made_plain(&refusal.text),
    }
}

fn incident(number: &str) -> Stopped {
    Stopped::Incident {
        number: made_plain(number),
    }
}
