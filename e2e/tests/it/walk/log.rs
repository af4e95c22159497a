//! The log: its Merkle root reckoned again from the definition (RFC 9162 2.1.1), the checkpoint's signature judged by OpenSSL.

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::Walk;
use super::openssl::Judge;

/// The definition, word for word: recursive, split at the largest power of two below the size.
fn root(entries: &[&str]) -> Vec<u8> {
    match entries {
        [] => Sha256::digest([]).to_vec(),
        [entry] => Sha256::new()
            .chain_update([0])
            .chain_update(entry)
            .finalize()
            .to_vec(),
        _ => {
            let (left, right) = entries.split_at(entries.len().next_power_of_two() / 2);
            Sha256::new()
                .chain_update([1])
                .chain_update(root(left))
                .chain_update(root(right))
                .finalize()
                .to_vec()
        }
    }
}

/// A checkpoint: what is signed, the root it states for how many entries, and the signature in DER.
struct Checkpoint {
    signed: String,
    size: usize,
    root: Vec<u8>,
    signature: Vec<u8>,
}

fn checkpoint(text: &str) -> anyhow::Result<Checkpoint> {
    let (body, signature) = text.split_once("\n\n").context("no signature")?;
    let [origin, size, root] = body
        .lines()
        .collect::<Vec<_>>()
        .try_into()
        .ok()
        .context("not three lines")?;
    let signature = signature
        .trim_end()
        .rsplit_once(' ')
        .context("no signature")?;
    ensure!(
        signature.0 == format!("\u{2014} {origin}"),
        "signed by {}",
        signature.0
    );
    // Four octets name the key.
    let signature = STANDARD.decode(signature.1)?.split_off(4);
    Ok(Checkpoint {
        signed: format!("{body}\n"),
        size: size.parse()?,
        root: STANDARD.decode(root)?,
        signature,
    })
}

#[test]
fn the_checkpoint_states_the_root_of_the_log() -> anyhow::Result<()> {
    let walk = Walk::taken()?;
    let log = walk.text("audit/log.jsonl")?;
    let entries: Vec<&str> = log.lines().collect();
    let checkpoint = checkpoint(&walk.text("audit/checkpoint.txt")?)?;
    assert_eq!(entries.len(), checkpoint.size);
    assert_eq!(root(&entries), checkpoint.root);
    for (at, entry) in entries.iter().enumerate() {
        let entry: Value = serde_json::from_str(entry)?;
        assert_eq!(
            entry.get("sequence").and_then(Value::as_u64),
            Some(u64::try_from(at)? + 1),
            "a row is missing"
        );
    }
    Ok(())
}

#[test]
fn the_checkpoint_is_signed() -> anyhow::Result<()> {
    let Some(judge) = Judge::called("log")? else {
        return Ok(());
    };
    let checkpoint = checkpoint(&judge.walk.text("audit/checkpoint.txt")?)?;
    let key = judge.walk.read("audit/key.pem")?;
    assert!(judge.signed(
        "log",
        &key,
        checkpoint.signed.as_bytes(),
        &checkpoint.signature
    )?);
    let changed = checkpoint
        .signed
        .replacen(&checkpoint.size.to_string(), "1", 1);
    assert!(
        !judge.signed("log", &key, changed.as_bytes(), &checkpoint.signature)?,
        "a changed checkpoint verifies"
    );
    Ok(())
}
