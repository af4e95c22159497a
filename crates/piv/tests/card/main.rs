//! The driver and the decoders against cards that answer badly.
#![expect(
    clippy::unwrap_used,
    reason = "a test says what went wrong by panicking"
)]

mod host;
mod objects;
mod secrets;
