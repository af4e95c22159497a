//! Signing: the one place where a certificate comes into being.

use super::{BadCertificate, Certificate};
use crate::asn1::{SEQUENCE, Writer, bit_string_length};
use crate::key::{KeyError, Signer};
use crate::lint::Linted;

/// Why a linted certificate was not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The signer is not the issuer that the certificate was linted for.
    #[error("the signer is not the issuer of this certificate")]
    WrongSigner,
    /// The signer signs with another algorithm than the certificate names.
    #[error("the signer uses another algorithm than the certificate names")]
    WrongAlgorithm,
    /// The signer failed, or its signature does not verify with its own public key.
    #[error("the certificate could not be signed")]
    Key(#[source] KeyError),
    /// The signed certificate cannot be read back.
    #[error("the signed certificate cannot be read back")]
    ReadBack(#[source] BadCertificate),
}

/// Signs what [`crate::lint::lint`] passed, once: the value is consumed. Gives the DER certificate.
///
/// The signature is verified with the issuer's key before it is handed out wherever the key store
/// asks for that (see [`Signer::doubts_itself`]): always for a key in a module and for RSA, now and
/// then for an elliptic key of this process, whose signature costs a third of its verification.
///
/// # Errors
/// [`SignError`], but never `ReadBack`.
pub fn sign_der(linted: Linted<'_>, signer: &dyn Signer) -> Result<Vec<u8>, SignError> {
    if signer.public_key() != linted.issuer_key.as_ref() {
        return Err(SignError::WrongSigner);
    }
    let algorithm = signer.algorithm();
    if algorithm != linted.algorithm {
        return Err(SignError::WrongAlgorithm);
    }
    let signature = signer.sign(linted.tbs).map_err(SignError::Key)?;
    if signer.doubts_itself() {
        linted
            .issuer_key
            .verify(algorithm, linted.tbs, &signature)
            .map_err(SignError::Key)?;
    }
    let identifier = algorithm.identifier();
    let content = linted.tbs.len() + identifier.len() + bit_string_length(signature.len());
    Ok(Writer::build(content + 8, |certificate| {
        certificate.begin(SEQUENCE, content);
        certificate.raw(linted.tbs);
        certificate.raw(identifier);
        certificate.bit_string(&signature);
    }))
}

/// As [`sign_der`], verified in every case and read back with the decoder that reads the certificates
/// of others: for what is issued one at a time, authorities and responders above all.
///
/// # Errors
/// [`SignError`].
pub fn sign(linted: Linted<'_>, signer: &dyn Signer) -> Result<Certificate, SignError> {
    let issuer_key = linted.issuer_key.clone().into_owned();
    let der = sign_der(linted, signer)?;
    let certificate = Certificate::from_der(&der).map_err(SignError::ReadBack)?;
    issuer_key
        .verify(
            certificate.signature_algorithm(),
            certificate.tbs(),
            certificate.signature(),
        )
        .map_err(SignError::Key)?;
    Ok(certificate)
}
