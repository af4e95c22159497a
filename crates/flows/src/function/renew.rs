//! Functions whose key the system holds: their first certificate after the approval, and the next when a third of its life is
//! left. The one before stays until it ends, so whoever still uses it is not cut off.

use model::function::{Function, FunctionCertificateState};
use model::id::FunctionId;
use model::policy::{Act, Facts, may};
use pki::certificate::Certificate;
use pki::key::{KeyKind, Signer};
use store::function_certificate::FunctionCertificateRow;

use super::issue;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, PlainStop};

/// Certificates looked at to see whether a function needs a new one.
const LOOKED_AT: i64 = 8;

/// Issues what is due. Run by the clock; a second run at the same time changes nothing. Returns how many.
///
/// # Errors
/// When the database, an authority's key or the vault is away; what was issued stays.
pub async fn renew_due(house: &House, call: &mut Call<'_>) -> Result<usize, PlainStop> {
    if let Err(denied) = may(&call.actor, Act::CertifyFunction, &Facts::default()) {
        return Err(PlainStop::Refused(denied.code()));
    }
    due(house, call).await.map_err(PlainStop::Fault)
}

async fn due(house: &House, call: &mut Call<'_>) -> Result<usize, Fault> {
    let functions = {
        let mut read = house.database.read().await?;
        store::function::list_held_by_system(&mut read).await?
    };
    let mut issued = 0;
    for function in functions {
        let rows = {
            let mut read = house.database.read().await?;
            let id = &function.id;
            store::function_certificate::list_by_function(&mut read, id, LOOKED_AT).await?
        };
        if is_due(&rows, call) && issue_to(house, call, &function).await? {
            issued += 1;
        }
    }
    Ok(issued)
}

/// Whether no certificate has more than a third of its life left, and none is about to be signed.
fn is_due(rows: &[FunctionCertificateRow], call: &Call<'_>) -> bool {
    !rows.iter().any(|row| match row.state {
        FunctionCertificateState::Reserved => true,
        FunctionCertificateState::Revoked => false,
        FunctionCertificateState::Issued => {
            let life = row.not_after.seconds() - row.not_before.seconds();
            row.not_after.seconds() - call.now.seconds() > life / 3
        }
    })
}

async fn issue_to(house: &House, call: &mut Call<'_>, function: &Function) -> Result<bool, Fault> {
    let (_, profile) = issue::issuing(house, function)?;
    let kind = profile
        .keys
        .iter()
        .copied()
        .find(|kind| *kind == KeyKind::P256)
        .or(profile.keys.first().copied())
        .ok_or(Fault::Impossible("a profile without kinds of keys"))?;
    let days = profile.longest_days;
    // The key comes first: one whose certificate never came to be is used by nobody.
    let name = format!(
        "function-{}-{}",
        function.id.as_str().to_ascii_lowercase(),
        hex::encode(call.random::<4>())
    );
    let signer = house.authorities.vault().signing_key(call, &name, kind)?;
    let key = signer.public_key();
    let intention = issue::intention(house, call, function, key, days, Some(name))?;
    let reserved = store::write!(house.database, |write| {
        // Another node may have been here first.
        let id = &function.id;
        let rows = store::function_certificate::list_by_function(write, id, LOOKED_AT).await?;
        Ok::<_, Fault>(is_due(&rows, call) && issue::reserve(write, call, &intention).await?)
    })?;
    if reserved {
        let key = Some(signer.public_key());
        issue::complete(house, call, &intention, &function.profile, key).await?;
    }
    Ok(reserved)
}

/// The newest living certificate of a function whose key the system holds, and the key: for whatever signs or serves as that
/// function in this process.
///
/// # Errors
/// When the database or the vault is away.
pub async fn current(
    house: &House,
    call: &Call<'_>,
    id: &FunctionId,
) -> Result<Option<(Certificate, Box<dyn Signer>)>, Fault> {
    let rows = {
        let mut read = house.database.read().await?;
        store::function_certificate::list_living(&mut read, id, call.now).await?
    };
    for row in rows {
        let Some(name) = &row.key else { continue };
        // Another node's key is there and not here.
        if let Some(signer) = house.authorities.vault().find_signing_key(name)? {
            let certificate = Certificate::from_der(&row.der)
                .map_err(Fault::doing("reading a certificate of ours"))?;
            return Ok(Some((certificate, signer)));
        }
    }
    Ok(None)
}
