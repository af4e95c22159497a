//! A run that is cut off anywhere is taken up where it was; the mailbox and other people's folders stay as they are.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::ops::ControlFlow;

use client::mail::{NotSaved, save};
use vcard::torn::{Moment, TornTransport};
use wire::StopReason;

use crate::openssl::{OpenSsl, multipart};
use crate::world::{CODE, Holder, World, save_with, snapshot};

const MESSAGES: usize = 12;

/// A mailbox of so many messages, a few of them not to be opened.
fn world() -> Option<World> {
    let world = World::quick();
    let openssl = OpenSsl::find(&world)?;
    let to = world.pem(0x9D);
    for number in 0..MESSAGES {
        let subject = format!("brev {number}");
        let message = match number {
            3 => b"Subject: klartext\n\nx\n".to_vec(),
            _ => openssl.encrypt(
                &subject,
                &multipart(subject.as_bytes()),
                &["-aes256"],
                &[&to],
            ),
        };
        world.message(&format!("{number:02}.eml"), message);
    }
    Some(world)
}

fn state(world: &World) -> std::path::PathBuf {
    world.folder.out().join("sigill-mail-state.jsonl")
}

fn all_there(world: &World) {
    let saved = world.saved();
    assert_eq!(saved.len(), MESSAGES - 1, "{saved:?}");
    for (subject, folder) in saved {
        let attachment = fs::read(folder.join("attachments/röntgen.dcm")).unwrap();
        assert_eq!(attachment, subject.as_bytes());
        assert!(!folder.to_string_lossy().ends_with(".part"));
    }
    let lines = fs::read_to_string(state(world)).unwrap();
    assert_eq!(
        lines.lines().count(),
        MESSAGES,
        "a message was written down twice"
    );
    assert_eq!(
        world.not_opened(),
        [("not-encrypted".to_owned(), "03.eml".to_owned())]
    );
}

