//! `sigill-card` with a card in a PC/SC reader that is torn out: while it is activated, unlocked, and its code is changed. The next
//! insertion finishes or undoes by itself, and the person is told.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use super::card_program::{HOLDER, NewCard, card_file, code_on_page, configure};
use super::{CODE, Scene, portals};
use crate::card_reader::Readers;
use crate::program;

const NEXT_CODE: &str = "58294107";
/// More commands than any act has: an act that is torn this often and still not done never will be.
const MOST: usize = 60;

/// Where the card is taken out, and where the program speaks to it.
struct Desk<'a> {
    scene: &'a Scene,
    readers: Readers,
    program: &'a Path,
    config: PathBuf,
    card: NewCard,
    file: PathBuf,
}

/// What came of one insertion.
struct Outcome {
    done: bool,
    said: String,
    /// Whether anything on the card is other than before.
    changed: bool,
}

impl Outcome {
    /// Whether the person was told that an earlier try is taken up.
    fn told(&self) -> bool {
        self.said
            .contains("An earlier try with the card was not finished")
    }
}

impl Desk<'_> {
    fn insert(
        &self,
        arguments: &[&str],
        types: &[&str],
        tear: Option<(usize, bool)>,
    ) -> anyhow::Result<Outcome> {
        let before = fs::read(&self.file)?;
        let answer = self.readers.with_inserted(&self.file, tear, || {
            let mut command = self.readers.tool(self.program.to_str().context("no text")?);
            command.arg("--config").arg(&self.config);
            command.args(["--language", "en"]).args(arguments);
            program::ask_with(&mut command, format!("{}\n", types.join("\n")).as_bytes())
        })?;
        if !answer.content {
            ensure!(
                answer.said.contains("was taken out"),
                "{arguments:?}, {tear:?}: {}",
                answer.said
            );
        }
        Ok(Outcome {
            done: answer.content,
            said: answer.said,
            changed: fs::read(&self.file)? != before,
        })
    }

    async fn activate(&self, tear: Option<(usize, bool)>) -> anyhow::Result<Outcome> {
        self.scene.page(&self.card.page).await?;
        let browser = &self.scene.browser;
        browser.press(".acts a[href$='/activate']").await?;
        let code = code_on_page(self.scene).await?;
        // Whether the code is chosen or entered depends on how far an earlier try came.
        self.insert(&["activate", &code], &["y", CODE, CODE, CODE, CODE], tear)
    }

    async fn unlock(&self, tear: Option<(usize, bool)>) -> anyhow::Result<Outcome> {
        portals::begin_unlocking(self.scene, &self.card.page).await?;
        let code = code_on_page(self.scene).await?;
        self.insert(&["unlock", &code], &["y", CODE, CODE], tear)
    }

    /// Card and database agree, and the code is this one.
    fn is_whole(&self, code: &str) -> anyhow::Result<()> {
        let outcome = self.insert(&["test"], &[code], None)?;
        ensure!(
            outcome.done && outcome.said.contains("All is well."),
            "{}",
            outcome.said
        );
        Ok(())
    }
}

#[tokio::test]
async fn a_card_torn_out_of_a_real_reader_is_finished_by_the_next_insertion() -> anyhow::Result<()>
{
    let Some(program) = program::sigill_card()? else {
        return Ok(());
    };
    let Some(readers) = Readers::empty()? else {
        return Ok(());
    };
    let Some(scene) = Scene::open("torn", "en", &["light"]).await? else {
        return Ok(());
    };
    let outcome = story(&scene, program, readers).await;
    scene.close(outcome).await
}

