//! Messages to and from JSON text, under a size limit.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::path::LARGEST_MESSAGE;
use crate::{Continue, Hello, Next, Opening};

/// A whole message: [`Hello`], [`Opening`], [`Continue`] or [`Next`].
pub trait Message: Serialize + DeserializeOwned {}

impl Message for Hello {}
impl Message for Opening {}
impl Message for Continue {}
impl Message for Next {}

/// The bytes are no message of the kind that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadMessage {
    /// More than [`LARGEST_MESSAGE`] bytes.
    TooLong,
    /// Not JSON, an unknown variant or field, a missing field, or a value that cannot be.
    Malformed {
        /// Column of the first line where reading ended, 1 and up.
        column: usize,
    },
}

impl fmt::Display for BadMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "a message longer than {LARGEST_MESSAGE} bytes"),
            Self::Malformed { column } => write!(f, "not a message, at column {column}"),
        }
    }
}

impl std::error::Error for BadMessage {}

/// Reads one message. The error tells where and never what, since the text may hold a ticket.
///
/// # Errors
/// [`BadMessage`].
pub fn decode<M: Message>(json: &[u8]) -> Result<M, BadMessage> {
    if json.len() > LARGEST_MESSAGE {
        return Err(BadMessage::TooLong);
    }
    serde_json::from_slice(json).map_err(|error| BadMessage::Malformed {
        column: error.column(),
    })
}

/// Writes one message as JSON on one line.
///
/// # Errors
/// [`BadMessage::Malformed`], which no message of this crate causes: every map key is a string.
pub fn encode<M: Message>(message: &M) -> Result<Vec<u8>, BadMessage> {
    serde_json::to_vec(message).map_err(|_| BadMessage::Malformed { column: 0 })
}
