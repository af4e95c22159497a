//! What the house does, beside the most this machine can: `cargo run --release -p bench -- [NAME…] [--quick]`.
//!
//! A line a figure, tab-separated: name, ours, limit, ratio, unit. Ours and the limit are measured in turns, one after the
//! other, at least five each, and the medians are printed. A rate is per second of processor time of the process measured, for
//! whoever asks shares its processors. The ratio is ours/limit, and limit/ours for times: more is better everywhere. Lines that
//! begin with `#` explain.
//!
//! `cargo run --release -p bench -- load [--seconds N] [--pace F]` is no part of that: it puts a mixed load on the server for as
//! long as it is told, holds every answer against what must be true, and watches the server's memory.

mod benchmarks;
mod child;
mod figure;
mod load;
mod mixed;
mod turns;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;

use crate::figure::Figure;

/// Benchmarks: ours beside the limit of the machine, in one run.
#[derive(Parser)]
#[command(
    name = "bench",
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
struct Line {
    #[command(subcommand)]
    task: Option<Task>,
    /// Only these, or those that begin with one of these (`ocsp`, `ocsp.get`); all without
    names: Vec<String>,
    /// Shorter turns: all of them in three minutes
    #[arg(long)]
    quick: bool,
    /// Be the process that another measures: its name and what it needs
    #[arg(long, hide = true, num_args = 1.., value_name = "NAME")]
    child: Vec<String>,
}

/// What is asked for by its own name alone.
#[derive(clap::Subcommand)]
enum Task {
    /// Issue, revoke and ask for a while, and hold every answer against what must be true
    Load {
        /// For how long, in seconds
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(20..))]
        seconds: u32,
        /// How many times the usual pace: 60 issued, 12 revoked, 1,500 asked about a second
        #[arg(long, default_value_t = 1.0)]
        pace: f64,
    },
}

/// How thoroughly to measure.
#[derive(Clone, Copy, Debug)]
struct Scale {
    quick: bool,
}

impl Scale {
    /// How many turns each side gets: the median needs five.
    fn turns(self) -> usize {
        if self.quick { 5 } else { 7 }
    }

    /// The first when there is little time, else the second.
    fn pick<T>(self, quick: T, thorough: T) -> T {
        if self.quick { quick } else { thorough }
    }
}

/// One file of `benchmarks/`.
struct Benchmark {
    /// The figures it prints.
    names: &'static [&'static str],
    /// Measures those of its figures that are wanted.
    run: fn(Scale, &Wanted) -> anyhow::Result<()>,
}

/// Which figures were asked for.
struct Wanted(Vec<String>);

impl Wanted {
    /// Whether the figure of that name was.
    fn has(&self, name: &str) -> bool {
        self.0.is_empty()
            || self.0.iter().any(|wanted| {
                name.strip_prefix(wanted.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
    }
}

fn main() -> ExitCode {
    let line = Line::parse();
    let outcome = match (line.child.split_first(), line.task) {
        (Some((name, arguments)), _) => child::be(name, arguments),
        (None, Some(Task::Load { seconds, pace })) => mixed::run(seconds, pace),
        (None, None) => measure(Scale { quick: line.quick }, Wanted(line.names)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr().lock(), "bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(scale: Scale, wanted: Wanted) -> anyhow::Result<()> {
    let mut found = false;
    for benchmark in benchmarks::ALL {
        if benchmark.names.iter().any(|name| wanted.has(name)) {
            found = true;
            (benchmark.run)(scale, &wanted)?;
        }
    }
    anyhow::ensure!(found, "there is no such benchmark: {}", wanted.0.join(", "));
    Ok(())
}

/// Prints a figure at once: whoever waits sees what is done.
fn print(figure: &Figure) {
    let _ = writeln!(std::io::stdout().lock(), "{figure}");
}

/// Prints an explanation.
fn explain(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "# {text}");
}
