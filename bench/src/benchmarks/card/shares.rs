//! Where this process spends its time, by its threads (`proc(5)`: the first value of `schedstat`, nanoseconds on a processor).

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use piv::{Transport, TransportError};

/// How the threads of the database begin their names.
const DATABASE: &str = "sqlx-sqlite";

/// Processor time in seconds, all together and by part.
pub struct Shares {
    pub whole: f64,
    pub card: f64,
    pub database: f64,
}

impl Shares {
    /// Until now; the card keeps its own count.
    pub fn now() -> anyhow::Result<Self> {
        let mut shares = Self {
            whole: 0.0,
            card: 0.0,
            database: 0.0,
        };
        for thread in fs::read_dir("/proc/self/task").context("asking for the threads")? {
            let thread = thread?.path();
            // A thread may end while it is asked about.
            let Ok(spent) = spent(&thread) else { continue };
            shares.whole += spent;
            let name = fs::read_to_string(thread.join("comm")).unwrap_or_default();
            if name.starts_with(DATABASE) {
                shares.database += spent;
            }
        }
        Ok(shares)
    }

    /// What came since then, and what of it was the card's.
    pub fn since(&self, before: &Self, card: f64) -> Self {
        Self {
            whole: self.whole - before.whole,
            card,
            database: self.database - before.database,
        }
    }
}

fn spent(thread: &Path) -> anyhow::Result<f64> {
    let text = fs::read_to_string(thread.join("schedstat"))?;
    let nanoseconds = text.split_whitespace().next().context("no time")?;
    Ok(nanoseconds.parse::<f64>()? / 1e9)
}

/// A card whose commands are timed, on the wall: the kernel's count for a thread is too coarse for one command, and a virtual card waits
/// for nothing.
pub struct Counted<'a> {
    card: &'a mut vcard::Card,
    /// Seconds.
    pub spent: f64,
}

impl<'a> Counted<'a> {
    pub fn new(card: &'a mut vcard::Card) -> Self {
        Self { card, spent: 0.0 }
    }
}

impl Transport for Counted<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        let began = Instant::now();
        let answer = self.card.transmit(command);
        self.spent += began.elapsed().as_secs_f64();
        Ok(answer)
    }
}
