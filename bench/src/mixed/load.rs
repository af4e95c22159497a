//! Who puts the load on: tasks that issue, revoke and ask at their own pace, each on a connection that stays.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use flows::Entropy as _;
use flows::function::revoke::REASONS;
use pki::certificate::Certificate;
use pki::crl::{Crl, DeltaCrl, Reason};
use pki::key::{KeyKind, Signer as _, SoftwareKey};
use pki::name::DistinguishedName;
use pki::ocsp::{Response, build_request};
use pki::serial::Serial;
use serde_json::Value;
use server::process::SystemEntropy;
use tokio::time::MissedTickBehavior;

use super::model::{Asked, Model, Moment};
use super::site::{Site, host_name};
use crate::benchmarks::ocsp;
use crate::load::{Answer, Connection};

/// Of so many answers one's signature is verified: what the generator computes is taken from the server.
const SAMPLE: u64 = 10;
/// Of so many revocations one is asked for again, and must be refused.
const AGAIN: u64 = 20;
/// What that refusal says.
const ALREADY_REVOKED: &str = "revoke-function.already-revoked";
/// A full list of fewer entries is made anew at each change, as the server is set by default; a longer one by the clock.
const AT_ONCE_BELOW: usize = 10_000;
/// How a certificate in PEM ends (RFC 7468 5).
const PEM_END: &str = "-----END CERTIFICATE-----";
/// How many of those revoked last are asked about more often than others.
const LATEST: usize = 20;

/// What every task shares.
pub struct Load {
    address: SocketAddr,
    site: Site,
    model: Mutex<Model>,
    /// How many certificates were issued.
    pub issued: AtomicU64,
    /// How many were revoked.
    pub revoked: AtomicU64,
    /// How many OCSP questions were answered.
    pub asked: AtomicU64,
    /// How many pairs of lists were fetched.
    pub lists: AtomicU64,
    /// How long OCSP answers took, in microseconds.
    latencies: Mutex<Vec<u32>>,
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemEntropy.fill(&mut bytes);
    bytes
}

fn dice() -> usize {
    usize::from_be_bytes(random())
}

/// Counts one more; whether it is one of the sample of one in `of`.
fn is_sample(count: &AtomicU64, of: u64) -> bool {
    count.fetch_add(1, Ordering::Relaxed).is_multiple_of(of)
}

/// One of those that are there.
fn one_of<T: Copy>(these: &[T]) -> Option<T> {
    these.get(dice().checked_rem(these.len())?).copied()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a task does over and over.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// Issues a certificate.
    Issue,
    /// Revokes one.
    Revoke,
    /// Asks about one by OCSP.
    Ask,
    /// Fetches the lists.
    FetchLists,
}

impl Load {
    /// Nothing done yet.
    pub fn new(site: Site, address: SocketAddr) -> Self {
        Self {
            address,
            site,
            model: Mutex::default(),
            issued: AtomicU64::new(0),
            revoked: AtomicU64::new(0),
            asked: AtomicU64::new(0),
            lists: AtomicU64::new(0),
            latencies: Mutex::default(),
        }
    }

    /// Forgets what was counted, not what is true.
    pub fn count_anew(&self) {
        for count in [&self.issued, &self.revoked, &self.asked, &self.lists] {
            count.store(0, Ordering::Relaxed);
        }
        lock(&self.latencies).clear();
    }

    /// How many certificates there are.
    pub fn certificates(&self) -> usize {
        lock(&self.model).len()
    }

    /// A connection to the server.
    pub async fn connect(&self) -> anyhow::Result<Connection> {
        Connection::open(self.address).await
    }

    /// How long an OCSP answer took for that part of them, in milliseconds.
    pub fn latency(&self, part: f64) -> f64 {
        let mut latencies = lock(&self.latencies);
        latencies.sort_unstable();
        let place = (latencies.len() as f64 * part) as usize;
        latencies
            .get(place.min(latencies.len().saturating_sub(1)))
            .map_or(f64::NAN, |micros| f64::from(*micros) / 1_000.0)
    }

    /// Works so often a second until the time is over; what was missed is not made up for.
    pub async fn work(
        &self,
        connection: &mut Connection,
        work: Work,
        (until, a_second): (Instant, f64),
    ) -> anyhow::Result<()> {
        let mut ticks = tokio::time::interval(Duration::from_secs_f64(1.0 / a_second));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while Instant::now() < until {
            ticks.tick().await;
            match work {
                Work::Issue => self.issue(connection).await?,
                Work::Revoke => self.revoke(connection).await?,
                Work::Ask => self.ask(connection).await?,
                Work::FetchLists => self.fetch_lists(connection).await?,
            }
        }
        Ok(())
    }

