//! Full, delta and sharded revocation lists before OpenSSL and pkilint, from `pki`'s example.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{anyhow, ensure};

use crate::program;

/// The example's folder; it is made once.
fn samples() -> anyhow::Result<&'static Path> {
    static MADE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    MADE.get_or_init(|| make().map_err(|error| format!("{error:#}")))
        .as_deref()
        .map_err(|error| anyhow!("{error}"))
}

fn make() -> anyhow::Result<PathBuf> {
    let folder = program::scratch("lists")?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["run", "--quiet", "--package", "pki"])
        .args(["--example", "issue_samples", "--"])
        .arg(&folder)
        .arg(now.to_string())
        .args(["p384", "p256"]);
    program::run(&mut cargo)?;
    Ok(folder)
}

/// `openssl verify` of a certificate by those lists; says whether it is content and what it said.
fn verified(
    openssl: &Path,
    folder: &Path,
    certificate: &str,
    lists: &[&str],
    more: &[&str],
) -> anyhow::Result<program::Answer> {
    let mut command = Command::new(openssl);
    command
        .args(["verify", "-x509_strict", "-crl_check", "-CAfile"])
        .arg(folder.join("root.pem"))
        .arg("-untrusted")
        .arg(folder.join("people.pem"))
        .args(more);
    for list in lists {
        let at = folder.join(format!("{list}.pem"));
        let mut convert = Command::new(openssl);
        convert
            .args(["crl", "-inform", "DER", "-in"])
            .arg(folder.join(list))
            .arg("-out")
            .arg(&at);
        program::run(&mut convert)?;
        command.arg("-CRLfile").arg(at);
    }
    program::ask(command.arg(folder.join(certificate)))
}

#[test]
fn openssl_lays_a_delta_over_its_base() -> anyhow::Result<()> {
    let Some(openssl) = program::foreign("SIGILL_TEST_OPENSSL")? else {
        return Ok(());
    };
    let folder = samples()?;
    let lists = ["lists/full.crl", "lists/delta.crl"];
    let with_delta = ["-use_deltas", "-extended_crl"];
    // Login is revoked by the delta list, the signature was held and is released by it, encryption was revoked before.
    for (certificate, by_full, by_both) in [
        ("login.pem", true, false),
        ("signature.pem", false, true),
        ("encryption.pem", false, false),
    ] {
        let full = verified(&openssl, folder, certificate, &lists[..1], &[])?;
        ensure!(full.content == by_full, "{certificate}: {}", full.said);
        let both = verified(&openssl, folder, certificate, &lists, &with_delta)?;
        ensure!(both.content == by_both, "{certificate}: {}", both.said);
        for answer in [full, both] {
            ensure!(
                answer.content || answer.said.contains("certificate revoked"),
                "{certificate}: {}",
                answer.said
            );
        }
    }
    Ok(())
}

#[test]
fn openssl_knows_whose_shard_a_list_is() -> anyhow::Result<()> {
    let Some(openssl) = program::foreign("SIGILL_TEST_OPENSSL")? else {
        return Ok(());
    };
    let folder = samples()?;
    let own = verified(&openssl, folder, "login.pem", &["shard.crl"], &[])?;
    ensure!(own.content, "{}", own.said);
    let revoked = verified(&openssl, folder, "signature.pem", &["shard.crl"], &[])?;
    ensure!(
        !revoked.content && revoked.said.contains("certificate revoked"),
        "{}",
        revoked.said
    );
    let other = ["lists/other-shard.crl"];
    let other = verified(&openssl, folder, "login.pem", &other, &["-extended_crl"])?;
    ensure!(
        !other.content && other.said.contains("different CRL scope"),
        "{}",
        other.said
    );
    Ok(())
}

#[test]
fn openssl_finds_the_signature_of_each() -> anyhow::Result<()> {
    let Some(openssl) = program::foreign("SIGILL_TEST_OPENSSL")? else {
        return Ok(());
    };
    let folder = samples()?;
    for list in ["full", "delta", "other-shard"] {
        for (authority, fits) in [("people.pem", true), ("root.pem", false)] {
            let mut command = Command::new(&openssl);
            command
                .args(["crl", "-verify", "-noout", "-inform", "DER", "-CAfile"])
                .arg(folder.join(authority))
                .arg("-in")
                .arg(folder.join(format!("lists/{list}.crl")));
            let answer = program::ask(&mut command)?;
            ensure!(
                answer.said.contains("verify OK") == fits,
                "{list} by {authority}: {}",
                answer.said
            );
        }
    }
    Ok(())
}

#[test]
fn pkilint_finds_nothing() -> anyhow::Result<()> {
    let Some(programs) = program::foreign("SIGILL_TEST_PKILINT")? else {
        return Ok(());
    };
    let folder = samples()?;
    for list in ["full", "delta", "other-shard"] {
        let mut command = Command::new(programs.join("lint_crl"));
        command
            .args([
                "lint", "-t", "CRL", "-p", "PKIX", "-s", "NOTICE", "-f", "CSV",
            ])
            .arg(folder.join(format!("lists/{list}.crl")));
        let answer = program::ask(&mut command)?;
        // A line of column names, then one a finding.
        ensure!(
            answer.content && answer.said.trim() == "node_path,validator,severity,code,message",
            "{list}: {}",
            answer.said
        );
    }
    Ok(())
}
