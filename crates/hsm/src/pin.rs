//! The token's PIN: in a file of its own, never in the configuration.

use std::path::{Path, PathBuf};

use cryptoki::types::AuthPin;
use zeroize::Zeroizing;

/// The longest PIN that is read; modules allow 255 octets at the most.
const LONGEST: usize = 255;

/// The PIN of a token's user. Wiped when dropped; has no `Debug`.
pub struct Pin(AuthPin);

/// Why a file is no PIN.
#[derive(Debug, thiserror::Error)]
pub enum PinError {
    /// The file cannot be read.
    #[error("the file with the token's PIN cannot be read: {0}")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// Every user of the machine may read it.
    #[error("every user of this machine may read the token's PIN in {0}: chmod o= on it")]
    Open(PathBuf),
    /// Nothing in it, more than a PIN can be, or not text.
    #[error("{0} does not hold a PIN: one line of text, 1 to {LONGEST} octets")]
    NoPin(PathBuf),
}

impl Pin {
    /// Reads a PIN from a file of one line.
    ///
    /// # Errors
    /// When the file cannot be read, is readable by everyone, or holds no PIN.
    pub fn read(path: &Path) -> Result<Self, PinError> {
        let unreadable = |cause| PinError::Unreadable(path.to_owned(), cause);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(path)
                .map_err(unreadable)?
                .permissions()
                .mode();
            if mode & 0o004 != 0 {
                return Err(PinError::Open(path.to_owned()));
            }
        }
        let bytes = Zeroizing::new(std::fs::read(path).map_err(unreadable)?);
        std::str::from_utf8(&bytes)
            .ok()
            .map(|text| text.strip_suffix('\n').unwrap_or(text))
            .map(|text| text.strip_suffix('\r').unwrap_or(text))
            .and_then(Self::new)
            .ok_or_else(|| PinError::NoPin(path.to_owned()))
    }

    /// A PIN from text; nothing when it is empty, too long or of several lines.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= LONGEST && !text.contains(['\n', '\r', '\0']);
        fits.then(|| Self(AuthPin::from(text)))
    }

    pub(crate) fn secret(&self) -> &AuthPin {
        &self.0
    }
}
