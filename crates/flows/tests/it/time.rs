//! What the clock does by itself, and does once.

use model::card::CardState;
use model::credential::CredentialState;

use crate::world::{done, on_each_engine};

#[tokio::test]
async fn a_second_sweep_at_the_same_time_changes_nothing() {
    on_each_engine(async |mut world| {
        let (sent, active) = (
            world.sent_card("Holder").await,
            world.active_card("Student").await,
        );
        // 91 days on the card in the post has lapsed; 200 days on the student has left.
        for days in [1, 91, 109] {
            world.clock.advance_days(days);
            world.restart().await;
            world.sweep().await;
            let before = world.database.snapshot().await;
            assert_eq!(world.sweep().await, flows::sweep::Swept::default());
            assert_eq!(world.database.snapshot().await, before, "after {days} days");
        }
        assert_eq!(world.state(&sent).await, CardState::ExpiredUnactivated);
        assert_eq!(world.state(&active).await, CardState::Revoked);
        world.is_of_one_mind(&active).await;
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn a_card_works_through_its_last_day_in_sweden() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        let last_day = world.card(&card).await.expires_on.unwrap();
        let last_second = flows::calendar::end_of_day(last_day);
        world.clock.set(last_second);
        world.restart().await;
        assert_eq!(world.sweep().await.expired, 0);
        world.sign_in(&card).await.unwrap();
        world.is_of_one_mind(&card).await;
        world.clock.advance(std::time::Duration::from_secs(1));
        assert!(world.sign_in(&card).await.is_err(), "before the sweep too");
        assert_eq!(world.sweep().await.expired, 1);
        assert_eq!(world.state(&card).await, CardState::Expired);
        let rows = world.certificates(&card).await;
        assert!(rows.iter().all(|row| row.state == CredentialState::Expired));
        world.is_of_one_mind(&card).await;
        let officer = world.actor("Officer").await;
        done(
            world
                .return_card(&officer, &card, flows::return_card::Ending::Cut)
                .await,
        );
        assert_eq!(world.state(&card).await, CardState::Deregistered);
    })
    .await;
}
