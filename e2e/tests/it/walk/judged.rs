//! Every certificate, list and OCSP answer that the walk leaves, before every judge.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use super::Walk;
use crate::exhibit::{Certificate, Exhibit, Kind, List, OcspAnswer, Verdict, check};
use crate::judges;

fn exhibit(walk: &Walk, judge: &str) -> anyhow::Result<Exhibit> {
    let authorities = walk.files("ca", ".pem")?;
    let authority = |name: &str| -> anyhow::Result<PathBuf> {
        let file = authorities
            .iter()
            .find(|file| file.ends_with(&format!("-{name}.pem")))
            .with_context(|| format!("no authority {name}"))?;
        Ok(walk.path(file))
    };
    let root = authority("root-ca-v1")?;
    let people = authority("person-3-ca-v1")?;
    let mut certificates = Vec::new();
    for file in &authorities {
        let file = walk.path(file);
        let kind = if file == root {
            Kind::Root
        } else {
            Kind::Issuing
        };
        certificates.push((file, kind, root.clone()));
    }
    for file in walk.files("certificates", ".pem")? {
        let name = file
            .trim_start_matches("certificates/")
            .trim_end_matches(".pem");
        let (kind, issuer) = match name.split_once('-').context("a name without a kind")? {
            (_, "login") => (Kind::Login, people.clone()),
            (_, "signature") => (Kind::Signature, people.clone()),
            (_, "encryption") => (Kind::Encryption, people.clone()),
            _ => match name.strip_suffix("-ocsp-responder") {
                Some(name) => (Kind::Responder, authority(name)?),
                None => bail!("nobody has said what {file} is"),
            },
        };
        certificates.push((walk.path(&file), kind, issuer));
    }
    let certificates: Vec<Certificate> = certificates
        .into_iter()
        .map(|(file, kind, issuer)| Certificate {
            file,
            kind,
            issuer,
            // The authorities' keys always are.
            elliptic: !(kind.is_personal() && walk.rsa),
        })
        .collect();

    let mut lists = Vec::new();
    for file in walk.files("crl", ".crl")? {
        let issuer = authority(file.trim_start_matches("crl/").trim_end_matches(".crl"))?;
        lists.push(List {
            file: walk.path(&file),
            // At the end of the walk every person's certificate is revoked, and no responder's.
            revoked: certificates
                .iter()
                .filter(|certificate| {
                    certificate.issuer == issuer && certificate.kind.is_personal()
                })
                .map(|certificate| certificate.file.clone())
                .collect(),
            issuer,
            partial: false,
        });
    }

    let (number, _) = walk.card()?;
    let mut answers = Vec::new();
    for file in walk.files("ocsp", ".resp.der")? {
        let name = file
            .trim_start_matches("ocsp/")
            .trim_end_matches(".resp.der");
        let of_card = |kind: &str| walk.path(&format!("certificates/{number}-{kind}.pem"));
        let (certificate, issuer, status) = match name.rsplit_once('-') {
            Some((kind, "good")) => (of_card(kind), people.clone(), "good"),
            Some((kind, "revoked")) => (of_card(kind), people.clone(), "revoked"),
            // Asked as if another authority had issued it.
            Some((kind, "unknown")) => (of_card(kind), authority("person-2-ca-v1")?, "unknown"),
            // Of the one who left.
            Some(("ended", "login")) => {
                let other = certificates
                    .iter()
                    .map(|certificate| &certificate.file)
                    .find(|file| {
                        **file != of_card("login") && file.to_string_lossy().ends_with("-login.pem")
                    })
                    .context("no other login")?;
                (other.clone(), people.clone(), "revoked")
            }
            _ => bail!("nobody has said what {file} is"),
        };
        answers.push(OcspAnswer {
            file: walk.path(&file),
            request: walk.path(&format!("ocsp/{name}.req.der")),
            certificate,
            issuer,
            status,
        });
    }
    Ok(Exhibit {
        workplace: walk.path(&format!("judge/{judge}")),
        root,
        certificates,
        lists,
        answers,
    })
}

type Judge = fn(&Exhibit) -> anyhow::Result<Option<Vec<Verdict>>>;

fn accepts_everything(name: &str, judge: Judge) -> anyhow::Result<()> {
    for walk in Walk::all()? {
        if let Some(verdicts) = judge(&exhibit(walk, name)?)? {
            check(&verdicts, |_| true)?;
        }
    }
    Ok(())
}

#[test]
fn openssl_accepts_everything() -> anyhow::Result<()> {
    accepts_everything("openssl", judges::openssl::judge)
}

#[test]
fn gnutls_accepts_everything() -> anyhow::Result<()> {
    accepts_everything("gnutls", judges::gnutls::judge)
}

#[test]
fn nss_accepts_everything() -> anyhow::Result<()> {
    accepts_everything("nss", judges::nss::judge)
}

#[test]
fn pkilint_finds_nothing() -> anyhow::Result<()> {
    accepts_everything("pkilint", |exhibit| judges::pkilint::judge(&[exhibit]))
}
