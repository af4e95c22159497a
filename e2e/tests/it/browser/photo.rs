//! People before a camera: at the station, where an officer overrules what the machine says, and alone at a kiosk.

use std::path::Path;

use anyhow::{Context as _, ensure};

use super::{LIGHT_AND_DARK, Scene, portals, speaks};

/// Whom the officer photographs, and who comes to a kiosk.
const AT_THE_STATION: &str = "Maja Forsgren";
const AT_THE_KIOSK: &str = "Åsa Blomqvist";

#[tokio::test]
async fn people_are_photographed_in_swedish() -> anyhow::Result<()> {
    let Some(scene) = Scene::open("photo-swedish", "sv", LIGHT_AND_DARK).await? else {
        return Ok(());
    };
    let outcome = photographed(&scene).await;
    let outcome = outcome.and(speaks(&scene, "sv").await);
    scene.close(outcome).await
}

#[tokio::test]
async fn people_are_photographed_in_english() -> anyhow::Result<()> {
    let Some(scene) = Scene::open("photo-english", "sv", &["light"]).await? else {
        return Ok(());
    };
    let story = async {
        scene.page("/").await?;
        scene.browser.press("a[hreflang=en]").await?;
        photographed(&scene).await?;
        speaks(&scene, "en").await
    };
    let outcome = story.await;
    scene.close(outcome).await
}

async fn photographed(scene: &Scene) -> anyhow::Result<()> {
    let (demo, browser) = (&scene.demo, &scene.browser);
    portals::sign_in(scene, "order", &demo.orderer.name, &demo.orderer.code).await?;
    portals::order(scene, AT_THE_STATION).await?;
    scene.page("/order").await?;
    portals::order(scene, AT_THE_KIOSK).await?;
    browser.press("form[action$='/photo-code'] button").await?;
    scene.look("photo-code").await?;
    let code = browser.text(".photo-code").await?;
    portals::sign_out(scene).await?;

    portals::sign_in(scene, "station", &demo.officer.name, &demo.officer.code).await?;
    at_the_station(scene).await.context("at the station")?;
    scene.page("/station/kiosks").await?;
    scene.look("kiosks").await?;
    browser.write("#place", "Entrén").await?;
    browser.press("main form:has(#place) button").await?;
    ensure!(
        !browser.has("form.who").await?,
        "the officer is still signed in"
    );
    at_the_kiosk(scene, &code).await.context("at the kiosk")?;

    portals::sign_in(scene, "station", &demo.officer.name, &demo.officer.code).await?;
    browser.follow(AT_THE_KIOSK).await?;
    browser.until_there(".photo-verdict .alert--note").await?;
    scene.look("photograph-from-kiosk").await?;
    browser
        .press("form[action$='/photo/approve'] button[type=submit]")
        .await?;
    browser.until_there(".alert--good").await
}

/// The camera first, by keys alone; then a file with a fault, and the officer's reason for taking it all the same.
async fn at_the_station(scene: &Scene) -> anyhow::Result<()> {
    let browser = &scene.browser;
    browser.follow(AT_THE_STATION).await?;
    browser.press(".acts a[href$='/photo']").await?;
    press_key(scene, "[data-start]").await?;
    live(scene).await?;
    press_key(scene, "[data-shoot]").await?;
    browser
        .until("document.querySelector('#photo').files.length === 1")
        .await?;
    scene.look("photograph-camera").await?;
    browser.press("form[enctype] button[type=submit]").await?;
    ensure!(
        !browser.has(".checks .is-trouble").await?,
        "{}",
        browser.account().await
    );

    let shelf = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/before-a-shelf.jpg");
    browser.choose_file("#photo", &shelf).await?;
    browser.press("form[enctype] button[type=submit]").await?;
    browser.until_there(".checks .is-trouble").await?;
    scene.look("photograph-faults").await?;
    browser.click(".overrule summary").await?;
    browser.press(".overrule button").await?;
    browser.until_there("#reason-wrong").await?;
    scene.look("photograph-unclear").await?;
    browser
        .write("#reason", "Rummet saknar fri vägg, jämförd på plats")
        .await?;
    browser.press(".overrule button").await?;
    browser.until_there(".alert--good").await
}

async fn at_the_kiosk(scene: &Scene, code: &str) -> anyhow::Result<()> {
    let browser = &scene.browser;
    scene.look("kiosk").await?;
    browser.write("#code", "0000 0000").await?;
    browser.press("[data-code] button[type=submit]").await?;
    scene.look("kiosk-wrong").await?;
    touch(scene, code).await?;
    scene.look("kiosk-camera").await?;
    live(scene).await?;

    // Whoever says nothing is asked, and forgotten.
    browser
        .run("const still = document.querySelector('[data-idle]'); still.dataset.idle = 0; still.dataset.warn = 30; document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))")
        .await?;
    browser.until_there("dialog[open]").await?;
    scene.look("kiosk-still").await?;
    browser
        .until("location.pathname === '/kiosk' && document.querySelector('[data-code]') !== null")
        .await?;

    touch(scene, code).await?;
    shoot(scene).await?;
    scene.look("kiosk-taken").await?;
    browser
        .press("form[action='/kiosk/forget']:not([data-leave]) button")
        .await?;
    shoot(scene).await?;
    scene.look("kiosk-again").await?;
    browser.press("form[action='/kiosk/keep'] button").await?;
    scene.look("kiosk-done").await?;
    browser.press("[data-home]").await
}

/// Takes a photo that is good enough to be kept.
async fn shoot(scene: &Scene) -> anyhow::Result<()> {
    let browser = &scene.browser;
    live(scene).await?;
    browser.press("[data-shoot]").await?;
    ensure!(
        browser.has("form[action='/kiosk/keep']").await?,
        "{}",
        browser.account().await
    );
    Ok(())
}

/// The code by the keys on the screen alone, then on.
async fn touch(scene: &Scene, code: &str) -> anyhow::Result<()> {
    let browser = &scene.browser;
    browser.click("[data-digit='7']").await?;
    let typed = "document.querySelector('#code').value";
    while browser.value(typed).await? != "" {
        browser.click("[data-erase]").await?;
    }
    for digit in code.chars().filter(char::is_ascii_digit) {
        browser.click(&format!("[data-digit='{digit}']")).await?;
    }
    let there = browser.value(typed).await?;
    ensure!(there == code, "typed {there}, not {code}");
    browser.press("[data-code] button[type=submit]").await
}

/// Waits until the camera shows somebody.
async fn live(scene: &Scene) -> anyhow::Result<()> {
    scene
        .browser
        .until("document.querySelector('video')?.videoWidth > 0 && !document.querySelector('[data-shoot]').hidden")
        .await
}

/// A button by the keyboard: the focus goes there, and Enter is pressed.
async fn press_key(scene: &Scene, css: &str) -> anyhow::Result<()> {
    scene.browser.key(css, "\u{e007}").await
}
