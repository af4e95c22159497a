//! What the extensions of a certificate say (RFC 5280 4.2), read once and without copies where a copy
//! is not kept.

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, OctetStringRef, PrintableStringRef};
use der::{Decode, Reader, SliceReader, Tag, Tagged as _};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, PolicyConstraints};

use super::general_name::{Elements, GeneralName, content, explicit, sequence};
use super::subtree::NameConstraints;
use super::{BadCertificate, Fault};
use crate::oids;
use crate::profile::key_usage;

/// No certificate of a person or an authority needs more; beyond it only an attacker goes.
const MOST_EXTENSIONS: usize = 32;
const MOST_ENTRIES: usize = 32;
/// Servers of large services have a hundred and more.
const MOST_NAMES: usize = 1_024;

/// What the extensions say.
#[derive(Default)]
pub(super) struct Known {
    pub(super) key_usage: Option<u16>,
    pub(super) extended_key_usage: Vec<ObjectIdentifier>,
    pub(super) policies: Vec<ObjectIdentifier>,
    /// Issuer's domain first, subject's domain second.
    pub(super) policy_mappings: Vec<(ObjectIdentifier, ObjectIdentifier)>,
    pub(super) require_explicit_policy: Option<u32>,
    pub(super) inhibit_policy_mapping: Option<u32>,
    pub(super) inhibit_any_policy: Option<u32>,
    pub(super) name_constraints: Option<Box<NameConstraints>>,
    /// The content of the alternative names, each of which can be read.
    pub(super) alternative_names: Vec<u8>,
    pub(super) user_principal_name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) revocation_lists: Vec<String>,
    pub(super) ocsp: Option<String>,
    pub(super) issuer_certificate: Option<String>,
    pub(super) is_authority: bool,
    pub(super) path_length: Option<u8>,
    pub(super) subject_key_identifier: Option<Vec<u8>>,
    pub(super) authority_key_identifier: Option<Vec<u8>>,
    pub(super) ocsp_no_check: bool,
    pub(super) unknown_critical: bool,
    /// Extensions of unknown kinds whose value is a PrintableString: card numbers are.
    pub(super) texts: Vec<(ObjectIdentifier, String)>,
    has_alternative_names: Option<Critical>,
    has_policy_constraints: bool,
    fault: Option<Fault>,
}

type Critical = bool;

impl Known {
    /// Reads the content of the list.
    pub(super) fn read(list: &[u8]) -> Result<Self, BadCertificate> {
        let mut known = Self::default();
        let mut seen: Vec<&[u8]> = Vec::with_capacity(12);
        for extension in Elements::of(list) {
            let extension = extension.map_err(|_| BadCertificate::Malformed)?;
            let (name, critical, value) =
                parts(extension).map_err(|_| BadCertificate::Malformed)?;
            if seen.len() == MOST_EXTENSIONS {
                return Err(BadCertificate::TooLarge);
            }
            // RFC 5280 4.2: no extension twice.
            if seen.contains(&name) {
                return Err(BadCertificate::Extension);
            }
            seen.push(name);
            let read = ObjectIdentifier::from_bytes(name)
                .map_err(der::Error::from)
                .and_then(|oid| known.read_one(oid, critical, value));
            match read {
                Ok(()) => {}
                Err(error) if error.kind() == der::ErrorKind::Overlength => {
                    return Err(BadCertificate::TooLarge);
                }
                Err(_) => return Err(BadCertificate::Extension),
            }
        }
        Ok(known)
    }

    fn read_one(&mut self, oid: ObjectIdentifier, critical: bool, value: &[u8]) -> der::Result<()> {
        match oid {
            oids::KEY_USAGE => {
                self.key_usage = Some(KeyUsage::from_der(value)?.0.bits());
            }
            oids::EXTENDED_KEY_USAGE => {
                self.extended_key_usage = list(value, MOST_ENTRIES, |usage| usage.decode_as())?;
            }
            oids::BASIC_CONSTRAINTS => {
                let constraints = BasicConstraints::from_der(value)?;
                self.is_authority = constraints.ca;
                self.path_length = constraints.path_len_constraint;
                self.unless(
                    if constraints.ca {
                        critical
                    } else {
                        constraints.path_len_constraint.is_none()
                    },
                    Fault::BasicConstraints,
                );
            }
            oids::SUBJECT_ALT_NAME => self.read_names(value, critical)?,
            oids::SUBJECT_KEY_IDENTIFIER => {
                self.unless(!critical, Fault::CriticalKeyIdentifier);
                let identifier = <&OctetStringRef>::from_der(value)?;
                self.subject_key_identifier = Some(identifier.as_bytes().to_vec());
            }
            oids::AUTHORITY_KEY_IDENTIFIER => {
                self.unless(!critical, Fault::CriticalKeyIdentifier);
                self.read_issuer_key(value)?;
            }
            oids::CRL_DISTRIBUTION_POINTS => {
                self.revocation_lists = distribution_points(value)?;
            }
            oids::AUTHORITY_INFO_ACCESS => {
                self.unless(!critical, Fault::CriticalAddresses);
                self.read_addresses(value)?;
            }
            oids::OCSP_NO_CHECK => self.ocsp_no_check = true,
            oids::NAME_CONSTRAINTS => {
                let constraints = NameConstraints::read(value)?;
                self.unless(critical && constraints.is_some(), Fault::NameConstraints);
                self.name_constraints = constraints.map(Box::new);
            }
            _ => self.read_policies_or_unknown(oid, critical, value)?,
        }
        Ok(())
    }

