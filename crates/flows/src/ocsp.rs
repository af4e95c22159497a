//! Answering "is this certificate good?" (RFC 6960). Read-only: a request changes nothing.
//!
//! What is read of a certificate's status is kept in memory, and so is the answer to the plain question about it; whoever asks
//! again gets the same bytes until half their time is over and somebody looks again. A change of status, wherever it is made,
//! is followed by number ([`follow`]) and takes out what it makes wrong.

mod memory;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use pki::ocsp::{
    Answer as Single, CertId, ErrorStatus, IssuerHashes, Request, Responder, Status, plain_question,
};
use pki::serial::Serial;
use store::StoreError;

use self::memory::{Kept, Memory};
use crate::authorities::{Authorities, Authority};
use crate::call::Call;
use crate::house::House;
use crate::refusal::Fault;

pub use self::memory::{Signed, Times, http_date};
pub use crate::authorities::renew_responders;

/// An answer holds for ten minutes: a revocation is seen everywhere soon, and a relying party survives a hiccup.
pub const VALID_SECONDS: i64 = 600;
/// How long a question waits for the database before it is answered from memory, or told to come later.
const PATIENCE: Duration = Duration::from_secs(1);
/// Once the database did not answer, nobody asks it again for so many seconds, except [`follow`].
const AWAY_SECONDS: i64 = 1;
/// Memory that nobody has tried to bring up to date for so many seconds is not told from: then nothing here runs that would.
const TRUST_SECONDS: i64 = 5;
/// How many changes are read at once.
const CHANGES: i64 = 500;
/// How often a question is read again because the status changed while it was answered.
const TRIES: usize = 3;

/// What the house has in memory to answer with.
pub struct Answers {
    /// How questions name the authorities, in the authorities' order.
    issuers: Vec<IssuerHashes>,
    memory: Memory,
    /// The last change that was followed; nothing before the first time.
    followed: tokio::sync::Mutex<Option<i64>>,
    /// When following was tried last, unix seconds.
    tried_at: AtomicI64,
    /// Until when the database counts as away, unix seconds.
    away_until: AtomicI64,
    /// The moments of the answers signed last.
    times: RwLock<Option<Arc<Times>>>,
}

/// An answer.
pub struct Answer {
    /// DER `OCSPResponse`.
    pub der: Vec<u8>,
    /// What caches are told, if whoever carries it may keep it and give it to others until it runs out; nothing when it is for
    /// the one who asked: an error, a nonce's, or one that may be otherwise in the next moment.
    caching: Option<(String, Arc<Times>)>,
}

impl Answer {
    /// The answer as caches may keep it, if they may.
    #[must_use]
    pub fn kept(&self) -> Option<Signed<'_>> {
        self.caching.as_ref().map(|(tag, times)| Signed {
            der: &self.der,
            tag: tag.as_bytes(),
            times,
        })
    }
}

impl Answers {
    /// Nothing yet, for these authorities, in a memory of at most `bound` bytes.
    #[must_use]
    pub fn new(authorities: &Authorities, bound: usize) -> Self {
        Self {
            issuers: authorities
                .all()
                .map(|authority| IssuerHashes::of(&authority.certificate))
                .collect(),
            memory: Memory::new(bound),
            followed: tokio::sync::Mutex::new(None),
            tried_at: AtomicI64::new(i64::MIN),
            away_until: AtomicI64::new(i64::MIN),
            times: RwLock::default(),
        }
    }

    /// Hands `told` the answer to that request, DER, if it asks the plain question about one certificate and the answer is in
    /// memory, holds at `now` (unix seconds), and it is not this caller's turn to look again. Whatever gets nothing here is for
    /// [`answer`]. `told` is to be short: it holds a lock.
    pub fn ready<T>(
        &self,
        request: &[u8],
        now: i64,
        told: impl FnOnce(Signed<'_>) -> T,
    ) -> Option<T> {
        let id = plain_question(request)?;
        if !self.is_followed(now) {
            return None;
        }
        self.memory.look(id, |kept| {
            let answer = kept.answer()?;
            let is_told = kept.holds_at(now)
                && (self.is_away(now) || !kept.is_to_be_renewed(now, TRUST_SECONDS));
            is_told.then(|| told(answer))
        })
    }

    /// How many certificates' statuses are in memory, and how many bytes they take.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        self.memory.size()
    }

