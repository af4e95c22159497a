//! Signing keys in a hardware module, through PKCS #11 (OASIS, version 2.40 or later): made in the token, never leaving it,
//! found by name, used through [`pki::key::Signer`].
//!
//! The module is a library of its maker's, loaded when a [`Token`] is opened, so that building needs nothing of it.

mod aside;
mod error;
mod key;
mod pin;
mod pool;
mod token;

pub use error::TokenError;
pub use pin::{Pin, PinError};
pub use token::{Description, Place, Token};
