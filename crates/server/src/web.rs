//! What every handler is given: the house, the clock, and how this installation shows itself.

use std::sync::Arc;

use flows::House;

use crate::pages::public::DemoPerson;
use crate::process::{Asking, Clock};

/// How this installation shows itself.
#[derive(Clone, Debug)]
pub struct Face {
    /// The organisation's name, in the header.
    pub organisation: String,
    /// The address people reach the portals at, without a trailing slash.
    pub address: String,
    /// Everything is invented: the demo.
    pub demo: bool,
    /// The demo's desk with its virtual reader, if there is one.
    pub desk: Option<String>,
    /// The invented people to try the demo as; nobody outside it.
    pub people: Vec<DemoPerson>,
    /// Cookies only over TLS. Off for the demo, which speaks plain HTTP on loopback.
    pub secure_cookies: bool,
    /// What the operator wants relying parties to know, on the page of the authorities.
    pub notices: Vec<String>,
}

/// What every handler is given.
#[derive(Clone)]
pub struct Web {
    /// The acts.
    pub house: House,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How this installation shows itself.
    pub face: Arc<Face>,
}

impl Web {
    /// A request that came just now.
    #[must_use]
    pub fn asking(&self) -> Asking {
        Asking::at(self.clock.as_ref())
    }
}
