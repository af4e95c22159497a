//! The house that the load is put on: functions approved, a program that may ask for their certificates; and the server over it.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use flows::function::{decide, request};
use flows::{PlainStop, Refuse, Stop, api_client};
use model::function::KeyHolder;
use model::id::PersonId;
use model::role::{Actor, Authentication, Method, Role, Scope};
use pki::certificate::Certificate;
use server::boot;
use server::config::{Config, ProcessRole};
use server::process::{Asking, Clock as _, SystemClock};
use tracing_subscriber::EnvFilter;

use crate::benchmarks::known;
use crate::child::{Server, free_address};

/// The name of the program.
const PROGRAM: &str = "load";
/// How many functions there are.
const FUNCTIONS: usize = 4;
/// How much memory the server has for OCSP answers, in MiB: so little that it is full before the time begins.
pub const OCSP_MEMORY: usize = 1;

/// The house, in a folder of its own that goes with it.
pub struct Site {
    folder: PathBuf,
    /// The address of its database, where that is not in the folder.
    database: Option<String>,
    /// The authority that issues to the functions.
    pub issuer: Certificate,
    /// Its name.
    pub authority: String,
    /// The header line by which the program is known.
    pub authorization: String,
    /// The functions' identifiers.
    pub functions: Vec<String>,
}

impl Site {
    /// Makes the house, through the acts that people would use: on SQLite, or on another database that is empty.
    pub async fn make(database: Option<String>) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("sigill-load-{}", std::process::id()));
        std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let here = SocketAddr::from(([127, 0, 0, 1], 0));
        let house = boot::open(&config(&folder, database.as_deref(), here), &SystemClock).await?;
        let (authority, _) = house
            .authorities
            .issuing("server", None, false)
            .context("no authority issues to functions")?;
        let mut site = Self {
            issuer: authority.certificate.clone(),
            authority: authority.name.clone(),
            authorization: String::new(),
            functions: Vec::new(),
            folder,
            database,
        };
        let console = Actor::Console {
            operator: PROGRAM.to_owned(),
        };
        let mut asking = Asking::at(&SystemClock);
        let scopes = BTreeSet::from([Scope::Functions]);
        let mut call = asking.call(console.clone());
        let secret = done(api_client::grant(&house, &mut call, PROGRAM, &scopes).await)?;
        site.authorization = format!("Authorization: Bearer {}\r\n", secret.as_str());
        // Nobody alone: the console asks, somebody with a card approves.
        let approver = Actor::Person {
            person: PersonId::new(SystemClock.now(), call.random()),
            roles: BTreeSet::from([Role::ResponsibleIssuer]),
            authentication: Authentication {
                method: Method::Card,
                loa: model::Loa::Three,
            },
        };
        for number in 0..FUNCTIONS {
            let wish = request::Wish {
                name: format!("Load {number}"),
                profile: "server".to_owned(),
                host_names: vec![host_name(number)],
                hsa_id: None,
                email: "drift@example.se".to_owned(),
                test: false,
                key_holder: KeyHolder::Requester,
                client: Some(PROGRAM.to_owned()),
            };
            let mut call = asking.call(console.clone());
            let function = done(request::request(&house, &mut call, &wish, None).await)?;
            let mut call = asking.call(approver.clone());
            done(decide::approve(&house, &mut call, &function.id).await)?;
            site.functions.push(function.id.to_string());
        }
        house.database.close().await;
        Ok(site)
    }

    /// A folder that goes with the house.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the server's log stands.
    pub fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Starts `sigill serve` over it, with everything that a process can do.
    pub fn serve(&self) -> anyhow::Result<Server> {
        Server::start_logging("sigill-whole", &self.arguments(), &self.log())
    }

    /// What a child is told so that it opens this house.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = vec![self.folder.display().to_string()];
        arguments.extend(self.database.clone());
        arguments
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // What cannot be removed is in the system's own folder for such things.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The host that a function is.
pub fn host_name(function: usize) -> String {
    format!("load-{function}.example.se")
}

/// What an act came to; here none is refused.
pub fn done<T, R: Refuse>(outcome: Result<T, Stop<R>>) -> anyhow::Result<T> {
    outcome.map_err(|stop| match stop.plain() {
        PlainStop::Refused(code) => anyhow::anyhow!("refused: {code}"),
        PlainStop::Fault(fault) => anyhow::Error::new(fault),
    })
}

fn config(folder: &Path, database: Option<&str>, listen: SocketAddr) -> Config {
    Config {
        listen,
        data: folder.to_owned(),
        database: database.map(str::to_owned),
        roles: vec![ProcessRole::Portal, ProcessRole::Ocsp, ProcessRole::Jobs],
        ocsp_memory: OCSP_MEMORY,
        ..Config::default()
    }
}

/// The configuration that a child was told, at an address of its own.
pub fn config_of(arguments: &[String]) -> anyhow::Result<Config> {
    let folder = arguments.first().context("FOLDER [DATABASE]")?;
    let database = arguments.get(1).map(String::as_str);
    Ok(config(Path::new(folder), database, free_address()?))
}

/// The child: the server over the house in a folder, with its log on standard error, until it is ended.
pub fn serve(arguments: &[String]) -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("info,sqlx=warn"))
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .init();
    known::run(&config_of(arguments)?)
}
