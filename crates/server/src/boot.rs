//! Opening the house: database, keys, authorities, and what a dead process left behind. The only place that knows the store.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use flows::authorities::Authorities;
use flows::keys::{InMemory, KeyBox, SealedFiles, Vault};
use flows::{House, Settings, crl, issue};
use hsm::{Pin, Place, Token};
use model::role::Actor;
use pki::sealed::SealingKey;
use store::Database;

use crate::config::{Config, KeysSection};
use crate::process::{Asking, Clock, SystemEntropy};

/// Where the keys of offline roots are, in a ceremony: the sealed keys on one medium, the key that opens them on another, so
/// that nobody has a root alone.
pub struct RootKeys<'a> {
    /// The folder of sealed keys.
    pub folder: &'a Path,
    /// The sealing key; without it, in the folder itself.
    pub sealing_key: Option<&'a Path>,
}

impl RootKeys<'_> {
    /// Opens them; an empty folder is a new one.
    ///
    /// # Errors
    /// When the folder or the sealing key cannot be read or made.
    pub fn vault(&self) -> anyhow::Result<Vault> {
        let inside = self.folder.join("sealing.key");
        let files = SealedFiles::open(self.folder.to_owned()).context("opening the root keys")?;
        let sealing = sealing_key(self.sealing_key.unwrap_or(&inside))?;
        Ok(Vault::new(sealing, Box::new(files)))
    }
}

/// Opens the house a configuration describes.
///
/// # Errors
/// When the data folder, the database or a key cannot be opened.
pub async fn open(config: &Config, clock: &dyn Clock) -> anyhow::Result<House> {
    open_with_roots(config, None, clock).await
}

/// Opens the house with the keys of offline roots at hand.
///
/// # Errors
/// As [`open`], and when the root keys cannot be opened.
pub async fn open_with_roots(
    config: &Config,
    roots: Option<&RootKeys<'_>>,
    clock: &dyn Clock,
) -> anyhow::Result<House> {
    std::fs::create_dir_all(&config.data)
        .with_context(|| format!("making the data folder {}", config.data.display()))?;
    let sealing = sealing_key(&config.data.join("sealing.key"))?;
    let files =
        SealedFiles::open(config.data.join("keys")).context("opening the folder of keys")?;
    open_with(
        &config.database(),
        config.settings()?,
        vault(sealing, Box::new(files), config.keys.as_ref())?,
        roots,
        clock,
    )
    .await
}

/// Opens a house whose keys are gone when the process ends, but for those in a token.
///
/// # Errors
/// When the database or the token cannot be opened.
pub async fn open_in_memory(
    database: &str,
    settings: Settings,
    keys: Option<&KeysSection>,
    clock: &dyn Clock,
) -> anyhow::Result<House> {
    let mut key = [0u8; 32];
    flows::Entropy::fill(&mut SystemEntropy, &mut key);
    open_with(
        database,
        settings,
        vault(SealingKey::new(key), Box::new(InMemory::default()), keys)?,
        None,
        clock,
    )
    .await
}

async fn open_with(
    address: &str,
    settings: Settings,
    vault: Vault,
    roots: Option<&RootKeys<'_>>,
    clock: &dyn Clock,
) -> anyhow::Result<House> {
    let database = Database::connect(address)
        .await
        .context("opening the database")?;
    let mut asking = Asking::at(clock);
    database
        .migrate(asking.now)
        .await
        .context("bringing the database up to date")?;
    let mut call = asking.call(Actor::System);
    let roots = roots.map(RootKeys::vault).transpose()?;
    let authorities =
        Authorities::open_with_roots(&database, &settings, vault, roots.as_ref(), &mut call)
            .await
            .context("opening the certificate authorities")?;
    let house = House::new(database, authorities, settings);
    let finished = issue::unfinished(&house, &call)
        .await
        .context("finishing what was begun")?;
    if finished > 0 {
        tracing::warn!(
            finished,
            "certificates that a dead process had begun are finished"
        );
    }
    crl::publish_due(&house, &call)
        .await
        .context("publishing revocation lists")?;
    Ok(house)
}

fn vault(
    sealing: SealingKey,
    sealed: Box<dyn KeyBox>,
    keys: Option<&KeysSection>,
) -> anyhow::Result<Vault> {
    let vault = Vault::new(sealing, sealed);
    Ok(match keys {
        Some(keys) => vault.with_home(Box::new(token(keys)?)),
        None => vault,
    })
}

/// Opens the token that a configuration names.
fn token(keys: &KeysSection) -> anyhow::Result<Token> {
    let place = Place {
        module: keys.module.clone(),
        token: keys.token.clone(),
        sessions: keys.sessions.get().into(),
    };
    Pin::read(&keys.pin_file)
        .map_err(anyhow::Error::from)
        .and_then(|pin| Ok(Token::open(place, pin)?))
        .with_context(|| format!("opening the token \"{}\"", keys.token))
}

/// Tries the token that a configuration names and says what it is.
///
/// # Errors
/// When it cannot be opened.
pub fn describe_token(keys: &KeysSection) -> anyhow::Result<String> {
    let found = token(keys)?.describe()?;
    Ok(format!(
        "token \"{}\" ({}, serial number {}; {}), {} private keys",
        keys.token,
        found.model,
        found.serial,
        found.library,
        found.keys.len()
    ))
}

/// The installation's sealing key: made at first start, readable by its owner alone.
fn sealing_key(path: &Path) -> anyhow::Result<SealingKey> {
    match std::fs::read(path) {
        Ok(bytes) => SealingKey::from_file_bytes(&bytes)
            .with_context(|| format!("reading {}", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut key = [0u8; 32];
            flows::Entropy::fill(&mut SystemEntropy, &mut key);
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options
                .open(path)
                .with_context(|| format!("making {}", path.display()))?;
            file.write_all(hex::encode(key).as_bytes())?;
            file.sync_all()?;
            Ok(SealingKey::new(key))
        }
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}
