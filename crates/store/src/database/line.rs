//! The line: acts that write stand in it for the one writing connection, and those that stand there together share a commit.
//!
//! The flush of a commit costs more than everything else an act does. So the transaction is left open while somebody waits:
//! the next act runs in it, and one COMMIT ends it for all of them. An act is told that it is done, or
//! refused because of what it read, only after that COMMIT: until then the rows it saw may be those of an act that comes to
//! nothing. Nobody waits for company: when the line is empty, the transaction is committed.
//!
//! A group of acts is hopeful at first: none has a savepoint, and statements wait for company (`database/deferred.rs`). An act
//! that comes to nothing before it has changed anything hurts nobody. One that comes to nothing later takes the group down with
//! it; all of it runs again, now wary: each act behind a savepoint that it is undone to, each statement at once.
//!
//! One task, the clerk, begins, marks, undoes and commits. Acts come and go, and one whose client went away is dropped at any
//! point; the clerk gets the connection back in every case, for an act holds it as the guard of a lock.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc, oneshot};
use tokio::time::{Instant, timeout};

use super::deferred::{Mark, Waiting};
use super::readers::TRUSTED;
use super::{Opened, PATIENCE, Value};
use crate::StoreError;

/// How many acts share a commit at most: a conflict with another process undoes all of them.
const ACTS: usize = 128;

/// For how long a transaction takes new acts in. Whoever came first waits that long, and for the last act, to be told.
const SPAN: Duration = Duration::from_millis(20);

/// An act that was undone this often runs in a transaction of its own, so that one that always meets another process takes
/// nobody down with it, and one that is always taken down gets out.
const TOGETHER: u32 = 2;

/// The writing connections of one engine; each pool has one.
#[derive(Clone, Debug)]
pub(super) enum Writer {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Where acts ask for their turn. The clerk leaves when the last handle is dropped.
#[derive(Clone, Debug)]
pub(super) struct Line {
    arrivals: mpsc::UnboundedSender<Request>,
}

/// An act in line.
struct Request {
    attempt: u32,
    grant: oneshot::Sender<Result<Grant, StoreError>>,
}

/// What an act gets when it is its turn.
pub(super) struct Grant {
    /// The open transaction. Dropping it passes it on.
    pub(super) turn: OwnedMutexGuard<Turn>,
    /// What came of the transaction.
    pub(super) verdict: oneshot::Receiver<Verdict>,
    /// Whether statements may wait for company.
    pub(super) hopeful: bool,
}

/// The open transaction, in the hands of one act at a time.
pub(super) struct Turn {
    connection: Held,
    /// How the act that had it ended.
    pub(super) fate: Fate,
    /// What waits for company.
    pub(super) waiting: Waiting,
    /// How much of that was there before the act.
    pub(super) mark: Mark,
    /// Whether the act may have changed something, or is in the middle of a statement, so that leaving it out means undoing.
    pub(super) touched: bool,
    /// What one act of the transaction tells the next: the last sequence of the log.
    pub(super) told: Option<i64>,
}

enum Held {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// How an act ended.
pub(super) enum Fate {
    /// Its future was dropped half-way.
    Dropped,
    /// It wants nothing written, or a statement of it failed.
    Undone,
    /// It wants what it wrote.
    Done,
    /// It met another transaction, and everything since BEGIN is lost.
    Conflict(StoreError),
}

/// What came of the transaction an act ran in.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    /// What the act wrote is written, and what it read was so.
    Stands,
    /// All of it was undone: the act may be tried again.
    Again(StoreError),
    /// COMMIT was not answered: it may or may not have happened.
    Unknown(StoreError),
}

impl Turn {
    pub(super) fn opened(&mut self) -> Opened<'_> {
        match &mut self.connection {
            Held::Sqlite(connection) => Opened::Sqlite(connection),
            Held::Postgres(connection) => Opened::Postgres(connection),
        }
    }

