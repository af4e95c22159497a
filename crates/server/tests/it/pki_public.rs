//! What relying parties fetch without saying who they are: certificates, lists, and answers to "is this certificate good?".

use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use model::credential::{CredentialKind, LossReason};
use model::id::CardId;
use pki::certificate::Certificate;
use pki::crl::Crl;
use pki::ocsp::{Response, Status, build_request};
use pki::serial::Serial;

use crate::browser::{Answer, Browser, escaped};
use crate::world::{World, worlds};

/// The states of an OCSP answer that carries no certificate's state (RFC 6960 4.2.1), as the five bytes they are.
const MALFORMED: [u8; 5] = [0x30, 0x03, 0x0A, 0x01, 0x01];
const UNAUTHORIZED: [u8; 5] = [0x30, 0x03, 0x0A, 0x01, 0x06];

async fn post(world: &World, media: &str, body: &[u8]) -> Answer {
    let request = Request::post("/ocsp")
        .header(header::CONTENT_TYPE, media)
        .body(body.to_vec())
        .unwrap();
    Browser::new(&world.wire).send(request).await
}

async fn ask(world: &World, request: &[u8]) -> Answer {
    let answer = post(world, "application/ocsp-request", request).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/ocsp-response");
    answer
}

async fn get(world: &World, address: &str) -> Answer {
    Browser::new(&world.wire).get(address).await
}

/// The login certificate of a card, and its issuer's as a relying party finds it.
async fn login(world: &World, card: &CardId) -> (Certificate, Certificate) {
    let row = {
        let mut read = world.web.house.database.read().await.unwrap();
        store::certificate::list_by_card(&mut read, card)
            .await
            .unwrap()
    };
    let row = row
        .iter()
        .find(|row| row.kind == CredentialKind::Login)
        .unwrap();
    let certificate = Certificate::from_der(&row.der).unwrap();
    let issuer = get(
        world,
        path(certificate.issuer_certificate_address().unwrap()),
    )
    .await;
    (certificate, Certificate::from_der(&issuer.body).unwrap())
}

/// The path of an address in a certificate.
fn path(address: &str) -> &str {
    address.strip_prefix("http://pki.example.se").unwrap()
}

fn founder(world: &World) -> CardId {
    world.founders[0].as_ref().unwrap().card.clone()
}

#[tokio::test]
async fn a_certificate_is_good_until_it_is_revoked() {
    for world in worlds(3).await {
        let card = founder(&world);
        let (certificate, issuer) = login(&world, &card).await;
        let request = build_request(&issuer, &certificate.serial(), None);
        let status = async || {
            let answer = Response::from_der(&ask(&world, &request).await.body).unwrap();
            answer.verify(&issuer, world.clock.now().seconds()).unwrap();
            answer.status_of(&issuer, &certificate.serial()).unwrap()
        };
        let list = async || {
            let list = Crl::from_der(
                &get(&world, path(certificate.revocation_list_address().unwrap()))
                    .await
                    .body,
            )
            .unwrap();
            list.verify(&issuer).unwrap();
            list
        };
        assert_eq!(status().await, Status::Good);
        assert!(!list().await.contains(&certificate.serial()));
        world
            .act(&world.officer, async |call| {
                flows::revoke::revoke(&world.web.house, call, &card, LossReason::Lost).await
            })
            .await
            .unwrap();
        // At once, with nothing in between.
        assert!(matches!(status().await, Status::Revoked { .. }));
        assert!(list().await.contains(&certificate.serial()));
    }
}

#[tokio::test]
async fn an_answer_is_told_how_long_to_keep() {
    let world = World::new(3).await;
    let (certificate, issuer) = login(&world, &founder(&world)).await;
    let plain = build_request(&issuer, &certificate.serial(), None);
    let fresh = build_request(&issuer, &certificate.serial(), Some(b"0123456789abcdef"));
    // Only what GET fetched may be kept (RFC 9110 9.3.3), for as long as the answer holds (RFC 5019 6.2).
    assert_eq!(
        ask(&world, &plain).await.header("cache-control"),
        "no-store"
    );
    let kept = get(
        &world,
        &format!("/ocsp/{}", escaped(&STANDARD.encode(&plain))),
    )
    .await;
    assert_eq!(
        kept.header("cache-control"),
        "max-age=600, public, no-transform, must-revalidate"
    );
    // An answer to a nonce is for the one who asked.
    let answer = get(
        &world,
        &format!("/ocsp/{}", escaped(&STANDARD.encode(&fresh))),
    )
    .await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        Response::from_der(&answer.body).unwrap().nonce(),
        Some(&b"0123456789abcdef"[..])
    );
    let answer = ask(&world, &fresh).await;
    assert_eq!(
        Response::from_der(&answer.body).unwrap().nonce(),
        Some(&b"0123456789abcdef"[..])
    );
    assert_eq!(Response::from_der(&kept.body).unwrap().nonce(), None);
}

