//! OCSP from memory: the same answer again while it may be told, the new one as soon as anything changed, on every node.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flows::House;
use model::credential::{CredentialKind, LossReason, RevocationReason};
use model::role::Actor;
use pki::certificate::Certificate;
use pki::crl::Reason;
use pki::ocsp::{Response, Status, build_request};
use pki::serial::Serial;
use store::certificate::CertificateRow;
use store::issuance::IssuanceRow;

use crate::world::{World, on_each_engine};

/// `tryLater` (RFC 6960 4.2.1).
const TRY_LATER: [u8; 5] = [0x30, 0x03, 0x0A, 0x01, 0x03];

/// A certificate in force, and how it is asked about.
struct Asked {
    row: CertificateRow,
    issuer: Certificate,
    serial: Serial,
    request: Vec<u8>,
}

impl World {
    async fn asked(&mut self, name: &str) -> Asked {
        let card = self.active_card(name).await;
        let row = self
            .certificates(&card)
            .await
            .into_iter()
            .find(|row| row.kind == CredentialKind::Login)
            .unwrap();
        self.asked_about(row)
    }

    fn asked_about(&self, row: CertificateRow) -> Asked {
        let authority = self.house.authorities.by_name(&row.authority).unwrap();
        let issuer = authority.certificate.clone();
        let serial = Serial::from_hex(&row.serial).unwrap();
        let request = build_request(&issuer, &serial, None);
        Asked {
            row,
            issuer,
            serial,
            request,
        }
    }

    async fn follow(&self, house: &House) -> Result<usize, flows::refusal::Fault> {
        flows::ocsp::follow(house, &self.ask(&Actor::System).call()).await
    }

    async fn answer(&self, house: &House, request: &[u8]) -> Vec<u8> {
        flows::ocsp::answer(house, &self.ask(&Actor::Nobody).call(), request)
            .await
            .der
    }

    /// What is ready in memory, if anything is.
    fn ready(&self, house: &House, request: &[u8]) -> Option<Vec<u8>> {
        house
            .answers
            .ready(request, self.now().seconds(), |signed| signed.der.to_vec())
    }

    /// What an answer says, its signature and its time checked.
    fn told(&self, asked: &Asked, der: &[u8]) -> Status {
        let response = Response::from_der(der).unwrap();
        response
            .verify(&asked.issuer, self.now().seconds())
            .unwrap();
        response.status_of(&asked.issuer, &asked.serial).unwrap()
    }

    async fn status(&self, house: &House, asked: &Asked) -> Status {
        let der = match self.ready(house, &asked.request) {
            Some(der) => der,
            None => self.answer(house, &asked.request).await,
        };
        self.told(asked, &der)
    }
}

#[tokio::test]
async fn the_same_question_gets_the_same_answer_for_half_its_time() {
    on_each_engine(async |mut world| {
        let asked = world.asked("Holder").await;
        let node = world.another_node().await;
        // A node that does not follow changes may not answer from memory.
        let first = world.answer(&node, &asked.request).await;
        assert_eq!(world.ready(&node, &asked.request), None);
        assert_eq!(world.told(&asked, &first), Status::Good);
        world.follow(&node).await.unwrap();
        let first = world.answer(&node, &asked.request).await;
        assert_eq!(world.ready(&node, &asked.request).as_ref(), Some(&first));
        // Nor one that has stopped following.
        world.clock.advance(Duration::from_secs(6));
        assert_eq!(world.ready(&node, &asked.request), None);
        world.follow(&node).await.unwrap();
        assert_eq!(world.ready(&node, &asked.request).as_ref(), Some(&first));
        world.clock.advance(Duration::from_secs(290));
        world.follow(&node).await.unwrap();
        assert_eq!(world.ready(&node, &asked.request).as_ref(), Some(&first));
        // Past its half, one who asks is sent to look again, and the others go on being told.
        world.clock.advance(Duration::from_secs(160));
        world.follow(&node).await.unwrap();
        assert_eq!(world.ready(&node, &asked.request), None);
        assert_eq!(world.ready(&node, &asked.request).as_ref(), Some(&first));
        let second = world.answer(&node, &asked.request).await;
        assert_ne!(second, first);
        assert_eq!(world.ready(&node, &asked.request).as_ref(), Some(&second));
        let response = Response::from_der(&second).unwrap();
        assert_eq!(response.produced_at(), world.now().seconds());
    })
    .await;
}