    /// Carries out a statement of the transaction itself.
    async fn control(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let outcome = match self.opened() {
            Opened::Sqlite(connection) => sqlite(connection, sql).await,
            Opened::Postgres(connection) => postgres(connection, sql).await,
        };
        outcome.map_err(StoreError::from)
    }

    async fn begin(&mut self) -> Result<(), StoreError> {
        self.told = None;
        self.waiting.clear();
        let sql = match &self.connection {
            Held::Sqlite(_) => "BEGIN IMMEDIATE",
            Held::Postgres(_) => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        };
        self.control(sql).await
    }

    /// Carries out what waits. Whatever goes wrong counts as a conflict: every act runs again, and whose statement it was finds
    /// out for itself.
    pub(super) async fn flush(&mut self) -> Result<(), StoreError> {
        self.mark = Mark::default();
        for (statement, rows) in self.waiting.take() {
            let mut rest = rows.as_slice();
            while !rest.is_empty() {
                let (sql, size) = statement.text(rest.len());
                let (these, others) = rest.split_at(size.min(rest.len()));
                let outcome = match self.opened() {
                    Opened::Sqlite(connection) => bound!(sql, these.iter().flatten())
                        .execute(connection)
                        .await
                        .map(|done| done.rows_affected()),
                    Opened::Postgres(connection) => bound!(sql, these.iter().flatten())
                        .execute(connection)
                        .await
                        .map(|done| done.rows_affected()),
                };
                match outcome {
                    Ok(changed) if changed == these.len() as u64 => {}
                    Ok(_) => return Err(StoreError::Conflict(Arc::new(sqlx::Error::RowNotFound))),
                    Err(error) => return Err(StoreError::Conflict(Arc::new(error))),
                }
                rest = others;
            }
        }
        Ok(())
    }

    /// Undoes everything since BEGIN; says whether the connection is still good. One that cannot even do that is closed when it
    /// is dropped, and the transaction ends with it.
    async fn roll_back(&mut self) -> bool {
        self.told = None;
        self.waiting.clear();
        let good = self.control("ROLLBACK").await.is_ok();
        if !good {
            match &mut self.connection {
                Held::Sqlite(connection) => connection.close_on_drop(),
                Held::Postgres(connection) => connection.close_on_drop(),
            }
        }
        good
    }
}

async fn sqlite(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(sql).execute(connection).await.map(|_| ())
}

async fn postgres(connection: &mut PgConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(sql).execute(connection).await.map(|_| ())
}

impl Writer {
    /// Waits until it is being closed.
    async fn closing(&self) {
        match self {
            Self::Sqlite(pool) => pool.close_event().await,
            Self::Postgres(pool) => pool.close_event().await,
        }
    }

    async fn acquire(&self) -> Result<Turn, StoreError> {
        let connection = match self {
            Self::Sqlite(pool) => Held::Sqlite(pool.acquire().await?),
            Self::Postgres(pool) => Held::Postgres(pool.acquire().await?),
        };
        Ok(Turn {
            connection,
            fate: Fate::Dropped,
            waiting: Waiting::default(),
            mark: Mark::default(),
            touched: false,
            told: None,
        })
    }
}

impl Line {
    /// Opens the line and sets the clerk to work.
    pub(super) fn open(writer: Writer) -> Self {
        let (arrivals, requests) = mpsc::unbounded_channel();
        tokio::spawn(
            Clerk {
                writer,
                requests,
                waiting: VecDeque::new(),
            }
            .serve(),
        );
        Self { arrivals }
    }

    /// Stands in line until it is this act's turn; `attempt` counts from 1.
    pub(super) async fn stand(&self, attempt: u32) -> Result<Grant, StoreError> {
        let (grant, granted) = oneshot::channel();
        let gone = |_| StoreError::from(sqlx::Error::PoolClosed);
        self.arrivals
            .send(Request { attempt, grant })
            .map_err(|_| sqlx::Error::PoolClosed)?;
        timeout(PATIENCE, granted)
            .await
            .map_err(|_| sqlx::Error::PoolTimedOut)?
            .map_err(gone)?
    }
}

