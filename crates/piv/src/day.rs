//! A calendar day as card objects hold it.

use std::fmt;

/// Text or numbers that are no day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no calendar day")]
pub struct BadDay;

/// A day between 0001-01-01 and 9999-12-31, without clock or time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

/// The month names of Printed Information (Part 1, table 16: YYYYMMMDD).
const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];

impl Day {
    /// A day of the proleptic Gregorian calendar.
    ///
    /// # Errors
    /// [`BadDay`] when there is no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, BadDay> {
        let leap =
            (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return Err(BadDay),
        };
        if !(1..=9999).contains(&year) || !(1..=days).contains(&day) {
            return Err(BadDay);
        }
        Ok(Self { year, month, day })
    }

    /// Parses `YYYYMMDD`, the form of the CHUID's expiry (Part 1, table 9).
    ///
    /// # Errors
    /// [`BadDay`] when the bytes are not eight ASCII digits or no day.
    pub fn parse(text: &[u8]) -> Result<Self, BadDay> {
        let (year, rest) = text.split_at_checked(4).ok_or(BadDay)?;
        let (month, day) = rest.split_at_checked(2).ok_or(BadDay)?;
        if day.len() != 2 {
            return Err(BadDay);
        }
        let month = u8::try_from(number(month)?).map_err(|_| BadDay)?;
        let day = u8::try_from(number(day)?).map_err(|_| BadDay)?;
        Self::new(number(year)?, month, day)
    }

    /// Parses `YYYYMMMDD` (2031JAN05), the form of Printed Information (Part 1, table 16).
    ///
    /// # Errors
    /// [`BadDay`] when the bytes are of another form or no day.
    pub fn parse_printed(text: &[u8]) -> Result<Self, BadDay> {
        let (year, rest) = text.split_at_checked(4).ok_or(BadDay)?;
        let (month, day) = rest.split_at_checked(3).ok_or(BadDay)?;
        let place = MONTHS
            .iter()
            .position(|name| name.as_bytes() == month)
            .ok_or(BadDay)?;
        if day.len() != 2 {
            return Err(BadDay);
        }
        let month = u8::try_from(place + 1).map_err(|_| BadDay)?;
        let day = u8::try_from(number(day)?).map_err(|_| BadDay)?;
        Self::new(number(year)?, month, day)
    }

    /// `YYYYMMDD`.
    #[must_use]
    pub fn digits(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// `YYYYMMMDD`.
    #[must_use]
    pub fn printed(self) -> String {
        let month = MONTHS
            .get(usize::from(self.month).saturating_sub(1))
            .unwrap_or(&"");
        format!("{:04}{month}{:02}", self.year, self.day)
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }
}

fn number(digits: &[u8]) -> Result<u16, BadDay> {
    digits.iter().try_fold(0_u16, |sum, digit| {
        if !digit.is_ascii_digit() {
            return Err(BadDay);
        }
        Ok(sum * 10 + u16::from(digit - b'0'))
    })
}

impl fmt::Display for Day {
    /// `YYYY-MM-DD`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:04}-{:02}-{:02}",
            self.year, self.month, self.day
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        let day = Day::new(2032, 2, 29).unwrap();
        assert_eq!(day.digits(), "20320229");
        assert_eq!(day.printed(), "2032FEB29");
        assert_eq!(Day::parse(b"20320229"), Ok(day));
        assert_eq!(Day::parse_printed(b"2032FEB29"), Ok(day));
    }

    #[test]
    fn days_that_are_none() {
        for bad in [
            "20310229",
            "20311301",
            "2031011",
            "203101011",
            "2031 101",
            "00000101",
        ] {
            assert_eq!(Day::parse(bad.as_bytes()), Err(BadDay), "{bad}");
        }
        assert_eq!(Day::parse_printed(b"2031Jan01"), Err(BadDay));
        assert_eq!(Day::new(1900, 2, 29), Err(BadDay));
    }
}
