//! A token as a home of keys: found by label, made under a label that is not taken.

use std::path::PathBuf;
use std::sync::Arc;

use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use pki::key::{HomeError, KeyHome, KeyKind, Signer};

use crate::error::TokenError;
use crate::key::{TokenKey, private_halves};
use crate::pin::Pin;
use crate::pool::Pool;

/// DER object identifiers of the curves, as CKA_EC_PARAMS wants them (PKCS #11 2.40 mechanisms, 2.3.3).
const P256: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
const P384: &[u8] = b"\x06\x05\x2b\x81\x04\x00\x22";

/// Where a token is.
#[derive(Clone, Debug)]
pub struct Place {
    /// The maker's PKCS #11 library.
    pub module: PathBuf,
    /// The token's label.
    pub token: String,
    /// Sessions used at once, at the most; at least one.
    pub sessions: usize,
}

/// An opened token. Cheap to clone.
#[derive(Clone)]
pub struct Token(Arc<Pool>);

/// What a token says of itself.
#[derive(Clone, Debug)]
pub struct Description {
    /// Its maker.
    pub manufacturer: String,
    /// Its model.
    pub model: String,
    /// Its serial number.
    pub serial: String,
    /// The library's name and version.
    pub library: String,
    /// Labels of the private keys in it, sorted.
    pub keys: Vec<String>,
}

impl Token {
    /// Loads the module, finds the token and logs in. A wrong PIN is tried once, and not at all when the token says that one
    /// more would lock it.
    ///
    /// # Errors
    /// [`TokenError`] says what is missing.
    pub fn open(place: Place, pin: Pin) -> Result<Self, TokenError> {
        Pool::open(place, pin).map(Arc::new).map(Self)
    }

    /// What the token is and which private keys it has.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn describe(&self) -> Result<Description, TokenError> {
        let (info, library) = self.0.about()?;
        let mut keys = self.0.with(|session, _| {
            let _searching = self.0.searching();
            let mut labels = Vec::new();
            for key in session
                .find_objects(&[
                    Attribute::Class(ObjectClass::PRIVATE_KEY),
                    Attribute::Token(true),
                ])
                .map_err(TokenError::doing("listing keys"))?
            {
                let read = session
                    .get_attributes(key, &[AttributeType::Label])
                    .map_err(TokenError::doing("reading a key's label"))?;
                for attribute in read {
                    if let Attribute::Label(label) = attribute {
                        labels.push(String::from_utf8_lossy(&label).into_owned());
                    }
                }
            }
            Ok(labels)
        })?;
        keys.sort();
        Ok(Description {
            manufacturer: info.manufacturer_id().trim().to_owned(),
            model: info.model().trim().to_owned(),
            serial: info.serial_number().trim().to_owned(),
            library,
            keys,
        })
    }

    /// The key of that name; nothing when there is none.
    ///
    /// # Errors
    /// When the token does not answer, or its key of that name is not one to sign with.
    pub fn find_key(&self, name: &str) -> Result<Option<TokenKey>, TokenError> {
        TokenKey::find(&self.0, name)
    }

    /// Makes a key pair: sensitive, never extractable, for signing alone. RSA takes seconds.
    ///
    /// # Errors
    /// When the name is taken, or the token cannot make such a key.
    pub fn make_key(&self, name: &str, kind: KeyKind) -> Result<TokenKey, TokenError> {
        self.0.with_writing(|session| {
            if !private_halves(session, name)?.is_empty() {
                return Err(TokenError::Taken(name.to_owned()));
            }
            let (public, private) = generate(session, name, kind)
                .map_err(TokenError::doing("making a pair of keys"))?;
            // Another process may have made one of that name meanwhile. Each then takes its own back: nobody has used them.
            if private_halves(session, name)?.len() > 1 {
                for half in [private, public] {
                    session
                        .destroy_object(half)
                        .map_err(TokenError::doing("taking a key back"))?;
                }
                return Err(TokenError::Taken(name.to_owned()));
            }
            Ok(())
        })?;
        self.find_key(name)?
            .ok_or_else(|| TokenError::KeyGone(name.to_owned()))
    }
}

impl KeyHome for Token {
    fn find(&self, name: &str) -> Result<Option<Box<dyn Signer>>, HomeError> {
        Ok(self
            .find_key(name)?
            .map(|key| Box::new(key) as Box<dyn Signer>))
    }

    fn make(&self, name: &str, kind: KeyKind) -> Result<Box<dyn Signer>, HomeError> {
        Ok(Box::new(self.make_key(name, kind)?))
    }
}

fn generate(
    session: &Session,
    name: &str,
    kind: KeyKind,
) -> cryptoki::error::Result<(ObjectHandle, ObjectHandle)> {
    let mut public = vec![
        Attribute::Token(true),
        Attribute::Private(false),
        Attribute::Verify(true),
        Attribute::Encrypt(false),
        Attribute::Wrap(false),
    ];
    let mut private = vec![
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
        Attribute::Decrypt(false),
        Attribute::Unwrap(false),
    ];
    for half in [&mut public, &mut private] {
        half.push(Attribute::Label(name.as_bytes().to_vec()));
        half.push(Attribute::Id(name.as_bytes().to_vec()));
    }
    let mut rsa = |bits: u64| {
        public.push(Attribute::ModulusBits(bits.into()));
        public.push(Attribute::PublicExponent(vec![1, 0, 1]));
        Mechanism::RsaPkcsKeyPairGen
    };
    let mechanism = match kind {
        KeyKind::Rsa2048 => rsa(2_048),
        KeyKind::Rsa3072 => rsa(3_072),
        KeyKind::Rsa4096 => rsa(4_096),
        KeyKind::P256 | KeyKind::P384 => {
            let curve = if kind == KeyKind::P256 { P256 } else { P384 };
            public.push(Attribute::EcParams(curve.to_vec()));
            private.push(Attribute::Derive(false));
            Mechanism::EccKeyPairGen
        }
    };
    session.generate_key_pair(&mechanism, &public, &private)
}
