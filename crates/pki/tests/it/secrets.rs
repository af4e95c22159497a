use pki::derive::{answer_challenge, card_key};
use pki::envelope::{ActKey, EnvelopeError, seal_to};
use pki::sealed::{SealError, SealingKey, open, seal};

#[test]
fn what_is_sealed_opens_with_its_key_and_label_only() {
    let key = SealingKey::new([1; 32]);
    let sealed = seal(&key, "card/1/unlock", b"12345678", [9; 12]).unwrap();
    assert_eq!(sealed.len(), 8 + 29);
    assert_eq!(
        open(&key, "card/1/unlock", &sealed).unwrap().as_slice(),
        b"12345678"
    );
    let opens = |key: &SealingKey, label, sealed: &[u8]| open(key, label, sealed).map(|_| ());
    let closed = Err(SealError::DoesNotOpen);
    assert_eq!(opens(&key, "card/2/unlock", &sealed), closed);
    assert_eq!(
        opens(&SealingKey::new([2; 32]), "card/1/unlock", &sealed),
        closed
    );
    for place in 1..sealed.len() {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert_eq!(opens(&key, "card/1/unlock", &changed), closed);
    }
    for length in 0..13 {
        assert_eq!(
            opens(&key, "card/1/unlock", &sealed[..length]),
            Err(SealError::UnknownForm)
        );
    }
    assert_eq!(
        opens(&key, "card/1/unlock", &[2; 40]),
        Err(SealError::UnknownForm)
    );
}

#[test]
fn key_files_hold_bytes_or_digits() {
    let sealed = seal(&SealingKey::new([0x61; 32]), "x", b"y", [0; 12]).unwrap();
    for content in [
        b"a".repeat(32),
        b"61".repeat(32),
        [&b"61".repeat(32)[..], b"\n"].concat(),
    ] {
        let key = SealingKey::from_file_bytes(&content).unwrap();
        assert!(open(&key, "x", &sealed).is_ok());
    }
    for content in [&b""[..], b"short", &b"6".repeat(63), &b"zz".repeat(32)] {
        assert_eq!(
            SealingKey::from_file_bytes(content).err(),
            Some(SealError::KeyLength)
        );
    }
}

#[test]
fn card_keys_are_those_of_the_standard() {
    // Reference: `openssl kdf -keylen 32 -kdfopt mode:counter -kdfopt mac:HMAC -kdfopt digest:SHA256
    // -kdfopt hexkey:0001…1f -kdfopt salt:piv-management-1 -kdfopt info:9752000100000000017 KBKDF`.
    let master: [u8; 32] = std::array::from_fn(|place| u8::try_from(place).unwrap());
    let derived = card_key(
        &SealingKey::new(master),
        "piv-management-1",
        b"9752000100000000017",
    );
    assert_eq!(
        hex::encode(derived.as_slice()),
        "088139f670b3b1aff1549edf336bf8de052f77777274b1b39c37efa37dfb4b7b"
    );
}

#[test]
fn challenges_are_answered_as_in_fips_197() {
    // FIPS 197 C.3.
    let key: [u8; 32] = std::array::from_fn(|place| u8::try_from(place).unwrap());
    let challenge: [u8; 16] = std::array::from_fn(|place| u8::try_from(place * 0x11).unwrap());
    assert_eq!(
        hex::encode(answer_challenge(&key, &challenge).unwrap()),
        "8ea2b7ca516745bfeafc49904b496089"
    );
}

#[test]
fn an_envelope_reaches_the_key_it_was_made_for() {
    let key = ActKey::generate().unwrap();
    let envelope = seal_to(key.public(), b"unlock").unwrap();
    let again = seal_to(key.public(), b"unlock").unwrap();
    assert_ne!(envelope, again);
    assert_eq!(key.open(&envelope).unwrap().as_slice(), b"unlock");

    let other = ActKey::generate().unwrap();
    assert_eq!(
        other.open(&envelope).err(),
        Some(EnvelopeError::DoesNotOpen)
    );
    let refused = |change: &dyn Fn(&mut Vec<u8>)| {
        let key = ActKey::generate().unwrap();
        let mut envelope = seal_to(key.public(), b"unlock").unwrap();
        change(&mut envelope);
        key.open(&envelope).err().unwrap()
    };
    assert_eq!(refused(&|e| e[0] = 9), EnvelopeError::UnknownForm);
    assert_eq!(refused(&|e| e.truncate(40)), EnvelopeError::UnknownForm);
    assert_eq!(refused(&|e| e[20] ^= 1), EnvelopeError::BadPublicKey);
    assert_eq!(refused(&|e| e[70] ^= 1), EnvelopeError::DoesNotOpen);
    assert_eq!(refused(&|e| e.truncate(70)), EnvelopeError::DoesNotOpen);
    assert_eq!(
        seal_to(&[4; 65], b"x").err(),
        Some(EnvelopeError::BadPublicKey)
    );
    assert_eq!(
        seal_to(b"short", b"x").err(),
        Some(EnvelopeError::BadPublicKey)
    );
}
