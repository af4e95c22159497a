//! The client at its desk, with a virtual card, a holder who types what the test says, and a server that follows a plan.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod codes;
mod issuer;
mod no_pin_on_the_wire;
mod pad;
mod run;
mod steps;
mod torn;
mod world;
