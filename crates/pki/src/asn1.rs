//! Writing DER (ITU-T X.690): tag, shortest definite length, content. Append-only, front to
//! back.

use const_oid::ObjectIdentifier;

use crate::civil;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;

/// `[n]` primitive, context-specific (an IMPLICIT string, for instance).
pub(crate) const fn context(number: u8) -> u8 {
    0x80 | number
}

/// `[n]` constructed, context-specific (an EXPLICIT tag, or an IMPLICIT sequence).
pub(crate) const fn context_constructed(number: u8) -> u8 {
    0xa0 | number
}

/// An append-only DER buffer.
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(capacity),
        }
    }

    /// Runs `content` on an empty buffer and returns what it wrote.
    pub(crate) fn build(capacity: usize, content: impl FnOnce(&mut Writer)) -> Vec<u8> {
        let mut writer = Self::with_capacity(capacity);
        content(&mut writer);
        writer.bytes
    }

    /// Bytes that are DER already.
    pub(crate) fn raw(&mut self, der: &[u8]) {
        self.bytes.extend_from_slice(der);
    }

    /// Tag and length of an element whose content, so many bytes, is written next.
    #[inline]
    pub(crate) fn begin(&mut self, tag: u8, length: usize) {
        match u8::try_from(length) {
            Ok(short @ 0..0x80) => self.bytes.extend_from_slice(&[tag, short]),
            _ => {
                let (octets, count) = length_octets(length);
                self.bytes.push(tag);
                self.bytes
                    .extend_from_slice(octets.get(..count).unwrap_or_default());
            }
        }
    }

    /// One primitive element.
    pub(crate) fn element(&mut self, tag: u8, content: &[u8]) {
        self.begin(tag, content.len());
        self.bytes.extend_from_slice(content);
    }

    /// One element whose content is written by `content`; the length is put in afterwards.
    pub(crate) fn nested(&mut self, tag: u8, content: impl FnOnce(&mut Writer)) {
        self.around::<1>(tag, content);
    }

    /// As [`nested`](Self::nested), for content that usually has 256 bytes or more.
    pub(crate) fn nested_long(&mut self, tag: u8, content: impl FnOnce(&mut Writer)) {
        self.around::<3>(tag, content);
    }

    /// Leaves room for so many length octets; a length that takes more or fewer moves the content.
    fn around<const ROOM: usize>(&mut self, tag: u8, content: impl FnOnce(&mut Writer)) {
        self.bytes.push(tag);
        let room = self.bytes.len();
        self.bytes.extend_from_slice(&[0; ROOM]);
        let start = room + ROOM;
        content(self);
        let length = self.bytes.len() - start;
        let (octets, count) = length_octets(length);
        if count != ROOM {
            self.bytes
                .resize((start + length).max(room + count + length), 0);
            self.bytes.copy_within(start..start + length, room + count);
            self.bytes.truncate(room + count + length);
        }
        if let (Some(room), Some(octets)) =
            (self.bytes.get_mut(room..room + count), octets.get(..count))
        {
            room.copy_from_slice(octets);
        }
    }

    pub(crate) fn sequence(&mut self, content: impl FnOnce(&mut Writer)) {
        self.nested(SEQUENCE, content);
    }

    pub(crate) fn object_identifier(&mut self, oid: &ObjectIdentifier) {
        self.element(OBJECT_IDENTIFIER, oid.as_bytes());
    }

    pub(crate) fn boolean_true(&mut self) {
        self.element(BOOLEAN, &[0xff]);
    }

    /// An unsigned integer given as big-endian bytes: leading zeros go, a zero octet is put in front
    /// where the top bit would read as a sign (X.690 8.3).
    pub(crate) fn unsigned(&mut self, big_endian: &[u8]) {
        let significant = strip_zeros(big_endian);
        let sign_octet = significant.first().is_none_or(|first| first & 0x80 != 0);
        self.begin(INTEGER, significant.len() + usize::from(sign_octet));
        if sign_octet {
            self.bytes.push(0);
        }
        self.bytes.extend_from_slice(significant);
    }

    pub(crate) fn unsigned_number(&mut self, value: u64) {
        self.unsigned(&value.to_be_bytes());
    }

    /// A BIT STRING of whole octets.
    pub(crate) fn bit_string(&mut self, content: &[u8]) {
        self.begin(BIT_STRING, content.len() + 1);
        self.bytes.push(0);
        self.bytes.extend_from_slice(content);
    }

    /// A named-bit BIT STRING: bit 0 is the most significant bit of the first octet, trailing zero
    /// bits are left out (X.690 11.2.2). `bits` holds named bit *n* at position `1 << n`.
    pub(crate) fn named_bits(&mut self, bits: u16) {
        let reversed = bits.reverse_bits();
        let [first, second] = reversed.to_be_bytes();
        let used = 16 - bits.leading_zeros();
        let unused = u8::try_from((8 - used % 8) % 8).unwrap_or(0);
        match used {
            0 => self.element(BIT_STRING, &[0]),
            1..=8 => self.element(BIT_STRING, &[unused, first]),
            _ => self.element(BIT_STRING, &[unused, first, second]),
        }
    }

    /// `Time` of RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on.
    pub(crate) fn time(&mut self, unix_seconds: i64) {
        let moment = civil::Moment::from_unix(unix_seconds);
        if (1950..2050).contains(&moment.year) {
            self.element(UTC_TIME, &moment.utc_time());
        } else {
            self.element(GENERALIZED_TIME, &moment.generalized_time());
        }
    }

    /// `GeneralizedTime` without fractions, as RFC 5280 4.1.2.5.2 and RFC 6960 4.2.2.1 want it.
    pub(crate) fn generalized_time(&mut self, unix_seconds: i64) {
        let moment = civil::Moment::from_unix(unix_seconds);
        self.element(GENERALIZED_TIME, &moment.generalized_time());
    }

    /// One `Extension` (RFC 5280 4.2): the value is an OCTET STRING around DER.
    pub(crate) fn extension(
        &mut self,
        oid: &ObjectIdentifier,
        critical: bool,
        value: impl FnOnce(&mut Writer),
    ) {
        self.sequence(|extension| {
            extension.object_identifier(oid);
            if critical {
                extension.boolean_true();
            }
            extension.nested(OCTET_STRING, value);
        });
    }
}

