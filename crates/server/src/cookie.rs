//! Cookies: read from the headers of a request, written for an answer. The values are ours alone: identifiers and
//! hexadecimal secrets, so nothing needs quoting (RFC 6265 4.1.1).

use axum::http::{HeaderMap, HeaderValue, header};

/// Every cookie of the request whose name begins with `prefix`: the rest of the name, and the value.
pub fn with_prefix<'h>(headers: &'h HeaderMap, prefix: &str) -> Vec<(&'h str, &'h str)> {
    // HTTP/2 may split cookies into several headers (RFC 9113 8.2.3).
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)))
        .collect()
}

/// The cookie of that name.
pub fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    with_prefix(headers, name)
        .into_iter()
        .find_map(|(rest, value)| rest.is_empty().then_some(value))
}

/// A cookie to set.
#[derive(Clone, Copy, Debug)]
pub struct Cookie<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value: letters, digits, hyphens and full stops.
    pub value: &'a str,
    /// The part of the site it is sent to.
    pub path: &'a str,
    /// Seconds it is kept; nothing until the browser is closed, 0 to take it away.
    pub seconds: Option<u32>,
    /// Only over TLS.
    pub secure: bool,
}

impl Cookie<'_> {
    /// The header `Set-Cookie`. Scripts cannot read it, and other sites' forms do not send it (SameSite=Lax). Nothing when
    /// the value has a character that a cookie cannot have.
    #[must_use]
    pub fn header(&self) -> Option<HeaderValue> {
        let keepable = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
        };
        if !keepable(self.name) || !keepable(self.value) {
            return None;
        }
        let mut text = format!(
            "{}={}; Path={}; HttpOnly; SameSite=Lax",
            self.name, self.value, self.path
        );
        if let Some(seconds) = self.seconds {
            text.push_str(&format!("; Max-Age={seconds}"));
        }
        if self.secure {
            text.push_str("; Secure");
        }
        HeaderValue::from_str(&text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_static(line));
        }
        headers
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let headers = headers(&["a=1; session=abc;b=2", "session-x=9; language=en"]);
        assert_eq!(read(&headers, "session"), Some("abc"));
        assert_eq!(read(&headers, "language"), Some("en"));
        assert_eq!(read(&headers, "b"), Some("2"));
        assert_eq!(read(&headers, "lang"), None);
        assert_eq!(with_prefix(&headers, "session-"), [("x", "9")]);
    }

    #[test]
    fn strange_lines_are_no_cookies() {
        let headers = headers(&["", ";;;", "nothing", "=x", "session"]);
        assert_eq!(read(&headers, "session"), None);
    }

    #[test]
    fn a_cookie_says_where_it_may_go() {
        let mut cookie = Cookie {
            name: "session",
            value: "00ff",
            path: "/",
            seconds: None,
            secure: true,
        };
        assert_eq!(
            cookie.header().unwrap(),
            "session=00ff; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        cookie.secure = false;
        cookie.seconds = Some(0);
        assert_eq!(
            cookie.header().unwrap(),
            "session=00ff; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
        );
    }

    #[test]
    fn a_value_cannot_break_out() {
        for value in ["a; Path=/x", "a\r\nSet-Cookie: b=c", "å", "a b", "\""] {
            let cookie = Cookie {
                name: "notice",
                value,
                path: "/",
                seconds: None,
                secure: false,
            };
            assert_eq!(cookie.header(), None, "{value}");
        }
    }
}
