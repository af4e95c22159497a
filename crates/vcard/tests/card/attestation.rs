//! What a card says of keys it made.

use der::{Decode, Encode};
use piv::{Algorithm, Host, ObjectTag, Slot, StatusWord};
use vcard::{BadManufacturer, Card, Manufacturer};
use x509_cert::Certificate;

use crate::{
    fixture::{NUMBER, card, entropy, manage, personalisation, transport_key},
    keys::is_signed,
};

fn is_issued_by(certificate: &Certificate, issuer: &Certificate) -> bool {
    let spki = issuer
        .tbs_certificate()
        .subject_public_key_info()
        .to_der()
        .unwrap();
    let content = certificate.tbs_certificate().to_der().unwrap();
    certificate.tbs_certificate().issuer() == issuer.tbs_certificate().subject()
        && is_signed(
            &spki,
            Algorithm::EccP256,
            &content,
            certificate.signature().raw_bytes(),
        )
}

fn attested(card: &mut Card) -> (Certificate, Certificate, Vec<u8>) {
    let mut host = Host::new(card);
    assert!(manage(&mut host, &transport_key()));
    let spki = host
        .generate_key(Slot::SIGNATURE, Algorithm::EccP384)
        .unwrap();
    let statement = host.attest(Slot::SIGNATURE).unwrap().unwrap();
    let chip = host.read_attestation_certificate().unwrap().unwrap();
    (
        Certificate::from_der(&statement).unwrap(),
        Certificate::from_der(&chip).unwrap(),
        spki,
    )
}

#[test]
fn a_chip_vouches_for_its_keys_and_the_manufacturer_for_the_chip() {
    let maker = Manufacturer::generate("Virtual chips", &mut entropy(3)).unwrap();
    let mut personalisation = personalisation();
    personalisation.manufacturer = Some(&maker);
    let mut card = Card::new(&personalisation, entropy(4)).unwrap();
    let (statement, chip, spki) = attested(&mut card);
    let root = Certificate::from_der(maker.certificate()).unwrap();
    assert!(is_issued_by(&root, &root));
    assert!(is_issued_by(&chip, &root));
    assert!(is_issued_by(&statement, &chip));
    assert!(!is_issued_by(&chip, &chip));
    let content = statement.tbs_certificate();
    assert_eq!(content.subject_public_key_info().to_der().unwrap(), spki);
    assert_eq!(content.subject().to_string(), "CN=PIV attestation 9c");
    assert!(
        chip.tbs_certificate()
            .subject()
            .to_string()
            .contains(NUMBER)
    );
    let extensions: Vec<(String, &[u8])> = content
        .extensions()
        .unwrap()
        .iter()
        .map(|one| (one.extn_id.to_string(), one.extn_value.as_bytes()))
        .filter(|(identifier, _)| identifier.starts_with("1.3.6"))
        .collect();
    assert_eq!(
        extensions,
        [
            ("1.3.6.1.4.1.41482.3.3".to_owned(), &[5, 4, 3][..]),
            (
                "1.3.6.1.4.1.41482.3.7".to_owned(),
                &[2, 3, 0x47, 0xE2, 0x59]
            ),
            ("1.3.6.1.4.1.41482.3.8".to_owned(), &[3, 1]),
        ]
    );
}

#[test]
fn a_chip_without_manufacturer_signs_for_itself() {
    let (statement, chip, _) = attested(&mut card());
    assert!(is_issued_by(&chip, &chip));
    assert!(is_issued_by(&statement, &chip));
}

#[test]
fn the_attestation_certificate_can_be_replaced_by_one_of_the_same_key_only() {
    let mut card = card();
    let mut other = Card::new(&personalisation(), entropy(8)).unwrap();
    let foreign = Host::new(&mut other)
        .read_object(ObjectTag::ATTESTATION)
        .unwrap()
        .unwrap();
    let mut host = Host::new(&mut card);
    let own = host.read_object(ObjectTag::ATTESTATION).unwrap().unwrap();
    assert!(manage(&mut host, &transport_key()));
    let refused = host.write_object(ObjectTag::ATTESTATION, &foreign);
    assert_eq!(refused.unwrap_err().status(), Some(StatusWord::WrongData));
    host.write_object(ObjectTag::ATTESTATION, &own).unwrap();
    host.write_object(ObjectTag::ATTESTATION, &[]).unwrap();
    host.generate_key(Slot::LOGIN, Algorithm::EccP256).unwrap();
    assert_eq!(host.attest(Slot::LOGIN), Ok(None));
}

#[test]
fn a_manufacturer_is_kept_and_loaded() {
    let maker = Manufacturer::generate("Virtual chips", &mut entropy(3)).unwrap();
    let again = Manufacturer::from_parts(&maker.key_bytes(), maker.certificate()).unwrap();
    assert_eq!(again.certificate(), maker.certificate());
    let other = Manufacturer::generate("Virtual chips", &mut entropy(5)).unwrap();
    assert_eq!(
        Manufacturer::from_parts(&other.key_bytes(), maker.certificate()).err(),
        Some(BadManufacturer::Certificate)
    );
    assert_eq!(
        Manufacturer::from_parts(&[0; 32], maker.certificate()).err(),
        Some(BadManufacturer::Key)
    );
}
