//! A desk without a person: answers what an act asks, from a virtual card through the host driver.

use flows::desk::{Ask, DeskStop, Next, Reply};
use flows::{PlainStop, Stop, activate, sign_in};
use model::id::CardId;
use model::role::Actor;
use piv::{
    Algorithm, CardError, Host, ManagementKey, ManagementProblem, Pin, PinProblem, Slot, Transport,
    UnlockCode,
};
use pki::envelope::ActKey;
use pki::key::KeyKind;

use crate::world::World;

/// The code every holder in these tests chooses.
pub const CODE: &[u8] = b"271828";

/// What a test does to a reply before it is sent.
pub type Twist<'a> = &'a mut dyn FnMut(&Ask, Reply) -> Reply;

/// The desk during one act.
pub struct Desk<'a> {
    transport: &'a mut dyn Transport,
    key: ActKey,
    code: Pin,
}

impl<'a> Desk<'a> {
    pub fn new(transport: &'a mut dyn Transport) -> Self {
        Self {
            transport,
            key: ActKey::generate().unwrap(),
            code: Pin::parse(CODE).unwrap(),
        }
    }

    /// The desk's key for this act.
    pub fn key(&self) -> &[u8] {
        self.key.public()
    }

    /// Does what is asked; a card that is gone or errs ends the act.
    pub fn answer(&mut self, ask: &Ask) -> Reply {
        match self.carry_out(ask) {
            Ok(reply) => reply,
            Err(PinProblem::Card(CardError::Transport(_))) => Reply::Stopped(DeskStop::CardRemoved),
            Err(PinProblem::Blocked) => Reply::Stopped(DeskStop::CodeBlocked),
            Err(_) => Reply::Stopped(DeskStop::CardFault),
        }
    }

    fn carry_out(&mut self, ask: &Ask) -> Result<Reply, PinProblem> {
        let mut card = Host::new(&mut *self.transport);
        Ok(match ask {
            Ask::ReadCard => {
                card.select()?;
                Reply::Card {
                    number: card.card_number()?,
                }
            }
            Ask::ReadCertificate { slot } => {
                card.select()?;
                Reply::Certificate(card.read_certificate(place(*slot))?)
            }
            Ask::ChallengeManagement => Reply::Challenge(card.management_challenge()?),
            Ask::AnswerManagement { response } => match card.management_response(response) {
                Ok(()) => Reply::ManagementAccepted,
                Err(ManagementProblem::Refused) => Reply::ManagementRefused,
                Err(ManagementProblem::Card(error)) => return Err(error.into()),
            },
            Ask::ReplaceManagementKey { sealed } => {
                let key = ManagementKey::parse(&self.key.open(sealed).unwrap()).unwrap();
                card.set_management_key(&key)?;
                Reply::ManagementKeyReplaced
            }
            Ask::ChooseCode {
                unlock_codes,
                new_unlock_code,
            } => {
                let open =
                    |sealed: &Vec<u8>| UnlockCode::parse(&self.key.open(sealed).unwrap()).unwrap();
                let new = open(new_unlock_code);
                for candidate in unlock_codes.iter().map(open) {
                    match card.reset_pin(&candidate, &self.code) {
                        Ok(()) => {
                            card.change_unlock_code(&candidate, &new)?;
                            return Ok(Reply::CodeChosen);
                        }
                        Err(PinProblem::Wrong { .. }) => {}
                        Err(problem) => return Err(problem),
                    }
                }
                Reply::UnlockCodesRefused
            }
            Ask::EnterCode => {
                card.verify_pin(&self.code)?;
                Reply::CodeEntered
            }
            Ask::GenerateKey { slot, kind } => {
                Reply::Key(card.generate_key(place(*slot), algorithm(*kind))?)
            }
            Ask::Sign {
                slot,
                kind,
                message,
                ..
            } => {
                card.verify_pin(&self.code)?;
                Reply::Signature(card.sign(place(*slot), algorithm(*kind), message)?)
            }
            Ask::WriteCertificate { slot, certificate } => {
                card.write_certificate(place(*slot), certificate)?;
                Reply::CertificateWritten(card.read_certificate(place(*slot))?.unwrap_or_default())
            }
            Ask::WriteIdentity { guid, expires_on } => {
                let day =
                    piv::Day::parse(expires_on.strftime("%Y%m%d").to_string().as_bytes()).unwrap();
                card.write(&piv::object::Chuid::new(*guid, day))?;
                Reply::IdentityWritten
            }
        })
    }
}

