//! A form that is not ours changes nothing: whatever the address, whatever is wrong with it.

use axum::http::{Request, StatusCode, header};

use crate::browser::{Answer, Browser};
use crate::routes_in_source::routes;
use crate::stage::{Stage, upload};
use crate::world::{ADDRESS, portrait};

/// Every address that takes forms of somebody signed in, with somebody who may send them. A kiosk's are the machine's own.
fn forms() -> Vec<(String, &'static str)> {
    let machines = ["/card-client", "/ocsp", "/login", "/api", "/kiosk"];
    routes()
        .into_iter()
        .filter(|(method, route)| {
            *method != "GET" && !machines.iter().any(|start| route.starts_with(start))
        })
        .map(|(_, route)| {
            let actor = match route.split('/').nth(1) {
                _ if route.starts_with("/station/engagements") => "both",
                Some("order") => "orderer",
                Some("station") => "officer",
                Some("functions") => "issuer",
                Some("editors") => "editor",
                _ => "holder",
            };
            (route, actor)
        })
        .collect()
}

/// Refused as foreign, with nothing changed: whatever an act does is written to the log in the same transaction.
async fn refused(stage: &Stage, answer: &Answer, rows: usize, why: &str) {
    assert_eq!(
        (answer.status, answer.code().as_deref()),
        (StatusCode::FORBIDDEN, Some("form.foreign")),
        "{why}"
    );
    assert!(
        !stage.world.log_grew(rows).await,
        "{why}: something happened"
    );
}

#[tokio::test]
async fn only_our_own_forms_are_taken() {
    // None of these changes anything, so one stage does for all.
    let mut stage = Stage::new().await;
    a_form_without_the_right_token_is_refused(&mut stage).await;
    a_form_on_another_site_is_refused(&mut stage).await;
    a_form_of_nobody_leads_to_the_login_page(&mut stage).await;
    a_form_that_cannot_be_read_is_refused(&mut stage).await;
    a_photo_that_is_none_is_refused(&mut stage).await;
}

async fn a_form_without_the_right_token_is_refused(stage: &mut Stage) {
    let before = stage.world.log_rows().await;
    let own = stage.browser("auditor").token().await;
    for (route, actor) in forms() {
        let right = stage.browser(actor).token().await;
        assert_eq!(right.len(), 64);
        let cut = right[..63].to_owned();
        let secret = stage.browser(actor).cookie("session").unwrap().to_owned();
        for token in [
            "",
            "x",
            &"0".repeat(64),
            &own,
            &cut,
            &right.to_uppercase(),
            &secret,
            &format!("{right}0"),
        ] {
            let request = stage.request("POST", &route, token);
            let answer = stage.browser(actor).send(request).await;
            refused(
                stage,
                &answer,
                before,
                &format!("{route} with the token {token:?}"),
            )
            .await;
        }
        // The token in the address instead of the form.
        let mut request = stage.request("POST", &route, "");
        let sign = if request.uri().query().is_some() {
            '&'
        } else {
            '?'
        };
        *request.uri_mut() = format!("{}{sign}csrf={right}", request.uri())
            .parse()
            .unwrap();
        let answer = stage.browser(actor).send(request).await;
        refused(
            stage,
            &answer,
            before,
            &format!("{route} with the token in the address"),
        )
        .await;
    }
}

async fn a_form_on_another_site_is_refused(stage: &mut Stage) {
    let before = stage.world.log_rows().await;
    for (route, actor) in forms() {
        let right = stage.browser(actor).token().await;
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "https://kort.example.se.evil.example"),
            ("origin", "http://kort.example.se"),
            ("origin", "https://kort.example.se:8443"),
            ("origin", "null"),
            ("origin", ""),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let mut request = stage.request("POST", &route, &right);
            request.headers_mut().insert(name, value.parse().unwrap());
            let answer = stage.browser(actor).send(request).await;
            refused(
                stage,
                &answer,
                before,
                &format!("{route} with {name}: {value}"),
            )
            .await;
        }
    }
}

