//! Programs of others, by the settings that name them (CONTRIBUTING.md).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where the program is; nothing when no setting names it, and then it says so.
pub fn program(setting: &str) -> Option<PathBuf> {
    let value = |name| setting_of(name).filter(|value| !value.is_empty());
    if let Some(path) = value(setting) {
        let path = PathBuf::from(path);
        assert!(
            path.exists(),
            "{setting} names {}, which is not there",
            path.display()
        );
        return Some(path);
    }
    let required = value("SIGILL_TEST_REQUIRE").is_some_and(|value| value == "1");
    assert!(!required, "{setting} is not set");
    say(&format!("left out: {setting} is not set"));
    None
}

#[expect(
    clippy::disallowed_methods,
    reason = "which foreign programs there are is told by the environment"
)]
fn setting_of(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name)
}

#[expect(clippy::print_stdout, reason = "a test that was left out says so")]
fn say(text: &str) {
    println!("{text}");
}

/// Runs it with this on its standard input; it must succeed.
pub fn run(command: &mut Command, input: &Path) -> Vec<u8> {
    let output = command
        .stdin(Stdio::from(fs::File::open(input).unwrap()))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}
