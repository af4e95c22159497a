use crate::world::{done, on_each_engine};
use flows::deliver::Report;
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "scratch")]
async fn scratch() {
    on_each_engine(async |mut world| {
        let (orderer, officer) = (world.actor("Orderer").await, world.actor("Officer").await);
        let _ = crate::acts::portrait();
        let t = || std::time::Instant::now();
        let s = t();
        let card = done(world.order(&orderer, "Holder").await);
        println!("order {:?}", s.elapsed());
        let s = t();
        done(world.photograph(&officer, &card).await);
        println!("photo {:?}", s.elapsed());
        let s = t();
        let batch = done(
            world
                .make_batch(&officer, std::slice::from_ref(&card))
                .await,
        );
        println!("batch {:?}", s.elapsed());
        let s = t();
        world.make_chips(&batch).await;
        println!("chips {:?}", s.elapsed());
        let s = t();
        for what in [Report::Produced, Report::Sent] {
            done(world.report(&flows_producer(), &card, what).await);
        }
        println!("reports {:?}", s.elapsed());
        let s = t();
        done(world.check_identity(&officer, &card).await);
        println!("check {:?}", s.elapsed());
        let s = t();
        world.activate(&officer, &card).await.unwrap();
        println!("activate {:?}", s.elapsed());
        let s = t();
        world.is_of_one_mind(&card).await;
        println!("mind {:?}", s.elapsed());
        let s = t();
        world.is_whole(&card).await;
        println!("whole {:?}", s.elapsed());
        let s = t();
        world.is_in_order().await;
        println!("order {:?}", s.elapsed());
        let s = t();
        world.sign_in(&card).await.unwrap();
        println!("sign in {:?}", s.elapsed());
    })
    .await;
}
fn flows_producer() -> model::role::Actor {
    model::role::Actor::Producer
}
