//! Ten thousand random and ten thousand mutated commands: the card answers each, and nothing on it changes that the answer does not
//! account for. The commands that are mutated are those of a whole life, recorded from the driver.

use std::sync::{Arc, Mutex};

use piv::{
    Algorithm, Command, Host, ManagementKey, ObjectTag, Slot, Transport, TransportError,
    apdu::CHAINING, host::ImportedKey,
};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use serde_json::Value;
use vcard::{Card, Memory, MemoryFault};
use zeroize::Zeroizing;

use crate::fixture::{
    card, entropy, manage, pin, transport_key, transport_pin, transport_unlock_code,
};

const RANDOM: usize = 10_000;
const MUTATED: usize = 10_000;
/// So many commands reach one card before the next comes.
const VISIT: usize = 40;

/// Keeps what the card stores.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Option<String>>>);

impl Memory for Shelf {
    fn keep(&mut self, state: &str) -> Result<(), MemoryFault> {
        *self.0.lock().unwrap() = Some(state.to_owned());
        Ok(())
    }
}

/// Notes what is sent.
struct Recorder<'a> {
    card: &'a mut Card,
    sent: Vec<Vec<u8>>,
}

impl Transport for Recorder<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.sent.push(command.to_vec());
        Ok(self.card.transmit(command))
    }
}

/// A card's life: the card at its end, and every command with its links put together again.
fn life() -> (Card, Vec<Command>) {
    let mut card = card();
    let mut recorder = Recorder {
        card: &mut card,
        sent: Vec::new(),
    };
    let mut host = Host::new(&mut recorder);
    host.select().unwrap();
    host.version().unwrap();
    host.serial().unwrap();
    host.chuid().unwrap();
    host.card_number().unwrap();
    host.pin_tries_left().unwrap();
    assert!(host.verify_pin(&pin("000000")).is_err());
    host.change_pin(&transport_pin(), &pin("12345678")).unwrap();
    let unlock = transport_unlock_code();
    host.change_unlock_code(&unlock, &unlock).unwrap();
    host.reset_pin(&unlock, &transport_pin()).unwrap();
    assert!(manage(&mut host, &transport_key()));
    let other = ManagementKey::new([0x22; 32]);
    host.set_management_key(&other).unwrap();
    host.set_management_key(&transport_key()).unwrap();
    host.generate_key(Slot::LOGIN, Algorithm::EccP256).unwrap();
    host.generate_key(Slot::SIGNATURE, Algorithm::EccP384)
        .unwrap();
    let scalar = Zeroizing::new(vec![0x5A; 32]);
    let algorithm = Algorithm::EccP256;
    let key = ImportedKey::Ecc { algorithm, scalar };
    host.import_key(Slot::ENCRYPTION, &key).unwrap();
    host.import_key(Slot::retired(1).unwrap(), &rsa_key())
        .unwrap();
    host.write_certificate(Slot::LOGIN, &[0x30; 1200]).unwrap();
    host.write_certificate(Slot::SIGNATURE, &[0x31; 300])
        .unwrap();
    host.remove_certificate(Slot::SIGNATURE).unwrap();
    host.write_object(ObjectTag::FACE, &[7; 3000]).unwrap();
    host.verify_pin(&transport_pin()).unwrap();
    host.read_object(ObjectTag::FACE).unwrap();
    host.read_object(ObjectTag::DISCOVERY).unwrap();
    host.sign(Slot::LOGIN, Algorithm::EccP256, b"message")
        .unwrap();
    host.verify_pin(&transport_pin()).unwrap();
    host.sign(Slot::SIGNATURE, Algorithm::EccP384, b"message")
        .unwrap();
    let own = host.key_metadata(Slot::ENCRYPTION).unwrap().unwrap();
    let own = own.public_key.encode();
    // Tag and length, one byte each, and the point.
    let (_, point) = own.split_at(2);
    host.agree(Slot::ENCRYPTION, Algorithm::EccP256, point)
        .unwrap();
    host.decrypt_block(Slot::retired(1).unwrap(), &[0x12; 256])
        .unwrap();
    assert!(host.attest(Slot::LOGIN).unwrap().is_some());
    host.read_certificate(Slot::LOGIN).unwrap();
    host.forget_pin().unwrap();
    let commands = whole(&recorder.sent);
    card.power_off();
    (card, commands)
}

fn rsa_key() -> ImportedKey {
    use rsa::traits::PrivateKeyParts;
    let mut random = ChaCha20Rng::from_seed([5; 32]);
    let key = rsa::PrivateKey::new(&mut random, 2048).unwrap();
    let bytes = |number: &rsa::BoxedUint| Zeroizing::new(number.to_be_bytes().to_vec());
    let unused = || Zeroizing::new(vec![1; 128]);
    let [p, q]: &[_; 2] = key.primes().try_into().unwrap();
    ImportedKey::Rsa {
        primes: [bytes(p), bytes(q)],
        exponents: [unused(), unused()],
        coefficient: unused(),
    }
}

