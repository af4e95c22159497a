//! What each step does on the card, and what the client does not do.

use crate::world::{
    CARD_NUMBER, Holder, NEW_KEY, Plan, Scripted, TRANSPORT_CODE, TRANSPORT_KEY, der, finished,
    new_card, run, sealed, steps,
};
use client::Stopped;
use piv::ManagementKey;
use pki::key::{PublicKey, SignatureAlgorithm};
use vcard::Card;
use wire::{Algorithm, Answer, Bytes, CardCertificate, Day, Next, Octets, Slot, Step, StopReason};

const REQUEST: [u8; 8] = [0x30, 0x06, 0x02, 0x01, 0x00, 0x04, 0x01, 0x07];
const PROOF: &[u8] = b"sigill proof of possession\n0a\nnonce";
const STATEMENT: &[u8] = b"eyJhbGciOiJFUzI1NiJ9.eyJ4IjoxfQ";

/// Authenticates with the transport management key, then asks for these steps.
fn managed(steps: Vec<Step>) -> impl Plan {
    let mut steps = std::collections::VecDeque::from(steps);
    move |_: &[u8], answer: Option<&Answer>| match answer {
        None => Next::Step(Step::AuthenticateManagement {}),
        Some(Answer::Challenge { challenge }) => Next::Step(Step::AnswerManagement {
            response: Octets(vcard::answer_challenge(
                &ManagementKey::new(TRANSPORT_KEY),
                &challenge.0,
            )),
        }),
        Some(_) => steps.pop_front().map_or_else(finished, Next::Step),
    }
}

fn sign(slot: Slot, message: &[u8], text: Option<&str>) -> Step {
    Step::Sign {
        slot,
        algorithm: Algorithm::EccP256,
        message: Bytes(message.to_vec()),
        text: text.map(str::to_owned),
    }
}

fn generate(slot: Slot, algorithm: Algorithm) -> Step {
    Step::GenerateKey { slot, algorithm }
}

/// Runs steps after management authentication and gives the answers to them.
fn after_management(card: &mut Card, holder: &mut Holder, steps: Vec<Step>) -> Vec<Answer> {
    let mut server = Scripted::new(managed(steps));
    run(card, &mut server, holder).unwrap();
    let mut answers = server.answers;
    assert_eq!(answers.get(1), Some(&Answer::Authenticated {}));
    answers.split_off(2)
}

fn card_with_keys() -> Card {
    let mut card = new_card();
    let slots = [Slot::LOGIN, Slot::SIGNATURE, Slot::ENCRYPTION, Slot::DOOR];
    let steps = slots.map(|slot| generate(slot, Algorithm::EccP256)).into();
    after_management(&mut card, &mut Holder::default(), steps);
    card
}

fn refused(step: Step) {
    let mut card = card_with_keys();
    let before = card.to_json().unwrap();
    let mut server = Scripted::new(managed(vec![step.clone()]));
    match run(&mut card, &mut server, &mut Holder::default()) {
        Err(Stopped::Here { reason, .. }) => assert_eq!(reason, StopReason::NotAllowed, "{step:?}"),
        other => panic!("{step:?}: {other:?}"),
    }
    assert!(*before == *card.to_json().unwrap(), "{step:?}");
}

#[test]
fn a_new_card_says_who_it_is_without_a_code() {
    let mut card = new_card();
    let serial = card.serial();
    let mut server = Scripted::new(steps(vec![
        Step::ReadCard {},
        Step::ReadCertificate { slot: Slot::LOGIN },
    ]));
    run(&mut card, &mut server, &mut Holder::default()).unwrap();
    let [
        Answer::Card {
            number,
            serial: told,
            guid,
            expires_on,
            tries_left,
            certificates,
        },
        Answer::Certificate { certificate, .. },
    ] = server.answers.as_slice()
    else {
        panic!("{:?}", server.answers);
    };
    assert_eq!(number.as_deref(), Some(CARD_NUMBER));
    assert_eq!(*told, Some(serial));
    assert!(guid.is_some());
    assert_eq!(*expires_on, Day::new(2031, 11, 23).ok());
    assert_eq!(*tries_left, Some(3));
    assert!(certificates.is_empty());
    assert_eq!(*certificate, None);
}

