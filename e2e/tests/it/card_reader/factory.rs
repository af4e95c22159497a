//! New cards as they come from a factory, of either kind, in the hands of other people's tools.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::Reader;
use crate::program;

/// A key and a certificate of it, made by OpenSSL: `outside.key`, `outside.pem`.
fn make_outside(reader: &Reader) -> anyhow::Result<Option<()>> {
    let Some(openssl) = program::foreign("SIGILL_TEST_OPENSSL")? else {
        return Ok(None);
    };
    let mut command = Command::new(openssl);
    command
        .current_dir(reader.folder())
        .args("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=outside".split(' '));
    program::run(command.args(["-keyout", "outside.key", "-out", "outside.pem"]))?;
    Ok(Some(()))
}

/// A whole life by Yubico's tool: keys made and put in, certificates, attestation, codes changed, blocked and unblocked, all
/// of it taken back.
#[test]
fn yubicos_tool_runs_a_yubikey_from_end_to_end() -> anyhow::Result<()> {
    let options = ["--profile", "yubikey", "--resettable"];
    let Some(reader) = Reader::with_new_card(&options)? else {
        return Ok(());
    };
    if make_outside(&reader)?.is_none() {
        return Ok(());
    }
    let at = |name: &str| reader.folder().join(name).display().to_string();
    let (key, certificate) = (at("outside.key"), at("outside.pem"));
    let story: &[(&str, bool, &str)] = &[
        ("-a generate -s 9a -A ECCP256", true, "BEGIN PUBLIC KEY"),
        ("-a generate -s 9c -A RSA2048", true, "BEGIN PUBLIC KEY"),
        ("-a generate -s 95 -A ECCP384", true, "BEGIN PUBLIC KEY"),
        ("-a attest -s 95", true, "BEGIN CERTIFICATE"),
        ("-a import-key -s 82 -i KEY", true, "imported"),
        (
            "-a import-certificate -s 82 -i CERTIFICATE",
            true,
            "imported",
        ),
        ("-a attest -s 82", false, "Failed to attest"),
        (
            "-a verify-pin -P 123456 -a test-decipher -s 82 -i CERTIFICATE",
            true,
            "performed RSA decryption",
        ),
        ("-a set-chuid -a set-ccc", true, "set new CCC"),
        ("-a change-pin -P 123456 -N 654321", true, "changed the pin"),
        (
            "-a change-puk -P 12345678 -N 87654321",
            true,
            "changed the puk",
        ),
        ("-a verify-pin -P 111111", false, "2 tries left"),
        ("-a unblock-pin -P 87654321 -N 123123", true, "unblocked"),
        (
            "-a verify-pin -P 123123 -a pin-retries --pin-retries 2 --puk-retries 1",
            true,
            "changed pin retries to 2",
        ),
        ("-a reset", false, ""),
        ("-a verify-pin -P 111111", false, "1 tries left"),
        ("-a verify-pin -P 111111", false, "blocked"),
        ("-a unblock-pin -P 00000000 -N 123456", false, ""),
        ("-a reset", true, "reset"),
        ("-a verify-pin -P 123456", true, "verified"),
        ("-a attest -s 9a", false, "Failed to attest"),
    ];
    for (line, good, wanted) in story {
        let words: Vec<&str> = line
            .split(' ')
            .map(|word| match word {
                "KEY" => key.as_str(),
                "CERTIFICATE" => certificate.as_str(),
                word => word,
            })
            .collect();
        let Some(answer) = reader.yubico(&words)? else {
            return Ok(());
        };
        ensure!(
            answer.content == *good && answer.said.contains(wanted),
            "{line}: {}",
            answer.said
        );
    }
    Ok(())
}

/// OpenSC proves the factory's management key to a plain card, the card proves it to OpenSC, and a certificate goes in. (Its own
/// making of keys fails after the card has made one: it does not get on with OpenSSL 3.)
#[test]
fn opensc_writes_to_a_plain_card() -> anyhow::Result<()> {
    let Some(reader) = Reader::with_new_card(&["--profile", "plain"])? else {
        return Ok(());
    };
    if make_outside(&reader)?.is_none() {
        return Ok(());
    }
    let factory = ["01:02:03:04:05:06:07:08"; 3].join(":");
    let tool = |key: &str, arguments: &[&str]| {
        let file = reader.write("management.key", key.as_bytes())?;
        let mut command = reader.tool("piv-tool");
        program::ask(command.env("PIV_EXT_AUTH_KEY", file).args(arguments))
    };
    let certificate = reader.folder().join("outside.pem");
    let certificate = certificate.to_str().context("a path is not text")?;
    let write = ["-A", "M:9B:03", "-C", "9A", "-i", certificate];
    // What the tool ends with says nothing; the card does.
    let kept = || {
        let read = reader.folder().join("read.pem");
        let mut command = reader.tool("pkcs15-tool");
        command.args(["--read-certificate", "01", "--output"]);
        program::ask(command.arg(&read))?;
        let text = fs::read_to_string(&read).unwrap_or_default();
        anyhow::Ok(text.trim().to_owned())
    };
    // Not the lowest bit, which is parity and counts for nothing in DES.
    let wrong = tool(&factory.replace("08", "0A"), &write)?;
    ensure!(kept()?.is_empty(), "by another key: {}", wrong.said);
    let right = tool(&factory, &write)?;
    let written = fs::read_to_string(certificate)?;
    ensure!(kept()? == written.trim(), "{}", right.said);
    let change = "--change-pin --pin 123456 --new-pin 654321".split(' ');
    let mut command = reader.tool("pkcs15-tool");
    program::run(command.args(change))?;
    for (code, good) in [("123456", false), ("654321", true)] {
        let answer = reader.pkcs11(&["--login", "--pin", code, "--list-objects"])?;
        ensure!(answer.content == good, "{code}: {}", answer.said);
    }
    Ok(())
}
