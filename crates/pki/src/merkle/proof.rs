//! Proofs (RFC 9162 2.1.3 and 2.1.4).

use super::{Hash, node_hash, root};

/// The hashes that lead from leaf `index` to the root of `leaves` (RFC 9162 2.1.3.1), nearest first.
/// Nothing when there is no such leaf.
pub fn inclusion_proof(leaves: &[Hash], index: u64) -> Option<Vec<Hash>> {
    let mut index = usize::try_from(index).ok()?;
    if index >= leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    let mut rest = leaves;
    while rest.len() > 1 {
        let (left, right) = rest.split_at_checked(split(rest.len()))?;
        if index < left.len() {
            path.push(root(right));
            rest = left;
        } else {
            index -= left.len();
            path.push(root(left));
            rest = right;
        }
    }
    path.reverse();
    Some(path)
}

/// Whether `proof` shows that `leaf` stands at `index` in the tree of `size` leaves with `root`
/// (RFC 9162 2.1.3.2).
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let mut node = *leaf;
    let mut position = index;
    let mut last = size - 1;
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if position & 1 == 1 || position == last {
            node = node_hash(sibling, &node);
            // A lone node on the right edge rises until it has a left sibling.
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            node = node_hash(&node, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    last == 0 && node == *root
}

/// The hashes that show that the tree over `leaves` extends the tree over its first `old_size`
/// leaves (RFC 9162 2.1.4.1). Nothing when it is not that long, or `old_size` is zero.
pub fn consistency_proof(leaves: &[Hash], old_size: u64) -> Option<Vec<Hash>> {
    let mut old = usize::try_from(old_size).ok()?;
    if old == 0 || old > leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    let mut rest = leaves;
    // Whether the part looked at is a whole subtree of the old tree whose root the verifier has.
    let mut known = true;
    while old != rest.len() {
        let (left, right) = rest.split_at_checked(split(rest.len()))?;
        if old <= left.len() {
            path.push(root(right));
            rest = left;
        } else {
            path.push(root(left));
            old -= left.len();
            rest = right;
            known = false;
        }
    }
    if !known {
        path.push(root(rest));
    }
    path.reverse();
    Some(path)
}

/// Whether `proof` shows that the tree of `new_size` leaves with `new_root` extends the tree of
/// `old_size` leaves with `old_root` (RFC 9162 2.1.4.2). An empty old tree is extended by every tree.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> bool {
    if old_size == 0 {
        return proof.is_empty() && *old_root == root(&[]);
    }
    if old_size == new_size {
        return proof.is_empty() && old_root == new_root;
    }
    if old_size > new_size {
        return false;
    }
    let mut hashes = proof.iter();
    let first = if old_size.is_power_of_two() {
        Some(old_root)
    } else {
        hashes.next()
    };
    let Some(first) = first else { return false };
    let mut old_node = *first;
    let mut new_node = *first;
    let mut position = old_size - 1;
    let mut last = new_size - 1;
    while position & 1 == 1 {
        position >>= 1;
        last >>= 1;
    }
    for sibling in hashes {
        if last == 0 {
            return false;
        }
        if position & 1 == 1 || position == last {
            old_node = node_hash(sibling, &old_node);
            new_node = node_hash(sibling, &new_node);
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            new_node = node_hash(&new_node, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    last == 0 && old_node == *old_root && new_node == *new_root
}

/// The largest power of two smaller than `length`, for a length of at least two.
fn split(length: usize) -> usize {
    length.next_power_of_two() / 2
}
