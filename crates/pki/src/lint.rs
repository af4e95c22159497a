//! Checking a certificate before it is signed. The checks read the bytes with a decoder that shares
//! nothing with the writer, and rest on rules of their own, so that a mistake in a profile is found here and not
//! by a relying party. Three questions are asked of every certificate: is it what RFC 5280 calls
//! one, does it say what its profile says, and do its parts agree with each other.

mod body;
mod extensions;
mod names;
mod reader;
mod said;
mod usage;

use std::borrow::Cow;
use std::fmt;

use der::Decode as _;
use x509_cert::TbsCertificate;

use body::Body;
use said::Said;

use crate::key::{PublicKey, SignatureAlgorithm};
use crate::profile::{Issuer, Profile};

/// A certificate body that passed every check. It has no public constructor and is consumed by
/// [`crate::certificate::sign`]: nothing else can be signed as a certificate.
pub struct Linted<'a> {
    pub(crate) tbs: &'a [u8],
    pub(crate) issuer_key: Cow<'a, PublicKey>,
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
    #[inline(always)]
    pub(crate) fn unless(&mut self, holds: bool, clause: &'static str, what: impl fmt::Display) {
        if !holds {
            self.add(clause, &what);
        }
    }

    #[cold]
    fn add(&mut self, clause: &'static str, what: &dyn fmt::Display) {
        self.0.push(Finding {
            clause,
            what: what.to_string(),
        });
    }
}

/// Checks `tbs` (a DER `TBSCertificate`) against RFC 5280 and `profile`, to be signed by `issuer`.
///
/// # Errors
/// Everything that was found, if anything was.
pub fn lint<'a>(
    tbs: &'a [u8],
    profile: &Profile,
    issuer: Issuer<'a>,
) -> Result<Linted<'a>, Vec<Finding>> {
    let Some(body) = Body::read(tbs) else {
        return Err(unreadable(tbs));
    };
    let Ok(subject_key) = PublicKey::from_der(body.subject_key) else {
        return Err(one("RFC 5280 4.1.2.7", "subject key not accepted"));
    };
    let algorithm = check(tbs, &body, profile, issuer, &subject_key)?;
    let issuer_key = match issuer {
        Issuer::Itself => Cow::Owned(subject_key),
        Issuer::Authority(authority) => Cow::Borrowed(authority.public_key()),
    };
    Ok(Linted {
        tbs,
        issuer_key,
        algorithm,
    })
}

/// As [`lint()`], for a certificate of `subject_key`: a key that has been read need not be read again
/// to know that it is one.
///
/// # Errors
/// Everything that was found, if anything was.
pub fn lint_of<'a>(
    subject_key: &'a PublicKey,
    tbs: &'a [u8],
    profile: &Profile,
    issuer: Issuer<'a>,
) -> Result<Linted<'a>, Vec<Finding>> {
    let Some(body) = Body::read(tbs) else {
        return Err(unreadable(tbs));
    };
    if body.subject_key != subject_key.der() {
        return Err(one("RFC 5280 4.1.2.7", "not the subject's key"));
    }
    let algorithm = check(tbs, &body, profile, issuer, subject_key)?;
    Ok(Linted {
        tbs,
        issuer_key: Cow::Borrowed(issuer_key(issuer, subject_key)),
        algorithm,
    })
}

fn issuer_key<'a>(issuer: Issuer<'a>, subject_key: &'a PublicKey) -> &'a PublicKey {
    match issuer {
        Issuer::Itself => subject_key,
        Issuer::Authority(authority) => authority.public_key(),
    }
}

fn one(clause: &'static str, what: &str) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.unless(false, clause, what);
    findings.0
}

/// Why a body was not read, in the words of a decoder that takes more than the distinguished encoding.
fn unreadable(tbs: &[u8]) -> Vec<Finding> {
    if TbsCertificate::from_der(tbs).is_ok() {
        one("X.690 10", "not in distinguished encoding")
    } else {
        one("RFC 5280 4.1", "not a DER TBSCertificate")
    }
}

fn check(
    tbs: &[u8],
    body: &Body<'_>,
    profile: &Profile,
    issuer: Issuer<'_>,
    subject_key: &PublicKey,
) -> Result<SignatureAlgorithm, Vec<Finding>> {
    let mut findings = Findings::default();
    findings.unless(
        profile.keys.contains(&subject_key.kind()),
        PROFILE,
        "the subject's key is of a kind that the profile does not take",
    );
    let algorithm = issuer_key(issuer, subject_key).kind().signature_algorithm();
    fields(body, algorithm, &mut findings);
    if names::check(body, profile.class, issuer, &mut findings).is_none() {
        findings.unless(false, "RFC 5280 4.1.2.6", "the subject is not a Name");
    }
    validity(body, profile, issuer, &mut findings);
    match body.extensions {
        Some(list) => {
            let mut said = Said::default();
            if said::read(list, &profile.arc, &mut said, &mut findings).is_none() {
                return Err(unreadable(tbs));
            }
            extensions::check(&said, profile, issuer, subject_key, &mut findings);
            usage::check(&said, subject_key.kind(), &mut findings);
        }
        None => findings.unless(false, "RFC 5280 4.2", "no extensions"),
    }
    if findings.0.is_empty() {
        Ok(algorithm)
    } else {
        Err(findings.0)
    }
}

fn fields(body: &Body<'_>, algorithm: SignatureAlgorithm, findings: &mut Findings) {
    findings.unless(body.version_three, "RFC 5280 4.1.2.1", "not version 3");
    findings.unless(
        body.serial.len() <= 20,
        "RFC 5280 4.1.2.2",
        "serial number longer than 20 octets",
    );
    // 64 bits of chance is the least that keeps collisions in the hash from being useful.
    findings.unless(
        body.serial.len() >= 9 && body.serial.first().is_some_and(|first| first & 0x80 == 0),
        "RFC 5280 4.1.2.2",
        "serial number not positive or too short",
    );
    findings.unless(
        body.algorithm == algorithm.identifier(),
        "RFC 5280 4.1.2.3",
        "signature algorithm is not the issuer's",
    );
    findings.unless(
        !body.unique_identifiers,
        "RFC 5280 4.1.2.8",
        "unique identifiers must not be used",
    );
}

fn validity(body: &Body<'_>, profile: &Profile, issuer: Issuer<'_>, findings: &mut Findings) {
    let (from, to) = (body.not_before, body.not_after);
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
