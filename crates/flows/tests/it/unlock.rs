//! A card gets a new code at the station: by whom, with which card, and torn out at every command.

use flows::desk::{Ask, Next, Reply};
use flows::{PlainStop, Stop, unlock};
use model::Timestamp;
use model::id::CardId;
use model::role::Actor;
use piv::{Host, Pin, Transport};
use vcard::torn::{Moment, TornTransport};

use crate::desk::{CODE, Desk, Twist, honest};
use crate::world::{World, code, done, on_each_engine, plain_code};

impl World {
    /// Unlocks a card that lies in a reader, from beginning to end.
    async fn unlock_in(
        &self,
        officer: &Actor,
        card: &CardId,
        reader: &mut dyn Transport,
        twist: Twist<'_>,
    ) -> Result<(), PlainStop> {
        let ticket = unlock::begin(&self.house, &mut self.ask(officer).call(), card)
            .await
            .map_err(Stop::plain)?;
        self.unlock_with_ticket(&ticket.secret, reader, twist).await
    }

    async fn unlock_with_ticket(
        &self,
        secret: &str,
        reader: &mut dyn Transport,
        twist: Twist<'_>,
    ) -> Result<(), PlainStop> {
        let mut desk = Desk::new(reader);
        let client = Actor::Nobody;
        let (house, key) = (&self.house, desk.key().to_vec());
        let mut ask = unlock::hello(house, &mut self.ask(&client).call(), secret, &key)
            .await
            .map_err(Stop::plain)?
            .ask;
        loop {
            let reply = twist(&ask, desk.answer(&ask));
            match unlock::proceed(house, &mut self.ask(&client).call(), secret, reply)
                .await
                .map_err(Stop::plain)?
            {
                Next::Ask(next) => ask = next,
                Next::Finished => return Ok(()),
            }
        }
    }

    /// Enters wrong codes until the card takes none.
    fn block(&mut self, card: &CardId) {
        let mut host = Host::new(self.chips.get_mut(card).unwrap());
        host.select().unwrap();
        while host.pin_tries_left().unwrap() != Some(0) {
            host.verify_pin(&Pin::parse(b"99999999").unwrap())
                .unwrap_err();
        }
    }

    fn takes_its_code(&mut self, card: &CardId) -> bool {
        let mut host = Host::new(self.chips.get_mut(card).unwrap());
        host.select().unwrap();
        host.verify_pin(&Pin::parse(CODE).unwrap()).is_ok()
    }

    /// Whether an unlock code is on its way that the card has not confirmed.
    async fn is_open(&self, card: &CardId) -> bool {
        let mut read = self.house.database.read().await.unwrap();
        let secrets = store::card::secrets(&mut read, card).await.unwrap();
        secrets.unwrap().unlock_code_next.is_some()
    }

    /// Whether the next unlocking tells its holder that an earlier one is taken up.
    async fn is_told(&self, officer: &Actor, card: &CardId) -> bool {
        let ticket = done(unlock::begin(&self.house, &mut self.ask(officer).call(), card).await);
        let client = Actor::Nobody;
        let mut ask = self.ask(&client);
        let welcome = unlock::hello(&self.house, &mut ask.call(), &ticket.secret, &[4; 65]).await;
        done(welcome).taken_up
    }

    async fn sealed_code(&self, card: &CardId) -> Option<Vec<u8>> {
        let mut read = self.house.database.read().await.unwrap();
        let secrets = store::card::secrets(&mut read, card).await.unwrap();
        secrets.unwrap().unlock_code
    }
}

