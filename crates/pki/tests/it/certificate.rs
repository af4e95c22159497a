use pki::certificate::{BadCertificate, Certificate, SignError, sign};
use pki::digest::Hasher;
use pki::key::{KeyError, KeyKind, PublicKey, SignatureAlgorithm, Signer, SoftwareKey};
use pki::lint::lint;
use pki::name::{BadName, DistinguishedName, person_common_name};
use pki::oids;
use pki::profile::{Arc, IdentityType, Issuer, Loa, key_usage, tbs};
use pki::serial::Serial;

use crate::house::{DAY, House, NOW, Order};

#[test]
fn a_login_certificate_says_what_was_asked_for() {
    let house = House::new(KeyKind::P256);
    let (login, key) = house.issue(&Order::login());
    let arc = Arc::default();
    assert_eq!(login.public_key(), key.public_key());
    assert_eq!(login.serial(), Serial::from_entropy([1; 16]));
    assert_eq!(
        (login.not_before(), login.not_after()),
        (NOW, NOW + 5 * 365 * DAY)
    );
    assert!(login.is_valid_at(NOW) && login.is_valid_at(login.not_after()));
    assert!(!login.is_valid_at(NOW - 1) && !login.is_valid_at(login.not_after() + 1));
    assert_eq!(login.key_usage(), Some(key_usage::DIGITAL_SIGNATURE));
    assert_eq!(
        login.extended_key_usage(),
        [
            oids::CLIENT_AUTH,
            oids::SMARTCARD_LOGON,
            oids::PKINIT_CLIENT
        ]
    );
    assert_eq!(login.loa(&arc), Some(Loa::Three));
    assert_eq!(login.identity_type(&arc), Some(IdentityType::HsaId));
    assert_eq!(login.loa(&Arc::parse("1.2.3").unwrap()), None);
    assert_eq!(login.user_principal_name(), Some("asa.oberg@example.se"));
    assert_eq!(login.email(), Some("asa.oberg@example.se"));
    assert_eq!(login.card_number(&arc), Some("9752000100000000017"));
    assert_eq!(
        login
            .subject_attribute(&oids::SUBJECT_SERIAL_NUMBER)
            .as_deref(),
        Some("SE2321000016-1AB2")
    );
    assert_eq!(
        login.subject_attribute(&oids::ORGANISATION).as_deref(),
        Some("Vård, Omsorg + \"Hälsa\"")
    );
    assert_eq!(
        login.revocation_list_address(),
        Some("http://pki.example.se/pki/people.crl")
    );
    assert_eq!(login.ocsp_address(), Some("http://pki.example.se/ocsp"));
    assert_eq!(
        login.issuer_certificate_address(),
        Some("http://pki.example.se/pki/people.cer")
    );
    assert!(!login.is_authority() && !login.has_unknown_critical_extension());
    assert!(login.is_signed_by(&house.people) && !login.is_signed_by(&house.root));
}

#[test]
fn the_three_card_certificates_have_different_uses() {
    let house = House::new(KeyKind::P256);
    let (signature, _) = house.issue(&Order::signature());
    assert_eq!(signature.key_usage(), Some(key_usage::NON_REPUDIATION));
    assert!(signature.extended_key_usage().is_empty());
    assert_eq!(signature.user_principal_name(), None);

    let (encryption, _) = house.issue(&Order::encryption());
    assert_eq!(encryption.key_usage(), Some(key_usage::KEY_AGREEMENT));
    let rsa = SoftwareKey::generate(KeyKind::Rsa2048).unwrap();
    let encryption =
        Order::encryption().issue(Issuer::Authority(&house.people), &house.people_key, &rsa);
    assert_eq!(encryption.key_usage(), Some(key_usage::KEY_ENCIPHERMENT));

    let (responder, _) = house.issue(&Order::responder());
    assert!(responder.has_ocsp_no_check());
    assert_eq!(responder.extended_key_usage(), [oids::OCSP_SIGNING]);
    assert_eq!(responder.revocation_list_address(), None);
}

#[test]
fn authorities_are_authorities() {
    let house = House::new(KeyKind::P384);
    assert!(house.root.is_authority() && house.root.is_self_issued());
    assert_eq!(house.root.path_length(), None);
    assert!(house.root.is_signed_by(&house.root));
    assert_eq!(house.people.path_length(), Some(0));
    assert_eq!(house.people.policies(), [oids::ANY_POLICY]);
    assert_eq!(
        house.people.authority_key_identifier(),
        house.root.subject_key_identifier()
    );
    assert_eq!(
        house.people.subject_key_identifier(),
        Some(&house.people_key.public_key().key_identifier()[..])
    );
    assert_eq!(
        house.people.signature_algorithm(),
        SignatureAlgorithm::EcdsaSha384
    );
}

