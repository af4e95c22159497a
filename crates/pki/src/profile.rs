//! Certificate profiles: what stands in each sort of certificate the house issues (domain dossier
//! 4.3, RFC 5280). A profile is data, the [standard](standard) ones as well as those of an
//! organisation's own; [`tbs`] writes a certificate from one and [`crate::lint`] checks the bytes
//! against it and against rules of its own.

mod arc;
mod check;
mod extensions;
pub mod standard;
mod trial;

use const_oid::ObjectIdentifier;

pub use arc::{Arc, BadArc};
pub use check::{is_dns_name, is_security_identifier};
pub use trial::trial;

use crate::asn1::{INTEGER, SEQUENCE, Writer, context_constructed};
use crate::certificate::Certificate;
use crate::key::{KeyKind, PublicKey};
use crate::name::DistinguishedName;
use crate::serial::Serial;

/// Key usage bits (RFC 5280 4.2.1.3); named bit *n* is `1 << n`.
pub mod key_usage {
    /// digitalSignature (0).
    pub const DIGITAL_SIGNATURE: u16 = 1;
    /// nonRepudiation / contentCommitment (1).
    pub const NON_REPUDIATION: u16 = 1 << 1;
    /// keyEncipherment (2).
    pub const KEY_ENCIPHERMENT: u16 = 1 << 2;
    /// dataEncipherment (3).
    pub const DATA_ENCIPHERMENT: u16 = 1 << 3;
    /// keyAgreement (4).
    pub const KEY_AGREEMENT: u16 = 1 << 4;
    /// keyCertSign (5).
    pub const KEY_CERT_SIGN: u16 = 1 << 5;
    /// cRLSign (6).
    pub const CRL_SIGN: u16 = 1 << 6;

    /// The bits by the names of RFC 5280 4.2.1.3, as configuration writes them.
    pub const NAMES: [(&str, u16); 7] = [
        ("digitalSignature", DIGITAL_SIGNATURE),
        ("nonRepudiation", NON_REPUDIATION),
        ("keyEncipherment", KEY_ENCIPHERMENT),
        ("dataEncipherment", DATA_ENCIPHERMENT),
        ("keyAgreement", KEY_AGREEMENT),
        ("keyCertSign", KEY_CERT_SIGN),
        ("cRLSign", CRL_SIGN),
    ];
}

/// What sort of subject a profile is for. It decides what no profile may choose: who may be an
/// authority, what names a subject has, whether the certificate can be revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Self-signed root authority.
    Root,
    /// Issuing authority below a root (pathlen 0).
    Authority,
    /// A root vouched for by another root of its family, at a change of roots (RFC 4210 4.4).
    Link,
    /// A person: the certificates of a card or a phone.
    Person,
    /// A function: a server, a client program, a signer of tokens.
    Function,
    /// Delegated OCSP responder (RFC 6960 4.2.2.2); too short-lived to be revoked.
    Responder,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 6] = [
        Self::Root,
        Self::Authority,
        Self::Link,
        Self::Person,
        Self::Function,
        Self::Responder,
    ];

    /// The stable text code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Authority => "authority",
            Self::Link => "link",
            Self::Person => "person",
            Self::Function => "function",
            Self::Responder => "responder",
        }
    }

    /// Reads a [`code`](Self::code); nothing for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.code() == code)
    }

    /// Whether such certificates sign other certificates.
    pub fn is_authority(self) -> bool {
        matches!(self, Self::Root | Self::Authority | Self::Link)
    }
}

/// Whether something must, may or must not stand in a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// A certificate without it is refused.
    Needed,
    /// It stands there when it is known.
    Allowed,
    /// A certificate with it is refused.
    Barred,
}

impl Presence {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::Needed, Self::Allowed, Self::Barred];

    /// The stable text code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Needed => "needed",
            Self::Allowed => "allowed",
            Self::Barred => "barred",
        }
    }

    /// Reads a [`code`](Self::code); nothing for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|presence| presence.code() == code)
    }

    /// Whether a certificate that has it, or not, is as it must be.
    pub fn fits(self, there: bool) -> bool {
        match self {
            Self::Needed => there,
            Self::Allowed => true,
            Self::Barred => !there,
        }
    }
}