    /// Takes out what a change of that certificate's status makes wrong. [`follow`] does this for every change there is.
    pub fn changed(&self, authorities: &Authorities, authority: &str, serial: &str) {
        let issuer = authorities
            .all()
            .position(|candidate| candidate.name == authority)
            .and_then(|place| self.issuers.get(place));
        let (Some(issuer), Ok(serial)) = (issuer, Serial::from_hex(serial)) else {
            return;
        };
        for id in issuer.cert_ids(&serial) {
            self.memory.forget(&id);
        }
    }

    fn is_followed(&self, now: i64) -> bool {
        let tried_at = self.tried_at.load(Ordering::Relaxed);
        (tried_at.saturating_sub(TRUST_SECONDS)..=tried_at.saturating_add(TRUST_SECONDS))
            .contains(&now)
    }

    fn is_away(&self, now: i64) -> bool {
        now < self.away_until.load(Ordering::Relaxed)
    }

    /// What is in memory of that certificate and may be told now.
    fn known(&self, id: &CertId<'_>, now: i64) -> Option<Arc<Kept>> {
        self.is_followed(now)
            .then(|| self.memory.get(id.der()))
            .flatten()
            .filter(|kept| kept.holds_at(now))
    }

    /// All of one issuer of ours, or it is not ours to answer (RFC 6960 4.2.2.2: a delegate answers for its own authority).
    fn issuer_of(&self, entries: &[CertId<'_>]) -> Option<usize> {
        let first = entries.first()?;
        let place = self
            .issuers
            .iter()
            .position(|issuer| first.is_issued_by(issuer))?;
        let issuer = self.issuers.get(place)?;
        entries
            .iter()
            .all(|entry| entry.is_issued_by(issuer))
            .then_some(place)
    }

    /// Whether an answer may be kept under that name: one of the four of its certificate, so that a change finds it.
    fn is_common(&self, authority: usize, id: &CertId<'_>) -> bool {
        self.issuers.get(authority).is_some_and(|issuer| {
            issuer
                .cert_ids(&id.serial())
                .iter()
                .any(|known| known == id.der())
        })
    }

    fn times(&self, this_update: i64, next_update: i64) -> Arc<Times> {
        let same = |times: &Arc<Times>| {
            (times.this_update, times.next_update) == (this_update, next_update)
        };
        let last = self.times.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = last.as_ref().filter(|times| same(times)) {
            return Arc::clone(times);
        }
        drop(last);
        let times = Arc::new(Times::new(this_update, next_update));
        *self.times.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&times));
        times
    }
}

/// Reads what changed since the last time, on whatever node, and takes out of memory what that makes wrong; says how many
/// changes there were. A process that answers does this several times a second, and every act that revokes does it when it is
/// done. From the first time on, and for as long as it is at least tried, answers come from memory.
///
/// # Errors
/// When the database is away. What is in memory is told until it runs out.
pub async fn follow(house: &House, call: &Call<'_>) -> Result<usize, Fault> {
    let answers = &house.answers;
    let now = call.now.seconds();
    let mut followed = answers.followed.lock().await;
    let outcome = patiently(changes(house, &mut followed)).await;
    match &outcome {
        Ok(_) => answers.away_until.store(i64::MIN, Ordering::Relaxed),
        Err(_) => answers
            .away_until
            .store(now + AWAY_SECONDS, Ordering::Relaxed),
    }
    if followed.is_some() {
        answers.tried_at.store(now, Ordering::Relaxed);
    }
    outcome.map_err(Fault::doing("following changes of status"))
}

async fn changes(house: &House, followed: &mut Option<i64>) -> Result<usize, StoreError> {
    let mut read = house.database.read().await?;
    let mut last = match *followed {
        Some(last) => last,
        None => {
            let last = store::revocation::latest_change(&mut read).await?;
            house.answers.memory.forget_all();
            *followed = Some(last);
            return Ok(0);
        }
    };
    let mut count = 0;
    loop {
        let changes = store::revocation::changes_after(&mut read, last, CHANGES).await?;
        for change in &changes {
            house
                .answers
                .changed(&house.authorities, &change.authority, &change.serial);
            last = change.number;
        }
        *followed = Some(last);
        count += changes.len();
        if i64::try_from(changes.len()).unwrap_or(i64::MAX) < CHANGES {
            return Ok(count);
        }
    }
}

