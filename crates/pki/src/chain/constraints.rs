//! Name constraints along a path (RFC 5280 4.2.1.10, 6.1.3 (b), (c)).
//!
//! Where a comparison could be read in two ways, a name counts as excluded by the wider reading and as
//! permitted by the narrower one.

mod directory;

use super::ChainError;
use super::search::Work;
use crate::certificate::Certificate;
use crate::certificate::general_name::{GeneralName, is_host};
use crate::certificate::subtree::{NameConstraints, Subtree};

/// Holds the names of every certificate of `path`, leaf first and anchor last, against the constraints
/// of all authorities above it.
pub(super) fn check(path: &[&Certificate], work: &mut Work) -> Result<(), ChainError> {
    for (below, certificate) in path.iter().enumerate() {
        // Self-issued certificates are spared, for the sake of key rollover, but not the last one.
        if below > 0 && certificate.is_self_issued() {
            continue;
        }
        for authority in path.iter().skip(below + 1) {
            if let Some(constraints) = authority.name_constraints() {
                allows(constraints, certificate, work)?;
            }
        }
    }
    Ok(())
}

fn allows(
    constraints: &NameConstraints,
    certificate: &Certificate,
    work: &mut Work,
) -> Result<(), ChainError> {
    let subject = certificate.subject_der();
    for name in certificate.alternative_names() {
        allows_name(constraints, &name, work)?;
    }
    if !directory::is_empty(subject) {
        allows_name(constraints, &GeneralName::Directory(subject), work)?;
    }
    // An address in the subject is held to the constraints on mail, whatever else is there.
    for mail in directory::mail_addresses(subject) {
        allows_name(constraints, &GeneralName::Mail(mail), work)?;
    }
    Ok(())
}

fn allows_name(
    constraints: &NameConstraints,
    name: &GeneralName<'_>,
    work: &mut Work,
) -> Result<(), ChainError> {
    for subtree in &constraints.excluded {
        work.comparison()?;
        match relation(name, subtree, Side::Excluded) {
            Relation::OtherForm | Relation::Outside => {}
            Relation::Within => return Err(ChainError::NameNotAllowed),
            Relation::Unknown => return Err(ChainError::UnknownConstraint),
        }
    }
    let mut is_constrained = false;
    for subtree in &constraints.permitted {
        work.comparison()?;
        match relation(name, subtree, Side::Permitted) {
            Relation::OtherForm => {}
            Relation::Outside => is_constrained = true,
            Relation::Within => return Ok(()),
            Relation::Unknown => return Err(ChainError::UnknownConstraint),
        }
    }
    if is_constrained {
        Err(ChainError::NameNotAllowed)
    } else {
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Permitted,
    Excluded,
}

/// How a name lies to a subtree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    OtherForm,
    Outside,
    Within,
    /// The same form, and nobody here can compare it.
    Unknown,
}

fn relation(name: &GeneralName<'_>, subtree: &Subtree, side: Side) -> Relation {
    let wide = side == Side::Excluded;
    let within = match (name, subtree) {
        (GeneralName::Dns(name), Subtree::Dns(base)) => match name.strip_prefix("*.") {
            // A wildcard stands for names below the rest, which may be the base or beside it.
            Some(rest) => is_within(rest, base) || wide && is_within(base, rest),
            None => is_within(name, base),
        },
        (GeneralName::Mail(mail), Subtree::Mailbox(mailbox)) => same_mailbox(mail, mailbox, wide),
        (GeneralName::Mail(mail), Subtree::MailHost(base)) => {
            domain_of(mail).map_or(wide, |host| host.eq_ignore_ascii_case(base))
        }
        (GeneralName::Mail(mail), Subtree::MailDomain(base)) => {
            domain_of(mail).map_or(wide, |host| is_below(host, base))
        }
        (GeneralName::Principal(name), Subtree::Principal { domain, below }) => domain_of(name)
            .map_or(wide, |host| match (wide, below) {
                (true, _) => is_within(host, domain),
                (false, true) => is_below(host, domain),
                (false, false) => host.eq_ignore_ascii_case(domain),
            }),
        (GeneralName::Uri(uri), Subtree::UriHost(base)) => {
            host_of(uri).map_or(wide, |host| host.eq_ignore_ascii_case(base))
        }
        (GeneralName::Uri(uri), Subtree::UriDomain(base)) => {
            host_of(uri).map_or(wide, |host| is_below(host, base))
        }
        (GeneralName::Ip(ip), Subtree::Ip { address, mask }) => is_in_network(ip, address, mask),
        (GeneralName::Directory(name), Subtree::Directory(base)) => {
            directory::begins_with(name, base)
        }
        (GeneralName::Other(kind), Subtree::Other(constrained)) if kind == constrained => {
            return Relation::Unknown;
        }
        (GeneralName::Unread(form), Subtree::Unread(constrained)) if form == constrained => {
            return Relation::Unknown;
        }
        _ => return Relation::OtherForm,
    };
    if within {
        Relation::Within
    } else {
        Relation::Outside
    }
}

/// `name` is `base` or lies below it; every name lies below the empty one.
fn is_within(name: &str, base: &str) -> bool {
    base.is_empty() || name.eq_ignore_ascii_case(base) || is_below(name, base)
}

/// `name` has at least one label before `base`.
fn is_below(name: &str, base: &str) -> bool {
    name.len()
        .checked_sub(base.len())
        .and_then(|cut| name.split_at_checked(cut))
        .is_some_and(|(front, back)| front.ends_with('.') && back.eq_ignore_ascii_case(base))
}

/// What stands after the last at sign.
fn domain_of(mail: &str) -> Option<&str> {
    mail.rsplit_once('@').map(|(_, domain)| domain)
}

/// Local parts are compared exactly (RFC 5280 7.5), and without regard to case where that is wider.
fn same_mailbox(mail: &str, mailbox: &str, wide: bool) -> bool {
    match (mail.rsplit_once('@'), mailbox.rsplit_once('@')) {
        (Some((local, host)), Some((base_local, base_host))) => {
            host.eq_ignore_ascii_case(base_host)
                && (local == base_local || wide && local.eq_ignore_ascii_case(base_local))
        }
        _ => wide,
    }
}

/// The host of an address, if it has a named one (RFC 3986 3.2).
fn host_of(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    is_host(host).then_some(host)
}

fn is_in_network(ip: &[u8], address: &[u8], mask: &[u8]) -> bool {
    ip.len() == address.len()
        && ip
            .iter()
            .zip(address)
            .zip(mask)
            .all(|((ip, address), mask)| ip & mask == address & mask)
}
