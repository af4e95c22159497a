//! Who may not, and what is not enough: nobody alone gets an eID in another's name (K3.4), and a no changes nothing.

use flows::check_identity::check_identity;
use flows::return_card::Ending;
use model::card::CardState;
use model::credential::LossReason;
use model::id::CardId;
use model::identity_check::{CheckPoint, DocumentKind};
use model::role::{Actor, Role};
use model::{Loa, Timestamp};

use crate::acts::licence;
use crate::world::{World, code, console, done, on_each_engine, plain_code, signed_in};

impl World {
    async fn sequence(&self) -> i64 {
        self.events_after(0).await.len().try_into().unwrap()
    }

    /// Opens an activation; the act itself is not carried out.
    async fn begin(&self, by: &Actor, card: &CardId) -> &'static str {
        code(flows::activate::begin(&self.house, &mut self.ask(by).call(), card).await)
    }
}

#[tokio::test]
async fn who_ordered_does_not_identify_or_activate() {
    on_each_engine(async |mut world| {
        let colleague = world.actor("Colleague").await;
        let officer = world.actor("Officer").await;
        let card = done(world.order(&colleague, "Holder").await);
        done(world.photograph(&officer, &card).await);
        world.deliver(&officer, &card).await;
        assert_eq!(
            code(world.check_identity(&colleague, &card).await),
            "policy.ordered-it"
        );
        assert_eq!(world.begin(&colleague, &card).await, "policy.ordered-it");
        done(world.check_identity(&officer, &card).await);
        // Another's check does not open the door to the orderer.
        assert_eq!(world.begin(&colleague, &card).await, "policy.ordered-it");
        world.activate(&officer, &card).await.unwrap();
        assert_eq!(world.state(&card).await, CardState::Active);
    })
    .await;
}

#[tokio::test]
async fn nobody_acts_on_the_own_card() {
    on_each_engine(async |mut world| {
        let officer = world.actor("Officer").await;
        let orderer = world.actor("Orderer").await;
        assert_eq!(
            code(world.order(&orderer, "Orderer").await),
            "policy.own-card"
        );
        let card = done(world.order(&orderer, "Officer").await);
        assert_eq!(
            code(world.photograph(&officer, &card).await),
            "policy.own-card"
        );
        let guardian = world.actor("Guardian").await;
        done(world.photograph(&guardian, &card).await);
        world.deliver(&guardian, &card).await;
        assert_eq!(
            code(world.check_identity(&officer, &card).await),
            "policy.own-card"
        );
        assert_eq!(world.begin(&officer, &card).await, "policy.own-card");
    })
    .await;
}

#[tokio::test]
async fn every_act_is_refused_to_whoever_may_not() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        let person = world.person("Other");
        let everybody = [
            (Actor::Nobody, "policy.not-signed-in"),
            (Actor::Producer, "policy.not-for-actor"),
            (
                signed_in(person.clone(), &[], Loa::Three),
                "policy.role-missing",
            ),
            (
                signed_in(
                    person.clone(),
                    &[Role::Auditor, Role::WebEditor],
                    Loa::Three,
                ),
                "policy.role-missing",
            ),
            (
                signed_in(person, &[Role::Orderer, Role::IdentityOfficer], Loa::Two),
                "policy.level-too-low",
            ),
        ];
        for (actor, expected) in everybody {
            let before = world.sequence().await;
            let refused = [
                code(world.order(&actor, "Student").await),
                code(world.cancel(&actor, &card).await),
                code(world.photograph(&actor, &card).await),
                code(world.make_batch(&actor, std::slice::from_ref(&card)).await),
                code(world.check_identity(&actor, &card).await),
                world.begin(&actor, &card).await,
                code(world.revoke(&actor, &card, LossReason::Lost).await),
                code(world.return_card(&actor, &card, Ending::Cut).await),
            ];
            assert_eq!(refused, [expected; 8]);
            let log = world.events_after(before).await;
            assert_eq!(log.len(), 8, "every refusal is in the log");
            for row in &log {
                assert!(
                    row.event.ends_with(".refused") && row.detail.contains(expected),
                    "{row:?}"
                );
            }
            assert_eq!(
                world.state(&card).await,
                CardState::Active,
                "a refusal changed something"
            );
        }
        world.is_of_one_mind(&card).await;
    })
    .await;
}

#[tokio::test]
async fn a_protected_identity_is_for_those_who_may() {
    on_each_engine(async |world| {
        let (orderer, guardian) = (world.actor("Orderer").await, world.actor("Guardian").await);
        assert_eq!(
            code(world.order(&orderer, "Hidden").await),
            "policy.protected-identity"
        );
        let card = done(world.order(&guardian, "Hidden").await);
        let officer = world.actor("Officer").await;
        assert_eq!(
            code(world.photograph(&officer, &card).await),
            "policy.protected-identity"
        );
    })
    .await;
}

