//! Acts in line: they share commits, and none of them hurts another.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use model::function::{Function, FunctionCertificateState, FunctionState, KeyHolder};
use model::id::FunctionId;
use model::label::Label;
use model::person::Email;
use store::audit::{self, AuditRow};
use store::function_certificate::{self, FunctionCertificateRow};
use store::{Database, Engine, StoreError, Write, card};
use testkit::START;

fn row(sequence: i64, request: &str) -> AuditRow {
    AuditRow {
        sequence,
        at: START,
        event: "card.activated".to_owned(),
        actor: "system".to_owned(),
        subject: "card:x".to_owned(),
        request: request.to_owned(),
        detail: "{}".to_owned(),
        leaf: vec![0; 32],
    }
}

/// Writes the next row of the log.
async fn count(write: &mut Write, request: &str) -> Result<i64, StoreError> {
    let sequence = audit::next_sequence(write).await?;
    tokio::task::yield_now().await;
    audit::append(write, &row(sequence, request)).await?;
    Ok(sequence)
}

async fn log(database: &Database) -> Vec<AuditRow> {
    audit::list(&mut database.read().await.unwrap())
        .await
        .unwrap()
}

/// Lets everything that can go on go on, as far as to a statement under way.
async fn settled() {
    for _ in 0..16 {
        tokio::task::yield_now().await;
    }
}

async fn polled(times: u32) {
    for _ in 0..times {
        tokio::task::yield_now().await;
    }
}

#[derive(Debug, PartialEq)]
enum End {
    Done(i64),
    Refused,
    Void,
    Dropped,
}

/// One act of two rows and a number. Some want nothing of it after all, some go on after a failed statement, some are
/// dropped after so many polls.
async fn act(database: &Database, number: u32) -> End {
    let request = number.to_string();
    let writing = async {
        store::write!(database, |write| {
            count(write, &request).await?;
            card::next_serial(write).await?;
            let sequence = count(write, &request).await?;
            match number % 4 {
                1 => return Err(StoreError::Dangling),
                // It may wait for company; then the act runs again, and here it fails.
                2 => drop(audit::append(write, &row(sequence, &request)).await),
                _ => {}
            }
            Ok(sequence)
        })
    };
    let outcome = if number % 4 == 3 {
        tokio::select! {
            biased;
            () = polled(number) => return End::Dropped,
            outcome = writing => outcome,
        }
    } else {
        writing.await
    };
    match outcome {
        Ok(sequence) => End::Done(sequence),
        Err(StoreError::Dangling) => End::Refused,
        Err(StoreError::Void) => End::Void,
        Err(error) => panic!("{error:?}"),
    }
}

async fn crowd(handles: &[Database], acts: u32) -> Vec<(u32, End)> {
    let tasks: Vec<_> = (0..acts)
        .zip(handles.iter().cycle().cloned())
        .map(|(number, handle)| tokio::spawn(async move { (number, act(&handle, number).await) }))
        .collect();
    let mut ends = Vec::new();
    for task in tasks {
        ends.push(task.await.unwrap());
    }
    ends
}

