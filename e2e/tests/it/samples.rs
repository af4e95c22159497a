//! Every kind of certificate, list and answer under every algorithm, from `pki`'s example, before every judge; and the same things
//! forged, malformed, expired and laid before the wrong authority.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail, ensure};

use crate::exhibit::{Certificate, Exhibit, Kind, List, OcspAnswer, Verdict, check};
use crate::judges;
use crate::program;

/// The kinds of keys: the authorities', everybody else's. Each by itself, and two houses that mix them as migrations do.
const HOUSES: [(&str, &str); 7] = [
    ("p256", "p256"),
    ("p384", "p384"),
    ("rsa2048", "rsa2048"),
    ("rsa3072", "rsa3072"),
    ("rsa4096", "rsa4096"),
    ("p384", "rsa2048"),
    ("rsa4096", "p256"),
];

/// Longer ago than a card lasts, and not so long that an authority has ended.
const SIX_YEARS: u64 = 6 * 365 * 86_400;

/// What the example writes for `people`: answers about these, in this order.
const ANSWERS: [(&str, &str); 3] = [
    ("login", "good"),
    ("signature", "revoked"),
    ("encryption", "unknown"),
];

/// Makes a house and says what is in it. A file that has no row here is an error: whoever adds a kind says what it is for.
fn house(name: &str, ago: u64, (authorities, others): (&str, &str)) -> anyhow::Result<Exhibit> {
    let folder = program::scratch("samples")?.join(name);
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() - ago;
    let mut example = Command::new(program::issue_samples()?);
    example.arg(&folder).arg(now.to_string());
    program::run(example.args([authorities, others]))?;

    let at = |file: &str| folder.join(file);
    let mut exhibit = Exhibit {
        workplace: folder.join("judges"),
        root: at("root.pem"),
        certificates: Vec::new(),
        lists: Vec::new(),
        answers: Vec::new(),
    };
    for entry in std::fs::read_dir(&folder)? {
        let file = entry?.path();
        let name = file
            .file_name()
            .and_then(|name| name.to_str())
            .context("a file name is not text")?;
        let certificate = |kind, issuer, keys: &str| Certificate {
            file: file.clone(),
            kind,
            issuer: at(issuer),
            elliptic: keys.starts_with('p'),
        };
        let list = |issuer, revoked: &[&str], partial| List {
            file: file.clone(),
            issuer: at(issuer),
            revoked: revoked.iter().map(|file| at(file)).collect(),
            partial,
        };
        let revoked = ["signature.pem", "encryption.pem"];
        let certificates = &mut exhibit.certificates;
        match name {
            "root.pem" => certificates.push(certificate(Kind::Root, "root.pem", authorities)),
            "people.pem" => certificates.push(certificate(Kind::Issuing, "root.pem", authorities)),
            "login.pem" => certificates.push(certificate(Kind::Login, "people.pem", others)),
            "signature.pem" => {
                certificates.push(certificate(Kind::Signature, "people.pem", others))
            }
            "encryption.pem" => {
                certificates.push(certificate(Kind::Encryption, "people.pem", others));
            }
            "link.pem" => certificates.push(certificate(Kind::Link, "root.pem", authorities)),
            "mobile.pem" => certificates.push(certificate(Kind::Mobile, "people.pem", others)),
            "server.pem" => certificates.push(certificate(Kind::Server, "people.pem", others)),
            "client.pem" => certificates.push(certificate(Kind::Client, "people.pem", others)),
            "token-signer.pem" => {
                certificates.push(certificate(Kind::TokenSigner, "people.pem", others));
            }
            "domain-controller.pem" => {
                certificates.push(certificate(Kind::DomainController, "people.pem", others));
            }
            "responder.pem" => {
                certificates.push(certificate(Kind::Responder, "people.pem", others));
            }
            "root.crl" => exhibit.lists.push(list("root.pem", &[], false)),
            "people.crl" => exhibit.lists.push(list("people.pem", &revoked, false)),
            "shard.crl" => exhibit.lists.push(list("people.pem", &revoked, true)),
            _ if name.ends_with(".resp.der") => {
                let number: usize = name
                    .trim_start_matches("ocsp")
                    .trim_end_matches(".resp.der")
                    .parse()?;
                let (subject, status) = ANSWERS.get(number).context("an answer too many")?;
                exhibit.answers.push(OcspAnswer {
                    file: file.clone(),
                    request: at(&format!("ocsp{number}.req.der")),
                    certificate: at(&format!("{subject}.pem")),
                    issuer: at("people.pem"),
                    status,
                });
            }
            _ if name.ends_with(".req.der") => {}
            _ if file.is_dir() => {}
            _ => bail!("nobody has said what {name} is"),
        }
    }
    ensure!(
        exhibit.certificates.len() == 12 && exhibit.lists.len() == 3 && exhibit.answers.len() == 3,
        "the example left something out"
    );
    Ok(exhibit)
}

