//! `sigill role grant|withdraw`: the first roles of an installation come from its console.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use flows::{PlainStop, grant_role};
use model::hsa_id::HsaId;
use model::role::Role;

use super::{Configured, console, house, say};
use crate::process::{Asking, SystemClock};
use crate::text::Language;

/// What to do with a role.
#[derive(Subcommand)]
pub(super) enum Task {
    /// Give a person a role
    Grant(Who),
    /// Take a role from a person
    Withdraw(Who),
}

/// Whose role, and which.
#[derive(Args)]
pub(super) struct Who {
    /// The person's HSA-id
    hsa_id: String,
    /// The role: orderer, identity-officer, responsible-issuer, auditor …
    role: String,
    #[command(flatten)]
    configured: Configured,
}

/// Gives or takes a role.
pub(super) async fn run(task: &Task) -> anyhow::Result<ExitCode> {
    let (who, give) = match task {
        Task::Grant(who) => (who, true),
        Task::Withdraw(who) => (who, false),
    };
    let hsa_id = HsaId::parse(&who.hsa_id).map_err(|error| anyhow::anyhow!("HSA-id: {error}"))?;
    let role = Role::parse(&who.role).map_err(|error| {
        let known: Vec<_> = Role::ALL.iter().map(|role| role.code()).collect();
        anyhow::anyhow!("{error}; the roles are {}", known.join(", "))
    })?;
    let house = house(&who.configured.read()?).await?;
    let mut asking = Asking::at(&SystemClock);
    let mut call = asking.call(console());
    let person = grant_role::person_of_hsa_id(&house, &call, &hsa_id)
        .await
        .map_err(|stop| told(stop.plain()))?;
    let outcome = if give {
        grant_role::grant_role(&house, &mut call, &person, role).await
    } else {
        grant_role::withdraw_role(&house, &mut call, &person, role).await
    };
    outcome.map_err(|stop| told(stop.plain()))?;
    say(&format!(
        "{} {} {}",
        who.hsa_id,
        if give { "+" } else { "-" },
        role.code()
    ));
    Ok(ExitCode::SUCCESS)
}

fn told(stop: PlainStop) -> anyhow::Error {
    match stop {
        PlainStop::Refused(code) => {
            anyhow::anyhow!("{}", Language::default().coded("refusal", code))
        }
        PlainStop::Fault(fault) => anyhow::anyhow!("{}", fault.chain()),
    }
}
