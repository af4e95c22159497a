//! X.509 certificates (RFC 5280): reading those of others, signing our own.

mod decode;
mod extensions;
mod fault;
pub(crate) mod general_name;
mod sign;
pub(crate) mod subtree;
mod text;

use std::fmt;
use std::sync::Arc as Shared;

use const_oid::ObjectIdentifier;
use der::pem::{LineEnding, PemLabel as _};

pub use fault::Fault;
pub use sign::{SignError, sign, sign_der};

use self::general_name::{Elements, GeneralName};
use self::subtree::NameConstraints;
use crate::digest::sha256;
use crate::key::{KeyError, PublicKey, SignatureAlgorithm};
use crate::profile::Arc;
use crate::serial::Serial;

/// Larger certificates are refused unread; ours are under 2 KiB.
pub const LARGEST: usize = 32 * 1_024;

/// A well-formed version 3 certificate with a key and a signature algorithm of accepted kinds. Being
/// well-formed says nothing about trust: see [`crate::chain`]. Cheap to clone.
#[derive(Clone)]
pub struct Certificate {
    inner: Shared<decode::Decoded>,
}

/// Bytes that are no certificate we can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadCertificate {
    /// Longer than [`LARGEST`], or with more extensions or names than the work budget allows.
    #[error("the certificate is too large")]
    TooLarge,
    /// Not DER, or not an X.509 version 3 certificate.
    #[error("not a well-formed certificate")]
    Malformed,
    /// Not one PEM block labelled CERTIFICATE.
    #[error("not a certificate in PEM form")]
    Pem,
    /// The inner and the outer signature algorithm differ (RFC 5280 4.1.1.2).
    #[error("the certificate names two different signature algorithms")]
    AlgorithmsDiffer,
    /// Signed with an algorithm that is not accepted.
    #[error("the certificate is signed with an algorithm that is not accepted")]
    UnsupportedAlgorithm,
    /// A public key that is not accepted.
    #[error("the certificate's key is not accepted")]
    Key(#[source] KeyError),
    /// A serial number that is zero, negative or too long.
    #[error("the certificate's serial number is not acceptable")]
    Serial,
    /// The same extension twice (RFC 5280 4.2), or one that cannot be read.
    #[error("an extension of the certificate cannot be read")]
    Extension,
}

impl Certificate {
    /// Reads a DER certificate.
    ///
    /// # Errors
    /// [`BadCertificate`].
    pub fn from_der(der: &[u8]) -> Result<Self, BadCertificate> {
        Ok(Self {
            inner: Shared::new(decode::decode(der)?),
        })
    }

    /// Reads one PEM block labelled `CERTIFICATE` (RFC 7468 5).
    ///
    /// # Errors
    /// [`BadCertificate`].
    pub fn from_pem(pem: &str) -> Result<Self, BadCertificate> {
        if pem.len() > 2 * LARGEST {
            return Err(BadCertificate::TooLarge);
        }
        let (label, der) =
            der::pem::decode_vec(pem.trim().as_bytes()).map_err(|_| BadCertificate::Pem)?;
        if label != x509_cert::Certificate::PEM_LABEL {
            return Err(BadCertificate::Pem);
        }
        Self::from_der(&der)
    }

    /// The certificate byte for byte.
    pub fn der(&self) -> &[u8] {
        &self.inner.der
    }

    /// One PEM block with a newline at the end.
    pub fn to_pem(&self) -> String {
        // Encoding fails only for a label that is not text, and this one is constant.
        der::pem::encode_string(
            x509_cert::Certificate::PEM_LABEL,
            LineEnding::LF,
            &self.inner.der,
        )
        .unwrap_or_default()
    }

    /// The signed part, as it stands in [`der`](Self::der).
    pub fn tbs(&self) -> &[u8] {
        self.inner
            .der
            .get(self.inner.tbs.clone())
            .unwrap_or_default()
    }

    /// The signature, in X.509 form.
    pub fn signature(&self) -> &[u8] {
        &self.inner.signature
    }

    /// The algorithm the issuer signed with.
    pub fn signature_algorithm(&self) -> SignatureAlgorithm {
        self.inner.signature_algorithm
    }

    /// The serial number.
    pub fn serial(&self) -> Serial {
        self.inner.serial
    }

    /// The DER `Name` of the subject.
    pub fn subject_der(&self) -> &[u8] {
        &self.inner.subject
    }

