//! Between what an act asks of the desk and the messages of `wire`: the same thing in two vocabularies, no rule in between.

use flows::desk::{Ask, DeskStop, Reply};
use pki::key::KeyKind;
use wire::{Algorithm, Answer, Bytes, Day, Octets, Slot, Step, StopReason};

/// Codes are six to eight digits (seed: "valfri kod, 6-8 siffror").
const CODE_DIGITS: (u8, u8) = (6, 8);

fn algorithm(kind: KeyKind) -> Option<Algorithm> {
    match kind {
        KeyKind::P256 => Some(Algorithm::EccP256),
        KeyKind::P384 => Some(Algorithm::EccP384),
        KeyKind::Rsa2048 => Some(Algorithm::Rsa2048),
        KeyKind::Rsa3072 | KeyKind::Rsa4096 => None,
    }
}

/// The step for an ask; nothing when the card client has no such key or slot.
pub(super) fn step(ask: Ask) -> Option<Step> {
    Some(match ask {
        Ask::ReadCard => Step::ReadCard {},
        Ask::ReadCertificate { slot } => Step::ReadCertificate {
            slot: Slot::new(slot).ok()?,
        },
        Ask::ChallengeManagement => Step::AuthenticateManagement {},
        Ask::AnswerManagement { response } => Step::AnswerManagement {
            response: Octets(response),
        },
        Ask::ReplaceManagementKey { sealed } => Step::ReplaceManagementKey {
            sealed: Bytes(sealed),
        },
        Ask::ChooseCode {
            unlock_codes,
            new_unlock_code,
        } => Step::ChooseCode {
            unlock_codes: unlock_codes.into_iter().map(Bytes).collect(),
            new_unlock_code: Bytes(new_unlock_code),
            minimum: CODE_DIGITS.0,
            maximum: CODE_DIGITS.1,
        },
        Ask::EnterCode => Step::EnterCode {},
        Ask::GenerateKey { slot, kind } => Step::GenerateKey {
            slot: Slot::new(slot).ok()?,
            algorithm: algorithm(kind)?,
        },
        Ask::Sign {
            slot,
            kind,
            message,
            text,
        } => Step::Sign {
            slot: Slot::new(slot).ok()?,
            algorithm: algorithm(kind)?,
            message: Bytes(message),
            text,
        },
        Ask::WriteCertificate { slot, certificate } => Step::WriteCertificate {
            slot: Slot::new(slot).ok()?,
            certificate: Bytes(certificate),
        },
        Ask::WriteIdentity { guid, expires_on } => Step::WriteIdentity {
            guid: Octets(guid),
            expires_on: Day::parse(&expires_on.to_string()).ok()?,
        },
    })
}

/// The reply for an answer; nothing when no act asks for such an answer.
pub(super) fn reply(answer: Answer) -> Option<Reply> {
    Some(match answer {
        Answer::Card { number, .. } => Reply::Card { number },
        Answer::Certificate { certificate, .. } => Reply::Certificate(certificate.map(Vec::from)),
        Answer::Challenge { challenge } => Reply::Challenge(challenge.0),
        Answer::Authenticated {} => Reply::ManagementAccepted,
        Answer::ManagementRefused {} => Reply::ManagementRefused,
        Answer::ManagementKeyReplaced {} => Reply::ManagementKeyReplaced,
        Answer::CodeChosen {} => Reply::CodeChosen,
        Answer::UnlockCodesRefused { .. } => Reply::UnlockCodesRefused,
        Answer::CodeEntered {} => Reply::CodeEntered,
        Answer::Key { public_key, .. } => Reply::Key(public_key.into()),
        Answer::Signature { signature } => Reply::Signature(signature.into()),
        Answer::CertificateWritten { certificate, .. } => {
            Reply::CertificateWritten(certificate.into())
        }
        Answer::IdentityWritten { .. } => Reply::IdentityWritten,
        Answer::Stopped { reason } => Reply::Stopped(match reason {
            StopReason::Cancelled => DeskStop::Cancelled,
            StopReason::NoCard | StopReason::CardRemoved => DeskStop::CardRemoved,
            StopReason::CodeBlocked => DeskStop::CodeBlocked,
            StopReason::OtherCard => DeskStop::OtherCard,
            StopReason::UnlockCodeBlocked | StopReason::CardFault | StopReason::NotAllowed => {
                DeskStop::CardFault
            }
        }),
        Answer::Attestation { .. } | Answer::KeyHistoryWritten {} => return None,
    })
}