#[test]
fn stopped_after_any_message() {
    let Some(mut world) = world() else {
        return;
    };
    let before = snapshot(&world.folder.mailbox());
    let options = world.options();
    for stop_after in (1..=MESSAGES).rev() {
        let _ = fs::remove_dir_all(world.folder.out());
        let mut holder = Holder::default();
        let mut left = stop_after;
        let stopped = save(&options, &mut world.card, &mut holder, &mut |_| {
            left -= 1;
            if left == 0 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        assert!(matches!(stopped, Err(NotSaved::Stopped)));
        assert_eq!(holder.asked, 1, "the code was asked for more than once");
        assert!(
            world.folder.out().join("index.html").exists(),
            "what there is has its page"
        );
        let tally = world.save().unwrap();
        let counts = (
            tally.seen,
            tally.saved,
            tally.not_opened,
            tally.not_encrypted,
        );
        assert_eq!(counts, (12, 11, 0, 1));
        assert_eq!(tally.octets_read, tally.octets_in_all);
        all_there(&world);
    }
    // Nothing is left to do, so the code is not asked for.
    let mut holder = Holder::default();
    save(&options, &mut world.card, &mut holder, &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(holder.asked, 0);
    assert_eq!(
        snapshot(&world.folder.mailbox()),
        before,
        "the mailbox was touched"
    );
}

#[test]
fn the_card_torn_out_at_any_command() {
    let Some(mut world) = world() else {
        return;
    };
    let options = world.options();
    let whole = {
        let mut counting = TornTransport::whole(&mut world.card);
        save_with(&options, &mut counting).unwrap();
        counting.carried()
    };
    fs::remove_dir_all(world.folder.out()).unwrap();
    let mut torn = 0;
    for commands in (0..whole).step_by(5) {
        for moment in [Moment::BeforeCommand, Moment::AfterCommand] {
            let mut transport = TornTransport::new(&mut world.card, commands, moment);
            match save_with(&options, &mut transport) {
                Ok(_) => {}
                Err(NotSaved::Card { reason, .. }) => {
                    assert_eq!(reason, StopReason::CardRemoved);
                    torn += 1;
                }
                Err(other) => panic!("{other}"),
            }
            world.card.power_off();
        }
    }
    assert!(torn > 5, "{torn}");
    world.save().unwrap();
    all_there(&world);
}

#[test]
fn killed_between_two_writes() {
    let Some(mut world) = world() else {
        return;
    };
    world.save().unwrap();
    let messages = world.folder.out().join("messages");
    let saved = world.saved();
    // Killed after the line was written and before the folder had its name.
    let named = &saved["brev 7"];
    fs::rename(named, named.with_file_name("00007 brev 7.part")).unwrap();
    let name = named.file_name().unwrap().to_str().unwrap();
    assert_eq!(name, "00007 brev 7");
    // Killed with the last line half written, and its folder still unfinished.
    let text = fs::read_to_string(state(&world)).unwrap();
    fs::write(state(&world), &text[..text.len() - 30]).unwrap();
    let last = &saved["brev 11"];
    fs::rename(last, format!("{}.part", last.display())).unwrap();
    fs::write(messages.join("00011 brev 11.part/message.eml"), b"half").unwrap();
    world.save().unwrap();
    all_there(&world);
    // A line that is no line at all.
    OpenOptions::new()
        .append(true)
        .open(state(&world))
        .unwrap()
        .write_all(b"{\"digest\":")
        .unwrap();
    world.save().unwrap();
    all_there(&world);
}

#[test]
fn with_the_right_card_later_the_rest_is_opened() {
    let mut world = World::quick();
    let Some(openssl) = OpenSsl::find(&world) else {
        return;
    };
    let mut earlier = World::with(&[(0x82, piv::Algorithm::EccP384, 77)]);
    let to = [world.pem(0x9D), earlier.pem(0x82)];
    for (number, to) in to.iter().enumerate() {
        let message = openssl.encrypt("x", b"text\n", &["-aes256"], &[to]);
        world.message(&format!("{number}.eml"), message);
    }
    assert_eq!(world.save().unwrap().not_opened, 1);
    assert_eq!(
        world.not_opened(),
        [("other-recipient".to_owned(), "1.eml".to_owned())]
    );
    let tally = save_with(&world.options(), &mut earlier.card).unwrap();
    assert_eq!((tally.saved, tally.not_opened), (2, 0));
    assert_eq!(world.not_opened(), []);
}

#[test]
fn folders_that_are_not_written_to() {
    let mut world = World::quick();
    world.message("1.eml", "Subject: x\n\nx\n");
    let before = snapshot(&world.folder.0);
    let mut options = world.options();
    options.out = world.folder.mailbox().join("new/deep");
    assert!(matches!(
        save_with(&options, &mut world.card),
        Err(NotSaved::Overlap(_))
    ));
    options.out = world.folder.0.clone();
    assert!(matches!(
        save_with(&options, &mut world.card),
        Err(NotSaved::Overlap(_))
    ));
    assert_eq!(snapshot(&world.folder.0), before);
    fs::create_dir(world.folder.out()).unwrap();
    fs::write(world.folder.out().join("mine"), b"x").unwrap();
    assert!(matches!(world.save(), Err(NotSaved::NotEmpty(_))));
    fs::remove_file(world.folder.mailbox().join("1.eml")).unwrap();
    assert!(matches!(world.save(), Err(NotSaved::NoMail(_))));
    let mut empty = World::with(&[]);
    empty.message("1.eml", "Subject: x\n\nx\n");
    assert!(matches!(empty.save(), Err(NotSaved::NoKey)));
}

#[test]
fn two_runs_do_not_write_to_one_folder() {
    let mut world = World::quick();
    world.message("1.eml", "Subject: x\n\nx\n");
    let options = world.options();
    let mut other = World::quick();
    let mut refused = false;
    let mut progress = |_| {
        let second = save_with(&options, &mut other.card);
        refused = matches!(second, Err(NotSaved::Busy(_)));
        ControlFlow::Continue(())
    };
    save(
        &options,
        &mut world.card,
        &mut Holder::default(),
        &mut progress,
    )
    .unwrap();
    assert!(refused);
    save_with(&options, &mut world.card).unwrap();
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_what_was_saved_and_the_code_is_not_in_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let Some(mut world) = world() else {
        return;
    };
    world.save().unwrap();
    let mut waiting = vec![world.folder.out()];
    while let Some(place) = waiting.pop() {
        let metadata = fs::metadata(&place).unwrap();
        assert_eq!(
            metadata.permissions().mode() & 0o077,
            0,
            "{}",
            place.display()
        );
        if metadata.is_dir() {
            waiting.extend(
                fs::read_dir(&place)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else {
            let content = fs::read(&place).unwrap();
            assert!(!content.windows(CODE.len()).any(|octets| octets == CODE));
        }
    }
}
