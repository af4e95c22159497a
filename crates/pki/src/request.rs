//! Certification requests (PKCS #10, RFC 2986): proof that whoever asks holds the private key.
//!
//! A card signs the `CertificationRequestInfo` as it signs any message, so what is to be signed and
//! the signature travel apart; [`assemble`] joins them for tools that want one file.

use der::asn1::BitStringRef;
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged as _};
use x509_cert::ext::Extensions;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use crate::asn1::{INTEGER, Writer, context_constructed};
use crate::key::{KeyError, PublicKey, SignatureAlgorithm};
use crate::name::DistinguishedName;

/// Larger requests are refused unread.
pub const LARGEST: usize = 16 * 1_024;

/// A name that the sender of a request wishes for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WishedName {
    /// The common name of the subject.
    Common(String),
    /// The name of a host (dNSName).
    Host(String),
    /// An e-mail address (rfc822Name).
    Email(String),
    /// Any other subject alternative name: what sort it is of.
    Other(&'static str),
}

impl WishedName {
    /// The name, or what sort it is of.
    pub fn text(&self) -> &str {
        match self {
            Self::Common(text) | Self::Host(text) | Self::Email(text) => text,
            Self::Other(sort) => sort,
        }
    }
}

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
    names: Vec<WishedName>,
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
        let names = names(info).map_err(|_| RequestError::Malformed)?;
        let public_key = PublicKey::from_der(spki).map_err(RequestError::Key)?;
        public_key
            .verify(algorithm, info, signature)
            .map_err(RequestError::Key)?;
        Ok(Self {
            subject: subject.to_vec(),
            public_key,
            names,
        })
    }

    /// The DER `Name` the sender wishes for.
    pub fn subject_der(&self) -> &[u8] {
        &self.subject
    }

    /// The names the sender wishes for: common names of the subject, then the alternative names of the wished-for extensions
    /// (RFC 2985 5.4.2), each in its order.
    pub fn names(&self) -> &[WishedName] {
        &self.names
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
        // Attributes are not read here: see `names`.
        if !reader.is_finished() {
            reader.tlv_bytes()?;
        }
        Ok::<_, der::Error>((subject, spki))
    })?;
    reader.finish()?;
    Ok(fields)
}

/// The names in a `CertificationRequestInfo` that [`fields`] has read.
fn names(info: &[u8]) -> der::Result<Vec<WishedName>> {
    let mut names = Vec::new();
    let mut reader = SliceReader::new(info)?;
    reader.sequence(|reader| {
        u8::decode(reader)?;
        let subject = x509_cert::name::Name::decode(reader)?;
        for attribute in subject.iter() {
            if attribute.oid == crate::oids::COMMON_NAME {
                names.push(WishedName::Common(text(&attribute.value)?));
            }
        }
        reader.tlv_bytes()?;
        if reader.is_finished() {
            return Ok(());
        }
        let attributes = der::asn1::AnyRef::decode(reader)?;
        // attributes [0] IMPLICIT SET OF (RFC 2986 4.1); programs write sets in any order.
        attributes.header().tag().assert_eq(Tag::ContextSpecific {
            constructed: true,
            number: TagNumber(0),
        })?;
        let mut attributes = SliceReader::new(attributes.value())?;
        while !attributes.is_finished() {
            attribute(&mut attributes, &mut names)?;
        }
        Ok::<_, der::Error>(())
    })?;
    Ok(names)
}

fn attribute(reader: &mut SliceReader<'_>, names: &mut Vec<WishedName>) -> der::Result<()> {
    reader.sequence(|attribute| {
        let kind = const_oid::ObjectIdentifier::decode(attribute)?;
        let values = der::asn1::AnyRef::decode(attribute)?;
        values.header().tag().assert_eq(Tag::Set)?;
        if kind != crate::oids::EXTENSION_REQUEST {
            return Ok(());
        }
        let mut values = SliceReader::new(values.value())?;
        while !values.is_finished() {
            for extension in Extensions::decode(&mut values)? {
                if extension.extn_id == crate::oids::SUBJECT_ALT_NAME {
                    let wished = SubjectAltName::from_der(extension.extn_value.as_bytes())?;
                    names.extend(wished.0.iter().map(alternative));
                }
            }
        }
        Ok::<_, der::Error>(())
    })
}

fn alternative(name: &GeneralName) -> WishedName {
    match name {
        GeneralName::DnsName(host) => WishedName::Host(host.as_str().to_owned()),
        GeneralName::Rfc822Name(email) => WishedName::Email(email.as_str().to_owned()),
        GeneralName::IpAddress(_) => WishedName::Other("iPAddress"),
        GeneralName::UniformResourceIdentifier(_) => WishedName::Other("uniformResourceIdentifier"),
        GeneralName::DirectoryName(_) => WishedName::Other("directoryName"),
        _ => WishedName::Other("otherName"),
    }
}

/// A string of a name, of whichever type programs write.
fn text(value: &der::asn1::Any) -> der::Result<String> {
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::TeletexString => {
            std::str::from_utf8(value.value())
                .map(str::to_owned)
                .map_err(|_| value.tag().value_error())
        }
        // BMPString and UniversalString: not worth reading, and not to be mistaken for an approved name.
        _ => Ok(hex::encode(value.value())),
    }
    .map_err(der::Error::from)
}
