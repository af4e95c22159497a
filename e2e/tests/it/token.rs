//! A walk with every signing key in a token, made as the operator's guide says; OpenSC looks into it, OpenSSL at what it signed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::program;

const PIN: &str = "314159";

/// A token in a folder of its own.
struct Token {
    folder: PathBuf,
    module: PathBuf,
}

impl Token {
    fn new() -> anyhow::Result<Option<Self>> {
        let Some(module) = program::foreign("SIGILL_TEST_PKCS11")? else {
            return Ok(None);
        };
        let folder = program::scratch("token")?;
        fs::create_dir_all(folder.join("tokens"))?;
        fs::write(
            folder.join("softhsm2.conf"),
            format!(
                "directories.tokendir = {}\n",
                folder.join("tokens").display()
            ),
        )?;
        let token = Self { folder, module };
        program::run(token.command("softhsm2-util").args([
            "--init-token",
            "--free",
            "--label",
            "sigill",
            "--so-pin",
            "27182818",
            "--pin",
            PIN,
        ]))?;
        let pin_file = token.folder.join("token.pin");
        fs::write(&pin_file, format!("{PIN}\n"))?;
        fs::set_permissions(&pin_file, fs::Permissions::from_mode(0o600))?;
        fs::write(
            token.folder.join("sigill.toml"),
            format!(
                "[keys]\nmodule = \"{}\"\ntoken = \"sigill\"\npin_file = \"{}\"\n",
                token.module.display(),
                pin_file.display()
            ),
        )?;
        Ok(Some(token))
    }

    /// A program that finds the token.
    fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env("SOFTHSM2_CONF", self.folder.join("softhsm2.conf"));
        command
    }
}

/// The names of files with this ending in a folder.
fn names(folder: &Path, ending: &str) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(ending).map(str::to_owned));
    }
    names.sort();
    ensure!(!names.is_empty(), "no {ending} in {}", folder.display());
    Ok(names)
}

#[test]
fn every_key_of_a_walk_is_in_the_token_and_never_leaves() -> anyhow::Result<()> {
    let Some(token) = Token::new()? else {
        return Ok(());
    };
    let walk = token.folder.join("walk");
    let printed = program::run(
        token
            .command(program::sigill()?)
            .args(["demo", "--walk", "--keys"])
            .arg(token.folder.join("sigill.toml"))
            .arg("--artifacts")
            .arg(&walk),
    )?;
    let printed = String::from_utf8(printed)?;
    ensure!(printed.contains("steps hold"), "{printed}");
    openssl_accepts(&walk)?;

    let Some(opensc) = program::foreign("SIGILL_TEST_PKCS11_TOOL")? else {
        return Ok(());
    };
    let objects = |more: &[&str]| -> anyhow::Result<String> {
        let mut command = token.command(&opensc);
        command
            .arg("--module")
            .arg(&token.module)
            .args(["--token-label", "sigill", "--list-objects"])
            .args(more);
        Ok(String::from_utf8(program::run(&mut command)?)?)
    };
    let listed = objects(&["--type", "privkey", "--login", "--pin", PIN])?;
    let keys: Vec<&str> = listed.split("Private Key Object").skip(1).collect();
    for key in &keys {
        ensure!(
            key.contains("sensitive, always sensitive, never extractable, local"),
            "{key}"
        );
        ensure!(
            key.lines()
                .any(|line| line.trim_start().starts_with("Usage:") && line.ends_with(" sign")),
            "{key}"
        );
    }
    // Every authority, somebody who answers for each, and the log.
    let has = |label: &str| {
        keys.iter().any(|key| {
            key.lines().any(|line| {
                line.trim()
                    .strip_prefix("label:")
                    .is_some_and(|text| text.trim() == label)
            })
        })
    };
    let authorities = names(&walk.join("crl"), ".crl")?;
    for authority in &authorities {
        ensure!(has(authority), "{authority} is not in\n{listed}");
    }
    ensure!(has("audit-log"), "the log's key is not in\n{listed}");
    ensure!(
        keys.len() == 2 * authorities.len() + 1,
        "{} keys for {authorities:?}",
        keys.len()
    );
    // Whoever does not know the PIN sees none of them.
    let seen = objects(&[])?;
    ensure!(
        !seen.contains("Private Key") && seen.contains("Public Key"),
        "{seen}"
    );
    Ok(())
}

/// Every certificate verifies up to the root, and none does under a root of somebody else's.
fn openssl_accepts(walk: &Path) -> anyhow::Result<()> {
    let Some(openssl) = program::foreign("SIGILL_TEST_OPENSSL")? else {
        return Ok(());
    };
    let authorities = names(&walk.join("ca"), ".pem")?;
    let at = |name: &String| walk.join("ca").join(format!("{name}.pem"));
    let (root, issuers) = authorities.split_first().context("no root")?;
    let mut bundle = Vec::new();
    for issuer in issuers {
        bundle.extend(fs::read(at(issuer))?);
    }
    let bundle_at = walk.join("issuers.pem");
    fs::write(&bundle_at, bundle)?;
    let verified = |anchor: &Path, name: &str| {
        let mut command = Command::new(&openssl);
        command
            .args(["verify", "-x509_strict", "-CAfile"])
            .arg(anchor)
            .arg("-untrusted")
            .arg(&bundle_at)
            .arg(walk.join("certificates").join(format!("{name}.pem")));
        program::ask(&mut command)
    };
    for certificate in names(&walk.join("certificates"), ".pem")? {
        let answer = verified(&at(root), &certificate)?;
        ensure!(answer.content, "{certificate}: {}", answer.said);
        let stranger = issuers.first().context("no issuer")?;
        ensure!(
            !verified(&at(stranger), &certificate)?.content,
            "{certificate} verifies without its root"
        );
    }
    Ok(())
}
