//! What orderers, officers and holders do in the portals, by what stands on the pages and not by their words, so that it is the
//! same in every language.

use std::path::Path;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::Scene;
use super::desk::{self, Ending};

/// The one form of a page that does something.
const SUBMIT: &str = "main form[method=post] button[type=submit]";

/// From the start page through a portal's door, with the card at the desk, to the portal.
pub async fn sign_in(scene: &Scene, portal: &str, holder: &str, code: &str) -> anyhow::Result<()> {
    let ending = login(scene, portal, holder, code).await?;
    ensure!(ending == Ending::Finished, "{ending:?}");
    scene
        .browser
        .until(&format!("location.pathname === '/{portal}'"))
        .await?;
    scene.browser.until_there("form.who").await?;
    let who = scene.browser.text(".who-name").await?;
    ensure!(who.trim() == holder, "signed in as {who}");
    Ok(())
}

/// The same with a card that must be refused; the portal stays closed.
pub async fn sign_in_refused(
    scene: &Scene,
    holder: &str,
    code: &str,
    refusal: &str,
) -> anyhow::Result<()> {
    let ending = login(scene, "mine", holder, code).await?;
    ensure!(ending == Ending::Refused(refusal.to_owned()), "{ending:?}");
    scene.page("/mine").await?;
    scene.browser.until("location.pathname === '/login'").await
}

async fn login(scene: &Scene, portal: &str, holder: &str, code: &str) -> anyhow::Result<Ending> {
    let browser = &scene.browser;
    scene.page("/").await?;
    scene.look("start").await?;
    browser.press(&format!("a.door[href='/{portal}']")).await?;
    scene.look("login").await?;
    let tab = browser.press_for_tab("a[data-open]").await?;
    let ending = desk::act(scene, holder, code).await?;
    desk::eject(scene).await?;
    browser.close_tab(tab).await?;
    Ok(ending)
}

/// Signs out; the page says so.
pub async fn sign_out(scene: &Scene) -> anyhow::Result<()> {
    scene.browser.press("form.who button").await?;
    ensure!(
        !scene.browser.has("form.who").await?,
        "still signed in: {}",
        scene.browser.account().await
    );
    scene.look("signed-out").await
}

/// Approves the function that somebody at the console asked for.
pub async fn approve_function(scene: &Scene) -> anyhow::Result<()> {
    let browser = &scene.browser;
    scene.page("/functions").await?;
    scene.look("functions").await?;
    browser
        .press("main form[method=post] button[value=approve]")
        .await?;
    scene.look("functions-approved").await?;
    ensure!(
        !browser.has("main form[method=post]").await?,
        "the function waits still"
    );
    Ok(())
}

/// Says that a page did not help, with a personal number first and then without it, and deals with it as the web editor.
pub async fn say_what_helped(scene: &Scene) -> anyhow::Result<()> {
    let browser = &scene.browser;
    scene.page("/card-types").await?;
    scene.look("card-types").await?;
    scene.page("/help").await?;
    browser.press("form.helped button[value=no]").await?;
    scene.look("feedback").await?;
    browser.write("#remark", "Var? 19690714-9923").await?;
    browser.press(SUBMIT).await?;
    browser.until_there(".alert--bad").await?;
    scene.look("feedback-refused").await?;
    browser.press("main button[name=hide]").await?;
    browser.until("!document.querySelector('#remark')").await?;
    scene.look("feedback-given").await?;
    scene.page("/editors").await?;
    let words = browser.text(".words").await?;
    ensure!(words == "Var? 19690714-****", "{words}");
    scene.look("editors").await?;
    browser.write("main input[name=outcome]", "Rättat").await?;
    browser.press(SUBMIT).await?;
    browser.until_there(".alert--good").await?;
    ensure!(!browser.has(".words").await?, "the remark waits still");
    scene.look("editors-handled").await
}

/// Finds a person and orders the card that the rule table picks; forgets to confirm at first.
pub async fn order(scene: &Scene, holder: &str) -> anyhow::Result<()> {
    let browser = &scene.browser;
    scene.look("order").await?;
    let (_, family) = holder.split_once(' ').context("one name only")?;
    browser.write("#name", family).await?;
    browser.press("form.search button").await?;
    scene.look("order-found").await?;
    browser.follow(holder).await?;
    scene.look("order-person").await?;
    browser.press(SUBMIT).await?;
    browser.until_there("#confirm-wrong").await?;
    scene.look("order-not-confirmed").await?;
    browser.click("label:has(#confirm)").await?;
    browser.press(SUBMIT).await?;
    browser
        .until("location.pathname.startsWith('/order/orders/')")
        .await?;
    scene.look("order-placed").await?;
    browser.press("nav.pages a[href='/order/orders']").await?;
    scene.look("orders").await?;
    browser.follow(holder).await
}

/// Finds the card in the queue, photographs its holder; gives the path of the card's page.
pub async fn photograph(scene: &Scene, holder: &str, photo: &Path) -> anyhow::Result<String> {
    let browser = &scene.browser;
    scene.look("station").await?;
    browser.follow(holder).await?;
    let card = path(scene).await?;
    scene.look("card-ordered").await?;
    browser.press(".acts a[href$='/photo']").await?;
    scene.look("photograph").await?;
    ensure!(
        browser.has("a[download][href$='/portrait.jpg']").await?,
        "no portrait for whoever has no camera"
    );
    browser.choose_file("#photo", photo).await?;
    browser.press("form[enctype] button[type=submit]").await?;
    browser.until_there(".photo-verdict").await?;
    scene.look("photo-checked").await?;
    browser
        .press("form[action$='/photo/approve'] button[type=submit]")
        .await?;
    ensure!(
        path(scene).await? == card,
        "the photo was not taken: {}",
        browser.account().await
    );
    browser.until_there(".alert--good").await?;
    scene.look("photographed").await?;
    Ok(card)
}

