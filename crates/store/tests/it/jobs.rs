//! Jobs: ordered once, claimed by one, repeated with back-off, given up visibly.

use model::id::JobId;
use store::job::{self, ATTEMPTS, Failed, JobRow, Order};
use store::{Database, StoreError};
use testkit::START;

use crate::rows::{Ids, later};

async fn order(database: &Database, id: &JobId, once: Option<&str>) -> bool {
    let order = Order {
        id,
        kind: "notice",
        once,
        payload: "{}",
        due_at: START,
    };
    store::write!(database, |write| { job::order(write, &order, START).await }).unwrap()
}

async fn claim(database: &Database, seconds: i64) -> Option<JobRow> {
    store::write!(database, |write| {
        job::claim(write, "notice", later(seconds), later(seconds + 60)).await
    })
    .unwrap()
}

#[tokio::test]
async fn the_same_thing_is_ordered_once() {
    for database in testkit::databases().await {
        let mut ids = Ids::new();
        assert!(order(&database, &ids.next(JobId::new), Some("welcome:1")).await);
        assert!(!order(&database, &ids.next(JobId::new), Some("welcome:1")).await);
        assert!(order(&database, &ids.next(JobId::new), Some("welcome:2")).await);
        assert!(order(&database, &ids.next(JobId::new), None).await);
        assert!(order(&database, &ids.next(JobId::new), None).await);
        assert_eq!(
            job::count_open(&mut database.read().await.unwrap())
                .await
                .unwrap(),
            4
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_nodes_share_eight_jobs() {
    for database in testkit::databases().await {
        let mut ids = Ids::new();
        for _ in 0..8 {
            order(&database, &ids.next(JobId::new), None).await;
        }
        let mut nodes = Vec::new();
        for _ in 0..8 {
            nodes.push(Database::connect(database.address()).await.unwrap());
        }
        let tasks: Vec<_> = nodes
            .iter()
            .cloned()
            .map(|node| tokio::spawn(async move { claim(&node, 0).await }))
            .collect();
        let mut claimed = Vec::new();
        for task in tasks {
            claimed.push(task.await.unwrap().unwrap().id);
        }
        claimed.sort();
        claimed.dedup();
        assert_eq!(claimed.len(), 8, "{:?}", database.engine());
        assert_eq!(claim(&database, 0).await, None);
        for node in nodes {
            node.close().await;
        }
    }
}

#[tokio::test]
async fn a_claim_that_ran_out_is_another_ones() {
    for database in testkit::databases().await {
        let id = Ids::new().next(JobId::new);
        order(&database, &id, None).await;
        let first = claim(&database, 0).await.unwrap();
        assert_eq!((first.attempts, first.due_at), (1, later(60)));
        assert_eq!(claim(&database, 59).await, None);
        let second = claim(&database, 60).await.unwrap();
        assert_eq!(second.attempts, 2);
        store::write!(database, |write| {
            assert!(
                !job::finish(write, &first, later(61)).await?,
                "the first lost it"
            );
            assert_eq!(
                job::fail(write, &first, "late", later(61)).await?,
                Failed::Lost
            );
            assert!(job::finish(write, &second, later(62)).await?);
            assert_eq!(job::count_open(write).await?, 0);
            assert_eq!(job::remove_done(write, later(62)).await?, 0);
            assert_eq!(job::remove_done(write, later(63)).await?, 1);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    }
}

#[tokio::test]
async fn a_job_that_keeps_failing_is_given_up_and_can_be_revived() {
    for database in testkit::databases().await {
        let id = Ids::new().next(JobId::new);
        order(&database, &id, None).await;
        let mut seconds = 0;
        let mut waits = Vec::new();
        loop {
            let job = claim(&database, seconds).await.unwrap();
            let failed = store::write!(database, |write| {
                job::fail(write, &job, "no mail server", later(seconds)).await
            })
            .unwrap();
            match failed {
                Failed::Again(at) => {
                    let due = at.seconds() - START.seconds();
                    assert_eq!(claim(&database, due - 1).await, None);
                    waits.push(due - seconds);
                    seconds = due;
                }
                other => {
                    assert_eq!(other, Failed::GivenUp);
                    break;
                }
            }
        }
        assert_eq!(i64::try_from(waits.len()).unwrap(), ATTEMPTS - 1);
        assert!(waits.is_sorted(), "{waits:?}");
        let given_up = job::list_given_up(&mut database.read().await.unwrap(), 9)
            .await
            .unwrap();
        assert_eq!(
            given_up
                .iter()
                .map(|job| job.trouble.as_deref())
                .collect::<Vec<_>>(),
            [Some("no mail server")]
        );
        assert_eq!(claim(&database, seconds + 1_000_000).await, None);
        store::write!(database, |write| {
            assert!(job::revive(write, &id, later(seconds)).await?);
            assert!(!job::revive(write, &id, later(seconds)).await?);
            Ok::<_, StoreError>(())
        })
        .unwrap();
        assert_eq!(claim(&database, seconds).await.unwrap().attempts, 1);
    }
}
