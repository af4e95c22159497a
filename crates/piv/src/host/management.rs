//! The card management key (Part 2, 3.2.4 and A.1): the host proves that it holds it, or both prove it to each other.

use zeroize::Zeroizing;

use super::{CardError, Host};
use crate::{
    AnyManagementKey, Command, Instruction, MANAGEMENT_KEY_REFERENCE, ManagementKey, Response,
    StatusWord, algorithm::ManagementAlgorithm, cipher, tlv,
};

const TEMPLATE: u32 = 0x7C;
const WITNESS: u32 = 0x80;
const CHALLENGE: u32 = 0x81;
const RESPONSE: u32 = 0x82;
/// The element of metadata with the algorithm.
const ALGORITHM: u32 = 0x01;

/// Why the card did not accept the holder of the management key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManagementProblem {
    /// The answer was wrong: another key, or no challenge outstanding.
    #[error("the card does not know this management key")]
    Refused,
    /// Something else went wrong.
    #[error("the card did not check the management key")]
    Card(#[from] CardError),
}

/// Why card and host did not come to trust each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MutualProblem {
    /// The host did not convince the card.
    #[error(transparent)]
    Host(#[from] ManagementProblem),
    /// The card accepted the host without knowing the key itself: it is not the card it seems to be.
    #[error("the card accepts the management key but does not hold it")]
    Card,
}

impl From<CardError> for MutualProblem {
    fn from(problem: CardError) -> Self {
        Self::Host(problem.into())
    }
}

