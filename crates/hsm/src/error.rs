//! What can go wrong with a token, said so that an operator knows what to do.

use std::path::PathBuf;

use cryptoki::error::{Error, RvError};
use pki::key::KeyError;

/// What went wrong with a token or a key in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The library cannot be loaded, or is no PKCS #11 module.
    #[error("the PKCS #11 module {0} cannot be loaded")]
    Module(PathBuf, #[source] Error),
    /// No slot has a token of that label.
    #[error("the module has no token labelled \"{label}\"; it has {}", listed(.found))]
    NoToken {
        /// The label that was looked for.
        label: String,
        /// The labels there are.
        found: Vec<String>,
    },
    /// More than one slot has a token of that label.
    #[error("the module has several tokens labelled \"{0}\"; give one of them another label")]
    SeveralTokens(String),
    /// The token has no user PIN yet.
    #[error("the token has no user PIN yet; initialise it with its maker's tool")]
    NoUserPin,
    /// The token says that the PIN is wrong. It is not tried again by this process.
    #[error(
        "the token says that the PIN is wrong; it is not tried again until the PIN file is right and the program is started anew"
    )]
    PinIncorrect,
    /// One more wrong PIN would lock the token, so none is tried.
    #[error(
        "one more wrong PIN would lock the token, so none was tried; log in once with its maker's tool, then start again"
    )]
    PinLastTry,
    /// Too many wrong PINs were tried.
    #[error("the token's PIN is locked; its security officer has to set a new one")]
    PinLocked,
    /// The PIN has to be changed first.
    #[error("the token wants its PIN changed; do so with its maker's tool")]
    PinExpired,
    /// All sessions are in use and none became free in time.
    #[error("no session with the token became free in {0} s")]
    Busy(u64),
    /// The token went away, and another request has just failed to open it anew.
    #[error("the token is away")]
    Away,
    /// The login is gone: the token was reset, or somebody in this process logged out.
    #[error("the token has ended the login")]
    LoggedOut,
    /// There is no key of that name any more.
    #[error("the token has no private key labelled \"{0}\" any more")]
    KeyGone(String),
    /// More than one key has that name.
    #[error(
        "the token has several private keys labelled \"{0}\"; it must be clear which one signs"
    )]
    SeveralKeys(String),
    /// A new key was asked for under a name that is taken.
    #[error(
        "the token has a key labelled \"{0}\" already, made by another process just now; start again"
    )]
    Taken(String),
    /// The key could be taken out of the token.
    #[error("the private key \"{0}\" is extractable or not sensitive: it could leave the token")]
    KeyCouldLeave(String),
    /// The key is of a kind that is not used here, its public half is another key's, or what came back is no signature.
    #[error("the key \"{0}\" cannot be used")]
    UnusableKey(String, #[source] KeyError),
    /// The key's public half is not in the token.
    #[error("the public half of the key \"{0}\" is not in the token")]
    NoPublicHalf(String),
    /// The module failed at something else.
    #[error("the module failed at {doing}")]
    Call {
        /// What was being done.
        doing: &'static str,
        /// The module's return value.
        #[source]
        cause: Error,
    },
}

impl TokenError {
    /// Names what was being done when the module failed.
    pub(crate) fn doing(doing: &'static str) -> impl FnOnce(Error) -> Self {
        move |cause| Self::Call { doing, cause }
    }

    /// Whether the session or the token behind it is gone, so that opening it anew may help (PKCS #11 2.40, 5.1.1 to 5.1.3).
    pub(crate) fn is_loss(&self) -> bool {
        matches!(
            self,
            Self::LoggedOut
                | Self::Call {
                    cause: Error::Pkcs11(
                        RvError::SessionHandleInvalid
                            | RvError::SessionClosed
                            | RvError::DeviceError
                            | RvError::DeviceRemoved
                            | RvError::TokenNotPresent
                            | RvError::TokenNotRecognized
                            | RvError::UserNotLoggedIn
                            | RvError::CryptokiNotInitialized,
                        _
                    ),
                    ..
                }
        )
    }

    /// The whole chain of causes on one line, for the log.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(inner) = cause {
            text.push_str(": ");
            text.push_str(&inner.to_string());
            cause = inner.source();
        }
        text
    }
}

fn listed(labels: &[String]) -> String {
    if labels.is_empty() {
        "none".to_owned()
    } else {
        format!("\"{}\"", labels.join("\", \""))
    }
}
