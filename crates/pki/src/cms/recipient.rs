//! For whom a message is encrypted, and how the content's key comes out (RFC 5652 6.2, RFC 5753, RFC 4056).

use aws_lc_rs::digest::{self, Algorithm};
use aws_lc_rs::key_wrap::{AES_128, AES_256, AesKek, KeyWrap as _};
use der::oid::ObjectIdentifier;
use zeroize::Zeroizing;

use super::ber::{self, Budget, Element};
use super::{BadMessage, OpenError, rsa_padding};
use crate::asn1::{self, Writer};
use crate::certificate::Certificate;

/// A mailing to a big house; more is not mail.
const MOST_RECIPIENTS: usize = 20_000;
/// The longest key of a content cipher.
const LONGEST_KEY: usize = 32;

/// The one thing that only the holder's private key can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivateOperation<'a> {
    /// Raise this block, as long as the modulus, to the private exponent. The answer has the same length, padding still on.
    Rsa(&'a [u8]),
    /// ECDH with this uncompressed point of the sender: the answer is the x coordinate, as long as the field.
    Agree(&'a [u8]),
}

/// A certificate as messages name it: by issuer and serial number, or by the subject key identifier.
#[derive(Debug, Clone)]
pub struct Holder {
    certificate: Certificate,
}

impl Holder {
    /// The holder of the key in this certificate.
    #[must_use]
    pub fn new(certificate: Certificate) -> Self {
        Self { certificate }
    }

    pub(super) fn is(&self, identifier: &Identifier) -> bool {
        match identifier {
            Identifier::IssuerAndSerial { issuer, serial } => {
                self.certificate.issuer_der() == issuer
                    && self.certificate.serial().bytes() == asn1::strip_zeros(serial)
            }
            Identifier::SubjectKey(identifier) => {
                self.certificate.subject_key_identifier() == Some(identifier)
            }
        }
    }
}

/// RecipientIdentifier (RFC 5652 6.2.1), and SignerIdentifier, which is the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Identifier {
    IssuerAndSerial { issuer: Vec<u8>, serial: Vec<u8> },
    SubjectKey(Vec<u8>),
}

impl Identifier {
    /// Either form; `[0]` may hold the identifier itself or, for key agreement, a SEQUENCE that begins with it.
    pub(super) fn read(element: Element<'_>, budget: &Budget) -> Result<Self, BadMessage> {
        match element.tag {
            ber::SEQUENCE => {
                let mut fields = element.reader(budget);
                Ok(Self::IssuerAndSerial {
                    issuer: fields.expect(ber::SEQUENCE)?.raw.to_vec(),
                    serial: fields.expect(ber::INTEGER)?.content.to_vec(),
                })
            }
            tag if tag == ber::implicit(0) => Ok(Self::SubjectKey(element.content.to_vec())),
            tag if tag == ber::explicit(0) => {
                let identifier = element.reader(budget).octets()?;
                Ok(Self::SubjectKey(identifier.into_owned()))
            }
            _ => Err(BadMessage::Malformed),
        }
    }
}

/// One way to the content's key.
#[derive(Debug, Clone)]
pub(super) struct Recipient {
    pub(super) identifier: Identifier,
    method: Method,
    encrypted_key: Vec<u8>,
}

#[derive(Debug, Clone)]
enum Method {
    Pkcs1,
    Oaep(Oaep),
    Agreement(Agreement),
    Unknown(ObjectIdentifier),
}

#[derive(Debug, Clone)]
struct Oaep {
    hash: &'static Algorithm,
    mask_hash: &'static Algorithm,
    label: Vec<u8>,
}

#[derive(Debug, Clone)]
struct Agreement {
    hash: &'static Algorithm,
    wrap_length: usize,
    /// The AlgorithmIdentifier of the key wrap as it stands: it goes into the derivation.
    wrap_algorithm: Vec<u8>,
    sender: Vec<u8>,
    keying_material: Option<Vec<u8>>,
}

/// Reads RecipientInfos. Kinds that no card has a part in (passwords, shared keys) are passed over.
pub(super) fn read_all(set: Element<'_>, budget: &Budget) -> Result<Vec<Recipient>, BadMessage> {
    let mut recipients = Vec::new();
    let mut infos = set.reader(budget);
    while let Some(info) = infos.next()? {
        match info.tag {
            ber::SEQUENCE => recipients.push(Recipient::transport(info, budget)?),
            tag if tag == ber::explicit(1) => Recipient::agreement(info, budget, &mut recipients)?,
            _ => {}
        }
        if recipients.len() > MOST_RECIPIENTS {
            return Err(BadMessage::TooMuchWork);
        }
    }
    Ok(recipients)
}

impl Recipient {
    /// KeyTransRecipientInfo (RFC 5652 6.2.1).
    fn transport(info: Element<'_>, budget: &Budget) -> Result<Self, BadMessage> {
        let mut fields = info.reader(budget);
        fields.expect(ber::INTEGER)?;
        let identifier = fields.next()?.ok_or(BadMessage::Malformed)?;
        let identifier = Identifier::read(identifier, budget)?;
        let method = Method::transport(fields.expect(ber::SEQUENCE)?, budget)?;
        Ok(Self {
            identifier,
            method,
            encrypted_key: fields.octets()?.into_owned(),
        })
    }