/// Tag and length for `length` bytes of content.
pub(crate) fn header(tag: u8, length: usize) -> Vec<u8> {
    Writer::build(10, |writer| writer.begin(tag, length))
}

/// How long a BIT STRING around so many octets is, header included.
pub(crate) fn bit_string_length(content: usize) -> usize {
    1 + length_octets(content + 1).1 + 1 + content
}

/// The length octets of X.690 8.1.3, in the shortest form DER demands, and how many of these they are.
fn length_octets(length: usize) -> ([u8; 9], usize) {
    let mut octets = [0; 9];
    if let Ok(short @ 0..0x80) = u8::try_from(length) {
        octets[0] = short;
        return (octets, 1);
    }
    let bytes = length.to_be_bytes();
    let significant = strip_zeros(&bytes);
    octets[0] = 0x80 | u8::try_from(significant.len()).unwrap_or(0);
    for (to, from) in octets.iter_mut().skip(1).zip(significant) {
        *to = *from;
    }
    (octets, significant.len() + 1)
}

/// `bytes` without its leading zero octets.
pub(crate) fn strip_zeros(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some((0, tail)) = rest.split_first() {
        rest = tail;
    }
    rest
}

#[cfg(test)]
mod tests {
    use der::{Decode, Encode};

    use super::*;

    #[test]
    fn lengths_are_the_shortest() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536, 200_000] {
            let content = vec![7; length];
            let ours = Writer::build(0, |w| w.element(OCTET_STRING, &content));
            let nested = Writer::build(0, |w| w.nested(OCTET_STRING, |w| w.raw(&content)));
            let long = Writer::build(0, |w| w.nested_long(OCTET_STRING, |w| w.raw(&content)));
            let theirs = der::asn1::OctetString::new(content.as_slice())
                .unwrap()
                .to_der()
                .unwrap();
            assert_eq!(ours, theirs);
            assert_eq!(nested, theirs);
            assert_eq!(long, theirs);
        }
    }

    #[test]
    fn unsigned_integers_agree_with_der() {
        for value in [0_u64, 1, 127, 128, 255, 256, 32_767, 32_768, u64::MAX] {
            let ours = Writer::build(0, |w| w.unsigned_number(value));
            assert_eq!(ours, value.to_der().unwrap());
        }
    }

    #[test]
    fn named_bits_drop_trailing_zeros() {
        let cases: [(u16, &[u8]); 5] = [
            (1 << 0, &[3, 2, 7, 0x80]),
            (1 << 1, &[3, 2, 6, 0x40]),
            (1 << 5 | 1 << 6, &[3, 2, 1, 0x06]),
            (1 << 8, &[3, 3, 7, 0, 0x80]),
            (1 << 7, &[3, 2, 0, 0x01]),
        ];
        for (bits, expected) in cases {
            assert_eq!(Writer::build(0, |w| w.named_bits(bits)), expected);
        }
    }

    #[test]
    fn times_change_form_in_2050() {
        let last =
            der::asn1::UtcTime::from_unix_duration(core::time::Duration::from_secs(2_524_607_999))
                .unwrap();
        assert_eq!(
            Writer::build(0, |w| w.time(2_524_607_999)),
            last.to_der().unwrap()
        );
        let after = Writer::build(0, |w| w.time(2_524_608_000));
        let read = der::asn1::GeneralizedTime::from_der(&after).unwrap();
        assert_eq!(read.to_unix_duration().as_secs(), 2_524_608_000);
    }
}
