//! Messages by `openssl cms`: every kind of recipient, cipher and encoding, opened octet for octet; and what does not open.

use std::fs;

use crate::openssl::{OpenSsl, multipart, wrapped};
use crate::world::{World, save_with, snapshot};

/// Name, slot of the certificate, arguments.
const VARIANTS: [(&str, u8, &[&str]); 22] = [
    ("rsa aes128 cbc", 0x9D, &["-aes-128-cbc"]),
    ("rsa aes192 cbc", 0x9D, &["-aes-192-cbc"]),
    ("rsa aes256 cbc", 0x9D, &["-aes-256-cbc"]),
    ("rsa triple des", 0x9D, &["-des3"]),
    ("rsa aes128 gcm", 0x9D, &["-aes-128-gcm"]),
    ("rsa aes192 gcm", 0x9D, &["-aes-192-gcm"]),
    ("rsa aes256 gcm", 0x9D, &["-aes-256-gcm"]),
    ("rsa by key identifier", 0x9D, &["-aes-256-cbc", "-keyid"]),
    ("rsa streamed", 0x9D, &["-aes-256-cbc", "-stream"]),
    ("oaep sha1", 0x9D, &["-aes-256-cbc", "OAEP"]),
    (
        "oaep sha256",
        0x9D,
        &["-aes-256-gcm", "OAEP", "rsa_oaep_md:sha256"],
    ),
    (
        "oaep sha256 mgf sha1",
        0x9D,
        &[
            "-aes-256-cbc",
            "OAEP",
            "rsa_oaep_md:sha256",
            "rsa_mgf1_md:sha1",
        ],
    ),
    ("p256 default", 0x82, &["-aes-128-cbc"]),
    (
        "p256 sha256",
        0x82,
        &["-aes-256-cbc", "ECDH", "ecdh_kdf_md:sha256"],
    ),
    (
        "p256 sha384",
        0x82,
        &["-aes-256-gcm", "ECDH", "ecdh_kdf_md:sha384"],
    ),
    ("p256 by key identifier", 0x82, &["-aes-256-cbc", "-keyid"]),
    (
        "p256 cofactor",
        0x82,
        &["-aes-128-gcm", "ECDH", "ecdh_cofactor_mode:1"],
    ),
    ("p384 default", 0x83, &["-aes-256-cbc"]),
    (
        "p384 sha384",
        0x83,
        &["-aes-256-gcm", "ECDH", "ecdh_kdf_md:sha384"],
    ),
    (
        "p384 sha256 streamed",
        0x83,
        &["-aes-128-cbc", "-stream", "ECDH", "ecdh_kdf_md:sha256"],
    ),
    ("last retired", 0x95, &["-aes-256-gcm"]),
    (
        "last retired sha256",
        0x95,
        &["-aes-128-gcm", "ECDH", "ecdh_kdf_md:sha256"],
    ),
];

#[test]
fn every_variant_opens_octet_for_octet() {
    let mut world = World::new();
    let Some(openssl) = OpenSsl::find(&world) else {
        return;
    };
    let octets: Vec<u8> = (0..=255).cycle().take(20_000).collect();
    let content = multipart(&octets);
    for (name, slot, options) in VARIANTS {
        let to = world.pem(slot);
        let mut options = options.to_vec();
        options.insert(0, "-binary");
        world.message(
            &format!("{name}.eml"),
            openssl.encrypt(name, &content, &options, &[&to]),
        );
    }
    let before = snapshot(&world.folder.mailbox());
    let tally = world.save().unwrap();
    assert_eq!(world.not_opened(), []);
    assert_eq!((tally.seen, tally.saved), (22, 22));
    assert_eq!(
        snapshot(&world.folder.mailbox()),
        before,
        "the mailbox was touched"
    );
    let saved = world.saved();
    for (name, ..) in VARIANTS {
        let folder = &saved[name];
        let message = fs::read(folder.join("message.eml")).unwrap();
        assert!(message.ends_with(&content), "{name}");
        assert!(message.starts_with(b"To: a@example.se"), "{name}");
        assert_eq!(
            fs::read(folder.join("attachments/röntgen.dcm")).unwrap(),
            octets,
            "{name}"
        );
        assert_eq!(
            fs::read(folder.join("attachments/värden.csv")).unwrap(),
            b"v\xE4rde;1",
            "{name}"
        );
        let text = fs::read_to_string(folder.join("text.txt")).unwrap();
        assert_eq!(text.trim_end(), "Hej Åsa", "{name}");
    }
    for page in ["index.html", "index.en.html"] {
        let page = fs::read_to_string(world.folder.out().join(page)).unwrap();
        assert!(page.contains("attachments/r%C3%B6ntgen.dcm\"><bdi>röntgen.dcm</bdi>"));
        assert!(!page.contains("<script"));
    }
}

