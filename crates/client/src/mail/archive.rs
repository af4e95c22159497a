//! The folder that is written to: `messages/` with one folder a message, and the state file by which a run is taken up.
//!
//! A message is written under a name with `.part`, then its line goes into the state file, then the folder gets its name. So a run
//! that was cut off leaves no message half written and counts none twice.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::file_name::{self, Names};
use super::record::{Outcome, Record};
use super::unfold::{Attachment, Collected, Text};
use super::{NotSaved, Reason, make_folder};

/// The state file: a line of JSON for each message.
const STATE: &str = "sigill-mail-state.jsonl";
const MESSAGES: &str = "messages";
const UNFINISHED: &str = ".part";
/// How much of the subject is in a folder's name, in characters: with two long names below it, Windows' 260 are kept to.
const LONGEST_SUBJECT: usize = 40;

/// A HTML text is shown as it is, but fetches nothing and runs nothing: no picture tells the sender that it was read.
const HTML_GUARD: &str = "<!DOCTYPE html><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" \
content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'\">\
<meta name=\"referrer\" content=\"no-referrer\">\n";

/// The folder, open.
pub(super) struct Archive {
    place: PathBuf,
    state: File,
    records: Vec<Record>,
    by_digest: BTreeMap<String, usize>,
    next: usize,
}

impl Archive {
    /// Makes the folder, or takes up an earlier run's. It and the mailbox must lie apart.
    pub(super) fn open(place: &Path, mailbox: &Path) -> Result<Self, NotSaved> {
        let mailbox = fs::canonicalize(mailbox).map_err(NotSaved::file(mailbox))?;
        let real = real_place(place).map_err(NotSaved::file(place))?;
        if real.starts_with(&mailbox) || mailbox.starts_with(&real) {
            return Err(NotSaved::Overlap(place.to_owned()));
        }
        make_folder(place)?;
        let state_place = place.join(STATE);
        let is_ours = state_place.is_file();
        let mut entries = fs::read_dir(place).map_err(NotSaved::file(place))?;
        if !is_ours && entries.next().is_some() {
            return Err(NotSaved::NotEmpty(place.to_owned()));
        }
        let mut state = private_file(OpenOptions::new().read(true).append(true).create(true))
            .open(&state_place)
            .map_err(NotSaved::file(&state_place))?;
        // Two runs into one folder would take each other's names.
        match state.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(NotSaved::Busy(place.to_owned())),
            Err(TryLockError::Error(cause)) => return Err(NotSaved::file(&state_place)(cause)),
        }
        let records = read_state(&mut state).map_err(NotSaved::file(&state_place))?;
        make_folder(&place.join(MESSAGES))?;
        let mut archive = Self {
            place: place.to_owned(),
            state,
            records: Vec::new(),
            by_digest: BTreeMap::new(),
            next: 1,
        };
        for record in records {
            archive.remember(record);
        }
        archive.finish_unfinished()?;
        Ok(archive)
    }

    pub(super) fn place(&self) -> &Path {
        &self.place
    }

    pub(super) fn records(&self) -> &[Record] {
        &self.records
    }

    /// What became of this message before, unless trying again may come to something else: with another card, perhaps.
    pub(super) fn done(&self, digest: &[u8; 32]) -> Option<Outcome> {
        let number = self.by_digest.get(&hex::encode(digest))?;
        let outcome = &self.records.get(*number)?.outcome;
        match outcome {
            Outcome::Saved { .. }
            | Outcome::NotOpened {
                reason: Reason::NotEncrypted,
            } => Some(outcome.clone()),
            Outcome::NotOpened { .. } => None,
        }
    }

    /// Puts a message that was not opened on the list.
    pub(super) fn note(&mut self, record: Record) -> Result<Outcome, NotSaved> {
        let outcome = record.outcome.clone();
        self.write_down(&record)?;
        self.remember(record);
        Ok(outcome)
    }

    /// Writes an opened message out.
    pub(super) fn keep(
        &mut self,
        mut record: Record,
        opened: &[u8],
        found: Collected,
    ) -> Result<Outcome, NotSaved> {
        let subject: String = record.subject.chars().take(LONGEST_SUBJECT).collect();
        let subject = file_name::safe(&subject.replace(['/', '\\'], "_"));
        let folder = match subject.as_str() {
            "" => format!("{:05}", self.next),
            subject => format!("{:05} {subject}", self.next),
        };
        let unfinished = self.messages().join(format!("{folder}{UNFINISHED}"));
        make_folder(&unfinished)?;
        write_file(&unfinished, "message.eml", opened)?;
        let texts = write_texts(&unfinished, &found.texts)?;
        let attachments = write_attachments(&unfinished, found.attachments)?;
        record.outcome = Outcome::Saved {
            folder: folder.clone(),
            texts,
            attachments,
            signatures: found.signatures,
            problems: found.problems,
        };
        let outcome = self.note(record)?;
        let finished = self.messages().join(&folder);
        fs::rename(&unfinished, &finished).map_err(NotSaved::file(&finished))?;
        Ok(outcome)
    }

    fn messages(&self) -> PathBuf {
        self.place.join(MESSAGES)
    }

    fn write_down(&mut self, record: &Record) -> Result<(), NotSaved> {
        let place = self.place.join(STATE);
        let mut line = serde_json::to_vec(record)
            .map_err(io::Error::from)
            .map_err(NotSaved::file(&place))?;
        line.push(b'\n');
        self.state
            .write_all(&line)
            .and_then(|()| self.state.sync_data())
            .map_err(NotSaved::file(&place))
    }

    /// The last word on a message counts.
    fn remember(&mut self, record: Record) {
        if let Outcome::Saved { folder, .. } = &record.outcome {
            let number = folder
                .split(' ')
                .next()
                .and_then(|number| number.parse().ok());
            self.next = self.next.max(number.unwrap_or(0_usize).saturating_add(1));
        }
        let key = match record.digest.as_str() {
            "" => record.place.clone(),
            digest => digest.to_owned(),
        };
        let number = *self.by_digest.entry(key).or_insert(self.records.len());
        match self.records.get_mut(number) {
            Some(earlier) => *earlier = record,
            None => self.records.push(record),
        }
    }

    /// What a run that was cut off left under an unfinished name: written down, it gets its name; else it goes.
    fn finish_unfinished(&self) -> Result<(), NotSaved> {
        let messages = self.messages();
        for record in &self.records {
            let Outcome::Saved { folder, .. } = &record.outcome else {
                continue;
            };
            let unfinished = messages.join(format!("{folder}{UNFINISHED}"));
            if file_name::safe(folder) == *folder && unfinished.is_dir() {
                fs::rename(&unfinished, messages.join(folder))
                    .map_err(NotSaved::file(&unfinished))?;
            }
        }
        for entry in fs::read_dir(&messages).map_err(NotSaved::file(&messages))? {
            let place = entry.map_err(NotSaved::file(&messages))?.path();
            let name = place.file_name().unwrap_or_default().to_string_lossy();
            if name.ends_with(UNFINISHED) && name.starts_with(|first: char| first.is_ascii_digit())
            {
                fs::remove_dir_all(&place).map_err(NotSaved::file(&place))?;
            }
        }
        Ok(())
    }
}