    /// KeyAgreeRecipientInfo (RFC 5652 6.2.2): one agreement, a wrapped key for each of the recipients.
    fn agreement(
        info: Element<'_>,
        budget: &Budget,
        into: &mut Vec<Self>,
    ) -> Result<(), BadMessage> {
        let mut fields = info.reader(budget);
        fields.expect(ber::INTEGER)?;
        let mut originator = fields.expect(ber::explicit(0))?.reader(budget);
        // Only a key made for the message has a place in it; the other two choices name a certificate.
        let Some(key) = originator.optional(ber::explicit(1))? else {
            return Ok(());
        };
        let mut key = key.reader(budget);
        key.expect(ber::SEQUENCE)?;
        let sender = key.expect(ber::BIT_STRING)?.bits()?;
        let keying_material = match fields.optional(ber::explicit(1))? {
            Some(explicit) => Some(explicit.reader(budget).octets()?.into_owned()),
            None => None,
        };
        let method = Method::agreement(
            fields.expect(ber::SEQUENCE)?,
            sender,
            keying_material,
            budget,
        )?;
        let mut keys = fields.expect(ber::SEQUENCE)?.reader(budget);
        while let Some(key) = keys.next()? {
            let mut key = key.reader(budget);
            let identifier = key.next()?.ok_or(BadMessage::Malformed)?;
            into.push(Self {
                identifier: Identifier::read(identifier, budget)?,
                method: method.clone(),
                encrypted_key: key.octets()?.into_owned(),
            });
            if into.len() > MOST_RECIPIENTS {
                return Err(BadMessage::TooMuchWork);
            }
        }
        Ok(())
    }

