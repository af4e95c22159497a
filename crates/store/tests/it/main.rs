//! Every function of every table, one body on both engines.
#![expect(clippy::unwrap_used, reason = "tests: a failure is told by a panic")]

mod cards;
mod certificates;
mod jobs;
mod lists;
mod log;
mod migrations;
mod people;
mod rows;
mod seam;
mod sessions;
