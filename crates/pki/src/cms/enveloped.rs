//! EnvelopedData (RFC 5652 6.1) and AuthEnvelopedData (RFC 5083 2.1).

use std::borrow::Cow;

use aws_lc_rs::hmac;
use der::oid::ObjectIdentifier;
use zeroize::Zeroizing;

use super::BadMessage;
use super::ber::{self, Budget, Element};
use super::cipher::{self, ContentCipher};
use super::recipient::{self, Holder, PrivateOperation, Recipient};
use crate::asn1;

/// An encrypted message, read and not opened.
#[derive(Debug)]
pub struct Envelope<'a> {
    recipients: Vec<Recipient>,
    cipher: ContentCipher,
    content: Cow<'a, [u8]>,
    /// Of AuthEnvelopedData: the attributes that the tag covers, as DER, and the tag.
    authentication: Option<(Vec<u8>, Vec<u8>)>,
}

/// Why a message was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError<E> {
    /// The private operation was not done.
    #[error("the private key was not used")]
    Private(E),
    /// It is encrypted in a way that is not known here.
    #[error("the algorithm {0} is not known here")]
    UnknownAlgorithm(ObjectIdentifier),
    /// It is damaged, or was not made for this key. There is no telling which, and nothing tells.
    #[error("the message does not open with this key")]
    DoesNotOpen,
}

impl<'a> Envelope<'a> {
    pub(super) fn read(
        sequence: Element<'a>,
        authenticated: bool,
        budget: &Budget,
    ) -> Result<Self, BadMessage> {
        let mut fields = sequence.reader(budget);
        fields.expect(ber::INTEGER)?;
        // OriginatorInfo: certificates of the sender, which nothing here needs.
        fields.optional(ber::explicit(0))?;
        let recipients = recipient::read_all(fields.expect(ber::SET)?, budget)?;
        let mut info = fields.expect(ber::SEQUENCE)?.reader(budget);
        info.expect(ber::OBJECT_IDENTIFIER)?;
        let cipher = ContentCipher::read(info.expect(ber::SEQUENCE)?, budget)?;
        let content = info.next()?.ok_or(BadMessage::Malformed)?;
        if ![ber::implicit(0), ber::explicit(0)].contains(&content.tag) {
            return Err(BadMessage::Malformed);
        }
        let content = content.octets(budget)?;
        let authentication = if authenticated {
            let attributes = fields.optional(ber::explicit(1))?.map(as_set);
            Some((
                attributes.unwrap_or_default(),
                fields.octets()?.into_owned(),
            ))
        } else {
            None
        };
        Ok(Self {
            recipients,
            cipher,
            content,
            authentication,
        })
    }

    /// How many ways to the content's key the message has.
    #[must_use]
    pub fn recipients(&self) -> usize {
        self.recipients.len()
    }

    /// Whether it is encrypted for this holder.
    #[must_use]
    pub fn is_for(&self, holder: &Holder) -> bool {
        self.recipient(holder).is_some()
    }

    fn recipient(&self, holder: &Holder) -> Option<&Recipient> {
        let mut recipients = self.recipients.iter();
        recipients.find(|recipient| holder.is(&recipient.identifier))
    }

    /// Opens it with the private key of `holder`, which `private` uses once at most. `seed` is a secret of the caller's, the same
    /// for all messages: from it comes the key that replaces one with wrong padding.
    ///
    /// # Errors
    /// [`OpenError`]; `DoesNotOpen` also when it is not for this holder.
    pub fn open<E>(
        &self,
        holder: &Holder,
        seed: &[u8; 32],
        private: impl FnOnce(PrivateOperation<'_>) -> Result<Zeroizing<Vec<u8>>, E>,
    ) -> Result<Vec<u8>, OpenError<E>> {
        if let ContentCipher::Unknown(algorithm) = self.cipher {
            return Err(OpenError::UnknownAlgorithm(algorithm));
        }
        let recipient = self.recipient(holder).ok_or(OpenError::DoesNotOpen)?;
        // The same message has the same false key each time, so that asking again tells nothing either.
        let false_key = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, seed), &self.content);
        let mut instead = Zeroizing::new([0; 32]);
        for (place, octet) in instead.iter_mut().zip(false_key.as_ref()) {
            *place = *octet;
        }
        let key = recipient.content_key(self.cipher.key_length(), &instead, private)?;
        let is_gcm = matches!(self.cipher, ContentCipher::Gcm { .. });
        let (aad, tag) = match &self.authentication {
            Some((aad, tag)) if is_gcm && tag.len() == cipher::TAG_LENGTH => {
                (aad.as_slice(), tag.as_slice())
            }
            None if !is_gcm => ([].as_slice(), [].as_slice()),
            // A cipher without a tag where one is due, or the other way about.
            _ => return Err(OpenError::DoesNotOpen),
        };
        let mut sealed = Vec::with_capacity(self.content.len() + tag.len());
        sealed.extend_from_slice(&self.content);
        sealed.extend_from_slice(tag);
        self.cipher
            .open(&key, aad, sealed)
            .ok_or(OpenError::DoesNotOpen)
    }
}

/// Attributes under an IMPLICIT tag as the SET OF they are hashed as (RFC 5083 2.2, RFC 5652 5.4).
pub(super) fn as_set(attributes: Element<'_>) -> Vec<u8> {
    let mut set = asn1::header(asn1::SET, attributes.content.len());
    set.extend_from_slice(attributes.content);
    set
}
