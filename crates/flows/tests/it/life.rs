//! The whole line: one card from the staff export to its end.

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
