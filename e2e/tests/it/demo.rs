//! `sigill demo`, started as a person starts it, on a free pair of ports.

use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::program;

/// How long the demo may take to open its doors: it makes keys and cards first, and nothing is optimised.
const OPENING: Duration = Duration::from_secs(90);
/// How long it may take to stop when told.
const STOPPING: Duration = Duration::from_secs(15);

/// A person of the demo's cast who has a card already.
#[derive(Clone)]
pub struct Founder {
    pub name: String,
    pub code: String,
}

/// A demo that runs.
pub struct Demo {
    process: Child,
    // Kept open: whoever prints into a closed pipe fails.
    printed: Lines<BufReader<ChildStdout>>,
    /// Address of the portals, without a path.
    pub portals: String,
    /// Address of the desk, without a path.
    pub desk: String,
    /// Who orders.
    pub orderer: Founder,
    /// Who photographs, checks identities and activates.
    pub officer: Founder,
}

impl Demo {
    /// Starts a demo and waits until it says that it is open. It keeps what it must in `folder`, and what it leaves for others in
    /// `artifacts` there.
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        let port = program::free_pair()?;
        let mut process = Command::new(program::sigill()?)
            .args(["demo", "--listen", &format!("127.0.0.1:{port}")])
            .arg("--artifacts")
            .arg(folder.join("artifacts"))
            .env("TMPDIR", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("starting sigill demo")?;
        let mut printed =
            BufReader::new(process.stdout.take().context("no standard output")?).lines();
        let said = timeout(OPENING, opening(&mut printed))
            .await
            .context("the demo did not open in time")??;
        // It introduces itself a moment before it listens.
        program::wait_for("the demo's doors", || {
            let open = |port| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
            Ok(open(port) && open(port + 1))
        })?;
        Ok(Self {
            process,
            printed,
            portals: format!("http://localhost:{port}"),
            desk: format!("http://localhost:{}", port + 1),
            orderer: founder(&said, "orderer")?,
            officer: founder(&said, "identity officer")?,
        })
    }

    /// Stops it as an operator does, and looks that it goes in good order and leaves nothing behind in `folder`.
    pub async fn stop(mut self, folder: &Path) -> anyhow::Result<()> {
        let id = self
            .process
            .id()
            .context("the demo has stopped by itself")?;
        program::run(std::process::Command::new("kill").args(["-TERM", &id.to_string()]))?;
        let status = timeout(STOPPING, self.process.wait())
            .await
            .context("the demo did not stop in time")??;
        ensure!(status.success(), "the demo ended with {status}");
        while self.printed.next_line().await?.is_some() {}
        let left: Vec<PathBuf> = std::fs::read_dir(folder)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        ensure!(
            !left
                .iter()
                .any(|path| path.to_string_lossy().contains("sigill-demo")),
            "the demo left {left:?}"
        );
        Ok(())
    }
}

async fn opening(printed: &mut Lines<BufReader<ChildStdout>>) -> anyhow::Result<Vec<String>> {
    let mut said = Vec::new();
    while let Some(line) = printed.next_line().await? {
        let open = line.contains("Ctrl-C");
        said.push(line);
        if open {
            return Ok(said);
        }
    }
    bail!("the demo ended before it opened:\n{}", said.join("\n"))
}

/// `  Marianne Lindell   orderer (chef)   card 9752 … 014  code 271828`
fn founder(said: &[String], part: &str) -> anyhow::Result<Founder> {
    let line = said
        .iter()
        .find(|line| line.contains(part))
        .with_context(|| format!("no {part} was introduced"))?;
    let (name, _) = line.split_once(part).context("no name")?;
    let (_, code) = line.rsplit_once("code ").context("no code")?;
    Ok(Founder {
        name: name.trim().to_owned(),
        code: code.trim().to_owned(),
    })
}
