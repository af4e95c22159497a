//! The card: its contact field, its session, and which command goes where.

mod codes;
mod extensions;
mod keys;
mod management;
mod objects;
mod session;

use std::collections::BTreeMap;

use piv::{
    APPLICATION, Algorithm, Command, DataObject, Instruction, ObjectTag, Response, StatusWord,
    Transport, TransportError,
    algorithm::ManagementAlgorithm,
    apdu::CHAINING,
    object::{
        Capabilities, CertificateObject, Chuid, Discovery, KeyHistory, PrintedInformation, fasc_n,
    },
    tlv,
};
use zeroize::Zeroizing;

use crate::{
    Memory, Personalisation, Profile, SavedProblem, attestation,
    chip::{Chip, Code, Delivered, Management},
    entropy::Entropy,
    key::PrivateKey,
    saved,
};
use session::{Chain, Session};

/// The answer to reset of a plain card: T=1, no contactless marks (OpenSC takes 3B 8x 80 01 for a contactless card).
pub const ANSWER_TO_RESET: [u8; 11] = [
    0x3B, 0x95, 0x13, 0x81, 0x01, 0x80, 0x73, 0xFF, 0x01, 0x00, 0x0B,
];

/// The most bytes one command may gather by chaining: the largest object of Part 1, table 7, and its wrapping.
const LARGEST_COMMAND: usize = 16 * 1024;

/// What a command gives: data, or the status word that refuses it.
type Answer = Result<Vec<u8>, StatusWord>;

/// A PIV card. It wipes its secrets when dropped.
pub struct Card {
    chip: Chip,
    session: Session,
    entropy: Entropy,
    memory: Option<Box<dyn Memory>>,
}

impl Card {
    /// Makes a card as the producer delivers it: CHUID, CCC (with the card number), discovery, key history and printed
    /// information written, an attestation key certified (on a card that attests), no keys in the slots.
    ///
    /// `entropy` fills buffers with random bytes and belongs to the card from now on: every key and challenge comes
    /// from it.
    ///
    /// # Errors
    /// [`SavedProblem::Code`] for a number of tries outside 1 to 15, [`SavedProblem::Key`] when `entropy` is broken.
    pub fn new(
        personalisation: &Personalisation<'_>,
        entropy: impl FnMut(&mut [u8]) + Send + 'static,
    ) -> Result<Self, SavedProblem> {
        let mut entropy: Entropy = Box::new(entropy);
        let chip = personalise(personalisation, &mut *entropy)?;
        Ok(Self {
            chip,
            session: Session::default(),
            entropy,
            memory: None,
        })
    }

    /// Loads a card that [`Card::to_json`] wrote, as if it had just been powered.
    ///
    /// # Errors
    /// [`SavedProblem`] naming what is wrong with the text.
    pub fn from_json(
        text: &str,
        entropy: impl FnMut(&mut [u8]) + Send + 'static,
    ) -> Result<Self, SavedProblem> {
        Ok(Self {
            chip: saved::from_json(text)?,
            session: Session::default(),
            entropy: Box::new(entropy),
            memory: None,
        })
    }

    /// All that survives loss of power, as JSON. It holds the card's secrets: private keys, codes, management key.
    ///
    /// # Errors
    /// [`SavedProblem::Key`] when a key cannot be written, which no key this card made or loaded does.
    pub fn to_json(&self) -> Result<Zeroizing<String>, SavedProblem> {
        saved::to_json(&self.chip).ok_or(SavedProblem::Key)
    }

    /// Gives the card a memory, in which it stores every change from now on before acting on it.
    pub fn attach_memory(&mut self, memory: impl Memory + 'static) {
        self.memory = Some(Box::new(memory));
    }

    /// The card loses power: PIN and management key must be presented again, a chain under way is forgotten.
    pub fn power_off(&mut self) {
        self.session = Session::default();
    }

    /// The chip's serial number.
    #[must_use]
    pub fn serial(&self) -> u32 {
        self.chip.serial
    }