#[tokio::test]
async fn a_nonce_and_several_entries_are_signed_each_time() {
    on_each_engine(async |mut world| {
        let (one, other) = (world.asked("Holder").await, world.asked("Other").await);
        let node = world.another_node().await;
        world.follow(&node).await.unwrap();
        for nonce in [b"first nonce", b"other nonce"] {
            let request = build_request(&one.issuer, &one.serial, Some(nonce));
            let der = world.answer(&node, &request).await;
            assert_eq!(world.told(&one, &der), Status::Good);
            assert_eq!(Response::from_der(&der).unwrap().nonce(), Some(&nonce[..]));
            assert_eq!(world.ready(&node, &request), None);
        }
        // What was read for them is known now: the plain question is signed without a look at the database.
        node.database.close().await;
        let der = world.answer(&node, &one.request).await;
        assert_eq!(world.told(&one, &der), Status::Good);
        let both = several(&[&one.request, &other.request]);
        assert_eq!(world.answer(&node, &both).await, TRY_LATER);
        let node = world.another_node().await;
        world.follow(&node).await.unwrap();
        let der = world.answer(&node, &both).await;
        assert_eq!(world.told(&one, &der), Status::Good);
        assert_eq!(world.told(&other, &der), Status::Good);
        assert_eq!(world.ready(&node, &both), None);
    })
    .await;
}

/// One request for what these plain ones ask, each shorter than 128 bytes.
fn several(plain: &[&Vec<u8>]) -> Vec<u8> {
    // OCSPRequest, TBSRequest and requestList have two bytes each before what they hold.
    let entries: Vec<u8> = plain
        .iter()
        .flat_map(|request| &request[6..])
        .copied()
        .collect();
    (0..3).fold(entries, |inner, _| {
        let length = u8::try_from(inner.len()).unwrap();
        assert!(length >= 0x80);
        [&[0x30, 0x81, length], &inner[..]].concat()
    })
}

#[tokio::test]
async fn a_change_on_one_node_is_followed_on_every_other() {
    on_each_engine(async |mut world| {
        let (asked, other) = (world.asked("Holder").await, world.asked("Other").await);
        let node = world.another_node().await;
        world.follow(&node).await.unwrap();
        assert_eq!(world.status(&node, &asked).await, Status::Good);
        assert_eq!(world.status(&node, &other).await, Status::Good);
        let officer = world.actor("Officer").await;
        world
            .revoke(&officer, &asked.row.card, LossReason::Lost)
            .await
            .unwrap();
        // Where it was revoked it counts already; elsewhere as soon as that node looks.
        assert!(matches!(
            world.status(&world.house, &asked).await,
            Status::Revoked { .. }
        ));
        assert!(world.follow(&node).await.unwrap() >= 1);
        assert_eq!(world.ready(&node, &asked.request), None);
        assert!(matches!(
            world.status(&node, &asked).await,
            Status::Revoked { .. }
        ));
        assert!(world.ready(&node, &other.request).is_some());
        assert_eq!(world.status(&node, &other).await, Status::Good);
        assert_eq!(world.follow(&node).await.unwrap(), 0);
        // A hold, and its end.
        let (authority, serial) = (&other.row.authority, &other.row.serial);
        let now = world.now();
        store::write!(world.house.database, |write| {
            store::certificate::hold(write, authority, serial, now).await
        })
        .unwrap();
        assert_eq!(world.follow(&node).await.unwrap(), 1);
        let held = Status::Revoked {
            at: now.seconds(),
            reason: Reason::CertificateHold,
        };
        assert_eq!(world.status(&node, &other).await, held);
        assert!(world.ready(&node, &other.request).is_some());
        store::write!(world.house.database, |write| {
            store::certificate::release(write, authority, serial).await
        })
        .unwrap();
        assert_eq!(world.follow(&node).await.unwrap(), 1);
        assert_eq!(world.status(&node, &other).await, Status::Good);
    })
    .await;
}

#[tokio::test]
async fn what_changes_while_an_answer_is_signed_is_not_kept_as_it_was() {
    on_each_engine(async |mut world| {
        let asked = world.asked("Holder").await;
        let node = world.another_node().await;
        world.follow(&node).await.unwrap();
        let signed = Arc::new(AtomicUsize::new(0));
        let stop = {
            let (signed, node) = (signed.clone(), node.clone());
            let (row, now) = (asked.row.clone(), world.now());
            let address = world.database.address().to_owned();
            move |seam: &'static str| {
                if seam == "ocsp.signed" && signed.fetch_add(1, Ordering::SeqCst) == 0 {
                    // Read as good and signed; before it is kept, another node revokes and this one hears of it.
                    let (address, revoked) = (address.clone(), row.clone());
                    let other = std::thread::spawn(move || {
                        let runtime = tokio::runtime::Builder::new_current_thread()
                            .enable_all()
                            .build()
                            .unwrap();
                        runtime.block_on(async {
                            let database = store::Database::connect(&address).await.unwrap();
                            store::write!(database, |write| {
                                let reason = RevocationReason::KeyCompromise;
                                let (authority, serial) = (&revoked.authority, &revoked.serial);
                                store::certificate::revoke(write, authority, serial, reason, now)
                                    .await
                            })
                            .unwrap()
                        })
                    });
                    assert!(other.join().unwrap());
                    node.answers
                        .changed(&node.authorities, &row.authority, &row.serial);
                }
                false
            }
        };
        let racing = node.clone().with_seams(Arc::new(stop));
        let der = world.answer(&racing, &asked.request).await;
        assert_eq!(signed.load(Ordering::SeqCst), 2, "it is read again");
        assert!(matches!(world.told(&asked, &der), Status::Revoked { .. }));
        let kept = world.ready(&node, &asked.request).unwrap();
        assert!(matches!(world.told(&asked, &kept), Status::Revoked { .. }));
    })
    .await;
}

