//! Whether the extensions are those that the profile and the class ask for, and no others.

use const_oid::ObjectIdentifier;

use super::reader::Oid;
use super::said::{Kind, Said};
use super::{Findings, PROFILE};
use crate::key::PublicKey;
use crate::oids;
use crate::profile::{Class, IdentityType, Issuer, Loa, Presence, Profile};

pub(super) fn check(
    said: &Said<'_>,
    profile: &Profile,
    issuer: Issuer<'_>,
    subject_key: &PublicKey,
    findings: &mut Findings,
) {
    for kind in Kind::KNOWN {
        let (presence, critical) = rule(kind, profile);
        let there = said.has(kind);
        let name = kind.name();
        findings.unless(
            there || presence != Presence::Needed,
            kind.clause(),
            format_args!("extension {name} is missing"),
        );
        findings.unless(
            !there || presence != Presence::Barred,
            PROFILE,
            format_args!("extension {name} has no place in this kind of certificate"),
        );
        findings.unless(
            !there || said.is_critical(kind) == critical,
            kind.clause(),
            format_args!("extension {name} is marked wrongly (critical)"),
        );
    }
    for oid in &said.unknown {
        findings.unless(
            false,
            PROFILE,
            format_args!("extension {oid} has no place in any certificate"),
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
        same(&said.extended_key_usage, &profile.extended_key_usage),
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
        // Whoever is not checked for revocation names no place to ask.
        let fits = method.is(&oids::ACCESS_CA_ISSUERS)
            || method.is(&oids::ACCESS_OCSP) && profile.class != Class::Responder;
        findings.unless(
            fits,
            "RFC 5280 4.2.2.1",
            format_args!("access method {method} has no place here"),
        );
    }
}

fn same(read: &[Oid<'_>], wanted: &[ObjectIdentifier]) -> bool {
    read.len() == wanted.len() && read.iter().zip(wanted).all(|(oid, wanted)| oid.is(wanted))
}

/// Whether an extension stands in a certificate of the profile, and whether it is critical there.
fn rule(kind: Kind, profile: &Profile) -> (Presence, bool) {
    use Presence::{Allowed, Barred, Needed};
    let class = profile.class;
    let when = |needed: bool| if needed { Needed } else { Barred };
    let revocable = !matches!(class, Class::Root | Class::Responder);
    match kind {
        Kind::AuthorityKeyIdentifier | Kind::SubjectKeyIdentifier => (Needed, false),
        Kind::BasicConstraints => (when(class.is_authority()), true),
        Kind::KeyUsage => (Needed, true),
        Kind::ExtendedKeyUsage => (when(!profile.extended_key_usage.is_empty()), false),
        Kind::Policies => (
            when(class == Class::Person || !profile.policies.is_empty()),
            false,
        ),
        Kind::AlternativeName => {
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
        Kind::DistributionPoints => (when(revocable), false),
        Kind::InformationAccess if class != Class::Root => (Allowed, false),
        Kind::NoCheck => (when(class == Class::Responder), false),
        Kind::SecurityIdentifier => (profile.security_identifier, false),
        Kind::CardNumber => (profile.card_number, false),
        Kind::InformationAccess | Kind::Unknown => (Barred, false),
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
        let arc = &profile.arc;
        let personal = match said.policies.get(..2) {
            Some([first, second]) => {
                [Loa::Two, Loa::Three]
                    .iter()
                    .any(|loa| first.is(&arc.loa(*loa)))
                    && IdentityType::ALL
                        .iter()
                        .any(|kind| second.is(&arc.identity_type(*kind)))
            }
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
        same(own, &profile.policies),
        PROFILE,
        "the policies are not the profile's",
    );
    for (index, policy) in said.policies.iter().enumerate() {
        findings.unless(
            !said
                .policies
                .iter()
                .take(index)
                .any(|other| other == policy),
            "RFC 5280 4.2.1.4",
            format_args!("policy {policy} stands twice"),
        );
    }
}
