//! SignedData (RFC 5652 5): what was signed, by whom, and whether it still is what was signed.

use std::borrow::Cow;

use aws_lc_rs::digest;
use aws_lc_rs::signature::{self, UnparsedPublicKey, VerificationAlgorithm};

use super::BadMessage;
use super::ber::{self, Budget, Element};
use super::enveloped::as_set;
use super::recipient::{self, Holder, Identifier};
use crate::certificate::Certificate;
use crate::key::KeyKind;

/// More signatures than anybody puts on a message.
const MOST_SIGNERS: usize = 32;
/// Whole chains of all signers, and some to spare.
const MOST_CERTIFICATES: usize = 200;
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";

/// A signed message.
#[derive(Debug)]
pub struct Signed<'a> {
    content: Option<Cow<'a, [u8]>>,
    certificates: Vec<Certificate>,
    signers: Vec<SignerInfo>,
}

#[derive(Debug)]
struct SignerInfo {
    identifier: Identifier,
    digest: Option<&'static digest::Algorithm>,
    /// The signed attributes as the SET OF that is signed, and the digest they hold.
    attributes: Option<(Vec<u8>, Option<Vec<u8>>)>,
    algorithm: String,
    signature: Vec<u8>,
}

/// What a signature came to. Whether the certificate is trusted is another question (`pki::chain`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureVerdict {
    /// The content is what this signer signed.
    Intact,
    /// The content or the signature was changed.
    Broken,
    /// The algorithm is not known here.
    UnknownAlgorithm,
    /// The signer's certificate is not in the message, or cannot be read.
    NoCertificate,
}

/// One signature.
#[derive(Debug, Clone)]
pub struct Signer {
    /// What it came to.
    pub verdict: SignatureVerdict,
    /// The signer's certificate as the message brings it.
    pub certificate: Option<Certificate>,
}

impl<'a> Signed<'a> {
    pub(super) fn read(sequence: Element<'a>, budget: &Budget) -> Result<Self, BadMessage> {
        let mut fields = sequence.reader(budget);
        fields.expect(ber::INTEGER)?;
        fields.expect(ber::SET)?;
        let mut encapsulated = fields.expect(ber::SEQUENCE)?.reader(budget);
        encapsulated.expect(ber::OBJECT_IDENTIFIER)?;
        let content = match encapsulated.optional(ber::explicit(0))? {
            Some(explicit) => Some(explicit.reader(budget).octets()?),
            None => None,
        };
        let mut certificates = Vec::new();
        if let Some(set) = fields.optional(ber::explicit(0))? {
            let mut set = set.reader(budget);
            while let Some(certificate) = set.next()? {
                if certificates.len() == MOST_CERTIFICATES {
                    return Err(BadMessage::TooMuchWork);
                }
                // One that we cannot read is one that we do not have.
                certificates.extend(Certificate::from_der(certificate.raw));
            }
        }
        fields.optional(ber::explicit(1))?;
        let mut signers = Vec::new();
        let mut infos = fields.expect(ber::SET)?.reader(budget);
        while let Some(info) = infos.next()? {
            if signers.len() == MOST_SIGNERS {
                return Err(BadMessage::TooMuchWork);
            }
            signers.push(SignerInfo::read(info, budget)?);
        }
        Ok(Self {
            content,
            certificates,
            signers,
        })
    }

    /// What was signed, when it stands in the message itself.
    #[must_use]
    pub fn content(&self) -> Option<&[u8]> {
        self.content.as_deref()
    }

    /// Checks every signature over `content`. Nobody at all may have signed.
    #[must_use]
    pub fn verify(&self, content: &[u8]) -> Vec<Signer> {
        let mut signers = Vec::with_capacity(self.signers.len());
        for info in &self.signers {
            let certificate = self
                .certificates
                .iter()
                .find(|&certificate| Holder::new(certificate.clone()).is(&info.identifier));
            signers.push(Signer {
                verdict: match certificate {
                    Some(certificate) => info.verify(certificate, content),
                    None => SignatureVerdict::NoCertificate,
                },
                certificate: certificate.cloned(),
            });
        }
        signers
    }
}

