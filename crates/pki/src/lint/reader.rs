//! A strict reader of DER (X.690 10, 11) over borrowed bytes. It shares nothing with the writer in
//! `asn1`: what the lint believes of a certificate, it has read here. Whatever has another encoding
//! than the one DER allows is not read at all.

use std::fmt;

use const_oid::ObjectIdentifier;

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const UTF8_STRING: u8 = 0x0c;
pub(super) const PRINTABLE_STRING: u8 = 0x13;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// What is left to read of some content.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

/// One element.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    /// Tag, length and content.
    pub whole: &'a [u8],
}

/// An object identifier where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Oid<'a>(pub &'a [u8]);

impl Oid<'_> {
    pub fn is(self, other: &ObjectIdentifier) -> bool {
        self.0 == other.as_bytes()
    }
}

impl fmt::Display for Oid<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match ObjectIdentifier::from_bytes(self.0) {
            Ok(oid) => oid.fmt(formatter),
            Err(_) => formatter.write_str(&hex::encode(self.0)),
        }
    }
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The content of the one element that `bytes` are.
    pub fn only(bytes: &'a [u8], tag: u8) -> Option<&'a [u8]> {
        let mut reader = Self::new(bytes);
        let element = reader.expect(tag)?;
        reader.end()?;
        Some(element.content)
    }

    /// A reader of the content of the one element that `bytes` are.
    pub fn inside(bytes: &'a [u8], tag: u8) -> Option<Self> {
        Self::only(bytes, tag).map(Self::new)
    }

    /// The next element: a tag of one octet, the shortest definite length (X.690 10.1), under 64 KiB.
    pub fn next(&mut self) -> Option<Element<'a>> {
        let (&tag, after) = self.rest.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (length, after) = match after {
            [short @ ..=0x7f, after @ ..] => (usize::from(*short), after),
            [0x81, long @ 0x80..=0xff, after @ ..] => (usize::from(*long), after),
            [0x82, high @ 1..=0xff, low, after @ ..] => {
                (usize::from(u16::from_be_bytes([*high, *low])), after)
            }
            _ => return None,
        };
        let (content, rest) = after.split_at_checked(length)?;
        let whole = self.rest.get(..self.rest.len() - rest.len())?;
        self.rest = rest;
        Some(Element {
            tag,
            content,
            whole,
        })
    }

    /// The next element, when it has that tag.
    pub fn expect(&mut self, tag: u8) -> Option<Element<'a>> {
        self.next().filter(|element| element.tag == tag)
    }

    /// Whether the next element has that tag.
    pub fn is_next(&self, tag: u8) -> bool {
        self.rest.first() == Some(&tag)
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Nothing may be left.
    pub fn end(&self) -> Option<()> {
        self.is_empty().then_some(())
    }

    /// The content of the next element, which has that tag and nothing after it.
    pub fn last(mut self, tag: u8) -> Option<&'a [u8]> {
        let element = self.expect(tag)?;
        self.end()?;
        Some(element.content)
    }

    /// An OBJECT IDENTIFIER: no sub-identifier begins with a padding octet, and the last one ends
    /// (X.690 8.19).
    pub fn object_identifier(&mut self) -> Option<Oid<'a>> {
        let content = self.expect(OBJECT_IDENTIFIER)?.content;
        let mut begins = true;
        for octet in content {
            if begins && *octet == 0x80 {
                return None;
            }
            begins = octet & 0x80 == 0;
        }
        (begins && !content.is_empty()).then_some(Oid(content))
    }

    /// A BOOLEAN DEFAULT FALSE: TRUE, or left out (X.690 11.1, 11.5).
    pub fn flag(&mut self) -> Option<bool> {
        if !self.is_next(BOOLEAN) {
            return Some(false);
        }
        (self.next()?.content == [0xff]).then_some(true)
    }

    /// The content of an INTEGER in as few octets as it takes (X.690 8.3.2), signed.
    pub fn integer(&mut self) -> Option<&'a [u8]> {
        let content = self.expect(INTEGER)?.content;
        match content {
            [] | [0, ..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => None,
            _ => Some(content),
        }
    }

    /// `Time` of RFC 5280 4.1.2.5 as unix seconds: UTCTime through 2049, GeneralizedTime from 2050 on.
    pub fn time(&mut self) -> Option<i64> {
        let element = self.next()?;
        let (year, rest) = match (element.tag, element.content) {
            (UTC_TIME, [y1, y0, rest @ ..]) => {
                let year = two(*y1, *y0)?;
                (
                    if year < 50 {
                        2_000 + year
                    } else {
                        1_900 + year
                    },
                    rest,
                )
            }
            (GENERALIZED_TIME, [c1, c0, y1, y0, rest @ ..]) => {
                let year = two(*c1, *c0)? * 100 + two(*y1, *y0)?;
                if (1_950..2_050).contains(&year) {
                    return None;
                }
                (year, rest)
            }
            _ => return None,
        };
        let [o1, o0, d1, d0, h1, h0, m1, m0, s1, s0, b'Z'] = rest else {
            return None;
        };
        let (month, day) = (two(*o1, *o0)?, two(*d1, *d0)?);
        let (hour, minute, second) = (two(*h1, *h0)?, two(*m1, *m0)?, two(*s1, *s0)?);
        if hour > 23
            || minute > 59
            || second > 59
            || !(1..=month_length(year, month)?).contains(&day)
        {
            return None;
        }
        let days = days_before_year(year) - days_before_year(1_970)
            + (1..month)
                .filter_map(|month| month_length(year, month))
                .sum::<i64>()
            + day
            - 1;
        Some(days * 86_400 + hour * 3_600 + minute * 60 + second)
    }
}

