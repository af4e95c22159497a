//! The card management key: the server answers the card's challenge, the key itself stays there.

use piv::{CardError, ManagementKey, ManagementProblem, StatusWord};
use wire::{Answer, Bytes, Octets, StopReason};

use crate::desk::Desk;
use crate::stopped::Stop;

pub(super) fn challenge(desk: &mut Desk<'_>) -> Result<Answer, Stop> {
    match desk.card.management_challenge() {
        Ok(challenge) => Ok(Answer::Challenge {
            challenge: Octets(challenge),
        }),
        // A management key of another algorithm: not one of ours.
        Err(CardError::Status {
            status: StatusWord::WrongData | StatusWord::WrongParameters,
            ..
        }) => Ok(Answer::ManagementRefused {}),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn respond(desk: &mut Desk<'_>, response: &Octets<16>) -> Result<Answer, Stop> {
    match desk.card.management_response(&response.0) {
        Ok(()) => Ok(Answer::Authenticated {}),
        Err(ManagementProblem::Refused) => Ok(Answer::ManagementRefused {}),
        Err(ManagementProblem::Card(error)) => Err(error.into()),
    }
}

pub(super) fn replace(desk: &mut Desk<'_>, sealed: &Bytes) -> Result<Answer, Stop> {
    let bytes = desk.unseal(sealed)?;
    let key = ManagementKey::parse(&bytes).map_err(|_| StopReason::NotAllowed)?;
    desk.card.set_management_key(&key)?;
    Ok(Answer::ManagementKeyReplaced {})
}
