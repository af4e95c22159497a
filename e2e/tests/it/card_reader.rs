//! A PC/SC reader with a virtual card in it: `pcscd` with vpcd's driver in a mount namespace of its own, so that it meddles with no
//! other, and `sigill-vcard` with a card that a walk made.

mod factory;
mod mail;
mod opensc;
mod pkinit;
mod shell;
mod tls;
mod yubico;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context as _;

use crate::program::{self, Background};
use crate::walk::Walk;

/// Starts the daemon in the folder given. From version 2 on it asks polkit who may use a card, unless it is told not to.
const DAEMON: &str = "\
mount -t tmpfs tmpfs /run
mkdir /run/pcscd
mount --bind \"$0/run\" /run/pcscd
polkit=
if pcscd --help 2>&1 | grep -q disable-polkit; then polkit=--disable-polkit; fi
exec pcscd --foreground --config \"$0/readers\" $polkit
";

/// Two readers side by side, and a card in one or both.
pub struct Readers {
    // Stopped before their folder goes.
    _cards: Vec<Background>,
    _daemon: Background,
    /// Where the first reader listens.
    port: u16,
    folder: Folder,
}

/// A reader with a card in it.
pub struct Reader {
    readers: Readers,
    /// The PKCS#11 module to reach the card by.
    pub module: PathBuf,
}

impl Deref for Reader {
    type Target = Readers;

    fn deref(&self) -> &Readers {
        &self.readers
    }
}

/// A reader, and a copy of a walk's card in it.
pub struct CardReader {
    reader: Reader,
    pub walk: &'static Walk,
    /// The card's number and its holder's code.
    pub number: String,
    pub code: String,
}

impl Deref for CardReader {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

/// A folder with a short name, for addresses of local sockets are short (108 octets, unix(7)).
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl CardReader {
    /// Makes a reader with the card that a walk is about; nothing when the programs are missing.
    pub fn with_card_of(walk: &'static Walk) -> anyhow::Result<Option<Self>> {
        let (number, code) = walk.card()?;
        let card = walk.path(&format!("cards/{number}.vcard"));
        let reader = Reader::with(|file| {
            fs::copy(&card, file)?;
            Ok(())
        })?;
        Ok(reader.map(|reader| Self {
            reader,
            walk,
            number,
            code,
        }))
    }

    /// One of the certificates that the walk left, in PEM.
    fn certificate(&self, kind: &str) -> PathBuf {
        let file = format!("certificates/{}-{kind}.pem", self.number);
        self.walk.path(&file)
    }

    /// The authorities that certify people, as a file in PEM.
    fn authorities(&self) -> anyhow::Result<PathBuf> {
        let mut all = Vec::new();
        for file in ["ca/0-root-ca-v1.pem", "ca/1-person-3-ca-v1.pem"] {
            all.extend(fs::read(self.walk.path(file))?);
        }
        let path = self.folder().join("authorities.pem");
        fs::write(&path, all)?;
        Ok(path)
    }
}

impl Reader {
    /// Makes a reader with a new card, as `sigill-vcard new` makes it.
    pub fn with_new_card(options: &[&str]) -> anyhow::Result<Option<Self>> {
        let program = program::sigill_vcard()?;
        Self::with(|file| {
            let mut command = Command::new(program);
            program::run(command.arg("new").arg(file).args(options)).map(|_| ())
        })
    }

    /// Makes a reader, has the card's file made, and waits until the card is seen; nothing when the programs are missing.
    fn with(card: impl FnOnce(&Path) -> anyhow::Result<()>) -> anyhow::Result<Option<Self>> {
        let Some(module) = program::foreign("SIGILL_TEST_OPENSC")? else {
            return Ok(None);
        };
        let mut card = Some(card);
        let readers = Readers::made(1, |_, file| card.take().map_or(Ok(()), |card| card(file)))?;
        Ok(readers.map(|readers| Self { readers, module }))
    }
}

impl Readers {
    /// Makes the readers and puts a copy of each card into one of its own, two at most; nothing when the programs are missing.
    pub fn with(cards: &[PathBuf]) -> anyhow::Result<Option<Self>> {
        Self::made(cards.len(), |place, file| {
            let card = cards.get(place).context("no such card")?;
            fs::copy(card, file).with_context(|| format!("copying {}", card.display()))?;
            Ok(())
        })
    }

