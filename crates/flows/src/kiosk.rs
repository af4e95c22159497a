//! Photo kiosks: a machine with a camera that an officer opens, where people photograph themselves for the card whose code
//! they have. A kiosk overrules nothing: a photo with faults is not taken, and an officer sees each one before it is printed.

use model::Timestamp;
use model::card::{Card, CardState};
use model::id::{CardId, KioskId, PhotoId};
use model::label::Label;
use model::photo::PhotoFault;
use model::policy::{Act, Facts, may};
use model::role::Actor;
use serde_json::json;
use store::kiosk::KioskRow;
use store::{Read, Write};

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::photograph::{self, PhotographRefusal};
use crate::refusal::{Fault, Stop, refusals};

refusals! {
    /// Why a kiosk says no.
    KioskRefusal {
        /// This machine is no open kiosk.
        NotOpen = "kiosk.not-open",
        /// No place was named.
        PlaceUnclear = "kiosk.place-unclear",
        /// No card waits for a photo under that code.
        CodeWrong = "kiosk.code-wrong",
        /// Too many wrong codes: the kiosk takes none for a while.
        Locked = "kiosk.locked",
        /// The photo was forgotten meanwhile.
        PhotoGone = "kiosk.photo-gone",
    }
}

/// A long day: whoever opens a kiosk in the morning need not come back at noon.
const OPEN_SECONDS: u32 = 14 * 3600;
/// A photo that nobody says yes to is kept so long.
pub(crate) const UNKEPT_SECONDS: i64 = 600;
/// Wrong codes before the first pause.
const FREE_TRIES: i64 = 4;
/// The pauses: one minute, doubled with each wrong code, an hour at the most. A code of one's own ends nothing, or whoever has one
/// could try others between; a photo that is kept does, for that uses the code up. So a kiosk tries some thirty codes a day at worst,
/// of a hundred million.
const FIRST_PAUSE_SECONDS: i64 = 60;
const LONGEST_PAUSE_SECONDS: i64 = 3600;

/// A kiosk just opened.
pub struct Opened {
    /// Which.
    pub id: KioskId,
    /// What the machine is recognised by; the database keeps its hash.
    pub secret: String,
    /// For how long, in seconds.
    pub seconds: u32,
}

/// Opens a kiosk on the officer's machine. The caller ends the officer's own session there.
///
/// # Errors
/// When no place is named, or the actor may not.
pub async fn open(
    house: &House,
    call: &mut Call<'_>,
    place: &str,
) -> Result<Opened, Stop<KioskRefusal>> {
    let outcome = open_here(house, call, place).await;
    audit::refused(house, call, "open-kiosk", "kiosk", outcome).await
}

async fn open_here(
    house: &House,
    call: &mut Call<'_>,
    place: &str,
) -> Result<Opened, Stop<KioskRefusal>> {
    may(&call.actor, Act::OpenKiosk, &Facts::default())?;
    let place = Label::parse(place).map_err(|_| KioskRefusal::PlaceUnclear)?;
    let opened = Opened {
        id: KioskId::new(call.now, call.random()),
        secret: call.secret(),
        seconds: OPEN_SECONDS,
    };
    let row = KioskRow {
        id: opened.id.clone(),
        secret_hash: crate::ticket::hash(&opened.secret),
        place,
        opened_by: call
            .actor
            .person()
            .cloned()
            .ok_or(Fault::Impossible("a kiosk opened by nobody"))?,
        opened_at: call.now,
        expires_at: Timestamp(call.now.seconds() + i64::from(OPEN_SECONDS)),
        wrong_codes: 0,
        locked_until: call.now,
    };
    store::write!(house.database, |write| {
        store::kiosk::insert(write, &row).await?;
        audit::event(
            write,
            call,
            "kiosk.opened",
            &format!("kiosk:{}", row.id),
            json!({ "place": row.place.as_str() }),
        )
        .await?;
        Ok::<_, Stop<KioskRefusal>>(())
    })?;
    Ok(opened)
}

/// The kiosks that are open.
///
/// # Errors
/// When the actor may not open any.
pub async fn list(house: &House, call: &Call<'_>) -> Result<Vec<KioskRow>, Stop<KioskRefusal>> {
    may(&call.actor, Act::OpenKiosk, &Facts::default())?;
    let mut read = house.database.read().await?;
    Ok(store::kiosk::list_open(&mut read, call.now).await?)
}

/// Closes a kiosk, wherever it stands.
///
/// # Errors
/// When it is not open, or the actor may not.
pub async fn close(
    house: &House,
    call: &mut Call<'_>,
    id: &KioskId,
) -> Result<(), Stop<KioskRefusal>> {
    let outcome = async {
        may(&call.actor, Act::OpenKiosk, &Facts::default())?;
        store::write!(house.database, |write| {
            if !store::kiosk::close(write, id).await? {
                return Err(KioskRefusal::NotOpen.into());
            }
            audit::event(
                write,
                call,
                "kiosk.closed",
                &format!("kiosk:{id}"),
                json!({}),
            )
            .await?;
            Ok::<_, Stop<KioskRefusal>>(())
        })
    }
    .await;
    audit::refused(house, call, "close-kiosk", &format!("kiosk:{id}"), outcome).await
}

