//! What the server and the card client say to each other.
//!
//! The client opens with [`Hello`] and gets an [`Opening`]; from then on it carries out one [`Step`] at a time on the card
//! and sends the [`Answer`] in a [`Continue`], until [`Next`] is something other than a step. The messages are JSON objects;
//! binary values are standard base64 with padding (RFC 4648 section 4). Unknown fields, unknown variants and values of the
//! wrong length are refused when a message is read.
//!
//! No message can carry a PIN. Steps name what the card shall do, never raw APDUs, and the code a holder types goes from
//! the client to the card alone: `piv::Pin` has no `Serialize`, this crate does not know that type, and
//! `tests/no_pin.rs` holds the complete list of fields that exist. Unlock codes and management keys come as envelopes,
//! sealed to the key that the client made for this one act ([`Hello::act_key`]).

mod answer;
mod bytes;
mod day;
mod json;
mod opening;
pub mod path;
mod slot;
mod step;
mod turn;

pub use answer::{Answer, CardCertificate, StopReason};
pub use bytes::{BadLength, Bytes, Octets};
pub use day::{BadDay, Day};
pub use json::{BadMessage, Message, decode, encode};
pub use opening::{Act, Hello, Opening, Welcome};
pub use slot::{Algorithm, BadSlot, Slot};
pub use step::Step;
pub use turn::{Continue, Next, Refusal};
