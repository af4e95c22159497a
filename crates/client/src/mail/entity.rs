//! A MIME entity as bytes: its headers, its parts, and a careful way into the parser.

use std::borrow::Cow;
use std::ops::Range;
use std::panic::catch_unwind;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders as _};

/// A mailing list's digest has some dozens. The parser keeps a nested message in another, and takes them apart one in another.
const MOST_NESTED: usize = 200;
/// A message with a picture for each day of a year stays below.
const MOST_PARTS: usize = 2_000;

/// It is more than any mail program makes.
pub(super) struct TooMuch;

/// The message taken apart; nothing when it has no headers.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<Message<'_>>, TooMuch> {
    let is_too_much = count(bytes, b"message/", MOST_NESTED) >= MOST_NESTED
        || count(bytes, b"boundary", MOST_PARTS) >= MOST_PARTS
        || count(bytes, b"content-type", MOST_PARTS) >= MOST_PARTS;
    if is_too_much {
        return Err(TooMuch);
    }
    // The parser is made not to panic. Should it do so all the same, that is this message's trouble and no other's.
    catch_unwind(|| MessageParser::default().parse(bytes))
        .map(|message| message.filter(|message| !message.parts.is_empty()))
        .map_err(|_| TooMuch)
}

/// The headers alone.
pub(super) fn parse_headers(bytes: &[u8]) -> Option<Message<'_>> {
    let headers = bytes.get(..body_start(bytes))?;
    catch_unwind(|| MessageParser::default().parse_headers(headers))
        .ok()
        .flatten()
        .filter(|message| !message.parts.is_empty())
}

/// How often the lower-case `needle` occurs, in either case, up to `most`.
fn count(bytes: &[u8], needle: &[u8], most: usize) -> usize {
    bytes
        .windows(needle.len())
        .filter(|window| window.eq_ignore_ascii_case(needle))
        .take(most)
        .count()
}

/// Whether it begins with headers of MIME or mail, and is not bare text.
pub(super) fn has_headers(bytes: &[u8]) -> bool {
    const KNOWN: [&str; 9] = [
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
        "mime-version",
        "from",
        "subject",
        "date",
        "message-id",
        "received",
    ];
    let names = fields(bytes).map(|(name, _)| name.to_lowercase());
    names.take(100).any(|name| KNOWN.contains(&name.as_str()))
}

/// Whether bare text is one, and not what comes of a wrong key.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let beginning = bytes.get(..256).unwrap_or(bytes);
    beginning
        .iter()
        .all(|octet| !octet.is_ascii_control() || matches!(octet, b'\t' | b'\n' | b'\r' | 0x0C))
}

/// Where the body begins: after the first empty line.
pub(super) fn body_start(bytes: &[u8]) -> usize {
    let mut at = 0;
    for line in bytes.split_inclusive(|octet| *octet == b'\n') {
        at += line.len();
        if matches!(line, b"\n" | b"\r\n") {
            return at;
        }
    }
    bytes.len()
}

/// Name and whole text (folded lines, line ends and all) of each header field.
fn fields(bytes: &[u8]) -> impl Iterator<Item = (String, &[u8])> {
    let mut rest = bytes.get(..body_start(bytes)).unwrap_or_default();
    std::iter::from_fn(move || {
        let mut end = 0;
        for line in rest.split_inclusive(|octet| *octet == b'\n') {
            if end > 0 && !line.starts_with(b" ") && !line.starts_with(b"\t") {
                break;
            }
            end += line.len();
        }
        let (field, after) = rest
            .split_at_checked(end)
            .filter(|(field, _)| !field.is_empty())?;
        rest = after;
        let colon = field.iter().position(|octet| *octet == b':').unwrap_or(0);
        let name = field.get(..colon).unwrap_or_default();
        let is_name = name.iter().all(|octet| octet.is_ascii_graphic());
        let name = if is_name {
            String::from_utf8_lossy(name).into_owned()
        } else {
            String::new()
        };
        Some((name, field))
    })
}

