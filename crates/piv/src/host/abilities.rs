//! What a card can do. Cards differ: the standard leaves much open, and what YubiKeys brought is not in it. A card that lacks something
//! is used as far as it goes, and it is said what it lacks.

use super::{CardError, Host, Version, is_lack};
use crate::{
    Algorithm, Command, Instruction, MANAGEMENT_KEY_REFERENCE, ObjectTag, Slot,
    algorithm::ManagementAlgorithm, tlv,
};

/// What a card can do, as far as it can be found out without changing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// The version of its program, when it tells.
    pub version: Option<Version>,
    /// Its chip's serial number, when it tells.
    pub serial: Option<u32>,
    /// The kinds of keys it holds: what it announces, else what cards of its kind have.
    pub algorithms: Vec<Algorithm>,
    /// The algorithm of its management key; `None` when it answers to none that the standard has.
    pub management: Option<ManagementAlgorithm>,
    /// Whether it tells about the keys it holds.
    pub metadata: bool,
    /// Whether it certifies that it made a key itself.
    pub attestation: bool,
    /// Whether keys can be put in.
    pub import: bool,
    /// Whether its management key can be replaced.
    pub new_management_key: bool,
    /// Objects that other people's software looks for and that are not there: CHUID, CCC, discovery, key history.
    pub missing_objects: Vec<ObjectTag>,
}

/// Something that a card lacks. Its text says what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// It tells neither a version nor a serial number: it is known by the number in its objects alone.
    Version,
    /// Nothing is said about keys: which are there is seen by their certificates alone.
    Metadata,
    /// It does not certify that it made its keys itself: who made the card must be trusted for it.
    Attestation,
    /// No keys come in: earlier encryption keys cannot be put on it.
    Import,
    /// Its management key stays: its producer's, and whoever knows that can change the card.
    NewManagementKey,
    /// It answers to no management key: it can be used but not changed.
    Management,
    /// Its management key is for Triple DES, which is no longer to be used (SP 800-131A 2).
    OldManagement,
    /// It holds no keys of this kind.
    Algorithm(Algorithm),
    /// An object is not there: without CHUID or CCC Windows or macOS do not take the card.
    Object(ObjectTag),
}

impl Abilities {
    /// What this card lacks of all that this system can use, the weightiest first.
    #[must_use]
    pub fn lacks(&self) -> Vec<Lack> {
        let mut lacks = Vec::new();
        let mut unless = |there: bool, lack| {
            if !there {
                lacks.push(lack);
            }
        };
        unless(self.management.is_some(), Lack::Management);
        unless(self.new_management_key, Lack::NewManagementKey);
        let old = self.management == Some(ManagementAlgorithm::TripleDes);
        unless(!old, Lack::OldManagement);
        unless(self.import, Lack::Import);
        unless(self.attestation, Lack::Attestation);
        unless(self.metadata, Lack::Metadata);
        let told = self.version.is_some() || self.serial.is_some();
        unless(told, Lack::Version);
        for algorithm in [Algorithm::EccP256, Algorithm::EccP384, Algorithm::Rsa2048] {
            unless(
                self.algorithms.contains(&algorithm),
                Lack::Algorithm(algorithm),
            );
        }
        for tag in &self.missing_objects {
            unless(false, Lack::Object(*tag));
        }
        lacks
    }
}

impl Host<'_> {
    /// Finds out what the card can do. Nothing on the card changes, but a management key proven before may have to be proven again.
    ///
    /// # Errors
    /// [`CardError`] when the card is gone or is no PIV card.
    pub fn abilities(&mut self) -> Result<Abilities, CardError> {
        let announced = announced(&self.select_application()?.data);
        let version = unless_nonsense(self.version())?;
        let serial = unless_nonsense(self.serial())?;
        let mut missing_objects = Vec::new();
        for tag in [
            ObjectTag::CHUID,
            ObjectTag::CAPABILITIES,
            ObjectTag::DISCOVERY,
            ObjectTag::KEY_HISTORY,
        ] {
            if unless_nonsense(self.read_object(tag))?.is_none() {
                missing_objects.push(tag);
            }
        }
        Ok(Abilities {
            version,
            serial,
            algorithms: announced.unwrap_or_else(|| usual(version)),
            management: self.management_algorithm()?,
            metadata: self.tells_metadata()?,
            attestation: self.has(Instruction::Attest, Slot::LOGIN.reference(), 0)?,
            // Neither an algorithm nor a key: refused by every card that has the command.
            import: self.has(Instruction::Import, 0, 0)?,
            // Without data it is refused as well; both parameters are those of the command, for a card may know no others.
            new_management_key: self.has(Instruction::SetManagementKey, 0xFF, 0xFF)?,
            missing_objects,
        })
    }

    /// Whether it says anything of its management key, which every card has; some know the question and have no answer.
    fn tells_metadata(&mut self) -> Result<bool, CardError> {
        let command = Command::new(Instruction::Metadata, 0, MANAGEMENT_KEY_REFERENCE, &[]);
        let response = self.exchange(&command)?;
        Ok(!is_lack(response.status) && !response.data.is_empty())
    }

    /// Whether the card knows a command, asked without data.
    fn has(&mut self, instruction: Instruction, p1: u8, p2: u8) -> Result<bool, CardError> {
        let response = self.exchange(&Command::new(instruction, p1, p2, &[]))?;
        Ok(!is_lack(response.status))
    }
}

/// An answer that makes no sense counts as none; a card that is gone does not.
fn unless_nonsense<T>(answer: Result<Option<T>, CardError>) -> Result<Option<T>, CardError> {
    match answer {
        Err(CardError::Status { .. } | CardError::Malformed(_) | CardError::Object(_)) => Ok(None),
        answer => answer,
    }
}

/// The algorithms that the card announces as it is selected (Part 2, table 3: AC), if it announces any for keys.
fn announced(template: &[u8]) -> Option<Vec<Algorithm>> {
    let inside = tlv::find(template, 0x61).ok().flatten()?;
    let list = tlv::find(inside, 0xAC).ok().flatten()?;
    let mut reader = tlv::Reader::new(list);
    let mut algorithms = Vec::new();
    while let Ok(Some(element)) = reader.element() {
        if let (0x80, &[identifier]) = (element.tag, element.value)
            && let Ok(algorithm) = Algorithm::parse(identifier)
        {
            algorithms.push(algorithm);
        }
    }
    (!algorithms.is_empty()).then_some(algorithms)
}

/// What cards have that announce nothing (SP 800-78-4, table 3-1; YubiKeys have the longer RSA keys from 5.7 on).
fn usual(version: Option<Version>) -> Vec<Algorithm> {
    let long = Version {
        major: 5,
        minor: 7,
        patch: 0,
    };
    let has_long = version.is_some_and(|version| version >= long);
    Algorithm::ALL
        .into_iter()
        .filter(|algorithm| {
            has_long || !matches!(algorithm, Algorithm::Rsa3072 | Algorithm::Rsa4096)
        })
        .collect()
}
