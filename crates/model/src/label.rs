//! One line of free text: names of employers and units, titles, streets, towns.

/// One line of text with something in it, at most 128 characters, no control characters, single spaces.
///
/// A label may begin like a spreadsheet formula: it is text here, and whoever writes CSV escapes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(String);

/// A text that is no label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLabel {
    /// Nothing but spaces.
    #[error("the text is empty")]
    Empty,
    /// More than 128 characters.
    #[error("the text has {0} characters, 128 is the most")]
    TooLong(usize),
    /// A line break, a tab or another control character.
    #[error("the text holds the control character U+{:04X}", u32::from(*.0))]
    Control(char),
}

impl Label {
    /// The longest label, in characters.
    pub const LONGEST: usize = 128;

    /// Reads a label: trimmed, inner spaces made single.
    pub fn parse(text: &str) -> Result<Self, BadLabel> {
        if let Some(control) = text.chars().find(|c| c.is_control()) {
            return Err(BadLabel::Control(control));
        }
        let text = single_spaced(text);
        match text.chars().count() {
            0 => Err(BadLabel::Empty),
            length if length > Self::LONGEST => Err(BadLabel::TooLong(length)),
            _ => Ok(Self(text)),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The same words with one space between them and none around.
pub(crate) fn single_spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, BadLabel>) {
        assert_eq!(
            Label::parse(text).as_ref().map(Label::as_str),
            expected.as_ref().copied()
        );
    }

    #[test]
    fn labels() {
        check("  Vårdhuset \u{a0} Öresund AB ", Ok("Vårdhuset Öresund AB"));
        check("Vård; citerad \"enhet\"", Ok("Vård; citerad \"enhet\""));
        check("=1+1", Ok("=1+1"));
        check("   ", Err(BadLabel::Empty));
        check("två\nrader", Err(BadLabel::Control('\n')));
        check(&"å".repeat(128), Ok(&"å".repeat(128)));
        check(&"å".repeat(129), Err(BadLabel::TooLong(129)));
    }
}