#[test]
fn certificates_are_written_read_back_and_told() {
    let mut card = new_card();
    let write = |slot| Step::WriteCertificate {
        slot,
        certificate: Bytes(der(900)),
    };
    let retired = Slot::new(0x82).unwrap();
    let answers = after_management(
        &mut card,
        &mut Holder::default(),
        vec![
            write(Slot::LOGIN),
            write(retired),
            Step::WriteKeyHistory { on_card: 1 },
            Step::ReadCertificate { slot: Slot::LOGIN },
            Step::ReadCard {},
        ],
    );
    assert_eq!(
        answers.first(),
        Some(&Answer::CertificateWritten {
            slot: Slot::LOGIN,
            certificate: Bytes(der(900))
        })
    );
    assert_eq!(answers.get(2), Some(&Answer::KeyHistoryWritten {}));
    assert_eq!(
        answers.get(3),
        Some(&Answer::Certificate {
            slot: Slot::LOGIN,
            certificate: Some(Bytes(der(900)))
        })
    );
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &der(900));
    let sha256 = Octets::try_from(digest.as_ref()).unwrap();
    let expected: Vec<CardCertificate> = [Slot::LOGIN, retired]
        .map(|slot| CardCertificate { slot, sha256 })
        .into();
    let Some(Answer::Card { certificates, .. }) = answers.get(4) else {
        panic!("{answers:?}");
    };
    assert_eq!(*certificates, expected);
}

#[test]
fn the_identity_is_written_and_the_number_stays() {
    let mut card = new_card();
    let guid = Octets([0x33; 16]);
    let last = Day::new(2030, 1, 31).unwrap();
    let answers = after_management(
        &mut card,
        &mut Holder::default(),
        vec![
            Step::WriteIdentity {
                guid,
                expires_on: last,
            },
            Step::ReadCard {},
        ],
    );
    assert_eq!(answers.first(), Some(&Answer::IdentityWritten { guid }));
    let Some(Answer::Card {
        number,
        guid: told,
        expires_on,
        ..
    }) = answers.get(1)
    else {
        panic!("{answers:?}");
    };
    assert_eq!(number.as_deref(), Some(CARD_NUMBER));
    assert_eq!((*told, *expires_on), (Some(guid), Some(last)));
}

#[test]
fn keys_of_every_kind_are_made_attested_and_sign() {
    let kinds = [
        (Algorithm::EccP256, SignatureAlgorithm::EcdsaSha256),
        (Algorithm::EccP384, SignatureAlgorithm::EcdsaSha384),
        (Algorithm::Rsa2048, SignatureAlgorithm::RsaSha256),
    ];
    for (algorithm, signature_algorithm) in kinds {
        let mut card = new_card();
        let slot = Slot::LOGIN;
        let answers = after_management(
            &mut card,
            &mut Holder::entering(&[TRANSPORT_CODE]),
            vec![
                generate(slot, algorithm),
                Step::Attest { slot },
                Step::Sign {
                    slot,
                    algorithm,
                    message: Bytes(REQUEST.to_vec()),
                    text: None,
                },
            ],
        );
        let [
            Answer::Key { public_key, .. },
            Answer::Attestation {
                certificate: Some(certificate),
                attester: Some(attester),
                ..
            },
            Answer::Signature { signature },
        ] = answers.as_slice()
        else {
            panic!("{answers:?}");
        };
        let key = PublicKey::from_der(public_key.as_slice()).unwrap();
        key.verify(signature_algorithm, &REQUEST, signature.as_slice())
            .unwrap();
        assert_eq!(certificate.as_slice().first(), Some(&0x30));
        assert_eq!(attester.as_slice().first(), Some(&0x30));
    }
}

#[test]
fn an_empty_slot_has_no_attestation() {
    let mut card = new_card();
    let mut server = Scripted::new(steps(vec![Step::Attest { slot: Slot::LOGIN }]));
    run(&mut card, &mut server, &mut Holder::default()).unwrap();
    assert_eq!(
        server.answers,
        [Answer::Attestation {
            slot: Slot::LOGIN,
            certificate: None,
            attester: None
        }]
    );
}

#[test]
fn a_text_is_shown_and_the_code_asked_for_every_time() {
    let mut card = card_with_keys();
    let mut holder = Holder::entering(&[TRANSPORT_CODE, TRANSPORT_CODE, TRANSPORT_CODE]);
    let mut server = Scripted::new(steps(vec![
        Step::EnterCode {},
        sign(Slot::LOGIN, STATEMENT, Some("Första")),
        sign(Slot::SIGNATURE, STATEMENT, Some("Andra")),
        sign(Slot::LOGIN, STATEMENT, None),
    ]));
    run(&mut card, &mut server, &mut holder).unwrap();
    let texts: Vec<Option<&str>> = holder
        .requests
        .iter()
        .map(|(_, _, text)| text.as_deref())
        .collect();
    assert_eq!(texts, [None, Some("Första"), Some("Andra")]);
}

