//! Intentions, certificates, authorities, revocation lists.

use model::credential::{CredentialKind, CredentialState, RevocationReason, RevocationState};
use store::authority::AuthorityRow;
use store::certificate::CertificateStatus;
use store::issuance::IssuanceRow;
use store::revocation::{Change, Subject};
use store::{StoreError, authority, certificate, issuance, revocation};
use testkit::START;

use crate::rows::{self, later, ordered};

#[tokio::test]
async fn an_intention_is_finished_once() {
    for database in testkit::databases().await {
        let made = ordered(&database).await;
        let mut intention = IssuanceRow {
            authority: "issuing".to_owned(),
            serial: "40aa".to_owned(),
            kind: CredentialKind::Signature,
            card: made.card.id.clone(),
            person: made.holder.id.clone(),
            to_be_signed: vec![0x30, 0x00],
            not_after: later(1_000),
            shard: 3,
            reserved_at: START,
            finished_at: None,
        };
        store::write!(database, |write| {
            issuance::insert(write, &intention).await?;
            assert_eq!(issuance::list_unfinished(write).await?, [intention.clone()]);
            assert!(!issuance::finish(write, "another", "40aa", later(1)).await?);
            assert!(issuance::finish(write, "issuing", "40aa", later(1)).await?);
            assert!(!issuance::finish(write, "issuing", "40aa", later(2)).await?);
            assert_eq!(issuance::list_unfinished(write).await?, []);
            Ok::<_, StoreError>(())
        })
        .unwrap();
        let twice = store::write!(database, |write| {
            issuance::insert(write, &intention).await
        });
        assert!(
            twice.unwrap_err().is_taken("issuance_authority_serial"),
            "a serial number is used once"
        );
        intention.authority = "another".to_owned();
        store::write!(database, |write| {
            issuance::insert(write, &intention).await
        })
        .unwrap();
    }
}

#[tokio::test]
async fn a_certificate_is_found_and_installed() {
    for database in testkit::databases().await {
        let made = ordered(&database).await;
        let mut row = rows::certificate(&made.card, "40aa");
        store::write!(database, |write| {
            certificate::insert(write, &row).await?;
            assert_eq!(
                certificate::by_serial(write, "issuing", "40aa")
                    .await?
                    .as_ref(),
                Some(&row)
            );
            assert_eq!(
                certificate::by_serial(write, "another", "40aa").await?,
                None
            );
            assert_eq!(
                certificate::list_by_card(write, &made.card.id).await?,
                [row.clone()]
            );
            assert_eq!(
                certificate::list_by_person(write, &made.holder.id).await?,
                [row.clone()]
            );
            let (from, to) = (CredentialState::Issued, CredentialState::Active);
            assert!(certificate::set_state(write, "issuing", "40aa", from, to, later(5)).await?);
            assert!(!certificate::set_state(write, "issuing", "40aa", from, to, later(6)).await?);
            Ok::<_, StoreError>(())
        })
        .unwrap();
        row.state = CredentialState::Active;
        row.installed_at = Some(later(5));
        assert_eq!(
            certificate::by_serial(&mut database.read().await.unwrap(), "issuing", "40aa")
                .await
                .unwrap(),
            Some(row.clone())
        );
        let twice = store::write!(database, |write| { certificate::insert(write, &row).await });
        assert!(twice.unwrap_err().is_taken("certificate_authority_serial"));
    }
}

#[tokio::test]
async fn a_revocation_has_a_time_and_a_reason_and_happens_once() {
    for database in testkit::databases().await {
        let made = ordered(&database).await;
        store::write!(database, |write| {
            certificate::insert(write, &rows::certificate(&made.card, "40aa")).await?;
            let known = certificate::status(write, "issuing", "40aa").await?;
            let issued = CertificateStatus {
                state: CredentialState::Issued,
                not_after: later(1_000),
                revoked_at: None,
                reason: None,
            };
            assert_eq!(known, Some(issued));
            assert_eq!(certificate::status(write, "issuing", "40ab").await?, None);
            assert_eq!(revocation::latest_change(write).await?, 0);
            assert!(
                certificate::revoke(
                    write,
                    "issuing",
                    "40aa",
                    RevocationReason::KeyCompromise,
                    later(9)
                )
                .await?
            );
            assert!(
                !certificate::revoke(
                    write,
                    "issuing",
                    "40aa",
                    RevocationReason::Superseded,
                    later(10)
                )
                .await?
            );
            let known = certificate::status(write, "issuing", "40aa").await?;
            assert_eq!(
                known,
                Some(CertificateStatus {
                    state: CredentialState::Revoked,
                    revoked_at: Some(later(9)),
                    reason: Some(RevocationReason::KeyCompromise),
                    ..issued
                })
            );
            assert_eq!(revocation::latest_change(write).await?, 1);
            assert_eq!(
                certificate::expire_by_card(write, &made.card.id).await?,
                0,
                "revoked stays revoked"
            );
            Ok::<_, StoreError>(())
        })
        .unwrap();
        let bare = store::write!(database, |write| {
            certificate::insert(write, &rows::certificate(&made.card, "40ab")).await?;
            let (from, to) = (CredentialState::Issued, CredentialState::Revoked);
            certificate::set_state(write, "issuing", "40ab", from, to, START).await
        });
        assert!(
            matches!(&bare, Err(StoreError::Unlawful { constraint }) if constraint == "certificate_revocation"),
            "{bare:?}"
        );
    }
}

