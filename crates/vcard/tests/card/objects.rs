//! Data objects through the driver.

use piv::{
    CardError, Day, Host, ObjectTag, Slot, StatusWord,
    object::{Capabilities, Chuid, Discovery, KeyHistory, PrintedInformation},
};

use crate::fixture::{GUID, NUMBER, card, manage, personalisation, transport_key, transport_pin};

#[test]
fn a_delivered_card_tells_what_it_is() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    host.select().unwrap();
    assert_eq!(host.card_number().unwrap().unwrap(), NUMBER);
    assert_eq!(host.serial().unwrap(), Some(4_711_001));
    let version = host.version().unwrap().unwrap();
    assert_eq!((version.major, version.minor, version.patch), (5, 4, 3));
    let chuid = host.chuid().unwrap().unwrap();
    assert_eq!(chuid.guid, GUID);
    assert_eq!(chuid.expires_on, Day::new(2031, 11, 23).unwrap());
    assert_eq!(
        host.read::<Discovery>().unwrap(),
        Some(Discovery::pin_alone())
    );
    let history: KeyHistory = host.read().unwrap().unwrap();
    assert_eq!(history.keys_on_card(), 0);
    for slot in Slot::all() {
        assert_eq!(host.read_certificate(slot), Ok(None));
        assert_eq!(host.key_metadata(slot), Ok(None));
        assert_eq!(host.attest(slot), Ok(None));
    }
}

#[test]
fn printed_information_wants_the_pin() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    let refused = host.read::<PrintedInformation>().unwrap_err();
    assert_eq!(
        refused.status(),
        Some(StatusWord::SecurityStatusNotSatisfied)
    );
    host.verify_pin(&transport_pin()).unwrap();
    let printed: PrintedInformation = host.read().unwrap().unwrap();
    assert_eq!(printed.card_number, NUMBER);
    assert_eq!(printed.name, "Åsa Öberg");
}

#[test]
fn a_random_guid_is_a_uuid() {
    let mut personalisation = personalisation();
    personalisation.guid = None;
    let mut card = vcard::Card::new(&personalisation, crate::fixture::entropy(9)).unwrap();
    let guid = Host::new(&mut card).chuid().unwrap().unwrap().guid;
    assert_eq!((guid[6] >> 4, guid[8] >> 6), (4, 2));
}

#[test]
fn objects_are_written_read_and_removed() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    let chuid = Chuid::new([9; 16], Day::new(2027, 1, 31).unwrap());
    host.write(&chuid).unwrap();
    assert_eq!(host.chuid(), Ok(Some(chuid)));
    host.write(&KeyHistory::on_card(2).unwrap()).unwrap();
    host.write(&Discovery::pin_alone()).unwrap();
    // Long enough for chaining both ways.
    let certificate: Vec<u8> = (0..1800_u32).map(|n| n.to_le_bytes()[0]).collect();
    for slot in Slot::all() {
        host.write_certificate(slot, &certificate).unwrap();
    }
    host.remove_certificate(Slot::LOGIN).unwrap();
    assert_eq!(host.read_certificate(Slot::LOGIN), Ok(None));
    assert_eq!(
        host.read_certificate(Slot::SIGNATURE),
        Ok(Some(certificate))
    );
}

#[test]
fn memory_ends_somewhere() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    let full = |host: &mut Host<'_>, tag| host.write_object(tag, &[1; 13_000]).err();
    let refused = (0x005F_C10D..=0x005F_C120)
        .find_map(|tag| full(&mut host, ObjectTag(tag)))
        .unwrap();
    assert_eq!(refused.status(), Some(StatusWord::NotEnoughMemory));
    let refused = host.write_object(ObjectTag::SECURITY, &[1; 13_400]);
    assert_eq!(
        refused.unwrap_err().status(),
        Some(StatusWord::NotEnoughMemory)
    );
    let refused = host.write_object(ObjectTag(0x005F_C199), &[1]);
    assert_eq!(refused.unwrap_err().status(), Some(StatusWord::NotFound));
}

#[test]
fn what_is_malformed_on_a_card_is_an_error_not_an_absence() {
    let mut card = card();
    let mut host = Host::new(&mut card);
    assert!(manage(&mut host, &transport_key()));
    host.write_object(Slot::LOGIN.certificate_object(), &[0x70, 5, 1])
        .unwrap();
    assert!(matches!(
        host.read_certificate(Slot::LOGIN),
        Err(CardError::Object(_))
    ));
    host.write(&Capabilities { identifier: None }).unwrap();
    assert_eq!(host.card_number(), Ok(None));
    host.write_object(ObjectTag::CAPABILITIES, &[]).unwrap();
    assert_eq!(host.card_number(), Ok(None));
}