/// The bits of a BIT STRING with named bits, bit *n* at `1 << n`; without trailing zero bits (X.690
/// 11.2.2), 16 at the most.
pub(super) fn named_bits(content: &[u8]) -> Option<u16> {
    let (&unused, octets) = content.split_first()?;
    let mut bits = 0;
    for (octet, shift) in octets.iter().zip([0, 8]) {
        bits |= u16::from(octet.reverse_bits()) << shift;
    }
    match octets.last() {
        None => (unused == 0).then_some(bits),
        Some(last) => {
            (octets.len() <= 2 && *last != 0 && last.trailing_zeros() == u32::from(unused))
                .then_some(bits)
        }
    }
}

pub(super) fn utf8(content: &[u8]) -> Option<&str> {
    std::str::from_utf8(content).ok()
}

/// IA5String: ASCII.
pub(super) fn ascii(content: &[u8]) -> Option<&str> {
    utf8(content).filter(|text| text.is_ascii())
}

/// PrintableString (X.680 41.4).
pub(super) fn printable(content: &[u8]) -> Option<&str> {
    utf8(content).filter(|text| {
        text.bytes()
            .all(|byte| matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'\''..=b')' | b'+'..=b':' | b' ' | b'=' | b'?'))
    })
}

fn two(tens: u8, ones: u8) -> Option<i64> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn month_length(year: i64, month: i64) -> Option<i64> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(28 + i64::from(is_leap(year))),
        _ => None,
    }
}

/// Days of the years from 1 to before `year`.
fn days_before_year(year: i64) -> i64 {
    let before = year - 1;
    before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400)
}

#[cfg(test)]
mod tests {
    use der::{Decode, Encode};

    use super::*;

    #[test]
    fn what_is_not_der_is_not_read() {
        for bad in [
            &b"\x30"[..],
            b"\x30\x01",
            b"\x30\x80\x00\x00",
            b"\x30\x81\x01\x00",
            b"\x30\x82\x00\x80",
            b"\x1f\x01\x00",
            b"\x30\x83\x01\x00\x00",
        ] {
            assert!(Reader::new(bad).next().is_none(), "{bad:?}");
        }
        for bad in [&b"\x02\x00"[..], b"\x02\x02\x00\x7f", b"\x02\x02\xff\x80"] {
            assert!(Reader::new(bad).integer().is_none(), "{bad:?}");
        }
        for bad in [
            &b"\x06\x00"[..],
            b"\x06\x03\x2a\x80\x01",
            b"\x06\x02\x2a\x86",
        ] {
            assert!(Reader::new(bad).object_identifier().is_none(), "{bad:?}");
        }
        for bad in [&b"\x01\x01\x00"[..], b"\x01\x01\x01", b"\x01\x00"] {
            assert!(Reader::new(bad).flag().is_none(), "{bad:?}");
        }
        for bad in [
            &b""[..],
            &[1],
            &[0, 0],
            &[5, 0xc0],
            &[8, 0x80],
            &[5, 0x40],
            &[0, 1, 2, 3],
        ] {
            assert!(named_bits(bad).is_none(), "{bad:?}");
        }
        assert_eq!(named_bits(&[7, 0x80]), Some(1));
        assert_eq!(named_bits(&[1, 0x06]), Some(1 << 5 | 1 << 6));
        assert_eq!(named_bits(&[7, 0, 0x80]), Some(1 << 8));
    }

    #[test]
    fn times_agree_with_another_decoder() {
        for step in 0..4_000_u64 {
            let seconds = step * 63_113_851 % 253_402_300_799;
            let duration = core::time::Duration::from_secs(seconds);
            let time = match der::asn1::UtcTime::from_unix_duration(duration) {
                Ok(time) => time.to_der().unwrap(),
                Err(_) => der::asn1::GeneralizedTime::from_unix_duration(duration)
                    .unwrap()
                    .to_der()
                    .unwrap(),
            };
            assert_eq!(
                Reader::new(&time).time(),
                Some(i64::try_from(seconds).unwrap())
            );
        }
        for bad in [
            &b"\x17\x0d260230000000Z"[..],
            b"\x17\x0d261301000000Z",
            b"\x17\x0d260101240000Z",
            b"\x17\x0b2601010000Z",
            b"\x17\x112601010000+0100",
            b"\x18\x0f20260101000000Z",
            b"\x18\x1120510101000000.5Z",
        ] {
            assert!(Reader::new(bad).time().is_none(), "{bad:?}");
            assert!(bad.len() > 2);
        }
        assert!(der::asn1::UtcTime::from_der(b"\x17\x0d260228000000Z").is_ok());
    }
}
