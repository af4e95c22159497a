//! Signing: the one place where a certificate comes into being.

use super::{BadCertificate, Certificate};
use crate::asn1::Writer;
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

/// Signs what [`crate::lint::lint`] passed, once: the value is consumed. The signature is verified
/// with the issuer's key before the certificate is handed out, so that a fault in the key store
/// never leaves the house.
///
/// # Errors
/// [`SignError`].
pub fn sign(linted: Linted, signer: &dyn Signer) -> Result<Certificate, SignError> {
    if signer.public_key() != &linted.issuer_key {
        return Err(SignError::WrongSigner);
    }
    let algorithm = signer.algorithm();
    if algorithm != linted.algorithm {
        return Err(SignError::WrongAlgorithm);
    }
    let signature = signer.sign(&linted.tbs).map_err(SignError::Key)?;
    linted
        .issuer_key
        .verify(algorithm, &linted.tbs, &signature)
        .map_err(SignError::Key)?;
    let der = Writer::build(linted.tbs.len() + 600, |writer| {
        writer.sequence(|certificate| {
            certificate.raw(&linted.tbs);
            certificate.raw(algorithm.identifier());
            certificate.bit_string(&signature);
        });
    });
    Certificate::from_der(&der).map_err(SignError::ReadBack)
}
