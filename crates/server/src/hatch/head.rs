//! Reading a request's head, and telling whether it is for the hatch.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::ocsp;

/// More headers than this are for the server behind to judge.
const MOST_HEADERS: usize = 32;
/// A longer head is for the server behind to judge, in bytes: the longest path, and as much again.
const LONGEST_HEAD: usize = 16 * 1024;

/// What the bytes on a connection come to so far.
pub enum Head<'a> {
    /// A request for the hatch, with all of its body.
    Whole(Request<'a>),
    /// It may become one.
    Part,
    /// It is not for the hatch, or not so plainly that it could be read in two ways.
    Other,
}

/// A request for the hatch.
pub struct Request<'a> {
    /// What is asked.
    pub asked: Asked<'a>,
    /// How many bytes it takes, head and body.
    pub length: usize,
}

/// What is asked.
pub enum Asked<'a> {
    /// By GET.
    Get {
        /// What stands behind `/ocsp/`.
        raw: &'a str,
        /// `If-None-Match` and `If-Modified-Since`, if one is there.
        conditions: Option<HeaderMap>,
    },
    /// By POST: the body.
    Post(&'a [u8]),
}

const GET: &[u8] = b"GET /ocsp/";
const POST: &[u8] = b"POST /ocsp";

/// Reads what there is.
pub fn read_head(bytes: &[u8]) -> Head<'_> {
    let may_be = |start: &[u8]| bytes.iter().zip(start).all(|(byte, wanted)| byte == wanted);
    if !may_be(GET) && !may_be(POST) {
        return Head::Other;
    }
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(head)) => body(&request, bytes, head),
        Ok(httparse::Status::Partial) if bytes.len() <= LONGEST_HEAD => Head::Part,
        _ => Head::Other,
    }
}

fn body<'a>(request: &httparse::Request<'_, 'a>, bytes: &'a [u8], head: usize) -> Head<'a> {
    let (Some(method), Some(path), Some(1)) = (request.method, request.path, request.version)
    else {
        return Head::Other;
    };
    let mut length = None;
    let mut media: Option<&[u8]> = None;
    let mut conditions: Option<HeaderMap> = None;
    for line in request.headers.iter() {
        let name = line.name;
        if name.eq_ignore_ascii_case("content-length") {
            // Two lengths are two messages (RFC 9112 6.3).
            let value = digits(line.value);
            if length.is_some() || value.is_none() {
                return Head::Other;
            }
            length = value;
        } else if name.eq_ignore_ascii_case("content-type") {
            media = Some(line.value);
        } else if name.eq_ignore_ascii_case("connection") {
            if !line.value.eq_ignore_ascii_case(b"keep-alive") {
                return Head::Other;
            }
        } else if name.eq_ignore_ascii_case("if-none-match")
            || name.eq_ignore_ascii_case("if-modified-since")
        {
            let known: HeaderName = if name.len() == header::IF_NONE_MATCH.as_str().len() {
                header::IF_NONE_MATCH
            } else {
                header::IF_MODIFIED_SINCE
            };
            let Ok(value) = HeaderValue::from_bytes(line.value) else {
                return Head::Other;
            };
            conditions.get_or_insert_default().append(known, value);
        } else if ["transfer-encoding", "expect", "upgrade", "trailer"]
            .iter()
            .any(|other| name.eq_ignore_ascii_case(other))
        {
            return Head::Other;
        }
    }
    match (method, path, length) {
        ("GET", _, None | Some(0)) => match path.strip_prefix("/ocsp/") {
            Some(raw) if !raw.is_empty() && !raw.contains(['?', '#']) => Head::Whole(Request {
                asked: Asked::Get { raw, conditions },
                length: head,
            }),
            _ => Head::Other,
        },
        ("POST", "/ocsp" | "/ocsp/", Some(length))
            if length <= ocsp::LARGEST_REQUEST && media.is_some_and(ocsp::is_request) =>
        {
            match bytes.get(head..head + length) {
                Some(body) => Head::Whole(Request {
                    asked: Asked::Post(body),
                    length: head + length,
                }),
                None => Head::Part,
            }
        }
        _ => Head::Other,
    }
}

/// A length: digits alone (RFC 9110 8.6), at most seven of them.
fn digits(value: &[u8]) -> Option<usize> {
    if value.is_empty() || value.len() > 7 {
        return None;
    }
    value.iter().try_fold(0, |sum: usize, digit| {
        digit
            .is_ascii_digit()
            .then(|| sum * 10 + usize::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> &'static str {
        match read_head(text.as_bytes()) {
            Head::Whole(request) => match request.asked {
                Asked::Get { .. } => "get",
                Asked::Post(_) => "post",
            },
            Head::Part => "part",
            Head::Other => "other",
        }
    }

    const MEDIA: &str = "Content-Type: application/ocsp-request\r\n";

    #[test]
    fn plain_requests_are_taken_whole_and_in_any_pieces() {
        let get = "GET /ocsp/MEI%3D HTTP/1.1\r\nHost: a\r\n\r\n";
        let post = format!("POST /ocsp HTTP/1.1\r\nHost: a\r\n{MEDIA}Content-Length: 3\r\n\r\nabc");
        assert_eq!((kind(get), kind(&post)), ("get", "post"));
        for cut in 0..get.len() {
            assert_eq!(kind(&get[..cut]), "part", "{cut}");
        }
        for cut in 0..post.len() {
            assert_eq!(kind(&post[..cut]), "part", "{cut}");
        }
        // One behind the other: only the first is taken.
        let both = format!("{post}{get}");
        let Head::Whole(first) = read_head(both.as_bytes()) else {
            panic!("not taken")
        };
        assert_eq!(first.length, post.len());
        assert!(matches!(first.asked, Asked::Post(b"abc")));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_taken() {
        for lines in [
            "Content-Length: 3\r\nContent-Length: 3\r\n",
            "Content-Length: 3\r\nContent-Length: 4\r\n",
            "Content-Length: +3\r\n",
            "Content-Length: 3, 3\r\n",
            "Content-Length: 0x3\r\n",
            "Content-Length: \r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
            "transfer-encoding: identity\r\nContent-Length: 3\r\n",
            "Content-Length: 3\r\nExpect: 100-continue\r\n",
            "Content-Length: 3\r\nConnection: close\r\n",
            "Content-Length: 3\r\nConnection: upgrade\r\nUpgrade: h2c\r\n",
            "",
            "Content-Length : 3\r\n",
            "Content-Length: 9000\r\n",
        ] {
            let text = format!("POST /ocsp HTTP/1.1\r\nHost: a\r\n{MEDIA}{lines}\r\nabc");
            assert_eq!(kind(&text), "other", "{lines:?}");
        }
        for text in [
            "GET /ocsp/MEI HTTP/1.0\r\n\r\n",
            "GET /ocsp/MEI HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
            "GET /ocsp/MEI?a=b HTTP/1.1\r\n\r\n",
            "GET /ocsp/ HTTP/1.1\r\n\r\n",
            "GET /pki/root.crl HTTP/1.1\r\n\r\n",
            "HEAD /ocsp/MEI HTTP/1.1\r\n\r\n",
            "GET http://a/ocsp/MEI HTTP/1.1\r\n\r\n",
            "POST /ocspx HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
            "POST /ocsp HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
            "\r\nGET /ocsp/MEI HTTP/1.1\r\n\r\n",
            "\u{16}\u{3}\u{1}",
        ] {
            assert_eq!(kind(text), "other", "{text:?}");
        }
        let endless = format!("GET /ocsp/{}", "M".repeat(LONGEST_HEAD));
        assert_eq!(kind(&endless), "other");
    }
}
