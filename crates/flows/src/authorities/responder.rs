//! Delegated OCSP responders (RFC 6960 4.2.2.2): short-lived, so that they need no revocation, and renewed by themselves.

use std::sync::PoisonError;

use model::Timestamp;
use pki::certificate::Certificate;
use pki::key::{KeyKind, Signer};
use pki::profile::{CertificateRequest, Class, Details, Issuer};
use pki::serial::Serial;
use store::Database;
use store::authority::AuthorityRow;

use super::make::{ca_name, keep, sign};
use super::{Authorities, Authority, addresses};
use crate::call::Call;
use crate::hierarchy::Hierarchy;
use crate::house::{House, Settings};
use crate::keys::Vault;
use crate::refusal::Fault;

/// Ninety days.
const SECONDS: i64 = 90 * 86_400;
/// A responder is made anew when it has less than this left: fourteen days.
const MARGIN: i64 = 14 * 86_400;

/// A delegated OCSP responder: its certificate and its key.
pub struct Responder {
    /// Its certificate, signed by the authority it answers for.
    pub certificate: Certificate,
    /// Its key.
    pub signer: Box<dyn Signer>,
}

impl Responder {
    fn lasts(&self, now: Timestamp) -> bool {
        self.certificate.not_after() - MARGIN > now.seconds()
    }
}

/// The responder of an authority: the latest there is, as long as it lasts and its key is here, or a new one.
pub(super) async fn open(
    database: &Database,
    settings: &Settings,
    hierarchy: &Hierarchy,
    vault: &Vault,
    call: &mut Call<'_>,
    authority: &Authority,
) -> Result<Responder, Fault> {
    let known = {
        let mut read = database.read().await?;
        store::authority::list_responders(&mut read, &authority.name).await?
    };
    note(authority, &known)?;
    if let Some(row) = known.first()
        // Another node's responder has its key there.
        && let Some(signer) = vault.find_signing_key(&row.name)?
    {
        let certificate = Certificate::from_der(&row.certificate)
            .map_err(Fault::doing("reading a responder's certificate"))?;
        let responder = Responder {
            certificate,
            signer,
        };
        if responder.lasts(call.now) {
            return Ok(responder);
        }
    }
    make(database, settings, hierarchy, vault, call, authority).await
}

/// Remembers the serial numbers of all responders there were: whoever asks about one is told that it is good.
fn note(authority: &Authority, known: &[AuthorityRow]) -> Result<(), Fault> {
    let mut serials = Vec::with_capacity(known.len());
    for row in known {
        let certificate = Certificate::from_der(&row.certificate)
            .map_err(Fault::doing("reading a responder's certificate"))?;
        serials.push(certificate.serial());
    }
    let responders = authority.responders.write();
    responders.unwrap_or_else(PoisonError::into_inner).serials = serials;
    Ok(())
}

async fn make(
    database: &Database,
    settings: &Settings,
    hierarchy: &Hierarchy,
    vault: &Vault,
    call: &mut Call<'_>,
    authority: &Authority,
) -> Result<Responder, Fault> {
    let profile = hierarchy
        .profile_of(Class::Responder)
        .ok_or(Fault::Impossible("no profile for responders"))?;
    // Nodes that start in the same second must not take each other's names.
    let name = format!(
        "{}-ocsp-{}-{}",
        authority.name,
        call.now.seconds(),
        hex::encode(call.random::<3>())
    );
    let signer = vault.signing_key(call, &name, KeyKind::P256)?;
    let title = format!("{} OCSP", authority.plan.title);
    let request = CertificateRequest {
        profile,
        subject: &ca_name(settings, &title, authority.version)?,
        subject_key: signer.public_key(),
        issuer: Issuer::Authority(&authority.certificate),
        serial: Serial::from_entropy(call.random()),
        not_before: call.now.seconds(),
        not_after: (call.now.seconds() + SECONDS - 1).min(authority.certificate.not_after()),
        details: Details::default(),
        addresses: &addresses(settings, authority),
    };
    let certificate = sign(&request, authority.signer.as_ref())?;
    let row = AuthorityRow {
        name,
        family: authority.name.clone(),
        version: 0,
        role: "responder".to_owned(),
        parent: Some(authority.name.clone()),
        certificate: certificate.der().to_vec(),
        created_at: call.now,
        not_after: Timestamp(certificate.not_after()),
    };
    keep(database, call, &row).await?;
    Ok(Responder {
        certificate,
        signer,
    })
}

/// Makes new responders for authorities whose own runs out soon. Returns how many.
///
/// # Errors
/// When the database or a key is away; the old responders go on answering.
pub async fn renew_responders(house: &House, call: &mut Call<'_>) -> Result<usize, Fault> {
    let mut renewed = 0;
    let authorities: &Authorities = &house.authorities;
    for authority in authorities.all() {
        let due = authority
            .responder()
            .is_some_and(|responder| !responder.lasts(call.now));
        // An authority that has run out itself signs no more.
        if due && authority.certificate.is_valid_at(call.now.seconds()) {
            let responder = open(
                &house.database,
                &house.settings,
                authorities.hierarchy(),
                authorities.vault(),
                call,
                authority,
            )
            .await?;
            authority.take_on(responder);
            renewed += 1;
        }
    }
    Ok(renewed)
}