    fn read_policies_or_unknown(
        &mut self,
        oid: ObjectIdentifier,
        critical: bool,
        value: &[u8],
    ) -> der::Result<()> {
        match oid {
            oids::CERTIFICATE_POLICIES => {
                self.policies = list(value, MOST_ENTRIES, policy)?;
                let twice =
                    |(place, policy)| self.policies.iter().take(place).any(|one| one == policy);
                let twice = self.policies.iter().enumerate().any(twice);
                self.unless(!twice, Fault::Policies);
            }
            oids::POLICY_MAPPINGS => {
                self.policy_mappings = list(value, MOST_ENTRIES, |pair| {
                    let mut reader = SliceReader::new(content(pair, Tag::Sequence)?)?;
                    let pair = (Decode::decode(&mut reader)?, Decode::decode(&mut reader)?);
                    reader.finish()?;
                    Ok(pair)
                })?;
                // RFC 5280 6.1.4 (a): any policy is mapped neither from nor to.
                let any =
                    |(from, to): &(_, _)| *from == oids::ANY_POLICY || *to == oids::ANY_POLICY;
                self.unless(!self.policy_mappings.iter().any(any), Fault::Policies);
            }
            oids::POLICY_CONSTRAINTS => {
                let constraints = PolicyConstraints::from_der(value)?;
                self.require_explicit_policy = constraints.require_explicit_policy;
                self.inhibit_policy_mapping = constraints.inhibit_policy_mapping;
                self.has_policy_constraints = true;
                let empty = constraints.require_explicit_policy.is_none()
                    && constraints.inhibit_policy_mapping.is_none();
                self.unless(critical && !empty, Fault::Policies);
            }
            oids::INHIBIT_ANY_POLICY => {
                self.inhibit_any_policy = Some(u32::from_der(value)?);
                self.unless(critical, Fault::Policies);
            }
            other => {
                self.unknown_critical |= critical;
                if let Ok(text) = PrintableStringRef::from_der(value) {
                    self.texts.push((other, text.as_str().to_owned()));
                }
            }
        }
        Ok(())
    }

    fn read_names(&mut self, value: &[u8], critical: bool) -> der::Result<()> {
        let names = sequence(value)?;
        let mut count = 0;
        for name in Elements::of(names) {
            count += 1;
            if count > MOST_NAMES {
                return Err(der::ErrorKind::Overlength.into());
            }
            let name = GeneralName::read(name?)?;
            self.unless(name.is_well_written(), Fault::AlternativeName);
            match name {
                GeneralName::Principal(principal) => {
                    self.user_principal_name
                        .get_or_insert_with(|| principal.to_owned());
                }
                GeneralName::Mail(email) => {
                    self.email.get_or_insert_with(|| email.to_owned());
                }
                _ => {}
            }
        }
        if count == 0 {
            return Err(Tag::Sequence.value_error().into());
        }
        self.alternative_names = names.to_vec();
        self.has_alternative_names = Some(critical);
        Ok(())
    }

    /// `AuthorityKeyIdentifier`: a key identifier, and perhaps issuer and serial number together.
    fn read_issuer_key(&mut self, value: &[u8]) -> der::Result<()> {
        let mut next = 0;
        let mut present = [false; 3];
        for field in Elements::of(sequence(value)?) {
            let field = field?;
            let Tag::ContextSpecific { number, .. } = field.tag() else {
                return Err(field.tag().value_error().into());
            };
            let number = number.value();
            let slot = usize::try_from(number)
                .ok()
                .and_then(|slot| present.get_mut(slot));
            match slot {
                Some(slot) if number >= next => *slot = true,
                _ => return Err(field.tag().value_error().into()),
            }
            next = number + 1;
            if number == 0 {
                self.authority_key_identifier = Some(field.value().to_vec());
            }
        }
        let [key, issuer, serial] = present;
        self.unless(key && issuer == serial, Fault::AuthorityKeyIdentifier);
        Ok(())
    }

    fn read_addresses(&mut self, value: &[u8]) -> der::Result<()> {
        let descriptions = list(value, MOST_ENTRIES, |description| {
            let mut reader = SliceReader::new(content(description, Tag::Sequence)?)?;
            let method = ObjectIdentifier::decode(&mut reader)?;
            let location = GeneralName::read(AnyRef::decode(&mut reader)?)?;
            reader.finish()?;
            Ok((method, location))
        })?;
        for (method, location) in descriptions {
            let slot = match method {
                oids::ACCESS_OCSP => &mut self.ocsp,
                oids::ACCESS_CA_ISSUERS => &mut self.issuer_certificate,
                _ => continue,
            };
            if let (None, GeneralName::Uri(address)) = (&slot, location) {
                *slot = Some(address.to_owned());
            }
        }
        Ok(())
    }

