//! `sigill-vcard`: a card from a file, in the reader that `vpcd` makes of a TCP port, for every program that speaks PC/SC.

use std::io::Write as _;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use vcard::{card_file, vpcd};

/// How long to wait before the reader is looked for again.
const AGAIN: Duration = Duration::from_millis(200);

/// A virtual PIV card in a PC/SC reader. It stays in the reader until this program is stopped; all that changes on it is stored in
/// its file first. Whoever reaches the reader's port can put a card in, and vpcd listens on every address: for test machines only.
#[derive(Parser)]
#[command(name = "sigill-vcard", version)]
struct Line {
    /// The card, as `sigill demo --walk --artifacts` leaves it in `cards/`
    #[arg(value_name = "FILE.vcard")]
    file: PathBuf,
    /// Where vpcd listens
    #[arg(long, default_value_t = vpcd::PORT)]
    port: u16,
    /// The machine whose reader it is
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
}

fn main() -> ExitCode {
    match run(&Line::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(line: &Line) -> anyhow::Result<()> {
    // The card is loaded before a reader is looked for, so that a wrong file is told at once.
    let mut card = card_file::open(&line.file, entropy)
        .with_context(|| format!("opening {}", line.file.display()))?;
    let mut looking = false;
    loop {
        match TcpStream::connect((line.host.as_str(), line.port)) {
            Ok(reader) => {
                looking = false;
                say("in the reader");
                match vpcd::serve(&mut card, &reader) {
                    Ok(()) => say("the reader is gone"),
                    Err(error) => say(&format!("the reader is gone: {error}")),
                }
            }
            Err(error) if !looking => {
                looking = true;
                say(&format!(
                    "no reader at {}:{} yet: {error}",
                    line.host, line.port
                ));
            }
            Err(_) => {}
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "nothing announces a reader; it is looked for"
        )]
        std::thread::sleep(AGAIN);
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

/// One line to the person at the terminal. A terminal that went away does not take the card out.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "sigill-vcard: {line}");
}
