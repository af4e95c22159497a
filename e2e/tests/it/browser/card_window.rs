//! `sigill-card` in a window, as a browser starts it: on a screen of its own, with a keyboard. What the window shows is told by its
//! name; what is typed reaches it as from a keyboard.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, ensure};

use super::card_program::{NewCard, card_file, code_on_page};
use super::{Scene, portals};
use crate::card_reader::Readers;
use crate::program::{self, Background};
use crate::recorder::{Recorder, found};
use crate::screen::Screen;

const HOLDER: &str = "Åsa Blomqvist";
/// The code that the holder chooses at activation, and the one after.
const CODE: &str = "739184";
const NEXT_CODE: &str = "58294107";

/// A computer with two readers and a screen.
struct Computer<'a> {
    readers: Readers,
    screen: Screen,
    program: &'a Path,
    folder: PathBuf,
    /// All that the program and the server say to each other.
    line: Recorder,
}

/// A window that is open.
struct Window<'a> {
    screen: &'a Screen,
    log: PathBuf,
    process: Background,
}

impl Computer<'_> {
    /// Starts the program, which nobody's terminal is at.
    fn open(&self, appearance: &str, words: &[&str]) -> anyhow::Result<Window<'_>> {
        let config = self.folder.join(format!("{appearance}.toml"));
        fs::write(
            &config,
            format!(
                "appearance = \"{appearance}\"\n[[server]]\norganisation = \"Region Exempel\"\naddress = \"{}\"\nplain_http = true\n",
                self.line.address
            ),
        )?;
        let program = self.program.to_str().context("a path is not text")?;
        let mut command = self.readers.tool(program);
        command
            .env("DISPLAY", &self.screen.name)
            .stdin(Stdio::null())
            .arg("--config")
            .arg(&config)
            .args(["--language", "sv"])
            .args(words);
        let log = self.folder.join("window.log");
        let process = Background::start(&mut command, &log)?;
        let window = Window {
            screen: &self.screen,
            log,
            process,
        };
        // Nothing on this screen gives windows the keyboard by itself.
        self.screen.focus(&window.shows("Sigill")?)?;
        Ok(window)
    }

    /// The address that a page's link has where no desk of the demo stands in for the program.
    fn link(&self, code: &str) -> String {
        let server = self.line.address.replace(':', "%3A").replace('/', "%2F");
        format!("sigill:act?ticket={code}&server={server}")
    }
}

impl Window<'_> {
    fn shows(&self, name: &str) -> anyhow::Result<String> {
        self.screen.seen(name).with_context(|| {
            // The failure is told, not that of its picture.
            let _ = self.screen.picture("window-failure");
            fs::read_to_string(&self.log).unwrap_or_default()
        })
    }

    /// Types a code and Enter.
    fn enter(&self, code: &str) -> anyhow::Result<()> {
        self.screen.type_keys(code)?;
        self.screen.press("Return")
    }

    /// The program has ended by itself; gives whether it was content.
    fn ended(mut self) -> anyhow::Result<bool> {
        let mut status = None;
        program::wait_for("the end of the program", || {
            status = self.process.ended()?;
            Ok(status.is_some())
        })?;
        Ok(status.context("no end")?.success())
    }
}

#[tokio::test]
async fn a_card_is_activated_and_used_in_a_window() -> anyhow::Result<()> {
    let (Some(program), Some(xvfb)) = (
        program::sigill_card()?,
        program::foreign("SIGILL_TEST_XVFB")?,
    ) else {
        return Ok(());
    };
    if program::foreign("SIGILL_TEST_VPCD")?.is_none() {
        return Ok(());
    }
    let Some(scene) = Scene::open("card-window", "sv", &[]).await? else {
        return Ok(());
    };
    let outcome = story(&scene, program, &xvfb).await;
    scene.close(outcome).await
}

async fn story(scene: &Scene, program: &Path, xvfb: &Path) -> anyhow::Result<()> {
    let card = NewCard::made(scene, HOLDER).await?;
    let portals = scene.demo.portals.strip_prefix("http://");
    let line = Recorder::to(portals.context("not HTTP")?)?;
    let files = [
        card_file(scene, &card.officer),
        card_file(scene, &card.visitor),
    ];
    let Some(readers) = Readers::with(&files)? else {
        return Ok(());
    };
    let computer = Computer {
        screen: Screen::start(xvfb, readers.folder(), "600x800")?,
        readers,
        program,
        folder: scene.folder.clone(),
        line,
    };
    activated(scene, &computer, &card.page)
        .await
        .context("activating")?;
    code_changed(&computer, &card.visitor).context("changing the code")?;
    logged_in(scene, &computer).await.context("logging in")?;
    cancelled(scene, &computer, &card.page)
        .await
        .context("cancelling")?;
    // No code of the holder's has left the computer.
    let heard = computer.line.heard();
    ensure!(!heard.is_empty(), "the recorder heard nothing");
    for code in [CODE, NEXT_CODE] {
        let forms = found(&heard, code.as_bytes());
        ensure!(forms.is_empty(), "{code} went over the wire: {forms:?}");
    }
    Ok(())
}

