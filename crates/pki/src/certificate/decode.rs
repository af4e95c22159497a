//! Reading a certificate, strictly and with a bounded amount of work.

use std::ops::Range;

use const_oid::ObjectIdentifier;
use der::asn1::{BitStringRef, OctetStringRef, PrintableStringRef, Utf8StringRef};
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged as _};
use x509_cert::ext::Extensions;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies,
    CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, SubjectAltName,
};
use x509_cert::time::Validity;

use super::{BadCertificate, LARGEST};
use crate::key::{PublicKey, SignatureAlgorithm};
use crate::oids;
use crate::serial::Serial;

/// No certificate of a person or an authority needs more; beyond it only an attacker goes.
const MOST_EXTENSIONS: usize = 32;
const MOST_ENTRIES: usize = 32;

pub(super) struct Decoded {
    pub(super) der: Vec<u8>,
    pub(super) tbs: Range<usize>,
    pub(super) signature_algorithm: SignatureAlgorithm,
    pub(super) signature: Vec<u8>,
    pub(super) serial: Serial,
    pub(super) issuer: Vec<u8>,
    pub(super) subject: Vec<u8>,
    pub(super) not_before: i64,
    pub(super) not_after: i64,
    pub(super) public_key: PublicKey,
    pub(super) extensions: Known,
}

/// What the extensions say.
#[derive(Default)]
pub(super) struct Known {
    pub(super) key_usage: Option<u16>,
    pub(super) extended_key_usage: Vec<ObjectIdentifier>,
    pub(super) policies: Vec<ObjectIdentifier>,
    pub(super) user_principal_name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) revocation_list: Option<String>,
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
}

pub(super) fn decode(der: &[u8]) -> Result<Decoded, BadCertificate> {
    if der.len() > LARGEST {
        return Err(BadCertificate::TooLarge);
    }
    let outer = Outer::read(der).map_err(|_| BadCertificate::Malformed)?;
    let fields = Fields::read(outer.tbs).map_err(|_| BadCertificate::Malformed)?;
    if outer.algorithm != fields.algorithm {
        return Err(BadCertificate::AlgorithmsDiffer);
    }
    let signature_algorithm = SignatureAlgorithm::from_identifier(outer.algorithm)
        .ok_or(BadCertificate::UnsupportedAlgorithm)?;
    let end = der.len() - outer.after_tbs;
    Ok(Decoded {
        tbs: end - outer.tbs.len()..end,
        signature_algorithm,
        signature: outer.signature.to_vec(),
        serial: Serial::from_integer_content(fields.serial).map_err(|_| BadCertificate::Serial)?,
        issuer: fields.issuer.to_vec(),
        subject: fields.subject.to_vec(),
        not_before: seconds(fields.validity.not_before),
        not_after: seconds(fields.validity.not_after),
        public_key: PublicKey::from_der(fields.spki).map_err(BadCertificate::Key)?,
        extensions: read_extensions(&fields.extensions)?,
        der: der.to_vec(),
    })
}

fn seconds(time: x509_cert::time::Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
}

/// `Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }`.
struct Outer<'a> {
    tbs: &'a [u8],
    after_tbs: usize,
    algorithm: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Outer<'a> {
    fn read(der: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(der)?;
        let outer = reader.sequence(|reader| {
            let tbs = reader.tlv_bytes()?;
            let after_tbs = usize::try_from(reader.remaining_len())?;
            let algorithm = reader.tlv_bytes()?;
            let signature = BitStringRef::decode(reader)?
                .as_bytes()
                .ok_or_else(|| Tag::BitString.value_error())?;
            Ok::<_, der::Error>(Self {
                tbs,
                after_tbs,
                algorithm,
                signature,
            })
        })?;
        reader.finish()?;
        Ok(outer)
    }
}

/// The fields of `TBSCertificate`, names and key still in DER.
struct Fields<'a> {
    serial: &'a [u8],
    algorithm: &'a [u8],
    issuer: &'a [u8],
    validity: Validity,
    subject: &'a [u8],
    spki: &'a [u8],
    extensions: Extensions,
}

impl<'a> Fields<'a> {
    fn read(tbs: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(tbs)?;
        let fields = reader.sequence(|reader| {
            // Version 3 only: everything this house trusts has extensions.
            let version = reader
                .context_specific::<u8>(TagNumber(0), der::TagMode::Explicit)?
                .ok_or_else(|| Tag::Integer.value_error())?;
            if version != 2 {
                return Err(Tag::Integer.value_error().into());
            }
            let serial = der::asn1::AnyRef::decode(reader)?;
            serial.tag().assert_eq(Tag::Integer)?;
            let algorithm = reader.tlv_bytes()?;
            let issuer = name(reader)?;
            let validity = Validity::decode(reader)?;
            let subject = name(reader)?;
            let spki = reader.tlv_bytes()?;
            // Unique identifiers (RFC 5280 4.1.2.8) are skipped.
            for number in [1, 2] {
                reader.context_specific::<BitStringRef<'_>>(
                    TagNumber(number),
                    der::TagMode::Implicit,
                )?;
            }
            let extensions = reader
                .context_specific::<Extensions>(TagNumber(3), der::TagMode::Explicit)?
                .unwrap_or_default();
            Ok::<_, der::Error>(Self {
                serial: serial.value(),
                algorithm,
                issuer,
                validity,
                subject,
                spki,
                extensions,
            })
        })?;
        reader.finish()?;
        Ok(fields)
    }
}

