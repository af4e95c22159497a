//! Compact JSON Web Signatures (RFC 7515) with ES256, ES384 and RS256 (RFC 7518 3), for receipts
//! signed by a card and for tokens signed by the server. A card signs the signing input as it signs
//! any message, so input and signature are made apart and joined here.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use der::asn1::UintRef;
use der::{Decode, Reader, SliceReader};
use serde_json::{Map, Value, json};

use crate::certificate::{BadCertificate, Certificate};
use crate::key::{KeyError, PublicKey, SignatureAlgorithm, Signer, ecdsa_from_raw};

/// Longer texts are refused unread.
pub const LONGEST: usize = 1024 * 1024;
/// Longer certificate chains are refused unread.
const MOST_CERTIFICATES: usize = 6;

/// The protected header.
#[derive(Debug, Clone, Copy)]
pub struct Header<'a> {
    /// Must be one of the three that the house signs with.
    pub algorithm: SignatureAlgorithm,
    /// `typ` (RFC 7515 4.1.9).
    pub typ: Option<&'a str>,
    /// `kid` (RFC 7515 4.1.4).
    pub key_id: Option<&'a str>,
    /// `x5c` (RFC 7515 4.1.6): the signer's certificate first, then its issuers.
    pub certificates: &'a [Certificate],
}

/// A signature that verified with the key of [`certificates`](Self::certificates)`[0]`, or with the
/// key given. Whether that key is to be trusted is a question for [`crate::chain`].
#[derive(Debug, Clone)]
pub struct Verified {
    /// The payload, decoded.
    pub payload: Vec<u8>,
    /// The certificates of `x5c`, signer first; empty when there were none.
    pub certificates: Vec<Certificate>,
    /// The algorithm used.
    pub algorithm: SignatureAlgorithm,
    /// `typ`, when given.
    pub typ: Option<String>,
    /// `kid`, when given.
    pub key_id: Option<String>,
}

/// What can go wrong with a signature text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JwsError {
    /// Not three base64url parts, or a header that is no JSON object, or too long.
    #[error("not a compact signature")]
    Malformed,
    /// Another algorithm than ES256, ES384 or RS256, or one that does not fit the key.
    #[error("the signature algorithm is not accepted")]
    Algorithm,
    /// A header that demands extensions (`crit`) which are not known here (RFC 7515 4.1.11).
    #[error("the signature header demands something that is not known here")]
    Critical,
    /// A certificate of the header cannot be read.
    #[error("a certificate of the signature cannot be read")]
    Certificate(#[source] BadCertificate),
    /// No certificate in the header, and no key given.
    #[error("the signature names no certificate")]
    NoCertificate,
    /// An ECDSA signature that is not two numbers of the curve's size.
    #[error("the signature is not in the form of its algorithm")]
    SignatureForm,
    /// The key store failed, or the signature does not verify.
    #[error("the signature does not hold")]
    Key(#[source] KeyError),
}

/// What is to be signed: `base64url(header) . base64url(payload)`, ASCII (RFC 7515 5.1).
///
/// # Errors
/// [`JwsError::Algorithm`] for an algorithm without a JOSE name here.
pub fn signing_input(header: &Header<'_>, payload: &[u8]) -> Result<String, JwsError> {
    let mut members = Map::new();
    members.insert("alg".to_owned(), json!(name(header.algorithm)?));
    if let Some(typ) = header.typ {
        members.insert("typ".to_owned(), json!(typ));
    }
    if let Some(key_id) = header.key_id {
        members.insert("kid".to_owned(), json!(key_id));
    }
    if !header.certificates.is_empty() {
        // x5c is base64 with padding, not base64url (RFC 7515 4.1.6).
        let chain: Vec<String> = header
            .certificates
            .iter()
            .map(|certificate| STANDARD.encode(certificate.der()))
            .collect();
        members.insert("x5c".to_owned(), json!(chain));
    }
    let header = Value::Object(members).to_string();
    Ok(format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    ))
}

/// Joins a signing input and its signature, given in X.509 form (DER for ECDSA) as a card or a
/// [`Signer`] returns it.
///
/// # Errors
/// [`JwsError::Algorithm`], [`JwsError::SignatureForm`].
pub fn assemble(
    signing_input: &str,
    algorithm: SignatureAlgorithm,
    signature: &[u8],
) -> Result<String, JwsError> {
    name(algorithm)?;
    let signature = match coordinate_length(algorithm) {
        Some(length) => raw_from_der(signature, length).ok_or(JwsError::SignatureForm)?,
        None => signature.to_vec(),
    };
    Ok(format!(
        "{signing_input}.{}",
        URL_SAFE_NO_PAD.encode(signature)
    ))
}

/// Signs `payload` with a key of the server. `header.algorithm` must be the signer's.
///
/// # Errors
/// [`JwsError::Algorithm`], [`JwsError::Key`].
pub fn sign(header: &Header<'_>, payload: &[u8], signer: &dyn Signer) -> Result<String, JwsError> {
    if header.algorithm != signer.algorithm() {
        return Err(JwsError::Algorithm);
    }
    let input = signing_input(header, payload)?;
    let signature = signer.sign(input.as_bytes()).map_err(JwsError::Key)?;
    assemble(&input, header.algorithm, &signature)
}