async fn a_form_of_nobody_leads_to_the_login_page(stage: &mut Stage) {
    let before = stage.world.log_rows().await;
    // Readers say what they think of a page whoever they are.
    let anonymous = |route: &str| route.starts_with("/feedback");
    for (route, actor) in forms().into_iter().filter(|form| !anonymous(&form.0)) {
        let right = stage.browser(actor).token().await;
        for session in [
            None,
            Some(""),
            Some("0"),
            Some("00112233445566778899aabbccddeeff"),
            Some("å; session=x"),
        ] {
            let mut stranger = Browser::new(&stage.world.wire);
            if let Some(session) = session {
                stranger.set_cookie("session", session);
            }
            let answer = stranger.send(stage.request("POST", &route, &right)).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{route}");
            assert!(
                answer.location().starts_with("/login?for="),
                "{route}: {}",
                answer.location()
            );
            assert!(
                !stage.world.log_grew(before).await,
                "{route}: something happened"
            );
        }
    }
}

async fn a_form_that_cannot_be_read_is_refused(stage: &mut Stage) {
    let before = stage.world.log_rows().await;
    let large = vec![b'a'; 65 * 1024];
    for (route, actor) in forms()
        .into_iter()
        .filter(|(route, _)| !route.ends_with("/photo"))
    {
        let address = stage.request("POST", &route, "").uri().clone();
        for (media, body, status, code) in [
            (
                "application/x-www-form-urlencoded",
                &large[..],
                StatusCode::PAYLOAD_TOO_LARGE,
                "form.too-large",
            ),
            (
                "application/json",
                b"{}",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "form.unreadable",
            ),
            (
                "text/plain",
                b"csrf=x",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "form.unreadable",
            ),
            (
                "",
                b"",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "form.unreadable",
            ),
        ] {
            let request = Request::post(&address)
                .header(header::ORIGIN, ADDRESS)
                .header(header::CONTENT_TYPE, media)
                .body(body.to_vec())
                .unwrap();
            let answer = stage.browser(actor).send(request).await;
            assert_eq!(
                (answer.status, answer.code().as_deref()),
                (status, Some(code)),
                "{route} {media}"
            );
        }
    }
    assert!(!stage.world.log_grew(before).await);
}

async fn a_photo_that_is_none_is_refused(stage: &mut Stage) {
    let before = stage.world.stored(&stage.to_photograph).await;
    let token = stage.browser("officer").token().await;
    let address = stage
        .request("POST", "/station/cards/{id}/photo", "")
        .uri()
        .clone();
    let (media, whole) = upload(&token, portrait());
    let large = upload(&token, &vec![0xFF; 9 * 1024 * 1024]).1;
    for (what, media, body) in [
        ("nothing", media, upload(&token, b"").1),
        ("text", media, upload(&token, b"<svg onload=alert(1)>").1),
        (
            "half a picture",
            media,
            upload(&token, &portrait()[..portrait().len() / 4]).1,
        ),
        ("a form cut off", media, whole[..whole.len() - 40].to_vec()),
        ("no form", "image/jpeg", portrait().to_vec()),
        ("no boundary", "multipart/form-data", whole.clone()),
        ("too large a picture", media, large),
    ] {
        let request = Request::post(&address)
            .header(header::ORIGIN, ADDRESS)
            .header(header::CONTENT_TYPE, media)
            .body(body)
            .unwrap();
        let answer = stage.browser("officer").send(request).await;
        assert!(
            answer.status.is_client_error() && answer.code().is_some(),
            "{what}: {} {:?}",
            answer.status,
            answer.code()
        );
        assert!(!answer.text().contains("onload"), "{what} comes back");
        assert_eq!(
            stage.world.stored(&stage.to_photograph).await.state,
            before.state,
            "{what}"
        );
    }
    let request = stage.request("POST", "/station/cards/{id}/photo", &token);
    assert_eq!(
        stage.browser("officer").send(request).await.status,
        StatusCode::SEE_OTHER
    );
}
