//! Signed in encrypted, encrypted in signed, parts of lists, forwarded messages, mbox and Maildir.

use std::fs;

use crate::openssl::{OpenSsl, multipart};
use crate::world::World;

fn page(world: &World) -> String {
    fs::read_to_string(world.folder.out().join("index.en.html")).unwrap()
}

#[test]
fn signatures_inside_and_outside_are_told_and_never_refused() {
    for key in [
        ["-newkey", "rsa:2048", "-sha256"].as_slice(),
        &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
    ] {
        let mut world = World::quick();
        let Some(openssl) = OpenSsl::find(&world) else {
            return;
        };
        openssl.signer(key);
        let to = world.pem(0x9D);
        let content = multipart(b"innehav");
        let clear = openssl.sign(&content, &[]);
        let opaque = openssl.sign(&content, &["-nodetach"]);
        let without = openssl.sign(&content, &["-nocerts"]);
        let encrypt =
            |subject: &str, content: &[u8]| openssl.encrypt(subject, content, &["-aes256"], &[&to]);
        let sign = |content: &[u8], options: &[&str]| {
            let message = openssl.sign(content, options);
            [
                "Subject: ".as_bytes(),
                options.last().unwrap_or(&"-clear").as_bytes(),
                b" outside\r\n",
                &message,
            ]
            .concat()
        };
        world.message("1.eml", encrypt("clear inside", &clear));
        world.message("2.eml", encrypt("opaque inside", &opaque));
        let sealed = encrypt("sealed", &content);
        world.message("3.eml", sign(&sealed, &["-md", "sha512"]));
        world.message("4.eml", sign(&sealed, &["-nodetach"]));
        world.message("5.eml", encrypt("nobody", &without));
        let text = String::from_utf8(clear.clone()).unwrap();
        world.message(
            "6.eml",
            encrypt("changed", text.replace("Hej", "Nej").as_bytes()),
        );
        world.message(
            "7.eml",
            encrypt(
                "thrice",
                &openssl.sign(&encrypt("in", &clear), &["-nodetach"]),
            ),
        );
        // As it is kept where lines end in LF alone.
        let mut unix = sign(&sealed, &["-md", "sha384"]);
        unix.retain(|octet| *octet != b'\r');
        world.message("8.eml", unix);
        let tally = world.save().unwrap();
        assert_eq!((tally.saved, world.not_opened()), (8, vec![]));
        let saved = world.saved();
        for folder in saved.values() {
            let attachment = fs::read(folder.join("attachments/röntgen.dcm")).unwrap();
            assert_eq!(attachment, b"innehav", "{}", folder.display());
            let text = fs::read_to_string(folder.join("text.txt")).unwrap();
            assert!(text.starts_with(if folder.ends_with("00006 changed") {
                "Nej"
            } else {
                "Hej"
            }));
        }
        // The signature is still there to be checked by others, octet for octet.
        let kept = fs::read(saved["clear inside"].join("message.eml")).unwrap();
        let canonical = String::from_utf8(kept).unwrap().replace("\r\n", "\n");
        assert!(
            canonical.contains(
                &text
                    .replace("\r\n", "\n")
                    .trim_start_matches("MIME-Version: 1.0\n")
                    .to_owned()
            )
        );
        // What was encrypted in something signed stands there opened.
        let kept = fs::read_to_string(saved["nodetach outside"].join("message.eml")).unwrap();
        assert!(
            kept.contains("Hej Åsa") && !kept.contains("pkcs7-mime"),
            "{kept}"
        );
        let page = page(&world);
        let signer = "Signer as the certificate says: Signe Signer &#60;signe@example.se&#62;.";
        assert_eq!(
            page.matches("Unchanged since it was signed").count(),
            7,
            "{page}"
        );
        assert_eq!(page.matches("the message was changed").count(), 1);
        assert_eq!(page.matches("certificate is not with it").count(), 1);
        assert_eq!(page.matches(signer).count(), 8);
    }
}

