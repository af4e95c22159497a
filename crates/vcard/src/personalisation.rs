//! What a producer writes into a new card.

use piv::{
    AnyManagementKey, Day, Pin, UnlockCode,
    object::{BadCardNumber, CardIdentifier},
};

use crate::{Manufacturer, Profile};

/// A new card as the producer delivers it: number, printed text and transport codes. The codes are replaced when the
/// card meets its issuer and its holder.
pub struct Personalisation<'a> {
    pub(crate) number: String,
    pub(crate) identifier: CardIdentifier,
    /// What kind of card it is.
    pub profile: Profile,
    /// The card's GUID; `None` draws a random UUID (RFC 4122 version 4).
    pub guid: Option<[u8; 16]>,
    /// The last day the card is good.
    pub expires_on: Day,
    /// The holder's name as printed; may be empty on a card for nobody yet.
    pub name: String,
    /// What the holder is to the organisation, as printed.
    pub affiliation: String,
    /// Who issues the card, as printed.
    pub issuer: String,
    /// The organisation, two lines, as printed.
    pub organisation: [String; 2],
    /// The transport PIN.
    pub pin: Pin,
    /// The transport unlock code.
    pub unlock_code: UnlockCode,
    /// The transport management key; a producer's is AES-256.
    pub management_key: AnyManagementKey,
    /// Wrong PINs in a row that block it, 1 to 15.
    pub pin_tries: u8,
    /// Wrong unlock codes in a row that block it, 1 to 15; with it blocked the card is lost.
    pub unlock_tries: u8,
    /// The chip's serial number; `None` draws one.
    pub serial: Option<u32>,
    /// The version the card tells (a YubiKey extension; hosts decide by it what to ask for).
    pub version: [u8; 3],
    /// Who vouches for the chip in attestations; `None`: the chip signs its own attestation certificate.
    pub manufacturer: Option<&'a Manufacturer>,
    /// Whether the commands "reset" and "set tries" work, which bring back the delivered codes. For developers' cards
    /// only, and not on plain cards: on a card for a holder they would undo the blocking of its codes.
    pub resettable: bool,
}

impl<'a> Personalisation<'a> {
    /// A card with this printed number and these transport codes, three PIN tries and ten unlock-code tries; the
    /// other fields can be set afterwards.
    ///
    /// # Errors
    /// [`BadCardNumber`] when `number` is not 12 to 19 digits with a right check digit.
    pub fn new(
        number: &str,
        expires_on: Day,
        pin: Pin,
        unlock_code: UnlockCode,
        management_key: impl Into<AnyManagementKey>,
    ) -> Result<Personalisation<'a>, BadCardNumber> {
        Ok(Self {
            number: number.to_owned(),
            identifier: CardIdentifier::of_card_number(number)?,
            profile: Profile::default(),
            guid: None,
            expires_on,
            name: String::new(),
            affiliation: String::new(),
            issuer: String::new(),
            organisation: [String::new(), String::new()],
            pin,
            unlock_code,
            management_key: management_key.into(),
            pin_tries: 3,
            unlock_tries: 10,
            serial: None,
            version: [5, 4, 3],
            manufacturer: None,
            resettable: false,
        })
    }

    /// The card number.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }
}
