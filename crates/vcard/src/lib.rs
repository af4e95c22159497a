//! A PIV card in software, in process: command APDUs in, answers out.
//!
//! It is a card like those of the trade (NIST SP 800-73-4 and the commands YubiKeys have added), for tests, for trying
//! the system out without a reader, and for people whose "card" lives in a file. It does its own arithmetic, so that
//! a mistake in the server's cryptography is not repeated on the other side; nothing but this crate uses that
//! arithmetic.
//!
//! [`Card::new`] makes one as a producer delivers it, with transport codes; [`Card::transmit`] is the contact field;
//! [`Card::to_json`] and [`Card::from_json`] keep it; [`Memory`] stores every change before the card acts on it, as a
//! chip's own memory does. [`card_file`] is a memory on disk, [`vpcd`] a PC/SC reader to put the card in; the program
//! `sigill-vcard` puts the two together.
//!
//! "Part 1" and "Part 2" in comments are the parts of SP 800-73-4.

mod attestation;
mod card;
pub mod card_file;
mod chip;
mod cipher;
mod entropy;
mod key;
mod memory;
mod personalisation;
mod profile;
pub mod reader;
mod saved;
pub mod torn;
pub mod vpcd;

pub use attestation::{BadManufacturer, Manufacturer};
pub use card::{ANSWER_TO_RESET, Card};
pub use cipher::answer_challenge;
pub use memory::{Memory, MemoryFault};
pub use personalisation::Personalisation;
pub use profile::Profile;
pub use saved::SavedProblem;
