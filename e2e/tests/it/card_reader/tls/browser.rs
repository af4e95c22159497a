//! Chromium with a window, since without one it asks nobody for a code. Its policy stands in a mount namespace of its own, its NSS
//! database in a home of its own; xdotool types.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde_json::json;

use super::{CardReader, Server};
use crate::program::{self, Background};
use crate::walk::Walk;

/// Puts the policy where Chromium looks for it, then starts it.
const BROWSER: &str = "\
mkdir -p /etc/chromium
mount --bind \"$0\" /etc/chromium
exec chromium \"$@\"
";

/// NSS's question for the code of a token.
const QUESTION: &str = "Unlock Security Device";

/// A screen that nobody sees.
struct Screen {
    name: String,
    _process: Background,
}

impl Screen {
    fn start(reader: &CardReader, program: &std::path::Path) -> anyhow::Result<Self> {
        let log = reader.folder().join("screen");
        let mut command = Command::new(program);
        command.args("-displayfd 1 -nolisten tcp -screen 0 1280x900x24".split(' '));
        let process = Background::start(&mut command, &log)?;
        let mut name = None;
        program::wait_for("a screen", || {
            // It takes the first number that is free, and says which.
            let said = fs::read_to_string(&log)?;
            name = said
                .lines()
                .find_map(|line| line.trim().parse::<u32>().ok())
                .filter(|_| said.ends_with('\n'));
            Ok(name.is_some())
        })?;
        Ok(Self {
            name: format!(":{}", name.context("no number")?),
            _process: process,
        })
    }

    /// The first window that is seen with such a name.
    fn window(&self, name: &str) -> anyhow::Result<Option<String>> {
        let mut command = Command::new("xdotool");
        command.env("DISPLAY", &self.name);
        let answer = program::ask(command.args(["search", "--onlyvisible", "--name", name]))?;
        Ok(answer
            .said
            .lines()
            .find(|line| line.parse::<u64>().is_ok())
            .map(str::to_owned))
    }

    /// Types into a window and confirms. That it closes while the last key is let go is no fault.
    fn type_into(&self, window: &str, text: &str) -> anyhow::Result<()> {
        for words in [
            &["windowfocus", window][..],
            &["type", "--window", window, text],
            &["key", "--window", window, "Return"],
        ] {
            program::ask(
                Command::new("xdotool")
                    .env("DISPLAY", &self.name)
                    .args(words),
            )?;
        }
        Ok(())
    }
}

#[test]
fn a_card_opens_a_server_to_chromium() -> anyhow::Result<()> {
    let openssl = program::foreign("SIGILL_TEST_OPENSSL")?;
    let xvfb = program::foreign("SIGILL_TEST_XVFB")?;
    let (Some(openssl), Some(xvfb)) = (openssl, xvfb) else {
        return Ok(());
    };
    let Some(reader) = CardReader::with_card_of(Walk::taken()?)? else {
        return Ok(());
    };
    let server = Server::start(&reader, &openssl)?;
    let home = reader.folder().join("home");
    let database = home.join(".pki/nssdb");
    fs::create_dir_all(&database)?;
    let database = format!("sql:{}", database.display());
    let nss = |name: &str, words: &str| {
        let mut command = reader.tool(name);
        command.args(words.split(' '));
        command
    };
    program::run(nss("certutil", "-N --empty-password -d").arg(&database))?;
    let mut command = nss("modutil", "-force -add card -libfile");
    command.arg(&reader.module).args(["-dbdir", &database]);
    program::run(&mut command)?;
    let mut command = nss("certutil", "-A -n server -t CTP,C,C -i");
    command.arg(&server.certificate).args(["-d", &database]);
    program::run(&mut command)?;
    let policies = reader.folder().join("chromium");
    fs::create_dir_all(policies.join("policies/managed"))?;
    // The login certificate: the signature's is of the same issuer and is not for logging in.
    let choice = json!({"pattern": format!("https://localhost:{}", server.port), "filter": {}});
    let policy = json!({"AutoSelectCertificateForUrls": [choice.to_string()]});
    fs::write(
        policies.join("policies/managed/card.json"),
        policy.to_string(),
    )?;

    let screen = Screen::start(&reader, &xvfb)?;
    let mut command = reader.tool("unshare");
    command
        .env("HOME", &home)
        .env("DISPLAY", &screen.name)
        .args(["--mount", "sh", "-ec", BROWSER])
        .arg(&policies)
        .args(
            "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync"
                .split(' '),
        )
        .arg(format!("--user-data-dir={}", home.join("profile").display()))
        .arg(format!("https://localhost:{}/page.html", server.port));
    let log = reader.folder().join("chromium.log");
    let _browser = Background::start(&mut command, &log)?;
    let seen = |name: &str| {
        let mut window = None;
        program::wait_for(name, || {
            window = screen.window(name)?;
            Ok(window.is_some())
        })
        .with_context(|| fs::read_to_string(&log).unwrap_or_default())?;
        window.context("no window")
    };
    let question = seen(QUESTION)?;
    ensure!(
        screen.window("Let in by card")?.is_none(),
        "let in without a code"
    );
    screen.type_into(&question, &reader.code)?;
    seen("Let in by card")?;
    Ok(())
}