/// Serves the line.
struct Clerk {
    writer: Writer,
    requests: mpsc::UnboundedReceiver<Request>,
    waiting: VecDeque<Request>,
}

/// The acts of one transaction.
struct Group {
    turn: Arc<Mutex<Turn>>,
    /// Who is to be told what came of it.
    members: Vec<oneshot::Sender<Verdict>>,
    /// Whether some act wants what it wrote.
    kept: bool,
    /// Whether its acts run here for the first time, without a savepoint each.
    hopeful: bool,
    savepoint: Savepoint,
}

/// The savepoint that the next act of a wary group can be undone to.
enum Savepoint {
    /// None was set yet. The first act needs none: the whole transaction is its own.
    Missing,
    /// Acts that want what they wrote came after it.
    Behind,
    /// Nothing came after it.
    Here,
}

/// Whether a group goes on.
enum After {
    Next,
    /// Everything was undone and nobody is hurt; whether the connection is still good.
    Ended(bool),
    /// Everything is lost.
    Lost(StoreError),
}

impl Clerk {
    async fn serve(mut self) {
        // Kept from one transaction to the next while there is work. Taking it from the pool asks the server whether it is
        // still there, which is a message there and back.
        let mut connection: Option<Arc<Mutex<Turn>>> = None;
        loop {
            self.look();
            let Some(first) = self.waiting.pop_front() else {
                if connection.is_some() {
                    // Kept a while, unless the database is being closed.
                    let next = timeout(TRUSTED, async {
                        tokio::select! {
                            next = self.requests.recv() => Some(next),
                            () = self.writer.closing() => None,
                        }
                    });
                    match next.await {
                        Ok(Some(Some(request))) => {
                            self.queue(request);
                            continue;
                        }
                        Ok(Some(None)) => return,
                        Ok(None) | Err(_) => connection = None,
                    }
                }
                match self.requests.recv().await {
                    Some(request) => self.queue(request),
                    None => return,
                }
                continue;
            };
            if first.grant.is_closed() {
                continue;
            }
            let turn = match connection.take() {
                Some(turn) => turn,
                None => match self.writer.acquire().await {
                    Ok(turn) => Arc::new(Mutex::new(turn)),
                    Err(error) => {
                        drop(first.grant.send(Err(error)));
                        continue;
                    }
                },
            };
            let begun = turn.lock().await.begin().await;
            match begun {
                Ok(()) => {
                    if self.group(Arc::clone(&turn), first).await {
                        connection = Some(turn);
                    }
                }
                Err(error) => {
                    // The connection may be broken: the pool finds out.
                    drop(first.grant.send(Err(error)));
                }
            }
        }
    }

    /// Takes in whoever came meanwhile.
    fn look(&mut self) {
        while let Ok(request) = self.requests.try_recv() {
            self.queue(request);
        }
    }

    /// Whoever was undone has stood in line already.
    fn queue(&mut self, request: Request) {
        if request.attempt > 1 {
            self.waiting.push_front(request);
        } else {
            self.waiting.push_back(request);
        }
    }

    /// Runs one transaction from its first act to its end, and tells its acts; says whether the connection is still good.
    async fn group(&mut self, turn: Arc<Mutex<Turn>>, first: Request) -> bool {
        let opened = Instant::now();
        let mut group = Group {
            turn,
            members: Vec::new(),
            kept: false,
            hopeful: first.attempt == 1,
            savepoint: Savepoint::Missing,
        };
        let mut next = Some(first);
        while let Some(request) = next.take() {
            if let Err(error) = group.mark().await {
                self.waiting.push_front(request);
                return group.lose(error).await;
            }
            let alone = request.attempt > TOGETHER;
            match group.run(request).await {
                After::Next => {}
                After::Ended(good) => {
                    group.tell(&Verdict::Stands);
                    return good;
                }
                After::Lost(error) => return group.lose(error).await,
            }
            if !alone && group.members.len() < ACTS && opened.elapsed() < SPAN {
                next = self.joiner(group.hopeful);
            }
        }
        group.commit().await
    }

