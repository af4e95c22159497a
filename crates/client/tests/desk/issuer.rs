//! The server's part of an activation, with what a server remembers of a card between two acts.

use piv::ManagementKey;
use pki::key::{PublicKey, SignatureAlgorithm};
use wire::{Algorithm, Answer, Bytes, Day, Next, Octets, Slot, Step};

use crate::world::{
    NEW_KEY, NEW_UNLOCK, Plan, TRANSPORT_KEY, TRANSPORT_UNLOCK, der, finished, sealed,
};

pub const GUID: [u8; 16] = [0x61; 16];
pub const RECEIPT: &[u8] = b"eyJhbGciOiJFUzI1NiJ9.eyJrdml0dGVucyI6MX0";
pub const RECEIPT_TEXT: &str = "Jag har tagit emot kortet.";

/// Remembers what may be on the card: before a value is sent it is written down, so after a tear both are tried.
pub struct Issuer {
    keys: Vec<[u8; 32]>,
    tried: usize,
    step: Option<Step>,
    public_key: Option<PublicKey>,
    challenge: [u8; 16],
    pub receipts: usize,
}

impl Issuer {
    pub fn new() -> Self {
        Self {
            keys: vec![TRANSPORT_KEY],
            tried: 0,
            step: None,
            public_key: None,
            challenge: [0; 16],
            receipts: 0,
        }
    }

    /// A certificate request's content: SEQUENCE, version 0, and something that changes with the key.
    fn request(&self) -> Vec<u8> {
        vec![0x30, 0x06, 0x02, 0x01, 0x00, 0x04, 0x01, 0x07]
    }

    fn sign(message: &[u8], text: Option<&str>) -> Step {
        Step::Sign {
            slot: Slot::LOGIN,
            algorithm: Algorithm::EccP256,
            message: Bytes(message.to_vec()),
            text: text.map(str::to_owned),
        }
    }

    fn verified(&self, message: &[u8], signature: &Bytes) {
        let key = self.public_key.as_ref().unwrap();
        key.verify(
            SignatureAlgorithm::EcdsaSha256,
            message,
            signature.as_slice(),
        )
        .unwrap();
    }

    fn step_after(&mut self, act_key: &[u8], answer: &Answer) -> Option<Step> {
        Some(match answer {
            Answer::Card { .. } => {
                self.tried = 0;
                Step::AuthenticateManagement {}
            }
            Answer::Challenge { challenge } => {
                self.challenge = challenge.0;
                let key = ManagementKey::new(*self.keys.get(self.tried).unwrap());
                Step::AnswerManagement {
                    response: Octets(vcard::answer_challenge(&key, &self.challenge)),
                }
            }
            Answer::ManagementRefused {} => {
                self.tried += 1;
                Step::AuthenticateManagement {}
            }
            Answer::Authenticated {} => {
                self.keys = vec![NEW_KEY, TRANSPORT_KEY];
                Step::ReplaceManagementKey {
                    sealed: sealed(act_key, &NEW_KEY),
                }
            }
            Answer::ManagementKeyReplaced {} => {
                self.keys = vec![NEW_KEY];
                Step::ChooseCode {
                    unlock_codes: vec![
                        sealed(act_key, &TRANSPORT_UNLOCK),
                        sealed(act_key, &NEW_UNLOCK),
                    ],
                    new_unlock_code: sealed(act_key, &NEW_UNLOCK),
                    minimum: 6,
                    maximum: 8,
                }
            }
            Answer::CodeChosen {} => Step::GenerateKey {
                slot: Slot::LOGIN,
                algorithm: Algorithm::EccP256,
            },
            Answer::Key { public_key, .. } => {
                self.public_key = Some(PublicKey::from_der(public_key.as_slice()).unwrap());
                Self::sign(&self.request(), None)
            }
            Answer::Signature { signature } => match &self.step {
                Some(Step::Sign { text: None, .. }) => {
                    self.verified(&self.request(), signature);
                    Step::WriteCertificate {
                        slot: Slot::LOGIN,
                        certificate: Bytes(der(1_100)),
                    }
                }
                _ => {
                    self.verified(RECEIPT, signature);
                    self.receipts += 1;
                    return None;
                }
            },
            Answer::CertificateWritten { certificate, .. } => {
                assert_eq!(certificate.as_slice(), der(1_100));
                Step::WriteIdentity {
                    guid: Octets(GUID),
                    expires_on: Day::new(2031, 11, 23).unwrap(),
                }
            }
            Answer::IdentityWritten { guid } => {
                assert_eq!(guid.0, GUID);
                Self::sign(RECEIPT, Some(RECEIPT_TEXT))
            }
            Answer::Stopped { .. } => return None,
            other => panic!("nothing was asked that {other:?} answers"),
        })
    }
}

impl Plan for Issuer {
    fn next(&mut self, act_key: &[u8], answer: Option<&Answer>) -> Next {
        let step = match answer {
            None => Some(Step::ReadCard {}),
            Some(answer) => self.step_after(act_key, answer),
        };
        match step {
            None => finished(),
            Some(step) => {
                self.step = Some(step.clone());
                Next::Step(step)
            }
        }
    }
}
