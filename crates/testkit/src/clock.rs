//! A clock that moves when told.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use model::{Days, Timestamp};

/// Where a test's clock stands at first: Monday 23 November 2026, 08:00:00 UTC, nine in Sweden.
pub const START: Timestamp = Timestamp(1_795_420_800);

/// A clock that stands still until it is moved. Clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<AtomicI64>);

impl Default for Clock {
    fn default() -> Self {
        Self::at(START)
    }
}

impl Clock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(now.seconds())))
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    /// Moves it on; says what it shows then. Parts of a second are dropped.
    pub fn advance(&self, by: Duration) -> Timestamp {
        let seconds = i64::try_from(by.as_secs()).unwrap_or(i64::MAX);
        Timestamp(
            self.0
                .fetch_add(seconds, Ordering::SeqCst)
                .saturating_add(seconds),
        )
    }

    /// Moves it on by whole days of 24 hours; says what it shows then.
    pub fn advance_days(&self, days: i64) -> Timestamp {
        self.advance(Days(days).duration())
    }

    /// Sets it, back as well as forth.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.seconds(), Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_moves_when_told_and_for_every_clone() {
        let clock = Clock::default();
        let other = clock.clone();
        assert_eq!(clock.now(), START);
        assert_eq!(
            clock.advance(Duration::from_millis(1_999)),
            Timestamp(START.seconds() + 1)
        );
        assert_eq!(other.advance_days(2), Timestamp(START.seconds() + 172_801));
        assert_eq!(clock.now(), other.now());
        clock.set(Timestamp(7));
        assert_eq!(other.now(), Timestamp(7));
    }

    #[test]
    fn it_starts_on_a_monday_morning() {
        assert_eq!(START.to_date_utc(), model::Date::constant(2026, 11, 23));
        assert_eq!(START.seconds() % 86_400, 8 * 3_600);
    }
}