    fn post(&self, path: &str, media: &str, body: &[u8]) -> Vec<u8> {
        let mut request = format!(
            "POST /api/v1/functions/{path} HTTP/1.1\r\nHost: localhost\r\n{}Accept: application/json\r\n\
             Content-Type: {media}\r\nContent-Length: {}\r\n\r\n",
            self.site.authorization,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        request
    }

    /// Issues a certificate to one of the functions, for a key of its own.
    pub async fn issue(&self, connection: &mut Connection) -> anyhow::Result<()> {
        let place = dice() % self.site.functions.len().max(1);
        let function = self.site.functions.get(place).context("no functions")?;
        let key = SoftwareKey::generate(KeyKind::P256)?;
        let subject = DistinguishedName::new().common_name(&host_name(place))?;
        let said = pki::request::to_be_signed(&subject, key.public_key());
        let wish = pki::request::assemble(&said, &key.sign(&said)?)?;
        let request = self.post(
            &format!("{function}/certificates"),
            "application/pkcs10",
            &wish,
        );
        let answer = connection.ask_any(&request).await?;
        let confirmed = Moment::now();
        let told = json(&answer, 201).context("issuing")?;
        let serial = Serial::from_hex(text(&told, "serial")?)?;
        let state = text(&told, "state")?;
        anyhow::ensure!(
            state == "issued",
            "{serial:?} is issued and said to be {state}"
        );
        lock(&self.model).issue(serial, place, confirmed)?;
        if is_sample(&self.issued, SAMPLE) {
            // The certificate is the chain's first.
            let first = text(&told, "chain")?.split_inclusive(PEM_END).next();
            let certificate = Certificate::from_pem(first.unwrap_or_default())?;
            anyhow::ensure!(
                certificate.serial() == serial
                    && certificate.public_key() == key.public_key()
                    && certificate.is_signed_by(&self.site.issuer)
                    && certificate.is_valid_at(confirmed.second()),
                "{serial:?} is not the certificate that was asked for"
            );
        }
        Ok(())
    }

    /// Revokes one of the certificates in force; now and then one that is revoked already, which must be refused.
    pub async fn revoke(&self, connection: &mut Connection) -> anyhow::Result<()> {
        let reason = one_of(&REASONS).context("no reasons")?;
        let expected = Reason::from_code(reason.number()).context("a reason without a number")?;
        let begun = lock(&self.model).begin_revocation(dice(), expected, Moment::now());
        let Some((serial, function)) = begun else {
            return Ok(());
        };
        let request = self.revocation(&serial, function, reason.code())?;
        let answer = connection.ask_any(&request).await?;
        let confirmed = Moment::now();
        let told = json(&answer, 200).with_context(|| format!("revoking {serial:?}"))?;
        let said = (text(&told, "state")?, text(&told, "reason")?);
        anyhow::ensure!(
            said == ("revoked", reason.code()),
            "{serial:?} is revoked for {} and said to be {said:?}",
            reason.code()
        );
        lock(&self.model).confirm_revocation(serial, confirmed);
        if is_sample(&self.revoked, AGAIN) {
            let answer = connection.ask_any(&request).await?;
            let told = json(&answer, 422).with_context(|| format!("revoking {serial:?} again"))?;
            anyhow::ensure!(text(&told, "code")? == ALREADY_REVOKED, "refused: {told}");
        }
        Ok(())
    }

    fn revocation(&self, serial: &Serial, function: usize, code: &str) -> anyhow::Result<Vec<u8>> {
        let function = self.site.functions.get(function).context("no functions")?;
        let body = serde_json::json!({ "reason": code }).to_string();
        Ok(self.post(
            &format!("{function}/certificates/{}/revocation", serial.to_hex()),
            "application/json",
            body.as_bytes(),
        ))
    }

    /// Asks about some certificate: most are in force, some revoked, those just revoked more often than others, and some that
    /// nobody issued.
    pub async fn ask(&self, connection: &mut Connection) -> anyhow::Result<()> {
        let serial = {
            let model = lock(&self.model);
            let revoked = model.revoked();
            let latest = revoked.get(revoked.len().saturating_sub(LATEST)..);
            match dice() % 20 {
                0..12 => one_of(model.in_force()),
                12..15 => one_of(revoked),
                15..18 => one_of(latest.unwrap_or_default()),
                _ => None,
            }
        };
        let serial = serial.unwrap_or_else(|| Serial::at(Moment::now().second(), random()));
        let nonce = (dice().is_multiple_of(4)).then(random::<32>);
        self.ask_about(
            connection,
            &serial,
            nonce.as_ref(),
            dice().is_multiple_of(2),
        )
        .await
    }

    async fn ask_about(
        &self,
        connection: &mut Connection,
        serial: &Serial,
        nonce: Option<&[u8; 32]>,
        by_get: bool,
    ) -> anyhow::Result<()> {
        let issuer = &self.site.issuer;
        let question = build_request(issuer, serial, nonce.map(|nonce| nonce.as_slice()));
        let request = if by_get {
            ocsp::get(&question)
        } else {
            ocsp::post(&question)
        };
        let (sent, start) = (Moment::now(), Instant::now());
        let answer = connection.ask(&request).await?;
        let (took, answered) = (start.elapsed(), Moment::now());
        let asked = Asked { sent, answered };
        let response = Response::from_der(&answer.body)
            .with_context(|| format!("asking about {serial:?}: {}", answer.head))?;
        anyhow::ensure!(
            response.nonce() == nonce.map(|nonce| nonce.as_slice()),
            "asking about {serial:?}: another nonce"
        );
        let made = response.produced_at();
        anyhow::ensure!(
            made <= answered.second() && (nonce.is_none() || made >= sent.second()),
            "asking about {serial:?}: the answer is of {made}, the question of {}",
            sent.second()
        );
        let status = response
            .status_of(issuer, serial)
            .with_context(|| format!("asking about {serial:?}: an answer to another question"))?;
        lock(&self.model).judge(serial, status, asked)?;
        if is_sample(&self.asked, SAMPLE) {
            response
                .verify(issuer, answered.second())
                .with_context(|| format!("asking about {serial:?}"))?;
        }
        lock(&self.latencies).push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
        Ok(())
    }

    /// Asks about every certificate there is, or every `parts`-th of them from the `part`-th on.
    pub async fn ask_about_all(
        &self,
        connection: &mut Connection,
        (part, parts): (usize, usize),
    ) -> anyhow::Result<()> {
        let all: Vec<Serial> = lock(&self.model).all().copied().collect();
        for serial in all.iter().skip(part).step_by(parts) {
            self.ask_about(connection, serial, None, false).await?;
        }
        Ok(())
    }

    /// Fetches the full list and the delta list, and holds both against the model. The load began after the first full list of
    /// the house, where the delta list starts, so each has every revocation; a long full list is behind until the clock makes it.
    pub async fn fetch_lists(&self, connection: &mut Connection) -> anyhow::Result<()> {
        let (der, asked) = self.fetch(connection, "").await?;
        let full = Crl::from_der(&der)?;
        full.verify(&self.site.issuer)?;
        let (number, until) = (full.number(), full.next_update());
        let complete = full.len() < AT_ONCE_BELOW;
        self.judge_list(full.entries(), (until, complete), asked)
            .context("the full list")?;
        let (der, asked) = self.fetch(connection, "-delta").await?;
        let delta = DeltaCrl::from_der(&der)?;
        delta.verify(&self.site.issuer)?;
        self.judge_list(delta.entries(), (delta.next_update(), true), asked)
            .context("the delta list")?;
        anyhow::ensure!(
            delta.base() <= number,
            "the delta list begins at {}, the full list is {number}",
            delta.base()
        );
        lock(&self.model).judge_numbers(number, delta.number())?;
        self.lists.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn judge_list(
        &self,
        entries: impl Iterator<Item = pki::crl::Revoked>,
        (until, complete): (i64, bool),
        asked: Asked,
    ) -> anyhow::Result<()> {
        anyhow::ensure!(until > asked.answered.second(), "it has run out");
        lock(&self.model).judge_list(entries, complete, asked)?;
        Ok(())
    }

    async fn fetch(
        &self,
        connection: &mut Connection,
        kind: &str,
    ) -> anyhow::Result<(Vec<u8>, Asked)> {
        let request = format!(
            "GET /pki/{}{kind}.crl HTTP/1.1\r\nHost: pki.example.se\r\n\r\n",
            self.site.authority
        );
        let sent = Moment::now();
        let answer = connection.ask(request.as_bytes()).await?;
        let answered = Moment::now();
        Ok((answer.body, Asked { sent, answered }))
    }
}

/// The answer of the API, which must have that status.
fn json(answer: &Answer, status: u16) -> anyhow::Result<Value> {
    anyhow::ensure!(
        answer.status() == Some(status),
        "not {status}: {}\n{}",
        answer.head,
        String::from_utf8_lossy(&answer.body)
    );
    Ok(serde_json::from_slice(&answer.body)?)
}

fn text<'a>(told: &'a Value, name: &str) -> anyhow::Result<&'a str> {
    told.get(name)
        .and_then(Value::as_str)
        .with_context(|| format!("an answer without {name}"))
}