/// How sure the house is of who the holder is, as the certificate says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Loa {
    /// Level 2.
    Two,
    /// Level 3.
    Three,
}

/// What the subject's serialNumber is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdentityType {
    /// An HSA-id.
    HsaId,
    /// A personal identity number or coordination number, 12 digits.
    PersonalNumber,
}

impl IdentityType {
    /// Every type.
    pub const ALL: [Self; 2] = [Self::HsaId, Self::PersonalNumber];

    /// The stable text code.
    pub fn code(self) -> &'static str {
        match self {
            Self::HsaId => "hsa-id",
            Self::PersonalNumber => "personal-number",
        }
    }

    /// Reads a [`code`](Self::code); nothing for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name: lower-case ASCII letters, digits and hyphens, 1 to 40.
    pub name: String,
    /// What sort of subject it is for.
    pub class: Class,
    /// The kinds of subject key it takes.
    pub keys: Vec<KeyKind>,
    /// Key usage bits for an RSA key (see [`key_usage`]).
    pub rsa_key_usage: u16,
    /// Key usage bits for an elliptic key.
    pub elliptic_key_usage: u16,
    /// Extended key usages in their order; empty leaves the extension out.
    pub extended_key_usage: Vec<ObjectIdentifier>,
    /// Policies that stand in every certificate; a person's level of assurance and identity type
    /// come before them.
    pub policies: Vec<ObjectIdentifier>,
    /// User principal name (otherName, Microsoft).
    pub user_principal_name: Presence,
    /// E-mail address (rfc822Name).
    pub email: Presence,
    /// Names of hosts (dNSName).
    pub dns_names: Presence,
    /// The printed card number (extension under [`Profile::arc`]).
    pub card_number: Presence,
    /// The account's security identifier (1.3.6.1.4.1.311.25.2, Microsoft).
    pub security_identifier: Presence,
    /// The longest validity, in days.
    pub longest_days: u32,
    /// Where levels of assurance, identity types and the card number have their identifiers.
    pub arc: Arc,
}

impl Profile {
    /// Key usage bits for a subject key of kind `key`.
    pub fn key_usage(&self, key: KeyKind) -> u16 {
        if key.is_elliptic() {
            self.elliptic_key_usage
        } else {
            self.rsa_key_usage
        }
    }
}

/// Who signs a certificate.
#[derive(Debug, Clone, Copy)]
pub enum Issuer<'a> {
    /// The subject itself: a root.
    Itself,
    /// An authority, by its certificate.
    Authority(&'a Certificate),
}

/// Public addresses in a certificate; plain HTTP, because a client that checks TLS needs them first
/// (RFC 5280 8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Addresses {
    /// Where the issuer's revocation list is (`…/pki/<ca>.crl`).
    pub revocation_list: Option<String>,
    /// Where the OCSP responder is (`…/ocsp`).
    pub ocsp: Option<String>,
    /// Where the issuer's own certificate is (`…/pki/<ca>.cer`).
    pub issuer_certificate: Option<String>,
}

/// Everything that goes into one certificate.
#[derive(Debug, Clone, Copy)]
pub struct CertificateRequest<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// Who will sign.
    pub issuer: Issuer<'a>,
    /// Whose certificate it is.
    pub subject: &'a DistinguishedName,
    /// The subject's public key.
    pub subject_key: &'a PublicKey,
    /// The serial number.
    pub serial: Serial,
    /// First second of validity, unix seconds.
    pub not_before: i64,
    /// Last second of validity, unix seconds.
    pub not_after: i64,
    /// What it says besides; where the profile bars something it is left out here.
    pub details: Details<'a>,
    /// Public addresses of the issuer.
    pub addresses: &'a Addresses,
}

