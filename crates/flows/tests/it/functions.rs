//! Functions: asked for by one, approved by another, certified, revoked, closed, renewed; and the process dying in between.

use std::collections::BTreeSet;
use std::sync::Arc;

use flows::function::certify::{CertifyFunctionRefusal, CertifyNo};
use flows::function::decide::{approve, reject};
use flows::function::find;
use flows::function::renew::{current, renew_due};
use flows::function::request::{Wish, request};
use flows::function::revoke::{close, revoke};
use flows::function::{Certified, certify};
use flows::once::Once;
use flows::{Fault, Stop, api_client};
use model::Timestamp;
use model::credential::RevocationReason;
use model::function::{Function, FunctionState, KeyHolder};
use model::id::FunctionId;
use model::role::{Actor, Role, Scope};
use pki::key::{KeyKind, Signer as _, SoftwareKey};
use pki::name::DistinguishedName;
use pki::ocsp::{Response, Status};

use crate::world::{World, code, console, done, on_each_engine};

pub fn wish(name: &str) -> Wish {
    Wish {
        name: name.to_owned(),
        profile: "server".to_owned(),
        host_names: vec!["Journal.Example.se".to_owned()],
        hsa_id: Some("SE2321000016-4F0X".to_owned()),
        email: "drift@example.se".to_owned(),
        test: false,
        key_holder: KeyHolder::Requester,
        client: None,
    }
}

/// A request for a certificate with that common name, and its key.
pub fn signing_request(common_name: &str) -> Vec<u8> {
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let subject = DistinguishedName::new().common_name(common_name).unwrap();
    let info = pki::request::to_be_signed(&subject, key.public_key());
    pki::request::assemble(&info, &key.sign(&info).unwrap()).unwrap()
}

impl World {
    async fn asked_for(&self, wish: &Wish) -> Function {
        let mut asking = self.ask(&console());
        done(request(&self.house, &mut asking.call(), wish, None).await)
    }

    pub async fn approved(&self, wish: &Wish) -> Function {
        let function = self.asked_for(wish).await;
        let issuer = self.actor("Issuer").await;
        done(approve(&self.house, &mut self.ask(&issuer).call(), &function.id).await)
    }

    pub async fn certify(
        &self,
        by: &Actor,
        function: &FunctionId,
        request: &[u8],
    ) -> Result<Certified, Stop<CertifyNo>> {
        certify::certify(
            &self.house,
            &mut self.ask(by).call(),
            function,
            request,
            None,
            None,
        )
        .await
    }

    async fn status_of_function(&self, certified: &Certified) -> Status {
        let authority = self
            .house
            .authorities
            .by_name(&certified.authority)
            .unwrap();
        let issuer = &authority.certificate;
        let serial = certified.certificate.serial();
        let question = pki::ocsp::build_request(issuer, &serial, None);
        let mut asking = self.ask(&Actor::Nobody);
        let answer = flows::ocsp::answer(&self.house, &asking.call(), &question).await;
        let answer = Response::from_der(&answer.der).unwrap();
        answer.verify(issuer, self.now().seconds()).unwrap();
        answer.status_of(issuer, &serial).unwrap()
    }

    /// Whether the current list of its authority has the certificate.
    async fn on_list(&self, certified: &Certified) -> bool {
        let list = flows::crl::latest(&self.house, &certified.authority)
            .await
            .unwrap()
            .unwrap();
        let list =
            pki::crl::Crl::from_der(&flows::crl::der(&self.house, &list).await.unwrap()).unwrap();
        list.contains(&certified.certificate.serial())
    }

    async fn client(&self, name: &str, scopes: &[Scope]) -> Actor {
        let scopes: BTreeSet<_> = scopes.iter().copied().collect();
        let mut asking = self.ask(&console());
        let secret = done(api_client::grant(&self.house, &mut asking.call(), name, &scopes).await);
        done(api_client::recognise(&self.house, &secret).await)
    }
}