/// Sends the card to production, and waits until the demo's producer has made and sent it.
pub async fn produce(scene: &Scene, holder: &str, card: &str) -> anyhow::Result<()> {
    let browser = &scene.browser;
    scene.page("/station").await?;
    browser
        .press("nav.pages a[href='/station/production']")
        .await?;
    scene.look("production").await?;
    let ready = browser.text(".ticks").await?;
    ensure!(ready.contains(holder), "not ready: {ready}");
    browser.press(SUBMIT).await?;
    scene.look("batch").await?;
    scene.page(card).await?;
    // A card's page is read again by whoever waits for the card.
    browser.until("document.querySelector('.acts a[href$=\"/identity-check\"]') !== null || (location.reload(), false)").await?;
    scene.look("card-sent").await
}

/// Looks at a document and answers every point of the checklist; sends an empty form at first.
pub async fn check_identity(scene: &Scene, card: &str) -> anyhow::Result<()> {
    let browser = &scene.browser;
    scene.page(card).await?;
    browser.press(".acts a[href$='/identity-check']").await?;
    fill_identity_check(scene).await?;
    let here = path(scene).await?;
    ensure!(
        here.starts_with(card) && !here.ends_with("/identity-check"),
        "not taken: {}",
        browser.account().await
    );
    scene.look("identity-checked").await
}

/// The same for a card in use, whose holder stands here for a new code; ends at the page that waits for the card.
pub async fn begin_unlocking(scene: &Scene, card: &str) -> anyhow::Result<()> {
    let browser = &scene.browser;
    scene.page(card).await?;
    browser.press(".acts a[href$='/unlock']").await?;
    if path(scene).await?.ends_with("/identity-check") {
        fill_identity_check(scene).await?;
    }
    let here = path(scene).await?;
    ensure!(
        here.ends_with("/unlock"),
        "not opened: {}",
        browser.account().await
    );
    scene.look("unlock").await
}

async fn fill_identity_check(scene: &Scene) -> anyhow::Result<()> {
    let browser = &scene.browser;
    scene.look("identity-check").await?;
    browser.press(SUBMIT).await?;
    browser.until_there(".wrong").await?;
    scene.look("identity-check-empty").await?;
    browser.click(".documents label").await?;
    browser.write("#number", "12345678").await?;
    browser.set("#expires_on", "2029-05-31").await?;
    let points = browser.value("[...document.querySelectorAll('.check-point')].filter(point => point.checkVisibility()).map(point => point.querySelector('input[value=yes]').id)").await?;
    let points = points.as_array().context("no points")?;
    ensure!(!points.is_empty(), "no points");
    for point in points.iter().filter_map(Value::as_str) {
        browser.click(&format!("label:has(#{point})")).await?;
    }
    scene.look("identity-check-filled").await?;
    browser.press(SUBMIT).await?;
    Ok(())
}

/// Lets the holder choose a code at the desk, and waits until the card is theirs.
pub async fn activate(scene: &Scene, card: &str, holder: &str, code: &str) -> anyhow::Result<()> {
    let browser = &scene.browser;
    scene.page(card).await?;
    browser.press(".acts a[href$='/activate']").await?;
    scene.look("activate").await?;
    let tab = browser.press_for_tab("a[data-open]").await?;
    let ending = desk::act(scene, holder, code).await?;
    ensure!(ending == Ending::Finished, "{ending:?}");
    desk::eject(scene).await?;
    browser.close_tab(tab).await?;
    browser
        .until("location.pathname.endsWith('/activated')")
        .await?;
    browser.until_there(".verdict--good").await?;
    scene.look("activated").await?;
    browser.press("a[href^='/station/receipts/']").await?;
    browser.until_there(".verdict--good").await?;
    scene.look("receipt").await
}

/// The own card, its certificates, its receipt, and the logins.
pub async fn see_own(scene: &Scene) -> anyhow::Result<()> {
    let browser = &scene.browser;
    browser.until_there(".my-card").await?;
    scene.look("mine").await?;
    let card = browser.text(".my-card").await?;
    ensure!(card.contains("9752 "), "no card number: {card}");
    browser.press(".my-card a[href^='/mine/receipts/']").await?;
    browser.until_there(".verdict--good").await?;
    browser.press("nav.pages a[href='/mine/logins']").await?;
    scene.look("logins").await?;
    let logins = browser
        .value("document.querySelectorAll('main tbody tr').length")
        .await?;
    ensure!(logins == 1, "{logins} logins");
    Ok(())
}

/// Revokes the own card in Mina sidor, which ends the session.
pub async fn lose(scene: &Scene) -> anyhow::Result<()> {
    let browser = &scene.browser;
    browser.press("nav.pages a[href='/mine']").await?;
    browser.press("a[href$='/revoke']").await?;
    scene.look("revoke").await?;
    browser.click("label:has(input[name=reason])").await?;
    browser.click("label:has(#confirm)").await?;
    browser.press(SUBMIT).await?;
    scene.look("revoked").await?;
    scene.page("/mine").await?;
    browser.until("location.pathname === '/login'").await
}

async fn path(scene: &Scene) -> anyhow::Result<String> {
    Ok(scene
        .browser
        .value("location.pathname")
        .await?
        .as_str()
        .context("no path")?
        .to_owned())
}
