//! Finding messages: `.eml` files, mbox files (RFC 4155) and Maildir folders, read from front to back and never written.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::{NotSaved, Reason};

/// Folders in folders; mail programs stay far below.
const DEEPEST: usize = 32;
const SEPARATOR: &[u8] = b"From ";

/// A file with messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    path: PathBuf,
    /// As it is shown: below the folder asked for.
    shown: String,
    is_mbox: bool,
    /// Its length in octets when it was found.
    pub(super) length: u64,
}

/// Where a message is.
pub(super) struct Place {
    /// The file as it is shown, and in an mbox the number of the message.
    pub(super) shown: String,
    /// How many octets of the file were read when the message was at its end.
    pub(super) read: u64,
}

/// One message in it.
pub(super) enum Found<'a> {
    Whole(&'a [u8]),
    Not(Reason),
}

/// What is done with each message.
pub(super) type Each<'a> = dyn FnMut(Place, Found<'_>) -> Result<(), NotSaved> + 'a;

/// The files with mail in `folder`, in the order of their names; links are not followed.
pub(super) fn find(folder: &Path) -> Result<Vec<Source>, NotSaved> {
    let metadata = fs::metadata(folder).map_err(NotSaved::file(folder))?;
    let mut sources = Vec::new();
    if metadata.is_dir() {
        look(folder, "", DEEPEST, &mut sources)?;
    } else {
        let shown = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let is_mbox = begins_as_mbox(folder);
        sources.push(Source {
            path: folder.to_owned(),
            shown,
            is_mbox,
            length: metadata.len(),
        });
    }
    Ok(sources)
}

fn look(folder: &Path, below: &str, depth: usize, into: &mut Vec<Source>) -> Result<(), NotSaved> {
    let Some(depth) = depth.checked_sub(1) else {
        return Ok(());
    };
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(NotSaved::file(folder))? {
        entries.push(entry.map_err(NotSaved::file(folder))?);
    }
    entries.sort_by_key(fs::DirEntry::file_name);
    // A Maildir holds messages under any name in two of its three folders; what is in `tmp` is not delivered yet.
    let is_in_maildir = matches!(
        folder.file_name().and_then(|name| name.to_str()),
        Some("cur" | "new")
    ) && folder.parent().is_some_and(is_maildir);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let shown = if below.is_empty() {
            name.clone()
        } else {
            format!("{below}/{name}")
        };
        let kind = entry.file_type().map_err(NotSaved::file(&path))?;
        if kind.is_dir() {
            if name != "tmp" || !is_maildir(folder) {
                look(&path, &shown, depth, into)?;
            }
        } else if kind.is_file() {
            let ending = path
                .extension()
                .map(|ending| ending.to_string_lossy().to_lowercase());
            let is_message = is_in_maildir || ending.as_deref() == Some("eml");
            let is_mbox = !is_message && begins_as_mbox(&path);
            if is_message || is_mbox {
                into.push(Source {
                    length: entry.metadata().map_or(0, |metadata| metadata.len()),
                    path,
                    shown,
                    is_mbox,
                });
            }
        }
    }
    Ok(())
}

fn is_maildir(folder: &Path) -> bool {
    folder.join("cur").is_dir() && folder.join("new").is_dir()
}

fn begins_as_mbox(path: &Path) -> bool {
    let mut first = [0; SEPARATOR.len()];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut first))
        .is_ok_and(|()| first == SEPARATOR)
}

/// Gives each message of `source` to `each`, one longer than `largest` octets as [`Reason::TooBig`].
pub(super) fn each_message(
    source: &Source,
    largest: u64,
    each: &mut Each<'_>,
) -> Result<(), NotSaved> {
    let Ok(file) = File::open(&source.path) else {
        return each(source.whole(), Found::Not(Reason::Unreadable));
    };
    if source.is_mbox {
        return each_of_mbox(
            source,
            BufReader::with_capacity(64 * 1024, file),
            largest,
            each,
        );
    }
    let mut bytes = Vec::new();
    let found = match file.take(largest.saturating_add(1)).read_to_end(&mut bytes) {
        Err(_) => Found::Not(Reason::Unreadable),
        Ok(_) if octets(&bytes) > largest => Found::Not(Reason::TooBig { limit: largest }),
        Ok(_) => Found::Whole(&bytes),
    };
    each(source.whole(), found)
}

impl Source {
    /// The place of the one message in it.
    fn whole(&self) -> Place {
        Place {
            shown: self.shown.clone(),
            read: self.length,
        }
    }

    /// The place of one of its messages, counted from 1.
    fn number(&self, number: u64, read: u64) -> Place {
        Place {
            shown: format!("{} #{number}", self.shown),
            read,
        }
    }
}

