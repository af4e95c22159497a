//! OpenSSL on revocation lists, OCSP, the log and the receipt. Each yes stands beside a no, so that the judge is known to judge.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::Walk;
use crate::exhibit::der_of;
use crate::program::{self, Answer};

/// OpenSSL and the walk it judges.
pub(super) struct Judge {
    program: PathBuf,
    pub walk: &'static Walk,
    root: PathBuf,
    issuers: PathBuf,
}

impl Judge {
    /// A judge with a folder of its own for what it makes; nothing when OpenSSL is missing.
    pub fn called(name: &str) -> anyhow::Result<Option<Self>> {
        Self::of(Walk::taken()?, name)
    }

    fn of(walk: &'static Walk, name: &str) -> anyhow::Result<Option<Self>> {
        let Some(program) = program::foreign("SIGILL_TEST_OPENSSL")? else {
            return Ok(None);
        };
        fs::create_dir_all(walk.path(&format!("judge/{name}")))?;
        let authorities = walk.files("ca", ".pem")?;
        let (root, issuers) = authorities.split_first().context("no root")?;
        let mut bundle = Vec::new();
        for issuer in issuers {
            bundle.extend(walk.read(issuer)?);
        }
        let bundle_at = walk.path(&format!("judge/{name}/issuers.pem"));
        fs::write(&bundle_at, bundle)?;
        Ok(Some(Self {
            program,
            walk,
            root: walk.path(root),
            issuers: bundle_at,
        }))
    }

    fn openssl(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        // Names beyond ASCII are shown as they are.
        command.args(arguments).env("LC_ALL", "C.UTF-8");
        command
    }

    /// `openssl verify` of a certificate up to the root.
    fn verify(&self, certificate: &str, more: &[&str]) -> anyhow::Result<Answer> {
        let mut command = self.openssl(&["verify", "-x509_strict", "-CAfile"]);
        command
            .arg(&self.root)
            .arg("-untrusted")
            .arg(&self.issuers)
            .args(more)
            .arg(self.walk.path(certificate));
        program::ask(&mut command)
    }

    /// All lists in one file of PEM, as `-CRLfile` wants them.
    fn lists(&self, name: &str) -> anyhow::Result<String> {
        let mut bundle = Vec::new();
        for list in self.walk.files("crl", ".crl")? {
            bundle.extend(program::run(
                self.openssl(&["crl", "-inform", "DER", "-in"])
                    .arg(self.walk.path(&list)),
            )?);
        }
        let at = self.walk.path(&format!("judge/{name}/lists.pem"));
        fs::write(&at, bundle)?;
        at.into_os_string()
            .into_string()
            .ok()
            .context("the folder's name is not text")
    }

