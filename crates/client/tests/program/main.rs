//! The commands of `sigill-card` with virtual cards and a person who types what the test says.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod authority;
mod checkup;
mod tls;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use clap::Parser as _;
use client::program::{
    Config, Gauge, Language, Line, Screen, Slots, SlotsError, Trouble, World, run,
};
use piv::{Day, Host, ManagementKey, Pin, Transport, TransportError, UnlockCode};
use serde_json::Value;
use vcard::{Card, Personalisation, Profile};
use zeroize::Zeroizing;

const OFFICER: &str = "9752123400000000019";
const VISITOR: &str = "9752123400000000027";
const CODE: &str = "739184";
const NOW: i64 = 1_795_608_000;

/// Nobody watches how far it is.
struct Quiet;

impl Gauge for Quiet {
    fn show(&mut self, _: u64, _: u64, _: &str) {}

    fn end(&mut self) {}
}

type Chip = Arc<Mutex<Card>>;

fn chip(number: &str) -> Chip {
    chip_like(number, Profile::Yubikey)
}

fn chip_like(number: &str, profile: Profile) -> Chip {
    let mut personalisation = Personalisation::new(
        number,
        Day::new(2031, 11, 23).unwrap(),
        Pin::parse(CODE.as_bytes()).unwrap(),
        UnlockCode::new(*b"12345678"),
        ManagementKey::new([7; 32]),
    )
    .unwrap();
    personalisation.profile = profile;
    let mut state = 1_u8;
    let entropy = move |bytes: &mut [u8]| {
        for byte in bytes {
            state = state.wrapping_mul(5).wrapping_add(3);
            *byte = state;
        }
    };
    Arc::new(Mutex::new(Card::new(&personalisation, entropy).unwrap()))
}

/// What is typed on a reader's own keys, in turn.
type Keys = Arc<Mutex<VecDeque<&'static str>>>;

/// A card as a reader holds it.
struct Held {
    chip: Chip,
    /// After how many commands it is taken out.
    left: Option<usize>,
    keys: Option<Keys>,
}

impl Held {
    fn of(chip: &Chip) -> Self {
        Self {
            chip: Arc::clone(chip),
            left: None,
            keys: None,
        }
    }
}

impl Transport for Held {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        if let Some(left) = &mut self.left {
            *left = left.checked_sub(1).ok_or(TransportError::CardRemoved)?;
        }
        Ok(self.chip.lock().unwrap().transmit(command))
    }

    fn has_pad(&self) -> bool {
        self.keys.is_some()
    }

    fn transmit_from_pad(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        let (head, places) = command.split_at(5);
        assert_eq!(places, [0xFF; 8], "one code is asked for, and none put in");
        let code = self.keys.as_ref().unwrap().lock().unwrap().pop_front();
        // Nobody at the keys: cancelled (PC/SC part 10, 2.5.2).
        let Some(code) = code else {
            return Ok(vec![0x64, 0x01]);
        };
        let mut filled = [head, code.as_bytes()].concat();
        filled.resize(13, 0xFF);
        self.transmit(&filled)
    }
}

/// Readers by name, all alike.
#[derive(Default)]
struct Desk {
    readers: Vec<(&'static str, Option<Chip>)>,
    left: Option<usize>,
    keys: Option<Keys>,
}

impl Slots for Desk {
    fn readers(&mut self) -> Result<Vec<String>, SlotsError> {
        Ok(self
            .readers
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect())
    }

    fn connect(&mut self, reader: &str) -> Result<Box<dyn Transport>, TransportError> {
        let (_, chip) = self
            .readers
            .iter()
            .find(|(name, _)| *name == reader)
            .expect("a reader of this desk");
        match chip {
            Some(chip) => Ok(Box::new(Held {
                chip: Arc::clone(chip),
                left: self.left,
                keys: self.keys.clone(),
            })),
            None => Err(TransportError::NoCard),
        }
    }
}

/// Types the answers in turn; then nobody is there.
#[derive(Default)]
struct Person {
    types: VecDeque<&'static str>,
    read: Vec<String>,
    written: Vec<String>,
}

impl Screen for Person {
    fn say(&mut self, line: &str) {
        self.read.push(line.to_owned());
    }

    fn write(&mut self, text: &str) {
        self.written.push(text.to_owned());
    }

