//! `sigill function request|list|certify|revoke|close`. Approving is not done here: nobody knows who of the operators sits at the
//! console, so somebody signed in does it, under Functions.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use flows::Stop;
use flows::function::request::Wish;
use flows::function::{certify, find, request, revoke};
use model::credential::RevocationReason;
use model::function::{HostName, KeyHolder};
use model::id::FunctionId;

use super::{Configured, console, house, say, told};
use crate::process::{Asking, SystemClock};

/// What to do with functions.
#[derive(Subcommand)]
pub(super) enum Task {
    /// Ask for a function; it is approved by somebody signed in
    Request(Request),
    /// Every function and its certificates
    List {
        #[command(flatten)]
        configured: Configured,
    },
    /// Issue a certificate to an approved function; the chain is printed as PEM
    Certify(Certify),
    /// Revoke a certificate of a function
    Revoke(Revoke),
    /// Close a function and revoke all it has
    Close {
        /// The function's identifier
        id: String,
        #[command(flatten)]
        configured: Configured,
    },
}

/// A function to be asked for.
#[derive(Args)]
pub(super) struct Request {
    /// Its name, the common name of its certificates
    name: String,
    /// The profile: server, client, token-signer, domain-controller …
    #[arg(long)]
    profile: String,
    /// A full host name; again for each
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// Its HSA-id
    #[arg(long)]
    hsa_id: Option<String>,
    /// Whom to write to about it
    #[arg(long)]
    email: String,
    /// Of the tree for trying
    #[arg(long)]
    test: bool,
    /// The system holds the key and renews the certificate by itself
    #[arg(long)]
    system_key: bool,
    /// The program it is put in the hands of (sigill api list)
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    #[command(flatten)]
    configured: Configured,
}

/// A certificate to be issued.
#[derive(Args)]
pub(super) struct Certify {
    /// The function's identifier
    id: String,
    /// The certification request (PKCS #10), PEM or DER
    #[arg(long, value_name = "FILE")]
    csr: PathBuf,
    /// How many days it holds; without it, as long as the profile allows
    #[arg(long)]
    days: Option<u32>,
    #[command(flatten)]
    configured: Configured,
}

/// A certificate to be revoked.
#[derive(Args)]
pub(super) struct Revoke {
    /// The function's identifier
    id: String,
    /// The certificate's serial number, hexadecimal
    serial: String,
    /// Why: key-compromise, superseded, cessation-of-operation …
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    configured: Configured,
}

fn identifier(text: &str) -> anyhow::Result<FunctionId> {
    FunctionId::parse(text).context("the function's identifier")
}

/// Does it.
pub(super) async fn run(task: &Task) -> anyhow::Result<ExitCode> {
    match task {
        Task::Request(wanted) => ask(wanted).await,
        Task::List { configured } => list(configured).await,
        Task::Certify(wanted) => issue(wanted).await,
        Task::Revoke(wanted) => stop(wanted).await,
        Task::Close { id, configured } => {
            let id = identifier(id)?;
            let house = house(&configured.read()?).await?;
            let mut asking = Asking::at(&SystemClock);
            let mut call = asking.call(console());
            let revoked = revoke::close(&house, &mut call, &id).await.map_err(told)?;
            say(&format!("{id} closed, {revoked} certificates revoked"));
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn ask(wanted: &Request) -> anyhow::Result<ExitCode> {
    let wish = Wish {
        name: wanted.name.clone(),
        profile: wanted.profile.clone(),
        host_names: wanted.hosts.clone(),
        hsa_id: wanted.hsa_id.clone(),
        email: wanted.email.clone(),
        test: wanted.test,
        key_holder: if wanted.system_key {
            KeyHolder::System
        } else {
            KeyHolder::Requester
        },
        client: wanted.client.clone(),
    };
    let house = house(&wanted.configured.read()?).await?;
    let mut asking = Asking::at(&SystemClock);
    let mut call = asking.call(console());
    let function = request::request(&house, &mut call, &wish, None)
        .await
        .map_err(told)?;
    say(&format!("{}  {}", function.id, function.state.code()));
    Ok(ExitCode::SUCCESS)
}

async fn list(configured: &Configured) -> anyhow::Result<ExitCode> {
    let house = house(&configured.read()?).await?;
    let mut asking = Asking::at(&SystemClock);
    let call = asking.call(console());
    for function in find::list(&house, &call, None).await.map_err(told)? {
        let hosts: Vec<_> = function.host_names.iter().map(HostName::as_str).collect();
        say(&format!(
            "{}  {}  {}  {}  {}",
            function.id,
            function.state.code(),
            function.profile,
            function.name,
            hosts.join(",")
        ));
        let certificates = find::certificates(&house, &call, &function.id)
            .await
            .map_err(told)?;
        for found in certificates {
            let end =
                flows::calendar::swedish_minute(model::Timestamp(found.certificate.not_after()));
            let state = if found.revoked.is_some() {
                "revoked"
            } else {
                "issued"
            };
            say(&format!(
                "    {}  {state}  {end}  {}",
                found.certificate.serial(),
                found.authority
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn issue(wanted: &Certify) -> anyhow::Result<ExitCode> {
    let id = identifier(&wanted.id)?;
    let csr =
        std::fs::read(&wanted.csr).with_context(|| format!("reading {}", wanted.csr.display()))?;
    let house = house(&wanted.configured.read()?).await?;
    let mut asking = Asking::at(&SystemClock);
    let mut call = asking.call(console());
    match certify::certify(&house, &mut call, &id, &csr, wanted.days, None).await {
        Ok(certified) => {
            let chain = certified.chain(&house);
            std::io::stdout().lock().write_all(chain.as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(Stop::Refused(no)) => {
            let name = no.name.clone();
            let error = told(Stop::Refused(no));
            Err(match name {
                Some(name) => error.context(name),
                None => error,
            })
        }
        Err(stop) => Err(told(stop)),
    }
}

async fn stop(wanted: &Revoke) -> anyhow::Result<ExitCode> {
    let id = identifier(&wanted.id)?;
    let reason = RevocationReason::parse(&wanted.reason).map_err(|error| {
        let known: Vec<_> = revoke::REASONS.iter().map(|reason| reason.code()).collect();
        anyhow::anyhow!("{error}; the reasons are {}", known.join(", "))
    })?;
    let house = house(&wanted.configured.read()?).await?;
    let mut asking = Asking::at(&SystemClock);
    let mut call = asking.call(console());
    revoke::revoke(&house, &mut call, &id, &wanted.serial, reason, None)
        .await
        .map_err(told)?;
    Ok(ExitCode::SUCCESS)
}
