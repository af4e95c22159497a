//! Every act asked of by every sort of actor: who may not is told so, the log has it, and nothing else has changed.

use flows::deliver::{Report, report};
use flows::end_engagement::end_engagement;
use flows::found::founder;
use flows::grant_role::{grant_role, withdraw_role};
use flows::import_staff::{ImportStop, Options, import_staff};
use flows::photograph::photograph;
use flows::produce::consignments;
use flows::return_card::Ending;
use flows::sweep::sweep;
use flows::{PlainStop, Stop};
use model::Loa;
use model::card::{CardNumber, CardState};
use model::credential::{CredentialState, LossReason};
use model::id::{BatchId, CardId, EngagementId};
use model::role::{Actor, Role};

use crate::acts::{licence, portrait};
use crate::staff::{Row, export};
use crate::world::{World, console, done, on_each_engine, signed_in};

/// The acts: what the log calls their refusal, and to whom they are open at level 3.
const ACTS: &[(&str, &str, &[&str])] = &[
    ("import", "import-staff", &["operator", "console"]),
    ("grant", "grant-role", &["responsible-issuer", "console"]),
    ("withdraw", "grant-role", &["responsible-issuer", "console"]),
    ("found", "found", &["console"]),
    ("order", "order", &["orderer"]),
    (
        "cancel",
        "order",
        &["orderer", "identity-officer", "system"],
    ),
    ("photograph", "photograph", &["identity-officer"]),
    ("approve-photo", "approve-photo", &["identity-officer"]),
    ("produce", "produce", &["identity-officer", "system"]),
    ("consignments", "produce", &["producer"]),
    ("deliver", "deliver", &["producer"]),
    ("check", "check-identity", &["identity-officer"]),
    ("activate", "activate", &["identity-officer"]),
    ("unlock", "unlock", &["identity-officer"]),
    (
        "revoke",
        "revoke",
        &[
            "identity-officer",
            "responsible-issuer",
            "security-officer",
            "console",
            "system",
        ],
    ),
    (
        "hold",
        "hold",
        &[
            "identity-officer",
            "responsible-issuer",
            "security-officer",
            "console",
        ],
    ),
    (
        "release",
        "release",
        &["identity-officer", "responsible-issuer"],
    ),
    ("end", "end-engagement", &["orderer", "console", "system"]),
    ("return", "return-card", &["identity-officer"]),
    ("sweep", "sweep", &["system"]),
];

/// What the acts are tried on.
struct Things {
    waiting: CardId,
    ready: CardId,
    sent: CardId,
    active: CardId,
    batch: BatchId,
    number: CardNumber,
    engagement: EngagementId,
}

async fn things(world: &mut World) -> Things {
    let (orderer, officer) = (world.actor("Orderer").await, world.actor("Officer").await);
    let active = world.active_card("Holder").await;
    let sent = world.sent_card("Other").await;
    let waiting = done(world.order(&orderer, "Student").await);
    let ready = done(world.order(&orderer, "Issuer").await);
    done(world.photograph(&officer, &ready).await);
    let number = world.number(&sent).await;
    let mut read = world.house.database.read().await.unwrap();
    let order = world.card(&active).await.order;
    let order = store::card_order::by_id(&mut read, &order).await.unwrap();
    Things {
        batch: world.card(&sent).await.batch.unwrap(),
        engagement: order.unwrap().engagement,
        waiting,
        ready,
        sent,
        active,
        number,
    }
}

fn plain<T, R: flows::Refuse>(outcome: Result<T, Stop<R>>) -> Result<(), PlainStop> {
    outcome.map(drop).map_err(Stop::plain)
}

