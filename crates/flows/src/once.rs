//! Asking once: a program that did not hear an answer asks again under the same key, and nothing is made twice.

use model::Timestamp;
use model::role::Actor;
use store::Write;
use store::once::OnceRow;

use crate::refusal::Fault;

/// How long a key is remembered: thirty days.
pub(crate) const KEPT_SECONDS: i64 = 30 * 86_400;

/// A key of the asking program's own.
#[derive(Clone, Copy, Debug)]
pub struct Once<'a> {
    /// The key: 1 to 255 visible ASCII characters.
    pub key: &'a str,
    /// SHA-256 of all that is asked.
    pub digest: [u8; 32],
}

/// What is known of a key.
pub(crate) enum Known {
    /// Nothing: it is written down now.
    New,
    /// The same was asked before, and this was made.
    Made(String),
    /// Something else was asked before.
    Other,
}

impl Once<'_> {
    /// Writes down what is made under the key, or finds what was made before. Only programs have keys.
    pub(crate) async fn settle(
        &self,
        write: &mut Write,
        actor: &Actor,
        made: &str,
        now: Timestamp,
    ) -> Result<Known, Fault> {
        let Some(client) = actor.client() else {
            return Ok(Known::New);
        };
        let row = OnceRow {
            client: client.clone(),
            key: self.key.to_owned(),
            digest: self.digest,
            made: made.to_owned(),
        };
        if store::once::insert(write, &row, now).await? {
            return Ok(Known::New);
        }
        let known = store::once::by_key(write, client, self.key)
            .await?
            .ok_or(Fault::Impossible("a key that is taken and not there"))?;
        Ok(if known.digest == self.digest {
            Known::Made(known.made)
        } else {
            Known::Other
        })
    }
}
