//! Our driver on a card that we did not make: Nitrokey's PIV in software, in a process of its own (`e2e/other-card`). What it can do is
//! done and checked by OpenSSL; what it refuses is refused as it should be told.

mod codes;
mod keys;
mod objects;

use std::io::{self, Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;
use piv::algorithm::ManagementAlgorithm;
use piv::{
    Algorithm, AnyManagementKey, CardError, Host, Lack, ManagementProblem, MutualProblem,
    ObjectTag, Pin, StatusWord, Transport, TransportError,
};

use crate::program;

/// The codes of a new card.
const PIN: &[u8] = b"123456";
const UNLOCK_CODE: [u8; 8] = *b"12345678";

/// The card's process.
struct OtherCard(Child);

impl OtherCard {
    /// A new card; nothing where it was not built.
    fn new() -> anyhow::Result<Option<Self>> {
        let Some(program) = program::foreign("SIGILL_TEST_OTHER_CARD")? else {
            return Ok(None);
        };
        let mut command = Command::new(program);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        Ok(Some(Self(command.spawn().context("starting the card")?)))
    }

    fn exchange(&mut self, command: &[u8]) -> io::Result<Vec<u8>> {
        let (Some(input), Some(output)) = (&mut self.0.stdin, &mut self.0.stdout) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let length = u16::try_from(command.len()).map_err(io::Error::other)?;
        input.write_all(&[&length.to_be_bytes(), command].concat())?;
        input.flush()?;
        let mut length = [0; 2];
        output.read_exact(&mut length)?;
        let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
        output.read_exact(&mut answer)?;
        Ok(answer)
    }
}

impl Transport for OtherCard {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.exchange(command)
            .map_err(|_| TransportError::CardRemoved)
    }
}

impl Drop for OtherCard {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The management key of a new card, for Triple DES.
fn first_management_key() -> anyhow::Result<AnyManagementKey> {
    let bytes = [1, 2, 3, 4, 5, 6, 7, 8].repeat(3);
    Ok(AnyManagementKey::parse(
        ManagementAlgorithm::TripleDes,
        &bytes,
    )?)
}

fn pin(digits: &[u8]) -> anyhow::Result<Pin> {
    Ok(Pin::parse(digits)?)
}

/// What the card answered instead of doing it.
fn refusal<T>(outcome: Result<T, CardError>) -> Option<StatusWord> {
    outcome.err().and_then(|problem| problem.status())
}

#[test]
fn it_is_known_for_what_it_can_do_and_what_it_lacks() -> anyhow::Result<()> {
    let Some(mut card) = OtherCard::new()? else {
        return Ok(());
    };
    let mut host = Host::new(&mut card);
    host.select()?;
    let abilities = host.abilities()?;
    assert_eq!(abilities.management, Some(ManagementAlgorithm::TripleDes));
    for algorithm in Algorithm::ALL {
        assert!(abilities.algorithms.contains(&algorithm), "{algorithm:?}");
    }
    assert_eq!(abilities.missing_objects, []);
    // It has the command for keys from outside; which keys it takes is another matter.
    assert!(abilities.import && abilities.new_management_key);
    // It answers the question about its keys and tells nothing.
    assert_eq!(
        abilities.lacks(),
        [Lack::OldManagement, Lack::Attestation, Lack::Metadata]
    );
    assert!(host.version()?.is_some() && host.serial()?.is_some());
    assert_eq!(host.card_number()?, None);
    Ok(())
}

#[test]
fn its_management_key_is_proven_in_both_ways_and_replaced() -> anyhow::Result<()> {
    let Some(mut card) = OtherCard::new()? else {
        return Ok(());
    };
    let mut host = Host::new(&mut card);
    host.select()?;
    let first = first_management_key()?;
    let wrong = AnyManagementKey::parse(first.algorithm(), &[0x3C; 24])?;
    let write = |host: &mut Host<'_>| host.write_object(ObjectTag::SECURITY, &[1]);
    let closed = Some(StatusWord::SecurityStatusNotSatisfied);
    assert_eq!(refusal(write(&mut host)), closed);
    assert_eq!(refusal(host.set_any_management_key(&first)), closed);
    assert_eq!(host.authenticate(&wrong), Err(ManagementProblem::Refused));
    assert_eq!(
        host.authenticate_mutually(&wrong, &[9; 8]),
        Err(MutualProblem::Host(ManagementProblem::Refused))
    );
    assert_eq!(refusal(write(&mut host)), closed);
    // It takes the mutual proof without the empty element that asks for its answer, and with it not.
    host.authenticate_mutually(&first, &[9; 8])?;
    write(&mut host)?;
    host.authenticate(&first)?;

    for algorithm in [ManagementAlgorithm::Aes128, ManagementAlgorithm::Aes192] {
        let key = AnyManagementKey::parse(algorithm, &vec![5; algorithm.key_length()])?;
        let outcome = host.set_any_management_key(&key);
        assert_eq!(
            refusal(outcome),
            Some(StatusWord::WrongData),
            "{algorithm:?}"
        );
    }
    let ours = AnyManagementKey::parse(ManagementAlgorithm::Aes256, &[0xA5; 32])?;
    host.set_any_management_key(&ours)?;
    assert_eq!(
        host.management_algorithm()?,
        Some(ManagementAlgorithm::Aes256)
    );
    assert_eq!(host.authenticate(&first), Err(ManagementProblem::Refused));
    host.authenticate(&ours)?;
    host.authenticate_mutually(&ours, &[9; 16])?;
    write(&mut host)?;
    assert_eq!(
        host.abilities()?.lacks(),
        [Lack::Attestation, Lack::Metadata]
    );
    Ok(())
}
