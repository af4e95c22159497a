//! A wire recorder: a line to a server that keeps every byte that goes over it, in both directions; and the search in what it
//! heard for secrets, in every form in which one could be written down.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

/// Secrets shorter than this are found by chance.
const SHORTEST: usize = 4;

/// The line. It stays open until the test ends.
pub struct Recorder {
    /// Where to connect instead of to the server, without a path.
    pub address: String,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Recorder {
    /// A line to a server on this machine; `to` is host and port.
    pub fn to(to: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = format!("http://{}", listener.local_addr()?);
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (to, kept) = (to.to_owned(), Arc::clone(&heard));
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = TcpStream::connect(&to) else {
                    continue;
                };
                let (Ok(near_again), Ok(far_again)) = (near.try_clone(), far.try_clone()) else {
                    continue;
                };
                for (from, to) in [(near, far), (far_again, near_again)] {
                    let kept = Arc::clone(&kept);
                    thread::spawn(move || carry(from, to, &kept));
                }
            }
        });
        Ok(Self { address, heard })
    }

    /// All that was said so far.
    pub fn heard(&self) -> Vec<u8> {
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Carries bytes one way until either end closes, and keeps them before they go on.
fn carry(mut from: TcpStream, mut to: TcpStream, kept: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let part = buffer.get(..length).unwrap_or_default();
        kept.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(part);
        if to.write_all(part).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

/// The forms of a secret that stand in what was heard, as it is or inside any text of it that is base64 or hexadecimal.
pub fn found(heard: &[u8], secret: &[u8]) -> BTreeSet<&'static str> {
    let forms = forms(secret);
    let layers = layers(heard);
    forms
        .into_iter()
        .filter(|(_, form)| form.len() >= SHORTEST)
        .filter(|(_, form)| {
            layers
                .iter()
                .any(|layer| layer.windows(form.len()).any(|window| window == form))
        })
        .map(|(name, _)| name)
        .collect()
}

/// A secret as it is, padded with FF to eight bytes as a card takes it, packed two digits to a byte, and each of these in hexadecimal
/// and in base64 wherever it stands in what was encoded.
fn forms(secret: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut padded = secret.to_vec();
    if padded.len() < 8 {
        padded.resize(8, 0xFF);
    }
    let mut plain = vec![("raw", secret.to_vec()), ("padded", padded)];
    if secret.iter().all(u8::is_ascii_digit) {
        let mut packed: Vec<u8> = secret
            .chunks(2)
            .map(|pair| {
                pair.iter()
                    .fold(0, |byte, digit| byte << 4 | (digit - b'0'))
            })
            .collect();
        packed.resize(packed.len().max(SHORTEST), 0xFF);
        plain.push(("packed", packed));
    }
    let mut forms = Vec::new();
    for (name, bytes) in plain {
        let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        forms.push(("hexadecimal", hexadecimal.to_uppercase().into_bytes()));
        forms.push(("hexadecimal", hexadecimal.into_bytes()));
        for (before, start) in [(0, 0), (1, 2), (2, 3)] {
            let mut shifted = vec![0; before];
            shifted.extend_from_slice(&bytes);
            let whole = shifted.len() / 3 * 4;
            let text = STANDARD_NO_PAD.encode(&shifted);
            // What stands beside it changes the rest.
            let own = text.as_bytes().get(start..whole).unwrap_or_default();
            if own.len() > 6 {
                forms.push(("base64", own.to_vec()));
            }
        }
        forms.push((name, bytes));
    }
    forms
}

/// What was heard, and everything between quotation marks in it that is base64 or hexadecimal, decoded.
fn layers(heard: &[u8]) -> Vec<Vec<u8>> {
    let mut layers = vec![heard.to_vec()];
    for text in heard.split(|byte| *byte == b'"') {
        layers.extend(STANDARD.decode(text).ok().filter(|bytes| !bytes.is_empty()));
        let is_hexadecimal = text.len() % 2 == 0 && text.iter().all(u8::is_ascii_hexdigit);
        if is_hexadecimal && let Ok(text) = str::from_utf8(text) {
            layers.push(
                (0..text.len())
                    .step_by(2)
                    .filter_map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
                    .collect(),
            );
        }
    }
    layers
}

#[test]
fn the_search_finds_what_it_looks_for() {
    let code = b"739184";
    for (said, form) in [
        (&b"code=739184&"[..], "raw"),
        (b"{\"a\":\"373339313834\"}", "hexadecimal"),
        (b"739184\xFF\xFF", "padded"),
        (b"\x73\x91\x84\xFF", "packed"),
    ] {
        assert!(found(said, code).contains(form), "{form}");
    }
    for before in ["", "x", "xy"] {
        let inner = STANDARD.encode([before.as_bytes(), code, b"\xFF\xFF"].concat());
        let said = format!("{{\"sealed\":\"{inner}\"}}");
        assert!(found(said.as_bytes(), code).contains("padded"), "{said}");
        assert!(found(said.as_bytes(), code).contains("base64"), "{said}");
    }
    assert!(found(b"{\"a\":\"739185\"}", code).is_empty());
}
