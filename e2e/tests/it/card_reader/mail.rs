//! Mail with a card: OpenSSL seals a message to the encryption certificate and the card opens it; the card signs and OpenSSL finds
//! that our root stands behind it.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::CardReader;
use crate::program;
use crate::walk::Walk;

const MESSAGE: &str = "Provsvaret \u{e4}r klart.\n";

/// OpenSSL's `cms`, which reaches the card where it is told to.
fn cms(reader: &CardReader, openssl: &Path, line: &str) -> Command {
    let mut command = reader.tool(&openssl.display().to_string());
    command
        .current_dir(reader.folder())
        .arg("cms")
        .args(line.split(' '));
    command
}

fn with_key(command: &mut Command, option: &str, id: &str, code: &str) {
    let key = format!("pkcs11:id=%{id};type=private;pin-value={code}");
    command.args(["-engine", "pkcs11", "-keyform", "engine", option, &key]);
}

#[test]
fn mail_to_the_card_is_opened_by_it_alone() -> anyhow::Result<()> {
    let openssl = program::foreign("SIGILL_TEST_OPENSSL")?;
    let engine = program::foreign("SIGILL_TEST_ENGINE")?;
    let (Some(openssl), Some(_)) = (openssl, engine) else {
        return Ok(());
    };
    // The engine knows no key agreement for mail, so this is for RSA.
    let Some(reader) = CardReader::with_card_of(Walk::taken_with_rsa()?)? else {
        return Ok(());
    };
    reader.write("message", MESSAGE.as_bytes())?;
    for (name, padding) in [("usual", ""), ("oaep", " -keyopt rsa_padding_mode:oaep")] {
        let line = format!("-encrypt -aes256 -binary -in message -out {name}.p7m -recip");
        let mut command = cms(&reader, &openssl, &line);
        command.arg(reader.certificate("encryption"));
        if !padding.is_empty() {
            command.args(padding.trim().split(' '));
        }
        program::run(&mut command)?;
        for (id, good) in [("03", true), ("01", false)] {
            let line = format!("-decrypt -in {name}.p7m -out opened -recip");
            let mut command = cms(&reader, &openssl, &line);
            command.arg(reader.certificate("encryption"));
            with_key(&mut command, "-inkey", id, &reader.code);
            let answer = program::ask(&mut command)?;
            let opened = fs::read(reader.folder().join("opened")).unwrap_or_default();
            ensure!(
                (opened == MESSAGE.as_bytes()) == good,
                "{name}, key {id}: {}",
                answer.said
            );
            let _ = fs::remove_file(reader.folder().join("opened"));
        }
    }
    Ok(())
}

/// The signature key wants the code once more for each signature, and OpenSSL asks a terminal for it, which `script` is.
#[test]
fn mail_is_signed_with_the_signature_key() -> anyhow::Result<()> {
    let openssl = program::foreign("SIGILL_TEST_OPENSSL")?;
    let engine = program::foreign("SIGILL_TEST_ENGINE")?;
    let (Some(openssl), Some(_)) = (openssl, engine) else {
        return Ok(());
    };
    for walk in [Walk::taken()?, Walk::taken_with_rsa()?] {
        let Some(reader) = CardReader::with_card_of(walk)? else {
            return Ok(());
        };
        reader.write("message", MESSAGE.as_bytes())?;
        let certificate = reader.certificate("signature");
        let line = format!(
            "'{}' cms -sign -binary -md sha256 -in message -out signed -engine pkcs11 -keyform engine \
             -inkey 'pkcs11:id=%02;type=private;pin-value={}' -signer '{}'",
            openssl.display(),
            reader.code,
            certificate.display(),
        );
        let mut command = reader.tool("script");
        command.current_dir(reader.folder());
        command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        let answer = program::ask_with(&mut command, format!("{}\n", reader.code).as_bytes())?;
        ensure!(answer.content, "{}", answer.said);
        let authorities = reader.authorities()?;
        let verify = |file: &str| {
            let line = format!("-verify -binary -purpose any -out said -in {file} -CAfile");
            let mut command = cms(&reader, &openssl, &line);
            program::ask(command.arg(&authorities))
        };
        let verdict = verify("signed")?;
        ensure!(verdict.content, "{}", verdict.said);
        let said = fs::read(reader.folder().join("said"))?;
        ensure!(said == MESSAGE.as_bytes(), "something else was signed");
        let signed = fs::read_to_string(reader.folder().join("signed"))
            .context("reading the signed message")?;
        let changed = signed.replacen("klart", "borta", 1);
        ensure!(changed != signed, "the message is not in the clear");
        reader.write("changed", changed.as_bytes())?;
        ensure!(!verify("changed")?.content, "a changed message is taken");
    }
    Ok(())
}
