//! People and their names.

use crate::Timestamp;
use crate::hsa_id::HsaId;
use crate::id::PersonId;
use crate::identity_number::IdentityNumber;
use crate::label::single_spaced;
use crate::security_identifier::SecurityIdentifier;

pub use crate::contact::{BadAddress, BadEmail, BadMobile, Email, Mobile, RegisteredAddress};

/// Somebody who has, had or will have a card. `Debug` shows the identifier alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Our own identifier.
    pub id: PersonId,
    /// Personal identity number or coordination number.
    pub identity_number: IdentityNumber,
    /// Given name, one or several.
    pub given_name: Name,
    /// Family name, one or several.
    pub family_name: Name,
    /// The person's HSA-id.
    pub hsa_id: HsaId,
    /// Address at work.
    pub email: Option<Email>,
    /// Number for notices.
    pub mobile: Option<Mobile>,
    /// The security identifier of the person's account in Active Directory.
    pub security_identifier: Option<SecurityIdentifier>,
    /// Since when the identity is protected; nothing when it is not.
    pub protected: Option<Timestamp>,
}

impl Person {
    /// Given name and family name with a space between.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// Whether the identity is protected.
    #[must_use]
    pub fn protection(&self) -> Protection {
        if self.protected.is_some() {
            Protection::Protected
        } else {
            Protection::Open
        }
    }
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Whether a person's data may be shown to everybody who handles cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protection {
    /// The usual case.
    Open,
    /// Protected identity: only specially authorised officers, no address in lists, first name and HSA-id in bookings.
    Protected,
}

/// A given name or family name: letters of any script, spaces, hyphens, apostrophes and full stops, at most 64 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

/// A text that is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// Nothing but spaces.
    #[error("the name is empty")]
    Empty,
    /// Begins like a spreadsheet formula: `=`, `+`, `-` or `@`.
    #[error("the name begins with {0:?}, as a spreadsheet formula does")]
    Formula(char),
    /// A character that stands in no name, control characters included.
    #[error("{0:?} does not stand in a name")]
    Character(char),
    /// No letter anywhere.
    #[error("the name has no letter")]
    NoLetter,
    /// More than 64 characters.
    #[error("the name has {0} characters, 64 is the most")]
    TooLong(usize),
}

impl Name {
    /// The longest name, in characters; X.520 allows 64 for a common name, and cards have less room still.
    pub const LONGEST: usize = 64;

    /// Reads a name: trimmed, inner spaces made single.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        if let Some(control) = text.chars().find(|c| c.is_control()) {
            return Err(BadName::Character(control));
        }
        let text = single_spaced(text);
        let Some(first) = text.chars().next() else {
            return Err(BadName::Empty);
        };
        if matches!(first, '=' | '+' | '-' | '@') {
            return Err(BadName::Formula(first));
        }
        if let Some(stranger) = text.chars().find(|&c| !is_name_character(c)) {
            return Err(BadName::Character(stranger));
        }
        if !text.chars().any(char::is_alphabetic) {
            return Err(BadName::NoLetter);
        }
        match text.chars().count() {
            length if length > Self::LONGEST => Err(BadName::TooLong(length)),
            _ => Ok(Self(text)),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Combining marks (U+0300–036F) belong to the letter before them in decomposed text; U+2019 is the typographer's apostrophe.
fn is_name_character(c: char) -> bool {
    c.is_alphabetic()
        || matches!(
            c,
            ' ' | '-' | '\'' | '\u{2019}' | '.' | '\u{300}'..='\u{36f}'
        )
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Name(…)")
    }
}

/// The search key of a text: lower case in every script, trimmed, single spaces. Letters keep their marks, so å is not a.
///
/// Databases fold only ASCII, or fold differently from each other; so the folded text is a column of its own.
#[must_use]
pub fn folded(text: &str) -> String {
    single_spaced(text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Result<&str, BadName>) {
        assert_eq!(
            Name::parse(text).as_ref().map(Name::as_str),
            expected.as_ref().copied(),
            "{text}"
        );
    }

    #[test]
    fn names() {
        for name in [
            "Sören",
            "O'Brien",
            "O’Brien",
            "Dahl-Berg",
            "af Klercker",
            "Kovačević",
            "J. R.",
            "Нина",
            "王",
            "محمد",
            "Asa\u{30a}",
        ] {
            check(name, Ok(name));
        }
        check("  von   Essen ", Ok("von Essen"));
        check("", Err(BadName::Empty));
        check("   ", Err(BadName::Empty));
        check("=cmd|' /C calc'!A0", Err(BadName::Formula('=')));
        check("+46", Err(BadName::Formula('+')));
        check("-", Err(BadName::Formula('-')));
        check("@SUM", Err(BadName::Formula('@')));
        check("Anna<script>", Err(BadName::Character('<')));
        check("Anna1", Err(BadName::Character('1')));
        check("Anna\u{200b}", Err(BadName::Character('\u{200b}')));
        check("Anna\u{202e}", Err(BadName::Character('\u{202e}')));
        check("Anna\r\nBcc", Err(BadName::Character('\r')));
        check("A|B", Err(BadName::Character('|')));
        check("...", Err(BadName::NoLetter));
        check(&"å".repeat(64), Ok(&"å".repeat(64)));
        check(&"å".repeat(65), Err(BadName::TooLong(65)));
    }

    #[test]
    fn folding_keeps_swedish_letters() {
        assert_eq!(folded("  ÅSA   Öberg "), "åsa öberg");
        assert_ne!(folded("Åsa"), folded("Asa"));
        assert_eq!(folded(""), "");
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in any::<String>()) {
            if let Ok(name) = Name::parse(&text) {
                prop_assert_eq!(Name::parse(name.as_str()), Ok(name));
            }
        }

        #[test]
        fn folding_twice_is_folding_once(text in any::<String>()) {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
