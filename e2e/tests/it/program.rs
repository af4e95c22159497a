//! The programs: ours, built once, and the foreign ones, where the environment says they are.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context as _, ensure};

/// How long what a test made is kept to be looked at.
const KEPT: Duration = Duration::from_secs(3600);

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
