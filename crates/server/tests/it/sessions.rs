//! A session: how it begins, in whose browser, and everything that ends it.

use std::time::Duration;

use axum::http::{Request, StatusCode};
use model::credential::LossReason;
use model::role::Role;

use crate::browser::{Browser, escaped};
use crate::desk;
use crate::world::{CODE, World, worlds};

const ENDED: &str = "/login?for=mine&ended=session";

/// Whether the browser is signed in.
async fn is_in(browser: &mut Browser) -> bool {
    let answer = browser.get("/mine").await;
    if answer.status == StatusCode::OK {
        return true;
    }
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, ENDED)
    );
    // The cookie of a session that is over is taken away.
    assert_eq!(browser.cookie("session"), None);
    false
}

#[tokio::test]
async fn cookies_go_nowhere_they_need_not() {
    let mut world = World::new(3).await;
    let mut browser = Browser::new(&world.wire);
    let page = browser.get("/login?for=order").await;
    let cookies = page.set_cookies();
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    let (name, rest) = cookies[0].split_once('=').unwrap();
    assert!(name.starts_with("login-"));
    let attributes: Vec<&str> = rest.split("; ").skip(1).collect();
    assert_eq!(
        attributes,
        [
            "Path=/login",
            "HttpOnly",
            "SameSite=Lax",
            "Max-Age=900",
            "Secure"
        ]
    );
    let (ticket, poll) = browser.begin_login("mine").await;
    let plastic = world.founders[0].take().unwrap();
    desk::carry_out(&world.wire, plastic.chip, &ticket, &plastic.code)
        .await
        .1
        .unwrap();
    let (_, go) = browser.poll(&poll).await;
    let entered = browser.get(&go.unwrap()).await;
    let session: Vec<String> = entered
        .set_cookies()
        .into_iter()
        .filter(|cookie| cookie.starts_with("session="))
        .collect();
    assert_eq!(session.len(), 1);
    let (secret, attributes) = session[0].split_once("; ").unwrap();
    // Until the browser is closed, for this host alone (no Domain).
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax; Secure");
    assert_eq!(secret.len(), "session=".len() + 32);
    // Neither the page nor an address ever shows it.
    let secret = &secret["session=".len()..];
    for path in ["/mine", "/mine/logins", "/help", "/"] {
        assert!(!browser.get(path).await.text().contains(secret), "{path}");
    }
    assert!(
        world
            .wire
            .take()
            .iter()
            .all(|exchange| !exchange.address.contains(secret))
    );
    let language = browser.get("/help?language=en").await.set_cookies();
    assert_eq!(
        language,
        ["language=en; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000; Secure"]
    );
}

#[tokio::test]
async fn only_the_browser_that_asked_gets_in() {
    let mut world = World::new(3).await;
    let plastic = world.founders[0].take().unwrap();
    let (mut asking, mut other) = (Browser::new(&world.wire), Browser::new(&world.wire));
    let (ticket, poll) = asking.begin_login("mine").await;
    let (foreign, _) = other.begin_login("mine").await;
    assert_ne!(ticket, foreign);
    let (chip, outcome) = desk::carry_out(&world.wire, plastic.chip, &ticket, CODE).await;
    outcome.unwrap();
    let enter = poll.replace("/poll", "/enter");
    // Another browser, even one that has begun a login itself, learns nothing and gets nothing.
    assert_eq!(other.poll(&poll).await.0, "refused");
    assert!(
        other
            .get(&enter)
            .await
            .location()
            .starts_with("/login?for=mine&ended=")
    );
    assert_eq!(other.cookie("session"), None);
    // Nor one that carries a cookie of the right name with a guess.
    let name = asking.cookies()[0].to_owned();
    for guess in ["0", "", &"0".repeat(32)] {
        let mut guessing = Browser::new(&world.wire);
        guessing.set_cookie(&name, guess);
        assert_eq!(guessing.poll(&poll).await.0, "refused");
        guessing.get(&enter).await;
        assert_eq!(guessing.cookie("session"), None);
    }
    // A session that somebody planted before the login is not the one that counts after it.
    asking.set_cookie("session", &"0".repeat(32));
    assert_eq!(asking.get(&enter).await.location(), "/mine");
    assert_ne!(asking.cookie("session"), Some("0".repeat(32).as_str()));
    assert!(is_in(&mut asking).await);
    // The other's own login is still open, and the holder's card in the wrong hands' browser is the holder's own doing there.
    desk::carry_out(&world.wire, chip, &foreign, CODE)
        .await
        .1
        .unwrap();
}

