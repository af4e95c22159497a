//! The log and the receipts.

use model::id::ReceiptId;
use store::StoreError;
use store::audit::{self, AuditRow};
use store::receipt::{self, ReceiptRow};
use testkit::START;

use crate::rows::{later, ordered};

fn event(sequence: i64, subject: &str) -> AuditRow {
    AuditRow {
        sequence,
        at: later(sequence),
        event: "card.activated".to_owned(),
        actor: "person:01".to_owned(),
        subject: subject.to_owned(),
        request: "r".to_owned(),
        detail: r#"{"å":"ö"}"#.to_owned(),
        leaf: vec![0xfe; 32],
    }
}

#[tokio::test]
async fn the_log_counts_without_gaps() {
    for database in testkit::databases().await {
        for (expected, subject) in [(1, "card:a"), (2, "card:b"), (3, "card:a")] {
            store::write!(database, |write| {
                let sequence = audit::next_sequence(write).await?;
                assert_eq!(sequence, expected);
                audit::append(write, &event(sequence, subject)).await
            })
            .unwrap();
        }
        // What is undone leaves no gap.
        let undone: Result<(), StoreError> = store::write!(database, |write| {
            let sequence = audit::next_sequence(write).await?;
            audit::append(write, &event(sequence, "card:c")).await?;
            Err(StoreError::Void)
        });
        assert!(undone.is_err());
        let mut read = database.read().await.unwrap();
        let all = audit::list(&mut read).await.unwrap();
        assert_eq!(
            all,
            [event(1, "card:a"), event(2, "card:b"), event(3, "card:a")]
        );
        assert_eq!(
            audit::list_after(&mut read, 1, 1).await.unwrap(),
            [event(2, "card:b")]
        );
        assert_eq!(audit::list_after(&mut read, 3, 9).await.unwrap(), []);
        let of_one: Vec<_> = audit::list_by_subject(&mut read, "card:a", 9)
            .await
            .unwrap()
            .iter()
            .map(|row| row.sequence)
            .collect();
        assert_eq!(of_one, [3, 1]);
    }
}

#[tokio::test]
async fn a_receipt_is_kept_as_it_was_signed() {
    for database in testkit::databases().await {
        let mut made = ordered(&database).await;
        let signed = ReceiptRow {
            id: made.ids.next(ReceiptId::new),
            card: made.card.id.clone(),
            person: made.holder.id.clone(),
            kind: "card.received".to_owned(),
            text: "Kvittens\n\nJag, Sören …".to_owned(),
            jws: "eyJ.eyJ.sig".to_owned(),
            signed_at: START,
        };
        store::write!(database, |write| { receipt::insert(write, &signed).await }).unwrap();
        let mut read = database.read().await.unwrap();
        assert_eq!(
            receipt::by_id(&mut read, &signed.id)
                .await
                .unwrap()
                .as_ref(),
            Some(&signed)
        );
        assert_eq!(
            receipt::list_by_card(&mut read, &made.card.id)
                .await
                .unwrap(),
            std::slice::from_ref(&signed)
        );
        assert_eq!(
            receipt::list_by_person(&mut read, &made.holder.id)
                .await
                .unwrap(),
            [signed]
        );
        assert_eq!(
            receipt::list_by_person(&mut read, &made.orderer.id)
                .await
                .unwrap(),
            []
        );
    }
}
