//! Why a credential stopped before its time, as certificates say it and as people say it.

use crate::coded::coded;

coded! {
    /// A reason code of RFC 5280 5.3.1.
    pub enum RevocationReason ("reason of revocation") {
        /// No reason given; left out of CRLs, as the clause advises.
        Unspecified = "unspecified",
        /// The key may be in the wrong hands.
        KeyCompromise = "key-compromise",
        /// The authority's key may be in the wrong hands.
        CaCompromise = "ca-compromise",
        /// Name or organisation has changed.
        AffiliationChanged = "affiliation-changed",
        /// Another certificate took over.
        Superseded = "superseded",
        /// No longer needed.
        CessationOfOperation = "cessation-of-operation",
        /// Paused; the only reason that can be taken back.
        CertificateHold = "certificate-hold",
        /// A pause taken back; stands in delta CRLs only.
        RemoveFromCrl = "remove-from-crl",
        /// A right the certificate carried was withdrawn.
        PrivilegeWithdrawn = "privilege-withdrawn",
        /// The attribute authority's key may be in the wrong hands.
        AaCompromise = "aa-compromise",
    }
}

/// A number that RFC 5280 5.3.1 does not give a meaning; 7 is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no CRL reason number")]
pub struct UnknownReasonNumber(pub u8);

impl RevocationReason {
    /// The number in the CRLReason enumeration of RFC 5280 5.3.1.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::CaCompromise => 2,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::CertificateHold => 6,
            Self::RemoveFromCrl => 8,
            Self::PrivilegeWithdrawn => 9,
            Self::AaCompromise => 10,
        }
    }

    /// Whether what was stopped for this reason can count again (RFC 5280 5.3.1).
    #[must_use]
    pub const fn can_be_taken_back(self) -> bool {
        matches!(self, Self::CertificateHold)
    }

    /// The reason with that number.
    pub fn from_number(number: u8) -> Result<Self, UnknownReasonNumber> {
        Self::ALL
            .iter()
            .copied()
            .find(|reason| reason.number() == number)
            .ok_or(UnknownReasonNumber(number))
    }
}

coded! {
    /// What revocation lists say of a certificate that was ever stopped.
    pub enum RevocationState ("state of a revocation") {
        /// Stopped for good.
        Revoked = "revoked",
        /// Paused, with the reason `certificateHold`.
        Held = "held",
        /// The pause was taken back: off the full lists, `removeFromCRL` on delta lists.
        Released = "released",
    }
}

coded! {
    /// What a revocation list tells.
    pub enum CrlKind ("kind of revocation list") {
        /// Everything that is stopped.
        Full = "full",
        /// What has changed since a full list (RFC 5280 5.2.4).
        Delta = "delta",
    }
}

coded! {
    /// What the holder or officer says happened to the card.
    pub enum LossReason ("reason of loss") {
        /// Lost or stolen.
        Lost = "lost",
        /// Broken.
        Damaged = "damaged",
        /// Somebody else may know the code or have used the card.
        CompromisedKey = "compromised-key",
        /// The holder changed organisation or name.
        ChangedOrganisation = "changed-organisation",
        /// Another card took over.
        Replaced = "replaced",
        /// Not needed any more; the engagement ended.
        NotInUse = "not-in-use",
    }
}

impl LossReason {
    /// How a CRL says it. A lost card may be in anybody's hands, so it counts as a compromised key.
    #[must_use]
    pub const fn revocation_reason(self) -> RevocationReason {
        match self {
            Self::Lost | Self::CompromisedKey => RevocationReason::KeyCompromise,
            Self::Damaged | Self::Replaced => RevocationReason::Superseded,
            Self::ChangedOrganisation => RevocationReason::AffiliationChanged,
            Self::NotInUse => RevocationReason::CessationOfOperation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_clause() {
        let numbers: Vec<_> = RevocationReason::ALL
            .iter()
            .map(|reason| reason.number())
            .collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6, 8, 9, 10]);
        for number in 0..=255 {
            assert_eq!(
                RevocationReason::from_number(number).is_ok(),
                numbers.contains(&number),
                "{number}"
            );
        }
        let taken_back = RevocationReason::ALL
            .iter()
            .filter(|reason| reason.can_be_taken_back());
        assert!(taken_back.eq(&[RevocationReason::CertificateHold]));
        crate::coded::tests::check_codes(RevocationReason::ALL.iter().map(|reason| reason.code()));
        crate::coded::tests::check_codes(RevocationState::ALL.iter().map(|state| state.code()));
        crate::coded::tests::check_codes(CrlKind::ALL.iter().map(|kind| kind.code()));
    }

    #[test]
    fn what_people_say() {
        let reasons: Vec<_> = LossReason::ALL
            .iter()
            .map(|reason| reason.revocation_reason().number())
            .collect();
        assert_eq!(reasons, [1, 4, 1, 3, 4, 5]);
        crate::coded::tests::check_codes(LossReason::ALL.iter().map(|reason| reason.code()));
    }
}
