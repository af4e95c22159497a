//! The receipt a holder signed, verified again each time it is shown.

use model::id::ReceiptId;
use model::identity_check::DocumentKind;
use pki::certificate::Certificate;
use store::Read;
use store::receipt::ReceiptRow;

use super::{
    CardSeen, Credential, FindRefusal, Looked, Names, credentials_of, holder_of, looked,
    may_read_own, may_see, may_serve, seen,
};
use crate::call::Call;
use crate::house::House;

/// A receipt with what is known around it.
#[derive(Clone, Debug)]
pub struct ReceiptFound {
    /// The receipt: its text and the signature over it.
    pub row: ReceiptRow,
    /// The card it was signed with, and the holder.
    pub seen: CardSeen,
    /// The certificates that were received.
    pub credentials: Vec<Credential>,
    /// The document that was shown at activation.
    pub document: Option<DocumentKind>,
    /// The officer who checked it.
    pub officer: Option<String>,
    /// The signature holds, and was made with a certificate of that card.
    pub verified: bool,
}

/// A receipt, for its holder and for the station.
///
/// # Errors
/// When there is none with that identifier, or the actor may not see it.
pub async fn receipt(house: &House, call: &Call<'_>, id: &ReceiptId) -> Looked<ReceiptFound> {
    let outcome = one(house, call, id).await;
    looked(house, call, &format!("receipt:{id}"), outcome).await
}

async fn one(house: &House, call: &Call<'_>, id: &ReceiptId) -> Looked<ReceiptFound> {
    let mut read = house.database.read().await?;
    let row = store::receipt::by_id(&mut read, id)
        .await?
        .ok_or(FindRefusal::ReceiptUnknown)?;
    let card = store::card::by_id(&mut read, &row.card)
        .await?
        .ok_or(FindRefusal::ReceiptUnknown)?;
    let person = holder_of(&mut read, &card).await?;
    if may_read_own(&call.actor, &card.person).is_err() {
        may_serve(&call.actor)?;
        may_see(&call.actor, &person)?;
    }
    let check = store::identity_check::latest_by_card(&mut read, &card.id).await?;
    let officer = match &check {
        Some(check) => {
            Names::default()
                .of_person(&mut read, &check.officer)
                .await?
        }
        None => None,
    };
    let verified = is_genuine(&mut read, &row).await?;
    let credentials = credentials_of(&mut read, &card).await?;
    let seen = seen(&mut read, card, person).await?;
    Ok(ReceiptFound {
        row,
        seen,
        credentials,
        document: check.map(|check| check.document.kind),
        officer,
        verified,
    })
}

/// Whether the signature holds, the certificate is one that we issued to this very card, and the text is the one signed.
async fn is_genuine(read: &mut Read, row: &ReceiptRow) -> Looked<bool> {
    let Ok(verified) = pki::jws::verify(&row.jws) else {
        return Ok(false);
    };
    let Some(signer) = verified.certificates.first().map(Certificate::der) else {
        return Ok(false);
    };
    let ours = store::certificate::list_by_card(read, &row.card)
        .await?
        .iter()
        .any(|certificate| certificate.der == signer);
    let payload: serde_json::Value = serde_json::from_slice(&verified.payload).unwrap_or_default();
    let same_text =
        payload.get("text").and_then(serde_json::Value::as_str) == Some(row.text.as_str());
    Ok(ours && same_text)
}
