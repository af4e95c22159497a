//! What hardware is given to sign, and what becomes of its answer.

use der::Decode as _;
use pki::key::{
    KeyError, KeyKind, PublicKey, SignatureAlgorithm, Signer as _, SoftwareKey, ecdsa_from_raw,
};

/// RFC 8017 9.2: a DigestInfo is SEQUENCE { AlgorithmIdentifier, OCTET STRING }.
#[test]
fn rsa_signs_a_digest_info_and_ecdsa_the_digest() {
    use SignatureAlgorithm as A;
    for (algorithm, length, object) in [
        (A::RsaSha256, 32, "2.16.840.1.101.3.4.2.1"),
        (A::RsaSha384, 48, "2.16.840.1.101.3.4.2.2"),
        (A::RsaSha512, 64, "2.16.840.1.101.3.4.2.3"),
    ] {
        let digest: Vec<u8> = (1..=length).collect();
        let input = algorithm.bare_input(&digest).unwrap();
        let parts = Vec::<der::Any>::from_der(&input).unwrap();
        let identifier: spki::AlgorithmIdentifierRef<'_> = parts[0].decode_as().unwrap();
        assert_eq!(identifier.oid.to_string(), object);
        assert!(identifier.parameters.unwrap().is_null());
        assert_eq!(parts[1].value(), digest);
    }
    for (algorithm, length) in [
        (A::EcdsaSha256, 32),
        (A::EcdsaSha384, 48),
        (A::EcdsaSha512, 64),
    ] {
        let digest = vec![7; length];
        assert_eq!(algorithm.bare_input(&digest).unwrap(), digest);
    }
    for algorithm in A::ALL {
        for length in [0, 20, 31, 65] {
            assert_eq!(
                algorithm.bare_input(&vec![1; length]),
                Err(KeyError::DigestLength)
            );
        }
    }
}

#[test]
fn a_raw_signature_becomes_der_or_nothing() {
    let mut raw = vec![0; 64];
    raw[30] = 1;
    raw[31] = 2;
    raw[32] = 0x80;
    let der = ecdsa_from_raw(KeyKind::P256, &raw).unwrap();
    // SEQUENCE { 0102, 0080 00…00 }: the least octets, and a sign octet where the number would be negative.
    assert_eq!(der[..6], [0x30, 4 + 2 + 33, 0x02, 2, 1, 2]);
    assert_eq!(der[6..10], [0x02, 33, 0, 0x80]);
    assert_eq!(der.len(), 2 + 4 + 35);
    for length in [0, 63, 65, 96] {
        assert_eq!(
            ecdsa_from_raw(KeyKind::P256, &vec![1; length]),
            Err(KeyError::Signing)
        );
    }
    assert!(ecdsa_from_raw(KeyKind::P384, &[1; 96]).is_ok());
    // r and s are never nought (FIPS 186-5 6.4.1, steps 5 and 9).
    assert_eq!(
        ecdsa_from_raw(KeyKind::P256, &[&[0; 32][..], &[1; 32]].concat()),
        Err(KeyError::Signing)
    );
    assert_eq!(
        ecdsa_from_raw(KeyKind::Rsa2048, &[1; 64]),
        Err(KeyError::AlgorithmMismatch)
    );
}

#[test]
fn an_rsa_key_is_read_from_its_numbers() {
    let made = SoftwareKey::generate(KeyKind::Rsa2048).unwrap();
    let numbers = Vec::<der::asn1::Uint>::from_der(made.public_key().key_bits()).unwrap();
    let (modulus, exponent) = (numbers[0].as_bytes(), numbers[1].as_bytes());
    let key = PublicKey::from_rsa(modulus, exponent).unwrap();
    assert_eq!(&key, made.public_key());
    let padded = [&[0, 0][..], modulus].concat();
    assert_eq!(PublicKey::from_rsa(&padded, exponent).unwrap(), key);
    for (modulus, exponent) in [
        (&modulus[1..], exponent),
        (modulus, &[3][..]),
        (modulus, &[1, 0, 0]),
        (&[0xff; 2_000][..], exponent),
        (&[], &[]),
    ] {
        assert!(PublicKey::from_rsa(modulus, exponent).is_err());
    }
}
