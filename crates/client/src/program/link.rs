//! The `sigill:` address that a page opens this program with, and the code that is typed instead.

use percent_encoding::percent_decode_str;

/// What opens an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opener {
    /// The ticket as the server knows it.
    pub ticket: String,
    /// The address of the server, when the link tells.
    pub server: Option<String>,
}

/// Longer than any link of ours.
const LONGEST: usize = 2_000;
/// Signs of a typed code without its hyphens.
const SIGNS: usize = 16;

/// Reads `sigill:act?ticket=…&server=…`, or a code of sixteen signs with or without hyphens. Nothing for anything else: what
/// came may be from any web page, so no unknown parameter and no second value is taken.
pub(super) fn read(text: &str) -> Option<Opener> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    match text.strip_prefix("sigill:") {
        Some(link) => read_link(link),
        None => Some(Opener {
            ticket: typed(text)?,
            server: None,
        }),
    }
}

fn read_link(link: &str) -> Option<Opener> {
    // Some browsers write an address with slashes.
    let link = link.trim_start_matches('/');
    let (what, query) = link.split_once('?')?;
    if what.trim_end_matches('/') != "act" {
        return None;
    }
    let (mut ticket, mut server) = (None, None);
    for parameter in query.split('&') {
        let (name, value) = parameter.split_once('=')?;
        let value = percent_decode_str(value).decode_utf8().ok()?.into_owned();
        let place = match name {
            "ticket" => &mut ticket,
            "server" => &mut server,
            _ => return None,
        };
        if place.replace(value).is_some() {
            return None;
        }
    }
    Some(Opener {
        ticket: typed(&ticket?)?,
        server: Some(server?),
    })
}

/// A code as people type it: small letters, spaces, the letters O, I and L for the digits they look like (Crockford's base 32).
fn typed(text: &str) -> Option<String> {
    let mut code = String::with_capacity(SIGNS + 3);
    let mut signs = 0;
    for sign in text.chars().filter(|sign| !matches!(sign, '-' | ' ')) {
        let sign = match sign.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            sign if sign.is_ascii_alphanumeric() && sign != 'U' => sign,
            _ => return None,
        };
        if signs > 0 && signs % 4 == 0 {
            code.push('-');
        }
        code.push(sign);
        signs += 1;
    }
    (signs == SIGNS).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_ticket_and_server() {
        let expected = Some(Opener {
            ticket: "7KQ2-M9XD-4TPA-W3HN".to_owned(),
            server: Some("https://kort.example.se".to_owned()),
        });
        for link in [
            "sigill:act?ticket=7KQ2-M9XD-4TPA-W3HN&server=https%3A%2F%2Fkort.example.se",
            "sigill://act/?server=https%3A%2F%2Fkort.example.se&ticket=7KQ2-M9XD-4TPA-W3HN",
        ] {
            assert_eq!(read(link), expected, "{link}");
        }
    }

    #[test]
    fn a_code_is_read_as_it_is_typed() {
        for code in [
            "7KQ2-M9XD-4TPA-W3HN",
            " 7kq2 m9xd 4tpa w3hn ",
            "7kq2m9xd4tpaw3hn",
        ] {
            assert_eq!(read(code).unwrap().ticket, "7KQ2-M9XD-4TPA-W3HN", "{code}");
        }
        assert_eq!(
            read("OIL0-0000-0000-0000").unwrap().ticket,
            "0110-0000-0000-0000"
        );
    }

    #[test]
    fn nothing_else_is_read() {
        for text in [
            "",
            "7KQ2-M9XD-4TPA",
            "7KQ2-M9XD-4TPA-W3HU",
            "7KQ2-M9XD-4TPA-W3HN5",
            "sigill:",
            "sigill:act",
            "sigill:act?ticket=7KQ2-M9XD-4TPA-W3HN",
            "sigill:other?ticket=7KQ2-M9XD-4TPA-W3HN&server=https%3A%2F%2Fkort.example.se",
            "sigill:act?ticket=7KQ2-M9XD-4TPA-W3HN&ticket=7KQ2-M9XD-4TPA-W3HN&server=x",
            "sigill:act?ticket=7KQ2-M9XD-4TPA-W3HN&server=x&exec=y",
            "https://kort.example.se",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"A".repeat(5_000)), None);
    }
}
