//! Tokens of a test's own, in SoftHSM. Its library reads where tokens rest from the environment, which a process cannot change
//! for itself, so whatever needs a token runs in a process of its own.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use anyhow::Context as _;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::session::UserType;
use cryptoki::types::AuthPin;

/// Names SoftHSM's library.
const SETTING: &str = "SIGILL_TEST_PKCS11";
/// Names SoftHSM's configuration; read by the library itself.
const CONFIGURATION: &str = "SOFTHSM2_CONF";
/// Asks for a world whose signing keys are in a token: the value is the library's path.
const KEYS: &str = "SIGILL_TEST_KEYS_IN";
/// Set for a process that has a folder of tokens of its own.
const INSIDE: &str = "SIGILL_TEST_INSIDE";

/// The user PIN of every token of the tests.
pub const PIN: &str = "314159";
const OFFICER_PIN: &str = "27182818";

/// A folder for tokens, gone when this is dropped.
#[derive(Debug)]
pub struct TokenFolder {
    folder: PathBuf,
    module: PathBuf,
}

/// A token that was just made.
#[derive(Clone, Debug)]
pub struct FreshToken {
    /// The library.
    pub module: PathBuf,
    /// Its label.
    pub label: String,
    /// The folder it is kept in.
    pub folder: PathBuf,
}

impl TokenFolder {
    /// An empty folder; nothing when no library is named, and then it says so.
    ///
    /// # Panics
    /// When the folder cannot be made, or the library must be there and is not.
    #[must_use]
    #[expect(clippy::panic, reason = "a test without its token has failed")]
    pub fn new() -> Option<Self> {
        let Some(module) = setting(SETTING) else {
            let required = setting("SIGILL_TEST_REQUIRE").is_some_and(|value| value == "1");
            assert!(!required, "{SETTING} is not set");
            say_that_it_is_left_out();
            return None;
        };
        match Self::make(module.into()) {
            Ok(folder) => Some(folder),
            Err(error) => panic!("no folder for tokens: {error:#}"),
        }
    }

    fn make(module: PathBuf) -> anyhow::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        // SoftHSM waits for the disk several times a key: where there is a folder in memory, that is where tokens are.
        let memory = PathBuf::from("/dev/shm");
        let parent = if memory.is_dir() {
            memory
        } else {
            std::env::temp_dir()
        };
        let folder = parent.join(format!("sigill-tokens-{}-{number}", std::process::id()));
        drop(std::fs::remove_dir_all(&folder));
        let this = Self { folder, module };
        std::fs::create_dir_all(this.folder.join("tokens")).context("making a folder")?;
        let text = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            this.folder.join("tokens").display()
        );
        std::fs::write(this.configuration(), text).context("writing SoftHSM's configuration")?;
        Ok(this)
    }

    fn configuration(&self) -> PathBuf {
        self.folder.join("softhsm2.conf")
    }

    /// Where the tokens rest.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// A process for which these are the tokens.
    #[must_use]
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env(SETTING, &self.module)
            .env(CONFIGURATION, self.configuration());
        command
    }

    /// This test program once more, for the tests with these names, with every signing key of their worlds in a token, on
    /// SQLite alone.
    ///
    /// # Panics
    /// When they fail.
    #[expect(clippy::panic, reason = "a test whose process has failed has failed")]
    pub fn run_again_with_keys_inside(&self, names: &[&str]) {
        let mut command = self.command(own_program());
        command
            .args(names)
            .env(KEYS, &self.module)
            .env_remove("SIGILL_TEST_POSTGRES");
        if let Err(error) = succeed(&mut command) {
            panic!("{error:#}");
        }
    }
}

impl Drop for TokenFolder {
    fn drop(&mut self) {
        // What cannot be removed lies in the folder for temporary files.
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// Runs the body of the test of that name in a process of its own, in which [`FreshToken::new`] makes tokens that are gone
/// afterwards. Passes, and says so, when no library is named.
///
/// # Panics
/// When the body does.
#[expect(clippy::panic, reason = "a test whose process has failed has failed")]
pub fn with_a_token_folder(test: &str, body: impl FnOnce()) {
    if setting(INSIDE).is_some_and(|inside| inside == test) {
        body();
        return;
    }
    let Some(folder) = TokenFolder::new() else {
        return;
    };
    let mut command = folder.command(own_program());
    command.args(["--exact", test]).env(INSIDE, test);
    if let Err(error) = succeed(&mut command) {
        panic!("{error:#}");
    }
}

/// Whether this process's worlds keep their signing keys in a token, as [`TokenFolder::run_again_with_keys_inside`] asks.
#[must_use]
pub fn keys_in_a_token() -> bool {
    setting(KEYS).is_some()
}

impl FreshToken {
    /// Makes a token with [`PIN`], in a process that has a folder for it.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    #[expect(clippy::panic, reason = "a test without its token has failed")]
    pub fn new(label: &str) -> Self {
        match make_token(label) {
            Ok(token) => token,
            Err(error) => panic!("no fresh token: {error:#}"),
        }
    }
}

fn make_token(label: &str) -> anyhow::Result<FreshToken> {
    // Two that find the same slot free would make one token twice.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let module = setting(SETTING)
        .map(PathBuf::from)
        .context("no library is named")?;
    // Never in somebody's own folder of tokens.
    let folder = setting(CONFIGURATION)
        .map(PathBuf::from)
        .and_then(|file| file.parent().map(Path::to_owned))
        .context("SoftHSM has no folder of the test's own")?;
    let library = Pkcs11::new(&module).context("loading the library")?;
    match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(error).context("starting the library"),
    }
    let free = library
        .get_slots_with_token()?
        .into_iter()
        .find(|slot| {
            library
                .get_token_info(*slot)
                .is_ok_and(|info| !info.token_initialized())
        })
        .context("no slot is free")?;
    let officer = AuthPin::from(OFFICER_PIN);
    library.init_token(free, &officer, label)?;
    let session = library.open_rw_session(free)?;
    session.login(UserType::So, Some(&officer))?;
    session.init_pin(&AuthPin::from(PIN))?;
    session.logout()?;
    Ok(FreshToken {
        module,
        label: label.to_owned(),
        folder: folder.join("tokens"),
    })
}

/// Runs a program and tells what it said when it fails.
fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let output = command
        .output()
        .with_context(|| format!("starting {command:?}"))?;
    anyhow::ensure!(
        output.status.success(),
        "{command:?} ended with {}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    // A name that fits no test would pass otherwise.
    anyhow::ensure!(
        !String::from_utf8_lossy(&output.stdout).contains(" 0 passed"),
        "{command:?} ran no test"
    );
    Ok(())
}

fn own_program() -> PathBuf {
    std::env::current_exe().unwrap_or_default()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the settings of the tests: where SoftHSM is"
)]
fn setting(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Says once a run that tokens are left out. Written past the test harness, which hides what passing tests print.
fn say_that_it_is_left_out() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        drop(writeln!(
            std::io::stderr(),
            "note: {SETTING} is not set: tests with keys in a token are left out"
        ));
    });
}
