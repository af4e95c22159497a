//! The key history object (Part 1, 3.3.3 and table 19).

use super::{BadObject, DataObject, ERROR_DETECTION_CODE, ObjectTag, text};
use crate::tlv;

const ON_CARD: u32 = 0xC1;
const OFF_CARD: u32 = 0xC2;
const URL: u32 = 0xF3;

/// How many retired encryption keys (82 to 95) the card holds. Without it OpenSC shows none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHistory {
    on_card: u8,
    off_card: u8,
    url: Option<String>,
}

impl KeyHistory {
    /// So many retired keys with their certificates on the card, from 82 upwards; none elsewhere.
    ///
    /// # Errors
    /// [`BadObject::Element`] above 20.
    pub fn on_card(count: u8) -> Result<Self, BadObject> {
        Self::checked(count, 0, None)
    }

    fn checked(on_card: u8, off_card: u8, url: Option<String>) -> Result<Self, BadObject> {
        // Part 1, 3.3.3: at most twenty together, and a URL exactly when some certificates are elsewhere.
        if on_card > 20 {
            return Err(BadObject::Element(ON_CARD));
        }
        if on_card.saturating_add(off_card) > 20 {
            return Err(BadObject::Element(OFF_CARD));
        }
        if url.is_some() != (off_card > 0) {
            return Err(BadObject::Element(URL));
        }
        Ok(Self {
            on_card,
            off_card,
            url,
        })
    }

    /// The number of retired keys whose certificate is on the card, 0 to 20.
    #[must_use]
    pub fn keys_on_card(&self) -> u8 {
        self.on_card
    }

    /// The number of retired keys whose certificate is elsewhere, 0 to 20.
    #[must_use]
    pub fn keys_off_card(&self) -> u8 {
        self.off_card
    }

    /// Where the other certificates are.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }
}

impl DataObject for KeyHistory {
    const TAG: ObjectTag = ObjectTag::KEY_HISTORY;

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        tlv::write(&mut out, ON_CARD, &[self.on_card]);
        tlv::write(&mut out, OFF_CARD, &[self.off_card]);
        if let Some(url) = &self.url {
            tlv::write(&mut out, URL, url.as_bytes());
        }
        tlv::write(&mut out, ERROR_DETECTION_CODE, &[]);
        out
    }

    fn decode(content: &[u8]) -> Result<Self, BadObject> {
        let count = |tag| match tlv::find(content, tag)? {
            Some(&[count]) => Ok(count),
            Some(_) => Err(BadObject::Element(tag)),
            None => Err(BadObject::Missing(tag)),
        };
        let url = match tlv::find(content, URL)? {
            None | Some([]) => None,
            Some(value) => Some(text(value, URL)?),
        };
        Self::checked(count(ON_CARD)?, count(OFF_CARD)?, url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        let history = KeyHistory::on_card(20).unwrap();
        assert_eq!(hex::encode(history.encode()), "c10114c20100fe00");
        assert_eq!(KeyHistory::decode(&history.encode()), Ok(history));
        assert_eq!(KeyHistory::on_card(21), Err(BadObject::Element(ON_CARD)));
        assert_eq!(
            KeyHistory::decode(&[0xC1, 1, 5, 0xC2, 1, 16, 0xF3, 1, b'x']),
            Err(BadObject::Element(OFF_CARD))
        );
        assert_eq!(
            KeyHistory::decode(&[0xC1, 1, 5, 0xC2, 1, 1]),
            Err(BadObject::Element(URL))
        );
    }
}
