//! The two phases of issuing to a function, as in [`issue`](crate::issue): the exact bytes are stored, then linted and signed,
//! then the certificate is stored in their place. One transaction before the signature and one after it.

use model::Timestamp;
use model::credential::RevocationReason;
use model::function::{Function, FunctionCertificateState, FunctionState, HostName};
use model::hsa_id::HsaId;
use pki::certificate::Certificate;
use pki::key::PublicKey;
use pki::profile::{CertificateRequest, Details, Issuer, Presence, Profile};
use pki::serial::Serial;
use serde_json::json;
use store::Write;
use store::function_certificate::FunctionCertificateRow;

use crate::audit;
use crate::authorities::Authority;
use crate::call::Call;
use crate::house::House;
use crate::refusal::Fault;

/// A certificate of a function, and who signed it.
#[derive(Clone, Debug)]
pub struct Certified {
    /// Name of the authority.
    pub authority: String,
    /// The certificate.
    pub certificate: Certificate,
}

impl Certified {
    /// The certificate and that of its authority, PEM, as servers want them (RFC 8555 9.1): without the root, which whoever
    /// checks them has.
    #[must_use]
    pub fn chain(&self, house: &House) -> String {
        let mut chain = self.certificate.to_pem();
        if let Some(authority) = house.authorities.by_name(&self.authority) {
            chain.push_str(&authority.certificate.to_pem());
        }
        chain
    }
}

/// What is to be signed: everything the function was approved for, around a key.
pub(super) fn intention(
    house: &House,
    call: &mut Call<'_>,
    function: &Function,
    key: &PublicKey,
    days: u32,
    key_name: Option<String>,
) -> Result<FunctionCertificateRow, Fault> {
    let (authority, profile) = issuing(house, function)?;
    let serial = Serial::at(call.now.seconds(), call.random());
    // A certificate names the list of its own shard.
    let shard = crate::crl::shard_of(&house.settings, &serial);
    let mut addresses = crate::authorities::addresses(&house.settings, authority);
    if shard > 0 {
        let list = crate::crl::address(&house.settings, &authority.name, shard);
        addresses.revocation_list = Some(list);
    }
    let hsa_id = function.hsa_id.as_ref().map(HsaId::as_str);
    let subject = super::distinguished_name(&house.settings, function.name.as_str(), hsa_id)
        .map_err(Fault::doing("making a subject name"))?;
    let dns_names: Vec<String> = function
        .host_names
        .iter()
        .map(HostName::to_string)
        .collect();
    let not_after = Timestamp(
        (call.now.seconds() + i64::from(days) * 86_400 - 1).min(authority.certificate.not_after()),
    );
    let tbs = pki::profile::tbs(&CertificateRequest {
        profile,
        issuer: Issuer::Authority(&authority.certificate),
        subject: &subject,
        subject_key: key,
        serial,
        not_before: call.now.seconds(),
        not_after: not_after.seconds(),
        details: Details {
            email: (profile.email != Presence::Barred).then_some(function.email.as_str()),
            dns_names: &dns_names,
            ..Details::default()
        },
        addresses: &addresses,
    })
    .map_err(Fault::doing("filling a certificate profile"))?;
    Ok(FunctionCertificateRow {
        authority: authority.name.clone(),
        serial: serial.to_hex(),
        function: function.id.clone(),
        state: FunctionCertificateState::Reserved,
        not_before: call.now,
        not_after,
        shard,
        reserved_at: call.now,
        issued_at: None,
        revoked_at: None,
        reason: None,
        key: key_name,
        der: tbs,
    })
}

/// Who issues to a function, and under which profile.
pub(super) fn issuing<'h>(
    house: &'h House,
    function: &Function,
) -> Result<(&'h Authority, &'h Profile), Fault> {
    house
        .authorities
        .issuing(&function.profile, None, function.test)
}

/// Writes an intention down in the transaction of its act; says whether its function is still approved.
pub(super) async fn reserve(
    write: &mut Write,
    call: &Call<'_>,
    intention: &FunctionCertificateRow,
) -> Result<bool, Fault> {
    if !store::function_certificate::reserve(write, intention).await? {
        return Ok(false);
    }
    let detail = json!({ "authority": intention.authority, "serial": intention.serial });
    let subject = super::subject_of(&intention.function);
    audit::event(write, call, "certificate.reserved", &subject, detail).await?;
    Ok(true)
}

