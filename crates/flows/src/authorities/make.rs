//! Making authorities: the first of a family at first start or in a ceremony, the next by rotation.

use std::sync::RwLock;

use model::Timestamp;
use model::policy::{Act, Facts, may};
use pki::certificate::Certificate;
use pki::key::{PublicKey, Signer};
use pki::name::DistinguishedName;
use pki::profile::{CertificateRequest, Class, Details, Issuer};
use pki::serial::Serial;
use serde_json::json;
use store::Database;
use store::authority::AuthorityRow;

use super::{Authority, addresses};
use crate::audit;
use crate::call::Call;
use crate::hierarchy::{AuthorityPlan, Hierarchy};
use crate::house::{House, Settings};
use crate::keys::Vault;
use crate::refusal::{Fault, Stop, refusals};

/// A year of 365.25 days, in seconds.
const YEAR: i64 = 31_557_600;

refusals! {
    /// Why no new authority is made.
    RotateRefusal {
        /// No family of that name in the hierarchy.
        FamilyUnknown = "rotate.family-unknown",
        /// The key of a root that must sign is not at hand.
        RootAway = "rotate.root-away",
    }
}

/// The name of one of a family.
pub(super) fn versioned(family: &str, version: u32) -> String {
    format!("{family}-v{version}")
}

/// An authority's name in certificates.
pub(super) fn ca_name(
    settings: &Settings,
    title: &str,
    version: u32,
) -> Result<DistinguishedName, Fault> {
    DistinguishedName::new()
        .country("SE")
        .and_then(|name| name.organisation(&settings.organisation))
        .and_then(|name| {
            name.common_name(&format!("{} {title} v{version}", settings.authority_prefix))
        })
        .map_err(Fault::doing("making an authority's name"))
}

/// Fills the profile, lints, signs.
pub(super) fn sign(
    request: &CertificateRequest<'_>,
    signer: &dyn Signer,
) -> Result<Certificate, Fault> {
    let tbs = pki::profile::tbs(request).map_err(Fault::doing("filling a certificate profile"))?;
    let linted =
        pki::lint::lint(&tbs, request.profile, request.issuer).map_err(crate::issue::lint_fault)?;
    pki::certificate::sign(linted, signer).map_err(Fault::doing("signing a certificate"))
}

/// Stores an authority, a link or a responder.
pub(super) async fn keep(
    database: &Database,
    call: &Call<'_>,
    row: &AuthorityRow,
) -> Result<(), Fault> {
    store::write!(database, |write| {
        store::authority::insert(write, row).await?;
        audit::event(
            write,
            call,
            &format!("{}.made", row.role),
            &format!("authority:{}", row.name),
            json!({ "parent": row.parent }),
        )
        .await?;
        Ok::<_, Fault>(())
    })
}

/// Makes that version of a family and stores it. The key comes first: a process that dies in between finds it again.
pub(super) async fn authority(
    database: &Database,
    settings: &Settings,
    vault: &Vault,
    call: &mut Call<'_>,
    plan: &AuthorityPlan,
    version: u32,
    root: Option<&Authority>,
) -> Result<Authority, Fault> {
    let name = versioned(&plan.name, version);
    let signer = vault.signing_key(call, &name, plan.key)?;
    let class = root.map_or(Class::Root, |_| Class::Authority);
    let lifetime = i64::from(plan.years) * YEAR - 1;
    let not_after = root.map_or(i64::MAX, |root| root.certificate.not_after());
    let profile = profile_of(&settings.hierarchy, class)?;
    let request = CertificateRequest {
        profile,
        subject: &ca_name(settings, &plan.title, version)?,
        subject_key: signer.public_key(),
        issuer: root.map_or(Issuer::Itself, |root| Issuer::Authority(&root.certificate)),
        serial: Serial::from_entropy(call.random()),
        not_before: call.now.seconds(),
        not_after: (call.now.seconds() + lifetime).min(not_after),
        details: Details::default(),
        addresses: &root
            .map(|root| addresses(settings, root))
            .unwrap_or_default(),
    };
    let certificate = sign(
        &request,
        root.map_or(signer.as_ref(), |root| root.signer.as_ref()),
    )?;
    let row = row_of(&name, plan, version, "authority", root, &certificate, call);
    keep(database, call, &row).await?;
    Ok(Authority {
        name,
        version,
        plan: plan.clone(),
        certificate,
        signer,
        at_hand: true,
        responders: RwLock::default(),
    })
}

