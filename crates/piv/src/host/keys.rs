//! Keys: making them, using them, and asking where they come from (Part 2, 3.2.4 and 3.3.2).

use aws_lc_rs::digest;
use zeroize::Zeroizing;

use super::{CardError, Host};
use crate::{Algorithm, Command, Instruction, PublicKey, Slot, StatusWord, slot::PinPolicy, tlv};

const TEMPLATE: u32 = 0x7C;
const CHALLENGE: u32 = 0x81;
const RESPONSE: u32 = 0x82;
const EXPONENTIATION: u32 = 0x85;

/// What a card says of a key it holds (a YubiKey extension).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMetadata {
    /// When the key wants the PIN.
    pub pin_policy: PinPolicy,
    /// Whether the card made the key itself (`false`: it was imported).
    pub made_on_card: bool,
    /// The public key.
    pub public_key: PublicKey,
}

/// A private key on its way into a card. It wipes itself and cannot be printed.
pub enum ImportedKey {
    /// An elliptic-curve key.
    Ecc {
        /// P-256 or P-384.
        algorithm: Algorithm,
        /// The scalar, big endian, 32 or 48 bytes.
        scalar: Zeroizing<Vec<u8>>,
    },
    /// An RSA key by its Chinese-remainder parts, big endian, each half as long as the modulus: 128, 192 or 256 bytes.
    Rsa {
        /// The primes.
        primes: [Zeroizing<Vec<u8>>; 2],
        /// The private exponent modulo each prime less one.
        exponents: [Zeroizing<Vec<u8>>; 2],
        /// The inverse of the second prime modulo the first.
        coefficient: Zeroizing<Vec<u8>>,
    },
}

