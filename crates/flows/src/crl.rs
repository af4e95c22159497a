//! Revocation lists: published by the clock and at once after a change, with numbers that never go back.
//!
//! Of each authority there is a full list of everything at `/pki/NAME.crl` and a delta list at `/pki/NAME-delta.crl`. A short full
//! list is made anew at each change. A long one is made by the clock, and what has changed since is on the delta list at once. Where
//! the organisation wants shards, each certificate names the list of its shard, `/pki/NAME-NUMBER.crl`; these are made at each
//! change, and the list of everything is there beside them (RFC 5280 5: one certificate may be in the scope of several lists).

mod write;

use model::Timestamp;
use model::revocation::CrlKind;
use pki::serial::Serial;
pub use store::crl::CrlRow;

use crate::authorities::Authority;
use crate::call::Call;
use crate::house::{House, Settings};
use crate::refusal::Fault;

/// A list is made anew after an hour, and holds for a day: nodes and relying parties survive a night without us.
const FRESH_SECONDS: i64 = 3_600;
const VALID_SECONDS: i64 = 86_400;

/// The list of an offline root is made in a ceremony: it holds for 400 days and is made anew after a year.
const OFFLINE_FRESH_SECONDS: i64 = 365 * 86_400;
const OFFLINE_VALID_SECONDS: i64 = 400 * 86_400;

/// A delta list starts from the oldest full list of this time, so whoever has fetched any later one need not fetch another.
const DELTA_SECONDS: i64 = VALID_SECONDS / 2;

/// After how long the lists of an authority are made anew, and for how long they hold.
fn times(authority: &Authority) -> (i64, i64) {
    if authority.plan.offline {
        (OFFLINE_FRESH_SECONDS, OFFLINE_VALID_SECONDS)
    } else {
        (FRESH_SECONDS, VALID_SECONDS)
    }
}

/// Which lists of a scope are to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Due {
    full: bool,
    delta: bool,
}

/// Publishes new lists for every authority whose lists are old, missing, or behind a change. Returns for how many scopes: an
/// authority has one, and one more for each shard.
///
/// # Errors
/// When the database or a key is away; lists made so far stay.
pub async fn publish_due(house: &House, call: &Call<'_>) -> Result<usize, Fault> {
    let _turn = house.publishing.lock().await;
    let mut published = 0;
    let authorities = house.authorities.all();
    for authority in authorities.filter(|authority| authority.at_hand) {
        for shard in 0..=shards(house, authority).await? {
            let due = due(house, call, authority, shard).await?;
            if due.full || due.delta {
                write::publish(house, call, authority, shard, due).await?;
                published += 1;
            }
        }
    }
    Ok(published)
}

/// Publishes at once what an act has just changed. The change is committed and counts in OCSP and login already; a list
/// that cannot be made now is made by the clock's next round and must not undo it.
pub(crate) async fn publish_now(house: &House, call: &Call<'_>) {
    // OCSP first: a long list takes a while. Whoever answers elsewhere looks several times a second.
    if let Err(fault) = crate::ocsp::follow(house, call).await {
        tracing::warn!(cause = %fault.chain(), "OCSP was not told of a change at once");
    }
    if let Err(fault) = publish_due(house, call).await {
        tracing::error!(cause = %fault.chain(), "the revocation list was not published");
    }
}

/// The highest shard of an authority. The root's few certificates are on one list; shards that were once begun go on, for
/// certificates name them.
async fn shards(house: &House, authority: &Authority) -> Result<i64, Fault> {
    if authority.is_root() {
        return Ok(0);
    }
    let mut read = house.database.read().await?;
    let known = store::crl::highest_shard(&mut read, &authority.name).await?;
    Ok(known.max(i64::from(house.settings.crl_shards)))
}

async fn due(
    house: &House,
    call: &Call<'_>,
    authority: &Authority,
    shard: i64,
) -> Result<Due, Fault> {
    let mut read = house.database.read().await?;
    let name = authority.name.as_str();
    let Some(full) = store::crl::latest(&mut read, name, shard, CrlKind::Full).await? else {
        return Ok(Due {
            full: true,
            delta: shard == 0,
        });
    };
    let change = store::revocation::latest_change_of(&mut read, name, shard).await?;
    let (fresh, _) = times(authority);
    let is_old = |list: &CrlRow| list.this_update.seconds() + fresh <= call.now.seconds();
    let at_once = shard > 0 || full.entries < house.settings.crl_at_once_below;
    if is_old(&full) || at_once && change > full.change {
        return Ok(Due {
            full: true,
            delta: shard == 0,
        });
    }
    let delta = store::crl::latest(&mut read, name, shard, CrlKind::Delta).await?;
    let is_behind = |list: &CrlRow| list.change < change || is_old(list);
    Ok(Due {
        full: false,
        delta: shard == 0 && delta.as_ref().is_none_or(is_behind),
    })
}

