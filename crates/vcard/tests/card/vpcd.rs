//! The card and a reader, which is this test, over TCP.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use vcard::{Card, vpcd};

use crate::fixture::{card, entropy};

/// SELECT of the PIV application, VERIFY of the transport PIN, and the question how many tries are left.
const SELECT: &[u8] = &[0, 0xA4, 4, 0, 5, 0xA0, 0, 0, 3, 8];
const VERIFY: &[u8] = b"\x00\x20\x00\x80\x08471108\xFF\xFF";
const TRIES: &[u8] = &[0, 0x20, 0, 0x80];

struct Reader {
    stream: TcpStream,
    card: JoinHandle<(std::io::Result<()>, Card)>,
}

impl Reader {
    /// A reader with a card in it.
    fn with(mut card: Card) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let card = thread::spawn(move || {
            let stream = TcpStream::connect(address).unwrap();
            (vpcd::serve(&mut card, &stream), card)
        });
        let (stream, _) = listener.accept().unwrap();
        Self { stream, card }
    }

    fn send(&mut self, frame: &[u8]) {
        let length = u16::try_from(frame.len()).unwrap();
        self.stream.write_all(&length.to_be_bytes()).unwrap();
        self.stream.write_all(frame).unwrap();
    }

    fn receive(&mut self) -> Vec<u8> {
        let mut length = [0; 2];
        self.stream.read_exact(&mut length).unwrap();
        let mut frame = vec![0; usize::from(u16::from_be_bytes(length))];
        self.stream.read_exact(&mut frame).unwrap();
        frame
    }

    fn ask(&mut self, frame: &[u8]) -> Vec<u8> {
        self.send(frame);
        self.receive()
    }

    /// Closes the connection; what serving came to, and the card.
    fn close(self) -> (std::io::Result<()>, Card) {
        drop(self.stream);
        self.card.join().unwrap()
    }
}

#[test]
fn control_codes_and_commands_are_told_apart() {
    let mut reader = Reader::with(card());
    reader.send(&[1]);
    assert_eq!(reader.ask(&[4]), card().profile().answer_to_reset());
    let selected = reader.ask(SELECT);
    assert_eq!(selected, card().transmit(SELECT));
    assert!(selected.ends_with(&[0x90, 0]));
    // Neither an empty frame nor a code nobody defined is answered: the next answer is that of the next command.
    reader.send(&[]);
    reader.send(&[9]);
    assert_eq!(reader.ask(TRIES), [0x63, 0xC3]);
    // Too short for a command, and answered all the same.
    assert_eq!(reader.ask(&[0, 0xA4]), [0x67, 0]);
    assert!(reader.close().0.is_ok());
}

#[test]
fn power_and_reset_forget_the_pin() {
    let mut reader = Reader::with(card());
    for control in [0, 1, 2] {
        assert_eq!(reader.ask(VERIFY), [0x90, 0]);
        assert_eq!(reader.ask(TRIES), [0x90, 0]);
        reader.send(&[control]);
        assert_eq!(reader.ask(TRIES), [0x63, 0xC3]);
    }
    assert_eq!(reader.ask(VERIFY), [0x90, 0]);
    let (outcome, mut card) = reader.close();
    assert!(outcome.is_ok());
    assert_eq!(
        card.transmit(TRIES),
        [0x63, 0xC3],
        "out of the reader, still open"
    );
}

#[test]
fn frames_may_come_in_pieces_and_together() {
    let mut reader = Reader::with(card());
    let mut bytes = vec![0, u8::try_from(SELECT.len()).unwrap()];
    bytes.extend_from_slice(SELECT);
    for byte in &bytes {
        reader.stream.write_all(&[*byte]).unwrap();
    }
    let selected = reader.receive();
    reader.stream.write_all(&bytes.repeat(3)).unwrap();
    for _ in 0..3 {
        assert_eq!(reader.receive(), selected);
    }
    assert!(reader.close().0.is_ok());
}

#[test]
fn any_bytes_are_answered() {
    let mut reader = Reader::with(card());
    let mut random = entropy(7);
    for length in (4..600).chain([65_535]) {
        let mut command = vec![0; length];
        random(&mut command);
        assert!(reader.ask(&command).len() >= 2);
    }
    assert!(reader.close().0.is_ok());
}

#[test]
fn a_connection_that_breaks_inside_a_frame_is_told() {
    for begun in [&[0][..], &[0, 5][..], &[0, 5, 0, 0xA4][..]] {
        let mut reader = Reader::with(card());
        reader.stream.write_all(begun).unwrap();
        let (outcome, _) = reader.close();
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }
}
