//! What a certificate says in its extensions, read with the decoder of another crate.

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, OctetStringRef, PrintableStringRef, Utf8StringRef};
use der::{Decode, Encode, Tag, Tagged as _};
use x509_cert::TbsCertificate;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies,
    CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, SubjectAltName,
};

use super::Findings;
use crate::oids;
use crate::profile::Arc;

/// The extensions of a certificate, as far as this house knows them.
#[derive(Default)]
pub(super) struct Said {
    /// Every extension's identifier and whether it is critical.
    pub present: Vec<(ObjectIdentifier, bool)>,
    pub authority_key: Option<Vec<u8>>,
    pub subject_key: Option<Vec<u8>>,
    /// Whether it says that it is an authority, and its path length.
    pub authority: Option<(bool, Option<u8>)>,
    pub key_usage: Option<u16>,
    pub extended_key_usage: Vec<ObjectIdentifier>,
    pub policies: Vec<ObjectIdentifier>,
    pub user_principal_names: Vec<String>,
    pub emails: Vec<String>,
    pub dns_names: Vec<String>,
    pub revocation_lists: Vec<String>,
    /// Access method and address.
    pub access: Vec<(ObjectIdentifier, String)>,
    pub no_check: bool,
    pub card_number: Option<String>,
    pub security_identifier: Option<String>,
}

impl Said {
    pub fn has(&self, oid: &ObjectIdentifier) -> bool {
        self.present.iter().any(|(present, _)| present == oid)
    }
}

/// Reads the extensions; nothing where there are none. What cannot be read is a finding.
pub(super) fn read(body: &TbsCertificate, arc: Arc, findings: &mut Findings) -> Option<Said> {
    let mut said = Said::default();
    for extension in body.extensions()? {
        let oid = extension.extn_id;
        findings.unless(
            !said.has(&oid),
            "RFC 5280 4.2",
            format!("extension {oid} stands twice"),
        );
        said.present.push((oid, extension.critical));
        let readable = one(extension, arc, &mut said).unwrap_or(false);
        findings.unless(
            readable,
            clause_of(&oid),
            format!("extension {oid} does not say anything that may stand there"),
        );
    }
    Some(said)
}

/// The clause that an extension's content is bound by.
pub(super) fn clause_of(oid: &ObjectIdentifier) -> &'static str {
    match *oid {
        oids::AUTHORITY_KEY_IDENTIFIER => "RFC 5280 4.2.1.1",
        oids::SUBJECT_KEY_IDENTIFIER => "RFC 5280 4.2.1.2",
        oids::KEY_USAGE => "RFC 5280 4.2.1.3",
        oids::CERTIFICATE_POLICIES => "RFC 5280 4.2.1.4",
        oids::SUBJECT_ALT_NAME => "RFC 5280 4.2.1.6",
        oids::BASIC_CONSTRAINTS => "RFC 5280 4.2.1.9",
        oids::EXTENDED_KEY_USAGE => "RFC 5280 4.2.1.12",
        oids::CRL_DISTRIBUTION_POINTS => "RFC 5280 4.2.1.13",
        oids::AUTHORITY_INFO_ACCESS => "RFC 5280 4.2.2.1",
        oids::OCSP_NO_CHECK => "RFC 6960 4.2.2.2.1",
        oids::SECURITY_IDENTIFIER => "MS-WCCE 2.2.2.7.7.4",
        _ => super::PROFILE,
    }
}