impl Drop for Archive {
    /// Closing the file is not enough where a program started meanwhile has inherited it for a moment.
    fn drop(&mut self) {
        let _ = self.state.unlock();
    }
}

/// Where a folder that may not be there yet would come to lie, links followed.
fn real_place(place: &Path) -> io::Result<PathBuf> {
    let absolute = std::path::absolute(place)?;
    let mut missing = Vec::new();
    let mut there = absolute.as_path();
    loop {
        match fs::canonicalize(there) {
            Ok(mut real) => {
                real.extend(missing.iter().rev());
                return Ok(real);
            }
            Err(error) => match (there.parent(), there.file_name()) {
                (Some(parent), Some(name)) if error.kind() == io::ErrorKind::NotFound => {
                    missing.push(name);
                    there = parent;
                }
                _ => return Err(error),
            },
        }
    }
}

/// The lines written so far. A line that was cut off is cut off the file too.
fn read_state(state: &mut File) -> io::Result<Vec<Record>> {
    let mut bytes = Vec::new();
    state.read_to_end(&mut bytes)?;
    let mut records = Vec::new();
    let mut good = 0_u64;
    for line in bytes.split_inclusive(|octet| *octet == b'\n') {
        match serde_json::from_slice(line) {
            Ok(record) if line.ends_with(b"\n") => records.push(record),
            _ => break,
        }
        good += u64::try_from(line.len()).unwrap_or(u64::MAX);
    }
    state.set_len(good)?;
    state.seek(io::SeekFrom::End(0))?;
    Ok(records)
}

fn write_texts(folder: &Path, texts: &[Text]) -> Result<Vec<String>, NotSaved> {
    let mut names = Names::default();
    let mut written = Vec::new();
    for text in texts {
        let (name, content) = if text.is_html {
            (
                names.give("text.html", "text"),
                format!("{HTML_GUARD}{}", text.text),
            )
        } else {
            (names.give("text.txt", "text"), text.text.clone())
        };
        write_file(folder, &name, content.as_bytes())?;
        written.push(name);
    }
    Ok(written)
}

fn write_attachments(folder: &Path, attachments: Vec<Attachment>) -> Result<Vec<String>, NotSaved> {
    let mut written = Vec::new();
    if attachments.is_empty() {
        return Ok(written);
    }
    let place = folder.join("attachments");
    make_folder(&place)?;
    let mut names = Names::default();
    for attachment in attachments {
        let name = names.give(&attachment.name, "attachment");
        write_file(&place, &name, &attachment.bytes)?;
        written.push(name);
    }
    Ok(written)
}

/// Writes a new file that only its owner reads, down to the disk.
pub(super) fn write_file(folder: &Path, name: &str, content: &[u8]) -> Result<(), NotSaved> {
    let place = folder.join(name);
    private_file(OpenOptions::new().write(true).create_new(true))
        .open(&place)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .map_err(NotSaved::file(&place))
}

/// Replaces a file in one step.
pub(super) fn replace_file(folder: &Path, name: &str, content: &[u8]) -> Result<(), NotSaved> {
    let new = format!("{name}{UNFINISHED}");
    match fs::remove_file(folder.join(&new)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(NotSaved::file(&folder.join(&new))(error));
        }
        _ => {}
    }
    write_file(folder, &new, content)?;
    let place = folder.join(name);
    fs::rename(folder.join(&new), &place).map_err(NotSaved::file(&place))
}

fn private_file(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}
