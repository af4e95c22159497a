use pki::certificate::Certificate;
use pki::crl::Reason;
use pki::key::{KeyKind, SoftwareKey};
use pki::ocsp::{
    Answer, BadRequest, BadResponse, ErrorStatus, IssuerHashes, LARGEST_REQUEST, MOST_ENTRIES,
    OcspError, Request, Responder, Response, Status, build_request, error_response, plain_question,
    respond,
};
use pki::profile::ProfileKind;
use pki::serial::Serial;

use crate::house::{DAY, House, NOW, Order};

const NONCE: [u8; 32] = [0xa5; 32];

fn answer(
    responder: &Certificate,
    key: &SoftwareKey,
    request: &Request<'_>,
    status: Status,
) -> Result<Vec<u8>, OcspError> {
    let answers: Vec<Answer<'_>> = request
        .entries()
        .iter()
        .map(|id| Answer {
            id: *id,
            status,
            this_update: NOW,
            next_update: Some(NOW + 600),
        })
        .collect();
    let responder = Responder {
        certificate: responder,
        signer: key,
    };
    respond(&responder, &answers, request.nonce(), NOW)
}

fn serial(number: u8) -> Serial {
    Serial::from_entropy([number; 16])
}

#[test]
fn a_delegated_responder_answers() {
    for kind in [KeyKind::P256, KeyKind::P384] {
        let house = House::new(kind);
        let (responder, key) = house.issue(&Order::of(ProfileKind::OcspResponder));
        let asked = build_request(&house.people, &serial(3), Some(&NONCE));
        let request = Request::from_der(&asked).unwrap();
        assert_eq!(request.nonce(), Some(&NONCE[..]));
        let [id] = request.entries() else {
            panic!("one entry")
        };
        assert_eq!(id.serial(), serial(3));
        assert!(id.is_issued_by(&IssuerHashes::of(&house.people)));
        assert!(!id.is_issued_by(&IssuerHashes::of(&house.root)));
        let at = NOW - 50;
        let statuses = [
            Status::Good,
            Status::Unknown,
            Status::Revoked {
                at,
                reason: Reason::Superseded,
            },
            Status::Revoked {
                at,
                reason: Reason::Unspecified,
            },
        ];
        for status in statuses {
            let der = answer(&responder, &key, &request, status).unwrap();
            let response = Response::from_der(&der).unwrap();
            assert_eq!(response.verify(&house.people, NOW), Ok(()));
            assert_eq!(response.status_of(&house.people, &serial(3)), Some(status));
            assert_eq!(response.status_of(&house.people, &serial(4)), None);
            assert_eq!(response.status_of(&house.root, &serial(3)), None);
            assert_eq!(response.nonce(), Some(&NONCE[..]));
            assert_eq!(response.produced_at(), NOW);
        }
    }
}

#[test]
fn an_authority_answers_for_itself() {
    let house = House::new(KeyKind::P256);
    let asked = build_request(&house.people, &serial(3), None);
    let request = Request::from_der(&asked).unwrap();
    assert_eq!(request.nonce(), None);
    let der = answer(&house.people, &house.people_key, &request, Status::Good).unwrap();
    let response = Response::from_der(&der).unwrap();
    assert_eq!(response.verify(&house.people, NOW), Ok(()));
    assert_eq!(response.nonce(), None);
    // Its own certificate stays out: whoever asks has it.
    assert!(der.len() < 400, "{}", der.len());
}

