//! `sigill-card mail save`, from the command line to the folder.

use clap::Parser as _;
use client::program::{Config, Gauge, Language, Line, Screen, Slots, SlotsError, Trouble, run};
use piv::{Transport, TransportError};
use vcard::Card;
use zeroize::Zeroizing;

use crate::openssl::{OpenSsl, multipart};
use crate::world::{CODE, World};

/// One reader with one card.
struct Reader(Zeroizing<String>);

struct Held(Card);

impl Transport for Held {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        Ok(self.0.transmit(command))
    }
}

impl Slots for Reader {
    fn readers(&mut self) -> Result<Vec<String>, SlotsError> {
        Ok(vec!["Reader".to_owned()])
    }

    fn connect(&mut self, _: &str) -> Result<Box<dyn Transport>, TransportError> {
        let card = Card::from_json(&self.0, getrandom).unwrap();
        Ok(Box::new(Held(card)))
    }
}

fn getrandom(bytes: &mut [u8]) {
    bytes.fill(0x5A);
}

/// Types the code when a secret is asked for, and reads.
#[derive(Default)]
struct Person {
    read: Vec<String>,
}

impl Screen for Person {
    fn say(&mut self, line: &str) {
        self.read.push(line.to_owned());
    }

    fn write(&mut self, text: &str) {
        self.read.push(text.to_owned());
    }

    fn ask(&mut self, question: &str) -> Option<String> {
        panic!("{question}")
    }

    fn ask_secret(&mut self, _: &str) -> Option<Zeroizing<String>> {
        Some(Zeroizing::new(String::from_utf8(CODE.to_vec()).unwrap()))
    }
}

/// Notes how far it was each time, and whether it was told of the end.
#[derive(Default)]
struct Watched {
    shown: Vec<(u64, u64, String)>,
    ended: bool,
}

impl Gauge for Watched {
    fn show(&mut self, done: u64, of: u64, text: &str) {
        self.shown.push((done, of, text.to_owned()));
    }

    fn end(&mut self) {
        self.ended = true;
    }
}

fn save(world: &World, card: &Card, gauge: &mut Watched) -> (Result<(), Trouble>, Person) {
    let (folder, out) = (world.folder.mailbox(), world.folder.out());
    let line = [
        "sigill-card".as_ref(),
        "mail".as_ref(),
        "save".as_ref(),
        folder.as_os_str(),
        "--out".as_ref(),
        out.as_os_str(),
    ];
    let mut person = Person::default();
    let outcome = run(
        &Line::try_parse_from(line).unwrap(),
        &mut client::program::World {
            slots: &mut Reader(card.to_json().unwrap()),
            screen: &mut person,
            window: None,
            config: &Config::default(),
            gauge,
            now: 1_795_608_000,
            language: Language::English,
        },
    );
    (outcome, person)
}

#[test]
fn the_card_is_named_the_mail_saved_and_the_end_told() {
    let world = World::quick();
    let Some(openssl) = OpenSsl::find(&world) else {
        return;
    };
    let to = world.pem(0x9D);
    for subject in ["ett", "två"] {
        let body = multipart(subject.as_bytes());
        let message = openssl.encrypt(subject, &body, &["-aes256"], &[&to]);
        world.message(&format!("{subject}.eml"), message);
    }
    let mut gauge = Watched::default();
    let (outcome, person) = save(&world, &world.card, &mut gauge);
    outcome.unwrap();
    assert_eq!(world.saved().len(), 2);
    assert!(
        person.read[0].contains("9752 1234 0000 0000 019"),
        "{:?}",
        person.read
    );
    assert!(person.read.last().unwrap().starts_with("Saved: 2."));
    let (done, of, text) = gauge.shown.last().unwrap();
    assert_eq!((done, text.as_str()), (of, "2 saved"));
    assert!(gauge.ended);
}

#[test]
fn a_card_without_a_key_for_mail_is_told() {
    let world = World::with(&[]);
    world.message("klar.eml", "Subject: x\n\ny\n");
    let mut gauge = Watched::default();
    let (outcome, _) = save(&world, &world.card, &mut gauge);
    let told = outcome.unwrap_err().to_string();
    assert!(told.contains("no encryption certificate"), "{told}");
}
