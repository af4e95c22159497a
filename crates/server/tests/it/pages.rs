//! What holds for every page as it is really sent: the headers that protect it, and its frame in both languages. How each page is
//! drawn with every sample is tested beside the templates.

use axum::http::{HeaderMap, Request, StatusCode, header};

use crate::browser::{Answer, Browser, between};
use crate::people;
use crate::routes_in_source::routes;
use crate::stage::Stage;

/// Addresses for machines: relying parties, the card client, watchers.
const MACHINES: [&str; 6] = [
    "/healthz",
    "/readyz",
    "/ocsp",
    "/pki/",
    "/card-client",
    "/static",
];

/// Every page with somebody who may see it: what each route shows, and pages that tell of trouble.
fn pages() -> Vec<(String, &'static str)> {
    let mut pages: Vec<_> = routes()
        .into_iter()
        .filter(|(method, route)| {
            *method == "GET" && !MACHINES.iter().any(|start| route.starts_with(start))
        })
        .map(|(_, route)| {
            let actor = match route.split('/').nth(1) {
                _ if route.starts_with("/station/engagements") => "both",
                Some("order") => "orderer",
                Some("station") => "officer",
                Some("mine") => "holder",
                Some("functions") => "issuer",
                Some("editors") => "editor",
                _ => "nobody",
            };
            (route, actor)
        })
        .collect();
    for (route, actor) in [
        ("/station", "holder"),
        ("/order", "auditor"),
        ("/mine", "nobody"),
        ("/nowhere", "nobody"),
        ("/station/cards/nonsense", "officer"),
        ("/order/people/00000000000000000000000000", "orderer"),
        ("/order?name=A", "orderer"),
        ("/order?name=Ann", "orderer"),
        ("/station?find=Ann", "officer"),
        ("/logout", "holder"),
        ("/order/orders?show=all", "orderer"),
    ] {
        pages.push((route.to_owned(), actor));
    }
    pages
}

#[tokio::test]
async fn every_page_is_protected_and_framed() {
    let mut stage = Stage::new().await;
    for (route, actor) in pages() {
        for language in ["sv", "en"] {
            stage.browser(actor).set_cookie("language", language);
            let answer = stage.ask(actor, "GET", &route).await;
            let what = format!("{route} by {actor} in {language}");
            protected(&what, &answer);
            if answer.header("content-type").starts_with("text/html") {
                let session = stage.browser(actor).cookie("session").is_some();
                framed(&what, &answer.text(), language, session);
            } else {
                let redirected = answer.status.is_redirection() && answer.body.is_empty();
                assert!(
                    redirected
                        || [
                            "application/json",
                            "application/problem+json",
                            "image/jpeg",
                            "application/jose",
                            "text/csv; charset=utf-8",
                        ]
                        .contains(&answer.header("content-type")),
                    "{what}"
                );
            }
        }
    }
    // A form that came back with what was wrong with it is a page too.
    let token = stage.browser("officer").token().await;
    let address = format!("/station/cards/{}/revoke", stage.active);
    let answer = stage
        .browser("officer")
        .post(&address, &[("csrf", &token)])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    protected("a form that came back", &answer);
    framed("a form that came back", &answer.text(), "en", true);
}

fn protected(what: &str, answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    let policy = answer.header("content-security-policy");
    let directives: Vec<&str> = policy.split("; ").collect();
    for directive in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(
            directives.contains(&directive),
            "{what}: {directive} in {policy}"
        );
    }
    for word in ["unsafe", "*", "http:", "https:", "data:", "blob:"] {
        assert!(!policy.contains(word), "{what}: {word} in {policy}");
    }
    assert!(
        answer
            .header("permissions-policy")
            .contains("microphone=()"),
        "{what}"
    );
    // What is about somebody stays in no cache and in no history; a redirect alone carries nothing.
    if !answer.status.is_redirection() {
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    }
    for name in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert_eq!(answer.header(name), "", "{what}: {name}");
    }
}

fn framed(what: &str, text: &str, language: &str, session: bool) {
    assert!(
        text.starts_with(&format!("<!DOCTYPE html>\n<html lang=\"{language}\">")),
        "{what} begins {}",
        &text[..60]
    );
    assert_eq!(text.matches("<h1").count(), 1, "{what} has one heading");
    assert!(!text.contains('⟦'), "{what} lacks a text");
    for inline in [
        "<style",
        " style=\"",
        " onclick=",
        " onload=",
        " onerror=",
        "javascript:",
        "<script>",
    ] {
        assert!(!text.contains(inline), "{what} has {inline}");
    }
    for script in text.split("<script").skip(1) {
        let (open, rest) = script.split_once('>').unwrap();
        assert!(
            open.contains("src=\"/static/") && rest.starts_with("</script>"),
            "{what} has an inline script"
        );
    }
    for form in text.split("<form").skip(1) {
        let form = between(form, "", "</form>").unwrap();
        // Of nobody there is no session to take anything from.
        let anonymous = !session && form.contains("action=\"/feedback\"");
        if form.contains("method=\"post\"") && !anonymous {
            let token = between(form, "name=\"csrf\" value=\"", "\"")
                .unwrap_or_else(|| panic!("{what} has a form without a token"));
            assert_eq!(token.len(), 64, "{what} has a form with an empty token");
        }
    }
    assert_eq!(
        text.contains("action=\"/logout\""),
        session,
        "{what} shows who is signed in"
    );
    // Pages show personal numbers without their end.
    for index in 0..20 {
        let number = people::personal_number(index);
        let (front, end) = number.split_at(8);
        for form in [
            number.clone(),
            format!("{front}-{end}"),
            number[2..].to_owned(),
            format!("{}-{end}", &front[2..]),
        ] {
            assert!(!text.contains(&form), "{what} shows {form}");
        }
    }
}

