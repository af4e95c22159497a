//! OCSP over a real connection: the hatch answers as the routes do, and lets through whatever it is not sure of.

use std::net::SocketAddr;

use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::credential::{CredentialKind, LossReason};
use model::role::Actor;
use pki::certificate::Certificate;
use pki::ocsp::{Response, Status, build_request};
use pki::serial::Serial;
use server::config::ProcessRole;
use server::hatch::Hatch;
use server::serve;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::browser::{Answer, Browser, escaped};
use crate::world::{World, worlds};

const ROLES: [ProcessRole; 2] = [ProcessRole::Portal, ProcessRole::Ocsp];

/// A server that listens, for as long as this is there.
struct Listening {
    address: SocketAddr,
    handle: axum_server::Handle<SocketAddr>,
}

impl Listening {
    async fn over(world: &World) -> Self {
        let handle = axum_server::Handle::new();
        let (router, hatch) = (
            serve::router(&world.web, &ROLES),
            Hatch::new(&world.web, &ROLES),
        );
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        tokio::spawn(serve::listen(any, router, hatch, handle.clone()));
        Self {
            address: handle.listening().await.unwrap(),
            handle,
        }
    }

    async fn connect(&self) -> Line {
        Line {
            stream: TcpStream::connect(self.address).await.unwrap(),
            read: Vec::new(),
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}

/// A connection.
struct Line {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Line {
    async fn say(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// One answer, as its own head says where it ends; what comes behind it is left for the next.
    async fn hear(&mut self) -> Answer {
        loop {
            if let Some(answer) = self.whole() {
                return answer;
            }
            let read = self.stream.read_buf(&mut self.read).await.unwrap();
            assert!(
                read > 0,
                "closed after {:?}",
                String::from_utf8_lossy(&self.read)
            );
        }
    }

    fn whole(&mut self) -> Option<Answer> {
        let head = self.read.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
        let text = std::str::from_utf8(&self.read[..head]).unwrap();
        let mut lines = text.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let mut answer = Answer {
            status: status.parse().unwrap(),
            headers: header::HeaderMap::new(),
            body: Vec::new(),
        };
        for line in lines.filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ").unwrap();
            let name: header::HeaderName = name.parse().unwrap();
            answer.headers.append(name, value.parse().unwrap());
        }
        let length = match answer.header("content-length") {
            "" => 0,
            length => length.parse().unwrap(),
        };
        answer.body = self.read.get(head..head + length)?.to_vec();
        self.read.drain(..head + length);
        Some(answer)
    }

    async fn is_closed(&mut self) -> bool {
        self.read.is_empty() && self.stream.read(&mut [0; 1]).await.unwrap() == 0
    }
}

/// A founder's login certificate as it is asked about.
struct Asked {
    issuer: Certificate,
    serial: Serial,
    request: Vec<u8>,
}

impl Asked {
    async fn of(world: &World) -> Self {
        let card = &world.founders[0].as_ref().unwrap().card;
        let mut read = world.web.house.database.read().await.unwrap();
        let rows = store::certificate::list_by_card(&mut read, card)
            .await
            .unwrap();
        let row = rows
            .iter()
            .find(|row| row.kind == CredentialKind::Login)
            .unwrap();
        let authorities = &world.web.house.authorities;
        let issuer = authorities.by_name(&row.authority).unwrap();
        let (issuer, serial) = (
            issuer.certificate.clone(),
            Serial::from_hex(&row.serial).unwrap(),
        );
        Self {
            request: build_request(&issuer, &serial, None),
            issuer,
            serial,
        }
    }

    fn path(&self) -> String {
        format!("/ocsp/{}", escaped(&STANDARD.encode(&self.request)))
    }

    fn told(&self, answer: &Answer) -> Status {
        let response = Response::from_der(&answer.body).unwrap();
        response.status_of(&self.issuer, &self.serial).unwrap()
    }
}

fn get(path: &str, lines: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: pki.example.se\r\n{lines}\r\n").into_bytes()
}

fn post(body: &[u8], lines: &str) -> Vec<u8> {
    let head = format!(
        "POST /ocsp HTTP/1.1\r\nHost: pki.example.se\r\nContent-Type: application/ocsp-request\r\n{lines}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

async fn follow(world: &World) {
    let follow =
        async |call: &mut flows::Call<'_>| flows::ocsp::follow(&world.web.house, call).await;
    world.act(&Actor::System, follow).await.unwrap();
}

/// What of an answer does not depend on who wrote it down.
fn shown(answer: &Answer) -> (StatusCode, Vec<(String, String)>, Vec<u8>) {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["date", "content-length"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (answer.status, headers, answer.body.clone())
}

#[tokio::test]
async fn the_hatch_answers_as_the_routes_do() {
    for world in worlds(3).await {
        let asked = Asked::of(&world).await;
        let server = Listening::over(&world).await;
        let mut line = server.connect().await;
        follow(&world).await;
        // The first makes the answer, the others get the same bytes, by either method, through either way in.
        line.say(&get(&asked.path(), "")).await;
        let first = line.hear().await;
        assert_eq!(asked.told(&first), Status::Good);
        let tag = first.header("etag").to_owned();
        let since = first.header("last-modified").to_owned();
        for lines in [
            "".to_owned(),
            format!("If-None-Match: {tag}\r\n"),
            format!("if-none-match: \"other\", W/{tag}\r\n"),
            "If-None-Match: *\r\n".to_owned(),
            "If-None-Match: \"other\"\r\n".to_owned(),
            format!("If-Modified-Since: {since}\r\n"),
            "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n".to_owned(),
            "If-Modified-Since: yesterday\r\n".to_owned(),
            // By the tag alone when both are there (RFC 9110 13.1.3).
            format!("If-None-Match: \"other\"\r\nIf-Modified-Since: {since}\r\n"),
        ] {
            line.say(&get(&asked.path(), &lines)).await;
            let here = line.hear().await;
            let mut request = Request::get(asked.path());
            for header in lines.lines() {
                let (name, value) = header.split_once(": ").unwrap();
                request = request.header(name, value);
            }
            let there = Browser::new(&world.wire)
                .send(request.body(Vec::new()).unwrap())
                .await;
            assert_eq!(shown(&here), shown(&there), "{lines:?}");
            let known = lines.contains(&tag)
                || lines.contains('*')
                || lines.contains(&since) && !lines.contains("other");
            if known {
                assert_eq!(
                    (here.status, here.body.len()),
                    (StatusCode::NOT_MODIFIED, 0)
                );
                assert_eq!(here.header("etag"), tag);
            } else {
                assert_eq!(
                    (here.status, &here.body),
                    (StatusCode::OK, &first.body),
                    "{lines:?}"
                );
            }
        }
        for body in [
            asked.request.clone(),
            b"\x30\x80\x00\x00".to_vec(),
            build_request(&asked.issuer, &Serial::from_entropy([9; 16]), None),
        ] {
            line.say(&post(&body, "Connection: keep-alive\r\n")).await;
            let here = line.hear().await;
            let request = Request::post("/ocsp").header("content-type", "application/ocsp-request");
            let there = Browser::new(&world.wire)
                .send(request.body(body).unwrap())
                .await;
            assert_eq!(here.header("cache-control"), "no-store");
            assert_eq!(shown(&here).0, shown(&there).0);
            assert_eq!(shown(&here).1, shown(&there).1);
        }
        let nonce = build_request(&asked.issuer, &asked.serial, Some(b"0123456789abcdef"));
        line.say(&post(&nonce, "")).await;
        let signed = line.hear().await;
        assert_eq!(asked.told(&signed), Status::Good);
        assert_eq!(
            Response::from_der(&signed.body).unwrap().nonce(),
            Some(&b"0123456789abcdef"[..])
        );
    }
}

#[tokio::test]
async fn caches_are_told_exactly_what_holds() {
    let world = World::new(3).await;
    let asked = Asked::of(&world).await;
    let server = Listening::over(&world).await;
    let mut line = server.connect().await;
    follow(&world).await;
    line.say(&get(&asked.path(), "")).await;
    let first = line.hear().await;
    assert_eq!(first.header("content-type"), "application/ocsp-response");
    assert_eq!(
        first.header("last-modified"),
        "Mon, 23 Nov 2026 08:00:00 GMT"
    );
    assert_eq!(first.header("date"), "Mon, 23 Nov 2026 08:00:00 GMT");
    assert_eq!(first.header("expires"), "Mon, 23 Nov 2026 08:10:00 GMT");
    world.clock.advance(std::time::Duration::from_secs(4));
    line.say(&get(&asked.path(), "")).await;
    let second = line.hear().await;
    assert_eq!(second.body, first.body);
    assert_eq!(second.header("date"), "Mon, 23 Nov 2026 08:00:04 GMT");
    assert_eq!(second.header("expires"), first.header("expires"));
    assert_eq!(
        second.header("cache-control"),
        "max-age=596, public, no-transform, must-revalidate"
    );
    // What is unknown may be issued in the next moment.
    let made_up = build_request(&asked.issuer, &Serial::from_entropy([9; 16]), None);
    let path = format!("/ocsp/{}", escaped(&STANDARD.encode(made_up)));
    line.say(&get(&path, "")).await;
    let unknown = line.hear().await;
    assert_eq!(unknown.header("cache-control"), "no-store");
    assert_eq!(unknown.header("etag"), "");
    // A revocation counts at once, and is another answer.
    let card = world.founders[0].as_ref().unwrap().card.clone();
    world
        .act(&world.officer, async |call| {
            flows::revoke::revoke(&world.web.house, call, &card, LossReason::Lost).await
        })
        .await
        .unwrap();
    let lines = format!("If-None-Match: {}\r\n", first.header("etag"));
    line.say(&get(&asked.path(), &lines)).await;
    let revoked = line.hear().await;
    assert_eq!(revoked.status, StatusCode::OK);
    assert!(matches!(asked.told(&revoked), Status::Revoked { .. }));
}

#[tokio::test]
async fn requests_come_in_any_pieces_and_many_at_once() {
    let world = World::new(3).await;
    let asked = Asked::of(&world).await;
    let server = Listening::over(&world).await;
    let mut line = server.connect().await;
    follow(&world).await;
    for request in [get(&asked.path(), ""), post(&asked.request, "")] {
        for byte in &request {
            line.say(&[*byte]).await;
        }
        assert_eq!(asked.told(&line.hear().await), Status::Good);
    }
    let many = [
        get(&asked.path(), ""),
        post(&asked.request, ""),
        get("/ocsp/!!!!", ""),
        get(&asked.path(), ""),
        get("/healthz", ""),
        post(&asked.request, ""),
    ];
    line.say(&many.concat()).await;
    for place in 0..many.len() {
        let answer = line.hear().await;
        assert_eq!(answer.status, StatusCode::OK, "{place}");
        match place {
            2 => assert_eq!(answer.body, [0x30, 0x03, 0x0A, 0x01, 0x01]),
            4 => assert_eq!(answer.body, b"ok\n"),
            _ => assert_eq!(asked.told(&answer), Status::Good, "{place}"),
        }
    }
}

#[tokio::test]
async fn what_the_hatch_does_not_take_the_routes_answer() {
    let world = World::new(3).await;
    let asked = Asked::of(&world).await;
    let server = Listening::over(&world).await;
    follow(&world).await;
    // In parts with a length of their own (RFC 9112 7.1), and the last word on the connection.
    let mut line = server.connect().await;
    let chunks = format!("{:x}\r\n", asked.request.len());
    let head = b"POST /ocsp HTTP/1.1\r\nHost: a\r\nContent-Type: application/ocsp-request\r\nTransfer-Encoding: chunked\r\n\r\n";
    line.say(&[head, chunks.as_bytes(), &asked.request, b"\r\n0\r\n\r\n"].concat())
        .await;
    assert_eq!(asked.told(&line.hear().await), Status::Good);
    line.say(&post(&asked.request, "Connection: close\r\n"))
        .await;
    assert_eq!(asked.told(&line.hear().await), Status::Good);
    assert!(line.is_closed().await);
    for (request, status) in [
        (get("/login", ""), StatusCode::OK),
        (get("/ocsp", ""), StatusCode::METHOD_NOT_ALLOWED),
        (post(&[0x30; 9_000], ""), StatusCode::PAYLOAD_TOO_LARGE),
        (
            b"POST /ocsp HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n\x30\x00".to_vec(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (
            b"GET /ocsp/MA\x01 HTTP/1.1\r\n\r\n".to_vec(),
            StatusCode::BAD_REQUEST,
        ),
        (
            post(&asked.request, "Content-Length: 1\r\n"),
            StatusCode::BAD_REQUEST,
        ),
    ] {
        let mut line = server.connect().await;
        line.say(&request).await;
        let text = String::from_utf8_lossy(&request[..20]).into_owned();
        assert_eq!(line.hear().await.status, status, "{text}");
    }
}
