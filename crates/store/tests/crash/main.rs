//! A process is killed while it writes: what it told anybody is done is there afterwards, and every act is whole.
//!
//! A program without the usual harness, because it starts itself a second time as the process that is killed.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests: a failure is told by a panic"
)]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use store::audit::{self, AuditRow};
use store::{Database, StoreError};
use testkit::START;

/// Asks for the process that writes; the address of the database comes after it.
const WRITER: &str = "--write-until-killed";

/// How many acts have been told before the process is killed.
const TOLD: usize = 400;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    match arguments.as_slice() {
        [asked, address] if asked == WRITER => runtime.block_on(write(address)),
        _ => runtime.block_on(async {
            for database in testkit::databases().await {
                kill_and_look(&database, database.address()).await;
            }
        }),
    }
}

/// Acts of two rows each, many at once, each told on a line of its own when it is done. Ends by being killed, or when nobody
/// listens.
async fn write(address: &str) {
    let database = Database::connect(address).await.unwrap();
    let tasks: Vec<_> = (0..24)
        .map(|writer| {
            let database = database.clone();
            tokio::spawn(async move {
                for act in 0.. {
                    let request = format!("{writer}.{act}");
                    let wanted = act % 5 != 4;
                    let outcome = store::write!(database, |write| {
                        append(write, &request).await?;
                        append(write, &request).await?;
                        if wanted {
                            Ok(())
                        } else {
                            Err(StoreError::Dangling)
                        }
                    });
                    assert_eq!(outcome.is_ok(), wanted, "{outcome:?}");
                    let mut out = std::io::stdout().lock();
                    if wanted && writeln!(out, "{request}").is_err() {
                        return;
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

async fn append(write: &mut store::Write, request: &str) -> Result<(), StoreError> {
    let row = AuditRow {
        sequence: audit::next_sequence(write).await?,
        at: START,
        event: "card.activated".to_owned(),
        actor: "system".to_owned(),
        subject: "card:x".to_owned(),
        request: request.to_owned(),
        detail: "{}".to_owned(),
        leaf: vec![0; 32],
    };
    audit::append(write, &row).await
}

async fn kill_and_look(database: &Database, address: &str) {
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args([WRITER, address])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(writer.stdout.take().unwrap());
    let mut told = Vec::new();
    loop {
        let mut line = String::new();
        let length = lines.read_line(&mut line).unwrap();
        match line.strip_suffix('\n') {
            Some(request) => told.push(request.to_owned()),
            None if length == 0 => break,
            // Cut off by the death of the writer.
            None => continue,
        }
        if told.len() == TOLD {
            writer.kill().unwrap();
        }
    }
    let ended = writer.wait().unwrap();
    assert!(!ended.success() && told.len() >= TOLD, "{ended:?}");

    // As the next start would find it, and as those who look meanwhile do.
    let reopened = Database::connect(address)
        .await
        .expect("opening after the death");
    for handle in [&reopened, database] {
        // The server may still be ending what the dead process had under way; a write waits for that.
        store::write!(handle, |write| { audit::next_sequence(write).await }).unwrap();
        let rows = audit::list(&mut handle.read().await.unwrap())
            .await
            .unwrap();
        for (expected, row) in (1i64..).zip(&rows) {
            assert_eq!(row.sequence, expected);
        }
        let written: BTreeSet<&str> = rows.iter().map(|row| row.request.as_str()).collect();
        assert_eq!(rows.len(), 2 * written.len(), "half an act");
        for request in &told {
            assert!(
                written.contains(request.as_str()),
                "{:?}: told {request}",
                handle.engine()
            );
        }
        for request in written {
            let act = request.split('.').nth(1).unwrap();
            assert_ne!(act.parse::<u32>().unwrap() % 5, 4, "a refused act was kept");
        }
    }
    reopened.close().await;
}
