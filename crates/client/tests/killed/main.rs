//! The process that saves mail is killed again and again: in the end each message is there once, and whole.
//!
//! A program without the usual harness, because it starts itself a second time as the process that is killed.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests: a failure is told by a panic"
)]

#[path = "../mail/foreign.rs"]
mod foreign;
#[expect(dead_code, reason = "the other tests use the rest")]
#[path = "../mail/openssl.rs"]
mod openssl;
#[expect(dead_code, reason = "the other tests use the rest")]
#[path = "../mail/world.rs"]
mod world;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};

use client::mail::{LARGEST, Language, Options, Tally, save};

use crate::openssl::{OpenSsl, multipart};
use crate::world::{Holder, QUICK, World, card, snapshot};

/// Asks for the process that saves; the folder comes after it.
const SAVER: &str = "--save-until-killed";
const MESSAGES: usize = 60;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [asked, folder] if asked == SAVER => saver(Path::new(folder)),
        _ => kill_and_look(),
    }
}

/// Saves, and tells each message on a line of its own. Ends when all is saved, when nobody listens, or by being killed.
fn saver(folder: &Path) {
    let options = Options {
        folder: folder.join("mailbox"),
        out: folder.join("out"),
        language: Language::English,
        largest: LARGEST,
        seed: [1; 32],
    };
    let (mut card, _) = card(&QUICK);
    let mut told = std::io::stdout();
    let mut progress =
        |tally: Tally| match writeln!(told, "{}", tally.seen).and_then(|()| told.flush()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        };
    save(&options, &mut card, &mut Holder::default(), &mut progress).unwrap();
}

fn kill_and_look() {
    let world = World::quick();
    let Some(openssl) = OpenSsl::find(&world) else {
        return;
    };
    let to = world.pem(0x9D);
    for number in 0..MESSAGES {
        let subject = format!("brev {number}");
        let content = multipart(subject.as_bytes());
        let message = openssl.encrypt(&subject, &content, &["-aes256"], &[&to]);
        world.message(&format!("{number:02}.eml"), message);
    }
    let before = snapshot(&world.folder.mailbox());
    let mut killed = 0;
    // Each process gets a little further than the one before, since what was saved is told at once.
    for more in (5..).step_by(5) {
        if run_until(&world.folder.0, more) {
            break;
        }
        killed += 1;
    }
    assert!(killed >= MESSAGES / 5 - 1, "killed {killed} times only");
    assert_eq!(
        snapshot(&world.folder.mailbox()),
        before,
        "the mailbox was touched"
    );
    let saved = world.saved();
    assert_eq!(saved.len(), MESSAGES, "{saved:?}");
    for (subject, folder) in saved {
        let attachment = fs::read(folder.join("attachments/röntgen.dcm")).unwrap();
        assert_eq!(attachment, subject.as_bytes(), "{}", folder.display());
    }
    let state = fs::read_to_string(world.folder.out().join("sigill-mail-state.jsonl")).unwrap();
    assert_eq!(state.lines().count(), MESSAGES, "a message was saved twice");
}

/// Starts the saver and kills it as it tells so many messages; true when it came to its end before.
fn run_until(folder: &Path, messages: usize) -> bool {
    let mut saver = Command::new(std::env::current_exe().unwrap())
        .arg(SAVER)
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(saver.stdout.take().unwrap()).lines();
    let told = lines.map_while(Result::ok).take(messages).count();
    if told == messages {
        // It is at the next message now, wherever in it.
        saver.kill().unwrap();
        saver.wait().unwrap();
        return false;
    }
    assert!(saver.wait().unwrap().success());
    true
}
