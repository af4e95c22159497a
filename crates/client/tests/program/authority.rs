//! A throw-away authority, for cards and for servers.

use pki::certificate::{self, Certificate};
use pki::key::{KeyKind, PublicKey, Signer as _, SoftwareKey};
use pki::lint::lint;
use pki::name::DistinguishedName;
use pki::profile::{
    Addresses, Arc, CertificateRequest, Details, IdentityType, Issuer, Loa, Profile, standard, tbs,
};
use pki::serial::Serial;

use crate::{NOW, OFFICER};

const DAY: i64 = 86_400;

pub struct Authority {
    signer: SoftwareKey,
    pub certificate: Certificate,
}

fn name(common_name: &str) -> DistinguishedName {
    let name = DistinguishedName::new().country("SE").unwrap();
    let name = name.organisation("Region Exempel").unwrap();
    name.common_name(common_name).unwrap()
}

fn addresses() -> Addresses {
    Addresses {
        revocation_list: Some("http://pki.example.se/pki/ca.crl".to_owned()),
        ocsp: Some("http://pki.example.se/ocsp".to_owned()),
        issuer_certificate: Some("http://pki.example.se/pki/ca.cer".to_owned()),
    }
}

impl Authority {
    pub fn new() -> Self {
        let signer = SoftwareKey::generate(KeyKind::P256).unwrap();
        let profile = standard::root(Arc::default());
        let body = tbs(&CertificateRequest {
            profile: &profile,
            issuer: Issuer::Itself,
            subject: &name("Throw-away Root"),
            subject_key: signer.public_key(),
            serial: Serial::at(NOW, [1; 11]),
            not_before: NOW - DAY,
            not_after: NOW + 3_650 * DAY,
            details: Details::default(),
            addresses: &addresses(),
        });
        let body = body.unwrap();
        let linted = lint(&body, &profile, Issuer::Itself).unwrap();
        Self {
            certificate: certificate::sign(linted, &signer).unwrap(),
            signer,
        }
    }

    /// Fills a profile; what is to be signed.
    fn body(
        &self,
        profile: &Profile,
        subject: &DistinguishedName,
        key: &PublicKey,
        from: i64,
        details: Details<'_>,
    ) -> Vec<u8> {
        let body = tbs(&CertificateRequest {
            profile,
            issuer: Issuer::Authority(&self.certificate),
            subject,
            subject_key: key,
            serial: Serial::at(NOW, [2; 11]),
            not_before: from,
            not_after: from + 300 * DAY,
            details,
            addresses: &addresses(),
        });
        body.unwrap()
    }

    /// A login certificate for a card's key.
    pub fn certify_login(&self, key: &[u8]) -> Vec<u8> {
        let subject = name("Åsa Öberg").surname("Öberg").unwrap();
        let subject = subject.given_name("Åsa").unwrap();
        let subject = subject.serial_number("SE2321000255-X100001").unwrap();
        let details = Details {
            user_principal_name: Some("se2321000255-x100001@example.se"),
            email: Some("asa.oberg@example.se"),
            loa: Some(Loa::Three),
            identity_type: Some(IdentityType::HsaId),
            card_number: Some(OFFICER),
            ..Details::default()
        };
        let key = PublicKey::from_der(key).unwrap();
        let profile = standard::login(Arc::default());
        let body = self.body(&profile, &subject, &key, NOW - DAY, details);
        let linted = lint(&body, &profile, Issuer::Authority(&self.certificate)).unwrap();
        let certificate = certificate::sign(linted, &self.signer).unwrap();
        certificate.der().to_vec()
    }

    /// A certificate for this computer or, when `elsewhere`, for another host, good from then on, and its key in PKCS #8.
    ///
    /// No profile takes a name without a dot, and no other name leads to this computer everywhere: the body is made for a name as long,
    /// and the name put in before it is signed.
    pub fn certify_server(&self, elsewhere: bool, from: i64) -> (Vec<u8>, Vec<u8>) {
        const PLACE: &str = "abcd.test";
        let key = SoftwareKey::generate(KeyKind::P256).unwrap();
        let names = [PLACE.to_owned()];
        let details = Details {
            dns_names: &names,
            ..Details::default()
        };
        let profile = standard::server(Arc::default());
        let mut body = self.body(
            &profile,
            &name("Kortserver"),
            key.public_key(),
            from,
            details,
        );
        if !elsewhere {
            let here = b"localhost";
            let at = body
                .windows(here.len())
                .position(|part| part == PLACE.as_bytes())
                .unwrap();
            body.splice(at..at + here.len(), here.iter().copied());
        }
        let signature = [&[0][..], &self.signer.sign(&body).unwrap()].concat();
        let parts = [
            body,
            self.signer.algorithm().identifier().to_vec(),
            piv::tlv::element(0x03, &signature),
        ];
        // DER is BER-TLV with the shortest lengths, which is what `tlv` writes.
        let certificate = piv::tlv::element(0x30, &parts.concat());
        (certificate, key.to_pkcs8().unwrap().to_vec())
    }
}
