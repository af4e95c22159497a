//! CMS messages that OpenSSL 3.0 made (`openssl cms`, to a P-256 key), whole, damaged and of anybody's invention.

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use pki::certificate::Certificate;
use pki::cms::{
    BadMessage, Envelope, Holder, Message, OpenError, PrivateOperation, SignatureVerdict,
};
use proptest::prelude::*;
use zeroize::Zeroizing;

const KEY: &[u8] = include_bytes!("fixtures/cms/recipient-key.der");
const CERTIFICATE: &[u8] = include_bytes!("fixtures/cms/recipient.der");
const GCM: &[u8] = include_bytes!("fixtures/cms/gcm.der");
const STREAMED: &[u8] = include_bytes!("fixtures/cms/cbc-streamed.der");
const SIGNED: &[u8] = include_bytes!("fixtures/cms/signed.der");
const CONTENT: &[u8] = b"Content-Type: text/plain\r\n\r\nHej\r\n";
const SEED: [u8; 32] = [3; 32];

fn holder() -> Holder {
    Holder::new(Certificate::from_der(CERTIFICATE).unwrap())
}

fn private(operation: PrivateOperation<'_>) -> Result<Zeroizing<Vec<u8>>, &'static str> {
    let PrivateOperation::Agree(point) = operation else {
        return Err("this key is elliptic");
    };
    let key = PrivateKey::from_private_key_der(&ECDH_P256, KEY).unwrap();
    agree(
        &key,
        UnparsedPublicKey::new(&ECDH_P256, point),
        "no point",
        |secret| Ok(Zeroizing::new(secret.to_vec())),
    )
}

fn envelope(bytes: &[u8]) -> Result<Envelope<'_>, BadMessage> {
    match Message::read(bytes)? {
        Message::Enveloped(envelope) => Ok(envelope),
        Message::Signed(_) => panic!("it is not signed"),
    }
}

#[test]
fn whole_and_streamed_messages_open() {
    for bytes in [GCM, STREAMED] {
        let envelope = envelope(bytes).unwrap();
        assert_eq!(envelope.recipients(), 1);
        assert!(envelope.is_for(&holder()));
        assert_eq!(envelope.open(&holder(), &SEED, private).unwrap(), CONTENT);
    }
}

#[test]
fn what_the_key_refuses_is_told() {
    let envelope = envelope(GCM).unwrap();
    let refused = envelope.open(&holder(), &SEED, |_| Err("no card"));
    assert_eq!(refused, Err(OpenError::Private("no card")));
}

#[test]
fn no_changed_octet_opens_to_something_else() {
    for place in 0..GCM.len() {
        let mut changed = GCM.to_vec();
        changed[place] ^= 0x01;
        let Ok(Message::Enveloped(envelope)) = Message::read(&changed) else {
            continue;
        };
        // Versions and the like may be changed without harm; the content never.
        if let Ok(content) = envelope.open(&holder(), &SEED, private) {
            assert_eq!(content, CONTENT, "octet {place}");
        }
    }
}

#[test]
fn a_signature_holds_for_its_content_alone() {
    let Message::Signed(signed) = Message::read(SIGNED).unwrap() else {
        panic!("it is signed");
    };
    assert_eq!(signed.content(), Some(CONTENT));
    let signers = signed.verify(CONTENT);
    assert_eq!(signers.len(), 1);
    assert_eq!(signers[0].verdict, SignatureVerdict::Intact);
    assert_eq!(
        signers[0].certificate.as_ref().unwrap().subject_text(),
        "CN=Signe"
    );
    assert_eq!(
        signed.verify(b"Hej").first().unwrap().verdict,
        SignatureVerdict::Broken
    );
}

#[test]
fn messages_made_to_be_work_are_refused() {
    assert_eq!(
        Message::read(&[0x30, 0x80].repeat(1_000_000)).unwrap_err(),
        BadMessage::TooMuchWork
    );
    let crowd = [&[0x30, 0x80][..], &[5, 0].repeat(3_000_000)].concat();
    assert_eq!(Message::read(&crowd).unwrap_err(), BadMessage::TooMuchWork);
    let data = [0x30, 11, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1];
    assert!(matches!(
        Message::read(&data),
        Err(BadMessage::UnknownType(_))
    ));
}

proptest! {
    #[test]
    fn random_octets_are_no_message(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Message::read(&bytes).is_err());
    }

    #[test]
    fn mutations_do_no_harm(
        which in 0_usize..3,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = [GCM, STREAMED, SIGNED][which].to_vec();
        for (place, octet) in changes {
            let place = place.index(bytes.len());
            bytes[place] = octet;
        }
        bytes.truncate(cut.index(bytes.len() * 8).max(1));
        match Message::read(&bytes) {
            Ok(Message::Enveloped(envelope)) => {
                let _ = envelope.open(&holder(), &SEED, private);
            }
            Ok(Message::Signed(signed)) => {
                let _ = signed.verify(signed.content().unwrap_or_default());
            }
            Err(_) => {}
        }
    }
}
