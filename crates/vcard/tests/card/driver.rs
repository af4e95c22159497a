//! What the driver makes of cards that differ: any management key proven in both ways, what is lacking said, long keys, objects and
//! certificates for which there is little room.

use piv::algorithm::ManagementAlgorithm;
use piv::object::{FaceImage, FaceRecord, SecurityObject, fasc_n, security_content};
use piv::{
    Algorithm, AnyManagementKey, CardError, Day, Host, Lack, ManagementProblem, MutualProblem,
    ObjectTag, Slot, StatusWord, Transport, TransportError, host::ImportedKey,
};
use vcard::{Card, Profile};
use zeroize::Zeroizing;

use crate::fixture::{
    GUID, card, entropy, manage, personalisation, pin, transport_key, transport_pin,
};
use crate::keys::is_signed;

fn key(algorithm: ManagementAlgorithm, byte: u8) -> AnyManagementKey {
    let bytes = vec![byte; algorithm.key_length()];
    AnyManagementKey::parse(algorithm, &bytes).ok().unwrap()
}

fn with_key(profile: Profile, key: AnyManagementKey) -> Card {
    let mut wanted = personalisation();
    wanted.profile = profile;
    wanted.management_key = key;
    Card::new(&wanted, entropy(1)).unwrap()
}

fn may_write(host: &mut Host<'_>) -> bool {
    host.write_object(ObjectTag::SECURITY, &[1]).is_ok()
}

#[test]
fn every_management_key_is_proven_in_both_ways() {
    for profile in [Profile::Plain, Profile::Yubikey] {
        for algorithm in ManagementAlgorithm::ALL {
            let (right, wrong) = (key(algorithm, 0x5A), key(algorithm, 0x3C));
            let challenge = vec![7; algorithm.challenge_length()];
            let mut card = with_key(profile, right.clone());
            let mut host = Host::new(&mut card);
            host.authenticate(&right).unwrap();
            assert!(may_write(&mut host));
            assert_eq!(host.authenticate(&wrong), Err(ManagementProblem::Refused));
            assert!(!may_write(&mut host));
            host.authenticate_mutually(&right, &challenge).unwrap();
            assert!(may_write(&mut host));
            let refused = Err(MutualProblem::Host(ManagementProblem::Refused));
            assert_eq!(host.authenticate_mutually(&wrong, &challenge), refused);
            assert_eq!(host.authenticate_mutually(&right, &[7]), refused);
            assert!(!may_write(&mut host));
            for other in ManagementAlgorithm::ALL {
                if other != algorithm {
                    let other = key(other, 0x5A);
                    assert_eq!(host.authenticate(&other), Err(ManagementProblem::Refused));
                }
            }
            assert_eq!(host.management_algorithm(), Ok(Some(algorithm)));
        }
    }
}

/// A card that takes a proof only without the empty element that asks for its answer.
struct Terse(Card);

impl Transport for Terse {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        if command.len() > 10 && command.ends_with(&[0x82, 0, 0]) {
            return Ok(vec![0x6A, 0x80]);
        }
        Ok(self.0.transmit(command))
    }
}

#[test]
fn a_card_may_want_the_proof_without_the_question() {
    let right = key(ManagementAlgorithm::Aes256, 0x5A);
    let mut card = Terse(with_key(Profile::Plain, right.clone()));
    let mut host = Host::new(&mut card);
    host.authenticate_mutually(&right, &[7; 16]).unwrap();
    assert!(may_write(&mut host));
    let wrong = key(ManagementAlgorithm::Aes256, 0x3C);
    let refused = Err(MutualProblem::Host(ManagementProblem::Refused));
    assert_eq!(host.authenticate_mutually(&wrong, &[7; 16]), refused);
    assert!(!may_write(&mut host));
}

/// A card in the way of the real one: it says yes to every proof and answers what it likes.
struct Impostor(u8);

impl Transport for Impostor {
    fn transmit(&mut self, _: &[u8]) -> Result<Vec<u8>, TransportError> {
        let mut answer = vec![0x7C, 18, self.0, 16];
        answer.extend([9; 16]);
        answer.extend([0x90, 0]);
        self.0 = 0x82;
        Ok(answer)
    }
}

#[test]
fn a_card_that_does_not_hold_the_key_is_found_out() {
    let key = key(ManagementAlgorithm::Aes256, 0x5A);
    let mut impostor = Impostor(0x80);
    let outcome = Host::new(&mut impostor).authenticate_mutually(&key, &[7; 16]);
    assert_eq!(outcome, Err(MutualProblem::Card));
}

