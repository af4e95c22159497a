//! A running demo, asked over HTTP as relying parties ask: OpenSSL, GnuTLS and NSS fetch OCSP answers, lists and issuers from where
//! its certificates say.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::demo::Demo;
use crate::program;

/// What a demo leaves: its authorities and the certificate of somebody's card.
struct Left {
    folder: PathBuf,
    root: PathBuf,
    issuer: PathBuf,
    login: PathBuf,
}

impl Left {
    fn by(folder: &Path) -> anyhow::Result<Self> {
        let artifacts = folder.join("artifacts");
        let certificates = artifacts.join("certificates");
        let mut logins: Vec<PathBuf> = fs::read_dir(&certificates)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.to_string_lossy().ends_with("-login.pem"))
            .collect();
        logins.sort();
        Ok(Self {
            folder: folder.to_owned(),
            root: artifacts.join("ca/0-root-ca-v1.pem"),
            issuer: artifacts.join("ca/1-person-3-ca-v1.pem"),
            login: logins.into_iter().next().context("no card")?,
        })
    }
}

/// Starts a demo, lets somebody ask it, and stops it; what was asked is asked once more then.
fn with_demo(
    name: &str,
    asked: impl FnOnce(&Demo, &Left) -> anyhow::Result<()>,
    after: impl FnOnce(&Left) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let folder = program::scratch(name)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let demo = runtime.block_on(Demo::start(&folder))?;
    let left = Left::by(&folder)?;
    asked(&demo, &left)?;
    runtime.block_on(demo.stop(&folder))?;
    after(&left)
}

/// The body of an answer to GET that is well.
fn get(address: &str, path: &str) -> anyhow::Result<(String, Vec<u8>)> {
    let host = address.strip_prefix("http://").context("not HTTP")?;
    let mut stream = TcpStream::connect(host)?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .context("no end of the headers")?;
    let body = answer.split_off(end + 4);
    let head = String::from_utf8(answer)?.to_lowercase();
    ensure!(head.starts_with("http/1.1 200 "), "{head}");
    Ok((head, body))
}

#[test]
fn openssl_asks_and_fetches() -> anyhow::Result<()> {
    let Some(openssl) = program::foreign("SIGILL_TEST_OPENSSL")? else {
        return Ok(());
    };
    let with_openssl = |demo: &Demo, left: &Left| {
        let command = |arguments: &[&str]| {
            let mut command = Command::new(&openssl);
            command.args(arguments).arg("-CAfile").arg(&left.root);
            command
        };
        let ocsp = |arguments: &[&str]| {
            let mut command = command(&["ocsp"]);
            command.arg("-verify_other").arg(&left.issuer);
            command
                .arg("-issuer")
                .arg(&left.issuer)
                .arg("-cert")
                .arg(&left.login);
            program::ask(command.args(arguments))
        };
        let sound = |said: &str| {
            said.contains("Response verify OK")
                && !said.contains("WARNING")
                && said.contains(&format!("{}: good", left.login.display()))
        };

        // POST, with a nonce that must come back, and a number that nobody has, in one request.
        let address = format!("{}/ocsp", demo.portals);
        let both = ["-serial", "0x1234", "-url", &address];
        let answer = ocsp(&both)?;
        ensure!(
            sound(&answer.said) && answer.said.contains("0x1234: unknown"),
            "{}",
            answer.said
        );

        // GET (RFC 6960 A.1; RFC 5019 5): the request in Base64, escaped.
        let request = left.folder.join("request.der");
        let path = request.to_string_lossy().into_owned();
        ocsp(&["-no_nonce", "-reqout", &path])?;
        let request = STANDARD.encode(fs::read(&request)?);
        let request: String = url::form_urlencoded::byte_serialize(request.as_bytes()).collect();
        let (head, body) = get(&demo.portals, &format!("/ocsp/{request}"))?;
        ensure!(
            head.contains("content-type: application/ocsp-response")
                && head.contains("cache-control:")
                && head.contains("max-age="),
            "{head}"
        );
        let response = left.folder.join("response.der");
        fs::write(&response, &body)?;
        let path = response.to_string_lossy().into_owned();
        let answer = ocsp(&["-no_nonce", "-respin", &path])?;
        ensure!(sound(&answer.said), "{}", answer.said);

        // The list, from where the certificate says; without leave to fetch it there is none.
        for (download, good) in [(Some("-crl_download"), true), (None, false)] {
            let mut command = command(&["verify", "-x509_strict", "-crl_check"]);
            command.arg("-untrusted").arg(&left.issuer).args(download);
            let answer = program::ask(command.arg(&left.login))?;
            ensure!(answer.content == good, "{download:?}: {}", answer.said);
        }
        Ok(())
    };
    with_demo("online-openssl", with_openssl, |_| Ok(()))
}

#[test]
fn gnutls_asks() -> anyhow::Result<()> {
    let Some(programs) = program::foreign("SIGILL_TEST_GNUTLS")? else {
        return Ok(());
    };
    // Where to ask stands in the certificate.
    let ask = |left: &Left| {
        let mut command = Command::new(programs.join("ocsptool"));
        command.args(["--ask", "--nonce", "--load-cert"]);
        command.arg(&left.login);
        command.arg("--load-issuer").arg(&left.issuer);
        program::ask(command.arg("--load-trust").arg(&left.issuer))
    };
    let with_gnutls = |_: &Demo, left: &Left| {
        let answer = ask(left)?;
        ensure!(
            answer.content
                && answer.said.contains("Certificate Status: good")
                && answer.said.contains("Verifying OCSP Response: Success."),
            "{}",
            answer.said
        );
        Ok(())
    };
    with_demo("online-gnutls", with_gnutls, |left| {
        let answer = ask(left)?;
        ensure!(!answer.content, "good without a server: {}", answer.said);
        Ok(())
    })
}

#[test]
fn nss_asks_and_fetches() -> anyhow::Result<()> {
    let Some(programs) = program::foreign("SIGILL_TEST_NSS")? else {
        return Ok(());
    };
    let store = |left: &Left| format!("sql:{}", left.folder.join("nss").display());
    // The issuer is not in the store: NSS fetches it from where the certificate says. No OCSP answer is as bad as a wrong one.
    let verify = |left: &Left| {
        let mut command = Command::new(programs.join("vfychain"));
        command.args(["-d", &store(left), "-pp", "-f", "-u", "0"]);
        command.args(["-g", "leaf", "-h", "requireFreshInfo"]);
        command.args(["-m", "ocsp", "-s", "failIfNoInfo", "-a"]);
        program::ask(command.arg(&left.login))
    };
    let with_nss = |_: &Demo, left: &Left| {
        fs::create_dir_all(left.folder.join("nss"))?;
        let certutil = |arguments: &[&str]| {
            let mut command = Command::new(programs.join("certutil"));
            command.args(["-d", &store(left)]).args(arguments);
            command
        };
        program::run(&mut certutil(&["-N", "--empty-password"]))?;
        let mut command = certutil(&["-A", "-a", "-n", "root", "-t", "CT,C,C", "-i"]);
        program::run(command.arg(&left.root))?;
        let answer = verify(left)?;
        ensure!(
            answer.content && answer.said.contains("Chain is good!"),
            "{}",
            answer.said
        );
        Ok(())
    };
    with_demo("online-nss", with_nss, |left| {
        let answer = verify(left)?;
        ensure!(!answer.content, "good without a server: {}", answer.said);
        Ok(())
    })
}
