//! A card that stores each change before it acts on it.

use std::sync::{Arc, Mutex};

use piv::{Algorithm, Host, Slot, StatusWord};
use vcard::{Card, Memory, MemoryFault};

use crate::fixture::{card, entropy, manage, pin, transport_key, transport_pin};

/// Keeps the last state, and fails from the `good`th time on.
#[derive(Clone)]
struct Shelf(Arc<Mutex<(Option<String>, usize)>>);

impl Shelf {
    fn new(good: usize) -> Self {
        Self(Arc::new(Mutex::new((None, good))))
    }

    fn last(&self) -> Option<String> {
        self.0.lock().unwrap().0.clone()
    }
}

impl Memory for Shelf {
    fn keep(&mut self, state: &str) -> Result<(), MemoryFault> {
        let mut shelf = self.0.lock().unwrap();
        shelf.1 = shelf.1.checked_sub(1).ok_or(MemoryFault)?;
        shelf.0 = Some(state.to_owned());
        Ok(())
    }
}

#[test]
fn a_try_is_stored_before_the_code_is_compared() {
    // The memory takes one write, then the power is gone: the card is found with one try less, even for the right PIN.
    let mut card = card();
    let shelf = Shelf::new(1);
    card.attach_memory(shelf.clone());
    let refused = Host::new(&mut card).verify_pin(&transport_pin());
    assert!(refused.is_err());
    let mut found = Card::from_json(&shelf.last().unwrap(), entropy(1)).unwrap();
    assert_eq!(Host::new(&mut found).pin_tries_left(), Ok(Some(2)));
}

#[test]
fn a_pin_guessed_with_the_power_pulled_still_blocks() {
    let mut text = card().to_json().unwrap().to_string();
    for left in [2, 1, 0] {
        let mut card = Card::from_json(&text, entropy(1)).unwrap();
        let shelf = Shelf::new(1);
        card.attach_memory(shelf.clone());
        let _ = Host::new(&mut card).verify_pin(&pin("111111"));
        text = shelf.last().unwrap();
        let mut found = Card::from_json(&text, entropy(1)).unwrap();
        assert_eq!(Host::new(&mut found).pin_tries_left(), Ok(Some(left)));
    }
}

#[test]
fn what_cannot_be_stored_is_not_done() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    host.generate_key(Slot::LOGIN, Algorithm::EccP256).unwrap();
    let before = card.to_json().unwrap();
    card.attach_memory(Shelf::new(0));
    let mut host = Host::new(&mut card);
    let refused = host.generate_key(Slot::LOGIN, Algorithm::EccP256);
    assert_eq!(
        refused.unwrap_err().status(),
        Some(StatusWord::MemoryFailure)
    );
    assert!(
        host.set_management_key(&piv::ManagementKey::new([9; 32]))
            .is_err()
    );
    assert!(host.write_certificate(Slot::LOGIN, &[1]).is_err());
    assert!(host.verify_pin(&transport_pin()).is_err());
    assert_eq!(*card.to_json().unwrap(), *before);
}

#[test]
fn every_change_reaches_the_memory() {
    let mut card = card();
    let shelf = Shelf::new(usize::MAX);
    card.attach_memory(shelf.clone());
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    host.generate_key(Slot::LOGIN, Algorithm::EccP256).unwrap();
    host.write_certificate(Slot::LOGIN, &[0x30; 20]).unwrap();
    host.change_pin(&transport_pin(), &pin("24681357")).unwrap();
    assert_eq!(shelf.last().unwrap(), *card.to_json().unwrap());
}
