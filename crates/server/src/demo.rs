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

use anyhow::Context as _;
use flows::{PlainStop, Refuse, Stop};
use piv::{Host, Slot};
use pki::certificate::Certificate;

pub use stage::{Options, run};
pub use walk::walk;

/// A stop in the demo's own preparations: the code of a refusal, or the whole chain of a fault.
fn trouble<R: Refuse>(doing: &str, stop: Stop<R>) -> anyhow::Error {
    match stop.plain() {
        PlainStop::Refused(code) => anyhow::anyhow!("{doing}: refused, {code}"),
        PlainStop::Fault(fault) => anyhow::anyhow!("{doing}: {}", fault.chain()),
    }
}

/// Reads a certificate off the card, with no help from the server.
fn on_card(made: &mut producer::Made, slot: Slot) -> anyhow::Result<Certificate> {
    let mut host = Host::new(&mut made.chip);
    host.select()?;
    let der = host
        .read_certificate(slot)?
        .with_context(|| format!("slot {slot} is empty"))?;
    Ok(Certificate::from_der(&der)?)
}

/// One line to the person at the terminal.
fn say(line: &str) {
    // A terminal that went away does not stop the demo.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
