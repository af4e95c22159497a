//! HSA-ids: how the Swedish health-care directory names people and units.

/// `SE`, ten digits of an organisation number, a hyphen, then letters and digits; at most 31 characters, upper case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HsaId(String);

/// A text that is no HSA-id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadHsaId {
    /// Nothing there.
    #[error("the HSA-id is empty")]
    Empty,
    /// Does not begin with `SE`.
    #[error("an HSA-id begins with SE")]
    Country,
    /// No ten digits after `SE`, or no hyphen after them.
    #[error("an HSA-id has ten digits and a hyphen after SE")]
    Organisation,
    /// Nothing after the hyphen.
    #[error("an HSA-id has letters or digits after the hyphen")]
    Suffix,
    /// Something else than A–Z and 0–9 after the hyphen.
    #[error("{0:?} does not stand in an HSA-id")]
    Character(char),
    /// More than 31 characters.
    #[error("an HSA-id has at most 31 characters, this has {0}")]
    TooLong(usize),
}

impl HsaId {
    /// The longest HSA-id, in characters.
    pub const LONGEST: usize = 31;

    /// Reads an HSA-id, spaces around it aside; lower-case letters become upper case, since directories do not tell them apart.
    pub fn parse(text: &str) -> Result<Self, BadHsaId> {
        let text = text.trim().to_ascii_uppercase();
        if text.is_empty() {
            return Err(BadHsaId::Empty);
        }
        let rest = text.strip_prefix("SE").ok_or(BadHsaId::Country)?;
        let (organisation, suffix) = rest.split_once('-').ok_or(BadHsaId::Organisation)?;
        if organisation.len() != 10 || !organisation.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BadHsaId::Organisation);
        }
        if suffix.is_empty() {
            return Err(BadHsaId::Suffix);
        }
        if let Some(stranger) = suffix.chars().find(|c| !c.is_ascii_alphanumeric()) {
            return Err(BadHsaId::Character(stranger));
        }
        if text.len() > Self::LONGEST {
            return Err(BadHsaId::TooLong(text.len()));
        }
        Ok(Self(text))
    }

    /// The whole identifier, upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ten digits of the organisation number.
    #[must_use]
    pub fn organisation_number(&self) -> &str {
        self.0.get(2..12).unwrap_or_default()
    }
}

impl std::fmt::Display for HsaId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Debug for HsaId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HsaId({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: Result<&str, BadHsaId>) {
        assert_eq!(
            HsaId::parse(text).as_ref().map(HsaId::as_str),
            expected.as_ref().copied(),
            "{text}"
        );
    }

    #[test]
    fn hsa_ids() {
        check("SE2321000255-W100000", Ok("SE2321000255-W100000"));
        check(" se2321000255-a1 ", Ok("SE2321000255-A1"));
        check("", Err(BadHsaId::Empty));
        check("NO2321000255-A1", Err(BadHsaId::Country));
        check("SE232100025-A1", Err(BadHsaId::Organisation));
        check("SE2321000255A1", Err(BadHsaId::Organisation));
        check("SE23210002X5-A1", Err(BadHsaId::Organisation));
        check("SE2321000255-", Err(BadHsaId::Suffix));
        check("SE2321000255-Å1", Err(BadHsaId::Character('Å')));
        check("SE2321000255-A@", Err(BadHsaId::Character('@')));
        check("SE2321000255-A-1", Err(BadHsaId::Character('-')));
        check(
            "SE2321000255-A23456789012345678",
            Ok("SE2321000255-A23456789012345678"),
        );
        check(
            "SE2321000255-A234567890123456789",
            Err(BadHsaId::TooLong(32)),
        );
    }

    #[test]
    fn organisation_number() {
        assert_eq!(
            HsaId::parse("SE2321000255-W100000")
                .unwrap()
                .organisation_number(),
            "2321000255"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in "\\PC{0,40}") {
            if let Ok(id) = HsaId::parse(&text) {
                prop_assert_eq!(HsaId::parse(id.as_str()), Ok(id));
            }
        }
    }
}
