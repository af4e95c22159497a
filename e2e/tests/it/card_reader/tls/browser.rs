//! Chromium with a window, since without one it asks nobody for a code. Its policy stands in a mount namespace of its own, its NSS
//! database in a home of its own; xdotool types.

use std::fs;

use anyhow::{Context as _, ensure};
use serde_json::json;

use super::{CardReader, Server};
use crate::program::{self, Background};
use crate::screen::Screen;
use crate::walk::Walk;

/// Puts the policy where Chromium looks for it, then starts it.
const BROWSER: &str = "\
mkdir -p /etc/chromium
mount --bind \"$0\" /etc/chromium
exec chromium \"$@\"
";

/// NSS's question for the code of a token.
const QUESTION: &str = "Unlock Security Device";

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

    let screen = Screen::start(&xvfb, reader.folder(), "1280x900")?;
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
        screen
            .seen(name)
            .with_context(|| fs::read_to_string(&log).unwrap_or_default())
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