/// A hold is taken back, or becomes a revocation that counts from the hold, or lasts until the end; every change is told under
/// a number of its own, and one certificate is told once.
#[tokio::test]
async fn a_hold_can_be_taken_back() {
    for database in testkit::databases().await {
        let made = ordered(&database).await;
        let held = |at| {
            (
                CredentialState::Held,
                Some(later(at)),
                Some(RevocationReason::CertificateHold),
            )
        };
        store::write!(database, |write| {
            let status = async |write: &mut store::Write, serial: &str| {
                let status = certificate::status(write, "issuing", serial)
                    .await?
                    .unwrap();
                Ok::<_, StoreError>((status.state, status.revoked_at, status.reason))
            };
            for serial in ["40aa", "40bb", "40cc"] {
                let mut row = rows::certificate(&made.card, serial);
                row.shard = 7;
                certificate::insert(write, &row).await?;
                assert!(
                    !certificate::hold(write, "issuing", serial, later(1)).await?,
                    "not on the card"
                );
                let (from, to) = (CredentialState::Issued, CredentialState::Active);
                certificate::set_state(write, "issuing", serial, from, to, later(1)).await?;
                assert!(
                    !certificate::release(write, "issuing", serial).await?,
                    "not held"
                );
                assert!(certificate::hold(write, "issuing", serial, later(2)).await?);
                assert!(
                    !certificate::hold(write, "issuing", serial, later(3)).await?,
                    "held already"
                );
                assert_eq!(status(write, serial).await?, held(2));
            }
            assert!(certificate::release(write, "issuing", "40aa").await?);
            assert_eq!(
                status(write, "40aa").await?,
                (CredentialState::Active, None, None)
            );
            let reason = RevocationReason::KeyCompromise;
            assert!(certificate::revoke(write, "issuing", "40bb", reason, later(5)).await?);
            let revoked = (CredentialState::Revoked, Some(later(2)), Some(reason));
            assert_eq!(
                status(write, "40bb").await?,
                revoked,
                "stopped since it was held"
            );
            assert!(
                !certificate::release(write, "issuing", "40bb").await?,
                "for good"
            );
            assert_eq!(certificate::expire_by_card(write, &made.card.id).await?, 2);
            let (_, at, reason) = held(2);
            assert_eq!(
                status(write, "40cc").await?,
                (CredentialState::Expired, at, reason)
            );

            let change = |number, serial: &str| Change {
                number,
                authority: "issuing".to_owned(),
                serial: serial.to_owned(),
            };
            let all = [change(3, "40cc"), change(4, "40aa"), change(5, "40bb")];
            assert_eq!(revocation::changes_after(write, 0, 10).await?, all);
            assert_eq!(revocation::changes_after(write, 2, 1).await?, all[..1]);
            assert_eq!(revocation::changes_after(write, 3, 10).await?, all[1..]);
            assert_eq!(revocation::latest_change(write).await?, 5);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    }
}

/// What stands in other tables is recorded the same way, and a state that does not go with its reason is not.
#[tokio::test]
async fn a_record_needs_no_card() {
    for database in testkit::databases().await {
        let subject = Subject {
            authority: "functions",
            serial: "40aa",
            shard: 0,
            not_after: later(1_000),
        };
        let (state, reason) = (RevocationState::Revoked, RevocationReason::Superseded);
        store::write!(database, |write| {
            assert_eq!(
                revocation::record(write, &subject, state, later(1), reason).await?,
                1
            );
            assert_eq!(
                revocation::latest_change_of(write, "functions", 0).await?,
                1
            );
            Ok::<_, StoreError>(())
        })
        .unwrap();
        for state in [RevocationState::Held, RevocationState::Released] {
            let outcome = store::write!(database, |write| {
                revocation::record(write, &subject, state, later(1), reason).await
            });
            assert!(
                matches!(&outcome, Err(StoreError::Unlawful { constraint }) if constraint == "revocation_hold"),
                "{outcome:?}"
            );
        }
    }
}

#[tokio::test]
async fn authorities_and_their_responders() {
    for database in testkit::databases().await {
        let row = |name: &str, role: &str, parent: Option<&str>, at| AuthorityRow {
            name: name.to_owned(),
            family: name.to_owned(),
            version: 1,
            role: role.to_owned(),
            parent: parent.map(str::to_owned),
            certificate: vec![0x30],
            created_at: later(at),
            not_after: later(at + 100),
        };
        let rows = [
            row("root", "authority", None, 0),
            row("issuing", "authority", Some("root"), 1),
            row("issuing-ocsp-1", "responder", Some("issuing"), 2),
            row("issuing-ocsp-2", "responder", Some("issuing"), 3),
        ];
        store::write!(database, |write| {
            for row in &rows {
                authority::insert(write, row).await?;
            }
            assert_eq!(authority::list(write).await?, rows);
            assert_eq!(
                authority::by_name(write, "issuing").await?.as_ref(),
                rows.get(1)
            );
            assert_eq!(authority::by_name(write, "other").await?, None);
            let responders = authority::list_responders(write, "issuing").await?;
            let names: Vec<&str> = responders.iter().map(|row| row.name.as_str()).collect();
            assert_eq!(names, ["issuing-ocsp-2", "issuing-ocsp-1"]);
            assert_eq!(authority::list_responders(write, "root").await?, []);
            Ok::<_, StoreError>(())
        })
        .unwrap();
        let orphan = row("lost", "responder", Some("nobody"), 4);
        let outcome = store::write!(database, |write| {
            authority::insert(write, &orphan).await
        });
        assert!(matches!(outcome, Err(StoreError::Dangling)), "{outcome:?}");
        let strange = row("strange", "friend", None, 4);
        let outcome = store::write!(database, |write| {
            authority::insert(write, &strange).await
        });
        assert!(
            matches!(&outcome, Err(StoreError::Unlawful { constraint }) if constraint == "authority_role"),
            "{outcome:?}"
        );
    }
}
