//! The demo's desk: a computer with a card reader that the visitor does not have. It is the card client with a page for a
//! window, on an address of its own; the portals and their server never see what is typed here.

mod act;
mod prompt;
mod routes;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use piv::{Transport, TransportError};

pub use routes::routes;

use self::act::Act;
use super::producer::Made;
use crate::web::Web;

/// A card in the drawer or the reader.
struct Held {
    chip: Arc<Mutex<vcard::Card>>,
    name: String,
    /// The code of an invented founder's card; visitors choose theirs.
    code_hint: Option<String>,
}

#[derive(Default)]
struct State {
    cards: BTreeMap<String, Held>,
    /// The number of the card in the reader.
    reader: Option<String>,
    /// Acts by the ticket that opened them.
    acts: BTreeMap<String, Act>,
}

/// The desk.
#[derive(Clone)]
pub struct Desk {
    web: Web,
    /// The server's routes: the desk speaks to them in bytes, as over the network.
    server: Router,
    state: Arc<Mutex<State>>,
    csrf: Arc<str>,
}

/// A lock that a panicking thread left behind holds plain data: it is still good.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    /// An empty desk before a server's routes. `csrf` is a secret of this process.
    #[must_use]
    pub fn new(web: Web, server: Router, csrf: &str) -> Self {
        Self {
            web,
            server,
            state: Arc::default(),
            csrf: csrf.into(),
        }
    }

    /// Puts a card into the drawer.
    pub fn add(&self, made: Made, code_hint: Option<String>) {
        let held = Held {
            chip: Arc::new(Mutex::new(made.chip)),
            name: made.name,
            code_hint,
        };
        locked(&self.state).cards.insert(made.number, held);
    }

    fn reader(&self) -> Reader {
        Reader {
            state: Arc::clone(&self.state),
            inserted: None,
        }
    }
}

/// The reader: whatever card lies in it. A card that is taken out, or changed for another, is gone for the act under way.
struct Reader {
    state: Arc<Mutex<State>>,
    inserted: Option<String>,
}

impl Transport for Reader {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        let chip = {
            let state = locked(&self.state);
            let number = state.reader.clone().ok_or(if self.inserted.is_some() {
                TransportError::CardRemoved
            } else {
                TransportError::NoCard
            })?;
            if self.inserted.get_or_insert_with(|| number.clone()) != &number {
                return Err(TransportError::CardRemoved);
            }
            state
                .cards
                .get(&number)
                .map(|held| Arc::clone(&held.chip))
                .ok_or(TransportError::NoCard)?
        };
        let answer = locked(&chip).transmit(command);
        Ok(answer)
    }
}
