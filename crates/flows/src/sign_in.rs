//! Signing in with the card: the browser gets a ticket, the card client shows who asks and signs a challenge with the login
//! key, and the browser that asked, and no other, becomes signed in.

use std::collections::BTreeSet;

use model::Loa;
use model::card::CardState;
use model::credential::{CredentialKind, CredentialState};
use model::id::{CardId, PersonId, SessionId, TicketId};
use model::role::{Actor, Authentication, Method, Role};
use pki::certificate::Certificate;
use pki::chain::{ChainError, Purpose, Validator, Verified};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Read, StoreError};

use crate::audit;
use crate::call::Call;
use crate::desk::{Ask, DeskStop, Next, Reply};
use crate::house::House;
use crate::refusal::{Fault, Stop, refusals};
use crate::ticket::{self, Ticket, Turn};

refusals! {
    /// Why nobody is signed in.
    SignInRefusal {
        /// The act is unknown, finished or too old.
        TicketInvalid = "sign-in.ticket-invalid",
        /// The card has no certificate for login.
        NoCertificate = "sign-in.no-certificate",
        /// The certificate was not issued here or does not verify.
        CertificateForeign = "sign-in.certificate-foreign",
        /// The certificate has run out.
        CertificateExpired = "sign-in.certificate-expired",
        /// The certificate is revoked.
        CertificateRevoked = "sign-in.certificate-revoked",
        /// The certificate is held.
        CertificateHeld = "sign-in.certificate-held",
        /// The card is not active.
        CardNotActive = "sign-in.card-not-active",
        /// The signature does not hold.
        SignatureInvalid = "sign-in.signature-invalid",
        /// The desk answered something else than was asked.
        AnswerUnexpected = "sign-in.answer-unexpected",
        /// The holder cancelled, or the card was taken out.
        Cancelled = "sign-in.cancelled",
        /// The code is blocked.
        CodeBlocked = "sign-in.code-blocked",
        /// The session has ended.
        SessionEnded = "sign-in.session-ended",
    }
}

type Refused = Stop<SignInRefusal>;

/// A session that nobody uses ends after half an hour.
const IDLE_SECONDS: i64 = 1_800;
/// A session ends after a working day.
const SESSION_SECONDS: i64 = 10 * 3_600;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Memory {
    /// Hash of the secret that only the asking browser has.
    browser: String,
    /// Where the holder is signing in to, as shown.
    portal: String,
    #[serde(default)]
    certificate: Option<String>,
    #[serde(default)]
    code_entered: bool,
    #[serde(default)]
    challenge: Option<String>,
}

/// What a browser gets to begin with.
pub struct Begun {
    /// For the card client.
    pub ticket: Ticket,
    /// For the browser's cookie: only who holds it becomes signed in.
    pub browser: String,
}

/// Opens a sign-in for a browser.
///
/// # Errors
/// When the database is away.
pub async fn begin(house: &House, call: &mut Call<'_>, portal: &str) -> Result<Begun, Refused> {
    let begun = Begun {
        ticket: Ticket::new(call),
        browser: call.secret(),
    };
    let memory = Memory {
        browser: ticket::hash(&begun.browser),
        portal: portal.to_owned(),
        certificate: None,
        code_entered: false,
        challenge: None,
    };
    let memory = ticket::remember(&memory)?;
    store::write!(house.database, |write| {
        ticket::insert(write, call, &begun.ticket, "sign-in", None, None, &memory).await?;
        Ok::<_, Refused>(())
    })?;
    Ok(begun)
}

/// What the holder is told when the client opens the act.
#[derive(Clone, Debug)]
pub struct Welcome {
    /// Who asks.
    pub organisation: String,
    /// For what.
    pub portal: String,
    /// The first thing to do.
    pub ask: Ask,
}

/// The card client opens the act.
///
/// # Errors
/// When the ticket is unknown, used or too old.
pub async fn hello(house: &House, call: &mut Call<'_>, secret: &str) -> Result<Welcome, Refused> {
    let (turn, memory) = resume(house, call, secret, "open").await?;
    take_turn(house, call, &turn, "opened", &memory).await?;
    Ok(Welcome {
        organisation: house.settings.organisation.clone(),
        portal: memory.portal,
        ask: Ask::ReadCertificate {
            slot: CredentialKind::Login.slot(),
        },
    })
}

