//! Sessions with a token: as many as are used at once, up to a bound, opened when first needed and kept. A session is used by
//! one thread at a time (PKCS #11 2.40, 2.6.7). One that the token has lost is opened anew once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};

use crate::aside::aside;
use crate::error::TokenError;
use crate::pin::Pin;
use crate::token::Place;

/// How long a signature waits for a session when all are in use. A module that takes longer for what is ahead is ill.
const PATIENCE: Duration = Duration::from_secs(10);

/// The sessions with one token.
pub(crate) struct Pool {
    module: Pkcs11,
    place: Place,
    pin: Pin,
    state: Mutex<State>,
    freed: Condvar,
    /// Searches go side by side; a key is made alone. Modules are not used to more: SoftHSM 2.6 fails at making a key while
    /// another session searches.
    objects: RwLock<()>,
    /// How often the token could not be opened. Whoever waited while another failed does not try too.
    failures: AtomicU64,
}

struct State {
    open: Option<Open>,
    /// Counts openings. Handles of one opening mean nothing in the next.
    generation: u64,
    pin_refused: bool,
}

/// A token logged in to. The login belongs to the process and ends with its last session (PKCS #11 2.40, 2.6.8).
struct Open {
    slot: Slot,
    idle: Vec<Session>,
    lent: usize,
    most: usize,
}

/// A session while one thread uses it.
struct Lent<'a> {
    pool: &'a Pool,
    session: Option<Session>,
    generation: u64,
    /// Nothing failed on it, so no operation is left half-way.
    sound: bool,
}

impl Pool {
    /// Opens the token and logs in.
    pub(crate) fn open(place: Place, pin: Pin) -> Result<Self, TokenError> {
        let module = Pkcs11::new(&place.module)
            .map_err(|cause| TokenError::Module(place.module.clone(), cause))?;
        let pool = Self {
            module,
            place,
            pin,
            state: Mutex::new(State {
                open: None,
                generation: 0,
                pin_refused: false,
            }),
            freed: Condvar::new(),
            objects: RwLock::new(()),
            failures: AtomicU64::new(0),
        };
        aside(|| pool.open_anew(&mut pool.state()))?;
        Ok(pool)
    }

    /// Does work in a session. When the session or the token turns out to be gone, the token is opened anew and the work done
    /// once more. `work` is told the opening's generation.
    pub(crate) fn with<T>(
        &self,
        work: impl Fn(&Session, u64) -> Result<T, TokenError>,
    ) -> Result<T, TokenError> {
        aside(|| match self.once(&work) {
            Err(error) if error.is_loss() => {
                tracing::warn!(cause = %error.chain(), token = %self.place.token, "the token is opened anew");
                self.once(&work)
            }
            outcome => outcome,
        })
    }

    /// Does work in a session that may write, outside the bound: keys are made seldom.
    pub(crate) fn with_writing<T>(
        &self,
        work: impl Fn(&Session) -> Result<T, TokenError>,
    ) -> Result<T, TokenError> {
        self.with(|_, _| {
            let _alone = self.objects.write().unwrap_or_else(PoisonError::into_inner);
            let slot = self.slot()?;
            let session = self
                .module
                .open_rw_session(slot)
                .map_err(TokenError::doing("opening a session that may write"))?;
            work(&session)
        })
    }

    /// Held while objects are searched and read: see [`Pool::with_writing`].
    pub(crate) fn searching(&self) -> RwLockReadGuard<'_, ()> {
        self.objects.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the token says of itself, and the library.
    pub(crate) fn about(&self) -> Result<(TokenInfo, String), TokenError> {
        self.with(|_, _| {
            let info = self
                .module
                .get_token_info(self.slot()?)
                .map_err(TokenError::doing("asking about the token"))?;
            let library = self
                .module
                .get_library_info()
                .map_err(TokenError::doing("asking about the module"))?;
            Ok((
                info,
                format!(
                    "{} {}",
                    library.library_description().trim(),
                    library.library_version()
                ),
            ))
        })
    }

    fn slot(&self) -> Result<Slot, TokenError> {
        self.state()
            .open
            .as_ref()
            .map(|open| open.slot)
            .ok_or(TokenError::Away)
    }

    fn once<T>(
        &self,
        work: &impl Fn(&Session, u64) -> Result<T, TokenError>,
    ) -> Result<T, TokenError> {
        let mut lent = self.lend()?;
        let outcome = match &lent.session {
            Some(session) => work(session, lent.generation),
            None => Err(TokenError::Away),
        };
        lent.sound = outcome.is_ok();
        if outcome.as_ref().is_err_and(TokenError::is_loss) {
            self.lose(lent.generation);
        }
        outcome
    }

