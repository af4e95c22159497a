//! The holder enters the code, again when it was wrong.

use piv::PinProblem;
use wire::{Answer, StopReason};

use crate::desk::Desk;
use crate::prompt::CodeRequest;
use crate::stopped::Stop;

pub(super) fn enter_code(desk: &mut Desk<'_>) -> Result<Answer, Stop> {
    present(desk)?;
    Ok(Answer::CodeEntered {})
}

/// Presents the code to the card: the one of this act if there is one, else the holder is asked.
pub(super) fn present(desk: &mut Desk<'_>) -> Result<(), Stop> {
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
    desk.code = None;
    let mut tries_left = desk.card.pin_tries_left()?;
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
        let code = desk
            .prompt
            .enter_code(&request)
            .ok_or(StopReason::Cancelled)?;
        match desk.card.verify_pin(&code) {
            Ok(()) => {
                desk.code = Some(code);
                return Ok(());
            }
            Err(PinProblem::Wrong { tries_left: left }) => {
                tries_left = Some(left);
                wrong = true;
            }
            Err(PinProblem::Blocked) => return Err(StopReason::CodeBlocked.into()),
            Err(PinProblem::Card(error)) => return Err(error.into()),
        }
    }
}