pub fn place(slot: u8) -> Slot {
    Slot::new(slot).unwrap()
}

pub fn algorithm(kind: KeyKind) -> Algorithm {
    match kind {
        KeyKind::P256 => Algorithm::EccP256,
        KeyKind::P384 => Algorithm::EccP384,
        KeyKind::Rsa2048 => Algorithm::Rsa2048,
        other => panic!("no card makes {other:?}"),
    }
}

/// Leaves replies as they are.
pub fn honest(_: &Ask, reply: Reply) -> Reply {
    reply
}

impl World {
    /// Activates a card that lies in a reader, from beginning to end.
    pub async fn activate_in(
        &self,
        officer: &Actor,
        card: &CardId,
        reader: &mut dyn Transport,
        twist: Twist<'_>,
    ) -> Result<(), PlainStop> {
        let ticket = activate::begin(&self.house, &mut self.ask(officer).call(), card)
            .await
            .map_err(Stop::plain)?;
        self.activate_with_ticket(&ticket.secret, reader, twist)
            .await
    }

    /// What the card client does with the ticket of an activation.
    pub async fn activate_with_ticket(
        &self,
        secret: &str,
        reader: &mut dyn Transport,
        twist: Twist<'_>,
    ) -> Result<(), PlainStop> {
        let mut desk = Desk::new(reader);
        let client = Actor::Nobody;
        let welcome = activate::hello(
            &self.house,
            &mut self.ask(&client).call(),
            secret,
            desk.key(),
        )
        .await
        .map_err(Stop::plain)?;
        let mut ask = welcome.ask;
        loop {
            let reply = twist(&ask, desk.answer(&ask));
            match activate::proceed(&self.house, &mut self.ask(&client).call(), secret, reply)
                .await
                .map_err(Stop::plain)?
            {
                Next::Ask(next) => ask = next,
                Next::Finished => return Ok(()),
            }
        }
    }

    /// Signs in with the card in a reader; gives the session's secret.
    pub async fn sign_in_with(
        &self,
        reader: &mut dyn Transport,
        twist: Twist<'_>,
    ) -> Result<String, PlainStop> {
        let browser = Actor::Nobody;
        let begun = sign_in::begin(&self.house, &mut self.ask(&browser).call(), "Mina sidor")
            .await
            .map_err(Stop::plain)?;
        self.sign_with_ticket(&begun.ticket.secret, reader, twist)
            .await?;
        let entered = sign_in::enter(
            &self.house,
            &mut self.ask(&browser).call(),
            &begun.ticket.id,
            &begun.browser,
        )
        .await;
        Ok(entered.map_err(Stop::plain)?.secret)
    }

    /// What the card client does with the ticket of a sign-in.
    pub async fn sign_with_ticket(
        &self,
        secret: &str,
        reader: &mut dyn Transport,
        twist: Twist<'_>,
    ) -> Result<(), PlainStop> {
        let mut desk = Desk::new(reader);
        let client = Actor::Nobody;
        let welcome = sign_in::hello(&self.house, &mut self.ask(&client).call(), secret)
            .await
            .map_err(Stop::plain)?;
        let mut ask = welcome.ask;
        loop {
            let reply = twist(&ask, desk.answer(&ask));
            match sign_in::proceed(&self.house, &mut self.ask(&client).call(), secret, reply)
                .await
                .map_err(Stop::plain)?
            {
                Next::Ask(next) => ask = next,
                Next::Finished => return Ok(()),
            }
        }
    }
}