/// A `Name` that reads as one, in its own bytes.
fn name<'a>(reader: &mut SliceReader<'a>) -> der::Result<&'a [u8]> {
    let bytes = reader.tlv_bytes()?;
    x509_cert::name::Name::from_der(bytes)?;
    Ok(bytes)
}

fn read_extensions(extensions: &Extensions) -> Result<Known, BadCertificate> {
    if extensions.len() > MOST_EXTENSIONS {
        return Err(BadCertificate::TooLarge);
    }
    let mut known = Known::default();
    for (index, extension) in extensions.iter().enumerate() {
        // RFC 5280 4.2: no extension twice.
        let earlier = extensions.iter().take(index);
        if earlier
            .into_iter()
            .any(|other| other.extn_id == extension.extn_id)
        {
            return Err(BadCertificate::Extension);
        }
        let value = extension.extn_value.as_bytes();
        known
            .read(&extension.extn_id, extension.critical, value)
            .map_err(|_| BadCertificate::Extension)?;
    }
    Ok(known)
}

impl Known {
    fn read(&mut self, oid: &ObjectIdentifier, critical: bool, value: &[u8]) -> der::Result<()> {
        match *oid {
            oids::KEY_USAGE => {
                self.key_usage = Some(KeyUsage::from_der(value)?.0.bits());
            }
            oids::EXTENDED_KEY_USAGE => {
                self.extended_key_usage = bounded(ExtendedKeyUsage::from_der(value)?.0)?;
            }
            oids::BASIC_CONSTRAINTS => {
                let constraints = BasicConstraints::from_der(value)?;
                self.is_authority = constraints.ca;
                self.path_length = constraints.path_len_constraint;
            }
            oids::CERTIFICATE_POLICIES => {
                let policies = bounded(CertificatePolicies::from_der(value)?.0)?;
                self.policies = policies
                    .into_iter()
                    .map(|policy| policy.policy_identifier)
                    .collect();
            }
            oids::SUBJECT_ALT_NAME => {
                self.read_names(bounded(SubjectAltName::from_der(value)?.0)?)?;
            }
            oids::SUBJECT_KEY_IDENTIFIER => {
                let identifier = <&OctetStringRef>::from_der(value)?;
                self.subject_key_identifier = Some(identifier.as_bytes().to_vec());
            }
            oids::AUTHORITY_KEY_IDENTIFIER => {
                self.authority_key_identifier = AuthorityKeyIdentifier::from_der(value)?
                    .key_identifier
                    .map(|identifier| identifier.as_bytes().to_vec());
            }
            oids::CRL_DISTRIBUTION_POINTS => {
                let points = bounded(CrlDistributionPoints::from_der(value)?.0)?;
                self.revocation_list = points
                    .into_iter()
                    .filter_map(|point| match point.distribution_point {
                        Some(DistributionPointName::FullName(names)) => Some(names),
                        _ => None,
                    })
                    .flatten()
                    .find_map(address);
            }
            oids::AUTHORITY_INFO_ACCESS => {
                let descriptions = bounded(AuthorityInfoAccessSyntax::from_der(value)?.0)?;
                for description in descriptions {
                    let slot = match description.access_method {
                        oids::ACCESS_OCSP => &mut self.ocsp,
                        oids::ACCESS_CA_ISSUERS => &mut self.issuer_certificate,
                        _ => continue,
                    };
                    if slot.is_none() {
                        *slot = address(description.access_location);
                    }
                }
            }
            oids::OCSP_NO_CHECK => self.ocsp_no_check = true,
            other => {
                self.unknown_critical |= critical;
                if let Ok(text) = PrintableStringRef::from_der(value) {
                    self.texts.push((other, text.as_str().to_owned()));
                }
            }
        }
        Ok(())
    }

    fn read_names(&mut self, names: Vec<GeneralName>) -> der::Result<()> {
        for name in names {
            match name {
                GeneralName::OtherName(other) if other.type_id == oids::USER_PRINCIPAL_NAME => {
                    let principal: Utf8StringRef<'_> = other.value.decode_as()?;
                    self.user_principal_name
                        .get_or_insert_with(|| principal.as_str().to_owned());
                }
                GeneralName::Rfc822Name(email) => {
                    self.email.get_or_insert_with(|| email.as_str().to_owned());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn address(name: GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(uri) => Some(uri.as_str().to_owned()),
        _ => None,
    }
}

/// At least one entry (each of these lists is `SIZE (1..MAX)`) and not more than the budget.
fn bounded<T>(list: Vec<T>) -> der::Result<Vec<T>> {
    if list.is_empty() || list.len() > MOST_ENTRIES {
        return Err(der::ErrorKind::Failed.into());
    }
    Ok(list)
}
