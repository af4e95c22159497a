//! The container of a certificate (Part 1, appendix A, table 10).

use super::{BadObject, ERROR_DETECTION_CODE};
use crate::tlv;

const CERTIFICATE: u32 = 0x70;
const INFORMATION: u32 = 0x71;

/// The content of a certificate object: one X.509 certificate, uncompressed. Its place is
/// [`crate::Slot::certificate_object`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateObject {
    /// The certificate, DER; not looked into here.
    pub certificate: Vec<u8>,
}

impl CertificateObject {
    /// The content: 70 certificate, 71 01 00, FE 00.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.certificate.len().saturating_add(9));
        tlv::write(&mut out, CERTIFICATE, &self.certificate);
        tlv::write(&mut out, INFORMATION, &[0]);
        tlv::write(&mut out, ERROR_DETECTION_CODE, &[]);
        out
    }

    /// Parses the content. The DER inside is not checked.
    ///
    /// # Errors
    /// [`BadObject`] when there is no certificate, or a compressed one.
    pub fn decode(content: &[u8]) -> Result<Self, BadObject> {
        let certificate =
            tlv::find(content, CERTIFICATE)?.ok_or(BadObject::Missing(CERTIFICATE))?;
        if certificate.is_empty() {
            return Err(BadObject::Element(CERTIFICATE));
        }
        // Part 1, table 10: the low bits of CertInfo say how the certificate is compressed; a card without CertInfo
        // can only mean "not at all".
        match tlv::find(content, INFORMATION)? {
            Some([information, ..]) if information & 0x03 != 0 => Err(BadObject::Compressed),
            _ => Ok(Self {
                certificate: certificate.to_vec(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip_and_refusals() {
        let object = CertificateObject {
            certificate: vec![0x30, 3, 1, 2, 3],
        };
        assert_eq!(hex::encode(object.encode()), "70053003010203710100fe00");
        assert_eq!(CertificateObject::decode(&object.encode()), Ok(object));
        assert_eq!(
            CertificateObject::decode(&[0x70, 1, 0x1F, 0x71, 1, 1]),
            Err(BadObject::Compressed)
        );
        assert_eq!(
            CertificateObject::decode(&[0x71, 1, 0]),
            Err(BadObject::Missing(CERTIFICATE))
        );
        assert_eq!(
            CertificateObject::decode(&[0x70, 0]),
            Err(BadObject::Element(CERTIFICATE))
        );
    }
}
