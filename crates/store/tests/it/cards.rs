//! Orders, portraits, cards, batches, identity checks.

use model::Date;
use model::card::{CardNumber, CardState};
use model::id::{BatchId, IdentityCheckId, PhotoId};
use model::identity_check::{DocumentKind, IdentityDocument};
use model::label::Label;
use model::order::OrderState;
use model::person::RegisteredAddress;
use model::photo::{Photo, PhotoFault, PhotoState};
use model::role::Role;
use store::card::Production;
use store::identity_check::IdentityCheckRow;
use store::{StoreError, batch, card, card_order, identity_check, photo, role_grant};
use testkit::START;

use crate::rows::{draft, later, ordered};

#[tokio::test]
async fn an_order_moves_on_once() {
    for database in testkit::databases().await {
        let made = ordered(&database).await;
        store::write!(database, |write| {
            assert_eq!(
                card_order::by_id(write, &made.order.id).await?.as_ref(),
                Some(&made.order)
            );
            assert_eq!(
                card_order::list_by_person(write, &made.holder.id).await?,
                std::slice::from_ref(&made.order)
            );
            assert!(
                card_order::set_state(
                    write,
                    &made.order.id,
                    OrderState::Open,
                    OrderState::Fulfilled
                )
                .await?
            );
            assert!(
                !card_order::set_state(
                    write,
                    &made.order.id,
                    OrderState::Open,
                    OrderState::Cancelled
                )
                .await?
            );
            assert_eq!(
                card_order::by_id(write, &made.order.id)
                    .await?
                    .map(|order| order.state),
                Some(OrderState::Fulfilled)
            );
            Ok::<_, StoreError>(())
        })
        .unwrap();
    }
}

#[tokio::test]
async fn every_state_of_a_card_can_be_written() {
    for database in testkit::databases().await {
        let made = ordered(&database).await;
        let mut from = CardState::Draft;
        for (seconds, &to) in (1..).zip(CardState::ALL) {
            store::write!(database, |write| {
                assert!(card::set_state(write, &made.card.id, from, to, later(seconds)).await?);
                Ok::<_, StoreError>(())
            })
            .unwrap();
            let found = card::by_id(&mut database.read().await.unwrap(), &made.card.id)
                .await
                .unwrap()
                .unwrap();
            assert_eq!((found.state, found.state_since), (to, later(seconds)));
            from = to;
        }
        let stale = store::write!(database, |write| {
            card::set_state(
                write,
                &made.card.id,
                CardState::Draft,
                CardState::Ordered,
                later(99),
            )
            .await
        });
        assert!(!stale.unwrap(), "the guard holds");
    }
}

#[tokio::test]
async fn a_card_gets_its_portrait() {
    for database in testkit::databases().await {
        let mut made = ordered(&database).await;
        let mut taken = Photo {
            id: made.ids.next(PhotoId::new),
            person: made.holder.id.clone(),
            state: PhotoState::Taken,
            faults: vec![PhotoFault::Shadow, PhotoFault::BusyWall],
            overruled: None,
            taken_by: None,
            taken_at: START,
            judged_by: None,
            digest: [7; 32],
        };
        store::write!(database, |write| {
            assert!(
                !card::set_photo(
                    write,
                    &draft(&mut crate::rows::Ids::new(), &made.order).id,
                    &taken.id
                )
                .await?
            );
            photo::insert(write, &taken, &[0xff, 0xd8, 0x00, 0xff]).await?;
            assert!(card::set_photo(write, &made.card.id, &taken.id).await?);
            assert_eq!(
                card::by_id(write, &made.card.id)
                    .await?
                    .and_then(|card| card.photo),
                Some(taken.id.clone())
            );
            assert_eq!(photo::by_id(write, &taken.id).await?.as_ref(), Some(&taken));
            assert_eq!(
                photo::list_by_person(write, &made.holder.id).await?.len(),
                1
            );
            assert_eq!(
                photo::picture(write, &taken.id).await?,
                Some(vec![0xff, 0xd8, 0x00, 0xff])
            );
            let judge = Some(&made.orderer.id);
            let reason = Label::parse("Väggen är stationens egen").unwrap();
            let overruled = Some(&reason);
            assert!(photo::judge(write, &taken.id, PhotoState::Approved, judge, overruled).await?);
            // A portrait is judged once, and stays once it is approved.
            assert!(!photo::judge(write, &taken.id, PhotoState::Rejected, judge, None).await?);
            assert!(!photo::remove(write, &taken.id).await?);
            Ok::<_, StoreError>(())
        })
        .unwrap();
        taken.state = PhotoState::Approved;
        taken.overruled = Some(Label::parse("Väggen är stationens egen").unwrap());
        taken.judged_by = Some(made.orderer.id.clone());
        assert_eq!(
            photo::by_id(&mut database.read().await.unwrap(), &taken.id)
                .await
                .unwrap(),
            Some(taken)
        );
    }
}

