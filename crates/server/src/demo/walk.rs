//! `sigill demo --walk`: the whole life of one card with no browser, and a second life that ends the other way. Each step is
//! really checked, with what a relying party would use: the chain, the signature, the list, the OCSP answer.

mod public;
mod steps;

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::artifacts::Artifacts;
use super::{Options, say};
use crate::process::Stopwatch;

/// How many steps the walk has; the bar is drawn against it.
const STEPS: u64 = 23;

/// One step as `walk.json` tells it.
#[derive(Serialize)]
struct Told {
    name: &'static str,
    outcome: &'static str,
    milliseconds: u128,
    detail: String,
    card_number: Option<String>,
    pin: Option<String>,
}

/// The walk's record: what was done, how long it took, and the card it is about.
pub(super) struct Record {
    told: Vec<Told>,
    bar: ProgressBar,
    card_number: Option<String>,
    pin: Option<String>,
}

impl Record {
    fn new() -> Self {
        let bar = if std::io::stdout().is_terminal() {
            let style = ProgressStyle::with_template("  {bar:30} {pos}/{len} {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(STEPS).with_style(style)
        } else {
            ProgressBar::hidden()
        };
        Self {
            told: Vec::new(),
            bar,
            card_number: None,
            pin: None,
        }
    }

    /// Names the card the walk is about, for the steps to come.
    fn about(&mut self, number: &str, pin: &str) {
        self.card_number = Some(number.to_owned());
        self.pin = Some(pin.to_owned());
    }

    /// Runs one step: its name, and what it says when it holds.
    async fn step<T>(
        &mut self,
        name: &'static str,
        work: impl Future<Output = anyhow::Result<(T, String)>>,
    ) -> anyhow::Result<T> {
        self.bar.set_message(name);
        let watch = Stopwatch::start();
        let outcome = work.await;
        let took = watch.elapsed();
        let (word, detail) = match &outcome {
            Ok((_, detail)) => ("ok", detail.clone()),
            Err(error) => ("failed", format!("{error:#}")),
        };
        self.tell(name, word, &detail, took);
        outcome.map(|(value, _)| value)
    }

    fn tell(&mut self, name: &'static str, word: &'static str, detail: &str, took: Duration) {
        self.bar.suspend(|| {
            say(&format!(
                "{word:>6}  {name:<28} {:>6} ms  {detail}",
                took.as_millis()
            ))
        });
        self.bar.inc(1);
        self.told.push(Told {
            name,
            outcome: word,
            milliseconds: took.as_millis(),
            detail: detail.to_owned(),
            card_number: self.card_number.clone(),
            pin: self.pin.clone(),
        });
    }
}

/// Walks; leaves artifacts in the folder given.
///
/// # Errors
/// When any step does not hold. The record tells which.
pub async fn walk(options: &Options) -> anyhow::Result<()> {
    let artifacts = Artifacts::open(options.artifacts.clone())?;
    let mut record = Record::new();
    let watch = Stopwatch::start();
    let outcome = steps::walk(&mut record, options, &artifacts).await;
    record.bar.finish_and_clear();
    artifacts.write("walk.json", serde_json::to_vec_pretty(&record.told)?)?;
    let took = watch.elapsed();
    match &outcome {
        Ok(()) => say(&format!(
            "\n{} steps hold, {:.1} s",
            record.told.len(),
            took.as_secs_f64()
        )),
        Err(_) => say(&format!(
            "\nstopped at step {} of {STEPS}",
            record.told.len()
        )),
    }
    if let Some(folder) = artifacts.folder() {
        say(&format!("artifacts in {}", folder.display()));
    }
    outcome
}
