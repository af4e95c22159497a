//! Messages that were made to do harm.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use client::mail::LARGEST;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::openssl::OpenSsl;
use crate::world::{World, entropy, save_with, snapshot};

#[test]
fn names_that_would_lead_out_stay_in() {
    let mut world = World::quick();
    let Some(openssl) = OpenSsl::find(&world) else {
        return;
    };
    let to = world.pem(0x9D);
    let mut content = String::from("Content-Type: multipart/mixed; boundary=B\r\n\r\n");
    let names = [
        "../../../x",
        "..\\..\\x",
        "/etc/passwd",
        "C:\\Windows\\x.dll",
        "CON.txt",
        "x",
        "X",
        "..",
        "",
        "a\u{202E}gpj.exe",
        "nul",
        "message.eml",
        "%2e%2e%2fx",
    ];
    let long = "l".repeat(2_000);
    for name in names.into_iter().chain([long.as_str()]) {
        content.push_str(&format!(
            "--B\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"{}\"\r\n\r\ninnehåll\r\n",
            name.replace('\\', "\\\\")
        ));
    }
    content.push_str("--B--\r\n");
    let subject = "../../../../tmp/x: <script>alert(1)</script>";
    world.message(
        "1.eml",
        openssl.encrypt(subject, content.as_bytes(), &["-binary", "-aes256"], &[&to]),
    );
    let before = beside(&world);
    assert_eq!(world.save().unwrap().saved, 1);
    let messages = world.folder.out().join("messages");
    let folders: Vec<_> = fs::read_dir(&messages)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(folders.len(), 1);
    let attachments: Vec<_> = fs::read_dir(folders[0].join("attachments"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .collect();
    assert_eq!(
        attachments.len(),
        names.len() + 1,
        "each has a file of its own"
    );
    for attachment in attachments {
        let name = attachment.file_name().into_string().unwrap();
        assert!(
            name.len() <= 120 && !name.contains(['\\', '\u{202E}', ':']),
            "{name}"
        );
        assert_eq!(
            fs::read_to_string(attachment.path()).unwrap().trim_end(),
            "innehåll"
        );
    }
    assert_eq!(beside(&world), before, "something was written elsewhere");
    let page = fs::read_to_string(world.folder.out().join("index.html")).unwrap();
    assert!(
        page.contains("&#60;script&#62;") && !page.contains("<script"),
        "{page}"
    );
}

/// What lies around the folder that is written to, and in the places those names would lead to.
fn beside(world: &World) -> Vec<String> {
    let mut names = Vec::new();
    for folder in [world.folder.0.clone(), world.folder.mailbox()] {
        for entry in fs::read_dir(folder).unwrap() {
            names.push(entry.unwrap().file_name().into_string().unwrap());
        }
    }
    names.retain(|name| name != "out");
    names.sort();
    names
}

#[test]
fn a_text_in_html_fetches_and_runs_nothing() {
    let mut world = World::quick();
    let Some(openssl) = OpenSsl::find(&world) else {
        return;
    };
    let to = world.pem(0x9D);
    let content = b"Content-Type: text/html; charset=utf-8\r\n\r\n<img src=https://spy.example/1.gif><script>x()</script>\r\n";
    world.message(
        "1.eml",
        openssl.encrypt("html", content, &["-binary", "-aes256"], &[&to]),
    );
    world.save().unwrap();
    let html = fs::read_to_string(world.saved()["html"].join("text.html")).unwrap();
    let guard = html.find("default-src 'none'").unwrap();
    assert!(guard < html.find("spy.example").unwrap());
}

#[test]
fn nesting_without_end_is_listed() {
    let mut world = World::quick();
    let Some(openssl) = OpenSsl::find(&world) else {
        return;
    };
    let to = world.pem(0x9D);
    let nested = |header: &str, times: usize| format!("Subject: nested\n{}", header.repeat(times));
    world.message("1.eml", nested("Content-Type: message/rfc822\n\n", 100_000));
    world.message(
        "2.eml",
        nested(
            "Content-Type: multipart/mixed; boundary=a\n\n--a\n",
            100_000,
        ),
    );
    world.message(
        "3.eml",
        nested("Content-Type: multipart/signed; boundary=a\n\n--a\n", 1_500),
    );
    world.message("4.eml", nested("Content-Type: message/rfc822\n\n", 150));
    // Encrypted in encrypted, more often than anybody does.
    let mut onion = b"innermost\n".to_vec();
    for _ in 0..16 {
        onion = openssl.encrypt("onion", &onion, &["-binary", "-aes256"], &[&to]);
    }
    world.message("5.eml", onion);
    // A few octets that stand for many elements.
    let bomb = [&[0x30, 0x80][..], &[0x24, 0x80].repeat(3_000_000)].concat();
    world.message("6.eml", crate::openssl::wrapped("bomb", &bomb));
    world.message("7.eml", vec![b'A'; 1_000_000]);
    world.message("8.eml", b"\n".repeat(1_000_000));
    world.message(
        "9.eml",
        b"Content-Type: multipart/mixed; boundary=\"\"\n\n--\n--\n--\n".repeat(500),
    );
    let tally = world.save().unwrap();
    assert_eq!(tally.seen, 9);
    assert_eq!(tally.saved, 1, "the onion, as far as it was peeled");
    let listed = world.not_opened();
    for place in ["1.eml", "2.eml", "6.eml"] {
        let reason = &listed.iter().find(|(_, at)| at == place).unwrap().0;
        assert_eq!(reason, "too-many-parts", "{place}");
    }
}

/// The message of the mutations: by OpenSSL if it is there, else one that only looks like it.
fn example(world: &World) -> Vec<u8> {
    match OpenSsl::find(world) {
        Some(openssl) => {
            openssl.signer(&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
            let content = openssl.sign(&crate::openssl::multipart(b"x"), &[]);
            openssl.encrypt("x", &content, &["-aes256"], &[&world.pem(0x9D)])
        }
        None => crate::openssl::wrapped("x", &[0x30, 0x80, 0x06, 0x01, 0x00]).into_bytes(),
    }
}

#[test]
fn random_and_mutated_messages_do_no_harm() {
    let mut world = World::quick();
    let mut random = entropy(4711);
    let example = example(&world);
    let mut mbox = Vec::new();
    let mut number = |most: usize| {
        let mut bytes = [0; 4];
        random(&mut bytes);
        usize::try_from(u32::from_be_bytes(bytes)).unwrap() % most
    };
    for round in 0..400 {
        let mut message = if round % 4 == 0 {
            (0..number(3_000))
                .map(|_| u8::try_from(number(256)).unwrap())
                .collect()
        } else {
            example.clone()
        };
        for _ in 0..number(12) {
            if let Some(last) = message.len().checked_sub(1) {
                let place = number(last + 1);
                match number(3) {
                    0 => message[place] = u8::try_from(number(256)).unwrap(),
                    1 => message.truncate(place),
                    _ => {
                        let piece = example[number(example.len())..].to_vec();
                        message.splice(place..place, piece.into_iter().take(200));
                    }
                }
            }
        }
        if round % 2 == 0 {
            world.message(&format!("{round:03}.eml"), &message);
        } else {
            mbox.extend_from_slice(b"From x Mon Nov  2 08:00:00 2026\n");
            mbox.extend_from_slice(&message);
            mbox.extend_from_slice(b"\n\n");
        }
    }
    world.message("mbox", mbox);
    let before = snapshot(&world.folder.mailbox());
    let tally = world.save().unwrap();
    assert!(tally.seen >= 400, "{tally:?}");
    assert_eq!(
        tally.seen,
        tally.saved + tally.not_opened + tally.not_encrypted
    );
    assert_eq!(snapshot(&world.folder.mailbox()), before);
    assert_only_ours(&world.folder.out());
}

/// Nothing lies in the folder but what the program writes there.
fn assert_only_ours(out: &Path) {
    for entry in fs::read_dir(out).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let ours = [
            "could-not-open.txt",
            "index.en.html",
            "index.html",
            "messages",
            "sigill-mail-state.jsonl",
        ];
        assert!(ours.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn any_octets_make_a_mailbox() {
    let mut world = World::quick();
    let mut runner = TestRunner::new(Config {
        cases: 64,
        failure_persistence: None,
        ..Config::default()
    });
    let folder = world.folder.mailbox();
    let octets = proptest::collection::vec(
        prop_oneof![
            Just(b"\nFrom x 08:00\n".to_vec()),
            Just(b"\n\n".to_vec()),
            Just(b"Content-Type: multipart/signed; boundary=\"b\"\n".to_vec()),
            Just(b"Content-Type: application/pkcs7-mime\n".to_vec()),
            Just(b"Content-Transfer-Encoding: base64\n".to_vec()),
            Just(b"--b\n".to_vec()),
            Just(b"--b--".to_vec()),
            Just(b"Content-Type: message/rfc822\n".to_vec()),
            proptest::collection::vec(any::<u8>(), 0..40),
        ],
        0..40,
    );
    let options = world.options();
    let card = RefCell::new(&mut world.card);
    runner
        .run(&octets, |pieces| {
            let _ = fs::remove_dir_all(&options.out);
            let mbox = [b"From a\n".to_vec(), pieces.concat()].concat();
            fs::write(folder.join("mbox"), mbox).unwrap();
            let tally = save_with(&options, &mut **card.borrow_mut()).unwrap();
            prop_assert!(tally.seen >= 1);
            Ok(())
        })
        .unwrap();
    assert_eq!(options.largest, LARGEST);
}