#[test]
fn answers_are_believed_from_the_right_signer_at_the_right_time() {
    let house = House::new(KeyKind::P256);
    let other = House::new(KeyKind::P256);
    let (responder, key) = house.issue(&Order::of(ProfileKind::OcspResponder));
    let (login, login_key) = house.issue(&Order::of(ProfileKind::Login));
    let asked = build_request(&house.people, &serial(3), None);
    let request = Request::from_der(&asked).unwrap();
    let good = answer(&responder, &key, &request, Status::Good).unwrap();
    let verdict = |der: &[u8], issuer: &Certificate, now| {
        Response::from_der(der).and_then(|response| response.verify(issuer, now))
    };
    let people = &house.people;
    use BadResponse as E;
    assert_eq!(verdict(&good, people, NOW + 600), Ok(()));
    assert_eq!(verdict(&good, people, NOW + 601), Err(E::NotCurrent));
    let (early, early_key) = house.issue(&{
        let mut order = Order::of(ProfileKind::OcspResponder);
        order.not_after = NOW + 60;
        order
    });
    let short = answer(&early, &early_key, &request, Status::Good).unwrap();
    assert_eq!(verdict(&short, people, NOW + 61), Err(E::Unauthorised));
    assert_eq!(verdict(&good, &other.people, NOW), Err(E::Unauthorised));
    // A card holder who answers in the authority's name.
    let forged = answer(&login, &login_key, &request, Status::Good).unwrap();
    assert_eq!(verdict(&forged, people, NOW), Err(E::Unauthorised));
    let mut changed = good.clone();
    let at = changed
        .windows(16)
        .position(|window| window == serial(3).bytes())
        .unwrap();
    changed[at + 3] ^= 1;
    assert_eq!(verdict(&changed, people, NOW), Err(E::BadSignature));
    assert_eq!(
        answer(&responder, &login_key, &request, Status::Good).err(),
        Some(OcspError::WrongSigner)
    );
    assert_eq!(
        verdict(&good, people, NOW - DAY),
        Err(E::Unauthorised),
        "before the responder's own certificate"
    );
}

#[test]
fn refusals_are_five_bytes() {
    for (status, number) in [
        (ErrorStatus::MalformedRequest, 1),
        (ErrorStatus::InternalError, 2),
        (ErrorStatus::TryLater, 3),
        (ErrorStatus::Unauthorized, 6),
    ] {
        let der = error_response(status);
        assert_eq!(der, [0x30, 3, 0x0a, 1, number]);
        assert_eq!(
            Response::from_der(&der).err(),
            Some(BadResponse::Refused(number))
        );
    }
}

/// A request put together by hand: identifiers, then request extensions.
fn raw_request(ids: &[Vec<u8>], extensions: &[u8]) -> Vec<u8> {
    let entries: Vec<u8> = ids.iter().flat_map(|id| wrap(0x30, id)).collect();
    let mut body = wrap(0x30, &entries);
    if !extensions.is_empty() {
        body.extend(wrap(0xa2, &wrap(0x30, extensions)));
    }
    wrap(0x30, &wrap(0x30, &body))
}

fn wrap(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap();
    let mut der = match length {
        0..0x80 => vec![tag, u8::try_from(length).unwrap()],
        0x80..0x100 => vec![tag, 0x81, u8::try_from(length).unwrap()],
        _ => {
            let [high, low] = length.to_be_bytes();
            vec![tag, 0x82, high, low]
        }
    };
    der.extend_from_slice(content);
    der
}

/// A `CertID` with SHA-256 hashes and no algorithm parameters, as RFC 5754 wants them.
fn sha256_id(issuer: &Certificate, serial: &[u8]) -> Vec<u8> {
    let hash = |data: &[u8]| wrap(4, &pki::digest::sha256(data));
    let algorithm = hex::decode("300b0609608648016503040201").unwrap();
    let parts = [
        algorithm,
        hash(issuer.subject_der()),
        hash(issuer.public_key().key_bits()),
        wrap(2, serial),
    ];
    wrap(0x30, &parts.concat())
}

fn nonce_extension(length: usize) -> Vec<u8> {
    let oid = hex::decode("06092b0601050507300102").unwrap();
    let value = wrap(4, &wrap(4, &vec![1; length]));
    wrap(0x30, &[oid, value].concat())
}

#[test]
fn sha256_identifiers_match_too() {
    let house = House::new(KeyKind::P256);
    let id = sha256_id(&house.people, &[0x55, 1]);
    let asked = raw_request(std::slice::from_ref(&id), &[]);
    let request = Request::from_der(&asked).unwrap();
    let read = &request.entries()[0];
    assert_eq!(read.der(), id);
    assert!(read.is_issued_by(&IssuerHashes::of(&house.people)));
    assert!(!read.is_issued_by(&IssuerHashes::of(&house.root)));
}

