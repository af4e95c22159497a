//! Printed information (Part 1, 3.2.3 and table 16): what stands on the card's face, readable with the PIN.

use super::{BadObject, DataObject, ERROR_DETECTION_CODE, ObjectTag, text};
use crate::{Day, tlv};

const NAME: u32 = 0x01;
const AFFILIATION: u32 = 0x02;
const EXPIRY: u32 = 0x04;
const SERIAL: u32 = 0x05;
const ISSUER: u32 = 0x06;
const ORGANISATION_1: u32 = 0x07;
const ORGANISATION_2: u32 = 0x08;

/// The text on the card's face. Texts longer than their element allows are cut at a character's edge when written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedInformation {
    /// The holder's name, at most 125 bytes of UTF-8.
    pub name: String,
    /// What the holder is to the organisation, at most 20 bytes.
    pub affiliation: String,
    /// The last day the card is good.
    pub expires_on: Day,
    /// The number printed on the card ("agency card serial number"), at most 20 characters.
    pub card_number: String,
    /// Who issued it, at most 15 bytes.
    pub issuer: String,
    /// The organisation, two lines of at most 20 bytes.
    pub organisation: [String; 2],
}

impl DataObject for PrintedInformation {
    const TAG: ObjectTag = ObjectTag::PRINTED;

    fn encode(&self) -> Vec<u8> {
        let [first, second] = &self.organisation;
        let mut out = Vec::new();
        tlv::write(&mut out, NAME, cut(&self.name, 125));
        tlv::write(&mut out, AFFILIATION, cut(&self.affiliation, 20));
        tlv::write(&mut out, EXPIRY, self.expires_on.printed().as_bytes());
        tlv::write(&mut out, SERIAL, cut(&self.card_number, 20));
        tlv::write(&mut out, ISSUER, cut(&self.issuer, 15));
        for (tag, line) in [(ORGANISATION_1, first), (ORGANISATION_2, second)] {
            if !line.is_empty() {
                tlv::write(&mut out, tag, cut(line, 20));
            }
        }
        tlv::write(&mut out, ERROR_DETECTION_CODE, &[]);
        out
    }

    fn decode(content: &[u8]) -> Result<Self, BadObject> {
        let mandatory = |tag| tlv::find(content, tag)?.ok_or(BadObject::Missing(tag));
        let optional = |tag| text(tlv::find(content, tag)?.unwrap_or_default(), tag);
        Ok(Self {
            name: text(mandatory(NAME)?, NAME)?,
            affiliation: optional(AFFILIATION)?,
            expires_on: Day::parse_printed(mandatory(EXPIRY)?).map_err(BadObject::day(EXPIRY))?,
            card_number: text(mandatory(SERIAL)?, SERIAL)?,
            issuer: optional(ISSUER)?,
            organisation: [optional(ORGANISATION_1)?, optional(ORGANISATION_2)?],
        })
    }
}

/// The longest beginning of `text` that fits in `limit` bytes and does not split a character.
fn cut(text: &str, limit: usize) -> &[u8] {
    let end = text.floor_char_boundary(limit);
    text.as_bytes().get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> PrintedInformation {
        PrintedInformation {
            name: "Åsa Öberg".into(),
            affiliation: "Employee".into(),
            expires_on: Day::new(2031, 1, 5).unwrap(),
            card_number: "9752200100000000011".into(),
            issuer: "Region".into(),
            organisation: ["Sjukhuset".into(), String::new()],
        }
    }

    #[test]
    fn round_trip() {
        assert_eq!(PrintedInformation::decode(&sample().encode()), Ok(sample()));
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let long = PrintedInformation {
            issuer: "aååååååå".into(),
            ..sample()
        };
        let read = PrintedInformation::decode(&long.encode()).unwrap();
        assert_eq!(
            read.issuer,
            "aååååååå".to_owned().chars().take(8).collect::<String>()
        );
    }
}
