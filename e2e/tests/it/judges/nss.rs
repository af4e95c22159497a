//! NSS, which Firefox, Thunderbird and Chromium's own lists rest on: `certutil -V` for each usage, `vfychain -pp` with each policy,
//! `crlutil -I` and what `certutil -V` says after it. A database of its own for each question: NSS goes by names.

use anyhow::Context as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::exhibit::{Certificate, Exhibit, Kind, List, Verdict};
use crate::program::{self, Answer};

/// SSL client, SSL server, SSL authority, mail signer, mail recipient, OCSP responder, object signer.
const USAGES: [&str; 7] = ["C", "V", "L", "S", "R", "O", "J"];

/// A person's level of assurance 3 under our default arc, and a policy of nobody's.
const OUR_POLICY: &str = "OID.1.3.6.1.4.1.59999.1.1.3";
const FOREIGN_POLICY: &str = "OID.1.3.6.1.4.1.99999.1";

/// What a certificate is for, and nothing else.
fn usages(certificate: &Certificate) -> &'static [&'static str] {
    let elliptic = certificate.elliptic;
    match certificate.kind {
        Kind::Root | Kind::Issuing | Kind::Link => &["L"],
        Kind::Login | Kind::Mobile | Kind::Client => &["C"],
        Kind::Server | Kind::DomainController => &["C", "V"],
        Kind::Signature => &["S"],
        Kind::Encryption => &["R"],
        // No purpose named: NSS takes it for whatever a key that signs may do, and mail to an elliptic key as well.
        Kind::TokenSigner if elliptic => &["C", "V", "S", "R"],
        Kind::TokenSigner => &["C", "S"],
        Kind::Responder => &["O"],
    }
}

/// Certificates and whole lists, or nothing when the programs are missing. NSS reads no lists of a part ([`partial`]), takes a list
/// however old it is, and has no command that judges a saved OCSP answer.
pub fn judge(exhibit: &Exhibit) -> anyhow::Result<Option<Vec<Verdict>>> {
    let Some(judge) = Judge::of(exhibit, "nss")? else {
        return Ok(None);
    };
    let mut verdicts = Vec::new();
    for certificate in &exhibit.certificates {
        verdicts.push(judge.certificate(certificate)?);
    }
    for list in exhibit.lists.iter().filter(|list| !list.partial) {
        verdicts.push(judge.list(list)?);
    }
    Ok(Some(verdicts))
}

/// NSS knows no issuingDistributionPoint. That it refuses a list for it shows that the extension is critical; otherwise NSS would
/// take a part for the whole.
pub fn partial(exhibit: &Exhibit) -> anyhow::Result<Option<Vec<Verdict>>> {
    let Some(judge) = Judge::of(exhibit, "nss-partial")? else {
        return Ok(None);
    };
    let mut verdicts = Vec::new();
    for list in exhibit.lists.iter().filter(|list| list.partial) {
        let answer = judge.store(&list.file, &list.issuer)?.import(list)?;
        let reason = "SEC_ERROR_CRL_UNKNOWN_CRITICAL_EXTENSION";
        verdicts.push(Verdict {
            file: list.file.clone(),
            accepted: answer.content || !answer.said.contains(reason),
            said: answer.said,
        });
    }
    Ok(Some(verdicts))
}

struct Judge<'a> {
    programs: PathBuf,
    exhibit: &'a Exhibit,
    bench: PathBuf,
}

/// A folder with NSS's database: the root trusted, an issuer, and what is judged.
struct Store<'a> {
    judge: &'a Judge<'a>,
    folder: PathBuf,
}

impl<'a> Judge<'a> {
    fn of(exhibit: &'a Exhibit, bench: &str) -> anyhow::Result<Option<Self>> {
        let programs = program::foreign("SIGILL_TEST_NSS")?;
        let bench = exhibit.bench(bench)?;
        Ok(programs.map(|programs| Self {
            programs,
            exhibit,
            bench,
        }))
    }