#[test]
fn the_signature_key_signs_no_statement_unseen() {
    let mut card = card_with_keys();
    let mut holder = Holder::entering(&[TRANSPORT_CODE, TRANSPORT_CODE]);
    let mut server = Scripted::new(steps(vec![
        Step::EnterCode {},
        sign(Slot::SIGNATURE, PROOF, None),
        sign(Slot::SIGNATURE, &REQUEST, None),
        sign(Slot::ENCRYPTION, PROOF, None),
        sign(Slot::SIGNATURE, STATEMENT, None),
    ]));
    run(&mut card, &mut server, &mut holder).unwrap();
    let texts: Vec<Option<&str>> = holder
        .requests
        .iter()
        .map(|(_, _, text)| text.as_deref())
        .collect();
    assert_eq!(texts, [None, Some("Aktivera kortet")]);
    assert_eq!(server.answers.len(), 5);
}

#[test]
fn the_door_key_wants_no_code() {
    let mut card = card_with_keys();
    let mut server = Scripted::new(steps(vec![sign(Slot::DOOR, PROOF, None)]));
    run(&mut card, &mut server, &mut Holder::default()).unwrap();
    assert!(matches!(
        server.answers.as_slice(),
        [Answer::Signature { .. }]
    ));
}

#[test]
fn what_other_protocols_would_take_for_a_login_is_not_signed() {
    let mut tls = vec![b' '; 64];
    tls.extend(b"TLS 1.3, client CertificateVerify\0");
    tls.extend([9; 32]);
    for message in [&tls[..], &[0xA5; 32], &[], &[0x31, 3, 2, 1, 0]] {
        refused(sign(Slot::LOGIN, message, None));
        refused(sign(Slot::LOGIN, message, Some("Logga in")));
    }
}

#[test]
fn texts_that_hide_something_are_not_shown() {
    for text in ["Betala \u{202E}001", "", " \n", "a\rb"] {
        refused(sign(Slot::LOGIN, STATEMENT, Some(text)));
    }
}

#[test]
fn earlier_decryption_keys_are_neither_made_anew_nor_used_to_sign() {
    let slot = Slot::new(0x82).unwrap();
    refused(generate(slot, Algorithm::EccP256));
    refused(sign(slot, PROOF, None));
}

#[test]
fn objects_that_cannot_be_are_not_written() {
    refused(Step::WriteCertificate {
        slot: Slot::LOGIN,
        certificate: Bytes(b"no certificate".to_vec()),
    });
    refused(Step::WriteCertificate {
        slot: Slot::LOGIN,
        certificate: Bytes(der(5_000)),
    });
    refused(Step::WriteIdentity {
        guid: Octets([0; 16]),
        expires_on: Day::new(2031, 1, 1).unwrap(),
    });
    refused(Step::WriteKeyHistory { on_card: 21 });
    refused(Step::ReplaceManagementKey {
        sealed: Bytes(vec![1; 93]),
    });
}

#[test]
fn the_management_key_is_replaced_and_the_old_one_refused() {
    let mut card = new_card();
    let mut server = Scripted::new(|act_key: &[u8], answer: Option<&Answer>| match answer {
        None | Some(Answer::ManagementKeyReplaced {}) => {
            Next::Step(Step::AuthenticateManagement {})
        }
        Some(Answer::Challenge { challenge }) => Next::Step(Step::AnswerManagement {
            response: Octets(vcard::answer_challenge(
                &ManagementKey::new(TRANSPORT_KEY),
                &challenge.0,
            )),
        }),
        Some(Answer::Authenticated {}) => Next::Step(Step::ReplaceManagementKey {
            sealed: sealed(act_key, &NEW_KEY),
        }),
        Some(_) => finished(),
    });
    run(&mut card, &mut server, &mut Holder::default()).unwrap();
    assert_eq!(server.answers.last(), Some(&Answer::ManagementRefused {}));
}

#[test]
fn nothing_is_written_without_the_management_key() {
    let mut card = new_card();
    let mut server = Scripted::new(steps(vec![Step::WriteCertificate {
        slot: Slot::LOGIN,
        certificate: Bytes(der(300)),
    }]));
    match run(&mut card, &mut server, &mut Holder::default()) {
        Err(Stopped::Here { reason, cause, .. }) => {
            assert_eq!(reason, StopReason::CardFault);
            assert!(cause.is_some());
        }
        other => panic!("{other:?}"),
    }
}
