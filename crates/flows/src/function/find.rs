//! Looking at functions and their certificates.

use model::Timestamp;
use model::function::{Function, FunctionCertificateState, FunctionState};
use model::id::FunctionId;
use model::policy::{Act, Facts, may};
use pki::certificate::Certificate;
use pki::serial::Serial;
use store::function_certificate::FunctionCertificateRow;
use store::{Read, StoreError};

use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, Stop, refusals};

/// How many functions or certificates are listed at most.
pub const MOST: i64 = 500;

refusals! {
    /// Why a function or a certificate is not shown.
    FindFunctionRefusal {
        /// No function with that identifier.
        FunctionUnknown = "find-function.function-unknown",
        /// The function has no certificate with that serial number.
        CertificateUnknown = "find-function.certificate-unknown",
    }
}

/// A certificate of a function, as it stands.
#[derive(Clone, Debug)]
pub struct CertificateFound {
    /// Name of the authority that signed it.
    pub authority: String,
    /// The certificate.
    pub certificate: Certificate,
    /// Since when it is revoked, and why.
    pub revoked: Option<(Timestamp, model::credential::RevocationReason)>,
}

/// The function with that identifier.
///
/// # Errors
/// When there is none, or the actor may not see it.
pub async fn function(
    house: &House,
    call: &Call<'_>,
    id: &FunctionId,
) -> Result<Function, Stop<FindFunctionRefusal>> {
    let mut read = house.database.read().await?;
    seen(&mut read, call, id).await
}

async fn seen(
    read: &mut Read,
    call: &Call<'_>,
    id: &FunctionId,
) -> Result<Function, Stop<FindFunctionRefusal>> {
    let function = store::function::by_id(read, id)
        .await?
        .ok_or(FindFunctionRefusal::FunctionUnknown)?;
    may(&call.actor, Act::ReadFunctions, &super::facts(&function))?;
    Ok(function)
}

/// Functions in a state, those longest in it first; or all, in the order they were asked for. At most [`MOST`]; of a program,
/// those in its hands.
///
/// # Errors
/// When the actor may not see them.
pub async fn list(
    house: &House,
    call: &Call<'_>,
    state: Option<FunctionState>,
) -> Result<Vec<Function>, Stop<FindFunctionRefusal>> {
    let client = call.actor.client().cloned();
    let facts = Facts {
        client: client.clone(),
        ..Facts::default()
    };
    may(&call.actor, Act::ReadFunctions, &facts)?;
    let mut read = house.database.read().await?;
    let mut found = match state {
        Some(state) => store::function::list_in_state(&mut read, state, MOST).await?,
        None => store::function::list_after(&mut read, "", MOST).await?,
    };
    found.retain(|function| client.is_none() || function.client == client);
    Ok(found)
}

/// A certificate of a function, by serial number in hexadecimal.
///
/// # Errors
/// When there is none, or the actor may not see it.
pub async fn certificate(
    house: &House,
    call: &Call<'_>,
    id: &FunctionId,
    serial: &str,
) -> Result<CertificateFound, Stop<FindFunctionRefusal>> {
    let mut read = house.database.read().await?;
    seen(&mut read, call, id).await?;
    let row = of_function(&mut read, house, id, serial)
        .await?
        .filter(|row| row.state != FunctionCertificateState::Reserved)
        .ok_or(FindFunctionRefusal::CertificateUnknown)?;
    Ok(found(row)?)
}

/// The certificates of a function, the one that lasts longest first.
///
/// # Errors
/// When there is no such function, or the actor may not see it.
pub async fn certificates(
    house: &House,
    call: &Call<'_>,
    id: &FunctionId,
) -> Result<Vec<CertificateFound>, Stop<FindFunctionRefusal>> {
    let mut read = house.database.read().await?;
    seen(&mut read, call, id).await?;
    let rows = store::function_certificate::list_by_function(&mut read, id, MOST).await?;
    let issued = rows
        .into_iter()
        .filter(|row| row.state != FunctionCertificateState::Reserved);
    Ok(issued.map(found).collect::<Result<_, _>>()?)
}

fn found(row: FunctionCertificateRow) -> Result<CertificateFound, Fault> {
    Ok(CertificateFound {
        certificate: Certificate::from_der(&row.der)
            .map_err(Fault::doing("reading a certificate of ours"))?,
        authority: row.authority,
        revoked: row.revoked_at.zip(row.reason),
    })
}

/// The row of a function's certificate, whichever of our authorities signed it.
pub(super) async fn of_function(
    read: &mut Read,
    house: &House,
    id: &FunctionId,
    serial: &str,
) -> Result<Option<FunctionCertificateRow>, StoreError> {
    // In one spelling, as it is stored.
    let Ok(serial) = Serial::from_hex(serial) else {
        return Ok(None);
    };
    let serial = serial.to_hex();
    let issuing = house
        .authorities
        .all()
        .filter(|authority| !authority.is_root());
    for authority in issuing {
        let row = store::function_certificate::by_serial(read, &authority.name, &serial).await?;
        if let Some(row) = row.filter(|row| row.function == *id) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}
