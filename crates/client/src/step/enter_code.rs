//! The holder enters the code, again when it was wrong.

use piv::{CardError, Host, Pin, PinProblem, StatusWord};
use wire::{Answer, StopReason};

use crate::desk::Desk;
use crate::prompt::{CodeRequest, Prompt};
use crate::stopped::Stop;

pub(super) fn enter_code(desk: &mut Desk<'_>) -> Result<Answer, Stop> {
    present(desk, false)?;
    Ok(Answer::CodeEntered {})
}

/// Presents the code to the card: the one of this act if there is one, else the holder is asked. A code from the reader's key pad
/// cannot be presented again; it counts for as long as the card remembers it, unless the key wants it `anew`.
pub(super) fn present(desk: &mut Desk<'_>, anew: bool) -> Result<(), Stop> {
    if desk.entered_at_pad && !anew && desk.card.pin_tries_left()?.is_none() {
        return Ok(());
    }
    let Some(code) = desk.code.take() else {
        return ask(desk, None);
    };
    match desk.card.verify_pin(&code) {
        Ok(()) => {
            desk.code = Some(code);
            Ok(())
        }
        // Changed by another program meanwhile; it is wiped here.
        Err(PinProblem::Wrong { .. }) => ask(desk, None),
        Err(PinProblem::Blocked) => Err(StopReason::CodeBlocked.into()),
        Err(PinProblem::Card(error)) => Err(error.into()),
    }
}

/// Asks the holder, even when the code was entered before in this act; `text` is what the code signs.
pub(super) fn ask(desk: &mut Desk<'_>, text: Option<&str>) -> Result<(), Stop> {
    desk.code = ask_holder(&mut desk.card, desk.prompt, text)?;
    desk.entered_at_pad = desk.code.is_none();
    Ok(())
}

/// Asks the holder until the card takes the code, and returns it; nothing when it was entered on the reader's key pad, so that
/// nobody here knows it.
pub(crate) fn ask_holder(
    card: &mut Host<'_>,
    prompt: &mut dyn Prompt,
    text: Option<&str>,
) -> Result<Option<Pin>, Stop> {
    let mut tries_left = card.pin_tries_left()?;
    let mut wrong = false;
    loop {
        if tries_left == Some(0) {
            return Err(StopReason::CodeBlocked.into());
        }
        let request = CodeRequest {
            tries_left,
            wrong,
            text,
            old: false,
        };
        let outcome = if card.has_pad() {
            if !prompt.at_pad(&request) {
                return Err(StopReason::Cancelled.into());
            }
            card.verify_pin_on_pad().map(|()| None)
        } else {
            let code = prompt.enter_code(&request).ok_or(StopReason::Cancelled)?;
            card.verify_pin(&code).map(|()| Some(code))
        };
        match outcome {
            Ok(code) => return Ok(code),
            Err(PinProblem::Wrong { tries_left: left }) => {
                tries_left = Some(left);
                wrong = true;
            }
            Err(PinProblem::Blocked) => return Err(StopReason::CodeBlocked.into()),
            Err(PinProblem::Card(error)) => return Err(pad_stop(error)),
        }
    }
}

/// Whoever presses cancel on the key pad, or nothing in its time, has cancelled (PC/SC part 10, 2.5.2).
pub(crate) fn pad_stop(error: CardError) -> Stop {
    match error.status().map(StatusWord::code) {
        Some(0x6400 | 0x6401) => StopReason::Cancelled.into(),
        _ => error.into(),
    }
}