async fn attempt(world: &World, act: &str, by: &Actor, things: &Things) -> Result<(), PlainStop> {
    let (house, person) = (&world.house, world.person("Student"));
    let mut asking = world.ask(by);
    let call = &mut asking.call();
    match act {
        "import" => {
            let file = export(&[Row::new(90, "Newcomer")]);
            match import_staff(house, call, &file, Options::default()).await {
                Ok(_) => Ok(()),
                Err(ImportStop::Stop(stop)) => Err(stop.plain()),
                Err(ImportStop::File(problem)) => panic!("{problem}"),
            }
        }
        "grant" => plain(grant_role(house, call, &person, Role::Auditor).await),
        "withdraw" => {
            plain(withdraw_role(house, call, &world.person("Officer"), Role::IdentityOfficer).await)
        }
        "found" => plain(founder(house, call, &world.person("Officer")).await),
        "order" => plain(flows::order::order(house, call, &world.person("Colleague")).await),
        "cancel" => plain(flows::order::cancel(house, call, &things.waiting).await),
        "photograph" => plain(photograph(house, call, &things.waiting, portrait()).await),
        "approve-photo" => {
            let photo = model::id::PhotoId::new(call.now, [0; 10]);
            plain(world.approve_photo(by, &things.waiting, &photo, None).await)
        }
        "produce" => plain(
            world
                .make_batch(by, std::slice::from_ref(&things.ready))
                .await,
        ),
        "consignments" => plain(consignments(house, call, &things.batch).await),
        "deliver" => plain(report(house, call, &things.number, Report::Undelivered).await),
        "check" => {
            let check = flows::check_identity::check_identity;
            plain(check(house, call, &things.sent, &licence()).await)
        }
        "activate" => plain(flows::activate::begin(house, call, &things.sent).await),
        "unlock" => plain(flows::unlock::begin(house, call, &things.active).await),
        "revoke" => plain(world.revoke(by, &things.active, LossReason::Lost).await),
        "hold" => plain(world.hold(by, &things.active).await),
        "release" => plain(world.release(by, &things.active).await),
        "end" => {
            let today = call.today();
            plain(end_engagement(house, call, &things.engagement, today).await)
        }
        "return" => plain(world.return_card(by, &things.active, Ending::Cut).await),
        "sweep" => sweep(house, call).await.map(drop),
        other => panic!("no act is called {other}"),
    }
}

