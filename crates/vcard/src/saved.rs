//! A card as JSON text, secrets and all.

use std::collections::BTreeMap;

use piv::{Algorithm, ObjectTag, Slot, algorithm::ManagementAlgorithm, slot::PinPolicy};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    Profile, attestation,
    chip::{Chip, Code, Delivered, Management, StoredKey},
    key::PrivateKey,
};

/// The only layout there is; a later one counts up.
const LAYOUT: u32 = 1;

/// Why a saved card cannot be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SavedProblem {
    /// Not JSON, or not of a card.
    #[error("this is not a saved card")]
    Json,
    /// A layout this program does not know.
    #[error("the saved card has an unknown layout")]
    Layout,
    /// A PIN, unlock code or counter is impossible.
    #[error("a code of the saved card is malformed")]
    Code,
    /// A key is malformed.
    #[error("a key of the saved card is malformed")]
    Key,
    /// A data object has no place on the card.
    #[error("a data object of the saved card is malformed")]
    Object,
    /// The attestation certificate is not that of the attestation key.
    #[error("the attestation certificate of the saved card is of another key")]
    Attestation,
}

/// Bytes as hexadecimal text, wiped after use.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
struct Hex(String);

impl Hex {
    fn of(bytes: &[u8]) -> Self {
        Self(hex::encode(bytes))
    }