#[tokio::test]
async fn only_a_document_that_does_and_a_fresh_check() {
    on_each_engine(async |mut world| {
        let card = world.sent_card("Holder").await;
        let (officer, guardian) = (world.actor("Officer").await, world.actor("Guardian").await);
        assert_eq!(
            world.begin(&officer, &card).await,
            "activate.identity-not-checked"
        );
        let mut expired = licence();
        expired.expires_on = model::Date::constant(2020, 1, 1);
        let mut pink = licence();
        pink.kind = DocumentKind::Passport;
        pink.answers = CheckPoint::list_for(pink.kind)
            .map(|point| (point, point != CheckPoint::WineRedCover))
            .collect();
        let mut unasked = licence();
        unasked.answers.clear();
        let mut codes = Vec::new();
        for shown in [&expired, &pink, &unasked] {
            let outcome =
                check_identity(&world.house, &mut world.ask(&officer).call(), &card, shown).await;
            codes.push(code(outcome));
        }
        assert!(
            codes.iter().all(|code| code.starts_with("check-identity.")),
            "{codes:?}"
        );
        codes.dedup();
        assert_eq!(codes.len(), 3, "each has a reason of its own: {codes:?}");
        assert_eq!(
            world.begin(&officer, &card).await,
            "activate.identity-not-checked"
        );
        done(world.check_identity(&guardian, &card).await);
        // Another officer saw the document.
        assert_eq!(
            world.begin(&officer, &card).await,
            "activate.identity-not-checked"
        );
        done(world.check_identity(&officer, &card).await);
        world.clock.set(Timestamp(world.now().seconds() + 3_600));
        assert_eq!(
            world.begin(&officer, &card).await,
            "activate.identity-not-checked"
        );
    })
    .await;
}

#[tokio::test]
async fn time_does_its_part_once() {
    on_each_engine(async |mut world| {
        let officer = world.actor("Officer").await;
        let waiting = world.sent_card("Holder").await;
        let active = world.active_card("Other").await;
        let half = world.sent_card("Student").await;
        done(world.check_identity(&officer, &half).await);
        world.stop_at(std::sync::Arc::new(|seam| seam == "issue.reserved"));
        assert!(world.activate(&officer, &half).await.is_err());
        world.stop_at(std::sync::Arc::new(|_| false));
        assert_eq!(world.state(&half).await, CardState::PartlyActivated);
        world.clock.advance_days(4);
        world.sweep().await;
        assert_eq!(world.state(&half).await, CardState::PartlyActivated);
        world.clock.advance_days(2);
        assert_eq!(world.sweep().await.receipts_missed, 1);
        assert_eq!(world.state(&half).await, CardState::Revoked);
        world.is_of_one_mind(&half).await;
        world.clock.advance_days(90);
        assert_eq!(world.sweep().await.lapsed, 1);
        assert_eq!(world.state(&waiting).await, CardState::ExpiredUnactivated);
        let again = world.sweep().await;
        assert_eq!(
            (again.lapsed, again.receipts_missed, again.expired),
            (0, 0, 0)
        );
        world.clock.advance_days(5 * 366);
        // The responders' certificates have run out by then: a process starts anew at least once in five years.
        world.restart().await;
        assert_eq!(world.sweep().await.expired, 1);
        assert_eq!(world.state(&active).await, CardState::Expired);
        assert_eq!(
            plain_code(world.sign_in(&active).await),
            "sign-in.certificate-expired"
        );
    })
    .await;
}

#[tokio::test]
async fn the_founding_ends() {
    on_each_engine(async |mut world| {
        let person = world.person("Officer");
        let nobody =
            flows::found::founder(&world.house, &world.ask(&Actor::Nobody).call(), &person).await;
        assert_eq!(code(nobody), "policy.not-signed-in");
        let holder = world.person("Holder");
        let stranger =
            flows::found::founder(&world.house, &world.ask(&console()).call(), &holder).await;
        assert_eq!(code(stranger), "found.not-officer");
        done(flows::found::founder(&world.house, &world.ask(&console()).call(), &person).await);
        let officer = world.actor("Officer").await;
        let guardian = world.actor("Guardian").await;
        for (name, by) in [("Officer", &guardian), ("Guardian", &officer)] {
            let orderer = if name == "Officer" {
                "Orderer"
            } else {
                "Colleague"
            };
            let card = done(world.order(&world.actor(orderer).await, name).await);
            done(world.photograph(by, &card).await);
            world.deliver(by, &card).await;
            done(world.check_identity(by, &card).await);
            world.activate(by, &card).await.unwrap();
        }
        let late =
            flows::found::founder(&world.house, &world.ask(&console()).call(), &person).await;
        assert_eq!(code(late), "found.already-founded");
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_with_its_card_and_by_itself() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        let holder = world.actor("Holder").await;
        let idle = world.sign_in(&card).await.unwrap();
        world.clock.set(Timestamp(world.now().seconds() + 1_800));
        assert_eq!(
            code(flows::sign_in::actor(&world.house, world.now(), &idle).await),
            "sign-in.session-ended"
        );
        let session = world.sign_in(&card).await.unwrap();
        done(flows::sign_in::actor(&world.house, world.now(), &session).await);
        done(world.revoke(&holder, &card, LossReason::Lost).await);
        assert_eq!(
            code(flows::sign_in::actor(&world.house, world.now(), &session).await),
            "sign-in.session-ended"
        );
    })
    .await;
}

