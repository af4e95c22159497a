//! Names for files that come from strangers: one plain name in one folder on every system, whatever was asked for.

use std::collections::BTreeSet;

/// In UTF-8 octets; file systems take 255, and a number and an ending come after.
const LONGEST_STEM: usize = 100;
const LONGEST_ENDING: usize = 16;

/// Names that are devices on Windows, with any ending.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The names given so far in one folder. Names that differ in case alone are the same on Windows and macOS.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// A name that is safe, like the one asked for, and not given before. `otherwise` is used when nothing is left of it.
    pub(super) fn give(&mut self, asked: &str, otherwise: &str) -> String {
        let safe = safe(asked);
        let safe = if safe.is_empty() { otherwise } else { &safe };
        let (stem, ending) = split(safe);
        let mut name = safe.to_owned();
        let mut number = 1_u32;
        while !self.0.insert(name.to_lowercase()) {
            number = number.saturating_add(1);
            name = format!("{stem}-{number}{ending}");
        }
        name
    }
}

/// The last part of a path that may be of any system, without what a file system or a person could misread.
pub(super) fn safe(asked: &str) -> String {
    let last = asked.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|letter| !is_invisible(*letter))
        .map(|letter| match letter {
            ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            letter if letter.is_whitespace() => ' ',
            letter => letter,
        })
        .collect();
    // Windows drops dots and spaces at the end; a dot in front hides a file elsewhere, `-` and `~` mean something to programs.
    let plain = plain
        .trim_start_matches(['.', ' ', '-', '~'])
        .trim_end_matches(['.', ' ']);
    let (stem, ending) = split(plain);
    let stem = cut(stem, LONGEST_STEM).trim_end_matches(['.', ' ']);
    let is_device = plain
        .split('.')
        .next()
        .is_some_and(|first| DEVICES.contains(&first.trim_end().to_lowercase().as_str()));
    match (stem, is_device) {
        ("", _) => String::new(),
        (stem, true) => format!("_{stem}{ending}"),
        (stem, false) => format!("{stem}{ending}"),
    }
}

/// Before and from the last dot; a long ending is no ending.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= LONGEST_ENDING => name.split_at(dot),
        _ => (name, ""),
    }
}

fn cut(text: &str, longest: usize) -> &str {
    let end = (0..=longest.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// Control characters, and those that hide or turn around what is written (`gpj.exe` shown as `exe.jpg`).
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFF}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_mean_something_elsewhere() {
        for (asked, given) in [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\x.exe", "x.exe"),
            ("C:\\Users\\a\\Röntgen 1.jpg", "Röntgen 1.jpg"),
            ("..", ""),
            ("/", ""),
            (".bashrc", "bashrc"),
            ("-rf", "rf"),
            ("CON", "_CON"),
            ("aux.txt", "_aux.txt"),
            ("com1 .tar.gz", "_com1 .tar.gz"),
            ("console.txt", "console.txt"),
            ("a:b*c?.txt. . ", "a_b_c_.txt"),
            ("x\u{202E}gpj.exe", "xgpj.exe"),
            ("a\r\nb\0.txt", "ab.txt"),
            ("svar", "svar"),
        ] {
            assert_eq!(safe(asked), given, "{asked:?}");
        }
        let long = safe(&format!("{}.pdf", "å".repeat(500)));
        assert_eq!(long, format!("{}.pdf", "å".repeat(50)));
    }

    #[test]
    fn the_same_name_twice_is_numbered() {
        let mut names = Names::default();
        assert_eq!(names.give("svar.pdf", "x"), "svar.pdf");
        assert_eq!(names.give("SVAR.PDF", "x"), "SVAR-2.PDF");
        assert_eq!(names.give("../svar.pdf", "x"), "svar-3.pdf");
        assert_eq!(names.give("..", "attachment"), "attachment");
        assert_eq!(names.give("", "attachment"), "attachment-2");
    }

    proptest! {
        #[test]
        fn any_name_is_one_plain_component(asked in any::<String>()) {
            let given = Names::default().give(&asked, "attachment");
            let components: Vec<_> = Path::new(&given).components().collect();
            prop_assert!(matches!(components.as_slice(), [Component::Normal(_)]), "{given:?}");
            prop_assert!(given.len() <= LONGEST_STEM + LONGEST_ENDING + 1);
            prop_assert!(!given.contains(['\\', ':', '\0', '\n']) && !given.ends_with(['.', ' ']));
        }
    }
}
