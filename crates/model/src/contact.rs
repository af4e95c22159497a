//! E-mail addresses, mobile numbers and registered home addresses.

use crate::label::{BadLabel, Label};

/// An e-mail address: `local@domain.tld`, ASCII, at most 254 characters (RFC 5321 4.5.3.1.3).
///
/// Quoted local parts and address literals of RFC 5321 are refused: no staff directory uses them, and a certificate's
/// `rfc822Name` (RFC 5280 4.2.1.6) should look like the address people know. The domain is lower case; the local part keeps its letters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

/// A text that is no e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEmail {
    /// Nothing there.
    #[error("the address is empty")]
    Empty,
    /// More than 254 characters, or more than 64 before the `@`.
    #[error("the address is too long")]
    TooLong,
    /// No `@`, or more than one.
    #[error("the address needs exactly one @")]
    AtSign,
    /// A character that cannot stand in an address.
    #[error("{0:?} does not stand in an e-mail address")]
    Character(char),
    /// The part before the `@` is empty or has a dot in the wrong place.
    #[error("the part before the @ is no name of a mailbox")]
    Local,
    /// The part after the `@` is no dotted domain name.
    #[error("the part after the @ is no domain name")]
    Domain,
}

impl Email {
    /// Reads an address, surrounding spaces aside.
    pub fn parse(text: &str) -> Result<Self, BadEmail> {
        let text = text.trim_matches(' ');
        if text.is_empty() {
            return Err(BadEmail::Empty);
        }
        if let Some(stranger) = text.chars().find(|&c| !is_address_character(c)) {
            return Err(BadEmail::Character(stranger));
        }
        let (local, domain) = text.split_once('@').ok_or(BadEmail::AtSign)?;
        if domain.contains('@') {
            return Err(BadEmail::AtSign);
        }
        if text.len() > 254 || local.len() > 64 {
            return Err(BadEmail::TooLong);
        }
        if local.split('.').any(str::is_empty) {
            return Err(BadEmail::Local);
        }
        if !is_domain(domain) {
            return Err(BadEmail::Domain);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email(…)")
    }
}

fn is_address_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "@.!#$%&'*+-/=?^_`{|}~".contains(c)
}

/// At least two labels of letters, digits and inner hyphens; the last one has a letter (RFC 1123 2.1).
fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.')
        && domain.split('.').all(label)
        && domain
            .rsplit('.')
            .next()
            .is_some_and(|top| top.len() >= 2 && top.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

/// A mobile number: digits with an optional leading `+`, 7 to 15 digits (ITU-T E.164 6.1); spaces and hyphens are dropped.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mobile(String);

/// A text that is no mobile number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMobile {
    /// Nothing there.
    #[error("the number is empty")]
    Empty,
    /// Something else than digits, spaces, hyphens, parentheses and a leading plus.
    #[error("{0:?} does not stand in a telephone number")]
    Character(char),
    /// Fewer than 7 or more than 15 digits.
    #[error("a telephone number has 7 to 15 digits, this has {0}")]
    Length(usize),
}

impl Mobile {
    /// Reads a number as people write it.
    pub fn parse(text: &str) -> Result<Self, BadMobile> {
        let mut number = String::with_capacity(text.len());
        for c in text.trim().chars() {
            match c {
                '0'..='9' => number.push(c),
                '+' if number.is_empty() => number.push(c),
                ' ' | '\u{a0}' | '-' | '(' | ')' => {}
                stranger => return Err(BadMobile::Character(stranger)),
            }
        }
        match number.trim_start_matches('+').len() {
            0 => Err(BadMobile::Empty),
            digits if !(7..=15).contains(&digits) => Err(BadMobile::Length(digits)),
            _ => Ok(Self(number)),
        }
    }

    /// Digits, with a leading `+` if there was one.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Mobile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Debug for Mobile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mobile(…)")
    }
}

/// The address where a person is registered; read only at the moment a card is sent there. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct RegisteredAddress {
    /// Street and number, or what the countryside has instead.
    pub street: Label,
    /// Swedish postal code.
    pub postal_code: PostalCode,
    /// Postal town.
    pub town: Label,
}

impl std::fmt::Debug for RegisteredAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RegisteredAddress(…)")
    }
}