#[test]
fn a_plain_question_is_told_by_its_outside() {
    let house = House::new(KeyKind::P256);
    let plain = build_request(&house.people, &serial(3), None);
    let request = Request::from_der(&plain).unwrap();
    let id = request.entries()[0].der();
    assert_eq!(plain_question(&plain), Some(id));
    let common = IssuerHashes::of(&house.people).cert_ids(&serial(3));
    assert_eq!(common[0], id);
    for (place, id) in common.iter().enumerate() {
        let question = raw_request(std::slice::from_ref(id), &[]);
        assert_eq!(plain_question(&question), Some(&id[..]));
        let read = Request::from_der(&question).unwrap();
        let entry = read.entries()[0];
        assert_eq!(entry.serial(), serial(3));
        assert!(entry.is_issued_by(&IssuerHashes::of(&house.people)));
        assert!(!common[..place].contains(id));
        // Anything more said is another question.
        let nonce = raw_request(std::slice::from_ref(id), &nonce_extension(16));
        assert_eq!(plain_question(&nonce), None);
        let two = raw_request(&[id.clone(), id.clone()], &[]);
        assert_eq!(plain_question(&two), None);
        for cut in 0..question.len() {
            assert_eq!(plain_question(&question[..cut]), None, "{cut}");
        }
        let longer = [&question[..], b"\0"].concat();
        assert_eq!(plain_question(&longer), None);
    }
    // A length written longer than it need be is not DER.
    assert_eq!(plain_question(b"\x30\x81\x02\x05\x00"), None);
}

#[test]
fn requests_stay_within_the_budget() {
    let house = House::new(KeyKind::P256);
    let id = sha256_id(&house.people, &[1]);
    let read = |ids: &[Vec<u8>], extensions: &[u8]| {
        Request::from_der(&raw_request(ids, extensions)).map(|request| request.entries().len())
    };
    use BadRequest as E;
    assert_eq!(read(&vec![id.clone(); MOST_ENTRIES], &[]), Ok(16));
    assert_eq!(
        read(&vec![id.clone(); MOST_ENTRIES + 1], &[]),
        Err(E::TooLarge)
    );
    assert_eq!(
        Request::from_der(&vec![0x30; LARGEST_REQUEST + 1]).err(),
        Some(E::TooLarge)
    );
    assert_eq!(read(&[], &[]), Err(E::Malformed));
    let one = std::slice::from_ref(&id);
    assert_eq!(read(one, &nonce_extension(0)), Err(E::Nonce));
    assert_eq!(read(one, &nonce_extension(1)), Ok(1));
    assert_eq!(read(one, &nonce_extension(128)), Ok(1));
    assert_eq!(read(one, &nonce_extension(129)), Err(E::Nonce));
    let critical = hex::decode("300c06032a03040101ff04020500").unwrap();
    assert_eq!(read(one, &critical), Err(E::CriticalExtension));
    let harmless = hex::decode("300906032a030404020500").unwrap();
    assert_eq!(read(one, &harmless), Ok(1));
    let negative = sha256_id(&house.people, &[0x80]);
    assert_eq!(read(&[negative], &[]), Err(E::Malformed));
}

#[test]
fn several_certificates_are_answered_at_once() {
    let house = House::new(KeyKind::P256);
    let (responder, key) = house.issue(&Order::of(ProfileKind::OcspResponder));
    let ids: Vec<Vec<u8>> = (1..=5).map(|n| sha256_id(&house.people, &[n])).collect();
    let asked = raw_request(&ids, &[]);
    let request = Request::from_der(&asked).unwrap();
    let der = answer(&responder, &key, &request, Status::Good).unwrap();
    let response = Response::from_der(&der).unwrap();
    for number in 1..=5 {
        let serial = Serial::from_bytes(&[number]).unwrap();
        assert_eq!(
            response.status_of(&house.people, &serial),
            Some(Status::Good)
        );
    }
    let responder = Responder {
        certificate: &responder,
        signer: &key,
    };
    assert_eq!(
        respond(&responder, &[], None, NOW).err(),
        Some(OcspError::Content)
    );
}