#[tokio::test]
async fn a_login_without_script() {
    let mut world = World::new(3).await;
    let plastic = world.founders[0].take().unwrap();
    let mut browser = Browser::new(&world.wire);
    let page = browser.get("/login?for=order").await;
    let (text, token) = (page.text(), page.token().unwrap());
    let ticket = crate::browser::between(&text, "act?ticket=", "&")
        .unwrap()
        .to_owned();
    // Too early: the same page again, which says so.
    let early = browser
        .post("/login/continue?for=order", &[("csrf", &token)])
        .await;
    assert_eq!(
        (early.status, browser.cookie("session")),
        (StatusCode::OK, None)
    );
    desk::carry_out(&world.wire, plastic.chip, &ticket, CODE)
        .await
        .1
        .unwrap();
    // Another site's form has not the token.
    let forged = browser
        .post("/login/continue?for=order", &[("csrf", &"0".repeat(64))])
        .await;
    assert!(forged.location().starts_with("/login?for=order"));
    assert_eq!(browser.cookie("session"), None);
    let token = early.token().unwrap();
    let entered = browser
        .post("/login/continue?for=order", &[("csrf", &token)])
        .await;
    assert_eq!(
        (entered.status, entered.location()),
        (StatusCode::SEE_OTHER, "/order")
    );
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn logging_out_ends_the_session_everywhere() {
    let mut world = World::new(3).await;
    let mut browser = Browser::new(&world.wire);
    browser.sign_in(world.founders[0].take().unwrap()).await;
    let mut copy = browser.clone();
    let token = browser.token().await;
    let out = browser.post("/logout", &[("csrf", &token)]).await;
    assert_eq!(out.status, StatusCode::OK);
    assert_eq!(browser.cookie("session"), None);
    // Whoever copied the cookie has nothing.
    assert!(!is_in(&mut copy).await);
}

#[tokio::test]
async fn a_session_dies_with_its_card() {
    for mut world in worlds(3).await {
        let plastic = world.founders[0].take().unwrap();
        let card = plastic.card.clone();
        let (mut first, mut second) = (Browser::new(&world.wire), Browser::new(&world.wire));
        let plastic = first.sign_in(plastic).await;
        let plastic = second.sign_in(plastic).await;
        assert!(is_in(&mut first).await && is_in(&mut second).await);
        // A login under way dies too.
        let mut third = Browser::new(&world.wire);
        let (ticket, poll) = third.begin_login("mine").await;
        let (chip, outcome) = desk::carry_out(&world.wire, plastic.chip, &ticket, CODE).await;
        outcome.unwrap();
        let house = &world.web.house;
        world
            .act(&world.officer, async |call| {
                flows::revoke::revoke(house, call, &card, LossReason::Lost).await
            })
            .await
            .unwrap();
        assert!(!is_in(&mut first).await && !is_in(&mut second).await);
        let (_, go) = third.poll(&poll).await;
        let refused = third.get(&go.unwrap()).await;
        assert_eq!(
            refused.code().as_deref(),
            Some("sign-in.certificate-revoked")
        );
        assert_eq!(third.cookie("session"), None);
        let (ticket, poll) = third.begin_login("mine").await;
        let (_, outcome) = desk::carry_out(&world.wire, chip, &ticket, CODE).await;
        assert!(outcome.is_err());
        assert_eq!(third.poll(&poll).await.0, "refused");
    }
}

#[tokio::test]
async fn a_holder_who_reports_the_card_lost_is_out() {
    let mut world = World::new(3).await;
    let plastic = world.founders[0].take().unwrap();
    let address = format!("/mine/cards/{}/revoke", plastic.card);
    let mut browser = Browser::new(&world.wire);
    browser.sign_in(plastic).await;
    let token = browser.token().await;
    let told = browser
        .post(
            &address,
            &[("csrf", &token), ("reason", "lost"), ("confirm", "yes")],
        )
        .await;
    assert_eq!(told.status, StatusCode::OK);
    assert_eq!(browser.cookie("session"), None);
    assert_eq!(browser.get("/mine").await.location(), "/login?for=mine");
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let mut world = World::new(4).await;
    let minutes = |count: u64| Duration::from_secs(count * 60);
    let mut idle = Browser::new(&world.wire);
    let plastic = idle.sign_in(world.founders[0].take().unwrap()).await;
    world.clock.advance(minutes(29));
    assert!(is_in(&mut idle).await);
    world.clock.advance(minutes(29));
    assert!(is_in(&mut idle).await, "the session is used");
    world.clock.advance(minutes(31));
    assert!(!is_in(&mut idle).await, "half an hour unused");
    let mut busy = Browser::new(&world.wire);
    busy.sign_in(plastic).await;
    for _ in 0..29 {
        world.clock.advance(minutes(20));
        assert!(is_in(&mut busy).await);
    }
    world.clock.advance(minutes(21));
    assert!(!is_in(&mut busy).await, "a working day");
}

#[tokio::test]
async fn a_role_counts_from_the_moment_it_is_given_or_taken() {
    let mut world = World::new(4).await;
    let mut browser = Browser::new(&world.wire);
    let holder = world.people[3].clone();
    browser.sign_in(world.card_for(&holder, CODE).await).await;
    assert_eq!(browser.get("/order").await.status, StatusCode::FORBIDDEN);
    world.grant(&holder, Role::Orderer).await;
    assert_eq!(browser.get("/order").await.status, StatusCode::OK);
    let house = &world.web.house;
    let console = crate::world::console();
    let withdrawn = world.act(&console, async |call| {
        flows::grant_role::withdraw_role(house, call, &holder, Role::Orderer).await
    });
    withdrawn.await.unwrap();
    assert_eq!(browser.get("/order").await.status, StatusCode::FORBIDDEN);
    // The officer's own session knows nothing of it.
    let mut officer = Browser::new(&world.wire);
    officer.sign_in(world.founders[1].take().unwrap()).await;
    assert_eq!(officer.get("/station").await.status, StatusCode::OK);
}

#[tokio::test]
async fn no_address_leads_off_the_site() {
    let mut world = World::new(3).await;
    let mut anybody = Browser::new(&world.wire);
    let mut signed_in = Browser::new(&world.wire);
    signed_in.sign_in(world.founders[1].take().unwrap()).await;
    for evil in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "mine@evil.example",
        "\r\nLocation: //evil.example",
        "mine%2F..%2F%2Fevil.example",
    ] {
        let evil = escaped(evil);
        for address in [
            format!("/login?for={evil}"),
            format!("/login?for=mine&ended={evil}"),
            format!("/login/{evil}/poll?for={evil}"),
            format!("/login/{evil}/enter?for={evil}"),
            format!("/mine?next={evil}&language=en"),
            format!("/station/engagements/{}/end?card={evil}", "0".repeat(26)),
            format!("/{evil}"),
            format!("//evil.example/{evil}?language=en"),
            format!("/help?{evil}"),
        ] {
            for browser in [&mut anybody, &mut signed_in] {
                let answer = browser.get(&address).await;
                let (to, text) = (answer.location().to_owned(), answer.text());
                assert!(
                    to.is_empty()
                        || to.starts_with('/')
                            && !to.starts_with("//")
                            && !to.contains(['\\', '\r']),
                    "{address} leads to {to}"
                );
                for link in links(&text) {
                    let inside =
                        link.starts_with('/') && !link.starts_with("//") && !link.contains('\\');
                    assert!(
                        inside || link.starts_with('#') || link.starts_with("sigill:"),
                        "{address} has a link to {link}"
                    );
                }
            }
        }
    }
    // A host that somebody made up comes back in no address.
    let request = Request::get("/mine")
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .body(Vec::new())
        .unwrap();
    let answer = anybody.send(request).await;
    assert_eq!(answer.location(), "/login?for=mine");
}

/// Everything a page points at.
fn links(text: &str) -> Vec<String> {
    ["href=\"", "src=\"", "action=\"", "data-poll=\""]
        .iter()
        .flat_map(|mark| text.split(mark).skip(1))
        .map(|rest| {
            rest.split('"')
                .next()
                .unwrap()
                .replace("&amp;", "&")
                .replace("&#38;", "&")
        })
        .collect()
}
