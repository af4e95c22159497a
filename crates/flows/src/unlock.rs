//! Unlocking a card: its holder, known again at the station, chooses a new code for a card whose code is blocked or forgotten.
//! The unlock code is used and replaced in the same step, as at activation.

use model::card::CardState;
use model::id::{CardId, TicketId};
use model::policy::{Act, may};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit;
use crate::call::Call;
use crate::check_identity;
use crate::desk::{Ask, DeskStop, Next, Reply, Welcome};
use crate::house::House;
use crate::refusal::{Fault, Stop, refusals};
use crate::ticket::{self, OfficersAct, Ticket, Turn};
use crate::unlock_code;

refusals! {
    /// Why a card is not unlocked.
    UnlockRefusal {
        /// No card with that identifier.
        CardUnknown = "unlock.card-unknown",
        /// The card is not in use, so nobody has a code to it.
        NotInUse = "unlock.not-in-use",
        /// The holder's identity has not been checked by this officer within the hour.
        IdentityNotChecked = "unlock.identity-not-checked",
        /// The act is unknown, finished or too old.
        TicketInvalid = "unlock.ticket-invalid",
        /// Another card lies in the reader.
        OtherCard = "unlock.other-card",
        /// The card takes none of the unlock codes it may have.
        CodesRefused = "unlock.codes-refused",
        /// The desk answered something else than was asked.
        AnswerUnexpected = "unlock.answer-unexpected",
        /// The person at the desk cancelled.
        Cancelled = "unlock.cancelled",
        /// The card was taken out.
        CardRemoved = "unlock.card-removed",
        /// The card did something unexpected, or its unlock code is blocked as well.
        CardFault = "unlock.card-fault",
    }
}

type Refused = Stop<UnlockRefusal>;

/// What the act remembers between two messages.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Memory {
    /// The client's key for this act, to which the unlock codes are sealed.
    act_key: String,
    /// The card has been told to take a new code.
    choosing: bool,
}

/// Opens an unlocking for the officer who calls.
///
/// # Errors
/// When the identity check is missing, the card is not in use, or the officer may not: a code to somebody's eID is given out
/// under the rules of activation (K3.4), so not by who ordered the card nor by its holder.
pub async fn begin(house: &House, call: &mut Call<'_>, card: &CardId) -> Result<Ticket, Refused> {
    let outcome = open(house, call, card).await;
    audit::refused(house, call, "unlock", &format!("card:{card}"), outcome).await
}

/// Whether somebody has a code to a card in this state.
pub(crate) fn is_in_use(state: CardState) -> bool {
    matches!(state, CardState::Active | CardState::PartlyActivated)
}