#[tokio::test]
async fn files_and_machines_have_headers_of_their_own() {
    let mut stage = Stage::new().await;
    let nobody = stage.browser("nobody");
    for file in [
        "site.css",
        "progress.js",
        "camera.js",
        "print.js",
        "mark.svg",
    ] {
        let answer = nobody.get(&format!("/static/{file}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "public, no-cache");
        assert!(answer.set_cookies().is_empty(), "{file}");
        let again = Request::get(format!("/static/{file}"))
            .header(header::IF_NONE_MATCH, answer.header("etag"))
            .body(Vec::new())
            .unwrap();
        let again = nobody.send(again).await;
        assert_eq!(
            (again.status, again.body.len()),
            (StatusCode::NOT_MODIFIED, 0)
        );
    }
    // Answers that anybody's cache may keep set no cookie, whoever asks.
    let officer = stage.browser("officer");
    for address in ["/healthz", "/readyz", "/ocsp/MAA", "/static/site.css"] {
        assert!(
            officer.get(address).await.set_cookies().is_empty(),
            "{address}"
        );
    }
    let _: HeaderMap = officer.get("/healthz").await.headers;
}

#[tokio::test]
async fn a_personal_number_in_a_search_goes_no_further() {
    let mut stage = Stage::new().await;
    let number = people::personal_number(12);
    let (front, end) = number.split_at(8);
    // Four digits alone stand in any serial number now and then; the day before them does not.
    let stands_in = |text: &str| {
        ["", "-", " "]
            .iter()
            .any(|between| text.contains(&format!("{}{between}{end}", &front[2..])))
    };
    for written in [
        number.clone(),
        format!("{front}-{end}"),
        number[2..].to_owned(),
        format!("{}-{end}", &front[2..]),
        format!("{front} {end}"),
        format!("Ann {number}"),
    ] {
        for (address, actor) in [("/order?name=", "orderer"), ("/station?find=", "officer")] {
            let answer = stage
                .browser(actor)
                .get(&format!("{address}{}", crate::browser::escaped(&written)))
                .await;
            assert_eq!(
                (answer.status, answer.code().as_deref()),
                (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    Some("find.number-in-search")
                ),
                "{written}"
            );
            let text = answer.text();
            assert!(
                !text.contains(&written) && !stands_in(&text),
                "{written} comes back"
            );
        }
    }
    let log = {
        let mut read = stage.world.web.house.database.read().await.unwrap();
        store::audit::list(&mut read).await.unwrap()
    };
    assert!(
        log.iter()
            .all(|row| !stands_in(&row.detail) && !stands_in(&row.subject)),
        "the number stands in the log"
    );
}

#[tokio::test]
async fn what_people_type_comes_back_as_text() {
    let mut stage = Stage::new().await;
    let markup = "<img src=x onerror=alert(1)>\"'&amp;";
    for (address, actor) in [("/order?name=", "orderer"), ("/station?find=", "officer")] {
        let text = stage
            .browser(actor)
            .get(&format!("{address}{}", crate::browser::escaped(markup)))
            .await
            .text();
        assert!(
            !text.contains("<img src=x") && !text.contains("\"'&amp;"),
            "{address}: {text}"
        );
    }
    let token = stage.browser("officer").token().await;
    let address = format!("/station/cards/{}/identity-check", stage.to_check);
    let fields = [
        ("csrf", token.as_str()),
        ("document", markup),
        ("number", markup),
        ("expires_on", markup),
    ];
    let answer = stage.browser("officer").post(&address, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.text().contains("<img src=x"), "{}", answer.text());
}

#[tokio::test]
async fn an_old_browser_is_told_so() {
    let stage = crate::world::World::new(3).await;
    let request = Request::get("/").header(
        header::USER_AGENT,
        "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
    );
    let answer = Browser::new(&stage.wire)
        .send(request.body(Vec::new()).unwrap())
        .await;
    assert!(
        answer.text().contains("Firefox") && !answer.text().contains("<script"),
        "{}",
        answer.text()
    );
    protected("the page for old browsers", &answer);
}