    fn lend(&self) -> Result<Lent<'_>, TokenError> {
        let seen = self.failures.load(Ordering::Acquire);
        let mut state = self.state();
        loop {
            if state.open.is_none() {
                if self.failures.load(Ordering::Acquire) != seen {
                    return Err(TokenError::Away);
                }
                self.open_anew(&mut state)?;
            }
            let generation = state.generation;
            let Some(open) = state.open.as_mut() else {
                return Err(TokenError::Away);
            };
            let session = match open.idle.pop() {
                Some(session) => Some(session),
                None if open.lent < open.most => self.another(open)?,
                None => None,
            };
            if session.is_some() {
                open.lent += 1;
                return Ok(Lent {
                    pool: self,
                    session,
                    generation,
                    sound: true,
                });
            }
            let (back, waited) = self
                .freed
                .wait_timeout(state, PATIENCE)
                .unwrap_or_else(PoisonError::into_inner);
            state = back;
            if waited.timed_out() {
                return Err(TokenError::Busy(PATIENCE.as_secs()));
            }
        }
    }

    /// One more session; nothing when the token has no more to give, and then it is not asked again.
    fn another(&self, open: &mut Open) -> Result<Option<Session>, TokenError> {
        match self.module.open_ro_session_no_drop(open.slot) {
            Ok(session) => Ok(Some(session)),
            Err(Error::Pkcs11(RvError::SessionCount, _)) if open.lent > 0 => {
                open.most = open.lent;
                Ok(None)
            }
            Err(cause) => Err(TokenError::Call {
                doing: "opening a session",
                cause,
            }),
        }
    }

    fn open_anew(&self, state: &mut State) -> Result<(), TokenError> {
        match self.log_in(&mut state.pin_refused) {
            Ok(open) => {
                state.open = Some(open);
                state.generation += 1;
                Ok(())
            }
            Err(error) => {
                self.failures.fetch_add(1, Ordering::AcqRel);
                Err(error)
            }
        }
    }

    fn log_in(&self, pin_refused: &mut bool) -> Result<Open, TokenError> {
        match self
            .module
            .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
        {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(cause) => {
                return Err(TokenError::Call {
                    doing: "starting",
                    cause,
                });
            }
        }
        let (slot, info) = self.find_token()?;
        if !info.user_pin_initialized() {
            return Err(TokenError::NoUserPin);
        }
        if *pin_refused {
            return Err(TokenError::PinIncorrect);
        }
        if info.user_pin_locked() {
            return Err(TokenError::PinLocked);
        }
        if info.user_pin_final_try() {
            return Err(TokenError::PinLastTry);
        }
        let session = self
            .module
            .open_ro_session_no_drop(slot)
            .map_err(TokenError::doing("opening a session"))?;
        let refused = match session.login(UserType::User, Some(self.pin.secret())) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {
                return Ok(Open {
                    slot,
                    idle: vec![session],
                    lent: 0,
                    most: self.place.sessions.max(1),
                });
            }
            Err(Error::Pkcs11(
                RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange,
                _,
            )) => {
                *pin_refused = true;
                TokenError::PinIncorrect
            }
            Err(Error::Pkcs11(RvError::PinLocked, _)) => {
                *pin_refused = true;
                TokenError::PinLocked
            }
            Err(Error::Pkcs11(RvError::PinExpired, _)) => TokenError::PinExpired,
            Err(Error::Pkcs11(RvError::UserPinNotInitialized, _)) => TokenError::NoUserPin,
            Err(cause) => TokenError::Call {
                doing: "logging in",
                cause,
            },
        };
        close(session);
        Err(refused)
    }

    /// The slot with the token of the label wanted. It may be another after the token was away.
    fn find_token(&self) -> Result<(Slot, TokenInfo), TokenError> {
        let slots = self
            .module
            .get_slots_with_token()
            .map_err(TokenError::doing("listing its slots"))?;
        let mut found = Vec::new();
        let mut labels = Vec::new();
        for slot in slots {
            // A slot that cannot say what is in it holds nothing for us.
            let Ok(info) = self.module.get_token_info(slot) else {
                continue;
            };
            if !info.token_initialized() {
                continue;
            }
            labels.push(info.label().trim_end().to_owned());
            if info.label().trim_end() == self.place.token {
                found.push((slot, info));
            }
        }
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(one),
            (Some(_), false) => Err(TokenError::SeveralTokens(self.place.token.clone())),
            (None, _) => Err(TokenError::NoToken {
                label: self.place.token.clone(),
                found: labels,
            }),
        }
    }

    /// Everything of that opening is void.
    fn lose(&self, generation: u64) {
        let mut state = self.state();
        if state.generation == generation
            && let Some(open) = state.open.take()
        {
            open.idle.into_iter().for_each(close);
        }
        self.freed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked with it left counts and handles that are still true.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        if let Some(open) = self.state().open.take() {
            open.idle.into_iter().for_each(close);
        }
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.state();
        let current = state.generation == self.generation;
        let Some(open) = state.open.as_mut().filter(|_| current) else {
            // The token has ended it; its number may be another's by now, so it is not closed.
            return;
        };
        open.lent = open.lent.saturating_sub(1);
        match self.session.take() {
            Some(session) if self.sound => open.idle.push(session),
            Some(session) => close(session),
            None => {}
        }
        drop(state);
        self.pool.freed.notify_one();
    }
}

/// Ends a session. One that the token has ended already is no trouble.
fn close(session: Session) {
    if let Err(cause) = session.close() {
        tracing::debug!(%cause, "closing a session with the token");
    }
}
