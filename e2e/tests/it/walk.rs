//! `sigill demo --walk --artifacts DIR`: one walk for each kind of card keys, and what it says of itself. What others say of it is below.

mod judged;
mod log;
mod openssl;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::program;

/// The artifacts' folder, and what was printed.
pub struct Walk {
    folder: PathBuf,
    printed: String,
    /// Whether the cards' keys are RSA; else P-256.
    pub rsa: bool,
}

impl Walk {
    /// Walks with the usual cards, the first time.
    pub fn taken() -> anyhow::Result<&'static Self> {
        static WALK: OnceLock<Result<Walk, String>> = OnceLock::new();
        match WALK.get_or_init(|| Self::take("p256").map_err(|error| format!("{error:#}"))) {
            Ok(walk) => Ok(walk),
            Err(error) => anyhow::bail!("{error}"),
        }
    }

    /// Walks with cards whose keys are RSA of 2048 bits, the first time.
    pub fn taken_with_rsa() -> anyhow::Result<&'static Self> {
        static WALK: OnceLock<Result<Walk, String>> = OnceLock::new();
        match WALK.get_or_init(|| Self::take("rsa2048").map_err(|error| format!("{error:#}"))) {
            Ok(walk) => Ok(walk),
            Err(error) => anyhow::bail!("{error}"),
        }
    }

    /// Both.
    fn all() -> anyhow::Result<[&'static Self; 2]> {
        Ok([Self::taken()?, Self::taken_with_rsa()?])
    }

    fn take(card_key: &str) -> anyhow::Result<Self> {
        let folder = program::scratch(&format!("walk-{card_key}"))?;
        let mut command = Command::new(program::sigill()?);
        command.args(["demo", "--walk", "--card-key", card_key, "--artifacts"]);
        let printed = program::run(command.arg(&folder))?;
        Ok(Self {
            folder,
            printed: String::from_utf8(printed).context("reading what the walk printed")?,
            rsa: card_key.starts_with("rsa"),
        })
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    fn read(&self, file: &str) -> anyhow::Result<Vec<u8>> {
        fs::read(self.path(file)).with_context(|| format!("reading {file}"))
    }

    fn text(&self, file: &str) -> anyhow::Result<String> {
        String::from_utf8(self.read(file)?).with_context(|| format!("reading {file}"))
    }

    /// The files of a folder with this ending, by path within the artifacts, sorted.
    pub fn files(&self, folder: &str, ending: &str) -> anyhow::Result<Vec<String>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.path(folder))
            .with_context(|| format!("reading the folder {folder}"))?
        {
            let name = entry?
                .file_name()
                .into_string()
                .ok()
                .context("a file name is not text")?;
            if name.ends_with(ending) {
                files.push(format!("{folder}/{name}"));
            }
        }
        ensure!(!files.is_empty(), "no {ending} in {folder}");
        files.sort();
        Ok(files)
    }

    fn steps(&self) -> anyhow::Result<Vec<Value>> {
        Ok(serde_json::from_str(&self.text("walk.json")?)?)
    }

    /// The number of the card that the walk is about, and the code its holder chose.
    pub fn card(&self) -> anyhow::Result<(String, String)> {
        let steps = self.steps()?;
        let told = |name: &str| {
            steps
                .iter()
                .find_map(|step| step.get(name)?.as_str().map(str::to_owned))
        };
        Ok((
            told("card_number").context("no card number in walk.json")?,
            told("pin").context("no code in walk.json")?,
        ))
    }
}

#[test]
fn every_step_is_told_and_holds() -> anyhow::Result<()> {
    for walk in Walk::all()? {
        told(walk)?;
    }
    Ok(())
}

fn told(walk: &Walk) -> anyhow::Result<()> {
    let steps = walk.steps()?;
    assert!(steps.len() > 15, "{} steps", steps.len());
    for step in &steps {
        let name = step
            .get("name")
            .and_then(Value::as_str)
            .context("a step without a name")?;
        assert_eq!(
            step.get("outcome").and_then(Value::as_str),
            Some("ok"),
            "{name}"
        );
        assert!(
            step.get("milliseconds").is_some_and(Value::is_u64),
            "{name} has no time"
        );
        assert!(
            walk.printed.lines().any(|line| line.contains(name)),
            "{name} was not printed"
        );
    }
    let (number, pin) = walk.card()?;
    assert!(
        number.len() == 19 && number.bytes().all(|byte| byte.is_ascii_digit()),
        "{number}"
    );
    assert!(
        (6..=8).contains(&pin.len()) && pin.bytes().all(|byte| byte.is_ascii_digit()),
        "{pin}"
    );
    assert!(walk.path(&format!("cards/{number}.vcard")).exists());
    assert!(!walk.printed.contains(&pin), "the code was printed");
    assert!(
        !walk
            .text("audit/log.jsonl")?
            .contains(&format!("\"{pin}\"")),
        "the code is in the log"
    );
    Ok(())
}

#[test]
fn cards_with_p384_keys_go_the_same_way() -> anyhow::Result<()> {
    let walk = Walk::take("p384")?;
    told(&walk)?;
    let (number, _) = walk.card()?;
    let receipt = walk.text(&format!("receipts/{number}.jws"))?;
    let (header, _) = receipt.split_once('.').context("no header")?;
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header)?)?;
    assert_eq!(header.get("alg").and_then(Value::as_str), Some("ES384"));
    Ok(())
}

/// ISO/IEC 7810 ID-1 upright, 53.98 x 85.60 mm, at 300 dots an inch.
#[test]
fn card_faces_are_drawn_for_print() -> anyhow::Result<()> {
    let walk = Walk::taken()?;
    let (number, _) = walk.card()?;
    for side in ["front", "back"] {
        let png = walk.read(&format!("cards/{number}-{side}.png"))?;
        let body = png.strip_prefix(b"\x89PNG\r\n\x1a\n").context("not PNG")?;
        let header = chunk(body, b"IHDR")?;
        assert_eq!((number_at(header, 0)?, number_at(header, 4)?), (638, 1011));
        let density = chunk(body, b"pHYs")?;
        // 300 dots an inch are 11811 a metre (PNG 11.3.4.3).
        assert_eq!(
            (
                number_at(density, 0)?,
                number_at(density, 4)?,
                density.get(8)
            ),
            (11811, 11811, Some(&1))
        );
    }
    Ok(())
}

/// The data of a PNG's first chunk of a kind: length, kind, data, checksum, one after the other.
fn chunk<'a>(mut rest: &'a [u8], kind: &[u8; 4]) -> anyhow::Result<&'a [u8]> {
    loop {
        let length = usize::try_from(number_at(rest, 0)?)?;
        let data = rest.get(8..8 + length).context("a chunk is cut short")?;
        if rest.get(4..8).is_some_and(|name| name == kind) {
            return Ok(data);
        }
        rest = rest.get(12 + length..).context("a chunk is missing")?;
    }
}

fn number_at(bytes: &[u8], at: usize) -> anyhow::Result<u32> {
    let four = bytes
        .get(at..)
        .and_then(|bytes| bytes.first_chunk::<4>())
        .context("cut short")?;
    Ok(u32::from_be_bytes(*four))
}
