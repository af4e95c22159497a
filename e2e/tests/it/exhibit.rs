//! What the judges are shown: certificates, revocation lists and OCSP answers, each with what is true of it; and the same things
//! spoilt, which every judge must refuse.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Root,
    Issuing,
    Login,
    Signature,
    Encryption,
    /// A root vouched for by another.
    Link,
    /// What documents a mobile eID.
    Mobile,
    Server,
    Client,
    TokenSigner,
    DomainController,
    Responder,
}

impl Kind {
    pub fn is_authority(self) -> bool {
        matches!(self, Self::Root | Self::Issuing | Self::Link)
    }

    pub fn is_personal(self) -> bool {
        matches!(
            self,
            Self::Login | Self::Signature | Self::Encryption | Self::Mobile
        )
    }
}

/// A certificate in PEM.
#[derive(Clone)]
pub struct Certificate {
    pub file: PathBuf,
    pub kind: Kind,
    /// The certificate of who issued it; a root's own.
    pub issuer: PathBuf,
    /// Whether its key is on an elliptic curve.
    pub elliptic: bool,
}

/// A revocation list in DER.
#[derive(Clone)]
pub struct List {
    pub file: PathBuf,
    pub issuer: PathBuf,
    /// Those of the exhibit's certificates that it revokes; the issuer's others are good.
    pub revoked: Vec<PathBuf>,
    /// It speaks of a part of the issuer's certificates (a critical issuingDistributionPoint, RFC 5280 5.2.5).
    pub partial: bool,
}

/// A saved OCSP answer in DER.
#[derive(Clone)]
pub struct OcspAnswer {
    pub file: PathBuf,
    /// The request it answers.
    pub request: PathBuf,
    pub certificate: PathBuf,
    /// Whose certificate it was asked to be.
    pub issuer: PathBuf,
    pub status: &'static str,
}

/// Everything of one house.
pub struct Exhibit {
    /// Where the judges put what they make.
    pub workplace: PathBuf,
    pub root: PathBuf,
    pub certificates: Vec<Certificate>,
    pub lists: Vec<List>,
    pub answers: Vec<OcspAnswer>,
}

/// What a judge says of one thing.
pub struct Verdict {
    pub file: PathBuf,
    /// It is all that the exhibit says it is.
    pub accepted: bool,
    /// What the judge said, and what was expected.
    pub said: String,
}

/// Whether the verdicts are yes for the things that should be accepted and no for the others; else those that are not.
pub fn check(verdicts: &[Verdict], good: impl Fn(&Verdict) -> bool) -> anyhow::Result<()> {
    ensure!(!verdicts.is_empty(), "nothing was judged");
    let odd: Vec<String> = verdicts
        .iter()
        .filter(|verdict| verdict.accepted != good(verdict))
        .map(|verdict| {
            let word = if verdict.accepted {
                "accepted"
            } else {
                "refused"
            };
            format!("{} was {word}: {}", verdict.file.display(), verdict.said)
        })
        .collect();
    ensure!(
        odd.is_empty(),
        "{} of {} verdicts are not what they should be:\n{}",
        odd.len(),
        verdicts.len(),
        odd.join("\n")
    );
    Ok(())
}

impl Exhibit {
    /// Those that an issuer issued, but for itself.
    pub fn issued_by<'a>(&'a self, issuer: &'a Path) -> impl Iterator<Item = &'a Certificate> {
        self.certificates
            .iter()
            .filter(move |certificate| certificate.issuer == issuer && certificate.file != issuer)
    }

    /// A folder of a judge's own.
    pub fn bench(&self, judge: &str) -> anyhow::Result<PathBuf> {
        let folder = self.workplace.join(judge);
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        Ok(folder)
    }

    /// The certificates alone, each with a wrong signature. The root stays out: who trusts it does not ask for its signature.
    pub fn forged_certificates(&self) -> anyhow::Result<Self> {
        let forged = self.changed("forged-certificates", turn_last_bit, keep, keep)?;
        Ok(Self {
            lists: Vec::new(),
            answers: Vec::new(),
            ..forged
        })
    }

    /// The lists and answers with wrong signatures, about the same good certificates.
    pub fn forged_statements(&self) -> anyhow::Result<Self> {
        let forged = self.changed("forged-statements", keep, turn_last_bit, |der| {
            // The first GeneralizedTime is producedAt, which is signed (RFC 6960 4.2.1).
            let at = find(der, &[0x18, 0x0f]).context("no time in an answer")? + 15;
            *der.get_mut(at).context("cut short")? ^= 0x01;
            Ok(())
        })?;
        Ok(Self {
            certificates: self.certificates.clone(),
            ..forged
        })
    }