    /// The DER `Name` of the issuer.
    pub fn issuer_der(&self) -> &[u8] {
        &self.inner.issuer
    }

    /// The subject for people to read, in encoded order: `C=SE, O=…, CN=…`. Not for comparing.
    pub fn subject_text(&self) -> String {
        text::readable(&self.inner.subject)
    }

    /// The issuer for people to read.
    pub fn issuer_text(&self) -> String {
        text::readable(&self.inner.issuer)
    }

    /// The first value of one subject attribute (see [`crate::oids`]).
    pub fn subject_attribute(&self, attribute: &ObjectIdentifier) -> Option<String> {
        text::attribute(&self.inner.subject, attribute)
    }

    /// The subject's public key.
    pub fn public_key(&self) -> &PublicKey {
        &self.inner.public_key
    }

    /// First second of validity, unix seconds.
    pub fn not_before(&self) -> i64 {
        self.inner.not_before
    }

    /// Last second of validity, unix seconds (RFC 5280 4.1.2.5: inclusive).
    pub fn not_after(&self) -> i64 {
        self.inner.not_after
    }

    /// Whether `now` (unix seconds) lies within the validity, ends included.
    pub fn is_valid_at(&self, now: i64) -> bool {
        (self.inner.not_before..=self.inner.not_after).contains(&now)
    }

    /// Key usage bits (see [`crate::profile::key_usage`]); nothing when the extension is missing.
    pub fn key_usage(&self) -> Option<u16> {
        self.inner.extensions.key_usage
    }

    /// Extended key usages, empty when the extension is missing.
    pub fn extended_key_usage(&self) -> &[ObjectIdentifier] {
        &self.inner.extensions.extended_key_usage
    }

    /// Certificate policies in their order, empty when the extension is missing.
    pub fn policies(&self) -> &[ObjectIdentifier] {
        &self.inner.extensions.policies
    }

    /// The user principal name from the alternative names.
    pub fn user_principal_name(&self) -> Option<&str> {
        self.inner.extensions.user_principal_name.as_deref()
    }

    /// The first e-mail address from the alternative names.
    pub fn email(&self) -> Option<&str> {
        self.inner.extensions.email.as_deref()
    }

    /// The card number from the extension under `arc`.
    pub fn card_number(&self, arc: &Arc) -> Option<&str> {
        let wanted = arc.card_number();
        let found = self
            .inner
            .extensions
            .texts
            .iter()
            .find(|(oid, _)| *oid == wanted);
        found.map(|(_, text)| text.as_str())
    }

    /// The level of assurance that the policies say under `arc`, the higher if there are both.
    pub fn loa(&self, arc: &Arc) -> Option<crate::profile::Loa> {
        use crate::profile::Loa;
        [Loa::Three, Loa::Two]
            .into_iter()
            .find(|loa| self.policies().contains(&arc.loa(*loa)))
    }

    /// What the subject's serialNumber is, as the policies say it under `arc`.
    pub fn identity_type(&self, arc: &Arc) -> Option<crate::profile::IdentityType> {
        use crate::profile::IdentityType;
        [IdentityType::HsaId, IdentityType::PersonalNumber]
            .into_iter()
            .find(|kind| self.policies().contains(&arc.identity_type(*kind)))
    }

    /// Where the issuer's revocation list is, the first address given.
    pub fn revocation_list_address(&self) -> Option<&str> {
        self.revocation_list_addresses().next()
    }

    /// Where the issuer's own revocation lists about all reasons are, every address given.
    pub fn revocation_list_addresses(&self) -> impl Iterator<Item = &str> {
        let addresses = &self.inner.extensions.revocation_lists;
        addresses.iter().map(String::as_str)
    }

    /// Where the issuer's OCSP responder is.
    pub fn ocsp_address(&self) -> Option<&str> {
        self.inner.extensions.ocsp.as_deref()
    }

    /// Where the issuer's certificate is.
    pub fn issuer_certificate_address(&self) -> Option<&str> {
        self.inner.extensions.issuer_certificate.as_deref()
    }

    /// Whether the subject may sign certificates: basic constraints say so and key usage allows it.
    pub fn is_authority(&self) -> bool {
        self.inner.extensions.is_authority
            && self
                .key_usage()
                .is_none_or(|bits| bits & crate::profile::key_usage::KEY_CERT_SIGN != 0)
    }

    /// How many further authorities may stand below this one; nothing means no limit.
    pub fn path_length(&self) -> Option<u8> {
        self.inner.extensions.path_length
    }

