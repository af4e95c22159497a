//! Signing in: with the right card, the right code, in the right browser, for as long as it lasts.

use flows::desk::{Ask, Reply};
use flows::sign_in::{Begun, Waiting, actor, begin, enter, sign_out, waiting};
use model::card::CardState;
use model::credential::LossReason;
use model::role::{Actor, Role};
use model::{Loa, Timestamp};
use piv::{Host, Pin};

use crate::desk::{honest, place};
use crate::world::{World, code, done, on_each_engine, plain_code};

impl World {
    async fn begin_sign_in(&self) -> Begun {
        done(
            begin(
                &self.house,
                &mut self.ask(&Actor::Nobody).call(),
                "Mina sidor",
            )
            .await,
        )
    }

    async fn waits(&self, begun: &Begun, browser: &str) -> Waiting {
        let mut asking = self.ask(&Actor::Nobody);
        done(waiting(&self.house, &asking.call(), &begun.ticket.id, browser).await)
    }

    fn later(&self, seconds: i64) {
        self.clock.set(Timestamp(self.now().seconds() + seconds));
    }
}

#[tokio::test]
async fn the_browser_that_asked_gets_in_once() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        let mut chip = world.chips.remove(&card).unwrap();
        let begun = world.begin_sign_in().await;
        assert_eq!(world.waits(&begun, &begun.browser).await, Waiting::Open);
        let into = async |browser: &str| {
            let client = Actor::Nobody;
            enter(
                &world.house,
                &mut world.ask(&client).call(),
                &begun.ticket.id,
                browser,
            )
            .await
        };
        assert_eq!(code(into(&begun.browser).await), "sign-in.ticket-invalid");
        world
            .sign_with_ticket(&begun.ticket.secret, &mut chip, &mut honest)
            .await
            .unwrap();
        assert_eq!(world.waits(&begun, &begun.browser).await, Waiting::Signed);
        assert_eq!(world.waits(&begun, "another browser").await, Waiting::Over);
        assert_eq!(
            code(into("another browser").await),
            "sign-in.ticket-invalid"
        );
        let (one, other) = tokio::join!(into(&begun.browser), into(&begun.browser));
        let entered = [one, other]
            .into_iter()
            .filter_map(Result::ok)
            .collect::<Vec<_>>();
        assert_eq!(entered.len(), 1);
        assert_eq!(entered[0].person, world.person("Holder"));
        assert_eq!(code(into(&begun.browser).await), "sign-in.ticket-invalid");
    })
    .await;
}

#[tokio::test]
async fn a_signed_ticket_lets_nobody_in_when_the_card_is_revoked_or_it_is_late() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        for late in [true, false] {
            let begun = world.begin_sign_in().await;
            let mut chip = world.chips.remove(&card).unwrap();
            chip.power_off();
            world
                .sign_with_ticket(&begun.ticket.secret, &mut chip, &mut honest)
                .await
                .unwrap();
            world.chips.insert(card.clone(), chip);
            if late {
                world.later(900);
            } else {
                done(
                    world
                        .revoke(&world.actor("Holder").await, &card, LossReason::Lost)
                        .await,
                );
            }
            let mut asking = world.ask(&Actor::Nobody);
            let entered = enter(
                &world.house,
                &mut asking.call(),
                &begun.ticket.id,
                &begun.browser,
            )
            .await;
            let expected =
                ["sign-in.certificate-revoked", "sign-in.ticket-invalid"][usize::from(late)];
            assert_eq!(code(entered), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn only_the_card_itself_signs_in() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        let empty = world.sent_card("Other").await;
        let mut chip = world.chips.remove(&card).unwrap();
        // The chip of a card that is not activated has no certificate.
        assert_eq!(
            plain_code(world.sign_in(&empty).await),
            "sign-in.no-certificate"
        );
        // Somebody who has copied the certificate and has another key.
        let mut forger = |_: &Ask, reply: Reply| match reply {
            Reply::Signature(mut signature) => {
                *signature.last_mut().unwrap() ^= 1;
                Reply::Signature(signature)
            }
            other => other,
        };
        let forged = world.sign_in_with(&mut chip, &mut forger).await;
        assert_eq!(plain_code(forged), "sign-in.signature-invalid");
        // The signature certificate is not for login, however genuine it is.
        let of_signature = {
            let mut host = Host::new(&mut chip);
            host.select().unwrap();
            host.read_certificate(place(0x9C)).unwrap()
        };
        let mut other_slot = |_: &Ask, reply: Reply| match reply {
            Reply::Certificate(_) => Reply::Certificate(of_signature.clone()),
            other => other,
        };
        chip.power_off();
        let wrong_kind = world.sign_in_with(&mut chip, &mut other_slot).await;
        assert_eq!(plain_code(wrong_kind), "sign-in.certificate-foreign");
        // A certificate of a house that is built like ours and is not ours.
        let mut elsewhere = World::open(testkit::sqlite().await).await;
        let foreign = elsewhere.active_card("Holder").await;
        let mut stranger = elsewhere.chips.remove(&foreign).unwrap();
        stranger.power_off();
        let outcome = world.sign_in_with(&mut stranger, &mut honest).await;
        assert_eq!(plain_code(outcome), "sign-in.certificate-foreign");
        chip.power_off();
        world.sign_in_with(&mut chip, &mut honest).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_blocked_code_signs_in_no_more() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        let chip = world.chips.get_mut(&card).unwrap();
        chip.power_off();
        let mut host = Host::new(chip);
        host.select().unwrap();
        for _ in 0..3 {
            host.verify_pin(&Pin::parse(b"99999999").unwrap())
                .unwrap_err();
        }
        assert_eq!(
            plain_code(world.sign_in(&card).await),
            "sign-in.code-blocked"
        );
        assert_eq!(world.state(&card).await, CardState::Active);
    })
    .await;
}

#[tokio::test]
async fn a_session_lasts_a_working_day_at_most() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        let session = world.sign_in(&card).await.unwrap();
        world.grant("Holder", Role::Auditor).await;
        // Used every twenty-five minutes, it goes on until ten hours have passed.
        for round in 1..=24 {
            let (found, used) = done(actor(&world.house, world.now(), &session).await);
            assert_eq!(
                (found.loa(), &used),
                (Some(Loa::Three), &card),
                "round {round}"
            );
            assert_eq!(
                found,
                world.actor("Holder").await,
                "with the roles of the moment"
            );
            world.later(1_500);
        }
        assert_eq!(
            code(actor(&world.house, world.now(), &session).await),
            "sign-in.session-ended"
        );
        world.sweep().await;
        let session = world.sign_in(&card).await.unwrap();
        let (found, _) = done(actor(&world.house, world.now(), &session).await);
        done(sign_out(&world.house, &world.ask(&found).call(), &session).await);
        assert_eq!(
            code(actor(&world.house, world.now(), &session).await),
            "sign-in.session-ended"
        );
    })
    .await;
}
