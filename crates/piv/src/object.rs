//! The data objects of a PIV card (Part 1, chapter 3 and appendix A): parsed into types that cannot be wrong, and
//! written the way the standard says, so that Windows, macOS and OpenSC read them as well.

mod capabilities;
mod certificate;
mod chuid;
mod discovery;
mod face;
mod key_history;
mod printed;
mod security;

use std::fmt;

pub use capabilities::{BadCardNumber, Capabilities, CardIdentifier};
pub use certificate::CertificateObject;
pub use chuid::{Chuid, fasc_n};
pub use discovery::Discovery;
pub use face::{FaceImage, FaceRecord};
pub use key_history::KeyHistory;
pub use printed::PrintedInformation;
pub use security::{MOST_GROUPS, SecurityContent, SecurityObject, container, security_content};

use crate::{day::BadDay, tlv::BadTlv};

/// The tag that names a data object on the card, as a number (5FC102 is 0x5FC102).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectTag(pub u32);

impl ObjectTag {
    /// Card holder unique identifier, CHUID (Part 1, 3.1.2).
    pub const CHUID: Self = Self(0x005F_C102);
    /// Card capability container, CCC (Part 1, 3.1.1).
    pub const CAPABILITIES: Self = Self(0x005F_C107);
    /// Discovery object (Part 1, 3.3.2).
    pub const DISCOVERY: Self = Self(0x7E);
    /// Key history object (Part 1, 3.3.3).
    pub const KEY_HISTORY: Self = Self(0x005F_C10C);
    /// Printed information (Part 1, 3.2.3), readable with the PIN.
    pub const PRINTED: Self = Self(0x005F_C109);
    /// Security object (Part 1, 3.1.7).
    pub const SECURITY: Self = Self(0x005F_C106);
    /// Fingerprints (Part 1, 3.1.5), readable with the PIN.
    pub const FINGERPRINTS: Self = Self(0x005F_C103);
    /// Facial image (Part 1, 3.1.6), readable with the PIN.
    pub const FACE: Self = Self(0x005F_C108);
    /// Iris images (Part 1, 3.3.4), readable with the PIN.
    pub const IRIS: Self = Self(0x005F_C121);
    /// The certificate of the key that signs attestations (a YubiKey extension).
    pub const ATTESTATION: Self = Self(0x005F_FF01);

    /// The bytes that name it in the tag list of GET DATA and PUT DATA (Part 2, 3.1.2).
    #[must_use]
    pub fn bytes(self) -> Vec<u8> {
        let bytes = self.0.to_be_bytes();
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(3);
        bytes.into_iter().skip(start).collect()
    }

    /// The tag of a tag-list value, one to three bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if !(1..=3).contains(&bytes.len()) {
            return None;
        }
        let number = bytes
            .iter()
            .fold(0, |sum, byte| (sum << 8) | u32::from(*byte));
        Some(Self(number))
    }

    /// Whether reading it wants the PIN (Part 1, table 2).
    #[must_use]
    pub fn wants_pin(self) -> bool {
        [Self::PRINTED, Self::FINGERPRINTS, Self::FACE, Self::IRIS].contains(&self)
    }
}

impl fmt::Display for ObjectTag {
    /// Upper-case hexadecimal, as the standard writes it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02X}", self.0)
    }
}

/// Bytes on a card that are not the object their place says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadObject {
    /// Not TLV.
    #[error("the data object is no TLV")]
    Tlv(#[from] BadTlv),
    /// A mandatory element is missing; its tag.
    #[error("the data object lacks the element {0:02X}")]
    Missing(u32),
    /// An element has a length or a value it cannot have; its tag.
    #[error("the data object's element {0:02X} is malformed")]
    Element(u32),
    /// The certificate is compressed otherwise than by gzip, or its compression is broken, or it comes out too large.
    #[error("the certificate on the card is compressed and does not come out right")]
    Compressed,
}

impl BadObject {
    fn day(tag: u32) -> impl Fn(BadDay) -> Self {
        move |_| Self::Element(tag)
    }
}

/// A data object with one fixed place on the card.
pub trait DataObject: Sized {
    /// Its place.
    const TAG: ObjectTag;

    /// Its content: what stands inside the outer 53 (7E for the discovery object).
    fn encode(&self) -> Vec<u8>;

    /// Parses the content. Unknown elements are skipped.
    ///
    /// # Errors
    /// [`BadObject`] naming the first element that is wrong.
    fn decode(content: &[u8]) -> Result<Self, BadObject>;
}

/// FE with no value: the error detection code that ends most objects and is never computed (Part 1, appendix A).
const ERROR_DETECTION_CODE: u32 = 0xFE;

fn text(value: &[u8], tag: u32) -> Result<String, BadObject> {
    String::from_utf8(value.to_vec()).map_err(|_| BadObject::Element(tag))
}