/// Notes what one extension says. `Some(false)` and `None` are for what may not stand there; an
/// extension that is not known here is noted by its identifier alone.
fn one(extension: &Extension, arc: Arc, said: &mut Said) -> Option<bool> {
    let value = extension.extn_value.as_bytes();
    match extension.extn_id {
        oids::AUTHORITY_KEY_IDENTIFIER => {
            let identifier = canonical::<AuthorityKeyIdentifier>(value)?;
            said.authority_key = Some(identifier.key_identifier?.as_bytes().to_vec());
            // Issuer and serial number would tie the certificate to one certificate of its issuer.
            Some(
                identifier.authority_cert_issuer.is_none()
                    && identifier.authority_cert_serial_number.is_none(),
            )
        }
        oids::SUBJECT_KEY_IDENTIFIER => {
            let identifier = <&OctetStringRef>::from_der(value).ok()?;
            said.subject_key = Some(identifier.as_bytes().to_vec());
            Some(true)
        }
        oids::BASIC_CONSTRAINTS => {
            let constraints = canonical::<BasicConstraints>(value)?;
            said.authority = Some((constraints.ca, constraints.path_len_constraint));
            // RFC 5280 4.2.1.9: no path length but in an authority's certificate.
            Some(constraints.ca || constraints.path_len_constraint.is_none())
        }
        oids::KEY_USAGE => {
            let bits = canonical::<KeyUsage>(value)?.0.bits();
            said.key_usage = Some(bits);
            Some(bits != 0)
        }
        oids::EXTENDED_KEY_USAGE => {
            said.extended_key_usage = canonical::<ExtendedKeyUsage>(value)?.0;
            Some(!said.extended_key_usage.is_empty())
        }
        oids::CERTIFICATE_POLICIES => {
            let policies = canonical::<CertificatePolicies>(value)?.0;
            let plain = policies
                .iter()
                .all(|policy| policy.policy_qualifiers.is_none());
            said.policies = policies
                .into_iter()
                .map(|policy| policy.policy_identifier)
                .collect();
            Some(plain && !said.policies.is_empty())
        }
        oids::SUBJECT_ALT_NAME => alternative_names(value, said),
        oids::CRL_DISTRIBUTION_POINTS => {
            let points = canonical::<CrlDistributionPoints>(value)?.0;
            for point in &points {
                if point.reasons.is_some() || point.crl_issuer.is_some() {
                    return Some(false);
                }
                let Some(DistributionPointName::FullName(names)) = &point.distribution_point else {
                    return Some(false);
                };
                for name in names {
                    said.revocation_lists.push(address(name)?);
                }
            }
            Some(points.len() == 1 && said.revocation_lists.len() == 1)
        }
        oids::AUTHORITY_INFO_ACCESS => {
            let list = canonical::<AuthorityInfoAccessSyntax>(value)?.0;
            for description in &list {
                said.access.push((
                    description.access_method,
                    address(&description.access_location)?,
                ));
            }
            Some(!list.is_empty())
        }
        oids::OCSP_NO_CHECK => {
            said.no_check = true;
            Some(value == [5, 0])
        }
        oids::SECURITY_IDENTIFIER => {
            said.security_identifier = Some(security_identifier(value)?);
            Some(true)
        }
        other if other == arc.card_number() => {
            let number = PrintableStringRef::from_der(value).ok()?;
            said.card_number = Some(number.as_str().to_owned());
            Some(number.as_str().bytes().all(|byte| byte.is_ascii_digit()))
        }
        _ => Some(true),
    }
}

/// Reads a value whose encoding is the only one there is for it (X.690 10): what stands in an OCTET
/// STRING is not looked at when the body around it is compared.
fn canonical<T: for<'a> Decode<'a> + Encode>(value: &[u8]) -> Option<T> {
    let read = T::from_der(value).ok()?;
    (read.to_der().ok()? == value).then_some(read)
}

/// A uniform resource identifier over plain HTTP (RFC 5280 4.2.1.13, 8).
fn address(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(uri) => {
            Some(uri.as_str().to_owned()).filter(|uri| {
                uri.strip_prefix("http://")
                    .is_some_and(|rest| !rest.is_empty())
            })
        }
        _ => None,
    }
}

fn alternative_names(value: &[u8], said: &mut Said) -> Option<bool> {
    let names = canonical::<SubjectAltName>(value)?.0;
    for name in &names {
        match name {
            GeneralName::OtherName(other) if other.type_id == oids::USER_PRINCIPAL_NAME => {
                let der = other.value.to_der().ok()?;
                let principal = Utf8StringRef::from_der(&der).ok()?;
                said.user_principal_names
                    .push(principal.as_str().to_owned());
            }
            GeneralName::Rfc822Name(email) => said.emails.push(email.as_str().to_owned()),
            GeneralName::DnsName(host) => said.dns_names.push(host.as_str().to_owned()),
            _ => return Some(false),
        }
    }
    Some(!names.is_empty())
}

/// `SEQUENCE { [0] { OID, [0] { OCTET STRING } } }` (MS-WCCE 2.2.2.7.7.4), walked by hand.
fn security_identifier(value: &[u8]) -> Option<String> {
    let outer = AnyRef::from_der(value).ok()?;
    let other = AnyRef::from_der(outer.value()).ok()?;
    let (kind, rest) = ObjectIdentifier::from_der_partial(other.value()).ok()?;
    let explicit = AnyRef::from_der(rest).ok()?;
    let text = <&OctetStringRef>::from_der(explicit.value()).ok()?;
    let tags = outer.tag() == Tag::Sequence
        && [other.tag(), explicit.tag()].iter().all(|tag| {
            matches!(tag, Tag::ContextSpecific { constructed: true, number } if number.value() == 0)
        });
    (tags && kind == oids::ACCOUNT_SECURITY_IDENTIFIER)
        .then(|| String::from_utf8(text.as_bytes().to_vec()).ok())
        .flatten()
}
