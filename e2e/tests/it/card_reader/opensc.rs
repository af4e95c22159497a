//! OpenSC on a card that our system made: what it sees, signs and decrypts. OpenSSL judges.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use super::{CardReader, Reader};
use crate::program::{self, Answer};
use crate::walk::Walk;

/// OpenSC's names for the keys in 9A, 9C and 9D.
const LOGIN: &str = "01";
const SIGNATURE: &str = "02";
const ENCRYPTION: &str = "03";

impl Reader {
    /// `pkcs11-tool` over OpenSC's module.
    pub(super) fn pkcs11(&self, arguments: &[&str]) -> anyhow::Result<Answer> {
        let mut command = self.tool("pkcs11-tool");
        command.arg("--module").arg(&self.module);
        program::ask(command.args(arguments))
    }

    pub(super) fn write(&self, name: &str, content: &[u8]) -> anyhow::Result<String> {
        let path = self.folder().join(name);
        fs::write(&path, content)?;
        text(path)
    }
}

impl CardReader {
    /// The public key in one of the certificates that the walk left, as a file.
    fn public_key(&self, openssl: &Path, kind: &str) -> anyhow::Result<String> {
        let mut command = self.tool(openssl.to_str().context("a path is not text")?);
        command.args(["x509", "-noout", "-pubkey", "-in"]);
        let key = program::run(command.arg(self.certificate(kind)))?;
        self.write(&format!("{kind}.pub"), &key)
    }
}

pub(super) fn text(path: PathBuf) -> anyhow::Result<String> {
    path.into_os_string()
        .into_string()
        .ok()
        .context("a path is not text")
}

#[test]
fn opensc_knows_everything_on_the_card() -> anyhow::Result<()> {
    for walk in [Walk::taken()?, Walk::taken_with_rsa()?] {
        let Some(reader) = CardReader::with_card_of(walk)? else {
            return Ok(());
        };
        let said = program::ask(reader.tool("pkcs15-tool").arg("--dump"))?.said;
        let kind = if walk.rsa { "RSA" } else { "EC" };
        for what in ["PIV AUTH key", "SIGN key", "KEY MAN key"] {
            ensure!(
                said.contains(&format!("Private {kind} Key [{what}]")),
                "no {what}: {said}"
            );
        }
        for what in [
            "X.509 Certificate [Certificate for PIV Authentication]",
            "X.509 Certificate [Certificate for Digital Signature]",
            "X.509 Certificate [Certificate for Key Management]",
            "PIN [PIN]",
        ] {
            ensure!(said.contains(what), "no {what}: {said}");
        }
    }
    Ok(())
}

/// Every mechanism that OpenSC offers for the card. The card's challenges are made under an AES key, and OpenSC asks for them as if
/// under 3DES (SP 800-78-4, table 6-2), so it has no random numbers of the card's; that alone it may complain of.
#[test]
fn opensc_tests_the_card_and_is_content() -> anyhow::Result<()> {
    let Some(reader) = CardReader::with_card_of(Walk::taken_with_rsa()?)? else {
        return Ok(());
    };
    let answer = reader.pkcs11(&["--test", "--login", "--pin", &reader.code])?;
    let complaints: Vec<&str> = answer
        .said
        .lines()
        .filter(|line| line.contains("ERR") || line.contains("errors") || line.contains("FAIL"))
        .filter(|line| !line.contains("C_GenerateRandom failed: CKR_FUNCTION_NOT_SUPPORTED"))
        .collect();
    ensure!(
        complaints.is_empty() || complaints == ["1 errors"],
        "{}",
        answer.said
    );
    for what in ["SHA256-RSA-PKCS: OK", "RSA-PKCS-OAEP: "] {
        ensure!(answer.said.contains(what), "no {what}: {}", answer.said);
    }
    Ok(())
}

#[test]
fn the_card_signs_for_opensc() -> anyhow::Result<()> {
    let Some(openssl) = program::foreign("SIGILL_TEST_OPENSSL")? else {
        return Ok(());
    };
    for walk in [Walk::taken()?, Walk::taken_with_rsa()?] {
        let Some(reader) = CardReader::with_card_of(walk)? else {
            return Ok(());
        };
        let mechanism = if walk.rsa {
            "SHA256-RSA-PKCS"
        } else {
            "ECDSA-SHA256"
        };
        let message = reader.write("message", b"Said by the card.")?;
        let other = reader.write("other", b"Not said by the card.")?;
        for (key, kind) in [(LOGIN, "login"), (SIGNATURE, "signature")] {
            let public = reader.public_key(&openssl, kind)?;
            let signature = text(reader.folder().join(format!("{kind}.sig")))?;
            let sign = |code: &str| {
                let mut arguments = vec!["--sign", "--mechanism", mechanism, "--id", key];
                arguments.extend(["--login", "--pin", code]);
                arguments.extend(["--input-file", &message, "--output-file", &signature]);
                if !walk.rsa {
                    arguments.extend(["--signature-format", "openssl"]);
                }
                reader.pkcs11(&arguments)
            };
            let wrong = sign("000000")?;
            ensure!(
                !wrong.content && wrong.said.contains("CKR_PIN_INCORRECT"),
                "a wrong code: {}",
                wrong.said
            );
            let right = sign(&reader.code)?;
            ensure!(right.content, "{kind}: {}", right.said);
            for (message, good) in [(&message, true), (&other, false)] {
                let mut command = reader.tool(openssl.to_str().context("a path is not text")?);
                command.args(["dgst", "-sha256", "-verify", &public]);
                let answer = program::ask(command.args(["-signature", &signature, message]))?;
                ensure!(answer.content == good, "{kind}, {message}: {}", answer.said);
            }
        }
    }
    Ok(())
}

#[test]
fn the_card_decrypts_for_opensc() -> anyhow::Result<()> {
    let Some(openssl) = program::foreign("SIGILL_TEST_OPENSSL")? else {
        return Ok(());
    };
    let Some(reader) = CardReader::with_card_of(Walk::taken_with_rsa()?)? else {
        return Ok(());
    };
    let secret = b"For the holder alone.";
    let message = reader.write("secret", secret)?;
    let public = reader.public_key(&openssl, "encryption")?;
    let sealed = text(reader.folder().join("sealed"))?;
    let mut command = reader.tool(openssl.to_str().context("a path is not text")?);
    command.args(["pkeyutl", "-encrypt", "-pubin", "-inkey", &public]);
    program::run(command.args(["-in", &message, "-out", &sealed]))?;
    let opened = text(reader.folder().join("opened"))?;
    for (key, good) in [(LOGIN, false), (ENCRYPTION, true)] {
        let mut arguments = vec!["--decrypt", "--mechanism", "RSA-PKCS", "--id", key];
        arguments.extend(["--login", "--pin", &reader.code]);
        arguments.extend(["--input-file", &sealed, "--output-file", &opened]);
        let answer = reader.pkcs11(&arguments)?;
        let found = fs::read(&opened).unwrap_or_default();
        ensure!((found == secret) == good, "key {key}: {}", answer.said);
    }
    Ok(())
}
