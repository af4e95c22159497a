//! Issuing a certificate, in two phases, for every kind there is: first the intention is written down (serial number and
//! the exact bytes to be signed), then those bytes are linted and signed, then the certificate is stored. A process that
//! dies in between leaves an intention, and [`unfinished`] completes it at the next start; a signature that the database
//! does not know of cannot come to be.

use model::Timestamp;
use model::card::CardState;
use model::credential::{CredentialKind, CredentialState, RevocationReason};
use model::id::{CardId, PersonId};
use pki::certificate::Certificate;
use pki::key::PublicKey;
use pki::profile::Issuer;
use pki::serial::Serial;
use serde_json::json;
use store::Write;
use store::certificate::CertificateRow;
use store::issuance::IssuanceRow;

use crate::audit;
use crate::authorities::Authority;
use crate::call::Call;
use crate::house::House;
use crate::refusal::Fault;

/// What is wanted: everything but the serial number.
pub struct Wanted<'a> {
    /// Who signs.
    pub authority: &'a Authority,
    /// What for; names the profile as well.
    pub kind: CredentialKind,
    /// The card it belongs on: in the middle of its activation, without another of the kind.
    pub card: CardId,
    /// Its holder.
    pub person: PersonId,
    /// Its last second.
    pub not_after: Timestamp,
    /// Whose possession was proven.
    pub subject_key: &'a PublicKey,
    /// Makes the bytes to be signed for a serial number.
    pub to_be_signed:
        &'a (dyn Fn(&Serial) -> Result<Vec<u8>, pki::profile::ProfileError> + Send + Sync),
}

/// Issues one certificate.
///
/// # Errors
/// When the profile cannot be filled, the lint finds something, the key store or the database fails.
pub async fn issue(
    house: &House,
    call: &mut Call<'_>,
    wanted: Wanted<'_>,
) -> Result<Certificate, Fault> {
    let intention = reserve(house, call, &wanted).await?;
    house.seam("issue.reserved")?;
    let certificate = sign(house, &intention, Some(wanted.subject_key))?;
    house.seam("issue.signed")?;
    keep(house, call, &intention, &certificate).await?;
    house.seam("issue.kept")?;
    Ok(certificate)
}

async fn reserve(
    house: &House,
    call: &mut Call<'_>,
    wanted: &Wanted<'_>,
) -> Result<IssuanceRow, Fault> {
    let serial = Serial::at(call.now.seconds(), call.random());
    let tbs =
        (wanted.to_be_signed)(&serial).map_err(Fault::doing("filling a certificate profile"))?;
    let intention = IssuanceRow {
        authority: wanted.authority.name.clone(),
        serial: serial.to_hex(),
        kind: wanted.kind,
        card: wanted.card.clone(),
        person: wanted.person.clone(),
        to_be_signed: tbs,
        not_after: wanted.not_after,
        shard: crate::crl::shard_of(&house.settings, &serial),
        reserved_at: call.now,
        finished_at: None,
    };
    store::write!(house.database, |write| {
        store::issuance::insert(write, &intention).await?;
        let detail = json!({ "authority": intention.authority, "serial": intention.serial, "kind": intention.kind.code() });
        audit::event(
            write,
            call,
            "certificate.reserved",
            &format!("card:{}", intention.card),
            detail,
        )
        .await?;
        Ok::<_, Fault>(())
    })?;
    Ok(intention)
}

/// Outside any transaction: lint, then sign what the lint handed out, and read it back. A key that this process has read
/// is not read again.
fn sign(
    house: &House,
    intention: &IssuanceRow,
    subject_key: Option<&PublicKey>,
) -> Result<Certificate, Fault> {
    let authority = house
        .authorities
        .by_name(&intention.authority)
        .ok_or(Fault::Impossible(
            "an intention names an authority that is not ours",
        ))?;
    let profile = house
        .authorities
        .hierarchy()
        .profile(intention.kind.code())
        .ok_or(Fault::Impossible(
            "an intention under a profile that is not there",
        ))?;
    let issuer = Issuer::Authority(&authority.certificate);
    let tbs = intention.to_be_signed.as_slice();
    let linted = match subject_key {
        Some(key) => pki::lint::lint_of(key, tbs, profile, issuer),
        None => pki::lint::lint(tbs, profile, issuer),
    }
    .map_err(lint_fault)?;
    let der = pki::certificate::sign_der(linted, authority.signer.as_ref())
        .map_err(Fault::doing("signing a certificate"))?;
    Certificate::from_der(&der).map_err(Fault::doing("reading a certificate just signed"))
}