#[tokio::test]
async fn every_way_of_writing_base64_is_understood() {
    let world = World::new(3).await;
    let (certificate, issuer) = login(&world, &founder(&world)).await;
    // A nonce whose base64 is full of + and /, which clients escape, half escape or leave.
    let request = build_request(
        &issuer,
        &certificate.serial(),
        Some(&[0xFB, 0xEF, 0xFF, 0xFE, 0xFB, 0xEF, 0xBE, 0xFF, 0xFF]),
    );
    let standard = STANDARD.encode(&request);
    assert!(
        standard.contains("//") && standard.contains('+'),
        "{standard}"
    );
    for written in [
        standard.clone(),
        escaped(&standard),
        escaped(&standard).to_lowercase_escapes(),
        standard.replace('+', "%2B"),
        standard.replace('/', "%2F"),
        standard.replace('=', "%3D"),
        URL_SAFE.encode(&request),
        STANDARD_NO_PAD.encode(&request),
    ] {
        let answer = get(&world, &format!("/ocsp/{written}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{written}");
        assert_eq!(answer.header("content-type"), "application/ocsp-response");
        let answer = Response::from_der(&answer.body).unwrap_or_else(|_| panic!("{written}"));
        assert_eq!(
            answer.status_of(&issuer, &certificate.serial()),
            Some(Status::Good),
            "{written}"
        );
    }
}

trait LowercaseEscapes {
    fn to_lowercase_escapes(&self) -> String;
}

impl LowercaseEscapes for String {
    fn to_lowercase_escapes(&self) -> String {
        self.replace("%2B", "%2b")
            .replace("%2F", "%2f")
            .replace("%3D", "%3d")
    }
}

#[tokio::test]
async fn what_is_not_ours_is_not_answered_for() {
    let world = World::new(3).await;
    let (certificate, issuer) = login(&world, &founder(&world)).await;
    // Never issued: unknown, so that nobody takes a forged serial number for good.
    let made_up = Serial::from_entropy([0x42; 16]);
    let answer = Response::from_der(
        &ask(&world, &build_request(&issuer, &made_up, None))
            .await
            .body,
    )
    .unwrap();
    answer.verify(&issuer, world.clock.now().seconds()).unwrap();
    assert_eq!(answer.status_of(&issuer, &made_up), Some(Status::Unknown));
    // Somebody else's authority: refused in the protocol's words (RFC 6960 4.2.1), unsigned.
    let stranger = World::new(3).await;
    let (_, foreign) = login(&stranger, &founder(&stranger)).await;
    let refused = ask(
        &world,
        &build_request(&foreign, &certificate.serial(), None),
    )
    .await;
    assert_eq!(refused.body, UNAUTHORIZED);
    assert_eq!(refused.header("cache-control"), "no-store");
    // Our authority, but not the one that issued it.
    let root = world.web.house.authorities.root().certificate.clone();
    let answer = ask(&world, &build_request(&root, &certificate.serial(), None)).await;
    let answer = Response::from_der(&answer.body).unwrap();
    assert_eq!(
        answer.status_of(&root, &certificate.serial()),
        Some(Status::Unknown)
    );
}

#[tokio::test]
async fn nonsense_gets_a_plain_answer() {
    let world = World::new(3).await;
    let (certificate, issuer) = login(&world, &founder(&world)).await;
    let request = build_request(&issuer, &certificate.serial(), None);
    let before = world.log_rows().await;
    for media in [
        "text/plain",
        "application/octet-stream",
        "",
        "application/ocsp-response",
    ] {
        assert_eq!(
            post(&world, media, &request).await.status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{media}"
        );
    }
    assert_eq!(ask(&world, b"").await.body, MALFORMED);
    assert_eq!(ask(&world, b"\x30\x80\x00\x00").await.body, MALFORMED);
    assert_eq!(
        ask(&world, &[&request[..], b"\0"].concat()).await.body,
        MALFORMED
    );
    for cut in 1..request.len() {
        assert_eq!(
            ask(&world, &request[..cut]).await.body,
            MALFORMED,
            "cut at {cut}"
        );
    }
    for place in 0..request.len() {
        let mut spoilt = request.clone();
        spoilt[place] ^= 0x41;
        let answer = ask(&world, &spoilt).await;
        assert!(answer.body.starts_with(&[0x30]), "byte {place}");
    }
    let large = post(&world, "application/ocsp-request", &[0x30; 9_000]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    let large = get(&world, &format!("/ocsp/{}", "MA".repeat(8_000))).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    for address in [
        "/ocsp/!!!!",
        "/ocsp/%00",
        "/ocsp/%ZZ",
        "/ocsp/MA%",
        "/ocsp/a/b/c",
        "/ocsp/%FF%FE",
    ] {
        let answer = get(&world, address).await;
        assert_eq!(
            (answer.status, &answer.body[..]),
            (StatusCode::OK, &MALFORMED[..]),
            "{address}"
        );
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(
        get(&world, "/ocsp").await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    // Looking changes nothing.
    assert_eq!(world.log_rows().await, before);
}

#[tokio::test]
async fn certificates_and_lists_are_files() {
    let world = World::new(3).await;
    for authority in world.web.house.authorities.all() {
        let name = &authority.name;
        let file = get(&world, &format!("/pki/{name}.cer")).await;
        assert_eq!(
            (file.status, file.header("content-type")),
            (StatusCode::OK, "application/pkix-cert"),
            "{name}"
        );
        assert_eq!(file.header("cache-control"), "public, max-age=86400");
        assert_eq!(file.body, authority.certificate.der());
        let list = get(&world, &format!("/pki/{name}.crl")).await;
        assert_eq!(
            (list.status, list.header("content-type")),
            (StatusCode::OK, "application/pkix-crl"),
            "{name}"
        );
        assert_eq!(list.header("cache-control"), "public, max-age=60");
        Crl::from_der(&list.body)
            .unwrap()
            .verify(&authority.certificate)
            .unwrap();
    }
    for authority in world.web.house.authorities.all() {
        let pem = get(&world, &format!("/pki/{}.pem", authority.name)).await;
        assert_eq!(pem.header("content-type"), "application/x-pem-file");
        assert_eq!(pem.text(), authority.certificate.to_pem());
        let chain = get(&world, &format!("/pki/{}-chain.pem", authority.name))
            .await
            .text();
        let root = world.web.house.authorities.root().certificate.to_pem();
        let whole = if authority.is_root() {
            root
        } else {
            pem.text() + &root
        };
        assert_eq!(chain, whole, "{}", authority.name);
    }
    let page = get(&world, "/pki").await.text();
    for authority in world.web.house.authorities.all() {
        assert!(page.contains(&format!("/pki/{}.pem", authority.name)));
    }
    // What the operator writes is text, and the function profiles say their policy.
    assert!(page.contains("Ny rot &#60;2027&#62;"), "{page}");
    let arc = world.web.house.settings.arc;
    assert!(page.contains(&arc.function().to_string()));
    let root = &world.web.house.authorities.root().name;
    for file in [
        "",
        ".cer",
        "root",
        "nobody.cer",
        "nobody.crl",
        "..%2Fsigill.cer",
        "%2e%2e%2f.crl",
        &format!("{root}-chain.crl"),
        "nobody.pem",
        "nobody-chain.pem",
        &format!("{root}.CER"),
    ] {
        assert_eq!(
            get(&world, &format!("/pki/{file}")).await.status,
            StatusCode::NOT_FOUND,
            "{file}"
        );
    }
}

#[tokio::test]
async fn alive_and_ready() {
    for world in worlds(3).await {
        let alive = get(&world, "/healthz").await;
        assert_eq!(
            (alive.status, alive.text().as_str()),
            (StatusCode::OK, "ok\n")
        );
        let ready = get(&world, "/readyz").await;
        assert_eq!(
            (ready.status, ready.text().as_str()),
            (StatusCode::OK, "ready\n")
        );
        world.web.house.database.close().await;
        // A process without its database is alive, and says that it is not ready.
        assert_eq!(get(&world, "/healthz").await.status, StatusCode::OK);
        assert_eq!(
            get(&world, "/readyz").await.status,
            StatusCode::SERVICE_UNAVAILABLE
        );
        let (login, root) = (
            get(&world, "/login").await,
            &world.web.house.authorities.root().name,
        );
        assert_eq!(login.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(
            !login.text().to_lowercase().contains("sql"),
            "the page tells of the database"
        );
        assert_eq!(
            get(&world, &format!("/pki/{root}.crl")).await.status,
            StatusCode::SERVICE_UNAVAILABLE
        );
        assert_eq!(
            get(&world, &format!("/pki/{root}.cer")).await.status,
            StatusCode::OK
        );
    }
}