#[test]
fn one_part_of_many_and_forwarded_messages() {
    let mut world = World::quick();
    let Some(openssl) = OpenSsl::find(&world) else {
        return;
    };
    let to = world.pem(0x9D);
    let content = multipart(b"innehav");
    let sealed =
        String::from_utf8(openssl.encrypt("inner", &content, &["-aes256"], &[&to])).unwrap();
    let (_, part) = sealed.split_once("MIME-Version: 1.0\n").unwrap();
    let list = format!(
        "Subject: list\nContent-Type: multipart/mixed; boundary=L\n\n--L\n{part}\n--L\nContent-Type: text/plain\n\nUnsubscribe: https://x\n--L--\n"
    );
    world.message("1.eml", &list);
    let forwarded = format!(
        "Subject: forwarded\nContent-Type: multipart/mixed; boundary=F\n\n--F\nContent-Type: text/plain\n\nSe nedan\n--F\n\
         Content-Type: message/rfc822\n\n{sealed}\n--F--\n"
    );
    world.message("2.eml", forwarded);
    world.message("3.eml", list.replace("Subject: list", "Subject: half").replace("--L--", "--L\nContent-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\nMIAB\n--L--"));
    let tally = world.save().unwrap();
    assert_eq!((tally.saved, world.not_opened()), (3, vec![]));
    let saved = world.saved();
    let list = fs::read_to_string(saved["list"].join("message.eml")).unwrap();
    assert!(
        list.contains("Hej Åsa") && list.contains("Unsubscribe") && !list.contains("pkcs7"),
        "{list}"
    );
    assert_eq!(
        fs::read(saved["list"].join("attachments/röntgen.dcm")).unwrap(),
        b"innehav"
    );
    let forwarded = fs::read_to_string(saved["forwarded"].join("message.eml")).unwrap();
    assert!(
        forwarded.contains("Se nedan") && forwarded.contains("Hej Åsa"),
        "{forwarded}"
    );
    let inner = fs::read(saved["forwarded"].join("attachments/message.eml")).unwrap();
    assert!(
        inner
            .strip_suffix(b"\n")
            .unwrap_or(&inner)
            .ends_with(content.strip_suffix(b"\n").unwrap())
            || inner.ends_with(&content)
    );
    assert!(page(&world).contains("A part is still closed: The message does not open"));
}

#[test]
fn mbox_and_maildir() {
    let mut world = World::quick();
    let Some(openssl) = OpenSsl::find(&world) else {
        return;
    };
    let to = world.pem(0x9D);
    let mut mbox = Vec::new();
    for number in 0..20 {
        mbox.extend_from_slice(b"From b@example.se Mon Nov  2 08:00:00 2026\n");
        let subject = format!("brev {number}");
        mbox.extend(openssl.encrypt(
            &subject,
            format!("text {number}\n").as_bytes(),
            &["-aes256"],
            &[&to],
        ));
        mbox.push(b'\n');
    }
    world.message("inbox", mbox);
    let maildir = world.folder.mailbox().join("Maildir");
    for folder in ["cur", "new", "tmp", ".Arkiv/cur", ".Arkiv/new"] {
        fs::create_dir_all(maildir.join(folder)).unwrap();
        let message = openssl.encrypt(folder, b"x\n", &["-aes256"], &[&to]);
        fs::write(maildir.join(folder).join("1.host:2,S"), message).unwrap();
    }
    world.message("not mail.txt", b"x");
    let tally = world.save().unwrap();
    assert_eq!((tally.seen, tally.saved), (24, 24));
    let saved = world.saved();
    let text = fs::read_to_string(saved["brev 17"].join("text.txt")).unwrap();
    assert_eq!(text.trim_end(), "text 17");
    assert!(!saved.contains_key("tmp") && saved.contains_key("cur"));
}

#[test]
fn a_signed_file_in_an_encrypted_message_is_an_attachment() {
    let mut world = World::quick();
    let Some(openssl) = OpenSsl::find(&world) else {
        return;
    };
    openssl.signer(&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let to = world.pem(0x9D);
    let file = b"%PDF-1.7\n\x00\x01\x02\xFF";
    let signed = openssl.sign(file, &["-nodetach", "-binary", "-outform", "DER"]);
    let part = crate::openssl::wrapped("x", &signed)
        .replace("Subject: x\r\n", "")
        .replace(
            "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m",
            "application/octet-stream; name=avtal.pdf.p7m",
        );
    let content = format!(
        "Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nSe bilaga\r\n--B\r\n{part}\r\n--B--\r\n"
    );
    world.message(
        "1.eml",
        openssl.encrypt("avtal", content.as_bytes(), &["-binary", "-aes256"], &[&to]),
    );
    assert_eq!(world.save().unwrap().saved, 1);
    let folder = &world.saved()["avtal"];
    assert_eq!(
        fs::read(folder.join("attachments/content.bin")).unwrap(),
        file
    );
    assert_eq!(
        fs::read_to_string(folder.join("text.txt"))
            .unwrap()
            .trim_end(),
        "Se bilaga"
    );
    assert!(page(&world).contains("Unchanged since it was signed"));
}
