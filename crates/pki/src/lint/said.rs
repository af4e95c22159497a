//! What a certificate says in its extensions.

use smallvec::SmallVec;

use super::Findings;
use super::reader::{
    BIT_STRING, INTEGER, OCTET_STRING, Oid, PRINTABLE_STRING, Reader, SEQUENCE, UTF8_STRING, ascii,
    named_bits, printable, utf8,
};
use crate::oids;
use crate::profile::Arc;

/// The extensions this house knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    AuthorityKeyIdentifier,
    SubjectKeyIdentifier,
    BasicConstraints,
    KeyUsage,
    ExtendedKeyUsage,
    Policies,
    AlternativeName,
    DistributionPoints,
    InformationAccess,
    NoCheck,
    SecurityIdentifier,
    CardNumber,
    /// One that has no place in any certificate of ours.
    Unknown,
}

impl Kind {
    pub const KNOWN: [Self; 12] = [
        Self::AuthorityKeyIdentifier,
        Self::SubjectKeyIdentifier,
        Self::BasicConstraints,
        Self::KeyUsage,
        Self::ExtendedKeyUsage,
        Self::Policies,
        Self::AlternativeName,
        Self::DistributionPoints,
        Self::InformationAccess,
        Self::NoCheck,
        Self::SecurityIdentifier,
        Self::CardNumber,
    ];

    fn of(oid: Oid<'_>, arc: &Arc) -> Self {
        match oid.0 {
            // id-ce, 2.5.29
            [0x55, 0x1d, 35] => Self::AuthorityKeyIdentifier,
            [0x55, 0x1d, 14] => Self::SubjectKeyIdentifier,
            [0x55, 0x1d, 19] => Self::BasicConstraints,
            [0x55, 0x1d, 15] => Self::KeyUsage,
            [0x55, 0x1d, 37] => Self::ExtendedKeyUsage,
            [0x55, 0x1d, 32] => Self::Policies,
            [0x55, 0x1d, 17] => Self::AlternativeName,
            [0x55, 0x1d, 31] => Self::DistributionPoints,
            _ if oid.is(&oids::AUTHORITY_INFO_ACCESS) => Self::InformationAccess,
            _ if oid.is(&oids::OCSP_NO_CHECK) => Self::NoCheck,
            _ if oid.is(&oids::SECURITY_IDENTIFIER) => Self::SecurityIdentifier,
            _ if oid.is(&arc.card_number()) => Self::CardNumber,
            _ => Self::Unknown,
        }
    }

    /// Its name in the texts of findings.
    pub fn name(self) -> &'static str {
        match self {
            Self::AuthorityKeyIdentifier => "authorityKeyIdentifier",
            Self::SubjectKeyIdentifier => "subjectKeyIdentifier",
            Self::BasicConstraints => "basicConstraints",
            Self::KeyUsage => "keyUsage",
            Self::ExtendedKeyUsage => "extKeyUsage",
            Self::Policies => "certificatePolicies",
            Self::AlternativeName => "subjectAltName",
            Self::DistributionPoints => "cRLDistributionPoints",
            Self::InformationAccess => "authorityInfoAccess",
            Self::NoCheck => "ocsp-nocheck",
            Self::SecurityIdentifier => "security identifier",
            Self::CardNumber => "card number",
            Self::Unknown => "unknown",
        }
    }

    /// The clause that its content is bound by.
    pub fn clause(self) -> &'static str {
        match self {
            Self::AuthorityKeyIdentifier => "RFC 5280 4.2.1.1",
            Self::SubjectKeyIdentifier => "RFC 5280 4.2.1.2",
            Self::KeyUsage => "RFC 5280 4.2.1.3",
            Self::Policies => "RFC 5280 4.2.1.4",
            Self::AlternativeName => "RFC 5280 4.2.1.6",
            Self::BasicConstraints => "RFC 5280 4.2.1.9",
            Self::ExtendedKeyUsage => "RFC 5280 4.2.1.12",
            Self::DistributionPoints => "RFC 5280 4.2.1.13",
            Self::InformationAccess => "RFC 5280 4.2.2.1",
            Self::NoCheck => "RFC 6960 4.2.2.2.1",
            Self::SecurityIdentifier => "MS-WCCE 2.2.2.7.7.4",
            Self::CardNumber | Self::Unknown => super::PROFILE,
        }
    }
}

