//! The card's encryption keys, present and earlier: which messages they are for, and their one operation.

use piv::{Algorithm, CardError, Host, Pin, PinProblem, Slot, StatusWord, Transport};
use pki::certificate::Certificate;
use pki::cms::{Envelope, Holder, OpenError, PrivateOperation};
use pki::key::KeyKind;
use wire::StopReason;
use zeroize::Zeroizing;

use super::{NotSaved, Reason};
use crate::Prompt;
use crate::step::ask_holder;
use crate::stopped::Stop;

/// RSA-2048, the one length of RSA that a card of SP 800-78-4 has.
const RSA_BLOCK: usize = 256;

/// The keys in 9D and 82 to 95 that have a certificate on the card.
pub(super) struct CardKeys<'a> {
    card: Host<'a>,
    prompt: &'a mut dyn Prompt,
    keys: Vec<Key>,
    /// Kept for this run, in case the card asks for it before each use.
    code: Option<Pin>,
    /// Whether it was asked for. One from the reader's key pad is known to nobody here.
    asked: bool,
    seed: [u8; 32],
}

#[derive(Clone)]
struct Key {
    slot: Slot,
    algorithm: Algorithm,
    holder: Holder,
}

/// Why the card did not give what was asked.
enum Refusal {
    /// This message is nothing for it; the next may be.
    ThisOne,
    /// It cannot go on.
    Stop(Stop),
}

impl<'a> CardKeys<'a> {
    /// Reads which keys there are. The code is not asked for yet.
    pub(super) fn read(
        transport: &'a mut dyn Transport,
        prompt: &'a mut dyn Prompt,
        seed: [u8; 32],
    ) -> Result<Self, NotSaved> {
        let mut card = Host::new(transport);
        card.select().map_err(Stop::from)?;
        let mut keys = Vec::new();
        let slots = Slot::all().filter(|slot| *slot == Slot::ENCRYPTION || slot.is_retired());
        for slot in slots {
            let certificate = match card.read_certificate(slot) {
                Ok(certificate) => certificate,
                // One that is there and cannot be read hides no other.
                Err(CardError::Status { .. } | CardError::Object(_) | CardError::Malformed(_)) => {
                    None
                }
                Err(error) => return Err(Stop::from(error).into()),
            };
            let certificate = certificate.and_then(|der| Certificate::from_der(&der).ok());
            keys.extend(certificate.and_then(|certificate| Key::of(slot, certificate)));
        }
        if keys.is_empty() {
            return Err(NotSaved::NoKey);
        }
        Ok(Self {
            card,
            prompt,
            keys,
            code: None,
            asked: false,
            seed,
        })
    }

    /// Opens a message with the first key it is for. The reason is why it does not open; the error stops everything.
    pub(super) fn open(
        &mut self,
        envelope: &Envelope<'_>,
    ) -> Result<Result<Vec<u8>, Reason>, NotSaved> {
        let mut keys = self.keys.iter();
        let Some(key) = keys.find(|key| envelope.is_for(&key.holder)).cloned() else {
            return Ok(Err(Reason::OtherRecipient));
        };
        let seed = self.seed;
        let opened = envelope.open(&key.holder, &seed, |operation| {
            self.use_key(&key, operation)
        });
        match opened {
            Ok(content) => Ok(Ok(content)),
            Err(OpenError::DoesNotOpen | OpenError::Private(Refusal::ThisOne)) => {
                Ok(Err(Reason::Damaged))
            }
            Err(OpenError::UnknownAlgorithm(algorithm)) => Ok(Err(Reason::algorithm(algorithm))),
            Err(OpenError::Private(Refusal::Stop(stop))) => Err(stop.into()),
        }
    }

    /// Lets the card forget that the code was entered.
    pub(super) fn close(&mut self) -> Result<(), NotSaved> {
        self.code = None;
        if !std::mem::take(&mut self.asked) {
            return Ok(());
        }
        match self.card.forget_pin() {
            // A card may lack this form of VERIFY; then it forgets when it leaves the reader. One that left has forgotten.
            Ok(()) | Err(CardError::Status { .. } | CardError::Transport(_)) => Ok(()),
            Err(error) => Err(Stop::from(error).into()),
        }
    }

