//! Checks of the extensions: which may stand, which must, how they are marked, what they say.

use const_oid::ObjectIdentifier;
use der::Decode;
use der::asn1::OctetStringRef;
use x509_cert::TbsCertificate;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName, GeneralNames};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies,
    CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, SubjectAltName,
};

use super::Findings;
use crate::key::PublicKey;
use crate::oids;
use crate::profile::{Arc, IdentityType, Issuer, ProfileKind, key_usage};

/// Whether an extension must, may or must not stand in a kind of certificate.
#[derive(PartialEq)]
enum Place {
    Needed,
    Allowed,
    Barred,
}

pub(super) fn check(
    body: &TbsCertificate,
    kind: ProfileKind,
    issuer: Issuer<'_>,
    subject_key: &PublicKey,
    findings: &mut Findings,
) {
    let Some(extensions) = body.extensions() else {
        findings.unless(false, "RFC 5280 4.2", "no extensions");
        return;
    };
    let arc = policies_arc(extensions, kind, findings);
    let card_number = arc.map(|arc| arc.card_number());
    let mut seen: Vec<ObjectIdentifier> = Vec::new();
    for extension in extensions {
        let oid = extension.extn_id;
        findings.unless(
            !seen.contains(&oid),
            "RFC 5280 4.2",
            format!("extension {oid} stands twice"),
        );
        seen.push(oid);
        let (place, critical) = rule(&oid, kind, card_number.as_ref());
        findings.unless(
            place != Place::Barred,
            "domain dossier 4.3",
            format!("extension {oid} has no place in this kind of certificate"),
        );
        findings.unless(
            extension.critical == critical,
            "RFC 5280 4.2",
            format!("extension {oid} is marked wrongly (critical)"),
        );
        findings.unless(
            value_fits(extension, kind, issuer, subject_key, card_number.as_ref()),
            "domain dossier 4.3",
            format!("extension {oid} does not say what it must"),
        );
    }
    for oid in KNOWN {
        let (place, _) = rule(&oid, kind, None);
        findings.unless(
            place != Place::Needed || seen.contains(&oid),
            "domain dossier 4.3",
            format!("extension {oid} is missing"),
        );
    }
}

const KNOWN: [ObjectIdentifier; 10] = [
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
];

/// Where an extension stands, and whether it is critical there.
fn rule(
    oid: &ObjectIdentifier,
    kind: ProfileKind,
    card_number: Option<&ObjectIdentifier>,
) -> (Place, bool) {
    use ProfileKind as Kind;
    let when = |needed: bool, otherwise: Place| if needed { Place::Needed } else { otherwise };
    match *oid {
        oids::AUTHORITY_KEY_IDENTIFIER | oids::SUBJECT_KEY_IDENTIFIER => (Place::Needed, false),
        oids::BASIC_CONSTRAINTS => (when(kind.is_authority(), Place::Barred), true),
        oids::KEY_USAGE => (Place::Needed, true),
        oids::EXTENDED_KEY_USAGE => {
            let needed = matches!(kind, Kind::Login | Kind::Encryption | Kind::OcspResponder);
            (when(needed, Place::Barred), false)
        }
        oids::CERTIFICATE_POLICIES => {
            let needed = kind.is_personal() || kind == Kind::IssuingCa;
            (when(needed, Place::Barred), false)
        }
        oids::SUBJECT_ALT_NAME if kind == Kind::Encryption => (Place::Needed, false),
        oids::SUBJECT_ALT_NAME if kind.is_personal() => (Place::Allowed, false),
        oids::CRL_DISTRIBUTION_POINTS => {
            let needed = kind.is_personal() || kind == Kind::IssuingCa;
            (when(needed, Place::Barred), false)
        }
        oids::AUTHORITY_INFO_ACCESS if kind != Kind::RootCa => (Place::Allowed, false),
        oids::OCSP_NO_CHECK => (when(kind == Kind::OcspResponder, Place::Barred), false),
        other if kind.is_personal() && Some(&other) == card_number => (Place::Allowed, false),
        _ => (Place::Barred, false),
    }
}

