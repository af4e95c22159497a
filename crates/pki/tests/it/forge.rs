//! Certificates of others, as right or wrong as a test wants them: DER by hand, signed by real keys.

use pki::ObjectIdentifier;
use pki::certificate::Certificate;
use pki::key::{KeyKind, Signer as _, SoftwareKey};

pub const FROM: &[u8] = b"20260101000000Z";
pub const TO: &[u8] = b"20360101000000Z";
/// Within [`FROM`] and [`TO`].
pub const NOW: i64 = 1_795_000_000;

pub const KEY_USAGE: &str = "2.5.29.15";
pub const ALTERNATIVE_NAME: &str = "2.5.29.17";
pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
pub const POLICIES: &str = "2.5.29.32";
pub const POLICY_MAPPINGS: &str = "2.5.29.33";
pub const POLICY_CONSTRAINTS: &str = "2.5.29.36";
pub const INHIBIT_ANY_POLICY: &str = "2.5.29.54";
pub const AUTHORITY_KEY: &str = "2.5.29.35";
pub const SUBJECT_KEY: &str = "2.5.29.14";
pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
pub const AUTHORITY_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
pub const ANY_POLICY: &str = "2.5.29.32.0";

pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut der = vec![tag];
    match length {
        0..=127 => der.push(u8::try_from(length).unwrap()),
        128..=255 => der.extend([0x81, u8::try_from(length).unwrap()]),
        _ => {
            der.push(0x82);
            der.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    der.extend(content);
    der
}

pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

pub fn oid(text: &str) -> Vec<u8> {
    tlv(6, ObjectIdentifier::new(text).unwrap().as_bytes())
}

/// A `Name` of one common name for each part, empty for none.
pub fn name(parts: &[&str]) -> Vec<u8> {
    let part = |text: &&str| tlv(0x31, &sequence(&[oid("2.5.4.3"), tlv(12, text.as_bytes())]));
    tlv(0x30, &parts.iter().flat_map(part).collect::<Vec<_>>())
}

pub fn mail(text: &str) -> Vec<u8> {
    tlv(0x81, text.as_bytes())
}

pub fn dns(text: &str) -> Vec<u8> {
    tlv(0x82, text.as_bytes())
}

pub fn directory(parts: &[&str]) -> Vec<u8> {
    tlv(0xa4, &name(parts))
}

pub fn uri(text: &str) -> Vec<u8> {
    tlv(0x86, text.as_bytes())
}

pub fn ip(octets: &[u8]) -> Vec<u8> {
    tlv(0x87, octets)
}

pub fn other_name(kind: &str, text: &str) -> Vec<u8> {
    let value = tlv(0xa0, &tlv(12, text.as_bytes()));
    tlv(0xa0, &[oid(kind), value].concat())
}

pub fn principal(text: &str) -> Vec<u8> {
    other_name("1.3.6.1.4.1.311.20.2.3", text)
}

/// The value of name constraints: permitted and excluded subtrees.
pub fn constraints(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Vec<u8> {
    let side = |number, bases: &[Vec<u8>]| {
        let subtrees: Vec<u8> = bases
            .iter()
            .flat_map(|base| sequence(std::slice::from_ref(base)))
            .collect();
        if subtrees.is_empty() {
            Vec::new()
        } else {
            tlv(number, &subtrees)
        }
    };
    sequence(&[side(0xa0, permitted), side(0xa1, excluded)])
}

pub fn policies(policies: &[&str]) -> Vec<u8> {
    let policy = |policy: &&str| sequence(&[oid(policy)]);
    sequence(&policies.iter().map(policy).collect::<Vec<_>>())
}

pub fn mappings(pairs: &[(&str, &str)]) -> Vec<u8> {
    let pair = |(from, to): &(&str, &str)| sequence(&[oid(from), oid(to)]);
    sequence(&pairs.iter().map(pair).collect::<Vec<_>>())
}

/// Somebody with a name and a key.
pub struct Party {
    pub name: Vec<u8>,
    pub key: SoftwareKey,
}

impl Party {
    pub fn new(text: &str) -> Self {
        Self {
            name: name(&[text]),
            key: SoftwareKey::generate(KeyKind::P256).unwrap(),
        }
    }

    fn identifier(&self) -> [u8; 20] {
        self.key.public_key().key_identifier()
    }
}

/// A certificate before it is signed.
pub struct Draft<'a> {
    issuer: &'a Party,
    subject: &'a Party,
    pub serial: Vec<u8>,
    pub dates: (&'static [u8], &'static [u8]),
    extensions: Vec<(&'static str, bool, Vec<u8>)>,
}

impl<'a> Draft<'a> {
    fn new(issuer: &'a Party, subject: &'a Party) -> Self {
        let authority_key = sequence(&[tlv(0x80, &issuer.identifier())]);
        Self {
            issuer,
            subject,
            serial: vec![0x51, 7],
            dates: (FROM, TO),
            extensions: vec![
                (AUTHORITY_KEY, false, authority_key),
                (SUBJECT_KEY, false, tlv(4, &subject.identifier())),
            ],
        }
    }

    /// An authority of any length, for any use.
    pub fn authority(issuer: &'a Party, subject: &'a Party) -> Self {
        Self::new(issuer, subject)
            .with(BASIC_CONSTRAINTS, true, sequence(&[vec![1, 1, 0xff]]))
            .with(KEY_USAGE, true, vec![3, 2, 1, 0x06])
    }

    /// A person's, for login.
    pub fn person(issuer: &'a Party, subject: &'a Party) -> Self {
        Self::new(issuer, subject)
            .with(KEY_USAGE, true, vec![3, 2, 7, 0x80])
            .with(EXTENDED_KEY_USAGE, false, sequence(&[oid(CLIENT_AUTH)]))
    }

    /// With this extension, in the place of another of its kind.
    pub fn with(mut self, kind: &'static str, critical: bool, value: Vec<u8>) -> Self {
        self = self.without(kind);
        self.extensions.push((kind, critical, value));
        self
    }

    pub fn without(mut self, kind: &'static str) -> Self {
        self.extensions.retain(|(other, ..)| *other != kind);
        self
    }

    pub fn names(self, names: &[Vec<u8>]) -> Self {
        self.with(ALTERNATIVE_NAME, false, sequence(names))
    }

    pub fn policies(self, list: &[&str]) -> Self {
        self.with(POLICIES, false, policies(list))
    }

    pub fn between(self, from: &'static [u8], to: &'static [u8]) -> Self {
        Self {
            dates: (from, to),
            ..self
        }
    }

    /// What is signed.
    pub fn body(&self) -> Vec<u8> {
        let extension = |(kind, critical, value): &(&str, bool, Vec<u8>)| {
            let critical = if *critical { vec![1, 1, 0xff] } else { vec![] };
            sequence(&[oid(kind), critical, tlv(4, value)])
        };
        let extensions: Vec<_> = self.extensions.iter().map(extension).collect();
        sequence(&[
            tlv(0xa0, &[2, 1, 2]),
            tlv(2, &self.serial),
            self.issuer.key.algorithm().identifier().to_vec(),
            self.issuer.name.clone(),
            sequence(&[tlv(24, self.dates.0), tlv(24, self.dates.1)]),
            self.subject.name.clone(),
            self.subject.key.public_key().der().to_vec(),
            tlv(0xa3, &sequence(&extensions)),
        ])
    }

    pub fn der(&self) -> Vec<u8> {
        signed(&self.body(), &self.issuer.key)
    }

    pub fn sign(&self) -> Certificate {
        Certificate::from_der(&self.der()).unwrap()
    }
}

/// `body` with a signature by `key`, whatever the body is.
pub fn signed(body: &[u8], key: &SoftwareKey) -> Vec<u8> {
    let signature = key.sign(body).unwrap();
    sequence(&[
        body.to_vec(),
        key.algorithm().identifier().to_vec(),
        tlv(3, &[&[0], &signature[..]].concat()),
    ])
}
