//! GET DATA and PUT DATA (Part 2, 3.1.2 and 3.3.1).

use piv::{Command, ObjectTag, StatusWord, object::CertificateObject, tlv};

use super::{Answer, Card};
use crate::attestation;

/// The most bytes of one object (Part 1, table 7, has none above 12710).
const LARGEST_OBJECT: usize = 13 * 1024;

/// The most bytes of all objects together, a chip's memory.
const ALL_OBJECTS: usize = 96 * 1024;

impl Card {
    pub(super) fn read_object(&mut self, command: &Command) -> Answer {
        if (command.p1, command.p2) != (0x3F, 0xFF) {
            return Err(StatusWord::WrongParameters);
        }
        let list = tlv::find(&command.data, 0x5C)
            .ok()
            .flatten()
            .ok_or(StatusWord::WrongData)?;
        let tag = ObjectTag::from_bytes(list).ok_or(StatusWord::WrongData)?;
        if tag.wants_pin() && !self.session.verified {
            return Err(StatusWord::SecurityStatusNotSatisfied);
        }
        let content = self.chip.objects.get(&tag).ok_or(StatusWord::NotFound)?;
        Ok(tlv::element(wrapper(tag), content))
    }

    pub(super) fn write_object(&mut self, command: &Command) -> Answer {
        self.require_management()?;
        if (command.p1, command.p2) != (0x3F, 0xFF) {
            return Err(StatusWord::WrongParameters);
        }
        let element = |tag| tlv::find(&command.data, tag).map_err(|_| StatusWord::WrongData);
        // Part 2, 3.3.1: the discovery object comes as itself, the others as a tag list and 53.
        let (tag, content) = match element(ObjectTag::DISCOVERY.0)? {
            Some(content) => (ObjectTag::DISCOVERY, content),
            None => {
                let list = element(0x5C)?.ok_or(StatusWord::WrongData)?;
                let tag = ObjectTag::from_bytes(list).ok_or(StatusWord::WrongData)?;
                let content = element(0x53)?.ok_or(StatusWord::WrongData)?;
                (tag, content)
            }
        };
        if !self.chip.profile.has_place(tag) {
            return Err(StatusWord::NotFound);
        }
        if tag == ObjectTag::ATTESTATION && !content.is_empty() {
            // A certificate of another key would make every attestation of this card a lie.
            let object = CertificateObject::decode(content).map_err(|_| StatusWord::WrongData)?;
            let key = self.chip.attestation_key.as_ref();
            attestation::check_owner(&object.certificate, key.ok_or(StatusWord::NotFound)?)
                .map_err(|_| StatusWord::WrongData)?;
        }
        let others: usize = self
            .chip
            .objects
            .iter()
            .filter(|(other, _)| **other != tag)
            .map(|(_, content)| content.len())
            .sum();
        if content.len() > LARGEST_OBJECT || others + content.len() > ALL_OBJECTS {
            return Err(StatusWord::NotEnoughMemory);
        }
        self.change(|chip| {
            if content.is_empty() {
                chip.objects.remove(&tag);
            } else {
                chip.objects.insert(tag, content.to_vec());
            }
        })?;
        Ok(Vec::new())
    }
}

fn wrapper(tag: ObjectTag) -> u32 {
    if tag == ObjectTag::DISCOVERY {
        tag.0
    } else {
        0x53
    }
}
