//! Revocation lists as files: validators, how long they may be kept, and a long one sent part by part.

use std::time::Duration;

use axum::http::{Request, StatusCode};
use model::Timestamp;
use model::credential::{RevocationReason, RevocationState};
use model::role::Actor;
use pki::crl::{Crl, DeltaCrl};
use store::revocation::Subject;

use crate::browser::{Answer, Browser};
use crate::world::{World, worlds};

async fn get(world: &World, file: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(format!("/pki/{file}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Vec::new()).unwrap();
    Browser::new(&world.wire).send(request).await
}

async fn publish(world: &World) {
    let mut asking = world.web.asking();
    let call = asking.call(Actor::System);
    flows::crl::publish_due(&world.web.house, &call)
        .await
        .unwrap();
}

#[tokio::test]
async fn who_has_a_list_is_not_sent_it_again() {
    for world in worlds(3).await {
        let root = world.web.house.authorities.root().name.clone();
        let file = format!("{root}.crl");
        let list = get(&world, &file, &[]).await;
        let made = Crl::from_der(&list.body).unwrap().this_update();
        let (tag, modified) = (
            list.header("etag").to_owned(),
            list.header("last-modified").to_owned(),
        );
        assert_eq!(tag, format!("\"1-{made}\""));
        assert_eq!(
            list.header("content-length"),
            list.body.len().to_string().as_str()
        );
        let date = |text: &str| {
            jiff::fmt::rfc2822::parse(text)
                .unwrap()
                .timestamp()
                .as_second()
        };
        assert!(modified.ends_with(" GMT"), "{modified}");
        assert_eq!(date(&modified), made);
        let now = world.clock.now().seconds();
        assert_eq!(date(list.header("expires")), now + 60);
        for (headers, status) in [
            (
                vec![("if-none-match", tag.as_str())],
                StatusCode::NOT_MODIFIED,
            ),
            (vec![("if-none-match", "\"x\", W/\"1-0\"")], StatusCode::OK),
            (vec![("if-none-match", "*")], StatusCode::NOT_MODIFIED),
            (
                vec![("if-none-match", &format!("\"x\",W/{tag}") as &str)],
                StatusCode::NOT_MODIFIED,
            ),
            (
                vec![("if-modified-since", modified.as_str())],
                StatusCode::NOT_MODIFIED,
            ),
            (
                vec![("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT")],
                StatusCode::OK,
            ),
            (vec![("if-modified-since", "yesterday")], StatusCode::OK),
            // The tag decides when both are there (RFC 9110 13.2.2).
            (
                vec![
                    ("if-none-match", "\"x\""),
                    ("if-modified-since", modified.as_str()),
                ],
                StatusCode::OK,
            ),
        ] {
            let answer = get(&world, &file, &headers).await;
            assert_eq!(answer.status, status, "{headers:?}");
            assert_eq!(answer.header("etag"), tag);
            assert_eq!(answer.header("cache-control"), "public, max-age=60");
            let empty = status == StatusCode::NOT_MODIFIED;
            assert_eq!(answer.body.is_empty(), empty, "{headers:?}");
        }
        // A new list has another tag, and the old one does not do any longer.
        world.clock.advance(Duration::from_secs(3_600));
        publish(&world).await;
        let newer = get(&world, &file, &[("if-none-match", &tag)]).await;
        assert_eq!(newer.status, StatusCode::OK);
        assert_ne!(newer.header("etag"), tag);
        // Close to its end a list is kept no longer than it holds, and past it not at all.
        world.clock.advance(Duration::from_secs(86_400 - 25));
        let last = get(&world, &file, &[]).await;
        assert_eq!(last.header("cache-control"), "public, max-age=25");
        world.clock.advance(Duration::from_secs(100));
        let over = get(&world, &file, &[]).await;
        assert_eq!(over.header("cache-control"), "public, max-age=0");
    }
}

#[tokio::test]
async fn a_long_list_is_sent_part_by_part() {
    for world in worlds(3).await {
        let house = &world.web.house;
        let authority = house.authorities.newest("person-3-ca").unwrap();
        let (name, now) = (&authority.name, world.clock.now());
        store::write!(house.database, |write| {
            for number in 0..24_000 {
                let serial = format!("40{number:030x}");
                let subject = Subject {
                    authority: name,
                    serial: &serial,
                    shard: 0,
                    not_after: Timestamp(now.seconds() + 86_400),
                };
                let (state, reason) = (RevocationState::Revoked, RevocationReason::Superseded);
                store::revocation::record(write, &subject, state, now, reason).await?;
            }
            Ok::<_, store::StoreError>(())
        })
        .unwrap();
        publish(&world).await;
        let answer = get(&world, &format!("{name}.crl"), &[]).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::OK, "application/pkix-crl")
        );
        assert_eq!(
            answer.header("content-length"),
            answer.body.len().to_string().as_str()
        );
        let list = Crl::from_der(&answer.body).unwrap();
        list.verify(&authority.certificate).unwrap();
        assert_eq!(list.len(), 24_000);
        let row = flows::crl::latest(house, name).await.unwrap().unwrap();
        assert!(row.parts > 16, "{row:?}");
        let delta = get(&world, &format!("{name}-delta.crl"), &[]).await;
        let delta = DeltaCrl::from_der(&delta.body).unwrap();
        delta.verify(&authority.certificate).unwrap();
        assert_eq!(delta.number(), list.number());
        // What has made room in the middle of a transfer breaks it off; nobody gets the beginning for the whole.
        for _ in 0..2 {
            world.clock.advance(Duration::from_secs(3_600));
            publish(&world).await;
        }
        assert!(flows::crl::der(house, &row).await.is_err());
        assert_eq!(flows::crl::part(house, &row, 1).await.unwrap(), None);
    }
}