/// The reason as RFC 5280 5.3.1 numbers it.
pub(crate) fn reason(reason: model::credential::RevocationReason) -> pki::crl::Reason {
    pki::crl::Reason::from_code(reason.number()).unwrap_or(pki::crl::Reason::Unspecified)
}

/// The shard that a certificate with this serial number is put into: its last octets are random, so shards fill evenly. 0 when
/// lists are whole.
pub(crate) fn shard_of(settings: &Settings, serial: &Serial) -> i64 {
    if settings.crl_shards == 0 {
        return 0;
    }
    let number = serial
        .bytes()
        .iter()
        .rev()
        .take(4)
        .fold(0_u32, |number, octet| number << 8 | u32::from(*octet));
    i64::from(number % u32::from(settings.crl_shards)) + 1
}

/// Where the full list of an authority's shard is fetched, or that of everything (0).
pub(crate) fn address(settings: &Settings, authority: &str, shard: i64) -> String {
    match shard {
        0 => format!("{}/pki/{authority}.crl", settings.public_url),
        shard => format!("{}/pki/{authority}-{shard}.crl", settings.public_url),
    }
}

/// Where the delta list of an authority is fetched.
pub(crate) fn delta_address(settings: &Settings, authority: &str) -> String {
    format!("{}/pki/{authority}-delta.crl", settings.public_url)
}

/// The latest full list of everything that an authority has stopped.
///
/// # Errors
/// When the database is away.
pub async fn latest(house: &House, authority: &str) -> Result<Option<CrlRow>, Fault> {
    let mut read = house.database.read().await?;
    Ok(store::crl::latest(&mut read, authority, 0, CrlKind::Full).await?)
}

/// The latest list with that file name: `NAME.crl`, `NAME-delta.crl`, `NAME-NUMBER.crl`. Nothing when there is none.
///
/// # Errors
/// When the database is away.
pub async fn by_file_name(house: &House, file: &str) -> Result<Option<CrlRow>, Fault> {
    let Some((authority, shard, kind)) = named(house, file) else {
        return Ok(None);
    };
    let mut read = house.database.read().await?;
    Ok(store::crl::latest(&mut read, authority, shard, kind).await?)
}

fn named<'a>(house: &House, file: &'a str) -> Option<(&'a str, i64, CrlKind)> {
    let name = file.strip_suffix(".crl")?;
    let is_ours = |name: &str| house.authorities.by_name(name).is_some();
    if is_ours(name) {
        return Some((name, 0, CrlKind::Full));
    }
    let (authority, rest) = name.rsplit_once('-')?;
    if !is_ours(authority) {
        return None;
    }
    if rest == "delta" {
        return Some((authority, 0, CrlKind::Delta));
    }
    // One spelling a shard: no signs, no leading zeros.
    let shard = rest.parse::<u16>().ok().filter(|shard| *shard > 0)?;
    (shard.to_string() == rest).then_some((authority, i64::from(shard), CrlKind::Full))
}

/// One part of a list, DER that goes on where the part before it ended. Nothing when the list has made room for later ones
/// meanwhile.
///
/// # Errors
/// When the database is away.
pub async fn part(house: &House, list: &CrlRow, part: i64) -> Result<Option<Vec<u8>>, Fault> {
    let mut read = house.database.read().await?;
    Ok(store::crl::part(&mut read, &list.key, part).await?)
}

/// A whole list, DER. For those that are known to be short.
///
/// # Errors
/// When the database is away, or the list has made room for later ones.
pub async fn der(house: &House, list: &CrlRow) -> Result<Vec<u8>, Fault> {
    let mut read = house.database.read().await?;
    let mut der = Vec::new();
    for number in 0..list.parts {
        let part = store::crl::part(&mut read, &list.key, number).await?;
        der.extend(part.ok_or(Fault::Impossible("a list without one of its parts"))?);
    }
    Ok(der)
}

/// When an entry of a list being made may be left out: its certificate has ended before this. An entry stays until a list made
/// past the certificate's end has had it, and that list was there for its hour (RFC 5280 3.3: a regularly scheduled one).
fn ends_from(now: Timestamp, before: Option<&CrlRow>) -> Timestamp {
    let hour_ago = Timestamp(now.seconds() - FRESH_SECONDS);
    before.map_or(hour_ago, |list| list.this_update.min(hour_ago))
}
