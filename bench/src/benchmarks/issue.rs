//! Issuing in process: a profile filled, linted, signed and made a certificate, beside signatures over as many bytes with the same
//! key. With a certification request, its own signature is checked on both sides.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Context as _;
use pki::certificate::{self, Certificate};
use pki::key::{KeyKind, PublicKey, Signer as _, SoftwareKey};
use pki::lint::{Finding, lint, lint_of};
use pki::name::DistinguishedName;
use pki::profile::{
    Addresses, Arc, CertificateRequest, Details, IdentityType, Issuer, Loa, Profile, standard, tbs,
};
use pki::serial::Serial;

use crate::child::cpu_of;
use crate::figure::Figure;
use crate::turns::{Turn, alternate};
use crate::{Scale, Wanted, explain, print};

/// The figures.
pub const NAMES: &[&str] = &["issue.memory", "issue.request"];

const NOW: i64 = 1_795_000_000;
const DAY: i64 = 86_400;

/// An authority and somebody to certify.
struct Desk {
    signer: SoftwareKey,
    authority: Certificate,
    profile: Profile,
    subject: DistinguishedName,
    subject_key: PublicKey,
    addresses: Addresses,
    /// What a request says, and its signature.
    request: (Vec<u8>, Vec<u8>),
}

/// Measures.
pub fn run(scale: Scale, wanted: &Wanted) -> anyhow::Result<()> {
    let desk = Desk::open()?;
    let body = desk.fill(0)?;
    explain(&format!(
        "issue.memory: a login certificate of {} bytes to be signed, P-256",
        body.len()
    ));
    let count = scale.pick(20_000, 100_000);
    if wanted.has("issue.memory") {
        let (ours, limit) = alternate(
            scale.turns(),
            || turn(count, |number| desk.issue(&desk.subject_key, number)),
            || turn(count, |_| Ok(desk.signer.sign(black_box(&body))?)),
        )?;
        print(&Figure::rate(
            "issue.memory",
            &ours,
            &limit,
            "certificates/CPU s",
        ));
    }
    if wanted.has("issue.request") {
        let count = count / 4;
        let (ours, limit) = alternate(
            scale.turns(),
            || turn(count, |number| desk.issue(&desk.proven()?, number)),
            || {
                turn(count, |_| {
                    desk.proven()?;
                    Ok(desk.signer.sign(black_box(&body))?)
                })
            },
        )?;
        print(&Figure::rate(
            "issue.request",
            &ours,
            &limit,
            "certificates/CPU s",
        ));
    }
    Ok(())
}

/// So many of an operation, one after the other.
fn turn(
    count: u32,
    mut operation: impl FnMut(u32) -> anyhow::Result<Vec<u8>>,
) -> anyhow::Result<Turn> {
    let (wall, cpu) = (Instant::now(), cpu_of("self")?);
    for number in 0..count {
        black_box(operation(number)?);
    }
    Ok(Turn {
        done: f64::from(count),
        cpu: cpu_of("self")? - cpu,
        wall: wall.elapsed().as_secs_f64(),
    })
}

fn found(findings: Vec<Finding>) -> anyhow::Error {
    let texts: Vec<String> = findings.iter().map(ToString::to_string).collect();
    anyhow::anyhow!("the lint found: {}", texts.join("; "))
}

fn named(common_name: &str) -> anyhow::Result<DistinguishedName> {
    Ok(DistinguishedName::new()
        .country("SE")?
        .organisation("Region Exempel")?
        .common_name(common_name)?)
}

impl Desk {
    fn open() -> anyhow::Result<Self> {
        let signer = SoftwareKey::generate(KeyKind::P256)?;
        let holder = SoftwareKey::generate(KeyKind::P256)?;
        let addresses = Addresses {
            revocation_list: Some("http://pki.example.se/pki/person-3-ca-v1.crl".to_owned()),
            ocsp: Some("http://pki.example.se/ocsp".to_owned()),
            issuer_certificate: Some("http://pki.example.se/pki/person-3-ca-v1.cer".to_owned()),
        };
        let root = standard::root(Arc::default());
        let body = tbs(&CertificateRequest {
            profile: &root,
            issuer: Issuer::Itself,
            subject: &named("Sigill Exempel Root")?,
            subject_key: signer.public_key(),
            serial: Serial::at(NOW, [1; 11]),
            not_before: NOW,
            not_after: NOW + 10 * 365 * DAY,
            details: Details::default(),
            addresses: &addresses,
        })?;
        let linted = lint(&body, &root, Issuer::Itself).map_err(found)?;
        let subject = named("Åsa Öberg")?
            .surname("Öberg")?
            .given_name("Åsa")?
            .serial_number("SE2321000255-X100001")?;
        let said = pki::request::to_be_signed(&subject, holder.public_key());
        let signature = holder.sign(&said)?;
        let desk = Self {
            authority: certificate::sign(linted, &signer)?,
            signer,
            profile: standard::login(Arc::default()),
            subject,
            subject_key: holder.public_key().clone(),
            addresses,
            request: (said, signature),
        };
        // What is measured is a certificate that holds.
        let issued = Certificate::from_der(&desk.issue(&desk.subject_key, 0)?)?;
        desk.signer
            .public_key()
            .verify(
                issued.signature_algorithm(),
                issued.tbs(),
                issued.signature(),
            )
            .context("the certificate that is measured does not verify")?;
        Ok(desk)
    }

    /// The key of a request, possession proven.
    fn proven(&self) -> anyhow::Result<PublicKey> {
        Ok(pki::request::verify(&self.request.0, &self.request.1)?)
    }

    fn fill_for(&self, key: &PublicKey, number: u32) -> anyhow::Result<Vec<u8>> {
        let mut chance = [7; 11];
        for (to, from) in chance.iter_mut().zip(number.to_be_bytes()) {
            *to = from;
        }
        Ok(tbs(&CertificateRequest {
            profile: &self.profile,
            issuer: Issuer::Authority(&self.authority),
            subject: &self.subject,
            subject_key: key,
            serial: Serial::at(NOW, chance),
            not_before: NOW,
            not_after: NOW + 1_000 * DAY,
            details: Details {
                user_principal_name: Some("se2321000255-x100001@example.se"),
                email: Some("asa.oberg@example.se"),
                loa: Some(Loa::Three),
                identity_type: Some(IdentityType::HsaId),
                card_number: Some("9752000100000000017"),
                ..Details::default()
            },
            addresses: &self.addresses,
        })?)
    }

    fn fill(&self, number: u32) -> anyhow::Result<Vec<u8>> {
        self.fill_for(&self.subject_key, number)
    }

    /// Profile filled, linted, signed, made a certificate.
    fn issue(&self, key: &PublicKey, number: u32) -> anyhow::Result<Vec<u8>> {
        let body = self.fill_for(key, number)?;
        let issuer = Issuer::Authority(&self.authority);
        let linted = lint_of(key, &body, &self.profile, issuer).map_err(found)?;
        Ok(certificate::sign_der(linted, &self.signer)?)
    }
}
