//! The server as the client sees it: two questions, each with one answer.

use wire::{Continue, Hello, Next, Opening};

/// Where messages go. The program that is run on a desk speaks HTTPS, and only to servers it is configured for; tests and
/// the demo answer in process.
pub trait Server {
    /// Opens the act.
    ///
    /// # Errors
    /// [`ServerProblem`] when no answer came; an expected no is an [`Opening::Refused`].
    fn hello(&mut self, hello: Hello) -> Result<Opening, ServerProblem>;

    /// Tells the answer to a step and asks what is next.
    ///
    /// # Errors
    /// [`ServerProblem`] when no answer came; an expected no is a [`Next::Refused`].
    fn proceed(&mut self, turn: Continue) -> Result<Next, ServerProblem>;
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServerProblem {
    /// No connection, or it broke.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The other side did not prove to be the server of the configuration.
    #[error("the server is not the one this program is set up for")]
    Untrusted,
    /// What came is no message.
    #[error("the server answered in a way this program does not understand")]
    BadAnswer,
}
