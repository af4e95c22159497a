//! The pages that thank readers for their feedback.

use askama::Template;

use super::{Refusal, Shell};

/// Thanks, and a place to say why. After `POST /feedback`, and after `POST /feedback/{id}` when the words were not taken.
#[derive(Template)]
#[template(path = "public/feedback.html")]
pub struct Feedback {
    /// The frame.
    pub shell: Shell,
    /// What was answered: `yes` or `no`; texts `page-feedback-why-…`.
    pub helped: &'static str,
    /// Where the form posts to: fields `csrf`, `helped`, `page`, `remark`, and `hide` with the value `yes`.
    pub action: String,
    /// The page the reader came from.
    pub back: String,
    /// What was written so far.
    pub remark: String,
    /// Whether it was refused for a number in it, so that hiding the number is offered.
    pub holds_number: bool,
    /// Why it was not taken.
    pub refusal: Option<Refusal>,
}

/// The words are with the editors. After `POST /feedback/{id}`.
#[derive(Template)]
#[template(path = "public/feedback_given.html")]
pub struct FeedbackGiven {
    /// The frame.
    pub shell: Shell,
    /// The page the reader came from.
    pub back: String,
}
