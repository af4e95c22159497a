//! `sigill`: the whole life of an organisation's employee eID cards, in one program.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::run()
}
