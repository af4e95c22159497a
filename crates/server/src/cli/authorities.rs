//! `sigill ca init|list|rotate|crl`: the authorities of an installation.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use flows::authorities::{Authority, rotate};
use flows::{House, PlainStop, crl};
use model::Timestamp;
use model::role::Actor;

use super::{Configured, console, house, say};
use crate::boot::{self, RootKeys};
use crate::ceremony::{self, Occasion};
use crate::config::Config;
use crate::process::{Asking, SystemClock};
use crate::text::Language;

/// What to do with the authorities.
#[derive(Subcommand)]
pub(super) enum Task {
    /// Make the authorities of a new installation and print the protocol of the ceremony, to be signed by those present
    Init {
        #[command(flatten)]
        ceremony: Ceremony,
        #[command(flatten)]
        configured: Configured,
    },
    /// Name every authority, its last day and its fingerprint; the first start makes them
    List(#[command(flatten)] Configured),
    /// Make the next of a family of authorities; elders go on publishing what they revoked
    Rotate {
        /// The family, without a version, such as `person-3-ca`
        family: String,
        #[command(flatten)]
        ceremony: Ceremony,
        #[command(flatten)]
        configured: Configured,
    },
    /// Publish the lists that are due
    Crl {
        #[command(flatten)]
        roots: Roots,
        #[command(flatten)]
        configured: Configured,
    },
}

/// Where the keys of offline roots are.
#[derive(Args)]
pub(super) struct Roots {
    /// The folder with the sealed keys of offline roots: a medium that is locked away at other times
    #[arg(long, value_name = "DIR")]
    root_keys: Option<PathBuf>,
    /// The key that opens them, on another medium in another safe; made when it is not there. Without it, in the folder itself
    #[arg(long, value_name = "FILE", requires = "root_keys")]
    root_sealing_key: Option<PathBuf>,
}

impl Roots {
    fn keys(&self) -> Option<RootKeys<'_>> {
        self.root_keys.as_deref().map(|folder| RootKeys {
            folder,
            sealing_key: self.root_sealing_key.as_deref(),
        })
    }
}

/// How a ceremony is held.
#[derive(Args)]
pub(super) struct Ceremony {
    #[command(flatten)]
    roots: Roots,
    /// Where the protocol goes; without it, to the screen
    #[arg(long, value_name = "FILE")]
    protocol: Option<PathBuf>,
    /// The language of the protocol
    #[arg(long, value_parser = ["sv", "en"], default_value = "sv")]
    language: String,
}

/// Does it.
pub(super) async fn run(task: &Task) -> anyhow::Result<ExitCode> {
    match task {
        Task::Init {
            ceremony,
            configured,
        } => init(ceremony, &configured.read()?).await,
        Task::List(configured) => {
            let house = house(&configured.read()?).await?;
            for authority in house.authorities.all() {
                list(authority);
            }
            for (name, link) in house.authorities.links() {
                say(&format!("{name:<16} {}", link.subject_text()));
            }
            Ok(ExitCode::SUCCESS)
        }
        Task::Rotate {
            family,
            ceremony,
            configured,
        } => next(family, ceremony, &configured.read()?).await,
        Task::Crl { roots, configured } => {
            let config = configured.read()?;
            let house = open(&config, roots).await?;
            let mut asking = Asking::at(&SystemClock);
            let call = asking.call(Actor::System);
            let published = crl::publish_due(&house, &call)
                .await
                .map_err(|fault| anyhow::anyhow!(fault.chain()))?;
            say(&format!("{published} published"));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn list(authority: &Authority) {
    let last = flows::calendar::swedish_date(Timestamp(authority.certificate.not_after()));
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

async fn open(config: &Config, roots: &Roots) -> anyhow::Result<House> {
    boot::open_with_roots(config, roots.keys().as_ref(), &SystemClock)
        .await
        .context("opening the house")
}

async fn init(ceremony: &Ceremony, config: &Config) -> anyhow::Result<ExitCode> {
    let house = open(config, &ceremony.roots).await?;
    let names: Vec<String> = house
        .authorities
        .all()
        .map(|authority| authority.name.clone())
        .collect();
    hand_over(ceremony, config, &house, Occasion::Init, &names)
}

async fn next(family: &str, ceremony: &Ceremony, config: &Config) -> anyhow::Result<ExitCode> {
    let house = open(config, &ceremony.roots).await?;
    let roots = match ceremony.roots.keys() {
        Some(keys) => Some(keys.vault()?),
        None => None,
    };
    let mut asking = Asking::at(&SystemClock);
    let mut call = asking.call(console());
    let outcome = rotate(&house, &mut call, family, roots.as_ref()).await;
    let names = outcome.map_err(|stop| {
        let language = Language::parse(&ceremony.language).unwrap_or_default();
        match stop.plain() {
            PlainStop::Refused(code) => anyhow::anyhow!(
                "{}",
                language.say(&format!("refusal-{}", code.replace('.', "-")))
            ),
            PlainStop::Fault(fault) => anyhow::anyhow!(fault.chain()),
        }
    })?;
    // Opened anew: the one that was made is there, and gets its first list.
    let house = open(config, &ceremony.roots).await?;
    hand_over(ceremony, config, &house, Occasion::Rotate, &names)
}

/// Prints or keeps the protocol of what was made.
fn hand_over(
    ceremony: &Ceremony,
    config: &Config,
    house: &House,
    occasion: Occasion,
    names: &[String],
) -> anyhow::Result<ExitCode> {
    let language = Language::parse(&ceremony.language).unwrap_or_default();
    let now = Asking::at(&SystemClock).now;
    let protocol = ceremony::protocol(language, config, house, occasion, names, now);
    match &ceremony.protocol {
        Some(path) => keep(path, &protocol)?,
        None => say(protocol.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

/// An earlier protocol is never written over.
fn keep(path: &Path, protocol: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .with_context(|| format!("making {}", path.display()))?;
    file.write_all(protocol.as_bytes())?;
    file.sync_all()?;
    Ok(())
}