    /// What kind of card it is.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.chip.profile
    }

    /// Takes one command APDU and returns the answer with its status word. Any bytes are answered.
    pub fn transmit(&mut self, bytes: &[u8]) -> Vec<u8> {
        let response = match Command::decode(bytes) {
            Ok(command) => self.receive(command),
            Err(_) => status_alone(StatusWord::WrongLength),
        };
        response.encode()
    }

    /// Chaining and GET RESPONSE (ISO/IEC 7816-4 5.3.3 and 5.3.4), around the commands proper.
    fn receive(&mut self, command: Command) -> Response {
        match command.class {
            0 | CHAINING => {}
            class if class & 0x0C != 0 && class & 0xE0 == 0 => {
                return status_alone(StatusWord::SecureMessagingNotSupported);
            }
            class if class & 0x03 != 0 && class & 0xE0 == 0 => {
                return status_alone(StatusWord::ChannelNotSupported);
            }
            _ => return status_alone(StatusWord::ClassNotSupported),
        }
        if command.instruction == Instruction::GetResponse.byte() {
            return self.session.next_part(command.expected);
        }
        self.session.forget_rest();
        let begun = self.session.chain.take();
        if let Some(begun) = &begun
            && !begun.continues_with(&command)
        {
            // The chain is given up; what came instead is not carried out (ISO/IEC 7816-4 5.3.3).
            return status_alone(StatusWord::LastCommandExpected);
        }
        let mut chain = begun.unwrap_or_else(|| Chain::new(&command));
        if chain.data.len() + command.data.len() > LARGEST_COMMAND {
            return status_alone(StatusWord::NotEnoughMemory);
        }
        chain.data.extend_from_slice(&command.data);
        if command.class == CHAINING {
            self.session.chain = Some(chain);
            return status_alone(StatusWord::Success);
        }
        let whole = Command {
            class: 0,
            instruction: command.instruction,
            p1: command.p1,
            p2: command.p2,
            data: chain.data.to_vec(),
            expected: command.expected,
        };
        match self.carry_out(&whole) {
            Ok(data) => self.session.answer(data, whole.expected),
            Err(status) => status_alone(status),
        }
    }

    fn carry_out(&mut self, command: &Command) -> Answer {
        let known = Instruction::parse(command.instruction)
            .filter(|instruction| self.chip.profile.knows(*instruction));
        let Some(instruction) = known else {
            self.session.fresh = false;
            return Err(StatusWord::InstructionNotSupported);
        };
        // A PIN presented for one signature lasts over questions that change nothing, as hosts ask them in between
        // (which certificate, which algorithm), and no further.
        if !matches!(
            instruction,
            Instruction::GetData
                | Instruction::Metadata
                | Instruction::Verify
                | Instruction::Version
                | Instruction::Serial
                | Instruction::Select
                | Instruction::GeneralAuthenticate
        ) {
            self.session.fresh = false;
        }
        match instruction {
            Instruction::Select => select(&self.chip, command),
            Instruction::Verify => self.verify(command),
            Instruction::ChangeReferenceData => self.change_code(command),
            Instruction::ResetRetryCounter => self.unlock(command),
            Instruction::GetData => self.read_object(command),
            Instruction::PutData => self.write_object(command),
            Instruction::Generate => self.generate(command),
            Instruction::Import => self.import(command),
            Instruction::GeneralAuthenticate => self.authenticate(command),
            Instruction::Attest => self.attest(command),
            Instruction::Metadata => self.metadata(command),
            Instruction::Serial => Ok(self.chip.serial.to_be_bytes().to_vec()),
            Instruction::Version => Ok(self.chip.version.to_vec()),
            Instruction::SetManagementKey => self.set_management_key(command),
            Instruction::SetRetries => self.set_retries(command),
            Instruction::Reset => self.reset(),
            Instruction::GetResponse => Err(StatusWord::ConditionsNotSatisfied),
        }
    }

    /// Changes what survives loss of power: all of it or, when the memory fails, nothing.
    fn change(&mut self, change: impl FnOnce(&mut Chip)) -> Result<(), StatusWord> {
        let mut next = self.chip.clone();
        change(&mut next);
        if let Some(memory) = &mut self.memory {
            let state = saved::to_json(&next).ok_or(StatusWord::MemoryFailure)?;
            memory.keep(&state).map_err(|_| StatusWord::MemoryFailure)?;
        }
        self.chip = next;
        Ok(())
    }

    /// Refuses what only the holder of the management key may do.
    fn require_management(&self) -> Result<(), StatusWord> {
        if self.session.managed {
            Ok(())
        } else {
            Err(StatusWord::SecurityStatusNotSatisfied)
        }
    }
}

impl Transport for Card {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        Ok(Card::transmit(self, command))
    }
}

fn status_alone(status: StatusWord) -> Response {
    Response {
        data: Vec::new(),
        status,
    }
}

