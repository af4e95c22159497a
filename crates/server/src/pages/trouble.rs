//! Pages for when something did not go as hoped.

use askama::Template;

use super::{Refusal, Shell};

/// An expected no as a page of its own: what happened, the code, what to do now.
#[derive(Template)]
#[template(path = "trouble/refused.html")]
pub struct Refused {
    /// The frame.
    pub shell: Shell,
    /// The no.
    pub refusal: Refusal,
    /// Where "back" leads.
    pub back: String,
    /// True when logging in (again) would help; shows the button.
    pub login: bool,
}

/// A fault of ours, with the number the log knows it by.
#[derive(Template)]
#[template(path = "trouble/incident.html")]
pub struct Incident {
    /// The frame.
    pub shell: Shell,
    /// The incident number.
    pub number: String,
}

/// There is no such page.
#[derive(Template)]
#[template(path = "trouble/not_found.html")]
pub struct NotFound {
    /// The frame.
    pub shell: Shell,
}

/// The plain page that browsers without modules and grid get. It stands alone: no style sheet, no script.
#[derive(Template)]
#[template(path = "trouble/old_browser.html")]
pub struct OldBrowser {
    /// The frame.
    pub shell: Shell,
}