#[tokio::test]
async fn a_bad_photo_is_overruled_with_a_reason_or_not_at_all() {
    use flows::photograph::photograph;
    use model::card::CardState;
    use model::photo::PhotoFault;
    use print::portrait::{Eyes, Sitting, Wall, invent_sitting};
    on_each_engine(async |world| {
        let (orderer, officer) = (world.actor("Orderer").await, world.actor("Officer").await);
        let card = done(world.order(&orderer, "Student").await);
        let sitting = Sitting {
            eyes: Eyes::Closed,
            wall: Wall::Shelf,
            tilt: 0.0,
        };
        let bad = invent_sitting(0, sitting).unwrap();
        let take = async |file: &[u8]| {
            done(photograph(&world.house, &mut world.ask(&officer).call(), &card, file).await)
        };
        let earlier = take(&bad).await;
        let taken = take(&bad).await;
        assert_eq!(taken.faults, [PhotoFault::EyesClosed, PhotoFault::BusyWall]);
        assert_eq!(world.card(&card).await.photo, Some(taken.id.clone()));
        let approve =
            async |photo, reason| code(world.approve_photo(&officer, &card, photo, reason).await);
        assert_eq!(approve(&earlier.id, None).await, "approve-photo.not-this");
        assert_eq!(approve(&taken.id, None).await, "approve-photo.faults");
        for unclear in [
            "",
            "ok",
            "........ 1234567890",
            "Anna 19121212-1212 ser ut så",
        ] {
            assert_eq!(
                approve(&taken.id, Some(unclear)).await,
                "approve-photo.reason-unclear",
                "{unclear}"
            );
        }
        assert_eq!(world.state(&card).await, CardState::AwaitingPhoto);
        assert_eq!(
            code(
                world
                    .make_batch(&officer, std::slice::from_ref(&card))
                    .await
            ),
            "produce.not-ready",
            "a photo that nobody approved reached production"
        );
        let before = world.sequence().await;
        let reason = "Blinkar av ljuset, jämförd på plats";
        done(
            world
                .approve_photo(&officer, &card, &taken.id, Some(reason))
                .await,
        );
        let log = world.events_after(before).await;
        let overruled = log
            .iter()
            .find(|row| row.event == "photo.overruled")
            .unwrap();
        for told in [reason, "eyes-closed", "busy-wall", "photographer-approved"] {
            assert!(overruled.detail.contains(told), "{}", overruled.detail);
        }
        assert_eq!(world.state(&card).await, CardState::ReadyForProduction);
        let mut read = world.house.database.read().await.unwrap();
        let kept = store::photo::by_id(&mut read, &taken.id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(kept.overruled.unwrap().as_str(), reason);
        assert!(
            store::photo::by_id(&mut read, &earlier.id)
                .await
                .unwrap()
                .is_none(),
            "a photo that was taken again is kept"
        );
    })
    .await;
}

#[tokio::test]
async fn too_few_pixels_are_not_argued_with() {
    use flows::photograph::photograph;
    use model::photo::PhotoFault;
    on_each_engine(async |world| {
        let (orderer, officer) = (world.actor("Orderer").await, world.actor("Officer").await);
        let card = done(world.order(&orderer, "Student").await);
        let person = image::load_from_memory(&print::portrait::invent(6).unwrap()).unwrap();
        let mut room = image::RgbImage::from_pixel(1200, 1600, image::Rgb([226, 230, 232]));
        let small = person
            .thumbnail(315, 420)
            .crop_imm(0, 0, 315, 390)
            .into_rgb8();
        image::imageops::replace(&mut room, &small, 450, 500);
        let mut file = std::io::Cursor::new(Vec::new());
        room.write_to(&mut file, image::ImageFormat::Jpeg).unwrap();
        let mut asking = world.ask(&officer);
        let taken = photograph(&world.house, &mut asking.call(), &card, file.get_ref()).await;
        let taken = done(taken);
        assert_eq!(taken.faults, [PhotoFault::FaceTooSmall]);
        assert_eq!(
            code(
                world
                    .approve_photo(&officer, &card, &taken.id, Some("Den får duga ändå"))
                    .await
            ),
            "approve-photo.cannot-be-overruled"
        );
    })
    .await;
}
