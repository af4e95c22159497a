//! A reader with a key pad: the code goes from its keys to the card, and nobody here is asked for it.

use std::collections::VecDeque;

use client::{Stopped, change_pin};
use piv::{Transport, TransportError};
use vcard::Card;
use wire::{Algorithm, Answer, Bytes, Slot, Step, StopReason};

use crate::issuer::Issuer;
use crate::world::{CODE, Holder, Scripted, new_card, run, steps};

const NEXT: &[u8] = b"582941";

/// A card in a reader whose keys are pressed as the test says; none is the cancel key.
struct WithPad {
    card: Card,
    keyed: VecDeque<Option<Vec<u8>>>,
    /// Codes that came from the computer.
    from_computer: usize,
}

impl WithPad {
    fn new(card: Card, keyed: &[Option<&[u8]>]) -> Self {
        Self {
            card,
            keyed: keyed.iter().map(|code| code.map(<[u8]>::to_vec)).collect(),
            from_computer: 0,
        }
    }
}

impl Transport for WithPad {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        let brings_code = matches!(command, [_, 0x20 | 0x24, 0, _, _, _, ..]);
        self.from_computer += usize::from(brings_code);
        Ok(self.card.transmit(command))
    }

    fn has_pad(&self) -> bool {
        true
    }

    fn transmit_from_pad(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        let (head, places) = command.split_at(5);
        assert!(places.iter().all(|byte| *byte == 0xFF), "a code was put in");
        let mut filled = head.to_vec();
        for _ in 0..places.len() / 8 {
            let Some(code) = self.keyed.pop_front().expect("nobody is at the pad") else {
                return Ok(vec![0x64, 0x01]);
            };
            let mut code = code;
            code.resize(8, 0xFF);
            filled.extend(code);
        }
        Ok(self.card.transmit(&filled))
    }
}

fn activated() -> Card {
    let mut card = new_card();
    let mut holder = Holder::choosing(&[CODE]).then_entering(&[CODE]);
    run(&mut card, &mut Scripted::new(Issuer::new()), &mut holder).unwrap();
    card
}

fn sign(slot: Slot) -> Step {
    Step::Sign {
        slot,
        algorithm: Algorithm::EccP256,
        message: Bytes(b"Logga in\nnonce 4711".to_vec()),
        text: None,
    }
}

#[test]
fn a_login_never_sees_the_code() {
    // Wrong once; entered once for two signatures.
    let mut reader = WithPad::new(activated(), &[Some(b"111999"), Some(CODE)]);
    let plan = vec![Step::EnterCode {}, sign(Slot::LOGIN), sign(Slot::LOGIN)];
    let mut server = Scripted::new(steps(plan));
    run(&mut reader, &mut server, &mut Holder::default()).unwrap();
    let signed = |answer: &&Answer| matches!(answer, Answer::Signature { .. });
    assert_eq!(server.answers.iter().filter(signed).count(), 2);
    assert_eq!(reader.from_computer, 0);
    assert!(reader.keyed.is_empty());
}

#[test]
fn the_cancel_key_cancels() {
    let mut reader = WithPad::new(activated(), &[None]);
    let mut server = Scripted::new(steps(vec![Step::EnterCode {}]));
    let stopped = run(&mut reader, &mut server, &mut Holder::default()).unwrap_err();
    assert!(
        matches!(
            &stopped,
            Stopped::Here {
                reason: StopReason::Cancelled,
                ..
            }
        ),
        "{stopped:?}"
    );
}

#[test]
fn the_code_is_changed_at_the_pad() {
    let keyed = [Some(&b"111999"[..]), Some(NEXT), Some(CODE), Some(NEXT)];
    let mut reader = WithPad::new(activated(), &keyed);
    change_pin(&mut reader, &mut Holder::default()).unwrap();
    assert_eq!(reader.from_computer, 0);
    let mut server = Scripted::new(steps(vec![Step::EnterCode {}]));
    run(
        &mut reader.card,
        &mut server,
        &mut Holder::entering(&[NEXT]),
    )
    .unwrap();
}
