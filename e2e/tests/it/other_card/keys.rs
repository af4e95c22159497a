//! Keys on the other card, and what OpenSSL says of what they do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use piv::host::ImportedKey;
use piv::slot::PinPolicy;
use piv::{Algorithm, CardError, Host, Slot, StatusWord};

use super::{OtherCard, PIN, first_management_key, pin, refusal};
use crate::program;

/// Files for OpenSSL, and OpenSSL.
struct Judge {
    openssl: PathBuf,
    folder: PathBuf,
}

impl Judge {
    fn new(name: &str) -> anyhow::Result<Option<Self>> {
        let Some(openssl) = program::foreign("SIGILL_TEST_OPENSSL")? else {
            return Ok(None);
        };
        let folder = program::scratch(name)?;
        Ok(Some(Self { openssl, folder }))
    }

    fn file(&self, name: &str, content: &[u8]) -> anyhow::Result<PathBuf> {
        let path = self.folder.join(name);
        fs::write(&path, content).with_context(|| format!("writing {name}"))?;
        Ok(path)
    }

    fn run(&self, arguments: &[&str], files: &[(&str, &Path)]) -> anyhow::Result<Vec<u8>> {
        let mut command = Command::new(&self.openssl);
        command.args(arguments);
        for (option, file) in files {
            command.arg(option).arg(file);
        }
        program::run(&mut command)
    }

    fn verifies(
        &self,
        algorithm: Algorithm,
        key: &Path,
        message: &[u8],
        signature: &[u8],
    ) -> anyhow::Result<()> {
        let hash = match algorithm {
            Algorithm::EccP384 => "-sha384",
            _ => "-sha256",
        };
        let message = self.file("message", message)?;
        let signature = self.file("signature", signature)?;
        let mut command = Command::new(&self.openssl);
        command
            .args(["dgst", hash, "-keyform", "DER", "-verify"])
            .arg(key)
            .arg("-signature")
            .args([&signature, &message]);
        program::run(&mut command).map(drop)
    }

    /// Both ways to the same secret: the card's key with OpenSSL's, and OpenSSL's with the card's.
    fn agrees(
        &self,
        host: &mut Host<'_>,
        slot: Slot,
        algorithm: Algorithm,
        key: &Path,
    ) -> anyhow::Result<()> {
        let curve = match algorithm {
            Algorithm::EccP384 => "ec_paramgen_curve:P-384",
            _ => "ec_paramgen_curve:P-256",
        };
        let arguments = ["genpkey", "-algorithm", "EC", "-pkeyopt", curve];
        let own = self.file("own.pem", &self.run(&arguments, &[])?)?;
        let public = self.run(&["pkey", "-pubout", "-outform", "DER"], &[("-in", &own)])?;
        let point = public
            .len()
            .checked_sub(algorithm.public_length())
            .and_then(|start| public.get(start..))
            .context("OpenSSL's key is too short")?;
        let arguments = ["pkeyutl", "-derive", "-peerform", "DER"];
        let theirs = self.run(&arguments, &[("-inkey", &own), ("-peerkey", key)])?;
        ensure!(
            *host.agree(slot, algorithm, point)? == theirs,
            "another secret"
        );
        Ok(())
    }

    /// OpenSSL encrypts to the card's key with the padding of PKCS #1 v1.5 (RFC 8017 7.2), and the card opens it.
    fn opens(&self, host: &mut Host<'_>, slot: Slot, key: &Path) -> anyhow::Result<()> {
        let secret = b"what only the card may read";
        let message = self.file("secret", secret)?;
        let arguments = ["pkeyutl", "-encrypt", "-pubin", "-keyform", "DER"];
        let sealed = self.run(&arguments, &[("-inkey", key), ("-in", &message)])?;
        let block = host.decrypt_block(slot, &sealed)?;
        ensure!(
            block.starts_with(&[0, 2]) && block.ends_with(&[&[0][..], secret].concat()),
            "something else came out"
        );
        Ok(())
    }
}

/// Makes a key, and uses it in every way it can be used.
fn try_key(
    host: &mut Host<'_>,
    judge: &Judge,
    slot: Slot,
    algorithm: Algorithm,
) -> anyhow::Result<()> {
    let public = host.generate_key(slot, algorithm)?;
    let key = judge.file("card.der", &public)?;
    let message = format!("by {slot} with {algorithm:?}");
    if slot.pin_policy() == PinPolicy::Always {
        // The code counts for the very next command alone.
        host.verify_pin(&pin(PIN)?)?;
        host.chuid()?;
        ensure!(
            refusal(host.sign(slot, algorithm, message.as_bytes()))
                == Some(StatusWord::SecurityStatusNotSatisfied),
            "signed without the code"
        );
        host.verify_pin(&pin(PIN)?)?;
    }
    let signature = host.sign(slot, algorithm, message.as_bytes())?;
    judge.verifies(algorithm, &key, message.as_bytes(), &signature)?;
    if slot.pin_policy() == PinPolicy::Always {
        host.verify_pin(&pin(PIN)?)?;
    }
    if algorithm.is_rsa() {
        judge.opens(host, slot, &key)
    } else {
        judge.agrees(host, slot, algorithm, &key)
    }
}

