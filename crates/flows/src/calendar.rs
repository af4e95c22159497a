//! Days as people in Sweden count them.

use jiff::tz::TimeZone;
use model::{Date, Timestamp};

/// The zone data is built into the program, so the name is always known.
const ZONE: &str = "Europe/Stockholm";

fn stockholm() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

/// The date in Sweden at that moment.
#[must_use]
pub fn swedish_date(at: Timestamp) -> Date {
    jiff::Timestamp::from_second(at.seconds())
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_zoned_datetime(stockholm())
        .date()
}

/// The last second of that date in Sweden, Unix seconds: until then a card that is valid "through" the date works.
#[must_use]
pub fn end_of_day(date: Date) -> Timestamp {
    let next = date.tomorrow().unwrap_or(date);
    next.in_tz(ZONE).map_or(Timestamp(0), |midnight| {
        Timestamp(midnight.timestamp().as_second() - 1)
    })
}

/// Local date and time for people, `2026-11-23 14:05`.
#[must_use]
pub fn swedish_minute(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.seconds())
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_zoned_datetime(stockholm())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

/// Date and time in UTC for programs, `2026-11-23T13:05:00Z` (RFC 3339).
#[must_use]
pub fn utc_second(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.seconds())
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_read_utc() {
        let at = Timestamp(1_795_439_100);
        assert_eq!(utc_second(at), "2026-11-23T13:05:00Z");
        assert_eq!(swedish_minute(at), "2026-11-23 14:05");
    }

    #[test]
    fn a_day_ends_at_swedish_midnight_in_winter_and_summer() {
        let winter = Date::constant(2026, 11, 23);
        assert_eq!(end_of_day(winter).seconds(), 1_795_474_799);
        assert_eq!(swedish_date(end_of_day(winter)), winter);
        let summer = Date::constant(2026, 7, 1);
        assert_eq!(swedish_date(end_of_day(summer)), summer);
        assert_eq!(
            swedish_date(Timestamp(end_of_day(summer).seconds() + 1)),
            Date::constant(2026, 7, 2)
        );
    }
}