/// What was wrong with an address, part by part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// The street.
    #[error("the street is not usable")]
    Street(#[source] BadLabel),
    /// The postal code.
    #[error("the postal code is not usable")]
    PostalCode(#[source] BadPostalCode),
    /// The town.
    #[error("the town is not usable")]
    Town(#[source] BadLabel),
}

impl RegisteredAddress {
    /// Reads an address; the first part that is wrong is the error.
    pub fn parse(street: &str, postal_code: &str, town: &str) -> Result<Self, BadAddress> {
        Ok(Self {
            street: Label::parse(street).map_err(BadAddress::Street)?,
            postal_code: PostalCode::parse(postal_code).map_err(BadAddress::PostalCode)?,
            town: Label::parse(town).map_err(BadAddress::Town)?,
        })
    }
}

/// A Swedish postal code: five digits, the first not zero, written `NNN NN`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostalCode(String);

/// A text that is no Swedish postal code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a postal code has five digits, the first not zero")]
pub struct BadPostalCode;

impl PostalCode {
    /// Reads `NNN NN`, `NNNNN` or either with `SE-` in front.
    pub fn parse(text: &str) -> Result<Self, BadPostalCode> {
        let text = text.trim();
        let text = text.strip_prefix("SE-").unwrap_or(text);
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        match digits.split_at_checked(3) {
            Some((area, rest))
                if rest.len() == 2
                    && !area.starts_with('0')
                    && digits.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                Ok(Self(format!("{area} {rest}")))
            }
            _ => Err(BadPostalCode),
        }
    }

    /// The code as `NNN NN`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for PostalCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Debug for PostalCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostalCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails() {
        let check = |text: &str, expected: Result<&str, BadEmail>| {
            assert_eq!(
                Email::parse(text).as_ref().map(Email::as_str),
                expected.as_ref().copied(),
                "{text}"
            );
        };
        check(" Sören@example.se", Err(BadEmail::Character('ö')));
        check(
            "soren.nilsson.0@Example.SE ",
            Ok("soren.nilsson.0@example.se"),
        );
        check(
            "O'Brien+kort@mail.example.se",
            Ok("O'Brien+kort@mail.example.se"),
        );
        check("", Err(BadEmail::Empty));
        check("not-an-address", Err(BadEmail::AtSign));
        check("a@b@example.se", Err(BadEmail::AtSign));
        check("@example.se", Err(BadEmail::Local));
        check("a..b@example.se", Err(BadEmail::Local));
        check(".a@example.se", Err(BadEmail::Local));
        check("a@example", Err(BadEmail::Domain));
        check("a@-x.se", Err(BadEmail::Domain));
        check("a@127.0.0.1", Err(BadEmail::Domain));
        check("a b@example.se", Err(BadEmail::Character(' ')));
        check("a\n@example.se", Err(BadEmail::Character('\n')));
        check(
            &format!("{}@example.se", "a".repeat(65)),
            Err(BadEmail::TooLong),
        );
        check(
            &format!("a@{}.se", "a.".repeat(130)),
            Err(BadEmail::TooLong),
        );
    }

    #[test]
    fn mobiles() {
        let check = |text: &str, expected: Result<&str, BadMobile>| {
            assert_eq!(
                Mobile::parse(text).as_ref().map(Mobile::as_str),
                expected.as_ref().copied(),
                "{text}"
            );
        };
        check("0783960310", Ok("0783960310"));
        check("+46 (0)70-396 03 10", Ok("+460703960310"));
        check("", Err(BadMobile::Empty));
        check("+", Err(BadMobile::Empty));
        check("070+1234567", Err(BadMobile::Character('+')));
        check("ring mig", Err(BadMobile::Character('r')));
        check("123456", Err(BadMobile::Length(6)));
        check("1234567890123456", Err(BadMobile::Length(16)));
    }

    #[test]
    fn addresses() {
        let address = RegisteredAddress::parse("Östra Vallgatan 5", "22222", "Lund").unwrap();
        assert_eq!(address.postal_code.as_str(), "222 22");
        assert_eq!(format!("{address:?}"), "RegisteredAddress(…)");
        assert_eq!(
            RegisteredAddress::parse("", "222 22", "Lund"),
            Err(BadAddress::Street(BadLabel::Empty))
        );
        assert_eq!(
            RegisteredAddress::parse("A 1", "022 22", "Lund"),
            Err(BadAddress::PostalCode(BadPostalCode))
        );
        assert_eq!(
            RegisteredAddress::parse("A 1", "SE-222 22", "\t"),
            Err(BadAddress::Town(BadLabel::Control('\t')))
        );
        assert_eq!(PostalCode::parse("2222é"), Err(BadPostalCode));
    }
}
