//! The card in a PC/SC reader: `vpcd`, the reader driver of the vsmartcard project, listens on TCP and the card connects to it.
//!
//! A frame is a length of two bytes, most significant first, and so many bytes. From the reader one byte alone is a control code
//! (power off, power on, reset, answer to reset), of which only the last is answered; all else is a command APDU, answered by a
//! frame with the card's answer.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use zeroize::Zeroizing;

use crate::{
    Card,
    torn::{Moment, Tear},
};

/// Where `vpcd` listens unless its configuration says otherwise: the first of its two slots.
pub const PORT: u16 = 35_963;

const POWER_OFF: u8 = 0;
const POWER_ON: u8 = 1;
const RESET: u8 = 2;
const GIVE_ANSWER_TO_RESET: u8 = 4;

/// A card that is in a reader for as long as the connection lasts.
///
/// # Errors
/// When the connection breaks other than between two frames; `Ok` when the reader closes it. The card has lost power either way.
pub fn serve(card: &mut Card, reader: &TcpStream) -> io::Result<()> {
    serve_until(card, reader, &mut None).map(drop)
}

/// Why a card is not served any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The reader closed the connection.
    ReaderGone,
    /// The power was cut, as asked for.
    Torn,
}

/// Like [`serve`], but the power goes where `tear` says. What it counts goes on at the next connection.
///
/// # Errors
/// As [`serve`].
pub fn serve_until(
    card: &mut Card,
    reader: &TcpStream,
    tear: &mut Option<Tear>,
) -> io::Result<Ended> {
    reader.set_nodelay(true)?;
    let outcome = answer_all(card, reader, tear);
    card.power_off();
    outcome
}

fn answer_all(card: &mut Card, reader: &TcpStream, tear: &mut Option<Tear>) -> io::Result<Ended> {
    // Not buffered: a buffer would keep the PINs that went through it.
    let mut incoming = Prompt(reader);
    while let Some(frame) = next_frame(&mut incoming)? {
        match *frame.as_slice() {
            [] => {}
            [POWER_OFF | POWER_ON | RESET] => card.power_off(),
            [GIVE_ANSWER_TO_RESET] => send(reader, card.profile().answer_to_reset())?,
            // No command is so short (ISO/IEC 7816-4 5.1); the reader does not wait for an answer to what it did not define.
            [_] => {}
            ref command => {
                if let Some(tear) = tear {
                    let Some(left) = tear.after.checked_sub(1) else {
                        if tear.moment == Moment::AfterCommand {
                            card.transmit(command);
                        }
                        return Ok(Ended::Torn);
                    };
                    tear.after = left;
                }
                send(reader, &card.transmit(command))?;
            }
        }
    }
    Ok(Ended::ReaderGone)
}

/// The next frame; nothing when the connection was closed after the last.
fn next_frame(incoming: &mut impl Read) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut length = [0; 2];
    let (first, second) = length.split_at_mut(1);
    if incoming.read(first)? == 0 {
        return Ok(None);
    }
    incoming.read_exact(second)?;
    // A command may carry a PIN.
    let mut frame = Zeroizing::new(vec![0; usize::from(u16::from_be_bytes(length))]);
    incoming.read_exact(&mut frame)?;
    Ok(Some(frame))
}

/// One write, so that it is one segment.
fn send(mut reader: &TcpStream, answer: &[u8]) -> io::Result<()> {
    let length = u16::try_from(answer.len())
        .map_err(|_| io::Error::other("an answer is too long for a frame"))?;
    let mut frame = length.to_be_bytes().to_vec();
    frame.extend_from_slice(answer);
    reader.write_all(&frame)
}

/// Acknowledges at once what it reads. `pcscd` writes length and command by themselves, and its TCP holds the second back until the
/// first is acknowledged, which is 40 ms later unless asked for (RFC 1122 4.2.3.2, 4.2.3.4). Linux forgets the wish again.
struct Prompt<'a>(&'a TcpStream);

impl Read for Prompt<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(target_os = "linux")]
        std::os::linux::net::TcpStreamExt::set_quickack(self.0, true)?;
        self.0.read(buffer)
    }
}
