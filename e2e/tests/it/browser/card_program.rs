//! `sigill-card` at a station with two PC/SC readers: the officer's card in one, a visitor's new card in the other. The portals are in
//! a browser; what it shows is typed into the program, as where no link opens it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::{LIGHT_AND_DARK, Scene, portals};
use crate::card_reader::Readers;
use crate::program;
use crate::recorder::{Recorder, found};

pub const HOLDER: &str = "Maja Forsgren";
/// The code that the holder chooses at activation, and the one after.
const CODE: &str = "739184";
const NEXT_CODE: &str = "58294107";

/// The program at a station.
struct Station<'a> {
    readers: Readers,
    program: &'a Path,
    config: PathBuf,
    /// All that the program and the server say to each other.
    line: Recorder,
    /// What no message may hold: codes that were typed, and what the visitor's card had at any time, by what it is.
    secrets: RefCell<BTreeSet<(&'static str, Vec<u8>)>>,
    /// Card numbers.
    officer: String,
    visitor: String,
}

impl Station<'_> {
    /// Runs the program; somebody types these lines. Gives what it said, standard output first.
    fn try_run(&self, arguments: &[&str], types: &[&str]) -> anyhow::Result<program::Answer> {
        let program = self.program.to_str().context("a path is not text")?;
        let mut command: Command = self.readers.tool(program);
        command.arg("--config").arg(&self.config);
        command.args(["--language", "en"]).args(arguments);
        let mut typed = types.join("\n");
        typed.push('\n');
        self.keep_secrets()?;
        let answer = program::ask_with(&mut command, typed.as_bytes());
        self.keep_secrets()?;
        let mut secrets = self.secrets.borrow_mut();
        let codes = types.iter().filter(|typed| typed.len() >= 6);
        secrets.extend(codes.map(|code| ("a code", code.as_bytes().to_vec())));
        answer
    }

    /// Writes down the unlock code and the management key that the visitor's card has now.
    fn keep_secrets(&self) -> anyhow::Result<()> {
        let saved = fs::read(self.readers.folder().join("card-1.vcard"))?;
        let saved: Value = serde_json::from_slice(&saved)?;
        let mut secrets = self.secrets.borrow_mut();
        for (what, place) in [
            ("an unlock code", "/unlock_code/value"),
            ("a management key", "/management/key"),
        ] {
            let text = saved.pointer(place).and_then(Value::as_str);
            let text = text.with_context(|| format!("no {place} in the card's file"))?;
            let bytes = (0..text.len()).step_by(2).map(|at| {
                let digits = text.get(at..at + 2).context("half a byte")?;
                Ok(u8::from_str_radix(digits, 16)?)
            });
            secrets.insert((what, bytes.collect::<anyhow::Result<_>>()?));
        }
        Ok(())
    }

    /// Looks through all that was said for every secret there was.
    fn kept_its_secrets(&self) -> anyhow::Result<()> {
        let heard = self.line.heard();
        for part in ["code-chosen", "\"sealed\"", "new_unlock_code", "signature"] {
            let is_there = heard
                .windows(part.len())
                .any(|window| window == part.as_bytes());
            ensure!(is_there, "the recorder did not hear {part}");
        }
        let secrets = self.secrets.borrow();
        let of = |kind: &str| secrets.iter().filter(|(what, _)| *what == kind).count();
        // Two keys: the producer's and ours. Four unlock codes: the producer's, and one each of three acts.
        ensure!(
            of("a management key") == 2 && of("an unlock code") == 4 && of("a code") > 5,
            "{} secrets are too few",
            secrets.len()
        );
        for (what, secret) in secrets.iter() {
            let forms = found(&heard, secret);
            ensure!(forms.is_empty(), "{what} went over the wire: {forms:?}");
        }
        Ok(())
    }

    fn run(&self, arguments: &[&str], types: &[&str]) -> anyhow::Result<String> {
        let answer = self.try_run(arguments, types)?;
        ensure!(answer.content, "{arguments:?}: {}", answer.said);
        for code in [CODE, NEXT_CODE] {
            ensure!(
                !answer.said.contains(code),
                "a code was shown: {}",
                answer.said
            );
        }
        Ok(answer.said)
    }

    /// The same, where it must end with a no that says so.
    fn refused(&self, arguments: &[&str], types: &[&str], says: &str) -> anyhow::Result<()> {
        let answer = self.try_run(arguments, types)?;
        ensure!(
            !answer.content && answer.said.contains(says),
            "{arguments:?}: {}",
            answer.said
        );
        Ok(())
    }

    fn status(&self, number: &str) -> anyhow::Result<Value> {
        let said = self.run(&["status", "--json", "--card", number], &[])?;
        let told: Value = serde_json::from_str(&said).with_context(|| said.clone())?;
        told.pointer("/readers/0/card")
            .cloned()
            .with_context(|| format!("no card {number}: {said}"))
    }
}

