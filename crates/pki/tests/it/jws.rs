use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pki::jws::{Header, JwsError, assemble, sign, signing_input, verify, verify_with};
use pki::key::{KeyError, KeyKind, PublicKey, SignatureAlgorithm, Signer, SoftwareKey};

use crate::house::{House, Order};

fn base64(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

#[test]
fn the_example_of_rfc_7515_verifies() {
    // RFC 7515 A.3
    let mut point = vec![4];
    point.extend(base64("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"));
    point.extend(base64("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
    let key = PublicKey::from_point(&point).unwrap();
    let text = "eyJhbGciOiJFUzI1NiJ9.\
                eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt\
                cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
                DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA\
                pmWQxfKTUJqPP3-Kg6NU1Q";
    let verified = verify_with(text, &key).unwrap();
    assert!(verified.payload.starts_with(b"{\"iss\":\"joe\""));
    assert_eq!(
        key.jwk(),
        "{\"crv\":\"P-256\",\"kty\":\"EC\",\
         \"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\
         \"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"
    );
    // No certificate in the header: nothing to trust it by.
    assert_eq!(verify(text).unwrap_err(), JwsError::NoCertificate);
}

#[test]
fn the_thumbprint_of_rfc_7638_is_ours() {
    // RFC 7638 3.1, as a SubjectPublicKeyInfo.
    let modulus = base64(
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_B\
         JECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_F\
         DW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4\
         vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    );
    let mut spki =
        hex::decode("30820122300d06092a864886f70d01010105000382010f003082010a0282010100").unwrap();
    spki.extend(modulus);
    spki.extend([2, 3, 1, 0, 1]);
    let key = PublicKey::from_der(&spki).unwrap();
    assert_eq!(
        key.jwk_thumbprint(),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
}

#[test]
fn a_card_signs_a_receipt() {
    let house = House::new(KeyKind::P256);
    for kind in [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
        let card = SoftwareKey::generate(kind).unwrap();
        let certificate = Order::signature().issue(
            pki::profile::Issuer::Authority(&house.people),
            &house.people_key,
            &card,
        );
        let chain = [certificate, house.people.clone()];
        let header = Header {
            algorithm: card.algorithm(),
            typ: Some("sigill-receipt"),
            key_id: None,
            certificates: &chain,
        };
        let input = signing_input(&header, "kvittens åäö".as_bytes()).unwrap();
        // The card sees the input only, and answers in X.509 form.
        let signature = card.sign(input.as_bytes()).unwrap();
        let text = assemble(&input, card.algorithm(), &signature).unwrap();
        let verified = verify(&text).unwrap();
        assert_eq!(verified.payload, "kvittens åäö".as_bytes());
        assert_eq!(verified.certificates, chain);
        assert_eq!(verified.typ.as_deref(), Some("sigill-receipt"));
        assert_eq!(verified.key_id, None);
    }
}

#[test]
fn many_signatures_change_form_and_back() {
    // One in 128 ECDSA numbers is shorter than its field, one in two needs a sign octet.
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let header = Header {
        algorithm: SignatureAlgorithm::EcdsaSha256,
        typ: None,
        key_id: Some("key"),
        certificates: &[],
    };
    for number in 0..600_u32 {
        let text = sign(&header, &number.to_be_bytes(), &key).unwrap();
        let verified = verify_with(&text, key.public_key()).unwrap();
        assert_eq!(verified.payload, number.to_be_bytes());
        assert_eq!(verified.key_id.as_deref(), Some("key"));
    }
}

#[test]
fn what_is_wrong_is_named() {
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let header = |algorithm| Header {
        algorithm,
        typ: None,
        key_id: None,
        certificates: &[],
    };
    let refused = |text: &str| verify_with(text, key.public_key()).unwrap_err();
    let text = sign(&header(SignatureAlgorithm::EcdsaSha256), b"x", &key).unwrap();
    let (_, rest) = text.split_once('.').unwrap();
    let with = |json: &str| format!("{}.{rest}", URL_SAFE_NO_PAD.encode(json));
    assert_eq!(refused(&with(r#"{"alg":"none"}"#)), JwsError::Algorithm);
    assert_eq!(refused(&with(r#"{"alg":"HS256"}"#)), JwsError::Algorithm);
    assert_eq!(refused(&with(r#"{"alg":"RS256"}"#)), JwsError::Algorithm);
    assert_eq!(refused(&with(r#"{"alg":"ES384"}"#)), JwsError::Algorithm);
    assert_eq!(
        refused(&with(r#"{"alg":"ES256","crit":["b64"]}"#)),
        JwsError::Critical
    );
    assert_eq!(refused(&with(r#"["ES256"]"#)), JwsError::Malformed);
    assert_eq!(
        refused(&with(r#"{"alg":"ES256","typ":"x"}"#)),
        JwsError::Key(KeyError::BadSignature)
    );
    assert_eq!(refused("a.b"), JwsError::Malformed);
    assert_eq!(refused(&format!("{text}AAAA")), JwsError::SignatureForm);
    assert_eq!(
        sign(&header(SignatureAlgorithm::RsaSha256), b"x", &key).unwrap_err(),
        JwsError::Algorithm
    );
    assert_eq!(
        assemble("a.b", SignatureAlgorithm::EcdsaSha256, b"not DER").unwrap_err(),
        JwsError::SignatureForm
    );
    assert_eq!(
        signing_input(&header(SignatureAlgorithm::RsaSha512), b"x").unwrap_err(),
        JwsError::Algorithm
    );
}
