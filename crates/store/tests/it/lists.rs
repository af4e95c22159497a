//! Revocation lists: what makes them, their parts, their numbers.

use model::credential::{RevocationReason, RevocationState};
use model::revocation::CrlKind;
use store::crl::{CrlKey, CrlRow};
use store::revocation::{Entry, Span, Subject, Tally};
use store::{StoreError, crl, revocation};
use testkit::START;

use crate::rows::later;

fn subject(serial: &str, shard: i64, ends: i64) -> Subject<'_> {
    Subject {
        authority: "issuing",
        serial,
        shard,
        not_after: later(ends),
    }
}

fn entry(serial: &str, at: i64, reason: RevocationReason) -> Entry {
    Entry {
        serial: serial.to_owned(),
        revoked_at: later(at),
        reason,
    }
}

/// The first second that takes the longer form of time, after the start.
const LATE: i64 = 2_524_608_000 - START.seconds();

#[tokio::test]
async fn a_span_is_counted_and_read_alike() {
    use RevocationReason::{CertificateHold, KeyCompromise, RemoveFromCrl, Unspecified};
    use RevocationState::{Held, Released, Revoked};
    for database in testkit::databases().await {
        let rows = [
            (subject("41", 0, 1_000), Revoked, 1, Unspecified),
            (subject("ff00", 2, 2_000), Revoked, LATE, KeyCompromise),
            (subject("7f", 1, 3_000), Held, 3, CertificateHold),
            (
                subject("80aabb", 2, 3_000),
                Released,
                LATE - 1,
                CertificateHold,
            ),
        ];
        store::write!(database, |write| {
            for (subject, state, at, reason) in &rows {
                revocation::record(write, subject, *state, later(*at), *reason).await?;
            }
            let other = Subject {
                authority: "another",
                ..subject("99", 2, 9_000)
            };
            revocation::record(write, &other, Revoked, START, KeyCompromise).await?;
            Ok::<_, StoreError>(())
        })
        .unwrap();
        let whole = Span {
            authority: "issuing",
            shard: 0,
            after: 0,
            until: 100,
            ends_from: START,
            with_released: false,
        };
        let first = entry("41", 1, Unspecified);
        let second = entry("ff00", LATE, KeyCompromise);
        let third = entry("7f", 3, CertificateHold);
        let fourth = entry("80aabb", LATE - 1, RemoveFromCrl);
        let (one, two, three, four) = (&first, &second, &third, &fourth);
        let cases: &[(Span<'_>, &[&Entry])] = &[
            (whole.clone(), &[one, two, three]),
            (
                Span {
                    with_released: true,
                    ..whole.clone()
                },
                &[one, two, three, four],
            ),
            (
                Span {
                    ends_from: later(1_001),
                    ..whole.clone()
                },
                &[two, three],
            ),
            (
                Span {
                    ends_from: later(1_000),
                    until: 1,
                    ..whole.clone()
                },
                &[one],
            ),
            (
                Span {
                    after: 2,
                    with_released: true,
                    ..whole.clone()
                },
                &[three, four],
            ),
            (
                Span {
                    shard: 2,
                    ..whole.clone()
                },
                &[two],
            ),
            (
                Span {
                    shard: 2,
                    with_released: true,
                    ..whole.clone()
                },
                &[two, four],
            ),
            (
                Span {
                    shard: 3,
                    ..whole.clone()
                },
                &[],
            ),
            (
                Span {
                    after: 100,
                    ..whole.clone()
                },
                &[],
            ),
        ];
        let mut read = database.view().await.unwrap();
        for (span, expected) in cases {
            let count = |test: fn(&Entry) -> bool| {
                i64::try_from(expected.iter().filter(|entry| test(entry)).count()).unwrap()
            };
            let digits: usize = expected.iter().map(|entry| entry.serial.len()).sum();
            let tally = Tally {
                entries: count(|_| true),
                digits: i64::try_from(digits).unwrap(),
                high: count(|entry| entry.serial.starts_with(['8', 'f'])),
                with_reason: count(|entry| entry.reason != Unspecified),
                late: count(|entry| entry.revoked_at >= later(LATE)),
            };
            assert_eq!(
                revocation::tally(&mut read, span).await.unwrap(),
                tally,
                "{span:?}"
            );
            for step in [1, 2, 100] {
                let mut listed = Vec::new();
                for from in (0..100).step_by(step) {
                    let to = from + i64::try_from(step).unwrap();
                    listed.extend(revocation::page(&mut read, span, from, to).await.unwrap());
                }
                listed.sort_by_key(|entry| entry.serial.clone());
                let mut expected: Vec<Entry> = expected.iter().copied().cloned().collect();
                expected.sort_by_key(|entry| entry.serial.clone());
                assert_eq!(listed, expected, "{span:?} by {step}");
            }
        }
        drop(read);
        let mut read = database.read().await.unwrap();
        for (authority, shard, change) in [
            ("issuing", 0, 4),
            ("issuing", 1, 3),
            ("issuing", 2, 4),
            ("issuing", 3, 0),
            ("another", 2, 5),
            ("nobody", 0, 0),
        ] {
            assert_eq!(
                revocation::latest_change_of(&mut read, authority, shard)
                    .await
                    .unwrap(),
                change,
                "{authority} {shard}"
            );
        }
    }
}

#[tokio::test]
async fn a_view_sees_nothing_new() {
    for database in testkit::databases().await {
        let record = async |serial: &str| {
            let subject = subject(serial, 0, 1_000);
            let (state, reason) = (RevocationState::Revoked, RevocationReason::Superseded);
            store::write!(database, |write| {
                revocation::record(write, &subject, state, START, reason).await
            })
            .unwrap();
        };
        record("41").await;
        let mut view = database.view().await.unwrap();
        assert_eq!(revocation::latest_change(&mut view).await.unwrap(), 1);
        record("42").await;
        assert_eq!(revocation::latest_change(&mut view).await.unwrap(), 1);
        drop(view);
        let mut view = database.view().await.unwrap();
        assert_eq!(revocation::latest_change(&mut view).await.unwrap(), 2);
    }
}

fn key(kind: CrlKind, number: i64) -> CrlKey {
    CrlKey {
        authority: "issuing".to_owned(),
        shard: 0,
        kind,
        number,
    }
}

fn list(kind: CrlKind, number: i64, made: i64) -> CrlRow {
    CrlRow {
        key: key(kind, number),
        base: (kind == CrlKind::Delta).then_some(1),
        change: 3,
        entries: 2,
        octets: 4,
        parts: 2,
        this_update: later(made),
        next_update: later(made + 60),
    }
}

#[tokio::test]
async fn numbers_of_lists_rise_per_scope() {
    for database in testkit::databases().await {
        store::write!(database, |write| {
            assert_eq!(crl::next_number(write, "issuing", 0).await?, 1);
            assert_eq!(crl::next_number(write, "issuing", 0).await?, 2);
            assert_eq!(crl::next_number(write, "issuing", 1).await?, 1);
            assert_eq!(crl::next_number(write, "root", 0).await?, 1);
            let latest =
                async |write: &mut store::Write, kind| crl::latest(write, "issuing", 0, kind).await;
            assert_eq!(latest(write, CrlKind::Full).await?, None);
            assert_eq!(crl::highest_shard(write, "issuing").await?, 0);
            for row in [
                list(CrlKind::Full, 2, 20),
                list(CrlKind::Full, 1, 10),
                list(CrlKind::Delta, 3, 30),
            ] {
                crl::insert(write, &row).await?;
            }
            assert_eq!(
                latest(write, CrlKind::Full).await?,
                Some(list(CrlKind::Full, 2, 20))
            );
            assert_eq!(
                latest(write, CrlKind::Delta).await?,
                Some(list(CrlKind::Delta, 3, 30))
            );
            assert_eq!(crl::latest(write, "root", 0, CrlKind::Full).await?, None);
            for (made, number) in [(0, Some(1)), (11, Some(2)), (21, None)] {
                let oldest = crl::oldest_full_since(write, "issuing", 0, later(made)).await?;
                assert_eq!(oldest.map(|list| list.key.number), number);
            }
            let mut shard = list(CrlKind::Full, 1, 10);
            shard.key.shard = 7;
            crl::insert(write, &shard).await?;
            assert_eq!(crl::highest_shard(write, "issuing").await?, 7);
            Ok::<_, StoreError>(())
        })
        .unwrap();
        let twice = store::write!(database, |write| {
            crl::insert(write, &list(CrlKind::Full, 2, 50)).await
        });
        assert!(
            twice
                .unwrap_err()
                .is_taken("crl_authority_shard_kind_number")
        );
        let mut baseless = list(CrlKind::Delta, 9, 50);
        baseless.base = None;
        let outcome = store::write!(database, |write| { crl::insert(write, &baseless).await });
        assert!(
            matches!(&outcome, Err(StoreError::Unlawful { constraint }) if constraint == "crl_base"),
            "{outcome:?}"
        );
    }
}

/// The latest list and the one before it keep their octets; what a dead process left goes with the older ones.
#[tokio::test]
async fn later_lists_make_room() {
    for database in testkit::databases().await {
        store::write!(database, |write| {
            for (kind, number) in [
                (CrlKind::Full, 1),
                (CrlKind::Full, 2),
                (CrlKind::Full, 3),
                (CrlKind::Full, 4),
                (CrlKind::Full, 5),
                (CrlKind::Delta, 1),
            ] {
                for part in 0..2 {
                    crl::insert_part(write, &key(kind, number), part, &[1, 2]).await?;
                }
                // The third was never completed, and the fifth is still being made.
                if number != 3 && number != 5 {
                    crl::insert(write, &list(kind, number, number * 10)).await?;
                }
            }
            crl::make_room(write, &key(CrlKind::Full, 4), later(5)).await?;
            let mut kept = Vec::new();
            for number in 1..=5 {
                if let Some(octets) = crl::part(write, &key(CrlKind::Full, number), 1).await? {
                    assert_eq!(octets, [1, 2]);
                    kept.push(number);
                }
            }
            assert_eq!(kept, [2, 3, 4, 5]);
            let delta = key(CrlKind::Delta, 1);
            assert!(crl::part(write, &delta, 1).await?.is_some());
            assert!(crl::part(write, &delta, 2).await?.is_none());
            // The first is still told of, until it is too old to start from.
            let oldest = async |write: &mut store::Write| {
                let oldest = crl::oldest_full_since(write, "issuing", 0, START).await?;
                Ok::<_, StoreError>(oldest.map(|list| list.key.number))
            };
            assert_eq!(oldest(write).await?, Some(1));
            crl::make_room(write, &key(CrlKind::Full, 4), later(11)).await?;
            assert_eq!(oldest(write).await?, Some(2));
            crl::insert(write, &list(CrlKind::Full, 5, 50)).await?;
            crl::make_room(write, &key(CrlKind::Full, 5), later(11)).await?;
            for number in [2, 3] {
                assert!(
                    crl::part(write, &key(CrlKind::Full, number), 0)
                        .await?
                        .is_none()
                );
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    }
}
