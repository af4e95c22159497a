//! Secure mail saved, with a virtual card: messages that OpenSSL and s-nail encrypted, and hostile ones.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod foreign;
mod hostile;
mod layers;
mod openssl;
mod program;
mod resume;
mod snail;
mod variants;
mod world;
