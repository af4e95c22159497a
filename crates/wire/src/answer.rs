//! What the client answers to a step.

use serde::{Deserialize, Serialize};

use crate::{Bytes, Day, Octets, Slot};

/// The answer to one [`Step`](crate::Step). None of them has a place for a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Answer {
    /// To `ReadCard`.
    Card {
        /// The printed card number, digits, when the card shows it without a code.
        number: Option<String>,
        /// The serial number of the chip, when it has one to show.
        serial: Option<u32>,
        /// The card GUID of the CHUID; absent on a card without CHUID.
        guid: Option<Octets<16>>,
        /// The last day by the CHUID.
        expires_on: Option<Day>,
        /// Tries left for the code; 0 is blocked, absent when the card does not tell.
        tries_left: Option<u8>,
        /// The certificates on the card.
        certificates: Vec<CardCertificate>,
    },
    /// To `ReadCertificate`.
    Certificate {
        /// Which slot.
        slot: Slot,
        /// DER; absent when the slot is empty.
        certificate: Option<Bytes>,
    },
    /// To `AuthenticateManagement`.
    Challenge {
        /// The card's challenge, one AES block.
        challenge: Octets<16>,
    },
    /// To `AnswerManagement`: the card took the response.
    Authenticated {},
    /// To `AnswerManagement`: the card holds another management key.
    ManagementRefused {},
    /// To `ReplaceManagementKey`.
    ManagementKeyReplaced {},
    /// To `ChooseCode`: the code is set and the card holds the new unlock code.
    CodeChosen {},
    /// To `ChooseCode`: none of the candidates was the unlock code.
    UnlockCodesRefused {
        /// Tries left for the unlock code; 0 is blocked for good, absent when the card does not tell.
        tries_left: Option<u8>,
    },
    /// To `EnterCode`: the card took the code.
    CodeEntered {},
    /// To `GenerateKey`.
    Key {
        /// Where.
        slot: Slot,
        /// SubjectPublicKeyInfo, DER (RFC 5280 4.1.2.7).
        public_key: Bytes,
    },
    /// To `Attest`.
    Attestation {
        /// Whose key.
        slot: Slot,
        /// The statement, an X.509 certificate in DER; absent when the card makes none.
        certificate: Option<Bytes>,
        /// The certificate of the card's attestation key, DER; absent when the card shows none.
        attester: Option<Bytes>,
    },
    /// To `Sign`.
    Signature {
        /// The signature as X.509 carries it: DER `ECDSA-Sig-Value` (RFC 3279 2.2.3) or PKCS #1 v1.5.
        signature: Bytes,
    },
    /// To `WriteCertificate`.
    CertificateWritten {
        /// Where.
        slot: Slot,
        /// What the card holds there now, read back, DER.
        certificate: Bytes,
    },
    /// To `WriteIdentity`.
    IdentityWritten {
        /// The card GUID, read back.
        guid: Octets<16>,
    },
    /// To `WriteKeyHistory`.
    KeyHistoryWritten {},
    /// To any step: it was not carried out, and the client goes no further in this act.
    Stopped {
        /// Why.
        reason: StopReason,
    },
}

/// One certificate on the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardCertificate {
    /// Where.
    pub slot: Slot,
    /// SHA-256 of the certificate in DER.
    pub sha256: Octets<32>,
}

/// Why a step was not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopReason {
    /// The holder said no, or closed the window.
    Cancelled,
    /// No card in the reader.
    NoCard,
    /// The card went away during the step; it may have been done.
    CardRemoved,
    /// Too many wrong codes; the card must be unlocked.
    CodeBlocked,
    /// Too many wrong unlock codes; the card cannot be used again.
    UnlockCodeBlocked,
    /// The card answered in a way it should not.
    CardFault,
    /// The card in the reader is not the one that the act is about.
    OtherCard,
    /// The server asked for something this client does not do.
    NotAllowed,
}
