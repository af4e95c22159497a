//! One path from leaf to anchor, held against RFC 5280 6.1.

use const_oid::ObjectIdentifier;

use super::search::Work;
use super::{ChainError, Purpose, constraints, policy};
use crate::certificate::Certificate;

/// Checks `path`, leaf first and anchor last, whose signatures are verified already. Answers with the
/// policies asked for that hold.
pub(super) fn check(
    path: &[&Certificate],
    now: i64,
    purpose: &Purpose,
    work: &mut Work,
) -> Result<Vec<ObjectIdentifier>, ChainError> {
    let Some((leaf, authorities)) = path.split_first() else {
        return Err(ChainError::NoPath);
    };
    // From the anchor downwards, as the standard goes. RFC 5280 6.1.2 (k) begins with the length of
    // the path; nothing does the same.
    let mut room: Option<u8> = None;
    for (above, authority) in authorities.iter().rev().enumerate() {
        if above == 0 {
            fits_as_anchor(authority, now)?;
        } else {
            fits(authority, now)?;
        }
        purpose.allows_authority(authority)?;
        // 6.1.4 (l): self-issued ones take no room; nor does the anchor, which nobody is above.
        if above > 0 && !authority.is_self_issued() {
            room = match room {
                Some(room) => Some(room.checked_sub(1).ok_or(ChainError::TooLong)?),
                None => None,
            };
        }
        room = match (room, authority.path_length()) {
            (Some(room), Some(length)) => Some(room.min(length)),
            (room, length) => room.or(length),
        };
    }
    is_sound(leaf, now)?;
    purpose.allows_leaf(leaf)?;
    constraints::check(path, work)?;
    policy::check(path, purpose)
}

/// Whether `authority` may sign certificates at `now`, looked at alone (RFC 5280 6.1.4 (k), (n)).
pub(super) fn fits(authority: &Certificate, now: i64) -> Result<(), ChainError> {
    is_sound(authority, now)?;
    may_sign(authority)
}

fn fits_as_anchor(anchor: &Certificate, now: i64) -> Result<(), ChainError> {
    match is_well_made(anchor) {
        Err(ChainError::Nonconforming(fault)) if fault.is_forgiven_an_anchor() => {}
        other => other?,
    }
    is_of_this_time(anchor, now)?;
    may_sign(anchor)
}

fn may_sign(authority: &Certificate) -> Result<(), ChainError> {
    if authority.is_authority() {
        Ok(())
    } else {
        Err(ChainError::NotAnAuthority)
    }
}

/// What every certificate of a path but the anchor must be.
fn is_sound(certificate: &Certificate, now: i64) -> Result<(), ChainError> {
    is_well_made(certificate)?;
    is_of_this_time(certificate, now)
}

/// RFC 5280 4 and 6.1.4 (o).
pub(super) fn is_well_made(certificate: &Certificate) -> Result<(), ChainError> {
    if certificate.has_unknown_critical_extension() {
        return Err(ChainError::UnknownCriticalExtension);
    }
    certificate
        .fault()
        .map_or(Ok(()), |fault| Err(ChainError::Nonconforming(fault)))
}

/// RFC 5280 6.1.3 (a)(2), ends included.
fn is_of_this_time(certificate: &Certificate, now: i64) -> Result<(), ChainError> {
    if now < certificate.not_before() {
        Err(ChainError::NotYetValid)
    } else if now > certificate.not_after() {
        Err(ChainError::Expired)
    } else {
        Ok(())
    }
}
