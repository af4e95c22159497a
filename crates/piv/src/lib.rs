//! The language of a PIV card (NIST SP 800-73-4): its TLV, its commands and answers, its data objects, and [`Host`],
//! which drives a card through anything that can carry an APDU ([`Transport`]).
//!
//! Nothing here reads a clock, makes randomness or opens a reader. Private keys stay on the card; the only secrets that
//! pass through are the three a holder or an issuer gives the card ([`Pin`], [`UnlockCode`], [`ManagementKey`]), and
//! these wipe themselves and can neither be printed nor serialised.
//!
//! "Part 1" and "Part 2" in comments are the parts of SP 800-73-4. Commands that the standard lacks (version, serial
//! number, metadata, attestation, change of the management key) are those that YubiKeys have made common; a card
//! without them answers 6D00, and the driver then says `None` where it can.

pub mod algorithm;
pub mod apdu;
mod cipher;
pub mod day;
pub mod host;
pub mod instruction;
pub mod object;
pub mod public_key;
pub mod secret;
pub mod slot;
pub mod status;
pub mod tlv;
pub mod transport;

pub use algorithm::Algorithm;
pub use apdu::{Command, Response};
pub use day::Day;
pub use host::{Abilities, CardError, Host, Lack, ManagementProblem, MutualProblem, PinProblem};
pub use instruction::Instruction;
pub use object::{BadObject, DataObject, ObjectTag};
pub use public_key::PublicKey;
pub use secret::{AnyManagementKey, ManagementKey, Pin, UnlockCode};
pub use slot::Slot;
pub use status::StatusWord;
pub use transport::{Transport, TransportError};

/// The PIV application identifier with its version (Part 1, 2.2): RID A000000308, PIX 0000 1000 0100.
pub const APPLICATION: [u8; 11] = [0xA0, 0, 0, 0x03, 0x08, 0, 0, 0x10, 0, 0x01, 0];

/// The key reference of the card management key (Part 1, table 4b).
pub const MANAGEMENT_KEY_REFERENCE: u8 = 0x9B;

/// The key reference of the holder's PIN (Part 1, table 4a).
pub const PIN_REFERENCE: u8 = 0x80;

/// The key reference of the unlock code (Part 1, table 4a: PIN unblocking key).
pub const UNLOCK_CODE_REFERENCE: u8 = 0x81;

/// The slot of the key that signs attestations, a YubiKey extension; it signs nothing else.
pub const ATTESTATION_KEY_REFERENCE: u8 = 0xF9;
