//! A card torn out at every APDU of its personalisation, before and after it acted: it is always readable, and the
//! sequence can be run again.

use piv::{
    Algorithm, CardError, Host, ManagementKey, Pin, PinProblem, Slot, Transport, UnlockCode,
    object::{Chuid, KeyHistory},
};
use vcard::{
    Card, answer_challenge,
    torn::{Moment, TornTransport},
};

use crate::{
    fixture::{
        GUID, NUMBER, card, entropy, pin, transport_key, transport_pin, transport_unlock_code,
    },
    keys::is_signed,
};

fn house_key() -> ManagementKey {
    ManagementKey::new([0x44; 32])
}

fn house_unlock_code() -> UnlockCode {
    UnlockCode::new(*b"11223344")
}

fn chosen_pin() -> Pin {
    pin("86420864")
}

/// What stands in for a certificate: long enough for chaining.
fn certificate(spki: &[u8]) -> Vec<u8> {
    [spki, &[0x30; 700]].concat()
}

enum Stop {
    Torn,
    Failed(String),
}

impl From<CardError> for Stop {
    fn from(error: CardError) -> Self {
        match error {
            CardError::Transport(_) => Self::Torn,
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<PinProblem> for Stop {
    fn from(problem: PinProblem) -> Self {
        match problem {
            PinProblem::Card(error) => error.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}

/// First contact of card and house, in the order an act does it, and fit to be begun again wherever it broke off.
fn personalise(transport: &mut dyn Transport) -> Result<(), Stop> {
    let mut host = Host::new(transport);
    host.select()?;
    if host.card_number()?.as_deref() != Some(NUMBER) {
        return Err(Stop::Failed("another card".to_owned()));
    }
    // The house's key first: a sequence begun again finds it there.
    if !proven(&mut host, &house_key())? {
        if !proven(&mut host, &transport_key())? {
            return Err(Stop::Failed("no key fits".to_owned()));
        }
        host.set_management_key(&house_key())?;
    }
    for slot in [Slot::LOGIN, Slot::SIGNATURE, Slot::ENCRYPTION] {
        let spki = host.generate_key(slot, Algorithm::EccP256)?;
        host.write_certificate(slot, &certificate(&spki))?;
    }
    host.write(&KeyHistory::on_card(1).unwrap())?;
    let expires_on = host.chuid()?.map(|chuid| chuid.expires_on);
    if let Some(expires_on) = expires_on {
        host.write(&Chuid::new([0x77; 16], expires_on))?;
    }
    // The unlock code, then the PIN by it, which needs no knowledge of the PIN before.
    match host.change_unlock_code(&house_unlock_code(), &house_unlock_code()) {
        Ok(()) => {}
        Err(PinProblem::Wrong { .. }) => {
            host.change_unlock_code(&transport_unlock_code(), &house_unlock_code())?;
        }
        Err(other) => return Err(other.into()),
    }
    host.reset_pin(&house_unlock_code(), &chosen_pin())?;
    host.verify_pin(&chosen_pin())?;
    host.sign(Slot::SIGNATURE, Algorithm::EccP256, b"receipt")?;
    Ok(())
}

fn proven(host: &mut Host<'_>, key: &ManagementKey) -> Result<bool, Stop> {
    let challenge = host.management_challenge()?;
    match host.management_response(&answer_challenge(key, &challenge)) {
        Ok(()) => Ok(true),
        Err(piv::ManagementProblem::Refused) => Ok(false),
        Err(piv::ManagementProblem::Card(error)) => Err(error.into()),
    }
}

/// Everything on the card parses, whatever happened to it.
fn assert_readable(card: &mut Card, place: &str) {
    let mut host = Host::new(card);
    host.select().unwrap();
    assert_eq!(host.card_number().unwrap().unwrap(), NUMBER, "{place}");
    let guid = host.chuid().unwrap().unwrap().guid;
    assert!(guid == GUID || guid == [0x77; 16], "{place}");
    host.read::<KeyHistory>().unwrap().unwrap();
    for slot in Slot::all() {
        let certificate = host.read_certificate(slot).unwrap();
        let key = host.key_metadata(slot).unwrap();
        assert!(certificate.is_none() || key.is_some(), "{place}: {slot}");
        if key.is_some() {
            assert!(host.attest(slot).unwrap().is_some(), "{place}: {slot}");
        }
    }
    let known = [transport_pin(), chosen_pin()];
    let known = known.iter().any(|pin| host.verify_pin(pin).is_ok());
    assert!(known, "{place}: no PIN fits");
    let managed = [transport_key(), house_key()];
    let managed = managed
        .iter()
        .any(|key| matches!(proven(&mut host, key), Ok(true)));
    assert!(managed, "{place}: no management key fits");
    card.power_off();
    Card::from_json(&card.to_json().unwrap(), entropy(5)).unwrap();
}

#[test]
fn torn_out_at_every_apdu() {
    let mut whole_card = card();
    let mut transport = TornTransport::whole(&mut whole_card);
    told(personalise(&mut transport), "whole");
    let apdus = transport.carried();
    assert!(apdus > 40, "{apdus}");
    for moment in [Moment::BeforeCommand, Moment::AfterCommand] {
        for whole in 0..apdus {
            let place = format!("{moment:?} {whole}");
            let mut card = card();
            let mut transport = TornTransport::new(&mut card, whole, moment);
            let broken = personalise(&mut transport);
            assert!(matches!(broken, Err(Stop::Torn)), "{place}");
            assert!(transport.is_torn());
            assert_readable(&mut card, &place);
            told(personalise(&mut card), &place);
            assert_finished(&mut card, &place);
        }
    }
}

fn told(end: Result<(), Stop>, place: &str) {
    let why = match end {
        Ok(()) => return,
        Err(Stop::Torn) => "torn".to_owned(),
        Err(Stop::Failed(why)) => why,
    };
    assert_eq!(why, "", "{place}");
}

fn assert_finished(card: &mut Card, place: &str) {
    card.power_off();
    let mut host = Host::new(card);
    host.verify_pin(&chosen_pin()).unwrap();
    for slot in [Slot::LOGIN, Slot::ENCRYPTION] {
        let spki = host
            .key_metadata(slot)
            .unwrap()
            .unwrap()
            .public_key
            .to_spki();
        assert_eq!(
            host.read_certificate(slot).unwrap().unwrap(),
            certificate(&spki),
            "{place}"
        );
        let signature = host.sign(slot, Algorithm::EccP256, b"x").unwrap();
        assert!(
            is_signed(&spki, Algorithm::EccP256, b"x", &signature),
            "{place}"
        );
    }
}
