//! The one file of configuration. Every value has a default that works on a laptop; a name that is not known is an error,
//! so that a misspelt setting is found at start and not in an audit.

mod hierarchy;
mod keys;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use flows::Settings;
use flows::hierarchy::Hierarchy;
use serde::Deserialize;
use toml::Spanned;

pub use hierarchy::{AuthoritySection, ProfileSection};
pub use keys::KeysSection;

/// What `sigill.toml` holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The organisation's name, in certificates and on pages.
    pub organisation: String,
    /// Prefix of the authorities' names.
    pub authority_prefix: String,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The address people reach the portals at.
    pub address: String,
    /// Where `/pki` and `/ocsp` are reached from outside, plain HTTP.
    pub public_url: String,
    /// `sqlite:FILE` or `postgres://…`. Without it, `sigill.db` in the data folder.
    pub database: Option<String>,
    /// Keys and, by default, the database.
    pub data: PathBuf,
    /// The organisation's object-identifier arc.
    pub arc: Option<String>,
    /// The issuer number inside card numbers.
    pub issuer_number: u32,
    /// The domain of user principal names.
    pub upn_domain: String,
    /// The kind of key made on cards: `p256`, `p384` or `rsa2048`.
    pub card_key: String,
    /// Over how many revocation lists each issuing authority spreads its certificates; 0 for one list.
    pub crl_shards: u16,
    /// Cookies only over TLS. Turn off only behind loopback.
    pub secure_cookies: bool,
    /// How much memory OCSP answers may take, in MiB.
    pub ocsp_memory: usize,
    /// What relying parties are to know, on the page of the authorities: a paragraph each.
    pub notices: Vec<String>,
    /// What this process does.
    pub roles: Vec<ProcessRole>,
    /// The token that signing keys are made in; without it they are sealed files in the data folder.
    pub keys: Option<KeysSection>,
    /// A second tree of authorities for trying, worth nothing to those who trust the real one.
    pub test_tree: bool,
    /// The authorities, when they are not the standard ones.
    pub authority: Vec<Spanned<AuthoritySection>>,
    /// Profiles that differ from the standard ones, or are new.
    pub profile: Vec<Spanned<ProfileSection>>,
    /// What the two come to, checked as the file was read; nothing for the standard hierarchy.
    #[serde(skip)]
    pub hierarchy: Option<Arc<Hierarchy>>,
}

/// One of the things a process can do.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum ProcessRole {
    /// Pages for people, and the card client.
    Portal,
    /// `/pki` and `/ocsp`.
    Ocsp,
    /// What the clock does: lists, lapses, ends.
    Jobs,
}

impl Default for Config {
    fn default() -> Self {
        let settings = Settings::default();
        Self {
            organisation: settings.organisation,
            authority_prefix: settings.authority_prefix,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            address: "http://localhost:8080".to_owned(),
            public_url: settings.public_url,
            database: None,
            data: PathBuf::from("sigill-data"),
            arc: None,
            issuer_number: settings.issuer_number,
            upn_domain: settings.upn_domain,
            card_key: settings.card_key.code().to_owned(),
            crl_shards: settings.crl_shards,
            secure_cookies: true,
            ocsp_memory: settings.ocsp_memory >> 20,
            notices: Vec::new(),
            roles: vec![ProcessRole::Portal, ProcessRole::Ocsp, ProcessRole::Jobs],
            keys: None,
            test_tree: false,
            authority: Vec::new(),
            profile: Vec::new(),
            hierarchy: None,
        }
    }
}

impl Config {
    /// Reads a file of configuration.
    ///
    /// # Errors
    /// When the file cannot be read, or says something that is not understood: with line and column.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let mut config: Self =
            toml::from_str(&text).with_context(|| format!("in {}", path.display()))?;
        anyhow::ensure!(
            config.public_url.starts_with("http://") && !config.public_url.ends_with('/'),
            "in {}: public_url must be plain http:// without a slash at the end: lists and answers carry their own signatures (RFC 5280 4.2.1.13)",
            path.display()
        );
        // Compared letter by letter with what browsers say of where a form stood (RFC 6454 6.1).
        let rest = config
            .address
            .strip_prefix("https://")
            .or_else(|| config.address.strip_prefix("http://"));
        anyhow::ensure!(
            rest.is_some_and(|host| !host.is_empty() && !host.contains('/')),
            "in {}: address must be https:// and a host, as in https://kort.example.se, without a slash at the end",
            path.display()
        );
        let hierarchy = config
            .arc()
            .and_then(|arc| hierarchy::hierarchy(&config, arc, &text))
            .with_context(|| format!("in {}", path.display()))?;
        config.hierarchy = Some(Arc::new(hierarchy));
        config
            .settings()
            .with_context(|| format!("in {}", path.display()))?;
        Ok(config)
    }

    /// What the acts need of it.
    ///
    /// # Errors
    /// When the arc is no object identifier, or cards make no such keys.
    pub fn settings(&self) -> anyhow::Result<Settings> {
        let arc = self.arc()?;
        Ok(Settings {
            organisation: self.organisation.clone(),
            authority_prefix: self.authority_prefix.clone(),
            public_url: self.public_url.clone(),
            arc,
            hierarchy: self
                .hierarchy
                .clone()
                .unwrap_or_else(|| Arc::new(Hierarchy::standard(arc))),
            issuer_number: self.issuer_number,
            upn_domain: self.upn_domain.clone(),
            card_key: card_key(&self.card_key)?,
            crl_shards: self.crl_shards,
            ocsp_memory: self.ocsp_memory.saturating_mul(1 << 20),
            ..Settings::default()
        })
    }

    fn arc(&self) -> anyhow::Result<pki::profile::Arc> {
        match &self.arc {
            Some(text) => {
                pki::profile::Arc::parse(text).map_err(|error| anyhow::anyhow!("arc: {error}"))
            }
            None => Ok(pki::profile::Arc::default()),
        }
    }

    /// The address of the database.
    #[must_use]
    pub fn database(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data.join("sigill.db").display()))
    }
}

/// Reads a kind of key that cards make.
///
/// # Errors
/// For any other text, with those that there are.
pub fn card_key(code: &str) -> anyhow::Result<pki::key::KeyKind> {
    pki::key::KeyKind::parse(code)
        .filter(|kind| Settings::CARD_KEYS.contains(kind))
        .with_context(|| {
            let kinds = Settings::CARD_KEYS.map(pki::key::KeyKind::code).join(", ");
            format!("card_key: {code:?} is not one of {kinds}")
        })
}
