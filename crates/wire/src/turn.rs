//! The turns after the opening.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Answer, Step};

/// What the client sends when a step is done or stopped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Continue {
    /// From [`Welcome`](crate::Welcome); left out by `Debug`.
    pub session: String,
    /// The answer to the step just given.
    pub answer: Answer,
}

impl fmt::Debug for Continue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Continue")
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}

/// What the server wants next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "next", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Next {
    /// One more step.
    Step(Step),
    /// The act is done.
    Finished {
        /// What to tell the holder.
        text: String,
    },
    /// An expected no.
    Refused(Refusal),
    /// A fault of the server.
    Incident {
        /// The number support finds the fault by.
        number: String,
    },
}

/// An expected no, with what to do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// Stable, `<act>.<reason>`; other programs may rest on it.
    pub code: String,
    /// Why, and what to do now, in the holder's language.
    pub text: String,
}