/// `opened` in the place of the content of `outer`: the headers of `outer` that are about the message stay, those about its
/// content, and those that `opened` has itself, go.
pub(super) fn with_content(outer: &[u8], opened: &[u8]) -> Vec<u8> {
    let has_own = has_headers(opened);
    let own: Vec<String> = if has_own {
        fields(opened)
            .map(|(name, _)| name.to_lowercase())
            .collect()
    } else {
        Vec::new()
    };
    let mut whole = Vec::with_capacity(outer.len().saturating_add(opened.len()));
    for (name, field) in fields(outer) {
        let name = name.to_lowercase();
        let is_about_content = name.is_empty() || name.starts_with("content-");
        if !is_about_content && !own.contains(&name) {
            whole.extend_from_slice(field);
        }
    }
    if !has_own {
        let is_crlf = outer.windows(2).any(|pair| pair == b"\r\n");
        whole.extend_from_slice(if is_crlf { b"\r\n" } else { b"\n" });
    }
    whole.extend_from_slice(opened);
    whole
}

/// Puts each replacement in the place of its range.
pub(super) fn splice(bytes: &[u8], mut replacements: Vec<(Range<usize>, Vec<u8>)>) -> Vec<u8> {
    replacements.sort_by_key(|(range, _)| range.start);
    let mut whole = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for (range, replacement) in replacements {
        if range.start < at {
            continue;
        }
        whole.extend_from_slice(bytes.get(at..range.start).unwrap_or_default());
        whole.extend_from_slice(&replacement);
        at = range.end;
    }
    whole.extend_from_slice(bytes.get(at..).unwrap_or_default());
    whole
}

/// The part with its headers.
pub(super) fn whole_range(part: &MessagePart<'_>) -> Range<usize> {
    offset(part.offset_header)..offset(part.offset_end)
}

/// What a part carries, octet for octet: the transfer encoding taken off, no characters converted.
pub(super) fn carried<'a>(bytes: &'a [u8], part: &MessagePart<'_>) -> Cow<'a, [u8]> {
    let range = offset(part.offset_body)..offset(part.offset_end);
    let raw = bytes.get(range).unwrap_or_default();
    let decoded = match part.encoding {
        Encoding::None => None,
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
    };
    decoded.map_or(Cow::Borrowed(raw), Cow::Owned)
}

fn offset(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// Whether a part says that it is a CMS message (RFC 8551 3.2.1), or is named as one by a gateway that knew no better.
pub(super) fn is_smime(part: &MessagePart<'_>) -> bool {
    let is_named = || {
        let name = part.attachment_name().unwrap_or_default().to_lowercase();
        name.ends_with(".p7m")
    };
    part.is_content_type("application", "pkcs7-mime")
        || part.is_content_type("application", "x-pkcs7-mime")
        || part.is_content_type("application", "octet-stream") && is_named()
}

/// The signed part of a `multipart/signed` (RFC 1847 2.1) as it stands, without the line end before the delimiter, which belongs
/// to the delimiter (RFC 2046 5.1.1).
pub(super) fn signed_range(bytes: &[u8], boundary: &str) -> Option<Range<usize>> {
    let delimiter = [b"--", boundary.as_bytes()].concat();
    let mut at = body_start(bytes);
    let mut first = None;
    for line in bytes.get(at..)?.split_inclusive(|octet| *octet == b'\n') {
        let begins_with = line.strip_prefix(delimiter.as_slice());
        let is_delimiter = begins_with.is_some_and(|rest| {
            let rest = rest.strip_prefix(b"--").unwrap_or(rest);
            rest.iter().all(u8::is_ascii_whitespace)
        });
        match (is_delimiter, first) {
            (true, None) => first = Some(at + line.len()),
            (true, Some(start)) => {
                let signed = bytes.get(start..at)?;
                let end = match signed {
                    [.., b'\r', b'\n'] => at - 2,
                    [.., b'\n'] => at - 1,
                    _ => at,
                };
                return Some(start..end.max(start));
            }
            (false, _) => {}
        }
        at += line.len();
    }
    None
}

/// The bytes with CRLF at the end of each line, as they were signed (RFC 8551 3.1.1).
pub(super) fn canonical(bytes: &[u8]) -> Vec<u8> {
    let mut canonical = Vec::with_capacity(bytes.len() + bytes.len() / 32);
    let mut last = 0;
    for octet in bytes {
        if *octet == b'\n' && last != b'\r' {
            canonical.push(b'\r');
        }
        canonical.push(*octet);
        last = *octet;
    }
    canonical
}
