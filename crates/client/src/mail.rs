//! Secure mail saved: S/MIME messages of a mailbox opened with the card and written out, so that they can be read when the card is gone.
//!
//! [`save`] reads `.eml` files, mbox files and Maildir folders and never writes there. What it opens goes to a folder of its own: the
//! opened message, its texts, its attachments under safe names, an index page, and a list of what could not be opened and why. It is
//! taken up where it was when it was cut off. The messages come from anybody; one that is broken, hostile or for somebody else is a
//! line in the list and stops nothing.
//!
//! One message at a time is in memory, [`Options::largest`] at the most. The code is asked for once, when the first message wants it.

mod archive;
mod card_keys;
mod command;
mod entity;
mod file_name;
mod mailbox;
mod page;
mod reason;
mod record;
mod told;
mod unfold;

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use piv::{CardError, Transport};
use wire::StopReason;

pub use crate::program::Language;
pub use command::{MailCommand, SaveArguments};
pub use reason::Reason;

use crate::Prompt;
use crate::stopped::Stop;
use archive::Archive;
use card_keys::CardKeys;
use record::{Outcome, Record};
use unfold::Unfolder;

/// The length in octets above which a message is passed over unless [`Options::largest`] says otherwise: far more than mail
/// servers let through.
pub const LARGEST: u64 = 128 * 1024 * 1024;

/// What to save, and where to.
#[derive(Debug, Clone)]
pub struct Options {
    /// A file (`.eml`, mbox) or a folder with such files and Maildir folders in it, at any depth.
    pub folder: PathBuf,
    /// Where to write; made when it is not there. It must be new, empty, or from an earlier run.
    pub out: PathBuf,
    /// The language of the first page; the other one is beside it.
    pub language: Language,
    /// The longest message that is opened, in octets; 512 MiB at the most makes sense.
    pub largest: u64,
    /// 32 random octets, new for each run, from the system's random source.
    pub seed: [u8; 32],
}

/// How far it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Messages looked at, in this run and, when it was taken up, before.
    pub seen: u64,
    /// Messages saved.
    pub saved: u64,
    /// Encrypted messages that could not be opened.
    pub not_opened: u64,
    /// Messages that nobody encrypted; they are left where they are.
    pub not_encrypted: u64,
    /// Octets of the mailbox read.
    pub octets_read: u64,
    /// Octets of the mailbox in all, as it was at the start.
    pub octets_in_all: u64,
}

/// Is told after each message how far it is, and can stop it there.
pub trait Progress {
    /// One more message is done. `Break` stops; what was saved stays, and the next run goes on from there.
    fn mail(&mut self, so_far: Tally) -> ControlFlow<()>;
}

impl<F: FnMut(Tally) -> ControlFlow<()>> Progress for F {
    fn mail(&mut self, so_far: Tally) -> ControlFlow<()> {
        self(so_far)
    }
}

/// Why it stopped before the end. What was saved stays, and the next run goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum NotSaved {
    /// It was told to stop.
    #[error("stopped on request; run it again to go on")]
    Stopped,
    /// The card or the holder stopped it.
    #[error("the card was not used ({reason:?})")]
    Card {
        /// Why.
        reason: StopReason,
        /// What the card did.
        cause: Option<CardError>,
    },
    /// There is no certificate for encryption on the card, so no key to open anything with.
    #[error(
        "the card has no encryption certificate; put in the card that the mail was encrypted for"
    )]
    NoKey,
    /// The folder to write to lies in the mailbox, or the mailbox in it.
    #[error("{} and the mailbox lie in each other; choose another folder to write to", .0.display())]
    Overlap(PathBuf),
    /// The folder to write to holds other things.
    #[error("{} holds other files; choose a new or an empty folder", .0.display())]
    NotEmpty(PathBuf),
    /// Another run is writing to the folder.
    #[error("another run is writing to {}; wait until it is done", .0.display())]
    Busy(PathBuf),
    /// There is no mail where it was to be.
    #[error("no mail in {}: neither .eml files, mbox files nor Maildir folders", .0.display())]
    NoMail(PathBuf),
    /// A file or folder could not be used.
    #[error("{}: {cause}", place.display())]
    File {
        /// Which.
        place: PathBuf,
        /// Why not.
        cause: io::Error,
    },
}

