//! One key in a token.

use std::sync::{Arc, Mutex, PoisonError};

use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, SessionState};
use pki::digest::Hasher;
use pki::key::{KeyError, KeyKind, PublicKey, SignatureAlgorithm, Signer, ecdsa_from_raw};

use crate::error::TokenError;
use crate::pool::Pool;

/// Signed once when a key is found, to see that its two halves belong together: what is in a token beside the private key can
/// be written by whoever has the PIN. No certificate, list or answer begins like this.
const PROOF: &[u8] = b"both halves of this key belong together";

/// A private key in a token. The token signs hashes; messages never go there.
pub struct TokenKey {
    pool: Arc<Pool>,
    name: String,
    public: PublicKey,
    /// The private half, and the opening of the token in which it has that handle.
    handle: Mutex<Option<(u64, ObjectHandle)>>,
}

impl TokenKey {
    pub(crate) fn find(pool: &Arc<Pool>, name: &str) -> Result<Option<Self>, TokenError> {
        let public = pool.with(|session, _| {
            let _searching = pool.searching();
            let Some(private) = only_private_half(session, name)? else {
                return Ok(None);
            };
            stays(session, private, name)?;
            public_half(session, private, name).map(Some)
        })?;
        let Some(public) = public else {
            return Ok(None);
        };
        let key = Self {
            pool: Arc::clone(pool),
            name: name.to_owned(),
            public,
            handle: Mutex::new(None),
        };
        let algorithm = key.algorithm();
        let proof = key.sign_hash(&hash(algorithm, PROOF))?;
        key.public
            .verify(algorithm, PROOF, &proof)
            .map_err(|cause| TokenError::UnusableKey(name.to_owned(), cause))?;
        Ok(Some(key))
    }

    fn sign_hash(&self, digest: &[u8]) -> Result<Vec<u8>, TokenError> {
        let unusable = |cause| TokenError::UnusableKey(self.name.clone(), cause);
        let kind = self.public.kind();
        let input = self.algorithm().bare_input(digest).map_err(unusable)?;
        let signature = self.pool.with(|session, generation| {
            let known = self.known(generation);
            if let Some(handle) = known {
                match sign(session, kind, handle, &input) {
                    Err(error) if is_stale(&error) => {}
                    outcome => {
                        return outcome.map_err(TokenError::doing("signing"));
                    }
                }
            }
            let handle = {
                let _searching = self.pool.searching();
                only_private_half(session, &self.name)?
                    .ok_or_else(|| TokenError::KeyGone(self.name.clone()))?
            };
            *self.handle.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((generation, handle));
            sign(session, kind, handle, &input).map_err(TokenError::doing("signing"))
        })?;
        if kind.is_elliptic() {
            ecdsa_from_raw(kind, &signature).map_err(unusable)
        } else {
            Ok(signature)
        }
    }

    fn known(&self, generation: u64) -> Option<ObjectHandle> {
        self.handle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .filter(|(opening, _)| *opening == generation)
            .map(|(_, handle)| handle)
    }
}

impl Signer for TokenKey {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.public.kind().signature_algorithm()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.sign_digest(&hash(self.algorithm(), message))
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.sign_hash(digest).map_err(|error| {
            if let TokenError::UnusableKey(_, cause @ KeyError::DigestLength) = error {
                return cause;
            }
            // The caller's fault says what was to be signed; the module's reason is told here, once.
            tracing::error!(key = %self.name, cause = %error.chain(), "the token did not sign");
            KeyError::Signing
        })
    }
}

/// CKM_ECDSA signs a hash as it is; CKM_RSA_PKCS pads and signs a DigestInfo.
fn sign(
    session: &Session,
    kind: KeyKind,
    key: ObjectHandle,
    input: &[u8],
) -> cryptoki::error::Result<Vec<u8>> {
    let mechanism = if kind.is_elliptic() {
        Mechanism::Ecdsa
    } else {
        Mechanism::RsaPkcs
    };
    session.sign(&mechanism, key, input)
}

fn hash(algorithm: SignatureAlgorithm, message: &[u8]) -> Vec<u8> {
    let mut hasher = Hasher::new(algorithm);
    hasher.update(message);
    hasher.finish()
}