    fn unless(&mut self, holds: bool, fault: Fault) {
        if !holds {
            self.fault.get_or_insert(fault);
        }
    }

    /// The first fault of the extensions, alone or against the names of the certificate.
    pub(super) fn fault_of(&self, issuer: &[u8], subject: &[u8]) -> Option<Fault> {
        const EMPTY: &[u8] = &[0x30, 0];
        let self_issued = issuer == subject;
        let signs_certificates = self
            .key_usage
            .map(|bits| bits & key_usage::KEY_CERT_SIGN != 0);
        let faults = [
            (issuer == EMPTY, Fault::EmptyIssuer),
            (subject == EMPTY && self.is_authority, Fault::EmptySubject),
            // 4.2.1.6: with an empty subject the alternative names are the only name.
            (
                subject == EMPTY && self.has_alternative_names != Some(true),
                Fault::AlternativeName,
            ),
            (
                self.is_authority && self.subject_key_identifier.is_none(),
                Fault::SubjectKeyIdentifier,
            ),
            // A missing key usage allows everything (4.2.1.3).
            (
                signs_certificates.is_some_and(|signs| signs != self.is_authority),
                Fault::KeyUsage,
            ),
            (
                self.name_constraints.is_some() && !self.is_authority,
                Fault::NameConstraints,
            ),
            (
                (self.has_policy_constraints || !self.policy_mappings.is_empty())
                    && !self.is_authority,
                Fault::Policies,
            ),
            // 4.2.1.1: only who signed itself need not say with which key.
            (
                self.authority_key_identifier.is_none() && !self_issued,
                Fault::MissingAuthorityKeyIdentifier,
            ),
        ];
        self.fault.or_else(|| {
            faults
                .into_iter()
                .find_map(|(broken, fault)| broken.then_some(fault))
        })
    }
}

/// `Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }`.
fn parts(extension: AnyRef<'_>) -> der::Result<(&[u8], bool, &[u8])> {
    let mut reader = SliceReader::new(content(extension, Tag::Sequence)?)?;
    let name = content(AnyRef::decode(&mut reader)?, Tag::ObjectIdentifier)?;
    let critical = if Tag::peek(&reader)? == Tag::Boolean {
        // DER leaves a default out (X.690 11.5).
        if !bool::decode(&mut reader)? {
            return Err(Tag::Boolean.value_error().into());
        }
        true
    } else {
        false
    };
    let value = content(AnyRef::decode(&mut reader)?, Tag::OctetString)?;
    reader.finish()?;
    Ok((name, critical, value))
}

/// A `SEQUENCE SIZE (1..most) OF`.
fn list<'a, T>(
    der: &'a [u8],
    most: usize,
    mut read: impl FnMut(AnyRef<'a>) -> der::Result<T>,
) -> der::Result<Vec<T>> {
    let mut entries = Vec::with_capacity(4);
    for entry in Elements::of(sequence(der)?) {
        if entries.len() == most {
            return Err(der::ErrorKind::Overlength.into());
        }
        entries.push(read(entry?)?);
    }
    if entries.is_empty() {
        return Err(Tag::Sequence.value_error().into());
    }
    Ok(entries)
}

/// `PolicyInformation`; qualifiers are for people to read and are skipped.
fn policy(information: AnyRef<'_>) -> der::Result<ObjectIdentifier> {
    let mut reader = SliceReader::new(content(information, Tag::Sequence)?)?;
    let policy = ObjectIdentifier::decode(&mut reader)?;
    if !reader.is_finished() {
        content(AnyRef::decode(&mut reader)?, Tag::Sequence)?;
    }
    reader.finish()?;
    Ok(policy)
}

/// The addresses of the lists that the issuer itself keeps about all reasons (RFC 5280 4.2.1.13).
fn distribution_points(der: &[u8]) -> der::Result<Vec<String>> {
    let mut addresses = Vec::new();
    let points = list(der, MOST_ENTRIES, |point| content(point, Tag::Sequence))?;
    for point in points {
        let mut found = Vec::new();
        let mut whole = true;
        for field in Elements::of(point) {
            let field = field?;
            if field.tag() != explicit(0) {
                // Some reasons only, or another issuer's list.
                whole = false;
                continue;
            }
            let name = AnyRef::try_from(field.value())?;
            if name.tag() == explicit(0) {
                for name in Elements::of(name.value()) {
                    if let GeneralName::Uri(address) = GeneralName::read(name?)? {
                        found.push(address.to_owned());
                    }
                }
            }
        }
        if whole {
            addresses.append(&mut found);
        }
    }
    Ok(addresses)
}
