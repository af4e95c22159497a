//! People, addresses, engagements, units, roles.

use model::engagement::{EngagementKind, ItService};
use model::hsa_id::HsaId;
use model::identity_number::IdentityNumber;
use model::label::Label;
use model::organisation::Sector;
use model::person::{Name, RegisteredAddress};
use model::role::Role;
use model::{Date, Timestamp};
use store::{Database, Read, StoreError, card, engagement, organisation, person, role_grant};
use testkit::START;

use crate::rows::{Ids, göran, kristina, later, ordered, sören};

async fn read(database: &Database) -> Read {
    database.read().await.unwrap()
}

#[tokio::test]
async fn a_person_is_found_as_written() {
    for database in testkit::databases().await {
        let mut ids = Ids::new();
        let (mut one, other) = (sören(&mut ids), göran(&mut ids));
        store::write!(database, |write| {
            person::insert(write, &one, START).await?;
            person::insert(write, &other, START).await
        })
        .unwrap();
        let mut read = read(&database).await;
        assert_eq!(
            person::by_id(&mut read, &one.id).await.unwrap().as_ref(),
            Some(&one)
        );
        assert_eq!(
            person::by_identity_number(&mut read, &other.identity_number)
                .await
                .unwrap()
                .as_ref(),
            Some(&other)
        );
        assert_eq!(
            person::by_hsa_id(&mut read, &one.hsa_id)
                .await
                .unwrap()
                .as_ref(),
            Some(&one)
        );
        assert_eq!(person::count(&mut read).await.unwrap(), 2);
        let nobody = HsaId::parse("SE2321000255-ZZZ").unwrap();
        assert_eq!(person::by_hsa_id(&mut read, &nobody).await.unwrap(), None);
        drop(read);

        one.family_name = Name::parse("O'Brien-Öst").unwrap();
        one.email = None;
        one.protected = Some(later(3));
        one.identity_number = IdentityNumber::from_digits("197211089912").unwrap();
        let stranger = kristina(&mut ids);
        store::write!(database, |write| {
            assert!(person::update(write, &one, later(3)).await?);
            assert!(!person::update(write, &stranger, later(3)).await?);
            Ok::<_, StoreError>(())
        })
        .unwrap();
        assert_eq!(
            person::by_id(&mut database.read().await.unwrap(), &one.id)
                .await
                .unwrap(),
            Some(one)
        );
    }
}

