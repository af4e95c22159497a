//! `sigill-card`: your employee card at this computer. Here the process is wired: arguments, configuration, locale, clock,
//! terminal, window, readers.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser as _;
use client::program::reader::Pcsc;
#[cfg(feature = "window")]
use client::program::window;
use client::program::{Config, Gauge, Holder, Language, Line, Screen, Trouble, World, run};
use console::Term;
use zeroize::Zeroizing;

fn main() -> ExitCode {
    let line = Line::parse();
    match start(&line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            let _ = writeln!(std::io::stderr().lock(), "sigill-card: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn start(line: &Line) -> Result<(), String> {
    let config = configuration(line)?;
    let language = line.language.or(config.language).unwrap_or_else(locale);
    #[cfg(feature = "window")]
    if line.asks_in_window(has_terminal(), has_display()) {
        return in_window(line, config, language);
    }
    carry_out(line, &config, language, None).map_err(|trouble| trouble.to_string())
}

/// The act runs beside the window, so it has all it needs for itself.
#[cfg(feature = "window")]
fn in_window(line: &Line, config: Config, language: Language) -> Result<(), String> {
    let line = line.clone();
    let appearance = config.appearance;
    let act = move |holder: &mut dyn Holder| carry_out(&line, &config, language, Some(holder));
    window::open(language, appearance, act).map_err(|trouble| trouble.to_string())
}

/// Whether a person can answer where this was started.
#[cfg(feature = "window")]
fn has_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Whether there is anywhere to put a window; other systems than these have one always.
#[cfg(feature = "window")]
#[expect(
    clippy::disallowed_methods,
    reason = "this is where the process is wired"
)]
fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .into_iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Runs the command; the holder is at the terminal, or at the window that is given.
fn carry_out(
    line: &Line,
    config: &Config,
    language: Language,
    window: Option<&mut dyn Holder>,
) -> Result<(), Trouble> {
    let mut slots = Pcsc::default();
    let mut screen = Console {
        terminal: Term::stderr(),
        typed: std::io::stdin().is_terminal(),
    };
    let mut gauge = Bar::default();
    let mut world = World {
        slots: &mut slots,
        screen: &mut screen,
        window: window.map(|window| window as &mut dyn Holder),
        config,
        gauge: &mut gauge,
        now: now(),
        language,
    };
    run(line, &mut world)
}

/// The file named on the command line must be there; else the user's, else the machine's, else none.
fn configuration(line: &Line) -> Result<Config, String> {
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        Config::read(&text).map_err(|error| format!("{}: {error}", path.display()))
    };
    if let Some(path) = &line.config {
        return read(path);
    }
    for folder in folders() {
        let path = folder.join("sigill").join("card.toml");
        if path.exists() {
            return read(&path);
        }
    }
    Ok(Config::default())
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is where the process is wired"
)]
fn folders() -> Vec<PathBuf> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let home = variable("HOME").map(|home| home.join(".config"));
    let of_user = variable("XDG_CONFIG_HOME").or(home);
    let of_machine = variable("PROGRAMDATA").unwrap_or_else(|| PathBuf::from("/etc"));
    of_user
        .or_else(|| variable("APPDATA"))
        .into_iter()
        .chain([of_machine])
        .collect()
}

/// The language of the first of these that is set (POSIX, 8.2).
#[expect(
    clippy::disallowed_methods,
    reason = "this is where the process is wired"
)]
fn locale() -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    Language::of_locale(&locale.unwrap_or_default())
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is where the process is wired"
)]
fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or_default()
}

/// Questions go to standard error, so that standard output is what was asked for. Where nobody types, answers are read line by
/// line from standard input.
struct Console {
    terminal: Term,
    typed: bool,
}

impl Console {
    fn line(&mut self) -> Option<Zeroizing<String>> {
        let mut line = Zeroizing::new(String::with_capacity(256));
        let read = std::io::stdin().lock().read_line(&mut line).ok()?;
        if read == 0 {
            return None;
        }
        let end = line.trim_end_matches(['\r', '\n']).len();
        line.truncate(end);
        Some(line)
    }
}

impl Screen for Console {
    fn say(&mut self, line: &str) {
        // A terminal that went away has nobody to tell.
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    fn write(&mut self, text: &str) {
        let _ = writeln!(std::io::stdout().lock(), "{text}");
    }

    fn ask(&mut self, question: &str) -> Option<String> {
        let mut error = std::io::stderr().lock();
        let _ = write!(error, "{question}");
        let _ = error.flush();
        drop(error);
        self.line().map(|line| line.to_string())
    }

    fn ask_secret(&mut self, question: &str) -> Option<Zeroizing<String>> {
        if !self.typed {
            self.say(question);
            return self.line();
        }
        let _ = self.terminal.write_str(question);
        self.terminal.read_secure_line().ok().map(Zeroizing::new)
    }
}

/// A bar on the terminal, drawn when it has moved; nothing where nobody watches.
#[derive(Default)]
struct Bar {
    drawn: Option<u64>,
}

/// How many cells it has.
const CELLS: u64 = 40;

impl Gauge for Bar {
    fn show(&mut self, done: u64, of: u64, text: &str) {
        let terminal = Term::stderr();
        let percent = done.saturating_mul(100) / of.max(1);
        if !terminal.is_term() || self.drawn == Some(percent) {
            return;
        }
        self.drawn = Some(percent);
        let full = usize::try_from(percent.min(100) * CELLS / 100).unwrap_or_default();
        let empty = usize::try_from(CELLS)
            .unwrap_or_default()
            .saturating_sub(full);
        // A terminal that went away has nobody to tell.
        let _ = terminal.clear_line();
        let _ = terminal.write_str(&format!(
            "[{}{}] {percent} %, {text}",
            "#".repeat(full),
            "-".repeat(empty)
        ));
    }

    fn end(&mut self) {
        if self.drawn.take().is_some() {
            let _ = Term::stderr().clear_line();
        }
    }
}
