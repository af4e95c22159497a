//! Our certificate authorities: made at first start, opened at every other. The root signs issuing authorities, one a
//! level of assurance; each has a delegated OCSP responder (RFC 6960 4.2.2.2) of its own.

use model::Loa;
use model::Timestamp;
use model::card::CardNumber;
use pki::certificate::Certificate;
use pki::key::{KeyKind, Signer, SoftwareKey};
use pki::name::DistinguishedName;
use pki::profile::{Addresses, CertificateRequest, Issuer, Profile, ProfileKind};
use pki::sealed::SealingKey;
use pki::serial::Serial;
use serde_json::json;
use store::Database;
use store::authority::AuthorityRow;
use zeroize::Zeroizing;

use crate::audit;
use crate::call::Call;
use crate::house::Settings;
use crate::keys::Vault;
use crate::refusal::Fault;

/// Root: thirty years; issuing: fifteen. In seconds, counted in 365.25-day years.
const ROOT_SECONDS: i64 = 30 * 31_557_600;
const ISSUING_SECONDS: i64 = 15 * 31_557_600;

/// One authority: its name in addresses, its certificate, its key, its responder.
pub struct Authority {
    /// Stable name, as in `/pki/NAME.cer`.
    pub name: String,
    /// Its certificate.
    pub certificate: Certificate,
    /// Its key.
    pub signer: Box<dyn Signer>,
    /// Answers for its certificates (RFC 6960 4.2.2.2).
    pub responder: Responder,
    /// The level of the credentials it issues; none for the root.
    pub level: Option<Loa>,
}

/// A delegated OCSP responder: its certificate and its key.
pub struct Responder {
    /// Its certificate, signed by the authority it answers for.
    pub certificate: Certificate,
    /// Its key.
    pub signer: Box<dyn Signer>,
}

/// All authorities and the installation's secrets.
pub struct Authorities {
    root: Authority,
    issuing: Vec<Authority>,
    audit_key: SoftwareKey,
    card_master: SealingKey,
    transport_master: SealingKey,
    vault: Vault,
}

impl Authorities {
    /// Opens the authorities, making what is not there yet.
    ///
    /// # Errors
    /// When a key cannot be opened, the database is away, or a certificate does not pass its lint.
    pub async fn open(
        database: &Database,
        settings: &Settings,
        vault: Vault,
        call: &mut Call<'_>,
    ) -> Result<Self, Fault> {
        let root = open_authority(
            database,
            settings,
            &vault,
            call,
            None,
            "root-ca-v1",
            "Root CA v1",
            None,
        )
        .await?;
        let mut issuing = Vec::new();
        for (name, title, level) in [
            ("person-3-ca-v1", "Person 3 CA v1", Loa::Three),
            ("person-2-ca-v1", "Person 2 CA v1", Loa::Two),
        ] {
            issuing.push(
                open_authority(
                    database,
                    settings,
                    &vault,
                    call,
                    Some(&root),
                    name,
                    title,
                    Some(level),
                )
                .await?,
            );
        }
        Ok(Self {
            root,
            issuing,
            audit_key: vault.signing_key(call, "audit-log", KeyKind::P256)?,
            card_master: vault.secret(call, "card-management-master")?,
            transport_master: vault.secret(call, "card-transport-master")?,
            vault,
        })
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> &Authority {
        &self.root
    }

    /// Every authority, the root first.
    pub fn all(&self) -> impl Iterator<Item = &Authority> {
        std::iter::once(&self.root).chain(&self.issuing)
    }

    /// The authority of that name.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Authority> {
        self.all().find(|authority| authority.name == name)
    }

    /// The authority that issues credentials of a level.
    #[must_use]
    pub fn for_level(&self, level: Loa) -> &Authority {
        self.issuing
            .iter()
            .find(|authority| authority.level == Some(level))
            .unwrap_or(&self.root)
    }

    /// The issuing authority that signed a certificate, if one of ours did.
    #[must_use]
    pub fn issuer_of(&self, certificate: &Certificate) -> Option<&Authority> {
        self.issuing
            .iter()
            .find(|authority| certificate.is_signed_by(&authority.certificate))
    }

