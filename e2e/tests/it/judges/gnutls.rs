//! GnuTLS: `certtool --verify` for each purpose, `--verify-crl`, `--verify --load-crl`, `ocsptool --verify-response`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::exhibit::{Certificate, Exhibit, Kind, List, OcspAnswer, Verdict, der_of, pem};
use crate::program::{self, Answer};

/// serverAuth, clientAuth, emailProtection, OCSPSigning (RFC 5280 4.2.1.12), PKINIT (RFC 4556 3.2.2), Microsoft's card logon.
const PURPOSES: [&str; 6] = [
    "1.3.6.1.5.5.7.3.1",
    "1.3.6.1.5.5.7.3.2",
    "1.3.6.1.5.5.7.3.4",
    "1.3.6.1.5.5.7.3.9",
    "1.3.6.1.5.2.3.4",
    "1.3.6.1.4.1.311.20.2.2",
];

/// What a certificate is for. One that names no purpose is good for all (RFC 5280 4.2.1.12); its key usage is not asked here.
fn purposes(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Root | Kind::Issuing | Kind::Link | Kind::Signature | Kind::TokenSigner => &PURPOSES,
        Kind::Login => &[
            "1.3.6.1.5.5.7.3.2",
            "1.3.6.1.5.2.3.4",
            "1.3.6.1.4.1.311.20.2.2",
        ],
        Kind::Mobile | Kind::Client => &["1.3.6.1.5.5.7.3.2"],
        Kind::Server | Kind::DomainController => &["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
        Kind::Encryption => &["1.3.6.1.5.5.7.3.4"],
        Kind::Responder => &["1.3.6.1.5.5.7.3.9"],
    }
}

/// Everything, or nothing when the programs are missing.
pub fn judge(exhibit: &Exhibit) -> anyhow::Result<Option<Vec<Verdict>>> {
    let Some(programs) = program::foreign("SIGILL_TEST_GNUTLS")? else {
        return Ok(None);
    };
    let judge = Judge {
        programs,
        exhibit,
        bench: exhibit.bench("gnutls")?,
    };
    let mut verdicts = Vec::new();
    for certificate in &exhibit.certificates {
        verdicts.push(judge.certificate(certificate)?);
    }
    for list in &exhibit.lists {
        verdicts.push(judge.list(list)?);
    }
    for answer in &exhibit.answers {
        verdicts.push(judge.answer(answer)?);
    }
    Ok(Some(verdicts))
}

struct Judge<'a> {
    programs: PathBuf,
    exhibit: &'a Exhibit,
    bench: PathBuf,
}

impl Judge<'_> {
    fn certtool(&self) -> Command {
        Command::new(self.programs.join("certtool"))
    }

    /// `certtool --verify` of a certificate and its issuer up to the root.
    fn verify(&self, certificate: &Certificate, more: &[&str]) -> anyhow::Result<Answer> {
        let mut chain = fs::read(&certificate.file)?;
        if certificate.issuer != self.exhibit.root {
            chain.extend(fs::read(&certificate.issuer)?);
        }
        let chain_at = self.bench.join("chain.pem");
        fs::write(&chain_at, chain)?;
        let mut command = self.certtool();
        // Medium: keys of 112 bits of strength and more, RSA from 2048.
        command
            .args(["--verify", "--verify-profile", "medium"])
            .arg("--load-ca-certificate")
            .arg(&self.exhibit.root)
            .arg("--infile")
            .arg(&chain_at);
        program::ask(command.args(more))
    }

    fn certificate(&self, certificate: &Certificate) -> anyhow::Result<Verdict> {
        let chain = self.verify(certificate, &[])?;
        let mut fit = Vec::new();
        for purpose in PURPOSES {
            if self
                .verify(certificate, &["--verify-purpose", purpose])?
                .content
            {
                fit.push(purpose);
            }
        }
        let expected = purposes(certificate.kind);
        Ok(Verdict {
            file: certificate.file.clone(),
            accepted: chain.content
                && chain
                    .said
                    .contains("Chain verification output: Verified. The certificate is trusted.")
                && fit == expected,
            said: format!("{}fit for {fit:?}, expected for {expected:?}", chain.said),
        })
    }

    fn list(&self, list: &List) -> anyhow::Result<Verdict> {
        let name = list.file.file_name().unwrap_or_default();
        let in_pem = self.bench.join(name).with_extension("crl.pem");
        fs::write(&in_pem, pem("X509 CRL", &der_of(&list.file)?))?;
        let mut command = self.certtool();
        command.arg("--verify-crl").arg("--infile").arg(&in_pem);
        let answer = program::ask(command.arg("--load-ca-certificate").arg(&list.issuer))?;
        let mut accepted = answer.content && answer.said.contains("output: Verified.");
        let mut said = last_line(&answer.said);
        for certificate in self.exhibit.issued_by(&list.issuer) {
            let in_pem = in_pem.to_string_lossy();
            let answer = self.verify(certificate, &["--load-crl", &in_pem])?;
            let revoked = list.revoked.contains(&certificate.file);
            if answer.content == revoked || revoked && !answer.said.contains("is revoked") {
                accepted = false;
                said.push_str(&format!(
                    "\n{}: {}",
                    certificate.file.display(),
                    last_line(&answer.said)
                ));
            }
        }
        Ok(Verdict {
            file: list.file.clone(),
            accepted,
            said,
        })
    }

    fn answer(&self, answer: &OcspAnswer) -> anyhow::Result<Verdict> {
        let said = program::ask(ocsptool(&self.programs, answer).arg("--verify-response"))?;
        let status = format!("Certificate Status: {}", answer.status);
        Ok(Verdict {
            file: answer.file.clone(),
            accepted: said.content
                && said.said.contains("Verifying OCSP Response: Success.")
                && said.said.contains(&status),
            said: said.said,
        })
    }
}

fn ocsptool(programs: &Path, answer: &OcspAnswer) -> Command {
    let mut command = Command::new(programs.join("ocsptool"));
    command
        .arg("--load-response")
        .arg(&answer.file)
        .arg("--load-issuer")
        .arg(&answer.issuer)
        .arg("--load-cert")
        .arg(&answer.certificate)
        // The issuer is trusted here: it goes no further up.
        .arg("--load-trust")
        .arg(&answer.issuer);
    command
}

fn last_line(said: &str) -> String {
    said.trim().lines().next_back().unwrap_or_default().into()
}
