//! The desk with the virtual reader: what the holder sees and types, on an address that is not the portals'.

use anyhow::{Context as _, bail};
use serde_json::json;

use super::Scene;

/// More pages than any act has.
const MOST_PAGES: usize = 40;

/// How an act ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ending {
    Finished,
    /// The code of a refusal.
    Refused(String),
}

/// Which page of an act this is, by what stands on it.
const PAGE: &str = "document.querySelector('.desk-done') ? 'finished' \
    : document.querySelector('.desk-wrong--large') ? 'refused' \
    : document.querySelector('#code_again') ? 'choose' \
    : document.querySelector('#code') ? 'enter' \
    : document.querySelector('[data-poll]') ? 'working' \
    : document.querySelector('ul.drawer') ? 'insert' \
    : document.querySelector('form[action$=\"/answer\"]') ? 'ask' : 'unknown'";

/// Does what the pages ask for, from the act's first page to its last: puts the card in, agrees, types the code. A code that is
/// too easy and a wrong one are tried before the right one.
pub async fn act(scene: &Scene, holder: &str, code: &str) -> anyhow::Result<Ending> {
    let browser = &scene.browser;
    let (mut easy, mut wrong) = (false, false);
    for _ in 0..MOST_PAGES {
        let page = browser.value(PAGE).await?;
        match page.as_str().context("no page")? {
            "insert" => {
                scene.look("desk-insert").await?;
                insert(scene, holder).await?;
            }
            "ask" => {
                scene.look("desk-ask").await?;
                browser.press("form[action$='/answer'] button").await?;
            }
            "choose" => {
                let chosen = if easy { code } else { "123456" };
                scene
                    .look(if easy {
                        "desk-choose-again"
                    } else {
                        "desk-choose"
                    })
                    .await?;
                easy = true;
                browser.write("#code", chosen).await?;
                browser.write("#code_again", chosen).await?;
                browser.press("form[action$='/answer'] button").await?;
            }
            "enter" => {
                let typed = if wrong { code } else { "000000" };
                scene
                    .look(if wrong {
                        "desk-enter-again"
                    } else {
                        "desk-enter"
                    })
                    .await?;
                wrong = true;
                browser.write("#code", typed).await?;
                browser.press("form[action$='/answer'] button").await?;
            }
            // The page reads itself again when the card is done.
            "working" => browser.until(&format!("({PAGE}) !== 'working'")).await?,
            "finished" => {
                scene.look("desk-finished").await?;
                return Ok(Ending::Finished);
            }
            "refused" => {
                scene.look("desk-refused").await?;
                return Ok(Ending::Refused(
                    browser.text(".desk-wrong--large code").await?,
                ));
            }
            other => bail!("{other}: {}", browser.account().await),
        }
    }
    bail!("an act without an end: {}", browser.account().await)
}

/// Puts somebody's card into the reader.
async fn insert(scene: &Scene, holder: &str) -> anyhow::Result<()> {
    let place = format!(
        "[...document.querySelectorAll('.drawer-card')].findIndex(card => card.querySelector('.drawer-name').innerText.trim() === {})",
        json!(holder)
    );
    let place = scene
        .browser
        .value(&place)
        .await?
        .as_i64()
        .context("no place")?;
    if place < 0 {
        bail!(
            "no card of {holder} in the drawer: {}",
            scene.browser.account().await
        );
    }
    scene
        .browser
        .press(&format!(".drawer-card:nth-child({}) button", place + 1))
        .await
}

/// Takes the card out of the reader, on a page of the desk.
pub async fn eject(scene: &Scene) -> anyhow::Result<()> {
    scene.browser.open(&scene.demo.desk).await?;
    scene.look("desk-drawer").await?;
    scene.browser.press("form[action='/eject'] button").await
}
