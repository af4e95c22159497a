//! A throwaway house: a root, an authority for people, and what they issue.

use pki::certificate::{self, Certificate};
use pki::key::{KeyKind, Signer, SoftwareKey};
use pki::lint::lint;
use pki::name::DistinguishedName;
use pki::profile::{
    Addresses, Arc, CertificateRequest, IdentityType, Issuer, Loa, Profile, ProfileKind, tbs,
};
use pki::serial::Serial;

pub const NOW: i64 = 1_795_000_000;
pub const DAY: i64 = 86_400;

pub struct House {
    pub root_key: SoftwareKey,
    pub root: Certificate,
    pub people_key: SoftwareKey,
    pub people: Certificate,
}

/// One thing to issue: the defaults of its kind, to be changed by a test.
pub struct Order {
    pub kind: ProfileKind,
    pub serial: u8,
    pub subject: DistinguishedName,
    pub not_before: i64,
    pub not_after: i64,
    pub principal: Option<&'static str>,
    pub email: Option<&'static str>,
    pub loa: Option<Loa>,
    pub identity_type: Option<IdentityType>,
    pub card_number: Option<&'static str>,
    pub addresses: Addresses,
}

impl Order {
    pub fn of(kind: ProfileKind) -> Self {
        let days = match kind {
            ProfileKind::RootCa => 30 * 365,
            ProfileKind::IssuingCa => 15 * 365,
            ProfileKind::OcspResponder => 30,
            _ => 5 * 365,
        };
        let personal = kind.is_personal();
        Self {
            kind,
            serial: 1,
            subject: if personal {
                person()
            } else {
                authority(kind.code())
            },
            not_before: NOW,
            not_after: NOW + days * DAY,
            principal: (kind == ProfileKind::Login).then_some("asa.oberg@example.se"),
            email: personal.then_some("asa.oberg@example.se"),
            loa: personal.then_some(Loa::Three),
            identity_type: personal.then_some(IdentityType::HsaId),
            card_number: personal.then_some("9752000100000000017"),
            addresses: Addresses {
                revocation_list: Some("http://pki.example.se/pki/people.crl".to_owned()),
                ocsp: Some("http://pki.example.se/ocsp".to_owned()),
                issuer_certificate: Some("http://pki.example.se/pki/people.cer".to_owned()),
            },
        }
    }

    pub fn request<'a>(
        &'a self,
        issuer: Issuer<'a>,
        key: &'a SoftwareKey,
    ) -> CertificateRequest<'a> {
        CertificateRequest {
            profile: Profile::new(self.kind, Arc::default()),
            issuer,
            subject: &self.subject,
            subject_key: key.public_key(),
            serial: Serial::from_entropy([self.serial; 16]),
            not_before: self.not_before,
            not_after: self.not_after,
            user_principal_name: self.principal,
            email: self.email,
            loa: self.loa,
            identity_type: self.identity_type,
            card_number: self.card_number,
            addresses: &self.addresses,
        }
    }

    pub fn issue(
        &self,
        issuer: Issuer<'_>,
        signer: &SoftwareKey,
        key: &SoftwareKey,
    ) -> Certificate {
        let body = tbs(&self.request(issuer, key)).unwrap();
        let linted = lint(&body, self.kind, issuer)
            .map_err(|findings| format!("{findings:?}"))
            .unwrap();
        certificate::sign(linted, signer).unwrap()
    }
}

impl House {
    pub fn new(kind: KeyKind) -> Self {
        let root_key = SoftwareKey::generate(kind).unwrap();
        let people_key = SoftwareKey::generate(kind).unwrap();
        let root = Order::of(ProfileKind::RootCa).issue(Issuer::Itself, &root_key, &root_key);
        let people = Order::of(ProfileKind::IssuingCa).issue(
            Issuer::Authority(&root),
            &root_key,
            &people_key,
        );
        Self {
            root_key,
            root,
            people_key,
            people,
        }
    }

    /// A certificate of `kind` from the people authority, with a fresh P-256 key.
    pub fn issue(&self, order: &Order) -> (Certificate, SoftwareKey) {
        let key = SoftwareKey::generate(KeyKind::P256).unwrap();
        let certificate = order.issue(Issuer::Authority(&self.people), &self.people_key, &key);
        (certificate, key)
    }
}

pub fn authority(name: &str) -> DistinguishedName {
    DistinguishedName::new()
        .country("SE")
        .and_then(|name| name.organisation("Exempelregionen"))
        .and_then(|builder| builder.common_name(name))
        .unwrap()
}

pub fn person() -> DistinguishedName {
    DistinguishedName::new()
        .country("SE")
        .and_then(|name| name.organisation("Vård, Omsorg + \"Hälsa\""))
        .and_then(|name| name.common_name("Åsa Öberg"))
        .and_then(|name| name.surname("Öberg"))
        .and_then(|name| name.given_name("Åsa"))
        .and_then(|name| name.serial_number("SE2321000016-1AB2"))
        .unwrap()
}