/// The kiosk that a machine's secret belongs to, as an actor.
///
/// # Errors
/// When none is open under that secret.
pub async fn actor(
    house: &House,
    now: Timestamp,
    secret: &str,
) -> Result<Actor, Stop<KioskRefusal>> {
    let mut read = house.database.read().await?;
    let row = store::kiosk::by_secret_hash(&mut read, &crate::ticket::hash(secret)).await?;
    match row.filter(|row| row.expires_at > now) {
        Some(row) => Ok(Actor::Kiosk { kiosk: row.id }),
        None => Err(KioskRefusal::NotOpen.into()),
    }
}

/// Whose photo is to be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sitter {
    /// The card.
    pub card: CardId,
    /// The given name and the first letter of the family name, so that somebody sees that it is their own code; nothing for a
    /// protected identity.
    pub name: Option<String>,
}

/// Whom a code belongs to. Wrong codes are counted and make the kiosk pause.
///
/// # Errors
/// When no card waits under that code, the kiosk pauses, or the actor is none.
pub async fn recognise(
    house: &House,
    call: &mut Call<'_>,
    code: &str,
) -> Result<Sitter, Stop<KioskRefusal>> {
    let kiosk = kiosk_of(call)?.clone();
    let outcome = store::write!(house.database, |write| {
        let row = store::kiosk::by_id(write, &kiosk)
            .await?
            .ok_or(KioskRefusal::NotOpen)?;
        if row.locked_until > call.now {
            return Ok(Err(KioskRefusal::Locked));
        }
        let Some(card) = by_code(write, call, code).await? else {
            let wrong = row.wrong_codes + 1;
            let locked_until = Timestamp(call.now.seconds() + pause(wrong));
            store::kiosk::set_wrong_codes(write, &kiosk, wrong, locked_until).await?;
            return Ok(Err(KioskRefusal::CodeWrong));
        };
        let facts = crate::facts::of_card(write, &card).await?;
        may(&call.actor, Act::Photograph, &facts)?;
        Ok(Ok(sitter(write, card).await?))
    });
    let outcome = match outcome {
        Ok(outcome) => outcome.map_err(Stop::from),
        Err(stop) => Err(stop),
    };
    audit::refused(house, call, "kiosk", &format!("kiosk:{kiosk}"), outcome).await
}

fn pause(wrong: i64) -> i64 {
    let over = wrong - FREE_TRIES;
    if over <= 0 {
        return 0;
    }
    let doubled = u32::try_from(over - 1).unwrap_or(u32::MAX).min(10);
    (FIRST_PAUSE_SECONDS << doubled).min(LONGEST_PAUSE_SECONDS)
}

fn kiosk_of<'a>(call: &'a Call<'_>) -> Result<&'a KioskId, KioskRefusal> {
    match &call.actor {
        Actor::Kiosk { kiosk } => Ok(kiosk),
        _ => Err(KioskRefusal::NotOpen),
    }
}

/// The card that waits for a photo under a code.
async fn by_code(read: &mut Read, call: &Call<'_>, code: &str) -> Result<Option<Card>, Fault> {
    let hash = crate::photo_code::hash(code);
    let Some(card) = store::photo_code::card(read, &hash, call.now).await? else {
        return Ok(None);
    };
    let card = store::card::by_id(read, &card).await?;
    Ok(card.filter(|card| card.state == CardState::AwaitingPhoto))
}

async fn sitter(read: &mut Read, card: Card) -> Result<Sitter, Fault> {
    let person = store::person::by_id(read, &card.person)
        .await?
        .ok_or(Fault::Impossible("a card without a person"))?;
    let initial = person.family_name.as_str().chars().next();
    let name = format!(
        "{} {}",
        person.given_name.as_str(),
        initial.map(String::from).unwrap_or_default()
    );
    Ok(Sitter {
        card: card.id,
        name: person.protected.is_none().then_some(name),
    })
}

/// What came of a try at the kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// A photo without faults, for the person to say yes to.
    Good(PhotoId),
    /// What was wrong. The picture is forgotten.
    Bad(Vec<PhotoFault>),
}

/// Looks at a picture taken at the kiosk for the card of that code.
///
/// # Errors
/// When the file makes no photo, the code leads to no card, or the actor may not.
pub async fn photograph(
    house: &House,
    call: &mut Call<'_>,
    code: &str,
    file: &[u8],
) -> Result<Tried, Stop<PhotographRefusal>> {
    let outcome = take(house, call, code, file).await;
    audit::refused(house, call, "photograph", "kiosk", outcome).await
}

