//! The published lists whatever happens, and what becomes of them when the process dies while one is made.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flows::Stop;
use flows::house::Seams;
use model::Timestamp;
use model::credential::{CredentialState, LossReason, RevocationReason};
use model::id::CardId;
use model::revocation::{CrlKind, RevocationState};
use model::role::Actor;
use pki::crl::Crl;
use pki::serial::Serial;
use store::Engine;
use store::certificate::CertificateRow;
use store::revocation::Subject;

use crate::crash::letters;
use crate::staff::Row;
use crate::world::{World, done, on_each_engine};

/// A house that spreads its certificates over shards, and whose full lists count as long from the third entry on.
fn many_lists(world: &mut World) {
    world.house.settings.crl_shards = 3;
    world.house.settings.crl_at_once_below = 3;
}

/// Everything that was ever published, as somebody who kept it all would have it.
#[derive(Default)]
struct Archive {
    full: BTreeMap<i64, Crl>,
}

impl Archive {
    async fn keep(&mut self, world: &World, name: &str) {
        if let Some(list) = world.full_list(name, &format!("{name}.crl")).await {
            self.full
                .insert(i64::try_from(list.number()).unwrap(), list);
        }
    }

    /// The delta list over any full list it fits says what it says over the latest, and a certificate that has left the full
    /// list was on one that was made past its end.
    async fn agrees(&self, world: &World, rows: &[CertificateRow]) {
        let Some(name) = rows.first().map(|row| row.authority.clone()) else {
            return;
        };
        let delta = world.delta_list(&name).await.unwrap();
        let (_, latest) = self.full.last_key_value().unwrap();
        let mut fitted = 0;
        for full in self.full.values().filter(|full| delta.fits(full)) {
            fitted += 1;
            for row in rows.iter().filter(|row| row.not_after >= world.now()) {
                let serial = Serial::from_hex(&row.serial).unwrap();
                let said = delta.entry_over(full, &serial).map(|entry| entry.reason);
                let state = row.reason.map(|reason| reason.number());
                assert_eq!(
                    said.map(|reason| reason.code()),
                    state,
                    "list {} over {}",
                    delta.number(),
                    full.number()
                );
            }
        }
        assert!(
            fitted > 0 || delta.number() == latest.number(),
            "the delta list fits nothing"
        );
        for row in rows.iter().filter(|row| row.revoked_at.is_some()) {
            let serial = Serial::from_hex(&row.serial).unwrap();
            if !latest.contains(&serial) && delta.entry_over(latest, &serial).is_none() {
                let end = row.not_after.seconds();
                assert!(
                    self.full
                        .values()
                        .any(|full| full.this_update() > end && full.contains(&serial)),
                    "it left before a list past its end had it"
                );
            }
        }
    }
}

struct Walk {
    world: World,
    cards: Vec<CardId>,
    archive: Archive,
    counts: BTreeMap<&'static str, usize>,
}

impl Walk {
    async fn newcomer(&mut self) -> &'static str {
        let index = 500 + self.cards.len();
        let name = format!("Listed{}", letters(index));
        let row = Row::new(u32::try_from(index).unwrap(), &name).services("pascal,secure-mail");
        self.world.import(&[row]).await;
        self.cards.push(self.world.active_card(&name).await);
        "newcomer"
    }

    /// One act, or some time. Towards the `end` of the walk the cards' last day comes, and nobody new.
    async fn step(&mut self, end: bool) -> &'static str {
        let roll = self.world.dice.roll(20);
        if self.cards.len() < 2 || roll == 0 && !end {
            return self.newcomer().await;
        }
        let card = self.cards[self.world.dice.roll(self.cards.len())].clone();
        let (officer, guardian) = (
            self.world.actor("Officer").await,
            self.world.actor("Guardian").await,
        );
        let outcome = match roll {
            0..6 => (
                "hold",
                self.world.hold(&officer, &card).await.map_err(Stop::plain),
            ),
            6..11 => (
                "release",
                self.world
                    .release(&guardian, &card)
                    .await
                    .map_err(Stop::plain),
            ),
            11 | 12 => {
                let reason = LossReason::ALL[self.world.dice.roll(LossReason::ALL.len())];
                let revoked = self.world.revoke(&officer, &card, reason).await;
                ("revoke", revoked.map_err(Stop::plain))
            }
            13 => {
                self.world.restart().await;
                ("restart", Ok(()))
            }
            14 => {
                // To the last seconds of the card.
                if let Some(last_day) = self.world.card(&card).await.expires_on.filter(|_| end) {
                    let last_second = flows::calendar::end_of_day(last_day).seconds();
                    if self.world.now().seconds() < last_second - 3_000 {
                        self.world.clock.set(Timestamp(last_second - 3_000));
                        self.world.restart().await;
                    }
                }
                ("end", Ok(()))
            }
            _ => {
                let minutes = [1, 20, 61, 300, 800][self.world.dice.roll(5)];
                self.world.clock.advance(Duration::from_secs(minutes * 60));
                ("time", Ok(()))
            }
        };
        if matches!(outcome.0, "time" | "end") {
            self.world.sweep().await;
        }
        match outcome {
            (act, Ok(())) => act,
            (_, Err(flows::PlainStop::Refused(_))) => "refused",
            (act, Err(flows::PlainStop::Fault(fault))) => panic!("{act}: {}", fault.chain()),
        }
    }
}

