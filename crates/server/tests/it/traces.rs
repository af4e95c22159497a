//! Looking for a code in bytes, in every form in which it could stand there.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Every form of a code: as typed, as the eight bytes a card takes (NIST SP 800-73-4 part 2, 2.4.3), and both in hexadecimal and
/// base64. Each with the name to blame it by.
pub fn forms(code: &str) -> Vec<(String, Vec<u8>)> {
    let mut block = code.as_bytes().to_vec();
    block.resize(8, 0xFF);
    let mut forms = vec![
        ("digits".to_owned(), code.as_bytes().to_vec()),
        ("block".to_owned(), block.clone()),
    ];
    for (name, bytes) in [("digits", code.as_bytes()), ("block", &block)] {
        forms.push((
            format!("{name} in hexadecimal"),
            hex::encode(bytes).into_bytes(),
        ));
        forms.push((
            format!("{name} in upper-case hexadecimal"),
            hex::encode_upper(bytes).into_bytes(),
        ));
        for before in 0..3 {
            forms.push((
                format!("{name} in base64 after {before} bytes"),
                inner(&STANDARD_NO_PAD, bytes, before),
            ));
            forms.push((
                format!("{name} in base64url after {before} bytes"),
                inner(&URL_SAFE_NO_PAD, bytes, before),
            ));
        }
        let list: Vec<String> = bytes.iter().map(u8::to_string).collect();
        forms.push((
            format!("{name} as a list of numbers"),
            list.join(",").into_bytes(),
        ));
        forms.push((
            format!("{name} as a spaced list of numbers"),
            list.join(", ").into_bytes(),
        ));
    }
    forms
}

/// The letters of base64 that depend on these bytes alone when so many others stand before them.
fn inner(engine: &impl base64::Engine, bytes: &[u8], before: usize) -> Vec<u8> {
    let text = engine.encode([&vec![0; before], bytes].concat());
    // Letters that share bits with a neighbour are left out at both ends.
    let first = (before * 8).div_ceil(6);
    let last = (before + bytes.len()) * 8 / 6;
    text.as_bytes()[first..last].to_vec()
}

/// Bytes to be searched, kept as one character a byte: the standard library searches text fast even in a debug build.
pub struct Bytes(String);

impl Bytes {
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.iter().copied().map(char::from).collect())
    }

    /// Whether these bytes stand there. A short run of digits turns up by chance inside numbers and hexadecimal; it counts where
    /// neither a letter nor a digit touches it.
    pub fn hold(&self, form: &[u8]) -> bool {
        let short = form.len() < 8 && form.iter().all(u8::is_ascii_digit);
        let text: String = form.iter().copied().map(char::from).collect();
        let alone = |at: usize| {
            let before = self.0[..at].chars().next_back();
            let after = self.0[at + text.len()..].chars().next();
            ![before, after]
                .into_iter()
                .flatten()
                .any(|letter| letter.is_ascii_alphanumeric())
        };
        self.0
            .match_indices(&text)
            .any(|(at, _)| !short || alone(at))
    }

    /// The names of the forms in which the code stands there.
    pub fn hold_code(&self, code: &str) -> Vec<String> {
        let forms = forms(code).into_iter();
        forms
            .filter(|(_, form)| self.hold(form))
            .map(|(name, _)| name)
            .collect()
    }
}

#[test]
fn a_planted_code_is_found() {
    for code in ["730519", "73051948"] {
        let mut block = code.as_bytes().to_vec();
        block.resize(8, 0xFF);
        for before in 0..6 {
            let noise = &[0x5A; 6][..before];
            let plain = [noise, b"{", code.as_bytes(), b"}"].concat();
            let packed = [noise, &block, b"tail"].concat();
            for planted in [
                plain.clone(),
                packed.clone(),
                STANDARD_NO_PAD.encode(&plain).into_bytes(),
                URL_SAFE_NO_PAD.encode(&packed).into_bytes(),
                hex::encode(&packed).into_bytes(),
                hex::encode_upper(&plain).into_bytes(),
                format!("{packed:?}").into_bytes(),
            ] {
                assert_ne!(
                    Bytes::new(&planted).hold_code(code),
                    [""; 0],
                    "{}",
                    String::from_utf8_lossy(&planted)
                );
            }
        }
        assert_eq!(
            Bytes::new(b"a8730519480 00").hold_code(code),
            if code.len() == 8 {
                vec!["digits", "block"]
            } else {
                vec![]
            }
        );
        assert_eq!(Bytes::new(b"nothing here").hold_code(code), [""; 0]);
    }
}
