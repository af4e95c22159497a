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

    /// A secret of 128 random bits as 32 lower-case hexadecimal digits, for sessions.
    pub fn secret(&mut self) -> String {
        hex::encode(self.random::<16>())
    }

    /// The secret of a ticket: 80 random bits in four groups of four signs that are not mistaken for each other (Crockford's
    /// base 32: no I, L, O, U), so that it can be typed where no link opens the card client. A ticket opens once and lives for
    /// a quarter of an hour: 80 bits are out of reach of guessing, over the network and from a stolen hash.
    pub fn ticket_code(&mut self) -> String {
        const SIGNS: [char; 32] = [
            '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G',
            'H', 'J', 'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
        ];
        let mut code = String::with_capacity(19);
        for (place, byte) in self.random::<16>().into_iter().enumerate() {
            if place > 0 && place % 4 == 0 {
                code.push('-');
            }
            // 256 is a multiple of 32: every sign is equally likely.
            code.extend(SIGNS.get(usize::from(byte % 32)));
        }
        code
    }
}