/// SELECT by name (Part 2, 3.1.1). A name that is not ours is refused and changes nothing; ours, whole or cut short on
/// the right, leaves the security status as it is.
fn select(chip: &Chip, command: &Command) -> Answer {
    if (command.p1, command.p2) != (0x04, 0x00) {
        return Err(StatusWord::WrongParameters);
    }
    if command.data.len() < 5 || !APPLICATION.starts_with(&command.data) {
        return Err(StatusWord::NotFound);
    }
    let (provider, own) = APPLICATION.split_at(5);
    // Part 2, table 3: the application property template.
    let mut template = tlv::element(0x4F, own);
    tlv::write(&mut template, 0x79, &tlv::element(0x4F, provider));
    tlv::write(&mut template, 0x50, b"PIV");
    let mut algorithms = Vec::new();
    for algorithm in Algorithm::ALL
        .into_iter()
        .filter(|algorithm| chip.has(*algorithm))
    {
        tlv::write(&mut algorithms, 0x80, &[algorithm.identifier()]);
    }
    for algorithm in ManagementAlgorithm::ALL {
        tlv::write(&mut algorithms, 0x80, &[algorithm.identifier()]);
    }
    tlv::write(&mut algorithms, 0x06, &[0]);
    tlv::write(&mut template, 0xAC, &algorithms);
    Ok(tlv::element(0x61, &template))
}

fn personalise(
    wanted: &Personalisation<'_>,
    entropy: &mut dyn FnMut(&mut [u8]),
) -> Result<Chip, SavedProblem> {
    let tries = 1..=15;
    if !tries.contains(&wanted.pin_tries) || !tries.contains(&wanted.unlock_tries) {
        return Err(SavedProblem::Code);
    }
    let mut objects = BTreeMap::new();
    let chuid = Chuid {
        fasc_n: fasc_n(0),
        guid: wanted.guid.unwrap_or_else(|| random_uuid(entropy)),
        expires_on: wanted.expires_on,
        cardholder: None,
        signature: Vec::new(),
    };
    let capabilities = Capabilities {
        identifier: Some(wanted.identifier),
    };
    let printed = PrintedInformation {
        name: wanted.name.clone(),
        affiliation: wanted.affiliation.clone(),
        expires_on: wanted.expires_on,
        card_number: wanted.number.clone(),
        issuer: wanted.issuer.clone(),
        organisation: wanted.organisation.clone(),
    };
    let history = KeyHistory::on_card(0).map_err(|_| SavedProblem::Object)?;
    put(&mut objects, &chuid);
    put(&mut objects, &capabilities);
    put(&mut objects, &Discovery::pin_alone());
    put(&mut objects, &history);
    put(&mut objects, &printed);
    let attestation_key = match wanted.profile {
        Profile::Plain => None,
        Profile::Yubikey => {
            let key = PrivateKey::generate(Algorithm::EccP256, entropy).ok_or(SavedProblem::Key)?;
            let certificate =
                attestation::certify_chip(&key, &wanted.number, wanted.manufacturer, entropy)
                    .ok_or(SavedProblem::Attestation)?;
            objects.insert(
                ObjectTag::ATTESTATION,
                CertificateObject { certificate }.encode(),
            );
            Some(key)
        }
    };
    let serial = wanted.serial.unwrap_or_else(|| {
        let mut bytes = [0; 4];
        entropy(&mut bytes);
        // Never zero, which hosts take for "no serial number".
        u32::from_be_bytes(bytes).max(1)
    });
    let pin = Code::new(*wanted.pin.padded(), wanted.pin_tries);
    let unlock_code = Code::new(*wanted.unlock_code.bytes(), wanted.unlock_tries);
    let management = Management {
        algorithm: wanted.management_key.algorithm(),
        key: Zeroizing::new(wanted.management_key.bytes().to_vec()),
    };
    let delivered = wanted.resettable.then(|| Delivered {
        pin: pin.clone(),
        unlock_code: unlock_code.clone(),
        management: management.clone(),
        objects: objects.clone(),
    });
    Ok(Chip {
        profile: wanted.profile,
        version: wanted.version,
        serial,
        pin,
        unlock_code,
        management,
        keys: BTreeMap::new(),
        objects,
        attestation_key,
        delivered,
    })
}

fn put<T: DataObject>(objects: &mut BTreeMap<ObjectTag, Vec<u8>>, object: &T) {
    objects.insert(T::TAG, object.encode());
}

/// A random UUID (RFC 4122 4.4).
fn random_uuid(entropy: &mut dyn FnMut(&mut [u8])) -> [u8; 16] {
    let mut uuid = [0; 16];
    entropy(&mut uuid);
    let [_, _, _, _, _, _, version, _, variant, ..] = &mut uuid;
    *version = (*version & 0x0F) | 0x40;
    *variant = (*variant & 0x3F) | 0x80;
    uuid
}
