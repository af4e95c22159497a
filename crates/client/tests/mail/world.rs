//! A card with encryption keys of every kind, a holder who types the code, and folders of a test's own.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use client::mail::{LARGEST, Language, NotSaved, Options, Tally, save};
use client::{Asks, CodeProblem, CodeRequest, CodeRules, Moment, Prompt, StepName};
use piv::object::KeyHistory;
use piv::{Algorithm, Day, Host, ManagementKey, Pin, Slot, Transport, UnlockCode};
use vcard::{Card, Personalisation};

pub const CODE: &[u8] = b"73920518";
const MANAGEMENT: [u8; 32] = [0x11; 32];

/// The keys of the card: slot, kind, serial number of the certificate.
pub const KEYS: [(u8, Algorithm, u8); 4] = [
    (0x9D, Algorithm::Rsa2048, 1),
    (0x82, Algorithm::EccP256, 2),
    (0x83, Algorithm::EccP384, 3),
    (0x95, Algorithm::EccP256, 4),
];

/// One elliptic key, which a card makes at once.
pub const QUICK: [(u8, Algorithm, u8); 1] = [(0x9D, Algorithm::EccP256, 9)];

/// The card with these keys, the same in every run, and the certificates by slot.
pub fn card(keys: &[(u8, Algorithm, u8)]) -> (Card, BTreeMap<u8, Vec<u8>>) {
    let personalisation = Personalisation::new(
        "9752123400000000019",
        Day::new(2031, 11, 23).unwrap(),
        Pin::parse(CODE).unwrap(),
        UnlockCode::new(*b"old-unlk"),
        ManagementKey::new(MANAGEMENT),
    )
    .unwrap();
    let mut card = Card::new(&personalisation, entropy(7)).unwrap();
    let mut certificates = BTreeMap::new();
    let mut host = Host::new(&mut card);
    host.select().unwrap();
    let challenge = host.management_challenge().unwrap();
    let answer = vcard::answer_challenge(&ManagementKey::new(MANAGEMENT), &challenge);
    host.management_response(&answer).unwrap();
    for (slot, algorithm, serial) in keys {
        let slot = Slot::new(*slot).unwrap();
        let key = host.generate_key(slot, *algorithm).unwrap();
        let certificate = certificate(&key, *serial);
        host.write_certificate(slot, &certificate).unwrap();
        certificates.insert(slot.reference(), certificate);
    }
    host.write(&KeyHistory::on_card(20).unwrap()).unwrap();
    card.power_off();
    (card, certificates)
}

/// A card with keys in 9D, 82, 83 and 95, and the certificates by slot, DER.
pub struct World {
    pub card: Card,
    pub certificates: BTreeMap<u8, Vec<u8>>,
    pub folder: Folder,
}

impl World {
    pub fn new() -> Self {
        Self::with(&KEYS)
    }

    /// Only elliptic keys, which a card makes at once.
    pub fn quick() -> Self {
        Self::with(&QUICK)
    }

    pub fn with(keys: &[(u8, Algorithm, u8)]) -> Self {
        let (card, certificates) = card(keys);
        Self {
            card,
            certificates,
            folder: Folder::new(),
        }
    }

    pub fn options(&self) -> Options {
        Options {
            folder: self.folder.mailbox(),
            out: self.folder.out(),
            language: Language::Swedish,
            largest: LARGEST,
            seed: [0x5E; 32],
        }
    }

    pub fn save(&mut self) -> Result<Tally, NotSaved> {
        let options = self.options();
        save_with(&options, &mut self.card)
    }

    pub fn message(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.folder.mailbox().join(name), content).unwrap();
    }

    /// The certificate as PEM in a file.
    pub fn pem(&self, slot: u8) -> PathBuf {
        let place = self.folder.0.join(format!("{slot:02x}.pem"));
        let certificate =
            pki::certificate::Certificate::from_der(&self.certificates[&slot]).unwrap();
        fs::write(&place, certificate.to_pem()).unwrap();
        place
    }

    /// What was saved, by the subject: the folder of each message.
    pub fn saved(&self) -> BTreeMap<String, PathBuf> {
        let messages = self.folder.out().join("messages");
        let mut saved = BTreeMap::new();
        for entry in fs::read_dir(messages).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let subject = name
                .split_once(' ')
                .map_or("", |(_, subject)| subject)
                .to_owned();
            saved.insert(subject, entry.path());
        }
        saved
    }

    /// The lines of the list: reason and place.
    pub fn not_opened(&self) -> Vec<(String, String)> {
        let list = fs::read_to_string(self.folder.out().join("could-not-open.txt")).unwrap();
        list.lines()
            .map(|line| {
                let mut fields = line.split('\t').map(str::to_owned);
                (fields.next().unwrap(), fields.next().unwrap())
            })
            .collect()
    }
}

