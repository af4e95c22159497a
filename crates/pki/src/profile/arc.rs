//! The organisation's own arc of object identifiers.

use std::fmt;

use const_oid::ObjectIdentifier;

use super::{IdentityType, Loa};

/// Identifiers below one base arc: levels of assurance `.1.2` and `.1.3`, identity types `.2.1` and
/// `.2.2`, the card-number extension `.3.1`, the policy of functions `.4.1`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Arc {
    base: ObjectIdentifier,
    loa_two: ObjectIdentifier,
    loa_three: ObjectIdentifier,
    hsa_id: ObjectIdentifier,
    personal_number: ObjectIdentifier,
    card_number: ObjectIdentifier,
    function: ObjectIdentifier,
}

/// A text that is not an object identifier, or one too long to have arcs below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an object identifier that can be a base arc")]
pub struct BadArc;

impl Arc {
    /// Reads a base arc in dotted form, such as `1.3.6.1.4.1.59999.1`.
    ///
    /// # Errors
    /// [`BadArc`].
    pub fn parse(base: &str) -> Result<Self, BadArc> {
        Self::below(ObjectIdentifier::new(base).map_err(|_| BadArc)?).ok_or(BadArc)
    }

    /// The base arc.
    pub fn base(&self) -> ObjectIdentifier {
        self.base
    }

    /// The policy that says a level of assurance.
    pub fn loa(&self, loa: Loa) -> ObjectIdentifier {
        match loa {
            Loa::Two => self.loa_two,
            Loa::Three => self.loa_three,
        }
    }

    /// The policy that says what the subject's serialNumber is.
    pub fn identity_type(&self, identity_type: IdentityType) -> ObjectIdentifier {
        match identity_type {
            IdentityType::HsaId => self.hsa_id,
            IdentityType::PersonalNumber => self.personal_number,
        }
    }

    /// The extension that carries the printed card number.
    pub fn card_number(&self) -> ObjectIdentifier {
        self.card_number
    }

    /// The policy of functions' certificates.
    pub fn function(&self) -> ObjectIdentifier {
        self.function
    }

    fn below(base: ObjectIdentifier) -> Option<Self> {
        let leaf = |branch, number| base.push_arc(branch).ok()?.push_arc(number).ok();
        Some(Self {
            base,
            loa_two: leaf(1, 2)?,
            loa_three: leaf(1, 3)?,
            hsa_id: leaf(2, 1)?,
            personal_number: leaf(2, 2)?,
            card_number: leaf(3, 1)?,
            function: leaf(4, 1)?,
        })
    }
}

impl Default for Arc {
    /// `1.3.6.1.4.1.59999.1`, an arc for trying out; an organisation sets its own.
    fn default() -> Self {
        const fn oid(text: &str) -> ObjectIdentifier {
            ObjectIdentifier::new_unwrap(text)
        }
        const DEFAULT: Arc = Arc {
            base: oid("1.3.6.1.4.1.59999.1"),
            loa_two: oid("1.3.6.1.4.1.59999.1.1.2"),
            loa_three: oid("1.3.6.1.4.1.59999.1.1.3"),
            hsa_id: oid("1.3.6.1.4.1.59999.1.2.1"),
            personal_number: oid("1.3.6.1.4.1.59999.1.2.2"),
            card_number: oid("1.3.6.1.4.1.59999.1.3.1"),
            function: oid("1.3.6.1.4.1.59999.1.4.1"),
        };
        DEFAULT
    }
}

impl fmt::Debug for Arc {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Arc({})", self.base)
    }
}
