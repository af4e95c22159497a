//! The acts: what a ticket opens, and the change of the code, which needs no server.

use wire::{Act, StopReason};

use super::card_choice::{Choice, card_trouble, choose};
use super::config::Entry;
use super::http::Https;
use super::line::Line;
use super::link;
use super::words::{Words, fill};
use super::{Config, Trouble, World};
use crate::{Opened, ServerProblem, Stopped};

/// Carries out the act that a link or a typed code opens. `expected` are the acts the command is for; any when it is empty.
pub(super) fn act(
    world: &mut World<'_>,
    line: &Line,
    typed: Option<&str>,
    expected: &[Act],
) -> Result<(), Trouble> {
    let words = world.words();
    let typed = match typed {
        Some(typed) => typed.to_owned(),
        None => world
            .with_holder(|holder| holder.type_ticket())
            .ok_or_else(|| Trouble(words.bad_ticket.to_owned()))?,
    };
    let opener = link::read(&typed).ok_or_else(|| Trouble(words.bad_ticket.to_owned()))?;
    let address = opener.server.as_deref().or(line.server.as_deref());
    let entry = server(words, world.config, address)?;
    let mut server = Https::new(entry, world.language).map_err(|error| {
        let file = entry.ca.as_ref().map(|file| file.display().to_string());
        let file = file.unwrap_or_default();
        let values = [("file", file.as_str()), ("why", &error.to_string())];
        Trouble(fill(words.bad_authorities, &values))
    })?;
    let opened = Opened::open(&mut server, &opener.ticket)
        .map_err(|stopped| stopped_trouble(world, &stopped, words.cancelled))?;
    if !expected.is_empty() && !expected.contains(&opened.asks().act) {
        let purpose = opened.asks().purpose.clone();
        opened.give_up(&mut server, StopReason::Cancelled);
        return Err(Trouble(fill(words.other_act, &[("purpose", &purpose)])));
    }
    let asks = opened.asks().clone();
    let through = format!("{}, {}", entry.organisation, entry.base());
    world.with_holder(|holder| holder.asked(&asks, &through));
    let awaited = asks.card_number.as_deref();
    let mut card = match choose(world, &line.choice(), awaited) {
        Ok(card) => card,
        Err(trouble) => {
            let reason = if awaited.is_some() {
                StopReason::OtherCard
            } else {
                StopReason::NoCard
            };
            opened.give_up(&mut server, reason);
            return Err(trouble);
        }
    };
    let finished = world
        .with_holder(|holder| {
            holder.asked(&asks, &through);
            opened.carry_out(&mut *card.transport, &mut server, holder)
        })
        .map_err(|stopped| stopped_trouble(world, &stopped, words.cancelled))?;
    world.with_holder(|holder| holder.finished(&finished.text));
    Ok(())
}

/// The server that a link names, or the only one; never one that is not in the configuration.
pub(super) fn server<'a>(
    words: &Words,
    config: &'a Config,
    address: Option<&str>,
) -> Result<&'a Entry, Trouble> {
    let all: Vec<&str> = config.servers.iter().map(Entry::base).collect();
    let all = all.join(", ");
    match (config.servers.as_slice(), address) {
        ([], _) => Err(Trouble(fill(words.no_servers, &[("file", "card.toml")]))),
        (_, Some(address)) => config.named(address).ok_or_else(|| {
            // It came from whoever wrote the link.
            let address = crate::shown::made_plain(address);
            let values = [("address", address.as_str()), ("servers", &all)];
            Trouble(fill(words.foreign_server, &values))
        }),
        ([only], None) => Ok(only),
        (_, None) => Err(Trouble(fill(words.which_server, &[("servers", &all)]))),
    }
}

/// The holder replaces the code.
pub(super) fn change_pin(world: &mut World<'_>, choice: &Choice) -> Result<(), Trouble> {
    let words = world.words();
    let mut card = choose(world, choice, None)?;
    world
        .with_holder(|holder| crate::change_pin(&mut *card.transport, holder))
        .map_err(|stopped| match stopped {
            Stopped::Here {
                reason: StopReason::CardRemoved,
                ..
            } => Trouble(words.removed_here.to_owned()),
            stopped => stopped_trouble(world, &stopped, words.cancelled_here),
        })?;
    world.with_holder(|holder| holder.finished(words.code_changed));
    Ok(())
}

/// What the person is told when an act ended early: what happened, and what to do now.
fn stopped_trouble(world: &World<'_>, stopped: &Stopped, cancelled: &str) -> Trouble {
    let words = world.words();
    Trouble(match stopped {
        Stopped::Here {
            reason,
            cause,
            told,
        } => {
            let own = match (reason, cause) {
                (StopReason::Cancelled, _) => cancelled.to_owned(),
                (StopReason::NoCard, _) => words.no_card.to_owned(),
                (StopReason::CardRemoved, _) => words.removed.to_owned(),
                (StopReason::CodeBlocked, _) => words.code_blocked.to_owned(),
                (StopReason::UnlockCodeBlocked, _) => words.unlock_blocked.to_owned(),
                (StopReason::OtherCard, _) => words.other_card.to_owned(),
                (StopReason::NotAllowed, _) => words.not_allowed.to_owned(),
                (StopReason::CardFault, Some(error)) => card_trouble(world, error).0,
                (StopReason::CardFault, None) => fill(words.card_fault, &[("why", "?")]),
            };
            match told {
                Some(text) if *reason != StopReason::Cancelled => {
                    format!("{own}\n{}", fill(words.server_says, &[("text", text)]))
                }
                _ => own,
            }
        }
        Stopped::Refused(refusal) => refusal.text.clone(),
        Stopped::Incident { number } => fill(words.incident, &[("number", number)]),
        Stopped::Server(ServerProblem::Unreachable) => words.unreachable.to_owned(),
        Stopped::Server(ServerProblem::Untrusted) => words.untrusted.to_owned(),
        Stopped::Server(ServerProblem::BadAnswer) => words.bad_answer.to_owned(),
        Stopped::NoActKey => words.no_act_key.to_owned(),
    })
}
