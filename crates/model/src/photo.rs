//! Portraits for cards.

use crate::Timestamp;
use crate::coded::coded;
use crate::id::{PersonId, PhotoId};
use crate::label::Label;

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

coded! {
    /// Something about a picture that makes it a poor photo for a card. Each has a hint on how to take a better one.
    pub enum PhotoFault ("fault of a photo") {
        /// No face was found.
        NoFace = "no-face",
        /// More than one face.
        SeveralFaces = "several-faces",
        /// The picture lies on its side or upside down.
        OnItsSide = "on-its-side",
        /// The face has too few pixels to be printed sharply.
        FaceTooSmall = "face-too-small",
        /// The head fills the picture: there is no room around it.
        TooClose = "too-close",
        /// The head is at an edge of the picture.
        OffCentre = "off-centre",
        /// The head leans.
        HeadLeans = "head-leans",
        /// The eyes are not seen: dark glasses, hair, a deep shadow.
        EyesHidden = "eyes-hidden",
        /// The eyes are closed.
        EyesClosed = "eyes-closed",
        /// Out of focus, or somebody moved.
        Blurred = "blurred",
        /// Even the light parts are dark.
        TooDark = "too-dark",
        /// The face is burnt out, or even the dark parts are light.
        TooBright = "too-bright",
        /// One side of the face is much darker than the other.
        Shadow = "shadow",
        /// Hardly anything stands out: fog, a dirty lens.
        Flat = "flat",
        /// What is behind the person is dark.
        DarkWall = "dark-wall",
        /// What is behind the person is not plain.
        BusyWall = "busy-wall",
        /// The picture has no colours.
        Grey = "grey",
    }
}

coded! {
    /// What is looked at in a photo, as people are told of it.
    pub enum PhotoCheck ("check of a photo") {
        /// One face, upright, with enough pixels.
        Face = "face",
        /// Where the head is and how it is held.
        Pose = "pose",
        /// Eyes open and to be seen.
        Eyes = "eyes",
        /// In focus.
        Sharpness = "sharpness",
        /// Light and contrast.
        Light = "light",
        /// What is behind the person.
        Background = "background",
        /// Colours.
        Colour = "colour",
    }
}

impl PhotoCheck {
    /// Whether it says anything about a picture with these faults: where there is no single face, nobody looked at its eyes.
    #[must_use]
    pub fn was_made(self, faults: &[PhotoFault]) -> bool {
        let no_face = faults.iter().any(|fault| {
            matches!(
                fault,
                PhotoFault::NoFace | PhotoFault::SeveralFaces | PhotoFault::OnItsSide
            )
        });
        let unlike = faults.iter().any(|fault| {
            matches!(
                fault,
                PhotoFault::Blurred
                    | PhotoFault::TooDark
                    | PhotoFault::TooBright
                    | PhotoFault::Flat
            )
        });
        match self {
            Self::Pose => !no_face,
            Self::Eyes => !no_face && !unlike,
            _ => true,
        }
    }
}

impl PhotoFault {
    /// The check that finds it.
    #[must_use]
    pub const fn check(self) -> PhotoCheck {
        match self {
            Self::NoFace | Self::SeveralFaces | Self::OnItsSide | Self::FaceTooSmall => {
                PhotoCheck::Face
            }
            Self::TooClose | Self::OffCentre | Self::HeadLeans => PhotoCheck::Pose,
            Self::EyesHidden | Self::EyesClosed => PhotoCheck::Eyes,
            Self::Blurred => PhotoCheck::Sharpness,
            Self::TooDark | Self::TooBright | Self::Shadow | Self::Flat => PhotoCheck::Light,
            Self::DarkWall | Self::BusyWall => PhotoCheck::Background,
            Self::Grey => PhotoCheck::Colour,
        }
    }

    /// Whether an officer who sees the person may take the picture all the same. A machine is wrong about faces and light at
    /// times, and more often about some people than about others; about pixels it is not.
    #[must_use]
    pub const fn can_be_overruled(self) -> bool {
        !matches!(self, Self::FaceTooSmall | Self::OnItsSide)
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
    /// What the machine found wrong with it, in the order of [`PhotoFault::ALL`].
    pub faults: Vec<PhotoFault>,
    /// Why an officer took it all the same.
    pub overruled: Option<Label>,
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

    #[test]
    fn pixels_are_not_argued_with() {
        crate::coded::tests::check_codes(PhotoFault::ALL.iter().map(|fault| fault.code()));
        let hard: Vec<_> = PhotoFault::ALL
            .iter()
            .filter(|fault| !fault.can_be_overruled())
            .collect();
        assert_eq!(hard, [&PhotoFault::OnItsSide, &PhotoFault::FaceTooSmall]);
    }
}
