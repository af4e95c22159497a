//! Cards: from draft to deregistration, by the transitions below and no others.

use crate::coded::coded;
use crate::id::{BatchId, CardId, OrderId, PersonId, PhotoId};
use crate::product::ProductCode;
use crate::{Date, Timestamp};

pub use crate::card_number::{BadCardNumber, CardNumber};

coded! {
    /// Where a card stands.
    pub enum CardState ("state of a card") {
        /// Begun by an orderer, not submitted.
        Draft = "draft",
        /// Submitted.
        Ordered = "ordered",
        /// Waiting for an approved portrait. A product without photo passes through with the photo waived.
        AwaitingPhoto = "awaiting-photo",
        /// Can go into a batch.
        ReadyForProduction = "ready-for-production",
        /// With the producer.
        InProduction = "in-production",
        /// The producer could not make it.
        ProductionFailed = "production-failed",
        /// Made, not sent.
        Produced = "produced",
        /// On its way, or with the holder and not activated.
        Sent = "sent",
        /// Came back undelivered.
        Returned = "returned",
        /// Not activated within 90 days.
        ExpiredUnactivated = "expired-unactivated",
        /// The holder has chosen a code and the certificates are on the card; the receipt is not signed. Revoked after 5 days.
        PartlyActivated = "partly-activated",
        /// In use.
        Active = "active",
        /// Stopped before its time.
        Revoked = "revoked",
        /// Its last day has passed.
        Expired = "expired",
        /// A newer card took over.
        Replaced = "replaced",
        /// Cut and handed in, or declared missing. The end.
        Deregistered = "deregistered",
        /// Taken back before it carried any certificate. The end.
        Cancelled = "cancelled",
    }
}

coded! {
    /// What can happen to a card.
    pub enum CardAct ("act on a card") {
        /// The orderer submits the order.
        Submit = "submit",
        /// A photo is asked for.
        RequestPhoto = "request-photo",
        /// The photo is approved, or waived for a product without.
        ApprovePhoto = "approve-photo",
        /// The card goes to the producer in a batch.
        SendToProduction = "send-to-production",
        /// The producer reports that the card could not be made.
        ReportFailed = "report-failed",
        /// The producer reports that the card is made.
        ReportProduced = "report-produced",
        /// The producer reports that the card is sent.
        ReportSent = "report-sent",
        /// The card came back undelivered.
        ReportUndelivered = "report-undelivered",
        /// Ninety days passed without activation.
        Lapse = "lapse",
        /// The holder chose a code, at activation.
        ChooseCode = "choose-code",
        /// The holder signed the receipt with the card.
        SignReceipt = "sign-receipt",
        /// The card is revoked.
        Revoke = "revoke",
        /// The card's last day has passed.
        Expire = "expire",
        /// A newer card took over.
        Replace = "replace",
        /// The cut card was handed in, or declared missing.
        Deregister = "deregister",
        /// The card is taken back.
        Cancel = "cancel",
    }
}

/// An act that a card in that state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a card that is {} does not allow the act {}", .from.code(), .act.code())]
pub struct IllegalTransition {
    /// The state it was in.
    pub from: CardState,
    /// What was tried.
    pub act: CardAct,
}

impl CardState {
    /// The state after the act.
    ///
    /// A card can be cancelled until it is partly activated: from then on it carries certificates and is revoked instead.
    pub const fn after(self, act: CardAct) -> Result<Self, IllegalTransition> {
        use CardAct as Act;
        match (self, act) {
            (Self::Draft, Act::Submit) => Ok(Self::Ordered),
            (Self::Ordered, Act::RequestPhoto) => Ok(Self::AwaitingPhoto),
            (Self::AwaitingPhoto, Act::ApprovePhoto) => Ok(Self::ReadyForProduction),
            (Self::ReadyForProduction, Act::SendToProduction) => Ok(Self::InProduction),
            (Self::InProduction, Act::ReportFailed) => Ok(Self::ProductionFailed),
            (Self::InProduction, Act::ReportProduced) => Ok(Self::Produced),
            (Self::Produced, Act::ReportSent) => Ok(Self::Sent),
            (Self::Sent, Act::ReportUndelivered) => Ok(Self::Returned),
            (Self::Sent, Act::Lapse) => Ok(Self::ExpiredUnactivated),
            (Self::Sent, Act::ChooseCode) => Ok(Self::PartlyActivated),
            (Self::PartlyActivated, Act::SignReceipt) => Ok(Self::Active),
            (Self::PartlyActivated | Self::Active, Act::Revoke) => Ok(Self::Revoked),
            (Self::Active, Act::Expire) => Ok(Self::Expired),
            (Self::Active, Act::Replace) => Ok(Self::Replaced),
            (Self::Revoked | Self::Expired | Self::Replaced, Act::Deregister) => {
                Ok(Self::Deregistered)
            }
            (from, Act::Cancel) if from.can_be_cancelled() => Ok(Self::Cancelled),
            (from, act) => Err(IllegalTransition { from, act }),
        }
    }

    /// Whether the card has not come as far as a code and certificates.
    #[must_use]
    pub const fn can_be_cancelled(self) -> bool {
        match self {
            Self::Draft
            | Self::Ordered
            | Self::AwaitingPhoto
            | Self::ReadyForProduction
            | Self::InProduction
            | Self::ProductionFailed
            | Self::Produced
            | Self::Sent
            | Self::Returned
            | Self::ExpiredUnactivated => true,
            Self::PartlyActivated
            | Self::Active
            | Self::Revoked
            | Self::Expired
            | Self::Replaced
            | Self::Deregistered
            | Self::Cancelled => false,
        }
    }

    /// Whether nothing can happen to the card any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Deregistered | Self::Cancelled)
    }

    /// Whether the card may carry certificates that work.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::PartlyActivated | Self::Active)
    }
}

/// One card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Our own identifier.
    pub id: CardId,
    /// The order it fulfils.
    pub order: OrderId,
    /// Who holds it or will.
    pub person: PersonId,
    /// What product it is.
    pub product: ProductCode,
    /// The printed number, once it has one.
    pub number: Option<CardNumber>,
    /// Where it stands.
    pub state: CardState,
    /// Since when.
    pub state_since: Timestamp,
    /// The portrait on it.
    pub photo: Option<PhotoId>,
    /// The batch it was made in.
    pub batch: Option<BatchId>,
    /// Its last day, once it is made.
    pub expires_on: Option<Date>,
    /// The GUID of the chip's Card Holder Unique Identifier (SP 800-73-4 part 1, 3.1.2).
    pub guid: Option<[u8; 16]>,
}

impl Card {
    /// The digits of the printed number, once it has one.
    #[must_use]
    pub fn digits(&self) -> Option<&str> {
        self.number.as_ref().map(CardNumber::digits)
    }
}

#[cfg(test)]
#[path = "card_tests.rs"]
mod tests;
