//! Stories told to a card and what it answers.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what went wrong by panicking"
)]

mod attestation;
mod card_file;
mod codes;
mod driver;
mod fixture;
mod keys;
mod management;
mod memory;
mod objects;
mod profiles;
mod program;
mod random;
mod reader;
mod robust;
mod saved;
mod stories;
mod torn;
mod vpcd;
