//! The asking side: making a request, reading and checking an answer.

use der::asn1::{AnyRef, BitStringRef, GeneralizedTime, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag, TagMode, TagNumber, Tagged as _};
use x509_cert::ext::Extensions;

use super::Status;
use super::request::{CertId, IssuerHashes, cert_id, explicit, key_hash};
use crate::asn1::{OCTET_STRING, Writer, context_constructed};
use crate::certificate::Certificate;
use crate::crl::Reason;
use crate::key::SignatureAlgorithm;
use crate::oids;
use crate::profile::key_usage;
use crate::serial::Serial;

/// Longer answers are refused unread.
const LARGEST_RESPONSE: usize = 64 * 1_024;
const MOST_CERTIFICATES: usize = 4;
/// How far this side's clock may be behind the responder's, in seconds.
const CLOCK_SKEW: i64 = 300;

/// An answer that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadResponse {
    /// Too long, or not DER of RFC 6960 4.2.1.
    #[error("not a well-formed status answer")]
    Malformed,
    /// The responder answered with an error status; the number is the standard's.
    #[error("the responder refused to answer (status {0})")]
    Refused(u8),
    /// A signature algorithm that is not accepted.
    #[error("the status answer is signed with an algorithm that is not accepted")]
    UnsupportedAlgorithm,
    /// Signed by nobody the issuer authorised (RFC 6960 4.2.2.2).
    #[error("the status answer is signed by nobody the issuer authorised")]
    Unauthorised,
    /// The signature does not verify.
    #[error("the signature of the status answer fails")]
    BadSignature,
    /// Produced in the future, or no longer fresh (RFC 6960 4.2.2.1).
    #[error("the status answer is not of this time")]
    NotCurrent,
}

/// A DER `OCSPRequest` about one certificate of `issuer`, with SHA-1 hashes, which every responder
/// knows (RFC 5019 2.1.1). A nonce is 1 to 128 octets, best 32 random ones.
pub fn build_request(issuer: &Certificate, serial: &Serial, nonce: Option<&[u8]>) -> Vec<u8> {
    let hashes = IssuerHashes::of(issuer);
    Writer::build(256, |writer| {
        writer.sequence(|request| {
            request.sequence(|tbs| {
                tbs.sequence(|list| {
                    list.sequence(|entry| {
                        let (name, key) = (&hashes.name_sha1, &hashes.key_sha1);
                        cert_id(entry, &oids::SHA1, true, name, key, serial);
                    });
                });
                if let Some(nonce) = nonce {
                    tbs.nested(context_constructed(2), |explicit| {
                        explicit.sequence(|extensions| {
                            extensions.extension(&oids::OCSP_NONCE, false, |value| {
                                value.element(OCTET_STRING, nonce);
                            });
                        });
                    });
                }
            });
        });
    })
}

/// A successful answer. [`verify`](Self::verify) says whether to believe it.
#[derive(Debug, Clone)]
pub struct Response {
    data: Vec<u8>,
    algorithm: SignatureAlgorithm,
    signature: Vec<u8>,
    certificates: Vec<Certificate>,
    responder: ResponderId,
    produced_at: i64,
    singles: Vec<Single>,
    nonce: Option<Vec<u8>>,
}

#[derive(Debug, Clone)]
enum ResponderId {
    Name(Vec<u8>),
    KeyHash(Vec<u8>),
}

#[derive(Debug, Clone)]
struct Single {
    /// DER `CertID`.
    id: Vec<u8>,
    status: Status,
    this_update: i64,
    next_update: Option<i64>,
}

