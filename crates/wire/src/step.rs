//! The steps a server may ask for.

use serde::{Deserialize, Serialize};

use crate::{Algorithm, Bytes, Day, Octets, Slot};

/// One thing to do with the card. Each is answered by one [`Answer`](crate::Answer); any of them by
/// [`Answer::Stopped`](crate::Answer::Stopped).
///
/// Variants without content are written with braces: serde checks unknown fields of internally tagged variants only there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// Say which card it is and what it holds. Answer: `Card`.
    ReadCard {},
    /// Read the certificate of a slot. Answer: `Certificate`.
    ReadCertificate {
        /// Which slot.
        slot: Slot,
    },
    /// Ask the card for a challenge to the card management key 9B. Answer: `Challenge`.
    AuthenticateManagement {},
    /// Give the card the response to that challenge. Answer: `Authenticated` or `ManagementRefused`.
    AnswerManagement {
        /// The challenge encrypted under the management key, AES-256, one block.
        response: Octets<16>,
    },
    /// Replace the card management key; needs `Authenticated` before. Answer: `ManagementKeyReplaced`.
    ReplaceManagementKey {
        /// The new key, 32 bytes (AES-256), sealed to the act key.
        sealed: Bytes,
    },
    /// Let the holder choose a new code, set it with the unlock code, and replace the unlock code.
    /// Answer: `CodeChosen` or `UnlockCodesRefused`.
    ///
    /// A wrong candidate costs one try of the unlock code, a right one gives all tries back: send the likelier first, and
    /// never more candidates than tries.
    ChooseCode {
        /// What the unlock code may be, each 8 bytes sealed to the act key, tried in order: a card torn out half-way may
        /// already hold the later one.
        unlock_codes: Vec<Bytes>,
        /// The unlock code to leave on the card, 8 bytes sealed to the act key.
        new_unlock_code: Bytes,
        /// Fewest digits of the code; the client goes no lower than 6.
        minimum: u8,
        /// Most digits of the code; the client goes no higher than 8.
        maximum: u8,
    },
    /// Let the holder enter the code and verify it on the card. Answer: `CodeEntered`.
    EnterCode {},
    /// Make a key pair on the card; needs `Authenticated` before. Answer: `Key`.
    GenerateKey {
        /// Where.
        slot: Slot,
        /// Which kind.
        algorithm: Algorithm,
    },
    /// Read the card's own statement that a key was made on it. Answer: `Attestation`.
    Attest {
        /// Whose key.
        slot: Slot,
    },
    /// Sign a message with the card. Answer: `Signature`.
    Sign {
        /// With which key; not one of 82 to 95. Without `text`, 9C signs nothing but proofs of possession with a code
        /// entered earlier.
        slot: Slot,
        /// The kind of that key; decides the digest.
        algorithm: Algorithm,
        /// What is signed, before hashing: text in UTF-8 without control characters other than line feed, or a DER
        /// `CertificationRequestInfo`. The client refuses anything else, so that a signature of a TLS handshake cannot be had this way.
        message: Bytes,
        /// What the holder signs, in plain words. When given, it is shown and the code asked for, even if it was entered
        /// before in this act.
        text: Option<String>,
    },
    /// Write a certificate to the card and read it back; needs `Authenticated` before. Answer: `CertificateWritten`.
    WriteCertificate {
        /// Where.
        slot: Slot,
        /// The certificate, DER.
        certificate: Bytes,
    },
    /// Write the card holder unique identifier (SP 800-73-4 part 1, 3.1.2); needs `Authenticated` before.
    /// Answer: `IdentityWritten`.
    WriteIdentity {
        /// The new card GUID; a new one whenever certificates changed, since Windows caches by it.
        guid: Octets<16>,
        /// When the card ends.
        expires_on: Day,
    },
    /// Write the Key History object (SP 800-73-4 part 1, 3.3.3); needs `Authenticated` before. Answer: `KeyHistoryWritten`.
    WriteKeyHistory {
        /// How many earlier decryption keys have their certificate on the card, in 82 and up; 0 to 20.
        on_card: u8,
    },
}
