//! Where a card's state survives loss of power.

/// The state could not be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the card's memory could not be written")]
pub struct MemoryFault;

/// A place for a card's state. A card with a memory stores each change there before it acts on it: a try is counted
/// before the code is compared, a key is kept before its public half is told.
///
/// `keep` must be all or nothing: after it fails, or the power goes while it runs, the state is the one of before or
/// the new one. The card takes a failure for "not stored", answers 6581 and stays as it was.
pub trait Memory: Send {
    /// Stores the whole state, the text [`crate::Card::to_json`] gives. It holds secrets.
    ///
    /// # Errors
    /// [`MemoryFault`] when it was not stored.
    fn keep(&mut self, state: &str) -> Result<(), MemoryFault>;
}
