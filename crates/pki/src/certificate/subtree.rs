//! Name constraints (RFC 5280 4.2.1.10), read and well written.

use const_oid::ObjectIdentifier;
use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader, Tag, Tagged as _};

use super::general_name::{Elements, GeneralName, explicit, is_host, is_mailbox, sequence};

/// More subtrees than this on one side, and the certificate is refused as too large.
const MOST_SUBTREES: usize = 1_024;

/// The subtrees that an authority's certificates must lie in, and those they must not.
#[derive(Debug, Default)]
pub(crate) struct NameConstraints {
    pub(crate) permitted: Vec<Subtree>,
    pub(crate) excluded: Vec<Subtree>,
}

/// One subtree of names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Subtree {
    /// One mailbox.
    Mailbox(String),
    /// All mailboxes on one host.
    MailHost(String),
    /// All mailboxes on any host below a domain (written with a leading dot, kept without).
    MailDomain(String),
    /// A host name and everything below it; empty for every name.
    Dns(String),
    /// Names that begin with this DER `Name`.
    Directory(Vec<u8>),
    /// Addresses on one host.
    UriHost(String),
    /// Addresses on any host below a domain (written with a leading dot, kept without).
    UriDomain(String),
    /// Addresses of 4 or 16 octets that agree with this one under the mask.
    Ip {
        /// The network.
        address: Vec<u8>,
        /// Ones where addresses must agree.
        mask: Vec<u8>,
    },
    /// User principal names of a domain (written with `@` or bare), or of all below it (written with
    /// a leading dot).
    Principal {
        /// The domain, bare.
        domain: String,
        /// Whether the domain itself is left out.
        below: bool,
    },
    /// Another type of otherName, which nobody here can compare.
    Other(ObjectIdentifier),
    /// x400Address, ediPartyName and registeredID, by their tag.
    Unread(u32),
}

impl NameConstraints {
    /// Reads the extension's value: nothing when it is readable but not as the profile wants it.
    pub(super) fn read(der: &[u8]) -> der::Result<Option<Self>> {
        let mut constraints = Self::default();
        let mut well_written = true;
        let mut seen = 0;
        for element in Elements::of(sequence(der)?) {
            let element = element?;
            let list = match (element.tag(), seen) {
                (tag, 0) if tag == explicit(0) => &mut constraints.permitted,
                (tag, 0 | 1) if tag == explicit(1) => &mut constraints.excluded,
                _ => return Ok(None),
            };
            seen = if element.tag() == explicit(0) { 1 } else { 2 };
            for subtree in Elements::of(element.value()) {
                if list.len() == MOST_SUBTREES {
                    return Err(der::ErrorKind::Overlength.into());
                }
                match Subtree::read(subtree?)? {
                    Some(subtree) => list.push(subtree),
                    None => well_written = false,
                }
            }
            well_written &= !list.is_empty();
        }
        Ok((well_written && seen > 0).then_some(constraints))
    }
}

impl Subtree {
    /// A `GeneralSubtree`; nothing when it is not as the profile wants it.
    fn read(element: AnyRef<'_>) -> der::Result<Option<Self>> {
        element.tag().assert_eq(Tag::Sequence)?;
        let mut reader = SliceReader::new(element.value())?;
        let base = GeneralName::read(AnyRef::decode(&mut reader)?)?;
        // minimum is 0 and left out, maximum absent: anything else is not processed by anybody.
        Ok(if reader.is_finished() {
            Self::of(base)
        } else {
            None
        })
    }

    fn of(base: GeneralName<'_>) -> Option<Self> {
        let host = |text: &str| is_host(text).then(|| text.to_owned());
        match base {
            GeneralName::Mail(text) => match text.strip_prefix('.') {
                Some(domain) => host(domain).map(Self::MailDomain),
                None if text.contains('@') => {
                    is_mailbox(text).then(|| Self::Mailbox(text.to_owned()))
                }
                None => host(text).map(Self::MailHost),
            },
            GeneralName::Dns("") => Some(Self::Dns(String::new())),
            GeneralName::Dns(text) => host(text).map(Self::Dns),
            GeneralName::Uri(text) => match text.strip_prefix('.') {
                Some(domain) => host(domain).map(Self::UriDomain),
                None => host(text).map(Self::UriHost),
            },
            GeneralName::Ip(octets) => Self::network(octets),
            GeneralName::Principal(text) => {
                let below = text.starts_with('.');
                host(text.strip_prefix(['@', '.']).unwrap_or(text))
                    .map(|domain| Self::Principal { domain, below })
            }
            GeneralName::Directory(name) => Some(Self::Directory(name.to_vec())),
            GeneralName::Other(kind) => Some(Self::Other(kind)),
            GeneralName::Unread(number) => Some(Self::Unread(number)),
        }
    }

    /// Address and mask, the ones of the mask before its zeros (RFC 4632 3.1).
    fn network(octets: &[u8]) -> Option<Self> {
        if !matches!(octets.len(), 8 | 32) {
            return None;
        }
        let (address, mask) = octets.split_at_checked(octets.len() / 2)?;
        let ones = mask.iter().map(|octet| octet.count_ones()).sum::<u32>();
        let leading = mask
            .iter()
            .scan(true, |whole, octet| {
                let ones = if *whole { octet.leading_ones() } else { 0 };
                *whole &= ones == 8;
                Some(ones)
            })
            .sum::<u32>();
        (ones == leading).then(|| Self::Ip {
            address: address.to_vec(),
            mask: mask.to_vec(),
        })
    }
}