/// The extensions of a certificate, as far as this house knows them, borrowed from its body. What a certificate usually has takes
/// no memory of its own.
#[derive(Default)]
pub(super) struct Said<'a> {
    /// The kinds of extensions there are, a bit each.
    kinds: u16,
    /// Those of them that are critical.
    critical: u16,
    /// The extensions that have no place in any certificate of ours.
    pub unknown: SmallVec<[Oid<'a>; 1]>,
    pub authority_key: Option<&'a [u8]>,
    pub subject_key: Option<&'a [u8]>,
    /// Whether it says that it is an authority, and its path length.
    pub authority: Option<(bool, Option<u8>)>,
    pub key_usage: Option<u16>,
    pub extended_key_usage: SmallVec<[Oid<'a>; 4]>,
    pub policies: SmallVec<[Oid<'a>; 4]>,
    pub user_principal_names: SmallVec<[&'a str; 1]>,
    pub emails: SmallVec<[&'a str; 1]>,
    pub dns_names: SmallVec<[&'a str; 2]>,
    /// Access methods, each with an address.
    pub access: SmallVec<[Oid<'a>; 2]>,
    pub no_check: bool,
    pub card_number: Option<&'a str>,
    pub security_identifier: Option<&'a str>,
}

impl Kind {
    fn bit(self) -> u16 {
        1 << self as u8
    }
}

impl Said<'_> {
    pub fn has(&self, kind: Kind) -> bool {
        self.kinds & kind.bit() != 0
    }

    pub fn is_critical(&self, kind: Kind) -> bool {
        self.critical & kind.bit() != 0
    }
}

/// Reads the extensions into `said`, which says nothing yet; nothing where the list itself cannot be read. An extension that
/// cannot be read is a finding.
pub(super) fn read<'a>(
    mut extensions: Reader<'a>,
    arc: &Arc,
    said: &mut Said<'a>,
    findings: &mut Findings,
) -> Option<()> {
    while !extensions.is_empty() {
        let mut extension = Reader::new(extensions.expect(SEQUENCE)?.content);
        let oid = extension.object_identifier()?;
        let critical = extension.flag()?;
        let value = extension.last(OCTET_STRING)?;
        let kind = Kind::of(oid, arc);
        let again = if kind == Kind::Unknown {
            said.unknown.contains(&oid)
        } else {
            said.has(kind)
        };
        findings.unless(
            !again,
            "RFC 5280 4.2",
            format_args!("extension {oid} stands twice"),
        );
        if kind == Kind::Unknown {
            said.unknown.push(oid);
        }
        said.kinds |= kind.bit();
        if critical {
            said.critical |= kind.bit();
        }
        let readable = one(kind, value, said).unwrap_or(false);
        findings.unless(
            readable,
            kind.clause(),
            format_args!("extension {oid} does not say anything that may stand there"),
        );
    }
    (said.kinds != 0).then_some(())
}

/// Notes what one extension says. `Some(false)` and `None` are for what may not stand there; an
/// extension that is not known here is noted by its identifier alone.
fn one<'a>(kind: Kind, value: &'a [u8], said: &mut Said<'a>) -> Option<bool> {
    match kind {
        Kind::AuthorityKeyIdentifier => {
            // Issuer and serial number would tie the certificate to one certificate of its issuer, so
            // the identifier stands alone.
            said.authority_key = Some(Reader::inside(value, SEQUENCE)?.last(0x80)?);
            Some(true)
        }
        Kind::SubjectKeyIdentifier => {
            said.subject_key = Some(Reader::only(value, OCTET_STRING)?);
            Some(true)
        }
        Kind::BasicConstraints => {
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
        Kind::KeyUsage => {
            let bits = named_bits(Reader::only(value, BIT_STRING)?)?;
            said.key_usage = Some(bits);
            Some(bits != 0)
        }
        Kind::ExtendedKeyUsage => {
            let mut list = Reader::inside(value, SEQUENCE)?;
            while !list.is_empty() {
                said.extended_key_usage.push(list.object_identifier()?);
            }
            Some(!said.extended_key_usage.is_empty())
        }
        Kind::Policies => {
            let mut list = Reader::inside(value, SEQUENCE)?;
            while !list.is_empty() {
                let mut policy = Reader::new(list.expect(SEQUENCE)?.content);
                said.policies.push(policy.object_identifier()?);
                // No qualifiers.
                policy.end()?;
            }
            Some(!said.policies.is_empty())
        }
        Kind::AlternativeName => alternative_names(value, said),
        Kind::DistributionPoints => {
            // One point, its full name, one address; no reasons and no other issuer.
            let point = Reader::inside(value, SEQUENCE)?.last(SEQUENCE)?;
            let name = Reader::only(Reader::only(point, 0xa0)?, 0xa0)?;
            address(Reader::new(name))
        }
        Kind::InformationAccess => {
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
        Kind::NoCheck => {
            said.no_check = true;
            Some(value == [5, 0])
        }
        Kind::SecurityIdentifier => {
            said.security_identifier = Some(security_identifier(value)?);
            Some(true)
        }
        Kind::CardNumber => {
            let number = printable(Reader::only(value, PRINTABLE_STRING)?)?;
            said.card_number = Some(number);
            Some(number.bytes().all(|byte| byte.is_ascii_digit()))
        }
        Kind::Unknown => Some(true),
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
                if !other.object_identifier()?.is(&oids::USER_PRINCIPAL_NAME) {
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
    if !other
        .object_identifier()?
        .is(&oids::ACCOUNT_SECURITY_IDENTIFIER)
    {
        return None;
    }
    utf8(Reader::only(other.last(0xa0)?, OCTET_STRING)?)
}
