//! Revocation lists: published by the clock and at once after a revocation, with numbers that never go back.

use model::Timestamp;
use pki::crl::CrlBuilder;
use pki::serial::Serial;
use serde_json::json;
use store::crl::CrlRow;

use crate::audit;
use crate::authorities::Authority;
use crate::call::Call;
use crate::house::House;
use crate::refusal::Fault;

/// A list is made anew after an hour, and holds for a day: nodes and relying parties survive a night without us.
const FRESH_SECONDS: i64 = 3_600;
const VALID_SECONDS: i64 = 86_400;
/// The list of an offline root is made in a ceremony: it holds for 400 days and is made anew after a year.
const OFFLINE_FRESH_SECONDS: i64 = 365 * 86_400;
const OFFLINE_VALID_SECONDS: i64 = 400 * 86_400;

/// After how long an authority's list is made anew, and for how long it holds.
fn times(authority: &Authority) -> (i64, i64) {
    if authority.plan.offline {
        (OFFLINE_FRESH_SECONDS, OFFLINE_VALID_SECONDS)
    } else {
        (FRESH_SECONDS, VALID_SECONDS)
    }
}

/// Publishes a new list for every authority whose list is old, missing, or behind a revocation. Returns how many.
///
/// # Errors
/// When the database or a key is away; lists made so far stay.
pub async fn publish_due(house: &House, call: &Call<'_>) -> Result<usize, Fault> {
    let mut published = 0;
    for authority in house
        .authorities
        .all()
        .filter(|authority| authority.at_hand)
    {
        let due = {
            let mut read = house.database.read().await?;
            match store::crl::latest(&mut read, &authority.name).await? {
                None => true,
                Some(row) => {
                    row.this_update.seconds() + times(authority).0 <= call.now.seconds()
                        || store::revocation::latest_change_of(&mut read, &authority.name).await?
                            > row.change
                }
            }
        };
        if due {
            publish(house, call, authority).await?;
            published += 1;
        }
    }
    Ok(published)
}

/// Publishes at once what an act has just revoked. The revocation is committed and counts in OCSP and login already; a list
/// that cannot be made now is made by the clock's next round and must not undo it.
pub(crate) async fn publish_now(house: &House, call: &Call<'_>) {
    if let Err(fault) = publish_due(house, call).await {
        tracing::error!(cause = %fault.chain(), "the revocation list was not published");
    }
}

/// Reserves the next number, then builds and signs outside any transaction, then keeps the list. A number may go unused
/// when a process dies in between; it never comes twice (RFC 5280 5.2.3).
async fn publish(house: &House, call: &Call<'_>, authority: &Authority) -> Result<(), Fault> {
    let (number, revoked, change) = store::write!(house.database, |write| {
        let number = store::crl::next_number(write, &authority.name).await?;
        // An entry leaves the list only after a list made past the certificate's end has had it (RFC 5280 3.3).
        let ends_from = store::crl::latest(write, &authority.name)
            .await?
            .map_or(call.now, |list| list.this_update);
        let revoked = store::revocation::list(write, &authority.name, ends_from).await?;
        let change = store::revocation::latest_change_of(write, &authority.name).await?;
        Ok::<_, Fault>((number, revoked, change))
    })?;
    house.seam("crl.numbered")?;
    let next_update = Timestamp(call.now.seconds() + times(authority).1);
    let unsigned_number =
        u64::try_from(number).map_err(|_| Fault::Impossible("a list with a negative number"))?;
    let mut list = CrlBuilder::new(
        &authority.certificate,
        unsigned_number,
        call.now.seconds(),
        next_update.seconds(),
    )
    .map_err(Fault::doing("beginning a revocation list"))?;
    for row in &revoked {
        let serial =
            Serial::from_hex(&row.serial).map_err(Fault::doing("reading a serial number"))?;
        list.revoke(&serial, row.revoked_at.seconds(), reason(row.reason));
    }
    let der = list
        .sign(authority.signer.as_ref())
        .map_err(Fault::doing("signing a revocation list"))?;
    let row = CrlRow {
        authority: authority.name.clone(),
        number,
        der,
        change,
        this_update: call.now,
        next_update,
    };
    store::write!(house.database, |write| {
        store::crl::insert(write, &row).await?;
        let detail = json!({ "number": number, "entries": revoked.len() });
        audit::event(
            write,
            call,
            "crl.published",
            &format!("authority:{}", authority.name),
            detail,
        )
        .await?;
        Ok::<_, Fault>(())
    })
}

/// The reason as RFC 5280 5.3.1 numbers it.
pub(crate) fn reason(reason: model::credential::RevocationReason) -> pki::crl::Reason {
    pki::crl::Reason::from_code(reason.number()).unwrap_or(pki::crl::Reason::Unspecified)
}

/// The latest list of an authority, DER.
///
/// # Errors
/// When the database is away.
pub async fn latest(house: &House, authority: &str) -> Result<Option<CrlRow>, Fault> {
    let mut read = house.database.read().await?;
    Ok(store::crl::latest(&mut read, authority).await?)
}
