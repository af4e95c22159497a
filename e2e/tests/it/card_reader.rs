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

/// A reader with a card in it.
pub struct Reader {
    // Stopped before their folder goes.
    _card: Background,
    _daemon: Background,
    folder: Folder,
    /// The PKCS#11 module to reach the card by.
    pub module: PathBuf,
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
        let driver = program::foreign("SIGILL_TEST_VPCD")?;
        let module = program::foreign("SIGILL_TEST_OPENSC")?;
        let (Some(driver), Some(module)) = (driver, module) else {
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

        let file = folder.0.join("card.vcard");
        card(&file)?;
        let mut card = Command::new(program::sigill_vcard()?);
        card.arg(&file).arg("--port").arg(port.to_string());
        let card = Background::start(&mut card, &folder.0.join("vcard.log"))?;

        let reader = Self {
            _card: card,
            _daemon: daemon,
            folder,
            module,
        };
        let mut said = String::new();
        program::wait_for("a card in the reader", || {
            said = program::ask(reader.tool("opensc-tool").arg("--name"))?.said;
            Ok(said.contains("Personal Identity Verification Card"))
        })
        .with_context(|| reader.logs(&said))?;
        Ok(Some(reader))
    }

    fn logs(&self, said: &str) -> String {
        let log = |name: &str| fs::read_to_string(self.folder().join(name)).unwrap_or_default();
        format!(
            "opensc-tool: {said}\npcscd: {}\nsigill-vcard: {}",
            log("pcscd.log"),
            log("vcard.log")
        )
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
