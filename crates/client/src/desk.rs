//! What lies on the desk during one act: the card, the holder, the key of the act, and the code if it was entered.

use piv::{Host, Pin, Transport};
use pki::envelope::ActKey;
use wire::{Bytes, StopReason};
use zeroize::Zeroizing;

use crate::Prompt;
use crate::stopped::Stop;

/// Lives as long as one act. Dropping it wipes the code and the key.
pub(crate) struct Desk<'a> {
    pub(crate) card: Host<'a>,
    pub(crate) prompt: &'a mut dyn Prompt,
    /// What the holder agreed to.
    pub(crate) purpose: String,
    /// The code chosen or entered in this act, once the card took it.
    pub(crate) code: Option<Pin>,
    /// Whether the code was entered on the reader's key pad in this act, so that nobody here knows it.
    pub(crate) entered_at_pad: bool,
    act_key: ActKey,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(
        transport: &'a mut dyn Transport,
        prompt: &'a mut dyn Prompt,
        act_key: ActKey,
    ) -> Self {
        Self {
            card: Host::new(transport),
            prompt,
            purpose: String::new(),
            code: None,
            entered_at_pad: false,
            act_key,
        }
    }

    /// Turns to the card. A code that another program has entered before does not count in this act.
    pub(crate) fn open_card(&mut self) -> Result<(), Stop> {
        self.card.select()?;
        self.forget_code()
    }

    /// Lets the card forget that the code was entered, and wipes our copy.
    pub(crate) fn forget_code(&mut self) -> Result<(), Stop> {
        self.code = None;
        self.entered_at_pad = false;
        match self.card.forget_pin() {
            // A card of another issuer may lack this form of VERIFY (it came with SP 800-73-4); then the code is forgotten
            // when the card leaves the reader.
            Ok(()) | Err(piv::CardError::Status { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens an envelope that the server sealed to the key of this act. One that does not open is not carried out.
    pub(crate) fn unseal(&self, sealed: &Bytes) -> Result<Zeroizing<Vec<u8>>, Stop> {
        self.act_key
            .open(sealed.as_slice())
            .map_err(|_| StopReason::NotAllowed.into())
    }
}