    /// The content's key. `instead` is what a key that does not come out of its padding is replaced by.
    pub(super) fn content_key<E>(
        &self,
        length: usize,
        instead: &[u8; LONGEST_KEY],
        private: impl FnOnce(PrivateOperation<'_>) -> Result<Zeroizing<Vec<u8>>, E>,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError<E>> {
        let key = match &self.method {
            Method::Pkcs1 => {
                let padded = self.rsa(private)?;
                rsa_padding::pkcs1(&padded, length, instead)
            }
            Method::Oaep(Oaep {
                hash,
                mask_hash,
                label,
            }) => {
                let padded = self.rsa(private)?;
                rsa_padding::oaep(&padded, length, hash, mask_hash, label, instead)
            }
            Method::Agreement(agreement) => {
                let operation = PrivateOperation::Agree(&agreement.sender);
                let secret = private(operation).map_err(OpenError::Private)?;
                agreement.unwrap(&secret, &self.encrypted_key)
            }
            Method::Unknown(algorithm) => return Err(OpenError::UnknownAlgorithm(*algorithm)),
        };
        key.ok_or(OpenError::DoesNotOpen)
    }

    fn rsa<E>(
        &self,
        private: impl FnOnce(PrivateOperation<'_>) -> Result<Zeroizing<Vec<u8>>, E>,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError<E>> {
        private(PrivateOperation::Rsa(&self.encrypted_key)).map_err(OpenError::Private)
    }
}

impl Method {
    fn transport(algorithm: Element<'_>, budget: &Budget) -> Result<Self, BadMessage> {
        let mut fields = algorithm.reader(budget);
        let oid = fields.expect(ber::OBJECT_IDENTIFIER)?.oid()?;
        Ok(match oid.to_string().as_str() {
            "1.2.840.113549.1.1.1" => Self::Pkcs1,
            "1.2.840.113549.1.1.7" => {
                let parameters = fields.optional(ber::SEQUENCE)?;
                match oaep_parameters(parameters, budget)? {
                    Some(oaep) => Self::Oaep(oaep),
                    None => Self::Unknown(oid),
                }
            }
            _ => Self::Unknown(oid),
        })
    }

    /// The schemes of RFC 5753 7.1.4. On the curves here the cofactor is 1, so both kinds of them are one.
    fn agreement(
        algorithm: Element<'_>,
        sender: &[u8],
        keying_material: Option<Vec<u8>>,
        budget: &Budget,
    ) -> Result<Self, BadMessage> {
        let mut fields = algorithm.reader(budget);
        let scheme = fields.expect(ber::OBJECT_IDENTIFIER)?.oid()?;
        let hash = match scheme.to_string().as_str() {
            "1.3.133.16.840.63.0.2" | "1.3.133.16.840.63.0.3" => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            "1.3.132.1.11.1" | "1.3.132.1.14.1" => &digest::SHA256,
            "1.3.132.1.11.2" | "1.3.132.1.14.2" => &digest::SHA384,
            "1.3.132.1.11.3" | "1.3.132.1.14.3" => &digest::SHA512,
            _ => return Ok(Self::Unknown(scheme)),
        };
        let wrap = fields.expect(ber::SEQUENCE)?;
        let oid = wrap.reader(budget).expect(ber::OBJECT_IDENTIFIER)?.oid()?;
        let wrap_length = match oid.to_string().as_str() {
            "2.16.840.1.101.3.4.1.5" => 16,
            "2.16.840.1.101.3.4.1.45" => 32,
            _ => return Ok(Self::Unknown(oid)),
        };
        Ok(Self::Agreement(Agreement {
            hash,
            wrap_length,
            wrap_algorithm: wrap.raw.to_vec(),
            sender: sender.to_vec(),
            keying_material,
        }))
    }
}

/// RSAES-OAEP-params (RFC 4055 4.1), all of them SHA-1 and the empty label when left out.
fn oaep_parameters(
    parameters: Option<Element<'_>>,
    budget: &Budget,
) -> Result<Option<Oaep>, BadMessage> {
    let mut oaep = Oaep {
        hash: &digest::SHA1_FOR_LEGACY_USE_ONLY,
        mask_hash: &digest::SHA1_FOR_LEGACY_USE_ONLY,
        label: Vec::new(),
    };
    let Some(parameters) = parameters else {
        return Ok(Some(oaep));
    };
    let mut fields = parameters.reader(budget);
    if let Some(hash) = fields.optional(ber::explicit(0))? {
        let algorithm = hash.reader(budget).expect(ber::SEQUENCE)?;
        match hash_of(algorithm, budget)? {
            Some(hash) => oaep.hash = hash,
            None => return Ok(None),
        }
    }
    if let Some(mask) = fields.optional(ber::explicit(1))? {
        let mut mask = mask.reader(budget).expect(ber::SEQUENCE)?.reader(budget);
        // MGF1 is the only one there is.
        let is_mgf1 =
            mask.expect(ber::OBJECT_IDENTIFIER)?.oid()?.to_string() == "1.2.840.113549.1.1.8";
        match hash_of(mask.expect(ber::SEQUENCE)?, budget)? {
            Some(hash) if is_mgf1 => oaep.mask_hash = hash,
            _ => return Ok(None),
        }
    }
    if let Some(source) = fields.optional(ber::explicit(2))? {
        let mut source = source.reader(budget).expect(ber::SEQUENCE)?.reader(budget);
        source.expect(ber::OBJECT_IDENTIFIER)?;
        oaep.label = source.octets()?.into_owned();
    }
    Ok(Some(oaep))
}

/// The hash that an AlgorithmIdentifier names.
pub(super) fn hash_of(
    algorithm: Element<'_>,
    budget: &Budget,
) -> Result<Option<&'static Algorithm>, BadMessage> {
    let oid = algorithm
        .reader(budget)
        .expect(ber::OBJECT_IDENTIFIER)?
        .oid()?;
    Ok(match oid.to_string().as_str() {
        "1.3.14.3.2.26" => Some(&digest::SHA1_FOR_LEGACY_USE_ONLY),
        "2.16.840.1.101.3.4.2.1" => Some(&digest::SHA256),
        "2.16.840.1.101.3.4.2.2" => Some(&digest::SHA384),
        "2.16.840.1.101.3.4.2.3" => Some(&digest::SHA512),
        _ => None,
    })
}

impl Agreement {
    /// Derives the wrapping key (X9.63 as in SEC 1 3.6.1, over ECC-CMS-SharedInfo, RFC 5753 7.2) and unwraps (RFC 3394).
    fn unwrap(&self, secret: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let bits = u32::try_from(self.wrap_length * 8).ok()?.to_be_bytes();
        let info = Writer::build(128, |writer| {
            writer.sequence(|info| {
                info.raw(&self.wrap_algorithm);
                if let Some(material) = &self.keying_material {
                    info.nested(asn1::context_constructed(0), |explicit| {
                        explicit.element(asn1::OCTET_STRING, material);
                    });
                }
                info.nested(asn1::context_constructed(2), |explicit| {
                    explicit.element(asn1::OCTET_STRING, &bits);
                });
            });
        });
        let mut key = Zeroizing::new(Vec::with_capacity(self.wrap_length + 64));
        for counter in 1_u32.. {
            if key.len() >= self.wrap_length {
                break;
            }
            let mut context = digest::Context::new(self.hash);
            context.update(secret);
            context.update(&counter.to_be_bytes());
            context.update(&info);
            key.extend_from_slice(context.finish().as_ref());
        }
        let key = key.get(..self.wrap_length)?;
        // The content's key is at most 32 octets, its wrapping 8 more; the output has to have room for the input's length less 8.
        if wrapped.len() > LONGEST_KEY + 8 {
            return None;
        }
        let mut content_key = Zeroizing::new(vec![0; LONGEST_KEY]);
        let length = if self.wrap_length == 16 {
            let wrapping = AesKek::new(&AES_128, key).ok()?;
            wrapping.unwrap(wrapped, &mut content_key).ok()?.len()
        } else {
            let wrapping = AesKek::new(&AES_256, key).ok()?;
            wrapping.unwrap(wrapped, &mut content_key).ok()?.len()
        };
        content_key.truncate(length);
        Some(content_key)
    }
}