impl Host<'_> {
    /// Lets the card make a key in `slot`, replacing what was there, and returns its SubjectPublicKeyInfo (DER).
    /// Wants the management key.
    ///
    /// # Errors
    /// [`CardError`]; 6982 without the management key, 6A80 when the card cannot do the algorithm.
    pub fn generate_key(&mut self, slot: Slot, algorithm: Algorithm) -> Result<Vec<u8>, CardError> {
        let data = tlv::element(0xAC, &tlv::element(0x80, &[algorithm.identifier()]));
        let command = Command::new(Instruction::Generate, 0, slot.reference(), &data);
        let response = self.require(&command, Instruction::Generate)?;
        let malformed = CardError::Malformed(Instruction::Generate);
        let Ok(Some(content)) = tlv::find(&response.data, 0x7F49) else {
            return Err(malformed);
        };
        let key = PublicKey::decode(algorithm, content).map_err(|_| malformed)?;
        Ok(key.to_spki())
    }

    /// Puts a private key into `slot` (a YubiKey extension), for encryption keys that the organisation keeps a copy
    /// of. Wants the management key.
    ///
    /// # Errors
    /// [`CardError`]; from a card that lacks the command, one that [`CardError::is_lack`] tells.
    pub fn import_key(&mut self, slot: Slot, key: &ImportedKey) -> Result<(), CardError> {
        // Five parts of at most 256 bytes: room from the start, so that no copy of the key is left behind.
        let mut data = Zeroizing::new(Vec::with_capacity(5 * (256 + 4)));
        let algorithm = match key {
            ImportedKey::Ecc { algorithm, scalar } => {
                tlv::write(&mut data, 0x06, scalar);
                *algorithm
            }
            ImportedKey::Rsa {
                primes,
                exponents,
                coefficient,
            } => {
                let parts = primes.iter().chain(exponents).chain([coefficient]);
                for (tag, part) in (0x01..).zip(parts) {
                    tlv::write(&mut data, tag, part);
                }
                let [prime, _] = primes;
                // A length that no algorithm has is the card's to refuse.
                Algorithm::rsa(2 * prime.len()).unwrap_or(Algorithm::Rsa2048)
            }
        };
        let mut command = Command::new(
            Instruction::Import,
            algorithm.identifier(),
            slot.reference(),
            &data,
        );
        command.expected = None;
        self.require(&command, Instruction::Import).map(drop)
    }

    /// What the card says of the key in `slot`; `None` when the slot is empty or the card does not tell.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn key_metadata(&mut self, slot: Slot) -> Result<Option<KeyMetadata>, CardError> {
        let command = Command::new(Instruction::Metadata, 0, slot.reference(), &[]);
        let response = self.exchange(&command)?;
        match response.status {
            StatusWord::Success if response.data.is_empty() => return Ok(None),
            StatusWord::Success => {}
            StatusWord::InstructionNotSupported
            | StatusWord::FunctionNotSupported
            | StatusWord::NotFound
            | StatusWord::ReferenceNotFound => return Ok(None),
            status => {
                return Err(CardError::Status {
                    instruction: Instruction::Metadata,
                    status,
                });
            }
        }
        parse_metadata(slot, &response.data)
            .map(Some)
            .ok_or(CardError::Malformed(Instruction::Metadata))
    }

    /// Signs `message`: hashed here (SHA-256; SHA-384 for P-384), padded here for RSA (PKCS#1 v1.5), signed on the
    /// card. The result is as X.509 holds it: DER `ECDSA-Sig-Value`, or the modulus' length for RSA.
    ///
    /// # Errors
    /// [`CardError`]; 6982 when the PIN must be presented (again).
    pub fn sign(
        &mut self,
        slot: Slot,
        algorithm: Algorithm,
        message: &[u8],
    ) -> Result<Vec<u8>, CardError> {
        let input = match algorithm {
            Algorithm::EccP256 => digest::digest(&digest::SHA256, message).as_ref().to_vec(),
            Algorithm::EccP384 => digest::digest(&digest::SHA384, message).as_ref().to_vec(),
            Algorithm::Rsa2048 | Algorithm::Rsa3072 | Algorithm::Rsa4096 => padded_digest_info(
                digest::digest(&digest::SHA256, message).as_ref(),
                algorithm.public_length(),
            ),
        };
        self.use_key(slot, algorithm, CHALLENGE, &input)
            .map(|signature| signature.to_vec())
    }

    /// The shared secret of the slot's key and a peer's point (ECDH, SP 800-56A 5.7.1.2): the x coordinate, 32 or 48
    /// bytes. `peer` is uncompressed.
    ///
    /// # Errors
    /// [`CardError`]; 6A80 when the point is not on the curve.
    pub fn agree(
        &mut self,
        slot: Slot,
        algorithm: Algorithm,
        peer: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CardError> {
        self.use_key(slot, algorithm, EXPONENTIATION, peer)
    }

    /// One RSA block raised to the private exponent, padding still on: as many bytes in as out, the modulus' length.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn decrypt_block(
        &mut self,
        slot: Slot,
        block: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CardError> {
        // A block of another length is the card's to refuse.
        let algorithm = Algorithm::rsa(block.len()).unwrap_or(Algorithm::Rsa2048);
        self.use_key(slot, algorithm, CHALLENGE, block)
    }

    /// A certificate, DER, in which the card says that it made the slot's key itself (a YubiKey extension); `None` from
    /// a card that cannot, and for a slot that is empty or holds an imported key. The key that signed it is certified
    /// by [`Host::read_attestation_certificate`].
    ///
    /// # Errors
    /// [`CardError`].
    pub fn attest(&mut self, slot: Slot) -> Result<Option<Vec<u8>>, CardError> {
        let command = Command::new(Instruction::Attest, slot.reference(), 0, &[]);
        let response = self.exchange(&command)?;
        match response.status {
            StatusWord::Success => Ok(Some(response.data.clone())),
            StatusWord::InstructionNotSupported
            | StatusWord::FunctionNotSupported
            | StatusWord::NotFound
            | StatusWord::ReferenceNotFound
            | StatusWord::WrongData
            | StatusWord::ConditionsNotSatisfied => Ok(None),
            status => Err(CardError::Status {
                instruction: Instruction::Attest,
                status,
            }),
        }
    }

    fn use_key(
        &mut self,
        slot: Slot,
        algorithm: Algorithm,
        purpose: u32,
        input: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CardError> {
        let mut content = Vec::with_capacity(input.len() + 8);
        tlv::write(&mut content, RESPONSE, &[]);
        tlv::write(&mut content, purpose, input);
        let command = Command::new(
            Instruction::GeneralAuthenticate,
            algorithm.identifier(),
            slot.reference(),
            &tlv::element(TEMPLATE, &content),
        );
        let response = self.require(&command, Instruction::GeneralAuthenticate)?;
        let malformed = CardError::Malformed(Instruction::GeneralAuthenticate);
        let Ok(Some(template)) = tlv::find(&response.data, TEMPLATE) else {
            return Err(malformed);
        };
        match tlv::find(template, RESPONSE) {
            Ok(Some(result)) if !result.is_empty() => Ok(Zeroizing::new(result.to_vec())),
            _ => Err(malformed),
        }
    }
}

/// EMSA-PKCS1-v1_5 for SHA-256 and a modulus of so many bytes (RFC 8017 9.2).
fn padded_digest_info(hash: &[u8], modulus: usize) -> Vec<u8> {
    const DIGEST_INFO: [u8; 19] = [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];
    let filling = modulus.saturating_sub(3 + DIGEST_INFO.len() + hash.len());
    let mut block = vec![0x00, 0x01];
    block.resize(2 + filling, 0xFF);
    block.push(0x00);
    block.extend(DIGEST_INFO);
    block.extend_from_slice(hash);
    block
}

fn parse_metadata(slot: Slot, data: &[u8]) -> Option<KeyMetadata> {
    let element = |tag| tlv::find(data, tag).ok().flatten();
    let &[algorithm] = element(0x01)? else {
        return None;
    };
    let pin_policy = match element(0x02)? {
        [0, ..] => slot.pin_policy(),
        [1, ..] => PinPolicy::Never,
        [2, ..] => PinPolicy::Once,
        [3, ..] => PinPolicy::Always,
        _ => return None,
    };
    let algorithm = Algorithm::parse(algorithm).ok()?;
    Some(KeyMetadata {
        pin_policy,
        made_on_card: element(0x03)? == [1],
        public_key: PublicKey::decode(algorithm, element(0x04)?).ok()?,
    })
}
