//! People, engagements, card products, orders, cards, credentials, identity checks, roles and policy.
//!
//! This crate knows the words of the card office and its rules, and nothing else: no I/O, no clock, no randomness, no
//! serialising. Whoever needs the time passes a [`Timestamp`] or a [`Date`]; whoever needs an identifier passes random
//! bytes. Text from outside becomes a type here or an error that says what was wrong with it, so the rest of the house
//! never asks twice.

mod check_digit;
mod coded;

pub mod card;
pub mod card_number;
pub mod contact;
pub mod credential;
pub mod engagement;
pub mod feedback;
pub mod function;
pub mod hsa_id;
pub mod id;
pub mod identity_check;
pub mod identity_number;
pub mod label;
pub mod loa;
pub mod order;
pub mod organisation;
pub mod person;
pub mod photo;
pub mod policy;
pub mod product;
pub mod reason;
pub mod revocation;
pub mod role;
pub mod rules;
pub mod security_identifier;
pub mod time;

pub use coded::UnknownCode;
pub use loa::Loa;
pub use time::{Date, Days, Timestamp};
