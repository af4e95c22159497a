//! What an act asks of the card on the desk, and what the desk answers. The server speaks this to the card client in the
//! messages of `wire`; an act knows nothing of them. Nothing here can carry a PIN.

use pki::key::KeyKind;

/// What the holder is told when the client opens an act about one card.
#[derive(Clone, Debug)]
pub struct Welcome {
    /// Who asks.
    pub organisation: String,
    /// For whom.
    pub holder: String,
    /// The printed number of the card that is awaited, digits.
    pub card_number: Option<String>,
    /// An earlier try was begun on the card and not finished: this one takes it up.
    pub taken_up: bool,
    /// The first thing to do.
    pub ask: Ask,
}

/// One thing to do with the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Say which card lies in the reader.
    ReadCard,
    /// Hand over the certificate in a slot.
    ReadCertificate {
        /// SP 800-73-4 part 1, table 4b: 9A, 9C, 9D or 9E.
        slot: u8,
    },
    /// Ask the card for a challenge to its management key.
    ChallengeManagement,
    /// Give the card this answer to its challenge.
    AnswerManagement {
        /// The challenge, enciphered with the card's management key.
        response: [u8; 16],
    },
    /// Give the card a new management key.
    ReplaceManagementKey {
        /// The key, sealed to the act.
        sealed: Vec<u8>,
    },
    /// Let the holder choose a code.
    ChooseCode {
        /// Unlock codes the card may hold, each sealed to the act, to be tried in this order.
        unlock_codes: Vec<Vec<u8>>,
        /// The unlock code the card holds afterwards, sealed to the act.
        new_unlock_code: Vec<u8>,
    },
    /// Let the holder enter the code.
    EnterCode,
    /// Make a key on the card.
    GenerateKey {
        /// The slot.
        slot: u8,
        /// The kind of key.
        kind: KeyKind,
    },
    /// Sign with the key in a slot.
    Sign {
        /// The slot.
        slot: u8,
        /// The kind of key in it.
        kind: KeyKind,
        /// What is signed; the desk hashes it with the hash that goes with the key.
        message: Vec<u8>,
        /// What the holder reads before signing, when the signature is the holder's own act.
        text: Option<String>,
    },
    /// Write a certificate and read it back.
    WriteCertificate {
        /// The slot.
        slot: u8,
        /// DER.
        certificate: Vec<u8>,
    },
    /// Write who the card is (CHUID): a new identifier makes Windows forget what it knew of the card.
    WriteIdentity {
        /// The card's GUID.
        guid: [u8; 16],
        /// The last day of the card.
        expires_on: model::Date,
    },
}

/// What the desk answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The card in the reader.
    Card {
        /// Its printed number, 19 digits; none when the card does not tell.
        number: Option<String>,
    },
    /// The certificate in the slot, DER, if there is one.
    Certificate(Option<Vec<u8>>),
    /// The card's challenge.
    Challenge([u8; 16]),
    /// The card accepted the answer to its challenge.
    ManagementAccepted,
    /// The card refused the answer: it holds another management key.
    ManagementRefused,
    /// The card holds the new management key.
    ManagementKeyReplaced,
    /// The holder chose a code and the unlock code is new.
    CodeChosen,
    /// None of the unlock codes was the card's.
    UnlockCodesRefused,
    /// The holder's code was right.
    CodeEntered,
    /// The new key's public half, SubjectPublicKeyInfo DER.
    Key(Vec<u8>),
    /// The signature, in the form X.509 uses (ECDSA: DER).
    Signature(Vec<u8>),
    /// The certificate as read back from the card.
    CertificateWritten(Vec<u8>),
    /// The identity is written.
    IdentityWritten,
    /// The desk gave up.
    Stopped(DeskStop),
}

/// Why the desk gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskStop {
    /// The person at the desk cancelled.
    Cancelled,
    /// The card was taken out, or there was none.
    CardRemoved,
    /// The code is blocked.
    CodeBlocked,
    /// The card did something unexpected.
    CardFault,
    /// The card in the reader is not the one that the act is about.
    OtherCard,
}

/// What comes next for the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Do this.
    Ask(Ask),
    /// Done.
    Finished,
}
