//! A card whose memory is a file.

use std::fs;
use std::path::PathBuf;

use piv::{Host, PinProblem};
use vcard::Card;
use vcard::card_file::{self, CardFileProblem};

use crate::fixture::{card, entropy, pin, transport_pin};

/// A folder that goes away, with a card's file in it.
struct Drawer(PathBuf);

impl Drawer {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("card-file-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let drawer = Self(folder);
        fs::write(drawer.file(), card().to_json().unwrap().as_bytes()).unwrap();
        drawer
    }

    fn file(&self) -> PathBuf {
        self.0.join("a.vcard")
    }

    fn card(&self) -> Card {
        card_file::open(&self.file(), entropy(3)).unwrap()
    }
}

impl Drop for Drawer {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn every_change_is_in_the_file_at_once() {
    let drawer = Drawer::new("change");
    let mut first = drawer.card();
    assert!(Host::new(&mut first).verify_pin(&pin("000000")).is_err());
    // The first card is not dropped: what counts is what is on the disk.
    let mut second = drawer.card();
    assert_eq!(Host::new(&mut second).pin_tries_left(), Ok(Some(2)));
    let names: Vec<_> = fs::read_dir(&drawer.0)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["a.vcard"], "something was left beside the card");
    drop(first);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let drawer = Drawer::new("mode");
    let _ = Host::new(&mut drawer.card()).verify_pin(&pin("000000"));
    let mode = fs::metadata(drawer.file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_change_that_cannot_be_stored_is_not_made() {
    let drawer = Drawer::new("full");
    let mut card = drawer.card();
    let before = fs::read(drawer.file()).unwrap();
    // Where the new content would be written stands a folder.
    fs::create_dir(drawer.0.join("a.vcard.new")).unwrap();
    assert!(matches!(
        Host::new(&mut card).verify_pin(&transport_pin()),
        Err(PinProblem::Card(_))
    ));
    assert_eq!(fs::read(drawer.file()).unwrap(), before);
}

#[test]
fn a_file_without_a_card_is_refused_by_name() {
    let drawer = Drawer::new("none");
    let open = || card_file::open(&drawer.file(), entropy(3)).map(|_| ());
    fs::write(drawer.file(), "{}").unwrap();
    assert!(matches!(open(), Err(CardFileProblem::Card(_))));
    fs::remove_file(drawer.file()).unwrap();
    assert!(matches!(open(), Err(CardFileProblem::Read(_))));
}
