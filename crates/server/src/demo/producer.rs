//! The demo's card producer: draws the faces, makes virtual chips, reports back. A real producer does the same with plastic.

use flows::deliver::{Report, report};
use flows::produce::{Consignment, consignments};
use model::id::{BatchId, CardId};
use model::role::Actor;
use print::{CardFace, CardLook, Faces, Photo, card_face};

use super::trouble;
use crate::process::SystemEntropy;
use crate::web::Web;

/// One finished card.
pub struct Made {
    /// Which card.
    pub card: CardId,
    /// Its number, 19 digits.
    pub number: String,
    /// The name on it.
    pub name: String,
    /// The chip.
    pub chip: vcard::Card,
    /// Both faces, PNG.
    pub faces: Faces,
}

/// Makes every card of a batch and reports it produced and sent.
///
/// # Errors
/// When the batch cannot be fetched, a face cannot be drawn, or a report is refused.
pub async fn produce(web: &Web, batch: &BatchId) -> anyhow::Result<Vec<Made>> {
    let mut asking = web.asking();
    let mut call = asking.call(Actor::Producer);
    let consignments = consignments(&web.house, &mut call, batch)
        .await
        .map_err(|stop| trouble("fetching a batch", stop))?;
    let mut made = Vec::with_capacity(consignments.len());
    for consignment in &consignments {
        made.push(make(web, consignment)?);
        for what in [Report::Produced, Report::Sent] {
            let mut asking = web.asking();
            let mut call = asking.call(Actor::Producer);
            report(&web.house, &mut call, &consignment.number, what)
                .await
                .map_err(|stop| trouble("reporting production", stop))?;
        }
    }
    Ok(made)
}

fn make(web: &Web, consignment: &Consignment) -> anyhow::Result<Made> {
    let photo = Photo::kept(consignment.photo.clone())?;
    let faces = card_face(&CardFace {
        organisation: &web.face.organisation,
        title: "E-tjänstekort",
        look: CardLook::Ordinary,
        given_name: &consignment.given_name,
        family_name: &consignment.family_name,
        photo: Some(&photo),
        valid_through: &consignment.expires_on.to_string(),
        card_number: consignment.number.digits(),
        product_code: &consignment.product,
        return_to: &["Upphittat kort lämnas till", "närmaste kortstation"],
    })?;
    let name = format!("{} {}", consignment.given_name, consignment.family_name);
    let expires_on = piv::Day::parse(
        consignment
            .expires_on
            .strftime("%Y%m%d")
            .to_string()
            .as_bytes(),
    )?;
    let mut personalisation = vcard::Personalisation::new(
        consignment.number.digits(),
        expires_on,
        transport_pin()?,
        piv::UnlockCode::parse(&consignment.unlock_code)?,
        piv::ManagementKey::new(*consignment.management_key),
    )?;
    personalisation.name.clone_from(&name);
    personalisation.guid = Some(consignment.guid);
    personalisation.organisation[0].clone_from(&web.face.organisation);
    let chip = vcard::Card::new(&personalisation, |bytes| {
        flows::Entropy::fill(&mut SystemEntropy, bytes)
    })?;
    Ok(Made {
        card: consignment.card.clone(),
        number: consignment.number.digits().to_owned(),
        name,
        chip,
        faces,
    })
}

/// The code a chip leaves the producer with: eight random digits that nobody keeps. The holder's own replaces it at activation.
fn transport_pin() -> anyhow::Result<piv::Pin> {
    let mut digits = zeroize::Zeroizing::new([0u8; 8]);
    flows::Entropy::fill(&mut SystemEntropy, digits.as_mut_slice());
    for digit in digits.iter_mut() {
        *digit = b'0' + *digit % 10;
    }
    Ok(piv::Pin::parse(digits.as_slice())?)
}
