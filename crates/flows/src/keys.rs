//! Where private keys rest: sealed, one file a key, or in a hardware module. A key is used through [`pki::key::Signer`] and
//! never handed out.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Mutex;

use pki::key::{KeyHome, KeyKind, Signer, SoftwareKey};
use pki::sealed::SealingKey;
use zeroize::Zeroizing;

use crate::call::Call;
use crate::refusal::Fault;

/// Where sealed bytes are kept by name.
pub trait KeyBox: Send + Sync {
    /// The sealed bytes of that name, if there are any.
    ///
    /// # Errors
    /// When the box cannot be read.
    fn load(&self, name: &str) -> std::io::Result<Option<Vec<u8>>>;

    /// Keeps sealed bytes under a name that is not taken.
    ///
    /// # Errors
    /// When the name is taken or the box cannot be written; nothing half-written stays.
    fn keep(&self, name: &str, sealed: &[u8]) -> std::io::Result<()>;
}

/// A folder of files `NAME.sealed`, readable by their owner alone.
pub struct SealedFiles(PathBuf);

impl SealedFiles {
    /// Opens the folder, making it when it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: PathBuf) -> std::io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.sealed"))
    }
}

impl KeyBox for SealedFiles {
    fn load(&self, name: &str) -> std::io::Result<Option<Vec<u8>>> {
        match std::fs::read(self.path(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn keep(&self, name: &str, sealed: &[u8]) -> std::io::Result<()> {
        let path = self.path(name);
        if path.exists() {
            return Err(std::io::Error::from(std::io::ErrorKind::AlreadyExists));
        }
        // Written beside and renamed, so that a power cut leaves the whole key or none.
        let draft = path.with_extension("draft");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&draft)?;
        file.write_all(sealed)?;
        file.sync_all()?;
        std::fs::rename(&draft, &path)?;
        #[cfg(unix)]
        std::fs::File::open(&self.0)?.sync_all()?;
        Ok(())
    }
}

/// A box in memory, for an installation that is gone when its process ends.
#[derive(Default)]
pub struct InMemory(Mutex<BTreeMap<String, Vec<u8>>>);

impl KeyBox for InMemory {
    fn load(&self, name: &str) -> std::io::Result<Option<Vec<u8>>> {
        Ok(self
            .0
            .lock()
            .map_err(|_| std::io::Error::other("poisoned"))?
            .get(name)
            .cloned())
    }

    fn keep(&self, name: &str, sealed: &[u8]) -> std::io::Result<()> {
        self.0
            .lock()
            .map_err(|_| std::io::Error::other("poisoned"))?
            .insert(name.to_owned(), sealed.to_owned());
        Ok(())
    }
}

/// The installation's secrets: a sealing key over a box, and perhaps a hardware module for the keys that sign.
pub struct Vault {
    sealing: SealingKey,
    kept: Box<dyn KeyBox>,
    home: Option<Box<dyn KeyHome>>,
}

impl Vault {
    /// A vault over a box, opened with the installation's sealing key.
    #[must_use]
    pub fn new(sealing: SealingKey, kept: Box<dyn KeyBox>) -> Self {
        Self {
            sealing,
            kept,
            home: None,
        }
    }

    /// The same vault, making its signing keys in a hardware module from now on. Keys that are sealed already stay where they
    /// are and go on signing: an installation moves by making its next authorities there.
    #[must_use]
    pub fn with_home(mut self, home: Box<dyn KeyHome>) -> Self {
        self.home = Some(home);
        self
    }

    /// The signing key of that name; nothing when there is none.
    ///
    /// # Errors
    /// When the module does not answer, the box cannot be read, or the sealed key was not sealed with this vault's key.
    pub fn find_signing_key(&self, name: &str) -> Result<Option<Box<dyn Signer>>, Fault> {
        if let Some(home) = &self.home
            && let Some(key) = home
                .find(name)
                .map_err(Fault::doing("looking for a key in the hardware module"))?
        {
            return Ok(Some(key));
        }
        let Some(sealed) = self
            .kept
            .load(name)
            .map_err(Fault::doing("reading a sealed key"))?
        else {
            return Ok(None);
        };
        let opened = pki::sealed::open(&self.sealing, name, &sealed)
            .map_err(Fault::doing("opening a sealed key"))?;
        let key =
            SoftwareKey::from_pkcs8(&opened).map_err(Fault::doing("reading a private key"))?;
        Ok(Some(Box::new(key)))
    }

    /// The signing key of that name; made and kept when it is not there yet.
    ///
    /// # Errors
    /// As [`Vault::find_signing_key`], and when the key cannot be made or kept.
    pub fn signing_key(
        &self,
        call: &mut Call<'_>,
        name: &str,
        kind: KeyKind,
    ) -> Result<Box<dyn Signer>, Fault> {
        if let Some(key) = self.find_signing_key(name)? {
            return Ok(key);
        }
        if let Some(home) = &self.home {
            return home
                .make(name, kind)
                .map_err(Fault::doing("making a key in the hardware module"));
        }
        let key = SoftwareKey::generate(kind).map_err(Fault::doing("making a private key"))?;
        let nonce = call.random();
        let sealed = pki::sealed::seal(
            &self.sealing,
            name,
            &key.to_pkcs8()
                .map_err(Fault::doing("writing a private key"))?,
            nonce,
        )
        .map_err(Fault::doing("sealing a private key"))?;
        self.kept
            .keep(name, &sealed)
            .map_err(Fault::doing("keeping a sealed key"))?;
        Ok(Box::new(key))
    }

    /// The secret of that name, 32 bytes; made and kept when it is not there yet.
    ///
    /// # Errors
    /// When the box cannot be read or written, or the secret was not sealed with this vault's key.
    pub fn secret(&self, call: &mut Call<'_>, name: &str) -> Result<SealingKey, Fault> {
        let bytes = if let Some(sealed) = self
            .kept
            .load(name)
            .map_err(Fault::doing("reading a sealed secret"))?
        {
            pki::sealed::open(&self.sealing, name, &sealed)
                .map_err(Fault::doing("opening a sealed secret"))?
        } else {
            let fresh = Zeroizing::new(call.random::<32>().to_vec());
            let nonce = call.random();
            let sealed = pki::sealed::seal(&self.sealing, name, &fresh, nonce)
                .map_err(Fault::doing("sealing a secret"))?;
            self.kept
                .keep(name, &sealed)
                .map_err(Fault::doing("keeping a sealed secret"))?;
            fresh
        };
        SealingKey::from_file_bytes(&bytes).map_err(Fault::doing("reading a secret"))
    }

    /// Seals bytes for the database, bound to what they are.
    ///
    /// # Errors
    /// When sealing fails.
    pub fn seal(&self, call: &mut Call<'_>, label: &str, plain: &[u8]) -> Result<Vec<u8>, Fault> {
        let nonce = call.random();
        pki::sealed::seal(&self.sealing, label, plain, nonce)
            .map_err(Fault::doing("sealing a secret"))
    }

    /// Opens bytes sealed with [`Vault::seal`] under the same label.
    ///
    /// # Errors
    /// When the bytes were changed or sealed as something else.
    pub fn open(&self, label: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        pki::sealed::open(&self.sealing, label, sealed).map_err(Fault::doing("opening a secret"))
    }
}
