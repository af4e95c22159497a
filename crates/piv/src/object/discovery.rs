//! The discovery object (Part 1, 3.3.2 and table 18).

use super::{BadObject, DataObject, ObjectTag};
use crate::{APPLICATION, tlv};

const AID: u32 = 0x4F;
const PIN_POLICY: u32 = 0x5F2F;

/// The discovery object: the application and which codes it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// The application identifier.
    pub application: Vec<u8>,
    /// The PIN usage policy: 40 00 for the PIV PIN alone (Part 1, 3.3.2).
    pub pin_usage: [u8; 2],
}

impl Discovery {
    /// The discovery object of a card with a PIV PIN and no global PIN.
    #[must_use]
    pub fn pin_alone() -> Self {
        Self {
            application: APPLICATION.to_vec(),
            pin_usage: [0x40, 0x00],
        }
    }
}

impl DataObject for Discovery {
    const TAG: ObjectTag = ObjectTag::DISCOVERY;

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        tlv::write(&mut out, AID, &self.application);
        tlv::write(&mut out, PIN_POLICY, &self.pin_usage);
        out
    }

    fn decode(content: &[u8]) -> Result<Self, BadObject> {
        let element = |tag| tlv::find(content, tag)?.ok_or(BadObject::Missing(tag));
        Ok(Self {
            application: element(AID)?.to_vec(),
            pin_usage: element(PIN_POLICY)?
                .try_into()
                .map_err(|_| BadObject::Element(PIN_POLICY))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let own = Discovery::pin_alone();
        assert_eq!(
            hex::encode(own.encode()),
            "4f0ba0000003080000100001005f2f024000"
        );
        assert_eq!(Discovery::decode(&own.encode()), Ok(own));
        assert_eq!(
            Discovery::decode(&[0x4F, 0]),
            Err(BadObject::Missing(PIN_POLICY))
        );
    }
}
