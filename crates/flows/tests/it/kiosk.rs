//! Photo kiosks: who gets a photo onto which card, and what nobody gets past.

use flows::find::{self, LaneCode};
use flows::kiosk::{self, KioskRefusal, Tried};
use flows::photo_code::make_photo_code;
use flows::{Call, Stop};
use model::Loa;
use model::card::CardState;
use model::id::{CardId, PhotoId};
use model::photo::PhotoFault;
use model::role::{Actor, Role};
use print::portrait::{Eyes, Sitting, invent, invent_sitting};

use crate::world::{World, code, done, on_each_engine, signed_in};

async fn opened(world: &World) -> Actor {
    let officer = world.actor("Officer").await;
    let mut asking = world.ask(&officer);
    let opened = done(kiosk::open(&world.house, &mut asking.call(), " Entrén ").await);
    let call: Call<'_> = asking.call();
    done(kiosk::actor(&world.house, call.now, &opened.secret).await)
}

async fn code_for(world: &World, by: &Actor, card: &CardId) -> String {
    let mut asking = world.ask(by);
    done(make_photo_code(&world.house, &mut asking.call(), card).await).code
}

async fn recognise(
    world: &World,
    kiosk: &Actor,
    code: &str,
) -> Result<kiosk::Sitter, Stop<KioskRefusal>> {
    kiosk::recognise(&world.house, &mut world.ask(kiosk).call(), code).await
}

async fn good(world: &World, kiosk: &Actor, code: &str) -> PhotoId {
    let file = invent(6).unwrap();
    match done(kiosk::photograph(&world.house, &mut world.ask(kiosk).call(), code, &file).await) {
        Tried::Good(photo) => photo,
        Tried::Bad(faults) => panic!("{faults:?}"),
    }
}

async fn keep(world: &World, kiosk: &Actor, photo: &PhotoId) -> Result<(), Stop<KioskRefusal>> {
    kiosk::keep(&world.house, &mut world.ask(kiosk).call(), photo).await
}

#[tokio::test]
async fn a_kiosks_photo_is_printed_only_when_an_officer_has_seen_it() {
    on_each_engine(async |world| {
        let world = &world;
        let (orderer, officer) = (world.actor("Orderer").await, world.actor("Officer").await);
        let card = done(world.order(&orderer, "Student").await);
        let kiosk = opened(world).await;
        let told = code_for(world, &orderer, &card).await;
        assert_eq!(told.len(), 9, "eight digits and a space");
        let sitter = done(recognise(world, &kiosk, &told.replace(' ', "")).await);
        assert_eq!(sitter.card, card);
        assert!(sitter.name.unwrap().ends_with(|c: char| c.is_alphabetic()));
        let bad = Sitting {
            eyes: Eyes::Closed,
            ..Sitting::default()
        };
        let bad = invent_sitting(0, bad).unwrap();
        let mut asking = world.ask(&kiosk);
        let tried = kiosk::photograph(&world.house, &mut asking.call(), &told, &bad).await;
        assert_eq!(done(tried), Tried::Bad(vec![PhotoFault::EyesClosed]));
        let photo = good(world, &kiosk, &told).await;
        assert_eq!(
            world.card(&card).await.photo,
            None,
            "kept before anybody said yes"
        );
        done(keep(world, &kiosk, &photo).await);
        assert_eq!(world.card(&card).await.photo, Some(photo.clone()));
        assert_eq!(world.state(&card).await, CardState::AwaitingPhoto);
        let lanes = done(find::lanes(&world.house, &world.ask(&officer).call()).await);
        let waiting: Vec<_> = lanes
            .iter()
            .filter(|lane| lane.total > 0)
            .map(|lane| (lane.code, lane.cards[0].card.id.clone(), lane.total))
            .collect();
        assert_eq!(waiting, [(LaneCode::PhotoCheck, card.clone(), 1)]);
        assert_eq!(
            code(
                world
                    .make_batch(&officer, std::slice::from_ref(&card))
                    .await
            ),
            "produce.not-ready"
        );
        assert_eq!(
            code(world.approve_photo(&kiosk, &card, &photo, None).await),
            "policy.not-for-actor",
            "a kiosk approved its own photo"
        );
        assert_eq!(
            code(recognise(world, &kiosk, &told).await),
            "kiosk.code-wrong",
            "a code was good for two photos"
        );
        done(world.approve_photo(&officer, &card, &photo, None).await);
        assert_eq!(world.state(&card).await, CardState::ReadyForProduction);
    })
    .await;
}