/// Every house, made once.
fn houses() -> anyhow::Result<&'static [Exhibit]> {
    static MADE: OnceLock<Result<Vec<Exhibit>, String>> = OnceLock::new();
    let make = || {
        HOUSES
            .iter()
            .map(|keys| house(&format!("{}-{}", keys.0, keys.1), 0, *keys))
            .collect::<anyhow::Result<Vec<_>>>()
    };
    match MADE.get_or_init(|| make().map_err(|error| format!("{error:#}"))) {
        Ok(houses) => Ok(houses),
        Err(error) => bail!("{error}"),
    }
}

type Judge = fn(&Exhibit) -> anyhow::Result<Option<Vec<Verdict>>>;

/// What one judge must say of every house and of everything that is wrong.
fn heard(name: &str, judge: Judge) -> anyhow::Result<()> {
    for house in houses()? {
        let Some(verdicts) = judge(house)? else {
            return Ok(());
        };
        check(&verdicts, |_| true)?;

        let forged = house.forged_certificates()?;
        check(&judge(&forged)?.context("the judge left")?, |_| false)
            .context("forged certificates")?;

        let forged = house.forged_statements()?;
        let place = forged.workplace.clone();
        check(&judge(&forged)?.context("the judge left")?, |verdict| {
            !verdict.file.starts_with(&place)
        })
        .context("forged lists and answers")?;
    }

    let [keys, ..] = HOUSES;
    let namesake = house(&format!("namesake-{name}"), 0, keys)?;
    let first = houses()?.first().context("no house")?;
    let verdicts = judge(&first.under(&namesake)?)?.context("the judge left")?;
    check(&verdicts, |_| false).context("before authorities of the same name")?;

    let old = house(&format!("old-{name}"), SIX_YEARS, keys)?;
    let mut good: Vec<PathBuf> = old
        .certificates
        .iter()
        .filter(|certificate| certificate.kind.is_authority())
        .map(|certificate| certificate.file.clone())
        .collect();
    if name == "nss" {
        let lists = old.lists.iter().filter(|list| list.issuer == old.root);
        good.extend(lists.map(|list| list.file.clone()));
    }
    let verdicts = judge(&old)?.context("the judge left")?;
    check(&verdicts, |verdict| good.contains(&verdict.file)).context("expired")
}

#[test]
fn openssl_takes_what_is_good_and_nothing_else() -> anyhow::Result<()> {
    heard("openssl", judges::openssl::judge)
}

#[test]
fn gnutls_takes_what_is_good_and_nothing_else() -> anyhow::Result<()> {
    heard("gnutls", judges::gnutls::judge)
}

#[test]
fn nss_takes_what_is_good_and_nothing_else() -> anyhow::Result<()> {
    heard("nss", judges::nss::judge)
}

#[test]
fn nss_takes_no_part_for_the_whole() -> anyhow::Result<()> {
    for house in houses()? {
        if let Some(verdicts) = judges::nss::partial(house)? {
            check(&verdicts, |_| false)?;
        }
    }
    Ok(())
}

/// pkilint knows profiles, not signatures: what is malformed it must find, everywhere.
#[test]
fn pkilint_finds_what_is_malformed_and_nothing_else() -> anyhow::Result<()> {
    let houses: Vec<&Exhibit> = houses()?.iter().collect();
    let Some(verdicts) = judges::pkilint::judge(&houses)? else {
        return Ok(());
    };
    check(&verdicts, |_| true)?;
    let malformed = houses
        .iter()
        .map(|house| house.malformed())
        .collect::<anyhow::Result<Vec<_>>>()?;
    let malformed: Vec<&Exhibit> = malformed.iter().collect();
    let verdicts = judges::pkilint::judge(&malformed)?.context("the judge left")?;
    check(&verdicts, |_| false).context("malformed")
}
