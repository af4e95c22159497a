//! The server's own authority in the configuration, and certificates that do not lead to it: then nothing is said to the server.

use std::io::{BufReader, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use client::program::Config;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use wire::{Act, Next, Opening, Refusal, Step, Welcome};

use crate::authority::Authority;
use crate::{OFFICER, chip, with_config};

const TICKET: &str = "7KQ2-M9XD-4TPA-W3HN";

/// A server for one connection, which welcomes the client and lets it stop.
struct Server {
    port: u16,
    heard: JoinHandle<Vec<String>>,
}

impl Server {
    fn start((certificate, key): (Vec<u8>, Vec<u8>)) -> Self {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(certificate)],
                PrivatePkcs8KeyDer::from(key).into(),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = std::thread::spawn(move || {
            let (socket, _) = listener.accept().unwrap();
            let session = ServerConnection::new(Arc::new(config)).unwrap();
            let mut stream = BufReader::new(StreamOwned::new(session, socket));
            let mut heard = Vec::new();
            while let Some(body) = request(&mut stream) {
                let answer = if heard.is_empty() {
                    wire::encode(&welcome())
                } else {
                    wire::encode(&Next::Refused(Refusal {
                        code: "activate.cancelled".to_owned(),
                        text: "Avbrutet".to_owned(),
                    }))
                };
                heard.push(body);
                let answer = answer.unwrap();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                    answer.len()
                );
                let out = stream.get_mut();
                if out.write_all(&[head.as_bytes(), &answer].concat()).is_err() {
                    break;
                }
            }
            heard
        });
        Self { port, heard }
    }
}

/// The body of the next request; nothing when there is none.
fn request(stream: &mut impl std::io::BufRead) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line.is_empty() {
            let mut body = vec![0; length];
            stream.read_exact(&mut body).ok()?;
            return String::from_utf8(body).ok();
        }
    }
}

fn welcome() -> Opening {
    Opening::Welcome(Welcome {
        act: Act::Activate,
        who_asks: "Region Exempel".to_owned(),
        for_whom: Some("Åsa Öberg".to_owned()),
        card_number: Some(OFFICER.to_owned()),
        purpose: "Aktivera kortet".to_owned(),
        taken_up: true,
        session: "session-1".to_owned(),
        step: Step::ReadCard {},
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "a certificate must be good at the moment, and TLS takes no clock of ours"
)]
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

fn authority_file(name: &str, authority: &Authority) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = path.join(format!("{name}-{}.pem", std::process::id()));
    std::fs::write(&path, authority.certificate.to_pem()).unwrap();
    path
}

/// Opens an activation there and refuses it; says what the person was told and what the server heard.
fn ask(server: Server, ca: Option<&PathBuf>) -> (String, Vec<String>, Vec<String>) {
    let ca = ca.map_or(String::new(), |file| {
        format!("ca = {:?}\n", file.display().to_string())
    });
    let config = Config::read(&format!(
        "[[server]]\norganisation = \"Region Exempel\"\naddress = \"https://localhost:{}\"\n{ca}",
        server.port
    ));
    let desk = vec![("Left", Some(chip(OFFICER)))];
    let (outcome, person) = with_config(&config.unwrap(), &["activate", TICKET], desk, &["n"]);
    (
        outcome.unwrap_err().0,
        person.read,
        server.heard.join().unwrap(),
    )
}

#[test]
fn a_server_of_the_configured_authority_is_spoken_to() {
    let authority = Authority::new();
    let server = Server::start(authority.certify_server(false, now() - 3_600));
    let file = authority_file("right", &authority);
    let (told, read, heard) = ask(server, Some(&file));
    assert!(told.contains("You cancelled"), "{told}");
    let has = |part: &str| read.iter().any(|line| line.contains(part));
    assert!(
        has("An earlier try with the card was not finished"),
        "{read:?}"
    );
    let [hello, stopped] = heard.as_slice() else {
        panic!("{heard:?}");
    };
    assert!(hello.contains("7KQ2"), "{hello}");
    assert!(stopped.contains("cancelled"), "{stopped}");
}

#[test]
fn a_server_that_cannot_prove_itself_hears_nothing() {
    let (right, wrong) = (Authority::new(), Authority::new());
    let file = authority_file("only", &right);
    let then = now();
    let day = 86_400;
    let cases = [
        (
            "another authority",
            wrong.certify_server(false, then - 3_600),
            Some(&file),
        ),
        (
            "another host",
            right.certify_server(true, then - 3_600),
            Some(&file),
        ),
        (
            "over",
            right.certify_server(false, then - 400 * day),
            Some(&file),
        ),
        (
            "not yet",
            right.certify_server(false, then + day),
            Some(&file),
        ),
        (
            "the public authorities alone",
            right.certify_server(false, then - 3_600),
            None,
        ),
    ];
    for (what, certificate, ca) in cases {
        let (told, _, heard) = ask(Server::start(certificate), ca);
        assert!(
            told.contains("could not prove to be the one"),
            "{what}: {told}"
        );
        assert_eq!(heard, Vec::<String>::new(), "{what}");
    }
}
