//! One person's way from order to active card, act by act, with a virtual card on an invented desk: how the demo's founders
//! get their cards, and how the walk gets everybody's.

use std::collections::BTreeMap;

use anyhow::Context as _;
use axum::Router;
use flows::approve_photo::approve_photo;
use flows::check_identity::{DocumentShown, check_identity};
use flows::{activate, order, photograph, produce};
use model::id::{CardId, PersonId};
use model::identity_check::{CheckPoint, DocumentKind};
use model::role::Actor;
use zeroize::Zeroizing;

use super::producer::{self, Made};
use super::scripted::{InProcess, Scripted};
use super::trouble;
use crate::web::Web;

/// How many portraits are invented for a card before something must be wrong with the checks.
const TRIES: u64 = 20;

/// A card that its holder has in hand.
pub struct CardInHand {
    /// Which card.
    pub card: CardId,
    /// Whose.
    pub person: PersonId,
    /// What the producer made.
    pub made: Made,
    /// The code its holder chose.
    pub code: Zeroizing<String>,
}

/// The acts of one line, on one server.
pub struct PersonLine {
    web: Web,
    router: Router,
    seed: u64,
}

impl PersonLine {
    /// A line over a server's own routes.
    #[must_use]
    pub fn new(web: Web, router: Router) -> Self {
        Self {
            web,
            router,
            seed: 0,
        }
    }

    /// Orders a card.
    ///
    /// # Errors
    /// When the order is refused.
    pub async fn order(&self, person: &PersonId, orderer: &Actor) -> anyhow::Result<CardId> {
        let mut asking = self.web.asking();
        let mut call = asking.call(orderer.clone());
        let ordered = order::order(&self.web.house, &mut call, person)
            .await
            .map_err(|stop| trouble("ordering a card", stop))?;
        Ok(ordered.card)
    }

    /// Takes an invented portrait.
    ///
    /// # Errors
    /// When the portrait is refused.
    pub async fn photograph(&mut self, card: &CardId, officer: &Actor) -> anyhow::Result<()> {
        let mut asking = self.web.asking();
        let mut call = asking.call(officer.clone());
        // As at any station: what does not do is taken again, but not for ever.
        let last = self.seed + TRIES;
        let taken = loop {
            anyhow::ensure!(self.seed < last, "no invented portrait is good enough");
            self.seed += 1;
            let portrait = print::portrait::invent(self.seed)?;
            let taken = photograph::photograph(&self.web.house, &mut call, card, &portrait)
                .await
                .map_err(|stop| trouble("taking a photo", stop))?;
            if taken.faults.is_empty() {
                break taken;
            }
        };
        approve_photo(&self.web.house, &mut call, card, &taken.id, None)
            .await
            .map_err(|stop| trouble("approving a photo", stop))?;
        Ok(())
    }

    /// Sends cards to production and lets the demo's producer make them.
    ///
    /// # Errors
    /// When the batch is refused or cannot be made.
    pub async fn produce(&self, cards: &[CardId], officer: &Actor) -> anyhow::Result<Vec<Made>> {
        let mut asking = self.web.asking();
        let mut call = asking.call(officer.clone());
        let batch = produce::make_batch(&self.web.house, &mut call, cards)
            .await
            .map_err(|stop| trouble("making a batch", stop))?;
        producer::produce(&self.web, &batch).await
    }

    /// Checks the holder's identity: a driving licence, every checkpoint in order.
    ///
    /// # Errors
    /// When the check is refused.
    pub async fn check_identity(&self, card: &CardId, officer: &Actor) -> anyhow::Result<()> {
        let mut asking = self.web.asking();
        let mut call = asking.call(officer.clone());
        let kind = DocumentKind::DrivingLicence;
        let shown = DocumentShown {
            kind,
            number: "19800101".to_owned(),
            expires_on: call.today().saturating_add(jiff::Span::new().years(3)),
            answers: CheckPoint::list_for(kind)
                .map(|point| (point, true))
                .collect::<BTreeMap<_, _>>(),
        };
        check_identity(&self.web.house, &mut call, card, &shown)
            .await
            .map_err(|stop| trouble("checking an identity", stop))?;
        Ok(())
    }

    /// Activates a card: the chip in `made` talks to the server as any card client does.
    ///
    /// # Errors
    /// When the act is refused or stops.
    pub async fn activate(&self, made: Made, officer: &Actor, code: &str) -> anyhow::Result<Made> {
        let ticket = {
            let mut asking = self.web.asking();
            let mut call = asking.call(officer.clone());
            activate::begin(&self.web.house, &mut call, &made.card)
                .await
                .map_err(|stop| trouble("beginning an activation", stop))?
        };
        self.at_the_desk(made, &ticket.secret, code).await
    }

    /// Carries out one act at the desk with the code given.
    ///
    /// # Errors
    /// When the act is refused or stops.
    pub async fn at_the_desk(&self, made: Made, ticket: &str, code: &str) -> anyhow::Result<Made> {
        let (made, outcome) = self.try_at_the_desk(made, ticket, code).await?;
        outcome.map_err(|stopped| anyhow::anyhow!("at the desk: {stopped}"))?;
        Ok(made)
    }

    /// The same for an act that may be refused: the card comes back whatever happens.
    ///
    /// # Errors
    /// When the desk's thread dies.
    pub async fn try_at_the_desk(
        &self,
        mut made: Made,
        ticket: &str,
        code: &str,
    ) -> anyhow::Result<(Made, Result<client::Finished, client::Stopped>)> {
        let router = self.router.clone();
        let runtime = tokio::runtime::Handle::current();
        let (ticket, code) = (ticket.to_owned(), Zeroizing::new(code.to_owned()));
        // The client waits for its card and its server, so it gets a thread of its own.
        tokio::task::spawn_blocking(move || {
            let mut server = InProcess::new(router, runtime);
            let mut prompt = Scripted::new(code);
            let outcome = client::run(&mut made.chip, &mut server, &mut prompt, &ticket);
            (made, outcome)
        })
        .await
        .context("the desk's thread")
    }

    /// The whole line for one person.
    ///
    /// # Errors
    /// When any act is refused.
    pub async fn card_for(
        &mut self,
        person: &PersonId,
        orderer: &Actor,
        officer: &Actor,
        code: &str,
    ) -> anyhow::Result<CardInHand> {
        let card = self.order(person, orderer).await?;
        self.photograph(&card, officer).await?;
        let made = self
            .produce(std::slice::from_ref(&card), officer)
            .await?
            .pop()
            .context("the producer made nothing")?;
        self.check_identity(&card, officer).await?;
        let made = self.activate(made, officer, code).await?;
        Ok(CardInHand {
            card,
            person: person.clone(),
            made,
            code: Zeroizing::new(code.to_owned()),
        })
    }
}
