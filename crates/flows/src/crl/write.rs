//! Making a list: counted, then read a page at a time, hashed and put into the database in parts as it goes, signed at the end. It
//! is never held whole, and it is there when it is complete: a process that dies on the way leaves parts that nothing points at.

use model::Timestamp;
use model::revocation::CrlKind;
use pki::crl::{CrlHead, CrlWriter, EntryLengths};
use pki::serial::Serial;
use serde_json::json;
use store::crl::{CrlKey, CrlRow};
use store::revocation::{Entry, Span, Tally};
use store::{Read, StoreError};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{DELTA_SECONDS, Due, ends_from, times};
use crate::audit;
use crate::authorities::Authority;
use crate::call::Call;
use crate::house::House;
use crate::refusal::Fault;

/// How many changes are read at a time: rows of about a hundred octets.
const PAGE: i64 = 512;

/// How many octets a part has, about.
const PART: usize = 64 * 1_024;

/// How many parts are put into the database in one transaction.
const PARTS_AT_ONCE: usize = 8;

/// Reserves the next number, then makes the lists that are due outside any transaction, then publishes them together. A number
/// may go unused when a process dies in between; it never comes twice (RFC 5280 5.2.3). Full and delta list made together have
/// one number and say the same (RFC 5280 5.2.4).
pub(super) async fn publish(
    house: &House,
    call: &Call<'_>,
    authority: &Authority,
    shard: i64,
    due: Due,
) -> Result<(), Fault> {
    let number = store::write!(house.database, |write| {
        store::crl::next_number(write, &authority.name, shard).await
    })?;
    house.seam("crl.numbered")?;
    let mut making = Making {
        house,
        now: call.now,
        authority,
        shard,
        number,
        view: house.database.view().await?,
    };
    let mut made = Vec::with_capacity(2);
    if due.full {
        made.push(making.full().await?);
    }
    if due.delta {
        made.push(making.delta().await?);
    }
    drop(making);
    house.seam("crl.written")?;
    store::write!(house.database, |write| {
        for list in &made {
            let key = &list.row.key;
            let latest = store::crl::latest(write, &key.authority, key.shard, key.kind).await?;
            // Another node was faster with a later number; its list knows more.
            if latest.is_some_and(|latest| latest.key.number > key.number) {
                continue;
            }
            for (number, octets) in &list.rest {
                store::crl::insert_part(write, key, *number, octets).await?;
            }
            store::crl::insert(write, &list.row).await?;
            store::crl::make_room(write, key, kept_until(authority, call.now)).await?;
            let subject = format!("authority:{}", authority.name);
            audit::event(write, call, "crl.published", &subject, told(&list.row)).await?;
        }
        Ok::<_, Fault>(())
    })
}

/// What is told of older lists than this is forgotten: no delta list starts from them.
fn kept_until(authority: &Authority, now: Timestamp) -> Timestamp {
    Timestamp(now.seconds() - times(authority).1)
}

fn told(row: &CrlRow) -> serde_json::Value {
    json!({
        "number": row.key.number,
        "kind": row.key.kind.code(),
        "shard": row.key.shard,
        "entries": row.entries,
    })
}

/// Lists being made of one view of the database, under one number.
struct Making<'a> {
    house: &'a House,
    now: Timestamp,
    authority: &'a Authority,
    shard: i64,
    number: i64,
    view: Read,
}

/// What one look into the database gives.
type Page = Result<Vec<Entry>, StoreError>;

/// A list that is complete but for the parts that come with its row.
struct Made {
    row: CrlRow,
    rest: Vec<(i64, Vec<u8>)>,
}

