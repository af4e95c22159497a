//! Processes that are measured: this program again, told to be a server, so that the processor time of whoever asks is not
//! counted with the processor time of whoever answers.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

use anyhow::Context as _;

use crate::benchmarks;

/// How many ticks a second of processor time has in `/proc` (`sysconf(_SC_CLK_TCK)`, 100 on every Linux there is).
const TICKS: f64 = 100.0;

/// A server in a process of its own, gone when this is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it says; kept open, so that it can go on saying it.
    out: BufReader<ChildStdout>,
}

/// Runs as the child of that name until the parent ends it.
pub fn be(name: &str, arguments: &[String]) -> anyhow::Result<()> {
    let child = benchmarks::CHILDREN
        .iter()
        .find(|(known, _)| *known == name)
        .with_context(|| format!("there is no child named {name}"))?;
    (child.1)(arguments)
}

/// An address nobody listens at now; nobody else on this machine is likely to take it in the next moment.
pub fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Says to the parent where this child listens.
pub fn listening(address: SocketAddr) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{address}")?;
    out.flush()?;
    Ok(())
}

impl Server {
    /// Starts the child of that name and waits until it says where it listens.
    pub fn start(name: &str, arguments: &[String]) -> anyhow::Result<Self> {
        Self::start_with(name, arguments, Stdio::inherit())
    }

    /// The same, with what it says on standard error in a new file.
    pub fn start_logging(name: &str, arguments: &[String], log: &Path) -> anyhow::Result<Self> {
        let file =
            std::fs::File::create(log).with_context(|| format!("making {}", log.display()))?;
        Self::start_with(name, arguments, file.into())
    }

    fn start_with(name: &str, arguments: &[String], log: Stdio) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("finding this program")?;
        let mut child = Command::new(program)
            .arg("--child")
            .arg(name)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .with_context(|| format!("starting the child {name}"))?;
        let mut line = String::new();
        let out = child.stdout.take().context("the child has no output")?;
        let mut out = BufReader::new(out);
        out.read_line(&mut line)?;
        let address = line
            .trim()
            .parse()
            .with_context(|| format!("the child {name} did not say where it listens"))?;
        Ok(Self {
            child,
            address,
            out,
        })
    }

    /// Takes charge of another program that serves at that address, once it says so with a line that has `ready` in it. Nobody
    /// connects to find out: some programs take a connection on which nothing is asked very badly.
    pub fn other(mut command: Command, address: SocketAddr, ready: &str) -> anyhow::Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {command:?}"))?;
        let out = child.stdout.take().context("the program has no output")?;
        let mut server = Self {
            child,
            address,
            out: BufReader::new(out),
        };
        let mut line = String::new();
        while !line.contains(ready) {
            line.clear();
            let read = server.out.read_line(&mut line)?;
            anyhow::ensure!(read > 0, "{command:?} ended without listening");
        }
        Ok(server)
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        self.child.try_wait().context("looking after the child")
    }

    /// Processor time it has used so far, in seconds: its own and the kernel's for it, all threads.
    pub fn cpu(&self) -> anyhow::Result<f64> {
        cpu_of(&self.child.id().to_string())
    }

    /// Memory it has resident, in MiB.
    pub fn resident(&self) -> anyhow::Result<f64> {
        let path = format!("/proc/{}/status", self.child.id());
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
        let kib = text
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next())
            .and_then(|number| number.parse::<f64>().ok())
            .with_context(|| format!("{path} does not tell VmRSS"))?;
        Ok(kib / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; what it had is in a folder that goes as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Processor time of a process, by its number or `self`, in seconds (`proc(5)`: the 14th and 15th values of `stat`). The name
/// in brackets may hold spaces, so counting starts behind it.
pub fn cpu_of(process: &str) -> anyhow::Result<f64> {
    ticks_of(process, 11)
}

/// Processor time of all children of this process that have ended, in seconds (the 16th and 17th values of `stat`).
pub fn cpu_of_children() -> anyhow::Result<f64> {
    ticks_of("self", 13)
}

fn ticks_of(process: &str, place: usize) -> anyhow::Result<f64> {
    let path = Path::new("/proc").join(process).join("stat");
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let values = text.rsplit(')').next().unwrap_or_default();
    let mut ticks = values
        .split_whitespace()
        .skip(place)
        .map_while(|value| value.parse::<f64>().ok());
    match (ticks.next(), ticks.next()) {
        (Some(user), Some(system)) => Ok((user + system) / TICKS),
        _ => anyhow::bail!("{} is not as proc(5) says", path.display()),
    }
}