/// The numbers of the cards that the demo left for others.
fn cards(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    fs::read_dir(folder.join("artifacts/cards"))?
        .map(|entry| {
            let name = entry?.file_name().to_string_lossy().into_owned();
            Ok(name.trim_end_matches(".vcard").to_owned())
        })
        .collect()
}

/// The code on a page that waits for a card.
pub async fn code_on_page(scene: &Scene) -> anyhow::Result<String> {
    Ok(scene.browser.text("[data-code]").await?.trim().to_owned())
}

#[tokio::test]
async fn a_card_in_a_real_reader_is_activated_and_used() -> anyhow::Result<()> {
    let Some(program) = program::sigill_card()? else {
        return Ok(());
    };
    if program::foreign("SIGILL_TEST_VPCD")?.is_none() {
        return Ok(());
    }
    let Some(scene) = Scene::open("card-program", "sv", LIGHT_AND_DARK).await? else {
        return Ok(());
    };
    let outcome = story(&scene, program).await;
    scene.close(outcome).await
}

/// A card that was ordered, produced and is to be activated by its holder, who has been known again.
pub struct NewCard {
    /// Its page at the station.
    pub page: String,
    /// The number of the officer's card.
    pub officer: String,
    /// Its own number.
    pub visitor: String,
}

impl NewCard {
    /// Has it ordered and produced; the officer is signed in afterwards.
    pub async fn made(scene: &Scene, holder: &str) -> anyhow::Result<Self> {
        let demo = &scene.demo;
        let portrait = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/portrait.jpg");
        let founders = cards(&scene.folder)?;
        portals::sign_in(scene, "order", &demo.orderer.name, &demo.orderer.code).await?;
        portals::order(scene, holder).await?;
        portals::sign_out(scene).await?;
        portals::sign_in(scene, "station", &demo.officer.name, &demo.officer.code).await?;
        let page = portals::photograph(scene, holder, &portrait).await?;
        portals::produce(scene, holder, &page).await?;
        portals::check_identity(scene, &page).await?;
        let all = cards(&scene.folder)?;
        let visitor = all.difference(&founders).next().context("no new card")?;
        let officer = founders.first().context("no founder")?;
        Ok(Self {
            page,
            officer: officer.clone(),
            visitor: visitor.clone(),
        })
    }
}

/// Where the demo keeps a card.
pub fn card_file(scene: &Scene, number: &str) -> PathBuf {
    scene.folder.join(format!("artifacts/cards/{number}.vcard"))
}

/// A configuration of the program for a server without TLS.
pub fn configure(scene: &Scene, address: &str) -> anyhow::Result<PathBuf> {
    let config = scene.folder.join("card.toml");
    let text = format!(
        "[[server]]\norganisation = \"Region Exempel\"\naddress = \"{address}\"\nplain_http = true\n"
    );
    fs::write(&config, text)?;
    Ok(config)
}

async fn story(scene: &Scene, program: &Path) -> anyhow::Result<()> {
    let demo = &scene.demo;
    let NewCard {
        page: card,
        officer,
        visitor,
    } = NewCard::made(scene, HOLDER).await?;
    let portals = demo.portals.strip_prefix("http://").context("not HTTP")?;
    let line = Recorder::to(portals)?;
    let config = configure(scene, &line.address)?;
    let Some(readers) = Readers::with(&[card_file(scene, &officer), card_file(scene, &visitor)])?
    else {
        return Ok(());
    };
    let station = Station {
        readers,
        program,
        config,
        line,
        secrets: RefCell::default(),
        officer,
        visitor,
    };
    activated(scene, &station, &card)
        .await
        .context("activating")?;
    looked_at(&station).context("looking at it")?;
    code_changed(&station).context("changing the code")?;
    logged_in(scene, &station).await.context("logging in")?;
    portals::sign_out(scene).await?;
    unlocked(scene, &station, &card)
        .await
        .context("unlocking")?;
    station.kept_its_secrets()
}