/// The database's answer, if it comes in time. A pool of connections would try for half a minute.
async fn patiently<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, Away> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(outcome) => outcome.map_err(Away::Store),
        Err(_) => Err(Away::Late),
    }
}

/// The database did not answer.
#[derive(Debug, thiserror::Error)]
enum Away {
    /// Not in time.
    #[error("the database did not answer within a second")]
    Late,
    /// It cannot.
    #[error("the database does not answer")]
    Store(#[source] StoreError),
}

fn refuse(status: ErrorStatus) -> Answer {
    Answer {
        der: pki::ocsp::error_response(status).to_vec(),
        caching: None,
    }
}

/// Answers one request. Bad input gets the error that RFC 6960 4.2.1 has for it, never a fault.
pub async fn answer(house: &House, call: &Call<'_>, request: &[u8]) -> Answer {
    let Ok(request) = Request::from_der(request) else {
        return refuse(ErrorStatus::MalformedRequest);
    };
    let authority = house.answers.issuer_of(request.entries());
    let Some((place, authority)) =
        authority.and_then(|place| Some((place, house.authorities.all().nth(place)?)))
    else {
        return refuse(ErrorStatus::Unauthorized);
    };
    let desk = Desk {
        house,
        authority,
        place,
        now: call.now.seconds(),
    };
    let mut tries = 1;
    loop {
        match desk.attempt(&request).await {
            Ok(Attempt { changed: true, .. }) if tries < TRIES => tries += 1,
            Ok(attempt) => return attempt.answer,
            Err(status) => return refuse(status),
        }
    }
}

/// One question's place: for which authority, when.
struct Desk<'a> {
    house: &'a House,
    authority: &'a Authority,
    place: usize,
    now: i64,
}

/// What a try came to.
struct Attempt {
    answer: Answer,
    /// A change came between reading and keeping: what was read may be wrong already.
    changed: bool,
}

/// What is to be told of one certificate.
enum Told {
    /// From memory.
    Known(Arc<Kept>),
    /// Read now, and worth keeping.
    Read(Arc<Kept>),
    /// Read now, and not to be kept: unknown, or asked for in an uncommon way.
    Passing(Status),
}