impl Walk {
    async fn one_more_held_to_its_end(&mut self) {
        self.newcomer().await;
        let card = self.cards.last().unwrap().clone();
        let officer = self.world.actor("Officer").await;
        self.world.hold(&officer, &card).await.unwrap();
        let last_day = self.world.card(&card).await.expires_on.unwrap();
        let after = flows::calendar::end_of_day(last_day).seconds() + 1;
        self.world.clock.set(Timestamp(after));
        self.world.restart().await;
        self.world.sweep().await;
    }
}

/// Whatever is done to certificates, and however time goes: after each step the full list, the full list with the delta list
/// over it, whichever full list that is, the list of the shard, OCSP, login and the database say the same.
#[tokio::test]
async fn lists_are_of_one_mind_whatever_happens() {
    on_each_engine(async |mut world| {
        many_lists(&mut world);
        world.restart().await;
        let steps = if world.database.engine() == Engine::Sqlite {
            250
        } else {
            80
        };
        let mut walk = Walk {
            world,
            cards: Vec::new(),
            archive: Archive::default(),
            counts: BTreeMap::new(),
        };
        for number in 0..steps {
            let act = walk.step(number > steps * 2 / 3).await;
            *walk.counts.entry(act).or_default() += 1;
            let mut rows = Vec::new();
            for card in walk.cards.clone() {
                rows.extend(walk.world.certificates(&card).await);
            }
            if let Some(row) = rows.first() {
                walk.archive.keep(&walk.world, &row.authority).await;
            }
            walk.archive.agrees(&walk.world, &rows).await;
            // The one just touched is among these sooner or later; all of them each time would take long.
            for _ in 0..2 {
                let card = walk.cards[walk.world.dice.roll(walk.cards.len())].clone();
                walk.world.is_of_one_mind(&card).await;
            }
        }
        walk.one_more_held_to_its_end().await;
        for card in walk.cards.clone() {
            walk.world.is_of_one_mind(&card).await;
        }
        walk.world.is_in_order().await;
        let mut ended = 0;
        for card in walk.cards.clone() {
            let rows = walk.world.certificates(&card).await;
            ended += rows
                .iter()
                .filter(|row| row.state == CredentialState::Expired && row.revoked_at.is_some())
                .count();
        }
        assert!(ended > 0, "nothing was held to its end");
        // A walk that got nowhere would prove nothing.
        for act in ["newcomer", "hold", "release", "revoke", "time"] {
            assert!(walk.counts.contains_key(act), "{act}: {:?}", walk.counts);
        }
    })
    .await;
}

/// Puts so many revocations into the database as if certificates had been issued for them.
async fn revoke_many(world: &World, authority: &str, count: u32) {
    store::write!(world.database, |write| {
        for number in 0..count {
            let serial = format!("40{:030x}", number);
            let subject = Subject {
                authority,
                serial: &serial,
                shard: 0,
                not_after: Timestamp(world.now().seconds() + 86_400 * 400),
            };
            let (state, reason) = (RevocationState::Revoked, RevocationReason::KeyCompromise);
            store::revocation::record(write, &subject, state, world.now(), reason).await?;
        }
        Ok::<_, store::StoreError>(())
    })
    .unwrap();
}

fn the_seam_named(name: &'static str, number: usize) -> Seams {
    let passed = AtomicUsize::new(0);
    Arc::new(move |seam| seam == name && passed.fetch_add(1, Ordering::SeqCst) == number)
}

/// A list of several parts, and a process that dies at each step of making one: the old list stays until the new is complete,
/// and nothing is left of the one that never was.
#[tokio::test]
async fn a_crash_leaves_the_old_list_in_place() {
    on_each_engine(async |mut world| {
        world.restart().await;
        let name = world
            .house
            .authorities
            .newest("person-3-ca")
            .unwrap()
            .name
            .clone();
        let file = format!("{name}.crl");
        revoke_many(&world, &name, 24_000).await;
        let publish = async |world: &World| {
            flows::crl::publish_due(&world.house, &world.ask(&Actor::System).call()).await
        };
        publish(&world).await.unwrap();
        let row = flows::crl::latest(&world.house, &name)
            .await
            .unwrap()
            .unwrap();
        assert!(row.parts >= 6, "{row:?}");
        let mut list = world.full_list(&name, &file).await.unwrap();
        assert_eq!((list.len(), row.entries), (24_000, 24_000));
        // The root's lists come first, and have no more than one part.
        for (seam, passing) in [("crl.numbered", 1), ("crl.part", 0), ("crl.written", 1)] {
            world.clock.advance(Duration::from_secs(3_600));
            world.stop_at(the_seam_named(seam, passing));
            publish(&world).await.unwrap_err();
            let still = world.full_list(&name, &file).await.unwrap();
            assert_eq!(still.number(), list.number(), "{seam}");
            // At the next start the list is made under a new number.
            world.restart().await;
            list = world.full_list(&name, &file).await.unwrap();
            assert_eq!(list.number(), still.number() + 2, "{seam}");
            assert_eq!(list.len(), 24_000);
        }
        // One more, and what the dead left has gone with the lists before.
        world.clock.advance(Duration::from_secs(3_600));
        world.restart().await;
        let latest = flows::crl::latest(&world.house, &name)
            .await
            .unwrap()
            .unwrap();
        let mut read = world.database.read().await.unwrap();
        for number in 1..=latest.key.number {
            let mut key = latest.key.clone();
            key.number = number;
            let part = store::crl::part(&mut read, &key, 1).await.unwrap();
            assert_eq!(part.is_some(), number >= latest.key.number - 1, "{number}");
        }
        drop(read);
        world.is_in_order().await;
    })
    .await;
}

