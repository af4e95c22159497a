//! Orders. An order and the card it leads to are separate things: an order may need a second card when the first fails.

use crate::Timestamp;
use crate::coded::coded;
use crate::credential::CredentialKind;
use crate::id::{EngagementId, OrderId, PersonId};
use crate::product::ProductCode;

coded! {
    /// Where an order stands.
    pub enum OrderState ("state of an order") {
        /// Being worked on.
        Open = "open",
        /// The holder has the card.
        Fulfilled = "fulfilled",
        /// Taken back before that.
        Cancelled = "cancelled",
    }
}

coded! {
    /// What can happen to an order.
    pub enum OrderAct ("act on an order") {
        /// The card became active.
        Fulfil = "fulfil",
        /// The order was taken back.
        Cancel = "cancel",
    }
}

/// An act that an order in that state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {} cannot {}", .from.code(), .act.code())]
pub struct IllegalOrderTransition {
    /// The state it was in.
    pub from: OrderState,
    /// What was tried.
    pub act: OrderAct,
}

impl OrderState {
    /// The state after the act. Only an open order changes.
    pub const fn after(self, act: OrderAct) -> Result<Self, IllegalOrderTransition> {
        match (self, act) {
            (Self::Open, OrderAct::Fulfil) => Ok(Self::Fulfilled),
            (Self::Open, OrderAct::Cancel) => Ok(Self::Cancelled),
            (from, act) => Err(IllegalOrderTransition { from, act }),
        }
    }
}

/// An order of one card for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardOrder {
    /// Our own identifier.
    pub id: OrderId,
    /// Who gets the card.
    pub person: PersonId,
    /// The engagement it is ordered for.
    pub engagement: EngagementId,
    /// The product the rules chose.
    pub product: ProductCode,
    /// The credentials that belong on the card.
    pub credentials: Vec<CredentialKind>,
    /// Where the order stands.
    pub state: OrderState,
    /// Who ordered; never the person who activates (trust framework K3.4).
    pub ordered_by: PersonId,
    /// When it was ordered.
    pub ordered_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_open_order_changes() {
        for &from in OrderState::ALL {
            for &act in OrderAct::ALL {
                assert_eq!(
                    from.after(act).is_ok(),
                    from == OrderState::Open,
                    "{from:?} {act:?}"
                );
            }
        }
        assert_eq!(
            OrderState::Open.after(OrderAct::Fulfil),
            Ok(OrderState::Fulfilled)
        );
        assert_eq!(
            OrderState::Open.after(OrderAct::Cancel),
            Ok(OrderState::Cancelled)
        );
        crate::coded::tests::check_codes(OrderState::ALL.iter().map(|state| state.code()));
    }
}
