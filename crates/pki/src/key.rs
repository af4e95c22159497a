//! Keys and signatures: what kinds there are, who can sign, how signatures are named in DER.

mod public;
mod software;

pub use public::PublicKey;
pub use software::SoftwareKey;

/// Something that signs. Private keys never leave their signer: a sealed file ([`SoftwareKey`]), a
/// hardware module, a card.
pub trait Signer: Send + Sync {
    /// The public half.
    fn public_key(&self) -> &PublicKey;

    /// The algorithm every signature of this signer uses.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// Whether the signature just made is to be verified before anybody sees it, so that a fault does
    /// not leave the house: what comes from outside this process may be anything, so the answer is
    /// yes unless a signer knows better.
    fn doubts_itself(&self) -> bool {
        true
    }

    /// Signs `message` (hashing it as the algorithm says). The answer has the form X.509 wants: the
    /// DER `ECDSA-Sig-Value` of RFC 3279 2.2.3, or the PKCS #1 v1.5 octets of RFC 8017 8.2.
    ///
    /// # Errors
    /// [`KeyError::Signing`] when the key store refuses.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError>;

    /// Signs a message of which only the digest is at hand: the hash of [`algorithm`](Self::algorithm)
    /// over it (see [`Hasher`](crate::digest::Hasher)). The answer has the form of
    /// [`sign`](Self::sign). For messages too long to hold; whoever calls answers for the digest.
    ///
    /// # Errors
    /// [`KeyError::DigestLength`] when it is not a digest of that hash, [`KeyError::Signing`].
    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, KeyError>;
}

/// Where signing keys are made and used by name without ever leaving: a hardware module.
pub trait KeyHome: Send + Sync {
    /// The key of that name; nothing when there is none.
    ///
    /// # Errors
    /// When the home does not answer, or what it holds under that name is no key this house would use.
    fn find(&self, name: &str) -> Result<Option<Box<dyn Signer>>, HomeError>;

    /// Makes a key under a name that is not taken.
    ///
    /// # Errors
    /// When the name is taken or the home cannot make such a key.
    fn make(&self, name: &str, kind: KeyKind) -> Result<Box<dyn Signer>, HomeError>;
}

/// What a [`KeyHome`] says went wrong, in words for the log.
pub type HomeError = Box<dyn std::error::Error + Send + Sync>;

/// What can go wrong with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A SubjectPublicKeyInfo that is not DER, or longer than any key we accept.
    #[error("the public key is not a well-formed SubjectPublicKeyInfo")]
    MalformedPublicKey,
    /// A key of another kind than [`KeyKind`] lists, or a point that is not on its curve.
    #[error("the public key is of a kind that is not accepted here")]
    UnsupportedKey,
    /// A PKCS#8 document that does not hold a key of the kinds accepted.
    #[error("the private key document cannot be read")]
    MalformedPrivateKey,
    /// Key generation failed.
    #[error("a key could not be generated")]
    Generation,
    /// The signer refused or failed.
    #[error("the key store could not sign")]
    Signing,
    /// The algorithm cannot be used with this kind of key.
    #[error("the signature algorithm does not fit the key")]
    AlgorithmMismatch,
    /// A digest of another length than the algorithm's hash has.
    #[error("the digest is not one of the signature algorithm's hash")]
    DigestLength,
    /// A signature that does not verify.
    #[error("the signature does not verify")]
    BadSignature,
}

/// The kinds of key the house accepts, for its own authorities and for cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyKind {
    /// ECDSA and ECDH on NIST P-256.
    P256,
    /// ECDSA and ECDH on NIST P-384.
    P384,
    /// RSA with a modulus of 2,048 bits.
    Rsa2048,
    /// RSA with a modulus of 3,072 bits.
    Rsa3072,
    /// RSA with a modulus of 4,096 bits.
    Rsa4096,
}

impl KeyKind {
    /// Every kind, weakest first within each family.
    pub const ALL: [Self; 5] = [
        Self::P256,
        Self::P384,
        Self::Rsa2048,
        Self::Rsa3072,
        Self::Rsa4096,
    ];