fn row_of(
    name: &str,
    plan: &AuthorityPlan,
    version: u32,
    role: &str,
    parent: Option<&Authority>,
    certificate: &Certificate,
    call: &Call<'_>,
) -> AuthorityRow {
    AuthorityRow {
        name: name.to_owned(),
        family: plan.name.clone(),
        version: i64::from(version),
        role: role.to_owned(),
        parent: parent.map(|parent| parent.name.clone()),
        certificate: certificate.der().to_vec(),
        created_at: call.now,
        not_after: Timestamp(certificate.not_after()),
    }
}

fn profile_of(hierarchy: &Hierarchy, class: Class) -> Result<&pki::profile::Profile, Fault> {
    hierarchy
        .profile_of(class)
        .ok_or(Fault::Impossible("no profile for authorities"))
}

/// Makes the next of a family, which issues from the next start of each process on; its elders go on publishing what they
/// revoked and answering for what they issued. A new root and the old one vouch for each other by link certificates (RFC 4210
/// 4.4), so that whoever trusts either follows. Returns the names of what was made. `roots` are the keys of offline roots.
///
/// # Errors
/// When the actor may not, there is no such family, the key of a root that must sign is not here, or something cannot be made.
pub async fn rotate(
    house: &House,
    call: &mut Call<'_>,
    family: &str,
    roots: Option<&Vault>,
) -> Result<Vec<String>, Stop<RotateRefusal>> {
    let outcome = next_of(house, call, family, roots).await;
    audit::refused(
        house,
        call,
        "rotate",
        &format!("authority:{family}"),
        outcome,
    )
    .await
}

async fn next_of(
    house: &House,
    call: &mut Call<'_>,
    family: &str,
    roots: Option<&Vault>,
) -> Result<Vec<String>, Stop<RotateRefusal>> {
    may(&call.actor, Act::ManageAuthorities, &Facts::default())?;
    let authorities = &house.authorities;
    let plan = authorities
        .hierarchy()
        .family(family)
        .ok_or(RotateRefusal::FamilyUnknown)?;
    let elder = authorities
        .newest(family)
        .ok_or(RotateRefusal::FamilyUnknown)?;
    let root = match &plan.parent {
        None => None,
        Some(parent) => Some(
            authorities
                .newest(parent)
                .ok_or(Fault::Impossible("an authority before its root"))?,
        ),
    };
    if !root.unwrap_or(elder).at_hand {
        return Err(RotateRefusal::RootAway.into());
    }
    let vault = match roots {
        Some(roots) if plan.offline => roots,
        _ => authorities.vault(),
    };
    let version = elder.version + 1;
    let made = authority(
        &house.database,
        &house.settings,
        vault,
        call,
        plan,
        version,
        root,
    )
    .await?;
    let mut names = vec![made.name.clone()];
    if root.is_none() {
        for (subject, issuer) in [(&made, elder), (elder, &made)] {
            names.push(link(house, call, subject, issuer).await?);
        }
    }
    Ok(names)
}

/// A root's certificate signed by another root of its family.
async fn link(
    house: &House,
    call: &mut Call<'_>,
    subject: &Authority,
    issuer: &Authority,
) -> Result<String, Fault> {
    let profile = profile_of(house.authorities.hierarchy(), Class::Link)?;
    let key: &PublicKey = subject.certificate.public_key();
    let not_after = subject
        .certificate
        .not_after()
        .min(issuer.certificate.not_after());
    let request = CertificateRequest {
        profile,
        subject: &ca_name(&house.settings, &subject.plan.title, subject.version)?,
        subject_key: key,
        issuer: Issuer::Authority(&issuer.certificate),
        serial: Serial::from_entropy(call.random()),
        not_before: call.now.seconds(),
        not_after,
        details: Details::default(),
        addresses: &addresses(&house.settings, issuer),
    };
    let certificate = sign(&request, issuer.signer.as_ref())?;
    let name = format!("{}-by-v{}", subject.name, issuer.version);
    let row = row_of(
        &name,
        &subject.plan,
        subject.version,
        "link",
        Some(issuer),
        &certificate,
        call,
    );
    keep(&house.database, call, &row).await?;
    Ok(name)
}