#[tokio::test]
async fn what_somebody_walked_away_from_is_forgotten() {
    on_each_engine(async |world| {
        let world = &world;
        let orderer = world.actor("Orderer").await;
        let card = done(world.order(&orderer, "Student").await);
        let (kiosk, other) = (opened(world).await, opened(world).await);
        let told = code_for(world, &orderer, &card).await;
        let first = good(world, &kiosk, &told).await;
        assert_eq!(code(keep(world, &other, &first).await), "kiosk.photo-gone");
        let seen = kiosk::picture(&world.house, &world.ask(&other).call(), &first).await;
        assert_eq!(
            code(seen),
            "kiosk.photo-gone",
            "another kiosk showed the photo"
        );
        done(kiosk::forget(&world.house, &mut world.ask(&kiosk).call(), &first).await);
        assert_eq!(code(keep(world, &kiosk, &first).await), "kiosk.photo-gone");
        let second = good(world, &kiosk, &told).await;
        world.clock.advance(std::time::Duration::from_secs(601));
        world.sweep().await;
        assert_eq!(code(keep(world, &kiosk, &second).await), "kiosk.photo-gone");
        let mut read = world.house.database.read().await.unwrap();
        for photo in [&first, &second] {
            let kept = store::photo::picture(&mut read, photo).await.unwrap();
            assert_eq!(kept, None, "a picture nobody wanted is still there");
        }
    })
    .await;
}

#[tokio::test]
async fn codes_are_not_tried_out() {
    on_each_engine(async |world| {
        let world = &world;
        let orderer = world.actor("Orderer").await;
        let card = done(world.order(&orderer, "Student").await);
        let kiosk = opened(world).await;
        let old = code_for(world, &orderer, &card).await;
        let told = code_for(world, &orderer, &card).await;
        assert_eq!(
            code(recognise(world, &kiosk, &old).await),
            "kiosk.code-wrong"
        );
        for _ in 0..4 {
            assert_eq!(code(recognise(world, &kiosk, "").await), "kiosk.code-wrong");
        }
        assert_eq!(code(recognise(world, &kiosk, &told).await), "kiosk.locked");
        world.clock.advance(std::time::Duration::from_secs(61));
        // A right code between two wrong ones begins nothing anew, or whoever has one could try others without an end.
        done(recognise(world, &kiosk, &told).await);
        assert_eq!(code(recognise(world, &kiosk, "").await), "kiosk.code-wrong");
        assert_eq!(code(recognise(world, &kiosk, &told).await), "kiosk.locked");
        world.clock.advance(std::time::Duration::from_secs(121));
        let photo = good(world, &kiosk, &told).await;
        done(keep(world, &kiosk, &photo).await);
        for _ in 0..4 {
            assert_eq!(code(recognise(world, &kiosk, "").await), "kiosk.code-wrong");
        }
        let told = code_for(world, &orderer, &card).await;
        done(recognise(world, &kiosk, &told).await);
        let officer = world.actor("Officer").await;
        let Actor::Kiosk { kiosk: id } = &kiosk else {
            panic!("{kiosk:?}")
        };
        done(kiosk::close(&world.house, &mut world.ask(&officer).call(), id).await);
        assert_eq!(
            code(recognise(world, &kiosk, &told).await),
            "kiosk.not-open"
        );
        assert_eq!(
            code(recognise(world, &officer, &told).await),
            "kiosk.not-open",
            "a person is no kiosk"
        );
        let stranger = signed_in(world.person("Colleague"), &[Role::Auditor], Loa::Three);
        let mut asking = world.ask(&stranger);
        let refused = make_photo_code(&world.house, &mut asking.call(), &card).await;
        assert_eq!(code(refused.map(drop)), "policy.role-missing");
        let refused = kiosk::open(&world.house, &mut asking.call(), "Hallen").await;
        assert_eq!(code(refused.map(drop)), "policy.role-missing");
    })
    .await;
}
