//! axe-core (npm) in the browser: what stands in the way of people who cannot see, or see little. Its every rule counts, also
//! those beyond WCAG. The stories have it read every page they come to, light and dark; here are the pages they do not come to.

use std::fs;

use anyhow::Context as _;
use serde_json::Value;

use crate::browser::{LIGHT_AND_DARK, Scene};
use crate::chromium::Chromium;
use crate::program;

/// axe-core, ready to be put into pages.
pub struct Axe(String);

impl Axe {
    /// Reads it; nothing when it is missing.
    pub fn called() -> anyhow::Result<Option<Self>> {
        let Some(path) = program::foreign("SIGILL_TEST_AXE")? else {
            return Ok(None);
        };
        Ok(Some(Self(
            fs::read_to_string(path).context("reading axe-core")?,
        )))
    }

    /// What it finds on the page that is open, a line each.
    pub async fn find(&self, browser: &Chromium) -> anyhow::Result<Vec<String>> {
        if browser.value("typeof axe").await? == "undefined" {
            browser.run(&self.0).await?;
        }
        let found = browser
            .wait_for_script("const done = arguments[0]; axe.run().then(found => done(found.violations), error => done(String(error)))")
            .await?;
        let found = found
            .as_array()
            .with_context(|| format!("axe-core stopped: {found}"))?;
        Ok(found.iter().flat_map(told).collect())
    }
}

/// A rule that is broken: where, and what axe-core says of it.
fn told(rule: &Value) -> Vec<String> {
    let text = |value: &Value, name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let nodes = rule
        .get("nodes")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let one = |node: &Value| {
        let place = node.get("target").map(Value::to_string).unwrap_or_default();
        format!(
            "{} {place}: {}",
            text(rule, "id"),
            text(node, "failureSummary").replace('\n', " ")
        )
    };
    nodes.iter().map(one).collect()
}

/// Every page that needs no card, on a screen and on a telephone.
#[tokio::test]
async fn the_public_pages_are_open_to_all() -> anyhow::Result<()> {
    let Some(scene) = Scene::open("public", "sv", LIGHT_AND_DARK).await? else {
        return Ok(());
    };
    let outcome = public(&scene).await;
    scene.close(outcome).await
}

async fn public(scene: &Scene) -> anyhow::Result<()> {
    for (width, height, on) in [(1280, 1000, "screen"), (360, 740, "telephone")] {
        scene.browser.resize(width, height).await?;
        for (path, name) in [
            ("/", "start"),
            ("/login?for=mine", "login"),
            ("/status", "status"),
            ("/pki", "pki"),
            ("/help", "help"),
            ("/nowhere", "not-found"),
        ] {
            scene.page(path).await?;
            look(scene, on, name).await?;
        }
        scene.browser.open(&scene.demo.desk).await?;
        look(scene, on, "desk").await?;
    }
    blind(scene).await
}

async fn look(scene: &Scene, on: &str, name: &str) -> anyhow::Result<()> {
    scene.look(&format!("{on}-{name}")).await?;
    // WCAG 2.2, 1.4.10: nothing is read by scrolling sideways.
    let wide = scene
        .browser
        .value("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        .await?;
    anyhow::ensure!(wide == false, "{name} is wider than a {on}");
    Ok(())
}

/// A picture without words for it is found: axe-core does read the pages.
async fn blind(scene: &Scene) -> anyhow::Result<()> {
    let Some(axe) = Axe::called()? else {
        return Ok(());
    };
    scene.page("/").await?;
    scene
        .browser
        .run("document.querySelector('main').append(new Image(20, 20))")
        .await?;
    let found = axe.find(&scene.browser).await?;
    anyhow::ensure!(
        found.iter().any(|line| line.starts_with("image-alt")),
        "not found among {found:?}"
    );
    Ok(())
}
