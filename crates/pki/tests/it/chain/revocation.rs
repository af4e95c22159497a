//! What lists and answers say about a path.

use pki::certificate::Certificate;
use pki::chain::{ChainError, Evidence, Purpose, Revocation, Verified, verify};
use pki::crl::{Crl, CrlBuilder, Reason};
use pki::key::{KeyKind, Signer as _, SoftwareKey};
use pki::ocsp::{self, Answer, Responder, Response, Status};

use crate::forge::{oid, sequence, signed, tlv};
use crate::house::{DAY, House, NOW, Order};

struct Scene {
    house: House,
    verified: Verified,
}

impl Scene {
    fn new() -> Self {
        let house = House::new(KeyKind::P256);
        let (login, _) = house.issue(&Order::login());
        let people = [house.people.clone()];
        let verified = verify(&login, &people, &house.root, NOW, &Purpose::client_login()).unwrap();
        Self { house, verified }
    }

    fn leaf(&self) -> &Certificate {
        self.verified.leaf().unwrap()
    }

    /// A list of the people's authority: from when, and the reason if the login is on it.
    fn list(&self, from: i64, reason: Option<Reason>) -> Crl {
        list(
            &self.house.people,
            &self.house.people_key,
            from,
            reason.map(|reason| (self.leaf(), reason)),
            None,
        )
    }

    fn root_list(&self) -> Crl {
        list(&self.house.root, &self.house.root_key, NOW, None, None)
    }

    fn answer(&self, at: i64, status: Status) -> Response {
        let people = &self.house.people;
        let request = ocsp::build_request(people, &self.leaf().serial(), None);
        let request = ocsp::Request::from_der(&request).unwrap();
        let responder = Responder {
            certificate: people,
            signer: &self.house.people_key,
        };
        let answers = [Answer {
            id: request.entries()[0],
            status,
            this_update: at,
            next_update: Some(at + DAY),
        }];
        Response::from_der(&ocsp::respond(&responder, &answers, None, at).unwrap()).unwrap()
    }

    fn leaf_by(&self, lists: &[Crl], answers: &[Response], now: i64) -> Revocation {
        let evidence = Evidence { lists, answers };
        let found = self.verified.revocation(&evidence, now);
        assert_eq!(found.len(), 2);
        found[0]
    }
}

fn list(
    issuer: &Certificate,
    key: &SoftwareKey,
    from: i64,
    revoked: Option<(&Certificate, Reason)>,
    address: Option<&str>,
) -> Crl {
    let number = u64::try_from(from).unwrap();
    let mut builder = CrlBuilder::new(issuer, number, from, from + DAY).unwrap();
    if let Some(address) = address {
        builder = builder.at_address(address).unwrap();
    }
    if let Some((certificate, reason)) = revoked {
        builder.revoke(&certificate.serial(), from, reason);
    }
    Crl::from_der(&builder.sign(key).unwrap()).unwrap()
}

fn revoked(at: i64, reason: Reason) -> Revocation {
    Revocation::Revoked { at, reason }
}

#[test]
fn lists_are_believed_while_they_are_fresh() {
    let scene = Scene::new();
    let clean = [scene.list(NOW, None)];
    assert_eq!(scene.leaf_by(&[], &[], NOW), Revocation::Unknown);
    assert_eq!(scene.leaf_by(&clean, &[], NOW), Revocation::Good);
    assert_eq!(scene.leaf_by(&clean, &[], NOW + DAY), Revocation::Good);
    assert_eq!(scene.leaf_by(&clean, &[], NOW + DAY + 1), Revocation::Stale);
    assert_eq!(scene.leaf_by(&clean, &[], NOW - 301), Revocation::Stale);
    let lost = [scene.list(NOW, Some(Reason::KeyCompromise))];
    let gone = revoked(NOW, Reason::KeyCompromise);
    assert_eq!(scene.leaf_by(&lost, &[], NOW), gone);
    // Who was revoked once stays so, whatever newer evidence is held back.
    assert_eq!(scene.leaf_by(&lost, &[], NOW + 9 * DAY), gone);
    let both = [
        scene.list(NOW + 60, None),
        scene.list(NOW, Some(Reason::KeyCompromise)),
    ];
    assert_eq!(scene.leaf_by(&both, &[], NOW + 60), gone);
}

#[test]
fn a_hold_ends_with_newer_evidence() {
    let scene = Scene::new();
    let held = revoked(NOW, Reason::CertificateHold);
    let hold = || scene.list(NOW, Some(Reason::CertificateHold));
    assert_eq!(scene.leaf_by(&[hold()], &[], NOW), held);
    let released = [scene.list(NOW + 60, None), hold()];
    assert_eq!(scene.leaf_by(&released, &[], NOW + 60), Revocation::Good);
    let again = [scene.list(NOW - 60, None), hold()];
    assert_eq!(scene.leaf_by(&again, &[], NOW), held);
    // A list and an answer of the same second that disagree: the worse is believed.
    let good = [scene.answer(NOW, Status::Good)];
    assert_eq!(scene.leaf_by(&[hold()], &good, NOW), held);
    assert_eq!(
        scene.leaf_by(&[hold()], &[], NOW + DAY + 1),
        Revocation::Stale
    );
}