/// Wrong codes block the card; its holder, known again at the station, chooses another.
async fn unlocked(scene: &Scene, station: &Station<'_>, card: &str) -> anyhow::Result<()> {
    let change = ["change-pin", "--card", &station.visitor];
    let wrong = ["111999", "222888", "n"];
    station.refused(&change, &wrong, "cancelled")?;
    station.refused(&change, &["y", "333777"], "sigill-card unlock")?;
    let blocked = station.status(&station.visitor)?;
    ensure!(
        blocked.get("tries_left") == Some(&Value::from(0)),
        "{blocked}"
    );

    let officer = &scene.demo.officer;
    portals::sign_in(scene, "station", &officer.name, &officer.code).await?;
    portals::begin_unlocking(scene, card).await?;
    let code = code_on_page(scene).await?;
    let said = station.run(&["unlock", &code], &["y", "271084", CODE, CODE])?;
    for part in [HOLDER, "a date", "The card is unlocked"] {
        ensure!(said.contains(part), "{part}: {said}");
    }
    scene
        .browser
        .until(&format!("location.pathname === '{card}'"))
        .await?;
    let said = station.run(&["test", "--card", &station.visitor], &[CODE])?;
    ensure!(said.contains("All is well."), "{said}");
    // What replaced the unlock code is what unlocks it the next time.
    portals::begin_unlocking(scene, card).await?;
    let code = code_on_page(scene).await?;
    station.run(&["unlock", &code], &["y", NEXT_CODE, NEXT_CODE])?;
    // The page that waited goes on by itself; to sign out meanwhile would be lost.
    scene
        .browser
        .until(&format!("location.pathname === '{card}'"))
        .await?;
    portals::sign_out(scene).await
}

/// The visitor's card is taken by its number, whatever lies in the other reader; the officer's is refused for it.
async fn activated(scene: &Scene, station: &Station<'_>, card: &str) -> anyhow::Result<()> {
    let open = || async {
        scene.page(card).await?;
        scene.browser.press(".acts a[href$='/activate']").await?;
        code_on_page(scene).await
    };
    let before = station.status(&station.visitor)?;
    ensure!(
        before.pointer("/missing/0").and_then(Value::as_str) == Some("login"),
        "{before}"
    );

    let code = open().await?;
    scene.look("activate-program").await?;
    let officer = station.officer.as_str();
    station.refused(&["login", &code], &["y"], "opens something else")?;
    let code = open().await?;
    station.refused(
        &["activate", &code, "--reader", "00 00"],
        &["y"],
        "is in no reader",
    )?;
    let untouched = station.status(officer)?;
    ensure!(
        untouched.get("tries_left") == Some(&Value::from(3)),
        "{untouched}"
    );

    let code = open().await?;
    let types = ["y", "123456", "840627", CODE, CODE, "111999", CODE];
    let said = station.run(&["activate", &code.to_lowercase()], &types)?;
    for part in [
        HOLDER,
        "Region Exempel",
        "in a row",
        "a date",
        "Wrong code",
        "you sign",
    ] {
        ensure!(said.contains(part), "{part}: {said}");
    }
    scene
        .browser
        .until("location.pathname.endsWith('/activated')")
        .await?;
    scene.browser.until_there(".verdict--good").await?;
    // Once is once.
    station.refused(&["activate", &code], &["y"], "")?;
    portals::sign_out(scene).await
}

fn looked_at(station: &Station<'_>) -> anyhow::Result<()> {
    let card = station.status(&station.visitor)?;
    let uses: BTreeSet<&str> = card
        .get("certificates")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|certificate| certificate.get("use")?.as_str())
        .collect();
    ensure!(
        uses.contains("login") && uses.contains("signature"),
        "{card}"
    );
    ensure!(
        card.get("missing") == Some(&Value::Array(Vec::new()))
            && card.get("tries_left") == Some(&Value::from(3)),
        "{card}"
    );
    let pem = station.run(&["certificates", "--pem", "--card", &station.visitor], &[])?;
    ensure!(pem.starts_with("-----BEGIN CERTIFICATE-----"), "{pem}");
    let said = station.run(&["test", "--card", &station.visitor], &[CODE])?;
    for part in [
        "good  a test signature",
        "good  this computer's clock",
        "All is well.",
    ] {
        ensure!(said.contains(part), "{part}: {said}");
    }
    // Two cards and nobody to choose: neither is taken.
    station.refused(&["test"], &[""], "--card")
}

fn code_changed(station: &Station<'_>) -> anyhow::Result<()> {
    let change = ["change-pin", "--card", &station.visitor];
    let types = [CODE, CODE, CODE, NEXT_CODE, NEXT_CODE];
    let said = station.run(&change, &types)?;
    ensure!(said.contains("than the one you have"), "{said}");
    station.refused(&change, &[CODE, ""], "cancelled")
}

async fn logged_in(scene: &Scene, station: &Station<'_>) -> anyhow::Result<()> {
    scene.page("/mine").await?;
    let code = code_on_page(scene).await?;
    scene.look("login-program").await?;
    // Any card may log in, so the person says which.
    let login = ["login", &code, "--card", &station.visitor];
    let said = station.run(&login, &["y", NEXT_CODE])?;
    ensure!(said.contains("Region Exempel"), "{said}");
    scene.browser.until("location.pathname === '/mine'").await?;
    scene.browser.until_there("form.who").await?;
    let who = scene.browser.text(".who-name").await?;
    ensure!(who.trim() == HOLDER, "signed in as {who}");
    Ok(())
}