impl<'a> Making<'a> {
    async fn full(&mut self) -> Result<Made, Fault> {
        let settings = &self.house.settings;
        let head = if self.shard == 0 {
            let fresher = super::delta_address(settings, &self.authority.name);
            self.head()?.fresher_at(&fresher)
        } else {
            let address = super::address(settings, &self.authority.name, self.shard);
            self.head()?.at_address(&address)
        }
        .map_err(Fault::doing("beginning a revocation list"))?;
        let authority: &'a Authority = self.authority;
        let name = authority.name.as_str();
        let before = store::crl::latest(&mut self.view, name, self.shard, CrlKind::Full).await?;
        let span = Span {
            authority: name,
            shard: self.shard,
            after: 0,
            until: store::revocation::latest_change_of(&mut self.view, name, self.shard).await?,
            ends_from: ends_from(self.now, before.as_ref()),
            with_released: false,
        };
        self.write(head, CrlKind::Full, None, &span).await
    }

    async fn delta(&mut self) -> Result<Made, Fault> {
        let authority: &'a Authority = self.authority;
        let name = authority.name.as_str();
        let oldest = Timestamp(self.now.seconds() - DELTA_SECONDS);
        let view = &mut self.view;
        let until = store::revocation::latest_change_of(view, name, self.shard).await?;
        let base = store::crl::oldest_full_since(view, name, self.shard, oldest).await?;
        let base = match base {
            Some(base) => Some(base),
            None => store::crl::latest(view, name, self.shard, CrlKind::Full).await?,
        };
        // The very first delta list goes with the very first full list, and nothing has changed since.
        let (base, after) =
            base.map_or((self.number, until), |base| (base.key.number, base.change));
        let head = self
            .head()?
            .since(unsigned(base)?)
            .map_err(Fault::doing("beginning a delta list"))?;
        let span = Span {
            authority: name,
            shard: self.shard,
            after,
            until,
            // Whatever has changed since the base is told, also what has ended meanwhile (RFC 5280 5.2.4).
            ends_from: Timestamp(i64::MIN),
            with_released: true,
        };
        self.write(head, CrlKind::Delta, Some(base), &span).await
    }

    fn head(&self) -> Result<CrlHead, Fault> {
        let now = self.now.seconds();
        CrlHead::new(
            &self.authority.certificate,
            unsigned(self.number)?,
            now,
            now + times(self.authority).1,
        )
        .map_err(Fault::doing("beginning a revocation list"))
    }

    async fn write(
        &mut self,
        head: CrlHead,
        kind: CrlKind,
        base: Option<i64>,
        span: &Span<'_>,
    ) -> Result<Made, Fault> {
        let tally = store::revocation::tally(&mut self.view, span).await?;
        let octets = lengths(&tally).and_then(|lengths| lengths.octets());
        let octets = octets.ok_or(Fault::Impossible("a list longer than memory"))?;
        let mut writer = CrlWriter::new(&head, octets);
        let mut parts = Parts {
            house: self.house,
            key: CrlKey {
                authority: span.authority.to_owned(),
                shard: span.shard,
                kind,
                number: self.number,
            },
            // The first part is the outermost header, which is known when the list is signed.
            next: 1,
            octets: 0,
            waiting: Vec::new(),
            underway: None,
        };
        if octets > PART * PARTS_AT_ONCE {
            parts.make_room(kept_until(self.authority, self.now));
        }
        // While one page is written the next is read.
        let (sender, receiver) = mpsc::channel(1);
        let reading = read(&mut self.view, span, sender);
        let writing = encode(receiver, &mut writer, &mut parts);
        let ((), written) = tokio::join!(reading, writing);
        written?;
        let body = writer.take();
        let end = writer
            .sign(self.authority.signer.as_ref())
            .map_err(Fault::doing("signing a revocation list"))?;
        parts.arrived().await?;
        parts.close(end.front, body, &end.back);
        Ok(Made {
            row: CrlRow {
                base,
                change: span.until,
                entries: tally.entries,
                octets: parts.octets,
                parts: parts.next,
                this_update: self.now,
                next_update: Timestamp(self.now.seconds() + times(self.authority).1),
                key: parts.key,
            },
            rest: parts.waiting,
        })
    }
}

