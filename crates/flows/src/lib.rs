//! The acts: one file an act. Every decision and every refusal is made here; nothing here knows HTTP.

pub mod activate;
pub mod audit;
pub mod authorities;
pub mod calendar;
pub mod call;
pub mod card_state;
mod card_step;
pub mod check_identity;
pub mod crl;
pub mod deliver;
pub mod desk;
pub mod end_engagement;
mod facts;
pub mod find;
pub mod found;
pub mod grant_role;
pub mod hierarchy;
pub mod house;
pub mod import_staff;
pub mod issue;
pub mod keys;
pub mod ocsp;
pub mod order;
pub mod photograph;
pub mod produce;
pub mod refusal;
pub mod return_card;
pub mod revoke;
pub mod sign_in;
pub mod staff_file;
pub mod sweep;
pub mod ticket;
mod unlock_code;

pub use call::{Call, Entropy};
pub use house::{House, Settings};
pub use refusal::{Fault, PlainStop, Refuse, Stop};
