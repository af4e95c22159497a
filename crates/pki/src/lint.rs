//! Checking a certificate before it is signed. The checks read the bytes with another decoder than
//! the writer's and rest on rules of their own, so that a mistake in a profile is found here and not
//! by a relying party. Three questions are asked of every certificate: is it what RFC 5280 calls
//! one, does it say what its profile says, and do its parts agree with each other.

mod extensions;
mod names;
mod said;
mod usage;

use std::fmt;

use der::{Decode, Encode};
use x509_cert::TbsCertificate;
use x509_cert::certificate::Version;

use crate::key::{PublicKey, SignatureAlgorithm};
use crate::profile::{Issuer, Profile};

/// A certificate body that passed every check. It has no public constructor and is consumed by
/// [`crate::certificate::sign`]: nothing else can be signed as a certificate.
pub struct Linted {
    pub(crate) tbs: Vec<u8>,
    pub(crate) issuer_key: PublicKey,
    pub(crate) algorithm: SignatureAlgorithm,
}

/// One thing wrong with a certificate body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The clause that is broken, such as `RFC 5280 4.1.2.2`; `profile` where the certificate is not
    /// what its profile says.
    pub clause: &'static str,
    /// What is wrong, in English, for the log of the authority.
    pub what: String,
}

impl Finding {
    pub(crate) fn of_profile(what: &str) -> Self {
        Self {
            clause: PROFILE,
            what: what.to_owned(),
        }
    }
}

/// The clause of findings that no standard has a number for.
const PROFILE: &str = "profile";

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.clause, self.what)
    }
}

/// Collects findings.
#[derive(Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    pub(crate) fn unless(&mut self, holds: bool, clause: &'static str, what: impl Into<String>) {
        if !holds {
            self.0.push(Finding {
                clause,
                what: what.into(),
            });
        }
    }
}

/// Checks `tbs` (a DER `TBSCertificate`) against RFC 5280 and `profile`, to be signed by `issuer`.
///
/// # Errors
/// Everything that was found, if anything was.
pub fn lint(tbs: &[u8], profile: &Profile, issuer: Issuer<'_>) -> Result<Linted, Vec<Finding>> {
    let mut findings = Findings::default();
    let Ok(body) = TbsCertificate::from_der(tbs) else {
        findings.unless(false, "RFC 5280 4.1", "not a DER TBSCertificate");
        return Err(findings.0);
    };
    let spki = body.subject_public_key_info().to_der().unwrap_or_default();
    let Ok(subject_key) = PublicKey::from_der(&spki) else {
        findings.unless(false, "RFC 5280 4.1.2.7", "subject key not accepted");
        return Err(findings.0);
    };
    findings.unless(
        profile.keys.contains(&subject_key.kind()),
        PROFILE,
        "the subject's key is of a kind that the profile does not take",
    );
    let issuer_key = match issuer {
        Issuer::Itself => subject_key.clone(),
        Issuer::Authority(authority) => authority.public_key().clone(),
    };
    let algorithm = issuer_key.kind().signature_algorithm();
    fields(tbs, &body, algorithm, &mut findings);
    names::check(&body, profile.class, issuer, &mut findings);
    validity(&body, profile, issuer, &mut findings);
    match said::read(&body, profile.arc, &mut findings) {
        Some(said) => {
            extensions::check(&said, profile, issuer, &subject_key, &mut findings);
            usage::check(&said, subject_key.kind(), &mut findings);
        }
        None => findings.unless(false, "RFC 5280 4.2", "no extensions"),
    }
    if findings.0.is_empty() {
        Ok(Linted {
            tbs: tbs.to_vec(),
            issuer_key,
            algorithm,
        })
    } else {
        Err(findings.0)
    }
}

fn fields(
    tbs: &[u8],
    body: &TbsCertificate,
    algorithm: SignatureAlgorithm,
    findings: &mut Findings,
) {
    // Canonical: the other encoder writes the same bytes.
    findings.unless(
        body.to_der().is_ok_and(|again| again == tbs),
        "X.690 10",
        "not in distinguished encoding",
    );
    findings.unless(
        body.version() == Version::V3,
        "RFC 5280 4.1.2.1",
        "not version 3",
    );
    let serial = body.serial_number().as_bytes();
    findings.unless(
        serial.len() <= 20,
        "RFC 5280 4.1.2.2",
        "serial number longer than 20 octets",
    );
    // 64 bits of chance is the least that keeps collisions in the hash from being useful.
    findings.unless(
        serial.len() >= 9 && serial.first().is_some_and(|first| first & 0x80 == 0),
        "RFC 5280 4.1.2.2",
        "serial number not positive or too short",
    );
    findings.unless(
        body.signature()
            .to_der()
            .is_ok_and(|identifier| identifier == algorithm.identifier()),
        "RFC 5280 4.1.2.3",
        "signature algorithm is not the issuer's",
    );
    findings.unless(
        body.issuer_unique_id().is_none() && body.subject_unique_id().is_none(),
        "RFC 5280 4.1.2.8",
        "unique identifiers must not be used",
    );
}

fn validity(body: &TbsCertificate, profile: &Profile, issuer: Issuer<'_>, findings: &mut Findings) {
    let seconds = |time: x509_cert::time::Time| {
        i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
    };
    let from = seconds(body.validity().not_before);
    let to = seconds(body.validity().not_after);
    findings.unless(from < to, "RFC 5280 4.1.2.5", "ends before it begins");
    findings.unless(
        to.saturating_sub(from) < i64::from(profile.longest_days) * 86_400,
        PROFILE,
        "valid for longer than the profile allows",
    );
    if let Issuer::Authority(authority) = issuer {
        findings.unless(
            to <= authority.not_after(),
            "RFC 5280 6.1",
            "outlives its issuer",
        );
        findings.unless(
            from >= authority.not_before(),
            "RFC 5280 6.1",
            "begins before its issuer",
        );
    }
}
