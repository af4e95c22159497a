//! `[keys]`: the token in which signing keys are made. Without it they rest in sealed files.

use std::num::NonZeroU16;
use std::path::PathBuf;

use serde::Deserialize;

/// A token of a PKCS #11 module, as the file has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysSection {
    /// The maker's library.
    pub module: PathBuf,
    /// The token's label.
    pub token: String,
    /// The file with the PIN of the token's user. The PIN itself never stands in a configuration.
    pub pin_file: PathBuf,
    /// Sessions used at once, at the most.
    #[serde(default = "sessions")]
    pub sessions: NonZeroU16,
}

/// Enough for a module that signs a thousand times a second and takes eight milliseconds for each.
fn sessions() -> NonZeroU16 {
    NonZeroU16::new(8).unwrap_or(NonZeroU16::MIN)
}