    /// `openssl dgst` of a signature in DER under a public key in PEM.
    pub fn signed(
        &self,
        name: &str,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> anyhow::Result<bool> {
        let at = |file: &str| self.walk.path(&format!("judge/{name}/{file}"));
        fs::write(at("key.pem"), key)?;
        fs::write(at("message"), message)?;
        fs::write(at("signature"), signature)?;
        let mut command = self.openssl(&["dgst", "-sha256", "-verify"]);
        let answer = program::ask(
            command
                .arg(at("key.pem"))
                .arg("-signature")
                .arg(at("signature"))
                .arg(at("message")),
        )?;
        ensure!(
            answer.content == answer.said.contains("Verified OK"),
            "{}",
            answer.said
        );
        Ok(answer.content)
    }
}

/// At the end of the walk every person's certificate is revoked, and no responder's.
#[test]
fn the_lists_say_who_is_revoked() -> anyhow::Result<()> {
    let Some(judge) = Judge::called("lists")? else {
        return Ok(());
    };
    for list in judge.walk.files("crl", ".crl")? {
        let name = list.trim_start_matches("crl/").trim_end_matches(".crl");
        for authority in judge.walk.files("ca", ".pem")? {
            let mut command = judge.openssl(&["crl", "-inform", "DER", "-noout", "-verify", "-in"]);
            let answer = program::ask(
                command
                    .arg(judge.walk.path(&list))
                    .arg("-CAfile")
                    .arg(judge.walk.path(&authority)),
            )?;
            let own = authority.ends_with(&format!("-{name}.pem"));
            // Of a list whose issuer it does not know, OpenSSL says so and still ends with 0.
            assert_eq!(
                answer.said.contains("verify OK"),
                own,
                "{list} under {authority}: {}",
                answer.said
            );
        }
    }
    let lists = judge.lists("lists")?;
    let mut revoked = 0;
    for certificate in judge.walk.files("certificates", ".pem")? {
        let answer = judge.verify(&certificate, &["-crl_check_all", "-CRLfile", &lists])?;
        if certificate.ends_with("-ocsp-responder.pem") {
            assert!(answer.content, "{certificate}: {}", answer.said);
        } else {
            assert!(
                !answer.content && answer.said.contains("certificate revoked"),
                "{certificate}: {}",
                answer.said
            );
            revoked += 1;
        }
    }
    assert_eq!(revoked, 4);
    Ok(())
}

/// `ocsp/NAME-good` and `NAME-revoked` are of the card's certificate NAME; `NAME-unknown` is asked as of another authority's;
/// `ended-login` is of the login of the one who left.
#[test]
fn ocsp_says_what_it_is_named_for() -> anyhow::Result<()> {
    let Some(judge) = Judge::called("ocsp")? else {
        return Ok(());
    };
    let (number, _) = judge.walk.card()?;
    let certificates = judge.walk.files("certificates", ".pem")?;
    let other = certificates
        .iter()
        .find(|file| file.ends_with("-login.pem") && !file.contains(&number))
        .context("one login")?;
    let issuers = judge.walk.files("ca", ".pem")?;
    let issuer = issuers
        .iter()
        .find(|file| file.contains("person-3"))
        .context("no issuer")?;
    let stranger = issuers
        .iter()
        .find(|file| file.contains("person-2"))
        .context("no other issuer")?;
    for response in judge.walk.files("ocsp", ".resp.der")? {
        let name = response
            .trim_start_matches("ocsp/")
            .trim_end_matches(".resp.der");
        let (certificate, status) = match name
            .rsplit_once('-')
            .context("an answer without a status")?
        {
            ("ended", _) => (other.clone(), "revoked"),
            (kind, status) => (format!("certificates/{number}-{kind}.pem"), status),
        };
        let serial = serial(&judge, &judge.walk.path(&certificate))?;
        let ask = |issuer: &str| {
            let mut command = judge.openssl(&["ocsp", "-respin"]);
            command
                .arg(judge.walk.path(&response))
                .arg("-CAfile")
                .arg(&judge.root)
                .arg("-verify_other")
                .arg(&judge.issuers);
            program::ask(
                command
                    .arg("-issuer")
                    .arg(judge.walk.path(issuer))
                    // By number: of a certificate OpenSSL takes the issuer's name, which is not that of another issuer.
                    .args(["-serial", &format!("0x{serial}")]),
            )
        };
        let (own, strange) = match status {
            "unknown" => (stranger, issuer),
            _ => (issuer, stranger),
        };
        let answer = ask(own)?;
        assert!(
            answer.content && answer.said.contains("Response verify OK"),
            "{name}: {}",
            answer.said
        );
        // The number and its status, on one line or below a warning about its times.
        assert!(
            answer.said.contains(&format!("0x{serial}: {status}")),
            "{name}: {}",
            answer.said
        );
        let answer = ask(strange)?;
        assert!(
            answer.said.contains("ERROR: No Status found"),
            "{name} of another issuer: {}",
            answer.said
        );

        let request = judge.walk.path(&format!("ocsp/{name}.req.der"));
        let asked = program::run(
            judge
                .openssl(&["ocsp", "-req_text", "-reqin"])
                .arg(&request),
        )?;
        let asked = String::from_utf8_lossy(&asked).into_owned();
        assert!(
            asked.contains(&format!("Serial Number: {serial}")),
            "{name} asks for another than {serial}: {asked}"
        );
    }
    Ok(())
}

fn serial(judge: &Judge, certificate: &Path) -> anyhow::Result<String> {
    let said = program::run(
        judge
            .openssl(&["x509", "-noout", "-serial", "-in"])
            .arg(certificate),
    )?;
    Ok(String::from_utf8(said)?
        .trim()
        .trim_start_matches("serial=")
        .to_owned())
}

/// A compact JWS (RFC 7515) that carries its certificates, under the login certificate of the new card: ES256 or RS256.
#[test]
fn the_receipt_was_signed_by_the_card() -> anyhow::Result<()> {
    for walk in Walk::all()? {
        let Some(judge) = Judge::of(walk, "receipt")? else {
            return Ok(());
        };
        receipt(&judge)?;
    }
    Ok(())
}

fn receipt(judge: &Judge) -> anyhow::Result<()> {
    let (number, _) = judge.walk.card()?;
    let receipt = judge.walk.text(&format!("receipts/{number}.jws"))?;
    let (input, signature) = receipt.trim().rsplit_once('.').context("no signature")?;
    let (header, payload) = input.split_once('.').context("no payload")?;
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header)?)?;
    let algorithm = if judge.walk.rsa { "RS256" } else { "ES256" };
    assert_eq!(header.get("alg").and_then(Value::as_str), Some(algorithm));
    assert_eq!(
        URL_SAFE_NO_PAD.decode(payload)?,
        judge.walk.read(&format!("receipts/{number}.json"))?
    );

    let signer = header
        .pointer("/x5c/0")
        .and_then(Value::as_str)
        .context("no certificate")?;
    let login = judge.walk.path(&format!("certificates/{number}-login.pem"));
    assert_eq!(
        STANDARD.decode(signer)?,
        der_of(&login)?,
        "signed by another certificate than the card's login"
    );
    let key = program::run(
        judge
            .openssl(&["x509", "-noout", "-pubkey", "-in"])
            .arg(&login),
    )?;

    let mut signature = URL_SAFE_NO_PAD.decode(signature)?;
    if !judge.walk.rsa {
        signature = ecdsa_der(&signature)?;
    }
    assert!(judge.signed("receipt", &key, input.as_bytes(), &signature)?);
    let changed = input.replacen('e', "f", 1);
    assert!(
        !judge.signed("receipt", &key, changed.as_bytes(), &signature)?,
        "a changed receipt verifies"
    );
    Ok(())
}

/// The two numbers of a JOSE signature (RFC 7518 3.4) as the SEQUENCE that OpenSSL reads.
fn ecdsa_der(raw: &[u8]) -> anyhow::Result<Vec<u8>> {
    ensure!(
        raw.len() == 64,
        "{} octets are no ES256 signature",
        raw.len()
    );
    let mut numbers = Vec::new();
    for half in raw.chunks(32) {
        let mut digits: Vec<u8> = half
            .iter()
            .copied()
            .skip_while(|octet| *octet == 0)
            .collect();
        if digits.first().is_none_or(|octet| *octet >= 0x80) {
            digits.insert(0, 0);
        }
        numbers.extend([0x02, u8::try_from(digits.len())?]);
        numbers.extend(digits);
    }
    Ok([&[0x30, u8::try_from(numbers.len())?], numbers.as_slice()].concat())
}
