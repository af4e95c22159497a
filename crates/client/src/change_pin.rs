//! The holder replaces the code, which needs no server: CHANGE REFERENCE DATA (SP 800-73-4 part 2, 3.2.2).

use piv::{CardError, Host, PinProblem, Transport};
use wire::StopReason;

use crate::code_rules::{CodeRules, FEWEST, MOST};
use crate::prompt::CodeRequest;
use crate::step::choose_code::chosen;
use crate::step::enter_code::pad_stop;
use crate::stopped::Stop;
use crate::{Prompt, Stopped};

/// Asks for the code, proves it at the card, lets the holder choose another and replaces it. A weak code is refused, and so is
/// the one before. The card is asked to forget that a code was entered, however it ends.
///
/// The old code is proven first, so that nobody chooses a new one twice over before hearing that the old one was wrong. Torn
/// out at the last command, the card has either code: it replaces it whole or not at all.
///
/// With a key pad on the reader all is done there and this program sees neither code: it can then only say which ones not to
/// choose.
///
/// # Errors
/// [`Stopped::Here`].
pub fn change_pin(transport: &mut dyn Transport, prompt: &mut dyn Prompt) -> Result<(), Stopped> {
    let mut card = Host::new(transport);
    let outcome = change(&mut card, prompt);
    // Best effort: a card that is gone has forgotten by itself.
    let _ = card.forget_pin();
    outcome.map_err(|stop| Stopped::Here {
        reason: stop.reason,
        cause: stop.cause,
        told: None,
    })
}

fn change(card: &mut Host<'_>, prompt: &mut dyn Prompt) -> Result<(), Stop> {
    let rules = CodeRules::new(FEWEST, MOST).ok_or(StopReason::NotAllowed)?;
    card.select()?;
    match card.forget_pin() {
        // A card may lack this form of VERIFY, which came with SP 800-73-4.
        Ok(()) | Err(CardError::Status { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let mut tries_left = card.pin_tries_left()?;
    let mut wrong = false;
    let old = loop {
        if tries_left == Some(0) {
            return Err(StopReason::CodeBlocked.into());
        }
        let request = CodeRequest {
            tries_left,
            wrong,
            text: None,
            old: true,
        };
        if card.has_pad() {
            if !prompt.at_pad(&request) {
                return Err(StopReason::Cancelled.into());
            }
            match card.change_pin_on_pad() {
                Ok(()) => return Ok(()),
                Err(PinProblem::Wrong { tries_left: left }) => {
                    tries_left = Some(left);
                    wrong = true;
                    continue;
                }
                Err(PinProblem::Blocked) => return Err(StopReason::CodeBlocked.into()),
                Err(PinProblem::Card(error)) => return Err(pad_stop(error)),
            }
        }
        let code = prompt.enter_code(&request).ok_or(StopReason::Cancelled)?;
        match card.verify_pin(&code) {
            Ok(()) => break code,
            Err(PinProblem::Wrong { tries_left: left }) => {
                tries_left = Some(left);
                wrong = true;
            }
            Err(PinProblem::Blocked) => return Err(StopReason::CodeBlocked.into()),
            Err(PinProblem::Card(error)) => return Err(error.into()),
        }
    };
    let new = chosen(prompt, rules, Some(&old))?;
    match card.change_pin(&old, &new) {
        Ok(()) => Ok(()),
        Err(PinProblem::Card(error)) => Err(error.into()),
        // It was right a moment ago: the card was changed for another meanwhile.
        Err(PinProblem::Wrong { .. }) => Err(StopReason::CardFault.into()),
        Err(PinProblem::Blocked) => Err(StopReason::CodeBlocked.into()),
    }
}
