//! What carries an APDU to a card and brings its answer.

/// A way to a card: a reader, a virtual card in process, or a test that tears the card out.
pub trait Transport {
    /// Sends one command APDU and returns the whole answer, status word included.
    ///
    /// # Errors
    /// [`TransportError`] when no answer came. The card may or may not have carried the command out.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError>;

    /// Whether the reader has a key pad of its own, on which a code goes to the card past the computer.
    fn has_pad(&self) -> bool {
        false
    }

    /// Lets the holder enter codes on the reader's key pad, which puts them into the places that `command`, VERIFY or CHANGE
    /// REFERENCE DATA with FF for each code, has for them, and sends it. The answer is the card's, or the pad's own status word
    /// (PC/SC part 10, 2.5.2: 6400 no code in time, 6401 cancelled, 6402 the new codes differ, 6403 too short or long).
    ///
    /// # Errors
    /// [`TransportError`] when no answer came, or the reader has no pad.
    fn transmit_from_pad(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        let _ = command;
        Err(TransportError::Reader("no key pad".to_owned()))
    }
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
