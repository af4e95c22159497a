//! The same acts with the card in a PC/SC reader: `pcscd` in a mount namespace of its own, vpcd's driver, and the virtual card behind
//! it; beside the same act in process, one after the other.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use client::program::Slots as _;
use client::program::reader::Pcsc;
use piv::{Transport, TransportError};
use vcard::reader::Place;

use super::desk::Desk;
use super::people::House;
use crate::figure::Figure;
use crate::turns::median;
use crate::{Scale, Wanted, explain, print};

/// Where vpcd's driver is.
const DRIVER: &str = "SIGILL_TEST_VPCD";

/// The name of the process that uses the reader: the library of PC/SC learns from the environment where its daemon is.
pub const CHILD: &str = "card-in-reader";

const FIGURES: [&str; 2] = ["card.activate.reader", "card.login.reader"];

/// Starts the daemon in the folder given. From version 2 on it asks polkit who may use a card, unless it is told not to.
const DAEMON: &str = "\
mount -t tmpfs tmpfs /run
mkdir /run/pcscd
mount --bind \"$0/run\" /run/pcscd
polkit=
if pcscd --help 2>&1 | grep -q disable-polkit; then polkit=--disable-polkit; fi
exec pcscd --foreground --config \"$0/readers\" $polkit
";

/// How long a card may take to be seen.
const PATIENCE: Duration = Duration::from_secs(20);

/// The daemon, and its folder with a short name, for addresses of local sockets are short (108 octets, unix(7)).
struct Daemon {
    process: Child,
    folder: PathBuf,
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Measures, where there is a reader.
pub fn run(scale: Scale, wanted: &Wanted) -> anyhow::Result<()> {
    let figures: Vec<&str> = FIGURES
        .into_iter()
        .filter(|name| wanted.has(name))
        .collect();
    if figures.is_empty() {
        return Ok(());
    }
    let Some(driver) = std::env::var_os(DRIVER) else {
        explain(&format!(
            "{} left out: {DRIVER} is not set",
            figures.join(", ")
        ));
        return Ok(());
    };
    let port = free_pair()?;
    let daemon = start(Path::new(&driver), port)?;
    let mut child = Command::new(std::env::current_exe().context("finding this program")?);
    child
        .args(["--child", CHILD, &port.to_string()])
        .arg(scale.pick("quick", "thorough"))
        .args(&figures)
        .env("PCSCLITE_CSOCK_NAME", daemon.folder.join("run/pcscd.comm"));
    let status = child.status().context("starting the child")?;
    ensure!(status.success(), "the child with the reader failed");
    Ok(())
}

fn start(driver: &Path, port: u16) -> anyhow::Result<Daemon> {
    let folder = std::env::temp_dir().join(format!("sigill-bench-r{}", std::process::id()));
    for part in ["run", "readers"] {
        fs::create_dir_all(folder.join(part)).context("making the reader's folder")?;
    }
    // The driver takes its port from the name of a device that is not there (vpcd's manual).
    let reader = format!(
        "FRIENDLYNAME \"Virtual\"\nDEVICENAME /dev/null:0x{port:04X}\nLIBPATH {}\nCHANNELID 0x{port:04X}\n",
        driver.display()
    );
    fs::write(folder.join("readers/vpcd"), reader)?;
    let mut path = std::env::var_os("PATH").unwrap_or_default();
    path.push(":/usr/sbin:/sbin");
    let process = Command::new("unshare")
        .env("PATH", path)
        .args(["--mount", "sh", "-ec", DAEMON])
        .arg(&folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("starting pcscd")?;
    Ok(Daemon { process, folder })
}

/// Two ports side by side that nobody listens on, below those that the system gives to outgoing connections.
fn free_pair() -> anyhow::Result<u16> {
    let free = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    (20_000..32_000_u16)
        .step_by(2)
        .find(|port| free(*port) && free(*port + 1))
        .context("no two free ports side by side")
}

/// A place in the reader, and the way to it through PC/SC.
struct Reader {
    place: Place,
    service: Pcsc,
}

impl Reader {
    fn insert(&mut self, card: vcard::Card) -> anyhow::Result<Box<dyn Transport>> {
        if self.place.is_occupied() {
            self.place.remove()?;
        }
        self.wait(|outcome| matches!(outcome, Err(TransportError::NoCard)).then_some(()))?;
        self.place.insert(card, None)?;
        self.wait(Result::ok)
    }

    fn wait<T>(
        &mut self,
        mut seen: impl FnMut(Result<Box<dyn Transport>, TransportError>) -> Option<T>,
    ) -> anyhow::Result<T> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            // Until the daemon is there, there are no readers.
            let readers = self.service.readers().unwrap_or_default();
            if let Some(reader) = readers.first()
                && let Some(seen) = seen(self.service.connect(reader))
            {
                return Ok(seen);
            }
            sleep(Duration::from_millis(20));
        }
        anyhow::bail!("the reader did not see the card come or go")
    }
}

/// How long an act takes on the wall, in milliseconds: through a reader it mostly waits.
fn spend(act: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let began = Instant::now();
    act()?;
    Ok(1e3 * began.elapsed().as_secs_f64())
}

/// The child: `PORT quick|thorough FIGURE…`.
pub fn measure(arguments: &[String]) -> anyhow::Result<()> {
    let [port, scale, figures @ ..] = arguments else {
        anyhow::bail!("{CHILD} PORT SCALE FIGURE…");
    };
    let turns = if scale == "quick" { 11 } else { 31 };
    let mut reader = Reader {
        place: Place::open("127.0.0.1", port.parse()?, |_| {})?,
        service: Pcsc::default(),
    };
    let mut house = House::make()?;
    let (mut outside, mut inside) = (Vec::new(), Vec::new());
    let has = |name: &str| figures.iter().any(|figure| figure == name);
    let [activate, login] = FIGURES;
    if has(activate) {
        // The first of each does not count.
        let mut cards = house.cards(2 * (turns + 1))?.into_iter();
        for _ in 0..=turns {
            let mut next = || cards.next().context("no card is left");
            let (first, mut second) = (next()?, next()?);
            let mut transport = reader.insert(first.chip)?;
            let ticket = house.begin_activation(&first.card)?;
            outside.push(spend(|| {
                Desk::new(&house).carry_out(&mut *transport, &ticket)
            })?);
            let ticket = house.begin_activation(&second.card)?;
            inside.push(spend(|| {
                Desk::new(&house).carry_out(&mut second.chip, &ticket)
            })?);
        }
        tell(activate, &outside, &inside);
    }
    if has(login) {
        outside.clear();
        inside.clear();
        let mut cards = house.cards(2)?;
        for card in &mut cards {
            let ticket = house.begin_activation(&card.card)?;
            Desk::new(&house).carry_out(&mut card.chip, &ticket)?;
        }
        let mut next = || cards.pop().context("no card is left");
        let (first, mut second) = (next()?, next()?);
        let mut transport = reader.insert(first.chip)?;
        for _ in 0..=turns {
            outside.push(spend(|| Desk::new(&house).sign_in(&mut *transport))?);
            second.chip.power_off();
            inside.push(spend(|| Desk::new(&house).sign_in(&mut second.chip))?);
        }
        tell(login, &outside, &inside);
    }
    Ok(())
}

fn tell(name: &'static str, outside: &[f64], inside: &[f64]) {
    let of = |spent: &[f64]| median(spent.iter().skip(1).copied());
    explain(&format!(
        "{name}: an act on the wall through pcscd, beside the same in process; {} of each in turns",
        outside.len() - 1
    ));
    print(&Figure::cost(name, of(outside), of(inside), "ms"));
}
