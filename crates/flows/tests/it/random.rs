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

struct Walk {
    world: World,
    names: Vec<String>,
    cards: Vec<CardId>,
    states: BTreeMap<CardId, CardState>,
    people: u32,
}

impl Walk {
    async fn somebody(&self) -> Actor {
        let parts = [
            "Orderer",
            "Officer",
            "Guardian",
            "Colleague",
            "Officer",
            "Guardian",
            "Issuer",
            "Holder",
        ];
        match self.world.dice.roll(16) {
            0 => [Actor::Nobody, Actor::Producer, Actor::System][self.world.dice.roll(3)].clone(),
            // Mostly people who may, so that the walk gets somewhere.
            part => self.world.actor(parts[part % parts.len()]).await,
        }
    }

    fn any_card(&self) -> Option<CardId> {
        // The newest cards move; old ones have come to their end.
        let newest = self.cards.len().saturating_sub(8);
        let living = self.cards.get(newest..).unwrap_or_default();
        (!living.is_empty()).then(|| living[self.world.dice.roll(living.len())].clone())
    }

    async fn newcomer(&mut self) {
        self.people += 1;
        let name = format!("Random{}", crate::crash::letters(self.people as usize));
        let row = Row::new(200 + self.people, &name).services("pascal,secure-mail");
        self.world.import(&[row]).await;
        self.names.push(name);
    }

    async fn act(&mut self) -> &'static str {
        let by = self.somebody().await;
        let world = &mut self.world;
        let roll = world.dice.roll(100);
        if roll < 18 {
            let newest = self.names.len().saturating_sub(4);
            let name = self.names[newest + world.dice.roll(self.names.len() - newest)].clone();
            let ordered = no_fault("order", world.order(&by, &name).await.map_err(Stop::plain));
            self.cards.extend(ordered);
            return "order";
        }
        let Some(card) = self.any_card() else {
            return "nothing";
        };
        let world = &mut self.world;
        match roll {
            18..34 => {
                no_fault(
                    "photograph",
                    world.photograph(&by, &card).await.map_err(Stop::plain),
                );
                "photograph"
            }
            34..46 => {
                let made = world.make_batch(&by, std::slice::from_ref(&card)).await;
                if let Some(batch) = no_fault("produce", made.map_err(Stop::plain)) {
                    world.make_chips(&batch).await;
                }
                "produce"
            }
            46..62 => {
                if world.card(&card).await.number.is_none() {
                    return "nothing";
                }
                let what = match world.dice.roll(4) {
                    0 => [Report::Failed, Report::Undelivered][world.dice.roll(2)],
                    1 => Report::Produced,
                    _ => Report::Sent,
                };
                let by = if world.dice.roll(8) == 0 {
                    by
                } else {
                    Actor::Producer
                };
                no_fault(
                    "report",
                    world.report(&by, &card, what).await.map_err(Stop::plain),
                );
                "report"
            }
            62..82 => {
                let checked = world.check_identity(&by, &card).await.map_err(Stop::plain);
                if no_fault("check", checked).is_some() && world.chips.contains_key(&card) {
                    no_fault("activate", world.activate(&by, &card).await);
                }
                "activate"
            }
            82..84 => {
                no_fault("hold", world.hold(&by, &card).await.map_err(Stop::plain));
                "hold"
            }
            84..86 => {
                no_fault(
                    "release",
                    world.release(&by, &card).await.map_err(Stop::plain),
                );
                "release"
            }
            86..88 => {
                no_fault(
                    "revoke",
                    world
                        .revoke(&by, &card, LossReason::Lost)
                        .await
                        .map_err(Stop::plain),
                );
                "revoke"
            }
            88..92 => {
                let ending = [Ending::Cut, Ending::Missing][world.dice.roll(2)];
                no_fault(
                    "return",
                    world
                        .return_card(&by, &card, ending)
                        .await
                        .map_err(Stop::plain),
                );
                "return"
            }
            92..94 => {
                no_fault(
                    "cancel",
                    world.cancel(&by, &card).await.map_err(Stop::plain),
                );
                "cancel"
            }
            94 => {
                let engagement = {
                    let mut read = world.house.database.read().await.unwrap();
                    let order = world.card(&card).await.order;
                    store::card_order::by_id(&mut read, &order)
                        .await
                        .unwrap()
                        .unwrap()
                        .engagement
                };
                let mut asking = world.ask(&by);
                let mut call = asking.call();
                let today = call.today();
                let ended = end_engagement(&world.house, &mut call, &engagement, today).await;
                no_fault("end", ended.map_err(Stop::plain));
                self.newcomer().await;
                "end"
            }
            95 => {
                world
                    .clock
                    .advance_days([1, 1, 3, 6, 20][world.dice.roll(5)]);
                world.sweep().await;
                "sweep"
            }
            96 => {
                world.restart().await;
                "restart"
            }
            _ => {
                self.newcomer().await;
                "newcomer"
            }
        }
    }

    /// Every card is where its last state leads to.
    async fn look(&mut self, after: &str) {
        let newest = self.cards.len().saturating_sub(10);
        for card in self.cards.get(newest..).unwrap_or_default() {
            let now = self.world.state(card).await;
            let before = self
                .states
                .insert(card.clone(), now)
                .unwrap_or(CardState::Draft);
            assert!(
                reachable(before).contains(now.code()),
                "{after} took a card from {before:?} to {now:?}"
            );
        }
    }
}

#[tokio::test]
async fn any_acts_in_any_order() {
    let reached = std::cell::RefCell::new(BTreeSet::new());
    on_each_engine(async |world| {
        let acts = if world.database.engine() == Engine::Sqlite {
            2_500
        } else {
            500
        };
        let mut walk = Walk {
            world,
            names: Vec::new(),
            cards: Vec::new(),
            states: BTreeMap::new(),
            people: 0,
        };
        for _ in 0..4 {
            walk.newcomer().await;
        }
        for number in 0..acts {
            let after = walk.act().await;
            walk.look(after).await;
            reached
                .borrow_mut()
                .extend(walk.states.values().map(|state| state.code()));
            if number % 25 == 0
                && let Some(card) = walk.any_card()
                && walk.world.card(&card).await.number.is_some()
            {
                walk.world.is_of_one_mind(&card).await;
            }
        }
        for card in walk.cards.clone() {
            if walk.world.card(&card).await.number.is_some() {
                walk.world.is_of_one_mind(&card).await;
            }
        }
        walk.world.is_in_order().await;
    })
    .await;
    // A walk that got nowhere would prove nothing.
    let reached = reached.into_inner();
    for state in [
        "active",
        "revoked",
        "deregistered",
        "cancelled",
        "sent",
        "production-failed",
        "returned",
    ] {
        assert!(
            reached.contains(state),
            "the walk never came to {state}: {reached:?}"
        );
    }
}
