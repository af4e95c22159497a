//! Time as values. Nothing in this crate can ask what time it is.

use std::time::Duration;

/// A calendar date without a time zone.
pub use jiff::civil::Date;

/// A moment: whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Unix seconds, UTC.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The moment that much later; parts of a second are dropped, and the end of time is a wall.
    #[must_use]
    pub fn plus(self, later: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(later.as_secs()))
    }

    /// The moment that much earlier; parts of a second are dropped.
    #[must_use]
    pub fn minus(self, earlier: Duration) -> Self {
        Self(self.0.saturating_sub_unsigned(earlier.as_secs()))
    }

    /// How long after `earlier` this is; zero when it is not after.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The date in UTC. Moments outside the years −9999 to 9999 give the nearest date there is.
    #[must_use]
    pub fn to_date_utc(self) -> Date {
        let epoch = Date::constant(1970, 1, 1);
        Days(self.0.div_euclid(86_400)).after(epoch)
    }

    /// Midnight UTC at the start of that date.
    #[must_use]
    pub fn at_midnight_utc(date: Date) -> Self {
        let days = Days::between(Date::constant(1970, 1, 1), date);
        Self(days.0.saturating_mul(86_400))
    }
}

/// A number of whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days(pub i64);

impl Days {
    /// The days from one date to the other; negative when `to` is the earlier.
    #[must_use]
    pub fn between(from: Date, to: Date) -> Self {
        Self(to.duration_since(from).as_hours() / 24)
    }

    /// The date that many days after `date`, or the nearest date the calendar has.
    #[must_use]
    pub fn after(self, date: Date) -> Date {
        let span = jiff::SignedDuration::from_secs(self.0.clamp(-8_000_000, 8_000_000) * 86_400);
        date.saturating_add(span)
    }

    /// The same as a length of time; zero when negative.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::from_secs(u64::try_from(self.0).unwrap_or(0).saturating_mul(86_400))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(seconds: i64, date: Date) {
        assert_eq!(Timestamp(seconds).to_date_utc(), date);
    }

    #[test]
    fn dates_change_at_midnight() {
        check(0, Date::constant(1970, 1, 1));
        check(86_399, Date::constant(1970, 1, 1));
        check(86_400, Date::constant(1970, 1, 2));
        check(-1, Date::constant(1969, 12, 31));
        check(1_795_392_000, Date::constant(2026, 11, 23));
        check(i64::MAX, Date::MAX);
        check(i64::MIN, Date::MIN);
    }

    #[test]
    fn time_stops_at_its_ends() {
        assert_eq!(
            Timestamp(i64::MAX).plus(Duration::from_secs(1)),
            Timestamp(i64::MAX)
        );
        assert_eq!(
            Timestamp(i64::MIN).minus(Duration::from_secs(1)),
            Timestamp(i64::MIN)
        );
        assert_eq!(Timestamp(5).since(Timestamp(9)), Duration::ZERO);
        assert_eq!(Timestamp(9).since(Timestamp(5)), Duration::from_secs(4));
    }

    #[test]
    fn days_count_both_ways() {
        let new_year = Date::constant(2027, 1, 1);
        assert_eq!(
            Days::between(Date::constant(2026, 11, 23), new_year),
            Days(39)
        );
        assert_eq!(
            Days::between(new_year, Date::constant(2026, 11, 23)),
            Days(-39)
        );
        assert_eq!(Days(39).after(Date::constant(2026, 11, 23)), new_year);
        assert_eq!(Days(i64::MAX).after(new_year), Date::MAX);
        assert_eq!(Days(2).duration(), Duration::from_secs(172_800));
    }

    proptest! {
        #[test]
        fn midnight_and_date_agree(seconds in -60_000_000_000i64..200_000_000_000) {
            let date = Timestamp(seconds).to_date_utc();
            let midnight = Timestamp::at_midnight_utc(date).seconds();
            prop_assert!(midnight <= seconds && seconds < midnight + 86_400);
        }
    }
}
