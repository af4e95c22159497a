//! Keys: made, used, imported. What the card computes is checked with another library.

use aws_lc_rs::{
    agreement, rand,
    signature::{self, UnparsedPublicKey, VerificationAlgorithm},
};
use der::Decode;
use piv::{Algorithm, Host, PublicKey, Slot, StatusWord, host::ImportedKey, slot::PinPolicy};
use vcard::Card;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use zeroize::Zeroizing;

use crate::fixture::{card, entropy, manage, personalisation, transport_key, transport_pin};

const MESSAGE: &[u8] = b"to be signed";

/// Checks a signature against a SubjectPublicKeyInfo.
pub fn is_signed(spki: &[u8], algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
    let verify: &dyn VerificationAlgorithm = match algorithm {
        Algorithm::EccP256 => &signature::ECDSA_P256_SHA256_ASN1,
        Algorithm::EccP384 => &signature::ECDSA_P384_SHA384_ASN1,
        Algorithm::Rsa2048 | Algorithm::Rsa3072 | Algorithm::Rsa4096 => {
            &signature::RSA_PKCS1_2048_8192_SHA256
        }
    };
    let info = SubjectPublicKeyInfoOwned::from_der(spki).unwrap();
    let key = UnparsedPublicKey::new(verify, info.subject_public_key.raw_bytes());
    key.verify(message, signature).is_ok()
}

#[test]
fn every_algorithm_signs_in_every_kind_of_slot() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    let retired = [Slot::retired(1).unwrap(), Slot::retired(20).unwrap()];
    let main = [Slot::LOGIN, Slot::SIGNATURE, Slot::ENCRYPTION, Slot::DOOR];
    for slot in main.into_iter().chain(retired) {
        for algorithm in [Algorithm::EccP256, Algorithm::EccP384] {
            assert!(manage(&mut host, &transport_key()));
            let spki = host.generate_key(slot, algorithm).unwrap();
            host.verify_pin(&transport_pin()).unwrap();
            let signature = host.sign(slot, algorithm, MESSAGE).unwrap();
            assert!(is_signed(&spki, algorithm, MESSAGE, &signature), "{slot}");
            let metadata = host.key_metadata(slot).unwrap().unwrap();
            assert_eq!(metadata.public_key.to_spki(), spki);
            assert!(metadata.made_on_card);
            assert_eq!(metadata.pin_policy, slot.pin_policy());
        }
    }
}

#[test]
fn rsa_signs_and_decrypts() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    let spki = host
        .generate_key(Slot::ENCRYPTION, Algorithm::Rsa2048)
        .unwrap();
    host.verify_pin(&transport_pin()).unwrap();
    let signature = host
        .sign(Slot::ENCRYPTION, Algorithm::Rsa2048, MESSAGE)
        .unwrap();
    assert!(is_signed(&spki, Algorithm::Rsa2048, MESSAGE, &signature));

    let encrypting = aws_lc_rs::rsa::PublicEncryptingKey::from_der(&spki).unwrap();
    let encrypting = aws_lc_rs::rsa::Pkcs1PublicEncryptingKey::new(encrypting).unwrap();
    let mut block = vec![0; 256];
    let block = encrypting.encrypt(b"content key", &mut block).unwrap();
    let plain = host.decrypt_block(Slot::ENCRYPTION, block).unwrap();
    // RFC 8017 7.2.1: 00 02, filling, 00, message.
    assert_eq!(plain[..2], [0, 2]);
    assert!(plain.ends_with(b"\0content key"));

    let beyond = host.decrypt_block(Slot::ENCRYPTION, &[0xFF; 256]);
    assert_eq!(beyond.err().unwrap().status(), Some(StatusWord::WrongData));
    let short = host.decrypt_block(Slot::ENCRYPTION, &[1; 255]);
    assert_eq!(short.err().unwrap().status(), Some(StatusWord::WrongData));
}

#[test]
fn encryption_keys_agree_with_others() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    let slots = [Slot::ENCRYPTION, Slot::retired(3).unwrap()];
    let curves = [
        (Algorithm::EccP256, &agreement::ECDH_P256),
        (Algorithm::EccP384, &agreement::ECDH_P384),
    ];
    for slot in slots {
        for (algorithm, curve) in curves {
            assert!(manage(&mut host, &transport_key()));
            host.generate_key(slot, algorithm).unwrap();
            let own = host.key_metadata(slot).unwrap().unwrap().public_key;
            let PublicKey::Ecc { point, .. } = own else {
                panic!("not an elliptic-curve key");
            };
            let random = rand::SystemRandom::new();
            let other = agreement::EphemeralPrivateKey::generate(curve, &random).unwrap();
            let peer = other.compute_public_key().unwrap();
            host.verify_pin(&transport_pin()).unwrap();
            let shared = host.agree(slot, algorithm, peer.as_ref()).unwrap();
            agreement::agree_ephemeral(
                other,
                agreement::UnparsedPublicKey::new(curve, &point),
                (),
                |secret| {
                    assert_eq!(*shared, secret);
                    Ok(())
                },
            )
            .unwrap();
            // A point beside the curve, which would leak the key.
            let mut beside = peer.as_ref().to_vec();
            *beside.last_mut().unwrap() ^= 1;
            let refused = host.agree(slot, algorithm, &beside).err().unwrap();
            assert_eq!(refused.status(), Some(StatusWord::WrongData));
        }
    }
}

