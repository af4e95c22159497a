//! A card of piv-authenticator, Nitrokey's PIV in software, in memory and for as long as the process runs. Commands come in on standard
//! input and answers go out on standard output, each after its length in two bytes. Its randomness is the same in every run.
//!
//! piv-authenticator takes whole commands and gives whole answers; links and GET RESPONSE (ISO/IEC 7816-4 5.3.3 and 5.3.4) are done here.

mod backends;

use std::io::{self, Read, Write};

use backends::{BACKENDS, Backends};
use heapless::Vec as Fixed;
use iso7816::Status;
use iso7816::command::CommandView;
use piv_authenticator::{Authenticator, Client, Options};
use trussed::virt::{self, StoreConfig};

/// The most answer bytes of one command.
const LARGEST: usize = 8 * 1024;

fn main() -> io::Result<()> {
    virt::with_platform(StoreConfig::ram(), |platform| {
        platform.run_client_with_backends("piv", Backends::new(), BACKENDS, |client| {
            serve(Authenticator::new(client, Options::new()))
        })
    })
}

fn serve<T: Client>(card: Authenticator<T>) -> io::Result<()> {
    let mut contact = Contact {
        card,
        gathered: Vec::new(),
        waiting: Vec::new(),
    };
    let (mut incoming, mut outgoing) = (io::stdin().lock(), io::stdout().lock());
    loop {
        let mut length = [0; 2];
        match incoming.read_exact(&mut length) {
            Ok(()) => {}
            // Whoever asks is gone.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
        let mut command = vec![0; usize::from(u16::from_be_bytes(length))];
        incoming.read_exact(&mut command)?;
        let answer = contact.transmit(&command);
        let length = u16::try_from(answer.len()).map_err(io::Error::other)?;
        outgoing.write_all(&[&length.to_be_bytes()[..], &answer].concat())?;
        outgoing.flush()?;
    }
}

/// The card, with the links of a command that have come and what is left of an answer.
struct Contact<T> {
    card: Authenticator<T>,
    gathered: Vec<u8>,
    waiting: Vec<u8>,
}

impl<T: Client> Contact<T> {
    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let &[class, instruction, p1, p2, ref body @ ..] = command else {
            return status(Status::WrongLength);
        };
        if instruction == 0xC0 {
            return self.part();
        }
        self.waiting.clear();
        // Short commands alone, which is what our driver sends.
        let data = match body {
            [] | [_] => &[],
            [length, data @ ..] => match data.get(..usize::from(*length)) {
                Some(data) => data,
                None => return status(Status::WrongLength),
            },
        };
        self.gathered.extend_from_slice(data);
        if class & 0x10 != 0 {
            return status(Status::Success);
        }
        let data = std::mem::take(&mut self.gathered);
        let mut whole = vec![class, instruction, p1, p2];
        if !data.is_empty() {
            // The extended form, for data of any length.
            let Ok(length) = u16::try_from(data.len()) else {
                return status(Status::WrongLength);
            };
            whole.push(0);
            whole.extend(length.to_be_bytes());
            whole.extend(data);
        }
        let Ok(command) = CommandView::try_from(whole.as_slice()) else {
            return status(Status::WrongLength);
        };
        let mut answer = Fixed::<u8, LARGEST>::new();
        match self.card.respond(command, &mut answer) {
            Ok(()) => {
                self.waiting = answer.to_vec();
                self.part()
            }
            Err(refusal) => status(refusal),
        }
    }

    /// As much of the answer as one short answer holds.
    fn part(&mut self) -> Vec<u8> {
        let rest = self.waiting.split_off(self.waiting.len().min(256));
        let mut out = std::mem::replace(&mut self.waiting, rest);
        let waiting = self.waiting.len();
        out.extend(status(if waiting == 0 {
            Status::Success
        } else {
            Status::MoreAvailable(u8::try_from(waiting).unwrap_or(0))
        }));
        out
    }
}

fn status(status: Status) -> Vec<u8> {
    u16::from(status).to_be_bytes().to_vec()
}
