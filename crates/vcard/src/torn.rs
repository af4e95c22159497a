//! A card that is torn out of its reader, for tests: at every APDU of a sequence, before or after the card acted.

use piv::{Transport, TransportError};

use crate::Card;

/// When the card goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The command never reaches it.
    BeforeCommand,
    /// It carries the command out, but the answer is lost.
    AfterCommand,
}

/// When a card in a reader loses its power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tear {
    /// How many commands it answers before.
    pub after: u64,
    /// What becomes of the next.
    pub moment: Moment,
}

/// Carries a number of APDUs to a card, then tears it out: the card loses power and every later APDU fails.
pub struct TornTransport<'a> {
    card: &'a mut Card,
    left: usize,
    moment: Moment,
    torn: bool,
    carried: usize,
}

impl<'a> TornTransport<'a> {
    /// Lets `whole` APDUs through and tears the card out at the next, before or after it is carried out.
    pub fn new(card: &'a mut Card, whole: usize, moment: Moment) -> Self {
        Self {
            card,
            left: whole,
            moment,
            torn: false,
            carried: 0,
        }
    }

    /// Never tears: for counting the APDUs of a sequence.
    pub fn whole(card: &'a mut Card) -> Self {
        Self::new(card, usize::MAX, Moment::BeforeCommand)
    }

    /// How many APDUs were answered so far.
    #[must_use]
    pub fn carried(&self) -> usize {
        self.carried
    }

    /// Whether the card has been torn out.
    #[must_use]
    pub fn is_torn(&self) -> bool {
        self.torn
    }
}

impl Transport for TornTransport<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        if self.torn {
            return Err(TransportError::CardRemoved);
        }
        let Some(left) = self.left.checked_sub(1) else {
            if self.moment == Moment::AfterCommand {
                self.card.transmit(command);
            }
            self.card.power_off();
            self.torn = true;
            return Err(TransportError::CardRemoved);
        };
        self.left = left;
        self.carried += 1;
        Ok(self.card.transmit(command))
    }
}
