//! `sigill api grant|list|revoke`: programs that use the API.

use std::collections::BTreeSet;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use flows::{api_client, calendar};
use model::role::Scope;

use super::{Configured, console, house, say, told};
use crate::process::{Asking, SystemClock};

/// What to do with programs.
#[derive(Subcommand)]
pub(super) enum Task {
    /// Grant a program its use of the API; its secret is printed once
    Grant(Grant),
    /// Every program
    List {
        #[command(flatten)]
        configured: Configured,
    },
    /// Let a program use the API no more
    Revoke {
        /// Its name
        name: String,
        #[command(flatten)]
        configured: Configured,
    },
}

/// Which program, and for what.
#[derive(Args)]
pub(super) struct Grant {
    /// A name that no other program has or had
    name: String,
    /// What it may: functions, directory
    #[arg(long, value_delimiter = ',', required = true)]
    scopes: Vec<String>,
    #[command(flatten)]
    configured: Configured,
}

/// Does it.
pub(super) async fn run(task: &Task) -> anyhow::Result<ExitCode> {
    match task {
        Task::Grant(grant) => {
            let scopes = grant
                .scopes
                .iter()
                .map(|code| {
                    Scope::parse(code).map_err(|error| {
                        let known: Vec<_> = Scope::ALL.iter().map(|scope| scope.code()).collect();
                        anyhow::anyhow!("{error}; the scopes are {}", known.join(", "))
                    })
                })
                .collect::<anyhow::Result<BTreeSet<_>>>()?;
            let house = house(&grant.configured.read()?).await?;
            let mut asking = Asking::at(&SystemClock);
            let mut call = asking.call(console());
            let secret = api_client::grant(&house, &mut call, &grant.name, &scopes)
                .await
                .map_err(told)?;
            say(&secret);
        }
        Task::List { configured } => {
            let house = house(&configured.read()?).await?;
            let mut asking = Asking::at(&SystemClock);
            let call = asking.call(console());
            for client in api_client::list(&house, &call).await.map_err(told)? {
                let scopes: Vec<_> = client.scopes.iter().map(|scope| scope.code()).collect();
                let since = calendar::swedish_minute(client.granted_at);
                let end = client.revoked_at.map_or_else(String::new, |at| {
                    format!("  revoked {}", calendar::swedish_minute(at))
                });
                say(&format!(
                    "{}  {}  {since}{end}",
                    client.name,
                    scopes.join(",")
                ));
            }
        }
        Task::Revoke { name, configured } => {
            let house = house(&configured.read()?).await?;
            let mut asking = Asking::at(&SystemClock);
            let mut call = asking.call(console());
            api_client::revoke(&house, &mut call, name)
                .await
                .map_err(told)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
