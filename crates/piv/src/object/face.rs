//! The facial image (Part 1, 3.1.6 and table 14), readable with the PIN: a CBEFF structure (SP 800-76-2, 9) around a record of
//! INCITS 385 with the photograph as JPEG.

use super::{BadObject, DataObject, ERROR_DETECTION_CODE, ObjectTag};
use crate::{Day, tlv};

const IMAGE: u32 = 0xBC;

/// The CBEFF header's length (SP 800-76-2, table 14).
const HEADER: usize = 88;
/// The record's headers before the picture (INCITS 385 5.1): 14 for the record, 20 for the face, 12 for the picture.
const RECORD_HEADER: usize = 46;

/// The object's content: a CBEFF structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceImage {
    /// Header, record and signature block, as [`FaceRecord::to_cbeff`] makes it.
    pub cbeff: Vec<u8>,
}

impl DataObject for FaceImage {
    const TAG: ObjectTag = ObjectTag::FACE;

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.cbeff.len() + 6);
        tlv::write(&mut out, IMAGE, &self.cbeff);
        tlv::write(&mut out, ERROR_DETECTION_CODE, &[]);
        out
    }

    fn decode(content: &[u8]) -> Result<Self, BadObject> {
        let cbeff = tlv::find(content, IMAGE)?.ok_or(BadObject::Missing(IMAGE))?;
        if cbeff.len() < HEADER {
            return Err(BadObject::Element(IMAGE));
        }
        Ok(Self {
            cbeff: cbeff.to_vec(),
        })
    }
}

/// A photograph and what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaceRecord {
    /// The photograph, JPEG. Its size is not looked for in it.
    pub jpeg: Vec<u8>,
    /// Its width in pixels.
    pub width: u16,
    /// Its height in pixels.
    pub height: u16,
    /// The day it was made.
    pub made_on: Day,
    /// The first day it is good.
    pub good_from: Day,
    /// The last.
    pub good_until: Day,
    /// Who made it, at most 17 characters of ASCII.
    pub creator: String,
    /// The card's FASC-N, as in its CHUID.
    pub fasc_n: [u8; 25],
}

impl FaceRecord {
    /// The CBEFF structure, with the CMS signature over header and record at its end; an empty one where nobody signs. `None` when the
    /// picture is too long for a card (Part 1, table 7: 12,704 bytes for all of it) or the creator's name for its place.
    #[must_use]
    pub fn to_cbeff(&self, signature: &[u8]) -> Option<Vec<u8>> {
        const LARGEST: usize = 12_704;
        let record = RECORD_HEADER.checked_add(self.jpeg.len())?;
        let whole = HEADER.checked_add(record)?.checked_add(signature.len())?;
        if whole > LARGEST || self.creator.len() > 17 || !self.creator.is_ascii() {
            return None;
        }
        let mut out = Vec::with_capacity(whole);
        // Patron header version 03; security options: 0D signed, 0F signed and encrypted, and 00 when nothing is.
        out.push(0x03);
        out.push(if signature.is_empty() { 0x00 } else { 0x0D });
        out.extend(u32::try_from(record).ok()?.to_be_bytes());
        out.extend(u16::try_from(signature.len()).ok()?.to_be_bytes());
        // Format owner 001B (INCITS M1), format type 0501 (facial image).
        out.extend([0x00, 0x1B, 0x05, 0x01]);
        for day in [self.made_on, self.good_from, self.good_until] {
            out.extend(moment(day));
        }
        // Biometric type: face; data type: raw, as captured; quality: not measured (-2).
        out.extend([0x00, 0x00, 0x02, 0x20, 0xFE]);
        let mut creator = [0; 18];
        for (place, byte) in creator.iter_mut().zip(self.creator.bytes()) {
            *place = byte;
        }
        out.extend(creator);
        out.extend(self.fasc_n);
        out.extend([0; 4]);
        self.write_record(&mut out, u32::try_from(record).ok()?);
        out.extend_from_slice(signature);
        Some(out)
    }