#[test]
fn one_management_key_takes_anothers_place() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    for algorithm in ManagementAlgorithm::ALL {
        let new = key(algorithm, 0x42);
        host.set_any_management_key(&new).unwrap();
        host.authenticate(&new).unwrap();
    }
}

#[test]
fn a_card_with_everything_lacks_nothing() {
    let mut card = card();
    let abilities = Host::new(&mut card).abilities().unwrap();
    assert_eq!(abilities.lacks(), []);
    assert_eq!(abilities.serial, Some(4_711_001));
    assert!(!abilities.algorithms.contains(&Algorithm::Rsa3072));
}

#[test]
fn what_a_plain_card_lacks_is_said_and_the_rest_is_done() {
    let right = key(ManagementAlgorithm::TripleDes, 0x5A);
    let mut card = with_key(Profile::Plain, right.clone());
    let mut host = Host::new(&mut card);
    host.authenticate(&right).unwrap();
    host.write_object(ObjectTag::KEY_HISTORY, &[]).unwrap();
    let abilities = host.abilities().unwrap();
    assert_eq!(
        abilities.lacks(),
        [
            Lack::NewManagementKey,
            Lack::OldManagement,
            Lack::Import,
            Lack::Attestation,
            Lack::Metadata,
            Lack::Version,
            Lack::Object(ObjectTag::KEY_HISTORY),
        ]
    );
    host.authenticate(&right).unwrap();
    let scalar = Zeroizing::new(vec![0x5A; 32]);
    let imported = ImportedKey::Ecc {
        algorithm: Algorithm::EccP256,
        scalar,
    };
    let refused = host.import_key(Slot::ENCRYPTION, &imported).unwrap_err();
    assert!(refused.is_lack(), "{refused}");
    let refused = host.set_any_management_key(&right).unwrap_err();
    assert!(refused.is_lack(), "{refused}");
    assert_eq!(host.unlock_code_tries_left(), Ok(None));
    assert_eq!(host.attest(Slot::LOGIN), Ok(None));
    // What it has goes on.
    let spki = host.generate_key(Slot::LOGIN, Algorithm::EccP256).unwrap();
    host.verify_pin(&transport_pin()).unwrap();
    let signature = host.sign(Slot::LOGIN, Algorithm::EccP256, b"m").unwrap();
    assert!(is_signed(&spki, Algorithm::EccP256, b"m", &signature));
}

#[test]
fn asking_changes_nothing() {
    for profile in [Profile::Plain, Profile::Yubikey] {
        let mut card = with_key(profile, key(ManagementAlgorithm::Aes192, 1));
        let before = card.to_json().unwrap();
        let mut host = Host::new(&mut card);
        host.authenticate(&key(ManagementAlgorithm::Aes192, 1))
            .unwrap();
        host.verify_pin(&transport_pin()).unwrap();
        let abilities = host.abilities().unwrap();
        assert_eq!(abilities.management, Some(ManagementAlgorithm::Aes192));
        assert!(*card.to_json().unwrap() == *before);
    }
}

#[test]
fn tries_of_both_codes_are_told() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert_eq!(host.unlock_code_tries_left(), Ok(Some(10)));
    let wrong = piv::UnlockCode::new(*b"00000000");
    assert!(host.reset_pin(&wrong, &pin("123456")).is_err());
    assert_eq!(host.unlock_code_tries_left(), Ok(Some(9)));
    assert_eq!(host.pin_tries_left(), Ok(Some(3)));
}

#[test]
fn longer_rsa_keys_where_the_card_has_them() {
    let mut wanted = personalisation();
    wanted.version = [5, 7, 0];
    let mut card = Card::new(&wanted, entropy(1)).unwrap();
    let mut host = Host::new(&mut card);
    let abilities = host.abilities().unwrap();
    assert_eq!(abilities.algorithms, Algorithm::ALL);
    assert!(manage(&mut host, &transport_key()));
    let spki = host.generate_key(Slot::LOGIN, Algorithm::Rsa3072).unwrap();
    host.verify_pin(&transport_pin()).unwrap();
    let signature = host.sign(Slot::LOGIN, Algorithm::Rsa3072, b"m").unwrap();
    assert_eq!(signature.len(), 384);
    assert!(is_signed(&spki, Algorithm::Rsa3072, b"m", &signature));
    let plain = host.decrypt_block(Slot::LOGIN, &[1; 384]).unwrap();
    assert_eq!(plain.len(), 384);
    // It is kept and found again as what it is.
    let mut again = Card::from_json(&card.to_json().unwrap(), entropy(2)).unwrap();
    let metadata = Host::new(&mut again).key_metadata(Slot::LOGIN).unwrap();
    assert_eq!(metadata.unwrap().public_key.algorithm(), Algorithm::Rsa3072);
    // The usual card has none.
    let mut usual = crate::fixture::card();
    let mut host = Host::new(&mut usual);
    assert!(manage(&mut host, &transport_key()));
    let refused = host.generate_key(Slot::LOGIN, Algorithm::Rsa4096);
    assert_eq!(refused.unwrap_err().status(), Some(StatusWord::WrongData));
}

