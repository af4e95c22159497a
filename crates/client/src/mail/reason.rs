//! Why a message, or a part of one, could not be opened.

use pki::ObjectIdentifier;
use serde::{Deserialize, Serialize};

/// Why not. The texts for people are on the page, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Reason {
    /// Nobody encrypted it; it can be read where it is.
    NotEncrypted,
    /// It is encrypted for keys that are not on this card.
    OtherRecipient,
    /// It is damaged, or encrypted for another key under this certificate's name; nothing tells these apart.
    Damaged,
    /// It is encrypted in a way that is not known here.
    UnknownAlgorithm {
        /// The object identifier.
        algorithm: String,
    },
    /// It is longer than was to be opened.
    TooBig {
        /// The limit, in octets.
        limit: u64,
    },
    /// It is nested more deeply, or has more parts, than any mail program makes.
    TooManyParts,
    /// The file could not be read.
    Unreadable,
}

impl Reason {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEncrypted => "not-encrypted",
            Self::OtherRecipient => "other-recipient",
            Self::Damaged => "damaged",
            Self::UnknownAlgorithm { .. } => "unknown-algorithm",
            Self::TooBig { .. } => "too-big",
            Self::TooManyParts => "too-many-parts",
            Self::Unreadable => "unreadable",
        }
    }

    pub(super) fn algorithm(algorithm: ObjectIdentifier) -> Self {
        Self::UnknownAlgorithm {
            algorithm: algorithm.to_string(),
        }
    }
}
