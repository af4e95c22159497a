//! The security object (Part 1, 3.1.7 and table 12): one signature over the digests of other objects of the card, as ICAO Doc 9303
//! part 10, 4.6.2 has it. The signature itself, a CMS `SignedData`, is made by whoever holds the key.

use aws_lc_rs::digest::{SHA256, digest};

use super::{BadObject, DataObject, ERROR_DETECTION_CODE, ObjectTag};
use crate::{Slot, tlv};

const MAPPING: u32 = 0xBA;
const SIGNED: u32 = 0xBB;

/// The most objects that one security object can speak for (ICAO Doc 9303: data groups 1 to 16).
pub const MOST_GROUPS: usize = 16;

/// The security object: which objects it speaks for, and the signature over their digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityObject {
    /// The data group numbers, 1 to 16, each with the container it stands for ([`container`]).
    pub groups: Vec<(u8, u16)>,
    /// The CMS `SignedData`, DER, over [`security_content`]; its content type is 2.23.136.1.1.1.
    pub signed: Vec<u8>,
}

impl DataObject for SecurityObject {
    const TAG: ObjectTag = ObjectTag::SECURITY;

    fn encode(&self) -> Vec<u8> {
        let mut mapping = Vec::with_capacity(3 * self.groups.len());
        for (group, container) in &self.groups {
            mapping.push(*group);
            mapping.extend(container.to_be_bytes());
        }
        let mut out = Vec::with_capacity(self.signed.len() + mapping.len() + 12);
        tlv::write(&mut out, MAPPING, &mapping);
        tlv::write(&mut out, SIGNED, &self.signed);
        tlv::write(&mut out, ERROR_DETECTION_CODE, &[]);
        out
    }

    fn decode(content: &[u8]) -> Result<Self, BadObject> {
        let element = |tag| tlv::find(content, tag)?.ok_or(BadObject::Missing(tag));
        let (entries, rest) = element(MAPPING)?.as_chunks::<3>();
        let mut groups = Vec::new();
        for &[group, high, low] in entries {
            let known = groups.iter().any(|(other, _)| *other == group);
            if known || !(1..=16).contains(&group) {
                return Err(BadObject::Element(MAPPING));
            }
            groups.push((group, u16::from_be_bytes([high, low])));
        }
        if !rest.is_empty() || groups.is_empty() {
            return Err(BadObject::Element(MAPPING));
        }
        let signed = element(SIGNED)?;
        if signed.is_empty() {
            return Err(BadObject::Element(SIGNED));
        }
        Ok(Self {
            groups,
            signed: signed.to_vec(),
        })
    }
}

/// The container identifier of a data object (Part 1, table 2); `None` for objects that are not the standard's.
#[must_use]
pub fn container(tag: ObjectTag) -> Option<u16> {
    let number = match tag {
        ObjectTag::CAPABILITIES => 0xDB00,
        ObjectTag::CHUID => 0x3000,
        ObjectTag::FINGERPRINTS => 0x6010,
        ObjectTag::SECURITY => 0x9000,
        ObjectTag::FACE => 0x6030,
        ObjectTag::PRINTED => 0x3001,
        ObjectTag::DISCOVERY => 0x6050,
        ObjectTag::KEY_HISTORY => 0x6060,
        ObjectTag::IRIS => 0x1015,
        _ => {
            let slot = Slot::all().find(|slot| slot.certificate_object() == tag)?;
            match slot.reference() {
                0x9A => 0x0101,
                0x9C => 0x0100,
                0x9D => 0x0102,
                0x9E => 0x0500,
                // 82 is the first, 1001.
                retired => 0x1001 + u16::from(retired.saturating_sub(0x82)),
            }
        }
    };
    Some(number)
}

/// What a security object is to sign, and what goes beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityContent {
    /// The `LDSSecurityObject`, DER: what the CMS `SignedData` holds and signs, of content type 2.23.136.1.1.1.
    pub to_sign: Vec<u8>,
    /// For [`SecurityObject::groups`].
    pub groups: Vec<(u8, u16)>,
}

/// What the security object signs: the `LDSSecurityObject`, DER, with the SHA-256 digests of objects' contents. The groups are numbered from 1 in the order given. `None` for no objects, more than sixteen, or one that
/// is not the standard's.
#[must_use]
pub fn security_content(objects: &[(ObjectTag, &[u8])]) -> Option<SecurityContent> {
    const SEQUENCE: u32 = 0x30;
    const INTEGER: u32 = 0x02;
    const OCTET_STRING: u32 = 0x04;
    // 2.16.840.1.101.3.4.2.1; its parameters are left out (RFC 5754 2).
    const SHA_256: &[u8] = &[0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
    if objects.is_empty() || objects.len() > MOST_GROUPS {
        return None;
    }
    let mut groups = Vec::new();
    let mut digests = Vec::new();
    for ((tag, content), group) in objects.iter().zip(1..) {
        groups.push((group, container(*tag)?));
        let mut one = tlv::element(INTEGER, &[group]);
        let digest = digest(&SHA256, content);
        tlv::write(&mut one, OCTET_STRING, digest.as_ref());
        tlv::write(&mut digests, SEQUENCE, &one);
    }
    let mut content = tlv::element(INTEGER, &[0]);
    tlv::write(&mut content, SEQUENCE, SHA_256);
    tlv::write(&mut content, SEQUENCE, &digests);
    Some(SecurityContent {
        to_sign: tlv::element(SEQUENCE, &content),
        groups,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip_and_refusals() {
        let object = SecurityObject {
            groups: vec![(1, 0x3000), (2, 0x6030)],
            signed: vec![0x30, 0],
        };
        assert_eq!(hex::encode(object.encode()), "ba06013000026030bb023000fe00");
        assert_eq!(SecurityObject::decode(&object.encode()), Ok(object));
        for mapping in [
            &[][..],
            &[1, 0x30],
            &[0, 0x30, 0],
            &[17, 0x30, 0],
            &[1, 0, 1, 1, 0, 2],
        ] {
            let mut content = tlv::element(MAPPING, mapping);
            tlv::write(&mut content, SIGNED, &[0x30, 0]);
            assert_eq!(
                SecurityObject::decode(&content),
                Err(BadObject::Element(MAPPING))
            );
        }
    }

    #[test]
    fn containers_are_told_apart() {
        let mut seen: Vec<u16> = (0x005F_C101..=0x005F_C121)
            .map(ObjectTag)
            .filter(|tag| tag.0 != 0x005F_C104)
            .map(|tag| container(tag).unwrap())
            .collect();
        assert_eq!(container(ObjectTag(0x005F_C120)), Some(0x1014));
        assert_eq!(container(ObjectTag::ATTESTATION), None);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 32);
    }

    #[test]
    fn the_digests_are_where_they_belong() {
        let content =
            security_content(&[(ObjectTag::CHUID, b"abc"), (ObjectTag::PRINTED, b"")]).unwrap();
        assert_eq!(content.groups, [(1, 0x3000), (2, 0x3001)]);
        // The digests of "abc" and of nothing (FIPS 180-4).
        assert_eq!(
            hex::encode(content.to_sign),
            "3060020100300b0609608648016503040201\
             304e30250201010420ba7816bf8f01cfea414140de\
             5dae2223b00361a396177a9cb410ff61f20015ad30250201020420e3b0c44298fc1c149afbf4c899\
             6fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
