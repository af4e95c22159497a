//! Approving or rejecting a function: never by whoever asked for it, and never from the console.

use model::function::{Function, FunctionAct};
use model::id::FunctionId;
use model::policy::{Act, may};
use serde_json::json;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Stop, refusals};

refusals! {
    /// Why a function is not decided on.
    DecideFunctionRefusal {
        /// No function with that identifier.
        FunctionUnknown = "decide-function.function-unknown",
        /// Somebody has decided already.
        AlreadyDecided = "decide-function.already-decided",
    }
}

/// Approves a function: from now on it gets certificates.
///
/// # Errors
/// When there is no such function, it is decided on already, or the actor may not: whoever asked may not.
pub async fn approve(
    house: &House,
    call: &mut Call<'_>,
    id: &FunctionId,
) -> Result<Function, Stop<DecideFunctionRefusal>> {
    decide(house, call, id, FunctionAct::Approve, "function.approved").await
}

/// Rejects a function for good; another may be asked for.
///
/// # Errors
/// As [`approve`].
pub async fn reject(
    house: &House,
    call: &mut Call<'_>,
    id: &FunctionId,
) -> Result<Function, Stop<DecideFunctionRefusal>> {
    decide(house, call, id, FunctionAct::Reject, "function.rejected").await
}

/// The code of the refusal that deciding on a function would meet for the actor's own sake, if any: for pages that show what can
/// be done.
#[must_use]
pub fn refused(call: &Call<'_>, function: &Function) -> Option<&'static str> {
    may(&call.actor, Act::DecideFunction, &super::facts(function))
        .err()
        .map(model::policy::Denied::code)
}

async fn decide(
    house: &House,
    call: &Call<'_>,
    id: &FunctionId,
    act: FunctionAct,
    event: &'static str,
) -> Result<Function, Stop<DecideFunctionRefusal>> {
    let outcome = decided(house, call, id, act, event).await;
    audit::refused(
        house,
        call,
        "decide-function",
        &super::subject_of(id),
        outcome,
    )
    .await
}

async fn decided(
    house: &House,
    call: &Call<'_>,
    id: &FunctionId,
    act: FunctionAct,
    event: &'static str,
) -> Result<Function, Stop<DecideFunctionRefusal>> {
    store::write!(house.database, |write| {
        let function = store::function::by_id(write, id)
            .await?
            .ok_or(DecideFunctionRefusal::FunctionUnknown)?;
        may(&call.actor, Act::DecideFunction, &super::facts(&function))?;
        let to = function
            .state
            .after(act)
            .map_err(|_| DecideFunctionRefusal::AlreadyDecided)?;
        if !store::function::set_state(write, id, function.state, to, call.now).await? {
            return Err(DecideFunctionRefusal::AlreadyDecided.into());
        }
        audit::event(write, call, event, &super::subject_of(id), json!({})).await?;
        Ok::<_, Stop<DecideFunctionRefusal>>(Function {
            state: to,
            state_since: call.now,
            ..function
        })
    })
}
