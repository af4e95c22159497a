//! TLV and the data objects made of it: what was read can be written, and then stays the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use piv::DataObject;
use piv::object::{
    Capabilities, CertificateObject, Chuid, Discovery, FaceImage, FaceRecord, KeyHistory,
    PrintedInformation, SecurityObject,
};
use piv::tlv;

fuzz_target!(|data: &[u8]| {
    let mut reader = tlv::Reader::new(data);
    let mut elements = Vec::new();
    while let Ok(Some(element)) = reader.element() {
        elements.push(element);
    }
    let mut written = Vec::new();
    for element in &elements {
        tlv::write(&mut written, element.tag, element.value);
    }
    let mut again = tlv::Reader::new(&written);
    for element in &elements {
        assert_eq!(again.element(), Ok(Some(*element)));
    }
    assert_eq!(again.element(), Ok(None));
    object::<Chuid>(data);
    object::<Capabilities>(data);
    object::<Discovery>(data);
    object::<KeyHistory>(data);
    object::<PrintedInformation>(data);
    object::<FaceImage>(data);
    object::<SecurityObject>(data);
    let _ = FaceRecord::parts(data);
    if let Ok(object) = CertificateObject::decode(data) {
        assert_eq!(CertificateObject::decode(&object.encode()), Ok(object));
    }
});

/// What is written of an object that was read, reads and is written the same again; overlong text of the printed information is cut.
fn object<T: DataObject>(data: &[u8]) {
    if let Ok(object) = T::decode(data) {
        let written = object.encode();
        let again = T::decode(&written).expect("what was written does not read");
        assert_eq!(again.encode(), written);
    }
}