async fn resume(
    house: &House,
    call: &Call<'_>,
    secret: &str,
    state: &str,
) -> Result<(Turn, Memory), Refused> {
    let mut read = house.database.read().await?;
    let row = ticket::by_secret(&mut read, call, secret, "sign-in", state)
        .await?
        .ok_or(SignInRefusal::TicketInvalid)?;
    let memory = ticket::recall(&row.memory)?;
    Ok((Turn::of(&row), memory))
}

/// Ends a turn; a second message in the same turn is refused.
async fn take_turn(
    house: &House,
    call: &Call<'_>,
    turn: &Turn,
    state: &str,
    memory: &Memory,
) -> Result<(), Refused> {
    if ticket::save(house, call, turn, state, &ticket::remember(memory)?).await? {
        Ok(())
    } else {
        Err(SignInRefusal::TicketInvalid.into())
    }
}

/// The card client answers; says what comes next.
///
/// # Errors
/// When the certificate or the signature does not do; the act is then over.
pub async fn proceed(
    house: &House,
    call: &mut Call<'_>,
    secret: &str,
    reply: Reply,
) -> Result<Next, Refused> {
    let (turn, memory) = resume(house, call, secret, "opened").await?;
    let outcome = step(house, call, &turn, memory, reply).await;
    if let Err(stop) = &outcome
        && stop.code().is_some()
    {
        ticket::close(house, &turn.id, "stopped").await?;
    }
    audit::refused(
        house,
        call,
        "sign-in",
        &format!("ticket:{}", turn.id),
        outcome,
    )
    .await
}

async fn step(
    house: &House,
    call: &mut Call<'_>,
    turn: &Turn,
    mut memory: Memory,
    reply: Reply,
) -> Result<Next, Refused> {
    match (memory.certificate.clone(), memory.code_entered, reply) {
        (_, _, Reply::Stopped(DeskStop::CodeBlocked)) => Err(SignInRefusal::CodeBlocked.into()),
        (_, _, Reply::Stopped(_)) => Err(SignInRefusal::Cancelled.into()),
        (None, _, Reply::Certificate(certificate)) => {
            let der = certificate.ok_or(SignInRefusal::NoCertificate)?;
            judge(house, call, &der).await?;
            memory.certificate = Some(hex::encode(der));
            take_turn(house, call, turn, "opened", &memory).await?;
            Ok(Next::Ask(Ask::EnterCode))
        }
        (Some(certificate), false, Reply::CodeEntered) => {
            let certificate = read_certificate(&certificate)?;
            let challenge = format!(
                "{organisation}\n{portal}\nticket {id}\ntime {time}\nnonce {nonce}\n",
                organisation = house.settings.organisation,
                portal = memory.portal,
                id = turn.id,
                time = call.now.seconds(),
                nonce = call.secret(),
            );
            memory.code_entered = true;
            memory.challenge = Some(challenge.clone());
            take_turn(house, call, turn, "opened", &memory).await?;
            Ok(Next::Ask(Ask::Sign {
                slot: CredentialKind::Login.slot(),
                kind: certificate.public_key().kind(),
                message: challenge.into_bytes(),
                text: None,
            }))
        }
        (Some(certificate), true, Reply::Signature(signature)) => {
            let challenge = memory
                .challenge
                .take()
                .ok_or(SignInRefusal::AnswerUnexpected)?;
            let certificate = read_certificate(&certificate)?;
            let key = certificate.public_key();
            key.verify(
                key.kind().signature_algorithm(),
                challenge.as_bytes(),
                &signature,
            )
            .map_err(|_| SignInRefusal::SignatureInvalid)?;
            // Judged again: between the first look and the signature the card may have been revoked.
            judge(house, call, certificate.der()).await?;
            take_turn(house, call, turn, "signed", &memory).await?;
            Ok(Next::Finished)
        }
        _ => Err(SignInRefusal::AnswerUnexpected.into()),
    }
}

fn read_certificate(hexadecimal: &str) -> Result<Certificate, Refused> {
    let der = hex::decode(hexadecimal)
        .map_err(|_| Fault::Impossible("an act remembers no certificate"))?;
    Ok(Certificate::from_der(&der).map_err(|_| SignInRefusal::CertificateForeign)?)
}

/// Who a certificate logs in.
struct Judged {
    person: PersonId,
    card: CardId,
    authority: String,
    serial: String,
    loa: Loa,
}

