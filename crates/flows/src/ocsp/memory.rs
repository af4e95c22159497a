//! What is known of certificates asked about, and the answers already signed: in memory, within a bound.
//!
//! A status is read, an answer signed and kept; meanwhile the status may change. So whoever reads first takes the mark of the
//! place the answer will stand in, a change moves the mark, and what comes back with an old mark is not kept.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use pki::ocsp::Status;

/// How many parts the memory has: those who ask about different certificates seldom wait for each other.
const SHARDS: usize = 64;
/// What an entry takes besides its bytes: its own fields, its place, its share of the index. Measured, rounded up.
const OVERHEAD: usize = 320;

/// What is known of one certificate, in the words of one kind of question: SHA-1 or SHA-256, as the question named its issuer.
#[derive(Debug)]
pub(super) struct Kept {
    /// The DER `CertID` of the question, which the answer repeats byte for byte (RFC 6960 4.2.1); behind it the answer's tag and
    /// the answer, so that who finds one has the next at hand.
    block: Box<[u8]>,
    id_length: usize,
    tag_length: usize,
    /// The moments of the answer, if there is one: somebody has asked the plain question.
    times: Option<Arc<Times>>,
    /// What is known. Never [`Status::Unknown`]: what is not known now may be issued in the next moment.
    pub(super) status: Status,
    /// When that was known to be right, unix seconds.
    pub(super) this_update: i64,
    /// Until when it may be told, unix seconds.
    pub(super) next_update: i64,
    /// From when on it is worth looking again, unix seconds.
    pub(super) renew_from: i64,
    /// Whether it was asked about since the hand came by last.
    used: AtomicBool,
    /// When somebody last went to look again, unix seconds: one goes, the others are answered meanwhile.
    looking_since: AtomicI64,
}

/// A signed answer to the plain question, and what caches are told about it (RFC 5019 6.2), ready to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// DER `OCSPResponse`.
    pub der: &'a [u8],
    /// The answer's entity tag, in quotes (RFC 9110 8.8.3): a digest of its bytes.
    pub tag: &'a [u8],
    /// The moments it begins and ends at.
    pub times: &'a Times,
}

/// The moments an answer begins and ends at, as HTTP writes them (RFC 9110 5.6.7). Answers of the same second share them.
#[derive(Debug)]
pub struct Times {
    /// `thisUpdate`, unix seconds.
    pub this_update: i64,
    /// `nextUpdate`, unix seconds.
    pub next_update: i64,
    /// `thisUpdate`, for `Last-Modified`.
    pub last_modified: String,
    /// `nextUpdate`, for `Expires`.
    pub expires: String,
}

/// An answer's tag: a digest of its bytes, as RFC 5019 6.2 has it, in quotes.
pub(super) fn tag(der: &[u8]) -> String {
    let digest = pki::digest::sha256(der);
    format!("\"{}\"", hex::encode(digest.get(..16).unwrap_or(&digest)))
}

impl Times {
    pub(super) fn new(this_update: i64, next_update: i64) -> Self {
        Self {
            this_update,
            next_update,
            last_modified: http_date(this_update),
            expires: http_date(next_update),
        }
    }
}

/// A moment as HTTP writes it (RFC 9110 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
#[must_use]
pub fn http_date(unix_seconds: i64) -> String {
    let moment = jiff::Timestamp::from_second(unix_seconds).unwrap_or_default();
    jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&moment)
        .unwrap_or_default()
}

impl Kept {
    /// Known since, to be looked at again from, and told until.
    pub fn new(
        id: &[u8],
        status: Status,
        (this_update, renew_from, next_update): (i64, i64, i64),
    ) -> Self {
        Self {
            block: id.into(),
            id_length: id.len(),
            tag_length: 0,
            times: None,
            status,
            this_update,
            next_update,
            renew_from,
            // Whoever is asked about once in a long while makes room for whoever is asked about again.
            used: AtomicBool::new(false),
            looking_since: AtomicI64::new(i64::MIN),
        }
    }

    /// The same knowledge, with an answer signed from it.
    pub fn with_answer(&self, der: &[u8], tag: &str, times: Arc<Times>) -> Self {
        Self {
            block: [self.id(), tag.as_bytes(), der].concat().into(),
            id_length: self.id_length,
            tag_length: tag.len(),
            times: Some(times),
            used: AtomicBool::new(self.used.load(Ordering::Relaxed)),
            looking_since: AtomicI64::new(i64::MIN),
            ..*self
        }
    }