    fn bytes(&self) -> Option<Zeroizing<Vec<u8>>> {
        hex::decode(&self.0).ok().map(Zeroizing::new)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedCode {
    value: Hex,
    tries: u8,
    tries_left: u8,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedManagement {
    algorithm: u8,
    key: Hex,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedKey {
    algorithm: u8,
    key: Hex,
    made_on_card: bool,
    pin_policy: u8,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedDelivered {
    pin: SavedCode,
    unlock_code: SavedCode,
    management: SavedManagement,
    objects: BTreeMap<String, Hex>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedCard {
    layout: u32,
    /// Cards from before there were profiles are of the default one.
    #[serde(default)]
    profile: Profile,
    version: [u8; 3],
    serial: u32,
    pin: SavedCode,
    unlock_code: SavedCode,
    management: SavedManagement,
    attestation_key: Option<Hex>,
    keys: BTreeMap<String, SavedKey>,
    objects: BTreeMap<String, Hex>,
    delivered: Option<SavedDelivered>,
}

/// The chip as text; `None` only when a key refuses to be written.
pub(crate) fn to_json(chip: &Chip) -> Option<Zeroizing<String>> {
    let mut keys = BTreeMap::new();
    for (slot, stored) in &chip.keys {
        let saved = SavedKey {
            algorithm: stored.key.algorithm().identifier(),
            key: Hex::of(&stored.key.to_bytes()?),
            made_on_card: stored.made_on_card,
            pin_policy: policy_number(stored.pin_policy),
        };
        keys.insert(slot.to_string(), saved);
    }
    let saved = SavedCard {
        layout: LAYOUT,
        profile: chip.profile,
        version: chip.version,
        serial: chip.serial,
        pin: save_code(&chip.pin),
        unlock_code: save_code(&chip.unlock_code),
        management: save_management(&chip.management),
        attestation_key: match &chip.attestation_key {
            None => None,
            Some(key) => Some(Hex::of(&key.to_bytes()?)),
        },
        keys,
        objects: save_objects(&chip.objects),
        delivered: chip.delivered.as_ref().map(|delivered| SavedDelivered {
            pin: save_code(&delivered.pin),
            unlock_code: save_code(&delivered.unlock_code),
            management: save_management(&delivered.management),
            objects: save_objects(&delivered.objects),
        }),
    };
    // Room from the start: text that grows leaves copies of the secrets behind.
    let size = |objects: &BTreeMap<ObjectTag, Vec<u8>>| -> usize {
        objects.values().map(|object| 2 * object.len() + 32).sum()
    };
    let delivered = chip.delivered.as_ref();
    let room = 16 * 1024
        + chip.keys.len() * 4096
        + size(&chip.objects)
        + delivered.map_or(0, |delivered| size(&delivered.objects));
    let mut text = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(&mut *text, &saved).ok()?;
    let text = String::from_utf8(std::mem::take(&mut *text)).ok()?;
    Some(Zeroizing::new(text))
}

/// The chip of a text.
pub(crate) fn from_json(text: &str) -> Result<Chip, SavedProblem> {
    let saved: SavedCard = serde_json::from_str(text).map_err(|_| SavedProblem::Json)?;
    if saved.layout != LAYOUT {
        return Err(SavedProblem::Layout);
    }
    let mut keys = BTreeMap::new();
    for (slot, saved) in &saved.keys {
        let slot = u8::from_str_radix(slot, 16)
            .ok()
            .and_then(|reference| Slot::new(reference).ok())
            .ok_or(SavedProblem::Key)?;
        let algorithm = Algorithm::parse(saved.algorithm).map_err(|_| SavedProblem::Key)?;
        let stored = StoredKey {
            key: load_key(algorithm, &saved.key)?,
            made_on_card: saved.made_on_card,
            pin_policy: policy(saved.pin_policy).ok_or(SavedProblem::Key)?,
        };
        keys.insert(slot, stored);
    }
    let attestation_key = match &saved.attestation_key {
        None => None,
        Some(key) => Some(load_key(Algorithm::EccP256, key)?),
    };
    let objects = load_objects(saved.profile, &saved.objects)?;
    if let Some(content) = objects.get(&ObjectTag::ATTESTATION) {
        let object = piv::object::CertificateObject::decode(content)
            .map_err(|_| SavedProblem::Attestation)?;
        let key = attestation_key.as_ref().ok_or(SavedProblem::Attestation)?;
        attestation::check_owner(&object.certificate, key)?;
    }
    let delivered = match &saved.delivered {
        None => None,
        Some(delivered) => Some(Delivered {
            pin: load_code(&delivered.pin)?,
            unlock_code: load_code(&delivered.unlock_code)?,
            management: load_management(&delivered.management)?,
            objects: load_objects(saved.profile, &delivered.objects)?,
        }),
    };
    Ok(Chip {
        profile: saved.profile,
        version: saved.version,
        serial: saved.serial,
        pin: load_code(&saved.pin)?,
        unlock_code: load_code(&saved.unlock_code)?,
        management: load_management(&saved.management)?,
        keys,
        objects,
        attestation_key,
        delivered,
    })
}

fn save_code(code: &Code) -> SavedCode {
    SavedCode {
        value: Hex::of(&code.value),
        tries: code.tries,
        tries_left: code.tries_left,
    }
}

fn load_code(saved: &SavedCode) -> Result<Code, SavedProblem> {
    let bytes = saved.value.bytes().ok_or(SavedProblem::Code)?;
    let value = bytes
        .as_slice()
        .try_into()
        .map_err(|_| SavedProblem::Code)?;
    if !(1..=15).contains(&saved.tries) || saved.tries_left > saved.tries {
        return Err(SavedProblem::Code);
    }
    Ok(Code {
        value,
        tries: saved.tries,
        tries_left: saved.tries_left,
    })
}

fn save_management(management: &Management) -> SavedManagement {
    SavedManagement {
        algorithm: management.algorithm.identifier(),
        key: Hex::of(&management.key),
    }
}

fn load_management(saved: &SavedManagement) -> Result<Management, SavedProblem> {
    let algorithm = ManagementAlgorithm::parse(saved.algorithm).map_err(|_| SavedProblem::Key)?;
    let key = saved.key.bytes().ok_or(SavedProblem::Key)?;
    if key.len() != algorithm.key_length() {
        return Err(SavedProblem::Key);
    }
    Ok(Management { algorithm, key })
}

fn load_key(algorithm: Algorithm, saved: &Hex) -> Result<PrivateKey, SavedProblem> {
    let bytes = saved.bytes().ok_or(SavedProblem::Key)?;
    PrivateKey::from_bytes(algorithm, &bytes).map_err(|_| SavedProblem::Key)
}

fn save_objects(objects: &BTreeMap<ObjectTag, Vec<u8>>) -> BTreeMap<String, Hex> {
    objects
        .iter()
        .map(|(tag, content)| (tag.to_string(), Hex::of(content)))
        .collect()
}

fn load_objects(
    profile: Profile,
    saved: &BTreeMap<String, Hex>,
) -> Result<BTreeMap<ObjectTag, Vec<u8>>, SavedProblem> {
    saved
        .iter()
        .map(|(tag, content)| {
            let tag = u32::from_str_radix(tag, 16)
                .map(ObjectTag)
                .ok()
                .filter(|tag| profile.has_place(*tag))
                .ok_or(SavedProblem::Object)?;
            let content = content.bytes().ok_or(SavedProblem::Object)?;
            Ok((tag, content.to_vec()))
        })
        .collect()
}

pub(crate) fn policy_number(policy: PinPolicy) -> u8 {
    match policy {
        PinPolicy::Never => 1,
        PinPolicy::Once => 2,
        PinPolicy::Always => 3,
    }
}

pub(crate) fn policy(number: u8) -> Option<PinPolicy> {
    match number {
        1 => Some(PinPolicy::Never),
        2 => Some(PinPolicy::Once),
        3 => Some(PinPolicy::Always),
        _ => None,
    }
}
