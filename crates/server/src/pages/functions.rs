//! The page where functions are approved.

use askama::Template;

use super::{Refusal, Shell};
use crate::text::When;

/// What waits for a decision, and what was approved. `GET /functions`.
#[derive(Template)]
#[template(path = "functions/list.html")]
pub struct Functions {
    /// The frame.
    pub shell: Shell,
    /// Those that wait, the longest waiting first.
    pub waiting: Vec<FunctionLine>,
    /// Those that get certificates.
    pub approved: Vec<FunctionLine>,
}

/// A function.
#[derive(Clone, Debug)]
pub struct FunctionLine {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The profile.
    pub profile: String,
    /// The names of its hosts.
    pub host_names: Vec<String>,
    /// Its HSA-id.
    pub hsa_id: Option<String>,
    /// Whom to write to.
    pub email: String,
    /// Of the tree for trying.
    pub test: bool,
    /// `requester` or `system`; texts `page-functions-key-…`.
    pub key_holder: &'static str,
    /// Since when it stands as it does.
    pub since: When,
    /// Where its form posts to: field `decision`, `approve` or `reject`.
    pub action: String,
    /// Why the reader may not decide on it.
    pub refusal: Option<Refusal>,
}
