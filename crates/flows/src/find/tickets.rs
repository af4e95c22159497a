//! Why an act at the card ended without success, told to whoever waits for it.

use model::id::TicketId;
use store::Read;

use super::{Looked, may_serve};
use crate::call::Call;
use crate::house::House;
use crate::ticket;

/// Why an officer's act at a card stopped: the code of the refusal, for whoever works at the station.
///
/// # Errors
/// When the actor may not work at the station.
pub async fn why_act_stopped(
    house: &House,
    call: &Call<'_>,
    id: &TicketId,
) -> Looked<Option<String>> {
    may_serve(&call.actor)?;
    let mut read = house.database.read().await?;
    match store::ticket::by_id(&mut read, id).await? {
        // A sign-in is nobody's but the browser's that began it.
        Some(row) if row.officer.is_some() => {
            refusal(&mut read, id, &format!("{}.refused", row.act)).await
        }
        _ => Ok(None),
    }
}

/// Why a sign-in stopped: the code of the refusal, for the browser that began it and no other.
///
/// # Errors
/// When the database is away.
pub async fn why_sign_in_stopped(
    house: &House,
    id: &TicketId,
    browser: &str,
) -> Looked<Option<String>> {
    let mut read = house.database.read().await?;
    let Some(row) = store::ticket::by_id(&mut read, id).await? else {
        return Ok(None);
    };
    let memory: serde_json::Value = ticket::recall(&row.memory)?;
    let its_browser = memory.get("browser").and_then(serde_json::Value::as_str);
    if row.act != "sign-in" || its_browser != Some(ticket::hash(browser).as_str()) {
        return Ok(None);
    }
    refusal(&mut read, id, "sign-in.refused").await
}

/// The code in the log's last refusal of a ticket.
async fn refusal(read: &mut Read, id: &TicketId, event: &str) -> Looked<Option<String>> {
    let rows = store::audit::list_by_subject(read, &format!("ticket:{id}"), 20).await?;
    Ok(rows
        .iter()
        .find(|row| row.event == event)
        .and_then(|row| serde_json::from_str::<serde_json::Value>(&row.detail).ok())
        .and_then(|detail| detail.get("code")?.as_str().map(str::to_owned)))
}
