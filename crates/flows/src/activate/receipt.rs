//! The receipt: the holder signs, with the new card, that the card and its terms were received. A compact JWS with the
//! card's certificate in its header (RFC 7515 4.1.6), which anyone can verify offline.

use model::card::CardState;
use model::credential::{CredentialKind, CredentialState};
use model::id::{ReceiptId, TicketId};
use model::order::OrderState;
use pki::certificate::Certificate;
use serde_json::json;
use store::certificate::CertificateRow;

use super::{ActivateRefusal, Activation, Asked, Refused};
use crate::audit;
use crate::call::Call;
use crate::desk::Ask;
use crate::house::House;
use crate::refusal::Fault;

/// The version of the terms that the holder accepts; the text stands in [`text`].
const TERMS: &str = "2026-11";

/// What the holder reads and signs, in Swedish: the receipt is a document of a Swedish public body.
fn text(house: &House, call: &Call<'_>, act: &Activation) -> String {
    let number = act
        .card
        .number
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let last_day = act
        .card
        .expires_on
        .map(|date| date.to_string())
        .unwrap_or_default();
    format!(
        "Kvittens\n\n\
         Jag, {name} ({hsa_id}), har idag tagit emot e-tjänstekort {number} från {organisation} \
         och själv valt min säkerhetskod. Kortet gäller till och med {last_day}.\n\n\
         Kortet är personligt och en värdehandling. Jag lånar inte ut det, jag håller koden hemlig, jag spärrar kortet \
         genast om det kommer bort, och jag lämnar tillbaka det klippt itu när mitt uppdrag upphör.\n\n\
         {when}",
        name = act.holder.full_name(),
        hsa_id = act.holder.hsa_id.as_str(),
        organisation = house.settings.organisation,
        when = crate::calendar::swedish_minute(call.now),
    )
}

fn login_row(certificates: &[CertificateRow]) -> Result<&CertificateRow, Fault> {
    certificates
        .iter()
        .find(|row| row.kind == CredentialKind::Login && row.state == CredentialState::Active)
        .ok_or(Fault::Impossible(
            "an activated card without a login certificate",
        ))
}

/// Asks for the holder's signature on the receipt.
pub(super) fn ask(
    house: &House,
    call: &Call<'_>,
    act: &Activation,
    certificates: &[CertificateRow],
) -> Result<(Asked, Ask), Refused> {
    let login = login_row(certificates)?;
    let certificate =
        Certificate::from_der(&login.der).map_err(Fault::doing("reading a certificate of ours"))?;
    let text = text(house, call, act);
    let payload = json!({
        "act": "card.received",
        "card": act.card.number.as_ref().map(model::card::CardNumber::digits),
        "holder": act.holder.hsa_id.as_str(),
        "officer": act.officer.as_str(),
        "received_at": call.now.seconds(),
        "terms": TERMS,
        "text": text,
        "certificates": certificates
            .iter()
            .filter(|row| row.state == CredentialState::Active)
            .map(|row| json!({ "authority": row.authority, "kind": row.kind.code(), "serial": row.serial }))
            .collect::<Vec<_>>(),
    });
    let key = certificate.public_key();
    let kind = key.kind();
    let header = pki::jws::Header {
        algorithm: kind.signature_algorithm(),
        typ: Some("sigill-receipt+json"),
        key_id: None,
        certificates: std::slice::from_ref(&certificate),
    };
    let input = pki::jws::signing_input(&header, payload.to_string().as_bytes())
        .map_err(Fault::doing("making a receipt"))?;
    let asked = Asked::Receipt {
        text: text.clone(),
        input: input.clone(),
    };
    Ok((
        asked,
        Ask::Sign {
            slot: CredentialKind::Login.slot(),
            kind,
            message: input.into_bytes(),
            text: Some(text),
        },
    ))
}

/// Verifies and keeps the signed receipt: the card is active, the order fulfilled.
pub(super) async fn finish(
    house: &House,
    call: &mut Call<'_>,
    ticket: &TicketId,
    act: &Activation,
    text: &str,
    input: &str,
    signature: &[u8],
) -> Result<(), Refused> {
    let certificates = {
        let mut read = house.database.read().await?;
        store::certificate::list_by_card(&mut read, &act.card.id).await?
    };
    let login = login_row(&certificates)?;
    let certificate =
        Certificate::from_der(&login.der).map_err(Fault::doing("reading a certificate of ours"))?;
    let algorithm = certificate.public_key().kind().signature_algorithm();
    let jws = pki::jws::assemble(input, algorithm, signature)
        .map_err(|_| ActivateRefusal::ReceiptInvalid)?;
    let verified = pki::jws::verify(&jws).map_err(|_| ActivateRefusal::ReceiptInvalid)?;
    if verified.certificates.first() != Some(&certificate) {
        return Err(ActivateRefusal::ReceiptInvalid.into());
    }
    let id = ReceiptId::new(call.now, call.random());
    store::write!(house.database, |write| {
        let row = store::card::by_id(write, &act.card.id)
            .await?
            .ok_or(ActivateRefusal::CardUnknown)?;
        if row.state != CardState::PartlyActivated {
            return Err(ActivateRefusal::NotWaiting.into());
        }
        let receipt = store::receipt::ReceiptRow {
            id: id.clone(),
            card: act.card.id.clone(),
            person: act.card.person.clone(),
            kind: "card.received".to_owned(),
            text: text.to_owned(),
            jws: jws.clone(),
            signed_at: call.now,
        };
        store::receipt::insert(write, &receipt).await?;
        super::activate_card(write, call, &act.card.id).await?;
        store::card_order::set_state(
            write,
            &act.card.order,
            OrderState::Open,
            OrderState::Fulfilled,
        )
        .await?;
        store::ticket::set_state(write, ticket, "opened", "finished").await?;
        audit::event(
            write,
            call,
            "receipt.signed",
            &format!("card:{}", act.card.id),
            json!({ "receipt": id.as_str() }),
        )
        .await?;
        Ok::<_, Refused>(())
    })
}