fn is_stale(error: &Error) -> bool {
    matches!(
        error,
        Error::Pkcs11(RvError::KeyHandleInvalid | RvError::ObjectHandleInvalid, _)
    )
}

/// The private keys of that label.
pub(crate) fn private_halves(
    session: &Session,
    name: &str,
) -> Result<Vec<ObjectHandle>, TokenError> {
    session
        .find_objects(&[
            Attribute::Class(ObjectClass::PRIVATE_KEY),
            Attribute::Token(true),
            Attribute::Label(name.as_bytes().to_vec()),
        ])
        .map_err(TokenError::doing("looking for a key"))
}

fn only_private_half(session: &Session, name: &str) -> Result<Option<ObjectHandle>, TokenError> {
    let mut found = private_halves(session, name)?;
    let one = found.pop();
    if !found.is_empty() {
        return Err(TokenError::SeveralKeys(name.to_owned()));
    }
    if one.is_none() {
        // Whoever is not logged in sees no private keys (PKCS #11 2.40, 2.6.4): that is not the same as having none.
        let state = session
            .get_session_info()
            .map_err(TokenError::doing("asking about a session"))?
            .session_state();
        if !matches!(state, SessionState::RoUser | SessionState::RwUser) {
            return Err(TokenError::LoggedOut);
        }
    }
    Ok(one)
}

/// Refuses a key that its token would hand out.
fn stays(session: &Session, private: ObjectHandle, name: &str) -> Result<(), TokenError> {
    let read = session
        .get_attributes(
            private,
            &[AttributeType::Sensitive, AttributeType::Extractable],
        )
        .map_err(TokenError::doing("reading a key's protection"))?;
    let kept =
        read.contains(&Attribute::Sensitive(true)) && read.contains(&Attribute::Extractable(false));
    if kept {
        Ok(())
    } else {
        Err(TokenError::KeyCouldLeave(name.to_owned()))
    }
}

fn public_half(
    session: &Session,
    private: ObjectHandle,
    name: &str,
) -> Result<PublicKey, TokenError> {
    let wanted = [
        AttributeType::EcPoint,
        AttributeType::Modulus,
        AttributeType::PublicExponent,
    ];
    // RSA private keys carry both numbers; elliptic ones need not carry their point, so the public object is asked too.
    let mut objects = vec![private];
    let identifier = session
        .get_attributes(private, &[AttributeType::Id])
        .map_err(TokenError::doing("reading a key's identifier"))?;
    objects.extend(
        session
            .find_objects(
                &[
                    &[
                        Attribute::Class(ObjectClass::PUBLIC_KEY),
                        Attribute::Label(name.as_bytes().to_vec()),
                    ],
                    identifier.as_slice(),
                ]
                .concat(),
            )
            .map_err(TokenError::doing("looking for a key's public half"))?,
    );
    for object in objects {
        let (mut modulus, mut exponent) = (None, None);
        for attribute in session
            .get_attributes(object, &wanted)
            .map_err(TokenError::doing("reading a public key"))?
        {
            match attribute {
                Attribute::EcPoint(point) if !point.is_empty() => {
                    return PublicKey::from_point(bare_point(&point))
                        .map_err(|cause| TokenError::UnusableKey(name.to_owned(), cause));
                }
                Attribute::Modulus(octets) => modulus = Some(octets),
                Attribute::PublicExponent(octets) => exponent = Some(octets),
                _ => {}
            }
        }
        if let (Some(modulus), Some(exponent)) = (modulus, exponent) {
            return PublicKey::from_rsa(&modulus, &exponent)
                .map_err(|cause| TokenError::UnusableKey(name.to_owned(), cause));
        }
    }
    Err(TokenError::NoPublicHalf(name.to_owned()))
}

/// CKA_EC_POINT is a DER OCTET STRING around the point (PKCS #11 2.40 mechanisms, 2.3.3); some modules give the bare point.
fn bare_point(octets: &[u8]) -> &[u8] {
    match octets {
        [0x04, 0x41, point @ ..] if point.len() == 0x41 => point,
        [0x04, 0x61, point @ ..] if point.len() == 0x61 => point,
        bare => bare,
    }
}
