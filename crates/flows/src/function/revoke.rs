//! Revoking a function's certificate, and closing a function, which revokes all it has.

use model::credential::RevocationReason;
use model::function::{FunctionAct, FunctionCertificateState};
use model::id::FunctionId;
use model::policy::{Act, may};
use serde_json::json;

use super::issue;
use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::once::{Known, Once};
use crate::refusal::{Stop, refusals};

refusals! {
    /// Why a function's certificate is not revoked, or a function not closed.
    RevokeFunctionRefusal {
        /// No function with that identifier.
        FunctionUnknown = "revoke-function.function-unknown",
        /// The function has no certificate with that serial number.
        CertificateUnknown = "revoke-function.certificate-unknown",
        /// The certificate is revoked already.
        AlreadyRevoked = "revoke-function.already-revoked",
        /// The certificate has ended by itself.
        Ended = "revoke-function.ended",
        /// A reason that is not for functions.
        ReasonUnfit = "revoke-function.reason-unfit",
        /// The function is not approved, or no longer: there is nothing to close.
        NotApproved = "revoke-function.not-approved",
        /// The idempotency key was used for something else.
        KeyReused = "revoke-function.key-reused",
    }
}

/// The reasons that a function's certificate is revoked for (RFC 5280 5.3.1). A hold is for cards, which turn up again.
pub const REASONS: [RevocationReason; 6] = [
    RevocationReason::Unspecified,
    RevocationReason::KeyCompromise,
    RevocationReason::AffiliationChanged,
    RevocationReason::Superseded,
    RevocationReason::CessationOfOperation,
    RevocationReason::PrivilegeWithdrawn,
];

/// Revokes a certificate. Lists and status answers say so at once; it cannot be undone.
///
/// # Errors
/// When there is no such certificate, it is revoked or has ended, the reason does not fit, or the actor may not.
pub async fn revoke(
    house: &House,
    call: &mut Call<'_>,
    id: &FunctionId,
    serial: &str,
    reason: RevocationReason,
    once: Option<Once<'_>>,
) -> Result<(), Stop<RevokeFunctionRefusal>> {
    let outcome = revoked(house, call, id, serial, reason, once).await;
    let subject = super::subject_of(id);
    let outcome = audit::refused(house, call, "revoke-function", &subject, outcome).await;
    if outcome.is_ok() {
        crate::crl::publish_now(house, call).await;
    }
    outcome
}

async fn revoked(
    house: &House,
    call: &Call<'_>,
    id: &FunctionId,
    serial: &str,
    reason: RevocationReason,
    once: Option<Once<'_>>,
) -> Result<(), Stop<RevokeFunctionRefusal>> {
    if !REASONS.contains(&reason) {
        return Err(RevokeFunctionRefusal::ReasonUnfit.into());
    }
    store::write!(house.database, |write| {
        let function = store::function::by_id(write, id)
            .await?
            .ok_or(RevokeFunctionRefusal::FunctionUnknown)?;
        may(&call.actor, Act::RevokeFunction, &super::facts(&function))?;
        if let Some(once) = &once {
            match once.settle(write, &call.actor, serial, call.now).await? {
                Known::New => {}
                Known::Made(_) => return Ok(()),
                Known::Other => return Err(RevokeFunctionRefusal::KeyReused.into()),
            }
        }
        let row = super::find::of_function(write, house, id, serial)
            .await?
            .filter(|row| row.state != FunctionCertificateState::Reserved)
            .ok_or(RevokeFunctionRefusal::CertificateUnknown)?;
        if row.state == FunctionCertificateState::Revoked {
            return Err(RevokeFunctionRefusal::AlreadyRevoked.into());
        }
        if row.not_after < call.now {
            return Err(RevokeFunctionRefusal::Ended.into());
        }
        if !issue::revoke(write, call, &row, reason).await? {
            return Err(RevokeFunctionRefusal::AlreadyRevoked.into());
        }
        Ok::<_, Stop<RevokeFunctionRefusal>>(())
    })
}

/// Closes a function: it gets no more certificates, and those it has are revoked.
///
/// # Errors
/// When there is no such function, it is not approved, or the actor may not.
pub async fn close(
    house: &House,
    call: &mut Call<'_>,
    id: &FunctionId,
) -> Result<usize, Stop<RevokeFunctionRefusal>> {
    let outcome = closed(house, call, id).await;
    let subject = super::subject_of(id);
    let outcome = audit::refused(house, call, "revoke-function", &subject, outcome).await;
    if outcome.is_ok() {
        crate::crl::publish_now(house, call).await;
    }
    outcome
}

async fn closed(
    house: &House,
    call: &Call<'_>,
    id: &FunctionId,
) -> Result<usize, Stop<RevokeFunctionRefusal>> {
    store::write!(house.database, |write| {
        let function = store::function::by_id(write, id)
            .await?
            .ok_or(RevokeFunctionRefusal::FunctionUnknown)?;
        may(&call.actor, Act::RevokeFunction, &super::facts(&function))?;
        let to = function
            .state
            .after(FunctionAct::Close)
            .map_err(|_| RevokeFunctionRefusal::NotApproved)?;
        if !store::function::set_state(write, id, function.state, to, call.now).await? {
            return Err(RevokeFunctionRefusal::NotApproved.into());
        }
        audit::event(
            write,
            call,
            "function.closed",
            &super::subject_of(id),
            json!({}),
        )
        .await?;
        let mut revoked = 0;
        for row in store::function_certificate::list_living(write, id, call.now).await? {
            let reason = RevocationReason::CessationOfOperation;
            revoked += usize::from(issue::revoke(write, call, &row, reason).await?);
        }
        Ok::<_, Stop<RevokeFunctionRefusal>>(revoked)
    })
}
