//! Checks of issuer and subject names (RFC 5280 4.1.2.4, 4.1.2.6).

use smallvec::SmallVec;

use super::body::Body;
use super::reader::{
    Element, Oid, PRINTABLE_STRING, Reader, SEQUENCE, SET, UTF8_STRING, printable, utf8,
};
use super::{Findings, PROFILE};
use crate::profile::{Class, Issuer};

/// Nothing when the subject is no `Name`.
pub(super) fn check(
    body: &Body<'_>,
    class: Class,
    issuer: Issuer<'_>,
    findings: &mut Findings,
) -> Option<()> {
    let expected = match issuer {
        Issuer::Itself => body.subject,
        Issuer::Authority(authority) => authority.subject_der(),
    };
    findings.unless(
        body.issuer == expected,
        "RFC 5280 4.1.2.4",
        "issuer is not the subject of the issuing certificate",
    );
    findings.unless(
        matches!(issuer, Issuer::Itself) == (class == Class::Root),
        "RFC 5280 3.2",
        "only a root signs itself",
    );
    if let Issuer::Authority(_) = issuer {
        findings.unless(
            body.subject != body.issuer,
            "RFC 5280 3.2",
            "another certificate bears the issuer's own name",
        );
    }
    let mut seen: SmallVec<[Oid<'_>; 8]> = SmallVec::new();
    let mut name = Reader::inside(body.subject, SEQUENCE)?;
    while !name.is_empty() {
        let mut rdn = Reader::new(name.expect(SET)?.content);
        let mut attributes = 0;
        // SET SIZE (1..MAX)
        while attributes == 0 || !rdn.is_empty() {
            let mut pair = Reader::new(rdn.expect(SEQUENCE)?.content);
            let oid = pair.object_identifier()?;
            let value = pair.next()?;
            pair.end()?;
            let mut earlier = seen.iter();
            findings.unless(
                !earlier.any(|other| other.0.last() == oid.0.last() && *other == oid),
                "RFC 5280 4.1.2.6",
                format_args!("attribute {oid} stands twice"),
            );
            seen.push(oid);
            attribute(oid, value, findings);
            attributes += 1;
        }
        findings.unless(attributes == 1, PROFILE, "an RDN holds several attributes");
    }
    for needed in needed_attributes(class) {
        findings.unless(
            seen.iter()
                .any(|oid| matches!(oid.0, [0x55, 0x04, last] if last == needed)),
            PROFILE,
            format_args!("attribute 2.5.4.{needed} is missing"),
        );
    }
    Some(())
}

/// The last arcs below id-at, 2.5.4 (RFC 5280 A.1).
const COMMON_NAME: u8 = 3;
const SURNAME: u8 = 4;
const SERIAL_NUMBER: u8 = 5;
const COUNTRY: u8 = 6;
const ORGANISATION: u8 = 10;
const ORGANISATIONAL_UNIT: u8 = 11;
const GIVEN_NAME: u8 = 42;

fn needed_attributes(class: Class) -> &'static [u8] {
    if class == Class::Person {
        &[COUNTRY, COMMON_NAME, SURNAME, GIVEN_NAME, SERIAL_NUMBER]
    } else {
        &[COUNTRY, ORGANISATION, COMMON_NAME]
    }
}

fn attribute(oid: Oid<'_>, value: Element<'_>, findings: &mut Findings) {
    let expected = match oid.0 {
        [0x55, 0x04, COUNTRY | SERIAL_NUMBER] => PRINTABLE_STRING,
        [
            0x55,
            0x04,
            ORGANISATION | ORGANISATIONAL_UNIT | COMMON_NAME | SURNAME | GIVEN_NAME,
        ] => UTF8_STRING,
        _ => {
            findings.unless(
                false,
                PROFILE,
                format_args!("attribute {oid} has no place in our names"),
            );
            return;
        }
    };
    findings.unless(
        value.tag == expected,
        "RFC 5280 4.1.2.4",
        format_args!("attribute {oid} is in another string type"),
    );
    let Some(text) = text_of(expected, value.content) else {
        findings.unless(
            false,
            "RFC 5280 4.1.2.4",
            format_args!("attribute {oid} holds what its string type has not"),
        );
        return;
    };
    let bound = if oid.0 == [0x55, 0x04, COUNTRY] {
        2..=2
    } else {
        1..=64
    };
    findings.unless(
        bound.contains(&text.length),
        "RFC 5280 A.1",
        format_args!("attribute {oid} is empty or too long"),
    );
    findings.unless(
        text.clean,
        "RFC 5280 4.1.2.4",
        format_args!("attribute {oid} has stray white space"),
    );
}

/// What is asked of the text of an attribute.
struct Text {
    /// In characters.
    length: usize,
    /// Neither white space around it nor control characters in it.
    clean: bool,
}

/// Nothing where the content is not of that string type.
fn text_of(tag: u8, content: &[u8]) -> Option<Text> {
    // Most names are plain: in one go over the bytes, in which space is the only white space that is no control.
    if content.iter().all(|byte| (b' '..0x7f).contains(byte)) {
        if tag == PRINTABLE_STRING {
            printable(content)?;
        }
        return Some(Text {
            length: content.len(),
            clean: content.first() != Some(&b' ') && content.last() != Some(&b' '),
        });
    }
    let text = match tag {
        PRINTABLE_STRING => printable(content),
        _ => utf8(content),
    }?;
    Some(Text {
        length: text.chars().count(),
        clean: text.trim() == text && !text.chars().any(char::is_control),
    })
}