#[tokio::test]
async fn a_batch_knows_its_cards_and_forgets_where_they_went() {
    for database in testkit::databases().await {
        let mut made = ordered(&database).await;
        let other = draft(&mut made.ids, &made.order);
        let batch = made.ids.next(BatchId::new);
        let address = RegisteredAddress::parse("Östra Vallgatan 5", "222 22", "Lund").unwrap();
        store::write!(database, |write| {
            card::insert(write, &other).await?;
            batch::insert(write, &batch, Some(&made.orderer.id), START).await?;
            batch::insert_consignment(write, &batch, &made.card.id, Some(&address)).await?;
            batch::insert_consignment(write, &batch, &other.id, None).await?;
            let rows = batch::consignments(write, &batch).await?;
            assert_eq!(rows.len(), 2);
            for row in rows {
                assert_eq!(
                    row.address,
                    (row.card == made.card.id).then(|| address.clone())
                );
            }
            assert_eq!(batch::forget_addresses(write, &batch).await?, 1);
            assert_eq!(batch::forget_addresses(write, &batch).await?, 0);
            assert!(
                batch::consignments(write, &batch)
                    .await?
                    .iter()
                    .all(|row| row.address.is_none())
            );
            let latest = batch::list_latest(write, 10).await?;
            assert_eq!(
                latest
                    .iter()
                    .map(|row| (&row.id, row.made_by.as_ref(), row.cards))
                    .collect::<Vec<_>>(),
                [(&batch, Some(&made.orderer.id), 2)]
            );
            Ok::<_, StoreError>(())
        })
        .unwrap();
        let twice = store::write!(database, |write| {
            batch::insert_consignment(write, &batch, &other.id, None).await
        });
        assert!(twice.unwrap_err().is_taken("consignment_batch_card"));
    }
}

#[tokio::test]
async fn production_gives_a_card_its_number_and_secrets() {
    for database in testkit::databases().await {
        let mut made = ordered(&database).await;
        let other = draft(&mut made.ids, &made.order);
        let batch = made.ids.next(BatchId::new);
        let production = Production {
            batch: batch.clone(),
            number: CardNumber::new(1_000, 1).unwrap(),
            guid: [9; 16],
            expires_on: Date::constant(2031, 11, 23),
            unlock_code: b"sealed".to_vec(),
        };
        store::write!(database, |write| {
            card::insert(write, &other).await?;
            batch::insert(write, &batch, None, START).await?;
            let secrets = card::secrets(write, &made.card.id).await?.unwrap();
            assert_eq!(
                (
                    secrets.unlock_code,
                    secrets.management_version,
                    secrets.management_next
                ),
                (None, 0, None)
            );
            card::set_production(write, &made.card.id, &production).await
        })
        .unwrap();
        let mut read = database.read().await.unwrap();
        let found = card::by_number(&mut read, &production.number)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.id, made.card.id);
        assert_eq!(
            (found.guid, found.expires_on, found.batch),
            (Some([9; 16]), Some(production.expires_on), Some(batch))
        );
        assert_eq!(
            card::secrets(&mut read, &made.card.id)
                .await
                .unwrap()
                .unwrap()
                .unlock_code
                .as_deref(),
            Some(&b"sealed"[..])
        );
        drop(read);
        let twice = store::write!(database, |write| {
            card::set_production(write, &other.id, &production).await
        });
        assert!(twice.unwrap_err().is_taken("card_number"));
    }
}

