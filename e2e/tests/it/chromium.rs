//! Chromium, driven over WebDriver. Nothing waits for a while and hopes: every wait asks again until what it waits for is so.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{Instant, sleep, timeout};

/// How long anything on a page may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a page is asked again.
const AGAIN: Duration = Duration::from_millis(50);

/// A browser with a profile of its own.
pub struct Chromium {
    client: Client,
    driver: Driver,
    /// Where pictures go, and the word before their names.
    pictures: Option<(PathBuf, String)>,
}

/// chromedriver, and whatever it started: all of one process group.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(id) = self.0.id() {
            // What is gone already cannot be stopped.
            let _ = std::process::Command::new("kill")
                .args(["-KILL", "--", &format!("-{id}")])
                .stderr(Stdio::null())
                .status();
        }
    }
}

/// A command of the DevTools protocol, through chromedriver.
#[derive(Debug)]
struct Devtools(Value);

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(
        &self,
        base_url: &url::Url,
        session_id: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!(
            "session/{}/goog/cdp/execute",
            session_id.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}

impl Driver {
    /// Starts chromedriver; again when it ends at once: it chooses a port for two protocols, and one of them may be taken.
    async fn start_at_last(
        driver: &Path,
        folder: &Path,
    ) -> anyhow::Result<(Self, String, Lines<BufReader<ChildStdout>>)> {
        let mut tries = 0;
        loop {
            tries += 1;
            match Self::start(driver, folder).await {
                Err(_) if tries < 5 => {}
                outcome => return outcome,
            }
        }
    }

    async fn start(
        driver: &Path,
        folder: &Path,
    ) -> anyhow::Result<(Self, String, Lines<BufReader<ChildStdout>>)> {
        let mut process = Command::new(driver)
            .arg("--port=0")
            .env("TMPDIR", folder)
            .env("HOME", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", driver.display()))?;
        let mut printed =
            BufReader::new(process.stdout.take().context("no standard output")?).lines();
        let driver = Self(process);
        let port = async {
            while let Some(line) = printed.next_line().await? {
                if let Some((_, port)) = line.split_once("started successfully on port ") {
                    return Ok(port.trim_end_matches('.').to_owned());
                }
            }
            bail!("chromedriver ended before it started")
        };
        let port = timeout(PATIENCE, port)
            .await
            .context("chromedriver did not start in time")??;
        Ok((driver, port, printed))
    }
}

impl Chromium {
    /// Starts a browser that prefers a language. `name` is the word before its pictures' names.
    pub async fn start(
        driver: &Path,
        folder: &Path,
        language: &str,
        name: &str,
    ) -> anyhow::Result<Self> {
        let (driver, port, mut printed) = Driver::start_at_last(driver, folder).await?;
        // Whoever prints into a closed pipe fails: read on for as long as it prints.
        tokio::spawn(async move { while let Ok(Some(_)) = printed.next_line().await {} });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(folder, language)?)
            .connect(&format!("http://localhost:{port}"))
            .await
            .context("starting Chromium")?;
        client.set_window_size(1280, 1000).await?;
        let pictures = std::env::var_os("SIGILL_SCREENSHOTS")
            .map(|folder| (PathBuf::from(folder), name.to_owned()));
        Ok(Self {
            client,
            driver,
            pictures,
        })
    }

    /// Closes it.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.client.close().await?;
        drop(self.driver);
        Ok(())
    }

    /// Opens an address.
    pub async fn open(&self, address: &str) -> anyhow::Result<()> {
        self.client
            .goto(address)
            .await
            .with_context(|| format!("opening {address}"))?;
        self.settled().await
    }

    /// The page's value of an expression.
    pub async fn value(&self, expression: &str) -> anyhow::Result<Value> {
        self.client
            .execute(&format!("return {expression}"), Vec::new())
            .await
            .with_context(|| format!("asking for {expression}"))
    }

    /// Lets a script of the page's own language finish; it calls back with its last argument.
    pub async fn wait_for_script(&self, script: &str) -> anyhow::Result<Value> {
        Ok(self.client.execute_async(script, Vec::new()).await?)
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str) -> anyhow::Result<()> {
        self.client.execute(script, Vec::new()).await?;
        Ok(())
    }

    /// Waits until an expression is true on the page, whichever page that is by then.
    pub async fn until(&self, expression: &str) -> anyhow::Result<()> {
        let from = Instant::now();
        loop {
            // Between two pages there is nobody to ask.
            let answer = self.value(expression).await;
            if matches!(answer, Ok(Value::Bool(true))) {
                return Ok(());
            }
            if from.elapsed() > PATIENCE {
                bail!(
                    "never so: {expression}; last answer {answer:?}\n{}",
                    self.account().await
                );
            }
            sleep(AGAIN).await;
        }
    }

    /// Waits until something is there.
    pub async fn until_there(&self, css: &str) -> anyhow::Result<()> {
        self.until(&there(css)).await
    }

    /// Whether something is there now.
    pub async fn has(&self, css: &str) -> anyhow::Result<bool> {
        Ok(self.value(&there(css)).await? == Value::Bool(true))
    }

    /// What a person reads there.
    pub async fn text(&self, css: &str) -> anyhow::Result<String> {
        let text = self
            .value(&format!(
                "document.querySelector({})?.innerText",
                json!(css)
            ))
            .await?;
        Ok(text
            .as_str()
            .with_context(|| format!("no {css} to read"))?
            .to_owned())
    }

    /// What is found there, as soon as it is there.
    async fn find(&self, place: Locator<'_>) -> anyhow::Result<Element> {
        let from = Instant::now();
        loop {
            match self.client.find(place).await {
                Ok(element) => return Ok(element),
                Err(error) if from.elapsed() > PATIENCE => {
                    bail!("{place:?}: {error}\n{}", self.account().await)
                }
                Err(_) => sleep(AGAIN).await,
            }
        }
    }

    async fn click_at(&self, place: Locator<'_>) -> anyhow::Result<()> {
        match self.find(place).await?.click().await {
            Ok(()) => Ok(()),
            Err(error) => bail!("clicking {place:?}: {error}\n{}", self.account().await),
        }
    }

    async fn press_at(&self, place: Locator<'_>) -> anyhow::Result<()> {
        let before = self.value("performance.timeOrigin").await?;
        self.click_at(place).await?;
        self.until(&format!("performance.timeOrigin !== {before}"))
            .await
            .with_context(|| format!("after clicking {place:?}"))?;
        self.settled().await
    }

    /// Clicks something that stays on the page.
    pub async fn click(&self, css: &str) -> anyhow::Result<()> {
        self.click_at(Locator::Css(css)).await
    }

    /// Clicks something that leads to another page, and waits for that page.
    pub async fn press(&self, css: &str) -> anyhow::Result<()> {
        self.press_at(Locator::Css(css)).await
    }

    /// Follows the link with this text.
    pub async fn follow(&self, text: &str) -> anyhow::Result<()> {
        self.press_at(Locator::LinkText(text)).await
    }

    /// Writes into a field that may hold something already.
    pub async fn write(&self, css: &str, text: &str) -> anyhow::Result<()> {
        let field = self.find(Locator::Css(css)).await?;
        field.clear().await?;
        field
            .send_keys(text)
            .await
            .with_context(|| format!("writing into {css}"))
    }

    /// Presses a key on something, as WebDriver names keys.
    pub async fn key(&self, css: &str, key: &str) -> anyhow::Result<()> {
        let element = self.find(Locator::Css(css)).await?;
        element
            .send_keys(key)
            .await
            .with_context(|| format!("pressing a key on {css}"))
    }

    /// Sets a field whose keys differ from one language to another, such as a date.
    pub async fn set(&self, css: &str, value: &str) -> anyhow::Result<()> {
        self.until_there(css).await?;
        self.run(&format!(
            "document.querySelector({}).value = {}",
            json!(css),
            json!(value)
        ))
        .await
    }

    /// Chooses a file.
    pub async fn choose_file(&self, css: &str, file: &Path) -> anyhow::Result<()> {
        let field = self.find(Locator::Css(css)).await?;
        field
            .send_keys(&file.to_string_lossy())
            .await
            .with_context(|| format!("choosing a file for {css}"))
    }

    /// Clicks a link that opens a tab, goes to that tab, and tells how to come back.
    pub async fn press_for_tab(&self, css: &str) -> anyhow::Result<Tab> {
        let before = self.client.windows().await?;
        let here = self.client.window().await?;
        self.click(css).await?;
        let from = Instant::now();
        let new = loop {
            let windows = self.client.windows().await?;
            if let Some(new) = windows.into_iter().find(|window| !before.contains(window)) {
                break new;
            }
            anyhow::ensure!(from.elapsed() < PATIENCE, "{css} opened no tab");
            sleep(AGAIN).await;
        };
        self.client.switch_to_window(new).await?;
        self.until("location.href !== 'about:blank'").await?;
        self.settled().await?;
        Ok(Tab(here))
    }

    /// Closes this tab and goes back to the one before.
    pub async fn close_tab(&self, tab: Tab) -> anyhow::Result<()> {
        self.client.close_window().await?;
        self.client.switch_to_window(tab.0).await?;
        Ok(())
    }

    /// Waits until the page is whole, then looks that it is one of ours: in one language, with every text there.
    async fn settled(&self) -> anyhow::Result<()> {
        self.until("document.readyState === 'complete'").await?;
        let lacking = self.value("document.documentElement.lang === '' || /Unknown localization|\\{\\s*\\$/.test(document.body?.innerText ?? '')");
        if lacking.await? == Value::Bool(true) {
            bail!("a text is missing\n{}", self.account().await);
        }
        Ok(())
    }

    /// What the page showed, for the report of a failure.
    pub async fn account(&self) -> String {
        let address = self
            .client
            .current_url()
            .await
            .map_or_else(|error| error.to_string(), |url| url.to_string());
        let text = self
            .text("body")
            .await
            .unwrap_or_else(|error| error.to_string());
        format!("-- {address}\n{text}\n--")
    }

    /// Another size of window.
    pub async fn resize(&self, width: u32, height: u32) -> anyhow::Result<()> {
        Ok(self.client.set_window_size(width, height).await?)
    }

    /// Light or dark, as the operating system would say.
    pub async fn prefer(&self, scheme: &str) -> anyhow::Result<()> {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", &features)
            .await?;
        Ok(())
    }

    /// A picture of the whole page, when `SIGILL_SCREENSHOTS` names a folder for them.
    pub async fn picture(&self, name: &str) -> anyhow::Result<()> {
        let Some((folder, before)) = &self.pictures else {
            return Ok(());
        };
        fs::create_dir_all(folder)?;
        let shot = self
            .devtools(
                "Page.captureScreenshot",
                &json!({ "format": "png", "captureBeyondViewport": true }),
            )
            .await?;
        let shot = shot
            .get("data")
            .and_then(Value::as_str)
            .context("no picture")?;
        fs::write(
            folder.join(format!("{before}-{name}.png")),
            STANDARD.decode(shot)?,
        )?;
        Ok(())
    }

    async fn devtools(&self, command: &str, parameters: &Value) -> anyhow::Result<Value> {
        Ok(self
            .client
            .issue_cmd(Devtools(json!({ "cmd": command, "params": parameters })))
            .await?)
    }
}

/// The tab one came from.
pub struct Tab(fantoccini::wd::WindowHandle);

fn there(css: &str) -> String {
    format!("document.querySelector({}) !== null", json!(css))
}

/// Without these, Chromium looks for its makers' hosts; as root it needs `--no-sandbox`, and it meets only our own pages.
fn capabilities(folder: &Path, language: &str) -> anyhow::Result<Capabilities> {
    // A film of one picture: Motion JPEG is one after the other.
    let camera = folder.join("camera.mjpeg");
    let seen = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/camera.jpg");
    fs::copy(&seen, &camera).with_context(|| format!("copying {}", seen.display()))?;
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Somebody sits before the camera, always the same.
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        &format!("--use-file-for-fake-video-capture={}", camera.display()),
        &format!("--user-data-dir={}", folder.join("profile").display()),
    ];
    let options = json!({ "args": arguments, "prefs": { "intl.accept_languages": language } });
    let Value::Object(capabilities) =
        json!({ "browserName": "chrome", "goog:chromeOptions": options })
    else {
        bail!("not an object");
    };
    Ok(capabilities)
}