    /// A store that trusts the root and knows an issuer: a copy, which is made faster than a store.
    fn store(&self, name: &Path, issuer: &Path) -> anyhow::Result<Store<'_>> {
        let of_issuer = |issuer: &Path| {
            let name = issuer.file_name().unwrap_or_default().to_string_lossy();
            self.bench.join(format!("of-{name}"))
        };
        let base = Store {
            judge: self,
            folder: of_issuer(issuer),
        };
        if !base.folder.exists() {
            fs::create_dir_all(&base.folder)?;
            program::run(base.tool("certutil").args(["-N", "--empty-password"]))?;
            // Trusted to vouch for clients, servers and mail.
            base.add("root", "CT,C,C", &self.exhibit.root)?;
            if issuer != self.exhibit.root {
                base.add("issuer", ",,", issuer)?;
            }
        }
        let folder = self.bench.join(name.file_name().unwrap_or_default());
        fs::create_dir_all(&folder)?;
        for file in fs::read_dir(&base.folder)? {
            let file = file?;
            fs::copy(file.path(), folder.join(file.file_name()))?;
        }
        Ok(Store {
            judge: self,
            folder,
        })
    }

    fn certificate(&self, certificate: &Certificate) -> anyhow::Result<Verdict> {
        let store = self.store(&certificate.file, &certificate.issuer)?;
        let name = if certificate.file == self.exhibit.root {
            "root"
        } else {
            store.add("judged", ",,", &certificate.file)?;
            "judged"
        };
        let expected = usages(certificate);
        let mut fit = Vec::new();
        let mut said = String::new();
        for usage in USAGES {
            let answer = store.verify(name, usage)?;
            if answer.content {
                fit.push(usage);
            } else if expected.contains(&usage) {
                said = answer.said;
            }
        }
        let mut accepted = fit == expected;
        if certificate.kind.is_personal() {
            for policy in [OUR_POLICY, FOREIGN_POLICY] {
                let answer = store.verify_policy(certificate, policy)?;
                if answer.content == (policy == FOREIGN_POLICY) {
                    accepted = false;
                    said.push_str(&answer.said);
                }
            }
        }
        Ok(Verdict {
            file: certificate.file.clone(),
            accepted,
            said: format!("{said}fit for {fit:?}, expected for {expected:?}"),
        })
    }

    fn list(&self, list: &List) -> anyhow::Result<Verdict> {
        let store = self.store(&list.file, &list.issuer)?;
        let answer = store.import(list)?;
        let mut accepted = answer.content;
        let mut said = answer.said;
        for (number, certificate) in self.exhibit.issued_by(&list.issuer).enumerate() {
            let name = format!("judged-{number}");
            store.add(&name, ",,", &certificate.file)?;
            let usage = usages(certificate)
                .first()
                .context("a certificate for nothing")?;
            let answer = store.verify(&name, usage)?;
            let revoked = list.revoked.contains(&certificate.file);
            if answer.content == revoked || revoked && !answer.said.contains("has been revoked") {
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
}

impl Store<'_> {
    fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.judge.programs.join(name));
        command
            .arg("-d")
            .arg(format!("sql:{}", self.folder.display()));
        command
    }

    fn add(&self, name: &str, trust: &str, certificate: &Path) -> anyhow::Result<()> {
        let mut command = self.tool("certutil");
        command.args(["-A", "-a", "-n", name, "-t", trust, "-i"]);
        program::run(command.arg(certificate)).map(|_| ())
    }

    /// With `-e`, the signatures too.
    fn verify(&self, name: &str, usage: &str) -> anyhow::Result<Answer> {
        program::ask(
            self.tool("certutil")
                .args(["-V", "-e", "-n", name, "-u", usage]),
        )
    }

    /// NSS's newer library, which minds policies (RFC 5280 6.1) and has numbers for usages.
    fn verify_policy(&self, certificate: &Certificate, policy: &str) -> anyhow::Result<Answer> {
        let usage = match certificate.kind {
            Kind::Signature => "4",
            Kind::Encryption => "5",
            _ => "0",
        };
        let mut command = self.tool("vfychain");
        command.args(["-pp", "-u", usage, "-o", policy, "-a"]);
        program::ask(command.arg(&certificate.file))
    }

    fn import(&self, list: &List) -> anyhow::Result<Answer> {
        program::ask(
            self.tool("crlutil")
                .args(["-I", "-t", "1", "-i"])
                .arg(&list.file),
        )
    }
}
