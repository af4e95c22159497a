//! The process dies between any two steps of issuing, and starts again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use flows::house::Seams;
use flows::{Fault, PlainStop};
use model::credential::{CredentialState, LossReason};
use model::id::CardId;

use crate::staff::Row;
use crate::world::{World, done, on_each_engine};

/// More steps than an activation has.
const MOST_STEPS: usize = 200;

/// Stops at the `number`th seam that is passed, counting from 0.
fn the_seam(number: usize) -> Seams {
    let passed = AtomicUsize::new(0);
    Arc::new(move |_| passed.fetch_add(1, Ordering::SeqCst) == number)
}

/// Stops at the `number`th passing of the seam with that name.
fn the_seam_named(name: &'static str, number: usize) -> Seams {
    let passed = AtomicUsize::new(0);
    Arc::new(move |seam| seam == name && passed.fetch_add(1, Ordering::SeqCst) == number)
}

fn never() -> Seams {
    Arc::new(|_| false)
}

/// Somebody new whose card carries every kind of certificate and lies at the station, the identity checked.
async fn card_at_the_station(world: &mut World, index: usize) -> CardId {
    let name = format!("Crash{}", letters(index));
    let row = Row::new(u32::try_from(100 + index).unwrap(), &name).services("pascal,secure-mail");
    world.import(&[row]).await;
    let card = world.sent_card(&name).await;
    done(
        world
            .check_identity(&world.actor("Officer").await, &card)
            .await,
    );
    card
}

/// A number as letters, for names may have no digits.
pub fn letters(number: usize) -> String {
    number
        .to_string()
        .bytes()
        .map(|digit| char::from(digit - b'0' + b'a'))
        .collect()
}

fn seam_of(outcome: Result<(), PlainStop>) -> Option<&'static str> {
    match outcome {
        Ok(()) => None,
        Err(PlainStop::Fault(Fault::Stopped(seam))) => Some(seam),
        Err(stop) => panic!("{stop:?}"),
    }
}