impl SignerInfo {
    fn read(sequence: Element<'_>, budget: &Budget) -> Result<Self, BadMessage> {
        let mut fields = sequence.reader(budget);
        fields.expect(ber::INTEGER)?;
        let identifier = fields.next()?.ok_or(BadMessage::Malformed)?;
        let identifier = Identifier::read(identifier, budget)?;
        let digest = recipient::hash_of(fields.expect(ber::SEQUENCE)?, budget)?;
        let attributes = match fields.optional(ber::explicit(0))? {
            Some(attributes) => Some((as_set(attributes), digest_in(attributes, budget)?)),
            None => None,
        };
        let mut algorithm = fields.expect(ber::SEQUENCE)?.reader(budget);
        let algorithm = algorithm.expect(ber::OBJECT_IDENTIFIER)?.oid()?.to_string();
        Ok(Self {
            identifier,
            digest,
            attributes,
            algorithm,
            signature: fields.octets()?.into_owned(),
        })
    }

    fn verify(&self, certificate: &Certificate, content: &[u8]) -> SignatureVerdict {
        let Some(digest) = self.digest else {
            return SignatureVerdict::UnknownAlgorithm;
        };
        let key = certificate.public_key();
        let Some(algorithm) = verifier(key.kind(), &self.algorithm, digest) else {
            return SignatureVerdict::UnknownAlgorithm;
        };
        // RFC 5652 5.4: the attributes are signed in the content's place, and hold its digest.
        let signed = match &self.attributes {
            None => content,
            Some((attributes, held)) => {
                let counted = digest::digest(digest, content);
                if held.as_deref() != Some(counted.as_ref()) {
                    return SignatureVerdict::Broken;
                }
                attributes
            }
        };
        match UnparsedPublicKey::new(algorithm, key.key_bits()).verify(signed, &self.signature) {
            Ok(()) => SignatureVerdict::Intact,
            Err(_) => SignatureVerdict::Broken,
        }
    }
}

/// The message digest among signed attributes (RFC 5652 11.2).
fn digest_in(attributes: Element<'_>, budget: &Budget) -> Result<Option<Vec<u8>>, BadMessage> {
    let mut list = attributes.reader(budget);
    while let Some(attribute) = list.next()? {
        let mut fields = attribute.reader(budget);
        if fields.expect(ber::OBJECT_IDENTIFIER)?.oid()?.to_string() == MESSAGE_DIGEST {
            let mut values = fields.expect(ber::SET)?.reader(budget);
            return values.octets().map(|digest| Some(digest.into_owned()));
        }
    }
    Ok(None)
}

/// How a signature of this kind is checked: the algorithm names the hash or leaves it to the digest named before (RFC 5754 3).
fn verifier(
    kind: KeyKind,
    algorithm: &str,
    digest: &'static digest::Algorithm,
) -> Option<&'static dyn VerificationAlgorithm> {
    let hash = match algorithm {
        "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" | "1.2.840.10045.2.1" => digest,
        "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        "1.2.840.113549.1.1.11" | "1.2.840.10045.4.3.2" => &digest::SHA256,
        "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => &digest::SHA384,
        "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" => &digest::SHA512,
        _ => return None,
    };
    let pss = algorithm == "1.2.840.113549.1.1.10";
    let elliptic = algorithm.starts_with("1.2.840.10045.");
    let number = match hash.output_len() {
        20 => 1,
        32 => 256,
        48 => 384,
        _ => 512,
    };
    Some(match (kind, number) {
        // ECDSA over SHA-1 is not in the library, and was hardly ever in mail.
        (KeyKind::P256 | KeyKind::P384, 1) => return None,
        (KeyKind::P256, 256) if elliptic => &signature::ECDSA_P256_SHA256_ASN1,
        (KeyKind::P256, 384) if elliptic => &signature::ECDSA_P256_SHA384_ASN1,
        (KeyKind::P256, _) if elliptic => &signature::ECDSA_P256_SHA512_ASN1,
        (KeyKind::P384, 256) if elliptic => &signature::ECDSA_P384_SHA256_ASN1,
        (KeyKind::P384, 384) if elliptic => &signature::ECDSA_P384_SHA384_ASN1,
        (KeyKind::P384, _) if elliptic => &signature::ECDSA_P384_SHA512_ASN1,
        (KeyKind::P256 | KeyKind::P384, _) => return None,
        _ if elliptic => return None,
        (_, 256) if pss => &signature::RSA_PSS_2048_8192_SHA256,
        (_, 384) if pss => &signature::RSA_PSS_2048_8192_SHA384,
        (_, 512) if pss => &signature::RSA_PSS_2048_8192_SHA512,
        (_, _) if pss => return None,
        (_, 1) => &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        (_, 256) => &signature::RSA_PKCS1_2048_8192_SHA256,
        (_, 384) => &signature::RSA_PKCS1_2048_8192_SHA384,
        _ => &signature::RSA_PKCS1_2048_8192_SHA512,
    })
}
