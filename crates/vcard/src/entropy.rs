//! Randomness: a function the caller gave, dressed as the generator that the arithmetic wants.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

/// Fills a buffer with random bytes.
pub(crate) type Entropy = Box<dyn FnMut(&mut [u8]) + Send>;

/// A borrowed source as a generator.
pub(crate) struct Generator<'a>(pub &'a mut dyn FnMut(&mut [u8]));

impl TryRng for Generator<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        (self.0)(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        (self.0)(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        (self.0)(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Generator<'_> {}