async fn open(house: &House, call: &mut Call<'_>, card: &CardId) -> Result<Ticket, Refused> {
    let ticket = Ticket::new(call);
    let memory = ticket::remember(&Memory::default())?;
    store::write!(house.database, |write| {
        let row = store::card::by_id(write, card)
            .await?
            .ok_or(UnlockRefusal::CardUnknown)?;
        let facts = crate::facts::of_card(write, &row).await?;
        may(&call.actor, Act::Unlock, &facts)?;
        if !is_in_use(row.state) {
            return Err(UnlockRefusal::NotInUse.into());
        }
        let officer = call
            .actor
            .person()
            .cloned()
            .ok_or(Fault::Impossible("a card unlocked by nobody"))?;
        if !check_identity::is_checked(write, card, &officer, call.now).await? {
            return Err(UnlockRefusal::IdentityNotChecked.into());
        }
        ticket::insert(
            write,
            call,
            &ticket,
            "unlock",
            Some(card),
            Some(&officer),
            &memory,
        )
        .await?;
        let detail = json!({ "ticket": ticket.id.as_str() });
        audit::event(write, call, "unlock.begun", &format!("card:{card}"), detail).await?;
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
    let (_, act) = resume(house, call, secret, "open").await?;
    let memory = Memory {
        act_key: hex::encode(act_key),
        choosing: false,
    };
    // An unlock code was on its way to the card, and nobody heard whether it came.
    let secrets = {
        let mut read = house.database.read().await?;
        store::card::secrets(&mut read, &act.card.id)
            .await?
            .ok_or(Fault::Impossible("a card without secrets"))?
    };
    take_turn(
        house,
        call,
        &act.turn,
        &memory,
        UnlockRefusal::TicketInvalid,
    )
    .await?;
    Ok(Welcome {
        organisation: house.settings.organisation.clone(),
        holder: act.holder.full_name(),
        card_number: act.card.digits().map(str::to_owned),
        taken_up: secrets.unlock_code_next.is_some(),
        ask: Ask::ReadCard,
    })
}

async fn take_turn(
    house: &House,
    call: &Call<'_>,
    turn: &Turn,
    memory: &Memory,
    otherwise: UnlockRefusal,
) -> Result<(), Refused> {
    if ticket::save(house, call, turn, "opened", &ticket::remember(memory)?).await? {
        Ok(())
    } else {
        Err(otherwise.into())
    }
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
    let (memory, act) = resume(house, call, secret, "opened").await?;
    let outcome = step(house, call, memory, &act, reply).await;
    if let Err(stop) = &outcome
        && stop.code().is_some()
    {
        ticket::close(house, &act.turn.id, "stopped").await?;
    }
    let subject = format!("ticket:{}", act.turn.id);
    audit::refused(house, call, "unlock", &subject, outcome).await
}

async fn resume(
    house: &House,
    call: &mut Call<'_>,
    secret: &str,
    state: &str,
) -> Result<(Memory, OfficersAct), Refused> {
    let act = ticket::officers_act(house, call, secret, ("unlock", Act::Unlock), state)
        .await?
        .ok_or(UnlockRefusal::TicketInvalid)?;
    Ok((ticket::recall(&act.memory)?, act))
}

async fn step(
    house: &House,
    call: &mut Call<'_>,
    mut memory: Memory,
    act: &OfficersAct,
    reply: Reply,
) -> Result<Next, Refused> {
    if !is_in_use(act.card.state) {
        // Revoked since the last message.
        return Err(UnlockRefusal::NotInUse.into());
    }
    match (memory.choosing, reply) {
        (_, Reply::Stopped(reason)) => Err(stopped(reason).into()),
        (false, Reply::Card { number: seen }) => {
            if seen.is_none() || seen.as_deref() != act.card.digits() {
                return Err(UnlockRefusal::OtherCard.into());
            }
            let key = hex::decode(&memory.act_key).map_err(|_| UnlockRefusal::TicketInvalid)?;
            // The key came from the client: one that is no curve point is the client's fault.
            let ask = unlock_code::ask_for_new_code(house, call, &act.card.id, &key)
                .await?
                .ok_or(UnlockRefusal::AnswerUnexpected)?;
            house.seam("unlock.unlock-code-sent")?;
            memory.choosing = true;
            take_turn(
                house,
                call,
                &act.turn,
                &memory,
                UnlockRefusal::AnswerUnexpected,
            )
            .await?;
            Ok(Next::Ask(ask))
        }
        (true, Reply::CodeChosen) => {
            settle(house, call, &act.turn.id, &act.card.id).await?;
            Ok(Next::Finished)
        }
        (true, Reply::UnlockCodesRefused) => Err(UnlockRefusal::CodesRefused.into()),
        _ => Err(UnlockRefusal::AnswerUnexpected.into()),
    }
}

/// The card has the new unlock code and a code that its holder knows.
async fn settle(
    house: &House,
    call: &Call<'_>,
    ticket: &TicketId,
    card: &CardId,
) -> Result<(), Refused> {
    store::write!(house.database, |write| {
        if !store::ticket::set_state(write, ticket, "opened", "finished").await? {
            return Err(UnlockRefusal::TicketInvalid.into());
        }
        store::card::settle_unlock_code(write, card).await?;
        let detail = json!({ "ticket": ticket.as_str() });
        audit::event(
            write,
            call,
            "card.unlocked",
            &format!("card:{card}"),
            detail,
        )
        .await?;
        Ok::<_, Refused>(())
    })
}

fn stopped(reason: DeskStop) -> UnlockRefusal {
    match reason {
        DeskStop::Cancelled => UnlockRefusal::Cancelled,
        DeskStop::CardRemoved => UnlockRefusal::CardRemoved,
        DeskStop::OtherCard => UnlockRefusal::OtherCard,
        // No code is entered in this act; the unlock code is the one that can be blocked.
        DeskStop::CodeBlocked | DeskStop::CardFault => UnlockRefusal::CardFault,
    }
}

/// How far an unlocking has come, for the officer's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The client has opened the act.
    pub opened: bool,
    /// The act ended without success.
    pub stopped: bool,
    /// The holder has chosen a code.
    pub unlocked: bool,
}

/// Tells the officer how far the unlocking of a card has come.
///
/// # Errors
/// When there is no such card or the actor may not unlock it.
pub async fn progress(
    house: &House,
    call: &Call<'_>,
    card: &CardId,
    ticket: &TicketId,
) -> Result<Progress, Refused> {
    let mut read = house.database.read().await?;
    let row = store::card::by_id(&mut read, card)
        .await?
        .ok_or(UnlockRefusal::CardUnknown)?;
    let facts = crate::facts::of_card(&mut read, &row).await?;
    may(&call.actor, Act::Unlock, &facts)?;
    let state = store::ticket::by_id(&mut read, ticket)
        .await?
        .filter(|ticket| ticket.act == "unlock" && ticket.card.as_ref() == Some(card))
        .map(|ticket| ticket.state)
        .ok_or(UnlockRefusal::TicketInvalid)?;
    Ok(Progress {
        opened: state != "open",
        stopped: state == "stopped",
        unlocked: state == "finished",
    })
}