#[tokio::test]
async fn one_asks_another_approves_and_certificates_follow() {
    on_each_engine(async |world| {
        let function = world.asked_for(&wish("Journal")).await;
        assert_eq!(function.state, FunctionState::Requested);
        let request = signing_request("journal.example.se");
        // Not before the approval.
        let refused = world.certify(&console(), &function.id, &request).await;
        assert_eq!(code(refused), "certify-function.not-approved");
        let issuer = world.actor("Issuer").await;
        let house = &world.house;
        done(approve(house, &mut world.ask(&issuer).call(), &function.id).await);
        let again = reject(house, &mut world.ask(&issuer).call(), &function.id).await;
        assert_eq!(code(again), "decide-function.already-decided");
        // As often as it is asked for, without another approval.
        for name in ["journal.example.se", "JOURNAL.example.se", "Journal"] {
            let request = signing_request(name);
            let certified = done(world.certify(&console(), &function.id, &request).await);
            assert_eq!(certified.authority, "function-ca-v1");
            let certificate = &certified.certificate;
            let attribute = |oid| certificate.subject_attribute(oid).unwrap();
            assert_eq!(attribute(&pki::oids::COMMON_NAME), "Journal");
            assert_eq!(
                attribute(&pki::oids::SUBJECT_SERIAL_NUMBER),
                "SE2321000016-4F0X"
            );
            assert!(
                certificate
                    .der()
                    .windows(18)
                    .any(|octets| octets == b"journal.example.se")
            );
            let days = (certificate.not_after() + 1 - world.now().seconds()) / 86_400;
            assert_eq!(days, 733);
            assert_eq!(world.status_of_function(&certified).await, Status::Good);
        }
        let mut asking = world.ask(&issuer);
        let found = done(find::certificates(house, &asking.call(), &function.id).await);
        assert_eq!(found.len(), 3);
        let asked = done(find::list(house, &asking.call(), Some(FunctionState::Approved)).await);
        assert_eq!(
            asked,
            [done(
                find::function(house, &asking.call(), &function.id).await
            )]
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_alone() {
    on_each_engine(async |world| {
        // Whoever is operator and responsible issuer at once still needs another.
        world.grant("Issuer", Role::Operator).await;
        world.grant("Officer", Role::SecurityOfficer).await;
        let (issuer, officer) = (world.actor("Issuer").await, world.actor("Officer").await);
        let house = &world.house;
        let asked = request(house, &mut world.ask(&issuer).call(), &wish("Alone"), None).await;
        let function = done(asked);
        let own = approve(house, &mut world.ask(&issuer).call(), &function.id).await;
        assert_eq!(code(own), "policy.requested-it");
        let at_console = approve(house, &mut world.ask(&console()).call(), &function.id).await;
        assert_eq!(code(at_console), "policy.not-for-actor");
        done(reject(house, &mut world.ask(&officer).call(), &function.id).await);
        let request_again = world
            .certify(&issuer, &function.id, &signing_request("Alone"))
            .await;
        assert_eq!(code(request_again), "certify-function.not-approved");
        // What was rejected frees its name.
        world.approved(&wish("Alone")).await;
    })
    .await;
}

#[tokio::test]
async fn wishes_that_do_not_fit_are_refused() {
    on_each_engine(async |world| {
        type Spoil = fn(&mut Wish);
        let spoilt: [(Spoil, &str); 11] = [
            (|wish| wish.name = " ".to_owned(), "name-unfit"),
            (|wish| wish.name = "x".repeat(65), "name-unfit"),
            (|wish| wish.profile = "login".to_owned(), "profile-unknown"),
            (|wish| wish.profile = "root".to_owned(), "profile-unknown"),
            (|wish| wish.test = true, "profile-unknown"),
            (|wish| wish.host_names.clear(), "host-name-missing"),
            (
                |wish| wish.host_names.push("*.example.se".to_owned()),
                "host-name-unfit",
            ),
            (
                |wish| wish.profile = "token-signer".to_owned(),
                "host-name-barred",
            ),
            (|wish| wish.hsa_id = Some("4F0X".to_owned()), "hsa-id-unfit"),
            (|wish| wish.email = "nobody".to_owned(), "email-unfit"),
            (
                |wish| wish.client = Some("nobody".to_owned()),
                "client-unknown",
            ),
        ];
        for (spoil, reason) in spoilt {
            let mut wish = wish("Spoilt");
            spoil(&mut wish);
            let mut asking = world.ask(&console());
            let refused = request(&world.house, &mut asking.call(), &wish, None).await;
            assert_eq!(code(refused), format!("request-function.{reason}"));
        }
        world.asked_for(&wish("Twice")).await;
        let mut asking = world.ask(&console());
        let refused = request(&world.house, &mut asking.call(), &wish("Twice"), None).await;
        assert_eq!(code(refused), "request-function.name-taken");
    })
    .await;
}

#[tokio::test]
async fn requests_that_do_not_fit_are_refused() {
    on_each_engine(async |world| {
        let function = world.approved(&wish("Journal")).await;
        let refused = world
            .certify(
                &console(),
                &function.id,
                &signing_request("bank.example.se"),
            )
            .await;
        match refused {
            Err(Stop::Refused(no)) => assert_eq!(
                no,
                CertifyNo {
                    refusal: CertifyFunctionRefusal::NameNotApproved,
                    name: Some("bank.example.se".to_owned())
                }
            ),
            other => panic!("{other:?}"),
        }
        let good = signing_request("Journal");
        let mut spoilt = good.clone();
        *spoilt.last_mut().unwrap() ^= 1;
        for (request, reason) in [
            (&spoilt[..], "key-unproven"),
            (&good[1..], "request-unreadable"),
            (b"", "request-unreadable"),
        ] {
            let refused = world.certify(&console(), &function.id, request).await;
            assert_eq!(code(refused), format!("certify-function.{reason}"));
        }
        for days in [0, 734] {
            let mut asking = world.ask(&console());
            let call = &mut asking.call();
            let refused =
                certify::certify(&world.house, call, &function.id, &good, Some(days), None).await;
            assert_eq!(code(refused), "certify-function.days-unfit");
        }
        let mut asking = world.ask(&console());
        let call = &mut asking.call();
        let short = certify::certify(&world.house, call, &function.id, &good, Some(30), None).await;
        let lasts = done(short).certificate.not_after() - world.now().seconds();
        assert_eq!(lasts, 30 * 86_400 - 1);
        let unknown = FunctionId::new(Timestamp(0), [0; 10]);
        let refused = world.certify(&console(), &unknown, &good).await;
        assert_eq!(code(refused), "certify-function.function-unknown");
    })
    .await;
}

#[tokio::test]
async fn what_is_revoked_or_closed_is_known_everywhere_at_once() {
    on_each_engine(async |world| {
        let function = world.approved(&wish("Journal")).await;
        let house = &world.house;
        let mut certified = Vec::new();
        for _ in 0..3 {
            let request = signing_request("Journal");
            certified.push(done(
                world.certify(&console(), &function.id, &request).await,
            ));
        }
        let serial = certified[0].certificate.serial().to_hex();
        let stop = async |serial: &str, reason| {
            let mut asking = world.ask(&console());
            revoke(
                house,
                &mut asking.call(),
                &function.id,
                serial,
                reason,
                None,
            )
            .await
        };
        for reason in [
            RevocationReason::CertificateHold,
            RevocationReason::RemoveFromCrl,
            RevocationReason::CaCompromise,
        ] {
            assert_eq!(
                code(stop(&serial, reason).await),
                "revoke-function.reason-unfit"
            );
        }
        let reason = RevocationReason::KeyCompromise;
        assert_eq!(
            code(stop("00ff", reason).await),
            "revoke-function.certificate-unknown"
        );
        done(stop(&serial, reason).await);
        assert_eq!(
            code(stop(&serial, reason).await),
            "revoke-function.already-revoked"
        );
        assert!(matches!(
            world.status_of_function(&certified[0]).await,
            Status::Revoked { .. }
        ));
        assert_eq!(world.status_of_function(&certified[1]).await, Status::Good);
        assert!(world.on_list(&certified[0]).await && !world.on_list(&certified[1]).await);
        // Another function has no certificate of that number.
        let other = world.approved(&wish("Other")).await;
        let serial = certified[1].certificate.serial().to_hex();
        let mut asking = world.ask(&console());
        let strange = revoke(house, &mut asking.call(), &other.id, &serial, reason, None).await;
        assert_eq!(code(strange), "revoke-function.certificate-unknown");

        let closed = done(close(house, &mut world.ask(&console()).call(), &function.id).await);
        assert_eq!(closed, 2);
        for certified in &certified {
            assert!(matches!(
                world.status_of_function(certified).await,
                Status::Revoked { .. }
            ));
            assert!(world.on_list(certified).await);
        }
        let refused = world
            .certify(&console(), &function.id, &signing_request("Journal"))
            .await;
        assert_eq!(code(refused), "certify-function.not-approved");
        let again = close(house, &mut world.ask(&console()).call(), &function.id).await;
        assert_eq!(code(again), "revoke-function.not-approved");
    })
    .await;
}

#[tokio::test]
async fn what_was_begun_is_finished_after_a_crash() {
    on_each_engine(async |mut world| {
        let function = world.approved(&wish("Journal")).await;
        for (seam, finished) in [
            ("function.reserved", 1),
            ("function.signed", 1),
            ("function.kept", 0),
        ] {
            let request = signing_request("Journal");
            world.stop_at(Arc::new(move |passed| passed == seam));
            match world.certify(&console(), &function.id, &request).await {
                Err(Stop::Fault(Fault::Stopped(stopped))) => assert_eq!(stopped, seam),
                other => panic!("{other:?}"),
            }
            assert_eq!(world.restart().await, finished, "{seam}");
        }
        let mut asking = world.ask(&console());
        let found = done(find::certificates(&world.house, &asking.call(), &function.id).await);
        assert_eq!(found.len(), 3);
        let authority = world.house.authorities.by_name("function-ca-v1").unwrap();
        for found in found {
            assert!(found.certificate.is_signed_by(&authority.certificate));
            assert!(found.revoked.is_none());
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_not_signed_yet_is_unknown_and_what_was_closed_meanwhile_is_revoked() {
    on_each_engine(async |mut world| {
        let function = world.approved(&wish("Journal")).await;
        world.stop_at(Arc::new(|seam| seam == "function.signed"));
        let request = signing_request("Journal");
        assert!(
            world
                .certify(&console(), &function.id, &request)
                .await
                .is_err()
        );
        world.stop_at(Arc::new(|_| false));
        let row = {
            let mut read = world.house.database.read().await.unwrap();
            let rows = store::function_certificate::list_unfinished(&mut read).await;
            let row = rows.unwrap().remove(0);
            let known = store::certificate::status(&mut read, &row.authority, &row.serial).await;
            assert_eq!(known.unwrap(), None);
            row
        };
        done(
            close(
                &world.house,
                &mut world.ask(&console()).call(),
                &function.id,
            )
            .await,
        );
        assert_eq!(world.restart().await, 1);
        let mut asking = world.ask(&console());
        let call = asking.call();
        let found = find::certificate(&world.house, &call, &function.id, &row.serial).await;
        let found = done(found);
        assert_eq!(
            found.revoked.unwrap().1,
            RevocationReason::CessationOfOperation
        );
        let certified = Certified {
            authority: found.authority,
            certificate: found.certificate,
        };
        assert!(matches!(
            world.status_of_function(&certified).await,
            Status::Revoked { .. }
        ));
        assert!(world.on_list(&certified).await);
    })
    .await;
}

#[tokio::test]
async fn a_key_of_the_systems_own_is_renewed_in_time() {
    on_each_engine(async |world| {
        let mut signer = wish("Tokens");
        signer.profile = "token-signer".to_owned();
        signer.host_names.clear();
        signer.key_holder = KeyHolder::System;
        let function = world.approved(&signer).await;
        let refused = world
            .certify(&console(), &function.id, &signing_request("Tokens"))
            .await;
        assert_eq!(code(refused), "certify-function.key-held-by-system");
        let round = async || {
            let mut asking = world.ask(&Actor::System);
            renew_due(&world.house, &mut asking.call()).await.unwrap()
        };
        let in_use = async || {
            let mut asking = world.ask(&Actor::System);
            let current = current(&world.house, &asking.call(), &function.id).await;
            let (certificate, signer) = current.unwrap().unwrap();
            assert_eq!(certificate.public_key(), signer.public_key());
            certificate
        };
        assert_eq!((round().await, round().await), (1, 0));
        let first = in_use().await;
        let life = first.not_after() - first.not_before();
        world
            .clock
            .set(Timestamp(first.not_before() + life * 2 / 3 - 1));
        assert_eq!(round().await, 0);
        world
            .clock
            .set(Timestamp(first.not_before() + life * 2 / 3 + 2));
        assert_eq!((round().await, round().await), (1, 0));
        let second = in_use().await;
        assert_ne!(first.public_key(), second.public_key());
        // The first goes on until it ends. (The authority's responder has run out long ago.)
        let mut asking = world.ask(&Actor::System);
        flows::authorities::renew_responders(&world.house, &mut asking.call())
            .await
            .unwrap();
        let both = Certified {
            authority: "function-ca-v1".to_owned(),
            certificate: first,
        };
        assert_eq!(world.status_of_function(&both).await, Status::Good);
        let refused = renew_due(&world.house, &mut world.ask(&Actor::Nobody).call()).await;
        assert_eq!(crate::world::plain_code(refused), "policy.not-signed-in");
    })
    .await;
}

#[tokio::test]
async fn a_program_has_its_own_functions_in_hand() {
    on_each_engine(async |world| {
        let one = world.client("one", &[Scope::Functions]).await;
        let two = world.client("two", &[Scope::Functions]).await;
        let reader = world.client("reader", &[Scope::Directory]).await;
        let house = &world.house;
        let asked = request(house, &mut world.ask(&one).call(), &wish("Mine"), None).await;
        let mine = done(asked);
        let mut given = wish("Given");
        given.client = Some("two".to_owned());
        let given = world.approved(&given).await;
        let issuer = world.actor("Issuer").await;
        done(approve(house, &mut world.ask(&issuer).call(), &mine.id).await);
        let csr = signing_request("Mine");
        done(world.certify(&one, &mine.id, &csr).await);
        assert_eq!(
            code(world.certify(&two, &mine.id, &csr).await),
            "policy.not-in-hand"
        );
        assert_eq!(
            code(world.certify(&reader, &mine.id, &csr).await),
            "policy.scope-missing"
        );
        done(
            world
                .certify(&two, &given.id, &signing_request("Given"))
                .await,
        );
        let mut asking = world.ask(&two);
        assert_eq!(done(find::list(house, &asking.call(), None).await), [given]);
        // Revoked, it is nobody; its name stays its own.
        let mut asking = world.ask(&console());
        let call = &mut asking.call();
        done(api_client::revoke(house, call, "two").await);
        assert_eq!(
            code(api_client::revoke(house, call, "two").await),
            "manage-clients.already-revoked"
        );
        assert_eq!(
            code(api_client::revoke(house, call, "six").await),
            "manage-clients.client-unknown"
        );
        let scopes = BTreeSet::from([Scope::Functions]);
        assert_eq!(
            code(api_client::grant(house, call, "two", &scopes).await),
            "manage-clients.name-taken"
        );
        assert_eq!(
            code(api_client::grant(house, call, "six", &BTreeSet::new()).await),
            "manage-clients.scope-missing"
        );
        let secret = done(api_client::grant(house, call, "seven", &scopes).await);
        assert_eq!(secret.len(), 64);
        done(api_client::recognise(house, &secret).await);
        done(api_client::revoke(house, call, "seven").await);
        assert_eq!(
            code(api_client::recognise(house, &secret).await),
            "policy.not-signed-in"
        );
        assert_eq!(done(api_client::list(house, call).await).len(), 4);
    })
    .await;
}

#[tokio::test]
async fn under_one_key_nothing_is_made_twice() {
    on_each_engine(async |mut world| {
        let client = world.client("one", &[Scope::Functions]).await;
        let mut wished = wish("Journal");
        wished.client = Some("one".to_owned());
        let function = world.approved(&wished).await;
        let (csr, other) = (signing_request("Journal"), signing_request("Journal"));
        let ask = async |world: &World, key: &str, csr: &[u8]| {
            let once = Once {
                key,
                digest: pki::digest::sha256(csr),
            };
            let mut asking = world.ask(&client);
            let (call, id) = (&mut asking.call(), &function.id);
            certify::certify(&world.house, call, id, csr, None, Some(once)).await
        };
        let first = done(ask(&world, "a", &csr).await);
        let again = done(ask(&world, "a", &csr).await);
        assert_eq!(first.certificate, again.certificate);
        assert_eq!(
            code(ask(&world, "a", &other).await),
            "certify-function.key-reused"
        );
        let new = done(ask(&world, "b", &csr).await);
        assert_ne!(first.certificate, new.certificate);
        // What a dead process began is finished by asking again.
        world.stop_at(Arc::new(|seam| seam == "function.reserved"));
        assert!(ask(&world, "c", &csr).await.is_err());
        world.stop_at(Arc::new(|_| false));
        let finished = done(ask(&world, "c", &csr).await);
        assert_eq!(
            finished.certificate,
            done(ask(&world, "c", &csr).await).certificate
        );
        let mut asking = world.ask(&client);
        let found = find::certificates(&world.house, &asking.call(), &function.id).await;
        assert_eq!(done(found).len(), 3);
        // Keys are forgotten after thirty days.
        world.clock.advance_days(31);
        let mut asking = world.ask(&Actor::System);
        flows::sweep::sweep(&world.house, &asking.call())
            .await
            .unwrap();
        let later = done(ask(&world, "a", &csr).await);
        assert_ne!(first.certificate, later.certificate);
    })
    .await;
}