#[test]
fn its_keys_do_what_openssl_expects() -> anyhow::Result<()> {
    let Some(mut card) = OtherCard::new()? else {
        return Ok(());
    };
    let Some(judge) = Judge::new("other-card-keys")? else {
        return Ok(());
    };
    let mut host = Host::new(&mut card);
    host.select()?;
    assert_eq!(
        refusal(host.generate_key(Slot::LOGIN, Algorithm::EccP256)),
        Some(StatusWord::SecurityStatusNotSatisfied)
    );
    host.authenticate(&first_management_key()?)?;
    for slot in Slot::all() {
        let made = slot == Slot::DOOR;
        // A card comes with a key for doors and tells of it something that is no metadata of a key.
        let told = host.key_metadata(slot);
        assert_eq!(told.is_err(), made, "{slot}: {told:?}");
        host.verify_pin(&pin(PIN)?)?;
        let mut kinds = vec![Algorithm::EccP256, Algorithm::EccP384];
        if [Slot::LOGIN, Slot::SIGNATURE, Slot::ENCRYPTION, Slot::DOOR].contains(&slot) {
            kinds.push(Algorithm::Rsa2048);
        }
        for algorithm in kinds {
            try_key(&mut host, &judge, slot, algorithm)
                .with_context(|| format!("{slot}, {algorithm:?}"))?;
        }
        assert_eq!(host.attest(slot)?, None);
    }
    Ok(())
}

#[test]
fn openssl_certifies_its_key_and_the_card_carries_the_certificate() -> anyhow::Result<()> {
    let Some(mut card) = OtherCard::new()? else {
        return Ok(());
    };
    let Some(judge) = Judge::new("other-card-certificate")? else {
        return Ok(());
    };
    let mut host = Host::new(&mut card);
    host.select()?;
    host.authenticate(&first_management_key()?)?;
    host.verify_pin(&pin(PIN)?)?;
    let (authority, own) = (judge.folder.join("ca.pem"), judge.folder.join("ca.key"));
    let arguments = [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=CA",
    ];
    judge.run(&arguments, &[("-keyout", &own), ("-out", &authority)])?;
    let key = judge.file(
        "card.der",
        &host.generate_key(Slot::LOGIN, Algorithm::EccP256)?,
    )?;
    let made = [
        "x509", "-new", "-subj", "/CN=Card", "-days", "9", "-outform", "DER",
    ];
    let with = [
        ("-force_pubkey", key.as_path()),
        ("-CA", authority.as_path()),
        ("-CAkey", own.as_path()),
    ];
    let certificate = judge.run(&made, &with)?;
    host.write_certificate(Slot::LOGIN, &certificate)?;

    let carried = host.read_certificate(Slot::LOGIN)?;
    let carried = judge.file("carried.der", &carried.context("no certificate")?)?;
    let mut verify = Command::new(&judge.openssl);
    verify
        .arg("verify")
        .arg("-CAfile")
        .args([&authority, &carried]);
    program::run(&mut verify)?;
    let key = judge.run(
        &["x509", "-pubkey", "-noout", "-inform", "DER"],
        &[("-in", &carried)],
    )?;
    let key = judge.file("carried.pem", &key)?;
    let arguments = ["pkey", "-pubin", "-outform", "DER"];
    let key = judge.file("carried.key", &judge.run(&arguments, &[("-in", &key)])?)?;
    let signature = host.sign(Slot::LOGIN, Algorithm::EccP256, b"by the card")?;
    judge.verifies(Algorithm::EccP256, &key, b"by the card", &signature)
}

#[test]
fn its_long_keys_do_what_openssl_expects() -> anyhow::Result<()> {
    let Some(mut card) = OtherCard::new()? else {
        return Ok(());
    };
    let Some(judge) = Judge::new("other-card-long-keys")? else {
        return Ok(());
    };
    let mut host = Host::new(&mut card);
    host.select()?;
    host.authenticate(&first_management_key()?)?;
    host.verify_pin(&pin(PIN)?)?;
    try_key(&mut host, &judge, Slot::ENCRYPTION, Algorithm::Rsa3072)?;
    try_key(&mut host, &judge, Slot::retired(20)?, Algorithm::Rsa4096)?;
    Ok(())
}

#[test]
fn it_wants_its_code_and_takes_no_key_from_outside() -> anyhow::Result<()> {
    let Some(mut card) = OtherCard::new()? else {
        return Ok(());
    };
    let mut host = Host::new(&mut card);
    host.select()?;
    host.authenticate(&first_management_key()?)?;
    for slot in [Slot::LOGIN, Slot::SIGNATURE, Slot::ENCRYPTION] {
        host.generate_key(slot, Algorithm::EccP256)?;
        assert_eq!(
            refusal(host.sign(slot, Algorithm::EccP256, b"without a code")),
            Some(StatusWord::SecurityStatusNotSatisfied),
            "{slot}"
        );
    }
    // The key for doors wants none.
    host.sign(Slot::DOOR, Algorithm::EccP256, b"without a code")?;

    let key = ImportedKey::Ecc {
        algorithm: Algorithm::EccP256,
        scalar: vec![7; 32].into(),
    };
    for slot in [Slot::ENCRYPTION, Slot::retired(1)?] {
        let outcome = host.import_key(slot, &key);
        assert!(
            outcome.as_ref().is_err_and(CardError::is_lack),
            "{slot}: {outcome:?}"
        );
    }
    Ok(())
}
