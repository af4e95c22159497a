//! Sessions and tickets.

use model::Loa;
use model::id::{SessionId, TicketId};
use store::StoreError;
use store::session::{self, SessionRow};
use store::ticket::{self, TicketRow};
use testkit::START;

use crate::rows::{later, ordered};

#[tokio::test]
async fn a_session_is_seen_and_ends() {
    for database in testkit::databases().await {
        let mut made = ordered(&database).await;
        let mut session = |hash: &str| SessionRow {
            id: made.ids.next(SessionId::new),
            secret_hash: hash.to_owned(),
            person: made.holder.id.clone(),
            card: made.card.id.clone(),
            authority: "issuing".to_owned(),
            serial: "40aa".to_owned(),
            loa: Loa::Three,
            created_at: START,
            seen_at: START,
            expires_at: later(100),
        };
        let (one, other) = (session("aa"), session("bb"));
        store::write!(database, |write| {
            session::insert(write, &one).await?;
            session::insert(write, &other).await?;
            assert_eq!(
                session::by_secret_hash(write, "aa").await?.as_ref(),
                Some(&one)
            );
            assert_eq!(session::by_secret_hash(write, "cc").await?, None);
            assert!(session::touch(write, &one.id, later(5)).await?);
            assert!(
                !session::touch(write, &one.id, later(4)).await?,
                "nobody is seen earlier than before"
            );
            assert_eq!(
                session::by_secret_hash(write, "aa")
                    .await?
                    .map(|row| row.seen_at),
                Some(later(5))
            );
            assert!(session::end(write, "aa").await?);
            assert!(!session::end(write, "aa").await?);
            assert_eq!(session::end_by_card(write, &made.card.id).await?, 1);
            session::insert(write, &one).await?;
            assert_eq!(session::remove_expired(write, later(99)).await?, 0);
            assert_eq!(session::remove_expired(write, later(100)).await?, 1);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    }
}

#[tokio::test]
async fn a_ticket_opens_once_and_remembers() {
    for database in testkit::databases().await {
        let mut made = ordered(&database).await;
        let row = TicketRow {
            id: made.ids.next(TicketId::new),
            secret_hash: "aa".to_owned(),
            act: "activate".to_owned(),
            state: "open".to_owned(),
            card: Some(made.card.id.clone()),
            officer: Some(made.orderer.id.clone()),
            method: Some("card".to_owned()),
            memory: "{}".to_owned(),
            created_at: START,
            expires_at: later(100),
        };
        let bare = TicketRow {
            id: made.ids.next(TicketId::new),
            secret_hash: "bb".to_owned(),
            act: "sign-in".to_owned(),
            card: None,
            officer: None,
            method: None,
            ..row.clone()
        };
        store::write!(database, |write| {
            ticket::insert(write, &row).await?;
            ticket::insert(write, &bare).await?;
            assert_eq!(ticket::by_id(write, &row.id).await?.as_ref(), Some(&row));
            assert_eq!(
                ticket::by_secret_hash(write, "bb").await?.as_ref(),
                Some(&bare)
            );
            assert!(ticket::set_state(write, &row.id, "open", "opened").await?);
            assert!(!ticket::set_state(write, &row.id, "open", "opened").await?);
            let before = ("opened", row.memory.as_str());
            let after = ("opened", r#"{"step":2}"#);
            assert!(ticket::save(write, &row.id, before, after, later(200)).await?);
            // The turn is taken: the same message again changes nothing.
            assert!(!ticket::save(write, &row.id, before, after, later(200)).await?);
            let saved = ticket::by_id(write, &row.id).await?.unwrap();
            assert_eq!(
                (saved.memory.as_str(), saved.expires_at),
                (r#"{"step":2}"#, later(200))
            );
            assert_eq!(ticket::remove_expired(write, later(100)).await?, 1);
            assert_eq!(ticket::by_id(write, &bare.id).await?, None);
            Ok::<_, StoreError>(())
        })
        .unwrap();
        let twice = store::write!(database, |write| { ticket::insert(write, &row).await });
        assert!(matches!(twice, Err(StoreError::Taken { .. })));
    }
}
