//! The identity check before activation, and before a card in use gets a new code: one of five Swedish documents, valid today, and every point of the checklist.

use std::collections::BTreeMap;

use model::id::{CardId, IdentityCheckId, PersonId};
use model::identity_check::{CheckPoint, DocumentKind, IdentityCheck, IdentityCheckProblem};
use model::policy::{Act, may};
use model::{Date, Timestamp};
use serde_json::json;
use store::{Read, StoreError};

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, Refuse, Stop};

/// An identity check counts for one hour: the person stands at the desk.
const COUNTS_SECONDS: i64 = 3_600;

/// Why an identity check is not complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckIdentityRefusal {
    /// No card with that identifier.
    CardUnknown,
    /// The card is neither there to be activated nor in use.
    NotWaiting,
    /// The document or the checklist.
    Problem(IdentityCheckProblem),
}

impl Refuse for CheckIdentityRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::CardUnknown => "check-identity.card-unknown",
            Self::NotWaiting => "check-identity.not-waiting",
            Self::Problem(problem) => problem.code(),
        }
    }
}

impl From<CheckIdentityRefusal> for Stop<CheckIdentityRefusal> {
    fn from(refusal: CheckIdentityRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Whether the card's holder has been known again by that officer within the hour: what comes after needs it.
pub(crate) async fn is_checked(
    read: &mut Read,
    card: &CardId,
    officer: &PersonId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let latest = store::identity_check::latest_by_card(read, card).await?;
    Ok(latest.is_some_and(|check| {
        check.officer == *officer && check.checked_at.seconds() + COUNTS_SECONDS > now.seconds()
    }))
}

/// What the officer has in hand and has looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentShown {
    /// Which of the five documents.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// Its last day.
    pub expires_on: Date,
    /// The checklist: what was looked at, and whether it was right.
    pub answers: BTreeMap<CheckPoint, bool>,
}

/// Records a completed identity check by the officer who calls.
///
/// # Errors
/// When the document does not do, a checkpoint is missing, or the officer may not (K3.4: not the orderer, not the holder).
pub async fn check_identity(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
    shown: &DocumentShown,
) -> Result<IdentityCheckId, Stop<CheckIdentityRefusal>> {
    let outcome = check(house, call, card, shown).await;
    audit::refused(
        house,
        call,
        "check-identity",
        &format!("card:{card}"),
        outcome,
    )
    .await
}

async fn check(
    house: &House,
    call: &mut Call<'_>,
    card: &CardId,
    shown: &DocumentShown,
) -> Result<IdentityCheckId, Stop<CheckIdentityRefusal>> {
    let id = IdentityCheckId::new(call.now, call.random());
    let today = call.today();
    store::write!(house.database, |write| {
        let row = store::card::by_id(write, card)
            .await?
            .ok_or(CheckIdentityRefusal::CardUnknown)?;
        let facts = crate::facts::of_card(write, &row).await?;
        may(&call.actor, Act::CheckIdentity, &facts)?;
        if !crate::activate::is_waiting(row.state) && !crate::unlock::is_in_use(row.state) {
            return Err(CheckIdentityRefusal::NotWaiting.into());
        }
        let check = IdentityCheck::complete(
            shown.kind,
            &shown.number,
            shown.expires_on,
            &shown.answers,
            today,
        )
        .map_err(CheckIdentityRefusal::Problem)?;
        let officer = call
            .actor
            .person()
            .cloned()
            .ok_or(Fault::Impossible("an identity check by nobody"))?;
        let recorded = store::identity_check::IdentityCheckRow {
            id: id.clone(),
            card: card.clone(),
            officer,
            checked_at: call.now,
            document: check.document().clone(),
        };
        store::identity_check::insert(write, &recorded).await?;
        // The kind is logged; the document's number stays in its row (data minimisation).
        let detail = json!({ "check": id.as_str(), "document": recorded.document.kind.code() });
        audit::event(
            write,
            call,
            "identity.checked",
            &format!("card:{card}"),
            detail,
        )
        .await?;
        Ok::<_, Stop<CheckIdentityRefusal>>(())
    })?;
    Ok(id)
}
