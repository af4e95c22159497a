//! TLS with a card: OpenSSL's server asks for a certificate; curl and OpenSSL's client answer with the card through OpenSSL's engine
//! for PKCS#11, Chromium through NSS, and somebody types the code. The server trusts our root and the authority for people.

mod browser;

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::ensure;

use super::CardReader;
use crate::program::{self, Background};
use crate::walk::Walk;

/// What those see who are let in.
const PAGE: &str = "<!doctype html><title>Let in by card</title>";

/// A server at `localhost`, whose certificate is `server.pem`.
struct Server {
    port: u16,
    certificate: PathBuf,
    _process: Background,
}

impl Server {
    fn start(reader: &CardReader, openssl: &Path) -> anyhow::Result<Self> {
        let folder = reader.folder();
        let mut command = Command::new(openssl);
        command.current_dir(folder).args(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
             -addext subjectAltName=DNS:localhost -keyout server.key -out server.pem"
                .split(' '),
        );
        program::run(&mut command)?;
        fs::write(folder.join("page.html"), PAGE)?;
        let port = program::free_pair()?;
        let mut command = Command::new(openssl);
        command
            .current_dir(folder)
            .args(
                "s_server -WWW -cert server.pem -key server.key -Verify 3 -verify_return_error"
                    .split(' '),
            )
            .arg("-CAfile")
            .arg(reader.authorities()?)
            .args(["-accept", &format!("127.0.0.1:{port}")]);
        let process = Background::start(&mut command, &folder.join("server.log"))?;
        program::wait_for("OpenSSL's server", || {
            Ok(TcpStream::connect(("127.0.0.1", port)).is_ok())
        })?;
        Ok(Self {
            port,
            certificate: folder.join("server.pem"),
            _process: process,
        })
    }
}

#[test]
fn a_card_opens_a_server_to_curl_and_openssl() -> anyhow::Result<()> {
    let openssl = program::foreign("SIGILL_TEST_OPENSSL")?;
    let engine = program::foreign("SIGILL_TEST_ENGINE")?;
    let (Some(openssl), Some(_)) = (openssl, engine) else {
        return Ok(());
    };
    for walk in [Walk::taken()?, Walk::taken_with_rsa()?] {
        let Some(reader) = CardReader::with_card_of(walk)? else {
            return Ok(());
        };
        let server = Server::start(&reader, &openssl)?;
        let key = |code: &str| format!("pkcs11:id=%01;type=private;pin-value={code}");
        let curl = |card: Option<&str>| {
            let mut command = reader.tool("curl");
            command.args(["--silent", "--show-error", "--cacert"]);
            command.arg(&server.certificate);
            if let Some(code) = card {
                command.args("--engine pkcs11 --cert-type ENG --key-type ENG".split(' '));
                command.args(["--cert", "pkcs11:id=%01;type=cert", "--key", &key(code)]);
            }
            let address = format!("https://localhost:{}/page.html", server.port);
            program::ask(command.arg(address))
        };
        let without = curl(None)?;
        ensure!(!without.said.contains(PAGE), "let in without a card");
        let with = curl(Some(&reader.code))?;
        ensure!(with.content && with.said.contains(PAGE), "{}", with.said);

        let mut command = reader.tool(&openssl.display().to_string());
        command
            .arg("s_client")
            .args(["-connect", &format!("localhost:{}", server.port)])
            .arg("-CAfile")
            .arg(&server.certificate)
            .arg("-cert")
            .arg(reader.certificate("login"))
            .args(["-engine", "pkcs11", "-keyform", "engine"])
            .args(["-key", &key(&reader.code), "-ign_eof"]);
        // The page comes only when the server took the certificate, which in TLS 1.3 it says after the handshake.
        let answer = program::ask_with(&mut command, b"GET /page.html HTTP/1.0\r\n\r\n")?;
        ensure!(answer.said.contains(PAGE), "{}", answer.said);
    }
    Ok(())
}
