//! Certificate profiles: what stands in each kind of certificate the house issues (domain dossier
//! 4.3, RFC 5280). A profile is data; [`tbs`] writes a certificate from it and [`crate::lint`]
//! checks the bytes against rules of its own.

mod arc;
mod extensions;

use const_oid::ObjectIdentifier;

pub use arc::{Arc, BadArc};

use crate::asn1::{INTEGER, Writer, context_constructed};
use crate::certificate::Certificate;
use crate::key::{KeyKind, PublicKey};
use crate::name::DistinguishedName;
use crate::oids;
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
}

/// The kinds of certificate the house issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProfileKind {
    /// Self-signed root authority.
    RootCa,
    /// Issuing authority below the root (pathlen 0).
    IssuingCa,
    /// Login with the card (slot 9A).
    Login,
    /// Signing with the card (slot 9C).
    Signature,
    /// Secure e-mail (slot 9D).
    Encryption,
    /// Delegated OCSP responder (RFC 6960 4.2.2.2).
    OcspResponder,
}

impl ProfileKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::RootCa,
        Self::IssuingCa,
        Self::Login,
        Self::Signature,
        Self::Encryption,
        Self::OcspResponder,
    ];

    /// The stable text code.
    pub fn code(self) -> &'static str {
        match self {
            Self::RootCa => "root-ca",
            Self::IssuingCa => "issuing-ca",
            Self::Login => "login",
            Self::Signature => "signature",
            Self::Encryption => "encryption",
            Self::OcspResponder => "ocsp-responder",
        }
    }

    /// Reads a [`code`](Self::code); nothing for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether certificates of this kind sign other certificates.
    pub fn is_authority(self) -> bool {
        matches!(self, Self::RootCa | Self::IssuingCa)
    }

    /// Whether certificates of this kind belong to a person.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Login | Self::Signature | Self::Encryption)
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

/// One profile: a kind under an arc of the organisation's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// The kind of certificate.
    pub kind: ProfileKind,
    /// Where policies and the card-number extension have their identifiers.
    pub arc: Arc,
}

impl Profile {
    /// The profile of `kind` under `arc`.
    pub fn new(kind: ProfileKind, arc: Arc) -> Self {
        Self { kind, arc }
    }

    /// Key usage bits for a subject key of kind `key` (see [`key_usage`]).
    pub fn key_usage(&self, key: KeyKind) -> u16 {
        match self.kind {
            ProfileKind::RootCa | ProfileKind::IssuingCa => {
                key_usage::KEY_CERT_SIGN | key_usage::CRL_SIGN
            }
            ProfileKind::Login | ProfileKind::OcspResponder => key_usage::DIGITAL_SIGNATURE,
            ProfileKind::Signature => key_usage::NON_REPUDIATION,
            // RFC 8813 3 forbids keyEncipherment with an elliptic key, RFC 4055 1.2 keyAgreement
            // with an RSA key.
            ProfileKind::Encryption if key.is_elliptic() => key_usage::KEY_AGREEMENT,
            ProfileKind::Encryption => key_usage::KEY_ENCIPHERMENT,
        }
    }