    /// Signs checkpoints of the log.
    #[must_use]
    pub fn audit_key(&self) -> &SoftwareKey {
        &self.audit_key
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

    /// Where certificates of an authority say that its list, its certificate and its answers are.
    #[must_use]
    pub fn addresses(&self, settings: &Settings, authority: &str) -> Addresses {
        addresses(settings, authority)
    }
}

pub(crate) fn addresses(settings: &Settings, authority: &str) -> Addresses {
    Addresses {
        revocation_list: Some(crate::crl::address(settings, authority, 0)),
        issuer_certificate: Some(format!("{}/pki/{authority}.cer", settings.public_url)),
        ocsp: Some(format!("{}/ocsp", settings.public_url)),
    }
}

fn ca_name(settings: &Settings, title: &str) -> Result<DistinguishedName, Fault> {
    DistinguishedName::new()
        .country("SE")
        .and_then(|name| name.organisation(&settings.organisation))
        .and_then(|name| name.common_name(&format!("{} {title}", settings.authority_prefix)))
        .map_err(Fault::doing("making an authority's name"))
}

#[expect(
    clippy::too_many_arguments,
    reason = "one call site, and each is a different thing"
)]
async fn open_authority(
    database: &Database,
    settings: &Settings,
    vault: &Vault,
    call: &mut Call<'_>,
    root: Option<&Authority>,
    name: &str,
    title: &str,
    level: Option<Loa>,
) -> Result<Authority, Fault> {
    let kind = if root.is_none() {
        KeyKind::P384
    } else {
        KeyKind::P256
    };
    let signer = vault.signing_key(call, name, kind)?;
    let known = {
        let mut read = database.read().await?;
        store::authority::by_name(&mut read, name).await?
    };
    let certificate = match known {
        Some(row) => Certificate::from_der(&row.certificate)
            .map_err(Fault::doing("reading an authority's certificate"))?,
        None => make_certificate(database, settings, call, root, name, title, &signer).await?,
    };
    if certificate.public_key() != signer.public_key() {
        return Err(Fault::Impossible(
            "an authority's certificate and its key do not belong together",
        ));
    }
    let responder =
        crate::ocsp::open_responder(database, settings, vault, call, name, &certificate, &signer)
            .await?;
    Ok(Authority {
        name: name.to_owned(),
        certificate,
        signer: Box::new(signer),
        responder,
        level,
    })
}

async fn make_certificate(
    database: &Database,
    settings: &Settings,
    call: &mut Call<'_>,
    root: Option<&Authority>,
    name: &str,
    title: &str,
    key: &SoftwareKey,
) -> Result<Certificate, Fault> {
    let lifetime = if root.is_none() {
        ROOT_SECONDS
    } else {
        ISSUING_SECONDS
    };
    let kind = if root.is_none() {
        ProfileKind::RootCa
    } else {
        ProfileKind::IssuingCa
    };
    let request = CertificateRequest {
        profile: Profile::new(kind, settings.arc),
        subject: &ca_name(settings, title)?,
        subject_key: key.public_key(),
        issuer: root.map_or(Issuer::Itself, |root| Issuer::Authority(&root.certificate)),
        serial: Serial::from_entropy(call.random()),
        not_before: call.now.seconds(),
        not_after: call.now.seconds() + lifetime,
        user_principal_name: None,
        email: None,
        card_number: None,
        loa: None,
        identity_type: None,
        addresses: &root.map_or_else(Addresses::default, |root| addresses(settings, &root.name)),
    };
    let signer: &dyn Signer = match root {
        Some(root) => root.signer.as_ref(),
        None => key,
    };
    let certificate = make(&request, kind, signer)?;
    let row = AuthorityRow {
        name: name.to_owned(),
        role: "authority".to_owned(),
        parent: root.map(|root| root.name.clone()),
        certificate: certificate.der().to_vec(),
        created_at: call.now,
        not_after: Timestamp(certificate.not_after()),
    };
    keep(database, call, &row).await?;
    Ok(certificate)
}

pub(crate) fn make(
    request: &CertificateRequest<'_>,
    kind: ProfileKind,
    signer: &dyn Signer,
) -> Result<Certificate, Fault> {
    let tbs = pki::profile::tbs(request).map_err(Fault::doing("filling a certificate profile"))?;
    let linted = pki::lint::lint(&tbs, kind, request.issuer).map_err(crate::issue::lint_fault)?;
    pki::certificate::sign(linted, signer).map_err(Fault::doing("signing a certificate"))
}

pub(crate) async fn keep(
    database: &Database,
    call: &Call<'_>,
    row: &AuthorityRow,
) -> Result<(), Fault> {
    store::write!(database, |write| {
        store::authority::insert(write, row).await?;
        let event = if row.role == "authority" {
            "authority.made"
        } else {
            "responder.made"
        };
        audit::event(
            write,
            call,
            event,
            &format!("authority:{}", row.name),
            json!({ "parent": row.parent }),
        )
        .await?;
        Ok::<_, Fault>(())
    })
}