async fn keep(
    house: &House,
    call: &Call<'_>,
    intention: &IssuanceRow,
    certificate: &Certificate,
) -> Result<(), Fault> {
    let row = CertificateRow {
        authority: intention.authority.clone(),
        serial: intention.serial.clone(),
        kind: intention.kind,
        state: CredentialState::Issued,
        card: intention.card.clone(),
        person: intention.person.clone(),
        not_before: Timestamp(certificate.not_before()),
        not_after: Timestamp(certificate.not_after()),
        shard: intention.shard,
        der: certificate.der().to_vec(),
        issued_at: call.now,
        installed_at: None,
        revoked_at: None,
        reason: None,
    };
    let overtaken = store::write!(house.database, |write| {
        let mut overtaken = false;
        // A second process that finishes the same intention finds it finished and leaves it alone.
        if store::issuance::finish(write, &intention.authority, &intention.serial, call.now).await?
        {
            overtaken = !is_wanted(write, &row).await?;
            store::certificate::insert(write, &row).await?;
            let detail = json!({
                "authority": row.authority,
                "serial": row.serial,
                "kind": row.kind.code(),
                // Domain controllers find the account by this value (altSecurityIdentities), so it is told as it is issued.
                "alt_security_identities": certificate.alt_security_identities(),
            });
            audit::event(
                write,
                call,
                "certificate.issued",
                &format!("card:{}", row.card),
                detail,
            )
            .await?;
            if overtaken {
                // It may have been signed before the process died, so it must be known, and known as worth nothing.
                let reason = RevocationReason::Superseded;
                store::certificate::revoke(write, &row.authority, &row.serial, reason, call.now)
                    .await?;
                let detail = json!({ "authority": row.authority, "serial": row.serial, "reason": reason.code() });
                audit::event(
                    write,
                    call,
                    "certificate.revoked",
                    &format!("card:{}", row.card),
                    detail,
                )
                .await?;
            }
        }
        Ok::<_, Fault>(overtaken)
    })?;
    if overtaken {
        crate::crl::publish_now(house, call).await;
    }
    Ok(())
}

/// Whether the card still waits for this certificate: it is in the middle of its activation and has no other of the kind. An
/// intention that was overtaken, by another node or by a revocation, comes to nothing.
async fn is_wanted(write: &mut Write, row: &CertificateRow) -> Result<bool, Fault> {
    let card = store::card::by_id(write, &row.card)
        .await?
        .ok_or(Fault::Impossible(
            "an intention for a card that is not there",
        ))?;
    let others = store::certificate::list_by_card(write, &row.card).await?;
    let overtaken = others.iter().any(|other| {
        other.kind == row.kind
            && matches!(
                other.state,
                CredentialState::Issued | CredentialState::Active
            )
    });
    Ok(card.state == CardState::PartlyActivated && !overtaken)
}

/// Completes every intention that a dead process left behind. Run at start, before anything else is served. While another node
/// is in the middle of issuing, its intention may be completed here first: then this signature counts and the other is dropped.
///
/// # Errors
/// When the database or an authority's key is away; what was completed stays completed.
pub async fn unfinished(house: &House, call: &Call<'_>) -> Result<usize, Fault> {
    let intentions = {
        let mut read = house.database.read().await?;
        store::issuance::list_unfinished(&mut read).await?
    };
    for intention in &intentions {
        let certificate = sign(house, intention, None)?;
        keep(house, call, intention, &certificate).await?;
    }
    Ok(intentions.len() + crate::function::unfinished(house, call).await?)
}

/// Everything the lint found, as one cause.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Findings(String);

/// A certificate of ours that its own lint refuses is our fault, never the user's.
pub(crate) fn lint_fault(findings: Vec<pki::lint::Finding>) -> Fault {
    let text = findings
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ");
    Fault::doing("linting a certificate")(Findings(text))
}