    fn ask(&mut self, question: &str) -> Option<String> {
        self.read.push(question.to_owned());
        self.types.pop_front().map(str::to_owned)
    }

    fn ask_secret(&mut self, question: &str) -> Option<Zeroizing<String>> {
        self.ask(question).map(Zeroizing::new)
    }
}

impl Person {
    fn heard(&self, part: &str) -> bool {
        self.read.iter().any(|line| line.contains(part))
    }
}

fn carry_out(
    arguments: &[&str],
    desk: Vec<(&'static str, Option<Chip>)>,
    types: &[&'static str],
) -> (Result<(), Trouble>, Person) {
    let config = Config::read(
        "[[server]]\norganisation = \"Region Exempel\"\naddress = \"https://kort.example.se\"\n",
    )
    .unwrap();
    with_config(&config, arguments, desk, types)
}

fn with_config(
    config: &Config,
    arguments: &[&str],
    desk: Vec<(&'static str, Option<Chip>)>,
    types: &[&'static str],
) -> (Result<(), Trouble>, Person) {
    let readers = Desk {
        readers: desk,
        ..Desk::default()
    };
    at_desk(config, arguments, readers, types)
}

fn at_desk(
    config: &Config,
    arguments: &[&str],
    desk: Desk,
    types: &[&'static str],
) -> (Result<(), Trouble>, Person) {
    in_language(Language::English, config, arguments, desk, types)
}

fn in_language(
    language: Language,
    config: &Config,
    arguments: &[&str],
    mut desk: Desk,
    types: &[&'static str],
) -> (Result<(), Trouble>, Person) {
    let line = Line::try_parse_from([&["sigill-card"], arguments].concat()).unwrap();
    let mut person = Person {
        types: types.iter().copied().collect(),
        ..Person::default()
    };
    let outcome = run(
        &line,
        &mut World {
            slots: &mut desk,
            screen: &mut person,
            window: None,
            config,
            gauge: &mut Quiet,
            now: NOW,
            language,
        },
    );
    (outcome, person)
}

fn takes(chip: &Chip, code: &str) -> bool {
    let mut held = Held::of(chip);
    let mut host = Host::new(&mut held);
    host.select().unwrap();
    host.verify_pin(&Pin::parse(code.as_bytes()).unwrap())
        .is_ok()
}

#[test]
fn status_tells_programs_what_is_there() {
    let desk = vec![("Left", Some(chip(OFFICER))), ("Right", None)];
    let (outcome, person) = carry_out(&["status", "--json"], desk, &[]);
    outcome.unwrap();
    let told: Value = serde_json::from_str(&person.written.join("\n")).unwrap();
    let left = &told["readers"][0];
    assert_eq!(left["reader"], "Left");
    assert_eq!(left["card"]["number"], OFFICER);
    assert_eq!(left["card"]["tries_left"], 3);
    assert_eq!(left["card"]["expires_on"], "2031-11-23");
    assert!(left["card"]["days_left"].as_i64().unwrap() > 1_800);
    assert!(
        left["card"]["missing"]
            .as_array()
            .unwrap()
            .contains(&Value::from("login"))
    );
    assert_eq!(told["readers"][1]["card"], Value::Null);
}

#[test]
fn the_code_is_changed_and_weak_ones_are_refused_with_the_reason() {
    let card = chip(OFFICER);
    let (outcome, person) = carry_out(
        &["change-pin"],
        vec![("Left", Some(Arc::clone(&card)))],
        &[
            "111999", CODE, // the old one: wrong, right
            "123456", "121212", "840627", // refused before they are typed twice
            CODE, CODE, // the old one again
            "582941", "582940", // not the same
            "582941", "582941",
        ],
    );
    outcome.unwrap();
    for part in [
        "Wrong code",
        "2 tries left",
        "in a row",
        "over and over",
        "a date",
        "than the one you have",
        "not the same",
        "The code is changed",
    ] {
        assert!(person.heard(part), "{part}: {:?}", person.read);
    }
    assert!(takes(&card, "582941"));
    assert!(person.types.is_empty());
}

#[test]
fn whoever_takes_the_card_out_while_the_code_is_changed_hears_which_codes_may_hold() {
    let card = chip(OFFICER);
    // Two commands say which card it is, four prove the old code, and the seventh would replace it.
    let desk = Desk {
        readers: vec![("Left", Some(Arc::clone(&card)))],
        left: Some(6),
        keys: None,
    };
    let typed = [CODE, "582941", "582941"];
    let (outcome, person) = at_desk(&Config::default(), &["change-pin"], desk, &typed);
    let told = outcome.unwrap_err().0;
    assert!(
        told.contains("Either the code you had is still good or the new one"),
        "{told}"
    );
    assert!(person.types.is_empty());
    assert!(takes(&card, CODE));
}

#[test]
fn the_last_try_is_not_used_unless_told_to() {
    let card = chip(OFFICER);
    let desk = || vec![("Left", Some(Arc::clone(&card)))];
    let (outcome, person) = carry_out(&["change-pin"], desk(), &["111999", "222888", "n"]);
    assert!(outcome.unwrap_err().0.contains("cancelled"));
    assert!(person.heard("One single try left"));
    // The right code is still good.
    let typed = ["y", CODE, "582941", "582941"];
    carry_out(&["change-pin"], desk(), &typed).0.unwrap();
    assert!(takes(&card, "582941"));
}

#[test]
fn a_blocked_code_says_what_to_do() {
    let card = chip(OFFICER);
    let desk = || vec![("Left", Some(Arc::clone(&card)))];
    let typed = ["111999", "222888", "y", "333777"];
    for typed in [&typed[..], &[]] {
        let (outcome, _) = carry_out(&["change-pin"], desk(), typed);
        assert!(outcome.unwrap_err().0.contains("sigill-card unlock"));
    }
}

#[test]
fn among_several_cards_the_person_chooses() {
    let (officer, visitor) = (chip(OFFICER), chip(VISITOR));
    let desk = || {
        vec![
            ("Left reader", Some(Arc::clone(&officer))),
            ("Right reader", Some(Arc::clone(&visitor))),
        ]
    };
    // Nobody answers, or nonsense: none is taken.
    for typed in [&[][..], &["3"], &["0"], &["left"]] {
        let (outcome, person) = carry_out(&["change-pin"], desk(), typed);
        assert!(outcome.unwrap_err().0.contains("--card"));
        assert!(person.heard("9752 1234 0000 0000 027 in Right reader"));
    }
    let typed = ["2", CODE, "582941", "582941"];
    carry_out(&["change-pin"], desk(), &typed).0.unwrap();
    assert!(takes(&visitor, "582941") && takes(&officer, CODE));

    for arguments in [
        ["change-pin", "--card", "9752 1234 0000 0000 019"],
        ["change-pin", "--reader", "left"],
    ] {
        let (outcome, person) = carry_out(&arguments, desk(), &[]);
        assert!(outcome.unwrap_err().0.contains("cancelled"));
        assert!(person.heard("Using card 9752 1234 0000 0000 019"));
    }
    let (outcome, _) = carry_out(&["change-pin", "--card", "97521234"], desk(), &[]);
    assert!(outcome.unwrap_err().0.contains("is in no reader"));
}

#[test]
fn without_a_card_the_person_is_asked_for_one() {
    let (outcome, person) = carry_out(&["change-pin"], vec![("Left", None)], &[""]);
    assert!(outcome.unwrap_err().0.contains("no card"));
    assert!(person.heard("press Enter"));
    let (outcome, _) = carry_out(&["status"], Vec::new(), &[]);
    assert!(outcome.unwrap_err().0.contains("No card reader"));
}

#[test]
fn only_servers_of_the_configuration_are_spoken_to() {
    let desk = || vec![("Left", Some(chip(OFFICER)))];
    let link = "sigill:act?ticket=7KQ2-M9XD-4TPA-W3HN&server=https%3A%2F%2Fevil.example";
    let (outcome, _) = carry_out(&["open", link], desk(), &[]);
    let told = outcome.unwrap_err().0;
    assert!(
        told.contains("https://evil.example") && told.contains("not among"),
        "{told}"
    );

    let (outcome, _) = carry_out(&["login", "no code"], desk(), &[]);
    assert!(outcome.unwrap_err().0.contains("sixteen signs"));

    let (outcome, _) = with_config(
        &Config::default(),
        &["login"],
        desk(),
        &["7kq2m9xd4tpaw3hn"],
    );
    assert!(outcome.unwrap_err().0.contains("No server is set up"));
}
