use pki::key::{KeyError, KeyKind, Signer as _, SoftwareKey};
use pki::merkle::{
    BadCheckpoint, Checkpoint, Frontier, Hash, consistency_proof, inclusion_proof, leaf_hash, root,
    verify_consistency, verify_inclusion,
};

/// The entries and roots that Certificate Transparency's own implementations are tested with.
const ENTRIES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn leaves(count: u32) -> Vec<Hash> {
    (0..count)
        .map(|number| leaf_hash(&number.to_be_bytes()))
        .collect()
}

#[test]
fn roots_are_those_of_the_standard() {
    let mut frontier = Frontier::new();
    let mut leaves = Vec::new();
    assert_eq!(hex::encode(frontier.root()), ROOTS[0]);
    for (entry, expected) in ENTRIES.iter().zip(&ROOTS[1..]) {
        let leaf = leaf_hash(entry);
        frontier.push(&leaf);
        leaves.push(leaf);
        assert_eq!(hex::encode(frontier.root()), *expected);
        assert_eq!(hex::encode(root(&leaves)), *expected);
    }
    assert_eq!(frontier.size(), 8);
}

#[test]
fn every_entry_of_every_tree_is_proved() {
    let all = leaves(40);
    for size in 1..=40_usize {
        let tree = &all[..size];
        let top = root(tree);
        let size = u64::try_from(size).unwrap();
        for (index, leaf) in (0..).zip(tree) {
            let proof = inclusion_proof(tree, index).unwrap();
            assert!(verify_inclusion(leaf, index, size, &proof, &top));
            assert!(!verify_inclusion(&[0; 32], index, size, &proof, &top));
            assert!(!verify_inclusion(leaf, index, size, &proof, &[0; 32]));
            assert!(!verify_inclusion(leaf, size, size, &proof, &top));
            let mut longer = proof.clone();
            longer.push([0; 32]);
            assert!(!verify_inclusion(leaf, index, size, &longer, &top));
            if let Some((_, shorter)) = proof.split_last() {
                assert!(!verify_inclusion(leaf, index, size, shorter, &top));
                let elsewhere = (index + 1) % size;
                assert!(!verify_inclusion(leaf, elsewhere, size, &proof, &top));
            }
        }
        assert_eq!(inclusion_proof(tree, size), None);
    }
}

#[test]
fn every_tree_extends_every_earlier_one() {
    let all = leaves(33);
    for new in 1..=33_u32 {
        let new_tree = &all[..usize::try_from(new).unwrap()];
        let new_root = root(new_tree);
        for old in 1..=new {
            let old_root = root(&all[..usize::try_from(old).unwrap()]);
            let (old, new) = (u64::from(old), u64::from(new));
            let proof = consistency_proof(new_tree, old).unwrap();
            assert!(verify_consistency(old, &old_root, new, &new_root, &proof));
            if old < new {
                assert!(!verify_consistency(old, &[1; 32], new, &new_root, &proof));
                assert!(!verify_consistency(old, &old_root, new, &[1; 32], &proof));
                let (_, shorter) = proof.split_last().unwrap();
                assert!(!verify_consistency(old, &old_root, new, &new_root, shorter));
                assert!(!verify_consistency(new, &new_root, old, &old_root, &proof));
            }
        }
        assert_eq!(consistency_proof(new_tree, u64::from(new) + 1), None);
        assert_eq!(consistency_proof(new_tree, 0), None);
    }
    assert!(verify_consistency(0, &root(&[]), 33, &root(&all), &[]));
}

#[test]
fn a_checkpoint_is_believed_from_its_own_key() {
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let other = SoftwareKey::generate(KeyKind::P256).unwrap();
    let checkpoint = Checkpoint {
        origin: "sigill.example.se/audit".to_owned(),
        size: 4_711,
        root: root(&leaves(7)),
    };
    let text = checkpoint.sign(&key).unwrap();
    assert_eq!(
        Checkpoint::verify(&text, key.public_key()),
        Ok(checkpoint.clone())
    );
    assert_eq!(
        Checkpoint::verify(&text, other.public_key()),
        Err(BadCheckpoint::OtherKey)
    );
    let forged = text.replace("\n4711\n", "\n4712\n");
    assert_eq!(
        Checkpoint::verify(&forged, key.public_key()),
        Err(BadCheckpoint::Key(KeyError::BadSignature))
    );
    for bad in [
        text.replace("\n4711\n", "\n04711\n"),
        text.replace("\n4711\n", "\n+4711\n"),
        format!("{text}more\n"),
        text.trim_end().to_owned(),
        text.replace("\n\n", "\n"),
        String::new(),
    ] {
        assert_eq!(
            Checkpoint::verify(&bad, key.public_key()),
            Err(BadCheckpoint::Malformed)
        );
    }
    for origin in ["", "two words", "line\nfeed", "plus+sign"] {
        let origin = origin.to_owned();
        let nameless = Checkpoint {
            origin,
            ..checkpoint.clone()
        };
        assert_eq!(nameless.sign(&key), Err(BadCheckpoint::Origin));
    }
}
