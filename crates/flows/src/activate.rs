//! Activating a card: the holder chooses a code, keys are made on the card, certificates are written and read back, and
//! the receipt is signed with the new card.
//!
//! Every step is derived from what the database knows and what the card answers, so a card that was torn out half-way is
//! taken up where it stands at the next insertion: compared, then finished or made again, never guessed.

mod certify;
mod receipt;
mod secrets;

use model::card::{Card, CardAct, CardState};
use model::credential::CredentialState;
use model::id::{CardId, PersonId, TicketId};
use model::person::Person;
use model::policy::{Act, may, remark};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit;
use crate::call::Call;
use crate::check_identity;
use crate::desk::{Ask, DeskStop, Next, Reply, Welcome};
use crate::house::House;
use crate::refusal::{Fault, Stop, refusals};
use crate::ticket::{self, Ticket, Turn};

refusals! {
    /// Why an activation does not begin or go on.
    ActivateRefusal {
        /// No card with that identifier.
        CardUnknown = "activate.card-unknown",
        /// The card is not there to be activated.
        NotWaiting = "activate.not-waiting",
        /// The holder's identity has not been checked by this officer within the hour.
        IdentityNotChecked = "activate.identity-not-checked",
        /// The holder's engagement has ended.
        EngagementEnded = "activate.engagement-ended",
        /// The act is unknown, finished or too old.
        TicketInvalid = "activate.ticket-invalid",
        /// Another card lies in the reader.
        OtherCard = "activate.other-card",
        /// The card accepts neither its transport key nor ours.
        CardForeign = "activate.card-foreign",
        /// The desk answered something else than was asked.
        AnswerUnexpected = "activate.answer-unexpected",
        /// The card's key did not prove itself.
        KeyUnproven = "activate.key-unproven",
        /// The certificate read back is not the one written.
        CertificateDiffers = "activate.certificate-differs",
        /// The receipt's signature does not hold.
        ReceiptInvalid = "activate.receipt-invalid",
        /// The person at the desk cancelled.
        Cancelled = "activate.cancelled",
        /// The card was taken out.
        CardRemoved = "activate.card-removed",
        /// The code is blocked.
        CodeBlocked = "activate.code-blocked",
        /// The card did something unexpected.
        CardFault = "activate.card-fault",
    }
}

type Refused = Stop<ActivateRefusal>;

/// What the act remembers between two messages.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Memory {
    /// The client's key for this act, to which secrets are sealed.
    act_key: String,
    /// The card in the reader is the right one.
    card_seen: bool,
    /// The card's management key has been proven on this connection.
    managed: bool,
    /// Management key versions still to be tried.
    versions: Vec<u32>,
    /// The holder's code has been entered or chosen on this connection.
    code_known: bool,
    /// Serial numbers of the certificates whose key the card has proven in this act.
    proven: Vec<String>,
    /// What was asked last.
    asked: Asked,
}

/// What was asked last, with what is needed to judge the answer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(tag = "asked", rename_all = "kebab-case")]
enum Asked {
    #[default]
    Nothing,
    Card,
    Challenge {
        version: u32,
    },
    Management,
    ManagementKey,
    Choose,
    Enter,
    Key {
        kind: String,
    },
    Possession {
        kind: String,
        request: String,
    },
    Certificate {
        kind: String,
        serial: String,
    },
    Proof {
        kind: String,
        serial: String,
        message: String,
    },
    Identity {
        guid: String,
    },
    Receipt {
        text: String,
        input: String,
    },
}

/// Opens an activation for the officer who calls.
///
/// # Errors
/// When the identity check is missing, the card is not there to be activated, or the officer may not: not who ordered it,
/// not its holder (K3.4).
pub async fn begin(house: &House, call: &mut Call<'_>, card: &CardId) -> Result<Ticket, Refused> {
    let outcome = open(house, call, card).await;
    audit::refused(house, call, "activate", &format!("card:{card}"), outcome).await
}

/// Whether a card in this state is there to be activated, or to be activated to the end.
pub(crate) fn is_waiting(state: CardState) -> bool {
    matches!(state, CardState::Sent | CardState::PartlyActivated)
}

