//! Transactions: strong, repeated on conflict, all or nothing.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use store::audit::{self, AuditRow};
use store::{Database, Engine, StoreError, Write, card, person};
use testkit::START;

use crate::rows::{Ids, göran, sören};

fn row(sequence: i64) -> AuditRow {
    AuditRow {
        sequence,
        at: START,
        event: "card.activated".to_owned(),
        actor: "system".to_owned(),
        subject: "card:x".to_owned(),
        request: "r".to_owned(),
        detail: "{}".to_owned(),
        leaf: vec![0; 32],
    }
}

/// Reads a number, then writes the next one.
async fn count(write: &mut Write) -> Result<i64, StoreError> {
    let sequence = audit::next_sequence(write).await?;
    tokio::task::yield_now().await;
    audit::append(write, &row(sequence)).await?;
    Ok(sequence)
}

async fn counted(database: &Database) -> i64 {
    i64::try_from(
        audit::list(&mut database.read().await.unwrap())
            .await
            .unwrap()
            .len(),
    )
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_tasks_count_to_eight_through_one_handle() {
    for database in testkit::databases().await {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let handle = Database::clone(&database);
                tokio::spawn(async move { store::write!(handle, |write| { count(write).await }) })
            })
            .collect();
        let mut sequences = Vec::new();
        for task in tasks {
            sequences.push(task.await.unwrap().unwrap());
        }
        sequences.sort_unstable();
        assert_eq!(
            sequences,
            [1, 2, 3, 4, 5, 6, 7, 8],
            "{:?}",
            database.engine()
        );
        assert_eq!(counted(&database).await, 8);
    }
}

/// Each handle has a connection of its own to write with, as each process would.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_nodes_count_to_eight() {
    for database in testkit::databases().await {
        let mut nodes = Vec::new();
        for _ in 0..8 {
            nodes.push(Database::connect(database.address()).await.unwrap());
        }
        let tasks: Vec<_> = nodes
            .iter()
            .cloned()
            .map(|node| {
                tokio::spawn(async move {
                    let sequence = store::write!(node, |write| { count(write).await })?;
                    let serial = store::write!(node, |write| { card::next_serial(write).await })?;
                    Ok::<_, StoreError>((sequence, serial))
                })
            })
            .collect();
        let (mut sequences, mut serials) = (Vec::new(), Vec::new());
        for task in tasks {
            let (sequence, serial) = task.await.unwrap().unwrap();
            sequences.push(sequence);
            serials.push(serial);
        }
        sequences.sort_unstable();
        serials.sort_unstable();
        assert_eq!(
            sequences,
            [1, 2, 3, 4, 5, 6, 7, 8],
            "{:?}",
            database.engine()
        );
        assert_eq!(serials, [1, 2, 3, 4, 5, 6, 7, 8], "{:?}", database.engine());
        for node in nodes {
            node.close().await;
        }
    }
}

/// On SQLite nobody can get in between, since the other waits at its BEGIN.
#[tokio::test]
async fn an_act_that_met_another_runs_again_and_sees_what_the_other_did() {
    for database in testkit::databases()
        .await
        .iter()
        .filter(|database| database.engine() == Engine::Postgres)
    {
        let other = Database::connect(database.address()).await.unwrap();
        let runs = AtomicU32::new(0);
        let sequence = store::write!(database, |write| {
            let first = runs.fetch_add(1, Ordering::SeqCst) == 0;
            let sequence = audit::next_sequence(write).await?;
            if first {
                store::write!(other, |write| { count(write).await })?;
            }
            audit::append(write, &row(sequence)).await?;
            Ok::<_, StoreError>(sequence)
        });
        assert_eq!(sequence.unwrap(), 2);
        assert_eq!(runs.load(Ordering::SeqCst), 2);
        assert_eq!(counted(database).await, 2);
        other.close().await;
    }
}

#[tokio::test]
async fn an_act_that_meets_another_every_time_gives_up() {
    for database in testkit::databases()
        .await
        .iter()
        .filter(|database| database.engine() == Engine::Postgres)
    {
        let other = Database::connect(database.address()).await.unwrap();
        let runs = AtomicU32::new(0);
        let outcome = store::write!(database, |write| {
            runs.fetch_add(1, Ordering::SeqCst);
            let sequence = audit::next_sequence(write).await?;
            store::write!(other, |write| { count(write).await })?;
            audit::append(write, &row(sequence)).await?;
            Ok::<_, StoreError>(sequence)
        });
        assert!(outcome.unwrap_err().is_conflict());
        assert_eq!(runs.load(Ordering::SeqCst), 20);
        assert_eq!(counted(database).await, 20, "only the other's");
        other.close().await;
    }
}

