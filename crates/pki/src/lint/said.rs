//! What a certificate says in its extensions.

use const_oid::ObjectIdentifier;

use super::Findings;
use super::reader::{
    BIT_STRING, INTEGER, OCTET_STRING, PRINTABLE_STRING, Reader, SEQUENCE, UTF8_STRING, ascii,
    named_bits, printable, utf8,
};
use crate::oids;
use crate::profile::Arc;

/// The extensions of a certificate, as far as this house knows them, borrowed from its body.
#[derive(Default)]
pub(super) struct Said<'a> {
    /// Every extension's identifier and whether it is critical.
    pub present: Vec<(ObjectIdentifier, bool)>,
    pub authority_key: Option<&'a [u8]>,
    pub subject_key: Option<&'a [u8]>,
    /// Whether it says that it is an authority, and its path length.
    pub authority: Option<(bool, Option<u8>)>,
    pub key_usage: Option<u16>,
    pub extended_key_usage: Vec<ObjectIdentifier>,
    pub policies: Vec<ObjectIdentifier>,
    pub user_principal_names: Vec<&'a str>,
    pub emails: Vec<&'a str>,
    pub dns_names: Vec<&'a str>,
    /// Access methods, each with an address.
    pub access: Vec<ObjectIdentifier>,
    pub no_check: bool,
    pub card_number: Option<&'a str>,
    pub security_identifier: Option<&'a str>,
}

impl Said<'_> {
    pub fn has(&self, oid: &ObjectIdentifier) -> bool {
        self.present.iter().any(|(present, _)| present == oid)
    }
}

/// Reads the extensions; nothing where the list itself cannot be read. An extension that cannot be
/// read is a finding.
pub(super) fn read<'a>(
    mut extensions: Reader<'a>,
    arc: Arc,
    findings: &mut Findings,
) -> Option<Said<'a>> {
    let mut said = Said {
        present: Vec::with_capacity(12),
        ..Said::default()
    };
    while !extensions.is_empty() {
        let mut extension = Reader::new(extensions.expect(SEQUENCE)?.content);
        let oid = extension.object_identifier()?;
        let critical = extension.flag()?;
        let value = extension.last(OCTET_STRING)?;
        findings.unless(
            !said.has(&oid),
            "RFC 5280 4.2",
            format_args!("extension {oid} stands twice"),
        );
        said.present.push((oid, critical));
        let readable = one(oid, value, arc, &mut said).unwrap_or(false);
        findings.unless(
            readable,
            clause_of(&oid),
            format_args!("extension {oid} does not say anything that may stand there"),
        );
    }
    (!said.present.is_empty()).then_some(said)
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
fn one<'a>(oid: ObjectIdentifier, value: &'a [u8], arc: Arc, said: &mut Said<'a>) -> Option<bool> {
    match oid {
        oids::AUTHORITY_KEY_IDENTIFIER => {
            // Issuer and serial number would tie the certificate to one certificate of its issuer, so
            // the identifier stands alone.
            said.authority_key = Some(Reader::inside(value, SEQUENCE)?.last(0x80)?);
            Some(true)
        }
        oids::SUBJECT_KEY_IDENTIFIER => {
            said.subject_key = Some(Reader::only(value, OCTET_STRING)?);
            Some(true)
        }
        oids::BASIC_CONSTRAINTS => {
            let mut constraints = Reader::inside(value, SEQUENCE)?;
            let authority = constraints.flag()?;
            let length = if constraints.is_next(INTEGER) {
                match constraints.integer()? {
                    [length @ 0..0x80] => Some(*length),
                    _ => return None,
                }
            } else {
                None
            };
            constraints.end()?;
            said.authority = Some((authority, length));
            // RFC 5280 4.2.1.9: no path length but in an authority's certificate.
            Some(authority || length.is_none())
        }
        oids::KEY_USAGE => {
            let bits = named_bits(Reader::only(value, BIT_STRING)?)?;
            said.key_usage = Some(bits);
            Some(bits != 0)
        }
        oids::EXTENDED_KEY_USAGE => {
            let mut list = Reader::inside(value, SEQUENCE)?;
            while !list.is_empty() {
                said.extended_key_usage.push(list.object_identifier()?);
            }
            Some(!said.extended_key_usage.is_empty())
        }
        oids::CERTIFICATE_POLICIES => {
            let mut list = Reader::inside(value, SEQUENCE)?;
            while !list.is_empty() {
                let mut policy = Reader::new(list.expect(SEQUENCE)?.content);
                said.policies.push(policy.object_identifier()?);
                // No qualifiers.
                policy.end()?;
            }
            Some(!said.policies.is_empty())
        }
        oids::SUBJECT_ALT_NAME => alternative_names(value, said),
        oids::CRL_DISTRIBUTION_POINTS => {
            // One point, its full name, one address; no reasons and no other issuer.
            let point = Reader::inside(value, SEQUENCE)?.last(SEQUENCE)?;
            let name = Reader::only(Reader::only(point, 0xa0)?, 0xa0)?;
            address(Reader::new(name))
        }
        oids::AUTHORITY_INFO_ACCESS => {
            let mut list = Reader::inside(value, SEQUENCE)?;
            while !list.is_empty() {
                let mut description = Reader::new(list.expect(SEQUENCE)?.content);
                said.access.push(description.object_identifier()?);
                if !address(description)? {
                    return None;
                }
            }
            Some(!said.access.is_empty())
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
            let number = printable(Reader::only(value, PRINTABLE_STRING)?)?;
            said.card_number = Some(number);
            Some(number.bytes().all(|byte| byte.is_ascii_digit()))
        }
        _ => Some(true),
    }
}

/// Whether what is left is a uniform resource identifier over plain HTTP (RFC 5280 4.2.1.13, 8).
fn address(names: Reader<'_>) -> Option<bool> {
    let uri = ascii(names.last(0x86)?)?;
    Some(
        uri.strip_prefix("http://")
            .is_some_and(|rest| !rest.is_empty()),
    )
}

fn alternative_names<'a>(value: &'a [u8], said: &mut Said<'a>) -> Option<bool> {
    let mut names = Reader::inside(value, SEQUENCE)?;
    if names.is_empty() {
        return Some(false);
    }
    while !names.is_empty() {
        let name = names.next()?;
        match name.tag {
            0xa0 => {
                let mut other = Reader::new(name.content);
                if other.object_identifier()? != oids::USER_PRINCIPAL_NAME {
                    return Some(false);
                }
                let principal = Reader::only(other.last(0xa0)?, UTF8_STRING)?;
                said.user_principal_names.push(utf8(principal)?);
            }
            0x81 => said.emails.push(ascii(name.content)?),
            0x82 => said.dns_names.push(ascii(name.content)?),
            _ => return Some(false),
        }
    }
    Some(true)
}

/// `SEQUENCE { [0] { OID, [0] { OCTET STRING } } }` (MS-WCCE 2.2.2.7.7.4).
fn security_identifier(value: &[u8]) -> Option<&str> {
    let mut other = Reader::new(Reader::inside(value, SEQUENCE)?.last(0xa0)?);
    if other.object_identifier()? != oids::ACCOUNT_SECURITY_IDENTIFIER {
        return None;
    }
    utf8(Reader::only(other.last(0xa0)?, OCTET_STRING)?)
}
