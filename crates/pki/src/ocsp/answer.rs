//! Writing and signing an answer (RFC 6960 4.2).

use super::request::{CertId, key_hash};
use super::{OcspError, Status};
use crate::asn1::{ENUMERATED, OCTET_STRING, Writer, context, context_constructed};
use crate::certificate::Certificate;
use crate::crl::Reason;
use crate::key::Signer;
use crate::oids;

/// Who answers: the authority itself, or a responder it delegated to. A delegated responder's
/// certificate goes along with every answer.
#[derive(Clone, Copy)]
pub struct Responder<'a> {
    /// The responder's certificate.
    pub certificate: &'a Certificate,
    /// Its key.
    pub signer: &'a dyn Signer,
}

/// One entry of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The certificate, as it was asked about.
    pub id: CertId<'a>,
    /// What is known of it.
    pub status: Status,
    /// When that was known to be right, unix seconds.
    pub this_update: i64,
    /// Before when newer knowledge will be there; without it newer knowledge is always there
    /// (RFC 6960 2.4).
    pub next_update: Option<i64>,
}

/// Answers without content (RFC 6960 4.2.1); they are not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ErrorStatus {
    /// The request cannot be read.
    MalformedRequest = 1,
    /// The responder failed.
    InternalError = 2,
    /// The responder cannot answer now.
    TryLater = 3,
    /// The responder does not answer for this issuer (RFC 5019 2.2.3).
    Unauthorized = 6,
}

/// The DER of an answer without content: always five bytes.
pub fn error_response(status: ErrorStatus) -> [u8; 5] {
    [0x30, 3, ENUMERATED, 1, status as u8]
}

/// A signed `OCSPResponse`, successful. `nonce` is the request's, echoed; `produced_at` is the time
/// of signing in unix seconds.
///
/// # Errors
/// [`OcspError`].
pub fn respond(
    responder: &Responder<'_>,
    answers: &[Answer<'_>],
    nonce: Option<&[u8]>,
    produced_at: i64,
) -> Result<Vec<u8>, OcspError> {
    let key = responder.certificate.public_key();
    if responder.signer.public_key() != key {
        return Err(OcspError::WrongSigner);
    }
    let nonce_fits = nonce.is_none_or(|nonce| (1..=128).contains(&nonce.len()));
    if answers.is_empty() || !nonce_fits {
        return Err(OcspError::Content);
    }
    let data = response_data(&key_hash(key), answers, nonce, produced_at);
    let signature = responder.signer.sign(&data).map_err(OcspError::Key)?;
    let delegated = !responder.certificate.is_authority();
    let certificate = responder.certificate.der();
    Ok(Writer::build(
        data.len() + certificate.len() + 700,
        |writer| {
            writer.sequence(|response| {
                response.element(ENUMERATED, &[0]);
                response.nested(context_constructed(0), |bytes| {
                    bytes.sequence(|bytes| {
                        bytes.object_identifier(&oids::OCSP_BASIC);
                        bytes.nested(OCTET_STRING, |content| {
                            content.sequence(|basic| {
                                basic.raw(&data);
                                basic.raw(responder.signer.algorithm().identifier());
                                basic.bit_string(&signature);
                                if delegated {
                                    basic.nested(context_constructed(0), |certificates| {
                                        certificates.sequence(|list| list.raw(certificate));
                                    });
                                }
                            });
                        });
                    });
                });
            });
        },
    ))
}

/// `ResponseData`: version v1 is the default and left out; the responder is named by its key, which
/// is shorter than its name and survives renaming.
fn response_data(
    responder: &[u8; 20],
    answers: &[Answer<'_>],
    nonce: Option<&[u8]>,
    produced_at: i64,
) -> Vec<u8> {
    Writer::build(256 + 160 * answers.len(), |writer| {
        writer.sequence(|data| {
            data.nested(context_constructed(2), |by_key| {
                by_key.element(OCTET_STRING, responder);
            });
            data.generalized_time(produced_at);
            data.sequence(|list| {
                for answer in answers {
                    list.sequence(|single| single_response(answer, single));
                }
            });
            if let Some(nonce) = nonce {
                data.nested(context_constructed(1), |explicit| {
                    explicit.sequence(|extensions| {
                        extensions.extension(&oids::OCSP_NONCE, false, |value| {
                            value.element(OCTET_STRING, nonce);
                        });
                    });
                });
            }
        });
    })
}

fn single_response(answer: &Answer<'_>, single: &mut Writer) {
    single.raw(answer.id.der());
    match answer.status {
        Status::Good => single.element(context(0), &[]),
        Status::Revoked { at, reason } => single.nested(context_constructed(1), |info| {
            info.generalized_time(at);
            if reason != Reason::Unspecified {
                info.nested(context_constructed(0), |explicit| {
                    explicit.element(ENUMERATED, &[reason.code()]);
                });
            }
        }),
        Status::Unknown => single.element(context(2), &[]),
    }
    single.generalized_time(answer.this_update);
    if let Some(next_update) = answer.next_update {
        single.nested(context_constructed(0), |explicit| {
            explicit.generalized_time(next_update);
        });
    }
}
