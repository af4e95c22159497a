//! Whether the server's memory stays flat.

use crate::turns::median;

/// How much more the last tenth of the time may have resident than the second: allocators keep a little of what they gave.
const MORE: f64 = 0.2;

/// What the samples came to, in MiB.
#[derive(Debug, PartialEq)]
pub struct Memory {
    /// The median of the second tenth of the time: the first tenth is for warming up.
    pub first: f64,
    /// The median of the last tenth.
    pub last: f64,
    /// The highest of all.
    pub highest: f64,
    /// What the last may come to.
    pub most: f64,
}

impl Memory {
    /// Reads samples taken at even distances. `explained` is by how much what the server keeps on purpose has grown meanwhile.
    pub fn of(samples: &[f64], explained: f64) -> Self {
        let tenth = (samples.len() / 10).max(1);
        let first = median(samples.iter().skip(tenth).take(tenth).copied());
        let last = median(samples.iter().rev().take(tenth).copied());
        Self {
            first,
            last,
            highest: samples.iter().copied().fold(0.0, f64::max),
            most: first * (1.0 + MORE) + explained,
        }
    }

    /// Whether it stayed flat. Too few samples say nothing, which is no yes.
    pub fn is_flat(&self) -> bool {
        self.last <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_is_flat_and_a_leak_is_none() {
        // Warming up does not count, nor does a moment's need.
        let mut samples: Vec<f64> = (0..100)
            .map(|second| if second < 10 { 20.0 } else { 50.0 })
            .collect();
        samples[50] = 90.0;
        let memory = Memory::of(&samples, 0.0);
        assert_eq!((memory.first, memory.last), (50.0, 50.0));
        assert_eq!((memory.highest, memory.most), (90.0, 60.0));
        assert!(memory.is_flat());
        let leak: Vec<f64> = (0..100)
            .map(|second| 50.0 + f64::from(second) / 4.0)
            .collect();
        assert!(!Memory::of(&leak, 0.0).is_flat());
        assert!(Memory::of(&leak, 15.0).is_flat());
        assert!(!Memory::of(&[], 0.0).is_flat());
    }
}
