//! The command line. One subcommand a task; what goes wrong is said on standard error with what to do, and the exit code
//! tells scripts: 0 done, 1 not done, 2 done but with something left to look at.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, ProcessRole};
use crate::process::SystemClock;
use crate::{boot, serve};

mod api;
mod audit;
mod authorities;
mod function;
mod import;
mod role;

/// Employee eID cards, from order to return.
#[derive(Parser)]
#[command(name = "sigill", version, about, disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    task: Task,
}

/// The file of configuration, for every task that opens the house.
#[derive(Args)]
struct Configured {
    /// The file of configuration; without it, `sigill.toml` here if there is one, else values for a laptop.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Configured {
    fn read(&self) -> anyhow::Result<Config> {
        match &self.config {
            Some(path) => Config::read(path),
            None if Path::new("sigill.toml").exists() => Config::read(Path::new("sigill.toml")),
            None => Ok(Config::default()),
        }
    }
}

#[derive(Subcommand)]
enum Task {
    /// Everything on this machine, with virtual cards and invented people
    #[cfg(feature = "demo")]
    Demo(Demo),
    /// The server
    Serve {
        #[command(flatten)]
        configured: Configured,
        /// What this process does; without it, what the configuration says
        #[arg(long, value_enum, value_delimiter = ',')]
        roles: Vec<ProcessRole>,
    },
    /// Read something in
    #[command(subcommand)]
    Import(Import),
    /// Give and take roles
    #[command(subcommand)]
    Role(role::Task),
    /// Certificate authorities
    #[command(subcommand)]
    Ca(authorities::Task),
    /// Functions and their certificates
    #[command(subcommand)]
    Function(function::Task),
    /// Programs that use the API
    #[command(subcommand)]
    Api(api::Task),
    /// The log
    #[command(subcommand)]
    Audit(audit::Task),
    /// Read the configuration and say what it comes to
    Check {
        #[command(flatten)]
        configured: Configured,
    },
}

#[derive(Subcommand)]
enum Import {
    /// The staff export of an HR system
    Staff(import::Staff),
}

#[cfg(feature = "demo")]
#[derive(Args)]
struct Demo {
    /// Where the portals listen; the desk takes the next port
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    listen: std::net::SocketAddr,
    /// Other people than the demo's own: a staff export
    #[arg(long, value_name = "FILE.csv")]
    people: Option<PathBuf>,
    /// The whole life of one card without a browser: a line a step
    #[arg(long)]
    walk: bool,
    /// A file of configuration whose `[keys]` names a token for the demo's signing keys
    #[arg(long, value_name = "FILE", hide = true)]
    keys: Option<PathBuf>,
    /// Where what is made is left for other tools: authorities, certificates, cards; of the walk, lists and answers too
    #[arg(long, value_name = "DIR")]
    artifacts: Option<PathBuf>,
    /// The kind of key made on cards: p256, p384 or rsa2048
    #[arg(long, default_value = "p256", value_name = "KIND", value_parser = card_key)]
    card_key: pki::key::KeyKind,
}

/// As an argument's parser wants it: the reason as one line.
#[cfg(feature = "demo")]
fn card_key(code: &str) -> Result<pki::key::KeyKind, String> {
    crate::config::card_key(code).map_err(|error| error.to_string())
}

#[cfg(feature = "demo")]
impl Demo {
    fn keys(&self) -> anyhow::Result<Option<crate::config::KeysSection>> {
        let config = self.keys.as_deref().map(Config::read).transpose()?;
        Ok(config.and_then(|config| config.keys))
    }
}

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let line = Line::parse();
    // Warnings unless RUST_LOG asks for more; pages and terminals stay readable.
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new(default_filter(&line.task)));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return complain(&anyhow::Error::new(error).context("starting")),
    };
    match runtime.block_on(carry_out(line.task)) {
        Ok(code) => code,
        Err(error) => complain(&error),
    }
}

fn default_filter(task: &Task) -> &'static str {
    match task {
        Task::Serve { .. } => "info,sqlx=warn",
        _ => "warn",
    }
}

async fn carry_out(task: Task) -> anyhow::Result<ExitCode> {
    match task {
        #[cfg(feature = "demo")]
        Task::Demo(demo) => {
            let options = crate::demo::Options {
                keys: demo.keys()?,
                listen: demo.listen,
                people: demo.people,
                artifacts: demo.artifacts,
                card_key: demo.card_key,
            };
            if demo.walk {
                crate::demo::walk(&options).await?;
            } else {
                crate::demo::run(&options).await?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Task::Serve { configured, roles } => {
            let mut config = configured.read()?;
            if !roles.is_empty() {
                config.roles = roles;
            }
            serve::run(&config).await.map(|()| ExitCode::SUCCESS)
        }
        Task::Import(Import::Staff(staff)) => import::run(&staff).await,
        Task::Role(task) => role::run(&task).await,
        Task::Ca(task) => authorities::run(&task).await,
        Task::Function(task) => function::run(&task).await,
        Task::Api(task) => api::run(&task).await,
        Task::Audit(task) => audit::run(&task).await,
        Task::Check { configured } => check(&configured),
    }
}

fn check(configured: &Configured) -> anyhow::Result<ExitCode> {
    let config = configured.read()?;
    say(&format!("organisation   {}", config.organisation));
    say(&format!("listens on     {}", config.listen));
    say(&format!("portals at     {}", config.address));
    say(&format!(
        "lists, OCSP    {}/pki, {}/ocsp",
        config.public_url, config.public_url
    ));
    say(&format!(
        "database       {}",
        if config.database().starts_with("sqlite:") {
            config.database()
        } else {
            "PostgreSQL".to_owned()
        }
    ));
    let sealed = config.data.join("keys").display().to_string();
    match &config.keys {
        Some(keys) => {
            say(&format!("signing keys   {}", boot::describe_token(keys)?));
            say(&format!("sealed keys    {sealed}"));
        }
        None => say(&format!("keys           {sealed}")),
    }
    say(&format!("keys on cards  {}", config.card_key));
    let roles: Vec<_> = config
        .roles
        .iter()
        .map(|role| format!("{role:?}").to_lowercase())
        .collect();
    say(&format!("this process   {}", roles.join(", ")));
    Ok(ExitCode::SUCCESS)
}

/// One line on standard output. Whoever closed it does not want to read on, which is no error.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

fn complain(error: &anyhow::Error) -> ExitCode {
    let _ = writeln!(std::io::stderr().lock(), "sigill: {error:#}");
    ExitCode::FAILURE
}

/// The house a configuration describes, for tasks of the console.
async fn house(config: &Config) -> anyhow::Result<flows::House> {
    boot::open(config, &SystemClock)
        .await
        .context("opening the house")
}

/// What an act said no to, in words.
fn told<R: flows::Refuse>(stop: flows::Stop<R>) -> anyhow::Error {
    match stop.plain() {
        flows::PlainStop::Refused(code) => {
            anyhow::anyhow!(
                "{}",
                crate::text::Language::default().coded("refusal", code)
            )
        }
        flows::PlainStop::Fault(fault) => anyhow::anyhow!("{}", fault.chain()),
    }
}

/// The console as an actor, named after whoever is logged in to it.
fn console() -> model::role::Actor {
    model::role::Actor::Console {
        operator: crate::process::user_name(),
    }
}
