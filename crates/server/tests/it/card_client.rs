//! The two addresses the card client talks to, given everything else than what the card client says.

use axum::http::{Request, StatusCode, header};
use wire::path::{CONTINUE, HELLO, LARGEST_MESSAGE};
use wire::{Hello, Opening, decode};

use crate::browser::{Answer, Browser};
use crate::desk;
use crate::world::World;

async fn say(world: &World, path: &str, body: &[u8]) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT_LANGUAGE, "en")
        .body(body.to_vec())
        .unwrap();
    Browser::new(&world.wire).send(request).await
}

/// A greeting of the card client with that ticket.
fn greeting(ticket: &str) -> Vec<u8> {
    let hello = Hello {
        ticket: ticket.to_owned(),
        act_key: wire::Bytes(vec![4; 65]),
        client: "prov/1".to_owned(),
    };
    wire::encode(&hello).unwrap()
}

fn refused(answer: &Answer) -> String {
    match decode::<Opening>(&answer.body).unwrap() {
        Opening::Refused(refusal) => refusal.code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nonsense_is_turned_away_without_a_trace() {
    let world = World::new(3).await;
    let before = world.log_rows().await;
    let deep = "[".repeat(100_000);
    let nothing = greeting("");
    for body in [
        &b""[..],
        b"null",
        b"{}",
        b"[]",
        b"\xFF\xFE\x00",
        b"{\"ticket\":7}",
        b"{\"ticket\":\"x\",\"act_key\":\"BA==\",\"client\":\"x\",\"pin\":\"123456\"}",
        deep.as_bytes(),
        &nothing[..nothing.len() - 1],
        b"{\"session\":\"x\",\"answer\":{\"answer\":\"card\"}}",
        b"{\"session\":\"x\",\"answer\":{\"answer\":\"run\",\"apdu\":\"00A40400\"}}",
    ] {
        for path in [HELLO, CONTINUE] {
            let answer = say(&world, path, body).await;
            assert_eq!(
                answer.status,
                StatusCode::BAD_REQUEST,
                "{path} {}",
                String::from_utf8_lossy(&body[..body.len().min(60)])
            );
            assert!(answer.body.is_empty());
        }
    }
    for path in [HELLO, CONTINUE] {
        let large = say(&world, path, &vec![b' '; LARGEST_MESSAGE + 1]).await;
        assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
        let looked = Browser::new(&world.wire).get(path).await;
        assert_eq!(looked.status, StatusCode::METHOD_NOT_ALLOWED);
    }
    assert_eq!(world.log_rows().await, before);
}

#[tokio::test]
async fn a_ticket_that_is_none_opens_nothing() {
    let world = World::new(3).await;
    for ticket in [
        "",
        "x",
        &"0".repeat(32),
        &"f".repeat(4_000),
        "' OR 1=1 --",
        "å",
    ] {
        let answer = say(&world, HELLO, &greeting(ticket)).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(refused(&answer), "sign-in.ticket-invalid", "{ticket}");
        assert!(answer.set_cookies().is_empty());
    }
}

#[tokio::test]
async fn a_ticket_opens_one_act_once_and_not_for_long() {
    let mut world = World::new(3).await;
    let mut browser = Browser::new(&world.wire);
    // Used by one client, it is nobody else's.
    let (ticket, _) = browser.begin_login("mine").await;
    assert!(matches!(
        decode(&say(&world, HELLO, &greeting(&ticket)).await.body),
        Ok(Opening::Welcome(_))
    ));
    assert_eq!(
        refused(&say(&world, HELLO, &greeting(&ticket)).await),
        "sign-in.ticket-invalid"
    );
    // Left lying, it runs out.
    let (ticket, poll) = browser.begin_login("mine").await;
    world.clock.advance(std::time::Duration::from_secs(16 * 60));
    assert_eq!(
        refused(&say(&world, HELLO, &greeting(&ticket)).await),
        "sign-in.ticket-invalid"
    );
    assert_eq!(browser.poll(&poll).await.0, "refused");
    // Carried out, it is over: neither the client nor the browser can use it again.
    let (ticket, poll) = browser.begin_login("mine").await;
    let plastic = world.founders[0].take().unwrap();
    let (chip, outcome) = desk::carry_out(&world.wire, plastic.chip, &ticket, &plastic.code).await;
    outcome.unwrap();
    let (_, outcome) = desk::carry_out(&world.wire, chip, &ticket, &plastic.code).await;
    assert!(outcome.is_err());
    let (_, go) = browser.poll(&poll).await;
    let mut twin = browser.clone();
    assert_eq!(
        browser.get(go.as_deref().unwrap()).await.location(),
        "/mine"
    );
    let late = twin.get(go.as_deref().unwrap()).await;
    assert!(
        late.location().starts_with("/login?for=mine&ended="),
        "{}",
        late.location()
    );
    assert_eq!(twin.cookie("session"), None);
}

#[tokio::test]
async fn the_client_is_told_in_the_language_it_asks_for() {
    let world = World::new(3).await;
    let mut said = Vec::new();
    for language in ["sv", "en", "de"] {
        let request = Request::post(HELLO)
            .header(header::ACCEPT_LANGUAGE, language)
            .body(greeting("x"))
            .unwrap();
        let answer = Browser::new(&world.wire).send(request).await;
        let Ok(Opening::Refused(refusal)) = decode::<Opening>(&answer.body) else {
            panic!("not refused");
        };
        assert!(!refusal.text.contains('⟦'));
        said.push(refusal.text);
    }
    assert_ne!(said[0], said[1]);
    assert_eq!(said[0], said[2]);
}