    /// The subject key identifier extension.
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.inner.extensions.subject_key_identifier.as_deref()
    }

    /// The key identifier of the authority key identifier extension.
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.inner.extensions.authority_key_identifier.as_deref()
    }

    /// What objects signed by this certificate carry as authority key identifier: its subject key
    /// identifier, or the identifier computed from its key when it has none.
    pub fn issuing_key_identifier(&self) -> &[u8] {
        self.subject_key_identifier()
            .unwrap_or_else(|| self.inner.public_key.key_identifier_bytes())
    }

    /// Whether there is a critical extension that this crate does not process; such a certificate
    /// must be rejected (RFC 5280 4.2).
    pub fn has_unknown_critical_extension(&self) -> bool {
        self.inner.extensions.unknown_critical
    }

    /// Where the certificate breaks the profile of RFC 5280 4, if it does. No path goes over such a
    /// certificate.
    pub fn fault(&self) -> Option<Fault> {
        self.inner.fault
    }

    /// The alternative names in their order.
    pub(crate) fn alternative_names(&self) -> impl Iterator<Item = GeneralName<'_>> {
        // Each was read once already, so none is lost here.
        Elements::of(&self.inner.extensions.alternative_names)
            .filter_map(|name| GeneralName::read(name.ok()?).ok())
    }

    /// The names that certificates below this one must have (RFC 5280 4.2.1.10).
    pub(crate) fn name_constraints(&self) -> Option<&NameConstraints> {
        self.inner.extensions.name_constraints.as_deref()
    }

    /// Policy mappings: the issuer's domain first, the subject's second (RFC 5280 4.2.1.5).
    pub(crate) fn policy_mappings(&self) -> &[(ObjectIdentifier, ObjectIdentifier)] {
        &self.inner.extensions.policy_mappings
    }

    /// After how many more certificates a policy must hold (RFC 5280 4.2.1.11).
    pub(crate) fn require_explicit_policy(&self) -> Option<u32> {
        self.inner.extensions.require_explicit_policy
    }

    /// After how many more certificates nothing is mapped (RFC 5280 4.2.1.11).
    pub(crate) fn inhibit_policy_mapping(&self) -> Option<u32> {
        self.inner.extensions.inhibit_policy_mapping
    }

    /// After how many more certificates any policy means none (RFC 5280 4.2.1.14).
    pub(crate) fn inhibit_any_policy(&self) -> Option<u32> {
        self.inner.extensions.inhibit_any_policy
    }

    /// Whether the certificate says that its revocation need not be checked (RFC 6960 4.2.2.2.1).
    pub fn has_ocsp_no_check(&self) -> bool {
        self.inner.extensions.ocsp_no_check
    }

    /// Whether subject and issuer are the same name.
    pub fn is_self_issued(&self) -> bool {
        self.inner.subject == self.inner.issuer
    }

    /// Whether `issuer` signed this certificate: names and key identifiers match and the signature
    /// verifies. Says nothing of validity, usage or trust.
    pub fn is_signed_by(&self, issuer: &Certificate) -> bool {
        self.names_as_issuer(issuer)
            && issuer
                .public_key()
                .verify(self.signature_algorithm(), self.tbs(), self.signature())
                .is_ok()
    }

    /// Whether name and key identifier point to `issuer` (RFC 5280 6.1.3 (a)(4), 4.2.1.1).
    pub(crate) fn names_as_issuer(&self, issuer: &Certificate) -> bool {
        let names = self.inner.issuer == issuer.inner.subject;
        let keys = match (
            self.authority_key_identifier(),
            issuer.subject_key_identifier(),
        ) {
            (Some(wanted), Some(given)) => wanted == given,
            _ => true,
        };
        names && keys
    }

    /// SHA-256 of the whole certificate.
    pub fn fingerprint_sha256(&self) -> [u8; 32] {
        sha256(&self.inner.der)
    }

    /// The strong mapping for `altSecurityIdentities` in Active Directory:
    /// `X509:<I>C=SE,O=…,CN=…<SR>…`, the issuer from country to common name, the serial number's
    /// octets reversed (domain dossier 4.5).
    pub fn alt_security_identities(&self) -> String {
        format!(
            "X509:<I>{}<SR>{}",
            text::directory(&self.inner.issuer),
            self.inner.serial.reversed_hex()
        )
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.inner.der == other.inner.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The subject is personal data and stays out of logs.
        write!(formatter, "Certificate({})", self.inner.serial)
    }
}