    fn use_key(
        &mut self,
        key: &Key,
        operation: PrivateOperation<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let input = key.input(operation).ok_or(Refusal::ThisOne)?;
        if !self.asked {
            self.code = ask_holder(&mut self.card, self.prompt, None).map_err(Refusal::Stop)?;
            self.asked = true;
        }
        let mut answer = self.ask(key, &input);
        if is_unauthorised(&answer) {
            self.present_again().map_err(Refusal::Stop)?;
            answer = self.ask(key, &input);
        }
        match answer {
            Ok(answer) => Ok(answer),
            Err(CardError::Status {
                status: StatusWord::WrongData | StatusWord::NoDiagnosis | StatusWord::WrongLength,
                ..
            }) => Err(Refusal::ThisOne),
            // A certificate without its key.
            Err(CardError::Status {
                status:
                    StatusWord::ReferenceNotFound
                    | StatusWord::NotFound
                    | StatusWord::ConditionsNotSatisfied,
                ..
            }) => Err(Refusal::ThisOne),
            Err(error) => Err(Refusal::Stop(error.into())),
        }
    }

    fn ask(&mut self, key: &Key, input: &[u8]) -> Result<Zeroizing<Vec<u8>>, CardError> {
        match key.algorithm {
            Algorithm::Rsa2048 => self.card.decrypt_block(key.slot, input),
            curve => self.card.agree(key.slot, curve, input),
        }
    }

    /// Some cards want the code before each use of a key. It was right a moment ago; a code that is wrong now is not tried twice. One
    /// from the reader's key pad is asked for there again.
    fn present_again(&mut self) -> Result<(), Stop> {
        let Some(code) = self.code.take() else {
            self.code = ask_holder(&mut self.card, self.prompt, None)?;
            return Ok(());
        };
        match self.card.verify_pin(&code) {
            Ok(()) => {
                self.code = Some(code);
                Ok(())
            }
            Err(PinProblem::Wrong { .. }) => Err(StopReason::CardFault.into()),
            Err(PinProblem::Blocked) => Err(StopReason::CodeBlocked.into()),
            Err(PinProblem::Card(error)) => Err(error.into()),
        }
    }
}

impl Key {
    fn of(slot: Slot, certificate: Certificate) -> Option<Self> {
        let algorithm = match certificate.public_key().kind() {
            KeyKind::Rsa2048 => Algorithm::Rsa2048,
            KeyKind::P256 => Algorithm::EccP256,
            KeyKind::P384 => Algorithm::EccP384,
            KeyKind::Rsa3072 | KeyKind::Rsa4096 => return None,
        };
        Some(Self {
            slot,
            algorithm,
            holder: Holder::new(certificate),
        })
    }

    /// What goes to the card: a block as long as the modulus, or an uncompressed point as long as the curve wants. Nothing for a
    /// message that names this key and means another kind.
    fn input(&self, operation: PrivateOperation<'_>) -> Option<Vec<u8>> {
        match (operation, self.algorithm) {
            (PrivateOperation::Rsa(block), Algorithm::Rsa2048) => {
                let mut padded = vec![0; RSA_BLOCK.checked_sub(block.len())?];
                padded.extend_from_slice(block);
                Some(padded)
            }
            (PrivateOperation::Agree(point), curve @ (Algorithm::EccP256 | Algorithm::EccP384)) => {
                let is_point = point.first() == Some(&4) && point.len() == curve.public_length();
                is_point.then(|| point.to_vec())
            }
            _ => None,
        }
    }
}

fn is_unauthorised(answer: &Result<Zeroizing<Vec<u8>>, CardError>) -> bool {
    matches!(
        answer,
        Err(CardError::Status {
            status: StatusWord::SecurityStatusNotSatisfied,
            ..
        })
    )
}