impl Desk<'_> {
    async fn attempt(&self, request: &Request<'_>) -> Result<Attempt, ErrorStatus> {
        let memory = &self.house.answers.memory;
        // Nobody answers for an offline root.
        let responder = self
            .authority
            .responder()
            .ok_or(ErrorStatus::Unauthorized)?;
        // Nobody believes a responder whose time is over (RFC 6960 4.2.2.2).
        if !responder.certificate.is_valid_at(self.now) {
            tracing::error!(authority = %self.authority.name, "the OCSP responder has run out");
            return Err(ErrorStatus::TryLater);
        }
        let end = (self.now + VALID_SECONDS).min(responder.certificate.not_after());
        let mut told = Vec::with_capacity(request.entries().len());
        let mut changed = false;
        for entry in request.entries() {
            let mark = memory.mark(entry.der());
            let one = self.look(entry, end).await?;
            told.push((one, mark));
        }
        let answers: Vec<Single<'_>> = request
            .entries()
            .iter()
            .zip(&told)
            .map(|(id, (told, _))| self.single(*id, told, end))
            .collect();
        let signer = Responder {
            certificate: &responder.certificate,
            signer: responder.signer.as_ref(),
        };
        let der =
            pki::ocsp::respond(&signer, &answers, request.nonce(), self.now).map_err(|error| {
                tracing::error!(cause = %error, "an OCSP answer was not signed");
                ErrorStatus::InternalError
            })?;
        let until = answers
            .iter()
            .map(|answer| answer.next_update)
            .min()
            .flatten();
        let caching = match (request.nonce(), until) {
            (None, Some(until)) => {
                let since = answers
                    .iter()
                    .map(|answer| answer.this_update)
                    .max()
                    .unwrap_or(self.now);
                Some((memory::tag(&der), self.house.answers.times(since, until)))
            }
            _ => None,
        };
        let answer = Answer { der, caching };
        self.house
            .seam("ocsp.signed")
            .map_err(|_| ErrorStatus::InternalError)?;
        let alone = told.len() == 1;
        for (one, mark) in told {
            let kept = match (&one, &answer.caching) {
                (Told::Known(kept) | Told::Read(kept), Some((tag, times))) if alone => {
                    Arc::new(kept.with_answer(&answer.der, tag, Arc::clone(times)))
                }
                (Told::Read(kept), _) => Arc::clone(kept),
                (Told::Known(_) | Told::Passing(_), _) => continue,
            };
            changed |= !memory.keep(kept, mark);
        }
        Ok(Attempt { answer, changed })
    }

    fn single<'a>(&self, id: CertId<'a>, told: &Told, end: i64) -> Single<'a> {
        let (status, this_update, next_update) = match told {
            Told::Known(kept) | Told::Read(kept) => {
                (kept.status, kept.this_update, Some(kept.next_update))
            }
            // What is unknown may be issued in the next moment; without nextUpdate newer knowledge is there at any time
            // (RFC 6960 4.2.2.1).
            Told::Passing(Status::Unknown) => (Status::Unknown, self.now, None),
            Told::Passing(status) => (*status, self.now, Some(end)),
        };
        Single {
            id,
            status,
            this_update,
            next_update,
        }
    }

    /// Memory first, while what it has is young; then the database; and when that is away, memory until it runs out.
    async fn look(&self, id: &CertId<'_>, end: i64) -> Result<Told, ErrorStatus> {
        let answers = &self.house.answers;
        let known = answers.known(id, self.now);
        if let Some(kept) = &known
            && (self.now < kept.renew_from || answers.is_away(self.now))
        {
            return Ok(Told::Known(Arc::clone(kept)));
        }
        if answers.is_away(self.now) {
            return Err(ErrorStatus::TryLater);
        }
        match patiently(self.read(&id.serial())).await {
            Ok(Status::Unknown) => Ok(Told::Passing(Status::Unknown)),
            Ok(status) if answers.is_common(self.place, id) => {
                // Spread over a quarter of the time, so that what was asked together is not looked at together again.
                let spread = id
                    .der()
                    .iter()
                    .rev()
                    .nth(1)
                    .map_or(0, |byte| i64::from(*byte))
                    * VALID_SECONDS
                    / 4
                    / 256;
                let times = (self.now, self.now + VALID_SECONDS / 2 + spread, end);
                let kept = Kept::new(id.der(), status, times);
                Ok(Told::Read(Arc::new(kept)))
            }
            Ok(status) => Ok(Told::Passing(status)),
            Err(error) => {
                tracing::warn!(cause = %error, "a certificate's status was not read");
                answers
                    .away_until
                    .store(self.now + AWAY_SECONDS, Ordering::Relaxed);
                known.map(Told::Known).ok_or(ErrorStatus::TryLater)
            }
        }
    }

    async fn read(&self, serial: &Serial) -> Result<Status, StoreError> {
        if self.is_of_the_house(serial) {
            return Ok(Status::Good);
        }
        let mut read = self.house.database.read().await?;
        let found =
            store::certificate::status(&mut read, &self.authority.name, &serial.to_hex()).await?;
        Ok(match found {
            // An intention that is not signed yet is no certificate.
            None => Status::Unknown,
            // What is held is revoked for the time being (RFC 6960 2.2), and what ended while it was held stays so.
            Some(found) => match found.revoked_at {
                Some(at) => Status::Revoked {
                    at: at.seconds(),
                    reason: crate::crl::reason(
                        found
                            .reason
                            .unwrap_or(model::credential::RevocationReason::Unspecified),
                    ),
                },
                None => Status::Good,
            },
        })
    }

    /// Authorities, links and responders stand in a table of their own; they live until they are replaced.
    fn is_of_the_house(&self, serial: &Serial) -> bool {
        let authorities = &self.house.authorities;
        let ours = authorities
            .all()
            .map(|authority| &authority.certificate)
            .chain(authorities.links().map(|(_, link)| link));
        ours.into_iter().any(|certificate| {
            certificate.serial() == *serial
                && (*certificate == self.authority.certificate
                    || certificate.is_signed_by(&self.authority.certificate))
        }) || self.authority.answered_by(serial)
    }
}
