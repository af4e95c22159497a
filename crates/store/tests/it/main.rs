//! Every function of every table, one body on both engines.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests: a failure is told by a panic"
)]

mod cards;
mod certificates;
mod jobs;
mod line;
mod lists;
mod log;
mod migrations;
mod people;
mod rows;
mod seam;
mod sessions;
