//! What readers say of a page: whether it helped, and why. Nobody's name stands with it.

use crate::Timestamp;
use crate::coded::coded;
use crate::id::{FeedbackId, PersonId};
use crate::identity_number::hidden_in;

coded! {
    /// Whether a page helped.
    pub enum Helped ("answer to whether a page helped") {
        /// It did.
        Yes = "yes",
        /// It did not.
        No = "no",
    }
}

/// One answer to "did the information on this page help you?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// Our own identifier.
    pub id: FeedbackId,
    /// The page.
    pub page: PagePath,
    /// The code of the language the page was read in.
    pub language: String,
    /// Whether it helped.
    pub helped: Helped,
    /// What the reader wrote.
    pub remark: Option<Words>,
    /// When.
    pub given_at: Timestamp,
    /// What came of the remark, once an editor has dealt with it.
    pub handled: Option<Handled>,
}

/// What an editor did about a remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// In their own words.
    pub outcome: Words,
}

/// The address of a page with nothing in it that tells whose page it is: segments that are not words of ours, such as the
/// identifiers of people and cards, are left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PagePath(String);

/// A text that is no address of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the address of a page")]
pub struct BadPagePath;

/// What stands for a segment that was left out.
const LEFT_OUT: &str = "*";

impl PagePath {
    /// The longest address, in bytes.
    pub const LONGEST: usize = 200;

    /// Reads a path that begins with a slash; a query is dropped.
    pub fn parse(text: &str) -> Result<Self, BadPagePath> {
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let rest = path.strip_prefix('/').ok_or(BadPagePath)?;
        if path.len() > Self::LONGEST {
            return Err(BadPagePath);
        }
        let is_word = |segment: &str| {
            segment.len() <= 40
                && segment
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        };
        let segments: Vec<&str> = rest
            .split('/')
            .map(|segment| if is_word(segment) { segment } else { LEFT_OUT })
            .collect();
        Ok(Self(format!("/{}", segments.join("/"))))
    }

    /// The address, `/station/cards/*`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Some lines of free text: 1 to 2,000 characters, no control characters but line breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(String);

/// A text that is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadWords {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// More than the most characters.
    #[error("the text has {0} characters, {most} is the most", most = Words::LONGEST)]
    TooLong(usize),
}

impl Words {
    /// The longest text, in characters.
    pub const LONGEST: usize = 2_000;

    /// Reads a text: trimmed, line breaks made `\n`, other control characters made spaces.
    pub fn parse(text: &str) -> Result<Self, BadWords> {
        let text = text.replace("\r\n", "\n");
        let text: String = text
            .chars()
            .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
            .collect();
        let text = text.trim();
        match text.chars().count() {
            0 => Err(BadWords::Empty),
            length if length > Self::LONGEST => Err(BadWords::TooLong(length)),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same with stars in what could be an identity number.
    #[must_use]
    pub fn with_numbers_hidden(&self) -> Self {
        Self(hidden_in(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_page_tells_nobody() {
        for (text, expected) in [
            ("/", "/"),
            ("/station", "/station"),
            ("/order?name=Ek", "/order"),
            ("/help#station", "/help"),
            (
                "/station/cards/01ARZ3ND6G0000000000000000/revoke",
                "/station/cards/*/revoke",
            ),
            ("/order/people/196907149923", "/order/people/*"),
            ("/<script>", "/*"),
        ] {
            assert_eq!(PagePath::parse(text).unwrap().as_str(), expected);
        }
        assert_eq!(PagePath::parse("station"), Err(BadPagePath));
        assert_eq!(PagePath::parse(""), Err(BadPagePath));
        assert_eq!(
            PagePath::parse(&format!("/{}", "a".repeat(200))),
            Err(BadPagePath)
        );
    }

    #[test]
    fn words() {
        let text = |text: &str| Words::parse(text).map(|words| words.as_str().to_owned());
        assert_eq!(text(" två\r\nrader\u{7} "), Ok("två\nrader".to_owned()));
        assert_eq!(text(" \n "), Err(BadWords::Empty));
        assert_eq!(text(&"å".repeat(2_001)), Err(BadWords::TooLong(2_001)));
        assert_eq!(
            Words::parse("mitt nummer 19690714-9923, tack")
                .unwrap()
                .with_numbers_hidden()
                .as_str(),
            "mitt nummer 19690714-****, tack"
        );
    }

    proptest! {
        #[test]
        fn a_page_reads_back(text in "/[a-z0-9/-]{0,60}") {
            let page = PagePath::parse(&text).unwrap();
            prop_assert!(!page.as_str().bytes().any(|byte| byte.is_ascii_digit()));
            prop_assert_eq!(PagePath::parse(page.as_str()), Ok(page));
        }
    }
}
