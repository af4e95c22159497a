//! What every act is told: who asks, what time it is, where randomness comes from.

use model::Timestamp;
use model::id::RequestId;
use model::role::Actor;

/// A source of random bytes. Production wires the operating system's; tests a seeded one.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with random bytes.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// One request to one act. `now` is read once, so rows, audit and certificates of an act agree.
pub struct Call<'a> {
    /// Who asks.
    pub actor: Actor,
    /// The time of the request, Unix seconds UTC.
    pub now: Timestamp,
    /// Randomness for identifiers, serial numbers and secrets.
    pub entropy: &'a mut dyn Entropy,
    /// Ties log lines, audit rows and the incident number together.
    pub request_id: RequestId,
}

impl Call<'_> {
    /// Fresh random bytes.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0u8; N];
        self.entropy.fill(&mut bytes);
        bytes
    }

    /// Today's date where the organisation is: end dates, card validity and document expiry follow Swedish days, not UTC ones.
    #[must_use]
    pub fn today(&self) -> model::Date {
        crate::calendar::swedish_date(self.now)
    }

    /// A secret of 128 random bits as 32 lower-case hexadecimal digits, for tickets and sessions.
    pub fn secret(&mut self) -> String {
        hex::encode(self.random::<16>())
    }
}
