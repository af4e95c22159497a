//! One place in a PC/SC reader, into which cards are put and out of which they are taken while the program runs.

use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::{
    Card,
    torn::Tear,
    vpcd::{self, Ended},
};

/// How long to wait before a reader that is not there is looked for again: nothing announces it.
const AGAIN: Duration = Duration::from_millis(200);

/// What happens in a place.
#[derive(Debug)]
pub enum Event {
    /// The card is in the reader.
    Inside,
    /// There is no reader; it is looked for. Told once.
    NoReader(io::Error),
    /// The reader went away, with what broke the connection. It is looked for again.
    ReaderGone(Option<io::Error>),
    /// The card lost its power where it should, and is out.
    Torn,
}

/// There is a card already, or there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongPlace {
    /// For [`Place::insert`].
    #[error("there is a card already")]
    Occupied,
    /// For [`Place::remove`].
    #[error("there is no card")]
    Empty,
}

/// A place. Dropping it takes the card out.
pub struct Place {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    entering: Option<(Card, Option<Tear>)>,
    /// From the moment a card is put in until it is out and dropped.
    occupied: bool,
    /// The card is to come out.
    leaving: bool,
    closing: bool,
    connection: Option<TcpStream>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // No invariant spans a panic: every change is one assignment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed
            .wait(state)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// A place, empty, whose reader listens at a machine's port. `tell` hears what happens.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn open(host: &str, port: u16, tell: impl Fn(&Event) + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        let host = host.to_owned();
        let thread = thread::Builder::new()
            .name(format!("reader {port}"))
            .spawn(move || occupy(&own, &host, port, &tell))?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Puts a card in. It stays until it is removed or torn out, also while there is no reader.
    ///
    /// # Errors
    /// [`WrongPlace::Occupied`].
    pub fn insert(&self, card: Card, tear: Option<Tear>) -> Result<(), WrongPlace> {
        let mut state = self.shared.state();
        if state.occupied {
            return Err(WrongPlace::Occupied);
        }
        state.occupied = true;
        state.leaving = false;
        state.entering = Some((card, tear));
        drop(state);
        self.shared.changed.notify_all();
        Ok(())
    }

    /// Takes the card out and waits until its memory is free for another. A command under way is carried out; its answer is lost.
    ///
    /// # Errors
    /// [`WrongPlace::Empty`].
    pub fn remove(&self) -> Result<(), WrongPlace> {
        let mut state = self.shared.state();
        if !state.occupied {
            return Err(WrongPlace::Empty);
        }
        take_out(&mut state);
        self.shared.changed.notify_all();
        while state.occupied {
            state = self.shared.wait(state);
        }
        Ok(())
    }

    /// Whether there is a card.
    #[must_use]
    pub fn is_occupied(&self) -> bool {
        self.shared.state().occupied
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.closing = true;
        take_out(&mut state);
        drop(state);
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told so already.
            let _ = thread.join();
        }
    }
}

fn take_out(state: &mut State) {
    state.leaving = true;
    if let Some(connection) = state.connection.take() {
        // It fails only when the reader closed it first.
        let _ = connection.shutdown(Shutdown::Both);
    }
}

fn occupy(shared: &Shared, host: &str, port: u16, tell: &dyn Fn(&Event)) {
    loop {
        let mut state = shared.state();
        let (mut card, mut tear) = loop {
            if state.closing {
                return;
            }
            match state.entering.take() {
                Some(entering) => break entering,
                None => state = shared.wait(state),
            }
        };
        drop(state);
        let torn = stay(shared, host, port, tell, &mut card, &mut tear);
        drop(card);
        let mut state = shared.state();
        state.occupied = false;
        state.connection = None;
        drop(state);
        shared.changed.notify_all();
        // Told when another card may come.
        if torn {
            tell(&Event::Torn);
        }
    }
}

/// Keeps a card in the reader until it is taken out, or torn out: then it says so.
fn stay(
    shared: &Shared,
    host: &str,
    port: u16,
    tell: &dyn Fn(&Event),
    card: &mut Card,
    tear: &mut Option<Tear>,
) -> bool {
    let mut looking = false;
    loop {
        match TcpStream::connect((host, port)) {
            Ok(reader) => {
                looking = false;
                let ended = in_reader(shared, &reader, tell, card, tear);
                let mut state = shared.state();
                state.connection = None;
                let leaving = state.leaving;
                drop(state);
                match ended {
                    Ok(Ended::Torn) => return true,
                    _ if leaving => return false,
                    Ok(Ended::ReaderGone) => tell(&Event::ReaderGone(None)),
                    Err(error) => tell(&Event::ReaderGone(Some(error))),
                }
            }
            Err(error) if !looking => {
                looking = true;
                tell(&Event::NoReader(error));
            }
            Err(_) => {}
        }
        let (state, _) = shared
            .changed
            .wait_timeout_while(shared.state(), AGAIN, |state| !state.leaving)
            .unwrap_or_else(PoisonError::into_inner);
        if state.leaving {
            return false;
        }
    }
}

fn in_reader(
    shared: &Shared,
    reader: &TcpStream,
    tell: &dyn Fn(&Event),
    card: &mut Card,
    tear: &mut Option<Tear>,
) -> io::Result<Ended> {
    // By the second handle the card is taken out.
    let handle = reader.try_clone()?;
    let mut state = shared.state();
    if state.leaving {
        return Ok(Ended::ReaderGone);
    }
    state.connection = Some(handle);
    drop(state);
    tell(&Event::Inside);
    vpcd::serve_until(card, reader, tear)
}
