//! Photograph, and production in batches.

use askama::Template;
use model::photo::PhotoFault;

use super::{CardHead, Refusal, Shell};
use crate::pages::Problems;
use crate::text::When;

/// Take or upload the photo. `GET /station/cards/{id}/photo`; posts the file field `photo` (JPEG, PNG or WebP) as
/// multipart to `action`; the verdict's approval posts `photo`, and `reason` when there are faults, to `approve`.
#[derive(Template)]
#[template(path = "station/photograph.html")]
pub struct Photograph {
    /// The frame.
    pub shell: Shell,
    /// The card and its holder.
    pub head: CardHead,
    /// Where the photo is posted to.
    pub action: String,
    /// The photo that was taken and waits for a decision.
    pub verdict: Option<PhotoVerdict>,
    /// What was wrong with the approval.
    pub problems: Problems,
    /// Set when the file could not be used.
    pub refusal: Option<Refusal>,
    /// In the demo, where a picture of somebody invented is fetched.
    pub portrait: Option<String>,
}

/// A photo, cropped as it will stand on the card, and what the automatic checks say of it.
#[derive(Clone, Debug)]
pub struct PhotoVerdict {
    /// The photo's identifier, which the approval names.
    pub id: String,
    /// The address of the photo.
    pub photo: String,
    /// True when it was taken in a photo kiosk, where nobody has seen it yet.
    pub from_kiosk: bool,
    /// The checks, in order.
    pub checks: Vec<PhotoCheck>,
    /// Where an approval posts to; `None` when a fault is one that no officer may overrule.
    pub approve: Option<String>,
    /// The reason that was given for overruling, as it was sent.
    pub reason: String,
}

impl PhotoVerdict {
    /// True when all checks were passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.faults.is_empty())
    }
}

/// One check of a photo.
#[derive(Clone, Debug)]
pub struct PhotoCheck {
    /// The code of the check; texts `photo-check-…`.
    pub code: String,
    /// What it found; texts `photo-fault-…` and `photo-advice-…`. Passed when nothing.
    pub faults: Vec<String>,
}

impl PhotoCheck {
    /// The checks that were made of a photo with these faults.
    #[must_use]
    pub fn all(faults: &[PhotoFault]) -> Vec<Self> {
        let made = model::photo::PhotoCheck::ALL
            .iter()
            .filter(|check| check.was_made(faults));
        made.map(|check| Self {
            code: check.code().to_owned(),
            faults: faults
                .iter()
                .filter(|fault| fault.check() == *check)
                .map(|fault| fault.code().to_owned())
                .collect(),
        })
        .collect()
    }
}

/// Cards ready for production, and the batches. `GET /station/production`; posts `card` (repeated) to `action`.
#[derive(Template)]
#[template(path = "station/production.html")]
pub struct Production {
    /// The frame.
    pub shell: Shell,
    /// Cards to choose.
    pub ready: Vec<ReadyCard>,
    /// Earlier batches, newest first.
    pub batches: Vec<BatchLine>,
    /// Where the form posts to.
    pub action: String,
    /// What was wrong with the form.
    pub problems: Problems,
    /// Set when it was refused.
    pub refusal: Option<Refusal>,
}

/// A card ready for production.
#[derive(Clone, Debug)]
pub struct ReadyCard {
    /// The value of the checkbox: the card's id.
    pub id: String,
    /// The holder's name.
    pub name: String,
    /// The unit.
    pub unit: String,
    /// The product code.
    pub product: String,
    /// Ready since.
    pub since: When,
}

/// A batch in a line.
#[derive(Clone, Debug)]
pub struct BatchLine {
    /// The address of the batch.
    pub href: String,
    /// Its id, shown short.
    pub id: String,
    /// When it was sent to the producer.
    pub created: When,
    /// Who sent it.
    pub by: String,
    /// Cards in all.
    pub total: usize,
    /// Cards that are produced, or further.
    pub produced: usize,
    /// Cards that are sent, or further.
    pub sent: usize,
    /// Cards that failed.
    pub failed: usize,
}

impl BatchLine {
    /// Share of the cards that are produced, in percent.
    pub fn percent_produced(&self) -> usize {
        (self.produced * 100).checked_div(self.total).unwrap_or(0)
    }

    /// Share of the cards that are sent, in percent.
    pub fn percent_sent(&self) -> usize {
        (self.sent * 100).checked_div(self.total).unwrap_or(0)
    }
}

/// One batch, and the producer's report. `GET /station/batches/{id}`; posts `report` (`produced`, `sent`, `failed`,
/// `undelivered`) and `card` (repeated) to `action`.
#[derive(Template)]
#[template(path = "station/batch.html")]
pub struct Batch {
    /// The frame.
    pub shell: Shell,
    /// The batch in short.
    pub batch: BatchLine,
    /// Its cards.
    pub cards: Vec<BatchCard>,
    /// Where reports are posted to; `None` when this person may not report.
    pub action: Option<String>,
    /// What was wrong with the form.
    pub problems: Problems,
    /// Set when it was refused.
    pub refusal: Option<Refusal>,
}

/// A card in a batch.
#[derive(Clone, Debug)]
pub struct BatchCard {
    /// The value of the checkbox: the card's id.
    pub id: String,
    /// The address of the card.
    pub href: String,
    /// The holder's name.
    pub name: String,
    /// The number in groups of four, once it has one.
    pub number: Option<String>,
    /// The code of its state.
    pub state: String,
}
