//! General names (RFC 5280 4.2.1.6) without copies, and the syntax their texts must have.

use const_oid::ObjectIdentifier;
use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader, Tag, Tagged as _};

use crate::oids;

/// One name, still in the bytes it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GeneralName<'a> {
    /// A user principal name (Microsoft), an otherName with a UTF8String inside.
    Principal(&'a str),
    /// An otherName of any other type.
    Other(ObjectIdentifier),
    /// rfc822Name.
    Mail(&'a str),
    /// dNSName.
    Dns(&'a str),
    /// directoryName: a DER `Name`.
    Directory(&'a [u8]),
    /// uniformResourceIdentifier.
    Uri(&'a str),
    /// iPAddress: 4 or 16 octets in a name, 8 or 32 in a constraint.
    Ip(&'a [u8]),
    /// x400Address, ediPartyName and registeredID, by their tag; nobody asks what they say.
    Unread(u32),
}

impl<'a> GeneralName<'a> {
    /// Reads one element.
    pub(crate) fn read(element: AnyRef<'a>) -> der::Result<Self> {
        let Tag::ContextSpecific {
            number,
            constructed,
        } = element.tag()
        else {
            return Err(element.tag().value_error().into());
        };
        let value = element.value();
        // IA5String: seven bits.
        let text = || {
            std::str::from_utf8(value)
                .ok()
                .filter(|text| text.is_ascii())
                .ok_or_else(|| der::Error::from(Tag::Ia5String.value_error()))
        };
        Ok(match (number.value(), constructed) {
            (0, true) => Self::read_other(value)?,
            (1, false) => Self::Mail(text()?),
            (2, false) => Self::Dns(text()?),
            (4, true) => {
                check_name(value)?;
                Self::Directory(value)
            }
            (6, false) => Self::Uri(text()?),
            (7, false) => Self::Ip(value),
            (number @ (3 | 5), true) | (number @ 8, false) => Self::Unread(number),
            _ => return Err(element.tag().value_error().into()),
        })
    }

    /// The content of an `OtherName`: a type and an explicitly tagged value.
    fn read_other(bytes: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(bytes)?;
        let kind = ObjectIdentifier::decode(&mut reader)?;
        let value = AnyRef::decode(&mut reader)?;
        reader.finish()?;
        if value.tag() != explicit(0) {
            return Err(value.tag().value_error().into());
        }
        let inner = AnyRef::try_from(value.value())?;
        if kind == oids::USER_PRINCIPAL_NAME {
            return std::str::from_utf8(content(inner, Tag::Utf8String)?)
                .map(Self::Principal)
                .map_err(|_| Tag::Utf8String.value_error().into());
        }
        Ok(Self::Other(kind))
    }

    /// Whether the name is written as RFC 5280 4.2.1.6 demands of its form.
    pub(super) fn is_well_written(&self) -> bool {
        match self {
            Self::Mail(mail) => is_mailbox(mail),
            Self::Dns(name) => is_host(name.strip_prefix("*.").unwrap_or(name)),
            // Absolute: a scheme and something after it.
            Self::Uri(uri) => uri
                .split_once(':')
                .is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty()),
            Self::Ip(address) => matches!(address.len(), 4 | 16),
            Self::Principal(_) | Self::Other(_) | Self::Directory(_) | Self::Unread(_) => true,
        }
    }
}

/// An explicit (constructed) context-specific tag.
pub(super) fn explicit(number: u32) -> Tag {
    Tag::ContextSpecific {
        constructed: true,
        number: der::TagNumber(number),
    }
}

/// The elements of the content of a SEQUENCE OF or SET OF, one after the other.
pub(crate) struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Elements<'a> {
    pub(crate) fn of(content: &'a [u8]) -> Self {
        Self { rest: content }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = der::Result<AnyRef<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        match AnyRef::from_der_partial(self.rest) {
            Ok((element, rest)) => {
                self.rest = rest;
                Some(Ok(element))
            }
            Err(error) => {
                self.rest = &[];
                Some(Err(error))
            }
        }
    }
}

/// The content of one DER SEQUENCE that fills `der`.
pub(crate) fn sequence(der: &[u8]) -> der::Result<&[u8]> {
    content(AnyRef::try_from(der)?, Tag::Sequence)
}

/// The content of an element that must have `tag`.
pub(crate) fn content<'a>(element: AnyRef<'a>, tag: Tag) -> der::Result<&'a [u8]> {
    element.tag().assert_eq(tag)?;
    Ok(element.value())
}

/// Whether `der` is a `Name` (RFC 5280 4.1.2.4). Says nothing of what the values are.
pub(crate) fn check_name(der: &[u8]) -> der::Result<()> {
    for set in Elements::of(sequence(der)?) {
        let mut attributes = Elements::of(content(set?, Tag::Set)?);
        let first = attributes.next().ok_or(der::ErrorKind::Failed)??;
        check_attribute(first)?;
        if attributes.next().is_some() {
            // Rare: several attributes in one set, whose order matters (X.690 11.6).
            x509_cert::name::Name::from_der(der)?;
        }
    }
    Ok(())
}

fn check_attribute(attribute: AnyRef<'_>) -> der::Result<()> {
    let mut reader = SliceReader::new(content(attribute, Tag::Sequence)?)?;
    let _: ObjectIdentifier = Decode::decode(&mut reader)?;
    AnyRef::decode(&mut reader)?;
    reader.finish()
}

/// A host name in the preferred syntax (RFC 1034 3.5, RFC 1123 2.1); not an address in disguise.
pub(crate) fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    name.len() <= 253
        && name.split('.').all(label)
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// `local-part@host` (RFC 2821 4.1.2). Local parts in quotation marks are not taken.
pub(crate) fn is_mailbox(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && is_host(host)
            && local
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"\"(),:;<>[\\]".contains(&byte))
    })
}
