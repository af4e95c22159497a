//! One line of the report.

use std::fmt;

use crate::turns::{Turn, median};

/// A figure: ours beside the limit.
pub struct Figure {
    name: &'static str,
    ours: f64,
    limit: f64,
    ratio: f64,
    unit: &'static str,
}

impl Figure {
    /// Operations per second of processor time.
    pub fn rate(name: &'static str, ours: &[Turn], limit: &[Turn], unit: &'static str) -> Self {
        let (ours, limit) = (
            median(ours.iter().map(Turn::rate)),
            median(limit.iter().map(Turn::rate)),
        );
        Self {
            name,
            ours,
            limit,
            ratio: ours / limit,
            unit,
        }
    }

    /// How often something was done a second, beside how often it was to be done.
    pub fn pace(name: &'static str, ours: f64, limit: f64, unit: &'static str) -> Self {
        Self {
            name,
            ours,
            limit,
            ratio: ours / limit,
            unit,
        }
    }

    /// What has no limit to stand beside.
    pub fn alone(name: &'static str, ours: f64, unit: &'static str) -> Self {
        Self {
            name,
            ours,
            limit: f64::NAN,
            ratio: f64::NAN,
            unit,
        }
    }

    /// How long something takes, or how much it needs: less is better.
    pub fn cost(name: &'static str, ours: f64, limit: f64, unit: &'static str) -> Self {
        Self {
            name,
            ours,
            limit,
            ratio: limit / ours,
            unit,
        }
    }
}

impl Figure {
    /// Ours beside the limit; more is better.
    pub fn ratio(&self) -> f64 {
        self.ratio
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Rates are thousands, times are milliseconds: a decimal more for what is small.
        let places = if self.ours.max(self.limit) < 1_000.0 {
            2
        } else {
            0
        };
        if self.limit.is_nan() {
            return write!(
                formatter,
                "{}\t{:.places$}\t-\t-\t{}",
                self.name, self.ours, self.unit
            );
        }
        write!(
            formatter,
            "{}\t{:.places$}\t{:.places$}\t{:.2}\t{}",
            self.name, self.ours, self.limit, self.ratio, self.unit
        )
    }
}