async fn story(scene: &Scene, program: &Path, readers: Readers) -> anyhow::Result<()> {
    let card = NewCard::made(scene, HOLDER).await?;
    let file = readers.folder().join("card-0.vcard");
    fs::copy(card_file(scene, &card.visitor), &file)?;
    let config = configure(scene, &scene.demo.portals)?;
    let desk = Desk {
        scene,
        readers,
        program,
        config,
        card,
        file,
    };
    activated(&desk).await.context("activating")?;
    code_changed(&desk).context("changing the code")?;
    unlocked(&desk).await.context("unlocking")?;
    // The database takes the card for what it is.
    scene.page("/station").await?;
    portals::sign_out(scene).await?;
    scene.page("/mine").await?;
    let code = code_on_page(scene).await?;
    let login = desk.insert(&["login", &code], &["y", CODE], None)?;
    ensure!(login.done, "{}", login.said);
    scene.browser.until("location.pathname === '/mine'").await?;
    let who = scene.browser.text(".who-name").await?;
    ensure!(who.trim() == HOLDER, "signed in as {who}");
    Ok(())
}

/// One card, torn out one command later at every insertion, early and late in turn, until it is active.
#[expect(clippy::print_stdout, reason = "how many places there were is told")]
async fn activated(desk: &Desk<'_>) -> anyhow::Result<()> {
    let (mut begun, mut told) = (false, 0);
    for place in 0..MOST {
        let outcome = desk.activate(Some((place, place % 2 == 1))).await?;
        ensure!(
            outcome.told() || !begun,
            "nothing was told: {}",
            outcome.said
        );
        told += usize::from(outcome.told());
        begun |= outcome.changed;
        if outcome.done {
            println!(
                "activate in a reader: torn {place} times, at the first to the {place}th command of an insertion; told {told} times \
                 that an earlier try is taken up; then done"
            );
            ensure!(place > 15 && told > 5, "too few");
            desk.scene.browser.until_there(".verdict--good").await?;
            return desk.is_whole(CODE);
        }
    }
    anyhow::bail!("never done")
}

/// Unlocked, torn before every command, and after every one from the first that changes the card: until then it is only read, and
/// whether it answers makes no difference. The next insertion finishes.
#[expect(clippy::print_stdout, reason = "how many places there were is told")]
async fn unlocked(desk: &Desk<'_>) -> anyhow::Result<()> {
    let mut changing = None;
    for late in [false, true] {
        let first = changing.filter(|_| late).unwrap_or(0);
        let (mut told, mut tried) = (0, 0);
        for place in first..MOST {
            let outcome = desk.unlock(Some((place, late))).await?;
            if outcome.done {
                println!(
                    "unlock in a reader, late {late}: torn at {tried} places from the {first}th on, each finished by the next \
                     insertion; after {told} of them it was told that an earlier try is taken up"
                );
                ensure!(tried >= 2 && told >= 1, "too few");
                break;
            }
            let again = desk.unlock(None).await?;
            // The server has sent what changes the card, and this place's command is the first to do it.
            if again.told() && changing.is_none() {
                changing = Some(place);
            }
            ensure!(again.done, "{place} {late}: {}", again.said);
            ensure!(
                again.told() || !outcome.changed,
                "nothing was told, {place} {late}: {}",
                again.said
            );
            told += usize::from(again.told());
            tried += 1;
        }
        ensure!(changing.is_some(), "nothing was ever changed");
        desk.is_whole(CODE)?;
    }
    Ok(())
}

/// Torn at every command; the code is the old one or the new one, and the next change starts from it.
#[expect(clippy::print_stdout, reason = "how many places there were is told")]
fn code_changed(desk: &Desk<'_>) -> anyhow::Result<()> {
    for late in [false, true] {
        let mut changed = 0;
        for place in 0..MOST {
            let types = [CODE, NEXT_CODE, NEXT_CODE];
            let outcome = desk.insert(&["change-pin"], &types, Some((place, late)))?;
            if outcome.changed {
                changed += 1;
                let back = [NEXT_CODE, CODE, CODE];
                let back = desk.insert(&["change-pin"], &back, None)?;
                ensure!(back.done, "{place} {late}: {}", back.said);
            }
            desk.is_whole(CODE)?;
            if outcome.done {
                println!(
                    "change-pin in a reader, late {late}: {place} places; after {changed} of them the new code held, else the old one"
                );
                ensure!(place >= 6, "too few");
                break;
            }
            ensure!(place + 1 < MOST, "never done");
        }
    }
    Ok(())
}
