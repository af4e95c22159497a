//! The acts as tests ask for them: by whom, on what.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use flows::approve_photo::{ApprovePhotoRefusal, approve_photo};
use flows::check_identity::{CheckIdentityRefusal, DocumentShown, check_identity};
use flows::deliver::{DeliverRefusal, Report, report};
use flows::hold::{HoldRefusal, hold};
use flows::order::{OrderRefusal, order};
use flows::photograph::{PhotographRefusal, photograph};
use flows::produce::{Consignment, ProduceRefusal, consignments, make_batch};
use flows::release::{ReleaseRefusal, release};
use flows::return_card::{Ending, ReturnCardRefusal, return_card};
use flows::revoke::{RevokeRefusal, revoke};
use flows::sweep::{Swept, sweep};
use flows::{PlainStop, Stop};
use model::card::{Card, CardNumber, CardState};
use model::credential::LossReason;
use model::id::{BatchId, CardId, IdentityCheckId, PhotoId};
use model::identity_check::{CheckPoint, DocumentKind};
use model::role::Actor;
use piv::{Day, Pin, UnlockCode};
use store::certificate::CertificateRow;

use crate::desk::honest;
use crate::world::{World, done};

/// A portrait that does for print; the same for everybody, since drawing one takes a while.
pub fn portrait() -> &'static [u8] {
    static PORTRAIT: OnceLock<Vec<u8>> = OnceLock::new();
    PORTRAIT.get_or_init(|| print::portrait::invent(1).unwrap())
}

/// A driving licence that is in order.
pub fn licence() -> DocumentShown {
    let kind = DocumentKind::DrivingLicence;
    DocumentShown {
        kind,
        number: "19800101".to_owned(),
        expires_on: model::Date::constant(2032, 1, 1),
        answers: CheckPoint::list_for(kind)
            .map(|point| (point, true))
            .collect::<BTreeMap<_, _>>(),
    }
}

impl World {
    pub async fn order(&self, by: &Actor, name: &str) -> Result<CardId, Stop<OrderRefusal>> {
        let ordered = order(&self.house, &mut self.ask(by).call(), &self.person(name)).await?;
        Ok(ordered.card)
    }

    pub async fn cancel(&self, by: &Actor, card: &CardId) -> Result<(), Stop<OrderRefusal>> {
        flows::order::cancel(&self.house, &mut self.ask(by).call(), card).await
    }

    pub async fn photograph(
        &self,
        by: &Actor,
        card: &CardId,
    ) -> Result<PhotoId, Stop<PhotographRefusal>> {
        let taken = photograph(&self.house, &mut self.ask(by).call(), card, portrait()).await?;
        done(self.approve_photo(by, card, &taken.id, None).await);
        Ok(taken.id)
    }

    pub async fn approve_photo(
        &self,
        by: &Actor,
        card: &CardId,
        photo: &PhotoId,
        reason: Option<&str>,
    ) -> Result<(), Stop<ApprovePhotoRefusal>> {
        approve_photo(&self.house, &mut self.ask(by).call(), card, photo, reason).await
    }

    pub async fn make_batch(
        &self,
        by: &Actor,
        cards: &[CardId],
    ) -> Result<BatchId, Stop<ProduceRefusal>> {
        make_batch(&self.house, &mut self.ask(by).call(), cards).await
    }

    /// The producer fetches a batch and makes its chips.
    pub async fn make_chips(&mut self, batch: &BatchId) -> Vec<CardId> {
        let made =
            done(consignments(&self.house, &mut self.ask(&Actor::Producer).call(), batch).await);
        for consignment in &made {
            let chip = self.chip(consignment);
            self.chips.insert(consignment.card.clone(), chip);
        }
        made.iter()
            .map(|consignment| consignment.card.clone())
            .collect()
    }

    fn chip(&self, consignment: &Consignment) -> vcard::Card {
        let last_day = consignment.expires_on.strftime("%Y%m%d").to_string();
        let mut personalisation = vcard::Personalisation::new(
            consignment.number.digits(),
            Day::parse(last_day.as_bytes()).unwrap(),
            Pin::parse(b"00000000").unwrap(),
            UnlockCode::parse(&consignment.unlock_code).unwrap(),
            piv::ManagementKey::new(*consignment.management_key),
        )
        .unwrap();
        personalisation.guid = Some(consignment.guid);
        let mut dice = self.dice.clone();
        vcard::Card::new(&personalisation, move |bytes| {
            flows::Entropy::fill(&mut dice, bytes)
        })
        .unwrap()
    }