#[tokio::test]
async fn whatever_was_begun_is_finished_after_a_crash() {
    on_each_engine(async |mut world| {
        let mut seen = Vec::new();
        for number in 0..MOST_STEPS {
            let card = card_at_the_station(&mut world, number).await;
            let officer = world.actor("Officer").await;
            world.stop_at(the_seam(number));
            let Some(seam) = seam_of(world.activate(&officer, &card).await) else {
                break;
            };
            seen.push(seam);
            let finished = world.restart().await;
            let begun = matches!(seam, "issue.reserved" | "issue.signed");
            assert_eq!(
                finished,
                usize::from(begun),
                "intentions finished after {seam}"
            );
            world.is_of_one_mind(&card).await;
            world.activate(&officer, &card).await.unwrap();
            world.is_whole(&card).await;
        }
        for seam in ["issue.reserved", "issue.signed", "issue.kept"] {
            assert_eq!(
                seen.iter().filter(|other| **other == seam).count(),
                3,
                "{seam}: one a certificate"
            );
        }
        for seam in [
            "activate.answered",
            "activate.management-key-sent",
            "activate.unlock-code-sent",
        ] {
            assert!(seen.contains(&seam), "{seam}");
        }
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn two_crashes_on_the_same_card() {
    on_each_engine(async |mut world| {
        let pairs = [
            ("issue.signed", "issue.reserved"),
            ("issue.kept", "issue.signed"),
            ("activate.unlock-code-sent", "issue.kept"),
        ];
        for (index, (first, second)) in pairs.into_iter().enumerate() {
            let card = card_at_the_station(&mut world, index).await;
            let officer = world.actor("Officer").await;
            for seam in [first, second] {
                world.stop_at(the_seam_named(seam, 0));
                assert_eq!(seam_of(world.activate(&officer, &card).await), Some(seam));
                world.restart().await;
            }
            world.activate(&officer, &card).await.unwrap();
            world.is_whole(&card).await;
        }
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn an_intention_for_a_card_that_was_revoked_meanwhile_comes_to_nothing() {
    on_each_engine(async |mut world| {
        for (index, seam) in ["issue.reserved", "issue.signed"].into_iter().enumerate() {
            let card = card_at_the_station(&mut world, index).await;
            let officer = world.actor("Officer").await;
            world.stop_at(the_seam_named(seam, 1));
            assert_eq!(seam_of(world.activate(&officer, &card).await), Some(seam));
            // Another node takes the revocation before the first is up again.
            world.stop_at(never());
            done(world.revoke(&officer, &card, LossReason::Lost).await);
            assert_eq!(world.restart().await, 1);
            let states: Vec<_> = world
                .certificates(&card)
                .await
                .iter()
                .map(|row| row.state)
                .collect();
            assert_eq!(states, [CredentialState::Revoked; 2]);
            world.is_of_one_mind(&card).await;
        }
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn an_intention_that_another_node_overtook_comes_to_nothing() {
    on_each_engine(async |mut world| {
        let card = card_at_the_station(&mut world, 0).await;
        let officer = world.actor("Officer").await;
        world.stop_at(the_seam_named("issue.signed", 0));
        assert_eq!(
            seam_of(world.activate(&officer, &card).await),
            Some("issue.signed")
        );
        // The holder goes on at another node, which makes a new key; then the first node comes up again.
        world.stop_at(never());
        world.activate(&officer, &card).await.unwrap();
        assert_eq!(world.restart().await, 1);
        world.is_whole(&card).await;
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn a_node_that_comes_up_during_an_activation_does_not_slip_its_certificate_in() {
    on_each_engine(async |mut world| {
        let card = card_at_the_station(&mut world, 0).await;
        let officer = world.actor("Officer").await;
        world.stop_at(the_seam_named("issue.reserved", 0));
        assert_eq!(
            seam_of(world.activate(&officer, &card).await),
            Some("issue.reserved")
        );
        // The second node has made a key of its own and stops for a breath; the first comes up and finishes its intention.
        world.stop_at(the_seam_named("issue.signed", 0));
        assert_eq!(
            seam_of(world.activate(&officer, &card).await),
            Some("issue.signed")
        );
        assert_eq!(world.restart().await, 2);
        world.is_of_one_mind(&card).await;
        world.activate(&officer, &card).await.unwrap();
        world.is_whole(&card).await;
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn a_list_that_was_numbered_and_never_made_leaves_a_gap_and_no_more() {
    on_each_engine(async |mut world| {
        world.restart().await;
        let mut numbers = Vec::new();
        for number in 0..2 {
            let name = ["Holder", "Other"][number];
            let card = world.active_card(name).await;
            let holder = world.actor(name).await;
            world.stop_at(the_seam_named("crl.numbered", 0));
            // The revocation counts, whatever becomes of the list.
            done(world.revoke(&holder, &card, LossReason::Lost).await);
            let row = world.certificates(&card).await[0].clone();
            assert!(!world.is_listed(&row).await);
            world.restart().await;
            assert!(world.is_listed(&row).await);
            world.is_of_one_mind(&card).await;
            numbers.push(
                flows::crl::latest(&world.house, &row.authority)
                    .await
                    .unwrap()
                    .unwrap()
                    .key
                    .number,
            );
        }
        assert_eq!(
            numbers[1] - numbers[0],
            2,
            "one number of the two was never used"
        );
        world.is_in_order().await;
    })
    .await;
}

/// A fault in the key store that went out unseen: the certificate never comes into use, and the card gets another.
#[tokio::test]
async fn a_certificate_whose_signature_is_wrong_is_not_installed() {
    on_each_engine(async |mut world| {
        let card = card_at_the_station(&mut world, 0).await;
        let officer = world.actor("Officer").await;
        world.stop_at(the_seam_named("issue.kept", 0));
        assert_eq!(
            seam_of(world.activate(&officer, &card).await),
            Some("issue.kept")
        );
        let mut wrong = world.certificates(&card).await[0].clone();
        *wrong.der.last_mut().unwrap() ^= 1;
        let literal = match world.database.engine() {
            store::Engine::Sqlite => format!("x'{}'", hex::encode(&wrong.der)),
            store::Engine::Postgres => format!("'\\x{}'::bytea", hex::encode(&wrong.der)),
        };
        let sql = format!("UPDATE certificate SET der = {literal}");
        assert_eq!(world.database.tamper(sql.leak()).await, 1);
        world.stop_at(never());
        world.activate(&officer, &card).await.unwrap();
        world.is_whole(&card).await;
        let rows = world.certificates(&card).await;
        let row = rows.iter().find(|row| row.serial == wrong.serial).unwrap();
        assert_eq!(row.state, CredentialState::Revoked);
        assert!(row.installed_at.is_none());
    })
    .await;
}
