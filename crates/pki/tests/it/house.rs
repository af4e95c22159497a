//! A throwaway house: a root, an authority for people, and what they issue.

use pki::certificate::{self, Certificate};
use pki::key::{KeyKind, Signer, SoftwareKey};
use pki::lint::lint;
use pki::name::DistinguishedName;
use pki::profile::{
    Addresses, Arc, CertificateRequest, Class, Details, IdentityType, Issuer, Loa, Presence,
    Profile, standard, tbs,
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

/// One thing to issue: the defaults of its profile, to be changed by a test.
#[derive(Clone)]
pub struct Order {
    pub profile: Profile,
    pub serial: u8,
    pub subject: DistinguishedName,
    pub not_before: i64,
    pub not_after: i64,
    pub principal: Option<&'static str>,
    pub email: Option<&'static str>,
    pub dns_names: Vec<String>,
    pub loa: Option<Loa>,
    pub identity_type: Option<IdentityType>,
    pub card_number: Option<&'static str>,
    pub security_identifier: Option<&'static str>,
    pub addresses: Addresses,
}

impl Order {
    pub fn login() -> Self {
        Self::of(standard::login(Arc::default()))
    }

    pub fn signature() -> Self {
        Self::of(standard::signature(Arc::default()))
    }

    pub fn encryption() -> Self {
        Self::of(standard::encryption(Arc::default()))
    }

    pub fn responder() -> Self {
        Self::of(standard::responder(Arc::default()))
    }

    pub fn server() -> Self {
        Self::of(standard::server(Arc::default()))
    }

    pub fn root() -> Self {
        Self::of(standard::root(Arc::default()))
    }

    pub fn issuing() -> Self {
        Self::of(standard::authority(Arc::default()))
    }

    /// Everything that the profile allows, for as long as it allows.
    pub fn of(profile: Profile) -> Self {
        let personal = profile.class == Class::Person;
        let given = |presence: Presence, value: &'static str| {
            (presence != Presence::Barred).then_some(value)
        };
        let days = match profile.class {
            Class::Root => 30 * 365,
            Class::Authority | Class::Link => 15 * 365,
            Class::Responder => 30,
            _ => (5 * 365).min(i64::from(profile.longest_days) - 1),
        };
        Self {
            serial: 1,
            subject: if personal {
                person()
            } else {
                authority(&profile.name)
            },
            not_before: NOW,
            not_after: NOW + days * DAY,
            principal: given(profile.user_principal_name, "asa.oberg@example.se"),
            email: given(profile.email, "asa.oberg@example.se"),
            dns_names: given(profile.dns_names, "idp.example.se")
                .map(str::to_owned)
                .into_iter()
                .collect(),
            loa: personal.then_some(Loa::Three),
            identity_type: personal.then_some(IdentityType::HsaId),
            card_number: given(profile.card_number, "9752000100000000017"),
            security_identifier: given(profile.security_identifier, "S-1-5-21-1-2-3-1104"),
            addresses: Addresses {
                revocation_list: Some("http://pki.example.se/pki/people.crl".to_owned()),
                ocsp: Some("http://pki.example.se/ocsp".to_owned()),
                issuer_certificate: Some("http://pki.example.se/pki/people.cer".to_owned()),
            },
            profile,
        }
    }

    pub fn request<'a>(
        &'a self,
        issuer: Issuer<'a>,
        key: &'a SoftwareKey,
    ) -> CertificateRequest<'a> {
        CertificateRequest {
            profile: &self.profile,
            issuer,
            subject: &self.subject,
            subject_key: key.public_key(),
            serial: Serial::from_entropy([self.serial; 16]),
            not_before: self.not_before,
            not_after: self.not_after,
            details: Details {
                user_principal_name: self.principal,
                email: self.email,
                dns_names: &self.dns_names,
                loa: self.loa,
                identity_type: self.identity_type,
                card_number: self.card_number,
                security_identifier: self.security_identifier,
            },
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
        let linted = lint(&body, &self.profile, issuer)
            .map_err(|findings| format!("{findings:?}"))
            .unwrap();
        certificate::sign(linted, signer).unwrap()
    }
}

impl House {
    pub fn new(kind: KeyKind) -> Self {
        let root_key = SoftwareKey::generate(kind).unwrap();
        let people_key = SoftwareKey::generate(kind).unwrap();
        let root = Order::root().issue(Issuer::Itself, &root_key, &root_key);
        let people = Order::issuing().issue(Issuer::Authority(&root), &root_key, &people_key);
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
