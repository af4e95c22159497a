//! Yubico's own tool on a card that our system made: what it sees, and what the card does for it.

use std::fs;

use anyhow::ensure;

use super::{CardReader, Reader};
use crate::program::{self, Answer};
use crate::walk::Walk;

impl Reader {
    /// `yubico-piv-tool`; nothing when it is missing.
    pub(super) fn yubico(&self, arguments: &[&str]) -> anyhow::Result<Option<Answer>> {
        let Some(tool) = program::foreign("SIGILL_TEST_YUBICO")? else {
            return Ok(None);
        };
        let mut command = self.tool("yubico-piv-tool");
        // Its folder goes before the others.
        let mut path = tool.parent().unwrap_or(&tool).as_os_str().to_owned();
        path.push(":");
        path.push(super::path());
        command.env("PATH", path).args(arguments);
        program::ask(&mut command).map(Some)
    }
}

#[test]
fn yubicos_tool_sees_and_uses_the_finished_card() -> anyhow::Result<()> {
    for walk in [Walk::taken()?, Walk::taken_with_rsa()?] {
        let Some(reader) = CardReader::with_card_of(walk)? else {
            return Ok(());
        };
        let Some(status) = reader.yubico(&["-a", "status"])? else {
            return Ok(());
        };
        let kind = if walk.rsa { "RSA2048" } else { "ECCP256" };
        ensure!(status.content, "{}", status.said);
        for wanted in [
            "Version:\t5.4.3",
            "Slot 9a:",
            "Slot 9c:",
            "Slot 9d:",
            &format!("Algorithm:\t{kind}"),
            "PIN tries left:\t3",
        ] {
            ensure!(status.said.contains(wanted), "no {wanted}: {}", status.said);
        }
        let does = |action: &[&str], wanted: &str| {
            let mut arguments = vec!["-a", "verify-pin", "-P", &reader.code];
            arguments.extend(action);
            let Some(answer) = reader.yubico(&arguments)? else {
                return Ok(());
            };
            ensure!(
                answer.content && answer.said.contains(wanted),
                "{action:?}: {}",
                answer.said
            );
            Ok(())
        };
        let file = |kind: &str| reader.certificate(kind).display().to_string();
        let (login, encryption) = (file("login"), file("encryption"));
        let verified = if walk.rsa {
            "Successful RSA verification"
        } else {
            "Successful ECDSA verification"
        };
        does(
            &["-a", "test-signature", "-s", "9a", "-i", &login],
            verified,
        )?;
        let opened = if walk.rsa {
            "Successfully performed RSA decryption"
        } else {
            "Successfully performed ECDH exchange"
        };
        does(
            &["-a", "test-decipher", "-s", "9d", "-i", &encryption],
            opened,
        )?;
    }
    Ok(())
}

/// The card says that it made the key itself, and OpenSSL finds that it is the card that says so.
#[test]
fn attestations_are_fetched_and_hold() -> anyhow::Result<()> {
    let Some(openssl) = program::foreign("SIGILL_TEST_OPENSSL")? else {
        return Ok(());
    };
    let Some(reader) = CardReader::with_card_of(Walk::taken()?)? else {
        return Ok(());
    };
    let [chip, statement] = ["chip.pem", "statement.pem"].map(|name| reader.folder().join(name));
    let Some(fetched) = reader.yubico(&["-a", "read-certificate", "-s", "f9"])? else {
        return Ok(());
    };
    ensure!(fetched.content, "{}", fetched.said);
    fs::write(&chip, fetched.said)?;
    for slot in ["9a", "9c", "9d"] {
        let Some(fetched) = reader.yubico(&["-a", "attest", "-s", slot])? else {
            return Ok(());
        };
        ensure!(fetched.content, "{slot}: {}", fetched.said);
        fs::write(&statement, fetched.said)?;
        let mut command = reader.tool(&openssl.display().to_string());
        command.args(["verify", "-partial_chain", "-trusted"]);
        let verdict = program::ask(command.arg(&chip).arg(&statement))?;
        ensure!(verdict.content, "{slot}: {}", verdict.said);
    }
    Ok(())
}
