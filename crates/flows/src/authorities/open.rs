//! Opening the authorities of an installation.

use std::sync::RwLock;

use pki::certificate::Certificate;
use pki::key::KeyKind;
use store::Database;
use store::authority::AuthorityRow;

use super::make::{self, versioned};
use super::{Absent, Authorities, Authority, responder};
use crate::call::Call;
use crate::hierarchy::AuthorityPlan;
use crate::house::Settings;
use crate::keys::Vault;
use crate::refusal::Fault;

/// What stops a start: a hierarchy with an offline root is made in a ceremony, not by itself.
#[derive(Debug, thiserror::Error)]
#[error(
    "the authority {0} is not there, and its root is offline: it is made in a ceremony, by `sigill ca init`"
)]
struct CeremonyNeeded(String);

impl Authorities {
    /// Opens the authorities, making what is not there yet.
    ///
    /// # Errors
    /// When a key cannot be opened, the database is away, a certificate does not pass its lint, or an authority is missing whose
    /// root is offline.
    pub async fn open(
        database: &Database,
        settings: &Settings,
        vault: Vault,
        call: &mut Call<'_>,
    ) -> Result<Self, Fault> {
        Self::open_with_roots(database, settings, vault, None, call).await
    }

    /// Opens the authorities as in [`Authorities::open`], with the keys of offline roots at hand: a ceremony.
    ///
    /// # Errors
    /// As there; an authority that is not there yet is made.
    pub async fn open_with_roots(
        database: &Database,
        settings: &Settings,
        vault: Vault,
        roots: Option<&Vault>,
        call: &mut Call<'_>,
    ) -> Result<Self, Fault> {
        let hierarchy = settings.hierarchy.as_ref().clone();
        let mut authorities: Vec<Authority> = Vec::new();
        for plan in &hierarchy.authorities {
            let known = {
                let mut read = database.read().await?;
                store::authority::list_family(&mut read, &plan.name).await?
            };
            let mut family = Vec::new();
            for row in known {
                family.push(of_row(&vault, roots, plan, &row)?);
            }
            if family.is_empty() {
                let keys = match roots {
                    Some(roots) if plan.offline => roots,
                    _ => &vault,
                };
                family.push(
                    first(
                        database,
                        settings,
                        keys,
                        call,
                        plan,
                        &authorities,
                        roots.is_some(),
                    )
                    .await?,
                );
            }
            for authority in &family {
                let answers =
                    !plan.offline && authority.certificate.is_valid_at(call.now.seconds());
                if answers {
                    let responder =
                        responder::open(database, settings, &hierarchy, &vault, call, authority)
                            .await?;
                    authority.take_on(responder);
                }
            }
            authorities.extend(family);
        }
        let links = {
            let mut read = database.read().await?;
            store::authority::list_links(&mut read).await?
        };
        let links = links
            .into_iter()
            .map(|row| {
                Certificate::from_der(&row.certificate)
                    .map(|certificate| (row.name, certificate))
                    .map_err(Fault::doing("reading a link certificate"))
            })
            .collect::<Result<_, _>>()?;
        for authority in &authorities {
            let hangs = authority.is_root()
                || authorities.iter().any(|root| {
                    root.is_root() && authority.certificate.is_signed_by(&root.certificate)
                });
            if !hangs {
                return Err(Fault::Impossible(
                    "an authority that no root of ours signed",
                ));
            }
        }
        let issuing = authorities
            .iter()
            .filter(|authority| !authority.is_root() && !authority.plan.test)
            .map(|authority| authority.certificate.clone())
            .collect();
        let root = authorities
            .iter()
            .position(|authority| authority.is_root() && !authority.plan.test)
            .ok_or(Fault::Impossible("an installation without a root"))?;
        let root = authorities.remove(root);
        Ok(Self {
            hierarchy,
            root,
            others: authorities,
            issuing,
            links,
            audit_key: vault.signing_key(call, "audit-log", KeyKind::P256)?,
            card_master: vault.secret(call, "card-management-master")?,
            transport_master: vault.secret(call, "card-transport-master")?,
            vault,
        })
    }
}

/// The authority that a row tells of, with its key.
fn of_row(
    vault: &Vault,
    roots: Option<&Vault>,
    plan: &AuthorityPlan,
    row: &AuthorityRow,
) -> Result<Authority, Fault> {
    let certificate = Certificate::from_der(&row.certificate)
        .map_err(Fault::doing("reading an authority's certificate"))?;
    let keys = if plan.offline { roots } else { Some(vault) };
    let signer = match keys {
        Some(keys) => Some(
            keys.find_signing_key(&row.name)?
                .ok_or(Fault::Impossible("an authority's key is not there"))?,
        ),
        None => None,
    };
    let at_hand = signer.is_some();
    let signer = signer.unwrap_or_else(|| Box::new(Absent(certificate.public_key().clone())));
    if certificate.public_key() != signer.public_key() {
        return Err(Fault::Impossible(
            "an authority's certificate and its key do not belong together",
        ));
    }
    Ok(Authority {
        name: row.name.clone(),
        version: u32::try_from(row.version).unwrap_or_default(),
        plan: plan.clone(),
        certificate,
        signer,
        at_hand,
        responders: RwLock::default(),
    })
}

/// The first of a family that is not there yet.
async fn first(
    database: &Database,
    settings: &Settings,
    vault: &Vault,
    call: &mut Call<'_>,
    plan: &AuthorityPlan,
    opened: &[Authority],
    with_roots: bool,
) -> Result<Authority, Fault> {
    let root = match &plan.parent {
        None => None,
        Some(parent) => Some(
            opened
                .iter()
                .find(|authority| authority.plan.name == *parent)
                .ok_or(Fault::Impossible("an authority before its root"))?,
        ),
    };
    let ceremony = plan.offline || root.is_some_and(|root| root.plan.offline);
    if ceremony && !root.map_or(with_roots, |root| root.at_hand) {
        let missing = CeremonyNeeded(versioned(&plan.name, 1));
        return Err(Fault::doing("opening an authority")(missing));
    }
    make::authority(database, settings, vault, call, plan, 1, root).await
}
