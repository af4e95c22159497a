//! The acts, each on every engine: in a row as they are meant, by people who may not, with the process stopped between any two
//! steps, with the card torn out at every command, and in any order at all.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests: a failure is told by a panic"
)]

mod acts;
mod authorities;
mod crash;
mod desk;
mod directory;
mod feedback;
mod functions;
mod import;
mod keys;
mod kiosk;
mod life;
mod lists;
mod ocsp;
mod one_mind;
mod photos;
mod random;
mod rights;
mod rules;
mod sign_in;
mod staff;
mod time;
mod torn;
mod tricks;
mod unlock;
mod world;
