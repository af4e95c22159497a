//! Directory names compared for name constraints (RFC 5280 7.1): kind of string, case and runs of
//! spaces make no difference.

use const_oid::ObjectIdentifier;
use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader, Tag, Tagged as _};

use crate::certificate::general_name::{Elements, sequence};
use crate::oids;

/// Whether a `Name` has no parts.
pub(super) fn is_empty(name: &[u8]) -> bool {
    parts(name).next().is_none()
}

/// Whether the first parts of `name` are those of `base`.
pub(super) fn begins_with(name: &[u8], base: &[u8]) -> bool {
    let mut own = parts(name);
    parts(base).all(|wanted| own.next().is_some_and(|given| is_same(given, wanted)))
}

/// The addresses in emailAddress attributes.
pub(super) fn mail_addresses(name: &[u8]) -> impl Iterator<Item = &str> {
    parts(name)
        .flat_map(attributes)
        .filter(|(kind, _)| *kind == oids::EMAIL_ADDRESS)
        // An address that is no text satisfies no constraint on mail.
        .map(|(_, value)| std::str::from_utf8(value.value()).unwrap_or_default())
}

/// The relative distinguished names: each a SET of attributes.
fn parts(name: &[u8]) -> impl Iterator<Item = AnyRef<'_>> {
    // The name was read once already.
    Elements::of(sequence(name).unwrap_or_default()).filter_map(Result::ok)
}

fn attributes(set: AnyRef<'_>) -> impl Iterator<Item = (ObjectIdentifier, AnyRef<'_>)> {
    Elements::of(set.value()).filter_map(|attribute| {
        let mut reader = SliceReader::new(attribute.ok()?.value()).ok()?;
        let kind = ObjectIdentifier::decode(&mut reader).ok()?;
        let value = AnyRef::decode(&mut reader).ok()?;
        reader.is_finished().then_some((kind, value))
    })
}

fn is_same(given: AnyRef<'_>, wanted: AnyRef<'_>) -> bool {
    if given == wanted {
        return true;
    }
    let count = attributes(given).count();
    count == attributes(wanted).count()
        && attributes(wanted).all(|(kind, value)| {
            attributes(given).any(|(other, text)| other == kind && is_same_value(text, value))
        })
}

fn is_same_value(given: AnyRef<'_>, wanted: AnyRef<'_>) -> bool {
    match (folded(given), folded(wanted)) {
        (Some(given), Some(wanted)) => given == wanted,
        _ => given == wanted,
    }
}

/// A text without what makes no difference; nothing for what is no text.
fn folded(value: AnyRef<'_>) -> Option<String> {
    let bytes = value.value();
    let text = match value.tag() {
        Tag::PrintableString | Tag::Utf8String | Tag::Ia5String => {
            std::str::from_utf8(bytes).ok()?.to_lowercase()
        }
        // Latin-1 is what TeletexString means in practice.
        Tag::TeletexString => {
            let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
            text.to_lowercase()
        }
        Tag::BmpString => {
            let units = bytes.chunks(2).map(|pair| {
                pair.iter()
                    .fold(0_u16, |unit, byte| unit << 8 | u16::from(*byte))
            });
            let text: Result<String, _> = char::decode_utf16(units).collect();
            text.ok()?.to_lowercase()
        }
        _ => return None,
    };
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}
