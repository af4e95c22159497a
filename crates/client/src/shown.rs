//! Texts of the server that are shown to the holder.
//!
//! What a holder agrees to must be what the holder sees. Characters that move the cursor or turn the direction of writing
//! could make a text look like another, so a text that has them is not shown at all when something rests on it.

/// Longest text in characters; a receipt is a few hundred.
const LONGEST: usize = 4_000;

/// Whether a text shows as what it is: no control characters other than line feed, no signs that reorder or hide text
/// (Unicode UAX 9, explicit directional formatting; zero-width signs), at most 4,000 characters.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    text.chars().count() <= LONGEST && text.chars().all(|sign| sign == '\n' || shows(sign))
}

/// The text without what [`is_plain`] would refuse: for goodbyes and refusals, on which nothing rests.
#[must_use]
pub fn made_plain(text: &str) -> String {
    text.chars()
        .filter(|sign| *sign == '\n' || shows(*sign))
        .take(LONGEST)
        .collect()
}

fn shows(sign: char) -> bool {
    !(sign.is_control()
        || matches!(
            sign,
            '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{061C}'
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_shows() {
        assert!(is_plain(
            "Region Demo ber dig legitimera dig.\nÅsa Öberg, 王秀英, أحمد"
        ));
        assert!(is_plain(""));
        assert!(is_plain(&"å".repeat(LONGEST)));
    }

    #[test]
    fn text_that_hides_something_does_not() {
        for text in [
            "a\u{202E}b",
            "a\u{2066}b",
            "a\u{200B}b",
            "a\rb",
            "a\u{1B}[2Jb",
            "a\0b",
            "\u{FEFF}ab",
        ] {
            assert!(!is_plain(text), "{text:?}");
            assert!(is_plain(&made_plain(text)), "{text:?}");
        }
        assert!(!is_plain(&"x".repeat(LONGEST + 1)));
        assert_eq!(made_plain("a\u{202E}\nb\r"), "a\nb");
    }
}
