//! The card capability container (Part 1, 3.1.1 and table 8).

use super::{BadObject, DataObject, ERROR_DETECTION_CODE, ObjectTag};
use crate::tlv;

const CARD_IDENTIFIER: u32 = 0xF0;
const CONTAINER_VERSION: u32 = 0xF1;
const GRAMMAR_VERSION: u32 = 0xF2;
const DATA_MODEL: u32 = 0xF5;

/// The registered application provider of the GSC-IS, first part of every card identifier (NISTIR 6887, GSC-IS 2.1).
const PROVIDER: [u8; 5] = [0xA0, 0, 0, 0x01, 0x16];

/// Text that is no card number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a card number is 12 to 19 digits, the last of them the check digit of ISO/IEC 7812-1")]
pub struct BadCardNumber;

/// The CCC's card identifier: which chip this is, readable without a PIN.
///
/// GSC-IS 2.1 gives it 21 bytes: provider, manufacturer, card type, and 14 bytes that the issuer of the card fills as
/// it likes as long as they are unique. That is where a card keeps the number printed on it: packed BCD, two digits a
/// byte, filled up with F. The CHUID has no such place (its FASC-N holds ten free digits and its GUID must change),
/// and Printed Information wants the PIN, which nobody has when a card lies unknown on a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardIdentifier {
    /// The chip maker, FF when not told.
    pub manufacturer: u8,
    /// 02: a card that runs programs.
    pub card_type: u8,
    /// The issuer's 14 bytes.
    pub identifier: [u8; 14],
}

impl CardIdentifier {
    /// The identifier that carries a card number.
    ///
    /// # Errors
    /// [`BadCardNumber`] when `number` is not 12 to 19 digits with a right check digit.
    pub fn of_card_number(number: &str) -> Result<Self, BadCardNumber> {
        if !is_card_number(number) {
            return Err(BadCardNumber);
        }
        let mut identifier = [0xFF; 14];
        let mut nibbles = number.bytes().map(|digit| digit & 0x0F);
        for place in &mut identifier {
            let high = nibbles.next().unwrap_or(0x0F);
            let low = nibbles.next().unwrap_or(0x0F);
            *place = high << 4 | low;
        }
        Ok(Self {
            manufacturer: 0xFF,
            card_type: 0x02,
            identifier,
        })
    }

    /// The card number in it, or `None` when it holds something else, as a card of another issuer does.
    #[must_use]
    pub fn card_number(&self) -> Option<String> {
        let mut number = String::new();
        let mut ended = false;
        for nibble in self
            .identifier
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 0x0F])
        {
            match nibble {
                0..=9 if !ended => number.push(char::from(b'0' + nibble)),
                0x0F => ended = true,
                _ => return None,
            }
        }
        is_card_number(&number).then_some(number)
    }
}

fn is_card_number(number: &str) -> bool {
    if !(12..=19).contains(&number.len()) || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    // ISO/IEC 7812-1 annex B: every second digit from the right is doubled, its digits added.
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte & 0x0F);
            match (place % 2, digit * 2) {
                (0, _) => digit,
                (_, doubled) if doubled > 9 => doubled - 9,
                (_, doubled) => doubled,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The CCC: what older readers ask to learn how to read the card. All but the identifier is fixed for PIV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Which chip this is; `None` when the card leaves it empty.
    pub identifier: Option<CardIdentifier>,
}

impl DataObject for Capabilities {
    const TAG: ObjectTag = ObjectTag::CAPABILITIES;

    fn encode(&self) -> Vec<u8> {
        let mut identifier = Vec::with_capacity(21);
        if let Some(own) = &self.identifier {
            identifier.extend(PROVIDER);
            identifier.extend([own.manufacturer, own.card_type]);
            identifier.extend(own.identifier);
        }
        let mut out = Vec::new();
        tlv::write(&mut out, CARD_IDENTIFIER, &identifier);
        // 21 is version 2.1 of the GSC-IS for container and grammar; 10 is the PIV data model (Part 1, 3.1.1).
        tlv::write(&mut out, CONTAINER_VERSION, &[0x21]);
        tlv::write(&mut out, GRAMMAR_VERSION, &[0x21]);
        // Card URL; PKCS#15 version (none); then the rest, mandatory but empty (Part 1, table 8).
        tlv::write(&mut out, 0xF3, &[]);
        tlv::write(&mut out, 0xF4, &[0]);
        tlv::write(&mut out, DATA_MODEL, &[0x10]);
        for tag in [0xF6, 0xF7, 0xFA, 0xFB, 0xFC, 0xFD] {
            tlv::write(&mut out, tag, &[]);
        }
        tlv::write(&mut out, ERROR_DETECTION_CODE, &[]);
        out
    }

    fn decode(content: &[u8]) -> Result<Self, BadObject> {
        let value =
            tlv::find(content, CARD_IDENTIFIER)?.ok_or(BadObject::Missing(CARD_IDENTIFIER))?;
        if value.is_empty() {
            return Ok(Self { identifier: None });
        }
        let bad = BadObject::Element(CARD_IDENTIFIER);
        let (_provider, rest) = value.split_first_chunk::<5>().ok_or(bad)?;
        let (&[manufacturer, card_type], identifier) = rest.split_first_chunk().ok_or(bad)?;
        Ok(Self {
            identifier: Some(CardIdentifier {
                manufacturer,
                card_type,
                identifier: identifier.try_into().map_err(|_| bad)?,
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "9752200100000000011";

    #[test]
    fn the_card_number_comes_back() {
        let identifier = CardIdentifier::of_card_number(NUMBER).unwrap();
        assert_eq!(
            hex::encode(identifier.identifier),
            "9752200100000000011fffffffff"
        );
        let capabilities = Capabilities {
            identifier: Some(identifier),
        };
        let read = Capabilities::decode(&capabilities.encode()).unwrap();
        assert_eq!(read.identifier.unwrap().card_number().unwrap(), NUMBER);
    }

    #[test]
    fn other_identifiers_are_no_card_numbers() {
        for other in [
            "9752200100000000012fffffffff",
            "00000000000000000000000000ff",
            "9752200100f0000000014fffffff",
            "0123456789abcdef0123456789ab",
            "ffffffffffffffffffffffffffff",
        ] {
            let identifier = CardIdentifier {
                manufacturer: 0xFF,
                card_type: 2,
                identifier: hex::decode(other).unwrap().try_into().unwrap(),
            };
            assert_eq!(identifier.card_number(), None, "{other}");
        }
        assert_eq!(
            CardIdentifier::of_card_number("9752200100000000012"),
            Err(BadCardNumber)
        );
        assert_eq!(CardIdentifier::of_card_number("975"), Err(BadCardNumber));
    }

    #[test]
    fn an_empty_identifier_is_allowed() {
        let empty = Capabilities { identifier: None };
        assert_eq!(Capabilities::decode(&empty.encode()), Ok(empty));
        assert_eq!(
            Capabilities::decode(&[0xF0, 2, 0, 0]),
            Err(BadObject::Element(CARD_IDENTIFIER))
        );
    }
}