#[tokio::test]
async fn secrets_are_settled_when_the_card_confirms_them() {
    for database in testkit::databases().await {
        let made = ordered(&database).await;
        let id = &made.card.id;
        store::write!(database, |write| {
            assert!(
                !card::settle_unlock_code(write, id).await?,
                "nothing was sent"
            );
            card::set_unlock_code_next(write, id, b"next").await?;
            assert_eq!(
                card::secrets(write, id)
                    .await?
                    .unwrap()
                    .unlock_code_next
                    .as_deref(),
                Some(&b"next"[..])
            );
            assert!(card::settle_unlock_code(write, id).await?);
            let secrets = card::secrets(write, id).await?.unwrap();
            assert_eq!(
                (secrets.unlock_code.as_deref(), secrets.unlock_code_next),
                (Some(&b"next"[..]), None)
            );

            assert!(
                !card::set_management_version(write, id, 0, None).await?,
                "no news"
            );
            assert!(card::set_management_version(write, id, 0, Some(1)).await?);
            assert!(
                !card::set_management_version(write, id, 0, Some(1)).await?,
                "no news"
            );
            let secrets = card::secrets(write, id).await?.unwrap();
            assert_eq!(
                (secrets.management_version, secrets.management_next),
                (0, Some(1))
            );
            assert!(card::set_management_version(write, id, 1, None).await?);
            let secrets = card::secrets(write, id).await?.unwrap();
            assert_eq!(
                (secrets.management_version, secrets.management_next),
                (1, None)
            );

            assert_eq!(secrets.identity_written_at, None);
            assert!(card::set_identity_written(write, id, [3; 16], later(7)).await?);
            assert_eq!(
                card::secrets(write, id).await?.unwrap().identity_written_at,
                Some(later(7))
            );
            assert_eq!(card::by_id(write, id).await?.unwrap().guid, Some([3; 16]));
            Ok::<_, StoreError>(())
        })
        .unwrap();
    }
}

#[tokio::test]
async fn cards_are_listed_by_person_state_and_day() {
    for database in testkit::databases().await {
        let mut made = ordered(&database).await;
        let mut other = draft(&mut made.ids, &made.order);
        other.state = CardState::Active;
        other.state_since = later(100);
        other.expires_on = Some(Date::constant(2026, 11, 23));
        store::write!(database, |write| {
            card::insert(write, &other).await?;
            assert_eq!(card::list_by_person(write, &made.holder.id).await?.len(), 2);
            assert_eq!(card::list_by_person(write, &made.orderer.id).await?, []);
            assert_eq!(
                card::list_by_state(write, CardState::Draft, 10).await?,
                [made.card.clone()]
            );
            assert_eq!(card::list_by_state(write, CardState::Draft, 0).await?, []);
            assert_eq!(
                card::list_in_state_since(write, CardState::Active, later(99)).await?,
                []
            );
            assert_eq!(
                card::list_in_state_since(write, CardState::Active, later(100)).await?,
                [other.clone()]
            );
            assert_eq!(
                card::list_active_expired(write, Date::constant(2026, 11, 23)).await?,
                [],
                "the last day counts"
            );
            assert_eq!(
                card::list_active_expired(write, Date::constant(2026, 11, 24)).await?,
                [other.clone()]
            );
            assert_eq!(
                card::count_by_state(write).await?,
                [(CardState::Active, 1), (CardState::Draft, 1)]
            );
            assert_eq!(
                card::count_active_of_role(write, Role::IdentityOfficer).await?,
                0
            );
            role_grant::insert(
                write,
                &made.holder.id,
                Role::IdentityOfficer,
                "console:root",
                START,
            )
            .await?;
            assert_eq!(
                card::count_active_of_role(write, Role::IdentityOfficer).await?,
                1
            );
            assert_eq!(card::count_active_of_role(write, Role::Auditor).await?, 0);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    }
}

#[tokio::test]
async fn serials_of_cards_are_given_out_once() {
    for database in testkit::databases().await {
        for expected in 1..=3 {
            assert_eq!(
                store::write!(database, |write| { card::next_serial(write).await }).unwrap(),
                expected
            );
        }
    }
}

#[tokio::test]
async fn the_latest_identity_check_counts() {
    for database in testkit::databases().await {
        let mut made = ordered(&database).await;
        let first = IdentityCheckRow {
            id: made.ids.next(IdentityCheckId::new),
            card: made.card.id.clone(),
            officer: made.orderer.id.clone(),
            checked_at: START,
            document: IdentityDocument {
                kind: DocumentKind::Passport,
                number: "AB1234567".to_owned(),
                expires_on: Date::constant(2030, 1, 1),
            },
        };
        let mut second = first.clone();
        second.id = made.ids.next(IdentityCheckId::new);
        second.checked_at = later(60);
        second.document.kind = DocumentKind::DrivingLicence;
        store::write!(database, |write| {
            assert_eq!(
                identity_check::latest_by_card(write, &made.card.id).await?,
                None
            );
            identity_check::insert(write, &second).await?;
            identity_check::insert(write, &first).await?;
            assert_eq!(
                identity_check::latest_by_card(write, &made.card.id)
                    .await?
                    .as_ref(),
                Some(&second)
            );
            Ok::<_, StoreError>(())
        })
        .unwrap();
    }
}