#[tokio::test]
async fn who_may_not_changes_nothing_but_the_log() {
    on_each_engine(async |mut world| {
        let things = things(&mut world).await;
        // Somebody without a card in the game, so that roles alone decide.
        let stranger = world.person("Guardian");
        let mut actors = vec![
            ("nobody", Actor::Nobody),
            ("producer", Actor::Producer),
            ("system", Actor::System),
            ("console", console()),
            ("no role", signed_in(stranger.clone(), &[], Loa::Three)),
            ("level 2", signed_in(stranger.clone(), Role::ALL, Loa::Two)),
        ];
        for role in Role::ALL {
            actors.push((
                role.code(),
                signed_in(stranger.clone(), &[*role], Loa::Three),
            ));
        }
        let mut sequence = i64::try_from(world.events_after(0).await.len()).unwrap();
        for (name, actor) in &actors {
            let mut before = world.database.snapshot().await;
            for (act, logged, open_to) in ACTS {
                if open_to.contains(name) {
                    continue;
                }
                let code = crate::world::plain_code(attempt(&world, act, actor, &things).await);
                assert!(code.starts_with("policy."), "{act} by {name}: {code}");
                let [row] = world.events_after(sequence).await.try_into().unwrap();
                assert_eq!(row.event, format!("{logged}.refused"), "{act} by {name}");
                assert!(row.detail.contains(code), "{act} by {name}: {}", row.detail);
                assert_eq!(row.actor, flows::audit::actor_text(actor));
                sequence += 1;
            }
            let mut after = world.database.snapshot().await;
            assert!(before.remove("audit") != after.remove("audit"));
            assert_eq!(before, after, "what {name} was refused changed something");
        }
        // The same acts by those who may are not refused by policy, so the table above is not met by a locked house.
        for (act, _, open_to) in ACTS {
            for name in *open_to {
                let (_, actor) = actors.iter().find(|(other, _)| other == name).unwrap();
                if let Err(PlainStop::Refused(code)) = attempt(&world, act, actor, &things).await {
                    assert!(!code.starts_with("policy."), "{act} by {name}: {code}");
                }
            }
        }
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn a_holder_stops_the_own_card_and_no_other() {
    on_each_engine(async |mut world| {
        let (own, other) = (
            world.active_card("Holder").await,
            world.active_card("Other").await,
        );
        let holder = signed_in(world.person("Holder"), &[], Loa::Two);
        let refused = world.revoke(&holder, &other, LossReason::Lost).await;
        assert_eq!(crate::world::code(refused), "policy.role-missing");
        world.is_of_one_mind(&other).await;
        done(
            world
                .revoke(&holder, &own, LossReason::CompromisedKey)
                .await,
        );
        let again = world.revoke(&holder, &own, LossReason::Lost).await;
        assert_eq!(crate::world::code(again), "revoke.already-revoked");
        world.is_of_one_mind(&own).await;
    })
    .await;
}

/// Anybody may hold the own card, and an officer who neither holds nor ordered it gives it back its worth.
#[tokio::test]
async fn a_card_is_held_by_its_holder_and_released_by_another() {
    on_each_engine(async |mut world| {
        let (own, other) = (
            world.active_card("Colleague").await,
            world.active_card("Other").await,
        );
        let holder = signed_in(world.person("Colleague"), &[], Loa::Two);
        assert_eq!(
            crate::world::code(world.hold(&holder, &other).await),
            "policy.role-missing"
        );
        let session = world.sign_in(&own).await.unwrap();
        done(world.hold(&holder, &own).await);
        let ended = flows::sign_in::actor(&world.house, world.now(), &session).await;
        assert_eq!(crate::world::code(ended), "sign-in.session-ended");
        assert_eq!(world.state(&own).await, CardState::Active);
        world.is_of_one_mind(&own).await;
        assert_eq!(
            crate::world::code(world.hold(&holder, &own).await),
            "hold.already-held"
        );
        let (officer, colleague) = (world.actor("Officer").await, world.actor("Colleague").await);
        for (by, code) in [
            (&holder, "policy.role-missing"),
            (&colleague, "policy.own-card"),
        ] {
            assert_eq!(crate::world::code(world.release(by, &own).await), code);
        }
        let guardian = world.actor("Guardian").await;
        assert_eq!(
            crate::world::code(world.release(&guardian, &other).await),
            "release.not-held"
        );
        done(world.release(&guardian, &own).await);
        world.is_of_one_mind(&own).await;
        // A hold may become a revocation, and then nothing takes it back.
        done(world.hold(&officer, &other).await);
        done(world.revoke(&officer, &other, LossReason::Lost).await);
        world.is_of_one_mind(&other).await;
        assert_eq!(
            crate::world::code(world.release(&guardian, &other).await),
            "release.not-held"
        );
        assert_eq!(
            crate::world::code(world.hold(&officer, &other).await),
            "hold.not-in-use"
        );
    })
    .await;
}

/// What is held when it ends was held to the end: OCSP says so ever after, and the list until one past the end.
#[tokio::test]
async fn a_held_card_expires() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        done(world.hold(&world.actor("Officer").await, &card).await);
        let last_day = world.card(&card).await.expires_on.unwrap();
        world.clock.set(flows::calendar::end_of_day(last_day));
        world.clock.advance(std::time::Duration::from_secs(1));
        world.restart().await;
        assert_eq!(world.sweep().await.expired, 1);
        world.is_of_one_mind(&card).await;
        let row = world.certificates(&card).await[0].clone();
        assert_eq!(row.state, CredentialState::Expired);
        assert!(
            world.is_listed(&row).await,
            "past its end for the first time"
        );
        world.clock.advance(std::time::Duration::from_secs(3_600));
        world.sweep().await;
        assert!(!world.is_listed(&row).await);
        world.is_of_one_mind(&card).await;
        let guardian = world.actor("Guardian").await;
        assert_eq!(
            crate::world::code(world.release(&guardian, &card).await),
            "release.not-held"
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_gives_themselves_a_role() {
    on_each_engine(async |world| {
        let issuer = world.actor("Issuer").await;
        let grant = async |by: &Actor, name: &str, role| {
            grant_role(
                &world.house,
                &mut world.ask(by).call(),
                &world.person(name),
                role,
            )
            .await
        };
        let own = grant(&issuer, "Issuer", Role::IdentityOfficer).await;
        assert_eq!(crate::world::code(own), "policy.own-role");
        done(grant(&issuer, "Other", Role::Auditor).await);
        let again = grant(&issuer, "Other", Role::Auditor).await;
        assert_eq!(crate::world::code(again), "grant-role.already-granted");
    })
    .await;
}

#[tokio::test]
async fn a_producer_gets_a_cards_secrets_until_it_is_made() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        let batch = world.card(&card).await.batch.unwrap();
        let mut asking = world.ask(&Actor::Producer);
        let handed_out = done(consignments(&world.house, &mut asking.call(), &batch).await);
        assert!(
            handed_out.is_empty(),
            "the unlock code of a card in use was handed out"
        );
    })
    .await;
}
