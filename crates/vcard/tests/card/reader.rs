//! A place in a reader, which is this test: cards put in and taken out, and one torn out.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};

use vcard::reader::{Event, Place, WrongPlace};
use vcard::torn::{Moment, Tear};

use crate::fixture::card;

const WRONG_PIN: &[u8] = b"\x00\x20\x00\x80\x08000000\xFF\xFF";
const TRIES: &[u8] = &[0, 0x20, 0, 0x80];

struct Reader {
    listener: TcpListener,
    place: Place,
    told: Receiver<String>,
}

impl Reader {
    fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, told) = mpsc::channel();
        let place = Place::open("127.0.0.1", port, move |event| {
            // Nobody listens any more once the test is over.
            let _ = tell.send(match event {
                Event::NoReader(_) => "no reader".to_owned(),
                Event::ReaderGone(_) => "reader gone".to_owned(),
                other => format!("{other:?}"),
            });
        })
        .unwrap();
        Self {
            listener,
            place,
            told,
        }
    }

    fn contact(&self) -> Contact {
        Contact(self.listener.accept().unwrap().0)
    }

    fn heard(&self) -> String {
        self.told.recv().unwrap()
    }
}

struct Contact(TcpStream);

impl Contact {
    /// The answer, or nothing when the card is gone.
    fn ask(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        let length = u16::try_from(command.len()).unwrap();
        let frame = [&length.to_be_bytes()[..], command].concat();
        let mut length = [0; 2];
        self.0.write_all(&frame).ok()?;
        match self.0.read_exact(&mut length) {
            Ok(()) => {}
            Err(error) => {
                let gone = [ErrorKind::UnexpectedEof, ErrorKind::ConnectionReset];
                assert!(gone.contains(&error.kind()), "{error}");
                return None;
            }
        }
        let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
        self.0.read_exact(&mut answer).unwrap();
        Some(answer)
    }
}

#[test]
fn cards_come_and_go() {
    let reader = Reader::new();
    assert!(!reader.place.is_occupied());
    assert_eq!(reader.place.remove(), Err(WrongPlace::Empty));
    for _ in 0..3 {
        reader.place.insert(card(), None).unwrap();
        assert_eq!(reader.place.insert(card(), None), Err(WrongPlace::Occupied));
        let mut contact = reader.contact();
        assert_eq!(reader.heard(), "Inside");
        assert_eq!(contact.ask(TRIES).unwrap(), [0x63, 0xC3]);
        reader.place.remove().unwrap();
        assert!(!reader.place.is_occupied());
        assert_eq!(contact.ask(TRIES), None);
    }
}

#[test]
fn a_card_waits_for_its_reader_and_comes_back_to_it() {
    let reader = Reader::new();
    reader.place.insert(card(), None).unwrap();
    drop(reader.contact());
    assert_eq!(reader.heard(), "Inside");
    assert_eq!(reader.heard(), "reader gone");
    let mut contact = reader.contact();
    assert_eq!(contact.ask(TRIES).unwrap(), [0x63, 0xC3]);
}

#[test]
fn the_power_goes_where_it_should() {
    for (moment, left) in [(Moment::BeforeCommand, 1), (Moment::AfterCommand, 0)] {
        let reader = Reader::new();
        let folder = tempfile(&format!("torn-{left}"));
        let card = vcard::card_file::open(&folder, crate::fixture::entropy(5)).unwrap();
        let tear = Tear { after: 2, moment };
        reader.place.insert(card, Some(tear)).unwrap();
        let mut contact = reader.contact();
        assert_eq!(contact.ask(WRONG_PIN).unwrap(), [0x63, 0xC2]);
        assert_eq!(contact.ask(WRONG_PIN).unwrap(), [0x63, 0xC1]);
        assert_eq!(contact.ask(WRONG_PIN), None);
        assert_eq!(
            (reader.heard(), reader.heard()),
            ("Inside".into(), "Torn".into())
        );
        assert!(!reader.place.is_occupied());
        let mut card = vcard::card_file::open(&folder, crate::fixture::entropy(5)).unwrap();
        let tries = piv::Host::new(&mut card).pin_tries_left();
        assert_eq!(tries, Ok(Some(left)), "{moment:?}");
        std::fs::remove_file(folder).unwrap();
    }
}

fn tempfile(name: &str) -> std::path::PathBuf {
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("{name}-{}.vcard", std::process::id()));
    vcard::card_file::create(&path, &card()).unwrap();
    let again = vcard::card_file::create(&path, &card()).unwrap_err();
    assert_eq!(again.kind(), ErrorKind::AlreadyExists);
    path
}