/// A long full list is left to the clock; the delta list has the change at once, and the rest of the hour nothing is made.
#[tokio::test]
async fn a_long_list_is_followed_by_a_delta() {
    on_each_engine(async |mut world| {
        world.house.settings.crl_at_once_below = 1;
        let (first, second) = (
            world.active_card("Holder").await,
            world.active_card("Other").await,
        );
        let officer = world.actor("Officer").await;
        done(world.revoke(&officer, &first, LossReason::Lost).await);
        let row = world.certificates(&second).await[0].clone();
        let name = &row.authority;
        let numbers = async |world: &World| {
            let file = format!("{name}.crl");
            let full = world.full_list(name, &file).await.unwrap();
            let delta = world.delta_list(name).await.unwrap();
            (full.number(), delta.number(), delta.entries().count())
        };
        let (full, delta, _) = numbers(&world).await;
        assert_eq!(
            full, delta,
            "a short list is made together with its delta list"
        );
        done(world.hold(&officer, &second).await);
        world.is_of_one_mind(&second).await;
        let (still, next, entries) = numbers(&world).await;
        assert_eq!((still, next), (full, full + 1), "one sequence of numbers");
        assert!(entries >= 1);
        assert_eq!(world.sweep().await.lists, 0, "nothing is due");
        done(world.release(&world.actor("Guardian").await, &second).await);
        world.is_of_one_mind(&second).await;
        assert_eq!(numbers(&world).await.1, full + 2);
        world.clock.advance(Duration::from_secs(3_600));
        world.sweep().await;
        let (new, newest, _) = numbers(&world).await;
        assert_eq!((new, newest), (full + 3, full + 3));
        world.is_of_one_mind(&second).await;
        world.is_of_one_mind(&first).await;
    })
    .await;
}

/// Acts that come while a list is made wait for it and do not make it again.
#[tokio::test]
async fn a_list_is_made_once() {
    on_each_engine(async |mut world| {
        world.restart().await;
        world.clock.advance(Duration::from_secs(3_600));
        let publish = async || {
            let mut asking = world.ask(&Actor::System);
            let call = asking.call();
            flows::crl::publish_due(&world.house, &call).await.unwrap()
        };
        let made = tokio::join!(publish(), publish(), publish());
        let authorities = world.house.authorities.all().count();
        assert_eq!(made.0 + made.1 + made.2, authorities, "{made:?}");
    })
    .await;
}

#[tokio::test]
async fn lists_have_one_name_each() {
    on_each_engine(async |mut world| {
        many_lists(&mut world);
        world.restart().await;
        let name = world
            .house
            .authorities
            .newest("person-3-ca")
            .unwrap()
            .name
            .clone();
        let found = async |file: &str| {
            let row = flows::crl::by_file_name(&world.house, file).await.unwrap();
            row.map(|row| (row.key.shard, row.key.kind))
        };
        for (file, expected) in [
            (format!("{name}.crl"), Some((0, CrlKind::Full))),
            (format!("{name}-delta.crl"), Some((0, CrlKind::Delta))),
            (format!("{name}-1.crl"), Some((1, CrlKind::Full))),
            (format!("{name}-3.crl"), Some((3, CrlKind::Full))),
            (format!("{name}-4.crl"), None),
            (format!("{name}-0.crl"), None),
            (format!("{name}-01.crl"), None),
            (format!("{name}-+1.crl"), None),
            (format!("{name}--1.crl"), None),
            (format!("{name}-delta-1.crl"), None),
            (format!("{name}-65536.crl"), None),
            ("-1.crl".to_owned(), None),
            (name.clone(), None),
        ] {
            assert_eq!(found(&file).await, expected, "{file}");
        }
        // The root's few certificates are on one list.
        let root = world.house.authorities.root().name.clone();
        assert_eq!(found(&format!("{root}-1.crl")).await, None);
        // Fewer shards than before: those begun go on.
        world.house.settings.crl_shards = 0;
        world.clock.advance(Duration::from_secs(3_600));
        world.sweep().await;
        let shard = world
            .full_list(&name, &format!("{name}-3.crl"))
            .await
            .unwrap();
        assert_eq!(shard.this_update(), world.now().seconds());
    })
    .await;
}
