//! A whole activation (codes, three keys, three certificates, the receipt) and one login, from the ticket to the end, in process: the
//! card client, the messages, the routes, the acts, SQLite with every commit durable, and the virtual card. Beside that the limit of
//! its parts: the same number of keys, signatures, verifications and envelopes made with the same libraries, and nothing else.
//!
//! What our side spends where is counted in turns of its own: `cryptography` by the limit, `card` in the virtual card (most of it
//! cryptography again; on a busy machine it is a little too much), `database` in the threads of the database.

mod bare;
mod desk;
mod people;
#[cfg(feature = "pcsc")]
pub mod reader;
mod shares;

use piv::Transport;

use self::bare::Bare;
use self::desk::Desk;
use self::people::{Carded, House};
use self::shares::{Counted, Shares};
use crate::child::cpu_of;
use crate::figure::Figure;
use crate::turns::{Turn, alternate, median, per_wall_second};
use crate::{Scale, Wanted, explain, print};

/// The figures; the names of the shares come with their whole.
pub const NAMES: &[&str] = &[
    "card.activate",
    "card.activate.cryptography",
    "card.activate.card",
    "card.activate.database",
    "card.activate.reader",
    "card.login",
    "card.login.cryptography",
    "card.login.card",
    "card.login.database",
    "card.login.reader",
];

/// The names of an act's figures.
struct Names {
    whole: &'static str,
    cryptography: &'static str,
    card: &'static str,
    database: &'static str,
    unit: &'static str,
}

impl Names {
    fn are(&self, wanted: &Wanted) -> bool {
        [self.whole, self.cryptography, self.card, self.database]
            .into_iter()
            .any(|name| wanted.has(name))
    }
}

const ACTIVATE: Names = Names {
    whole: "card.activate",
    cryptography: "card.activate.cryptography",
    card: "card.activate.card",
    database: "card.activate.database",
    unit: "activations/CPU s",
};

const LOGIN: Names = Names {
    whole: "card.login",
    cryptography: "card.login.cryptography",
    card: "card.login.card",
    database: "card.login.database",
    unit: "logins/CPU s",
};

/// Measures.
pub fn run(scale: Scale, wanted: &Wanted) -> anyhow::Result<()> {
    let mut house = House::make()?;
    let bare = Bare::new()?;
    if ACTIVATE.are(wanted) {
        let count = scale.pick(25, 60);
        // One turn of each kind does not count.
        let cards = house.cards(count * (2 * scale.turns() + 1))?;
        let mut cards = cards.into_iter();
        let mut last = None;
        let outcome = measure(
            scale,
            &ACTIVATE,
            count,
            &bare,
            &mut house,
            &mut |house, watch| {
                let card = cards
                    .next()
                    .ok_or_else(|| anyhow::anyhow!("no card is left"))?;
                let card = activate(house, card, watch)?;
                last = Some(card.card);
                Ok(())
            },
        );
        outcome?;
        // What is measured is what the limit is of.
        let last = last.ok_or_else(|| anyhow::anyhow!("no card"))?;
        house.has_three_certificates(&last)?;
    }
    if LOGIN.are(wanted) {
        let card = house.cards(1)?.pop();
        let card = card.ok_or_else(|| anyhow::anyhow!("no card"))?;
        let mut card = activate(&mut house, card, None)?;
        let count = scale.pick(100, 300);
        measure(
            scale,
            &LOGIN,
            count,
            &bare,
            &mut house,
            &mut |house, watch| {
                card.chip.power_off();
                with(&mut card.chip, watch, |transport| {
                    Desk::new(house).sign_in(transport)
                })
            },
        )?;
    }
    in_a_reader(scale, wanted)
}

#[cfg(feature = "pcsc")]
fn in_a_reader(scale: Scale, wanted: &Wanted) -> anyhow::Result<()> {
    reader::run(scale, wanted)
}

#[cfg(not(feature = "pcsc"))]
fn in_a_reader(_: Scale, _: &Wanted) -> anyhow::Result<()> {
    explain(
        "card.activate.reader, card.login.reader are left out: bench was built without --features pcsc",
    );
    Ok(())
}

/// Lets something be done with a card, and adds up what the card takes for it.
fn with(
    chip: &mut vcard::Card,
    watch: Option<&mut f64>,
    work: impl FnOnce(&mut dyn Transport) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    match watch {
        None => work(chip),
        Some(watch) => {
            let mut counted = Counted::new(chip);
            work(&mut counted)?;
            *watch += counted.spent;
            Ok(())
        }
    }
}

/// Activates a card, and looks whether it is what is said to be measured.
fn activate(
    house: &mut House,
    mut card: Carded,
    watch: Option<&mut f64>,
) -> anyhow::Result<Carded> {
    let ticket = house.begin_activation(&card.card)?;
    with(&mut card.chip, watch, |transport| {
        Desk::new(house).carry_out(transport, &ticket)
    })?;
    Ok(card)
}

/// How many times as often the limit is done in its turns: it is over before the clock of the processor has ticked often.
const BARE_ROUNDS: usize = 8;

type Act<'a> = &'a mut dyn FnMut(&mut House, Option<&mut f64>) -> anyhow::Result<()>;

fn measure(
    scale: Scale,
    names: &Names,
    count: usize,
    bare: &Bare,
    house: &mut House,
    act: Act<'_>,
) -> anyhow::Result<()> {
    let login = names.whole == LOGIN.whole;
    let (ours, limit) = alternate(
        scale.turns(),
        || turn(count, || act(house, None)),
        || {
            turn(BARE_ROUNDS * count, || {
                if login {
                    bare.login()
                } else {
                    bare.activation()
                }
            })
        },
    )?;
    explain(&format!(
        "{}: {} a turn; {:.0} a second on the wall, the limit {:.0}",
        names.whole,
        count,
        per_wall_second(&ours),
        per_wall_second(&limit)
    ));
    let whole = Figure::rate(names.whole, &ours, &limit, names.unit);
    let cryptography = whole.ratio();
    print(&whole);

    let mut counted = Vec::new();
    for _ in 0..scale.turns() {
        let before = Shares::now()?;
        let mut card = 0.0;
        for _ in 0..count {
            act(house, Some(&mut card))?;
        }
        counted.push(Shares::now()?.since(&before, card));
    }
    let of = |part: fn(&Shares) -> f64| {
        100.0 * median(counted.iter().map(|shares| part(shares) / shares.whole))
    };
    let unit = "% of the CPU time";
    print(&Figure::alone(
        names.cryptography,
        100.0 * cryptography,
        unit,
    ));
    print(&Figure::alone(names.card, of(|shares| shares.card), unit));
    print(&Figure::alone(
        names.database,
        of(|shares| shares.database),
        unit,
    ));
    Ok(())
}

/// So many of an act, one after the other.
fn turn(count: usize, mut act: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Turn> {
    let (wall, cpu) = (std::time::Instant::now(), cpu_of("self")?);
    for _ in 0..count {
        act()?;
    }
    Ok(Turn {
        done: f64::from(u32::try_from(count)?),
        cpu: cpu_of("self")? - cpu,
        wall: wall.elapsed().as_secs_f64(),
    })
}