fn whole(sent: &[Vec<u8>]) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut data = Vec::new();
    for bytes in sent {
        let mut command = Command::decode(bytes).unwrap();
        data.extend_from_slice(&command.data);
        if command.class & CHAINING == 0 {
            command.data = std::mem::take(&mut data);
            commands.push(command);
        }
    }
    commands
}

/// Draws that are the same in every run.
struct Dice(ChaCha20Rng);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next_u64() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.0.next_u32().to_be_bytes()[0]
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        all.get(self.below(all.len())).unwrap()
    }

    /// One command's bytes, changed at zero to three places.
    fn damaged(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        for _ in 0..self.below(4) {
            let place = self.below(bytes.len());
            match self.below(6) {
                0 => bytes.truncate(place),
                1 => bytes.extend(vec![0; place % 9]),
                2 => bytes.insert(place, 0),
                3 => {
                    let piece = self.byte();
                    bytes.splice(place.., vec![piece; place % 40]);
                }
                4 => {
                    if let Some(byte) = bytes.get_mut(place) {
                        *byte ^= 1 << (place % 8);
                    }
                }
                _ => {
                    let new = self.byte();
                    if let Some(byte) = bytes.get_mut(place) {
                        *byte = new;
                    }
                }
            }
        }
        bytes
    }

    /// A recorded command, changed in its content, its header, its links or its encoding.
    fn mutated(&mut self, life: &[Command]) -> Vec<Vec<u8>> {
        let mut command = self.of(life).clone();
        if self.below(2) == 0 {
            command.data = self.damaged(std::mem::take(&mut command.data));
        }
        if self.below(8) == 0 {
            let other = self.of(life);
            command.p2 = other.p2;
            command.p1 = other.p1;
        }
        let mut links = match self.below(4) {
            0 => vec![command.encode_extended().to_vec()],
            1 => self.chain(&command, 300),
            2 => self.chain(&command, 17),
            _ => command
                .encode_chain()
                .iter()
                .map(|link| link.to_vec())
                .collect(),
        };
        match self.below(4) {
            0 => {
                let place = self.below(links.len());
                if let Some(link) = links.get_mut(place) {
                    *link = self.damaged(std::mem::take(link));
                }
            }
            1 => {
                let place = self.below(links.len());
                links.remove(place);
            }
            _ => {}
        }
        links
    }

    /// Links of any lengths up to a most, the short form or, above 255 bytes, the extended.
    fn chain(&mut self, command: &Command, most: usize) -> Vec<Vec<u8>> {
        let mut links = Vec::new();
        let mut rest = &command.data[..];
        loop {
            let (now, later) = rest.split_at((1 + self.below(most)).min(rest.len()));
            let mut link = command.clone();
            link.data = now.to_vec();
            if !later.is_empty() {
                link.class |= CHAINING;
                link.expected = None;
            }
            links.push(if now.len() > 255 {
                link.encode_extended().to_vec()
            } else {
                link.encode_chain().remove(0).to_vec()
            });
            if later.is_empty() {
                return links;
            }
            rest = later;
        }
    }

    /// Bytes of any kind, the more of them alike to a command the more likely they are taken for one.
    fn random(&mut self) -> Vec<u8> {
        let length = match self.below(10) {
            0 => self.below(6),
            1 => self.below(4000),
            _ => self.below(60),
        };
        let mut bytes = self.bytes(length);
        let likely = [
            (0, &[0, CHAINING][..]),
            (1, &[0x20, 0x24, 0x2C, 0x47, 0x87, 0xA4, 0xC0, 0xCB, 0xDB]),
            (2, &[0, 0x3F, 0xFF, 0x03, 0x0C, 0x11, 0x14, 0x9A]),
            (3, &[0, 0x80, 0x81, 0x9A, 0x9B, 0x9C, 0xFF]),
        ];
        for (place, values) in likely {
            if self.below(8) != 0
                && let Some(byte) = bytes.get_mut(place)
            {
                *byte = *self.of(values);
            }
        }
        if self.below(4) != 0
            && let Some(fitting) = length.checked_sub(5)
            && let Ok(fitting) = u8::try_from(fitting)
            && let Some(byte) = bytes.get_mut(4)
        {
            *byte = fitting;
        }
        bytes
    }
}

