//! The holder as the client sees them: what is shown, and what is asked for.

use piv::Pin;
use wire::{Act, Slot, Step};

use crate::code_rules::{CodeProblem, CodeRules};

/// A window, a terminal or a test: shows who asks, takes codes, tells how far it is. Codes go from here to the card and
/// nowhere else.
pub trait Prompt {
    /// Shows who asks and for what; true when the holder agrees.
    fn show(&mut self, asks: &Asks) -> bool;

    /// Lets the holder choose a code, typed twice. `refused` is why the code chosen just before may not be used. Nothing
    /// when the holder cancels.
    fn choose_code(&mut self, rules: &CodeRules, refused: Option<CodeProblem>) -> Option<Pin>;

    /// Lets the holder enter the code. Nothing when the holder cancels.
    fn enter_code(&mut self, request: &CodeRequest<'_>) -> Option<Pin>;

    /// Tells the holder to enter the code on the reader's own key pad, where it goes to the card past this computer; when
    /// `request.old`, the present one and then the new one twice. True when the holder agrees.
    fn at_pad(&mut self, request: &CodeRequest<'_>) -> bool {
        let _ = request;
        true
    }

    /// Tells that a step begins or is done.
    fn progress(&mut self, step: StepName, moment: Moment);

    /// Whether the holder has cancelled while nothing was asked. Heard between two steps, where an act may stop.
    fn is_cancelled(&mut self) -> bool {
        false
    }
}

/// Who asks, for whom and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asks {
    /// Which act this is.
    pub act: Act,
    /// The organisation or service that asks.
    pub who_asks: String,
    /// The person the act is for, when known.
    pub for_whom: Option<String>,
    /// The printed number of the card that is awaited, when it must be that one.
    pub card_number: Option<String>,
    /// What it is for.
    pub purpose: String,
    /// An earlier try was begun on the card and not finished: this one takes it up where it was.
    pub taken_up: bool,
}

/// What the prompt says when it asks for the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeRequest<'a> {
    /// Tries left, when the card tells.
    pub tries_left: Option<u8>,
    /// Whether the code entered just before was wrong.
    pub wrong: bool,
    /// What the code is the signature of, to be shown in full; nothing when the code only opens the card.
    pub text: Option<&'a str>,
    /// Whether it is the code that is about to be replaced.
    pub old: bool,
}

/// Where in a step the client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It begins.
    Begun,
    /// It is done.
    Done,
}

/// What the client is doing, for the prompt to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepName {
    /// Reading which card it is.
    ReadCard,
    /// Reading the certificate of a slot.
    ReadCertificate(Slot),
    /// Showing the server that the card is there, or the card that the server is.
    AuthenticateManagement,
    /// Replacing the management key.
    ReplaceManagementKey,
    /// A new code.
    ChooseCode,
    /// The code is entered.
    EnterCode,
    /// Making a key, which takes a card seconds for RSA.
    GenerateKey(Slot),
    /// Reading the statement on a key.
    Attest(Slot),
    /// Signing.
    Sign(Slot),
    /// Writing a certificate.
    WriteCertificate(Slot),
    /// Writing which card it is.
    WriteIdentity,
    /// Writing the list of earlier decryption keys.
    WriteKeyHistory,
}

impl StepName {
    /// The name of a step.
    #[must_use]
    pub fn of(step: &Step) -> Self {
        match step {
            Step::ReadCard {} => Self::ReadCard,
            Step::ReadCertificate { slot } => Self::ReadCertificate(*slot),
            Step::AuthenticateManagement {} | Step::AnswerManagement { .. } => {
                Self::AuthenticateManagement
            }
            Step::ReplaceManagementKey { .. } => Self::ReplaceManagementKey,
            Step::ChooseCode { .. } => Self::ChooseCode,
            Step::EnterCode {} => Self::EnterCode,
            Step::GenerateKey { slot, .. } => Self::GenerateKey(*slot),
            Step::Attest { slot } => Self::Attest(*slot),
            Step::Sign { slot, .. } => Self::Sign(*slot),
            Step::WriteCertificate { slot, .. } => Self::WriteCertificate(*slot),
            Step::WriteIdentity { .. } => Self::WriteIdentity,
            Step::WriteKeyHistory { .. } => Self::WriteKeyHistory,
        }
    }

    /// A stable name, for texts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ReadCard => "read-card",
            Self::ReadCertificate(_) => "read-certificate",
            Self::AuthenticateManagement => "authenticate-management",
            Self::ReplaceManagementKey => "replace-management-key",
            Self::ChooseCode => "choose-code",
            Self::EnterCode => "enter-code",
            Self::GenerateKey(_) => "generate-key",
            Self::Attest(_) => "attest",
            Self::Sign(_) => "sign",
            Self::WriteCertificate(_) => "write-certificate",
            Self::WriteIdentity => "write-identity",
            Self::WriteKeyHistory => "write-key-history",
        }
    }
}
