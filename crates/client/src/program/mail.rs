//! `mail save`: the card is chosen and told, then [`crate::mail`] does the work.

use std::ops::ControlFlow;

use super::card_choice::{Choice, choose};
use super::terminal::Terminal;
use super::words::fill;
use super::{Trouble, World};
use crate::mail::{SaveArguments, Tally};

/// Saves secure mail with the card that was chosen.
pub(super) fn save(
    world: &mut World<'_>,
    choice: &Choice,
    arguments: &SaveArguments,
) -> Result<(), Trouble> {
    let words = world.words();
    let mut seed = [0; 32];
    pki::random::fill(&mut seed).map_err(|_| Trouble(words.no_random.to_owned()))?;
    let mut card = choose(world, choice, None)?;
    let language = world.language;
    let gauge = &mut *world.gauge;
    let mut prompt = Terminal {
        screen: &mut *world.screen,
        words,
        server: String::new(),
    };
    let mut progress = |so_far: Tally| {
        let text = fill(words.mail_saved, &[("saved", &so_far.saved.to_string())]);
        gauge.show(so_far.octets_read, so_far.octets_in_all, &text);
        ControlFlow::Continue(())
    };
    let saved = crate::mail::save(
        &arguments.options(language, seed),
        &mut *card.transport,
        &mut prompt,
        &mut progress,
    );
    world.gauge.end();
    let tally = saved.map_err(|problem| Trouble(problem.told(language)))?;
    world.screen.say(&tally.told(language));
    Ok(())
}
