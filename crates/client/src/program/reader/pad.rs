//! A reader's own key pad (PC/SC part 10, 2.02.09): how it is found, and what it is told.

use pcsc::{Card, ctl_code};

/// CM_IOCTL_GET_FEATURE_REQUEST (2.2).
const GET_FEATURES: u32 = 3400;
/// FEATURE_VERIFY_PIN_DIRECT and FEATURE_MODIFY_PIN_DIRECT (2.3).
const VERIFY: u8 = 0x06;
const MODIFY: u8 = 0x07;
/// Instructions of the card (ISO/IEC 7816-4).
const INS_VERIFY: u8 = 0x20;
const INS_CHANGE: u8 = 0x24;

/// Digits in ASCII from the first byte of the data field, counted in bytes (2.5.2, bmFormatString).
const FORMAT: u8 = 0x82;
/// A block of 8 bytes, no length field (bmPINBlockString).
const BLOCK: u8 = 0x08;
/// 6 to 8 digits (wPINMaxExtraDigit: most, then fewest, little-endian).
const DIGITS: [u8; 2] = [0x08, 0x06];
/// The enter key ends an entry (bEntryValidationCondition).
const BY_ENTER: u8 = 0x02;
/// Swedish (wLangId 041D, little-endian), for pads with a display.
const LANGUAGE: [u8; 2] = [0x1D, 0x04];

/// The control codes of a pad that can do both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pad {
    verify: u32,
    modify: u32,
}

/// The pad of the reader that a card is in.
pub(super) fn of(card: &Card) -> Option<Pad> {
    let mut buffer = [0; 256];
    let features = card
        .control(ctl_code(GET_FEATURES.into()), &[], &mut buffer)
        .ok()?;
    Pad::read(features)
}

impl Pad {
    /// Reads the list of features: tag, length 4, control code, big-endian (2.2). A reader that can do only one of the two is
    /// used as one without a pad, so that a code is never typed here once and there the next time.
    fn read(features: &[u8]) -> Option<Self> {
        let (mut verify, mut modify) = (None, None);
        let mut rest = features;
        while let [tag, 4, a, b, c, d, after @ ..] = rest {
            let control = u32::from_be_bytes([*a, *b, *c, *d]);
            match *tag {
                VERIFY => verify = Some(control),
                MODIFY => modify = Some(control),
                _ => {}
            }
            rest = after;
        }
        Some(Self {
            verify: verify?,
            modify: modify?,
        })
    }

    /// The control code and the structure for a command; nothing for a command that takes no code.
    pub(super) fn request(self, command: &[u8]) -> Option<(u32, Vec<u8>)> {
        // Waiting times: the reader's own.
        let mut request = vec![0, 0, FORMAT, BLOCK, 0];
        let control = match *command.get(1)? {
            // PIN_VERIFY_STRUCTURE (2.5.2): one message.
            INS_VERIFY => {
                request.extend(DIGITS);
                request.extend([BY_ENTER, 1]);
                request.extend(LANGUAGE);
                request.push(0);
                self.verify
            }
            // PIN_MODIFY_STRUCTURE (2.5.3): the old code first, the new one eight bytes on; the old one is asked for and the new
            // one confirmed; three messages.
            INS_CHANGE => {
                request.extend([0, 8]);
                request.extend(DIGITS);
                request.extend([0x03, BY_ENTER, 3]);
                request.extend(LANGUAGE);
                request.extend([0, 1, 2]);
                self.modify
            }
            _ => return None,
        };
        // bTeoPrologue: for T=1 the reader's own affair.
        request.extend([0; 3]);
        request.extend(u32::try_from(command.len()).ok()?.to_le_bytes());
        request.extend_from_slice(command);
        Some((control, request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_found_among_others() {
        let features = hex::decode("060442330006070442330007120442330012").unwrap();
        let expected = Pad {
            verify: 0x4233_0006,
            modify: 0x4233_0007,
        };
        assert_eq!(Pad::read(&features), Some(expected));
        for other in ["", "060442330006", "0604423300", "06024233", "ff"] {
            assert_eq!(Pad::read(&hex::decode(other).unwrap()), None, "{other}");
        }
    }

    #[test]
    fn structures_are_as_part_10_has_them() {
        let pad = Pad {
            verify: 1,
            modify: 2,
        };
        let verify = hex::decode("0020008008ffffffffffffffff").unwrap();
        let (control, request) = pad.request(&verify).unwrap();
        assert_eq!(control, 1);
        assert_eq!(
            hex::encode(request),
            "0000820800080602011d0400000000".to_owned() + "0d000000" + &hex::encode(&verify)
        );
        let change = [&[0, 0x24, 0, 0x80, 16][..], &[0xFF; 16]].concat();
        let (control, request) = pad.request(&change).unwrap();
        assert_eq!(control, 2);
        assert_eq!(
            hex::encode(request),
            "0000820800000808060302031d04000102000000".to_owned()
                + "15000000"
                + &hex::encode(&change)
        );
        assert_eq!(pad.request(&[0, 0xA4, 4, 0]), None);
        assert_eq!(pad.request(&[]), None);
    }
}