    /// The picture and the signature of a structure; what is said besides is not looked at.
    ///
    /// # Errors
    /// [`BadObject`] when the lengths do not fit or it is no facial image.
    pub fn parts(cbeff: &[u8]) -> Result<(&[u8], &[u8]), BadObject> {
        let wrong = BadObject::Element(IMAGE);
        let Some((&[_, _, a, b, c, d, high, low, 0x00, 0x1B, 0x05, 0x01], _)) =
            cbeff.split_first_chunk::<12>()
        else {
            return Err(wrong);
        };
        let record = usize::try_from(u32::from_be_bytes([a, b, c, d])).map_err(|_| wrong)?;
        let (_, rest) = cbeff.split_at_checked(HEADER).ok_or(wrong)?;
        let (record, signature) = rest.split_at_checked(record).ok_or(wrong)?;
        let (header, jpeg) = record.split_at_checked(RECORD_HEADER).ok_or(wrong)?;
        if signature.len() != usize::from(u16::from_be_bytes([high, low]))
            || !header.starts_with(b"FAC\x00010\x00")
        {
            return Err(wrong);
        }
        Ok((jpeg, signature))
    }

    /// INCITS 385 5.1 to 5.7.
    fn write_record(&self, out: &mut Vec<u8>, length: u32) {
        // The record: format, version, length, one face.
        out.extend(b"FAC\x00010\x00");
        out.extend(length.to_be_bytes());
        out.extend([0, 1]);
        // The face: its length; no feature points; sex, eyes, hair, features, expression and pose not said.
        out.extend(length.saturating_sub(14).to_be_bytes());
        out.extend([0; 16]);
        // The picture: full frontal, JPEG, size, 24 bits of RGB, a still from a digital camera, device and quality not said.
        out.extend([0x01, 0x00]);
        out.extend(self.width.to_be_bytes());
        out.extend(self.height.to_be_bytes());
        out.extend([0x01, 0x02, 0, 0, 0, 0]);
        out.extend_from_slice(&self.jpeg);
    }
}

/// Midnight that day: binary-coded digits YYYYMMDDhhmmss and a Z (SP 800-76-2, 9.2).
fn moment(day: Day) -> [u8; 8] {
    let mut out = [0; 8];
    let digits = day.digits();
    for (place, pair) in out.iter_mut().zip(digits.as_bytes().chunks(2)) {
        *place = pair
            .iter()
            .fold(0, |sum, digit| (sum << 4) | (digit & 0x0F));
    }
    let [.., last] = &mut out;
    *last = b'Z';
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::fasc_n;

    fn record() -> FaceRecord {
        let day = |year| Day::new(year, 11, 25).unwrap();
        FaceRecord {
            jpeg: vec![0xFF, 0xD8, 0xFF, 0xD9],
            width: 420,
            height: 560,
            made_on: day(2026),
            good_from: day(2026),
            good_until: day(2031),
            creator: "Region Exempel".to_owned(),
            fasc_n: fasc_n(0),
        }
    }

    #[test]
    fn every_field_has_its_place() {
        let cbeff = record().to_cbeff(&[0x30, 0]).unwrap();
        assert_eq!(cbeff.len(), HEADER + RECORD_HEADER + 4 + 2);
        assert_eq!(
            hex::encode(cbeff.get(..36).unwrap()),
            "030d00000032000200 1b0501 202611250000005a 202611250000005a 203111250000005a"
                .replace(' ', "")
        );
        assert_eq!(cbeff.get(36..41), Some(&[0, 0, 2, 0x20, 0xFE][..]));
        assert_eq!(cbeff.get(41..55), Some(&b"Region Exempel"[..]));
        assert_eq!(cbeff.get(59..84), Some(&fasc_n(0)[..]));
        assert_eq!(
            hex::encode(cbeff.get(HEADER..HEADER + RECORD_HEADER).unwrap()),
            "46414300303130000000003200010000002400000000000000000000000000000000010001a4023001020000 0000"
                .replace(' ', "")
        );
    }

    #[test]
    fn picture_and_signature_come_out() {
        let record = record();
        for signature in [&[][..], &[0x30, 1, 2]] {
            let cbeff = record.to_cbeff(signature).unwrap();
            let object = FaceImage { cbeff };
            let again = FaceImage::decode(&object.encode()).unwrap();
            assert_eq!(again, object);
            let (jpeg, found) = FaceRecord::parts(&again.cbeff).unwrap();
            assert_eq!((jpeg, found), (&record.jpeg[..], signature));
            for cut in 0..again.cbeff.len() {
                let (short, _) = again.cbeff.split_at(cut);
                assert!(FaceRecord::parts(short).is_err(), "{cut}");
            }
        }
    }

    #[test]
    fn what_no_card_holds_is_not_made() {
        let mut long = record();
        long.jpeg = vec![0; 12_700];
        assert_eq!(long.to_cbeff(&[]), None);
        let mut named = record();
        named.creator = "Åsa".to_owned();
        assert_eq!(named.to_cbeff(&[]), None);
    }
}
