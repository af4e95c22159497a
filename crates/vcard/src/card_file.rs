//! A card whose memory is a file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::{Card, Memory, MemoryFault, SavedProblem};

/// Why a card could not be loaded from its file.
#[derive(Debug, thiserror::Error)]
pub enum CardFileProblem {
    /// The file cannot be read.
    #[error("the card's file cannot be read")]
    Read(#[source] io::Error),
    /// The file is not a card's.
    #[error("the file holds no card")]
    Card(#[source] SavedProblem),
}

/// Loads the card that a file holds ([`Card::to_json`]) and lets it store every change there before it acts on it. `entropy` as in
/// [`Card::new`].
///
/// # Errors
/// [`CardFileProblem`]: the file, or what is in it.
pub fn open(
    path: &Path,
    entropy: impl FnMut(&mut [u8]) + Send + 'static,
) -> Result<Card, CardFileProblem> {
    let text = Zeroizing::new(fs::read_to_string(path).map_err(CardFileProblem::Read)?);
    let mut card = Card::from_json(&text, entropy).map_err(CardFileProblem::Card)?;
    card.attach_memory(CardFile(path.to_owned()));
    Ok(card)
}

/// Puts a new card into a file that is not there yet.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when it is there; what writing came to, or [`io::ErrorKind::InvalidData`] for a card that
/// cannot be written.
pub fn create(path: &Path, card: &Card) -> io::Result<()> {
    let text = card
        .to_json()
        .map_err(|problem| io::Error::new(io::ErrorKind::InvalidData, problem))?;
    let beside = write_beside(path, text.as_bytes())?;
    // Unlike a renaming, a link takes nothing's place.
    let outcome = fs::hard_link(&beside, path).and_then(|()| sync_folder(path));
    fs::remove_file(&beside)?;
    outcome
}

struct CardFile(PathBuf);

impl Memory for CardFile {
    fn keep(&mut self, state: &str) -> Result<(), MemoryFault> {
        replace(&self.0, state.as_bytes()).map_err(|_| MemoryFault)
    }
}

/// Puts a new content in the place of the old, whole or not at all: written beside it, on the disk, and then renamed over it.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let beside = write_beside(path, content)?;
    fs::rename(&beside, path)?;
    sync_folder(path)
}

fn write_beside(path: &Path, content: &[u8]) -> io::Result<PathBuf> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    // What a dead process left there goes; nothing that is there is written into.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // It holds the card's secrets.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(beside)
}

/// A new name is on the disk when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    // Only Unix opens folders.
    if !cfg!(unix) {
        return Ok(());
    }
    match path.parent() {
        None => Ok(()),
        Some(folder) if folder.as_os_str().is_empty() => File::open(".")?.sync_all(),
        Some(folder) => File::open(folder)?.sync_all(),
    }
}
