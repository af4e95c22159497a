//! The connections that read. sqlx's own pool asks a connection whether it is alive each time it is taken and each time it is
//! given back, which is two messages more than the one that a short read is; this one asks those that had nothing to do.

use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, raw_sql};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::{Engine, Opened, PATIENCE};
use crate::StoreError;

/// How many connections read at once at the most.
const READERS: usize = 8;

/// How many connections keep a view at once: they may take long, and no short read stands behind them.
const VIEWS: usize = 4;

/// A connection that had nothing to do for longer is asked whether it is alive before it is used.
pub(super) const TRUSTED: Duration = Duration::from_secs(1);

/// The connections that read, of one engine.
#[derive(Clone, Debug)]
pub(super) struct Readers(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: Options,
    places: Places,
    views: Places,
    idle: Mutex<Vec<(Link, Instant)>>,
}

#[derive(Debug)]
enum Options {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

#[derive(Debug)]
enum Link {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// How many may be in use at once.
#[derive(Debug)]
struct Places {
    all: usize,
    free: Arc<Semaphore>,
}

/// A connection in use. Dropping it gives it back.
pub(super) struct Reader {
    /// There until it is dropped.
    link: Option<Link>,
    /// Whether it may be given to the next.
    pub(super) sound: bool,
    /// In the middle of a statement: dropped now, nobody knows what is still to come from the other side.
    pub(super) busy: bool,
    readers: Readers,
    _place: OwnedSemaphorePermit,
}

impl Readers {
    /// Each connection of SQLite has a thread of its own, so that more of them than processors only make each other wait, and
    /// the threads sleep and are woken for every read instead of finding the next one there.
    pub(super) fn sqlite(options: SqliteConnectOptions) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        let readers = processors.clamp(2, READERS);
        Self::new(Options::Sqlite(Box::new(options)), readers)
    }

    pub(super) fn postgres(options: PgConnectOptions) -> Self {
        Self::new(Options::Postgres(Box::new(options)), READERS)
    }

    fn new(options: Options, readers: usize) -> Self {
        Self(Arc::new(Inner {
            options,
            places: Places::new(readers),
            views: Places::new(VIEWS),
            idle: Mutex::default(),
        }))
    }

    pub(super) fn engine(&self) -> Engine {
        match &self.0.options {
            Options::Sqlite(_) => Engine::Sqlite,
            Options::Postgres(_) => Engine::Postgres,
        }
    }

    /// A connection whose statements each see what was committed before them.
    pub(super) async fn acquire(&self) -> Result<Reader, StoreError> {
        self.acquire_at(&self.0.places).await
    }

    /// A connection whose statements all see what was committed before the first of them. It ends with it, for nobody is there
    /// to end the transaction when this is dropped.
    pub(super) async fn acquire_view(&self) -> Result<Reader, StoreError> {
        let mut reader = self.acquire_at(&self.0.views).await?;
        reader.sound = false;
        match reader.opened()? {
            Opened::Sqlite(connection) => raw_sql("BEGIN").execute(connection).await.map(|_| ()),
            Opened::Postgres(connection) => {
                raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .execute(connection)
                    .await
                    .map(|_| ())
            }
        }?;
        Ok(reader)
    }

    async fn acquire_at(&self, places: &Places) -> Result<Reader, StoreError> {
        let place = places.take(1).await?;
        let link = timeout(PATIENCE, self.link())
            .await
            .map_err(|_| sqlx::Error::PoolTimedOut)??;
        Ok(Reader {
            link: Some(link),
            sound: true,
            busy: false,
            readers: self.clone(),
            _place: place,
        })
    }

    /// The one used last, so that those too many grow old, or a new one.
    async fn link(&self) -> Result<Link, StoreError> {
        while let Some((mut link, since)) = self.pop() {
            if since.elapsed() < TRUSTED || link.is_alive().await {
                return Ok(link);
            }
        }
        Ok(match &self.0.options {
            Options::Sqlite(options) => Link::Sqlite(options.connect().await?),
            Options::Postgres(options) => Link::Postgres(options.connect().await?),
        })
    }

    fn pop(&self) -> Option<(Link, Instant)> {
        let mut idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.pop()
    }

    /// Lets nobody read any more, waits for those who do, and ends every connection.
    pub(super) async fn close(&self) {
        self.0.places.close().await;
        self.0.views.close().await;
        while let Some((link, _)) = self.pop() {
            link.close().await;
        }
    }
}

impl Places {
    fn new(all: usize) -> Self {
        Self {
            all,
            free: Arc::new(Semaphore::new(all)),
        }
    }

    async fn take(&self, how_many: usize) -> Result<OwnedSemaphorePermit, StoreError> {
        let how_many = u32::try_from(how_many).unwrap_or(u32::MAX);
        let taken = Arc::clone(&self.free).acquire_many_owned(how_many);
        let taken = timeout(PATIENCE, taken).await;
        Ok(taken
            .map_err(|_| sqlx::Error::PoolTimedOut)?
            .map_err(|_| sqlx::Error::PoolClosed)?)
    }

    /// Gives none out any more and waits for those that are taken, though not for ever.
    async fn close(&self) {
        let all = self.take(self.all).await;
        self.free.close();
        drop(all);
    }
}

impl Link {
    async fn is_alive(&mut self) -> bool {
        match self {
            Self::Sqlite(connection) => connection.ping().await.is_ok(),
            Self::Postgres(connection) => connection.ping().await.is_ok(),
        }
    }

    async fn close(self) {
        // It ends either way.
        let _ = match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        };
    }
}

impl Reader {
    pub(super) fn opened(&mut self) -> Result<Opened<'_>, StoreError> {
        match &mut self.link {
            Some(Link::Sqlite(connection)) => Ok(Opened::Sqlite(connection)),
            Some(Link::Postgres(connection)) => Ok(Opened::Postgres(connection)),
            None => Err(sqlx::Error::PoolClosed.into()),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if self.sound
            && !self.busy
            && let Some(link) = self.link.take()
            && !self.readers.0.places.free.is_closed()
        {
            let mut idle = self
                .readers
                .0
                .idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            idle.push((link, Instant::now()));
        }
    }
}
