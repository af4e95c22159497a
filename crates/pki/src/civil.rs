//! Unix seconds to the calendar of ASN.1 times, in integers only.

/// A second in UTC, broken into calendar parts. Years 0 to 9999.
pub(crate) struct Moment {
    pub(crate) year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

/// 9999-12-31T23:59:59Z, the largest time ASN.1 can say and the "no expiry" of RFC 5280 4.1.2.5.
pub(crate) const LAST: i64 = 253_402_300_799;

impl Moment {
    /// Seconds outside 0000..=9999 are held at the nearest end.
    pub(crate) fn from_unix(unix_seconds: i64) -> Self {
        let seconds = unix_seconds.clamp(-62_167_219_200, LAST);
        let days = seconds.div_euclid(86_400);
        let of_day = seconds.rem_euclid(86_400);
        // Counting from 0000-03-01 puts the leap day last in each year; an era is 400 years.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self {
            year,
            month,
            day,
            hour: of_day / 3_600,
            minute: of_day / 60 % 60,
            second: of_day % 60,
        }
    }

    /// `YYMMDDHHMMSSZ`.
    pub(crate) fn utc_time(&self) -> [u8; 13] {
        let [y1, y0] = two_digits(self.year % 100);
        let [o1, o0] = two_digits(self.month);
        let [d1, d0] = two_digits(self.day);
        let [h1, h0] = two_digits(self.hour);
        let [m1, m0] = two_digits(self.minute);
        let [s1, s0] = two_digits(self.second);
        [y1, y0, o1, o0, d1, d0, h1, h0, m1, m0, s1, s0, b'Z']
    }

    /// `YYYYMMDDHHMMSSZ`.
    pub(crate) fn generalized_time(&self) -> [u8; 15] {
        let [c1, c0] = two_digits(self.year / 100);
        let [y1, y0, o1, o0, d1, d0, h1, h0, m1, m0, s1, s0, z] = self.utc_time();
        [c1, c0, y1, y0, o1, o0, d1, d0, h1, h0, m1, m0, s1, s0, z]
    }
}

fn two_digits(value: i64) -> [u8; 2] {
    let digit = |number: i64| b'0' + u8::try_from(number.rem_euclid(10)).unwrap_or(0);
    [digit(value / 10), digit(value)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_der_over_the_centuries() {
        for step in 0..4_000_i64 {
            let seconds = step * 63_113_851 % 253_402_300_799;
            let theirs = der::DateTime::from_unix_duration(core::time::Duration::from_secs(
                u64::try_from(seconds).unwrap(),
            ))
            .unwrap();
            let ours = Moment::from_unix(seconds);
            let text = String::from_utf8(ours.generalized_time().to_vec()).unwrap();
            let expected: String = theirs
                .to_string()
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == 'Z')
                .collect();
            assert_eq!(text, expected);
        }
    }
}
