//! Hostile bytes: no decoder panics, whatever it is given, and nothing forged is believed.

use std::sync::OnceLock;

use pki::certificate::Certificate;
use pki::crl::{Crl, CrlBuilder, CrlHead, DeltaCrl, Reason};
use pki::key::{KeyKind, PublicKey, Signer as _, SoftwareKey};
use pki::lint::lint;
use pki::merkle::{Checkpoint, verify_consistency, verify_inclusion};
use pki::ocsp::{self, Answer, Responder, Status};
use pki::profile::{Arc, Issuer, standard};
use pki::sealed::SealingKey;
use pki::{envelope, jws, request, sealed};
use proptest::collection::vec;
use proptest::prelude::{any, proptest};

use crate::house::{DAY, House, NOW, Order, person};

/// One good example of everything that is decoded.
struct Examples {
    house: House,
    login: Certificate,
    list: Vec<u8>,
    delta_list: Vec<u8>,
    status_request: Vec<u8>,
    status_answer: Vec<u8>,
    signing_request: Vec<u8>,
    receipt: String,
    checkpoint: String,
    sealed: Vec<u8>,
}

fn examples() -> &'static Examples {
    static EXAMPLES: OnceLock<Examples> = OnceLock::new();
    EXAMPLES.get_or_init(|| {
        let house = House::new(KeyKind::P256);
        let (login, key) = house.issue(&Order::login());
        let mut list = CrlBuilder::new(&house.people, 5, NOW, NOW + DAY).unwrap();
        list.revoke(&login.serial(), NOW, Reason::KeyCompromise);
        let list = list.sign(&house.people_key).unwrap();
        let head = CrlHead::new(&house.people, 6, NOW, NOW + DAY).unwrap();
        let mut delta_list = CrlBuilder::with_head(head.since(5).unwrap());
        delta_list.revoke(&login.serial(), NOW, Reason::RemoveFromCrl);
        let delta_list = delta_list.sign(&house.people_key).unwrap();
        let status_request = ocsp::build_request(&house.people, &login.serial(), Some(&[1; 16]));
        let read = ocsp::Request::from_der(&status_request).unwrap();
        let (responder, responder_key) = house.issue(&Order::responder());
        let status_answer = ocsp::respond(
            &Responder {
                certificate: &responder,
                signer: &responder_key,
            },
            &[Answer {
                id: read.entries()[0],
                status: Status::Good,
                this_update: NOW,
                next_update: Some(NOW + 60),
            }],
            read.nonce(),
            NOW,
        )
        .unwrap();
        let info = request::to_be_signed(&person(), key.public_key());
        let signing_request = request::assemble(&info, &key.sign(&info).unwrap()).unwrap();
        let header = jws::Header {
            algorithm: key.algorithm(),
            typ: None,
            key_id: None,
            certificates: std::slice::from_ref(&login),
        };
        let receipt = jws::sign(&header, b"payload", &key).unwrap();
        let checkpoint = Checkpoint {
            origin: "log".to_owned(),
            size: 1,
            root: [0; 32],
        };
        let checkpoint = checkpoint.sign(&key).unwrap();
        let sealed = sealed::seal(&SealingKey::new([1; 32]), "x", b"secret", [0; 12]).unwrap();
        Examples {
            house,
            login,
            list,
            delta_list,
            status_request,
            status_answer,
            signing_request,
            receipt,
            checkpoint,
            sealed,
        }
    })
}

/// Shows `bytes` to every decoder. What is read is also used, so that lazy parts run too.
fn show_everyone(bytes: &[u8]) {
    let examples = examples();
    let people = &examples.house.people;
    if let Ok(certificate) = Certificate::from_der(bytes) {
        let _ = certificate.subject_text();
        let _ = certificate.alt_security_identities();
        let _ = certificate.to_pem();
        if certificate.is_signed_by(people) {
            assert_eq!(certificate.tbs(), examples.login.tbs());
        }
    }
    if let Ok(list) = Crl::from_der(bytes) {
        let _ = list.entries().count();
        let _ = list.verify(people);
    }
    if let Ok(list) = DeltaCrl::from_der(bytes) {
        let _ = list.entries().count();
        let _ = list.verify(people);
    }
    let _ = ocsp::Request::from_der(bytes);
    if let Ok(answer) = ocsp::Response::from_der(bytes) {
        let _ = answer.verify(people, NOW);
    }
    let _ = request::Request::from_der(bytes);
    let _ = request::Request::from_pem_or_der(bytes);
    let _ = request::verify(bytes, &[0x30, 0]);
    let _ = PublicKey::from_der(bytes);
    let _ = PublicKey::from_point(bytes);
    let _ = SoftwareKey::from_pkcs8(bytes);
    for profile in standard::all(Arc::default()) {
        let _ = lint(bytes, &profile, Issuer::Authority(people));
    }
    let _ = sealed::open(&SealingKey::new([1; 32]), "x", bytes);
    let _ = SealingKey::from_file_bytes(bytes);
    let _ = envelope::seal_to(bytes, b"x");
    if let Ok(key) = envelope::ActKey::generate() {
        let _ = key.open(bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    let _ = Certificate::from_pem(&text);
    let _ = jws::verify(&text);
    let _ = Checkpoint::verify(&text, people.public_key());
}

/// `bytes` with some octets changed, and perhaps cut.
fn damaged(bytes: &[u8], changes: &[(usize, u8)], keep: usize) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    for (place, value) in changes {
        let place = place % damaged.len();
        damaged[place] = *value;
    }
    damaged.truncate(keep.max(1));
    damaged
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in vec(any::<u8>(), 0..400)) {
        show_everyone(&bytes);
    }

    #[test]
    fn bytes_that_begin_well_never_panic(bytes in vec(any::<u8>(), 0..200)) {
        let length = u8::try_from(bytes.len()).unwrap();
        show_everyone(&[&[0x30, 0x81, length], &bytes[..]].concat());
    }

    #[test]
    fn damaged_examples_never_panic(
        which in 0..9_usize,
        changes in vec((any::<usize>(), any::<u8>()), 1..4),
        cut in 0..20_usize,
    ) {
        let all = examples();
        let example: &[u8] = match which {
            0 => all.login.der(),
            1 => &all.list,
            8 => &all.delta_list,
            2 => &all.status_request,
            3 => &all.status_answer,
            4 => &all.signing_request,
            5 => all.receipt.as_bytes(),
            6 => all.checkpoint.as_bytes(),
            _ => &all.sealed,
        };
        let keep = example.len().saturating_sub(cut.saturating_sub(15));
        show_everyone(&damaged(example, &changes, keep));
        show_everyone(&damaged(all.login.tbs(), &changes, usize::MAX));
    }

    #[test]
    fn random_proofs_never_panic_and_prove_nothing(
        index in any::<u64>(),
        size in any::<u64>(),
        hashes in vec(any::<[u8; 32]>(), 0..70),
    ) {
        assert!(!verify_inclusion(&[1; 32], index, size, &hashes, &[2; 32]));
        assert!(!verify_consistency(index, &[1; 32], size, &[2; 32], &hashes));
    }
}
