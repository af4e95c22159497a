//! Trying a profile out before anything is issued with it.

use super::{Addresses, CertificateRequest, Class, Details, IdentityType, Issuer, Loa, Presence};
use super::{Profile, standard, tbs};
use crate::certificate::Certificate;
use crate::key::{KeyKind, PublicKey, SoftwareKey};
use crate::lint::{Finding, lint};
use crate::name::DistinguishedName;
use crate::serial::Serial;

const DAY: i64 = 86_400;
/// 2026-01-01.
const BEGIN: i64 = 1_767_225_600;

/// Makes two certificates of the profile for every kind of key it takes, one with everything in it that
/// the profile allows, one with only what it needs, and lints them. What comes back is what is wrong with the profile: nothing that
/// it makes would be signed.
///
/// # Errors
/// What the lint found, each thing once.
pub fn trial(profile: &Profile) -> Result<(), Vec<Finding>> {
    let mut findings: Vec<Finding> = Vec::new();
    if profile.keys.is_empty() {
        findings.push(Finding::of_profile("it takes no kind of key"));
    }
    let cases = profile
        .keys
        .iter()
        .flat_map(|kind| [(*kind, true), (*kind, false)]);
    for (kind, everything) in cases {
        match made_with(profile, kind, everything) {
            Ok(found) => {
                for finding in found {
                    if !findings.contains(&finding) {
                        findings.push(finding);
                    }
                }
            }
            Err(what) => findings.push(Finding::of_profile(&what)),
        }
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(findings)
    }
}

/// What the lint finds in a certificate of the profile for a key of that kind, with everything allowed or just what is needed.
fn made_with(profile: &Profile, kind: KeyKind, everything: bool) -> Result<Vec<Finding>, String> {
    let failed = |error: &dyn std::error::Error| error.to_string();
    let issuer_key = SoftwareKey::generate(KeyKind::P256).map_err(|error| failed(&error))?;
    let root = trial_root(profile, &issuer_key)?;
    let key = sample_key(kind).map_err(|error| failed(&error))?;
    let issuer = match profile.class {
        Class::Root => Issuer::Itself,
        _ => Issuer::Authority(&root),
    };
    let person = profile.class == Class::Person;
    let stands = |presence: Presence| match presence {
        Presence::Needed => true,
        Presence::Allowed => everything,
        Presence::Barred => false,
    };
    let given = |presence: Presence, value: &'static str| stands(presence).then_some(value);
    let hosts = ["sample.example.se".to_owned()];
    let request = CertificateRequest {
        profile,
        issuer,
        subject: &sample_name(person).map_err(|error| failed(&error))?,
        subject_key: &key,
        serial: Serial::from_entropy([0x53; 16]),
        not_before: BEGIN,
        not_after: BEGIN + i64::from(profile.longest_days) * DAY - 1,
        details: Details {
            user_principal_name: given(profile.user_principal_name, "sample@example.se"),
            email: given(profile.email, "sample@example.se"),
            dns_names: if stands(profile.dns_names) {
                &hosts
            } else {
                &[]
            },
            loa: person.then_some(Loa::Three),
            identity_type: person.then_some(IdentityType::HsaId),
            card_number: given(profile.card_number, "9752000100000000017"),
            security_identifier: given(profile.security_identifier, "S-1-5-21-1-2-3-1104"),
        },
        addresses: &sample_addresses(),
    };
    let body = tbs(&request).map_err(|error| failed(&error))?;
    Ok(lint(&body, profile, issuer).err().unwrap_or_default())
}

fn trial_root(profile: &Profile, key: &SoftwareKey) -> Result<Certificate, String> {
    let standard = standard::root(profile.arc);
    let request = CertificateRequest {
        profile: &standard,
        issuer: Issuer::Itself,
        subject: &DistinguishedName::new()
            .country("SE")
            .and_then(|name| name.organisation("Sample"))
            .and_then(|name| name.common_name("Sample Root"))
            .map_err(|error| error.to_string())?,
        subject_key: crate::key::Signer::public_key(key),
        serial: Serial::from_entropy([0x52; 16]),
        not_before: BEGIN,
        not_after: BEGIN + i64::from(standard.longest_days) * DAY - 1,
        details: Details::default(),
        addresses: &Addresses::default(),
    };
    let body = tbs(&request).map_err(|error| error.to_string())?;
    let linted = lint(&body, &standard, Issuer::Itself).map_err(|found| format!("{found:?}"))?;
    crate::certificate::sign(linted, key).map_err(|error| error.to_string())
}

fn sample_name(person: bool) -> Result<DistinguishedName, crate::name::BadName> {
    let name = DistinguishedName::new()
        .country("SE")?
        .organisation("Sample")?
        .common_name("Sample")?;
    if person {
        name.surname("Sample")?
            .given_name("Sample")?
            .serial_number("SE2321000016-1AB2")
    } else {
        Ok(name)
    }
}

fn sample_addresses() -> Addresses {
    Addresses {
        revocation_list: Some("http://pki.example.se/pki/sample.crl".to_owned()),
        ocsp: Some("http://pki.example.se/ocsp".to_owned()),
        issuer_certificate: Some("http://pki.example.se/pki/sample.cer".to_owned()),
    }
}

/// A public key of that kind. Nobody needs its private half, so an RSA one is any odd number of the
/// right length, which is at hand sooner than two primes.
fn sample_key(kind: KeyKind) -> Result<PublicKey, crate::key::KeyError> {
    let bits = match kind {
        KeyKind::P256 | KeyKind::P384 => {
            let key = SoftwareKey::generate(kind)?;
            return Ok(crate::key::Signer::public_key(&key).clone());
        }
        KeyKind::Rsa2048 => 2_048,
        KeyKind::Rsa3072 => 3_072,
        KeyKind::Rsa4096 => 4_096,
    };
    let modulus = vec![0xc5; bits / 8];
    PublicKey::from_rsa(&modulus, &[1, 0, 1])
}
