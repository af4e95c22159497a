//! OpenSSL: `verify -x509_strict` for each purpose, `verify -explicit_policy`, `crl`, `verify -crl_check`, `ocsp`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::ensure;

use crate::exhibit::{Certificate, Exhibit, Kind, List, OcspAnswer, Verdict, der_of, pem};
use crate::program::{self, Answer};

/// The purposes that OpenSSL tells apart. It takes `ocsphelper` and `any` of every certificate.
const PURPOSES: [&str; 7] = [
    "sslclient",
    "sslserver",
    "nssslserver",
    "smimesign",
    "smimeencrypt",
    "crlsign",
    "timestampsign",
];
/// A policy of nobody's.
const FOREIGN_POLICY: &str = "1.3.6.1.4.1.99999.1";

/// What a certificate is for, and nothing else.
fn purposes(certificate: &Certificate) -> &'static [&'static str] {
    match certificate.kind {
        Kind::Root | Kind::Issuing | Kind::Link => &["crlsign"],
        Kind::Login | Kind::Mobile | Kind::Client => &["sslclient"],
        Kind::Server | Kind::DomainController if certificate.elliptic => {
            &["sslclient", "sslserver"]
        }
        // The old Netscape server had no other key exchange than enciphering.
        Kind::Server | Kind::DomainController => &["sslclient", "sslserver", "nssslserver"],
        // No purpose named and a key that signs: OpenSSL takes it for whatever needs no more.
        Kind::TokenSigner => &["sslclient", "sslserver", "smimesign"],
        Kind::Signature => &["smimesign"],
        // OpenSSL asks for keyEncipherment, which a key for ECDH must not have (RFC 8813 3).
        Kind::Encryption if certificate.elliptic => &[],
        Kind::Encryption => &["smimeencrypt"],
        Kind::Responder => &[],
    }
}

/// Everything, or nothing when the program is missing.
pub fn judge(exhibit: &Exhibit) -> anyhow::Result<Option<Vec<Verdict>>> {
    let Some(program) = program::foreign("SIGILL_TEST_OPENSSL")? else {
        return Ok(None);
    };
    let judge = Judge {
        program,
        exhibit,
        bench: exhibit.bench("openssl")?,
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
    program: PathBuf,
    exhibit: &'a Exhibit,
    bench: PathBuf,
}

impl Judge<'_> {
    fn openssl(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments);
        command
    }

    fn verify(&self, certificate: &Certificate, more: &[&str]) -> anyhow::Result<Answer> {
        let mut command = self.openssl(&["verify", "-x509_strict", "-CAfile"]);
        command.arg(&self.exhibit.root);
        if certificate.issuer != self.exhibit.root {
            command.arg("-untrusted").arg(&certificate.issuer);
        }
        program::ask(command.args(more).arg(&certificate.file))
    }

    fn certificate(&self, certificate: &Certificate) -> anyhow::Result<Verdict> {
        let chain = self.verify(certificate, &["-purpose", "ocsphelper"])?;
        let mut fit = Vec::new();
        for purpose in PURPOSES {
            let answer = self.verify(certificate, &["-purpose", purpose])?;
            ensure!(
                answer.content || !answer.said.trim().is_empty(),
                "no reason against {}",
                certificate.file.display()
            );
            if answer.content {
                fit.push(purpose);
            }
        }
        let expected = purposes(certificate);
        let mut accepted = chain.content && fit == expected;
        let mut said = format!(
            "{}fit for {fit:?}, expected for {expected:?}",
            if chain.content { "" } else { &chain.said }
        );
        if certificate.kind.is_personal() {
            let policies = self.policies(&certificate.file)?;
            for policy in policies.iter().map(String::as_str).chain([FOREIGN_POLICY]) {
                let arguments = ["-explicit_policy", "-policy", policy];
                let answer = self.verify(certificate, &arguments)?;
                if answer.content == (policy == FOREIGN_POLICY) {
                    accepted = false;
                    said.push_str(&format!("\npolicy {policy}: {}", answer.said));
                }
            }
            accepted &= policies.len() == 2;
            said.push_str(&format!(", policies {policies:?}"));
        }
        Ok(Verdict {
            file: certificate.file.clone(),
            accepted,
            said,
        })
    }

    /// The policies a certificate states: how sure the house is of the holder, and by what identity.
    fn policies(&self, certificate: &Path) -> anyhow::Result<Vec<String>> {
        let mut command = self.openssl(&["x509", "-noout", "-ext", "certificatePolicies", "-in"]);
        let said = String::from_utf8(program::run(command.arg(certificate))?)?;
        Ok(said
            .lines()
            .filter_map(|line| Some(line.trim().strip_prefix("Policy: ")?.to_owned()))
            .collect())
    }

    fn list(&self, list: &List) -> anyhow::Result<Verdict> {
        let mut command = self.openssl(&["crl", "-inform", "DER", "-noout", "-verify", "-in"]);
        let answer = program::ask(command.arg(&list.file).arg("-CAfile").arg(&list.issuer))?;
        // Of a list whose issuer it does not know, OpenSSL says so and still ends with 0.
        let mut accepted = answer.content && answer.said.contains("verify OK");
        let mut said = answer.said;
        let name = list.file.file_name().unwrap_or_default();
        let in_pem = self.bench.join(name).with_extension("crl.pem");
        fs::write(&in_pem, pem("X509 CRL", &der_of(&list.file)?))?;
        for certificate in self.exhibit.issued_by(&list.issuer) {
            let in_pem = in_pem.to_string_lossy();
            let answer = self.verify(certificate, &["-crl_check", "-CRLfile", &in_pem])?;
            let revoked = list.revoked.contains(&certificate.file);
            // A responder says of itself that nobody asks about it (RFC 6960 4.2.2.2.1), so it names no list.
            let reason = match certificate.kind {
                Kind::Responder if list.partial => Some("different CRL scope"),
                _ if revoked => Some("certificate revoked"),
                _ => None,
            };
            let as_told = match reason {
                Some(reason) => !answer.content && answer.said.contains(reason),
                None => answer.content,
            };
            if !as_told {
                accepted = false;
                said.push_str(&format!(
                    "\n{}: {}",
                    certificate.file.display(),
                    answer.said
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
        let ask = |more: &[&Path]| {
            let mut command = self.openssl(&["ocsp", "-no_nonce", "-respin"]);
            command
                .arg(&answer.file)
                .arg("-CAfile")
                .arg(&self.exhibit.root)
                .arg("-verify_other")
                .arg(&answer.issuer);
            program::ask(command.args(more))
        };
        let sound = |said: &Answer| {
            said.content
                && said.said.contains("Response verify OK")
                && !said.said.contains("WARNING")
        };
        let asked = ask(&["-reqin".as_ref(), &answer.request])?;
        // By number: of a certificate OpenSSL takes the issuer's name, which is not that of another issuer.
        let mut command = self.openssl(&["x509", "-noout", "-serial", "-in"]);
        let serial = String::from_utf8(program::run(command.arg(&answer.certificate))?)?;
        let serial = serial.trim().replace("serial=", "0x");
        let said = ask(&[
            "-issuer".as_ref(),
            &answer.issuer,
            "-serial".as_ref(),
            serial.as_ref(),
        ])?;
        let status = format!("{serial}: {}", answer.status);
        Ok(Verdict {
            file: answer.file.clone(),
            accepted: sound(&asked) && sound(&said) && said.said.contains(&status),
            said: asked.said + &said.said,
        })
    }
}
