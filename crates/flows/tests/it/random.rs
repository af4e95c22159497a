//! Acts in any order by anybody: whatever is asked, a card's state is one that its former state leads to, nothing faults, and
//! card, certificates, OCSP, list and login stay of one mind.

use std::collections::{BTreeMap, BTreeSet};

use flows::deliver::Report;
use flows::end_engagement::end_engagement;
use flows::return_card::Ending;
use flows::{PlainStop, Stop};
use model::card::{CardAct, CardState};
use model::credential::LossReason;
use model::id::CardId;
use model::role::Actor;
use store::Engine;
use vcard::torn::{Moment, TornTransport};

use crate::desk::honest;
use crate::staff::Row;
use crate::world::{World, on_each_engine};

/// States that any number of legal steps lead to, the state itself included.
fn reachable(from: CardState) -> BTreeSet<&'static str> {
    let mut seen = BTreeSet::from([from.code()]);
    let mut edge = vec![from];
    while let Some(state) = edge.pop() {
        for act in CardAct::ALL {
            if let Ok(next) = state.after(*act)
                && seen.insert(next.code())
            {
                edge.push(next);
            }
        }
    }
    seen
}

/// A refusal is as good as a done act here; a fault never is.
fn no_fault<T>(what: &str, outcome: Result<T, PlainStop>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(PlainStop::Refused(_)) => None,
        Err(PlainStop::Fault(fault)) => panic!("{what}: {}", fault.chain()),
    }
}

/// The acts of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Order,
    Photograph,
    Produce,
    Report,
    Activate,
    Hold,
    Release,
    Revoke,
    Return,
    Cancel,
    EndEngagement,
    Sweep,
    Restart,
    Newcomer,
}

/// Anything at all, the commoner acts more often.
const ANYTHING: &[Step] = &[
    Step::Order,
    Step::Order,
    Step::Order,
    Step::Photograph,
    Step::Produce,
    Step::Report,
    Step::Report,
    Step::Activate,
    Step::Activate,
    Step::Hold,
    Step::Release,
    Step::Revoke,
    Step::Return,
    Step::Cancel,
    Step::EndEngagement,
    Step::Sweep,
    Step::Restart,
    Step::Newcomer,
];

struct Walk {
    world: World,
    names: Vec<String>,
    cards: Vec<CardId>,
    states: BTreeMap<CardId, CardState>,
    reached: BTreeSet<&'static str>,
    people: u32,
}

impl Walk {
    fn roll(&self, sides: usize) -> usize {
        self.world.dice.roll(sides)
    }

    async fn somebody(&self) -> Actor {
        const PARTS: [&str; 5] = ["Orderer", "Officer", "Guardian", "Colleague", "Holder"];
        match self.roll(16) {
            0 => [Actor::Nobody, Actor::Producer, Actor::System][self.roll(3)].clone(),
            // Mostly people who may, so that the walk gets somewhere.
            part => self.world.actor(PARTS[part % PARTS.len()]).await,
        }
    }

    /// One of the newest cards; old ones have mostly come to their end.
    fn any_card(&self) -> Option<CardId> {
        let newest = self.cards.len().saturating_sub(8);
        let cards = &self.cards[newest..];
        (!cards.is_empty()).then(|| cards[self.roll(cards.len())].clone())
    }

    /// What comes next in the life of a card.
    fn next_for(&self, card: &CardId) -> Step {
        match self.states[card] {
            CardState::AwaitingPhoto => Step::Photograph,
            CardState::ReadyForProduction => Step::Produce,
            CardState::InProduction | CardState::Produced => Step::Report,
            CardState::Sent => [Step::Activate, Step::Activate, Step::Report][self.roll(3)],
            CardState::PartlyActivated => Step::Activate,
            CardState::Active => {
                [Step::Revoke, Step::Return, Step::Hold, Step::Release][self.roll(4)]
            }
            CardState::Revoked | CardState::Expired => Step::Return,
            _ => Step::Order,
        }
    }

    /// Two steps in three are what comes next for some card, the third is anything at all.
    async fn step(&mut self) {
        let by = self.somebody().await;
        let card = self.any_card();
        let step = match &card {
            Some(card) if self.roll(3) > 0 => self.next_for(card),
            _ => ANYTHING[self.roll(ANYTHING.len())],
        };
        let touched = match (step, card) {
            (Step::Order, _) => self.order(&by).await,
            (Step::Newcomer, _) => {
                self.newcomer().await;
                None
            }
            (Step::Sweep, _) => {
                let days = [1, 1, 3, 6, 95][self.roll(5)];
                self.world.clock.advance_days(days);
                // The responders' certificates are good for ninety days; a new process makes new ones.
                self.world.restart().await;
                self.world.sweep().await;
                None
            }
            (Step::Restart, _) => {
                self.world.restart().await;
                None
            }
            (step, Some(card)) => {
                self.step_on(step, &by, &card).await;
                Some(card)
            }
            (_, None) => None,
        };
        match touched {
            Some(card) => self.look(step, &[card]).await,
            // What is about no one card may reach every card there is.
            None => self.look(step, &self.cards.clone()).await,
        }
    }

    async fn newcomer(&mut self) {
        self.people += 1;
        let name = format!("Random{}", crate::crash::letters(self.people as usize));
        // Most cards are for login alone, which takes a third of the time.
        let services = match self.people % 5 {
            0 => "pascal,secure-mail",
            _ => "e-mail",
        };
        let row = Row::new(200 + self.people, &name).services(services);
        self.world.import(&[row]).await;
        self.names.push(name);
    }

    async fn order(&mut self, by: &Actor) -> Option<CardId> {
        let newest = self.names.len().saturating_sub(4);
        let index = newest + self.roll(self.names.len() - newest);
        let ordered = self.world.order(by, &self.names[index]).await;
        let card = no_fault("order", ordered.map_err(Stop::plain));
        self.cards.extend(card.clone());
        card
    }