/// Judges the path of a login certificate to one of our authorities (RFC 5280 6): signatures, dates, purpose, names, and that
/// it is issued at a level of assurance. Says which level.
fn judge_path(
    house: &House,
    call: &Call<'_>,
    certificate: &Certificate,
) -> Result<(Verified, Loa), SignInRefusal> {
    let levels = [
        (Loa::Three, house.settings.arc.loa(pki::profile::Loa::Three)),
        (Loa::Two, house.settings.arc.loa(pki::profile::Loa::Two)),
    ];
    let purpose = levels
        .iter()
        .fold(Purpose::client_login(), |purpose, (_, policy)| {
            purpose.with_policy(*policy)
        });
    let verified = Validator::new(house.authorities.anchors())
        .verify(certificate, call.now.seconds(), &purpose)
        .map_err(|error| match error {
            ChainError::Expired => SignInRefusal::CertificateExpired,
            // Whatever else is wrong with it, we did not issue it for this.
            _ => SignInRefusal::CertificateForeign,
        })?;
    let held = verified.policies();
    let level = levels
        .into_iter()
        .find_map(|(loa, policy)| held.contains(&policy).then_some(loa))
        .ok_or(SignInRefusal::CertificateForeign)?;
    Ok((verified, level))
}

/// Judges a login certificate: path, dates, purpose, then our own database, which knows a revocation at once.
async fn judge(house: &House, call: &Call<'_>, der: &[u8]) -> Result<Judged, Refused> {
    let certificate = Certificate::from_der(der).map_err(|_| SignInRefusal::CertificateForeign)?;
    let (verified, loa) = judge_path(house, call, &certificate)?;
    let authority = verified
        .issuer()
        .and_then(|issuer| house.authorities.by_certificate(issuer))
        .ok_or(SignInRefusal::CertificateForeign)?;
    let serial = certificate.serial().to_hex();
    let mut read = house.database.read().await?;
    let row = store::certificate::by_serial(&mut read, &authority.name, &serial)
        .await?
        .ok_or(SignInRefusal::CertificateForeign)?;
    if row.der != der || row.kind != CredentialKind::Login {
        return Err(SignInRefusal::CertificateForeign.into());
    }
    match row.state {
        CredentialState::Active => {}
        CredentialState::Revoked => return Err(SignInRefusal::CertificateRevoked.into()),
        CredentialState::Held => return Err(SignInRefusal::CertificateHeld.into()),
        CredentialState::Expired => return Err(SignInRefusal::CertificateExpired.into()),
        CredentialState::Issued => return Err(SignInRefusal::CardNotActive.into()),
    }
    let card = store::card::by_id(&mut read, &row.card)
        .await?
        .ok_or(Fault::Impossible("a certificate without a card"))?;
    match card.state {
        CardState::Active => {}
        CardState::Revoked => return Err(SignInRefusal::CertificateRevoked.into()),
        _ => return Err(SignInRefusal::CardNotActive.into()),
    }
    Ok(Judged {
        person: row.person,
        card: row.card,
        authority: authority.name.clone(),
        serial,
        loa,
    })
}

/// How far a sign-in has come, for the page that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Nobody has opened it.
    Open,
    /// The client works.
    Opened,
    /// The card has signed; the browser can be let in.
    Signed,
    /// It ended without success, or too late.
    Over,
}

/// Tells the browser how far its sign-in has come.
///
/// # Errors
/// When the database is away.
pub async fn waiting(
    house: &House,
    call: &Call<'_>,
    id: &TicketId,
    browser: &str,
) -> Result<Waiting, Refused> {
    let mut read = house.database.read().await?;
    let Some(row) = store::ticket::by_id(&mut read, id)
        .await?
        .filter(|row| row.act == "sign-in" && row.expires_at > call.now)
    else {
        return Ok(Waiting::Over);
    };
    let memory: Memory = ticket::recall(&row.memory)?;
    if memory.browser != ticket::hash(browser) {
        return Ok(Waiting::Over);
    }
    Ok(match row.state.as_str() {
        "open" => Waiting::Open,
        "opened" => Waiting::Opened,
        "signed" => Waiting::Signed,
        _ => Waiting::Over,
    })
}

/// A living session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session's secret, for the browser's cookie.
    pub secret: String,
    /// Who.
    pub person: PersonId,
}

/// Lets the browser in whose sign-in the card has signed. Works once.
///
/// # Errors
/// When the card has not signed, the browser is another, or the card was revoked meanwhile.
pub async fn enter(
    house: &House,
    call: &mut Call<'_>,
    id: &TicketId,
    browser: &str,
) -> Result<SignedIn, Refused> {
    let outcome = let_in(house, call, id, browser).await;
    audit::refused(house, call, "sign-in", &format!("ticket:{id}"), outcome).await
}

