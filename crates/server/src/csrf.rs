//! Forms that are really ours: a token that only the page we sent can hold, and the browser's own word on where the form
//! stood. Both must agree before a handler sees the form.

use axum::http::{HeaderMap, header};

/// The token of a secret that only this browser's cookie holds: the session's, or that of a login under way. The secret is
/// 128 random bits and comes last, so the hash tells nothing of it.
#[must_use]
pub fn token(secret: &str) -> String {
    hex::encode(pki::digest::sha256(
        format!("sigill form token\n{secret}").as_bytes(),
    ))
}

/// Whether the form carries the token of that secret. Takes as long for a wrong one as for the right one.
#[must_use]
pub fn matches(secret: &str, given: &str) -> bool {
    let expected = token(secret);
    if expected.len() != given.len() {
        return false;
    }
    let differences = expected
        .bytes()
        .zip(given.bytes())
        .fold(0_u8, |seen, (left, right)| {
            std::hint::black_box(seen | (left ^ right))
        });
    differences == 0
}

/// Whether the browser says that the request comes from our own pages. A browser that says nothing at all is no obstacle:
/// the token still has to match. `address` is where people reach us, such as `https://kort.example.se`.
#[must_use]
pub fn comes_from_here(headers: &HeaderMap, address: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    // Fetch Metadata: `none` is the address bar or a bookmark, which cannot post a form of somebody else's.
    if let Some(site) = text("sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return false;
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else {
        return true;
    };
    if origin == address {
        return true;
    }
    // The same server under another of its names, as `localhost` and `127.0.0.1` in the demo.
    let host = text(header::HOST.as_str()).unwrap_or_default();
    let same_scheme = origin.split_once("://").map(|parts| parts.0)
        == address.split_once("://").map(|parts| parts.0);
    same_scheme && !host.is_empty() && origin.split_once("://").map(|parts| parts.1) == Some(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_token_belongs_to_one_secret() {
        let token = token("00112233445566778899aabbccddeeff");
        assert_eq!(token.len(), 64);
        assert!(matches("00112233445566778899aabbccddeeff", &token));
        assert!(!matches("00112233445566778899aabbccddeef0", &token));
        assert!(!matches("00112233445566778899aabbccddeeff", ""));
        assert!(!matches(
            "00112233445566778899aabbccddeeff",
            &token.replace('a', "b")
        ));
        assert!(!matches(
            "00112233445566778899aabbccddeeff",
            "00112233445566778899aabbccddeeff"
        ));
    }

    fn asked(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        comes_from_here(&headers, "http://127.0.0.1:8080")
    }

    #[test]
    fn other_sites_are_not_here() {
        assert!(asked(&[]));
        assert!(asked(&[
            ("origin", "http://127.0.0.1:8080"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(asked(&[
            ("origin", "http://localhost:8080"),
            ("host", "localhost:8080")
        ]));
        assert!(asked(&[("sec-fetch-site", "none")]));
        assert!(!asked(&[("origin", "http://evil.example")]));
        assert!(!asked(&[
            ("origin", "http://evil.example"),
            ("host", "127.0.0.1:8080")
        ]));
        assert!(!asked(&[("origin", "null")]));
        assert!(!asked(&[
            ("origin", "https://localhost:8080"),
            ("host", "localhost:8080")
        ]));
        assert!(!asked(&[("sec-fetch-site", "cross-site")]));
        assert!(!asked(&[("sec-fetch-site", "same-site")]));
    }
}
