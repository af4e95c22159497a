//! The container of a certificate (Part 1, appendix A, table 10).

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::{BadObject, ERROR_DETECTION_CODE};
use crate::tlv;

const CERTIFICATE: u32 = 0x70;
const INFORMATION: u32 = 0x71;

/// The low bits of CertInfo: how the certificate is compressed.
const COMPRESSION: u8 = 0x03;
const GZIP: u8 = 0x01;

/// The most bytes that a compressed certificate may come out as. No card has room for one of this size; a few hundred bytes of gzip
/// could stand for megabytes.
const LARGEST: usize = 16 * 1024;

/// The content of a certificate object: one X.509 certificate. Its place is [`crate::Slot::certificate_object`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateObject {
    /// The certificate, DER, not compressed; not looked into here.
    pub certificate: Vec<u8>,
}

impl CertificateObject {
    /// The content: 70 certificate, 71 01 00, FE 00.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        container(&self.certificate, 0)
    }

    /// The content with the certificate compressed by gzip (RFC 1952), for cards without room for it as it is: 71 01 01.
    #[must_use]
    pub fn encode_compressed(&self) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let compressed = encoder
            .write_all(&self.certificate)
            .and_then(|()| encoder.finish());
        match compressed {
            Ok(compressed) => container(&compressed, GZIP),
            // Writing into memory does not fail.
            Err(_) => self.encode(),
        }
    }

    /// Parses the content, compressed or not. The DER inside is not checked.
    ///
    /// # Errors
    /// [`BadObject`] when there is no certificate, or one whose compression is broken or comes out as more than 16 KiB.
    pub fn decode(content: &[u8]) -> Result<Self, BadObject> {
        let certificate =
            tlv::find(content, CERTIFICATE)?.ok_or(BadObject::Missing(CERTIFICATE))?;
        if certificate.is_empty() {
            return Err(BadObject::Element(CERTIFICATE));
        }
        // A card without CertInfo can only mean "not at all".
        let information = tlv::find(content, INFORMATION)?
            .and_then(|information| information.first().copied())
            .unwrap_or_default();
        let certificate = match information & COMPRESSION {
            0 => certificate.to_vec(),
            GZIP => decompress(certificate)?,
            _ => return Err(BadObject::Compressed),
        };
        Ok(Self { certificate })
    }
}

fn container(certificate: &[u8], information: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(certificate.len().saturating_add(9));
    tlv::write(&mut out, CERTIFICATE, certificate);
    tlv::write(&mut out, INFORMATION, &[information]);
    tlv::write(&mut out, ERROR_DETECTION_CODE, &[]);
    out
}

fn decompress(compressed: &[u8]) -> Result<Vec<u8>, BadObject> {
    let mut out = Vec::new();
    // One byte more than may come out tells that there was more.
    let most = u64::try_from(LARGEST + 1).unwrap_or(u64::MAX);
    GzDecoder::new(compressed)
        .take(most)
        .read_to_end(&mut out)
        .map_err(|_| BadObject::Compressed)?;
    if out.is_empty() || out.len() > LARGEST {
        return Err(BadObject::Compressed);
    }
    Ok(out)
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
            CertificateObject::decode(&[0x71, 1, 0]),
            Err(BadObject::Missing(CERTIFICATE))
        );
        assert_eq!(
            CertificateObject::decode(&[0x70, 0]),
            Err(BadObject::Element(CERTIFICATE))
        );
    }

    #[test]
    fn compressed_ones_come_out() {
        let object = CertificateObject {
            certificate: vec![0x30; 2000],
        };
        let small = object.encode_compressed();
        assert!(small.len() < 100, "{}", small.len());
        assert_eq!(CertificateObject::decode(&small), Ok(object));
        // By gzip itself: `printf 'DER' | gzip -n`.
        let foreign = hex::decode("1f8b080000000000000373710d02009677b98003000000").unwrap();
        assert_eq!(
            CertificateObject::decode(&container(&foreign, GZIP)),
            Ok(CertificateObject {
                certificate: b"DER".to_vec()
            })
        );
    }

    #[test]
    fn what_does_not_come_out_is_refused() {
        let large = CertificateObject {
            certificate: vec![0; LARGEST],
        };
        assert!(CertificateObject::decode(&large.encode_compressed()).is_ok());
        let bomb = CertificateObject {
            certificate: vec![0; 1000 * LARGEST],
        };
        let mut cut = large.encode_compressed();
        if let Some(byte) = cut.get_mut(20) {
            *byte ^= 0xFF;
        }
        for wrong in [
            bomb.encode_compressed(),
            cut,
            container(&[0x1F], GZIP),
            container(&[0x1F], 2),
            container(&[0x1F], 3),
        ] {
            assert_eq!(
                CertificateObject::decode(&wrong),
                Err(BadObject::Compressed)
            );
        }
    }
}
