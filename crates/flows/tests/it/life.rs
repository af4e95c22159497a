//! The whole line: one card from the staff export to its end.

use flows::audit::Broken;
use flows::return_card::Ending;
use model::card::CardState;
use model::credential::LossReason;
use model::order::OrderState;

use crate::world::{done, on_each_engine, plain_code};

#[tokio::test]
async fn from_order_to_login_to_the_end() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        world.is_whole(&card).await;
        let session = world.sign_in(&card).await.unwrap();
        let (actor, used) = done(flows::sign_in::actor(&world.house, world.now(), &session).await);
        assert_eq!(
            (actor.person(), &used),
            (Some(&world.person("Holder")), &card)
        );
        {
            let mut read = world.house.database.read().await.unwrap();
            let order = store::card_order::by_id(&mut read, &world.card(&card).await.order)
                .await
                .unwrap()
                .unwrap();
            assert_eq!(order.state, OrderState::Fulfilled);
            let [receipt] = store::receipt::list_by_card(&mut read, &card)
                .await
                .unwrap()
                .try_into()
                .unwrap();
            assert!(pki::jws::verify(&receipt.jws).is_ok());
        }

        let holder = world.actor("Holder").await;
        done(world.revoke(&holder, &card, LossReason::Lost).await);
        assert_eq!(world.state(&card).await, CardState::Revoked);
        world.is_of_one_mind(&card).await;
        assert_eq!(
            plain_code(world.sign_in(&card).await),
            "sign-in.certificate-revoked"
        );

        let officer = world.actor("Officer").await;
        done(world.return_card(&officer, &card, Ending::Cut).await);
        assert_eq!(world.state(&card).await, CardState::Deregistered);
        world.is_of_one_mind(&card).await;
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn the_end_of_an_engagement_stops_the_card() {
    on_each_engine(async |mut world| {
        let (now, later) = (
            world.active_card("Holder").await,
            world.active_card("Student").await,
        );
        let orderer = world.actor("Orderer").await;
        let today = world.ask(&orderer).call().today();
        for (card, last_day) in [(&now, today), (&later, model::Date::constant(2026, 11, 25))] {
            let engagement = {
                let mut read = world.house.database.read().await.unwrap();
                let order = store::card_order::by_id(&mut read, &world.card(card).await.order)
                    .await
                    .unwrap();
                order.unwrap().engagement
            };
            let mut asking = world.ask(&orderer);
            done(
                flows::end_engagement::end_engagement(
                    &world.house,
                    &mut asking.call(),
                    &engagement,
                    last_day,
                )
                .await,
            );
        }
        assert_eq!(world.state(&now).await, CardState::Revoked);
        world.is_of_one_mind(&now).await;
        // The last day is a day of work; the next is not.
        for (days, state) in [(2, CardState::Active), (1, CardState::Revoked)] {
            world.clock.advance_days(days);
            world.sweep().await;
            assert_eq!(world.state(&later).await, state);
            world.is_of_one_mind(&later).await;
        }
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn the_log_verifies_and_shows_what_was_tampered_with() {
    on_each_engine(async |mut world| {
        world.active_card("Holder").await;
        let export = flows::audit::export(&world.house).await.unwrap();
        let key = world.house.authorities.audit_key();
        let checkpoint =
            pki::merkle::Checkpoint::verify(&export.checkpoint, pki::key::Signer::public_key(key))
                .unwrap();
        let leaves: Vec<_> = export
            .lines
            .lines()
            .map(|line| pki::merkle::leaf_hash(line.as_bytes()))
            .collect();
        assert_eq!(
            (checkpoint.size, checkpoint.root),
            (leaves.len() as u64, pki::merkle::root(&leaves))
        );

        let changed = world
            .database
            .tamper("UPDATE audit SET actor = 'nobody' WHERE sequence = 7")
            .await;
        assert_eq!(changed, 1);
        assert!(matches!(
            flows::audit::export(&world.house).await,
            Err(Broken::RowChanged(7))
        ));
        world
            .database
            .tamper("DELETE FROM audit WHERE sequence = 5")
            .await;
        assert!(matches!(
            flows::audit::export(&world.house).await,
            Err(Broken::RowMissing(5))
        ));
    })
    .await;
}