    /// The first in line, unless it must run alone, or has reason to be wary and the group is not.
    fn joiner(&mut self, hopeful: bool) -> Option<Request> {
        self.look();
        self.waiting.retain(|request| !request.grant.is_closed());
        self.waiting
            .pop_front_if(|request| request.attempt <= if hopeful { 1 } else { TOGETHER })
    }
}

impl Group {
    /// Sets the savepoint that the next act can be undone to.
    async fn mark(&mut self) -> Result<(), StoreError> {
        let sql = match self.savepoint {
            _ if self.hopeful => return Ok(()),
            Savepoint::Missing if self.kept => "SAVEPOINT act",
            Savepoint::Behind => "RELEASE SAVEPOINT act; SAVEPOINT act",
            Savepoint::Missing | Savepoint::Here => return Ok(()),
        };
        self.turn.lock().await.control(sql).await?;
        self.savepoint = Savepoint::Here;
        Ok(())
    }

    /// Lets one act have its turn.
    async fn run(&mut self, request: Request) -> After {
        let (told, verdict) = oneshot::channel();
        let mut turn = Arc::clone(&self.turn).lock_owned().await;
        turn.fate = Fate::Dropped;
        turn.touched = false;
        turn.mark = turn.waiting.mark();
        let before = turn.told;
        let grant = Grant {
            turn,
            verdict,
            hopeful: self.hopeful,
        };
        // When nobody is there to take it, it comes back and is dropped.
        drop(request.grant.send(Ok(grant)));
        let mut turn = self.turn.lock().await;
        match std::mem::replace(&mut turn.fate, Fate::Dropped) {
            Fate::Done => {
                self.kept = true;
                if let Savepoint::Here = self.savepoint {
                    self.savepoint = Savepoint::Behind;
                }
                self.members.push(told);
                After::Next
            }
            Fate::Conflict(error) => {
                self.members.push(told);
                After::Lost(error)
            }
            Fate::Undone | Fate::Dropped if !turn.touched => {
                let mark = std::mem::take(&mut turn.mark);
                turn.waiting.forget_since(&mark);
                turn.told = before;
                self.members.push(told);
                After::Next
            }
            Fate::Undone | Fate::Dropped if !self.kept => {
                let good = turn.roll_back().await;
                drop(turn);
                self.members.push(told);
                After::Ended(good)
            }
            Fate::Undone | Fate::Dropped if self.hopeful => {
                self.members.push(told);
                After::Lost(StoreError::Conflict(Arc::new(sqlx::Error::RowNotFound)))
            }
            Fate::Undone | Fate::Dropped => {
                self.members.push(told);
                turn.told = None;
                match turn.control("ROLLBACK TO SAVEPOINT act").await {
                    Ok(()) => After::Next,
                    Err(error) => After::Lost(error),
                }
            }
        }
    }

    /// Ends the transaction for all of its acts; says whether the connection is still good.
    async fn commit(self) -> bool {
        let mut turn = self.turn.lock().await;
        if let Err(error) = turn.flush().await {
            drop(turn);
            return self.lose(error).await;
        }
        let (verdict, good) = match turn.control("COMMIT").await {
            Ok(()) => (Verdict::Stands, true),
            // SQLite leaves the transaction open when it could not commit it.
            Err(error) => {
                let good = turn.roll_back().await;
                let verdict = if error.is_conflict() {
                    Verdict::Again(error)
                } else {
                    Verdict::Unknown(error)
                };
                (verdict, good)
            }
        };
        drop(turn);
        self.tell(&verdict);
        good
    }

    /// Undoes everything; says whether the connection is still good.
    async fn lose(self, error: StoreError) -> bool {
        let good = self.turn.lock().await.roll_back().await;
        self.tell(&Verdict::Again(error));
        good
    }

    /// Tells every act what came of the transaction. One that was dropped does not listen.
    fn tell(self, verdict: &Verdict) {
        for member in self.members {
            drop(member.send(verdict.clone()));
        }
    }
}
