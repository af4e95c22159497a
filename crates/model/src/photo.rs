//! Portraits for cards.

use crate::Timestamp;
use crate::coded::coded;
use crate::id::{PersonId, PhotoId};

coded! {
    /// Where a portrait stands.
    pub enum PhotoState ("state of a photo") {
        /// Taken, waiting for an officer's eyes.
        Taken = "taken",
        /// Approved for printing.
        Approved = "approved",
        /// Refused; a new one is needed.
        Rejected = "rejected",
        /// A newer one was approved, so this may be disposed of.
        Superseded = "superseded",
    }
}

coded! {
    /// What can happen to a portrait.
    pub enum PhotoAct ("act on a photo") {
        /// An officer approves it.
        Approve = "approve",
        /// An officer refuses it.
        Reject = "reject",
        /// A newer one takes its place.
        Supersede = "supersede",
    }
}

/// An act that a photo in that state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a photo that is {} does not allow the act {}", .from.code(), .act.code())]
pub struct IllegalPhotoTransition {
    /// The state it was in.
    pub from: PhotoState,
    /// What was tried.
    pub act: PhotoAct,
}

impl PhotoState {
    /// The state after the act. A taken photo is judged once; a judged one can only be superseded.
    pub const fn after(self, act: PhotoAct) -> Result<Self, IllegalPhotoTransition> {
        match (self, act) {
            (Self::Taken, PhotoAct::Approve) => Ok(Self::Approved),
            (Self::Taken, PhotoAct::Reject) => Ok(Self::Rejected),
            (Self::Taken | Self::Approved, PhotoAct::Supersede) => Ok(Self::Superseded),
            (from, act) => Err(IllegalPhotoTransition { from, act }),
        }
    }
}

/// A portrait's record; the image itself stays in the database until somebody draws it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    /// Our own identifier.
    pub id: PhotoId,
    /// Whose portrait.
    pub person: PersonId,
    /// Where it stands.
    pub state: PhotoState,
    /// The officer who took it; nothing for a photo kiosk.
    pub taken_by: Option<PersonId>,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// The officer who approved or rejected it.
    pub judged_by: Option<PersonId>,
    /// SHA-256 of the image file.
    pub digest: [u8; 32],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_judged_once() {
        let legal: Vec<_> = PhotoState::ALL
            .iter()
            .flat_map(|&from| {
                PhotoAct::ALL
                    .iter()
                    .filter_map(move |&act| Some((from, act, from.after(act).ok()?)))
            })
            .collect();
        assert_eq!(
            legal,
            [
                (PhotoState::Taken, PhotoAct::Approve, PhotoState::Approved),
                (PhotoState::Taken, PhotoAct::Reject, PhotoState::Rejected),
                (
                    PhotoState::Taken,
                    PhotoAct::Supersede,
                    PhotoState::Superseded
                ),
                (
                    PhotoState::Approved,
                    PhotoAct::Supersede,
                    PhotoState::Superseded
                ),
            ]
        );
        crate::coded::tests::check_codes(PhotoState::ALL.iter().map(|state| state.code()));
    }
}
