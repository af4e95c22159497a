//! Taking the padding off what an RSA private key gave back, in steps that do not depend on the bytes (RFC 8017 7.1.2, 7.2.2).
//!
//! The length of the key inside is known from the cipher that the message names, so every octet has its place and no search is
//! needed. Whether the padding was right is told by a mask, and a wrong one yields the key given instead.

use aws_lc_rs::digest::{self, Algorithm};
use zeroize::Zeroizing;

/// PKCS#1 v1.5: `00 02`, at least eight octets that are not zero, `00`, the key.
pub(super) fn pkcs1(padded: &[u8], length: usize, instead: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (padding, key) = padded.split_at_checked(padded.len().checked_sub(length)?)?;
    let ([first, second], filling) = padding.split_first_chunk::<2>()?;
    let (separator, filling) = filling.split_last()?;
    if filling.len() < 8 {
        return None;
    }
    let mut wrong = *first | (*second ^ 2) | *separator;
    for octet in filling {
        wrong |= is_zero(*octet);
    }
    Some(choose(wrong, key, instead))
}

/// OAEP with MGF1: `00`, the masked seed, then masked: the hash of the label, zeros, `01`, the key.
pub(super) fn oaep(
    padded: &[u8],
    length: usize,
    hash: &'static Algorithm,
    mask_hash: &'static Algorithm,
    label: &[u8],
    instead: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (first, rest) = padded.split_first()?;
    let (seed, block) = rest.split_at_checked(hash.output_len())?;
    let mut seed = Zeroizing::new(seed.to_vec());
    let mut block = Zeroizing::new(block.to_vec());
    apply_mask(&mut seed, &block, mask_hash);
    apply_mask(&mut block, &seed, mask_hash);
    let (label_hash, rest) = block.split_at_checked(hash.output_len())?;
    let (zeros, key) = rest.split_at_checked(rest.len().checked_sub(length)?)?;
    let (separator, zeros) = zeros.split_last()?;
    let mut wrong = *first | (*separator ^ 1);
    for octet in zeros {
        wrong |= octet;
    }
    for (have, want) in label_hash.iter().zip(digest::digest(hash, label).as_ref()) {
        wrong |= have ^ want;
    }
    Some(choose(wrong, key, instead))
}

/// MGF1 (RFC 8017 B.2.1) over `seed`, onto `target`.
fn apply_mask(target: &mut [u8], seed: &[u8], hash: &'static Algorithm) {
    for (counter, piece) in (0_u32..).zip(target.chunks_mut(hash.output_len())) {
        let mut context = digest::Context::new(hash);
        context.update(seed);
        context.update(&counter.to_be_bytes());
        for (octet, mask) in piece.iter_mut().zip(context.finish().as_ref()) {
            *octet ^= mask;
        }
    }
}

/// 1 for zero, 0 for all else.
fn is_zero(octet: u8) -> u8 {
    let wide = u16::from(octet);
    u8::try_from(wide.wrapping_sub(1) >> 15).unwrap_or(1)
}

/// `key` where nothing is wrong, else `instead`; both are read in full.
fn choose(wrong: u8, key: &[u8], instead: &[u8]) -> Zeroizing<Vec<u8>> {
    let take_key = 0_u8.wrapping_sub(is_zero(std::hint::black_box(wrong)));
    let mixed = key.iter().zip(instead);
    Zeroizing::new(
        mixed
            .map(|(right, other)| (right & take_key) | (other & !take_key))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTEAD: [u8; 32] = [0xEE; 32];

    #[test]
    fn right_padding_gives_the_key_and_any_other_the_one_instead() {
        let mut padded = vec![0, 2];
        padded.extend([0x55; 256 - 2 - 1 - 16]);
        padded.push(0);
        padded.extend([7; 16]);
        assert_eq!(*pkcs1(&padded, 16, &INSTEAD).unwrap(), [7; 16]);
        for place in 0..256 - 16 {
            let mut spoilt = padded.clone();
            spoilt[place] = if (2..239).contains(&place) { 0 } else { 9 };
            let key = pkcs1(&spoilt, 16, &INSTEAD).unwrap();
            assert_eq!(*key, [0xEE; 16], "{place}");
        }
        // A key of another length than the cipher's.
        assert_eq!(*pkcs1(&padded, 24, &INSTEAD).unwrap(), [0xEE; 24]);
        assert!(pkcs1(&padded[..12], 16, &INSTEAD).is_none());
        assert!(pkcs1(&[], 16, &INSTEAD).is_none());
        assert!(oaep(&[], 16, &digest::SHA256, &digest::SHA256, b"", &INSTEAD).is_none());
    }
}
