//! The holder chooses a code; the unlock code sets it and is replaced in the same step.
//!
//! A card torn out half-way holds either unlock code, and the server does not know which. So it sends both, and they are
//! tried in turn. A wrong one costs a try (a right one gives all back), and when the card has said that one try is left,
//! the rest are not tried: with the last try a card is lost for good. How many are left before the first try no card tells.

use piv::{Pin, PinProblem, UnlockCode};
use wire::{Answer, Bytes, StopReason};

use crate::code_rules::{CodeProblem, CodeRules};
use crate::desk::Desk;
use crate::prompt::Prompt;
use crate::stopped::Stop;

/// Most unlock codes that are tried in one step: the one before, the one after, and the producer's.
const MOST_CANDIDATES: usize = 3;

pub(super) fn choose_code(
    desk: &mut Desk<'_>,
    unlock_codes: &[Bytes],
    new_unlock_code: &Bytes,
    minimum: u8,
    maximum: u8,
) -> Result<Answer, Stop> {
    let rules = CodeRules::new(minimum, maximum).ok_or(StopReason::NotAllowed)?;
    if !(1..=MOST_CANDIDATES).contains(&unlock_codes.len()) {
        return Err(StopReason::NotAllowed.into());
    }
    // All envelopes are opened before the holder is asked: no code is typed for nothing.
    let new = unseal(desk, new_unlock_code)?;
    let mut candidates = Vec::with_capacity(unlock_codes.len());
    for sealed in unlock_codes {
        candidates.push(unseal(desk, sealed)?);
    }
    let code = chosen(desk.prompt, rules, None)?;
    let mut left = None;
    for candidate in &candidates {
        match desk.card.reset_pin(candidate, &code) {
            Ok(()) => {
                replace(desk, candidate, &new)?;
                desk.code = Some(code);
                return Ok(Answer::CodeChosen {});
            }
            Err(PinProblem::Wrong { tries_left: 0 } | PinProblem::Blocked) => {
                return Err(StopReason::UnlockCodeBlocked.into());
            }
            Err(PinProblem::Wrong { tries_left }) => {
                left = Some(tries_left);
                if tries_left == 1 {
                    break;
                }
            }
            Err(PinProblem::Card(error)) => return Err(error.into()),
        }
    }
    Ok(Answer::UnlockCodesRefused { tries_left: left })
}

/// A code that the holder chose and the rules allow. `old` is the code that the card has now, when it is known.
pub(crate) fn chosen(
    prompt: &mut dyn Prompt,
    rules: CodeRules,
    old: Option<&Pin>,
) -> Result<Pin, Stop> {
    let mut refused = None;
    loop {
        let code = prompt
            .choose_code(&rules, refused)
            .ok_or(StopReason::Cancelled)?;
        // The padding (FF) is no digit and cannot stand before one.
        let length = code.padded().iter().take_while(|byte| **byte != 0xFF);
        let digits = code.padded().get(..length.count()).unwrap_or_default();
        match rules.check(digits) {
            Ok(()) if old.is_some_and(|old| old.padded() == code.padded()) => {
                refused = Some(CodeProblem::Old);
            }
            Ok(()) => return Ok(code),
            Err(problem) => refused = Some(problem),
        }
    }
}

/// The code is set already when this runs; torn out here, the card still has the old unlock code and the step can be
/// repeated.
fn replace(desk: &mut Desk<'_>, old: &UnlockCode, new: &UnlockCode) -> Result<(), Stop> {
    if old.bytes() == new.bytes() {
        return Ok(());
    }
    match desk.card.change_unlock_code(old, new) {
        Ok(()) => Ok(()),
        Err(PinProblem::Card(error)) => Err(error.into()),
        // It was right a moment ago.
        Err(PinProblem::Wrong { .. } | PinProblem::Blocked) => Err(StopReason::CardFault.into()),
    }
}

fn unseal(desk: &Desk<'_>, sealed: &Bytes) -> Result<UnlockCode, Stop> {
    let bytes = desk.unseal(sealed)?;
    UnlockCode::parse(&bytes).map_err(|_| StopReason::NotAllowed.into())
}
