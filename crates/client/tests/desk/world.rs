//! A desk for tests: a virtual card, a holder who types what the test says, and a server that follows a plan.

use std::collections::VecDeque;

use client::{
    Asks, CodeProblem, CodeRequest, CodeRules, Finished, Moment, Prompt, Server, ServerProblem,
    StepName, Stopped,
};
use piv::{Day, ManagementKey, Pin, Transport, UnlockCode};
use vcard::{Card, Personalisation};
use wire::{Act, Answer, Bytes, Continue, Hello, Next, Opening, Step, Welcome, decode, encode};

pub const CARD_NUMBER: &str = "9752123400000000019";
pub const TRANSPORT_CODE: &[u8] = b"000000";
pub const TRANSPORT_UNLOCK: [u8; 8] = *b"old-unlk";
pub const NEW_UNLOCK: [u8; 8] = *b"new-unlk";
pub const TRANSPORT_KEY: [u8; 32] = [0x11; 32];
pub const NEW_KEY: [u8; 32] = [0x22; 32];
pub const CODE: &[u8] = b"73920518";

/// A card as the producer delivers it: three tries for both codes.
pub fn new_card() -> Card {
    let mut personalisation = Personalisation::new(
        CARD_NUMBER,
        Day::new(2031, 11, 23).unwrap(),
        Pin::parse(TRANSPORT_CODE).unwrap(),
        UnlockCode::new(TRANSPORT_UNLOCK),
        ManagementKey::new(TRANSPORT_KEY),
    )
    .unwrap();
    personalisation.unlock_tries = 3;
    Card::new(&personalisation, entropy(7)).unwrap()
}

/// Bytes that look random and are the same in every run (xorshift64).
pub fn entropy(seed: u64) -> impl FnMut(&mut [u8]) + Send + 'static {
    let mut state = seed | 1;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = u8::try_from(state >> 56).unwrap();
        }
    }
}

/// The holder: agrees, chooses and enters codes in the order given, and remembers what was asked. `None` cancels.
#[derive(Default)]
pub struct Holder {
    pub disagrees: bool,
    /// Leaves once so many steps are done.
    pub leaves_after: Option<usize>,
    pub chooses: VecDeque<Option<Vec<u8>>>,
    pub enters: VecDeque<Option<Vec<u8>>>,
    pub asked: Vec<Asks>,
    pub refused: Vec<CodeProblem>,
    pub requests: Vec<(Option<u8>, bool, Option<String>)>,
    pub steps: Vec<(StepName, Moment)>,
}

impl Holder {
    pub fn choosing(codes: &[&[u8]]) -> Self {
        Self {
            chooses: codes.iter().map(|code| Some(code.to_vec())).collect(),
            ..Self::default()
        }
    }

    pub fn entering(codes: &[&[u8]]) -> Self {
        Self::default().then_entering(codes)
    }

    pub fn then_entering(mut self, codes: &[&[u8]]) -> Self {
        self.enters = codes.iter().map(|code| Some(code.to_vec())).collect();
        self
    }
}

impl Prompt for Holder {
    fn show(&mut self, asks: &Asks) -> bool {
        self.asked.push(asks.clone());
        !self.disagrees
    }

    fn choose_code(&mut self, _: &CodeRules, refused: Option<CodeProblem>) -> Option<Pin> {
        self.refused.extend(refused);
        let code = self
            .chooses
            .pop_front()
            .expect("a code was to be chosen unasked")?;
        Some(Pin::parse(&code).unwrap())
    }

    fn enter_code(&mut self, request: &CodeRequest<'_>) -> Option<Pin> {
        self.requests.push((
            request.tries_left,
            request.wrong,
            request.text.map(str::to_owned),
        ));
        let code = self
            .enters
            .pop_front()
            .expect("a code was asked for unexpectedly")?;
        Some(Pin::parse(&code).unwrap())
    }

    fn progress(&mut self, step: StepName, moment: Moment) {
        self.steps.push((step, moment));
    }

    fn is_cancelled(&mut self) -> bool {
        let done = self.steps.iter().filter(|(_, at)| *at == Moment::Done);
        self.leaves_after.is_some_and(|steps| done.count() >= steps)
    }
}

/// What a test's server does next, given the key of the act and the answer to the step before (none at the opening).
pub trait Plan {
    fn next(&mut self, act_key: &[u8], answer: Option<&Answer>) -> Next;
}

impl<F: FnMut(&[u8], Option<&Answer>) -> Next> Plan for F {
    fn next(&mut self, act_key: &[u8], answer: Option<&Answer>) -> Next {
        self(act_key, answer)
    }
}