    pub async fn report(
        &self,
        by: &Actor,
        card: &CardId,
        what: Report,
    ) -> Result<(), Stop<DeliverRefusal>> {
        let number = self.number(card).await;
        report(&self.house, &mut self.ask(by).call(), &number, what).await
    }

    pub async fn check_identity(
        &self,
        by: &Actor,
        card: &CardId,
    ) -> Result<IdentityCheckId, Stop<CheckIdentityRefusal>> {
        check_identity(&self.house, &mut self.ask(by).call(), card, &licence()).await
    }

    pub async fn activate(&mut self, by: &Actor, card: &CardId) -> Result<(), PlainStop> {
        let mut chip = self.chips.remove(card).unwrap();
        chip.power_off();
        let outcome = self.activate_in(by, card, &mut chip, &mut honest).await;
        self.chips.insert(card.clone(), chip);
        outcome
    }

    /// Signs in with a card's chip.
    pub async fn sign_in(&mut self, card: &CardId) -> Result<String, PlainStop> {
        let mut chip = self.chips.remove(card).unwrap();
        chip.power_off();
        let outcome = self.sign_in_with(&mut chip, &mut honest).await;
        self.chips.insert(card.clone(), chip);
        outcome
    }

    pub async fn revoke(
        &self,
        by: &Actor,
        card: &CardId,
        reason: LossReason,
    ) -> Result<(), Stop<RevokeRefusal>> {
        revoke(&self.house, &mut self.ask(by).call(), card, reason).await
    }

    pub async fn hold(&self, by: &Actor, card: &CardId) -> Result<(), Stop<HoldRefusal>> {
        hold(&self.house, &mut self.ask(by).call(), card).await
    }

    pub async fn release(&self, by: &Actor, card: &CardId) -> Result<(), Stop<ReleaseRefusal>> {
        release(&self.house, &mut self.ask(by).call(), card).await
    }

    pub async fn return_card(
        &self,
        by: &Actor,
        card: &CardId,
        ending: Ending,
    ) -> Result<(), Stop<ReturnCardRefusal>> {
        return_card(&self.house, &mut self.ask(by).call(), card, ending).await
    }

    pub async fn sweep(&self) -> Swept {
        sweep(&self.house, &self.ask(&Actor::System).call())
            .await
            .unwrap()
    }

    /// A card that has come as far as the holder's hands.
    pub async fn sent_card(&mut self, name: &str) -> CardId {
        let (orderer, officer) = (self.actor("Orderer").await, self.actor("Officer").await);
        let card = done(self.order(&orderer, name).await);
        done(self.photograph(&officer, &card).await);
        self.deliver(&officer, &card).await;
        card
    }

    /// From the batch to the holder's hands.
    pub async fn deliver(&mut self, officer: &Actor, card: &CardId) {
        let batch = done(self.make_batch(officer, std::slice::from_ref(card)).await);
        self.make_chips(&batch).await;
        for what in [Report::Produced, Report::Sent] {
            done(self.report(&Actor::Producer, card, what).await);
        }
    }

    /// A card in use.
    pub async fn active_card(&mut self, name: &str) -> CardId {
        let card = self.sent_card(name).await;
        let officer = self.actor("Officer").await;
        done(self.check_identity(&officer, &card).await);
        self.activate(&officer, &card).await.unwrap();
        card
    }

    pub async fn card(&self, card: &CardId) -> Card {
        let mut read = self.house.database.read().await.unwrap();
        store::card::by_id(&mut read, card).await.unwrap().unwrap()
    }

    pub async fn state(&self, card: &CardId) -> CardState {
        self.card(card).await.state
    }

    pub async fn number(&self, card: &CardId) -> CardNumber {
        self.card(card).await.number.unwrap()
    }

    pub async fn certificates(&self, card: &CardId) -> Vec<CertificateRow> {
        let mut read = self.house.database.read().await.unwrap();
        store::certificate::list_by_card(&mut read, card)
            .await
            .unwrap()
    }

    /// The log's events after a sequence number: event, subject and detail.
    pub async fn events_after(&self, sequence: i64) -> Vec<store::audit::AuditRow> {
        let mut read = self.house.database.read().await.unwrap();
        store::audit::list_after(&mut read, sequence, 1_000_000)
            .await
            .unwrap()
    }
}
