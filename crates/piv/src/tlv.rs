//! BER-TLV as cards speak it (ISO/IEC 7816-4 5.2.2): tags of one to three bytes, definite lengths up to 65535.

/// Bytes that are not TLV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTlv {
    /// The bytes end inside a tag, a length or a value.
    #[error("the TLV data ends too early")]
    Truncated,
    /// A tag of more than three bytes.
    #[error("a TLV tag is longer than three bytes")]
    LongTag,
    /// An indefinite length (80) or one of more than two length bytes.
    #[error("a TLV length is indefinite or above 65535")]
    LongLength,
}

/// One element: its tag as a big-endian number (0x7F49 for the two bytes 7F 49) and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The tag bytes read as one number.
    pub tag: u32,
    /// The value without tag and length.
    pub value: &'a [u8],
}

/// Reads elements one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of `data`.
    #[must_use]
    pub fn new(data: &'a [u8]) -> Self {
        Self { rest: data }
    }

    /// What has not been read yet.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next element, or `None` at the end. After an error the reader stays where it was.
    ///
    /// # Errors
    /// [`BadTlv`] when the bytes are cut short or are no TLV.
    pub fn element(&mut self) -> Result<Option<Tlv<'a>>, BadTlv> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (tag, rest) = read_tag(self.rest)?;
        let (length, rest) = read_length(rest)?;
        let (value, rest) = rest.split_at_checked(length).ok_or(BadTlv::Truncated)?;
        self.rest = rest;
        Ok(Some(Tlv { tag, value }))
    }
}

fn read_tag(data: &[u8]) -> Result<(u32, &[u8]), BadTlv> {
    let (&first, mut rest) = data.split_first().ok_or(BadTlv::Truncated)?;
    let mut tag = u32::from(first);
    if first & 0x1F != 0x1F {
        return Ok((tag, rest));
    }
    // ISO/IEC 7816-4 5.2.2.1: five ones announce more tag bytes, the last of which has its top bit clear.
    for _ in 0..2 {
        let (&next, after) = rest.split_first().ok_or(BadTlv::Truncated)?;
        tag = (tag << 8) | u32::from(next);
        rest = after;
        if next & 0x80 == 0 {
            return Ok((tag, rest));
        }
    }
    Err(BadTlv::LongTag)
}

fn read_length(data: &[u8]) -> Result<(usize, &[u8]), BadTlv> {
    let (&first, rest) = data.split_first().ok_or(BadTlv::Truncated)?;
    let bytes = match first {
        0..=0x7F => return Ok((usize::from(first), rest)),
        0x81 => 1,
        0x82 => 2,
        _ => return Err(BadTlv::LongLength),
    };
    let (length, rest) = rest.split_at_checked(bytes).ok_or(BadTlv::Truncated)?;
    // Cards write 82 00 10 where 10 would do; Part 1 does not ask for the shortest form, so neither does this.
    let length = length
        .iter()
        .fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
    Ok((length, rest))
}

/// The value of the first element with `tag` among the elements of `data`, or `None` when there is none.
///
/// # Errors
/// [`BadTlv`] when the bytes up to that element are no TLV.
pub fn find(data: &[u8], tag: u32) -> Result<Option<&[u8]>, BadTlv> {
    let mut reader = Reader::new(data);
    while let Some(element) = reader.element()? {
        if element.tag == tag {
            return Ok(Some(element.value));
        }
    }
    Ok(None)
}

/// Appends one element to `out`, its length in the shortest form.
///
/// `tag` is the number that [`Tlv::tag`] gives; only its low three bytes are written. A value above 65535 bytes is cut
/// there: no card object comes near it (Part 1, table 7), and callers bound what they write.
pub fn write(out: &mut Vec<u8>, tag: u32, value: &[u8]) {
    let [_, high, middle, low] = tag.to_be_bytes();
    if high != 0 {
        out.push(high);
    }
    if high != 0 || middle != 0 {
        out.push(middle);
    }
    out.push(low);
    let value = value.get(..0xFFFF).unwrap_or(value);
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    let [upper, lower] = length.to_be_bytes();
    match length {
        0..=0x7F => out.push(lower),
        0x80..=0xFF => out.extend([0x81, lower]),
        _ => out.extend([0x82, upper, lower]),
    }
    out.extend_from_slice(value);
}

/// One element by itself, as [`write`] would append it.
#[must_use]
pub fn element(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len().saturating_add(6));
    write(&mut out, tag, value);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_take_their_shortest_form() {
        assert_eq!(element(0x53, &[1, 2]), [0x53, 2, 1, 2]);
        assert_eq!(element(0x53, &[0; 0x80])[..3], [0x53, 0x81, 0x80]);
        assert_eq!(element(0x7F49, &[0; 0x100])[..5], [0x7F, 0x49, 0x82, 1, 0]);
        assert_eq!(element(0x005F_C102, &[])[..], [0x5F, 0xC1, 0x02, 0]);
    }

    #[test]
    fn longer_forms_are_read_too() {
        assert_eq!(find(&[0x70, 0x82, 0, 1, 9], 0x70), Ok(Some(&[9][..])));
        assert_eq!(find(&[0x70, 0x81, 1, 9], 0x71), Ok(None));
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        assert_eq!(find(&[0x70], 0x70), Err(BadTlv::Truncated));
        assert_eq!(find(&[0x70, 2, 1], 0x70), Err(BadTlv::Truncated));
        assert_eq!(find(&[0x70, 0x80, 0, 0], 0x70), Err(BadTlv::LongLength));
        assert_eq!(find(&[0x5F, 0x81, 0x82, 0x03, 0], 0), Err(BadTlv::LongTag));
    }

    proptest! {
        #[test]
        fn random_bytes_never_panic(data in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut reader = Reader::new(&data);
            while let Ok(Some(_)) = reader.element() {}
        }

        #[test]
        fn written_elements_are_read_back(
            tag in prop_oneof![Just(0x53_u32), Just(0x7F49), Just(0x005F_C105), Just(0xFE)],
            value in proptest::collection::vec(any::<u8>(), 0..3000),
        ) {
            let bytes = element(tag, &value);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.element().unwrap(), Some(Tlv { tag, value: &value }));
            prop_assert_eq!(reader.element().unwrap(), None);
        }
    }
}