impl Response {
    /// Reads a DER `OCSPResponse`.
    ///
    /// # Errors
    /// [`BadResponse::Malformed`], [`BadResponse::Refused`], [`BadResponse::UnsupportedAlgorithm`].
    pub fn from_der(der: &[u8]) -> Result<Self, BadResponse> {
        if der.len() > LARGEST_RESPONSE {
            return Err(BadResponse::Malformed);
        }
        let (status, basic) = read_outer(der).map_err(|_| BadResponse::Malformed)?;
        if status != 0 {
            return Err(BadResponse::Refused(status));
        }
        let basic = basic.ok_or(BadResponse::Malformed)?;
        let parts = read_basic(basic).map_err(|_| BadResponse::Malformed)?;
        let data = read_data(parts.data).map_err(|_| BadResponse::Malformed)?;
        let algorithm = SignatureAlgorithm::from_identifier(parts.algorithm)
            .ok_or(BadResponse::UnsupportedAlgorithm)?;
        if parts.certificates.len() > MOST_CERTIFICATES {
            return Err(BadResponse::Malformed);
        }
        let certificates = parts
            .certificates
            .into_iter()
            .map(|der| Certificate::from_der(der).map_err(|_| BadResponse::Malformed))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            data: parts.data.to_vec(),
            algorithm,
            signature: parts.signature.to_vec(),
            certificates,
            responder: data.responder,
            produced_at: data.produced_at,
            singles: data.singles,
            nonce: data.nonce,
        })
    }

    /// When it was signed, unix seconds.
    pub fn produced_at(&self) -> i64 {
        self.produced_at
    }

    /// The nonce it carries, which must be the one asked with.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// What it says about `serial` of `issuer`.
    pub fn status_of(&self, issuer: &Certificate, serial: &Serial) -> Option<Status> {
        let hashes = IssuerHashes::of(issuer);
        self.singles
            .iter()
            .find(|single| {
                CertId::read(&single.id)
                    .is_ok_and(|id| id.serial() == *serial && id.is_issued_by(&hashes))
            })
            .map(|single| single.status)
    }

    /// Whether the answer holds at `now` (unix seconds) for certificates of `issuer`: signed by the
    /// issuer or by a responder it certified for that, and of this time. Five minutes of difference
    /// between the clocks are forgiven.
    ///
    /// # Errors
    /// [`BadResponse::Unauthorised`], [`BadResponse::BadSignature`], [`BadResponse::NotCurrent`].
    pub fn verify(&self, issuer: &Certificate, now: i64) -> Result<(), BadResponse> {
        let responder = std::iter::once(issuer)
            .chain(&self.certificates)
            .find(|candidate| self.is_by(candidate) && may_answer(candidate, issuer, now))
            .ok_or(BadResponse::Unauthorised)?;
        responder
            .public_key()
            .verify(self.algorithm, &self.data, &self.signature)
            .map_err(|_| BadResponse::BadSignature)?;
        let current = self.produced_at <= now + CLOCK_SKEW
            && self.singles.iter().all(|single| {
                single.this_update <= now + CLOCK_SKEW
                    && single.next_update.is_none_or(|next| next >= now)
            });
        if current {
            Ok(())
        } else {
            Err(BadResponse::NotCurrent)
        }
    }

    fn is_by(&self, candidate: &Certificate) -> bool {
        match &self.responder {
            ResponderId::Name(name) => name == candidate.subject_der(),
            ResponderId::KeyHash(hash) => *hash == key_hash(candidate.public_key()),
        }
    }
}

/// RFC 6960 4.2.2.2: the issuer itself, or a certificate it issued directly with OCSPSigning.
fn may_answer(candidate: &Certificate, issuer: &Certificate, now: i64) -> bool {
    candidate == issuer
        || candidate.is_signed_by(issuer)
            && candidate.is_valid_at(now)
            && !candidate.has_unknown_critical_extension()
            && candidate.fault().is_none()
            && candidate.extended_key_usage().contains(&oids::OCSP_SIGNING)
            && candidate
                .key_usage()
                .is_none_or(|bits| bits & key_usage::DIGITAL_SIGNATURE != 0)
}

/// The status, and the DER of the `BasicOCSPResponse` if it is one.
fn read_outer(der: &[u8]) -> der::Result<(u8, Option<&[u8]>)> {
    let mut reader = SliceReader::new(der)?;
    let outer = reader.sequence(|reader| {
        let status = enumerated(reader)?;
        let bytes = explicit(reader, 0)?;
        let basic = match bytes {
            None => None,
            Some(bytes) => Some(bytes.sequence(|reader| {
                let kind = const_oid::ObjectIdentifier::decode(reader)?;
                if kind != oids::OCSP_BASIC {
                    return Err(Tag::ObjectIdentifier.value_error().into());
                }
                Ok::<_, der::Error>(<&OctetStringRef>::decode(reader)?.as_bytes())
            })?),
        };
        Ok::<_, der::Error>((status, basic))
    })?;
    reader.finish()?;
    Ok(outer)
}

/// An ENUMERATED of one octet.
fn enumerated<'a>(reader: &mut SliceReader<'a>) -> der::Result<u8> {
    let value = AnyRef::decode(reader)?;
    value.tag().assert_eq(Tag::Enumerated)?;
    match value.value() {
        [number] if *number < 0x80 => Ok(*number),
        _ => Err(Tag::Enumerated.value_error().into()),
    }
}

struct Basic<'a> {
    data: &'a [u8],
    algorithm: &'a [u8],
    signature: &'a [u8],
    certificates: Vec<&'a [u8]>,
}

