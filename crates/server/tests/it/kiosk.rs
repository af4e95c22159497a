//! A machine becomes a kiosk, somebody is photographed at it, and an officer decides.

use axum::http::{Request, StatusCode, header};
use print::portrait::{Sitting, Wall, invent, invent_sitting};

use crate::browser::{Answer, Browser, between, form};
use crate::stage::Stage;
use crate::world::ADDRESS;

async fn send(browser: &mut Browser, address: &str, fields: &[(&str, &str)]) -> Answer {
    let request = Request::post(address)
        .header(header::ORIGIN, ADDRESS)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form(fields))
        .unwrap();
    browser.send(request).await
}

async fn photograph(browser: &mut Browser, token: &str, code: &str, picture: &[u8]) -> Answer {
    let mut body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\n{code}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"photo.jpg\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(picture);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = Request::post("/kiosk/photo")
        .header(header::ORIGIN, ADDRESS)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(body)
        .unwrap();
    browser.send(request).await
}

#[tokio::test]
async fn somebody_is_photographed_at_a_kiosk() {
    for mut stage in Stage::everywhere().await {
        let order = format!("/order/orders/{}/photo-code", stage.ordered);
        let token = stage.browser("orderer").token().await;
        let told = send(stage.browser("orderer"), &order, &[("csrf", &token)]).await;
        assert_eq!(told.header("cache-control"), "no-store");
        let text = told.text();
        let code = between(&text, "photo-code number\">", "<").unwrap();

        let token = stage.browser("officer").token().await;
        let machine = stage.browser("officer");
        let fields = [("csrf", token.as_str()), ("place", "Entrén")];
        let opened = send(machine, "/station/kiosks", &fields).await;
        assert_eq!(
            (opened.status, opened.location()),
            (StatusCode::SEE_OTHER, "/kiosk")
        );
        assert!(
            machine
                .get("/station")
                .await
                .location()
                .starts_with("/login")
        );
        let kiosk = machine.get("/kiosk").await;
        let token = kiosk.token().unwrap();
        assert!(!kiosk.text().contains("class=\"who\""));

        let fields = |code| [("csrf", token.as_str()), ("code", code)];
        let wrong = send(machine, "/kiosk/code", &fields("0000 0000")).await;
        assert_eq!(wrong.code().as_deref(), Some("kiosk.code-wrong"));
        let foreign = send(machine, "/kiosk/code", &[("csrf", "0"), ("code", code)]).await;
        assert_eq!(foreign.code().as_deref(), Some("form.foreign"));
        let camera = send(machine, "/kiosk/code", &fields(code)).await;
        assert_eq!(camera.status, StatusCode::OK);
        assert!(camera.text().contains("data-camera"));

        let shelf = Sitting {
            wall: Wall::Shelf,
            ..Sitting::default()
        };
        let bad = photograph(machine, &token, code, &invent_sitting(2, shelf).unwrap()).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text().contains("Bakgrunden är rörig"), "{}", bad.text());
        let none = photograph(machine, &token, code, b"<svg onload=alert(1)>").await;
        assert_eq!(none.code().as_deref(), Some("photograph.not-a-picture"));
        let taken = photograph(machine, &token, code, &invent(6).unwrap()).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.text());
        let text = taken.text();
        let picture = between(&text, "src=\"/kiosk", "\"").unwrap();
        let shown = machine.get(&format!("/kiosk{picture}")).await;
        assert_eq!(shown.header("content-type"), "image/jpeg");
        let photo = between(&text, "name=\"photo\" value=\"", "\"").unwrap();
        let kept = send(
            machine,
            "/kiosk/keep",
            &[("csrf", &token), ("photo", photo)],
        )
        .await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.text());
        let gone = machine.get(&format!("/kiosk{picture}")).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND, "the kiosk remembers");

        let order = format!("/order/orders/{}", stage.ordered);
        let card = stage.world.card_of(&stage.ordered).await;
        let officer = stage.browser("both");
        let page = officer.get(&format!("/station/cards/{card}/photo")).await;
        assert!(
            page.text().contains("Bilden togs i en fotokiosk"),
            "{}",
            page.text()
        );
        let token = officer.token().await;
        let approve = format!("/station/cards/{card}/photo/approve");
        let done = send(officer, &approve, &[("csrf", &token), ("photo", photo)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        let page = stage.browser("orderer").get(&order).await;
        assert!(
            !page.text().contains("photo-code\""),
            "a code is offered for a photo that is there"
        );
    }
}