pub fn save_with(options: &Options, card: &mut dyn Transport) -> Result<Tally, NotSaved> {
    save(options, card, &mut Holder::default(), &mut |_| {
        ControlFlow::Continue(())
    })
}

/// Types the right code once; asked again, cancels.
#[derive(Default)]
pub struct Holder {
    pub asked: usize,
}

impl Prompt for Holder {
    fn show(&mut self, _: &Asks) -> bool {
        panic!("nobody asks for anything here")
    }

    fn choose_code(&mut self, _: &CodeRules, _: Option<CodeProblem>) -> Option<Pin> {
        panic!("no code is chosen here")
    }

    fn enter_code(&mut self, request: &CodeRequest<'_>) -> Option<Pin> {
        assert!(!request.wrong && request.text.is_none());
        self.asked += 1;
        (self.asked == 1).then(|| Pin::parse(CODE).unwrap())
    }

    fn progress(&mut self, _: StepName, _: Moment) {}
}

/// Goes away with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let place =
            std::env::temp_dir().join(format!("sigill-mail-{}-{number}", std::process::id()));
        fs::create_dir_all(place.join("mailbox")).unwrap();
        Self(place)
    }

    pub fn mailbox(&self) -> PathBuf {
        self.0.join("mailbox")
    }

    pub fn out(&self) -> PathBuf {
        self.0.join("out")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Every file and folder below, with what is in it and when it was last written.
pub fn snapshot(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(place) = waiting.pop() {
        let metadata = fs::metadata(&place).unwrap();
        let content = if metadata.is_dir() {
            waiting.extend(
                fs::read_dir(&place)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
            Vec::new()
        } else {
            fs::read(&place).unwrap()
        };
        found.insert(place, (content, metadata.modified().unwrap()));
    }
    found
}

/// Bytes that look random and are the same in every run (xorshift64).
pub fn entropy(seed: u64) -> impl FnMut(&mut [u8]) + Send + 'static {
    let mut state = seed | 1;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = u8::try_from(state >> 56).unwrap();
        }
    }
}

/// One DER element.
pub fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let significant = &length[length
        .iter()
        .take_while(|octet| **octet == 0)
        .count()
        .min(3)..];
    let mut element = vec![tag];
    if content.len() >= 0x80 {
        element.push(0x80 | u8::try_from(significant.len()).unwrap());
    }
    element.extend_from_slice(significant);
    element.extend_from_slice(&content);
    element
}

/// A certificate for this key by an authority whose signature is of no interest here: mail names a certificate, and never asks.
fn certificate(key: &[u8], serial: u8) -> Vec<u8> {
    let algorithm = element(
        0x30,
        &[&element(0x06, &[&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]])],
    );
    let name = |text: &[u8]| {
        let common_name = element(
            0x30,
            &[&element(0x06, &[&[0x55, 4, 3]]), &element(0x0C, &[text])],
        );
        element(0x30, &[&element(0x31, &[&common_name])])
    };
    let validity = element(
        0x30,
        &[
            &element(0x17, &[b"260101000000Z"]),
            &element(0x17, &[b"310101000000Z"]),
        ],
    );
    let identifier = element(0x04, &[&element(0x04, &[&[serial; 20]])]);
    let extension = element(0x30, &[&element(0x06, &[&[0x55, 0x1D, 0x0E]]), &identifier]);
    let body = element(
        0x30,
        &[
            &[0xA0, 3, 2, 1, 2],
            &element(0x02, &[&[0x40, serial]]),
            &algorithm,
            &name("Utfärdare Åsa".as_bytes()),
            &validity,
            &name(b"Holder"),
            key,
            &element(0xA3, &[&element(0x30, &[&extension])]),
        ],
    );
    element(
        0x30,
        &[
            &body,
            &algorithm,
            &element(0x03, &[&[0], &element(0x30, &[&[2, 1, 1, 2, 1, 1]])]),
        ],
    )
}
