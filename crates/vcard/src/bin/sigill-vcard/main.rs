//! `sigill-vcard`: makes virtual cards, and puts them into the readers that `vpcd` makes of TCP ports, for every program that speaks
//! PC/SC.

mod new;
mod serve;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Virtual PIV cards in PC/SC readers.
#[derive(Parser)]
#[command(name = "sigill-vcard", version, args_conflicts_with_subcommands = true)]
struct Line {
    #[command(subcommand)]
    act: Option<Act>,
    #[command(flatten)]
    serve: serve::Serve,
}

#[derive(Subcommand)]
enum Act {
    /// Makes a card as a producer delivers it, into a file that is not there yet
    New(Box<new::New>),
    /// Puts cards into readers; the same as the files alone
    Serve(serve::Serve),
}

fn main() -> ExitCode {
    let line = Line::parse();
    let outcome = match &line.act {
        Some(Act::New(new)) => new::run(new),
        Some(Act::Serve(serve)) => serve::run(serve),
        None => serve::run(&line.serve),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "this is where the card's randomness comes from; a card without any may not go on"
)]
fn entropy(buffer: &mut [u8]) {
    getrandom::fill(buffer).expect("the operating system gives no randomness");
}

/// One line to the person at the terminal. A terminal that went away does not take the cards out.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "sigill-vcard: {line}");
}

/// One line of answer to whoever gives the commands.
fn answer(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