async fn open(house: &House, call: &mut Call<'_>, card: &CardId) -> Result<Ticket, Refused> {
    let ticket = Ticket::new(call);
    let memory = ticket::remember(&Memory::default())?;
    let today = call.today();
    store::write!(house.database, |write| {
        let row = store::card::by_id(write, card)
            .await?
            .ok_or(ActivateRefusal::CardUnknown)?;
        let facts = crate::facts::of_card(write, &row).await?;
        may(&call.actor, Act::Activate, &facts)?;
        if !is_waiting(row.state) {
            return Err(ActivateRefusal::NotWaiting.into());
        }
        let officer = call
            .actor
            .person()
            .cloned()
            .ok_or(ActivateRefusal::NotWaiting)?;
        if !check_identity::is_checked(write, card, &officer, call.now).await? {
            return Err(ActivateRefusal::IdentityNotChecked.into());
        }
        let order = store::card_order::by_id(write, &row.order)
            .await?
            .ok_or(Fault::Impossible("a card without an order"))?;
        let engagement = store::engagement::by_id(write, &order.engagement)
            .await?
            .ok_or(Fault::Impossible("an order without an engagement"))?;
        if engagement.has_ended(today) {
            return Err(ActivateRefusal::EngagementEnded.into());
        }
        ticket::insert(
            write,
            call,
            &ticket,
            "activate",
            Some(card),
            Some(&officer),
            &memory,
        )
        .await?;
        // Allowed, but an auditor should see it: whoever took the photo also activates.
        let remark = remark(&call.actor, Act::Activate, &facts).map(model::policy::Remark::code);
        let detail = json!({ "ticket": ticket.id.as_str(), "remark": remark });
        audit::event(
            write,
            call,
            "activation.begun",
            &format!("card:{card}"),
            detail,
        )
        .await?;
        Ok::<_, Refused>(())
    })?;
    Ok(ticket)
}

/// The card client opens the act with its ticket and a key made for the act. A ticket opens once.
///
/// # Errors
/// When the ticket is unknown, used or too old.
pub async fn hello(
    house: &House,
    call: &mut Call<'_>,
    secret: &str,
    act_key: &[u8],
) -> Result<Welcome, Refused> {
    let (turn, mut memory, act) = resume(house, call, secret, "open").await?;
    memory.act_key = hex::encode(act_key);
    memory.asked = Asked::Card;
    let taken_up = was_begun(house, &act.card).await?;
    if !ticket::save(house, call, &turn, "opened", &ticket::remember(&memory)?).await? {
        return Err(ActivateRefusal::TicketInvalid.into());
    }
    Ok(Welcome {
        organisation: house.settings.organisation.clone(),
        holder: act.holder.full_name(),
        card_number: act.card.digits().map(str::to_owned),
        taken_up,
        ask: Ask::ReadCard,
    })
}

/// Whether an earlier activation came so far that something of it may be on the card.
async fn was_begun(house: &House, card: &Card) -> Result<bool, Fault> {
    let mut read = house.database.read().await?;
    let secrets = store::card::secrets(&mut read, &card.id)
        .await?
        .ok_or(Fault::Impossible("a card without secrets"))?;
    Ok(card.state == CardState::PartlyActivated
        || secrets.management_version > 0
        || secrets.management_next.is_some()
        || secrets.unlock_code_next.is_some())
}

/// The card client answers; says what comes next.
///
/// # Errors
/// When the answer does not do. The act is then over; a new one takes up where the card stands.
pub async fn proceed(
    house: &House,
    call: &mut Call<'_>,
    secret: &str,
    reply: Reply,
) -> Result<Next, Refused> {
    let (turn, memory, act) = resume(house, call, secret, "opened").await?;
    let outcome = step(house, call, &turn, memory, act, reply).await;
    if let Err(stop) = &outcome
        && stop.code().is_some()
    {
        ticket::close(house, &turn.id, "stopped").await?;
    }
    audit::refused(
        house,
        call,
        "activate",
        &format!("ticket:{}", turn.id),
        outcome,
    )
    .await
}

/// The rows an activation is about.
struct Activation {
    card: Card,
    holder: Person,
    officer: PersonId,
    order: model::order::CardOrder,
}

async fn resume(
    house: &House,
    call: &mut Call<'_>,
    secret: &str,
    state: &str,
) -> Result<(Turn, Memory, Activation), Refused> {
    let act = ticket::officers_act(house, call, secret, ("activate", Act::Activate), state)
        .await?
        .ok_or(ActivateRefusal::TicketInvalid)?;
    let order = {
        let mut read = house.database.read().await?;
        store::card_order::by_id(&mut read, &act.card.order)
            .await?
            .ok_or(Fault::Impossible("a card without an order"))?
    };
    let memory = ticket::recall(&act.memory)?;
    let activation = Activation {
        card: act.card,
        holder: act.holder,
        officer: act.officer,
        order,
    };
    Ok((act.turn, memory, activation))
}