    /// Extended key usages, empty where the extension is left out.
    pub fn extended_key_usage(&self) -> &'static [ObjectIdentifier] {
        match self.kind {
            ProfileKind::RootCa | ProfileKind::IssuingCa | ProfileKind::Signature => &[],
            ProfileKind::Login => &[
                oids::CLIENT_AUTH,
                oids::SMARTCARD_LOGON,
                oids::PKINIT_CLIENT,
            ],
            ProfileKind::Encryption => &[oids::EMAIL_PROTECTION],
            ProfileKind::OcspResponder => &[oids::OCSP_SIGNING],
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
    pub profile: Profile,
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
    /// User principal name, for login certificates used with Active Directory.
    pub user_principal_name: Option<&'a str>,
    /// E-mail address of the holder.
    pub email: Option<&'a str>,
    /// Level of assurance; personal certificates must have one.
    pub loa: Option<Loa>,
    /// Identity type; personal certificates must have one.
    pub identity_type: Option<IdentityType>,
    /// The printed number of the card.
    pub card_number: Option<&'a str>,
    /// Public addresses of the issuer.
    pub addresses: &'a Addresses,
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
    /// An encryption certificate without e-mail address.
    #[error("an encryption certificate needs an e-mail address")]
    EmailMissing,
    /// An e-mail address that is not ASCII text around one `@`.
    #[error("the e-mail address cannot stand in a certificate")]
    BadEmail,
    /// A user principal name in a kind of certificate that has none, or without `@`.
    #[error("the user principal name cannot stand in this certificate")]
    BadUserPrincipalName,
    /// A card number that is not digits.
    #[error("the card number is not digits")]
    BadCardNumber,
    /// An address that is missing, or not plain http.
    #[error("a public address is missing or is not plain http")]
    BadAddress,
    /// The issuer's key can not make certificate signatures of a kind we know.
    #[error("the subject's key is of a kind that this certificate cannot hold")]
    KeyKind,
}

/// Writes the DER `TBSCertificate` (RFC 5280 4.1.2) for `request`. It is signed only after
/// [`crate::lint::lint`] found nothing in it.
///
/// # Errors
/// [`ProfileError`]: what is missing or wrong in the request.
pub fn tbs(request: &CertificateRequest<'_>) -> Result<Vec<u8>, ProfileError> {
    check(request)?;
    let signing_kind = match request.issuer {
        Issuer::Itself => request.subject_key.kind(),
        Issuer::Authority(issuer) => issuer.public_key().kind(),
    };
    let subject = request.subject.to_der();
    let issuer = match request.issuer {
        Issuer::Itself => &subject,
        Issuer::Authority(issuer) => issuer.subject_der(),
    };
    Ok(Writer::build(1_024, |writer| {
        writer.sequence(|tbs| {
            // version v3
            tbs.nested(context_constructed(0), |version| {
                version.element(INTEGER, &[2]);
            });
            tbs.unsigned(request.serial.bytes());
            tbs.raw(signing_kind.signature_algorithm().identifier());
            tbs.raw(issuer);
            tbs.sequence(|validity| {
                validity.time(request.not_before);
                validity.time(request.not_after);
            });
            tbs.raw(&subject);
            tbs.raw(request.subject_key.der());
            tbs.nested(context_constructed(3), |explicit| {
                explicit.sequence(|extensions| extensions::write(request, extensions));
            });
        });
    }))
}

fn check(request: &CertificateRequest<'_>) -> Result<(), ProfileError> {
    let kind = request.profile.kind;
    match request.issuer {
        Issuer::Itself if kind != ProfileKind::RootCa => return Err(ProfileError::Issuer),
        Issuer::Authority(_) if kind == ProfileKind::RootCa => return Err(ProfileError::Issuer),
        Issuer::Authority(issuer) if !issuer.is_authority() => {
            return Err(ProfileError::NotAnAuthority);
        }
        Issuer::Authority(issuer) if request.not_after > issuer.not_after() => {
            return Err(ProfileError::OutlivesIssuer);
        }
        Issuer::Authority(_) if !extensions::addresses_fit(kind, request.addresses) => {
            return Err(ProfileError::BadAddress);
        }
        _ => {}
    }
    if request.subject.is_empty() {
        return Err(ProfileError::EmptySubject);
    }
    if request.not_after <= request.not_before || request.not_after > crate::civil::LAST {
        return Err(ProfileError::Validity);
    }
    let has_policies = request.loa.is_some() && request.identity_type.is_some();
    let has_none = request.loa.is_none() && request.identity_type.is_none();
    if kind.is_personal() && !has_policies || !kind.is_personal() && !has_none {
        return Err(ProfileError::Policies);
    }
    extensions::check_alternative_names(request)
}