/// What a certificate says of its subject besides the name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Details<'a> {
    /// User principal name, for accounts in Active Directory.
    pub user_principal_name: Option<&'a str>,
    /// E-mail address.
    pub email: Option<&'a str>,
    /// Host names of a server.
    pub dns_names: &'a [String],
    /// Level of assurance; a person's certificate must have one.
    pub loa: Option<Loa>,
    /// Identity type; a person's certificate must have one.
    pub identity_type: Option<IdentityType>,
    /// The printed number of the card, digits.
    pub card_number: Option<&'a str>,
    /// The account's security identifier, `S-1-5-21-…`.
    pub security_identifier: Option<&'a str>,
}

/// A request that no certificate can be made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// A root signed by another, or another kind signed by itself.
    #[error("only a root is signed by itself")]
    Issuer,
    /// The issuer's certificate is not that of an authority.
    #[error("the issuer is not an authority")]
    NotAnAuthority,
    /// The subject name is empty.
    #[error("the subject has no name")]
    EmptySubject,
    /// The validity ends before it begins, or beyond the year 9999.
    #[error("the validity ends before it begins")]
    Validity,
    /// The validity reaches beyond the issuer's own.
    #[error("the certificate would outlive its issuer")]
    OutlivesIssuer,
    /// A personal certificate without level of assurance or identity type, or another kind with them.
    #[error(
        "level of assurance and identity type belong to personal certificates, and only to them"
    )]
    Policies,
    /// An e-mail address where there may be none, none where there must be one, or one that is not
    /// ASCII text around one `@`.
    #[error("the e-mail address is missing, barred or cannot stand in a certificate")]
    BadEmail,
    /// A user principal name where there may be none, none where there must be one, or one without `@`.
    #[error("the user principal name is missing, barred or cannot stand in a certificate")]
    BadUserPrincipalName,
    /// A host name where there may be none, none where there must be one, or one that is no host's.
    #[error("the host name is missing, barred or cannot stand in a certificate")]
    BadDnsName,
    /// A card number where there may be none, none where there must be one, or one that is not digits.
    #[error("the card number is missing, barred or not digits")]
    BadCardNumber,
    /// A security identifier where there may be none, none where there must be one, or one not `S-1-…`.
    #[error("the security identifier is missing, barred or not of the form S-1-…")]
    BadSecurityIdentifier,
    /// An address that is missing, or not plain http.
    #[error("a public address is missing or is not plain http")]
    BadAddress,
    /// The subject's key is not of a kind that the profile takes.
    #[error("the subject's key is of a kind that the profile does not take")]
    KeyKind,
}

/// Writes the DER `TBSCertificate` (RFC 5280 4.1.2) for `request`. It is signed only after
/// [`crate::lint::lint`] found nothing in it.
///
/// # Errors
/// [`ProfileError`]: what is missing or wrong in the request.
pub fn tbs(request: &CertificateRequest<'_>) -> Result<Vec<u8>, ProfileError> {
    check::check(request)?;
    let signing_kind = match request.issuer {
        Issuer::Itself => request.subject_key.kind(),
        Issuer::Authority(issuer) => issuer.public_key().kind(),
    };
    Ok(Writer::build(1_024, |writer| {
        writer.nested_long(SEQUENCE, |tbs| {
            // version v3
            tbs.nested(context_constructed(0), |version| {
                version.element(INTEGER, &[2]);
            });
            tbs.unsigned(request.serial.bytes());
            tbs.raw(signing_kind.signature_algorithm().identifier());
            match request.issuer {
                Issuer::Itself => request.subject.write(tbs),
                Issuer::Authority(issuer) => tbs.raw(issuer.subject_der()),
            }
            tbs.sequence(|validity| {
                validity.time(request.not_before);
                validity.time(request.not_after);
            });
            request.subject.write(tbs);
            tbs.raw(request.subject_key.der());
            tbs.nested_long(context_constructed(3), |explicit| {
                explicit.nested_long(SEQUENCE, |list| extensions::write(request, list));
            });
        });
    }))
}