/// Lints, signs and stores what was reserved. A key that this process has read is not read again.
pub(super) async fn complete(
    house: &House,
    call: &Call<'_>,
    intention: &FunctionCertificateRow,
    profile: &str,
    subject_key: Option<&PublicKey>,
) -> Result<Certified, Fault> {
    house.seam("function.reserved")?;
    let certificate = sign(house, intention, profile, subject_key)?;
    house.seam("function.signed")?;
    let certificate = keep(house, call, intention, certificate).await?;
    house.seam("function.kept")?;
    Ok(Certified {
        authority: intention.authority.clone(),
        certificate,
    })
}

fn sign(
    house: &House,
    intention: &FunctionCertificateRow,
    profile: &str,
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
        .profile(profile)
        .ok_or(Fault::Impossible(
            "an intention under a profile that is not there",
        ))?;
    let issuer = Issuer::Authority(&authority.certificate);
    let linted = match subject_key {
        Some(key) => pki::lint::lint_of(key, &intention.der, profile, issuer),
        None => pki::lint::lint(&intention.der, profile, issuer),
    }
    .map_err(crate::issue::lint_fault)?;
    // Verified here, for no card compares it before it is used.
    pki::certificate::sign(linted, authority.signer.as_ref())
        .map_err(Fault::doing("signing a certificate"))
}

/// Stores the certificate. When another process has finished the same intention its certificate counts, and ours is dropped:
/// the same bytes under another signature.
async fn keep(
    house: &House,
    call: &Call<'_>,
    intention: &FunctionCertificateRow,
    certificate: Certificate,
) -> Result<Certificate, Fault> {
    let (authority, serial) = (intention.authority.as_str(), intention.serial.as_str());
    let (stored, closed) = store::write!(house.database, |write| {
        let der = certificate.der();
        let finish = store::function_certificate::finish(write, authority, serial, der, call.now);
        let Some(state) = finish.await? else {
            let row = store::function_certificate::by_serial(write, authority, serial).await?;
            return Ok((row.map(|row| row.der), false));
        };
        let detail = json!({ "authority": authority, "serial": serial });
        let subject = super::subject_of(&intention.function);
        audit::event(write, call, "certificate.issued", &subject, detail).await?;
        // Closed meanwhile: it may be signed, so it must be known, and known as worth nothing.
        let closed = state != FunctionState::Approved;
        if closed {
            let reason = RevocationReason::CessationOfOperation;
            revoke(write, call, intention, reason).await?;
        }
        Ok::<_, Fault>((None, closed))
    })?;
    if closed {
        crate::crl::publish_now(house, call).await;
    }
    match stored {
        None => Ok(certificate),
        Some(der) => {
            Certificate::from_der(&der).map_err(Fault::doing("reading a certificate of ours"))
        }
    }
}

/// Revokes a certificate in the transaction of its act; says whether it was issued and not revoked before.
pub(super) async fn revoke(
    write: &mut Write,
    call: &Call<'_>,
    row: &FunctionCertificateRow,
    reason: RevocationReason,
) -> Result<bool, Fault> {
    let (authority, serial) = (row.authority.as_str(), row.serial.as_str());
    if !store::function_certificate::revoke(write, authority, serial, reason, call.now).await? {
        return Ok(false);
    }
    let detail = json!({ "authority": authority, "serial": serial, "reason": reason.code() });
    let subject = super::subject_of(&row.function);
    audit::event(write, call, "certificate.revoked", &subject, detail).await?;
    Ok(true)
}

/// Completes every intention for a function that a dead process left behind.
///
/// # Errors
/// When the database or an authority's key is away; what was completed stays completed.
pub async fn unfinished(house: &House, call: &Call<'_>) -> Result<usize, Fault> {
    let mut finished = 0;
    let intentions = {
        let mut read = house.database.read().await?;
        store::function_certificate::list_unfinished(&mut read).await?
    };
    for intention in &intentions {
        let function = {
            let mut read = house.database.read().await?;
            store::function::by_id(&mut read, &intention.function)
                .await?
                .ok_or(Fault::Impossible("an intention for no function"))?
        };
        complete(house, call, intention, &function.profile, None).await?;
        finished += 1;
    }
    Ok(finished)
}