#[test]
fn bare_text_and_many_recipients() {
    let mut world = World::new();
    let Some(openssl) = OpenSsl::find(&world) else {
        return;
    };
    openssl.signer(&["-newkey", "rsa:2048"]);
    let other = openssl.folder.join("signer.pem");
    let [rsa, elliptic] = [0x9D, 0x83].map(|slot| world.pem(slot));
    let message = openssl.encrypt(
        "Alla",
        b"bara text\n",
        &["-binary", "-aes256"],
        &[&other, &elliptic, &rsa],
    );
    world.message("1.eml", message);
    assert_eq!(world.save().unwrap().saved, 1);
    let folder = &world.saved()["Alla"];
    assert_eq!(fs::read(folder.join("text.txt")).unwrap(), b"bara text\n");
    assert!(
        fs::read(folder.join("message.eml"))
            .unwrap()
            .ends_with(b"\n\nbara text\n")
    );
}

#[test]
fn what_does_not_open_is_listed_with_its_reason() {
    let mut world = World::new();
    let Some(openssl) = OpenSsl::find(&world) else {
        return;
    };
    openssl.signer(&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let other = openssl.folder.join("signer.pem");
    let mine = world.pem(0x9D);
    let elliptic = world.pem(0x82);
    let content = multipart(b"x");
    world.message("1 plain.eml", "Subject: plain\r\n\r\nhej\r\n");
    world.message(
        "2 other.eml",
        openssl.encrypt("other", &content, &["-aes256"], &[&other]),
    );
    world.message(
        "3 camellia.eml",
        openssl.encrypt("camellia", &content, &["-camellia256"], &[&mine]),
    );
    let whole = openssl.encrypt("cut", &content, &["-aes256"], &[&mine]);
    world.message("4 cut.eml", &whole[..whole.len() / 2]);
    // An octet of the ciphertext changed: with GCM that is always seen.
    let sealed = openssl.encrypt(
        "changed",
        &content,
        &["-aes-256-gcm", "-outform", "DER"],
        &[&elliptic],
    );
    let mut changed = sealed.clone();
    let last = changed.len() - 40;
    changed[last] ^= 1;
    world.message("5 changed.eml", wrapped("changed", &changed));
    world.message("6 junk.eml", wrapped("junk", &[0x30, 0x80, 1, 2, 3]));
    let big = openssl.encrypt("big", &vec![b'x'; 300_000], &["-aes256"], &[&mine]);
    world.message("7 big.eml", big);
    let mut options = world.options();
    options.largest = 200_000;
    let tally = save_with(&options, &mut world.card).unwrap();
    assert_eq!(
        (
            tally.seen,
            tally.saved,
            tally.not_opened,
            tally.not_encrypted
        ),
        (7, 0, 6, 1)
    );
    let listed: Vec<(String, String)> = [
        ("not-encrypted", "1 plain.eml"),
        ("other-recipient", "2 other.eml"),
        ("unknown-algorithm", "3 camellia.eml"),
        ("damaged", "4 cut.eml"),
        ("damaged", "5 changed.eml"),
        ("damaged", "6 junk.eml"),
        ("too-big", "7 big.eml"),
    ]
    .map(|(reason, place)| (reason.to_owned(), place.to_owned()))
    .to_vec();
    assert_eq!(world.not_opened(), listed);
}

#[test]
fn a_message_for_another_rsa_key_under_this_name_is_just_damaged() {
    let mut world = World::new();
    let Some(openssl) = OpenSsl::find(&world) else {
        return;
    };
    let mine = world.pem(0x9D);
    let sealed = openssl.encrypt(
        "x",
        &multipart(b"x"),
        &["-aes-256-cbc", "-outform", "DER"],
        &[&mine],
    );
    // These octets are in the middle of the encrypted key, 256 octets that begin before the hundredth; any of them spoils the padding.
    for back in 0..8 {
        let mut spoilt = sealed.clone();
        spoilt[200 - back] ^= 0x40;
        world.message(&format!("{back}.eml"), wrapped("spoilt", &spoilt));
    }
    let tally = world.save().unwrap();
    assert_eq!(tally.not_opened, 8);
    assert!(
        world
            .not_opened()
            .iter()
            .all(|(reason, _)| reason == "damaged")
    );
}
