//! `sigill ca list|crl`: the authorities of an installation, and their lists published now.

use std::process::ExitCode;

use clap::Subcommand;
use flows::crl;
use model::Timestamp;
use model::role::Actor;

use super::{Configured, house, say};
use crate::process::{Asking, SystemClock};

/// What to do with the authorities.
#[derive(Subcommand)]
pub(super) enum Task {
    /// Name every authority, its last day and its fingerprint; the first start makes them
    List(#[command(flatten)] Configured),
    /// Publish the lists that are due
    Crl(#[command(flatten)] Configured),
}

/// Does it.
pub(super) async fn run(task: &Task) -> anyhow::Result<ExitCode> {
    match task {
        Task::List(configured) => {
            let house = house(&configured.read()?).await?;
            for authority in house.authorities.all() {
                let last =
                    flows::calendar::swedish_date(Timestamp(authority.certificate.not_after()));
                say(&format!(
                    "{:<16} {last}  {}",
                    authority.name,
                    authority.certificate.subject_text()
                ));
                say(&format!(
                    "{:<16} SHA-256 {}",
                    "",
                    hex::encode(authority.certificate.fingerprint_sha256())
                ));
            }
        }
        Task::Crl(configured) => {
            let house = house(&configured.read()?).await?;
            let mut asking = Asking::at(&SystemClock);
            let call = asking.call(Actor::System);
            let published = crl::publish_due(&house, &call)
                .await
                .map_err(|fault| anyhow::anyhow!(fault.chain()))?;
            say(&format!("{published} published"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
