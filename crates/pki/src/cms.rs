//! CMS messages (RFC 5652, RFC 5083) as S/MIME sends them: what is encrypted is opened, what is signed is checked.
//!
//! The one step that wants the private key is handed to the caller ([`PrivateOperation`]), so that the key can be on a card. Messages
//! come from anybody: they are BER (streamed, of indefinite length), they are read within a budget of elements and a depth, and
//! nothing in the answer tells how a message failed to open. A key that does not come out of its RSA padding is replaced by one
//! that fits nothing (RFC 3218 2.3.2), so that bad padding and bad content are one and the same failure.

mod ber;
mod cipher;
mod enveloped;
mod recipient;
mod rsa_padding;
mod signed;

use der::oid::ObjectIdentifier;

pub use enveloped::{Envelope, OpenError};
pub use recipient::{Holder, PrivateOperation};
pub use signed::{SignatureVerdict, Signed, Signer};

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const ENVELOPED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.3");
const AUTH_ENVELOPED_DATA: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.23");

/// A CMS message that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadMessage {
    /// It is not BER, is cut short, or is not what RFC 5652 says it is.
    #[error("the CMS message is malformed")]
    Malformed,
    /// It is nested more deeply, or has more elements, than any mail program makes.
    #[error("the CMS message is more work than any mail program makes")]
    TooMuchWork,
    /// It is a message of a type that is neither encrypted nor signed.
    #[error("the CMS content type {0} is not known here")]
    UnknownType(ObjectIdentifier),
}

/// A CMS message, read.
#[derive(Debug)]
pub enum Message<'a> {
    /// Encrypted: EnvelopedData or AuthEnvelopedData.
    Enveloped(Envelope<'a>),
    /// Signed: SignedData.
    Signed(Signed<'a>),
}

impl<'a> Message<'a> {
    /// Reads a ContentInfo (RFC 5652 3), BER. The memory used is a few times the length of `bytes`, which the caller bounds.
    ///
    /// # Errors
    /// [`BadMessage`].
    pub fn read(bytes: &'a [u8]) -> Result<Self, BadMessage> {
        let budget = ber::Budget::new();
        let mut outer = ber::Reader::new(bytes, &budget);
        let mut info = outer.expect(ber::SEQUENCE)?.reader(&budget);
        let kind = info.expect(ber::OBJECT_IDENTIFIER)?.oid()?;
        if ![SIGNED_DATA, ENVELOPED_DATA, AUTH_ENVELOPED_DATA].contains(&kind) {
            return Err(BadMessage::UnknownType(kind));
        }
        let mut explicit = info.expect(ber::explicit(0))?.reader(&budget);
        let content = explicit.expect(ber::SEQUENCE)?;
        match kind {
            SIGNED_DATA => Signed::read(content, &budget).map(Self::Signed),
            _ => Envelope::read(content, kind == AUTH_ENVELOPED_DATA, &budget).map(Self::Enveloped),
        }
    }
}
