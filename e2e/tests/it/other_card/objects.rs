//! The data objects that this system writes, and certificates, on the other card.

use piv::object::{
    Capabilities, CardIdentifier, CertificateObject, Chuid, Discovery, FaceImage, FaceRecord,
    KeyHistory, PrintedInformation, SecurityObject, security_content,
};
use piv::{DataObject, Day, Host, ObjectTag, Slot, StatusWord};

use super::{OtherCard, PIN, first_management_key, pin, refusal};

const CARD_NUMBER: &str = "9752269875705018743";

/// Writes an object and reads it back.
fn keeps<T: DataObject + PartialEq + std::fmt::Debug>(
    host: &mut Host<'_>,
    object: &T,
) -> anyhow::Result<()> {
    host.write(object)?;
    assert_eq!(host.read::<T>()?.as_ref(), Some(object));
    Ok(())
}

/// Something of a certificate's outer form that no compression makes shorter.
fn certificate(length: u16) -> Vec<u8> {
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    });
    let mut bytes = vec![0x30, 0x82];
    bytes.extend(length.to_be_bytes());
    bytes.extend(noise.take(usize::from(length)));
    bytes
}

#[test]
fn it_keeps_every_object_that_is_written() -> anyhow::Result<()> {
    let Some(mut card) = OtherCard::new()? else {
        return Ok(());
    };
    let mut host = Host::new(&mut card);
    host.select()?;
    let until = Day::new(2031, 6, 30)?;
    let chuid = Chuid::new([0x5A; 16], until);
    assert_eq!(
        refusal(host.write(&chuid)),
        Some(StatusWord::SecurityStatusNotSatisfied)
    );
    host.authenticate(&first_management_key()?)?;
    keeps(&mut host, &chuid)?;
    host.renew_guid([0xA5; 16])?;
    let renewed = host.chuid()?.map(|chuid| (chuid.guid, chuid.expires_on));
    assert_eq!(renewed, Some(([0xA5; 16], until)));

    let identifier = Some(CardIdentifier::of_card_number(CARD_NUMBER)?);
    keeps(&mut host, &Capabilities { identifier })?;
    assert_eq!(host.card_number()?.as_deref(), Some(CARD_NUMBER));
    keeps(&mut host, &Discovery::pin_alone())?;
    let content = security_content(&[
        (ObjectTag::CHUID, &chuid.encode()),
        (ObjectTag::DISCOVERY, &Discovery::pin_alone().encode()),
    ]);
    let groups = content.map(|content| content.groups).unwrap_or_default();
    assert_eq!(groups.len(), 2);
    let signed = certificate(900);
    keeps(&mut host, &SecurityObject { groups, signed })?;

    // It writes the key history down and tells what it counts by itself: the certificates of earlier keys.
    host.write(&KeyHistory::on_card(5)?)?;
    assert_eq!(host.read()?, Some(KeyHistory::on_card(0)?));
    for number in 1..=3 {
        host.write_certificate(Slot::retired(number)?, &certificate(900))?;
    }
    assert_eq!(host.read()?, Some(KeyHistory::on_card(3)?));
    Ok(())
}

#[test]
fn what_is_printed_and_the_face_want_its_code() -> anyhow::Result<()> {
    let Some(mut card) = OtherCard::new()? else {
        return Ok(());
    };
    let mut host = Host::new(&mut card);
    host.select()?;
    host.authenticate(&first_management_key()?)?;
    let until = Day::new(2031, 6, 30)?;
    let printed = PrintedInformation {
        name: "Östen Ärlig".to_owned(),
        affiliation: "Anställd".to_owned(),
        expires_on: until,
        card_number: CARD_NUMBER.to_owned(),
        issuer: "SE1234".to_owned(),
        organisation: ["Myndigheten".to_owned(), String::new()],
    };
    let record = FaceRecord {
        jpeg: certificate(5_000),
        width: 240,
        height: 320,
        made_on: Day::new(2026, 7, 1)?,
        good_from: Day::new(2026, 7, 1)?,
        good_until: until,
        creator: "Sigill".to_owned(),
        fasc_n: piv::object::fasc_n(1),
    };
    let cbeff = record.to_cbeff(&[]).unwrap_or_default();
    assert!(cbeff.len() > 5_000);
    let face = FaceImage { cbeff };
    host.write(&printed)?;
    host.write(&face)?;
    let wants_code = Some(StatusWord::SecurityStatusNotSatisfied);
    assert_eq!(refusal(host.read_object(ObjectTag::PRINTED)), wants_code);
    assert_eq!(refusal(host.read_object(ObjectTag::FACE)), wants_code);
    host.verify_pin(&pin(PIN)?)?;
    keeps(&mut host, &printed)?;
    keeps(&mut host, &face)
}

#[test]
fn it_keeps_certificates_as_they_are_and_compressed() -> anyhow::Result<()> {
    let Some(mut card) = OtherCard::new()? else {
        return Ok(());
    };
    let mut host = Host::new(&mut card);
    host.select()?;
    host.authenticate(&first_management_key()?)?;
    for slot in Slot::all() {
        assert_eq!(host.read_certificate(slot)?, None, "{slot}");
        let certificate = certificate(1_000 + u16::from(slot.reference()));
        host.write_certificate(slot, &certificate)?;
    }
    for slot in Slot::all() {
        let certificate = certificate(1_000 + u16::from(slot.reference()));
        assert_eq!(host.read_certificate(slot)?, Some(certificate), "{slot}");
    }
    // Compressed by us before, as another system may have written it.
    let certificate = vec![0x30; 2_500];
    let object = CertificateObject {
        certificate: certificate.clone(),
    };
    let compressed = object.encode_compressed();
    assert!(compressed.len() < 200);
    let place = Slot::LOGIN.certificate_object();
    host.write_object(place, &compressed)?;
    assert_eq!(host.read_object(place)?, Some(compressed));
    assert_eq!(host.read_certificate(Slot::LOGIN)?, Some(certificate));

    // A removed one stays as an empty object.
    host.remove_certificate(Slot::LOGIN)?;
    assert_eq!(host.read_certificate(Slot::LOGIN)?, None);
    // The place of the certificate that vouches for its keys is none of its own.
    assert_eq!(
        refusal(host.read_attestation_certificate()),
        Some(StatusWord::WrongData)
    );
    Ok(())
}