/// Verifies a text that carries its signer's certificate (`x5c`), with that certificate's key.
///
/// # Errors
/// [`JwsError`].
pub fn verify(text: &str) -> Result<Verified, JwsError> {
    let parts = Parts::read(text)?;
    let key = parts
        .certificates
        .first()
        .map(|certificate| certificate.public_key().clone())
        .ok_or(JwsError::NoCertificate)?;
    parts.verify(&key)
}

/// Verifies a text with a key known beforehand.
///
/// # Errors
/// [`JwsError`].
pub fn verify_with(text: &str, key: &PublicKey) -> Result<Verified, JwsError> {
    Parts::read(text)?.verify(key)
}

struct Parts<'a> {
    input: &'a str,
    header: Map<String, Value>,
    algorithm: SignatureAlgorithm,
    certificates: Vec<Certificate>,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn read(text: &'a str) -> Result<Self, JwsError> {
        if text.len() > LONGEST {
            return Err(JwsError::Malformed);
        }
        let decode = |part: &str| {
            URL_SAFE_NO_PAD
                .decode(part)
                .map_err(|_| JwsError::Malformed)
        };
        let (input, signature) = text.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = input.split_once('.').ok_or(JwsError::Malformed)?;
        let header: Map<String, Value> =
            serde_json::from_slice(&decode(header)?).map_err(|_| JwsError::Malformed)?;
        if header.contains_key("crit") {
            return Err(JwsError::Critical);
        }
        let algorithm = header
            .get("alg")
            .and_then(Value::as_str)
            .and_then(algorithm_named)
            .ok_or(JwsError::Algorithm)?;
        Ok(Self {
            input,
            algorithm,
            certificates: read_certificates(header.get("x5c"))?,
            header,
            payload: decode(payload)?,
            signature: decode(signature)?,
        })
    }

    fn verify(self, key: &PublicKey) -> Result<Verified, JwsError> {
        // The header never chooses the algorithm: the key does (RFC 8725 3.1).
        if key.kind().signature_algorithm() != self.algorithm {
            return Err(JwsError::Algorithm);
        }
        let signature = if key.kind().is_elliptic() {
            ecdsa_from_raw(key.kind(), &self.signature).map_err(|_| JwsError::SignatureForm)?
        } else {
            self.signature
        };
        key.verify(self.algorithm, self.input.as_bytes(), &signature)
            .map_err(JwsError::Key)?;
        let text = |name: &str| {
            self.header
                .get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        Ok(Verified {
            typ: text("typ"),
            key_id: text("kid"),
            payload: self.payload,
            certificates: self.certificates,
            algorithm: self.algorithm,
        })
    }
}

fn read_certificates(member: Option<&Value>) -> Result<Vec<Certificate>, JwsError> {
    let Some(member) = member else {
        return Ok(Vec::new());
    };
    let list = member
        .as_array()
        .filter(|list| list.len() <= MOST_CERTIFICATES)
        .ok_or(JwsError::Malformed)?;
    list.iter()
        .map(|entry| {
            let text = entry.as_str().ok_or(JwsError::Malformed)?;
            let der = STANDARD.decode(text).map_err(|_| JwsError::Malformed)?;
            Certificate::from_der(&der).map_err(JwsError::Certificate)
        })
        .collect()
}

fn name(algorithm: SignatureAlgorithm) -> Result<&'static str, JwsError> {
    match algorithm {
        SignatureAlgorithm::EcdsaSha256 => Ok("ES256"),
        SignatureAlgorithm::EcdsaSha384 => Ok("ES384"),
        SignatureAlgorithm::RsaSha256 => Ok("RS256"),
        _ => Err(JwsError::Algorithm),
    }
}

fn algorithm_named(text: &str) -> Option<SignatureAlgorithm> {
    match text {
        "ES256" => Some(SignatureAlgorithm::EcdsaSha256),
        "ES384" => Some(SignatureAlgorithm::EcdsaSha384),
        "RS256" => Some(SignatureAlgorithm::RsaSha256),
        _ => None,
    }
}

/// Octets of each of the two numbers in a JOSE ECDSA signature (RFC 7518 3.4).
fn coordinate_length(algorithm: SignatureAlgorithm) -> Option<usize> {
    match algorithm {
        SignatureAlgorithm::EcdsaSha256 => Some(32),
        SignatureAlgorithm::EcdsaSha384 => Some(48),
        _ => None,
    }
}

/// `ECDSA-Sig-Value` to two numbers of fixed length.
fn raw_from_der(signature: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut reader = SliceReader::new(signature).ok()?;
    let (r, s) = reader
        .sequence(|reader| {
            let r = UintRef::decode(reader)?;
            let s = UintRef::decode(reader)?;
            Ok::<_, der::Error>((r.as_bytes(), s.as_bytes()))
        })
        .ok()?;
    reader.finish().ok()?;
    let mut raw = Vec::with_capacity(2 * length);
    for number in [r, s] {
        let padding = length.checked_sub(number.len())?;
        raw.resize(raw.len() + padding, 0);
        raw.extend_from_slice(number);
    }
    Some(raw)
}
