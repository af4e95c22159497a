//! Reading BER (ITU-T X.690 8), of which DER is a part: indefinite lengths and strings in pieces are what mail programs stream.

use std::borrow::Cow;
use std::cell::Cell;

use der::oid::ObjectIdentifier;

use super::BadMessage;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
const CONSTRUCTED: u8 = 0x20;

/// `[number]` in the constructed form: EXPLICIT, or IMPLICIT around a SEQUENCE or SET.
pub(super) const fn explicit(number: u8) -> u8 {
    0xA0 | number
}

/// `[number]` IMPLICIT in the primitive form.
pub(super) const fn implicit(number: u8) -> u8 {
    0x80 | number
}

/// Real messages have a few hundred elements, and one more for each piece of content.
const MOST_ELEMENTS: u32 = 2_000_000;
/// Real messages stay below a dozen levels.
const DEEPEST: u32 = 24;

/// How many more elements may be looked at in one message.
pub(super) struct Budget(Cell<u32>);

impl Budget {
    pub(super) fn new() -> Self {
        Self(Cell::new(MOST_ELEMENTS))
    }

    fn spend(&self) -> Result<(), BadMessage> {
        let left = self.0.get().checked_sub(1);
        self.0.set(left.ok_or(BadMessage::TooMuchWork)?);
        Ok(())
    }
}

/// One element. Its content stands without the end-of-contents octets.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    /// The whole element as it stands.
    pub(super) raw: &'a [u8],
}

impl<'a> Element<'a> {
    pub(super) fn reader<'b>(&self, budget: &'b Budget) -> Reader<'a, 'b> {
        Reader::new(self.content, budget)
    }

    pub(super) fn oid(&self) -> Result<ObjectIdentifier, BadMessage> {
        ObjectIdentifier::from_bytes(self.content).map_err(|_| BadMessage::Malformed)
    }

    /// The octets of an OCTET STRING in one piece or in many (X.690 8.7), whatever its outer tag.
    pub(super) fn octets(&self, budget: &Budget) -> Result<Cow<'a, [u8]>, BadMessage> {
        if self.tag & CONSTRUCTED == 0 {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut gathered = Vec::with_capacity(self.content.len());
        self.gather(&mut gathered, budget, DEEPEST)?;
        Ok(Cow::Owned(gathered))
    }

    fn gather(&self, into: &mut Vec<u8>, budget: &Budget, depth: u32) -> Result<(), BadMessage> {
        let depth = depth.checked_sub(1).ok_or(BadMessage::TooMuchWork)?;
        let mut pieces = self.reader(budget);
        while let Some(piece) = pieces.next()? {
            match piece.tag {
                OCTET_STRING => into.extend_from_slice(piece.content),
                tag if tag == OCTET_STRING | CONSTRUCTED => piece.gather(into, budget, depth)?,
                _ => return Err(BadMessage::Malformed),
            }
        }
        Ok(())
    }

    /// The whole octets of a BIT STRING in one piece (X.690 8.6).
    pub(super) fn bits(&self) -> Result<&'a [u8], BadMessage> {
        match self.content.split_first() {
            Some((0, bits)) => Ok(bits),
            _ => Err(BadMessage::Malformed),
        }
    }
}

/// Reads one element after the other.
pub(super) struct Reader<'a, 'b> {
    rest: &'a [u8],
    budget: &'b Budget,
}

impl<'a, 'b> Reader<'a, 'b> {
    pub(super) fn new(bytes: &'a [u8], budget: &'b Budget) -> Self {
        Self {
            rest: bytes,
            budget,
        }
    }

    /// The next element, or nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<Element<'a>>, BadMessage> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (element, rest) = element(self.rest, self.budget, DEEPEST)?;
        self.rest = rest;
        Ok(Some(element))
    }

    /// The next element, which must have this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Result<Element<'a>, BadMessage> {
        self.optional(tag)?.ok_or(BadMessage::Malformed)
    }

    /// The next element if it has this tag.
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, BadMessage> {
        if self.rest.first() == Some(&tag) {
            self.next()
        } else {
            Ok(None)
        }
    }

    /// An OCTET STRING, in one piece or in many.
    pub(super) fn octets(&mut self) -> Result<Cow<'a, [u8]>, BadMessage> {
        let string = self.next()?.ok_or(BadMessage::Malformed)?;
        if string.tag & !CONSTRUCTED != OCTET_STRING {
            return Err(BadMessage::Malformed);
        }
        string.octets(self.budget)
    }
}