    async fn step_on(&mut self, step: Step, by: &Actor, card: &CardId) {
        let world = &mut self.world;
        let outcome = match step {
            Step::Photograph => {
                let photo = world.photograph(by, card).await;
                photo.map(drop).map_err(Stop::plain)
            }
            Step::Produce => {
                let made = world.make_batch(by, std::slice::from_ref(card)).await;
                if let Ok(batch) = &made {
                    world.make_chips(batch).await;
                }
                made.map(drop).map_err(Stop::plain)
            }
            Step::Report => return self.report(by, card).await,
            Step::Activate => return self.activate(by, card).await,
            Step::Hold => world.hold(by, card).await.map_err(Stop::plain),
            Step::Release => world.release(by, card).await.map_err(Stop::plain),
            Step::Revoke => {
                let revoked = world.revoke(by, card, LossReason::Lost).await;
                revoked.map_err(Stop::plain)
            }
            Step::Return => {
                let ending = [Ending::Cut, Ending::Missing][world.dice.roll(2)];
                let returned = world.return_card(by, card, ending).await;
                returned.map_err(Stop::plain)
            }
            Step::Cancel => world.cancel(by, card).await.map_err(Stop::plain),
            Step::EndEngagement => return self.end_engagement(by, card).await,
            other => panic!("{other:?} is about no one card"),
        };
        no_fault(&format!("{step:?}"), outcome);
    }

    async fn report(&mut self, by: &Actor, card: &CardId) {
        const REPORTS: [Report; 6] = [
            Report::Produced,
            Report::Sent,
            Report::Produced,
            Report::Sent,
            Report::Failed,
            Report::Undelivered,
        ];
        if self.world.card(card).await.number.is_none() {
            return;
        }
        let what = REPORTS[self.roll(REPORTS.len())];
        let by = [by, &Actor::Producer][usize::from(self.roll(8) > 0)];
        let reported = self.world.report(by, card, what).await;
        no_fault("report", reported.map_err(Stop::plain));
    }

    /// Checks the holder's identity and activates; one card in three is torn out somewhere on the way.
    async fn activate(&mut self, by: &Actor, card: &CardId) {
        let checked = self.world.check_identity(by, card).await;
        if no_fault("check", checked.map_err(Stop::plain)).is_none() {
            return;
        }
        let whole = match self.roll(3) {
            0 => self.roll(60),
            _ => usize::MAX,
        };
        let mut chip = self.world.chips.remove(card).unwrap();
        chip.power_off();
        let mut reader = TornTransport::new(&mut chip, whole, Moment::AfterCommand);
        let outcome = self
            .world
            .activate_in(by, card, &mut reader, &mut honest)
            .await;
        no_fault("activate", outcome);
        self.world.chips.insert(card.clone(), chip);
    }

    async fn end_engagement(&mut self, by: &Actor, card: &CardId) {
        let house = &self.world.house;
        let engagement = {
            let mut read = house.database.read().await.unwrap();
            let order = self.world.card(card).await.order;
            let order = store::card_order::by_id(&mut read, &order).await.unwrap();
            order.unwrap().engagement
        };
        let mut asking = self.world.ask(by);
        let mut call = asking.call();
        let today = call.today();
        let ended = end_engagement(house, &mut call, &engagement, today).await;
        no_fault("end", ended.map_err(Stop::plain));
    }

    /// Every card is where its last state leads to, and whoever is asked about one that came to life or lost it agrees.
    async fn look(&mut self, after: Step, touched: &[CardId]) {
        for card in touched {
            let now = self.world.state(card).await;
            let known = self.states.insert(card.clone(), now);
            let before = known.unwrap_or(CardState::Draft);
            self.reached.insert(now.code());
            assert!(
                reachable(before).contains(now.code()),
                "{after:?} took a card from {before:?} to {now:?}"
            );
            let stopped = matches!(after, Step::Hold | Step::Release);
            if stopped || before != now && (before.is_live() || now.is_live()) {
                self.world.is_of_one_mind(card).await;
            }
        }
    }
}

#[tokio::test]
async fn any_acts_in_any_order() {
    on_each_engine(async |world| {
        let steps = match world.database.engine() {
            Engine::Sqlite => 2_400,
            Engine::Postgres => 900,
        };
        let mut walk = Walk {
            world,
            names: Vec::new(),
            cards: Vec::new(),
            states: BTreeMap::new(),
            reached: BTreeSet::new(),
            people: 0,
        };
        for number in 0..steps {
            // Whoever left, or has a card, orders none: somebody new comes now and then.
            if number % 8 == 0 {
                walk.newcomer().await;
            }
            walk.step().await;
        }
        // In the end every card's last day comes.
        walk.world.clock.advance_days(6 * 366);
        walk.world.restart().await;
        walk.world.sweep().await;
        walk.look(Step::Sweep, &walk.cards.clone()).await;
        for card in walk.cards.iter().rev().take(40) {
            walk.world.is_of_one_mind(card).await;
        }
        walk.world.is_in_order().await;
        // A walk that got nowhere would prove nothing. No act replaces a card yet, two states are passed within an act, and what
        // is rare needs the long walk.
        let unseen = [CardState::Draft, CardState::Ordered, CardState::Replaced];
        let rare = [CardState::Returned, CardState::ProductionFailed];
        let short = steps < 1_000;
        for state in CardState::ALL {
            let passed = unseen.contains(state) || short && rare.contains(state);
            assert!(
                passed || walk.reached.contains(state.code()),
                "the walk never came to {state:?}: {:?}",
                walk.reached
            );
        }
    })
    .await;
}
