//! A screen that nobody sees, and somebody who types at it: Xvfb and xdotool.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::program::{self, Background};

/// How long until what was drawn has reached the screen.
const DRAWN: Duration = Duration::from_millis(300);

/// Goes with whoever started it.
pub struct Screen {
    /// As `DISPLAY` wants it.
    pub name: String,
    memory: PathBuf,
    _process: Background,
}

impl Screen {
    /// Starts Xvfb; its log and its memory are kept in `folder`.
    pub fn start(program: &Path, folder: &Path, size: &str) -> anyhow::Result<Self> {
        let log = folder.join("screen.log");
        let memory = folder.join("screen");
        fs::create_dir_all(&memory)?;
        let mut command = Command::new(program);
        command
            .args("-displayfd 1 -nolisten tcp -noreset -screen 0".split(' '))
            .arg(format!("{size}x24"))
            .arg("-fbdir")
            .arg(&memory);
        let process = Background::start(&mut command, &log)?;
        let mut name = None;
        program::wait_for("a screen", || {
            // It takes the first number that is free, and says which.
            let said = fs::read_to_string(&log)?;
            name = said
                .lines()
                .find_map(|line| line.trim().parse::<u32>().ok())
                .filter(|_| said.ends_with('\n'));
            Ok(name.is_some())
        })?;
        Ok(Self {
            name: format!(":{}", name.context("no number")?),
            memory: memory.join("Xvfb_screen0"),
            _process: process,
        })
    }

    fn xdotool(&self, words: &[&str]) -> anyhow::Result<program::Answer> {
        let mut command = Command::new("xdotool");
        command.env("DISPLAY", &self.name).env("LC_ALL", "C");
        program::ask(command.args(words))
    }

    /// The first window that is seen with such a name, a regular expression.
    pub fn window(&self, name: &str) -> anyhow::Result<Option<String>> {
        // It compares octets, and not always those of UTF-8.
        let name: String = name
            .chars()
            .map(|sign| match sign.is_ascii() {
                true => sign.to_string(),
                false => ".{1,4}".to_owned(),
            })
            .collect();
        let answer = self.xdotool(&["search", "--onlyvisible", "--name", &name])?;
        Ok(answer
            .said
            .lines()
            .find(|line| line.parse::<u64>().is_ok())
            .map(str::to_owned))
    }

    /// Waits for such a window.
    pub fn seen(&self, name: &str) -> anyhow::Result<String> {
        let mut window = None;
        program::wait_for(name, || {
            window = self.window(name)?;
            Ok(window.is_some())
        })?;
        window.context("no window")
    }

    /// Sends the keys of a text to a window, and Enter. That it closes while the last key is let go is no fault.
    pub fn type_into(&self, window: &str, text: &str) -> anyhow::Result<()> {
        for words in [
            &["windowfocus", window][..],
            &["type", "--window", window, text],
            &["key", "--window", window, "Return"],
        ] {
            self.xdotool(words)?;
        }
        Ok(())
    }

    /// Turns the keyboard to a window, as a window manager does.
    pub fn focus(&self, window: &str) -> anyhow::Result<()> {
        self.xdotool(&["windowfocus", "--sync", window]).map(|_| ())
    }

    /// Types a text, as from a keyboard, for whichever window has the focus.
    pub fn type_keys(&self, text: &str) -> anyhow::Result<()> {
        self.xdotool(&["type", text]).map(|_| ())
    }

    /// Presses a key by its name.
    pub fn press(&self, key: &str) -> anyhow::Result<()> {
        self.xdotool(&["key", key]).map(|_| ())
    }

    /// A picture of the screen, when `SIGILL_SCREENSHOTS` names a folder for them.
    pub fn picture(&self, name: &str) -> anyhow::Result<()> {
        let Some(folder) = std::env::var_os("SIGILL_SCREENSHOTS") else {
            return Ok(());
        };
        std::thread::sleep(DRAWN);
        let (width, height, pixels) = picture_of(&fs::read(&self.memory)?)?;
        fs::create_dir_all(&folder)?;
        let file = fs::File::create(Path::new(&folder).join(format!("{name}.png")))?;
        let mut encoder = png::Encoder::new(file, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(&pixels)?;
        Ok(())
    }
}

/// Width, height and pixels of a screen's memory: an X window dump (`XWDFile.h`, version 7), its head of 32-bit numbers big-endian,
/// then the name, the colours at 12 octets each, and rows of blue, green, red and nothing.
fn picture_of(dump: &[u8]) -> anyhow::Result<(u32, u32, Vec<u8>)> {
    let number = |place: usize| -> anyhow::Result<u32> {
        let octets = dump.get(place * 4..place * 4 + 4).context("cut off")?;
        Ok(u32::from_be_bytes(octets.try_into()?))
    };
    ensure!(number(1)? == 7 && number(11)? == 32, "not a dump we know");
    let (width, height) = (number(4)?, number(5)?);
    let row = usize::try_from(number(12)?)?;
    let start = usize::try_from(number(0)? + 12 * number(19)?)?;
    let rows = dump.get(start..).context("no picture")?.chunks(row);
    let mut pixels = Vec::new();
    for row in rows.take(usize::try_from(height)?) {
        for pixel in row.chunks_exact(4).take(usize::try_from(width)?) {
            if let [blue, green, red, _] = *pixel {
                pixels.extend([red, green, blue]);
            }
        }
    }
    Ok((width, height, pixels))
}
