//! The delegated responders (RFC 6960 4.2.2.2): one an authority, made anew in good time, at start and while the process runs.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use model::Timestamp;
use pki::certificate::Certificate;
use pki::key::{KeyKind, Signer};
use pki::name::DistinguishedName;
use pki::oids;
use pki::profile::{CertificateRequest, Issuer, Profile, ProfileKind};
use pki::serial::Serial;
use store::Database;
use store::authority::AuthorityRow;

use crate::authorities::{self, Authority, Responder};
use crate::call::Call;
use crate::house::{House, Settings};
use crate::keys::Vault;
use crate::refusal::Fault;

/// How long a responder lives: ninety days, in seconds.
const LIFETIME: i64 = 90 * 86_400;
/// A responder is made anew when it has less than this left, in seconds: answers signed with it are kept for minutes, and an
/// operator who is told of a failure has two weeks.
const MARGIN: i64 = 14 * 86_400;

/// The responders that took over from those the authorities were opened with.
#[derive(Default)]
pub(super) struct Responders(RwLock<HashMap<String, Arc<Responder>>>);

/// The responder of an authority now.
pub(super) enum Current<'a> {
    /// As it was opened.
    Opened(&'a Responder),
    /// Made since.
    Renewed(Arc<Responder>),
}

impl Deref for Current<'_> {
    type Target = Responder;

    fn deref(&self) -> &Responder {
        match self {
            Self::Opened(responder) => responder,
            Self::Renewed(responder) => responder,
        }
    }
}

impl Responders {
    /// Who answers for the authority now.
    pub fn of<'a>(&self, authority: &'a Authority) -> Current<'a> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&authority.name)
            .map_or(Current::Opened(&authority.responder), |responder| {
                Current::Renewed(Arc::clone(responder))
            })
    }

    fn take_over(&self, authority: &str, responder: Responder) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(authority.to_owned(), Arc::new(responder));
    }
}

/// Makes anew every responder that has less than two weeks left, or takes the one that another node made. Answers signed with
/// the old one hold until they run out, long before it does. Says how many changed.
///
/// # Errors
/// When the database or a key is away; the old responder goes on.
pub async fn renew_responders(house: &House, call: &mut Call<'_>) -> Result<usize, Fault> {
    let mut changed = 0;
    for authority in house.authorities.all() {
        if is_enough_left(&house.answers.responders.of(authority).certificate, call) {
            continue;
        }
        let responder = open(
            &house.database,
            &house.settings,
            house.authorities.vault(),
            call,
            &authority.name,
            &authority.certificate,
            authority.signer.as_ref(),
        )
        .await?;
        house
            .answers
            .responders
            .take_over(&authority.name, responder);
        changed += 1;
    }
    Ok(changed)
}

fn is_enough_left(responder: &Certificate, call: &Call<'_>) -> bool {
    responder.not_after() - MARGIN > call.now.seconds()
}

/// The latest responder of an authority, if it has enough time left and its key is here; else a new one.
///
/// # Errors
/// When the database or a key is away, or the new certificate does not pass its lint.
pub(crate) async fn open(
    database: &Database,
    settings: &Settings,
    vault: &Vault,
    call: &mut Call<'_>,
    authority: &str,
    issuer: &Certificate,
    signer: &dyn Signer,
) -> Result<Responder, Fault> {
    let known = {
        let mut read = database.read().await?;
        store::authority::latest_responder(&mut read, authority).await?
    };
    if let Some(row) = known {
        let certificate = Certificate::from_der(&row.certificate)
            .map_err(Fault::doing("reading a responder's certificate"))?;
        if is_enough_left(&certificate, call) && certificate.is_signed_by(issuer) {
            let key = vault.signing_key(call, &row.name, KeyKind::P256)?;
            // Another node's key may be in a box of its own.
            if key.public_key() == certificate.public_key() {
                return Ok(Responder {
                    certificate,
                    signer: Box::new(key),
                });
            }
        }
    }
    make(database, settings, vault, call, authority, issuer, signer).await
}

async fn make(
    database: &Database,
    settings: &Settings,
    vault: &Vault,
    call: &mut Call<'_>,
    authority: &str,
    issuer: &Certificate,
    signer: &dyn Signer,
) -> Result<Responder, Fault> {
    // Two nodes may do this in the same second.
    let name = format!(
        "{authority}-ocsp-{}-{}",
        call.now.seconds(),
        hex::encode(call.random::<4>())
    );
    let key = vault.signing_key(call, &name, KeyKind::P256)?;
    let request = CertificateRequest {
        profile: Profile::new(ProfileKind::OcspResponder, settings.arc),
        subject: &responder_name(settings, issuer)?,
        subject_key: key.public_key(),
        issuer: Issuer::Authority(issuer),
        serial: Serial::from_entropy(call.random()),
        not_before: call.now.seconds(),
        not_after: (call.now.seconds() + LIFETIME).min(issuer.not_after()),
        user_principal_name: None,
        email: None,
        card_number: None,
        loa: None,
        identity_type: None,
        addresses: &authorities::addresses(settings, authority),
    };
    let certificate = authorities::make(&request, ProfileKind::OcspResponder, signer)?;
    let row = AuthorityRow {
        name,
        role: "responder".to_owned(),
        parent: Some(authority.to_owned()),
        certificate: certificate.der().to_vec(),
        created_at: call.now,
        not_after: Timestamp(certificate.not_after()),
    };
    authorities::keep(database, call, &row).await?;
    Ok(Responder {
        certificate,
        signer: Box::new(key),
    })
}

/// The authority's own name with OCSP behind it.
fn responder_name(settings: &Settings, issuer: &Certificate) -> Result<DistinguishedName, Fault> {
    let common_name = issuer
        .subject_attribute(&oids::COMMON_NAME)
        .unwrap_or_default();
    DistinguishedName::new()
        .country("SE")
        .and_then(|name| name.organisation(&settings.organisation))
        .and_then(|name| name.common_name(&format!("{common_name} OCSP")))
        .map_err(Fault::doing("making a responder's name"))
}
