//! The program `sigill-vcard`, from outside: it makes cards and takes commands. The readers are this test's.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use piv::Host;
use vcard::{Card, Profile, card_file};

use crate::fixture::{NUMBER, entropy};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sigill-vcard");
const TRIES: &[u8] = &[0, 0x20, 0, 0x80];

struct Drawer(PathBuf);

impl Drawer {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("program-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn make(&self, name: &str, more: &[&str]) -> Output {
        Command::new(PROGRAM)
            .arg("new")
            .arg(self.path(name))
            .args(more)
            .output()
            .unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn card(&self, name: &str) -> Card {
        card_file::open(&self.path(name), entropy(1)).unwrap()
    }
}

impl Drop for Drawer {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn new_cards_are_what_was_asked_for() {
    let drawer = Drawer::new("new");
    assert!(drawer.make("plain", &[]).status.success());
    let yubikey = [
        "--profile",
        "yubikey",
        "--number",
        NUMBER,
        "--pin",
        "471108",
        "--pin-tries",
        "5",
        "--management-cipher",
        "aes128",
        "--management-key",
        "000102030405060708090a0b0c0d0e0f",
        "--expires",
        "20310131",
    ];
    assert!(drawer.make("yubikey", &yubikey).status.success());
    let mut plain = drawer.card("plain");
    assert_eq!(plain.profile(), Profile::Plain);
    let invented = Host::new(&mut plain).card_number().unwrap().unwrap();
    assert!(invented.starts_with("97522099") && invented.len() == 19);
    let mut yubikey = drawer.card("yubikey");
    assert_eq!(yubikey.profile(), Profile::Yubikey);
    let mut host = Host::new(&mut yubikey);
    assert_eq!(host.card_number().unwrap().unwrap(), NUMBER);
    assert_eq!(host.pin_tries_left(), Ok(Some(5)));
    let version = host.version().unwrap().unwrap();
    assert_eq!((version.major, version.minor, version.patch), (5, 4, 3));
    let chuid = host.chuid().unwrap().unwrap();
    assert_eq!(chuid.expires_on.digits(), "20310131");
}

#[test]
fn what_cannot_be_is_said_and_leaves_no_file() {
    let drawer = Drawer::new("refused");
    for (wrong, name) in [
        (&["--pin", "12"][..], "--pin"),
        (&["--management-key", "00"], "--management-key"),
        (&["--number", "123456789012"], "--number"),
        (&["--expires", "20310229"], "--expires"),
        (&["--resettable"], "--resettable"),
    ] {
        let output = drawer.make("card", wrong);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(name), "{said}");
    }
    assert_eq!(fs::read_dir(&drawer.0).unwrap().count(), 0);
    assert!(drawer.make("card", &[]).status.success());
    let before = fs::read(drawer.path("card")).unwrap();
    assert!(!drawer.make("card", &[]).status.success(), "written over");
    assert_eq!(fs::read(drawer.path("card")).unwrap(), before);
}

/// The program with two readers.
struct Served {
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
    readers: [TcpListener; 2],
}

impl Served {
    fn start(more: &[&str], files: &[&Path]) -> Self {
        let (port, readers) = two_readers();
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--port", &port.to_string()])
            .args(more)
            .args(files)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            commands: child.stdin.take().unwrap(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            child,
            readers,
        }
    }

    fn say(&mut self, command: &str) -> String {
        writeln!(self.commands, "{command}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        answer.trim_end().to_owned()
    }

    fn contact(&self, place: usize) -> TcpStream {
        self.readers.get(place).unwrap().accept().unwrap().0
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Two listeners at ports one after the other, as vpcd has them.
fn two_readers() -> (u16, [TcpListener; 2]) {
    let mut tried = 0;
    loop {
        tried += 1;
        assert!(tried < 100, "no two free ports in a row");
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = first.local_addr().unwrap().port();
        if let Some(next) = port.checked_add(1)
            && let Ok(second) = TcpListener::bind((Ipv4Addr::LOCALHOST, next))
        {
            return (port, [first, second]);
        }
    }
}

fn ask(contact: &mut TcpStream, command: &[u8]) -> Vec<u8> {
    let length = u16::try_from(command.len()).unwrap();
    contact
        .write_all(&[&length.to_be_bytes()[..], command].concat())
        .unwrap();
    let mut length = [0; 2];
    contact.read_exact(&mut length).unwrap();
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    contact.read_exact(&mut answer).unwrap();
    answer
}

#[test]
fn cards_are_put_in_and_taken_out_by_lines() {
    let drawer = Drawer::new("serve");
    for (name, tries) in [("one", "3"), ("two", "7")] {
        let output = drawer.make(name, &["--pin-tries", tries]);
        assert!(output.status.success());
    }
    let (one, two) = (drawer.path("one"), drawer.path("two"));
    let mut served = Served::start(&[], &[&one, &two]);
    assert_eq!(ask(&mut served.contact(0), TRIES), [0x63, 0xC3]);
    assert_eq!(ask(&mut served.contact(1), TRIES), [0x63, 0xC7]);
    assert_eq!(served.say("remove 1"), "ok");
    assert!(served.say("list").starts_with("ok 1: empty; 2: /"));
    let taken = served.say(&format!("insert 1 {}", two.display()));
    assert!(taken.contains("in place 2 already"), "{taken}");
    assert_eq!(served.say("remove 2"), "ok");
    assert_eq!(served.say(&format!("insert 1 {}", two.display())), "ok");
    // The first place's reader hears the second card.
    let mut contact = served.contact(0);
    assert_eq!(ask(&mut contact, TRIES), [0x63, 0xC7]);
    for wrong in [
        "remove 2",
        "remove 0",
        "remove 3",
        "insert 2",
        "insert 2 /nowhere",
        "insert 2 x tear y",
        "",
        "what",
    ] {
        let answer = served.say(wrong);
        assert!(answer.starts_with("error: "), "{wrong:?}: {answer}");
    }
    writeln!(served.commands, "quit").unwrap();
    assert!(served.child.wait().unwrap().success());
}

#[test]
fn the_power_is_cut_after_so_many_commands() {
    let wrong_pin = b"\x00\x20\x00\x80\x08000000\xFF\xFF";
    for (late, left) in [(&[][..], 2), (&["--tear-late"], 1)] {
        let drawer = Drawer::new(&format!("tear-{left}"));
        assert!(drawer.make("card", &[]).status.success());
        let mut options = vec!["--tear-after", "1"];
        options.extend(late);
        let mut served = Served::start(&options, &[&drawer.path("card")]);
        let mut contact = served.contact(0);
        assert_eq!(ask(&mut contact, wrong_pin), [0x63, 0xC2]);
        contact.write_all(&[0, 13]).unwrap();
        contact.write_all(wrong_pin).unwrap();
        assert!(contact.read_exact(&mut [0]).is_err(), "it still answers");
        // Once it is out another may come; the file is read anew.
        let insert = format!("insert 1 {} tear 5", drawer.path("card").display());
        while served.say(&insert) != "ok" {}
        assert_eq!(ask(&mut served.contact(0), TRIES), [0x63, 0xC0 + left]);
    }
}