async fn step(
    house: &House,
    call: &mut Call<'_>,
    turn: &Turn,
    mut memory: Memory,
    mut act: Activation,
    reply: Reply,
) -> Result<Next, Refused> {
    if !is_waiting(act.card.state) {
        // Revoked, or finished at another desk, since the last message.
        return Err(ActivateRefusal::NotWaiting.into());
    }
    if let Reply::Stopped(reason) = reply {
        return Err(stopped(reason).into());
    }
    match (std::mem::take(&mut memory.asked), reply) {
        (Asked::Card, Reply::Card { number }) => {
            if number.is_none() || number.as_deref() != act.card.digits() {
                return Err(ActivateRefusal::OtherCard.into());
            }
            memory.card_seen = true;
            memory.versions = secrets::versions_to_try(house, &act.card.id).await?;
        }
        (Asked::Challenge { version }, Reply::Challenge(challenge)) => {
            let response = secrets::answer(house, &act.card, version, &challenge)?;
            memory.asked = Asked::Management;
            memory.versions.retain(|other| *other != version);
            memory.versions.insert(0, version);
            return ask(
                house,
                call,
                turn,
                memory,
                Ask::AnswerManagement { response },
            )
            .await;
        }
        (Asked::Management, Reply::ManagementAccepted) => {
            let version = memory.versions.first().copied().unwrap_or_default();
            secrets::settle_version(house, call, &act.card.id, version).await?;
            memory.managed = true;
        }
        (Asked::Challenge { .. } | Asked::Management, Reply::ManagementRefused) => {
            // The card holds another of the keys it may hold: it was torn out while one was replaced.
            memory.versions.remove(0);
            if memory.versions.is_empty() {
                return Err(ActivateRefusal::CardForeign.into());
            }
        }
        (Asked::ManagementKey, Reply::ManagementKeyReplaced) => {
            secrets::settle_version(house, call, &act.card.id, 1).await?
        }
        (Asked::Choose, Reply::CodeChosen) => {
            secrets::settle_unlock_code(house, call, &act.card.id).await?;
            memory.code_known = true;
        }
        (Asked::Choose, Reply::UnlockCodesRefused) => {
            return Err(ActivateRefusal::CardForeign.into());
        }
        (Asked::Enter, Reply::CodeEntered) => memory.code_known = true,
        (Asked::Key { kind }, Reply::Key(public_key)) => {
            let (asked, next) = certify::ask_possession(house, &act, &kind, &public_key)?;
            memory.asked = asked;
            return ask(house, call, turn, memory, next).await;
        }
        (Asked::Possession { kind, request }, Reply::Signature(signature)) => {
            let certificate =
                certify::certify(house, call, &act, &kind, &request, &signature).await?;
            memory.proven.push(certificate.serial().to_hex());
        }
        (Asked::Certificate { kind, serial }, Reply::CertificateWritten(read_back)) => {
            certify::compare(house, &act, &serial, &read_back).await?;
            if memory.proven.contains(&serial) {
                certify::install(house, call, &act, &serial).await?;
            } else {
                let (asked, next) = certify::ask_proof(house, call, &kind, &serial)?;
                memory.asked = asked;
                return ask(house, call, turn, memory, next).await;
            }
        }
        (
            Asked::Proof {
                serial, message, ..
            },
            Reply::Signature(signature),
        ) => {
            certify::prove(house, call, &act, &serial, &message, &signature).await?;
        }
        (Asked::Identity { guid }, Reply::IdentityWritten) => {
            secrets::settle_identity(house, call, &act.card.id, &guid).await?;
        }
        (Asked::Receipt { text, input }, Reply::Signature(signature)) => {
            receipt::finish(house, call, &turn.id, &act, &text, &input, &signature).await?;
            return Ok(Next::Finished);
        }
        _ => return Err(ActivateRefusal::AnswerUnexpected.into()),
    }
    house.seam("activate.answered")?;
    act.card = {
        let mut read = house.database.read().await?;
        store::card::by_id(&mut read, &act.card.id)
            .await?
            .ok_or(ActivateRefusal::CardUnknown)?
    };
    let (asked, next) = plan(house, call, &memory, &act).await?;
    memory.asked = asked;
    ask(house, call, turn, memory, next).await
}

async fn ask(
    house: &House,
    call: &Call<'_>,
    turn: &Turn,
    memory: Memory,
    next: Ask,
) -> Result<Next, Refused> {
    if !ticket::save(house, call, turn, "opened", &ticket::remember(&memory)?).await? {
        return Err(ActivateRefusal::AnswerUnexpected.into());
    }
    Ok(Next::Ask(next))
}

