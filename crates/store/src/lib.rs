//! The database: SQLite or PostgreSQL behind one seam, one file of functions a table.
//!
//! [`Database`] gives out a [`Read`] to look and, through [`write!`], a [`Write`] to change. The functions of the tables
//! take one or the other, so what may not write cannot. SQL stands in this crate only; so do the migrations, in
//! `migrations/`. Rules that need more than one row, and every decision, live in `flows`.

pub mod api_client;
pub mod audit;
pub mod authority;
pub mod batch;
pub mod card;
pub mod card_order;
pub mod certificate;
pub mod crl;
pub mod database;
pub mod engagement;
pub mod feedback;
pub mod function;
pub mod function_certificate;
pub mod identity_check;
pub mod issuance;
pub mod job;
pub mod kiosk;
pub mod kiosk_photo;
pub mod once;
pub mod organisation;
pub mod person;
pub mod photo;
pub mod photo_code;
pub mod receipt;
pub mod revocation;
pub mod role_grant;
pub mod session;
pub mod ticket;

mod counter;
mod error;
mod migration;

pub use database::{Database, Engine, Read, Write};
pub use error::StoreError;
pub use migration::migrations;
