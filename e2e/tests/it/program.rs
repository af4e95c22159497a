//! The programs: ours, built once, and the foreign ones, where the environment says they are.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

/// How long what a test made is kept to be looked at.
const KEPT: Duration = Duration::from_secs(3600);
/// How long a program in the background may take for anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a foreign program is, by the name of its setting; `None` when it is missing and need not be there.
pub fn foreign(setting: &str) -> anyhow::Result<Option<PathBuf>> {
    if let Some(path) = env::var_os(setting).filter(|path| !path.is_empty()) {
        let path = PathBuf::from(path);
        ensure!(
            path.exists(),
            "{setting} names {}, which is not there",
            path.display()
        );
        return Ok(Some(path));
    }
    ensure!(
        env::var_os("SIGILL_TEST_REQUIRE").is_none_or(|value| value != "1"),
        "{setting} is not set"
    );
    leave_out(setting);
    Ok(None)
}

#[expect(clippy::print_stdout, reason = "a test that was left out says so")]
fn leave_out(setting: &str) {
    println!("left out: {setting} is not set");
}

/// The folder of this build's programs: the test itself lies in its `deps`.
fn programs() -> anyhow::Result<PathBuf> {
    let own = env::current_exe().context("asking where this test is")?;
    own.parent()
        .and_then(Path::parent)
        .map(Path::to_owned)
        .context("this test does not lie in a target folder")
}

/// The built `sigill`, up to date.
pub fn sigill() -> anyhow::Result<&'static Path> {
    static BUILT: Built = Built::new();
    ours(
        &BUILT,
        "sigill",
        &["--package", "server", "--bin", "sigill"],
    )
}

/// The example that writes one of everything `pki` issues.
pub fn issue_samples() -> anyhow::Result<&'static Path> {
    static BUILT: Built = Built::new();
    ours(
        &BUILT,
        "examples/issue_samples",
        &["--package", "pki", "--example", "issue_samples"],
    )
}

/// The virtual card's program.
pub fn sigill_vcard() -> anyhow::Result<&'static Path> {
    static BUILT: Built = Built::new();
    let arguments = ["--package", "vcard", "--bin", "sigill-vcard"];
    ours(&BUILT, "sigill-vcard", &arguments)
}

/// The card client, with readers and a window; nothing where the library that it needs is missing.
pub fn sigill_card() -> anyhow::Result<Option<&'static Path>> {
    static BUILT: Built = Built::new();
    let has_library = Command::new("pkg-config")
        .args(["--exists", "libpcsclite"])
        .status()
        .is_ok_and(|status| status.success());
    if !has_library {
        ensure!(
            env::var_os("SIGILL_TEST_REQUIRE").is_none_or(|value| value != "1"),
            "libpcsclite-dev or pkg-config is missing"
        );
        leave_out("the library of PC/SC");
        return Ok(None);
    }
    let arguments = [
        "--package",
        "client",
        "--features",
        "window",
        "--bin",
        "sigill-card",
    ];
    ours(&BUILT, "sigill-card", &arguments).map(Some)
}

type Built = OnceLock<Result<PathBuf, String>>;

fn ours(built: &'static Built, program: &str, arguments: &[&str]) -> anyhow::Result<&'static Path> {
    match built.get_or_init(|| build(program, arguments).map_err(|error| format!("{error:#}"))) {
        Ok(path) => Ok(path),
        Err(error) => anyhow::bail!("building {program}: {error}"),
    }
}

fn build(program: &str, arguments: &[&str]) -> anyhow::Result<PathBuf> {
    let folder = programs()?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--quiet"])
        .args(arguments)
        .arg("--target-dir")
        .arg(folder.parent().context("a target folder has no parent")?);
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    run(&mut cargo)?;
    Ok(folder
        .join(program)
        .with_extension(env::consts::EXE_EXTENSION))
}

/// A new folder for what a test makes; what earlier runs left is cleared away.
pub fn scratch(name: &str) -> anyhow::Result<PathBuf> {
    let parent = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for entry in fs::read_dir(parent)?.filter_map(Result::ok) {
        let old = entry
            .metadata()
            .and_then(|about| about.modified())
            .is_ok_and(|at| at.elapsed().is_ok_and(|age| age > KEPT));
        if old && entry.file_name().to_string_lossy().starts_with("e2e-") {
            // Another run may clear the same folder.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let folder = parent.join(format!("e2e-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

/// What a program answered: whether it was content, and all that it said.
pub struct Answer {
    /// It ended with 0.
    pub content: bool,
    /// Standard output, then standard error.
    pub said: String,
}

/// Asks a program, whatever it answers.
pub fn ask(command: &mut Command) -> anyhow::Result<Answer> {
    let output = finish(command)?;
    let said = [output.stdout, output.stderr].concat();
    Ok(Answer {
        content: output.status.success(),
        said: String::from_utf8_lossy(&said).into_owned(),
    })
}

/// Asks a program and types something for it.
pub fn ask_with(command: &mut Command, typed: &[u8]) -> anyhow::Result<Answer> {
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {command:?}"))?;
    // Whoever ends without reading does not want it.
    let _ = process
        .stdin
        .take()
        .context("no standard input")?
        .write_all(typed);
    let output = process.wait_with_output()?;
    Ok(Answer {
        content: output.status.success(),
        said: String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned(),
    })
}

/// A program in the background, which goes with this.
pub struct Background(Child);

impl Background {
    /// Starts it; what it says goes into a file.
    pub fn start(command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let log = fs::File::create(log).with_context(|| format!("making {}", log.display()))?;
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .map(Self)
            .with_context(|| format!("starting {command:?}"))
    }

    /// How it ended, once it has.
    pub fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.0.try_wait()?)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until something is so; fails with what was waited for.
pub fn wait_for(what: &str, mut so: impl FnMut() -> anyhow::Result<bool>) -> anyhow::Result<()> {
    let began = Instant::now();
    while !so()? {
        ensure!(began.elapsed() < PATIENCE, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Two ports side by side that nobody listens on, the first of them. They are below those that the system gives to outgoing
/// connections, which on a busy machine are everywhere. Somebody else may take them before they are used; then that says so and ends.
pub fn free_pair() -> anyhow::Result<u16> {
    const FIRST: u32 = 20_000;
    const PAIRS: u32 = 6_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let own = std::process::id().wrapping_mul(97);
    for _ in 0..PAIRS {
        let pair = own.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % PAIRS;
        let port = u16::try_from(FIRST + 2 * pair)?;
        let free = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
        if free(port) && free(port + 1) {
            return Ok(port);
        }
    }
    bail!("no two free ports side by side")
}

/// Runs a program that must end with 0; gives its standard output.
pub fn run(command: &mut Command) -> anyhow::Result<Vec<u8>> {
    let output = finish(command)?;
    ensure!(
        output.status.success(),
        "{command:?} ended with {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(output.stdout)
}

fn finish(command: &mut Command) -> anyhow::Result<Output> {
    command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("starting {command:?}"))
}