/// The next thing to do, from what is known.
async fn plan(
    house: &House,
    call: &mut Call<'_>,
    memory: &Memory,
    act: &Activation,
) -> Result<(Asked, Ask), Refused> {
    let secrets = {
        let mut read = house.database.read().await?;
        store::card::secrets(&mut read, &act.card.id)
            .await?
            .ok_or(Fault::Impossible("a card without secrets"))?
    };
    if !memory.managed {
        let version = memory
            .versions
            .first()
            .copied()
            .ok_or(ActivateRefusal::CardForeign)?;
        return Ok((Asked::Challenge { version }, Ask::ChallengeManagement));
    }
    if secrets.management_version == 0 {
        return Ok((
            Asked::ManagementKey,
            secrets::replace_management_key(house, &act.card, &memory.act_key).await?,
        ));
    }
    if act.card.state == CardState::Sent {
        return Ok((
            Asked::Choose,
            secrets::choose_code(house, call, &act.card.id, &memory.act_key).await?,
        ));
    }
    if !memory.code_known {
        return Ok((Asked::Enter, Ask::EnterCode));
    }
    let certificates = {
        let mut read = house.database.read().await?;
        store::certificate::list_by_card(&mut read, &act.card.id).await?
    };
    for kind in &act.order.credentials {
        let current = certificates.iter().find(|row| {
            row.kind == *kind
                && matches!(row.state, CredentialState::Issued | CredentialState::Active)
        });
        match current {
            None => {
                let key = house.settings.card_key;
                return Ok((
                    Asked::Key {
                        kind: kind.code().to_owned(),
                    },
                    Ask::GenerateKey {
                        slot: kind.slot(),
                        kind: key,
                    },
                ));
            }
            Some(row) if row.state == CredentialState::Issued => {
                let asked = Asked::Certificate {
                    kind: kind.code().to_owned(),
                    serial: row.serial.clone(),
                };
                return Ok((
                    asked,
                    Ask::WriteCertificate {
                        slot: kind.slot(),
                        certificate: row.der.clone(),
                    },
                ));
            }
            Some(_) => {}
        }
    }
    if secrets.identity_written_at.is_none() {
        let guid = call.random::<16>();
        let expires_on = act
            .card
            .expires_on
            .ok_or(Fault::Impossible("a produced card without a last day"))?;
        return Ok((
            Asked::Identity {
                guid: hex::encode(guid),
            },
            Ask::WriteIdentity { guid, expires_on },
        ));
    }
    receipt::ask(house, call, act, &certificates)
}

fn stopped(reason: DeskStop) -> ActivateRefusal {
    match reason {
        DeskStop::Cancelled => ActivateRefusal::Cancelled,
        DeskStop::CardRemoved => ActivateRefusal::CardRemoved,
        DeskStop::CodeBlocked => ActivateRefusal::CodeBlocked,
        DeskStop::CardFault => ActivateRefusal::CardFault,
        DeskStop::OtherCard => ActivateRefusal::OtherCard,
    }
}

/// How far an activation has come, for the officer's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The client has opened the act.
    pub opened: bool,
    /// The act ended without success.
    pub stopped: bool,
    /// The code is chosen.
    pub code_chosen: bool,
    /// How many certificates are on the card, of how many.
    pub installed: (usize, usize),
    /// The receipt is signed: the card is active.
    pub receipt_signed: bool,
}

/// Tells the officer how far the activation of a card has come.
///
/// # Errors
/// When there is no such card or the actor may not activate it.
pub async fn progress(
    house: &House,
    call: &Call<'_>,
    card: &CardId,
    ticket: &TicketId,
) -> Result<Progress, Refused> {
    let mut read = house.database.read().await?;
    let row = store::card::by_id(&mut read, card)
        .await?
        .ok_or(ActivateRefusal::CardUnknown)?;
    may(
        &call.actor,
        Act::Activate,
        &crate::facts::of_card(&mut read, &row).await?,
    )?;
    let order = store::card_order::by_id(&mut read, &row.order)
        .await?
        .ok_or(Fault::Impossible("a card without an order"))?;
    let certificates = store::certificate::list_by_card(&mut read, card).await?;
    let state = store::ticket::by_id(&mut read, ticket)
        .await?
        .map(|ticket| ticket.state)
        .unwrap_or_default();
    let installed = certificates
        .iter()
        .filter(|certificate| certificate.state == CredentialState::Active)
        .count();
    Ok(Progress {
        opened: state != "open",
        stopped: state == "stopped",
        code_chosen: matches!(row.state, CardState::PartlyActivated | CardState::Active),
        installed: (installed, order.credentials.len()),
        receipt_signed: row.state == CardState::Active,
    })
}

/// Takes the step that ends the activation.
async fn activate_card(
    write: &mut store::Write,
    call: &Call<'_>,
    card: &CardId,
) -> Result<(), Fault> {
    crate::card_step::take(write, call, card, CardAct::SignReceipt).await
}
