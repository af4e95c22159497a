//! The cryptography of an act and nothing else, with the libraries that do it: RustCrypto in the card, aws-lc-rs in server and client.

use std::cell::RefCell;
use std::hint::black_box;

use anyhow::Context as _;
use flows::Entropy as _;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::ecdsa::{Signature, SigningKey};
use pki::digest::sha256;
use pki::envelope::{ActKey, seal_to};
use pki::key::{KeyKind, Signer as _, SoftwareKey};
use server::process::SystemEntropy;

/// How long what is signed is: about a certificate's body or a receipt.
const BODY: usize = 700;
/// Secrets that go to the card in an activation, each sealed to the act: management key, unlock code, next unlock code.
const SECRETS: usize = 3;
/// Keys, and certificates of them.
const KEYS: usize = 3;

pub struct Bare {
    authority: SoftwareKey,
    body: Vec<u8>,
    card: SigningKey,
    /// What the authority signs once for verifying.
    signature: Vec<u8>,
    random: RefCell<SystemEntropy>,
}

impl Bare {
    pub fn new() -> anyhow::Result<Self> {
        let authority = SoftwareKey::generate(KeyKind::P256)?;
        let body = vec![0x5A; BODY];
        let random = RefCell::new(SystemEntropy);
        Ok(Self {
            signature: authority.sign(&body)?,
            card: card_key(&random)?,
            authority,
            body,
            random,
        })
    }

    /// An activation's: the act's key; envelopes; for each key the key, a proof of possession signed and verified, a certificate signed and
    /// verified; and the receipt signed and verified.
    pub fn activation(&self) -> anyhow::Result<()> {
        let act = ActKey::generate()?;
        for _ in 0..SECRETS {
            black_box(act.open(&seal_to(act.public(), &[7; 32])?)?);
        }
        for _ in 0..KEYS {
            let key = card_key(&self.random)?;
            black_box(key.verifying_key());
            self.card_signs(&key)?;
            self.verify()?;
            black_box(self.authority.sign(&self.body)?);
            self.verify()?;
        }
        self.card_signs(&self.card)?;
        self.verify()
    }

    /// A login's: the challenge signed by the card; its signature, the certificate's and the authority's own verified.
    pub fn login(&self) -> anyhow::Result<()> {
        self.card_signs(&self.card)?;
        for _ in 0..3 {
            self.verify()?;
        }
        Ok(())
    }

    fn card_signs(&self, key: &SigningKey) -> anyhow::Result<()> {
        let signature: Signature = key.sign_prehash(&sha256(&self.body))?;
        black_box(signature.to_der());
        Ok(())
    }

    fn verify(&self) -> anyhow::Result<()> {
        self.authority.public_key().verify(
            self.authority.algorithm(),
            black_box(&self.body),
            &self.signature,
        )?;
        Ok(())
    }
}

/// A key as the virtual card makes one.
fn card_key(random: &RefCell<SystemEntropy>) -> anyhow::Result<SigningKey> {
    let mut scalar = [0; 32];
    random.borrow_mut().fill(&mut scalar);
    SigningKey::from_slice(&scalar).context("no scalar of P-256: all but impossible")
}
