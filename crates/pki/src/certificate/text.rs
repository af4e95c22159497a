//! Names as text: for people, and for Active Directory. Never parsed back.

use const_oid::ObjectIdentifier;
use der::{Decode, Tag, Tagged as _};
use x509_cert::name::Name;

use crate::oids;

/// `C=SE, O=Region, CN=Name`, in encoded order, backslash before what would mislead a reader.
pub(super) fn readable(name: &[u8]) -> String {
    join(name, ", ", |value| {
        let mut escaped = String::with_capacity(value.len());
        for character in value.chars() {
            if matches!(character, ',' | '=' | '+' | '"' | '\\' | '<' | '>' | ';') {
                escaped.push('\\');
            }
            if character.is_control() {
                escaped.push('\u{fffd}');
            } else {
                escaped.push(character);
            }
        }
        escaped
    })
}

/// `C=SE,O=Region,CN=Name`: the X.500 string form of Windows, values with special characters in
/// quotation marks, quotation marks doubled.
pub(super) fn directory(name: &[u8]) -> String {
    join(name, ",", |value| {
        let special = value.starts_with(' ')
            || value.ends_with(' ')
            || value.contains([',', '+', '=', '"', '\n', '<', '>', '#', ';']);
        if special {
            format!("\"{}\"", value.replace('"', "\"\""))
        } else {
            value
        }
    })
}

/// The first value of an attribute.
pub(super) fn attribute(name: &[u8], wanted: &ObjectIdentifier) -> Option<String> {
    let name = Name::from_der(name).ok()?;
    let found = name.iter().find(|pair| pair.oid == *wanted)?;
    Some(value_text(&found.value))
}

fn join(name: &[u8], separator: &str, escape: impl Fn(String) -> String) -> String {
    let Ok(name) = Name::from_der(name) else {
        return String::new();
    };
    let parts: Vec<String> = name
        .iter()
        .map(|pair| format!("{}={}", label(&pair.oid), escape(value_text(&pair.value))))
        .collect();
    parts.join(separator)
}

fn label(oid: &ObjectIdentifier) -> String {
    let known = match *oid {
        oids::COUNTRY => "C",
        oids::STATE => "S",
        oids::LOCALITY => "L",
        oids::ORGANISATION => "O",
        oids::ORGANISATIONAL_UNIT => "OU",
        oids::COMMON_NAME => "CN",
        oids::SURNAME => "SN",
        oids::GIVEN_NAME => "G",
        oids::SUBJECT_SERIAL_NUMBER => "SERIALNUMBER",
        oids::TITLE => "T",
        oids::DOMAIN_COMPONENT => "DC",
        oids::EMAIL_ADDRESS => "E",
        _ => return oid.to_string(),
    };
    known.to_owned()
}

fn value_text(value: &der::Any) -> String {
    let bytes = value.value();
    match value.tag() {
        // Latin-1 is what TeletexString means in practice.
        Tag::TeletexString => bytes.iter().map(|byte| char::from(*byte)).collect(),
        Tag::BmpString => {
            let units = bytes.chunks_exact(2).map(|pair| {
                pair.iter()
                    .fold(0_u16, |unit, byte| unit << 8 | u16::from(*byte))
            });
            char::decode_utf16(units)
                .map(|unit| unit.unwrap_or('\u{fffd}'))
                .collect()
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}