#[test]
fn other_keys_do_not_agree() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    let PublicKey::Ecc { point, .. } = ({
        host.generate_key(Slot::DOOR, Algorithm::EccP256).unwrap();
        host.key_metadata(Slot::DOOR).unwrap().unwrap().public_key
    }) else {
        panic!("not an elliptic-curve key");
    };
    let refused = host.agree(Slot::DOOR, Algorithm::EccP256, &point);
    assert_eq!(refused.err().unwrap().status(), Some(StatusWord::WrongData));
}

fn made(slots: &[Slot]) -> Card {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    for slot in slots {
        host.generate_key(*slot, Algorithm::EccP256).unwrap();
    }
    card.power_off();
    card
}

#[test]
fn the_pin_opens_keys_by_their_rule() {
    let mut card = made(&[Slot::LOGIN, Slot::SIGNATURE, Slot::DOOR]);
    let mut host = Host::new(&mut card);
    let works = |host: &mut Host<'_>, slot| host.sign(slot, Algorithm::EccP256, MESSAGE).is_ok();
    assert!(works(&mut host, Slot::DOOR));
    assert!(!works(&mut host, Slot::LOGIN));
    assert!(!works(&mut host, Slot::SIGNATURE));
    host.verify_pin(&transport_pin()).unwrap();
    assert!(works(&mut host, Slot::LOGIN));
    assert!(works(&mut host, Slot::LOGIN));
    // The PIN was used up by the other key: a signature wants it directly before.
    assert!(!works(&mut host, Slot::SIGNATURE));
    host.verify_pin(&transport_pin()).unwrap();
    assert!(works(&mut host, Slot::SIGNATURE));
    assert!(!works(&mut host, Slot::SIGNATURE));
    assert!(works(&mut host, Slot::LOGIN));
    // Questions in between do no harm, a change does.
    host.verify_pin(&transport_pin()).unwrap();
    host.read_certificate(Slot::SIGNATURE).unwrap();
    host.key_metadata(Slot::SIGNATURE).unwrap();
    assert!(works(&mut host, Slot::SIGNATURE));
    host.verify_pin(&transport_pin()).unwrap();
    assert!(manage(&mut host, &transport_key()));
    assert!(!works(&mut host, Slot::SIGNATURE));
    host.forget_pin().unwrap();
    assert!(!works(&mut host, Slot::LOGIN));
}

#[test]
fn a_wrong_algorithm_is_refused() {
    let mut card = made(&[Slot::DOOR]);
    let mut host = Host::new(&mut card);
    let refused = host.sign(Slot::DOOR, Algorithm::EccP384, MESSAGE);
    assert_eq!(
        refused.unwrap_err().status(),
        Some(StatusWord::WrongParameters)
    );
}

#[test]
fn two_cards_make_different_keys() {
    let key = |seed| {
        let mut card = Card::new(&personalisation(), entropy(seed)).unwrap();
        let mut host = Host::new(&mut card);
        assert!(manage(&mut host, &transport_key()));
        host.generate_key(Slot::LOGIN, Algorithm::EccP256).unwrap()
    };
    assert_ne!(key(1), key(2));
    assert_eq!(key(1), key(1));
}

#[test]
fn an_imported_key_works_but_is_not_attested() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    let slot = Slot::retired(2).unwrap();
    let key = ImportedKey::Ecc {
        algorithm: Algorithm::EccP384,
        scalar: Zeroizing::new(vec![0x5A; 48]),
    };
    host.import_key(slot, &key).unwrap();
    let metadata = host.key_metadata(slot).unwrap().unwrap();
    assert!(!metadata.made_on_card);
    assert_eq!(metadata.pin_policy, PinPolicy::Once);
    assert_eq!(host.attest(slot), Ok(None));
    host.verify_pin(&transport_pin()).unwrap();
    let signature = host.sign(slot, Algorithm::EccP384, MESSAGE).unwrap();
    let spki = metadata.public_key.to_spki();
    assert!(is_signed(&spki, Algorithm::EccP384, MESSAGE, &signature));
    let zero = ImportedKey::Ecc {
        algorithm: Algorithm::EccP256,
        scalar: Zeroizing::new(vec![0; 32]),
    };
    assert!(host.import_key(slot, &zero).is_err());
}

#[test]
fn an_imported_rsa_key_is_rebuilt_from_its_primes() {
    use rsa::{pkcs8::EncodePublicKey, traits::PrivateKeyParts};
    let mut random = rand_chacha::ChaCha20Rng::from_seed([5; 32]);
    use rand_chacha::rand_core::SeedableRng;
    let key = rsa::PrivateKey::new(&mut random, 2048).unwrap();
    let bytes = |number: &rsa::BoxedUint| Zeroizing::new(number.to_be_bytes().to_vec());
    let primes = [bytes(&key.primes()[0]), bytes(&key.primes()[1])];
    // The card works these out itself.
    let unused = || Zeroizing::new(vec![1; 128]);
    let imported = ImportedKey::Rsa {
        primes,
        exponents: [unused(), unused()],
        coefficient: unused(),
    };
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    host.import_key(Slot::ENCRYPTION, &imported).unwrap();
    let spki = key.to_public_key().to_public_key_der().unwrap();
    let metadata = host.key_metadata(Slot::ENCRYPTION).unwrap().unwrap();
    assert_eq!(metadata.public_key.to_spki(), spki.as_bytes());
}
