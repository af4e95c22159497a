//! `sigill demo`: the whole system on a laptop with no card reader. Invented people, virtual cards, a desk with a virtual
//! reader; the acts, the pages, the certificates and the card's commands are the real ones.

mod artifacts;
mod cast;
mod desk;
mod person_line;
mod producer;
mod scripted;
mod stage;
mod walk;

use std::io::Write;

use flows::{PlainStop, Refuse, Stop};

pub use stage::{Options, run};
pub use walk::walk;

/// A stop in the demo's own preparations: the code of a refusal, or the whole chain of a fault.
fn trouble<R: Refuse>(doing: &str, stop: Stop<R>) -> anyhow::Error {
    match stop.plain() {
        PlainStop::Refused(code) => anyhow::anyhow!("{doing}: refused, {code}"),
        PlainStop::Fault(fault) => anyhow::anyhow!("{doing}: {}", fault.chain()),
    }
}

/// One line to the person at the terminal.
fn say(line: &str) {
    // A terminal that went away does not stop the demo.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
