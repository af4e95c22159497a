//! A desk that does not play fair, and tickets that are not what they should be.

use flows::desk::{Ask, DeskStop, Next, Reply};
use flows::{PlainStop, Stop, activate, sign_in};
use model::Timestamp;
use model::card::CardState;
use model::credential::{CredentialState, LossReason};
use model::id::CardId;
use model::role::{Actor, Role};
use pki::key::{KeyKind, Signer as _, SoftwareKey};

use crate::crash::letters;
use crate::desk::Desk;
use crate::staff::Row;
use crate::world::{World, code, console, done, on_each_engine, plain_code};

async fn card_at_the_station(world: &mut World, index: usize) -> CardId {
    let name = format!("Tricked{}", letters(index));
    let row = Row::new(u32::try_from(100 + index).unwrap(), &name).services("npo");
    world.import(&[row]).await;
    let card = world.sent_card(&name).await;
    done(
        world
            .check_identity(&world.actor("Officer").await, &card)
            .await,
    );
    card
}

fn spoilt(mut bytes: Vec<u8>) -> Vec<u8> {
    let last = bytes.last_mut().unwrap();
    *last ^= 1;
    bytes
}

/// One trick: what it does to a reply, and what the act says to it.
type Trick = (&'static str, fn(&Ask, Reply) -> Reply);

const TRICKS: &[Trick] = &[
    ("activate.other-card", |_, reply| match reply {
        Reply::Card { .. } => Reply::Card {
            number: Some("9752100000000000000".to_owned()),
        },
        other => other,
    }),
    ("activate.other-card", |_, reply| match reply {
        Reply::Card { .. } => Reply::Card { number: None },
        other => other,
    }),
    ("activate.card-foreign", |ask, reply| match ask {
        Ask::AnswerManagement { .. } => Reply::ManagementRefused,
        _ => reply,
    }),
    ("activate.card-foreign", |ask, reply| match ask {
        Ask::ChallengeManagement => Reply::ManagementRefused,
        _ => reply,
    }),
    ("activate.card-foreign", |ask, reply| match ask {
        Ask::ChooseCode { .. } => Reply::UnlockCodesRefused,
        _ => reply,
    }),
    ("activate.key-unproven", |_, reply| match reply {
        // A key that the card does not hold.
        Reply::Key(_) => Reply::Key(
            SoftwareKey::generate(KeyKind::P256)
                .unwrap()
                .public_key()
                .der()
                .to_vec(),
        ),
        other => other,
    }),
    ("activate.key-unproven", |_, reply| match reply {
        Reply::Key(_) => Reply::Key(
            SoftwareKey::generate(KeyKind::P384)
                .unwrap()
                .public_key()
                .der()
                .to_vec(),
        ),
        other => other,
    }),
    ("activate.key-unproven", |_, reply| match reply {
        Reply::Key(key) => Reply::Key(key[1..].to_vec()),
        other => other,
    }),
    ("activate.key-unproven", |_, reply| match reply {
        Reply::Signature(signature) => Reply::Signature(spoilt(signature)),
        other => other,
    }),
    ("activate.certificate-differs", |_, reply| match reply {
        Reply::CertificateWritten(certificate) => Reply::CertificateWritten(spoilt(certificate)),
        other => other,
    }),
    ("activate.certificate-differs", |_, reply| match reply {
        Reply::CertificateWritten(_) => Reply::CertificateWritten(Vec::new()),
        other => other,
    }),
    ("activate.receipt-invalid", |ask, reply| {
        match (ask, reply) {
            (Ask::Sign { text: Some(_), .. }, Reply::Signature(signature)) => {
                Reply::Signature(spoilt(signature))
            }
            (_, other) => other,
        }
    }),
    ("activate.answer-unexpected", |ask, reply| match ask {
        Ask::GenerateKey { .. } => Reply::IdentityWritten,
        _ => reply,
    }),
    ("activate.cancelled", |ask, reply| match ask {
        Ask::ChooseCode { .. } => Reply::Stopped(DeskStop::Cancelled),
        _ => reply,
    }),
    ("activate.code-blocked", |ask, reply| match ask {
        Ask::Sign { .. } => Reply::Stopped(DeskStop::CodeBlocked),
        _ => reply,
    }),
];

#[tokio::test]
async fn no_trick_at_the_desk_makes_a_card_active() {
    on_each_engine(async |mut world| {
        for (index, (expected, trick)) in TRICKS.iter().enumerate() {
            let card = card_at_the_station(&mut world, index).await;
            let officer = world.actor("Officer").await;
            let ticket =
                done(activate::begin(&world.house, &mut world.ask(&officer).call(), &card).await);
            let mut chip = world.chips.remove(&card).unwrap();
            let mut trick = *trick;
            let outcome = world
                .activate_with_ticket(&ticket.secret, &mut chip, &mut trick)
                .await;
            assert_eq!(plain_code(outcome), *expected, "trick {index}");
            world.chips.insert(card.clone(), chip);
            assert_ne!(world.state(&card).await, CardState::Active);
            world.is_of_one_mind(&card).await;
            // The act is over; a new one takes up where the card stands.
            let late = activate::proceed(
                &world.house,
                &mut world.ask(&Actor::Nobody).call(),
                &ticket.secret,
                Reply::CodeEntered,
            )
            .await;
            assert_eq!(code(late), "activate.ticket-invalid");
            world.activate(&officer, &card).await.unwrap();
            world.is_whole(&card).await;
        }
        world.is_in_order().await;
    })
    .await;
}

/// Drives an activation until the first ask that `stop` wants; hands that ask back.
async fn drive(world: &World, secret: &str, desk: &mut Desk<'_>, stop: fn(&Ask) -> bool) -> Ask {
    let client = Actor::Nobody;
    let mut ask = done(
        activate::hello(
            &world.house,
            &mut world.ask(&client).call(),
            secret,
            desk.key(),
        )
        .await,
    )
    .ask;
    while !stop(&ask) {
        let reply = desk.answer(&ask);
        match done(
            activate::proceed(&world.house, &mut world.ask(&client).call(), secret, reply).await,
        ) {
            Next::Ask(next) => ask = next,
            Next::Finished => panic!("it finished"),
        }
    }
    ask
}

async fn answer(
    world: &World,
    secret: &str,
    desk: &mut Desk<'_>,
    ask: &Ask,
) -> Result<Next, PlainStop> {
    let reply = desk.answer(ask);
    let client = Actor::Nobody;
    activate::proceed(&world.house, &mut world.ask(&client).call(), secret, reply)
        .await
        .map_err(Stop::plain)
}

#[tokio::test]
async fn a_card_revoked_in_the_middle_gets_nothing_more() {
    on_each_engine(async |mut world| {
        let card = card_at_the_station(&mut world, 0).await;
        let officer = world.actor("Officer").await;
        let ticket =
            done(activate::begin(&world.house, &mut world.ask(&officer).call(), &card).await);
        let mut chip = world.chips.remove(&card).unwrap();
        let mut desk = Desk::new(&mut chip);
        let ask = drive(&world, &ticket.secret, &mut desk, |ask| {
            matches!(ask, Ask::WriteCertificate { .. })
        })
        .await;
        done(world.revoke(&officer, &card, LossReason::Lost).await);
        assert_eq!(
            plain_code(answer(&world, &ticket.secret, &mut desk, &ask).await),
            "activate.not-waiting"
        );
        world.chips.insert(card.clone(), chip);
        world.is_of_one_mind(&card).await;
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn an_earlier_intention_finished_between_key_and_proof_does_not_pass_for_the_new_key() {
    on_each_engine(async |mut world| {
        let card = card_at_the_station(&mut world, 0).await;
        let officer = world.actor("Officer").await;
        // One node dies with an intention for one key …
        world.stop_at(std::sync::Arc::new(|seam| seam == "issue.reserved"));
        world.activate(&officer, &card).await.unwrap_err();
        world.stop_at(std::sync::Arc::new(|_| false));
        // … another has the card make a second key, and then the first comes up again.
        let ticket =
            done(activate::begin(&world.house, &mut world.ask(&officer).call(), &card).await);
        let mut chip = world.chips.remove(&card).unwrap();
        chip.power_off();
        let mut desk = Desk::new(&mut chip);
        let mut ask = drive(&world, &ticket.secret, &mut desk, |ask| {
            matches!(ask, Ask::Sign { .. })
        })
        .await;
        assert_eq!(world.restart().await, 1);
        while let Next::Ask(next) = answer(&world, &ticket.secret, &mut desk, &ask)
            .await
            .unwrap()
        {
            ask = next;
        }
        world.chips.insert(card.clone(), chip);
        world.is_whole(&card).await;
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn an_officer_who_loses_the_role_is_stopped_in_the_middle() {
    on_each_engine(async |mut world| {
        let card = card_at_the_station(&mut world, 0).await;
        let officer = world.actor("Officer").await;
        let ticket =
            done(activate::begin(&world.house, &mut world.ask(&officer).call(), &card).await);
        let mut chip = world.chips.remove(&card).unwrap();
        let mut desk = Desk::new(&mut chip);
        let ask = drive(&world, &ticket.secret, &mut desk, |ask| {
            matches!(ask, Ask::ChooseCode { .. })
        })
        .await;
        let person = world.person("Officer");
        let withdrawn = flows::grant_role::withdraw_role(
            &world.house,
            &mut world.ask(&console()).call(),
            &person,
            Role::IdentityOfficer,
        )
        .await;
        done(withdrawn);
        let before = i64::try_from(world.events_after(0).await.len()).unwrap();
        assert_eq!(
            plain_code(answer(&world, &ticket.secret, &mut desk, &ask).await),
            "policy.role-missing"
        );
        let [refused] = world.events_after(before).await.try_into().unwrap();
        assert_eq!(
            (refused.event.as_str(), refused.actor),
            ("activate.refused", format!("person:{person}"))
        );
        assert_eq!(world.state(&card).await, CardState::Sent);
    })
    .await;
}

#[tokio::test]
async fn a_ticket_opens_once_soon_and_for_its_own_act() {
    on_each_engine(async |mut world| {
        let card = card_at_the_station(&mut world, 0).await;
        let officer = world.actor("Officer").await;
        let key = pki::envelope::ActKey::generate().unwrap();
        let world = &world;
        let begin = async || {
            done(activate::begin(&world.house, &mut world.ask(&officer).call(), &card).await).secret
        };
        let hello = async |secret: &str| {
            activate::hello(
                &world.house,
                &mut world.ask(&Actor::Nobody).call(),
                secret,
                key.public(),
            )
            .await
        };

        // Two clients at once: one gets it.
        let secret = begin().await;
        let (one, other) = tokio::join!(hello(&secret), hello(&secret));
        assert_eq!(
            [one.is_ok(), other.is_ok()]
                .iter()
                .filter(|opened| **opened)
                .count(),
            1
        );
        assert_eq!(code(hello(&secret).await), "activate.ticket-invalid");
        assert_eq!(
            code(hello("00000000000000000000000000000000").await),
            "activate.ticket-invalid"
        );
        // Another act's client.
        let secret = begin().await;
        let foreign =
            sign_in::hello(&world.house, &mut world.ask(&Actor::Nobody).call(), &secret).await;
        assert_eq!(code(foreign), "sign-in.ticket-invalid");
        // Nothing happens before it is opened.
        let early = activate::proceed(
            &world.house,
            &mut world.ask(&Actor::Nobody).call(),
            &secret,
            Reply::CodeEntered,
        )
        .await;
        assert_eq!(code(early), "activate.ticket-invalid");
        // A quarter of an hour, unopened and between two messages.
        world.clock.set(Timestamp(world.now().seconds() + 900));
        assert_eq!(code(hello(&secret).await), "activate.ticket-invalid");
        let secret = begin().await;
        done(hello(&secret).await);
        world.clock.set(Timestamp(world.now().seconds() + 900));
        let late = activate::proceed(
            &world.house,
            &mut world.ask(&Actor::Nobody).call(),
            &secret,
            Reply::CodeEntered,
        )
        .await;
        assert_eq!(code(late), "activate.ticket-invalid");
    })
    .await;
}

#[tokio::test]
async fn an_answer_counts_once() {
    on_each_engine(async |mut world| {
        let card = card_at_the_station(&mut world, 0).await;
        let officer = world.actor("Officer").await;
        let ticket =
            done(activate::begin(&world.house, &mut world.ask(&officer).call(), &card).await);
        let mut chip = world.chips.remove(&card).unwrap();
        let mut desk = Desk::new(&mut chip);
        let ask = drive(&world, &ticket.secret, &mut desk, |ask| {
            matches!(ask, Ask::Sign { .. })
        })
        .await;
        let proof = desk.answer(&ask);
        let send = async |reply: Reply| {
            activate::proceed(
                &world.house,
                &mut world.ask(&Actor::Nobody).call(),
                &ticket.secret,
                reply,
            )
            .await
        };
        let (one, other) = tokio::join!(send(proof.clone()), send(proof));
        assert!(
            one.is_ok() ^ other.is_ok(),
            "both answers were taken, or neither"
        );
        let live = world
            .certificates(&card)
            .await
            .into_iter()
            .filter(|row| row.state != CredentialState::Revoked)
            .count();
        assert_eq!(live, 1);
        world.chips.insert(card.clone(), chip);
        world.activate(&officer, &card).await.unwrap();
        world.is_whole(&card).await;
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn a_key_for_secrets_that_is_no_point_gets_none() {
    on_each_engine(async |mut world| {
        let card = card_at_the_station(&mut world, 0).await;
        let officer = world.actor("Officer").await;
        let ticket =
            done(activate::begin(&world.house, &mut world.ask(&officer).call(), &card).await);
        let mut chip = world.chips.remove(&card).unwrap();
        let mut desk = Desk::new(&mut chip);
        let client = Actor::Nobody;
        let mut ask = done(
            activate::hello(
                &world.house,
                &mut world.ask(&client).call(),
                &ticket.secret,
                &[4; 65],
            )
            .await,
        )
        .ask;
        let refused = loop {
            match answer(&world, &ticket.secret, &mut desk, &ask).await {
                Ok(Next::Ask(next)) => ask = next,
                Ok(Next::Finished) => panic!("it finished"),
                Err(stop) => break plain_code(Err::<(), _>(stop)),
            }
        };
        assert_eq!(refused, "activate.answer-unexpected");
        world.chips.insert(card.clone(), chip);
        world.activate(&officer, &card).await.unwrap();
        world.is_whole(&card).await;
    })
    .await;
}
