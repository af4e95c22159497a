//! `sigill-vcard serve`: cards in the places of readers, put in and taken out by lines on standard input.

use std::io::BufRead as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use vcard::reader::{Event, Place};
use vcard::torn::{Moment, Tear};
use vcard::{card_file, vpcd};

/// The most places: far more than any vpcd has.
const MOST_PLACES: u16 = 16;

const COMMANDS: &str = "\
insert PLACE FILE.vcard [tear N [late]] | remove PLACE | list | quit";

/// Puts cards into readers. They stay until this program is stopped or told otherwise; all that changes on them is stored in their
/// files first. Whoever reaches a reader's port can put a card in, and vpcd listens on every address: for test machines only.
///
/// Lines on standard input: "insert PLACE FILE [tear N [late]]", "remove PLACE", "list", "quit"; places count from 1. Each is
/// answered on standard output by a line that begins with "ok" or "error". When the input ends, the cards stay in.
#[derive(Args)]
pub struct Serve {
    /// The cards, into the first places
    #[arg(value_name = "FILE.vcard")]
    files: Vec<PathBuf>,
    /// Where vpcd listens for its first place; the others are at the ports after it
    #[arg(long, default_value_t = vpcd::PORT)]
    port: u16,
    /// How many places there are
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_PLACES)), value_name = "N")]
    places: u16,
    /// The machine whose readers they are
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Cuts the power of each of these cards after N commands; the next never reaches it, and it is out
    #[arg(long, value_name = "N")]
    tear_after: Option<u64>,
    /// With --tear-after: the next command is carried out, and its answer lost
    #[arg(long, requires = "tear_after")]
    tear_late: bool,
}

/// A place and whose file is in it.
struct Holder {
    place: Place,
    file: Option<PathBuf>,
}

pub fn run(line: &Serve) -> anyhow::Result<()> {
    let mut holders = Vec::new();
    for number in 0..line.places {
        let port = line
            .port
            .checked_add(number)
            .context("there is no port so high: --port and --places do not go together")?;
        let (host, name) = (line.host.clone(), number + 1);
        let place = Place::open(&line.host, port, move |event| {
            super::say(&match event {
                Event::Inside => format!("place {name}: in the reader"),
                Event::NoReader(error) => {
                    format!("place {name}: no reader at {host}:{port} yet: {error}")
                }
                Event::ReaderGone(None) => format!("place {name}: the reader is gone"),
                Event::ReaderGone(Some(error)) => {
                    format!("place {name}: the reader is gone: {error}")
                }
                Event::Torn => format!("place {name}: torn out"),
            });
        })
        .context("starting a reader")?;
        holders.push(Holder { place, file: None });
    }
    ensure!(
        line.files.len() <= holders.len(),
        "{} cards do not fit into {} places: see --places",
        line.files.len(),
        holders.len()
    );
    let tear = line.tear_after.map(|after| Tear {
        after,
        moment: if line.tear_late {
            Moment::AfterCommand
        } else {
            Moment::BeforeCommand
        },
    });
    for (index, file) in line.files.iter().enumerate() {
        insert(&mut holders, index, file, tear)?;
    }
    for command in std::io::stdin().lock().lines() {
        // What is no text is no command either.
        let words = command.unwrap_or_default();
        let words: Vec<&str> = words.split_whitespace().collect();
        match obey(&mut holders, &words) {
            Ok(Some(said)) => super::answer(&format!("ok{said}")),
            Ok(None) => return Ok(()),
            Err(error) => super::answer(&format!("error: {error:#}")),
        }
    }
    loop {
        std::thread::park();
    }
}

/// Carries out one line; nothing when it says to stop.
fn obey(holders: &mut [Holder], words: &[&str]) -> anyhow::Result<Option<String>> {
    match *words {
        ["insert", place, file, ref more @ ..] => {
            let tear = match *more {
                [] => None,
                ["tear", after] => Some((after, Moment::BeforeCommand)),
                ["tear", after, "late"] => Some((after, Moment::AfterCommand)),
                _ => bail!("this is no way to insert a card: {COMMANDS}"),
            };
            let tear = match tear {
                None => None,
                Some((after, moment)) => Some(Tear {
                    after: after.parse().context("N must be a number of commands")?,
                    moment,
                }),
            };
            insert(holders, index(place)?, Path::new(file), tear)?;
            Ok(Some(String::new()))
        }
        ["remove", place] => {
            let holder = holders
                .get_mut(index(place)?)
                .with_context(|| format!("there is no place {place}"))?;
            holder
                .place
                .remove()
                .with_context(|| format!("place {place}"))?;
            holder.file = None;
            Ok(Some(String::new()))
        }
        ["list"] => {
            let shown = holders.iter().enumerate().map(|(index, holder)| {
                let file = holder.file.as_ref().filter(|_| holder.place.is_occupied());
                let file = file.map_or("empty".into(), |file| file.display().to_string());
                format!(" {}: {file};", index + 1)
            });
            Ok(Some(shown.collect()))
        }
        ["quit"] => Ok(None),
        _ => bail!("not understood: {COMMANDS}"),
    }
}

fn index(place: &str) -> anyhow::Result<usize> {
    place
        .parse()
        .ok()
        .and_then(|number: usize| number.checked_sub(1))
        .with_context(|| format!("{place} is no place: they count from 1"))
}

fn insert(
    holders: &mut [Holder],
    index: usize,
    file: &Path,
    tear: Option<Tear>,
) -> anyhow::Result<()> {
    // By its real name, so that one card is not in two places: they would overwrite each other.
    let real = file
        .canonicalize()
        .with_context(|| format!("looking for {}", file.display()))?;
    let elsewhere = holders
        .iter()
        .position(|holder| holder.place.is_occupied() && holder.file.as_ref() == Some(&real));
    if let Some(elsewhere) = elsewhere {
        bail!("{} is in place {} already", file.display(), elsewhere + 1);
    }
    let holder = holders
        .get_mut(index)
        .with_context(|| format!("there is no place {}", index + 1))?;
    let card = card_file::open(&real, super::entropy)
        .with_context(|| format!("opening {}", file.display()))?;
    holder
        .place
        .insert(card, tear)
        .with_context(|| format!("place {}", index + 1))?;
    holder.file = Some(real);
    Ok(())
}
