//! The card holder unique identifier (Part 1, 3.1.2 and table 9).

use super::{BadObject, DataObject, ERROR_DETECTION_CODE, ObjectTag};
use crate::{Day, tlv};

const FASC_N: u32 = 0x30;
const GUID: u32 = 0x34;
const EXPIRY: u32 = 0x35;
const CARDHOLDER: u32 = 0x36;
const SIGNATURE: u32 = 0x3E;

/// The CHUID: which card this is, and until when it is good.
///
/// The GUID must differ from card to card: Windows names its key containers after it and caches certificates under
/// it, so a card whose certificates changed gets a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chuid {
    /// The federal number, 25 bytes. Cards outside the federal government carry [`fasc_n`]`(0)`.
    pub fasc_n: [u8; 25],
    /// The card's GUID (an RFC 4122 UUID), 16 bytes, not all zero.
    pub guid: [u8; 16],
    /// The last day the card is good.
    pub expires_on: Day,
    /// The holder's own UUID, if there is one.
    pub cardholder: Option<[u8; 16]>,
    /// The issuer's CMS signature; empty on cards that have none.
    pub signature: Vec<u8>,
}

impl Chuid {
    /// The CHUID of a card outside the federal government, unsigned.
    #[must_use]
    pub fn new(guid: [u8; 16], expires_on: Day) -> Self {
        Self {
            fasc_n: fasc_n(0),
            guid,
            expires_on,
            cardholder: None,
            signature: Vec::new(),
        }
    }
}

impl DataObject for Chuid {
    const TAG: ObjectTag = ObjectTag::CHUID;

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        tlv::write(&mut out, FASC_N, &self.fasc_n);
        tlv::write(&mut out, GUID, &self.guid);
        tlv::write(&mut out, EXPIRY, self.expires_on.digits().as_bytes());
        if let Some(cardholder) = &self.cardholder {
            tlv::write(&mut out, CARDHOLDER, cardholder);
        }
        // Mandatory even when empty (Part 1, table 9): readers take its absence for a damaged object.
        tlv::write(&mut out, SIGNATURE, &self.signature);
        tlv::write(&mut out, ERROR_DETECTION_CODE, &[]);
        out
    }

    fn decode(content: &[u8]) -> Result<Self, BadObject> {
        let element = |tag| tlv::find(content, tag)?.ok_or(BadObject::Missing(tag));
        let cardholder = match tlv::find(content, CARDHOLDER)? {
            None | Some([]) => None,
            Some(value) => Some(
                value
                    .try_into()
                    .map_err(|_| BadObject::Element(CARDHOLDER))?,
            ),
        };
        Ok(Self {
            fasc_n: element(FASC_N)?
                .try_into()
                .map_err(|_| BadObject::Element(FASC_N))?,
            guid: element(GUID)?
                .try_into()
                .map_err(|_| BadObject::Element(GUID))?,
            expires_on: Day::parse(element(EXPIRY)?).map_err(BadObject::day(EXPIRY))?,
            cardholder,
            signature: tlv::find(content, SIGNATURE)?.unwrap_or_default().to_vec(),
        })
    }
}

/// The FASC-N of a card outside the federal government: agency, system and credential all nines (Part 1, 3.1.2), with
/// `person` (at most ten digits; higher ones are dropped) as person identifier.
///
/// Forty characters of five bits, digits as BCD with the low bit first and odd parity, closed by an LRC (the PACS
/// guide "Technical Implementation Guidance: Smart Card Enabled Physical Access Control Systems" 2.3, section 6).
#[must_use]
pub fn fasc_n(person: u64) -> [u8; 25] {
    const START: u8 = 0b11010;
    const FIELD: u8 = 0b10110;
    const END: u8 = 0b11111;
    let mut characters = vec![START];
    let digits = |characters: &mut Vec<u8>, text: &str| {
        characters.extend(
            text.bytes()
                .map(|digit| character(digit.wrapping_sub(b'0'))),
        );
    };
    digits(&mut characters, "9999");
    characters.push(FIELD);
    digits(&mut characters, "9999");
    characters.push(FIELD);
    digits(&mut characters, "999999");
    characters.push(FIELD);
    digits(&mut characters, "0");
    characters.push(FIELD);
    digits(&mut characters, "1");
    characters.push(FIELD);
    // Person, organisation category 3 (commercial enterprise), organisation 0000, association 1 (employee).
    digits(&mut characters, &format!("{:010}", person % 10_000_000_000));
    digits(&mut characters, "300001");
    characters.push(END);
    let check = characters.iter().fold(0, |sum, next| sum ^ (next >> 1));
    characters.push(with_parity(check));
    let mut bytes = [0; 25];
    let bits = characters
        .iter()
        .flat_map(|character| (0..5).rev().map(move |bit| (character >> bit) & 1));
    for (place, bit) in bits.enumerate() {
        if let Some(byte) = bytes.get_mut(place / 8) {
            *byte |= bit << (7 - place % 8);
        }
    }
    bytes
}

/// A digit with its four bits reversed and odd parity behind them.
fn character(digit: u8) -> u8 {
    with_parity(digit.reverse_bits() >> 4)
}

fn with_parity(bits: u8) -> u8 {
    let ones = bits.count_ones();
    (bits << 1) | u8::from(ones.is_multiple_of(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_nines() {
        // The beginning every PIV-I card has in common (agency, system, credential: fourteen nines).
        assert_eq!(hex::encode(fasc_n(0))[..24], *"d4e739da739ced39ce739d83");
        let characters: Vec<u8> = {
            let bits: Vec<u8> = fasc_n(1_234_567_890)
                .iter()
                .flat_map(|byte| (0..8).rev().map(move |bit| (byte >> bit) & 1))
                .collect();
            bits.chunks(5)
                .map(|five| five.iter().fold(0, |sum, bit| sum << 1 | bit))
                .collect()
        };
        assert_eq!(characters.len(), 40);
        assert!(characters.iter().all(|five| five.count_ones() % 2 == 1));
        assert_eq!(characters.iter().fold(0, |sum, five| sum ^ (five >> 1)), 0);
    }

    #[test]
    fn round_trip_and_layout() {
        let chuid = Chuid::new([7; 16], Day::new(2031, 11, 23).unwrap());
        let bytes = chuid.encode();
        assert_eq!(bytes.len(), 2 + 25 + 2 + 16 + 2 + 8 + 2 + 2);
        assert_eq!(Chuid::decode(&bytes), Ok(chuid.clone()));
        let full = Chuid {
            cardholder: Some([8; 16]),
            signature: vec![0x30; 600],
            ..chuid
        };
        assert_eq!(Chuid::decode(&full.encode()), Ok(full));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(Chuid::decode(&[]), Err(BadObject::Missing(FASC_N)));
        assert_eq!(
            Chuid::decode(&[0x30, 1, 0]),
            Err(BadObject::Element(FASC_N))
        );
    }
}