/// A card with room for so many bytes in an object: it takes the links and refuses the last.
struct Small<'a> {
    card: &'a mut Card,
    room: usize,
    gathered: Vec<Vec<u8>>,
}

impl Transport for Small<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        if command.get(1) != Some(&0xDB) {
            return Ok(self.card.transmit(command));
        }
        self.gathered.push(command.to_vec());
        if command.first() == Some(&0x10) {
            return Ok(vec![0x90, 0]);
        }
        let links = std::mem::take(&mut self.gathered);
        if links.iter().map(Vec::len).sum::<usize>() > self.room {
            return Ok(vec![0x6A, 0x84]);
        }
        let answers = links.iter().map(|link| self.card.transmit(link));
        Ok(answers.last().unwrap())
    }
}

#[test]
fn a_certificate_without_room_is_compressed() {
    let mut card = card();
    assert!(manage(&mut Host::new(&mut card), &transport_key()));
    let mut small = Small {
        card: &mut card,
        room: 800,
        gathered: Vec::new(),
    };
    let mut host = Host::new(&mut small);
    let place = Slot::LOGIN.certificate_object();
    let (short, long) = (vec![0x30; 200], vec![0x30; 1500]);
    for (certificate, information) in [(short, 0), (long, 1)] {
        host.write_certificate(Slot::LOGIN, &certificate).unwrap();
        let read = host.read_certificate(Slot::LOGIN);
        assert_eq!(read, Ok(Some(certificate)));
        let kept = host.read_object(place).unwrap().unwrap();
        assert!(kept.ends_with(&[0x71, 1, information, 0xFE, 0]));
    }
    let mut random = vec![0; 1500];
    entropy(9)(&mut random);
    let refused = host.write_certificate(Slot::LOGIN, &random).unwrap_err();
    assert_eq!(refused.status(), Some(StatusWord::NotEnoughMemory));
}

#[test]
fn another_guid_and_all_else_as_it_was() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    let mut before = host.chuid().unwrap().unwrap();
    before.signature = vec![0x30, 0];
    host.write(&before).unwrap();
    host.renew_guid([7; 16]).unwrap();
    let after = host.chuid().unwrap().unwrap();
    assert_eq!((before.guid, after.guid), (GUID, [7; 16]));
    assert!(after.signature.is_empty());
    assert_eq!(after.expires_on, before.expires_on);
    host.write_object(ObjectTag::CHUID, &[]).unwrap();
    assert_eq!(host.renew_guid([8; 16]), Err(CardError::NotKept));
}

#[test]
fn picture_and_security_object_are_kept() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    let day = Day::new(2031, 11, 23).unwrap();
    let record = FaceRecord {
        jpeg: vec![0xD8; 9000],
        width: 420,
        height: 560,
        made_on: day,
        good_from: day,
        good_until: day,
        creator: String::new(),
        fasc_n: fasc_n(0),
    };
    let face = FaceImage {
        cbeff: record.to_cbeff(&[]).unwrap(),
    };
    host.write(&face).unwrap();
    let chuid = host.read_object(ObjectTag::CHUID).unwrap().unwrap();
    host.verify_pin(&transport_pin()).unwrap();
    let written = host.read_object(ObjectTag::FACE).unwrap().unwrap();
    let objects = [
        (ObjectTag::CHUID, &chuid[..]),
        (ObjectTag::FACE, &written[..]),
    ];
    let content = security_content(&objects).unwrap();
    let security = SecurityObject {
        groups: content.groups,
        signed: content.to_sign,
    };
    host.write(&security).unwrap();
    assert_eq!(host.read(), Ok(Some(security)));
    assert_eq!(host.read(), Ok(Some(face)));
    host.forget_pin().unwrap();
    let refused = host.read::<FaceImage>().unwrap_err();
    assert_eq!(
        refused.status(),
        Some(StatusWord::SecurityStatusNotSatisfied)
    );
}