async fn take(
    house: &House,
    call: &mut Call<'_>,
    code: &str,
    file: &[u8],
) -> Result<Tried, Stop<PhotographRefusal>> {
    {
        let mut read = house.database.read().await?;
        let card = by_code(&mut read, call, code)
            .await?
            .ok_or(PhotographRefusal::CardUnknown)?;
        let facts = crate::facts::of_card(&mut read, &card).await?;
        may(&call.actor, Act::Photograph, &facts)?;
    }
    let kiosk = kiosk_of(call)
        .cloned()
        .map_err(|_| PhotographRefusal::CardUnknown)?;
    let judged = photograph::judge(file.to_vec()).await?;
    if !judged.faults.is_empty() {
        return Ok(Tried::Bad(judged.faults));
    }
    let id = PhotoId::new(call.now, call.random());
    store::write!(house.database, |write| {
        let card = by_code(write, call, code)
            .await?
            .ok_or(PhotographRefusal::CardUnknown)?;
        photograph::insert(write, call, &id, &card.person, &judged).await?;
        store::kiosk_photo::insert(write, &id, &kiosk, &card.id, call.now).await?;
        Ok::<_, Stop<PhotographRefusal>>(())
    })?;
    Ok(Tried::Good(id))
}

/// A photo that the kiosk took and the person has not said yes to, JPEG.
///
/// # Errors
/// When it is not this kiosk's, or was forgotten.
pub async fn picture(
    house: &House,
    call: &Call<'_>,
    photo: &PhotoId,
) -> Result<Vec<u8>, Stop<KioskRefusal>> {
    let kiosk = kiosk_of(call)?;
    let mut read = house.database.read().await?;
    store::kiosk_photo::card(&mut read, photo, kiosk)
        .await?
        .ok_or(KioskRefusal::PhotoGone)?;
    let picture = store::photo::picture(&mut read, photo).await?;
    Ok(picture.ok_or(KioskRefusal::PhotoGone)?)
}

/// The person says yes: the photo goes to the officers, and the code is used up.
///
/// # Errors
/// When the photo was forgotten, or the card no longer waits for one.
pub async fn keep(
    house: &House,
    call: &mut Call<'_>,
    photo: &PhotoId,
) -> Result<(), Stop<KioskRefusal>> {
    let kiosk = kiosk_of(call)?.clone();
    let outcome = store::write!(house.database, |write| {
        let card = store::kiosk_photo::card(write, photo, &kiosk)
            .await?
            .ok_or(KioskRefusal::PhotoGone)?;
        let card = store::card::by_id(write, &card)
            .await?
            .filter(|card| card.state == CardState::AwaitingPhoto)
            .ok_or(KioskRefusal::PhotoGone)?;
        let facts = crate::facts::of_card(write, &card).await?;
        may(&call.actor, Act::Photograph, &facts)?;
        store::kiosk_photo::remove(write, photo).await?;
        store::photo_code::remove(write, &card.id).await?;
        store::kiosk::set_wrong_codes(write, &kiosk, 0, call.now).await?;
        photograph::put_on_card(write, call, &card, photo, &[]).await?;
        Ok::<_, Stop<KioskRefusal>>(())
    });
    audit::refused(house, call, "kiosk", &format!("kiosk:{kiosk}"), outcome).await
}

/// The person wants another photo, or left: this one is forgotten. The code stays.
///
/// # Errors
/// When the actor is no kiosk, or the database is away.
pub async fn forget(
    house: &House,
    call: &mut Call<'_>,
    photo: &PhotoId,
) -> Result<(), Stop<KioskRefusal>> {
    let kiosk = kiosk_of(call)?.clone();
    store::write!(house.database, |write| {
        if store::kiosk_photo::card(write, photo, &kiosk)
            .await?
            .is_some()
        {
            forget_in(write, photo).await?;
        }
        Ok::<_, Stop<KioskRefusal>>(())
    })
}

async fn forget_in(write: &mut Write, photo: &PhotoId) -> Result<(), Fault> {
    store::kiosk_photo::remove(write, photo).await?;
    store::photo::remove(write, photo).await?;
    Ok(())
}

/// Forgets what people walked away from, and what closed or ended by itself.
pub(crate) async fn sweep(house: &House, now: Timestamp) -> Result<(), Fault> {
    store::write!(house.database, |write| {
        let before = Timestamp(now.seconds() - UNKEPT_SECONDS);
        for photo in store::kiosk_photo::list_old(write, before).await? {
            forget_in(write, &photo).await?;
        }
        store::kiosk::remove_expired(write, now).await?;
        store::photo_code::remove_expired(write, now).await?;
        Ok::<_, Fault>(())
    })
}
