//! VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER (Part 2, 3.2.1 to 3.2.3).
//!
//! A try is taken from the counter, and that is stored, before the code is compared: a card torn out in between has
//! lost the try and told nothing.

use piv::{Command, PIN_REFERENCE, Pin, StatusWord, UNLOCK_CODE_REFERENCE};
use zeroize::Zeroizing;

use super::{Answer, Card};
use crate::chip::{Chip, Code};

/// Which of the two codes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Pin,
    UnlockCode,
}

impl Which {
    fn parse(reference: u8) -> Result<Self, StatusWord> {
        match reference {
            PIN_REFERENCE => Ok(Self::Pin),
            UNLOCK_CODE_REFERENCE => Ok(Self::UnlockCode),
            _ => Err(StatusWord::ReferenceNotFound),
        }
    }

    fn of(self, chip: &mut Chip) -> &mut Code {
        match self {
            Self::Pin => &mut chip.pin,
            Self::UnlockCode => &mut chip.unlock_code,
        }
    }
}

impl Card {
    pub(super) fn verify(&mut self, command: &Command) -> Answer {
        if command.p2 != PIN_REFERENCE {
            return Err(StatusWord::ReferenceNotFound);
        }
        match (command.p1, command.data.as_slice()) {
            (0x00, []) if self.session.verified => Ok(Vec::new()),
            (0x00, []) => match self.chip.pin.tries_left {
                0 => Err(StatusWord::AuthenticationBlocked),
                left => Err(StatusWord::TriesLeft(left)),
            },
            (0xFF, []) => {
                self.forget_pin();
                Ok(Vec::new())
            }
            (0x00, given) => {
                let given = pin(given)?;
                self.forget_pin();
                self.compare(Which::Pin, &given)?;
                self.session.verified = true;
                self.session.fresh = true;
                Ok(Vec::new())
            }
            _ => Err(StatusWord::WrongParameters),
        }
    }

    pub(super) fn change_code(&mut self, command: &Command) -> Answer {
        if command.p1 != 0 {
            return Err(StatusWord::WrongParameters);
        }
        let which = Which::parse(command.p2)?;
        let (old, new) = two_codes(&command.data)?;
        if which == Which::Pin {
            // Part 2, 3.2.2: codes of the wrong form are refused before the counter is touched.
            pin(&*old)?;
            pin(&*new)?;
            self.forget_pin();
        }
        self.compare(which, &old)?;
        self.change(|chip| which.of(chip).value = *new)?;
        if which == Which::Pin {
            self.session.verified = true;
        }
        Ok(Vec::new())
    }

    pub(super) fn unlock(&mut self, command: &Command) -> Answer {
        if command.p1 != 0 {
            return Err(StatusWord::WrongParameters);
        }
        if command.p2 != PIN_REFERENCE {
            return Err(StatusWord::ReferenceNotFound);
        }
        let (unlock_code, new) = two_codes(&command.data)?;
        pin(&*new)?;
        self.compare(Which::UnlockCode, &unlock_code)?;
        self.change(|chip| {
            chip.pin.value = *new;
            chip.pin.tries_left = chip.pin.tries;
        })?;
        Ok(Vec::new())
    }

    /// Compares a code, counting the try first. Success gives all tries back.
    fn compare(&mut self, which: Which, given: &[u8; 8]) -> Result<(), StatusWord> {
        let left = which
            .of(&mut self.chip)
            .tries_left
            .checked_sub(1)
            .ok_or(StatusWord::AuthenticationBlocked)?;
        self.change(|chip| which.of(chip).tries_left = left)?;
        let same = which
            .of(&mut self.chip)
            .value
            .iter()
            .zip(given)
            .fold(0, |difference, (a, b)| difference | (a ^ b));
        // All eight bytes are looked at whatever they are, so that the time tells nothing of them.
        if std::hint::black_box(same) != 0 {
            return Err(StatusWord::TriesLeft(left));
        }
        self.change(|chip| {
            let code = which.of(chip);
            code.tries_left = code.tries;
        })
    }

    fn forget_pin(&mut self) {
        self.session.verified = false;
        self.session.fresh = false;
    }
}

/// A PIN in its padded form (Part 2, 2.4.3): 6 to 8 digits, then FF. Anything else is 6A80 and costs no try.
fn pin(given: &[u8]) -> Result<Zeroizing<[u8; 8]>, StatusWord> {
    let padded: Zeroizing<[u8; 8]> =
        Zeroizing::new(given.try_into().map_err(|_| StatusWord::WrongData)?);
    let digits = given
        .iter()
        .position(|byte| *byte == 0xFF)
        .unwrap_or(given.len());
    let (digits, padding) = given.split_at(digits);
    if padding.iter().any(|byte| *byte != 0xFF) || Pin::parse(digits).is_err() {
        return Err(StatusWord::WrongData);
    }
    Ok(padded)
}

/// The two codes of eight bytes in one data field.
type TwoCodes = (Zeroizing<[u8; 8]>, Zeroizing<[u8; 8]>);

fn two_codes(data: &[u8]) -> Result<TwoCodes, StatusWord> {
    let (first, second) = data.split_first_chunk().ok_or(StatusWord::WrongData)?;
    let second = second.try_into().map_err(|_| StatusWord::WrongData)?;
    Ok((Zeroizing::new(*first), Zeroizing::new(second)))
}
