//! The system's random source, for the one place that wires a process. Everything else takes
//! randomness as an argument.

/// The system gave no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no randomness")]
pub struct NoRandomness;

/// Fills `bytes` from the random source of the cryptographic library.
///
/// # Errors
/// [`NoRandomness`].
#[expect(
    clippy::disallowed_methods,
    reason = "the source that the process hands out as `entropy`"
)]
pub fn fill(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    aws_lc_rs::rand::fill(bytes).map_err(|_| NoRandomness)
}