    /// Makes the readers, has the file of each card made, and waits until all are seen.
    fn made(
        cards: usize,
        mut card: impl FnMut(usize, &Path) -> anyhow::Result<()>,
    ) -> anyhow::Result<Option<Self>> {
        let Some(driver) = program::foreign("SIGILL_TEST_VPCD")? else {
            return Ok(None);
        };
        static MADE: AtomicU32 = AtomicU32::new(0);
        let folder = Folder(env::temp_dir().join(format!(
            "sigill-reader-{}-{}",
            std::process::id(),
            MADE.fetch_add(1, Ordering::Relaxed)
        )));
        for part in ["run", "readers"] {
            fs::create_dir_all(folder.0.join(part)).context("making the reader's folder")?;
        }
        let port = program::free_pair()?;
        // The driver takes its port from the name of a device that is not there (vpcd's manual). Yubico's tools look at no reader
        // whose name is not like this; the others do not mind.
        let driver = driver.display();
        let reader = format!(
            "FRIENDLYNAME \"Yubico YubiKey CCID Virtual\"\nDEVICENAME /dev/null:0x{port:04X}\nLIBPATH {driver}\nCHANNELID 0x{port:04X}\n"
        );
        fs::write(folder.0.join("readers/vpcd"), reader)?;
        let mut daemon = Command::new("unshare");
        daemon
            .env("PATH", path())
            .args(["--mount", "sh", "-ec", DAEMON])
            .arg(&folder.0);
        let daemon = Background::start(&mut daemon, &folder.0.join("pcscd.log"))?;

        let mut inserted = Vec::new();
        for (place, port) in (0..cards).zip(port..) {
            let file = folder.0.join(format!("card-{place}.vcard"));
            card(place, &file)?;
            let mut program = Command::new(program::sigill_vcard()?);
            program.arg(&file).arg("--port").arg(port.to_string());
            let log = folder.0.join(format!("vcard-{place}.log"));
            inserted.push(Background::start(&mut program, &log)?);
        }

        let readers = Self {
            _cards: inserted,
            _daemon: daemon,
            port,
            folder,
        };
        for place in 0..cards {
            let mut said = String::new();
            program::wait_for("a card in the reader", || {
                let mut tool = readers.tool("opensc-tool");
                tool.args(["--reader", &place.to_string(), "--name"]);
                said = program::ask(&mut tool)?.said;
                Ok(said.contains("Personal Identity Verification Card"))
            })
            .with_context(|| readers.logs(&said))?;
        }
        Ok(Some(readers))
    }

    fn logs(&self, said: &str) -> String {
        let log = |name: &str| fs::read_to_string(self.folder().join(name)).unwrap_or_default();
        format!(
            "opensc-tool: {said}\npcscd: {}\nsigill-vcard: {}",
            log("pcscd.log"),
            log("vcard-0.log")
        )
    }

    /// Makes the readers, without cards; nothing when the programs are missing.
    pub fn empty() -> anyhow::Result<Option<Self>> {
        Self::made(0, |_, _| Ok(()))
    }

    /// Puts a card into the first reader, waits until it is seen, which no command tells the card, and takes it out after `work`. With
    /// `tear`, the card loses its power after so many commands, and the next one, if it is late, is carried out without an answer.
    pub fn with_inserted<T>(
        &self,
        card: &Path,
        tear: Option<(usize, bool)>,
        work: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let mut program = Command::new(program::sigill_vcard()?);
        program.arg(card).arg("--port").arg(self.port.to_string());
        program.args(["--places", "1"]);
        if let Some((after, late)) = tear {
            program.arg("--tear-after").arg(after.to_string());
            program.args(late.then_some("--tear-late"));
        }
        let inserted = Background::start(&mut program, &self.folder().join("vcard-0.log"))?;
        self.wait_for_card("Yes")?;
        let outcome = work();
        drop(inserted);
        self.wait_for_card("No")?;
        outcome
    }

    fn wait_for_card(&self, there: &str) -> anyhow::Result<()> {
        let mut said = String::new();
        program::wait_for("a card coming or going", || {
            said = program::ask(self.tool("opensc-tool").arg("--list-readers"))?.said;
            let first = said.lines().find(|line| line.trim_start().starts_with('0'));
            Ok(first.is_some_and(|line| line.split_whitespace().nth(1) == Some(there)))
        })
        .with_context(|| self.logs(&said))
    }

    /// A folder that goes with the reader.
    pub fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// A program that finds this reader and no other.
    pub fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        command
            .env("PATH", path())
            .env("PCSCLITE_CSOCK_NAME", self.folder().join("run/pcscd.comm"))
            .env("XDG_CACHE_HOME", self.folder())
            // Nobody's own screen is for windows of tests.
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env("LC_ALL", "C.UTF-8");
        command
    }
}

/// The search path with the system's own programs, which others than root do not have on theirs.
fn path() -> OsString {
    let mut path = env::var_os("PATH").unwrap_or_default();
    path.push(":/usr/sbin:/sbin");
    path
}
