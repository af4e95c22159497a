//! The one file that touches the process: the clock, the operating system's randomness, the environment. Everything else is
//! given values (`clippy.toml` bans the rest).

use std::time::{SystemTime, UNIX_EPOCH};

use flows::{Call, Entropy};
use model::Timestamp;
use model::id::RequestId;
use model::role::Actor;

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::expect_used,
        reason = "without randomness nothing here may go on"
    )]
    fn fill(&mut self, bytes: &mut [u8]) {
        pki::random::fill(bytes).expect("the operating system gives no randomness");
    }
}

/// Tells the time: the system's clock, or one that a test or the walk moves.
pub trait Clock: Send + Sync {
    /// Unix seconds UTC.
    fn now(&self) -> Timestamp;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }
}

/// What a request knows before anybody is recognised: when it came and what it is called.
pub struct Asking {
    /// When it came.
    pub now: Timestamp,
    /// Its name in the log.
    pub request_id: RequestId,
    entropy: SystemEntropy,
}

impl Asking {
    /// A new request at this moment.
    #[must_use]
    pub fn at(clock: &dyn Clock) -> Self {
        let now = clock.now();
        let mut entropy = SystemEntropy;
        let mut random = [0u8; 10];
        entropy.fill(&mut random);
        Self {
            now,
            request_id: RequestId::new(now, random),
            entropy,
        }
    }

    /// The call of an actor within this request.
    pub fn call(&mut self, actor: Actor) -> Call<'_> {
        Call {
            actor,
            now: self.now,
            entropy: &mut self.entropy,
            request_id: self.request_id.clone(),
        }
    }
}

/// Measures how long something took, for people to read; nothing is decided by it.
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// How long since the start.
    #[must_use]
    pub fn elapsed(&self) -> std::time::Duration {
        self.0.elapsed()
    }
}

/// Who is logged in to the console, for the log.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this is where the environment is read"
)]
pub fn user_name() -> String {
    std::env::var("SUDO_USER")
        .or_else(|_| std::env::var("USER"))
        .unwrap_or_else(|_| "console".to_owned())
}