#[tokio::test]
async fn search_folds_every_letter_and_takes_wildcards_as_they_stand() {
    for database in testkit::databases().await {
        let mut ids = Ids::new();
        let (one, other) = (sören(&mut ids), göran(&mut ids));
        store::write!(database, |write| {
            person::insert(write, &one, START).await?;
            person::insert(write, &other, START).await
        })
        .unwrap();
        let mut read = read(&database).await;
        for (text, expected) in [
            ("SÖREN", 1),
            ("  göran   åke BJÖRK ", 1),
            ("ö", 2),
            ("ÅKE", 1),
            ("ake", 0),
            ("", 2),
            ("%", 0),
            ("_", 0),
            ("s_ren", 0),
            ("!", 0),
            ("' OR 1=1 --", 0),
        ] {
            let found = person::search(&mut read, text, 50).await.unwrap();
            assert_eq!(found.len(), expected, "{text:?} on {:?}", database.engine());
        }
        assert_eq!(person::search(&mut read, "ö", 1).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_address_is_kept_replaced_and_forgotten() {
    for database in testkit::databases().await {
        let mut ids = Ids::new();
        let one = sören(&mut ids);
        let first = RegisteredAddress::parse("Östra Vallgatan 5", "222 22", "Lund").unwrap();
        let second = RegisteredAddress::parse("Storgatan 72", "262 63", "Ängelholm").unwrap();
        store::write!(database, |write| {
            person::insert(write, &one, START).await?;
            assert!(!person::has_registered_address(write, &one.id).await?);
            assert_eq!(person::registered_address(write, &one.id).await?, None);
            person::set_registered_address(write, &one.id, Some(&first), START).await?;
            assert_eq!(
                person::registered_address(write, &one.id).await?.as_ref(),
                Some(&first)
            );
            person::set_registered_address(write, &one.id, Some(&second), later(1)).await?;
            assert_eq!(
                person::registered_address(write, &one.id).await?.as_ref(),
                Some(&second)
            );
            assert!(person::has_registered_address(write, &one.id).await?);
            person::set_registered_address(write, &one.id, None, later(2)).await?;
            assert!(!person::has_registered_address(write, &one.id).await?);
            Ok::<_, StoreError>(())
        })
        .unwrap();
        let nobody = göran(&mut ids);
        let outcome = store::write!(database, |write| {
            person::set_registered_address(write, &nobody.id, Some(&first), START).await
        });
        assert!(matches!(outcome, Err(StoreError::Dangling)), "{outcome:?}");
    }
}

#[tokio::test]
async fn an_engagement_is_found_changed_and_ended() {
    for database in testkit::databases().await {
        let made = ordered(&database).await;
        let mut engagement = made.engagement;
        let today = Date::constant(2026, 11, 23);
        store::write!(database, |write| {
            assert_eq!(
                engagement::by_id(write, &engagement.id).await?.as_ref(),
                Some(&engagement)
            );
            assert_eq!(
                engagement::list_by_person(write, &made.holder.id).await?,
                [engagement.clone()]
            );
            assert_eq!(
                engagement::list_by_person(write, &made.orderer.id).await?,
                []
            );
            assert_eq!(engagement::list_current(write, today).await?.len(), 1);
            Ok::<_, StoreError>(())
        })
        .unwrap();

        engagement.kind = EngagementKind::Hired;
        engagement.title = None;
        engagement.it_services = [ItService::DoorAccess].into();
        engagement.sector = Sector::Private;
        engagement.manager_hsa_id = Some(made.orderer.hsa_id.clone());
        store::write!(database, |write| {
            assert!(engagement::update(write, &engagement).await?);
            assert_eq!(
                engagement::by_id(write, &engagement.id).await?.as_ref(),
                Some(&engagement)
            );
            engagement::set_end(write, &engagement.id, today).await
        })
        .unwrap();
        let mut read = read(&database).await;
        assert_eq!(
            engagement::by_id(&mut read, &engagement.id)
                .await
                .unwrap()
                .and_then(|row| row.to),
            Some(today)
        );
        assert_eq!(
            engagement::list_current(&mut read, today)
                .await
                .unwrap()
                .len(),
            1,
            "the last day counts"
        );
        assert_eq!(
            engagement::list_current(&mut read, Date::constant(2026, 11, 24))
                .await
                .unwrap(),
            []
        );
        drop(read);

        let outcome = store::write!(database, |write| {
            engagement::set_end(write, &engagement.id, Date::constant(2024, 4, 16)).await
        });
        assert!(
            matches!(&outcome, Err(StoreError::Unlawful { constraint }) if constraint == "engagement_dates"),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn who_has_a_card_and_no_engagement_is_found() {
    for database in testkit::databases().await {
        let made = ordered(&database).await;
        let last_day = Date::constant(2026, 11, 23);
        let next_day = Date::constant(2026, 11, 24);
        assert_eq!(
            engagement::people_with_live_cards_and_none_current(
                &mut read(&database).await,
                next_day
            )
            .await
            .unwrap(),
            []
        );
        store::write!(database, |write| {
            engagement::set_end(write, &made.engagement.id, last_day).await
        })
        .unwrap();
        let found = engagement::people_with_live_cards_and_none_current(
            &mut read(&database).await,
            last_day,
        )
        .await
        .unwrap();
        assert_eq!(found, [], "the last day counts");
        let found = engagement::people_with_live_cards_and_none_current(
            &mut read(&database).await,
            next_day,
        )
        .await
        .unwrap();
        assert_eq!(found, std::slice::from_ref(&made.holder.id));
        store::write!(database, |write| {
            card::set_state(
                write,
                &made.card.id,
                made.card.state,
                model::card::CardState::Cancelled,
                START,
            )
            .await
        })
        .unwrap();
        assert_eq!(
            engagement::people_with_live_cards_and_none_current(
                &mut read(&database).await,
                next_day
            )
            .await
            .unwrap(),
            []
        );
    }
}

#[tokio::test]
async fn units_and_employers_are_kept_once() {
    for database in testkit::databases().await {
        let mut ids = Ids::new();
        let holder = sören(&mut ids);
        let mut terms = crate::rows::engagement(&mut ids, &holder).terms();
        store::write!(database, |write| {
            organisation::keep_unit(write, &terms).await
        })
        .unwrap();
        terms.unit_name = Label::parse("Ny avdelning").unwrap();
        store::write!(database, |write| {
            organisation::keep_unit(write, &terms).await
        })
        .unwrap();
        let mut read = read(&database).await;
        let units = organisation::list_units(&mut read).await.unwrap();
        assert_eq!(
            units
                .iter()
                .map(|unit| unit.name.as_str())
                .collect::<Vec<_>>(),
            ["Ny avdelning"]
        );
        let employers = organisation::list_employers(&mut read).await.unwrap();
        assert_eq!(
            employers
                .iter()
                .map(|employer| employer.name.clone())
                .collect::<Vec<_>>(),
            [terms.employer]
        );
    }
}

#[tokio::test]
async fn roles_are_given_and_taken_back() {
    for database in testkit::databases().await {
        let mut ids = Ids::new();
        let one = sören(&mut ids);
        store::write!(database, |write| {
            person::insert(write, &one, START).await?;
            role_grant::insert(write, &one.id, Role::Orderer, "console:root", START).await?;
            role_grant::insert(
                write,
                &one.id,
                Role::IdentityOfficer,
                "console:root",
                Timestamp(0),
            )
            .await
        })
        .unwrap();
        let twice = store::write!(database, |write| {
            role_grant::insert(write, &one.id, Role::Orderer, "console:root", START).await
        });
        assert!(twice.unwrap_err().is_taken("role_grant_person_role"));
        store::write!(database, |write| {
            assert_eq!(role_grant::roles_of(write, &one.id).await?.len(), 2);
            assert_eq!(
                role_grant::list_by_role(write, Role::Orderer).await?,
                std::slice::from_ref(&one.id)
            );
            assert!(role_grant::withdraw(write, &one.id, Role::Orderer).await?);
            assert!(!role_grant::withdraw(write, &one.id, Role::Orderer).await?);
            assert_eq!(
                role_grant::roles_of(write, &one.id).await?,
                [Role::IdentityOfficer]
            );
            assert_eq!(role_grant::list_by_role(write, Role::Orderer).await?, []);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    }
}