    /// The `CertID` it is found by.
    pub fn id(&self) -> &[u8] {
        self.block.get(..self.id_length).unwrap_or_default()
    }

    /// The answer to the plain question, if there is one.
    pub fn answer(&self) -> Option<Signed<'_>> {
        let times = self.times.as_deref()?;
        let (tag, der) = self
            .block
            .get(self.id_length..)?
            .split_at_checked(self.tag_length)?;
        Some(Signed { der, tag, times })
    }

    /// Whether it may be told at that moment. A clock that was set back makes it the future's, which nobody would believe.
    pub fn holds_at(&self, now: i64) -> bool {
        self.this_update <= now && now < self.next_update
    }

    /// Whether whoever asks now is to look again. One is told so every `patience` seconds.
    pub fn is_to_be_renewed(&self, now: i64, patience: i64) -> bool {
        if now < self.renew_from {
            return false;
        }
        let since = self.looking_since.load(Ordering::Relaxed);
        now.saturating_sub(patience) >= since
            && self
                .looking_since
                .compare_exchange(since, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    fn size(&self) -> usize {
        self.block.len() + OVERHEAD
    }
}

/// The mark of a place before a status was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark(u64);

/// Everything kept.
pub(super) struct Memory {
    shards: Vec<RwLock<Shard>>,
    /// Bytes a shard may hold.
    bound: usize,
}

#[derive(Default)]
struct Shard {
    places: HashMap<Key, usize>,
    slots: Vec<Option<Arc<Kept>>>,
    free: Vec<usize>,
    hand: usize,
    bytes: usize,
    mark: u64,
}

/// An entry found by its `CertID`.
struct Key(Arc<Kept>);

impl Borrow<[u8]> for Key {
    fn borrow(&self) -> &[u8] {
        self.0.id()
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.id().hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0.id() == other.0.id()
    }
}

impl Eq for Key {}

impl Memory {
    /// An empty memory of at most `bound` bytes.
    pub fn new(bound: usize) -> Self {
        Self {
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
            bound: bound / SHARDS,
        }
    }

    /// What is kept under that `CertID`, however old.
    pub fn get(&self, id: &[u8]) -> Option<Arc<Kept>> {
        self.look(id, |kept| Some(Arc::clone(kept)))
    }

    /// Looks at what is kept under that `CertID`. Short: whoever keeps something waits meanwhile.
    pub fn look<T>(&self, id: &[u8], look: impl FnOnce(&Arc<Kept>) -> Option<T>) -> Option<T> {
        let shard = self.read(id)?;
        let (Key(kept), _) = shard.places.get_key_value(id)?;
        if !kept.used.load(Ordering::Relaxed) {
            kept.used.store(true, Ordering::Relaxed);
        }
        look(kept)
    }

    /// The mark of the place of that `CertID`, to be taken before its status is read.
    pub fn mark(&self, id: &[u8]) -> Mark {
        Mark(self.read(id).map_or(0, |shard| shard.mark))
    }

    /// Keeps it, in place of what stood there, unless a change came after the mark was taken; then says no. What is too
    /// large for the whole memory is let go of at once.
    pub fn keep(&self, kept: Arc<Kept>, mark: Mark) -> bool {
        let Some(mut shard) = self.write(kept.id()) else {
            return false;
        };
        if shard.mark != mark.0 {
            return false;
        }
        if kept.size() > self.bound {
            return true;
        }
        shard.remove(kept.id());
        shard.bytes += kept.size();
        let key = Key(Arc::clone(&kept));
        let place = match shard.free.pop() {
            Some(place) => {
                if let Some(slot) = shard.slots.get_mut(place) {
                    *slot = Some(kept);
                }
                place
            }
            None => {
                shard.slots.push(Some(kept));
                shard.slots.len() - 1
            }
        };
        shard.places.insert(key, place);
        shard.make_room(self.bound, place);
        true
    }

    /// A change: forgets what stands under that `CertID`, and whatever was read before this is not kept.
    pub fn forget(&self, id: &[u8]) {
        if let Some(mut shard) = self.write(id) {
            shard.mark += 1;
            shard.remove(id);
        }
    }

    /// Forgets everything, and whatever was read before this is not kept.
    pub fn forget_all(&self) {
        for shard in &self.shards {
            let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
            *shard = Shard {
                mark: shard.mark + 1,
                ..Shard::default()
            };
        }
    }

    /// How many entries there are, and their bytes.
    pub fn size(&self) -> (usize, usize) {
        self.shards
            .iter()
            .map(|shard| {
                let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
                (shard.places.len(), shard.bytes)
            })
            .fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
    }

    fn read(&self, id: &[u8]) -> Option<RwLockReadGuard<'_, Shard>> {
        let shard = self.shards.get(shard_of(id))?;
        Some(shard.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self, id: &[u8]) -> Option<RwLockWriteGuard<'_, Shard>> {
        let shard = self.shards.get(shard_of(id))?;
        Some(shard.write().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The last byte of a `CertID` is the last of the serial number, which is random.
fn shard_of(id: &[u8]) -> usize {
    id.last().map_or(0, |byte| usize::from(*byte)) % SHARDS
}

impl Shard {
    fn remove(&mut self, id: &[u8]) {
        let Some((key, place)) = self.places.remove_entry(id) else {
            return;
        };
        self.bytes = self.bytes.saturating_sub(key.0.size());
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = None;
        }
        self.free.push(place);
    }

    /// Goes round and lets go of what nobody has asked about since the last time, until the rest is within the bound. What has
    /// just come in (at `newest`) stays.
    fn make_room(&mut self, bound: usize, newest: usize) {
        while self.bytes > bound {
            let place = self.hand;
            self.hand = (self.hand + 1) % self.slots.len().max(1);
            let Some(Some(kept)) = self.slots.get(place) else {
                continue;
            };
            if place == newest || kept.used.swap(false, Ordering::Relaxed) {
                continue;
            }
            let kept = Arc::clone(kept);
            self.remove(kept.id());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(number: u16, status: Status) -> Arc<Kept> {
        Arc::new(Kept::new(
            &number.to_be_bytes(),
            status,
            (1_000, 1_300, 1_600),
        ))
    }

    fn keep(memory: &Memory, number: u16) -> bool {
        let mark = memory.mark(&number.to_be_bytes());
        memory.keep(kept(number, Status::Good), mark)
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept() {
        let memory = Memory::new(1 << 20);
        let id = 7_u16.to_be_bytes();
        let mark = memory.mark(&id);
        memory.forget(&id);
        assert!(!memory.keep(kept(7, Status::Good), mark));
        assert!(memory.get(&id).is_none());
        let mark = memory.mark(&id);
        memory.forget_all();
        assert!(!memory.keep(kept(7, Status::Good), mark));
        assert!(keep(&memory, 7));
        assert!(memory.get(&id).is_some());
        memory.forget(&id);
        assert!(memory.get(&id).is_none());
        assert_eq!(memory.size(), (0, 0));
    }

    #[test]
    fn it_stays_within_its_bound_and_keeps_what_is_asked_about() {
        let bound = 64 * 10 * (OVERHEAD + 2);
        let memory = Memory::new(bound);
        for number in 0..64 {
            assert!(keep(&memory, number));
        }
        for number in 64..20_000 {
            assert!(keep(&memory, number), "{number}");
            // The first of each shard are asked about all the time.
            for hot in 0..64_u16 {
                assert!(
                    memory.get(&hot.to_be_bytes()).is_some(),
                    "{hot} was let go of at {number}"
                );
            }
            let (entries, bytes) = memory.size();
            assert!(bytes <= bound && entries <= 640, "{entries}, {bytes}");
        }
        assert_eq!(memory.size(), (640, bound));
    }

    #[test]
    fn one_goes_to_look_again_while_the_others_are_answered() {
        let kept = kept(1, Status::Good);
        assert!(!kept.is_to_be_renewed(1_299, 5));
        assert!(kept.is_to_be_renewed(1_300, 5));
        assert!(!kept.is_to_be_renewed(1_300, 5) && !kept.is_to_be_renewed(1_304, 5));
        assert!(kept.is_to_be_renewed(1_305, 5));
        assert!(kept.holds_at(1_000) && kept.holds_at(1_599));
        assert!(!kept.holds_at(999) && !kept.holds_at(1_600));
    }
}