#[tokio::test]
async fn a_blocked_card_gets_a_new_code() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        let officer = world.actor("Officer").await;
        // Twice: what the first replaced is what the second uses.
        for _ in 0..2 {
            let before = world.sealed_code(&card).await;
            world.block(&card);
            assert!(!world.takes_its_code(&card));
            done(world.check_identity(&officer, &card).await);
            let mut chip = world.chips.remove(&card).unwrap();
            world
                .unlock_in(&officer, &card, &mut chip, &mut honest)
                .await
                .unwrap();
            world.chips.insert(card.clone(), chip);
            assert!(world.takes_its_code(&card));
            assert_ne!(world.sealed_code(&card).await, before);
            assert!(!world.is_open(&card).await);
            world.is_of_one_mind(&card).await;
        }
        let unlocked = world.events_after(0).await;
        let unlocked = unlocked.iter().filter(|row| row.event == "card.unlocked");
        assert_eq!(unlocked.count(), 2);
        world.sign_in(&card).await.unwrap();
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn only_an_officer_who_knows_the_holder_unlocks() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        let sent = world.sent_card("Other").await;
        let (officer, orderer) = (world.actor("Officer").await, world.actor("Orderer").await);
        let begin = async |world: &World, by: &Actor, card: &CardId| {
            code(unlock::begin(&world.house, &mut world.ask(by).call(), card).await)
        };
        assert_eq!(begin(&world, &orderer, &card).await, "policy.role-missing");
        assert_eq!(begin(&world, &officer, &sent).await, "unlock.not-in-use");
        world.clock.set(Timestamp(world.now().seconds() + 3_600));
        assert_eq!(
            begin(&world, &officer, &card).await,
            "unlock.identity-not-checked"
        );
        done(world.check_identity(&officer, &card).await);
        let ticket =
            done(unlock::begin(&world.house, &mut world.ask(&officer).call(), &card).await);
        // Another card in the reader, or one that says nothing.
        let mut chip = world.chips.remove(&card).unwrap();
        let mut other = |ask: &Ask, reply| match ask {
            Ask::ReadCard => Reply::Card {
                number: Some("9752123400000000019".to_owned()),
            },
            _ => reply,
        };
        let outcome = world
            .unlock_with_ticket(&ticket.secret, &mut chip, &mut other)
            .await;
        assert_eq!(plain_code(outcome), "unlock.other-card");
        // Nor does the ticket open again.
        let outcome = world
            .unlock_with_ticket(&ticket.secret, &mut chip, &mut honest)
            .await;
        assert_eq!(plain_code(outcome), "unlock.ticket-invalid");
        // A card that takes no unlock code stays as it is.
        let mut foreign = |ask: &Ask, reply| match ask {
            Ask::ChooseCode { .. } => Reply::UnlockCodesRefused,
            _ => reply,
        };
        let outcome = world
            .unlock_in(&officer, &card, &mut chip, &mut foreign)
            .await;
        assert_eq!(plain_code(outcome), "unlock.codes-refused");
        world.is_in_order().await;
    })
    .await;
}

/// Torn out before or after any command, and put back: the next unlocking finishes. Says how many places there are.
#[expect(clippy::print_stdout, reason = "how many places there were is told")]
async fn torn_at_every_command(mut world: World, moment: Moment) {
    let officer = world.actor("Officer").await;
    let card = world.active_card("Holder").await;
    let (mut places, mut told) = (0, 0);
    loop {
        world.block(&card);
        done(world.check_identity(&officer, &card).await);
        let mut chip = world.chips.remove(&card).unwrap();
        chip.power_off();
        let mut torn = TornTransport::new(&mut chip, places, moment);
        let outcome = world
            .unlock_in(&officer, &card, &mut torn, &mut honest)
            .await;
        let is_done = outcome.is_ok();
        if !is_done {
            assert_eq!(
                plain_code(outcome),
                "unlock.card-removed",
                "at command {places}"
            );
            // Whoever comes back while a code may have come through hears of it.
            let was_open = world.is_open(&card).await;
            assert_eq!(world.is_told(&officer, &card).await, was_open);
            told += usize::from(was_open);
            world
                .unlock_in(&officer, &card, &mut chip, &mut honest)
                .await
                .unwrap();
        }
        world.chips.insert(card.clone(), chip);
        assert!(world.takes_its_code(&card), "at command {places}");
        assert!(!world.is_open(&card).await, "at command {places}");
        world.is_of_one_mind(&card).await;
        if is_done {
            break;
        }
        places += 1;
    }
    println!(
        "unlock, torn {moment:?}: {places} places, each finished by the next insertion; after {told} of them a code was under \
         way, and the holder is told"
    );
    assert!(told >= 1, "{told} places are too few");
    assert!(places >= 4, "{places} commands are too few");
    world.is_in_order().await;
}

#[tokio::test]
async fn torn_out_before_any_command() {
    on_each_engine(async |world| torn_at_every_command(world, Moment::BeforeCommand).await).await;
}

#[tokio::test]
async fn torn_out_after_any_command() {
    on_each_engine(async |world| torn_at_every_command(world, Moment::AfterCommand).await).await;
}
