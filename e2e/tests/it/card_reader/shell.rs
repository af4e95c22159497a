//! OpenSSH with a card: `ssh-keygen` lists its public keys, `ssh` comes in with one, and not with that of another card.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;

use anyhow::{Context as _, ensure};

use super::CardReader;
use crate::program::{self, Background};
use crate::walk::Walk;

#[test]
fn a_card_opens_a_shell() -> anyhow::Result<()> {
    let Some(daemon) = program::foreign("SIGILL_TEST_SSHD")? else {
        return Ok(());
    };
    for walk in [Walk::taken()?, Walk::taken_with_rsa()?] {
        let Some(reader) = CardReader::with_card_of(walk)? else {
            return Ok(());
        };
        let folder = reader.folder();
        let at = |name: &str| folder.join(name).display().to_string();
        let mut command = reader.tool("ssh-keygen");
        command.args(["-q", "-t", "ed25519", "-N", "", "-f", &at("host")]);
        program::run(&mut command)?;
        let keys = program::run(reader.tool("ssh-keygen").arg("-D").arg(&reader.module))?;
        let keys = String::from_utf8(keys)?;
        let login = keys
            .lines()
            .find(|line| line.ends_with("PIV AUTH pubkey"))
            .with_context(|| format!("no login key: {keys}"))?;
        let asked = reader.write(
            "ask",
            format!("#!/bin/sh\necho {}\n", reader.code).as_bytes(),
        )?;
        fs::set_permissions(&asked, fs::Permissions::from_mode(0o700))?;

        let port = program::free_pair()?;
        let settings = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nPidFile none\nAuthorizedKeysFile {}\nStrictModes no\nUsePAM no\n\
             PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n",
            at("host"),
            at("authorized"),
        );
        let settings = reader.write("sshd.conf", settings.as_bytes())?;
        // Where it keeps its unprivileged half is built in, and nothing makes it without systemd. Only root needs it.
        let _ = fs::create_dir_all("/run/sshd");
        let mut command = reader.tool(&daemon.display().to_string());
        command.args(["-D", "-e", "-f", &settings]);
        let _daemon = Background::start(&mut command, &folder.join("sshd.log"))?;
        program::wait_for("sshd", || {
            Ok(TcpStream::connect(("127.0.0.1", port)).is_ok())
        })?;
        let user = String::from_utf8(program::run(reader.tool("id").arg("-un"))?)?;
        let come_in = || {
            let mut command = reader.tool("ssh");
            command
                .env("SSH_ASKPASS", &asked)
                .env("SSH_ASKPASS_REQUIRE", "force")
                .args(["-F", "none", "-p", &port.to_string(), "-I"])
                .arg(&reader.module);
            for option in [
                "IdentityAgent=none",
                "IdentityFile=none",
                "StrictHostKeyChecking=no",
                "UserKnownHostsFile=/dev/null",
            ] {
                command.args(["-o", option]);
            }
            command.args(["-l", user.trim(), "127.0.0.1", "echo in by card"]);
            program::ask(&mut command)
        };
        reader.write("authorized", b"")?;
        let refused = come_in()?;
        ensure!(!refused.said.contains("in by card"), "let in unknown");
        reader.write("authorized", login.as_bytes())?;
        let answer = come_in()?;
        let log = || fs::read_to_string(folder.join("sshd.log")).unwrap_or_default();
        ensure!(
            answer.content && answer.said.contains("in by card"),
            "{}\n{}",
            answer.said,
            log()
        );
    }
    Ok(())
}