    /// The stable text code: `p256`, `p384`, `rsa2048`, `rsa3072`, `rsa4096`.
    pub fn code(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::Rsa2048 => "rsa2048",
            Self::Rsa3072 => "rsa3072",
            Self::Rsa4096 => "rsa4096",
        }
    }

    /// Reads a [`code`](Self::code); nothing for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether this is an elliptic-curve key.
    pub fn is_elliptic(self) -> bool {
        matches!(self, Self::P256 | Self::P384)
    }

    /// The algorithm a key of this kind signs with in this house: the hash matches the strength.
    pub fn signature_algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::P256 => SignatureAlgorithm::EcdsaSha256,
            Self::P384 => SignatureAlgorithm::EcdsaSha384,
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => SignatureAlgorithm::RsaSha256,
        }
    }
}

/// An ECDSA signature as hardware gives it, the two numbers one after the other at the length of the curve's order, in the form
/// X.509 wants (`ECDSA-Sig-Value`, RFC 3279 2.2.3).
///
/// # Errors
/// [`KeyError::AlgorithmMismatch`] for a kind that is not elliptic, [`KeyError::Signing`] for octets of another length or a
/// number that is nought.
pub fn ecdsa_from_raw(kind: KeyKind, raw: &[u8]) -> Result<Vec<u8>, KeyError> {
    let length = match kind {
        KeyKind::P256 => 32,
        KeyKind::P384 => 48,
        _ => return Err(KeyError::AlgorithmMismatch),
    };
    let (r, s) = raw
        .split_at_checked(length)
        .filter(|(_, s)| s.len() == length)
        .ok_or(KeyError::Signing)?;
    if [r, s]
        .iter()
        .any(|number| number.iter().all(|octet| *octet == 0))
    {
        return Err(KeyError::Signing);
    }
    Ok(crate::asn1::Writer::build(2 * length + 16, |writer| {
        writer.sequence(|value| {
            value.unsigned(r);
            value.unsigned(s);
        });
    }))
}

/// Signature algorithms as they stand in X.509 objects. The house signs with the first three; the
/// others are read, because other people's cards carry them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SignatureAlgorithm {
    /// ecdsa-with-SHA256 (RFC 5758 3.2); ES256 with P-256.
    EcdsaSha256,
    /// ecdsa-with-SHA384 (RFC 5758 3.2); ES384 with P-384.
    EcdsaSha384,
    /// sha256WithRSAEncryption (RFC 4055 5); RS256.
    RsaSha256,
    /// ecdsa-with-SHA512 (RFC 5758 3.2).
    EcdsaSha512,
    /// sha384WithRSAEncryption (RFC 4055 5); RS384.
    RsaSha384,
    /// sha512WithRSAEncryption (RFC 4055 5); RS512.
    RsaSha512,
}

impl SignatureAlgorithm {
    /// Every algorithm.
    pub const ALL: [Self; 6] = [
        Self::EcdsaSha256,
        Self::EcdsaSha384,
        Self::RsaSha256,
        Self::EcdsaSha512,
        Self::RsaSha384,
        Self::RsaSha512,
    ];

    /// The DER `AlgorithmIdentifier`: no parameters with ECDSA (RFC 5758 3.2), NULL with RSA
    /// (RFC 4055 5).
    pub fn identifier(self) -> &'static [u8] {
        match self {
            Self::EcdsaSha256 => b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02",
            Self::EcdsaSha384 => b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03",
            Self::EcdsaSha512 => b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x04",
            Self::RsaSha256 => b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00",
            Self::RsaSha384 => b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c\x05\x00",
            Self::RsaSha512 => b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d\x05\x00",
        }
    }

    /// What the bare operation of a private key, in a hardware module or a card, is given to sign: the digest itself for
    /// ECDSA, the DER `DigestInfo` around it for RSA (RFC 8017 9.2, step 2; the padding is the operation's).
    ///
    /// # Errors
    /// [`KeyError::DigestLength`] when it is not a digest of this algorithm's hash.
    pub fn bare_input(self, digest: &[u8]) -> Result<Vec<u8>, KeyError> {
        // RFC 8017 9.2, note 1.
        let (prefix, length): (&[u8], usize) = match self {
            Self::EcdsaSha256 => (b"", 32),
            Self::EcdsaSha384 => (b"", 48),
            Self::EcdsaSha512 => (b"", 64),
            Self::RsaSha256 => (
                b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
                32,
            ),
            Self::RsaSha384 => (
                b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30",
                48,
            ),
            Self::RsaSha512 => (
                b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40",
                64,
            ),
        };
        if digest.len() == length {
            Ok([prefix, digest].concat())
        } else {
            Err(KeyError::DigestLength)
        }
    }

    /// Reads a DER `AlgorithmIdentifier`; nothing for an algorithm the house does not accept.
    pub fn from_identifier(der: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.identifier() == der)
    }
}
