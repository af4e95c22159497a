//! The card: it answers every command, and what it keeps loads again. The input is a session: each command after its length (two
//! bytes), at whose place FFFF stands for a power cut, FFFE for the right PIN and FFFD for the management key.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use piv::{Day, Host, ManagementKey, Pin, UnlockCode};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use vcard::{Card, Personalisation, Profile};

const KEY: [u8; 32] = [0x11; 32];

fn entropy() -> impl FnMut(&mut [u8]) + Send + 'static {
    let mut generator = ChaCha20Rng::seed_from_u64(1);
    move |bytes: &mut [u8]| generator.fill_bytes(bytes)
}

fn pin() -> Pin {
    Pin::parse(b"471108").expect("a PIN")
}

fn delivered(profile: Profile) -> String {
    let mut wanted = Personalisation::new(
        "9752200100000000011",
        Day::new(2031, 11, 23).expect("a day"),
        pin(),
        UnlockCode::new(*b"90817263"),
        ManagementKey::new(KEY),
    )
    .expect("a card number");
    wanted.profile = profile;
    wanted.resettable = profile == Profile::Yubikey;
    let card = Card::new(&wanted, entropy()).expect("a card");
    card.to_json().expect("a card as text").to_string()
}

fn manage(card: &mut Card) {
    let mut host = Host::new(card);
    if let Ok(challenge) = host.management_challenge() {
        let answer = vcard::answer_challenge(&ManagementKey::new(KEY), &challenge);
        let _ = host.management_response(&answer);
    }
}

fuzz_target!(|data: &[u8]| {
    static DELIVERED: OnceLock<[String; 2]> = OnceLock::new();
    let delivered = DELIVERED.get_or_init(|| [Profile::Plain, Profile::Yubikey].map(delivered));
    let Some((kind, mut rest)) = data.split_first() else {
        return;
    };
    let text = &delivered[usize::from(kind & 1)];
    let mut card = Card::from_json(text, entropy()).expect("a delivered card");
    while let Some((&length, after)) = rest.split_first_chunk::<2>() {
        rest = after;
        match u16::from_be_bytes(length) {
            0xFFFF => card.power_off(),
            0xFFFE => drop(Host::new(&mut card).verify_pin(&pin())),
            0xFFFD => manage(&mut card),
            length => {
                let (command, after) = rest.split_at(usize::from(length).min(rest.len()));
                rest = after;
                // A key of 2048 bits takes so long that little else would be tried.
                let is_slow = command.get(1) == Some(&0x47) && command.contains(&7);
                if !is_slow {
                    assert!(card.transmit(command).len() >= 2);
                }
            }
        }
    }
    let kept = card.to_json().expect("a card as text");
    let again = Card::from_json(&kept, entropy()).expect("a kept card");
    assert!(*again.to_json().expect("a card as text") == *kept);
});
