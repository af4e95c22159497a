//! Certification requests (PKCS #10, RFC 2986): proof that whoever asks holds the private key.
//!
//! A card signs the `CertificationRequestInfo` as it signs any message, so what is to be signed and
//! the signature travel apart; [`assemble`] joins them for tools that want one file.

use der::asn1::BitStringRef;
use der::{Decode, Reader, SliceReader, Tag};

use crate::asn1::{INTEGER, Writer, context_constructed};
use crate::key::{KeyError, PublicKey, SignatureAlgorithm};
use crate::name::DistinguishedName;

/// Larger requests are refused unread.
pub const LARGEST: usize = 16 * 1_024;

/// A request that proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// Longer than [`LARGEST`], or not DER of RFC 2986 4.
    #[error("not a well-formed certification request")]
    Malformed,
    /// A signature algorithm that is not accepted.
    #[error("the request is signed with an algorithm that is not accepted")]
    UnsupportedAlgorithm,
    /// The key is not accepted, or the signature does not verify with it.
    #[error("the request does not prove possession of its key")]
    Key(#[source] KeyError),
}

/// A request whose signature verified: the sender holds the private key of
/// [`public_key`](Self::public_key). The name is what the sender wishes, nothing more.
#[derive(Debug, Clone)]
pub struct Request {
    subject: Vec<u8>,
    public_key: PublicKey,
}

impl Request {
    /// Reads a whole DER `CertificationRequest` and verifies its signature.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn from_der(der: &[u8]) -> Result<Self, RequestError> {
        let (info, identifier, signature) = outer(der).map_err(|_| RequestError::Malformed)?;
        let algorithm = SignatureAlgorithm::from_identifier(identifier)
            .ok_or(RequestError::UnsupportedAlgorithm)?;
        let (subject, spki) = fields(info).map_err(|_| RequestError::Malformed)?;
        let public_key = PublicKey::from_der(spki).map_err(RequestError::Key)?;
        public_key
            .verify(algorithm, info, signature)
            .map_err(RequestError::Key)?;
        Ok(Self {
            subject: subject.to_vec(),
            public_key,
        })
    }

    /// The DER `Name` the sender wishes for.
    pub fn subject_der(&self) -> &[u8] {
        &self.subject
    }

    /// The key that the sender proved to hold.
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }
}

/// The DER `CertificationRequestInfo` (RFC 2986 4.1) without attributes, for the holder of the key
/// to sign.
pub fn to_be_signed(subject: &DistinguishedName, public_key: &PublicKey) -> Vec<u8> {
    Writer::build(512, |writer| {
        writer.sequence(|info| {
            info.element(INTEGER, &[0]);
            info.raw(&subject.to_der());
            info.raw(public_key.der());
            info.element(context_constructed(0), &[]);
        });
    })
}

/// Checks a signature over [`to_be_signed`] made with the algorithm that the key normally signs with
/// ([`crate::key::KeyKind::signature_algorithm`]), and returns the key it proves possession of.
///
/// # Errors
/// [`RequestError`].
pub fn verify(info: &[u8], signature: &[u8]) -> Result<PublicKey, RequestError> {
    let (_, spki) = fields(info).map_err(|_| RequestError::Malformed)?;
    let public_key = PublicKey::from_der(spki).map_err(RequestError::Key)?;
    public_key
        .verify(public_key.kind().signature_algorithm(), info, signature)
        .map_err(RequestError::Key)?;
    Ok(public_key)
}

/// Joins what was signed and its signature to a DER `CertificationRequest`.
///
/// # Errors
/// [`RequestError`] when the signature does not verify.
pub fn assemble(info: &[u8], signature: &[u8]) -> Result<Vec<u8>, RequestError> {
    let public_key = verify(info, signature)?;
    Ok(Writer::build(info.len() + 600, |writer| {
        writer.sequence(|request| {
            request.raw(info);
            request.raw(public_key.kind().signature_algorithm().identifier());
            request.bit_string(signature);
        });
    }))
}

fn outer(der: &[u8]) -> der::Result<(&[u8], &[u8], &[u8])> {
    if der.len() > LARGEST {
        return Err(der::ErrorKind::Overlength.into());
    }
    let mut reader = SliceReader::new(der)?;
    let parts = reader.sequence(|reader| {
        let info = reader.tlv_bytes()?;
        let algorithm = reader.tlv_bytes()?;
        let signature = BitStringRef::decode(reader)?
            .as_bytes()
            .ok_or_else(|| Tag::BitString.value_error())?;
        Ok::<_, der::Error>((info, algorithm, signature))
    })?;
    reader.finish()?;
    Ok(parts)
}

/// Name and SubjectPublicKeyInfo of a `CertificationRequestInfo`.
fn fields(info: &[u8]) -> der::Result<(&[u8], &[u8])> {
    if info.len() > LARGEST {
        return Err(der::ErrorKind::Overlength.into());
    }
    let mut reader = SliceReader::new(info)?;
    let fields = reader.sequence(|reader| {
        // version v1(0) is the only one (RFC 2986 4.1)
        if u8::decode(reader)? != 0 {
            return Err(Tag::Integer.value_error().into());
        }
        let subject = reader.tlv_bytes()?;
        x509_cert::name::Name::from_der(subject)?;
        let spki = reader.tlv_bytes()?;
        // Attributes, such as wished-for extensions, are not read: the profile decides.
        if !reader.is_finished() {
            reader.tlv_bytes()?;
        }
        Ok::<_, der::Error>((subject, spki))
    })?;
    reader.finish()?;
    Ok(fields)
}
