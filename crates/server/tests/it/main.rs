//! The whole server in process: its routes, a browser, a card client and virtual cards, nothing else. Each file is one thing that
//! must hold whatever the pages look like.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod api;
mod browser;
mod card_client;
mod ceremony;
mod console;
mod desk;
mod every_route_by_every_role;
mod forms;
mod hatch;
mod import_staff;
mod kiosk;
mod lists;
mod logs;
mod no_pin_on_the_wire;
mod pages;
mod people;
mod pki_public;
mod routes_in_source;
mod sessions;
mod stage;
mod tape;
mod tokens;
mod traces;
mod world;
