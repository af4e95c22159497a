//! Randomness that can be repeated.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// Random bytes from a seed: the same seed, the same bytes. For tests alone, since who knows the seed knows the bytes.
#[derive(Clone, Debug)]
pub struct Entropy(ChaCha20Rng);

impl Entropy {
    /// The bytes that go with a seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }

    /// Fills `bytes`.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    /// The next `N` bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// The same source as the pure crates take it: `&mut entropy.source()`.
    pub fn source(&mut self) -> impl FnMut(&mut [u8]) + Send + '_ {
        |bytes| self.fill(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let (mut one, mut other) = (Entropy::seeded(1), Entropy::seeded(1));
        assert_eq!(one.bytes::<40>(), other.bytes::<40>());
        let mut through_source = [0; 8];
        one.source()(&mut through_source);
        assert_eq!(through_source, other.bytes::<8>());
        assert_ne!(
            Entropy::seeded(1).bytes::<16>(),
            Entropy::seeded(2).bytes::<16>()
        );
    }
}