impl Host<'_> {
    /// Asks the card for a challenge, which whoever holds the management key encrypts (AES-256, one block, ECB).
    ///
    /// # Errors
    /// [`CardError`]; status 6A80 or 6A86 means that the card's management key is of another algorithm.
    pub fn management_challenge(&mut self) -> Result<[u8; 16], CardError> {
        let challenge = self.challenge(ManagementKey::ALGORITHM)?;
        challenge
            .as_slice()
            .try_into()
            .map_err(|_| CardError::Malformed(Instruction::GeneralAuthenticate))
    }

    /// Gives the card the encrypted challenge. After success the card takes keys, objects and a new management key,
    /// until it loses power.
    ///
    /// # Errors
    /// [`ManagementProblem`].
    pub fn management_response(&mut self, answer: &[u8; 16]) -> Result<(), ManagementProblem> {
        self.respond(ManagementKey::ALGORITHM, answer)
    }

    /// Asks the card for a challenge under a management key of any algorithm: 8 bytes for Triple DES, else 16.
    ///
    /// # Errors
    /// [`CardError`]; its status tells when the card's management key is of another algorithm.
    pub fn challenge(&mut self, algorithm: ManagementAlgorithm) -> Result<Vec<u8>, CardError> {
        let response = self.ask(algorithm, &tlv::element(CHALLENGE, &[]))?;
        part(response, CHALLENGE, algorithm)
    }

    /// Gives the card the challenge, encrypted.
    ///
    /// # Errors
    /// [`ManagementProblem`].
    pub fn respond(
        &mut self,
        algorithm: ManagementAlgorithm,
        answer: &[u8],
    ) -> Result<(), ManagementProblem> {
        self.ask(algorithm, &tlv::element(RESPONSE, answer))
            .map(drop)
            .map_err(refused)
    }

    /// Proves to the card that this host holds the management key (Part 2, A.1.1): its challenge is encrypted here.
    ///
    /// # Errors
    /// [`ManagementProblem`]; `Refused` also when the card's key is of another algorithm.
    pub fn authenticate(&mut self, key: &AnyManagementKey) -> Result<(), ManagementProblem> {
        let challenge = self.challenge(key.algorithm()).map_err(refused)?;
        let answer = cipher::encrypt(key, &challenge)
            .ok_or(CardError::Malformed(Instruction::GeneralAuthenticate))?;
        self.respond(key.algorithm(), &answer)
    }

    /// Card and host prove to each other that they hold the management key (Part 2, A.1.2): the card's witness is decrypted here, and
    /// `challenge`, which must be random and used once, comes back encrypted. One block: 8 bytes for Triple DES, else 16.
    ///
    /// # Errors
    /// [`MutualProblem`]; a challenge of the wrong length is `Refused`.
    pub fn authenticate_mutually(
        &mut self,
        key: &AnyManagementKey,
        challenge: &[u8],
    ) -> Result<(), MutualProblem> {
        let algorithm = key.algorithm();
        let wanted = cipher::encrypt(key, challenge).ok_or(ManagementProblem::Refused)?;
        // The empty element asks for the answer, as Part 2 has it in A.1.2; there are cards that take the proof only without it.
        let response = match self.prove_mutually(key, challenge, true) {
            Err(CardError::Status {
                status: StatusWord::WrongData,
                ..
            }) => self.prove_mutually(key, challenge, false),
            outcome => outcome,
        };
        let response = response.map_err(refused)?;
        let answer = part(response, RESPONSE, algorithm)?;
        if answer == *wanted {
            Ok(())
        } else {
            Err(MutualProblem::Card)
        }
    }

    /// Decrypts a witness and gives it back with the challenge.
    fn prove_mutually(
        &mut self,
        key: &AnyManagementKey,
        challenge: &[u8],
        asking: bool,
    ) -> Result<Response, CardError> {
        let algorithm = key.algorithm();
        let witness = self.ask(algorithm, &tlv::element(WITNESS, &[]))?;
        let witness = part(witness, WITNESS, algorithm)?;
        let witness = cipher::decrypt(key, &witness)
            .ok_or(CardError::Malformed(Instruction::GeneralAuthenticate))?;
        let mut proof = Zeroizing::new(Vec::with_capacity(2 * (2 + challenge.len()) + 2));
        tlv::write(&mut proof, WITNESS, &witness);
        tlv::write(&mut proof, CHALLENGE, challenge);
        if asking {
            tlv::write(&mut proof, RESPONSE, &[]);
        }
        self.ask(algorithm, &proof)
    }

    /// The algorithm of the card's management key: what its metadata say, else the first of which it gives a challenge. Asking that ends
    /// an authentication that held. `None` when it gives none.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn management_algorithm(&mut self) -> Result<Option<ManagementAlgorithm>, CardError> {
        let command = Command::new(Instruction::Metadata, 0, MANAGEMENT_KEY_REFERENCE, &[]);
        let response = self.exchange(&command)?;
        if response.status == StatusWord::Success
            && let Ok(Some(&[identifier])) = tlv::find(&response.data, ALGORITHM)
        {
            return Ok(ManagementAlgorithm::parse(identifier).ok());
        }
        for algorithm in ManagementAlgorithm::ALL.into_iter().rev() {
            match self.challenge(algorithm) {
                Ok(_) => return Ok(Some(algorithm)),
                Err(CardError::Status { .. } | CardError::Malformed(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Replaces the management key (AES-256; a YubiKey extension). Wants [`Host::management_response`] before.
    ///
    /// # Errors
    /// [`CardError`]; 6982 when the management key was not proven.
    pub fn set_management_key(&mut self, key: &ManagementKey) -> Result<(), CardError> {
        self.replace_management_key(ManagementKey::ALGORITHM, key.bytes())
    }

    /// Replaces the management key by one of any algorithm (a YubiKey extension). Wants the present one before.
    ///
    /// # Errors
    /// [`CardError`]; 6982 when the management key was not proven, and one that [`CardError::is_lack`] tells from a card whose
    /// management key stays what it is.
    pub fn set_any_management_key(&mut self, key: &AnyManagementKey) -> Result<(), CardError> {
        self.replace_management_key(key.algorithm(), key.bytes())
    }

    fn replace_management_key(
        &mut self,
        algorithm: ManagementAlgorithm,
        key: &[u8],
    ) -> Result<(), CardError> {
        let mut data = Zeroizing::new(Vec::with_capacity(3 + key.len()));
        data.push(algorithm.identifier());
        tlv::write(&mut data, u32::from(MANAGEMENT_KEY_REFERENCE), key);
        let mut command = Command::new(Instruction::SetManagementKey, 0xFF, 0xFF, &data);
        command.expected = None;
        self.require(&command, Instruction::SetManagementKey)
            .map(drop)
    }

    fn ask(
        &mut self,
        algorithm: ManagementAlgorithm,
        content: &[u8],
    ) -> Result<Response, CardError> {
        let command = Command::new(
            Instruction::GeneralAuthenticate,
            algorithm.identifier(),
            MANAGEMENT_KEY_REFERENCE,
            &tlv::element(TEMPLATE, content),
        );
        self.require(&command, Instruction::GeneralAuthenticate)
    }
}

/// One block out of the card's answer.
fn part(
    response: Response,
    tag: u32,
    algorithm: ManagementAlgorithm,
) -> Result<Vec<u8>, CardError> {
    let found = tlv::find(&response.data, TEMPLATE)
        .ok()
        .flatten()
        .and_then(|template| tlv::find(template, tag).ok().flatten())
        .filter(|block| block.len() == algorithm.challenge_length());
    found
        .map(<[u8]>::to_vec)
        .ok_or(CardError::Malformed(Instruction::GeneralAuthenticate))
}

fn refused(problem: CardError) -> ManagementProblem {
    match problem.status() {
        // The standard says 6982; cards in the field use the others as well, and some for a key of another algorithm.
        Some(
            StatusWord::SecurityStatusNotSatisfied
            | StatusWord::AuthenticationBlocked
            | StatusWord::ConditionsNotSatisfied
            | StatusWord::TriesLeft(_)
            | StatusWord::WrongData
            | StatusWord::WrongParameters
            | StatusWord::ReferenceNotFound,
        ) => ManagementProblem::Refused,
        _ => ManagementProblem::Card(problem),
    }
}
