//! Which card is used when there are several readers or cards: the one that the server awaits, or that the command line names,
//! or the only one there is; else the person is asked. It is never guessed.

use piv::{CardError, Host, Transport, TransportError};

use super::holder::{CardPlace, NoCard};
use super::words::fill;
use super::{Trouble, World};

/// The readers of this computer.
pub trait Slots {
    /// Their names.
    ///
    /// # Errors
    /// [`SlotsError`] when the system's card service does not answer.
    fn readers(&mut self) -> Result<Vec<String>, SlotsError>;

    /// Connects to the card in a reader.
    ///
    /// # Errors
    /// [`TransportError`]; `NoCard` from an empty reader.
    fn connect(&mut self, reader: &str) -> Result<Box<dyn Transport>, TransportError>;
}

/// The system's card service does not answer; its own words.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SlotsError(pub String);

/// What the command line says of the card to use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice {
    /// A part of the reader's name.
    pub reader: Option<String>,
    /// The number printed on the card, digits.
    pub card: Option<String>,
}

/// A PIV card in a reader.
pub(super) struct Present {
    pub reader: String,
    /// The number printed on it, when it can be read.
    pub number: Option<String>,
    pub transport: Box<dyn Transport>,
}

/// What is in one reader.
pub(super) enum Content {
    Card(Present),
    Empty,
    /// A card that cannot be used, and why.
    Unusable(CardError),
}

/// Looks into every reader that the choice allows.
pub(super) fn look(
    world: &mut World<'_>,
    choice: &Choice,
) -> Result<Vec<(String, Content)>, Trouble> {
    let words = world.words();
    let readers = world
        .slots
        .readers()
        .map_err(|error| Trouble(fill(words.no_service, &[("why", &error.0)])))?;
    if readers.is_empty() {
        return Err(Trouble(words.no_readers.to_owned()));
    }
    let allowed: Vec<String> = match &choice.reader {
        None => readers,
        Some(name) => {
            let wanted = name.to_lowercase();
            let all = readers.join(", ");
            let some: Vec<String> = readers
                .into_iter()
                .filter(|reader| reader.to_lowercase().contains(&wanted))
                .collect();
            if some.is_empty() {
                let values = [("name", name.as_str()), ("readers", &all)];
                return Err(Trouble(fill(words.no_such_reader, &values)));
            }
            some
        }
    };
    Ok(allowed
        .into_iter()
        .map(|reader| {
            let content = content(world, &reader);
            (reader, content)
        })
        .collect())
}

fn content(world: &mut World<'_>, reader: &str) -> Content {
    let mut transport = match world.slots.connect(reader) {
        Ok(transport) => transport,
        Err(TransportError::NoCard) => return Content::Empty,
        Err(error) => return Content::Unusable(error.into()),
    };
    let mut host = Host::new(&mut *transport);
    match host.select().and_then(|()| host.card_number()) {
        Ok(number) => Content::Card(Present {
            reader: reader.to_owned(),
            number,
            transport,
        }),
        // A number that cannot be read is no reason not to look at the rest of the card.
        Err(CardError::Object(_)) => Content::Card(Present {
            reader: reader.to_owned(),
            number: None,
            transport,
        }),
        Err(error) => Content::Unusable(error),
    }
}

/// The card to use. `awaited` is the number that the server awaits; with it there is nothing to choose.
pub(super) fn choose(
    world: &mut World<'_>,
    choice: &Choice,
    awaited: Option<&str>,
) -> Result<Present, Trouble> {
    let wanted = awaited.or(choice.card.as_deref());
    let mut cards = loop {
        match suitable(world, choice, wanted) {
            Ok(cards) => break cards,
            Err(why) => {
                if !world.with_holder(|holder| holder.await_card(&why)) {
                    return Err(Trouble(match why {
                        NoCard::Inserted(_) => world.words().no_card.to_owned(),
                        NoCard::Usable(text) => text,
                    }));
                }
            }
        }
    };
    let mut place = 0;
    if cards.len() > 1 {
        let shown: Vec<CardPlace> = cards.iter().map(|card| shown(world, card)).collect();
        place = world
            .with_holder(|holder| holder.which_card(&shown))
            .filter(|place| *place < cards.len())
            .ok_or_else(|| Trouble(world.words().must_choose.to_owned()))?;
    }
    let card = cards.swap_remove(place);
    let shown = shown(world, &card);
    world.with_holder(|holder| holder.uses_card(&shown));
    Ok(card)
}

/// The cards to choose among, at least one and only the one that is wanted; else what is missing.
fn suitable(
    world: &mut World<'_>,
    choice: &Choice,
    wanted: Option<&str>,
) -> Result<Vec<Present>, NoCard> {
    let words = world.words();
    let mut unusable = None;
    let mut cards = Vec::new();
    for (_, content) in look(world, choice).map_err(|trouble| NoCard::Usable(trouble.0))? {
        match content {
            Content::Card(card) => cards.push(card),
            Content::Empty => {}
            Content::Unusable(error) => unusable = Some(error),
        }
    }
    if cards.is_empty() {
        return Err(match unusable {
            Some(error) => NoCard::Usable(card_trouble(world, &error).0),
            None => NoCard::Inserted(words.insert_card.to_owned()),
        });
    }
    let Some(number) = wanted else {
        return Ok(cards);
    };
    if let Some(place) = cards
        .iter()
        .position(|card| card.number.as_deref() == Some(number))
    {
        return Ok(vec![cards.swap_remove(place)]);
    }
    let there = cards.iter().map(|card| shown(world, card).number).collect();
    let number = grouped(number);
    let values = [
        ("number", number.as_str()),
        ("cards", &listed(world, there)),
    ];
    Err(NoCard::Usable(fill(words.no_such_card, &values)))
}

fn listed(world: &World<'_>, cards: Vec<String>) -> String {
    if cards.is_empty() {
        world.words().none.to_owned()
    } else {
        cards.join(", ")
    }
}

/// The card as it is shown: with the number that is printed on it, or that it has none to be read.
fn shown(world: &World<'_>, card: &Present) -> CardPlace {
    CardPlace {
        number: card
            .number
            .as_deref()
            .map_or_else(|| world.words().unknown_number.to_owned(), grouped),
        reader: card.reader.clone(),
    }
}

/// A card number in groups of four, as it is printed.
pub(super) fn grouped(number: &str) -> String {
    let mut grouped = String::with_capacity(number.len() + number.len() / 4);
    for (place, digit) in number.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// What the person is told of a card that did not do what it was asked.
pub(super) fn card_trouble(world: &World<'_>, error: &CardError) -> Trouble {
    let words = world.words();
    Trouble(match error {
        CardError::Transport(TransportError::NoCard) => words.no_card.to_owned(),
        CardError::Transport(TransportError::CardRemoved) => words.card_gone.to_owned(),
        CardError::Transport(TransportError::NoReader) => words.no_readers.to_owned(),
        CardError::NotPiv => words.not_piv.to_owned(),
        other => fill(words.card_fault, &[("why", &other.to_string())]),
    })
}