async fn let_in(
    house: &House,
    call: &mut Call<'_>,
    id: &TicketId,
    browser: &str,
) -> Result<SignedIn, Refused> {
    if waiting(house, call, id, browser).await? != Waiting::Signed {
        return Err(SignInRefusal::TicketInvalid.into());
    }
    let memory: Memory = {
        let mut read = house.database.read().await?;
        let row = store::ticket::by_id(&mut read, id)
            .await?
            .ok_or(SignInRefusal::TicketInvalid)?;
        ticket::recall(&row.memory)?
    };
    let der = hex::decode(memory.certificate.unwrap_or_default())
        .map_err(|_| Fault::Impossible("an act remembers no certificate"))?;
    let judged = judge(house, call, &der).await?;
    let secret = call.secret();
    let session = store::session::SessionRow {
        id: SessionId::new(call.now, call.random()),
        secret_hash: ticket::hash(&secret),
        person: judged.person.clone(),
        card: judged.card.clone(),
        authority: judged.authority,
        serial: judged.serial,
        loa: judged.loa,
        created_at: call.now,
        seen_at: call.now,
        expires_at: model::Timestamp(call.now.seconds() + SESSION_SECONDS),
    };
    store::write!(house.database, |write| {
        if !store::ticket::set_state(write, id, "signed", "finished").await? {
            return Err(SignInRefusal::TicketInvalid.into());
        }
        store::session::insert(write, &session).await?;
        let detail = json!({ "card": session.card.as_str(), "serial": session.serial, "portal": memory.portal });
        audit::event(
            write,
            call,
            "person.signed-in",
            &format!("person:{}", session.person),
            detail,
        )
        .await?;
        Ok::<_, Refused>(())
    })?;
    Ok(SignedIn {
        secret,
        person: judged.person,
    })
}

/// Who a session's secret belongs to now. The card is looked at each time: a session dies with its card.
///
/// # Errors
/// When the session has ended or its card no longer counts.
pub async fn actor(
    house: &House,
    now: model::Timestamp,
    secret: &str,
) -> Result<(Actor, CardId), Refused> {
    let mut read = house.database.read().await?;
    let session = store::session::by_secret_hash(&mut read, &ticket::hash(secret))
        .await?
        .ok_or(SignInRefusal::SessionEnded)?;
    if session.expires_at <= now || session.seen_at.seconds() + IDLE_SECONDS <= now.seconds() {
        return Err(SignInRefusal::SessionEnded.into());
    }
    let row = store::certificate::by_serial(&mut read, &session.authority, &session.serial)
        .await?
        .ok_or(SignInRefusal::SessionEnded)?;
    let card = store::card::by_id(&mut read, &session.card)
        .await?
        .ok_or(SignInRefusal::SessionEnded)?;
    if row.state != CredentialState::Active
        || card.state != CardState::Active
        || row.not_after <= now
    {
        return Err(SignInRefusal::SessionEnded.into());
    }
    let actor = actor_now(
        &mut read,
        &session.person,
        &Authentication {
            method: Method::Card,
            loa: session.loa,
        },
    )
    .await?;
    drop(read);
    // Seen once a minute is enough for a half-hour limit, and spares a write a page.
    if session.seen_at.seconds() + 60 <= now.seconds() {
        store::write!(house.database, |write| {
            store::session::touch(write, &session.id, now).await?;
            Ok::<_, Refused>(())
        })?;
    }
    Ok((actor, session.card))
}

/// Ends a session.
///
/// # Errors
/// When the database is away.
pub async fn sign_out(house: &House, call: &Call<'_>, secret: &str) -> Result<(), Refused> {
    store::write!(house.database, |write| {
        store::session::end(write, &ticket::hash(secret)).await?;
        audit::event(
            write,
            call,
            "person.signed-out",
            &audit::actor_text(&call.actor),
            json!({}),
        )
        .await?;
        Ok::<_, Refused>(())
    })
}

/// A person as an actor, with the roles that hold now.
pub(crate) async fn actor_now(
    read: &mut Read,
    person: &PersonId,
    authentication: &Authentication,
) -> Result<Actor, StoreError> {
    let roles: BTreeSet<Role> = store::role_grant::roles_of(read, person)
        .await?
        .into_iter()
        .collect();
    Ok(Actor::Person {
        person: person.clone(),
        roles,
        authentication: *authentication,
    })
}