fn read_basic(der: &[u8]) -> der::Result<Basic<'_>> {
    let mut reader = SliceReader::new(der)?;
    let basic = reader.sequence(|reader| {
        let data = reader.tlv_bytes()?;
        let algorithm = reader.tlv_bytes()?;
        let signature = BitStringRef::decode(reader)?
            .as_bytes()
            .ok_or_else(|| Tag::BitString.value_error())?;
        let mut certificates = Vec::new();
        if let Some(list) = explicit(reader, 0)? {
            list.sequence(|reader| {
                while !reader.is_finished() {
                    certificates.push(reader.tlv_bytes()?);
                }
                Ok::<_, der::Error>(())
            })?;
        }
        Ok::<_, der::Error>(Basic {
            data,
            algorithm,
            signature,
            certificates,
        })
    })?;
    reader.finish()?;
    Ok(basic)
}

struct Data {
    responder: ResponderId,
    produced_at: i64,
    singles: Vec<Single>,
    nonce: Option<Vec<u8>>,
}

fn read_data(der: &[u8]) -> der::Result<Data> {
    let mut reader = SliceReader::new(der)?;
    let data = reader.sequence(|reader| {
        reader.context_specific::<u8>(TagNumber(0), TagMode::Explicit)?;
        let by_name = explicit(reader, 1)?;
        let responder = match by_name {
            Some(name) => ResponderId::Name(der::Encode::to_der(&name)?),
            None => {
                let hash = reader
                    .context_specific::<&OctetStringRef>(TagNumber(2), TagMode::Explicit)?
                    .ok_or_else(|| Tag::OctetString.value_error())?;
                ResponderId::KeyHash(hash.as_bytes().to_vec())
            }
        };
        let produced_at = seconds(GeneralizedTime::decode(reader)?);
        let singles = reader.sequence(|reader| {
            let mut singles = Vec::new();
            while !reader.is_finished() {
                singles.push(reader.sequence(read_single)?);
            }
            Ok::<_, der::Error>(singles)
        })?;
        let mut nonce = None;
        let extensions = reader
            .context_specific::<Extensions>(TagNumber(1), TagMode::Explicit)?
            .unwrap_or_default();
        for extension in extensions {
            if extension.extn_id == oids::OCSP_NONCE {
                let value = <&OctetStringRef>::from_der(extension.extn_value.as_bytes())?;
                nonce = Some(value.as_bytes().to_vec());
            } else if extension.critical {
                return Err(der::ErrorKind::Failed.into());
            }
        }
        Ok::<_, der::Error>(Data {
            responder,
            produced_at,
            singles,
            nonce,
        })
    })?;
    reader.finish()?;
    Ok(data)
}

fn read_single<'a>(reader: &mut SliceReader<'a>) -> der::Result<Single> {
    let id = CertId::read(reader.tlv_bytes()?)?.der().to_vec();
    let status = AnyRef::decode(reader)?;
    let status = match (status.tag().number().value(), status.tag().is_constructed()) {
        (0, false) if status.value().is_empty() => Status::Good,
        (1, true) => read_revoked(status.value())?,
        (2, false) if status.value().is_empty() => Status::Unknown,
        _ => return Err(der::ErrorKind::Failed.into()),
    };
    let this_update = seconds(GeneralizedTime::decode(reader)?);
    let next_update = reader
        .context_specific::<GeneralizedTime>(TagNumber(0), TagMode::Explicit)?
        .map(seconds);
    let extensions = reader
        .context_specific::<Extensions>(TagNumber(1), TagMode::Explicit)?
        .unwrap_or_default();
    if extensions.iter().any(|extension| extension.critical) {
        return Err(der::ErrorKind::Failed.into());
    }
    Ok(Single {
        id,
        status,
        this_update,
        next_update,
    })
}

fn read_revoked(content: &[u8]) -> der::Result<Status> {
    let mut reader = SliceReader::new(content)?;
    let at = seconds(GeneralizedTime::decode(&mut reader)?);
    let reason = explicit(&mut reader, 0)?;
    reader.finish()?;
    let reason = match reason.map(|reason| (reason.tag(), reason.value())) {
        None => Some(Reason::Unspecified),
        Some((Tag::Enumerated, [code])) => Reason::from_code(*code),
        Some(_) => None,
    };
    let reason = reason.ok_or_else(|| der::Error::from(Tag::Enumerated.value_error()))?;
    Ok(Status::Revoked { at, reason })
}

fn seconds(time: GeneralizedTime) -> i64 {
    i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
}
