//! The one way a card's state changes: the model says whether the step is legal, a guarded update takes it, the log keeps it.

use model::card::CardAct;
use model::id::CardId;
use serde_json::json;
use store::Write;

use crate::audit;
use crate::call::Call;
use crate::refusal::Fault;

/// What the log calls the step.
fn event(act: CardAct) -> &'static str {
    match act {
        CardAct::Submit => "card.ordered",
        CardAct::RequestPhoto => "card.photo-requested",
        CardAct::ApprovePhoto => "card.photo-approved",
        CardAct::SendToProduction => "card.sent-to-production",
        CardAct::ReportFailed => "card.production-failed",
        CardAct::ReportProduced => "card.produced",
        CardAct::ReportSent => "card.sent",
        CardAct::ReportUndelivered => "card.returned-undelivered",
        CardAct::Lapse => "card.lapsed",
        CardAct::ChooseCode => "card.code-chosen",
        CardAct::SignReceipt => "card.activated",
        CardAct::Revoke => "card.revoked",
        CardAct::Expire => "card.expired",
        CardAct::Replace => "card.replaced",
        CardAct::Deregister => "card.deregistered",
        CardAct::Cancel => "card.cancelled",
    }
}

/// Takes one step in a card's life. The caller has checked that it is legal and refused in its own words otherwise; an
/// illegal step here is therefore a fault.
///
/// # Errors
/// When the card is not there, the step is illegal, or the database refuses.
pub(crate) async fn take(
    write: &mut Write,
    call: &Call<'_>,
    card: &CardId,
    act: CardAct,
) -> Result<(), Fault> {
    let row = store::card::by_id(write, card)
        .await?
        .ok_or(Fault::Impossible("a card that is not there"))?;
    let next = row
        .state
        .after(act)
        .map_err(Fault::doing("changing a card's state"))?;
    if !store::card::set_state(write, card, row.state, next, call.now).await? {
        return Err(Fault::Impossible(
            "a card changed under its own transaction",
        ));
    }
    let detail = json!({ "from": row.state.code(), "to": next.code() });
    audit::event(write, call, event(act), &format!("card:{card}"), detail).await?;
    Ok(())
}
