//! Whether the extensions are those that the profile and the class ask for, and no others.

use const_oid::ObjectIdentifier;

use super::said::{Said, clause_of};
use super::{Findings, PROFILE};
use crate::key::PublicKey;
use crate::oids;
use crate::profile::{Arc, Class, IdentityType, Issuer, Loa, Presence, Profile};

pub(super) fn check(
    said: &Said<'_>,
    profile: &Profile,
    issuer: Issuer<'_>,
    subject_key: &PublicKey,
    findings: &mut Findings,
) {
    for (oid, critical) in &said.present {
        let (presence, should_be_critical) = rule(oid, profile);
        findings.unless(
            presence != Presence::Barred,
            PROFILE,
            format_args!("extension {oid} has no place in this kind of certificate"),
        );
        findings.unless(
            *critical == should_be_critical,
            clause_of(oid),
            format_args!("extension {oid} is marked wrongly (critical)"),
        );
    }
    for oid in known(profile.arc) {
        let (presence, _) = rule(&oid, profile);
        findings.unless(
            presence != Presence::Needed || said.has(&oid),
            clause_of(&oid),
            format_args!("extension {oid} is missing"),
        );
    }
    key_identifiers(said, issuer, subject_key, findings);
    let authority = match profile.class {
        Class::Root => Some((true, None)),
        Class::Authority => Some((true, Some(0))),
        Class::Link => Some((true, Some(1))),
        Class::Person | Class::Function | Class::Responder => None,
    };
    findings.unless(
        said.authority == authority,
        "RFC 5280 4.2.1.9",
        "the basic constraints are not those of this kind of certificate",
    );
    findings.unless(
        said.key_usage == Some(profile.key_usage(subject_key.kind())),
        PROFILE,
        "the key usage is not the profile's",
    );
    findings.unless(
        said.extended_key_usage == profile.extended_key_usage,
        PROFILE,
        "the extended key usage is not the profile's",
    );
    policies(said, profile, findings);
    for (presence, there, what) in [
        (
            profile.user_principal_name,
            said.user_principal_names.len(),
            "the user principal name",
        ),
        (profile.email, said.emails.len(), "the e-mail address"),
        (profile.dns_names, said.dns_names.len(), "the host name"),
    ] {
        findings.unless(
            presence.fits(there > 0),
            PROFILE,
            format_args!("{what} is missing, or stands where it may not"),
        );
    }
    findings.unless(
        said.user_principal_names.len() <= 1 && said.emails.len() <= 1,
        PROFILE,
        "more than one user principal name or e-mail address",
    );
    for method in &said.access {
        let fits = match *method {
            // Whoever is not checked for revocation names no place to ask.
            oids::ACCESS_OCSP => profile.class != Class::Responder,
            oids::ACCESS_CA_ISSUERS => true,
            _ => false,
        };
        findings.unless(
            fits,
            "RFC 5280 4.2.2.1",
            format_args!("access method {method} has no place here"),
        );
    }
}

fn known(arc: Arc) -> [ObjectIdentifier; 12] {
    [
        oids::AUTHORITY_KEY_IDENTIFIER,
        oids::SUBJECT_KEY_IDENTIFIER,
        oids::BASIC_CONSTRAINTS,
        oids::KEY_USAGE,
        oids::EXTENDED_KEY_USAGE,
        oids::CERTIFICATE_POLICIES,
        oids::SUBJECT_ALT_NAME,
        oids::CRL_DISTRIBUTION_POINTS,
        oids::AUTHORITY_INFO_ACCESS,
        oids::OCSP_NO_CHECK,
        oids::SECURITY_IDENTIFIER,
        arc.card_number(),
    ]
}

/// Whether an extension stands in a certificate of the profile, and whether it is critical there.
fn rule(oid: &ObjectIdentifier, profile: &Profile) -> (Presence, bool) {
    use Presence::{Allowed, Barred, Needed};
    let class = profile.class;
    let when = |needed: bool| if needed { Needed } else { Barred };
    let revocable = !matches!(class, Class::Root | Class::Responder);
    match *oid {
        oids::AUTHORITY_KEY_IDENTIFIER | oids::SUBJECT_KEY_IDENTIFIER => (Needed, false),
        oids::BASIC_CONSTRAINTS => (when(class.is_authority()), true),
        oids::KEY_USAGE => (Needed, true),
        oids::EXTENDED_KEY_USAGE => (when(!profile.extended_key_usage.is_empty()), false),
        oids::CERTIFICATE_POLICIES => (
            when(class == Class::Person || !profile.policies.is_empty()),
            false,
        ),
        oids::SUBJECT_ALT_NAME => {
            let names = [
                profile.user_principal_name,
                profile.email,
                profile.dns_names,
            ];
            let presence = if names.contains(&Needed) {
                Needed
            } else if names.contains(&Allowed) {
                Allowed
            } else {
                Barred
            };
            (presence, false)
        }
        oids::CRL_DISTRIBUTION_POINTS => (when(revocable), false),
        oids::AUTHORITY_INFO_ACCESS if class != Class::Root => (Allowed, false),
        oids::OCSP_NO_CHECK => (when(class == Class::Responder), false),
        oids::SECURITY_IDENTIFIER => (profile.security_identifier, false),
        other if other == profile.arc.card_number() => (profile.card_number, false),
        _ => (Barred, false),
    }
}

fn key_identifiers(
    said: &Said<'_>,
    issuer: Issuer<'_>,
    subject_key: &PublicKey,
    findings: &mut Findings,
) {
    let own = subject_key.key_identifier();
    // The issuer's *subject* key identifier (RFC 5280 4.2.1.1).
    let issuing = match issuer {
        Issuer::Itself => own.as_slice(),
        Issuer::Authority(authority) => authority.issuing_key_identifier(),
    };
    findings.unless(
        said.authority_key == Some(issuing),
        "RFC 5280 4.2.1.1",
        "the authority key identifier is not the issuer's",
    );
    findings.unless(
        said.subject_key == Some(own.as_slice()),
        "RFC 5280 4.2.1.2",
        "the subject key identifier is not of the subject's key",
    );
}

/// A person's certificate begins with one level of assurance and one identity type; the rest is the
/// profile's.
fn policies(said: &Said<'_>, profile: &Profile, findings: &mut Findings) {
    let own = if profile.class == Class::Person {
        let arc = profile.arc;
        let level = [Loa::Two, Loa::Three].map(|loa| arc.loa(loa));
        let identity = IdentityType::ALL.map(|kind| arc.identity_type(kind));
        let personal = match said.policies.get(..2) {
            Some([first, second]) => level.contains(first) && identity.contains(second),
            _ => false,
        };
        findings.unless(
            personal,
            PROFILE,
            "the policies do not begin with a level of assurance and an identity type",
        );
        said.policies.get(2..).unwrap_or_default()
    } else {
        said.policies.as_slice()
    };
    findings.unless(
        own == profile.policies.as_slice(),
        PROFILE,
        "the policies are not the profile's",
    );
    let mut seen: Vec<&ObjectIdentifier> = Vec::new();
    for policy in &said.policies {
        findings.unless(
            !seen.contains(&policy),
            "RFC 5280 4.2.1.4",
            format_args!("policy {policy} stands twice"),
        );
        seen.push(policy);
    }
}