/// Reads the rows of a list, a page at a time, until there are no more or nobody takes them.
async fn read(view: &mut Read, span: &Span<'_>, pages: mpsc::Sender<Page>) {
    let mut from = span.after;
    while from < span.until {
        let to = from.saturating_add(PAGE);
        let page = store::revocation::page(view, span, from, to).await;
        let is_last = page.is_err();
        if pages.send(page).await.is_err() || is_last {
            return;
        }
        from = to;
    }
}

/// Writes the entries of the pages that come.
async fn encode(
    mut pages: mpsc::Receiver<Page>,
    writer: &mut CrlWriter,
    parts: &mut Parts<'_>,
) -> Result<(), Fault> {
    while let Some(page) = pages.recv().await {
        for entry in page? {
            let serial =
                Serial::from_hex(&entry.serial).map_err(Fault::doing("reading a serial number"))?;
            let revoked_at = entry.revoked_at.seconds();
            writer
                .revoke(&serial, revoked_at, super::reason(entry.reason))
                .map_err(Fault::doing("writing a revocation list"))?;
            if writer.ready() >= PART {
                parts.add(writer.take());
            }
        }
        parts.put().await?;
    }
    Ok(())
}

/// The parts of a list on their way into the database. Some are written while the next are made.
struct Parts<'a> {
    house: &'a House,
    key: CrlKey,
    next: i64,
    octets: i64,
    waiting: Vec<(i64, Vec<u8>)>,
    underway: Option<JoinHandle<Result<(), Fault>>>,
}

impl Parts<'_> {
    fn add(&mut self, octets: Vec<u8>) {
        self.octets += length(&octets);
        self.waiting.push((self.next, octets));
        self.next += 1;
    }

    /// Lets go of what earlier lists no longer need before a long one comes, beside the reading of it.
    fn make_room(&mut self, until: Timestamp) {
        let (database, key) = (self.house.database.clone(), self.key.clone());
        self.underway = Some(tokio::spawn(async move {
            store::write!(database, |write| {
                store::crl::make_room(write, &key, until).await?;
                Ok::<_, Fault>(())
            })
        }));
    }

    /// Sends what waits into the database when it is enough for a transaction, once what was sent before has arrived.
    async fn put(&mut self) -> Result<(), Fault> {
        if self.waiting.len() < PARTS_AT_ONCE {
            return Ok(());
        }
        self.arrived().await?;
        let (database, key) = (self.house.database.clone(), self.key.clone());
        let parts = std::mem::take(&mut self.waiting);
        self.underway = Some(tokio::spawn(async move {
            store::write!(database, |write| {
                for (number, octets) in &parts {
                    store::crl::insert_part(write, &key, *number, octets).await?;
                }
                Ok::<_, Fault>(())
            })
        }));
        Ok(())
    }

    /// Waits for what was sent.
    async fn arrived(&mut self) -> Result<(), Fault> {
        let Some(underway) = self.underway.take() else {
            return Ok(());
        };
        underway
            .await
            .map_err(Fault::doing("keeping the parts of a list"))??;
        self.house.seam("crl.part")
    }

    /// Adds the ends. A list that came to no part of its own is one part.
    fn close(&mut self, mut front: Vec<u8>, mut body: Vec<u8>, back: &[u8]) {
        body.extend_from_slice(back);
        if self.next == 1 {
            front.append(&mut body);
        } else {
            self.add(body);
        }
        self.octets += length(&front);
        self.waiting.push((0, front));
    }
}

fn length(octets: &[u8]) -> i64 {
    i64::try_from(octets.len()).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> Result<u64, Fault> {
    u64::try_from(number).map_err(|_| Fault::Impossible("a list with a negative number"))
}

/// What was counted, as the list's length is reckoned by it.
fn lengths(tally: &Tally) -> Option<EntryLengths> {
    let count = |number: i64| u64::try_from(number).ok();
    Some(EntryLengths {
        entries: count(tally.entries)?,
        serial_octets: count(tally.digits / 2 + tally.high)?,
        with_reason: count(tally.with_reason)?,
        late: count(tally.late)?,
    })
}
