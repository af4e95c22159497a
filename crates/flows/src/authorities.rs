//! Our certificate authorities: made at first start or in a ceremony, opened at every other. Which there are says the
//! [hierarchy](crate::hierarchy); each that is not offline has a delegated OCSP responder (RFC 6960 4.2.2.2) of its own.

mod make;
mod open;
mod responder;

use std::sync::{Arc, PoisonError, RwLock};

use model::Loa;
use model::card::CardNumber;
use pki::certificate::Certificate;
use pki::key::{KeyError, PublicKey, SignatureAlgorithm, Signer};
use pki::profile::{Addresses, Profile};
use pki::sealed::SealingKey;
use pki::serial::Serial;
use zeroize::Zeroizing;

use crate::hierarchy::{AuthorityPlan, Hierarchy};
use crate::house::Settings;
use crate::keys::Vault;
use crate::refusal::Fault;

pub use make::{RotateRefusal, rotate};
pub use responder::{Responder, renew_responders};

/// One authority: its name in addresses, its certificate, its key, its responder.
pub struct Authority {
    /// Stable name with its version, as in `/pki/NAME.cer`.
    pub name: String,
    /// Which of its family it is, from 1.
    pub version: u32,
    /// What its family is for.
    pub plan: AuthorityPlan,
    /// Its certificate.
    pub certificate: Certificate,
    /// Its key; one that is not at hand signs nothing.
    pub signer: Box<dyn Signer>,
    /// Whether its key is here: always, but for offline roots outside a ceremony.
    pub at_hand: bool,
    responders: RwLock<Responders>,
}

/// Who answers for an authority, and who did.
#[derive(Default)]
struct Responders {
    current: Option<Arc<Responder>>,
    /// The serial numbers of all, on any node.
    serials: Vec<Serial>,
}

impl Authority {
    /// Whoever answers status requests for it; nobody for an offline root.
    #[must_use]
    pub fn responder(&self) -> Option<Arc<Responder>> {
        let responders = self.responders.read();
        responders
            .unwrap_or_else(PoisonError::into_inner)
            .current
            .clone()
    }

    /// Whether a responder of its had that serial number.
    pub(crate) fn answered_by(&self, serial: &Serial) -> bool {
        let responders = self.responders.read();
        responders
            .unwrap_or_else(PoisonError::into_inner)
            .serials
            .contains(serial)
    }

    fn take_on(&self, responder: Responder) {
        let responders = self.responders.write();
        let mut responders = responders.unwrap_or_else(PoisonError::into_inner);
        responders.serials.push(responder.certificate.serial());
        responders.current = Some(Arc::new(responder));
    }

    /// Whether it signs itself.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.plan.parent.is_none()
    }
}

/// The key of an offline root, which is not here.
struct Absent(PublicKey);

impl Signer for Absent {
    fn public_key(&self) -> &PublicKey {
        &self.0
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.0.kind().signature_algorithm()
    }

    fn sign(&self, _message: &[u8]) -> Result<Vec<u8>, KeyError> {
        Err(KeyError::Signing)
    }

    fn sign_digest(&self, _digest: &[u8]) -> Result<Vec<u8>, KeyError> {
        Err(KeyError::Signing)
    }
}

/// All authorities and the installation's secrets.
pub struct Authorities {
    hierarchy: Hierarchy,
    /// The newest root of the real tree.
    root: Authority,
    /// Family by family as the hierarchy has them, the newest of each first.
    others: Vec<Authority>,
    /// The authorities below the real roots.
    issuing: Vec<Certificate>,
    links: Vec<(String, Certificate)>,
    audit_key: Box<dyn Signer>,
    card_master: SealingKey,
    transport_master: SealingKey,
    vault: Vault,
}

impl Authorities {
    /// Every authority, roots before those they sign, the newest of a family before its elders.
    pub fn all(&self) -> impl Iterator<Item = &Authority> {
        std::iter::once(&self.root).chain(&self.others)
    }

    /// The authority of that name.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Authority> {
        self.all().find(|authority| authority.name == name)
    }

    /// Certificates in which a root vouches for its successor, and the successor for it (RFC 4210 4.4), by name.
    pub fn links(&self) -> impl Iterator<Item = (&str, &Certificate)> {
        self.links
            .iter()
            .map(|(name, certificate)| (name.as_str(), certificate))
    }

    /// The certificate of that name, an authority's or a link.
    #[must_use]
    pub fn certificate(&self, name: &str) -> Option<&Certificate> {
        self.by_name(name)
            .map(|authority| &authority.certificate)
            .or_else(|| {
                self.links()
                    .find(|(link, _)| *link == name)
                    .map(|(_, link)| link)
            })
    }

    /// The newest of a family.
    #[must_use]
    pub fn newest(&self, family: &str) -> Option<&Authority> {
        self.all().find(|authority| authority.plan.name == family)
    }

    /// The newest root of the real tree.
    #[must_use]
    pub fn root(&self) -> &Authority {
        &self.root
    }

    /// The authorities below the roots of the real tree, whose way to their root was verified when they were opened: what the
    /// certificates that we judge hang from. Each judgement is spared the root's signature.
    #[must_use]
    pub fn anchors(&self) -> &[Certificate] {
        &self.issuing
    }

    /// Whoever issues under a profile: the authority and the profile itself.
    ///
    /// # Errors
    /// When nobody does.
    pub fn issuing(
        &self,
        profile: &str,
        level: Option<Loa>,
        test: bool,
    ) -> Result<(&Authority, &Profile), Fault> {
        self.hierarchy
            .issuer(profile, level, test)
            .and_then(|plan| self.newest(&plan.name))
            .zip(self.hierarchy.profile(profile))
            .ok_or(Fault::Impossible("no authority issues under that profile"))
    }

    /// The authority whose certificate this is.
    #[must_use]
    pub fn by_certificate(&self, certificate: &Certificate) -> Option<&Authority> {
        self.all()
            .find(|authority| authority.certificate == *certificate)
    }

    /// Authorities and profiles as they were planned.
    #[must_use]
    pub fn hierarchy(&self) -> &Hierarchy {
        &self.hierarchy
    }

    /// Signs checkpoints of the log.
    #[must_use]
    pub fn audit_key(&self) -> &dyn Signer {
        self.audit_key.as_ref()
    }

    /// Seals what the database keeps of cards.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The management key of a card: version 0 is the producer's transport key, later ones ours. Derived (SP 800-108),
    /// never stored.
    #[must_use]
    pub fn management_key(&self, number: &CardNumber, version: u32) -> Zeroizing<[u8; 32]> {
        let context = format!("{}:{version}", number.digits());
        let master = if version == 0 {
            &self.transport_master
        } else {
            &self.card_master
        };
        pki::derive::card_key(master, "card-management-key", context.as_bytes())
    }
}

/// Where certificates of an authority say that its list, its certificate and its answers are.
#[must_use]
pub fn addresses(settings: &Settings, authority: &Authority) -> Addresses {
    let base = &settings.public_url;
    let name = &authority.name;
    Addresses {
        revocation_list: Some(crate::crl::address(settings, name, 0)),
        issuer_certificate: Some(format!("{base}/pki/{name}.cer")),
        // Nobody answers for an offline root: its responder would need its key every few months.
        ocsp: (!authority.plan.offline).then(|| format!("{base}/ocsp")),
    }
}