fn value_fits(
    extension: &Extension,
    kind: ProfileKind,
    issuer: Issuer<'_>,
    subject_key: &PublicKey,
    card_number: Option<&ObjectIdentifier>,
) -> bool {
    let value = extension.extn_value.as_bytes();
    match extension.extn_id {
        oids::AUTHORITY_KEY_IDENTIFIER => {
            // The issuer's *subject* key identifier (RFC 5280 4.2.1.1).
            let expected = match issuer {
                Issuer::Itself => subject_key.key_identifier().to_vec(),
                Issuer::Authority(authority) => authority.issuing_key_identifier(),
            };
            AuthorityKeyIdentifier::from_der(value).is_ok_and(|identifier| {
                identifier
                    .key_identifier
                    .is_some_and(|given| given.as_bytes() == expected)
                    && identifier.authority_cert_issuer.is_none()
                    && identifier.authority_cert_serial_number.is_none()
            })
        }
        oids::SUBJECT_KEY_IDENTIFIER => <&OctetStringRef>::from_der(value)
            .is_ok_and(|identifier| identifier.as_bytes() == subject_key.key_identifier()),
        oids::BASIC_CONSTRAINTS => {
            let expected = (kind == ProfileKind::IssuingCa).then_some(0);
            BasicConstraints::from_der(value).is_ok_and(|constraints| {
                constraints.ca && constraints.path_len_constraint == expected
            })
        }
        oids::KEY_USAGE => KeyUsage::from_der(value)
            .is_ok_and(|usage| usage.0.bits() == expected_key_usage(kind, subject_key)),
        oids::EXTENDED_KEY_USAGE => ExtendedKeyUsage::from_der(value)
            .is_ok_and(|usage| usage.0 == expected_extended_key_usage(kind)),
        oids::SUBJECT_ALT_NAME => {
            SubjectAltName::from_der(value).is_ok_and(|names| alternative_names_fit(&names.0, kind))
        }
        oids::CRL_DISTRIBUTION_POINTS => {
            CrlDistributionPoints::from_der(value).is_ok_and(|points| {
                points.0.len() == 1
                    && points.0.iter().all(|point| {
                        point.reasons.is_none()
                            && point.crl_issuer.is_none()
                            && point.distribution_point.as_ref().is_some_and(plain_point)
                    })
            })
        }
        oids::AUTHORITY_INFO_ACCESS => {
            AuthorityInfoAccessSyntax::from_der(value).is_ok_and(|access| {
                !access.0.is_empty()
                    && access.0.iter().all(|description| {
                        [oids::ACCESS_OCSP, oids::ACCESS_CA_ISSUERS]
                            .contains(&description.access_method)
                            && is_plain_http(&description.access_location)
                    })
            })
        }
        oids::OCSP_NO_CHECK => value == [5, 0],
        other if Some(&other) == card_number => der::asn1::PrintableStringRef::from_der(value)
            .is_ok_and(|number| number.as_str().bytes().all(|byte| byte.is_ascii_digit())),
        // Policies are checked by `policies_arc`; anything else is barred already.
        _ => true,
    }
}

fn expected_key_usage(kind: ProfileKind, subject_key: &PublicKey) -> u16 {
    match kind {
        ProfileKind::RootCa | ProfileKind::IssuingCa => {
            key_usage::KEY_CERT_SIGN | key_usage::CRL_SIGN
        }
        ProfileKind::Login | ProfileKind::OcspResponder => key_usage::DIGITAL_SIGNATURE,
        ProfileKind::Signature => key_usage::NON_REPUDIATION,
        ProfileKind::Encryption if subject_key.kind().is_elliptic() => key_usage::KEY_AGREEMENT,
        ProfileKind::Encryption => key_usage::KEY_ENCIPHERMENT,
    }
}

fn expected_extended_key_usage(kind: ProfileKind) -> Vec<ObjectIdentifier> {
    match kind {
        ProfileKind::Login => vec![
            oids::CLIENT_AUTH,
            oids::SMARTCARD_LOGON,
            oids::PKINIT_CLIENT,
        ],
        ProfileKind::Encryption => vec![oids::EMAIL_PROTECTION],
        ProfileKind::OcspResponder => vec![oids::OCSP_SIGNING],
        ProfileKind::RootCa | ProfileKind::IssuingCa | ProfileKind::Signature => Vec::new(),
    }
}

fn alternative_names_fit(names: &GeneralNames, kind: ProfileKind) -> bool {
    !names.is_empty()
        && names.iter().all(|name| match name {
            GeneralName::OtherName(other) => {
                kind == ProfileKind::Login && other.type_id == oids::USER_PRINCIPAL_NAME
            }
            GeneralName::Rfc822Name(email) => email.as_str().split('@').count() == 2,
            _ => false,
        })
        && (kind != ProfileKind::Encryption
            || names
                .iter()
                .any(|name| matches!(name, GeneralName::Rfc822Name(_))))
}

fn plain_point(name: &DistributionPointName) -> bool {
    match name {
        DistributionPointName::FullName(names) => {
            names.len() == 1 && names.iter().all(is_plain_http)
        }
        DistributionPointName::NameRelativeToCRLIssuer(_) => false,
    }
}

fn is_plain_http(name: &GeneralName) -> bool {
    matches!(name, GeneralName::UniformResourceIdentifier(uri)
        if uri.as_str().starts_with("http://") && uri.as_str().len() > 7)
}

/// Checks the policies; for a personal certificate, the arc that its level of assurance names.
fn policies_arc(
    extensions: &[Extension],
    kind: ProfileKind,
    findings: &mut Findings,
) -> Option<Arc> {
    let extension = extensions
        .iter()
        .find(|extension| extension.extn_id == oids::CERTIFICATE_POLICIES)?;
    let policies: Vec<ObjectIdentifier> =
        CertificatePolicies::from_der(extension.extn_value.as_bytes())
            .map(|policies| policies.0)
            .unwrap_or_default()
            .into_iter()
            .map(|policy| policy.policy_identifier)
            .collect();
    let clause = "domain dossier 4.3";
    if kind == ProfileKind::IssuingCa {
        findings.unless(
            policies == [oids::ANY_POLICY],
            clause,
            "an issuing authority has anyPolicy and no other",
        );
        return None;
    }
    let arc = policies.first().and_then(Arc::of_loa_policy);
    let identity = arc.is_some_and(|arc| {
        [IdentityType::HsaId, IdentityType::PersonalNumber]
            .iter()
            .any(|kind| policies.get(1) == Some(&arc.identity_type(*kind)))
    });
    findings.unless(
        policies.len() == 2 && identity,
        clause,
        "policies are not one level of assurance and one identity type under one arc",
    );
    arc
}
