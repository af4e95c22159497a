//! From bytes to letters.

use std::borrow::Cow;

use super::problem::FileProblem;

/// How the bytes of a file became letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 behind a byte-order mark.
    Utf8Bom,
    /// Latin-1, read as windows-1252, which has the same letters and some more signs.
    Latin1,
}

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) fn read(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), FileProblem> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(FileProblem::Workbook);
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(FileProblem::Utf16);
    }
    if bytes.contains(&0) {
        return Err(FileProblem::NotText);
    }
    let (rest, encoding) = match bytes.strip_prefix(UTF8_MARK) {
        Some(rest) => (rest, Encoding::Utf8Bom),
        None => (bytes, Encoding::Utf8),
    };
    let Err(error) = std::str::from_utf8(rest) else {
        return Ok((String::from_utf8_lossy(rest), encoding));
    };
    if encoding == Encoding::Utf8Bom || is_mostly_utf8(rest) {
        let before = rest.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        return Err(FileProblem::MixedEncoding { line: line as u64 });
    }
    let (text, _, _) = encoding_rs::WINDOWS_1252.decode(rest);
    Ok((text, Encoding::Latin1))
}

/// Whether letters outside ASCII are mostly UTF-8. In a Latin-1 file hardly any two neighbours look like it; a UTF-8 file with a
/// few Latin-1 rows pasted in would turn to gibberish if it were read as Latin-1.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut right, mut wrong) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        right += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    right > wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Result<(&str, Encoding), FileProblem>) {
        let read = read(bytes);
        assert_eq!(
            read.as_ref()
                .map(|(text, encoding)| (text.as_ref(), *encoding)),
            expected.as_ref().copied()
        );
    }

    #[test]
    fn three_encodings() {
        check("Åsa".as_bytes(), Ok(("Åsa", Encoding::Utf8)));
        check(b"\xef\xbb\xbf\xc3\x85sa", Ok(("Åsa", Encoding::Utf8Bom)));
        check(
            b"\xc5sa \xd6berg \x96",
            Ok(("Åsa Öberg –", Encoding::Latin1)),
        );
        check(b"", Ok(("", Encoding::Utf8)));
    }

    #[test]
    fn what_is_no_text() {
        check(b"PK\x03\x04...", Err(FileProblem::Workbook));
        check(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            Err(FileProblem::Workbook),
        );
        check(b"\xff\xfea\0", Err(FileProblem::Utf16));
        check(b"a\0b", Err(FileProblem::NotText));
    }

    #[test]
    fn a_few_latin_rows_in_utf8_are_named() {
        check(
            "Åsa\nÖsten\n"
                .bytes()
                .chain(*b"\xc5ke\n")
                .collect::<Vec<_>>()
                .as_slice(),
            Err(FileProblem::MixedEncoding { line: 3 }),
        );
        check(
            b"\xef\xbb\xbfa\n\xc5sa",
            Err(FileProblem::MixedEncoding { line: 2 }),
        );
    }
}
