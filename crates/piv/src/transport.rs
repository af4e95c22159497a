//! What carries an APDU to a card and brings its answer.

/// A way to a card: a reader, a virtual card in process, or a test that tears the card out.
pub trait Transport {
    /// Sends one command APDU and returns the whole answer, status word included.
    ///
    /// # Errors
    /// [`TransportError`] when no answer came. The card may or may not have carried the command out.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError>;
}

/// Why no answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// There is no card in the reader.
    #[error("there is no card in the reader")]
    NoCard,
    /// The card was taken out, or lost power, while in use.
    #[error("the card was taken out")]
    CardRemoved,
    /// The reader is gone or does not answer.
    #[error("the reader does not answer")]
    NoReader,
    /// Something else, in the words of the reader's own software.
    #[error("the reader failed: {0}")]
    Reader(String),
}