/// Whether it makes the card compute an RSA key, which takes seconds without optimisation.
fn is_slow(bytes: &[u8]) -> bool {
    bytes.get(1) == Some(&0x47) && bytes.windows(3).any(|three| three == [0x80, 1, 7])
}

/// A card, and what it is known to hold.
struct Watched {
    card: Card,
    shelf: Shelf,
    text: String,
    managed: bool,
    sent: usize,
}

impl Watched {
    fn new(text: &str, seed: u64, managed: bool) -> Self {
        let mut card = Card::from_json(text, entropy(seed)).unwrap();
        let mut host = Host::new(&mut card);
        if managed {
            assert!(manage(&mut host, &transport_key()));
            host.verify_pin(&transport_pin()).unwrap();
        }
        let shelf = Shelf::default();
        let text = card.to_json().unwrap().to_string();
        card.attach_memory(shelf.clone());
        Self {
            card,
            shelf,
            text,
            managed,
            sent: 0,
        }
    }

    /// Sends one command; what changes must be what its answer and its instruction account for, and be stored.
    fn send(&mut self, bytes: &[u8]) {
        let sent = || hex::encode(bytes);
        let answer = self.card.transmit(bytes);
        let (_, status) = answer.split_last_chunk::<2>().expect("no status word");
        let done = matches!(status, [0x90, 0] | [0x61, _]);
        let stored = self.shelf.0.lock().unwrap().take();
        // Writing the card down takes most of the time; without a change it is looked at now and then.
        self.sent += 1;
        if stored.is_none() && !self.sent.is_multiple_of(8) {
            return;
        }
        let after = self.card.to_json().unwrap();
        let kept = stored.as_ref().unwrap_or(&self.text);
        assert!(*kept == *after, "not stored: the change of {}", sent());
        if *after == self.text {
            return;
        }
        let before: Value = serde_json::from_str(&self.text).unwrap();
        let now: Value = serde_json::from_str(&after).unwrap();
        let instruction = bytes.get(1).copied().unwrap_or_default();
        for (part, was) in before.as_object().unwrap() {
            let is = now.get(part).unwrap();
            if is == was {
                continue;
            }
            let may = match part.as_str() {
                "pin" => matches!(instruction, 0x20 | 0x24 | 0x2C),
                "unlock_code" => matches!(instruction, 0x24 | 0x2C),
                "objects" => done && self.managed && instruction == 0xDB,
                "keys" => done && self.managed && matches!(instruction, 0x47 | 0xFE),
                "management" => done && self.managed && instruction == 0xFF,
                _ => false,
            };
            assert!(may, "{part} changed by {}", sent());
            if part == "pin" || part == "unlock_code" {
                let left = |value: &Value| value["tries_left"].as_u64().unwrap();
                let one_less = left(is) + 1 == left(was) && is["value"] == was["value"];
                let anew = done && left(is) == is["tries"].as_u64().unwrap();
                assert!(one_less || anew, "{part} miscounted after {}", sent());
            }
        }
        self.text = after.to_string();
    }

    /// The card that is found when this one's memory is read again is the same.
    fn check_reloaded(&self) {
        assert!(*self.card.to_json().unwrap() == self.text, "changed");
        let again = Card::from_json(&self.text, entropy(1)).unwrap();
        assert!(*again.to_json().unwrap() == self.text, "reloads otherwise");
    }
}

#[test]
fn random_commands_change_no_more_than_they_may() {
    let (card, _) = life();
    let text = card.to_json().unwrap();
    let mut dice = Dice(ChaCha20Rng::seed_from_u64(73));
    let mut sent = 0;
    while sent < RANDOM {
        let mut watched = Watched::new(&text, 1, dice.below(2) == 0);
        for _ in 0..VISIT {
            let bytes = dice.random();
            if !is_slow(&bytes) {
                watched.send(&bytes);
                sent += 1;
            }
        }
        watched.check_reloaded();
    }
}

#[test]
fn mutated_commands_change_no_more_than_they_may() {
    let (card, life) = life();
    let text = card.to_json().unwrap();
    let mut dice = Dice(ChaCha20Rng::seed_from_u64(800));
    let (mut sent, mut cards, mut changed) = (0, 0, 0);
    while sent < MUTATED {
        let mut watched = Watched::new(&text, 1, dice.below(3) != 0);
        let before = watched.text.clone();
        while watched.sent < VISIT {
            for link in dice.mutated(&life) {
                if !is_slow(&link) {
                    watched.send(&link);
                    sent += 1;
                }
            }
        }
        cards += 1;
        changed += usize::from(watched.text != before);
        watched.check_reloaded();
    }
    // Otherwise the mutations would have been refused at the door and shown nothing.
    assert!(4 * changed > cards, "{changed} cards of {cards} changed");
}
