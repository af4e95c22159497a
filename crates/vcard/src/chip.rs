//! What a chip keeps without power.

use std::collections::BTreeMap;

use piv::{Algorithm, ObjectTag, Slot, algorithm::ManagementAlgorithm, slot::PinPolicy};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Profile, key::PrivateKey};

/// A code with its counter.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Code {
    /// As the card gets it: a PIN padded with FF, an unlock code as it is.
    pub value: [u8; 8],
    /// How many wrong tries in a row block it.
    pub tries: u8,
    /// How many are left; 0 is blocked.
    pub tries_left: u8,
}

impl Code {
    pub(crate) fn new(value: [u8; 8], tries: u8) -> Self {
        Self {
            value,
            tries,
            tries_left: tries,
        }
    }
}

/// The card management key.
#[derive(Clone)]
pub(crate) struct Management {
    pub algorithm: ManagementAlgorithm,
    pub key: Zeroizing<Vec<u8>>,
}

/// A key in a slot.
#[derive(Clone)]
pub(crate) struct StoredKey {
    pub key: PrivateKey,
    pub made_on_card: bool,
    pub pin_policy: PinPolicy,
}

/// What a reset brings back; only cards for developers have it.
#[derive(Clone)]
pub(crate) struct Delivered {
    pub pin: Code,
    pub unlock_code: Code,
    pub management: Management,
    pub objects: BTreeMap<ObjectTag, Vec<u8>>,
}

impl Chip {
    /// Whether it makes and holds keys of this kind: YubiKeys have the longer RSA keys from 5.7 on.
    pub(crate) fn has(&self, algorithm: Algorithm) -> bool {
        match algorithm {
            Algorithm::Rsa3072 | Algorithm::Rsa4096 => {
                self.profile == Profile::Yubikey && self.version >= [5, 7, 0]
            }
            Algorithm::EccP256 | Algorithm::EccP384 | Algorithm::Rsa2048 => true,
        }
    }
}

/// Everything that survives loss of power.
#[derive(Clone)]
pub(crate) struct Chip {
    pub profile: Profile,
    pub version: [u8; 3],
    pub serial: u32,
    pub pin: Code,
    pub unlock_code: Code,
    pub management: Management,
    pub keys: BTreeMap<Slot, StoredKey>,
    pub objects: BTreeMap<ObjectTag, Vec<u8>>,
    /// Only cards that attest have one.
    pub attestation_key: Option<PrivateKey>,
    pub delivered: Option<Delivered>,
}
