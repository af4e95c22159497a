//! The symmetric ciphers that mail is encrypted with (RFC 3565, RFC 5084, RFC 3370 5.1).

use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{self, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use der::oid::ObjectIdentifier;

use super::BadMessage;
use super::ber::{self, Budget, Element};

/// The length of a GCM tag in octets.
pub(super) const TAG_LENGTH: usize = 16;

/// How the content is encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ContentCipher {
    /// CBC with the padding of RFC 5652 6.3.
    Cbc { block: Block, iv: Vec<u8> },
    /// GCM with a tag of 16 octets.
    Gcm { key_length: usize, nonce: [u8; 12] },
    /// Something this house does not open, and what it is.
    Unknown(ObjectIdentifier),
}

/// A block cipher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Aes128,
    Aes192,
    Aes256,
    /// Only in old mail.
    TripleDes,
}

impl Block {
    fn key_length(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
        }
    }
}

impl ContentCipher {
    /// Reads the AlgorithmIdentifier.
    pub(super) fn read(algorithm: Element<'_>, budget: &Budget) -> Result<Self, BadMessage> {
        let mut fields = algorithm.reader(budget);
        let oid = fields.expect(ber::OBJECT_IDENTIFIER)?.oid()?;
        let parameters = fields.next()?;
        let bytes = oid.to_string();
        let block = match bytes.as_str() {
            "2.16.840.1.101.3.4.1.2" => Block::Aes128,
            "2.16.840.1.101.3.4.1.22" => Block::Aes192,
            "2.16.840.1.101.3.4.1.42" => Block::Aes256,
            "1.2.840.113549.3.7" => Block::TripleDes,
            "2.16.840.1.101.3.4.1.6" => return Self::gcm(16, oid, parameters, budget),
            "2.16.840.1.101.3.4.1.26" => return Self::gcm(24, oid, parameters, budget),
            "2.16.840.1.101.3.4.1.46" => return Self::gcm(32, oid, parameters, budget),
            _ => return Ok(Self::Unknown(oid)),
        };
        let iv = parameters.filter(|element| element.tag == ber::OCTET_STRING);
        let iv = iv.ok_or(BadMessage::Malformed)?.content.to_vec();
        Ok(Self::Cbc { block, iv })
    }

    /// GCMParameters (RFC 5084 3.2). A nonce or a tag of another length than every mail program's is an unknown algorithm.
    fn gcm(
        key_length: usize,
        oid: ObjectIdentifier,
        parameters: Option<Element<'_>>,
        budget: &Budget,
    ) -> Result<Self, BadMessage> {
        let parameters = parameters.filter(|element| element.tag == ber::SEQUENCE);
        let mut fields = parameters.ok_or(BadMessage::Malformed)?.reader(budget);
        let nonce = fields.expect(ber::OCTET_STRING)?.content;
        // The default tag has 12 octets.
        let tag_length = fields.optional(ber::INTEGER)?.map(|length| length.content);
        match (<[u8; 12]>::try_from(nonce), tag_length) {
            (Ok(nonce), Some([16])) => Ok(Self::Gcm { key_length, nonce }),
            _ => Ok(Self::Unknown(oid)),
        }
    }

    /// The length of its key in octets; 0 of an unknown one.
    pub(super) fn key_length(&self) -> usize {
        match self {
            Self::Cbc { block, .. } => block.key_length(),
            Self::Gcm { key_length, .. } => *key_length,
            Self::Unknown(_) => 0,
        }
    }

    /// Opens the content. `sealed` is the ciphertext, for GCM with the tag after it.
    pub(super) fn open(&self, key: &[u8], aad: &[u8], mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        let length = match self {
            Self::Cbc { block, iv } => {
                let (algorithm, iv) = match block {
                    Block::Aes128 => (&cipher::AES_128, Iv::wide(iv)?),
                    Block::Aes192 => (&cipher::AES_192, Iv::wide(iv)?),
                    Block::Aes256 => (&cipher::AES_256, Iv::wide(iv)?),
                    #[expect(deprecated, reason = "mail from before AES is to stay readable")]
                    Block::TripleDes => (&cipher::DES_EDE3_FOR_LEGACY_USE_ONLY, Iv::narrow(iv)?),
                };
                let key = UnboundCipherKey::new(algorithm, key).ok()?;
                let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?;
                key.decrypt(&mut sealed, iv).ok()?.len()
            }
            Self::Gcm { key_length, nonce } => {
                let algorithm = match key_length {
                    16 => &aead::AES_128_GCM,
                    24 => &aead::AES_192_GCM,
                    _ => &aead::AES_256_GCM,
                };
                let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
                let nonce = Nonce::assume_unique_for_key(*nonce);
                key.open_in_place(nonce, Aad::from(aad), &mut sealed)
                    .ok()?
                    .len()
            }
            Self::Unknown(_) => return None,
        };
        sealed.truncate(length);
        Some(sealed)
    }
}

/// The initialisation vector in the type its cipher takes.
struct Iv;

impl Iv {
    fn wide(iv: &[u8]) -> Option<DecryptionContext> {
        let iv = <[u8; 16]>::try_from(iv).ok()?;
        Some(DecryptionContext::Iv128(FixedLength::from(iv)))
    }

    fn narrow(iv: &[u8]) -> Option<DecryptionContext> {
        let iv = <[u8; 8]>::try_from(iv).ok()?;
        Some(DecryptionContext::Iv64(FixedLength::from(iv)))
    }
}
