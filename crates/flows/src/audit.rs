//! The log: every act, done or refused, is a leaf of a Merkle tree (RFC 9162 2.1), so that nobody can rewrite it unseen.

use model::role::Actor;
use serde::Serialize;
use serde_json::Value;
use store::{Read, Write};

use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, Refuse, Stop};

/// What one row of the log says; the leaf is the SHA-256 of its canonical JSON, keys in alphabetical order.
#[derive(Serialize)]
struct Leaf<'a> {
    actor: &'a str,
    at: i64,
    detail: &'a Value,
    event: &'a str,
    request: &'a str,
    sequence: i64,
    subject: &'a str,
}

/// Who acted, as the log writes it: identifiers, never names or personal numbers.
#[must_use]
pub fn actor_text(actor: &Actor) -> String {
    match actor {
        Actor::Person { person, .. } => format!("person:{person}"),
        Actor::Console { operator } => format!("console:{operator}"),
        Actor::Client { client, .. } => format!("client:{client}"),
        Actor::Kiosk { kiosk } => format!("kiosk:{kiosk}"),
        Actor::Producer => "producer".to_owned(),
        Actor::System => "system".to_owned(),
        Actor::Nobody => "nobody".to_owned(),
    }
}

/// Writes one event in the transaction of the act it belongs to.
///
/// `event` is past tense (`card.activated`), `subject` an identifier with its kind (`card:01J…`), `detail` small facts
/// without personal numbers.
///
/// # Errors
/// When the database refuses.
pub async fn event(
    write: &mut Write,
    call: &Call<'_>,
    event: &str,
    subject: &str,
    detail: Value,
) -> Result<(), store::StoreError> {
    let actor = actor_text(&call.actor);
    let sequence = store::audit::next_sequence(write).await?;
    let leaf = Leaf {
        actor: &actor,
        at: call.now.seconds(),
        detail: &detail,
        event,
        request: call.request_id.as_str(),
        sequence,
        subject,
    };
    // A struct of strings, integers and a JSON value always serialises.
    let text = serde_json::to_string(&leaf).unwrap_or_default();
    let hash = pki::merkle::leaf_hash(text.as_bytes());
    store::audit::append(
        write,
        &store::audit::AuditRow {
            sequence,
            at: call.now,
            event: event.to_owned(),
            actor: actor.clone(),
            subject: subject.to_owned(),
            request: call.request_id.as_str().to_owned(),
            detail: detail.to_string(),
            leaf: hash.to_vec(),
        },
    )
    .await
}

/// Writes a refusal to the log; faults are not refusals and go to the process log instead.
pub(crate) async fn refused<T, R: Refuse>(
    house: &House,
    call: &Call<'_>,
    act: &'static str,
    subject: &str,
    outcome: Result<T, Stop<R>>,
) -> Result<T, Stop<R>> {
    if let Err(stop) = &outcome
        && let Some(code) = stop.code()
    {
        refused_with(house, call, act, subject, code).await?;
    }
    outcome
}

/// Writes a refusal of an act that has no refusals of its own to the log.
pub(crate) async fn refused_with(
    house: &House,
    call: &Call<'_>,
    act: &'static str,
    subject: &str,
    code: &'static str,
) -> Result<(), Fault> {
    let detail = serde_json::json!({ "code": code });
    let name = format!("{act}.refused");
    store::write!(house.database, |write| {
        event(write, call, &name, subject, detail.clone()).await?;
        Ok::<_, Fault>(())
    })
}

/// The whole log and a signed statement of its state.
pub struct Export {
    /// One JSON object a line, in order: exactly the bytes that were hashed.
    pub lines: String,
    /// The signed checkpoint: origin, size, root, signature.
    pub checkpoint: String,
}

/// Why a log does not hold.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// A row was changed after it was written.
    #[error("row {0} of the log was changed")]
    RowChanged(i64),
    /// A row is missing.
    #[error("row {0} of the log is missing")]
    RowMissing(i64),
    /// The log could not be read.
    #[error("the log could not be read")]
    Fault(#[from] Fault),
}

async fn lines(read: &mut Read) -> Result<(Vec<String>, Vec<pki::merkle::Hash>), Broken> {
    let rows = store::audit::list(read).await.map_err(Fault::from)?;
    let mut lines = Vec::with_capacity(rows.len());
    let mut hashes = Vec::with_capacity(rows.len());
    for (expected, row) in (1i64..).zip(&rows) {
        if row.sequence != expected {
            return Err(Broken::RowMissing(expected));
        }
        let detail: Value =
            serde_json::from_str(&row.detail).map_err(|_| Broken::RowChanged(row.sequence))?;
        let leaf = Leaf {
            actor: &row.actor,
            at: row.at.seconds(),
            detail: &detail,
            event: &row.event,
            request: &row.request,
            sequence: row.sequence,
            subject: &row.subject,
        };
        let text = serde_json::to_string(&leaf).map_err(|_| Broken::RowChanged(row.sequence))?;
        let hash = pki::merkle::leaf_hash(text.as_bytes());
        if hash.as_slice() != row.leaf.as_slice() {
            return Err(Broken::RowChanged(row.sequence));
        }
        lines.push(text);
        hashes.push(hash);
    }
    Ok((lines, hashes))
}

/// Reads the whole log, checks every row against its leaf, and returns it with a freshly signed checkpoint.
///
/// # Errors
/// [`Broken`] names the first row that does not hold.
pub async fn export(house: &House) -> Result<Export, Broken> {
    let mut read = house.database.read().await.map_err(Fault::from)?;
    let (lines, hashes) = lines(&mut read).await?;
    let root = pki::merkle::root(&hashes);
    let checkpoint = pki::merkle::Checkpoint {
        origin: format!(
            "{}/audit",
            house.settings.public_url.trim_start_matches("http://")
        ),
        size: hashes.len() as u64,
        root,
    }
    .sign(house.authorities.audit_key())
    .map_err(Fault::doing("signing a checkpoint of the log"))?;
    let mut text = lines.join("\n");
    text.push('\n');
    Ok(Export {
        lines: text,
        checkpoint,
    })
}

/// The key that signs checkpoints, PEM SubjectPublicKeyInfo: what an auditor keeps to verify the log offline.
#[must_use]
pub fn verification_key(house: &House) -> String {
    house.authorities.audit_key().public_key().to_pem()
}
