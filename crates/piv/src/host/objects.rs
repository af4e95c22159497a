//! Data objects and certificates (Part 2, 3.1.2 and 3.3.1).

use super::{CardError, Host};
use crate::{
    BadObject, Command, DataObject, Instruction, ObjectTag, Slot, StatusWord,
    object::{Capabilities, CertificateObject, Chuid},
    tlv,
};

impl Host<'_> {
    /// The content of a data object (inside the outer 53; for the discovery object inside 7E), or `None` when the card
    /// has none or an empty one.
    ///
    /// # Errors
    /// [`CardError`]; 6982 when it wants the PIN ([`ObjectTag::wants_pin`]).
    pub fn read_object(&mut self, tag: ObjectTag) -> Result<Option<Vec<u8>>, CardError> {
        let list = tlv::element(0x5C, &tag.bytes());
        let response = self.exchange(&Command::new(Instruction::GetData, 0x3F, 0xFF, &list))?;
        match response.status {
            StatusWord::Success => {}
            StatusWord::NotFound => return Ok(None),
            status => {
                return Err(CardError::Status {
                    instruction: Instruction::GetData,
                    status,
                });
            }
        }
        let content = tlv::find(&response.data, wrapper(tag)).map_err(BadObject::from)?;
        let content = content.ok_or(CardError::Malformed(Instruction::GetData))?;
        Ok((!content.is_empty()).then(|| content.to_vec()))
    }

    /// Writes the content of a data object; an empty one removes it. Wants the management key.
    ///
    /// # Errors
    /// [`CardError`]; 6982 without the management key.
    pub fn write_object(&mut self, tag: ObjectTag, content: &[u8]) -> Result<(), CardError> {
        let mut data = Vec::with_capacity(content.len() + 10);
        if tag != ObjectTag::DISCOVERY {
            tlv::write(&mut data, 0x5C, &tag.bytes());
        }
        // Part 2, 3.3.1: the discovery object names itself, the others stand in 53 after the tag list.
        tlv::write(&mut data, wrapper(tag), content);
        let mut command = Command::new(Instruction::PutData, 0x3F, 0xFF, &data);
        command.expected = None;
        self.require(&command, Instruction::PutData).map(drop)
    }

    /// Reads and parses a typed object.
    ///
    /// # Errors
    /// [`CardError`]; `Object` when it is there but malformed.
    pub fn read<T: DataObject>(&mut self) -> Result<Option<T>, CardError> {
        match self.read_object(T::TAG)? {
            None => Ok(None),
            Some(content) => Ok(Some(T::decode(&content)?)),
        }
    }

    /// Writes a typed object. Wants the management key.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn write<T: DataObject>(&mut self, object: &T) -> Result<(), CardError> {
        self.write_object(T::TAG, &object.encode())
    }

    /// The CHUID: GUID and expiry.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn chuid(&mut self) -> Result<Option<Chuid>, CardError> {
        self.read()
    }

    /// Gives the card another GUID, so that Windows forgets what it knew of its certificates, and takes off the signature that no longer
    /// fits. All else of the CHUID stays. Wants the management key.
    ///
    /// # Errors
    /// [`CardError`]; `NotKept` when the card has no CHUID or keeps another.
    pub fn renew_guid(&mut self, guid: [u8; 16]) -> Result<(), CardError> {
        let mut chuid = self.chuid()?.ok_or(CardError::NotKept)?;
        chuid.guid = guid;
        chuid.signature = Vec::new();
        self.write(&chuid)?;
        match self.chuid()? {
            Some(kept) if kept == chuid => Ok(()),
            _ => Err(CardError::NotKept),
        }
    }

    /// The number printed on the card, read without a PIN from the CCC (see
    /// [`CardIdentifier`](crate::object::CardIdentifier)), or `None` when the card carries none.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn card_number(&mut self) -> Result<Option<String>, CardError> {
        let capabilities: Option<Capabilities> = self.read()?;
        Ok(capabilities
            .and_then(|capabilities| capabilities.identifier)
            .and_then(|identifier| identifier.card_number()))
    }

    /// The certificate of a slot, DER, or `None` when there is none.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn read_certificate(&mut self, slot: Slot) -> Result<Option<Vec<u8>>, CardError> {
        self.read_certificate_object(slot.certificate_object())
    }

    /// The certificate of the key that signs attestations, DER, or `None` when the card has none.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn read_attestation_certificate(&mut self) -> Result<Option<Vec<u8>>, CardError> {
        self.read_certificate_object(ObjectTag::ATTESTATION)
    }

    fn read_certificate_object(&mut self, tag: ObjectTag) -> Result<Option<Vec<u8>>, CardError> {
        match self.read_object(tag)? {
            None => Ok(None),
            Some(content) => Ok(Some(CertificateObject::decode(&content)?.certificate)),
        }
    }

    /// Writes a slot's certificate and reads it back. When the card has no room for it as it is, it is compressed (Part 1, table 10).
    /// Wants the management key.
    ///
    /// # Errors
    /// [`CardError`]; 6A84 when there is no room even so, `NotKept` when another certificate reads back.
    pub fn write_certificate(&mut self, slot: Slot, certificate: &[u8]) -> Result<(), CardError> {
        let object = CertificateObject {
            certificate: certificate.to_vec(),
        };
        let place = slot.certificate_object();
        match self.write_object(place, &object.encode()) {
            // 6A84 as the standard says it, 6700 from cards that look at the length alone.
            Err(CardError::Status {
                status: StatusWord::NotEnoughMemory | StatusWord::WrongLength,
                ..
            }) => self.write_object(place, &object.encode_compressed())?,
            outcome => outcome?,
        }
        match self.read_certificate(slot)? {
            Some(kept) if kept == certificate => Ok(()),
            _ => Err(CardError::NotKept),
        }
    }

    /// Removes a slot's certificate. The key stays. Wants the management key.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn remove_certificate(&mut self, slot: Slot) -> Result<(), CardError> {
        self.write_object(slot.certificate_object(), &[])
    }
}

fn wrapper(tag: ObjectTag) -> u32 {
    if tag == ObjectTag::DISCOVERY {
        tag.0
    } else {
        0x53
    }
}