async fn activated(scene: &Scene, computer: &Computer<'_>, card: &str) -> anyhow::Result<()> {
    scene.page(card).await?;
    scene.browser.press(".acts a[href$='/activate']").await?;
    let link = computer.link(&code_on_page(scene).await?);
    // Without a terminal there is a window, told or not.
    let window = computer.open("light", &["open", &link])?;
    let screen = &computer.screen;
    window.shows("^Ska kortet aktiveras")?;
    screen.picture("window-activate")?;
    screen.press("Return")?;
    window.shows("^Välj en ny kod")?;
    screen.picture("window-choose-code")?;
    for weak in ["123456", "840627"] {
        window.enter(weak)?;
        window.enter(weak)?;
        window.shows("^Fel: Välj en ny kod")?;
    }
    screen.picture("window-choose-code-refused")?;
    window.enter(CODE)?;
    window.enter(CODE)?;
    // What comes between may be too short to be seen.
    screen.picture("window-working")?;
    window.shows("^Skriv under")?;
    screen.picture("window-sign")?;
    window.enter("111999")?;
    window.shows("^Fel: Skriv under")?;
    screen.picture("window-sign-wrong")?;
    window.enter(CODE)?;
    window.shows("^Klart")?;
    screen.picture("window-activated")?;
    screen.press("Return")?;
    ensure!(window.ended()?, "the program was not content");
    scene
        .browser
        .until("location.pathname.endsWith('/activated')")
        .await?;
    portals::sign_out(scene).await
}

fn code_changed(computer: &Computer<'_>, number: &str) -> anyhow::Result<()> {
    let screen = &computer.screen;
    let window = computer.open("dark", &["change-pin", "--window", "--card", number])?;
    window.shows("^Skriv koden du har nu")?;
    screen.picture("window-change")?;
    window.enter(CODE)?;
    window.shows("^Välj en ny kod")?;
    window.enter(CODE)?;
    window.enter(CODE)?;
    window.shows("^Fel: Välj en ny kod")?;
    screen.picture("window-change-refused")?;
    window.enter(NEXT_CODE)?;
    window.enter(NEXT_CODE)?;
    window.shows("^Klart")?;
    screen.picture("window-changed")?;
    screen.press("Escape")?;
    ensure!(window.ended()?, "the program was not content");
    Ok(())
}

/// Two cards are there and any may log in, so the window asks which; then the browser goes on by itself, and so does the window.
async fn logged_in(scene: &Scene, computer: &Computer<'_>) -> anyhow::Result<()> {
    scene.page("/mine").await?;
    let link = computer.link(&code_on_page(scene).await?);
    let screen = &computer.screen;
    let window = computer.open("dark", &["open", &link])?;
    window.shows("^Vilket kort ska")?;
    screen.picture("window-which-card")?;
    screen.press("Tab")?;
    screen.press("Return")?;
    window.shows("^Vill du logga in")?;
    screen.picture("window-log-in")?;
    screen.press("Return")?;
    window.shows("^Skriv ")?;
    screen.picture("window-log-in-code")?;
    window.enter(NEXT_CODE)?;
    window.shows("^Du är inloggad")?;
    screen.picture("window-logged-in")?;
    ensure!(window.ended()?, "the program was not content");
    scene.browser.until("location.pathname === '/mine'").await?;
    scene.browser.until_there("form.who").await?;
    let who = scene.browser.text(".who-name").await?;
    ensure!(who.trim() == HOLDER, "signed in as {who}");
    portals::sign_out(scene).await
}

/// Wrong codes up to the last try, which the window does not use by itself; a card that is in no reader is waited for.
async fn cancelled(scene: &Scene, computer: &Computer<'_>, card: &str) -> anyhow::Result<()> {
    let screen = &computer.screen;
    let words = ["change-pin", "--window", "--reader", "00 01"];
    let window = computer.open("light", &words)?;
    window.shows("^Skriv koden du har nu")?;
    window.enter("111999")?;
    window.shows("^Fel: Skriv koden du har nu")?;
    window.enter("222888")?;
    window.shows("Ett enda försök kvar")?;
    screen.picture("window-last-try")?;
    // Enter stops here.
    screen.press("Return")?;
    window.shows("^Avbrutet")?;
    screen.picture("window-cancelled")?;
    screen.press("Return")?;
    ensure!(!window.ended()?, "the program was content");

    let officer = &scene.demo.officer;
    portals::sign_in(scene, "station", &officer.name, &officer.code).await?;
    portals::begin_unlocking(scene, card).await?;
    let link = computer.link(&code_on_page(scene).await?);
    let window = computer.open("dark", &["open", &link, "--reader", "00 00"])?;
    window.shows("^Väntar på kortet")?;
    screen.picture("window-waiting")?;
    screen.press("Escape")?;
    window.shows("^Avbrutet")?;
    screen.press("Return")?;
    ensure!(!window.ended()?, "the program was content");

    // A link to a server that nobody has set up comes to nothing, and says so.
    let foreign = "sigill:act?ticket=7KQ2-M9XD-4TPA-W3HN&server=https%3A%2F%2Fkort.example.com";
    let window = computer.open("light", &["open", foreign])?;
    window.shows("^Det gick inte")?;
    screen.picture("window-failed")?;
    screen.press("Return")?;
    ensure!(!window.ended()?, "the program was content");
    portals::sign_out(scene).await
}
