//! A hierarchy as data: families, versions, roots that are away, links between roots, responders that renew themselves.

use std::sync::Arc;

use flows::authorities::{Authorities, RotateRefusal, renew_responders, rotate};
use flows::hierarchy::Hierarchy;
use flows::{House, Settings, Stop};
use model::role::Actor;
use pki::profile::Arc as ObjectArc;

use crate::world::{KeptKeys, World, console, on_each_engine, vault};

fn settings(change: impl FnOnce(&mut Hierarchy)) -> Settings {
    let mut hierarchy = Hierarchy::standard(ObjectArc::default());
    change(&mut hierarchy);
    assert_eq!(hierarchy.check(), Ok(()));
    Settings {
        hierarchy: Arc::new(hierarchy),
        ..Settings::default()
    }
}

#[tokio::test]
async fn a_new_version_issues_and_the_elder_goes_on_answering() {
    on_each_engine(async |mut world| {
        let old = world.active_card("Holder").await;
        let mut asking = world.ask(&console());
        let made = rotate(&world.house, &mut asking.call(), "person-3-ca", None)
            .await
            .unwrap();
        assert_eq!(made, ["person-3-ca-v2"]);
        world.restart().await;
        let new = world.active_card("Colleague").await;
        for (card, authority) in [(&old, "person-3-ca-v1"), (&new, "person-3-ca-v2")] {
            let rows = world.certificates(card).await;
            assert!(!rows.is_empty());
            assert!(
                rows.iter().all(|row| row.authority == authority),
                "{rows:?}"
            );
            world.is_of_one_mind(card).await;
        }
        world
            .revoke(
                &world.actor("Officer").await,
                &old,
                model::credential::LossReason::Lost,
            )
            .await
            .unwrap();
        world.is_of_one_mind(&old).await;
        world.is_of_one_mind(&new).await;
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn roots_vouch_for_each_other() {
    on_each_engine(async |mut world| {
        let old = world.active_card("Holder").await;
        let first = world.house.authorities.root().certificate.clone();
        let mut asking = world.ask(&console());
        let made = rotate(&world.house, &mut asking.call(), "root-ca", None)
            .await
            .unwrap();
        assert_eq!(made, ["root-ca-v2", "root-ca-v2-by-v1", "root-ca-v1-by-v2"]);
        // A family below it, so that a card hangs from the new root.
        world.restart().await;
        let mut asking = world.ask(&console());
        rotate(&world.house, &mut asking.call(), "person-3-ca", None)
            .await
            .unwrap();
        world.restart().await;
        let new = world.active_card("Colleague").await;
        let authorities = world.house.authorities.clone();
        let second = authorities.root().certificate.clone();
        assert_ne!(first, second);
        let now = world.now().seconds();
        // Whoever trusts either root alone takes both cards.
        for (card, root, link) in [
            (&old, &first, None),
            (&new, &second, None),
            (&new, &first, Some("root-ca-v2-by-v1")),
            (&old, &second, Some("root-ca-v1-by-v2")),
        ] {
            let rows = world.certificates(card).await;
            let login = |row: &&store::certificate::CertificateRow| {
                row.kind == model::credential::CredentialKind::Login
            };
            let row = rows.iter().find(login).unwrap();
            let leaf = pki::certificate::Certificate::from_der(&row.der).unwrap();
            let mut between = vec![
                authorities
                    .by_name(&row.authority)
                    .unwrap()
                    .certificate
                    .clone(),
            ];
            between.extend(link.map(|name| authorities.certificate(name).unwrap().clone()));
            let purpose = pki::chain::Purpose::client_login();
            pki::chain::verify(&leaf, &between, root, now, &purpose).unwrap();
        }
        world.is_of_one_mind(&old).await;
        world.is_of_one_mind(&new).await;
    })
    .await;
}

#[tokio::test]
async fn an_offline_root_is_needed_for_ceremonies_alone() {
    let world = World::empty(testkit::sqlite().await).await;
    for database in testkit::databases().await {
        database.migrate(world.now()).await.unwrap();
        let settings = settings(|hierarchy| hierarchy.authorities[0].offline = true);
        let (keys, roots) = (KeptKeys::default(), KeptKeys::default());
        let mut asking = world.ask(&Actor::System);
        // Nothing is made without the root's keys.
        assert!(
            Authorities::open(&database, &settings, vault(&keys), &mut asking.call())
                .await
                .is_err()
        );
        let root_vault = vault(&roots);
        let made = Authorities::open_with_roots(
            &database,
            &settings,
            vault(&keys),
            Some(&root_vault),
            &mut asking.call(),
        )
        .await
        .unwrap();
        assert!(made.root().at_hand && made.root().responder().is_none());
        let issuing = made.newest("person-3-ca").unwrap();
        assert_eq!(issuing.certificate.ocsp_address(), None);
        assert!(issuing.certificate.revocation_list_address().is_some());
        let house = House::new((*database).clone(), made, settings.clone());
        flows::crl::publish_due(&house, &asking.call())
            .await
            .unwrap();

        let opened = Authorities::open(&database, &settings, vault(&keys), &mut asking.call())
            .await
            .unwrap();
        assert!(!opened.root().at_hand);
        assert!(opened.root().signer.sign(b"anything").is_err());
        let house = House::new((*database).clone(), opened, settings.clone());
        let name = house.authorities.root().name.clone();
        let list = flows::crl::latest(&house, &name).await.unwrap().unwrap();
        let year = list.next_update.seconds() - list.this_update.seconds();
        assert!(
            year >= 365 * 86_400,
            "the list of an offline root holds for {year} s"
        );
        let mut asking = world.ask(&console());
        let refused = rotate(&house, &mut asking.call(), "person-3-ca", None).await;
        assert!(
            matches!(refused, Err(Stop::Refused(RotateRefusal::RootAway))),
            "{refused:?}"
        );
        let unknown = rotate(&house, &mut asking.call(), "person-3-ca-v1", None).await;
        assert!(matches!(
            unknown,
            Err(Stop::Refused(RotateRefusal::FamilyUnknown))
        ));
        let mut nobody = world.ask(&Actor::Nobody);
        let denied = rotate(&house, &mut nobody.call(), "person-3-ca", None).await;
        assert!(matches!(denied, Err(Stop::Denied(_))));
    }
}

#[tokio::test]
async fn the_tree_for_trying_logs_nobody_in() {
    let world = World::empty(testkit::sqlite().await).await;
    let database = testkit::sqlite().await;
    let settings = Settings {
        hierarchy: Arc::new(Hierarchy::standard(ObjectArc::default()).with_test_tree()),
        ..Settings::default()
    };
    let authorities = Authorities::open(
        &database,
        &settings,
        vault(&KeptKeys::default()),
        &mut world.ask(&Actor::System).call(),
    )
    .await
    .unwrap();
    assert!(!authorities.root().plan.test);
    let test = authorities.newest("test-person-3-ca").unwrap();
    assert_eq!(authorities.anchors().len(), 4);
    assert!(!authorities.anchors().contains(&test.certificate));
    assert!(
        !test
            .certificate
            .is_signed_by(&authorities.root().certificate)
    );
    let (issuing, _) = authorities
        .issuing("login", Some(model::Loa::Three), false)
        .unwrap();
    assert_eq!(issuing.name, "person-3-ca-v1");
}

#[tokio::test]
async fn responders_renew_themselves_while_the_process_runs() {
    on_each_engine(async |world| {
        let authority = world.house.authorities.newest("person-3-ca").unwrap();
        let before = authority.responder().unwrap().certificate.clone();
        let mut asking = world.ask(&Actor::System);
        assert_eq!(
            renew_responders(&world.house, &mut asking.call())
                .await
                .unwrap(),
            0
        );
        world.clock.advance_days(80);
        let mut asking = world.ask(&Actor::System);
        let renewed = renew_responders(&world.house, &mut asking.call())
            .await
            .unwrap();
        assert_eq!(renewed, world.house.authorities.all().count());
        let after = authority.responder().unwrap().certificate.clone();
        assert_ne!(before, after);
        assert!(after.not_after() > before.not_after());
        assert!(after.is_signed_by(&authority.certificate));
    })
    .await;
}
