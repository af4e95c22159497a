//! What every act needs around it: the database, the authorities' keys and the house's settings.

use std::sync::Arc;

use model::Days;
use store::Database;

use crate::authorities::Authorities;
use crate::hierarchy::Hierarchy;
use crate::ocsp::Answers;
use crate::refusal::Fault;

/// What the organisation decides; the same for every node of an installation.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The organisation's name, as it stands in the certificates (subject O).
    pub organisation: String,
    /// Prefix of the authorities' names, for example `Sigill Demo`.
    pub authority_prefix: String,
    /// Where `/pki` and `/ocsp` are reached from the outside, plain HTTP (RFC 5280 4.2.1.13), without a trailing slash.
    pub public_url: String,
    /// The object-identifier arc of our policies and extensions.
    pub arc: pki::profile::Arc,
    /// The authorities and what they may issue.
    pub hierarchy: Arc<Hierarchy>,
    /// The issuer number inside card numbers.
    pub issuer_number: u32,
    /// The domain of user principal names.
    pub upn_domain: String,
    /// What kind of key is made on the card.
    pub card_key: pki::key::KeyKind,
    /// A card whose receipt is not signed is revoked after so many days (domain: five).
    pub receipt_days: Days,
    /// A card that is never activated lapses after so many days (domain: ninety).
    pub activation_days: Days,
    /// Over how many lists an issuing authority spreads its certificates; 0 for one list of everything. It may be raised at any
    /// time, and when it is lowered the lists that were begun go on.
    pub crl_shards: u16,
    /// A full list of fewer entries is made anew at each change; a longer one by the clock, with a delta list at once.
    pub crl_at_once_below: i64,
    /// How many bytes of OCSP answers are kept in memory at the most.
    pub ocsp_memory: usize,
}

impl Settings {
    /// The kinds of key that cards make for themselves (NIST SP 800-78-4, table 6-2).
    pub const CARD_KEYS: [pki::key::KeyKind; 3] = [
        pki::key::KeyKind::P256,
        pki::key::KeyKind::P384,
        pki::key::KeyKind::Rsa2048,
    ];
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            organisation: "Region Exempel".to_owned(),
            authority_prefix: "Sigill Exempel".to_owned(),
            public_url: "http://pki.example.se".to_owned(),
            arc: pki::profile::Arc::default(),
            hierarchy: Arc::new(Hierarchy::standard(pki::profile::Arc::default())),
            issuer_number: 1_000,
            upn_domain: "example.se".to_owned(),
            card_key: pki::key::KeyKind::P256,
            receipt_days: Days(5),
            activation_days: Days(90),
            crl_shards: 0,
            crl_at_once_below: 10_000,
            ocsp_memory: 256 << 20,
        }
    }
}

/// Places between the steps of an act where a test may stop the process.
pub type Seams = Arc<dyn Fn(&'static str) -> bool + Send + Sync>;

/// Everything an act may reach.
#[derive(Clone)]
pub struct House {
    /// The database.
    pub database: Database,
    /// The authorities and their keys.
    pub authorities: Arc<Authorities>,
    /// The organisation's decisions.
    pub settings: Settings,
    /// What OCSP is answered with.
    pub answers: Arc<Answers>,
    /// Held while lists are made: one process makes one list at a time, and whoever waited finds that it is made.
    pub(crate) publishing: Arc<tokio::sync::Mutex<()>>,
    seams: Option<Seams>,
}

impl House {
    /// A house around an opened database and loaded authorities.
    #[must_use]
    pub fn new(database: Database, authorities: Authorities, settings: Settings) -> Self {
        Self {
            database,
            answers: Arc::new(Answers::new(&authorities, settings.ocsp_memory)),
            authorities: Arc::new(authorities),
            settings,
            publishing: Arc::default(),
            seams: None,
        }
    }

    /// The same house, stopping at the seams for which `stop` says so: how tests injure an act between two steps.
    #[must_use]
    pub fn with_seams(mut self, stop: Seams) -> Self {
        self.seams = Some(stop);
        self
    }

    /// Passes a seam, or stops there when a test asks for it.
    ///
    /// # Errors
    /// [`Fault::Stopped`], only ever in tests.
    pub fn seam(&self, name: &'static str) -> Result<(), Fault> {
        match &self.seams {
            Some(stop) if stop(name) => Err(Fault::Stopped(name)),
            _ => Ok(()),
        }
    }
}