impl NotSaved {
    fn file(place: &Path) -> impl FnOnce(io::Error) -> Self {
        let place = place.to_owned();
        move |cause| Self::File { place, cause }
    }
}

impl From<Stop> for NotSaved {
    fn from(stop: Stop) -> Self {
        Self::Card {
            reason: stop.reason,
            cause: stop.cause,
        }
    }
}

/// Opens the secure mail in `options.folder` with the card behind `transport` and writes it to `options.out`.
///
/// # Errors
/// [`NotSaved`]. A message that cannot be opened is none: it is listed.
pub fn save(
    options: &Options,
    transport: &mut dyn Transport,
    prompt: &mut dyn Prompt,
    progress: &mut dyn Progress,
) -> Result<Tally, NotSaved> {
    let sources = mailbox::find(&options.folder)?;
    if sources.is_empty() {
        return Err(NotSaved::NoMail(options.folder.clone()));
    }
    let mut archive = Archive::open(&options.out, &options.folder)?;
    let mut keys = CardKeys::read(transport, prompt, options.seed)?;
    let saved = save_all(&sources, options, &mut archive, &mut keys, progress);
    // However it ended, the card forgets the code, and what there is gets its page.
    let forgotten = keys.close();
    let written = page::write(&archive, options.language);
    let tally = saved?;
    written?;
    forgotten?;
    Ok(tally)
}

fn save_all(
    sources: &[mailbox::Source],
    options: &Options,
    archive: &mut Archive,
    keys: &mut CardKeys<'_>,
    progress: &mut dyn Progress,
) -> Result<Tally, NotSaved> {
    let mut tally = Tally {
        octets_in_all: sources.iter().map(|source| source.length).sum(),
        ..Tally::default()
    };
    for source in sources {
        let before = tally.octets_read;
        mailbox::each_message(source, options.largest, &mut |place, message| {
            tally.octets_read = before.saturating_add(place.read);
            let outcome = one(place.shown, message, archive, keys)?;
            tally.count(&outcome);
            match progress.mail(tally) {
                ControlFlow::Continue(()) => Ok(()),
                ControlFlow::Break(()) => Err(NotSaved::Stopped),
            }
        })?;
        tally.octets_read = before.saturating_add(source.length);
    }
    Ok(tally)
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        self.seen += 1;
        match outcome {
            Outcome::Saved { .. } => self.saved += 1,
            Outcome::NotOpened {
                reason: Reason::NotEncrypted,
            } => self.not_encrypted += 1,
            Outcome::NotOpened { .. } => self.not_opened += 1,
        }
    }
}

/// One message: saved, or put on the list.
fn one(
    place: String,
    message: mailbox::Found<'_>,
    archive: &mut Archive,
    keys: &mut CardKeys<'_>,
) -> Result<Outcome, NotSaved> {
    let bytes = match message {
        mailbox::Found::Whole(bytes) => bytes,
        mailbox::Found::Not(reason) => {
            let record = Record::unread(place, reason);
            return archive.note(record);
        }
    };
    let digest = pki::digest::sha256(bytes);
    if let Some(outcome) = archive.done(&digest) {
        return Ok(outcome);
    }
    let mut unfolder = Unfolder::new(keys);
    let opened = unfolder.message(bytes)?;
    let (found, reason) = unfolder.finish();
    let record = Record::of(place, &digest, bytes);
    match opened {
        Some(opened) => archive.keep(record, &opened, found),
        None => archive.note(record.because(reason)),
    }
}

/// Makes a folder that only its owner gets into: what is in there was secret.
fn make_folder(place: &Path) -> Result<(), NotSaved> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(place).map_err(NotSaved::file(place))
}
