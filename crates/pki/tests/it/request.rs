use pki::key::{KeyError, KeyKind, Signer, SoftwareKey};
use pki::request::{Request, RequestError, WishedName, assemble, to_be_signed, verify};

use crate::house::person;

#[test]
fn a_card_proves_that_it_holds_the_key() {
    for kind in [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
        let key = SoftwareKey::generate(kind).unwrap();
        let info = to_be_signed(&person(), key.public_key());
        let signature = key.sign(&info).unwrap();
        assert_eq!(verify(&info, &signature).as_ref(), Ok(key.public_key()));
        let whole = assemble(&info, &signature).unwrap();
        let request = Request::from_der(&whole).unwrap();
        assert_eq!(request.public_key(), key.public_key());
        assert_eq!(request.subject_der(), person().to_der());
    }
}

#[test]
fn a_signature_of_another_key_proves_nothing() {
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let other = SoftwareKey::generate(KeyKind::P256).unwrap();
    let info = to_be_signed(&person(), key.public_key());
    let signature = other.sign(&info).unwrap();
    let expected = RequestError::Key(KeyError::BadSignature);
    assert_eq!(verify(&info, &signature).unwrap_err(), expected);
    assert_eq!(assemble(&info, &signature).unwrap_err(), expected);
    assert_eq!(
        verify(b"nothing", &signature).unwrap_err(),
        RequestError::Malformed
    );
}

#[test]
fn requests_of_others_are_read() {
    // Made with OpenSSL: RSA with SHA-384, attributes with wished-for extensions.
    let pem = include_str!("fixtures/foreign-request.pem");
    let (_, der) = der::pem::decode_vec(pem.trim().as_bytes()).unwrap();
    let request = Request::from_der(&der).unwrap();
    assert_eq!(request.public_key().kind(), KeyKind::Rsa2048);
    let mut longer = der;
    longer.push(5);
    assert_eq!(
        Request::from_der(&longer).unwrap_err(),
        RequestError::Malformed
    );
}

#[test]
fn wished_names_are_told() {
    // Made with OpenSSL: names of every sort that its command line writes.
    let pem = include_str!("fixtures/wished-names.pem");
    let (_, der) = der::pem::decode_vec(pem.trim().as_bytes()).unwrap();
    let request = Request::from_der(&der).unwrap();
    let text = |text: &str| text.to_owned();
    assert_eq!(
        request.names(),
        [
            WishedName::Common(text("Journal")),
            WishedName::Host(text("journal.example.se")),
            WishedName::Host(text("JOURNAL-2.example.se")),
            WishedName::Email(text("drift@example.se")),
            WishedName::Other("iPAddress"),
            WishedName::Other("uniformResourceIdentifier"),
        ]
    );
    // A card's own request has a subject and no attributes.
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let info = to_be_signed(&person(), key.public_key());
    let whole = assemble(&info, &key.sign(&info).unwrap()).unwrap();
    let names = Request::from_der(&whole).unwrap().names().to_vec();
    assert!(matches!(&names[..], [WishedName::Common(_)]), "{names:?}");
}