#[tokio::test]
async fn an_error_undoes_everything() {
    for database in testkit::databases().await {
        let person = sören(&mut Ids::new());
        let outcome: Result<(), StoreError> = store::write!(database, |write| {
            person::insert(write, &person, START).await?;
            assert!(
                person::by_id(write, &person.id).await?.is_some(),
                "an act sees what it wrote"
            );
            let mut elsewhere = database.read().await?;
            assert!(
                person::by_id(&mut elsewhere, &person.id).await?.is_none(),
                "nobody else does yet"
            );
            Err(StoreError::Void)
        });
        assert!(matches!(outcome, Err(StoreError::Void)));
        let mut read = database.read().await.unwrap();
        assert!(
            person::by_id(&mut read, &person.id)
                .await
                .unwrap()
                .is_none()
        );
    }
}

#[tokio::test]
async fn an_act_that_is_dropped_half_way_undoes_everything() {
    for database in testkit::databases().await {
        let person = sören(&mut Ids::new());
        let act = async {
            store::write!(database, |write| {
                person::insert(write, &person, START).await?;
                std::future::pending::<()>().await;
                Ok::<_, StoreError>(())
            })
        };
        assert!(
            tokio::time::timeout(Duration::from_millis(50), act)
                .await
                .is_err()
        );
        // The line is free again, and nothing was written.
        store::write!(database, |write| {
            assert!(person::by_id(write, &person.id).await?.is_none());
            person::insert(write, &person, START).await
        })
        .unwrap();
    }
}

#[tokio::test]
async fn what_is_taken_has_the_same_name_on_both_engines() {
    for database in testkit::databases().await {
        let mut ids = Ids::new();
        let (one, mut other) = (sören(&mut ids), göran(&mut ids));
        store::write!(database, |write| {
            person::insert(write, &one, START).await
        })
        .unwrap();

        other.hsa_id = one.hsa_id.clone();
        let outcome = store::write!(database, |write| {
            person::insert(write, &other, START).await
        });
        assert!(
            outcome.as_ref().unwrap_err().is_taken("person_hsa_id"),
            "{outcome:?}"
        );

        let outcome = store::write!(database, |write| {
            person::insert(write, &one, START).await
        });
        assert!(
            matches!(outcome, Err(StoreError::Taken { .. })),
            "{outcome:?}"
        );

        store::write!(database, |write| { audit::append(write, &row(1)).await }).unwrap();
        let outcome = store::write!(database, |write| { audit::append(write, &row(1)).await });
        assert!(
            outcome.as_ref().unwrap_err().is_taken("audit_sequence"),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn an_act_that_goes_on_after_a_failed_statement_writes_nothing() {
    for database in testkit::databases().await {
        let mut ids = Ids::new();
        let (one, other) = (sören(&mut ids), göran(&mut ids));
        store::write!(database, |write| {
            person::insert(write, &one, START).await
        })
        .unwrap();
        let outcome = store::write!(database, |write| {
            if database.engine() == Engine::Sqlite {
                // PostgreSQL takes nothing more after the failure; SQLite would.
                person::insert(write, &other, START).await?;
            }
            assert!(person::insert(write, &one, START).await.is_err());
            Ok::<_, StoreError>(())
        });
        assert!(matches!(outcome, Err(StoreError::Void)), "{outcome:?}");
        let mut read = database.read().await.unwrap();
        assert_eq!(
            person::count(&mut read).await.unwrap(),
            1,
            "{:?}",
            database.engine()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_in_memory_reads_and_writes_at_once() {
    let database = Database::connect("sqlite::memory:").await.unwrap();
    database.migrate(START).await.unwrap();
    let tasks: Vec<_> = (0..32)
        .map(|number| {
            let handle = database.clone();
            tokio::spawn(async move {
                if number % 2 == 0 {
                    store::write!(handle, |write| { count(write).await }).map(|_| ())
                } else {
                    audit::list(&mut handle.read().await?).await.map(|_| ())
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(counted(&database).await, 16);
    let other = Database::connect("sqlite::memory:").await.unwrap();
    assert_eq!(
        other.migrate(START).await.unwrap().len(),
        store::migrations().count(),
        "another memory"
    );
}

#[tokio::test]
async fn an_address_is_one_of_three() {
    for address in ["", "sigill.sqlite", "sqlite:", "mysql://localhost/sigill"] {
        assert!(
            matches!(Database::connect(address).await, Err(StoreError::Address)),
            "{address}"
        );
    }
    let nowhere = Database::connect("sqlite:/nowhere/at/all/sigill.sqlite").await;
    assert!(nowhere.is_err());
    let nobody = Database::connect("postgres://nobody@127.0.0.1:9/sigill").await;
    assert!(
        matches!(nobody, Err(StoreError::Unreachable(_))),
        "{nobody:?}"
    );
}