/// No gaps, every act whole or not there, whoever was told that it is done is, whoever was refused is not.
async fn hold(database: &Database, ends: &[(u32, End)]) {
    let rows = log(database).await;
    let engine = database.engine();
    for (expected, row) in (1i64..).zip(&rows) {
        assert_eq!(row.sequence, expected, "{engine:?}");
    }
    let written: BTreeSet<&str> = rows.iter().map(|row| row.request.as_str()).collect();
    assert_eq!(rows.len(), 2 * written.len(), "{engine:?}: half an act");
    for (number, end) in ends {
        let request = number.to_string();
        match end {
            End::Done(sequence) => {
                assert!(matches!(number % 4, 0 | 3));
                let row = rows.iter().find(|row| row.sequence == *sequence).unwrap();
                assert_eq!(row.request, request, "{engine:?}");
            }
            End::Refused => {
                assert_eq!(number % 4, 1);
                assert!(!written.contains(request.as_str()), "{engine:?}");
            }
            End::Void => {
                assert_eq!(number % 4, 2);
                assert!(!written.contains(request.as_str()), "{engine:?}");
            }
            End::Dropped => assert_eq!(number % 4, 3),
        }
    }
    let serial = store::write!(database, |write| { card::next_serial(write).await }).unwrap();
    assert_eq!(serial, written.len() as u64 + 1, "{engine:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_a_crowd_everybody_gets_what_the_act_alone_would_get() {
    for database in testkit::databases().await {
        let ends = crowd(&[Database::clone(&database)], 200).await;
        hold(&database, &ends).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_nodes_with_a_crowd_each_count_without_gaps() {
    for database in testkit::databases().await {
        let nodes = [
            Database::clone(&database),
            Database::connect(database.address()).await.unwrap(),
        ];
        let ends = crowd(&nodes, 120).await;
        hold(&database, &ends).await;
        for node in nodes {
            node.close().await;
        }
    }
}

/// The second runs before the first is told, and nobody else sees either until both are committed. A transaction takes acts
/// in for some milliseconds only, so on a busy machine it may need another try.
#[tokio::test]
async fn acts_in_line_share_a_commit() {
    for database in testkit::databases().await {
        let mut shared = false;
        for _ in 0..200 {
            let before = log(&database).await.len();
            let next = i64::try_from(before).unwrap() + 1;
            let first = async { store::write!(database, |write| { count(write, "first").await }) };
            let second = async {
                store::write!(database, |write| {
                    let seen = log(&database).await.len();
                    Ok::<_, StoreError>((seen, count(write, "second").await?))
                })
            };
            let (first, second) = tokio::join!(first, second);
            assert_eq!(first.unwrap(), next);
            let (seen, sequence) = second.unwrap();
            assert_eq!(sequence, next + 1, "it sees what the first wrote");
            assert_eq!(log(&database).await.len(), before + 2);
            if seen == before {
                shared = true;
                break;
            }
        }
        assert!(shared, "{:?}", database.engine());
    }
}

/// The first act fails with others behind it, one in the middle fails, one in the middle is dropped inside a statement.
#[tokio::test]
async fn an_act_that_comes_to_nothing_takes_nobody_along() {
    for database in testkit::databases().await {
        for ends in [
            [false, true, true],
            [true, false, true],
            [true, false, false],
            [false, false, true],
            [true, true, false],
        ] {
            let before = log(&database).await.len();
            let tasks: Vec<_> = ends
                .into_iter()
                .map(|good| {
                    let handle = Database::clone(&database);
                    tokio::spawn(async move {
                        store::write!(handle, |write| {
                            let sequence = count(write, "act").await?;
                            if good {
                                Ok(sequence)
                            } else {
                                Err(StoreError::Dangling)
                            }
                        })
                    })
                })
                .collect();
            let stuck = {
                let handle = Database::clone(&database);
                tokio::spawn(async move {
                    store::write!(handle, |write| {
                        count(write, "stuck").await?;
                        std::future::pending::<()>().await;
                        Ok::<_, StoreError>(())
                    })
                })
            };
            settled().await;
            let last = {
                let handle = Database::clone(&database);
                tokio::spawn(async move {
                    store::write!(handle, |write| { count(write, "last").await })
                })
            };
            settled().await;
            stuck.abort();
            for (good, task) in ends.into_iter().zip(tasks) {
                assert_eq!(task.await.unwrap().is_ok(), good, "{:?}", database.engine());
            }
            let good = ends.into_iter().filter(|good| *good).count();
            assert_eq!(
                last.await.unwrap().unwrap(),
                i64::try_from(before + good + 1).unwrap()
            );
            let rows = log(&database).await;
            assert_eq!(rows.len(), before + good + 1, "{:?}", database.engine());
            assert!(rows.iter().all(|row| row.request != "stuck"));
        }
    }
}

/// Another node gets in between every time a certain act runs. Its company is undone with it at most twice, and then it runs
/// alone. On SQLite nobody can get in between.
#[tokio::test]
async fn an_act_that_always_meets_another_ends_up_alone() {
    for database in testkit::databases()
        .await
        .iter()
        .filter(|database| database.engine() == Engine::Postgres)
    {
        let other = Database::connect(database.address()).await.unwrap();
        let (unlucky, company) = (AtomicU32::new(0), AtomicU32::new(0));
        let friend = async {
            store::write!(database, |write| {
                company.fetch_add(1, Ordering::SeqCst);
                // Another row than the log's, or the other node would wait for it.
                card::next_serial(write).await
            })
        };
        let poison = async {
            store::write!(database, |write| {
                unlucky.fetch_add(1, Ordering::SeqCst);
                let sequence = audit::next_sequence(write).await?;
                store::write!(other, |write| { count(write, "other").await })?;
                audit::append(write, &row(sequence, "unlucky")).await?;
                Ok::<_, StoreError>(sequence)
            })
        };
        let (told, outcome) = tokio::join!(friend, poison);
        assert!(outcome.unwrap_err().is_conflict());
        assert_eq!(unlucky.load(Ordering::SeqCst), 20);
        let runs = company.load(Ordering::SeqCst);
        assert!(runs <= 3, "{runs}");
        let rows = log(database).await;
        assert_eq!(rows.len(), 20, "only the other's");
        assert_eq!(told.unwrap(), 1);
        other.close().await;
    }
}

/// A refusal may rest on what another act of the same transaction wrote; it is told when that is committed.
#[tokio::test]
async fn a_refusal_waits_for_what_it_rests_on() {
    for database in testkit::databases().await {
        let first = async { store::write!(database, |write| { count(write, "first").await }) };
        let refused = async {
            let outcome: Result<(), StoreError> = store::write!(database, |write| {
                assert_eq!(audit::next_sequence(write).await?, 2);
                Err(StoreError::Dangling)
            });
            assert!(outcome.is_err());
            log(&database).await.len()
        };
        let (first, seen) = tokio::join!(first, refused);
        assert_eq!(first.unwrap(), 1);
        assert_eq!(seen, 1, "{:?}", database.engine());
    }
}

/// A function that may have certificates, or not any more.
async fn function(database: &Database, state: FunctionState) -> Function {
    let function = Function {
        id: FunctionId::new(START, [state as u8; 10]),
        name: Label::parse("Print server").unwrap(),
        profile: "server".to_owned(),
        host_names: Vec::new(),
        hsa_id: None,
        email: Email::parse("drift@example.se").unwrap(),
        test: false,
        key_holder: KeyHolder::Requester,
        state,
        client: None,
        requested_by: None,
        requested_at: START,
        state_since: START,
    };
    store::write!(database, |write| {
        store::function::insert(write, &function).await
    })
    .unwrap();
    function
}

fn intention(function: &Function, serial: usize) -> FunctionCertificateRow {
    FunctionCertificateRow {
        authority: "functions".to_owned(),
        serial: format!("40{serial:04x}"),
        function: function.id.clone(),
        state: FunctionCertificateState::Reserved,
        not_before: START,
        not_after: START,
        shard: 0,
        reserved_at: START,
        issued_at: None,
        revoked_at: None,
        reason: None,
        key: None,
        der: vec![0x30, 0x00],
    }
}

/// Statements that were as good as sure and came out otherwise: their acts are told so, and their company is not hurt.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_was_sure_of_what_is_not_so_is_told() {
    for database in testkit::databases().await {
        let approved = function(&database, FunctionState::Approved).await;
        let closed = function(&database, FunctionState::Closed).await;
        let tasks: Vec<_> = (0..60)
            .map(|number| {
                let whose = if number % 20 == 7 { &closed } else { &approved };
                let intention = intention(whose, number);
                let handle = Database::clone(&database);
                tokio::spawn(async move {
                    store::write!(handle, |write| {
                        let wanted = function_certificate::reserve(write, &intention).await?;
                        // Whoever is told no goes on all the same.
                        count(write, if wanted { "reserved" } else { "not" }).await?;
                        Ok::<_, StoreError>(wanted)
                    })
                })
            })
            .collect();
        for (number, task) in tasks.into_iter().enumerate() {
            let engine = database.engine();
            assert_eq!(task.await.unwrap().unwrap(), number % 20 != 7, "{engine:?}");
        }
        let rows = log(&database).await;
        assert_eq!(rows.len(), 60);
        assert_eq!(rows.iter().filter(|row| row.request == "not").count(), 3);
        let mut read = database.read().await.unwrap();
        let stored = function_certificate::list_unfinished(&mut read)
            .await
            .unwrap();
        assert_eq!(stored.len(), 57);
    }
}

/// What waits for company is there for whoever looks, the act itself first of all.
#[tokio::test]
async fn what_waits_is_seen_by_whoever_looks() {
    for database in testkit::databases().await {
        let approved = function(&database, FunctionState::Approved).await;
        store::write!(database, |write| {
            count(write, "first").await?;
            assert_eq!(audit::last_sequence(write).await?, 1);
            let row = intention(&approved, 1);
            assert!(function_certificate::reserve(write, &row).await?);
            let found = function_certificate::by_serial(write, "functions", &row.serial).await?;
            assert_eq!(found, Some(row));
            Ok::<_, StoreError>(())
        })
        .unwrap();
        let again = store::write!(database, |write| {
            let row = intention(&approved, 1);
            function_certificate::reserve(write, &row).await
        });
        let taken = again.unwrap_err();
        assert!(
            taken.is_taken("function_certificate_authority_serial"),
            "{taken:?}"
        );
    }
}

/// An act looks at a table for which rows of others wait, and is dropped at any point of that: the others' rows are there.
#[tokio::test]
async fn whoever_is_dropped_while_others_rows_are_written_takes_none_along() {
    for database in testkit::databases().await {
        let approved = function(&database, FunctionState::Approved).await;
        for polls in 0..400 {
            let before = log(&database).await.len();
            let row = intention(&approved, before);
            let first = async {
                store::write!(database, |write| {
                    let sequence = count(write, "kept").await?;
                    assert!(function_certificate::reserve(write, &row).await?);
                    Ok::<_, StoreError>(sequence)
                })
            };
            let looking =
                async { store::write!(database, |write| { audit::last_sequence(write).await }) };
            let dropped = async {
                tokio::select! {
                    biased;
                    () = polled(polls) => {}
                    outcome = looking => drop(outcome.unwrap()),
                }
            };
            let (kept, ()) = tokio::join!(first, dropped);
            let sequence = kept.unwrap();
            let rows = log(&database).await;
            let engine = database.engine();
            assert_eq!(rows.len(), before + 1, "{engine:?}, dropped after {polls}");
            assert_eq!(rows.last().unwrap().sequence, sequence);
            let mut read = database.read().await.unwrap();
            let found = function_certificate::by_serial(&mut read, "functions", &row.serial).await;
            assert!(
                found.unwrap().is_some(),
                "{engine:?}, dropped after {polls}"
            );
        }
    }
}
