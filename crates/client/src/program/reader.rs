//! Readers, through the system's PC/SC service.

mod pad;

use std::ffi::{CStr, CString};

use pcsc::{Card, Context, Disposition, Error, MAX_BUFFER_SIZE, Protocols, Scope, ShareMode};
use piv::{Transport, TransportError};
use zeroize::Zeroizing;

use self::pad::Pad;
use super::{Slots, SlotsError};

/// The PC/SC service of this computer.
#[derive(Default)]
pub struct Pcsc {
    /// Connected the first time a reader is asked for.
    context: Option<Context>,
}

impl Pcsc {
    fn context(&mut self) -> Result<&Context, Error> {
        if self.context.is_none() {
            self.context = Some(Context::establish(Scope::User)?);
        }
        self.context.as_ref().ok_or(Error::NoService)
    }
}

impl Slots for Pcsc {
    fn readers(&mut self) -> Result<Vec<String>, SlotsError> {
        let names = self.context().and_then(Context::list_readers_owned);
        match names {
            Ok(names) => Ok(names.iter().map(|name| shown(name)).collect()),
            Err(Error::NoReadersAvailable) => Ok(Vec::new()),
            Err(error) => {
                self.context = None;
                Err(SlotsError(error.to_string()))
            }
        }
    }

    /// The card is shared with other programs: a browser keeps its own connection for as long as it runs, and would else lock us
    /// out. Between two commands somebody else may therefore select another application; the card then asks for the code again
    /// and the act stops, to be done once more.
    fn connect(&mut self, reader: &str) -> Result<Box<dyn Transport>, TransportError> {
        let name = CString::new(reader).map_err(|_| TransportError::NoReader)?;
        let card = self
            .context()
            .and_then(|context| context.connect(&name, ShareMode::Shared, Protocols::ANY))
            .map_err(trouble)?;
        let pad = pad::of(&card);
        Ok(Box::new(InReader {
            card: Some(card),
            pad,
        }))
    }
}

fn shown(name: &CStr) -> String {
    name.to_string_lossy().into_owned()
}

/// A card in a reader. Dropping it leaves the card as it is, for the other programs.
struct InReader {
    /// Until it is dropped.
    card: Option<Card>,
    /// The reader's own keys, when it says that it has some.
    pad: Option<Pad>,
}

impl Transport for InReader {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        // An answer may be a secret: what is left of it here is wiped.
        let mut buffer = Zeroizing::new(vec![0; MAX_BUFFER_SIZE]);
        let card = self.card.as_ref().ok_or(TransportError::NoReader)?;
        let answer = card.transmit(command, &mut buffer).map_err(trouble)?;
        // Every answer of a card ends with a status word (ISO/IEC 7816-4 5.6). Some readers call it success when the card went away
        // under the command.
        if answer.len() < 2 {
            return Err(TransportError::CardRemoved);
        }
        Ok(answer.to_vec())
    }

    fn has_pad(&self) -> bool {
        self.pad.is_some()
    }

    fn transmit_from_pad(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        let (Some(card), Some(pad)) = (&self.card, &self.pad) else {
            return Err(TransportError::NoReader);
        };
        let (control, request) = pad
            .request(command)
            .ok_or_else(|| TransportError::Reader("not a command for a key pad".to_owned()))?;
        let mut buffer = vec![0; MAX_BUFFER_SIZE];
        let answer = card
            .control(control.into(), &request, &mut buffer)
            .map_err(trouble)?;
        Ok(answer.to_vec())
    }
}

impl Drop for InReader {
    fn drop(&mut self) {
        // Left to itself the library resets the card, under whoever else uses it.
        if let Some(card) = self.card.take() {
            let _ = card.disconnect(Disposition::LeaveCard);
        }
    }
}

fn trouble(error: Error) -> TransportError {
    match error {
        Error::NoSmartcard => TransportError::NoCard,
        Error::RemovedCard | Error::ResetCard | Error::UnpoweredCard => TransportError::CardRemoved,
        Error::ReaderUnavailable | Error::UnknownReader | Error::NoReadersAvailable => {
            TransportError::NoReader
        }
        other => TransportError::Reader(other.to_string()),
    }
}