/// Follows a plan. Everything goes through JSON, and all that the client sent is kept.
pub struct Scripted<P> {
    pub plan: P,
    pub sent: Vec<Vec<u8>>,
    pub answers: Vec<Answer>,
    pub welcome: Welcome,
    pub act_key: Vec<u8>,
}

impl<P: Plan> Scripted<P> {
    pub fn new(plan: P) -> Self {
        Self {
            plan,
            sent: Vec::new(),
            answers: Vec::new(),
            welcome: Welcome {
                act: Act::Activate,
                who_asks: "Region Demo".to_owned(),
                for_whom: Some("Åsa Öberg".to_owned()),
                card_number: None,
                purpose: "Aktivera kortet".to_owned(),
                taken_up: false,
                session: "session-1".to_owned(),
                step: Step::ReadCard {},
            },
            act_key: Vec::new(),
        }
    }
}

impl<P: Plan> Server for Scripted<P> {
    fn hello(&mut self, hello: Hello) -> Result<Opening, ServerProblem> {
        let json = encode(&hello).unwrap();
        assert_eq!(decode::<Hello>(&json).unwrap(), hello);
        self.sent.push(json);
        self.act_key = hello.act_key.into();
        let opening = match self.plan.next(&self.act_key, None) {
            Next::Step(step) => Opening::Welcome(Welcome {
                step,
                ..self.welcome.clone()
            }),
            Next::Refused(refusal) => Opening::Refused(refusal),
            Next::Incident { number } => Opening::Incident { number },
            Next::Finished { .. } => panic!("an act has a step"),
        };
        Ok(decode(&encode(&opening).unwrap()).unwrap())
    }

    fn proceed(&mut self, turn: Continue) -> Result<Next, ServerProblem> {
        assert_eq!(turn.session, self.welcome.session);
        let json = encode(&turn).unwrap();
        assert_eq!(decode::<Continue>(&json).unwrap(), turn);
        self.sent.push(json);
        let next = self.plan.next(&self.act_key, Some(&turn.answer));
        self.answers.push(turn.answer);
        Ok(decode(&encode(&next).unwrap()).unwrap())
    }
}

/// A server whose line breaks after some messages: the next one is heard or not, and no answer comes.
pub struct Broken<'a, P> {
    scripted: &'a mut Scripted<P>,
    left: usize,
    pub heard: bool,
    pub is_broken: bool,
}

impl<'a, P: Plan> Broken<'a, P> {
    pub fn after(left: usize, scripted: &'a mut Scripted<P>) -> Self {
        Self {
            scripted,
            left,
            heard: false,
            is_broken: false,
        }
    }

    fn pass<T>(
        &mut self,
        message: impl FnOnce(&mut Scripted<P>) -> Result<T, ServerProblem>,
    ) -> Result<T, ServerProblem> {
        if self.is_broken {
            return Err(ServerProblem::Unreachable);
        }
        if let Some(left) = self.left.checked_sub(1) {
            self.left = left;
            return message(self.scripted);
        }
        self.is_broken = true;
        if self.heard {
            message(self.scripted)?;
        }
        Err(ServerProblem::Unreachable)
    }
}

impl<P: Plan> Server for Broken<'_, P> {
    fn hello(&mut self, hello: Hello) -> Result<Opening, ServerProblem> {
        self.pass(|scripted| scripted.hello(hello))
    }

    fn proceed(&mut self, turn: Continue) -> Result<Next, ServerProblem> {
        self.pass(|scripted| scripted.proceed(turn))
    }
}

/// Asks for these steps in turn, whatever is answered.
pub fn steps(steps: Vec<Step>) -> impl Plan {
    let mut steps = VecDeque::from(steps);
    move |_: &[u8], _: Option<&Answer>| match steps.pop_front() {
        Some(step) => Next::Step(step),
        None => finished(),
    }
}

pub fn finished() -> Next {
    Next::Finished {
        text: "Klart".to_owned(),
    }
}

pub fn sealed(act_key: &[u8], secret: &[u8]) -> Bytes {
    Bytes(pki::envelope::seal_to(act_key, secret).unwrap())
}

pub fn run<P: Plan>(
    card: &mut dyn Transport,
    server: &mut Scripted<P>,
    holder: &mut Holder,
) -> Result<Finished, Stopped> {
    client::run(card, server, holder, "ticket-1")
}

/// One DER SEQUENCE of this many bytes of content, standing in for a certificate.
pub fn der(length: u16) -> Vec<u8> {
    let [high, low] = length.to_be_bytes();
    let mut der = vec![0x30, 0x82, high, low];
    der.resize(usize::from(length) + 4, 0x5A);
    der
}