#[test]
fn pem_and_der_go_round() {
    let house = House::new(KeyKind::P256);
    let pem = house.root.to_pem();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----\n") && pem.ends_with("-----\n"));
    assert_eq!(Certificate::from_pem(&pem).unwrap(), house.root);
    assert_eq!(Certificate::from_der(house.root.der()).unwrap(), house.root);
    assert_eq!(
        Certificate::from_pem(&pem.replace("CERTIFICATE", "PUBLIC KEY")).unwrap_err(),
        BadCertificate::Pem
    );
    let mut longer = house.root.der().to_vec();
    longer.push(0);
    assert_eq!(
        Certificate::from_der(&longer).unwrap_err(),
        BadCertificate::Malformed
    );
    assert_eq!(
        Certificate::from_der(&[0; 40_000]).unwrap_err(),
        BadCertificate::TooLarge
    );
}

#[test]
fn certificates_of_others_are_read() {
    // Made with OpenSSL: RSA with SHA-384, an authority for names below a domain.
    let foreign = Certificate::from_pem(include_str!("fixtures/foreign-authority.pem")).unwrap();
    assert_eq!(foreign.public_key().kind(), KeyKind::Rsa2048);
    assert_eq!(foreign.signature_algorithm(), SignatureAlgorithm::RsaSha384);
    assert!(foreign.is_signed_by(&foreign));
    assert!(!foreign.has_unknown_critical_extension());
    assert_eq!(foreign.fault(), None);
    assert_eq!(
        foreign.subject_text(),
        "C=SE, O=Other\\, Issuer, CN=Other \\\"CA\\\""
    );
    // A curve that is not accepted.
    let other = Certificate::from_pem(include_str!("fixtures/secp256k1.pem"));
    assert_eq!(
        other.unwrap_err(),
        BadCertificate::Key(KeyError::UnsupportedKey)
    );
}

#[test]
fn the_mapping_for_active_directory_is_ready_made() {
    let house = House::new(KeyKind::P256);
    let (login, _) = house.issue(&Order::login());
    assert_eq!(
        login.alt_security_identities(),
        "X509:<I>C=SE,O=Exempelregionen,CN=authority<SR>01010101010101010101010101010141"
    );
    let foreign = Certificate::from_pem(include_str!("fixtures/foreign-authority.pem")).unwrap();
    assert_eq!(
        foreign.alt_security_identities(),
        "X509:<I>C=SE,O=\"Other, Issuer\",CN=\"Other \"\"CA\"\"\"\
         <SR>48df8224d44201b3f64fa66908452e4a480a5e18"
    );
}

#[test]
fn only_the_issuer_signs() {
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let order = Order::login();
    let issuer = Issuer::Authority(&house.people);
    let body = tbs(&order.request(issuer, &key)).unwrap();
    let linted = || lint(&body, &order.profile, issuer).unwrap();
    assert_eq!(
        sign(linted(), &house.root_key).unwrap_err(),
        SignError::WrongSigner
    );
    assert_eq!(sign(linted(), &key).unwrap_err(), SignError::WrongSigner);

    /// Has the right key and signs nonsense.
    struct Faulty<'a>(&'a SoftwareKey);
    impl Signer for Faulty<'_> {
        fn public_key(&self) -> &PublicKey {
            self.0.public_key()
        }
        fn algorithm(&self) -> SignatureAlgorithm {
            self.0.algorithm()
        }
        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, KeyError> {
            self.0.sign(b"something else")
        }
        fn sign_digest(&self, _: &[u8]) -> Result<Vec<u8>, KeyError> {
            self.0.sign(b"something else")
        }
    }
    assert_eq!(
        sign(linted(), &Faulty(&house.people_key)).unwrap_err(),
        SignError::Key(KeyError::BadSignature)
    );
    assert!(sign(linted(), &house.people_key).is_ok());
}

