//! Answering "is this certificate good?" (RFC 6960). Read-only: a request changes nothing.

use pki::ocsp::{Answer as Single, ErrorStatus, IssuerHashes, Request, Responder, Status};

use crate::authorities::Authority;
use crate::call::Call;
use crate::house::House;

/// An answer holds for ten minutes: a revocation is seen everywhere soon, and a relying party survives a hiccup.
pub const VALID_SECONDS: i64 = 600;

/// An answer and how long it may be kept.
pub struct Answer {
    /// DER OCSPResponse.
    pub der: Vec<u8>,
    /// Unix seconds until which it may be kept; nothing for errors and answers to a nonce.
    pub keep_until: Option<i64>,
    /// Unix seconds at which it was made.
    pub produced_at: i64,
}

fn refuse(call: &Call<'_>, status: ErrorStatus) -> Answer {
    Answer {
        der: pki::ocsp::error_response(status).to_vec(),
        keep_until: None,
        produced_at: call.now.seconds(),
    }
}

/// Answers one request. Bad input gets the error that RFC 6960 4.2.1 has for it, never a fault.
pub async fn answer(house: &House, call: &Call<'_>, request: &[u8]) -> Answer {
    let Ok(request) = Request::from_der(request) else {
        return refuse(call, ErrorStatus::MalformedRequest);
    };
    // All of one issuer of ours, or it is not ours to answer (RFC 6960 4.2.2.2: a delegate answers for its own authority).
    let mut authority: Option<&Authority> = None;
    for entry in request.entries() {
        let ours = house
            .authorities
            .all()
            .find(|candidate| entry.is_issued_by(&IssuerHashes::of(&candidate.certificate)));
        match (authority, ours) {
            (_, None) => return refuse(call, ErrorStatus::Unauthorized),
            (Some(first), Some(other)) if first.name != other.name => {
                return refuse(call, ErrorStatus::Unauthorized);
            }
            (_, Some(found)) => authority = Some(found),
        }
    }
    let Some(authority) = authority else {
        return refuse(call, ErrorStatus::MalformedRequest);
    };
    let mut answers = Vec::with_capacity(request.entries().len());
    for entry in request.entries() {
        let Ok(status) = status(house, authority, &entry.serial().to_hex()).await else {
            return refuse(call, ErrorStatus::TryLater);
        };
        answers.push(Single {
            id: entry,
            status,
            this_update: call.now.seconds(),
            next_update: Some(call.now.seconds() + VALID_SECONDS),
        });
    }
    let Some(responder) = authority.responder() else {
        return refuse(call, ErrorStatus::Unauthorized);
    };
    let responder = Responder {
        certificate: &responder.certificate,
        signer: responder.signer.as_ref(),
    };
    let signed = pki::ocsp::respond(&responder, &answers, request.nonce(), call.now.seconds());
    match signed {
        Ok(der) => Answer {
            der,
            keep_until: request
                .nonce()
                .is_none()
                .then(|| call.now.seconds() + VALID_SECONDS),
            produced_at: call.now.seconds(),
        },
        Err(error) => {
            tracing::error!(cause = %error, "an OCSP answer was not signed");
            refuse(call, ErrorStatus::InternalError)
        }
    }
}

async fn status(
    house: &House,
    authority: &Authority,
    serial: &str,
) -> Result<Status, store::StoreError> {
    // Authorities and responders stand in their own table; they live until they are replaced.
    if house.authorities.all().any(|other| {
        other.certificate.serial().to_hex() == serial
            && (other.name == authority.name
                || other.certificate.is_signed_by(&authority.certificate))
            || other.name == authority.name
                && other
                    .responder()
                    .is_some_and(|responder| responder.certificate.serial().to_hex() == serial)
    }) {
        return Ok(Status::Good);
    }
    let mut read = house.database.read().await?;
    Ok(
        match store::certificate::status(&mut read, &authority.name, serial).await? {
            // An intention that is not signed yet is no certificate.
            None => Status::Unknown,
            // What is held is revoked for the time being (RFC 6960 2.2), and what ended while it was held stays so.
            Some(found) => match found.revoked_at {
                Some(at) => Status::Revoked {
                    at: at.seconds(),
                    reason: crate::crl::reason(
                        found
                            .reason
                            .unwrap_or(model::credential::RevocationReason::Unspecified),
                    ),
                },
                None => Status::Good,
            },
        },
    )
}
