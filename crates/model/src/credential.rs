//! Credentials: the certificates of a card and the keys they belong to.

use crate::coded::coded;

pub use crate::revocation::{LossReason, RevocationReason, RevocationState, UnknownReasonNumber};

coded! {
    /// What a credential is for.
    pub enum CredentialKind ("kind of credential") {
        /// To log in.
        Login = "login",
        /// To sign.
        Signature = "signature",
        /// To read encrypted mail.
        Encryption = "encryption",
    }
}

impl CredentialKind {
    /// The PIV key reference of its slot (SP 800-73-4 part 1, table 4b): 9A, 9C, 9D.
    #[must_use]
    pub const fn slot(self) -> u8 {
        match self {
            Self::Login => 0x9a,
            Self::Signature => 0x9c,
            Self::Encryption => 0x9d,
        }
    }
}

coded! {
    /// Where a credential stands.
    pub enum CredentialState ("state of a credential") {
        /// Signed by the authority, not yet known to be on the card.
        Issued = "issued",
        /// On the card, read back and compared.
        Active = "active",
        /// Paused: worth nothing until it is released.
        Held = "held",
        /// Its last second has passed.
        Expired = "expired",
        /// Stopped before its time.
        Revoked = "revoked",
    }
}

coded! {
    /// What can happen to a credential.
    pub enum CredentialAct ("act on a credential") {
        /// It was read back from the card.
        Activate = "activate",
        /// It is paused.
        Hold = "hold",
        /// The pause is taken back.
        Release = "release",
        /// Its last second has passed.
        Expire = "expire",
        /// It is revoked.
        Revoke = "revoke",
    }
}

/// An act that a credential in that state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a credential that is {} does not allow the act {}", .from.code(), .act.code())]
pub struct IllegalCredentialTransition {
    /// The state it was in.
    pub from: CredentialState,
    /// What was tried.
    pub act: CredentialAct,
}

impl CredentialState {
    /// The state after the act. What is expired or revoked stays so.
    pub const fn after(self, act: CredentialAct) -> Result<Self, IllegalCredentialTransition> {
        match (self, act) {
            (Self::Issued, CredentialAct::Activate) => Ok(Self::Active),
            (Self::Active, CredentialAct::Hold) => Ok(Self::Held),
            (Self::Held, CredentialAct::Release) => Ok(Self::Active),
            (Self::Issued | Self::Active | Self::Held, CredentialAct::Expire) => Ok(Self::Expired),
            (Self::Issued | Self::Active | Self::Held, CredentialAct::Revoke) => Ok(Self::Revoked),
            (from, act) => Err(IllegalCredentialTransition { from, act }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table() {
        use CredentialAct::*;
        use CredentialState::*;
        let table = [
            (Issued, Activate, Active),
            (Issued, Expire, Expired),
            (Issued, Revoke, Revoked),
            (Active, Expire, Expired),
            (Active, Revoke, Revoked),
            (Active, Hold, Held),
            (Held, Release, Active),
            (Held, Expire, Expired),
            (Held, Revoke, Revoked),
        ];
        for &from in CredentialState::ALL {
            for &act in CredentialAct::ALL {
                let expected = table
                    .iter()
                    .find(|row| (row.0, row.1) == (from, act))
                    .map(|row| row.2);
                assert_eq!(from.after(act).ok(), expected, "{from:?} {act:?}");
            }
        }
    }

    #[test]
    fn slots_and_codes() {
        assert_eq!(
            CredentialKind::ALL
                .iter()
                .map(|kind| kind.slot())
                .collect::<Vec<_>>(),
            [0x9a, 0x9c, 0x9d]
        );
        crate::coded::tests::check_codes(CredentialKind::ALL.iter().map(|kind| kind.code()));
        crate::coded::tests::check_codes(CredentialState::ALL.iter().map(|state| state.code()));
        crate::coded::tests::check_codes(CredentialAct::ALL.iter().map(|act| act.code()));
    }
}