#[test]
fn names_hold_what_people_are_called() {
    let name = DistinguishedName::new();
    assert_eq!(name.clone().country("se").unwrap_err(), BadName::Country);
    assert!(name.clone().common_name(" Anna").is_err());
    assert!(name.clone().common_name("An\nna").is_err());
    assert!(name.clone().common_name("").is_err());
    assert!(name.clone().serial_number("åäö").is_err());
    assert!(name.clone().surname(&"a".repeat(65)).is_err());
    assert!(name.clone().surname(&"å".repeat(64)).is_ok());
    assert!(name.surname("O'Neill-Łukasz, Jr + \"x\" = y").is_ok());
    assert_eq!(person_common_name("Åsa", "Öberg"), "Åsa Öberg");
    let long = person_common_name(
        "Anna Maria Charlotta Elisabet Kristina Margareta",
        "von Wachenfeldt-Silfverschiöld",
    );
    assert_eq!(long, "Anna von Wachenfeldt-Silfverschiöld");
    assert_eq!(person_common_name("A", &"b".repeat(80)).chars().count(), 64);
}

#[test]
fn serial_numbers_are_positive_and_ordered() {
    let serial = Serial::from_entropy([0xff; 16]);
    assert_eq!(serial.to_hex(), "7fffffffffffffffffffffffffffffff");
    assert_eq!(
        Serial::from_entropy([0; 16]).to_hex(),
        "40000000000000000000000000000000"
    );
    assert!(Serial::from_bytes(&[0, 0]).is_err());
    assert!(Serial::from_bytes(&[1; 21]).is_err());
    assert!(Serial::from_integer_content(&[0x80]).is_err());
    assert!(Serial::from_hex("abc").is_err());
    assert_eq!(Serial::from_hex("00FF").unwrap().bytes(), [0xff]);
    assert!(Serial::from_hex("ff").unwrap() < Serial::from_hex("0100").unwrap());
    // The example of the domain dossier, 4.5.
    let inera = Serial::from_hex("01772941ce29b3ec999d657f0e0174").unwrap();
    assert_eq!(inera.reversed_hex(), "74010e7f659d99ecb329ce41297701");
}

/// A signature over a digest is one over the message, and the other way about.
#[test]
fn a_digest_is_signed_like_its_message() {
    for kind in [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
        let key = SoftwareKey::generate(kind).unwrap();
        let (public, algorithm) = (key.public_key(), key.algorithm());
        let digest = |message: &[u8]| {
            let mut hasher = Hasher::new(algorithm);
            for byte in message {
                hasher.update(std::slice::from_ref(byte));
            }
            hasher.finish()
        };
        let signature = key.sign_digest(&digest(b"message")).unwrap();
        assert_eq!(public.verify(algorithm, b"message", &signature), Ok(()));
        let whole = key.sign(b"message").unwrap();
        assert_eq!(
            public.verify_digest(algorithm, &digest(b"message"), &whole),
            Ok(())
        );
        assert_eq!(
            public.verify_digest(algorithm, &digest(b"massage"), &whole),
            Err(KeyError::BadSignature)
        );
        for length in [0, 20, 31, 33] {
            assert_eq!(
                key.sign_digest(&vec![0; length]),
                Err(KeyError::DigestLength)
            );
        }
    }
}

#[test]
fn keys_go_through_pkcs8_and_back() {
    for kind in [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
        let key = SoftwareKey::generate(kind).unwrap();
        let again = SoftwareKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
        assert_eq!(key.public_key(), again.public_key());
        let signature = again.sign(b"message").unwrap();
        let public = key.public_key();
        assert_eq!(
            public.verify(key.algorithm(), b"message", &signature),
            Ok(())
        );
        assert_eq!(
            public.verify(key.algorithm(), b"massage", &signature),
            Err(KeyError::BadSignature)
        );
        assert_eq!(public.kind(), kind);
        assert_eq!(KeyKind::parse(kind.code()), Some(kind));
        if kind.is_elliptic() {
            assert_eq!(
                PublicKey::from_point(public.key_bits()).as_ref(),
                Ok(public)
            );
            assert_eq!(
                public.verify(SignatureAlgorithm::RsaSha256, b"message", &signature),
                Err(KeyError::AlgorithmMismatch)
            );
        }
    }
}

#[test]
fn a_point_off_the_curve_is_no_key() {
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let mut point = key.public_key().key_bits().to_vec();
    point[64] ^= 1;
    assert_eq!(
        PublicKey::from_point(&point).unwrap_err(),
        KeyError::UnsupportedKey
    );
    assert!(PublicKey::from_point(&[4; 65]).is_err());
    assert!(PublicKey::from_point(&[]).is_err());
}