fn element<'a>(
    bytes: &'a [u8],
    budget: &Budget,
    depth: u32,
) -> Result<(Element<'a>, &'a [u8]), BadMessage> {
    budget.spend()?;
    let (&tag, after_tag) = bytes.split_first().ok_or(BadMessage::Malformed)?;
    // Tag numbers above 30 take more octets (X.690 8.1.2.4); CMS has none.
    if tag & 0x1F == 0x1F {
        return Err(BadMessage::Malformed);
    }
    let (&first, after_length) = after_tag.split_first().ok_or(BadMessage::Malformed)?;
    let (content, rest) = match first {
        0..0x80 => split(after_length, usize::from(first))?,
        0x80 if tag & CONSTRUCTED == 0 => return Err(BadMessage::Malformed),
        0x80 => indefinite(after_length, budget, depth)?,
        _ => {
            let (octets, after) = split(after_length, usize::from(first & 0x7F))?;
            let length = octets
                .iter()
                .try_fold(0_usize, |length, octet| {
                    length.checked_mul(256)?.checked_add(usize::from(*octet))
                })
                .ok_or(BadMessage::Malformed)?;
            split(after, length)?
        }
    };
    let (raw, _) = split(bytes, bytes.len() - rest.len())?;
    Ok((Element { tag, content, raw }, rest))
}

/// Content up to its end-of-contents octets (X.690 8.1.5), and what follows these.
fn indefinite<'a>(
    bytes: &'a [u8],
    budget: &Budget,
    depth: u32,
) -> Result<(&'a [u8], &'a [u8]), BadMessage> {
    let depth = depth.checked_sub(1).ok_or(BadMessage::TooMuchWork)?;
    let mut rest = bytes;
    loop {
        if let Some(after) = rest.strip_prefix(&[0, 0]) {
            let (content, _) = split(bytes, bytes.len() - rest.len())?;
            return Ok((content, after));
        }
        (_, rest) = element(rest, budget, depth)?;
    }
}

fn split(bytes: &[u8], at: usize) -> Result<(&[u8], &[u8]), BadMessage> {
    bytes.split_at_checked(at).ok_or(BadMessage::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(bytes: &[u8]) -> Result<Vec<u8>, BadMessage> {
        let budget = Budget::new();
        let mut reader = Reader::new(bytes, &budget);
        reader.octets().map(Cow::into_owned)
    }

    #[test]
    fn strings_in_one_piece_and_in_many() {
        assert_eq!(octets(&[4, 2, 7, 8]), Ok(vec![7, 8]));
        assert_eq!(octets(&[4, 0x82, 0, 2, 7, 8]), Ok(vec![7, 8]));
        assert_eq!(
            octets(&[0x24, 0x80, 4, 1, 7, 0x24, 3, 4, 1, 8, 0, 0]),
            Ok(vec![7, 8])
        );
        assert_eq!(octets(&[0x24, 0x80, 4, 1, 7]), Err(BadMessage::Malformed));
        assert_eq!(octets(&[4, 0x80, 0, 0]), Err(BadMessage::Malformed));
        assert_eq!(
            octets(&[4, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
            Err(BadMessage::Malformed)
        );
    }

    #[test]
    fn depth_is_bounded() {
        assert_eq!(
            octets(&[0x24, 0x80].repeat(500_000)),
            Err(BadMessage::TooMuchWork)
        );
        let mut nested = vec![4, 0];
        for _ in 0..40 {
            let length = u8::try_from(nested.len()).unwrap();
            nested.splice(0..0, [0x24, length]);
        }
        assert_eq!(octets(&nested), Err(BadMessage::TooMuchWork));
    }
}