    /// The same against its profile: certificates without a subject key identifier, lists without a number, answers of a type that
    /// is not the basic one.
    pub fn malformed(&self) -> anyhow::Result<Self> {
        self.changed(
            "malformed",
            |der| replace(der, &[0x06, 0x03, 0x55, 0x1d, 0x0e], 0x63),
            |der| replace(der, &[0x06, 0x03, 0x55, 0x1d, 0x14], 0x63),
            |der| {
                let basic = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01];
                replace(der, &basic, 0x63)
            },
        )
    }

    /// The same, but for the root, judged by another house's root and issuer, of the same names and other keys.
    pub fn under(&self, other: &Self) -> anyhow::Result<Self> {
        let issuing = other
            .certificates
            .iter()
            .find(|certificate| certificate.kind == Kind::Issuing)
            .context("no issuing authority")?;
        let instead = |issuer: &PathBuf| {
            if *issuer == self.root {
                other.root.clone()
            } else {
                issuing.file.clone()
            }
        };
        Ok(Self {
            workplace: self.workplace.join("under-others"),
            root: other.root.clone(),
            certificates: self
                .certificates
                .iter()
                .filter(|certificate| certificate.kind != Kind::Root)
                .map(|certificate| Certificate {
                    issuer: instead(&certificate.issuer),
                    ..certificate.clone()
                })
                .collect(),
            lists: self
                .lists
                .iter()
                .map(|list| List {
                    issuer: instead(&list.issuer),
                    ..list.clone()
                })
                .collect(),
            answers: self
                .answers
                .iter()
                .map(|answer| OcspAnswer {
                    issuer: instead(&answer.issuer),
                    ..answer.clone()
                })
                .collect(),
        })
    }

    /// Everything but the root changed, in a folder of its own.
    fn changed(
        &self,
        name: &str,
        certificate: impl Fn(&mut [u8]) -> anyhow::Result<()>,
        list: impl Fn(&mut [u8]) -> anyhow::Result<()>,
        answer: impl Fn(&mut [u8]) -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        let folder = self.workplace.join(name);
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let place = |file: &Path| -> anyhow::Result<PathBuf> {
            Ok(folder.join(file.file_name().context("a thing without a name")?))
        };
        let mut changed = Self {
            workplace: folder.clone(),
            root: self.root.clone(),
            certificates: Vec::new(),
            lists: Vec::new(),
            answers: Vec::new(),
        };
        for good in &self.certificates {
            if good.kind == Kind::Root {
                continue;
            }
            let mut der = der_of(&good.file)?;
            certificate(&mut der)?;
            let file = place(&good.file)?;
            fs::write(&file, pem("CERTIFICATE", &der))?;
            changed.certificates.push(Certificate {
                file,
                ..good.clone()
            });
        }
        for good in &self.lists {
            let mut der = der_of(&good.file)?;
            list(&mut der)?;
            let file = place(&good.file)?;
            fs::write(&file, der)?;
            changed.lists.push(List {
                file,
                ..good.clone()
            });
        }
        for good in &self.answers {
            let mut der = der_of(&good.file)?;
            answer(&mut der)?;
            let file = place(&good.file)?;
            fs::write(&file, der)?;
            changed.answers.push(OcspAnswer {
                file,
                ..good.clone()
            });
        }
        Ok(changed)
    }
}

/// The signature is the last element of a certificate and of a list (RFC 5280 4.1.1, 5.1.1).
fn turn_last_bit(der: &mut [u8]) -> anyhow::Result<()> {
    *der.last_mut().context("nothing there")? ^= 0x01;
    Ok(())
}

fn keep(_: &mut [u8]) -> anyhow::Result<()> {
    Ok(())
}

fn find(der: &[u8], pattern: &[u8]) -> Option<usize> {
    der.windows(pattern.len())
        .position(|window| window == pattern)
}

/// The last octet of the only place with these octets.
fn replace(der: &mut [u8], octets: &[u8], last: u8) -> anyhow::Result<()> {
    let at = find(der, octets).context("the octets are not there")? + octets.len();
    ensure!(
        find(der.get(at..).unwrap_or_default(), octets).is_none(),
        "the octets are there twice"
    );
    *der.get_mut(at - 1).context("cut short")? = last;
    Ok(())
}

/// A file's DER, in PEM or as it is.
pub fn der_of(file: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    if !bytes.starts_with(b"-----BEGIN ") {
        return Ok(bytes);
    }
    let text = String::from_utf8(bytes)?;
    let lines: String = text
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    Ok(STANDARD.decode(lines)?)
}

/// PEM (RFC 7468).
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut lines = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        lines.push_str(line);
        lines.push('\n');
        rest = more;
    }
    lines.push_str(&format!("-----END {label}-----\n"));
    lines
}
