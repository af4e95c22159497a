//! The world that tests run in: databases of their own on both engines, a clock that moves when told, randomness that can be
//! repeated. A dev-dependency only.

mod clock;
mod databases;
mod entropy;
mod outsider;
mod postgres;
mod token;

pub use clock::{Clock, START};
pub use databases::{FreshDatabase, databases, sqlite};
pub use entropy::Entropy;
pub use outsider::Snapshot;
pub use token::{FreshToken, PIN, TokenFolder, keys_in_a_token, with_a_token_folder};