/// An mbox: a separator after an empty line begins a message; `>From ` in a message stands for `From `.
fn each_of_mbox(
    source: &Source,
    mut file: impl BufRead,
    largest: u64,
    each: &mut Each<'_>,
) -> Result<(), NotSaved> {
    let mut message: Vec<u8> = Vec::new();
    let mut too_big = false;
    let mut number = 0_u64;
    let mut position = 0_u64;
    let mut after_empty = true;
    let mut line = Vec::new();
    loop {
        let is_whole = line.is_empty() || line.ends_with(b"\n");
        line.clear();
        // A line is read in pieces of this size, so that one without an end does not fill the memory.
        let read = match file.by_ref().take(64 * 1024).read_until(b'\n', &mut line) {
            Ok(read) => read,
            Err(_) => {
                let place = source.number(number.max(1), position);
                return each(place, Found::Not(Reason::Unreadable));
            }
        };
        let before = position;
        position = position.saturating_add(octets(&line));
        let begins = is_whole && after_empty && (number == 0 || is_separator(&line));
        if read == 0 || begins {
            if number > 0 {
                // The empty line before the next separator is the mbox's.
                let end = match message.as_slice() {
                    [.., b'\n', b'\r', b'\n'] => 2,
                    [.., b'\n', b'\n'] => 1,
                    _ => 0,
                };
                message.truncate(message.len() - end);
                let found = if too_big {
                    Found::Not(Reason::TooBig { limit: largest })
                } else {
                    Found::Whole(&message)
                };
                each(source.number(number, before), found)?;
            }
            if read == 0 {
                return Ok(());
            }
            message.clear();
            too_big = false;
            number += 1;
            after_empty = false;
            // The rest of an overlong separator line belongs to it.
            if !line.ends_with(b"\n") {
                line.clear();
                skip_line(&mut file).map_err(NotSaved::file(&source.path))?;
            }
            continue;
        }
        after_empty = is_whole && matches!(line.as_slice(), b"\n" | b"\r\n");
        let quoted = line.iter().position(|octet| *octet != b'>').unwrap_or(0);
        let is_quoted = is_whole
            && quoted > 0
            && line
                .get(quoted..)
                .is_some_and(|rest| rest.starts_with(SEPARATOR));
        let text = line.get(usize::from(is_quoted)..).unwrap_or_default();
        if too_big || octets(&message) + octets(text) > largest {
            too_big = true;
            message = Vec::new();
        } else {
            message.extend_from_slice(text);
        }
    }
}

/// Whether the line is `From `, a sender and a time (RFC 4155 appendix A), or `From ` and next to nothing, as Thunderbird writes it. A
/// sentence that begins with "From" and was not quoted is neither.
fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(SEPARATOR) else {
        return false;
    };
    let has_time = rest.windows(5).any(|time| {
        matches!(time, [a, b, b':', c, d] if [a, b, c, d].iter().all(|octet| octet.is_ascii_digit()))
    });
    has_time || matches!(rest.trim_ascii(), b"" | b"-")
}

fn skip_line(file: &mut impl BufRead) -> io::Result<()> {
    let mut piece = Vec::new();
    loop {
        piece.clear();
        let read = file
            .by_ref()
            .take(64 * 1024)
            .read_until(b'\n', &mut piece)?;
        if read == 0 || piece.ends_with(b"\n") {
            return Ok(());
        }
    }
}

fn octets(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(mbox: &[u8], largest: u64) -> Vec<Option<String>> {
        let source = Source {
            path: PathBuf::new(),
            shown: "inbox".to_owned(),
            is_mbox: true,
            length: 0,
        };
        let mut found = Vec::new();
        each_of_mbox(&source, mbox, largest, &mut |_, message| {
            found.push(match message {
                Found::Whole(bytes) => Some(String::from_utf8(bytes.to_vec()).unwrap()),
                Found::Not(_) => None,
            });
            Ok(())
        })
        .unwrap();
        found
    }

    #[test]
    fn an_mbox_is_taken_apart() {
        let mbox = b"From a@b\nSubject: 1\n\nFrom me\n>From you\n>>From both\n\nFrom c@d Tue Nov  3 08:00:00 2026\nSubject: 2\n\nx\n";
        assert_eq!(
            messages(mbox, 1_000),
            [
                Some("Subject: 1\n\nFrom me\nFrom you\n>From both\n".to_owned()),
                Some("Subject: 2\n\nx\n".to_owned())
            ]
        );
        let long = [
            b"From a\n".as_slice(),
            &[b'x'; 300_000],
            b"\n\nFrom -\nshort\n",
        ]
        .concat();
        assert_eq!(messages(&long, 1_000), [None, Some("short\n".to_owned())]);
        assert!(messages(b"", 10).is_empty());
    }
}
