//! The card client: it carries out the steps a server asks for on the card in the reader, and asks the holder.
//!
//! [`run`] takes one act from its ticket to its end. The server sends typed steps (`wire`), never APDUs; each is one small
//! file under `step`. Who asks and for what is shown before the card is touched. What stays here whatever the server says:
//!
//! - The code a holder types goes from the [`Prompt`] to the card. It is kept for the one act at most, wipes itself, and
//!   `piv::Pin` has no `Serialize`, so no message can be made of it; `tests/desk/no_pin_on_the_wire.rs` reads all that is sent.
//! - Only what a certificate request, a receipt or a login needs is signed, never a TLS handshake, and the signature key
//!   makes no statement the holder has not seen ([`signable`]).
//! - Once the card has said that one try of the unlock code is left, no other candidate is tried. (A card does not tell
//!   before the first try, so a server sends the likelier candidate first.)
//! - When the act ends, however it ends, the card forgets that the code was entered.
//!
//! [`mail::save`] needs no server: it opens a mailbox's secure mail with the encryption keys of the card and writes it out.
//!
//! A code does not go into a message; this does not compile:
//!
//! ```compile_fail,E0277
//! fn send(code: &piv::Pin) {
//!     let _ = wire::encode(code);
//! }
//! ```

mod change_pin;
pub mod code_rules;
mod desk;
#[cfg(feature = "program")]
pub mod mail;
#[cfg(feature = "program")]
pub mod program;
pub mod prompt;
mod run;
pub mod server;
pub mod shown;
pub mod signable;
mod step;
mod stopped;

pub use change_pin::change_pin;
pub use code_rules::{CodeProblem, CodeRules};
pub use prompt::{Asks, CodeRequest, Moment, Prompt, StepName};
pub use run::{CLIENT, Opened, run};
pub use server::{Server, ServerProblem};
pub use stopped::{Finished, Stopped};
