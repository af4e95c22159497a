//! Signed checkpoints: how large the log was and what its root was, as text that an auditor keeps.
//!
//! ```text
//! sigill.example.se/audit
//! 4711
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//!
//! — sigill.example.se/audit <base64 of key hash and signature>
//! ```
//!
//! The first three lines are what is signed, each with its line feed. The key hash is the first four
//! octets of the SHA-256 of the key's SubjectPublicKeyInfo.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Hash;
use crate::digest::{sha256, sized};
use crate::key::{KeyError, PublicKey, Signer};

/// Longer texts are refused unread.
const LONGEST: usize = 4_096;

/// One state of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: a name without white space, usually a host and a path.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// A checkpoint that cannot be written, read or trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadCheckpoint {
    /// An origin that is empty, too long or has white space or a plus sign.
    #[error("the origin of a checkpoint is one word")]
    Origin,
    /// Not the five lines of a checkpoint.
    #[error("not a checkpoint")]
    Malformed,
    /// Signed by another key than the one given.
    #[error("the checkpoint is signed by another key")]
    OtherKey,
    /// The signature cannot be made or does not verify.
    #[error("the signature of the checkpoint fails")]
    Key(#[source] KeyError),
}

impl Checkpoint {
    /// The signed text.
    ///
    /// # Errors
    /// [`BadCheckpoint::Origin`], [`BadCheckpoint::Key`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<String, BadCheckpoint> {
        let body = self.body()?;
        let mut line = key_hash(signer.public_key()).to_vec();
        line.extend(signer.sign(body.as_bytes()).map_err(BadCheckpoint::Key)?);
        Ok(format!(
            "{body}\n\u{2014} {} {}\n",
            self.origin,
            STANDARD.encode(line)
        ))
    }

    /// Reads a signed text and verifies it with `key`.
    ///
    /// # Errors
    /// [`BadCheckpoint`].
    pub fn verify(text: &str, key: &PublicKey) -> Result<Self, BadCheckpoint> {
        let (checkpoint, line) = Self::read(text).ok_or(BadCheckpoint::Malformed)?;
        let (hash, signature) = line
            .split_first_chunk::<4>()
            .ok_or(BadCheckpoint::Malformed)?;
        if *hash != key_hash(key) {
            return Err(BadCheckpoint::OtherKey);
        }
        let body = checkpoint.body()?;
        key.verify(key.kind().signature_algorithm(), body.as_bytes(), signature)
            .map_err(BadCheckpoint::Key)?;
        Ok(checkpoint)
    }

    fn body(&self) -> Result<String, BadCheckpoint> {
        let one_word = !self.origin.is_empty()
            && self.origin.len() <= 255
            && !self
                .origin
                .contains(|c: char| c.is_whitespace() || c.is_control() || c == '+');
        if !one_word {
            return Err(BadCheckpoint::Origin);
        }
        Ok(format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            STANDARD.encode(self.root)
        ))
    }

    fn read(text: &str) -> Option<(Self, Vec<u8>)> {
        if text.len() > LONGEST {
            return None;
        }
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let origin = lines.next()?;
        let number = lines.next()?;
        let size: u64 = number.parse().ok()?;
        let root = STANDARD.decode(lines.next()?).ok()?;
        let blank = lines.next()?;
        let signature = lines.next()?;
        // One way to write each number: no sign, no leading zeros.
        if !blank.is_empty() || lines.next().is_some() || size.to_string() != number {
            return None;
        }
        let line = signature
            .strip_prefix("\u{2014} ")?
            .strip_prefix(origin)?
            .strip_prefix(' ')?;
        let checkpoint = Self {
            origin: origin.to_owned(),
            size,
            root: Hash::try_from(root).ok()?,
        };
        Some((checkpoint, STANDARD.decode(line).ok()?))
    }
}

fn key_hash(key: &PublicKey) -> [u8; 4] {
    sized(&sha256(key.der()))
}
