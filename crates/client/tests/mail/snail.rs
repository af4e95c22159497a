//! Messages by s-nail, a mail program with S/MIME of its own, in the mbox it writes.

use std::fs;
use std::process::Command;

use piv::Algorithm;

use crate::foreign;
use crate::world::World;

#[test]
fn a_mail_program_encrypts_and_signs() {
    // s-nail makes PKCS#7, which knows RSA alone.
    let mut world = World::with(&[(0x9D, Algorithm::Rsa2048, 1), (0x92, Algorithm::Rsa2048, 2)]);
    let (Some(snail), Some(openssl)) = (
        foreign::program("SIGILL_TEST_SNAIL"),
        crate::openssl::OpenSsl::find(&world),
    ) else {
        return;
    };
    openssl.signer(&["-newkey", "rsa:2048"]);
    let home = world.folder.0.clone();
    let pair = [
        fs::read(home.join("signer.pem")).unwrap(),
        fs::read(home.join("signer.key")).unwrap(),
    ]
    .concat();
    fs::write(home.join("pair.pem"), pair).unwrap();
    let octets: Vec<u8> = (0..=255).cycle().take(3_000).collect();
    fs::write(home.join("bild.bin"), &octets).unwrap();
    fs::write(home.join("text"), "Hej Åsa,\n\nFrom me to you.\n").unwrap();
    let mailbox = world.folder.mailbox().join("inbox");
    for (slot, cipher, signs) in [
        (0x9D, "aes256", false),
        (0x9D, "aes128", true),
        (0x9D, "des3", false),
        (0x92, "aes256", true),
        (0x92, "aes128", false),
    ] {
        let mut command = Command::new(&snail);
        command
            .env_clear()
            .env("HOME", &home)
            .env("LC_ALL", "C.UTF-8")
            .env("PATH", "/usr/bin:/bin")
            .current_dir(&home);
        command.args(["-:/", "-S", "v15-compat", "-S", "from=signe@example.se"]);
        command.arg("-S").arg(format!(
            "smime-encrypt-a@example.se={}",
            world.pem(slot).display()
        ));
        command
            .arg("-S")
            .arg(format!("smime-cipher-a@example.se={cipher}"));
        command
            .arg("-S")
            .arg(format!("mta=test://{}", mailbox.display()));
        if signs {
            command.args([
                "-S",
                "smime-sign",
                "-S",
                "smime-sign-cert=pair.pem",
                "-S",
                "smime-sign-digest=sha256",
            ]);
        }
        command.args([
            "-s",
            &format!("Svar åäö {slot:02x} {cipher}"),
            "-a",
            "bild.bin",
            "a@example.se",
        ]);
        foreign::run(&mut command, &home.join("text"));
    }
    let tally = world.save().unwrap();
    assert_eq!((tally.saved, world.not_opened()), (5, vec![]));
    for (subject, folder) in world.saved() {
        assert!(subject.starts_with("Svar åäö"), "{subject}");
        assert_eq!(
            fs::read(folder.join("attachments/bild.bin")).unwrap(),
            octets
        );
        let text = fs::read_to_string(folder.join("text.txt")).unwrap();
        assert_eq!(text.trim_end(), "Hej Åsa,\r\n\r\nFrom me to you.");
    }
    let page = fs::read_to_string(world.folder.out().join("index.html")).unwrap();
    assert_eq!(page.matches("Oförändrat sedan det skrevs under").count(), 2);
}