#[tokio::test]
async fn without_the_database_memory_goes_on_until_it_runs_out() {
    on_each_engine(async |mut world| {
        let (asked, other) = (world.asked("Holder").await, world.asked("Other").await);
        let node = world.another_node().await;
        world.follow(&node).await.unwrap();
        let first = world.answer(&node, &asked.request).await;
        node.database.close().await;
        assert!(world.follow(&node).await.is_err());
        assert_eq!(world.answer(&node, &other.request).await, TRY_LATER);
        for _ in 0..59 {
            world.clock.advance(Duration::from_secs(10));
            assert!(world.follow(&node).await.is_err());
            let der = world.ready(&node, &asked.request).unwrap();
            assert_eq!(der, first);
            assert_eq!(world.told(&asked, &der), Status::Good);
            let request = build_request(&asked.issuer, &asked.serial, Some(b"nonce"));
            let der = world.answer(&node, &request).await;
            assert_eq!(world.told(&asked, &der), Status::Good);
        }
        // Ten minutes after it was last known.
        world.clock.advance(Duration::from_secs(10));
        assert!(world.follow(&node).await.is_err());
        assert_eq!(world.ready(&node, &asked.request), None);
        assert_eq!(world.answer(&node, &asked.request).await, TRY_LATER);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_issued_yet_is_unknown_and_good_at_once_when_it_is() {
    on_each_engine(async |mut world| {
        let asked = world.asked("Holder").await;
        let node = world.another_node().await;
        world.follow(&node).await.unwrap();
        let row = CertificateRow {
            serial: "4142434445464748494a4b4c4d4e4f50".to_owned(),
            ..asked.row
        };
        let asked = world.asked_about(row.clone());
        let size = node.answers.size();
        assert_eq!(world.status(&node, &asked).await, Status::Unknown);
        // An intention is no certificate.
        let intention = IssuanceRow {
            authority: row.authority.clone(),
            serial: row.serial.clone(),
            kind: row.kind,
            card: row.card.clone(),
            person: row.person.clone(),
            to_be_signed: vec![0x30, 0],
            not_after: row.not_after,
            shard: row.shard,
            reserved_at: world.now(),
            finished_at: None,
        };
        store::write!(node.database, |write| {
            store::issuance::insert(write, &intention).await
        })
        .unwrap();
        let der = world.answer(&node, &asked.request).await;
        assert_eq!(world.told(&asked, &der), Status::Unknown);
        assert_eq!(world.ready(&node, &asked.request), None);
        assert_eq!(node.answers.size(), size);
        store::write!(node.database, |write| {
            store::certificate::insert(write, &row).await
        })
        .unwrap();
        assert_eq!(world.status(&node, &asked).await, Status::Good);
    })
    .await;
}

#[tokio::test]
async fn responders_are_made_anew_while_the_process_runs() {
    on_each_engine(async |mut world| {
        let asked = world.asked("Holder").await;
        let (node, other) = (world.another_node().await, world.another_node().await);
        let renew = async |house: &House| {
            flows::ocsp::renew_responders(house, &mut world.ask(&Actor::System).call())
                .await
                .unwrap()
        };
        let count = node.authorities.all().count();
        world.clock.advance_days(75);
        assert_eq!(renew(&node).await, 0);
        world.clock.advance_days(2);
        assert_eq!(renew(&node).await, count);
        assert_eq!(renew(&node).await, 0);
        // The other node takes what the first one made.
        let rows = async || {
            let mut read = world.house.database.read().await.unwrap();
            store::authority::list(&mut read).await.unwrap().len()
        };
        let before = rows().await;
        assert_eq!(renew(&other).await, count);
        assert_eq!(rows().await, before);
        // The old ones have run out by now; nobody would believe them.
        world.clock.advance_days(20);
        assert_eq!(world.answer(&world.house, &asked.request).await, TRY_LATER);
        for house in [&node, &other] {
            world.follow(house).await.unwrap();
            assert_eq!(world.status(house, &asked).await, Status::Good);
        }
    })
    .await;
}
