//! The log that proves itself: the Merkle tree of RFC 9162 2.1 (the same as RFC 6962 2.1) over
//! SHA-256, proofs that an entry is in it and that a later tree extends an earlier one, and signed
//! checkpoints.

mod checkpoint;
mod proof;

pub use checkpoint::{BadCheckpoint, Checkpoint};
pub use proof::{consistency_proof, inclusion_proof, verify_consistency, verify_inclusion};

use crate::digest::sha256_of_parts;

/// A hash of the tree.
pub type Hash = [u8; 32];

/// The hash of one entry: `SHA-256(00 || entry)`. The prefixes keep an entry from passing for a node.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    sha256_of_parts(&[&[0], entry])
}

/// The hash of two subtrees: `SHA-256(01 || left || right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256_of_parts(&[&[1], left, right])
}

/// The root over leaf hashes (RFC 9162 2.1.1); of no leaves, the hash of nothing.
pub fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::new();
    for leaf in leaves {
        frontier.push(leaf);
    }
    frontier.root()
}

/// A tree that only grows: the roots of its full subtrees, largest first, which is all that is
/// needed to add leaves and to know the root. 64 hashes hold the largest tree there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

impl Frontier {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds one leaf hash at the end.
    pub fn push(&mut self, leaf: &Hash) {
        let mut node = *leaf;
        // Each trailing one bit of the size is a full subtree on the right edge that the new leaf
        // completes to the next larger one.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.subtrees.push(node);
        self.size += 1;
    }

    /// The root of the tree as it is now.
    pub fn root(&self) -> Hash {
        let mut subtrees = self.subtrees.iter().rev();
        let Some(smallest) = subtrees.next() else {
            return sha256_of_parts(&[]);
        };
        subtrees.fold(*smallest, |right, left| node_hash(left, &right))
    }
}
