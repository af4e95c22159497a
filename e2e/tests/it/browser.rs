//! The portals as their people use them, in Chromium: the whole life of a card, in both languages.

mod card_program;
mod card_window;
mod desk;
mod photo;
mod portals;
mod torn;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::sync::Mutex;

use crate::axe::Axe;
use crate::chromium::Chromium;
use crate::demo::Demo;
use crate::program;

/// The code that new holders choose.
const CODE: &str = "739184";

/// How a page may be drawn.
pub const LIGHT_AND_DARK: &[&str] = &["dark", "light"];

/// The pages that were looked at, and what was found on them.
#[derive(Default)]
struct Looks {
    seen: BTreeSet<String>,
    found: Vec<String>,
}

/// A demo and a browser before it.
pub struct Scene {
    pub demo: Demo,
    pub browser: Chromium,
    folder: PathBuf,
    axe: Option<Axe>,
    schemes: &'static [&'static str],
    looks: Mutex<Looks>,
}

impl Scene {
    /// Starts both; nothing when there is no browser. `schemes` are how pages are looked at, light or dark.
    pub async fn open(
        name: &str,
        language: &str,
        schemes: &'static [&'static str],
    ) -> anyhow::Result<Option<Self>> {
        let Some(driver) = program::foreign("SIGILL_TEST_CHROMEDRIVER")? else {
            return Ok(None);
        };
        let axe = Axe::called()?;
        let folder = program::scratch(name)?;
        let demo = Demo::start(&folder).await?;
        let browser = Chromium::start(&driver, &folder, language, name).await?;
        Ok(Some(Self {
            demo,
            browser,
            folder,
            axe,
            schemes,
            looks: Mutex::default(),
        }))
    }

    /// Looks at the page that is open, the first time it is come to under this name: axe-core reads it in every scheme, and a
    /// picture is taken for whoever wants one. What axe-core finds is told at the end, all of it.
    pub async fn look(&self, name: &str) -> anyhow::Result<()> {
        if !self.looks.lock().await.seen.insert(name.to_owned()) {
            return Ok(());
        }
        for scheme in self.schemes {
            self.browser.prefer(scheme).await?;
            self.browser.picture(&format!("{name}-{scheme}")).await?;
            if let Some(axe) = &self.axe {
                let found = axe
                    .find(&self.browser)
                    .await
                    .with_context(|| format!("reading {name}, {scheme}"))?;
                let found = found
                    .into_iter()
                    .map(|line| format!("{name}, {scheme}: {line}"));
                self.looks.lock().await.found.extend(found);
            }
        }
        Ok(())
    }

    /// Stops both, and gives what happened between.
    pub async fn close(self, outcome: anyhow::Result<()>) -> anyhow::Result<()> {
        if outcome.is_err() {
            // The failure is told, not that of its picture.
            let _ = self.browser.picture("failure").await;
        }
        let browser = self.browser.stop().await;
        let demo = self.demo.stop(&self.folder).await;
        // Chromium's last writes may come after it is closed: what stays goes with the next run.
        let _ = fs::remove_dir_all(&self.folder);
        outcome.and(browser).and(demo)?;
        let found = self.looks.into_inner().found;
        anyhow::ensure!(found.is_empty(), "axe-core found:\n{}", found.join("\n"));
        Ok(())
    }

    /// Opens a page of the portals.
    pub async fn page(&self, path: &str) -> anyhow::Result<()> {
        self.browser
            .open(&format!("{}{path}", self.demo.portals))
            .await
    }
}

#[tokio::test]
async fn a_card_lives_in_swedish() -> anyhow::Result<()> {
    let Some(scene) = Scene::open("swedish", "sv", LIGHT_AND_DARK).await? else {
        return Ok(());
    };
    let outcome = life(&scene, "Maja Forsgren").await;
    let outcome = outcome.and(speaks(&scene, "sv").await);
    scene.close(outcome).await
}

/// A browser that prefers Swedish, and a person who asks for English: it stays so through all portals and the desk.
#[tokio::test]
async fn a_card_lives_in_english() -> anyhow::Result<()> {
    let Some(scene) = Scene::open("english", "sv", &["light"]).await? else {
        return Ok(());
    };
    let story = async {
        scene.page("/").await?;
        scene.browser.press("a[hreflang=en]").await?;
        life(&scene, "Åsa Blomqvist").await?;
        speaks(&scene, "en").await
    };
    let outcome = story.await;
    scene.close(outcome).await
}

async fn speaks(scene: &Scene, language: &str) -> anyhow::Result<()> {
    let spoken = scene.browser.value("document.documentElement.lang").await?;
    anyhow::ensure!(spoken == language, "the last page spoke {spoken}");
    Ok(())
}

/// Ordered, photographed, produced, activated, used, revoked, refused.
async fn life(scene: &Scene, holder: &str) -> anyhow::Result<()> {
    let portrait = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/portrait.jpg");
    let Scene { demo, .. } = scene;

    portals::sign_in(scene, "order", &demo.orderer.name, &demo.orderer.code)
        .await
        .context("the orderer signs in")?;
    portals::order(scene, holder).await.context("ordering")?;
    portals::approve_function(scene)
        .await
        .context("approving a function")?;
    portals::say_what_helped(scene)
        .await
        .context("giving feedback")?;
    portals::sign_out(scene).await?;

    portals::sign_in(scene, "station", &demo.officer.name, &demo.officer.code)
        .await
        .context("the officer signs in")?;
    let card = portals::photograph(scene, holder, &portrait)
        .await
        .context("photographing")?;
    portals::produce(scene, holder, &card)
        .await
        .context("producing")?;
    portals::check_identity(scene, &card)
        .await
        .context("checking the identity")?;
    portals::activate(scene, &card, holder, CODE)
        .await
        .context("activating")?;
    portals::sign_out(scene).await?;

    portals::sign_in(scene, "mine", holder, CODE)
        .await
        .context("the new holder signs in")?;
    portals::see_own(scene)
        .await
        .context("looking at the own card")?;
    portals::lose(scene).await.context("revoking")?;
    portals::sign_in_refused(scene, holder, CODE, "sign-in.certificate-revoked")
        .await
        .context("signing in with a revoked card")
}
