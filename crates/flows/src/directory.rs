//! What a directory must know of login certificates (AD logon, domain dossier 4.5). Domain controllers find the account of a
//! card by `altSecurityIdentities`: the issuer and the reversed serial number of the login certificate. With every certificate that
//! is issued, held, released or revoked the directory must change; the log has them all in order, and this reads them from it.

use model::Timestamp;
use model::credential::{CredentialKind, CredentialState};
use model::hsa_id::HsaId;
use model::policy::{Act, Facts, may};
use pki::certificate::Certificate;
use serde_json::Value;
use store::Read;
use store::audit::AuditRow;
use store::certificate::CertificateRow;

use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, Stop, refusals};

refusals! {
    /// Why a directory is told nothing.
    DirectoryRefusal {
        /// Nobody with that HSA-id.
        PersonUnknown = "directory.person-unknown",
    }
}

/// The most changes that are told at once.
pub const MOST: usize = 1_000;
/// How many rows of the log are looked at for one answer: a directory that is far behind asks again.
const ROWS: i64 = 10_000;

/// What the directory is to do with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Write it to the account.
    Add,
    /// Take it from the account.
    Remove,
}

impl Change {
    /// The stable text code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
        }
    }

    /// What an event of the log means to a directory.
    fn of_event(event: &str) -> Option<Self> {
        match event {
            "certificate.issued" | "certificate.released" => Some(Self::Add),
            "certificate.held" | "certificate.revoked" => Some(Self::Remove),
            _ => None,
        }
    }
}

/// A login certificate as a directory needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Whose it is.
    pub hsa_id: HsaId,
    /// The user principal name in it.
    pub user_principal_name: Option<String>,
    /// Its serial number, hexadecimal, as certificates show it.
    pub serial: String,
    /// The name of its issuer as text (RFC 4514).
    pub issuer: String,
    /// The value: `X509:<I>…<SR>…`.
    pub value: String,
    /// Its last second.
    pub not_after: Timestamp,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingChange {
    /// Its number in the log.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// What is to be done.
    pub change: Change,
    /// With what.
    pub mapping: Mapping,
}

/// Changes in the order of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// The changes.
    pub changes: Vec<MappingChange>,
    /// The number to ask after next time.
    pub next: i64,
    /// Whether there may be more already.
    pub more: bool,
}

/// The changes after a number of the log, at most `limit` (and [`MOST`]) of them.
///
/// # Errors
/// When the actor may not, or the database is away.
pub async fn changes_after(
    house: &House,
    call: &Call<'_>,
    after: i64,
    limit: usize,
) -> Result<Feed, Stop<DirectoryRefusal>> {
    may(&call.actor, Act::ReadDirectory, &Facts::default())?;
    let limit = limit.clamp(1, MOST);
    let mut read = house.database.read().await?;
    let rows = store::audit::list_certificate_changes(&mut read, after, ROWS).await?;
    let last = store::audit::last_sequence(&mut read).await?;
    let mut feed = Feed {
        changes: Vec::new(),
        next: after.saturating_add(ROWS).min(last).max(after),
        more: after.saturating_add(ROWS) < last,
    };
    for row in &rows {
        if feed.changes.len() == limit {
            feed.more = true;
            break;
        }
        if let Some(change) = of_row(&mut read, row).await? {
            feed.changes.push(change);
        }
        if feed.changes.len() == limit {
            feed.next = row.sequence;
            feed.more = row.sequence < last;
        }
    }
    Ok(feed)
}

/// What a row of the log means to a directory, if anything.
async fn of_row(read: &mut Read, row: &AuditRow) -> Result<Option<MappingChange>, Fault> {
    let Some(change) = Change::of_event(&row.event) else {
        return Ok(None);
    };
    // Functions have certificates too, and no accounts.
    if !row.subject.starts_with("card:") {
        return Ok(None);
    }
    let detail: Value =
        serde_json::from_str(&row.detail).map_err(Fault::doing("reading a row of the log"))?;
    let text = |name: &str| detail.get(name).and_then(Value::as_str);
    let (Some(authority), Some(serial)) = (text("authority"), text("serial")) else {
        return Ok(None);
    };
    let certificate = store::certificate::by_serial(read, authority, serial).await?;
    let Some(certificate) = certificate.filter(|row| row.kind == CredentialKind::Login) else {
        return Ok(None);
    };
    let person = store::person::by_id(read, &certificate.person)
        .await?
        .ok_or(Fault::Impossible("a certificate of nobody"))?;
    Ok(Some(MappingChange {
        number: row.sequence,
        at: row.at,
        change,
        mapping: mapping(&certificate, person.hsa_id)?,
    }))
}

fn mapping(row: &CertificateRow, hsa_id: HsaId) -> Result<Mapping, Fault> {
    let certificate =
        Certificate::from_der(&row.der).map_err(Fault::doing("reading a certificate of ours"))?;
    Ok(Mapping {
        hsa_id,
        user_principal_name: certificate.user_principal_name().map(str::to_owned),
        serial: certificate.serial().to_hex(),
        issuer: certificate.issuer_text(),
        value: certificate.alt_security_identities(),
        not_after: row.not_after,
    })
}

/// The values that are right for a person now: of login certificates that are neither held nor revoked and have not ended.
///
/// # Errors
/// When nobody has that HSA-id, the actor may not, or the database is away.
pub async fn of_person(
    house: &House,
    call: &Call<'_>,
    hsa_id: &HsaId,
) -> Result<Vec<Mapping>, Stop<DirectoryRefusal>> {
    may(&call.actor, Act::ReadDirectory, &Facts::default())?;
    let mut read = house.database.read().await?;
    let person = store::person::by_hsa_id(&mut read, hsa_id)
        .await?
        .ok_or(DirectoryRefusal::PersonUnknown)?;
    let rows = store::certificate::list_by_person(&mut read, &person.id).await?;
    let right = rows.iter().filter(|row| {
        row.kind == CredentialKind::Login
            && matches!(row.state, CredentialState::Issued | CredentialState::Active)
            && row.not_after >= call.now
    });
    Ok(right
        .map(|row| mapping(row, person.hsa_id.clone()))
        .collect::<Result<_, _>>()?)
}
