//! How a secret (an unlock code, a transport key) reaches the card client for one act: sealed to a
//! key the client made for that act and forgets after it.
//!
//! ECDH between a key of the act and a key of the message on P-256, HKDF-SHA-256 (RFC 5869) with both public keys in the info, then
//! AES-256-GCM. Every message has its own key, so the nonce is fixed at zero.

use aws_lc_rs::aead::{Aad, Nonce};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hkdf;
use zeroize::Zeroizing;

use crate::sealed;

const VERSION: u8 = 1;
const POINT_LENGTH: usize = 65;
const PURPOSE: &[u8] = b"sigill act envelope 1";

/// The private half of a client's key for one act. It opens every envelope of that act (management key, candidate unlock
/// codes, the new unlock code) and goes with it.
pub struct ActKey {
    private: PrivateKey,
    public: [u8; POINT_LENGTH],
}

/// Why an envelope could not be made or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// No key could be made.
    #[error("a key for the act could not be made")]
    Generation,
    /// The other side's public key is not an uncompressed point on P-256.
    #[error("the public key of the act is not a point on P-256")]
    BadPublicKey,
    /// The envelope is cut short or of an unknown version.
    #[error("the envelope is not in a known form")]
    UnknownForm,
    /// Wrong key or a changed envelope.
    #[error("the envelope does not open with this key")]
    DoesNotOpen,
}

impl ActKey {
    /// A fresh key.
    ///
    /// # Errors
    /// [`EnvelopeError::Generation`].
    pub fn generate() -> Result<Self, EnvelopeError> {
        let private = PrivateKey::generate(&ECDH_P256).map_err(|_| EnvelopeError::Generation)?;
        let point = private
            .compute_public_key()
            .map_err(|_| EnvelopeError::Generation)?;
        let public = <[u8; POINT_LENGTH]>::try_from(point.as_ref())
            .map_err(|_| EnvelopeError::Generation)?;
        Ok(Self { private, public })
    }

    /// The public half: an uncompressed P-256 point (65 bytes), sent to the server.
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// Opens an envelope sealed to this key.
    ///
    /// # Errors
    /// [`EnvelopeError::UnknownForm`], [`EnvelopeError::BadPublicKey`],
    /// [`EnvelopeError::DoesNotOpen`].
    pub fn open(&self, envelope: &[u8]) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
        let (version, rest) = envelope.split_first().ok_or(EnvelopeError::UnknownForm)?;
        if *version != VERSION {
            return Err(EnvelopeError::UnknownForm);
        }
        let (sender, body) = rest
            .split_first_chunk::<POINT_LENGTH>()
            .ok_or(EnvelopeError::UnknownForm)?;
        let key = agreed_key(&self.private, sender, sender, &self.public)?;
        let cipher = sealed::cipher(&key).ok_or(EnvelopeError::DoesNotOpen)?;
        sealed::open_body(&cipher, [0; 12], PURPOSE, body).ok_or(EnvelopeError::DoesNotOpen)
    }
}

/// Seals `plain` to the `public` half of an [`ActKey`]. The result is version, our ephemeral point,
/// ciphertext, tag.
///
/// # Errors
/// [`EnvelopeError::BadPublicKey`], [`EnvelopeError::Generation`].
pub fn seal_to(public: &[u8], plain: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
    let recipient =
        <[u8; POINT_LENGTH]>::try_from(public).map_err(|_| EnvelopeError::BadPublicKey)?;
    let ActKey {
        private,
        public: sender,
    } = ActKey::generate()?;
    let key = agreed_key(&private, &recipient, &sender, &recipient)?;
    let cipher = sealed::cipher(&key).ok_or(EnvelopeError::Generation)?;
    let mut body = Vec::with_capacity(plain.len() + 16);
    body.extend_from_slice(plain);
    cipher
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key([0; 12]),
            Aad::from(PURPOSE),
            &mut body,
        )
        .map_err(|_| EnvelopeError::Generation)?;
    let mut envelope = Vec::with_capacity(1 + POINT_LENGTH + body.len());
    envelope.push(VERSION);
    envelope.extend_from_slice(&sender);
    envelope.extend_from_slice(&body);
    Ok(envelope)
}

/// The message key: HKDF over the shared secret, bound to who sends and who receives.
fn agreed_key(
    private: &PrivateKey,
    peer: &[u8; POINT_LENGTH],
    sender: &[u8; POINT_LENGTH],
    recipient: &[u8; POINT_LENGTH],
) -> Result<Zeroizing<[u8; 32]>, EnvelopeError> {
    let peer = UnparsedPublicKey::new(&ECDH_P256, peer);
    agree(private, peer, EnvelopeError::BadPublicKey, |secret| {
        let mut key = Zeroizing::new([0; 32]);
        hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
            .extract(secret)
            .expand(&[PURPOSE, sender, recipient], hkdf::HKDF_SHA256)
            .and_then(|okm| okm.fill(key.as_mut_slice()))
            .map_err(|_| EnvelopeError::DoesNotOpen)?;
        Ok(key)
    })
}