#[test]
fn answers_count_like_lists() {
    let scene = Scene::new();
    let status = Status::Revoked {
        at: NOW - 5,
        reason: Reason::Superseded,
    };
    let by = |status, now| scene.leaf_by(&[], &[scene.answer(NOW, status)], now);
    assert_eq!(by(Status::Good, NOW), Revocation::Good);
    assert_eq!(by(Status::Good, NOW + DAY + 1), Revocation::Stale);
    assert_eq!(by(status, NOW), revoked(NOW - 5, Reason::Superseded));
    assert_eq!(by(Status::Unknown, NOW), Revocation::Unknown);
}

#[test]
fn evidence_of_others_is_passed_over() {
    let scene = Scene::new();
    let leaf = scene.leaf();
    let other = House::new(KeyKind::P256);
    let lost = Some((leaf, Reason::KeyCompromise));
    let people = &scene.house.people;
    let foreign = [
        // The same names, another key; another issuer; the right issuer's name signed by another.
        list(&other.people, &other.people_key, NOW, lost, None),
        list(&scene.house.root, &scene.house.root_key, NOW, lost, None),
    ];
    assert_eq!(scene.leaf_by(&foreign, &[], NOW), Revocation::Unknown);
    // A part of the certificates: ours if the address is among the certificate's own.
    let key = &scene.house.people_key;
    let own = leaf.revocation_list_address().unwrap().to_owned();
    let part = |address: &str| [list(people, key, NOW, lost, Some(address))];
    let elsewhere = part("http://pki.example.se/pki/other.crl");
    assert_eq!(scene.leaf_by(&elsewhere, &[], NOW), Revocation::Unknown);
    assert_eq!(
        scene.leaf_by(&part(&own), &[], NOW),
        revoked(NOW, Reason::KeyCompromise)
    );
}

#[test]
fn the_whole_path_is_asked_about() {
    let scene = Scene::new();
    let demand = |lists: &[Crl], now| {
        let answers = &[];
        scene
            .verified
            .demand_not_revoked(&Evidence { lists, answers }, now)
    };
    let lists = [scene.list(NOW, None), scene.root_list()];
    assert_eq!(demand(&lists, NOW), Ok(()));
    assert_eq!(demand(&lists[..1], NOW), Err(ChainError::RevocationUnknown));
    assert_eq!(
        demand(&lists, NOW + 2 * DAY),
        Err(ChainError::RevocationStale)
    );
    let house = &scene.house;
    let people = Some((&house.people, Reason::CaCompromise));
    let lists = [
        scene.list(NOW, None),
        list(&house.root, &house.root_key, NOW, people, None),
    ];
    assert_eq!(demand(&lists, NOW), Err(ChainError::Revoked));
}

#[test]
fn a_list_speaks_of_what_its_scope_says() {
    let scene = Scene::new();
    let lost = |scope: &[u8]| {
        let people = &scene.house.people;
        [forged(
            people,
            &scene.house.people_key,
            scope,
            Some(scene.leaf()),
        )]
    };
    let clean = |scope: &[u8]| {
        let people = &scene.house.people;
        [forged(people, &scene.house.people_key, scope, None)]
    };
    let by = |lists: &[Crl]| scene.leaf_by(lists, &[], NOW);
    let gone = revoked(NOW, Reason::Unspecified);
    let (end_entities, authorities) = (tlv(0x81, &[0xff]), tlv(0x82, &[0xff]));
    assert_eq!(by(&lost(&end_entities)), gone);
    assert_eq!(by(&clean(&end_entities)), Revocation::Good);
    assert_eq!(by(&lost(&authorities)), Revocation::Unknown);
    // Some reasons only: who is on it is revoked, who is not may be on another.
    let some = tlv(0x83, &[6, 0x40]);
    assert_eq!(by(&lost(&some)), gone);
    assert_eq!(by(&clean(&some)), Revocation::Unknown);
    // Other issuers' certificates, or attribute certificates.
    assert_eq!(by(&lost(&tlv(0x84, &[0xff]))), Revocation::Unknown);
    assert_eq!(by(&lost(&tlv(0x85, &[0xff]))), Revocation::Unknown);
}

/// A list with an issuing distribution point of this content.
fn forged(
    issuer: &Certificate,
    key: &SoftwareKey,
    scope: &[u8],
    revoked: Option<&Certificate>,
) -> Crl {
    // NOW and a day later.
    let (now, later) = (b"20261118110640Z", b"20261119110640Z");
    let extension = |kind, critical: &[u8], value: &[u8]| {
        sequence(&[oid(kind), critical.to_vec(), tlv(4, value)])
    };
    let entries = revoked.map_or_else(Vec::new, |certificate| {
        let entry = sequence(&[tlv(2, certificate.serial().bytes()), tlv(24, now)]);
        sequence(&[entry])
    });
    let body = sequence(&[
        tlv(2, &[1]),
        key.algorithm().identifier().to_vec(),
        issuer.subject_der().to_vec(),
        tlv(24, now),
        tlv(24, later),
        entries,
        tlv(
            0xa0,
            &sequence(&[
                extension("2.5.29.20", &[], &[2, 1, 7]),
                extension("2.5.29.28", &[1, 1, 0xff], &tlv(0x30, scope)),
            ]),
        ),
    ]);
    let list = Crl::from_der(&signed(&body, key)).unwrap();
    assert_eq!(list.this_update(), NOW);
    list
}
